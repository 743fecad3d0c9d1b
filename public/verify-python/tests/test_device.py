"""What a second device says to codes, check ballots, cast ones and their openings (chapter 09)."""

import unittest

from irefuda_verify import second_device
from irefuda_verify.ballot import entry_hash
from irefuda_verify.errors import RuleError

from .make import Voter, u8
from .stories import at

PICTURES = bytes((3, 7))
SEED = b"\x53" * 32


def first_code(w, ballot, key, purpose="ballot-shown", vk=None, pictures=PICTURES, **change):
    """QR-1 of a ballot or of an entry hash."""
    digest = ballot if len(ballot) == 64 else entry_hash(ballot)
    data = b"\x02\x28" + digest + (vk or w.vk_of[key]) + pictures
    signed = change.get("signed", data)
    return (data + w.schnorr(key, purpose, signed)).hex().upper()


class Device(unittest.TestCase):
    def setUp(self):
        self.story = at("opened")
        self.w, self.c = self.story.world, self.story.chain
        self.voter, self.other = Voter(self.w), Voter(self.w)
        self.w.vk_of = {v.x: v.vk for v in (self.voter, self.other)}
        self.device = second_device.Device(self.w.manifest)

    def refused(self, rule, action, *args, **more):
        with self.assertRaises(RuleError) as caught:
            action(*args, **more)
        self.assertEqual(caught.exception.rule, rule)

    def code(self, ballot, **change):
        return first_code(self.w, ballot, change.pop("key", self.voter.x), **change)


class Codes(Device):
    def test_a_first_code(self):
        code = second_device.first("https://x/#" + self.code(bytes(64)))
        shown = code.entry_hash, code.vk, code.mark
        self.assertEqual(shown, (bytes(64), self.voter.vk, PICTURES))

    def test_rejects_r9_01_before_r9_08(self):
        good = self.code(bytes(64))
        for text in (good[:-2], good + "00", good[:-64] + "ff" * 32, good[:200],
                     self.code(bytes(64), pictures=b"\x03\x10", signed=b""),
                     self.code(bytes(64), vk=bytes(32), signed=b"")):
            self.refused("R9.01", second_device.first, text)

    def test_rejects_r9_08(self):
        other = b"\x02\x28" + bytes(64) + self.voter.vk + b"\x07\x03"
        for text in (self.code(bytes(64), signed=other), self.code(bytes(64), purpose="ballot"),
                     self.code(bytes(64), vk=self.other.vk), self.code(bytes(64), signed=b""),
                     self.code(bytes(64))[:-128] + "ff" * 32 + "00" * 32):
            self.refused("R9.08", second_device.first, text)
            self.refused("R9.08", self.device.note, text)
        self.assertEqual(self.device.noted, {})


class Openings(Device):
    def setUp(self):
        super().setUp()
        self.ballot, self.second = (v.ballot({4}, {0, 2}) for v in (self.voter, self.other))
        self.c.block(self.ballot, self.second)
        self.cast_at = self.c.time
        self.receipt = self.c.receipt(self.ballot, PICTURES)
        self.device.note(self.code(self.ballot), self.cast_at)

    def opened(self, opening, receipt=None, device=None):
        if receipt is None:
            self.c.block(opening, sort=False)
            receipt = self.c.receipt(opening, PICTURES if opening[1:2] == b"\x0f" else None)
        return (device or self.device).found_opening(
            entry_hash(self.ballot), self.receipt, self.ballot, receipt, opening)

    def test_both_sides(self):
        masks = self.opened(self.w.opening(self.ballot))
        sums = self.opened(self.w.opening(self.ballot, 1))
        self.assertEqual((masks.side, sums.side, masks.seq), (0, 1, 1))
        self.assertEqual(masks.cast_at, self.cast_at)
        self.assertLess(masks.cast_at, masks.opened_at)
        marked = [(b - a) % mu for a, b, mu in zip(masks.values, sums.values, (100, 2, 2, 2))]
        self.assertEqual(marked, [4, 1, 0, 1])
        self.assertRegex(masks.board_number, "^[0-9]{4} [0-9]{4}$")
        self.assertEqual(masks.board_number, second_device.board_number(
            self.c.headers[-3].digest(), entry_hash(self.ballot)))

    def test_rejects_r9_02(self):
        device = second_device.Device(self.w.manifest)
        self.refused("R9.02", self.opened, self.w.opening(self.ballot), device=device)

    def test_rejects_r9_06_before_r9_11(self):
        self.device.note(self.code(self.ballot, pictures=b"\x07\x03"), self.cast_at + 60_001)
        self.refused("R9.06", self.opened, self.w.opening(self.ballot))

    def test_rejects_r9_11(self):
        opening = self.w.opening(self.ballot)
        for later in (-60_001, 0, 60_000):
            self.device.note(self.code(self.ballot), self.cast_at + later)
            self.opened(opening)
        self.device.note(self.code(self.ballot), self.cast_at + 60_001)
        self.refused("R9.11", self.opened, opening)
        self.refused("R9.11", self.opened, opening, b"")

    def test_rejects_the_openings_receipt_before_r9_09(self):
        opening = self.w.opening(self.second)
        self.c.block(opening, self.w.opening(self.ballot))
        self.refused("R6.30", self.opened, opening, b"")
        self.refused("R6.31", self.opened, opening, self.receipt)
        self.refused("R6.31", self.opened, opening, self.c.receipt(opening, PICTURES))
        self.refused("R6.33", self.opened, opening, self.c.receipt(opening, cut=1))
        self.refused("R9.09", self.opened, opening, self.c.receipt(opening))

    def test_rejects_r9_09(self):
        good = self.w.opening(self.ballot)
        for entry in (self.w.opening(self.second), self.second, self.ballot, good[:129], good[:1],
                      b"", b"\x02\x21" + good[2:], self.w.opening(self.second, 2),
                      self.w.opening(self.ballot, name=bytes(64)),
                      self.w.opening(self.ballot, 2, name=self.w.e0),
                      good[:65] + bytes((good[65] ^ 1,)) + good[66:130]):
            self.refused("R9.09", self.opened, entry)

    def test_rejects_r3_20_before_r9_10(self):
        good = self.w.opening(self.ballot)
        for entry in (good + u8(0), good[:-1], good[:130], b"\x01" + good[1:],
                      self.w.opening(self.ballot, 2),
                      self.w.opening(self.ballot, tweak=lambda rows: rows.pop()),
                      self.w.opening(self.ballot, tweak=lambda rows: rows[0].__setitem__(0, 100))):
            self.refused("R3.20", self.opened, entry)
        wrong = good[:-1]
        self.c.block(self.ballot, wrong)
        self.c.entries[:-1] = []
        self.c.headers[:-1] = []
        self.receipt = self.c.receipt(self.ballot, PICTURES)
        self.device.note(self.code(self.ballot), 0)
        self.refused("R3.20", self.opened, wrong, self.c.receipt(wrong))

    def test_rejects_r9_10_before_r3_21(self):
        good = self.w.opening(self.ballot)
        wrong = self.w.opening(self.ballot, tweak=lambda rows: rows[0].__setitem__(1, 1))
        ballot = Voter(self.w).ballot({1}, {1})
        for entry in (good, wrong):
            story = at("opened")
            self.c.entries[:], self.c.headers[:] = story.chain.entries, story.chain.headers
            self.c.block(entry, self.ballot)
            self.receipt = self.c.receipt(self.ballot, PICTURES)
            self.device.note(self.code(self.ballot), 0)
            self.refused("R9.10", self.opened, entry, self.c.receipt(entry))
            # In a block before its ballot's.
            self.c.entries[:], self.c.headers[:] = story.chain.entries, story.chain.headers
            self.c.block(entry)
            self.c.block(self.ballot, ballot)
            self.receipt = self.c.receipt(self.ballot, PICTURES)
            self.refused("R9.10", self.opened, entry, self.c.receipt(entry))

    def test_rejects_r3_21(self):
        for tweak in (lambda rows: rows[0].__setitem__(0, (rows[0][0] + 1) % 100),
                      lambda rows: rows[-1].__setitem__(1, rows[-1][1] + 1),
                      lambda rows: rows.__setitem__(slice(1, 3), rows[2:0:-1])):
            self.refused("R3.21", self.opened, self.w.opening(self.ballot, 1, tweak))
        digest = entry_hash(self.ballot)
        self.refused("R3.21", self.opened, self.w.opening(self.second, of=digest))

    def test_cast_and_replaced(self):
        found = self.device.found_cast
        digest = entry_hash(self.ballot)
        self.assertEqual(found(digest, self.receipt, self.ballot, self.receipt).seq, 1)
        later = self.voter.ballot({1}, {1})
        self.c.block(later)
        last = self.c.receipt(later, PICTURES)
        self.refused("R9.07", found, digest, self.receipt, self.ballot, last)


class Checks(Device):
    def check(self, tweak=None, where=None, marks=({4}, {0, 2})):
        """Cast nothing: a check ballot, final, and what the second code says about it."""
        self.w.seed = SEED
        ballot = self.voter.ballot(*marks, commit=False, tweak=tweak, where=where)
        body = b"\x02\x10" + ballot[:-64] + entry_hash(ballot)
        entry = body + self.w.schnorr(self.voter.x, "ballot-open", body)
        self.c.block(entry)
        self.device.note(self.code(ballot))
        found = self.device.found_check(
            entry_hash(ballot), self.c.receipt(entry, PICTURES), entry)
        second = b"\x02\x29" + entry_hash(ballot) + SEED + ballot[-64:]
        return self.device.open(found, entry, second.hex())

    def test_what_was_marked(self):
        self.assertEqual(self.check(), [[4], [0, 2]])
        self.assertEqual(self.check(marks=({0}, set())), [[0], []])

    def test_rejects_r9_05_check_lines(self):
        for where in (0, 1):
            for tweak in ("another mask", "another r of the mask", "masked sum", "mask",
                          "too great to be opened", "r of both masks"):
                with self.assertRaises(RuleError, msg=f"{tweak} {where}") as caught:
                    self.check(tweak, where)
                self.assertEqual(caught.exception.rule, "R9.05")

    def test_rejects_r9_05_options(self):
        for tweak in ("r twice", "bits"):
            self.refused("R9.05", self.check, tweak)


class Numbers(unittest.TestCase):
    def test_board_numbers_have_eight_digits(self):
        numbers = {second_device.board_number(bytes((i,)) * 32, bytes(64)) for i in range(200)}
        self.assertEqual(len(numbers), 200)
        self.assertEqual({len(n) for n in numbers}, {9})
        self.assertTrue(any(n[0] == "0" for n in numbers))


if __name__ == "__main__":
    unittest.main()
