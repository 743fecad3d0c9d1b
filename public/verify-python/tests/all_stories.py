"""The stories of all files: STORIES, and TRUST for those that are judged with a trust file."""

from . import (close_stories, hand_over_stories, manifest_stories, opening_stories,
               withdraw_stories)
from .stories import STORIES, TRUST, judge

__all__ = ["STORIES", "TRUST", "close_stories", "hand_over_stories", "judge", "manifest_stories",
           "opening_stories", "withdraw_stories"]
