"""The stories of all files: STORIES, and TRUST for those that are judged with a trust file."""

from . import hand_over_stories, manifest_stories, withdraw_stories
from .stories import STORIES, TRUST, judge

__all__ = ["STORIES", "TRUST", "hand_over_stories", "judge", "manifest_stories",
           "withdraw_stories"]
