"""Every forgery is refused under its rule; the honest elections pass."""

import unittest

from .stories import STORIES, judge


class Stories(unittest.TestCase):
    def test_every_story(self):
        for name, (rule, make) in STORIES.items():
            with self.subTest(name):
                self.assertEqual(judge(make()), rule)


if __name__ == "__main__":
    unittest.main()
