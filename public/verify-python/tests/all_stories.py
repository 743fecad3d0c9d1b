"""The stories of all files: STORIES, TRUST for those judged with a trust file, and FINDINGS."""

from . import (close_stories, evidence_stories, hand_over_stories, manifest_stories,
               network_stories, opening_stories, own_card_stories, resumed_stories,
               withdraw_stories)
from .stories import FINDINGS, STORIES, TRUST, judge, report_of

__all__ = ["FINDINGS", "STORIES", "TRUST", "close_stories", "evidence_stories",
           "hand_over_stories", "judge", "manifest_stories", "network_stories",
           "opening_stories", "own_card_stories", "report_of", "resumed_stories",
           "withdraw_stories"]
