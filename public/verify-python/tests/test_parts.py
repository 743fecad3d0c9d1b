"""Codec, hashes, trees and signatures against published or foreign values."""

import ast
import contextlib
import io
import json
import pathlib
import unicodedata
import unittest

from irefuda_verify import __main__ as program
from irefuda_verify import (ballot, ed25519, entry, evidence, manifest, merkle, promise, receipt,
                            sound, token, trust, views)
from irefuda_verify.chain import Term, decode_certificate, varint
from irefuda_verify.errors import RuleError
from irefuda_verify.hashing import frame, u32, u64
from irefuda_verify.manifest import read_validator
from irefuda_verify.proofs import schnorr_ok
from irefuda_verify.terms import Terms
from irefuda_verify.views import quote
from irefuda_verify.wire import Reader, assigned, blob, whole

from .hand_over_stories import honest_with_releases
from .make import Maker, Record, items, place, public, records, text, texts, u16
from .manifest_stories import third
from .stories import _Memory, at
from .withdraw_stories import hints, withdraw

# Made with the openssl command line: RSA-2048, SHA-384, salt 48, message "irefuda".
MODULUS = (
    "9cb8830e6415e1edc18c357a9f8a04de471ee08c46dd1a3e6c1363b1f90e1e7e483a028bd987d515a32ed7ea"
    "26bc40f892e375e35819dbdda21d9c6d1c9ac27e7b5b9bfdef0ec624061b6b9cb411c1d4325726a350a77a4d"
    "84f7494df8bd0af9d7043c80c556fce0708836580849e5cf893e9e8998de3c030c721e41f91ae90a76f0e5e4"
    "96fcaf27a2bb51364d8763fa481d4e81cab30b8c56156326b4f3f657299801e4a5f4e61571842d70581a4502"
    "ff2e82363ad825411663dd27315a205650d3bb5d8da3a8c548ddbf7cafac30163f5522d48f57fd102fe0a613"
    "f3bba42bd8cd64820e13486e983b8703a872e1dfdf5caae56e5fc42a37e45f85254c7ed1"
)
SIGNATURE = (
    "122a4765223727ed95f2b22fbb8cbb2b09d8d02a5e13ed39426c6a13d908c93265e9a616f6366e114ebd37fe"
    "5f51b962c41f9f64c21db28cc455d6ba4a576314c75e8f6f6fa122d28648494965349a2b56a0d1ed8343b945"
    "7f2a5fabfc8e8a1c006243d60c03fe47b806ff45952720ee791ab308794e368b1d6edb7a21e701e4a5105ee9"
    "ca0b847233d1d998540797d8d540c9f69740a6fedc08d416a1ba63f926217dd323c1c5ee3e467776e6b16270"
    "f45a73fd5034693ac6549f84168cd57a1cf1579d04e762884af3abf225f5ff326ea442d76b66108e009a0be1"
    "216d99b11de2a3bae39921faa9a125188817658d168c76b9adb7b0f7c19578121a05d74b"
)

# RFC 8032 §7.1: key, message, signature.
ED25519 = (
    ("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
     "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"),
    ("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
     "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"),
    ("fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
     "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"),
)


def decode_rows(rows):
    """Validators from their bytes."""
    return [read_validator(Reader(row)) for row in rows]


class Codec(unittest.TestCase):
    def refused(self, rule, read, data):
        with self.assertRaises(RuleError) as caught:
            reader = Reader(bytes.fromhex(data))
            read(reader)
            reader.end()
        self.assertEqual(caught.exception.rule, rule)

    def test_rejects_r0_01(self):
        self.refused("R0.01", lambda r: r.u16(), "000000")
        self.refused("R0.01", lambda r: r.u16(), "00")

    def test_rejects_r0_02(self):
        for data in (b"\x01\x05", b"\x02\x06"):
            with self.assertRaises(RuleError) as caught:
                whole(data, 5, lambda r: None)
            self.assertEqual(caught.exception.rule, "R0.02")

    def test_rejects_r0_03(self):
        self.refused("R0.03", lambda r: r.bytes(1), "020000000000")
        self.refused("R0.03", lambda r: r.list(2, r.u8), "ffffffff")

    def test_rejects_r0_04(self):
        self.refused("R0.04", lambda r: r.text(9), "01000000ff")
        self.refused("R0.04", lambda r: r.text(9), "03000000eda080")
        self.refused("R0.04", lambda r: r.text(9), "02000000c080")
        self.refused("R0.04", lambda r: r.text(9), "0300000065cc81")
        self.assertEqual(Reader(bytes.fromhex("02000000c3a9")).text(9), "é")

    def test_rejects_r0_04_characters_that_unicode_14_does_not_assign(self):
        for text in ("\U00011382\U000113c9", "\U00011383", "\U0001fabf", "\u0378", "\ufdd0",
                     "\U0010ffff"):
            self.refused("R0.04", lambda r: r.text(99), blob(f"a{text}".encode()).hex())
        for text in ("", "ひばり野市 2026\n", "𠮷野家", "\ue000", "\U0010fffd", "🫠"):
            self.assertEqual(Reader(blob(text.encode())).text(99), text)

    def test_the_table_of_characters_is_the_one_of_the_specification(self):
        root = pathlib.Path(__file__).resolve().parents[3]
        mine = root / "public/verify-python/irefuda_verify/assigned-14.txt"
        self.assertEqual(mine.read_bytes(), (root / "docs/spec/assigned-14.txt").read_bytes())

    def test_the_table_of_characters_is_the_one_of_unicode_14(self):
        for code in range(0x110000):
            given = unicodedata.category(chr(code)) not in ("Cn", "Cs")
            self.assertEqual(assigned(chr(code)), given, hex(code))

    def test_rejects_r0_05(self):
        self.refused("R0.05", lambda r: r.flag(), "02")
        self.refused("R0.05", lambda r: r.option(r.u8), "0201")
        self.refused("R0.05", lambda r: r.tag((1, 2)), "03")

    def test_rejects_r0_06(self):
        self.refused("R0.06", lambda r: r.point(), "ff" * 32)
        self.refused("R0.06", lambda r: r.key(), "00" * 32)

    def test_rejects_r0_07(self):
        order = (2**252 + 27742317777372353535851937790883648493).to_bytes(32, "little").hex()
        self.refused("R0.07", lambda r: r.scalar(), order)

    def test_rejects_r0_08(self):
        maker = Maker()
        secret = maker.secret()
        key, seal = public(secret), maker.schnorr(secret, "a", b"m")
        self.assertTrue(schnorr_ok(key, "a", b"m", seal))
        self.assertFalse(schnorr_ok(key, "b", b"m", seal))
        self.assertFalse(schnorr_ok(key, "a", b"n", seal))
        self.assertFalse(schnorr_ok(public(5), "a", b"m", seal))
        self.assertFalse(schnorr_ok(bytes(32), "a", b"m", seal))
        order = 2**252 + 27742317777372353535851937790883648493
        more = int.from_bytes(seal[32:], "little") + order
        self.assertFalse(schnorr_ok(key, "a", b"m", seal[:32] + more.to_bytes(32, "little")))

    def test_frame_and_quote(self):
        self.assertEqual(frame(b"ab"), b"\x02" + bytes(7) + b"ab")
        self.assertEqual(quote('a"\\\n\t/é'), '"a\\"\\\\\\n\\u0009/é"')

    def test_varint(self):
        self.assertEqual(varint(300).hex(), "ac02")
        self.assertEqual(varint(0).hex(), "00")

    def test_rejects_r6_20(self):
        for data in ("", "80" * 10 + "00", "00" * 36):
            with self.assertRaises(RuleError) as caught:
                decode_certificate(bytes.fromhex(data))
            self.assertEqual(caught.exception.rule, "R6.20")


class Signatures(unittest.TestCase):
    def test_ed25519(self):
        for key, message, seal in ED25519:
            key, message, seal = (bytes.fromhex(x) for x in (key, message, seal))
            self.assertTrue(ed25519.verify(key, message, seal))
            self.assertFalse(ed25519.verify(key, message + b"x", seal))
            s = int.from_bytes(seal[32:], "little") + 2**252 + 27742317777372353535851937790883648493
            self.assertFalse(ed25519.verify(key, message, seal[:32] + s.to_bytes(32, "little")))

    def test_ed25519_small_order(self):
        one = b"\x01" + bytes(31)
        self.assertFalse(ed25519.verify(one, b"m", one + bytes(32)))

    def test_pss(self):
        modulus, seal = bytes.fromhex(MODULUS), bytes.fromhex(SIGNATURE)
        self.assertTrue(token.pss_ok(modulus, b"irefuda", seal))
        self.assertFalse(token.pss_ok(modulus, b"irefudA", seal))
        self.assertFalse(token.pss_ok(modulus, b"irefuda", seal[:-1] + b"\x00"))
        self.assertFalse(token.pss_ok(modulus[:-1] + b"\x00", b"irefuda", seal))

    def test_pss_maker_agrees(self):
        maker = Maker(3)
        key = maker.rsa()
        seal = maker.pss(key, b"x")
        self.assertTrue(token.pss_ok(key.n.to_bytes(256, "big"), b"x", seal))


class Trees(unittest.TestCase):
    # RFC 6962 test inputs of the Certificate Transparency project.
    LEAVES = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657",
              "606162636465666768696a6b6c6d6e6f"]
    ROOT = "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"

    def test_root(self):
        leaves = [bytes.fromhex(x) for x in self.LEAVES]
        self.assertEqual(merkle.root_of(leaves).hex(), self.ROOT)
        for size in range(9):
            log = merkle.Log()
            for data in leaves[:size]:
                log.append(data)
            self.assertEqual(log.root(), merkle.root_of(leaves[:size]))

    def test_paths(self):
        def path(index, leaves):
            if len(leaves) == 1:
                return []
            split = 1 << (len(leaves) - 1).bit_length() - 1
            if index < split:
                return path(index, leaves[:split]) + [merkle.root_of(leaves[split:])]
            return path(index - split, leaves[split:]) + [merkle.root_of(leaves[:split])]

        leaves = [bytes.fromhex(x) for x in self.LEAVES]
        for size in range(1, 9):
            root = merkle.root_of(leaves[:size])
            for i in range(size):
                way = path(i, leaves[:size])
                self.assertEqual(merkle.path_root(leaves[i], i, size, way), root)
                self.assertNotEqual(merkle.path_root(b"no", i, size, way), root)
                self.assertNotEqual(merkle.path_root(leaves[i], i, size, way + [root]), root)


class Words(unittest.TestCase):
    def test_rejects_r1_12(self):
        for text in ("", " ", "\n", " a", "a\u3000", "a\tb", "a\u200bb", "a\u2029b"):
            self.assertFalse(sound.is_line(text), repr(text))
            self.assertFalse(sound.is_paragraph(text), repr(text))
        for text in ("a", "ひばり　野", "a b", "🫠", "か\u0301", "a\u2007b"):
            self.assertTrue(sound.is_line(text), repr(text))
            self.assertTrue(sound.is_paragraph(text), repr(text))
        self.assertFalse(sound.is_line("a\nb"))
        self.assertTrue(sound.is_paragraph("a\n\nb"))

    def test_rejects_r1_12_more_than_three_combining_characters_in_a_row(self):
        for value in ("a" + 4 * "\u0301", 4 * "\u0301", "a\u0334\u0327\u0323\u0301",
                      "a\u0301b" + 5 * "\u0301"):
            self.assertFalse(sound.is_line(value), repr(value))
            self.assertFalse(sound.is_paragraph(value), repr(value))
        for value in ("a" + 3 * "\u0301", 2 * ("a" + 3 * "\u0301"), "\u0915" + 9 * "\u093e"):
            self.assertTrue(sound.is_line(value), repr(value))
        self.assertTrue(sound.is_paragraph("a" + 3 * "\u0301" + "\n" + 3 * "\u0301" + "b"))

    def test_rejects_r1_13_and_r5_56_names_of_releases(self):
        def name(version, platform):
            return sound.release_name(Record(version=version, platform=platform))

        self.assertEqual(name("1.0_RC", "Mac-OS"), name("1.0-rc", "mAC_os"))
        for other in (("1.0.rc", "mac-os"), ("1.0-rc", "macos"), ("1.0-rc-", "mac-os")):
            self.assertNotEqual(name("1.0-rc", "mac-os"), name(*other))
        self.assertNotEqual(name("1-a", "b"), name("1", "a-b"))
        self.assertNotEqual(name("@[", "a"), name("`{", "a"))

    def test_rejects_r1_13(self):
        for text in ("", " ", "a b", "a\n", "\x7f", "é"):
            self.assertFalse(sound.is_id(text), repr(text))
        self.assertTrue(sound.is_id("!~"))

    def test_rejects_r1_11(self):
        for windows in ([(1, 1)], [(2, 1)], [(1, 3), (2, 4)], [(3, 4), (1, 2)]):
            self.assertFalse(sound.in_order(windows), windows)
        for windows in ([], [(1, 2)], [(1, 2), (2, 3)]):
            self.assertTrue(sound.in_order(windows), windows)

    def test_rejects_r1_14(self):
        for practice, least in ((True, 8), (False, 16)):
            for depth in range(256):
                for depths in ((depth, least), (28, depth)):
                    rows = [Record(salt_depth=d) for d in depths]
                    fields = Record(practice=practice, registrars=rows)
                    if least <= depth <= 28:
                        manifest.check_salts(fields)
                        continue
                    with self.assertRaises(RuleError) as caught:
                        manifest.check_salts(fields)
                    self.assertEqual(caught.exception.rule, "R1.14")

    # Default_Ignorable_Code_Point outside these categories, and two that are drawn as nothing.
    NOT_DRAWN = {0x34F, 0x115F, 0x1160, 0x17B4, 0x17B5, *range(0x180B, 0x1810), 0x2065, 0x2800,
                 0x3164, *range(0xFE00, 0xFE10), 0xFFA0, *range(0xFFF0, 0xFFF9), 0x1D159,
                 *range(0xE0000, 0xE1000)}

    @unittest.skipUnless(unicodedata.unidata_version == "14.0.0", "other tables in this Python")
    def test_hidden_and_white_are_those_of_unicode_14(self):
        for code in range(0x110000):
            kind = unicodedata.category(chr(code))
            unseen = kind in ("Cc", "Cf", "Co", "Zl", "Zp") or code in self.NOT_DRAWN
            self.assertEqual(sound.hidden(chr(code)), unseen,
                             hex(code))
            white = kind in ("Zs", "Zl", "Zp") or code in (*range(9, 14), 0x85)
            self.assertEqual(code in sound.WHITE, white, hex(code))


class Reading(unittest.TestCase):
    """A reader who does not have every block (chapter 06 §6)."""

    def setUp(self):
        self.story = at("opened")
        w = self.story.world
        self.terms = Terms(w.network.term)
        self.first = w.hand_over(1, w.rows[1], w.sets[0])
        self.second = w.hand_over(2, w.rows[2], w.sets[1])

    def refused(self, rule, data, height):
        with self.assertRaises(RuleError) as caught:
            self.terms.follow(data, height)
        self.assertEqual(caught.exception.rule, rule)

    def test_terms(self):
        w, terms = self.story.world, self.terms
        terms.follow(self.first, 20)
        terms.follow(self.second, 21)
        for height, epoch in ((0, 0), (20, 0), (21, 1), (22, 2), (99, 2)):
            self.assertEqual(terms.at(height).epoch, epoch)
            self.assertEqual(terms.at(height).committee, [e.key for e in w.sets[epoch]])

    def test_rejects_r5_58_and_r5_59(self):
        self.refused("R5.58", self.second, 20)
        self.refused("R5.01", self.first[:-1], 20)
        self.refused("R5.01", self.story.world.act(20), 20)
        self.refused("R5.59", self.first[:-1] + b"\xff", 20)
        self.terms.follow(self.first, 20)
        self.refused("R5.58", self.first, 21)
        self.refused("R5.58", self.second, 20)
        self.refused("R5.59", self.story.world.hand_over(
            2, self.story.world.rows[2], self.story.world.sets[0]), 21)

    def test_rejects_r5_75(self):
        w = self.story.world
        for accept in (lambda a: [bytes(64), *a[1:]], lambda a: a[::-1], lambda a: a[:1] * len(a)):
            self.refused("R5.75", w.hand_over(1, w.rows[1], w.sets[0], accept=accept), 20)
            # It stands before R5.59, and after R5.58.
            self.refused("R5.75", w.hand_over(1, w.rows[1], w.sets[0], (), accept=accept), 20)
            self.refused("R5.58", w.hand_over(2, w.rows[1], w.sets[0], accept=accept), 20)

    def test_what_the_board_judged_is_not_judged_again(self):
        w = self.story.world
        for change in ({"until": 0}, {"until": 2**64 - 1}, {"name": bytes(64)}, {"keys": (1, 2)},
                       {"by": (1, 1)}):
            Terms(w.network.term).follow(w.hand_over(1, w.rows[1], w.sets[0], **change), 20)
        Terms(w.network.term).follow(w.hand_over(1, w.rows[0], w.sets[0]), 20)

    def test_rejects_r6_26(self):
        w, c = self.story.world, self.story.chain
        act = w.act(entry.NOTICE, text("n") + texts("x"))
        c.block(act)
        c.hand_over(1)
        c.block(act)
        old, hand, new = (receipt_of(c, act, *part) for part in ((-3, -2), (-3, -1), (-1, None)))
        broken = receipt_of(c, act, -3, None, b"")
        crossing, first = receipt_of(c, act, -3, None), c.headers[-3].height
        alone, other = Terms(w.network.term), Terms(w.network.term)
        self.terms.follow(self.first, first + 1)
        for good in (old, hand, new):
            receipt.check_entry(self.terms, good, act)

        def refused(rule, terms, data, about=act):
            with self.assertRaises(RuleError) as caught:
                receipt.check_entry(terms, data, about)
            self.assertEqual(caught.exception.rule, rule)

        refused("R6.26", self.terms, crossing)
        refused("R6.26", self.terms, broken)
        refused("R6.33", self.terms, receipt_of(c, act, -3, None, index=1))
        refused("R6.25", alone, crossing)
        refused("R6.20", alone, broken)
        refused("R6.25", alone, new)
        # A reader who was told of the hand-over at another height believes that.
        other.follow(self.first, first)
        receipt.check_entry(other, old, act)
        refused("R6.26", other, hand)


class Ending(unittest.TestCase):
    """What views and report say of addresses and of an election that is not held (chapter 08)."""

    def tail(self, s):
        """The last four lines of the view of an election."""
        view = s.files(unfinished=True)["view/election.json"].decode()
        self.assertTrue(view.endswith("\n}\n"))
        return view.split("\n")[-6:-2]

    def test_view_of_addresses(self):
        s = at("sealed")
        self.assertEqual(self.tail(s), [
            '"portal": "https://p.example",', '"hints": [],', '"withdrawn": null,',
            '"phase": "sealed"'])
        s.chain.block(hints(1)(s))
        s.chain.block(hints(2, 'x"\\/', ("b", "a"))(s))
        self.assertEqual(self.tail(s), [
            '"portal": "x\\"\\\\/",', '"hints": ["b","a"],', '"withdrawn": null,',
            '"phase": "sealed"'])

    def test_view_of_a_withdrawal_keeps_the_addresses(self):
        s = at("sealed")
        s.chain.block(hints(1, "c", ("d",))(s), withdraw(third("x\nx"))(s))
        self.assertEqual(self.tail(s), [
            '"portal": "c",', '"hints": ["d"],',
            '"withdrawn": {"ja":"x","en":"x","plain":"x\\nx"},', '"phase": "withdrawn"'])
        files = s.files()
        self.assertEqual(files["view/counted.json"], b"[]\n")
        self.assertEqual(files["view/result.json"], b"null\n")

    def shown(self, files, trust=None):
        """The report, and what people are shown of it."""
        report = _Memory(files, trust).run()
        with contextlib.redirect_stdout(io.StringIO()) as out:
            program.show(report, program.OK)
        return report, out.getvalue()

    def test_report_of_a_withdrawal(self):
        s = at("sealed")
        s.chain.block(withdraw(third("x\nOK"))(s))
        report, text = self.shown(s.files())
        self.assertEqual(report.facts["withdrawn"]["plain"], "x\nOK")
        self.assertEqual(report.facts["counted"], 0)
        self.assertEqual(report.facts["issued"], [0, 0])
        self.assertNotIn("votes", report.facts)
        self.assertNotIn("R8.10-R8.12, R8.14", [c.rules for c in report.checks])
        self.assertIn("withdrawn before it began", text)
        self.assertIn("x\\nOK", text)  # a reason writes no line of its own
        self.assertEqual(text.split("\n").count("OK"), 1)

    def test_a_reason_is_printed_on_one_line_whatever_it_holds(self):
        for reason in ("中止", "it's \"off\"", "a\n\nb", "FAILED R8.09\nOK", "\\n\n{x} = %s", "か\u0301"):
            s = at("sealed")
            s.chain.block(withdraw(third(reason))(s))
            report, shown = self.shown(s.files())
            self.assertEqual(report.failed_rules(), [])
            lines = [row for row in shown.splitlines() if row.startswith("withdrawn = ")]
            self.assertEqual(len(lines), 1)
            said = ast.literal_eval(lines[0].removeprefix("withdrawn = "))
            self.assertEqual(said, {"ja": "x", "en": "x", "plain": reason})
            self.assertEqual(shown.splitlines().count("OK"), 1)
            self.assertEqual(len(shown.splitlines()), len(self.shown(at_withdrawn())[1].splitlines()))

    def test_rejects_r8_06_and_prints_no_reason_then(self):
        s = at("sealed")
        s.chain.block(withdraw()(s))
        files = s.files()
        files["view/election.json"] += b"\n"
        report, text = self.shown(files)
        self.assertEqual(report.failed_rules(), ["R8.06"])
        self.assertNotIn("missing", text)
        trust = {"authority": "", "network": "", "validators": [], "practice": True}
        report, text = self.shown(s.files(), trust)
        self.assertEqual(report.failed_rules(), ["R8.07"])
        self.assertNotIn("missing", text)


def at_withdrawn():
    """The record of an election that is withdrawn for a reason of one line."""
    s = at("sealed")
    s.chain.block(withdraw()(s))
    return s.files()


class Promises(unittest.TestCase):
    """What nodes answer, and a Late made of it (chapter 05 §5 and §7)."""

    ABOUT, CLOSE = b"\x07" * 64, 1000

    def setUp(self):
        self.world = at("opened").world

    def late(self, *rows):
        """A Late of (validator, time, changes), decoded."""
        seen = (self.world.seen(self.ABOUT, i, time, **more) for i, time, more in rows)
        return entry.decode(self.world.late(self.ABOUT, *seen))

    def refused(self, rule, *rows, epoch=0):
        term = Term(self.world.network.id, epoch, decode_rows(self.world.rows[epoch]))
        with self.assertRaises(RuleError) as caught:
            promise.check(term, self.late(*rows), self.CLOSE)
        self.assertEqual(caught.exception.rule, rule)

    def test_what_is_signed(self):
        data = promise.answer(b"\x01" * 32, b"\x02" * 64, 522, 3, 4)
        numbers = "0a02" + "03" + "00" * 7 + "04" + "00" * 7
        self.assertEqual(data.hex(), "01" * 32 + "02" * 64 + numbers)

    def test_good_ones(self):
        term = self.world.network.term
        for rows in (((0, 999, {}), (1, 0, {})), [(i, 999, {"height": i}) for i in range(4)]):
            promise.check(term, self.late(*rows), self.CLOSE)

    def test_rejects_r5_61(self):
        self.refused("R5.61")
        for rows in ((1,), (1, 1), (1, 0), (0, 4), (0, 1, 4), (0, 0xffff)):
            self.refused("R5.61", *((i, 1000, {}) for i in rows))
        self.refused("R5.61", epoch=2)
        self.refused("R5.61", (1, 0, {}), epoch=2)

    def test_rejects_r5_62(self):
        self.refused("R5.62", (0, 1000, {}), (1, 999, {}))
        self.refused("R5.62", (0, 999, {"key": 5}), (1, 1000, {}))

    def test_rejects_r5_63(self):
        for wrong in ({"key": 5}, {"rule": 1}, {"time": 998}, {"purpose": "node-no-ballot"},
                      {"entry_hash": bytes(64)}, {"network": bytes(32)}, {"epoch": 1}):
            change = {k: v for k, v in wrong.items() if k != "time"}
            if "time" in wrong:
                change["signed"] = lambda data: data[:-8] + (998).to_bytes(8, "little")
            self.refused("R5.63", (0, 999, {}), (1, 999, change))

    def test_rejects_r5_01(self):
        good = self.world.late(self.ABOUT, self.world.seen(self.ABOUT, 0, 1))
        many = (self.world.seen(self.ABOUT, i, 1) for i in range(33))
        for data in (good + b"\0", good[:-1], good[:-1] + b"\xff",
                     self.world.late(self.ABOUT, *many)):
            with self.assertRaises(RuleError) as caught:
                entry.decode(data)
            self.assertEqual(caught.exception.rule, "R5.01")


class Reports(unittest.TestCase):
    """Days, parts and margins (chapters 05 §6 and 08 §2)."""

    def test_days_begin_at_midnight_in_japan(self):
        midnight = 1_800_025_200_000  # 2027-01-16 00:00 in Japan
        self.assertEqual(evidence.day_of(midnight), 20_834)
        self.assertEqual(evidence.day_of(midnight - 1), evidence.day_of(midnight) - 1)
        self.assertEqual(evidence.next_day(evidence.day_of(midnight) - 1), midnight)
        self.assertEqual(evidence.close_day(midnight), evidence.day_of(midnight) - 1)
        self.assertEqual(evidence.close_day(midnight + 1), evidence.day_of(midnight))

    def test_number_of_parts(self):
        for total, count in ((0, 1), (1, 1), (8000, 1), (8001, 2), (16_000, 2), (16_001, 3),
                             (4_096_000, 512), (4_096_001, 513)):
            self.assertEqual(evidence.parts(total), count, total)

    def part(self, counts, part=0, leaves=None):
        channels = [Record(channel=c, first=f, again=a) for c, f, a in counts]
        if leaves is None:
            leaves = records(sum(f + a for _, f, a in counts), part)
        return Record(channels=channels, incidents=0, part=part, leaves=leaves)

    def refused(self, check, *values):
        with self.assertRaises(RuleError) as caught:
            check(*values)
        self.assertEqual(caught.exception.rule, "R5.36")

    def test_rejects_r5_36_alone(self):
        most = [(1, 4_000_000, 0), (3, 0, 96_000)]
        for good in (self.part([]), self.part([(2, 0, 0)]), self.part([(1, 8000, 0)]),
                     self.part([(1, 1, 0), (2, 0, 1), (3, 1, 1)]), self.part(most),
                     self.part(most, 511)):
            evidence.check_alone(good)
        one, two = records(2)
        for bad in (self.part([], 0, [one]), self.part([], 1), self.part([(1, 1, 0)], 0, []),
                    self.part([(1, 1, 0)], 1, []), self.part([(1, 1, 1)], 0, [two, one]),
                    self.part([(1, 1, 1)], 0, [one, one]), self.part([(2, 1, 0), (1, 1, 0)]),
                    self.part([(1, 1, 0), (1, 1, 0)]), self.part(most, 512, []),
                    self.part([(1, 4_096_001, 0)])):
            self.refused(evidence.check_alone, bad)

    def test_rejects_r5_36_of_a_part_that_does_not_follow(self):
        counts = [(1, 8000, 8000), (2, 1, 0)]
        first, second, third = (self.part(counts, n) for n in range(3))
        taken = [evidence.Report(e.channels, e.incidents, e.part, e.leaves[-1], False, False, False)
                 for e in (first, second, third)]
        evidence.check_next(first, None)
        evidence.check_next(second, taken[0])
        evidence.check_next(third, taken[1])
        for e, before in ((second, None), (third, taken[0]), (first, taken[0]), (first, taken[1]),
                          (second, taken[1]), (third, taken[2]),
                          (self.part([(1, 8000, 8000), (3, 1, 0)], 1), taken[0]),
                          (self.part(counts, 1, [taken[0].last_leaf]), taken[0])):
            self.refused(evidence.check_next, e, before)
        second.incidents = 1
        self.refused(evidence.check_next, second, taken[0])

    def test_margins(self):
        votes = [[1, 5, 3], [2, 2], [0, 0, 0], [0, 7]]
        self.assertEqual(evidence.margins(votes), [2, 0, 0, 7])


def receipt_of(chain, data, start, end, certificate=None, index=0):
    """A receipt of an entry that stands alone in the block of the first of these headers."""
    headers = chain.headers[start:end]
    digest = ballot.entry_hash(data)
    if certificate is None:
        number = chain.headers.index(headers[-1])
        certificate = chain.certificates[number - 1]
    return (b"\x02\x07" + text(ballot.confirmation_code(digest)) + digest + b"\0"
            + u64(headers[0].height) + u32(index) + items([])
            + items([h.encode()[2:] for h in headers]) + blob(certificate))


class Report(unittest.TestCase):
    def test_releases_and_where_they_come_from(self):
        files = honest_with_releases()
        verifier = _Memory(files)
        self.assertEqual(verifier.run().failed_rules(), [])
        rows = [('0.9', 'linux', 'act'), ('1.0', 'linux', 'sealed'), ('1.0', 'mac', 'act'),
                ('10.0', 'linux', 'sealed'), ('2.0', 'windows', 'sealed'), ('3.0', 'linux', 'act'),
                ('3.0', 'mac', 'act')]
        want = ",".join(f'{{"version":"{v}","platform":"{p}","size":7,"sha256":"'
                        f'{bytes(range(32)).hex()}","origin":"{o}"}}' for v, p, o in rows)
        self.assertIn(f'\n"releases": [{want}],\n', files["view/election.json"].decode())
        printed = verifier.report.facts["releases"]
        self.assertEqual([(r["version"], r["platform"], r["origin"]) for r in printed], rows)

    def test_hand_overs_and_words(self):
        s = at("closed")
        s.chain.hand_over(1)
        s.chain.hand_over(2)
        height = len(s.chain.headers)
        s.committed().chain.block()
        verifier = _Memory(s.files(unfinished=True))
        report = verifier.run()
        self.assertEqual(report.failed_rules(), ["R8.09"])
        self.assertEqual(report.facts["hand_overs"], [
            {"first_block": height - 1 + n, "validators": [e.key.hex() for e in s.world.sets[1 + n]]}
            for n in (0, 1)])
        # Nothing that people would read is printed when a check failed.
        self.assertFalse({"help", "places", "tie_rule", "eligibility", "releases"}
                         & set(report.facts))
        report = _Memory(at("finished").files()).run()
        self.assertEqual(set(views.words(verifier.election)) - set(report.facts), set())
        self.assertNotIn("hand_overs", report.facts)


    def test_words_of_a_manifest_that_is_refused_are_not_printed(self):
        s = at("finished")
        bad = "x\nOK"
        titles = [text("P") + u16(n) + texts(bad) + 2 * texts("w") for n in (1, 2)]
        contest = text(bad) + texts("t") + u16(2) + u16(1) + u16(1) + b"".join(titles) + b"\0"
        for rule, change in (
                ("R1.11", {"places": items([place(bad, 1, "Hall")])}),
                ("R1.11", {"places": items([place(bad, 3, "Hall", (9, 8))])}),
                ("R1.11", {"places": items([place(bad, 3, "Hall", (5, 6))])}),
                ("R1.12", {"title": texts(bad)}), ("R1.12", {"contests": items([contest])}),
                ("R1.13", {"contests": items([contest.replace(texts(bad), texts("y"), 1)
                                              .replace(texts(bad), texts("z"))])})):
            files = {**s.files(), "manifest.bin": s.world.sealed(s.world.manifest_body(**change))}
            report = _Memory(files).run()
            with contextlib.redirect_stdout(io.StringIO()) as out:
                program.show(report, program.FAILED)
            self.assertEqual(report.failed_rules(), [rule])
            self.assertNotIn("OK", out.getvalue())

    def test_votes_without_words_when_a_view_is_wrong(self):
        files = at("finished").files()
        good = _Memory(files).run().facts
        self.assertEqual(good["votes"]["some"], {"P0": 2, "P1": 1, "P2": 2})
        files["view/result.json"] += b"\n"
        facts = _Memory(files).run().facts
        self.assertEqual(facts["votes"], [list(good["votes"]["one"].values()),
                                          [2, 1, 2]])
        self.assertEqual(facts["margin"], list(good["margin"].values()))


class TrustFile(unittest.TestCase):
    """The same files are refused as by the other verifier (crate api, trust)."""

    GOOD = {
        "authority": public(3).hex(),
        "network": "11" * 32,
        "validators": ["33" * 32, "22" * 32],
        "minimum_booth": "0.10.2",
        "practice": False,
    }

    def test_a_good_one(self):
        self.assertEqual(trust.parse(json.dumps(self.GOOD)), self.GOOD)

    def test_anything_missing_unknown_or_misspelt_is_refused(self):
        for name in self.GOOD:
            with self.assertRaises(ValueError, msg=name):
                trust.parse(json.dumps({k: v for k, v in self.GOOD.items() if k != name}))
        changes = (
            ("anything", 1), ("authority", "00" * 32), ("authority", "ff" * 32),
            ("network", "1G" * 32), ("network", "AB" * 32), ("network", "11" * 33),
            ("network", "+1" * 32), ("validators", []), ("validators", ["22" * 32] * 2),
            ("validators", ["22" * 31]), ("validators", [1]), ("validators", "22"),
            ("practice", "true"), ("practice", 0), ("practice", 1), ("practice", None),
            ("practice", []), ("minimum_booth", "0.1"), ("minimum_booth", "0.+1.0"),
            ("minimum_booth", 1),
        )
        for name, value in changes:
            with self.assertRaises(ValueError, msg=f"{name}: {value}"):
                trust.parse(json.dumps({**self.GOOD, name: value}))
        for text in ("", "[]", "null", '{"network":"", "network":""}',
                     "\ufeff" + json.dumps(self.GOOD)):
            with self.assertRaises(ValueError, msg=text):
                trust.parse(text)


if __name__ == "__main__":
    unittest.main()
