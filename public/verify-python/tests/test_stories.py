"""Every forgery is refused under its rule; the honest elections pass."""

import json
import os
import tarfile
import tempfile
import unittest
from unittest import mock

from irefuda_verify import __main__ as program
from irefuda_verify import record
from irefuda_verify.errors import RuleError

from . import remember
from .all_stories import FINDINGS, STORIES, TRUST, judge, report_of
from .stories import CLOSE_DAY, _Memory, at
from .write import member, other_tars, trust_file, write


class _Huge:
    """A file of 8 GiB."""

    def __len__(self):
        return 2**33


class Stories(unittest.TestCase):
    def setUp(self):
        for patch in remember.patches():
            patch.start()
            self.addCleanup(patch.stop)

    def test_every_story(self):
        for name, (rule, make) in STORIES.items():
            with self.subTest(name):
                trust = TRUST[name]() if name in TRUST else None
                report = report_of(make(), trust)
                self.assertEqual(report.failed_rules(), [rule] if rule else [])
                found = [(f["rule"], f["registrar"]) for f in report.findings]
                self.assertEqual(found, FINDINGS.get(name, []))

    def test_openings_are_counted(self):
        for name, opened, never in (("honest", 0, 6), ("honest_with_openings", 4, 2),
                                    ("honest_ballot_that_nobody_can_open", 0, 7)):
            facts = _Memory(STORIES[name][1]()).run().facts
            self.assertEqual((facts["opened"], facts["never_opened"]), (opened, never), name)
            self.assertEqual(facts["received"], opened + never)
            self.assertEqual(facts["counted"], 5)

    def test_trust_file(self):
        s = at("finished")
        files, w = s.files(), s.world
        good = {"authority": w.manifest.authority.hex(), "network": w.network.id.hex(),
                "validators": [v.engine.hex() for v in w.network.validators], "practice": True}
        self.assertEqual(judge(files, good), [])
        self.assertEqual(judge(files, {**good, "practice": False}), ["R1.10"])
        self.assertEqual(judge(files, {**good, "authority": "00"}), ["R8.07"])
        # All of step 3 is one line of the report, which keeps its first failure.
        other = {**good, "practice": False, "authority": "00", "network": "00"}
        self.assertEqual(judge(files, other), ["R1.10"])
        asked = _Memory(files, other)
        asked.asked = bytes(64)
        self.assertEqual(asked.run().failed_rules(), ["R8.13"])
        self.assertEqual(judge(files, {**good, "network": "00"}), ["R8.08"])
        self.assertEqual(judge(files, {**good, "validators": good["validators"][1:]}), ["R8.08"])

    def test_findings_exit_code_and_last_line(self):
        other = "SOUND, but the outcome rests on the word of the other registrars"
        judged = "SOUND, with findings that people have to judge"
        apart = "SOUND, but whose election it is was not compared"
        for name, code, line in (
                ("honest_and_trusted", 0, "OK"),
                ("sound_with_a_credential_too_few", program.FOUND, judged),
                ("sound_with_as_much_as_the_margin", program.FOUND, other),
                ("sound_with_as_much_as_the_margin_without_trust", program.NOT_COMPARED, apart),
                ("both_report_too_few_credentials", 1, "FAILED R8.15")):
            with self.subTest(name), tempfile.TemporaryDirectory() as place:
                folder = os.path.join(place, "record")
                write(folder, STORIES[name][1]())
                more = trust_file(folder, TRUST[name]()) if name in TRUST else []
                with mock.patch("builtins.print") as said:
                    self.assertEqual(program.main([folder, *more]), code)
                self.assertEqual(said.call_args.args, (line,))
                with mock.patch("builtins.print") as said:
                    self.assertEqual(program.main([folder, "--json", *more]), code)
                report = json.loads(said.call_args.args[0])
                found = [(f["rule"], f["registrar"]) for f in report["findings"]]
                self.assertEqual(found, FINDINGS.get(name, []))
        with tempfile.TemporaryDirectory() as place, mock.patch("builtins.print"):
            folder = os.path.join(place, "record")
            write(folder, STORIES["sound_with_a_credential_too_few"][1]())
            asked = ["--election", at("finished").world.name.hex()]
            self.assertEqual(program.main([folder, *asked]), program.FOUND)

    def test_what_findings_say(self):
        """Days, missing days, difference and margin; the row of the view says the same."""
        for name, last, view in (
                ("sound_with_a_late_report_behind_the_first_share",
                 ("R8.19", [], 0, 7, 3), (0, 0, 0, 7)),
                ("sound_with_the_first_day_missing", ("R8.19", [], 1, 5, 3), (2, 0, 1, 5)),
                ("sound_with_the_last_part_late", ("R8.17", [CLOSE_DAY], 0, 0, 3), None)):
            files = STORIES[name][1]()
            found = report_of(files).findings[-1]
            fields = ("rule", "days", "missing", "difference", "margin")
            self.assertEqual(tuple(found[k] for k in fields), last, name)
            row = json.loads(files["view/result.json"])["evidence"][found["registrar"]]
            if view:
                fields = ("first", "again", "missing", "difference")
                self.assertEqual(tuple(row[k] for k in fields), view, name)
            self.assertEqual(row["difference"], found["difference"])
        self.assertEqual(row["late"], [CLOSE_DAY])

    def test_shares_that_give_no_count(self):
        """Proofs exclude it on a board; a broken proof system must not end in another rule."""
        s = at("shared")
        verifier = _Memory(s.files())
        verifier.run()
        election = verifier.board.elections[s.world.name]
        election.closed.counted, election.closed.sums = 0, [
            [(a, a) for a, _ in options] for options in election.closed.sums]
        with self.assertRaises(RuleError) as caught:
            verifier.board._take_result(None, election, None, None)
        self.assertEqual(caught.exception.rule, "R5.47")

    def test_folder_and_tar(self):
        files = at("finished").files()
        with tempfile.TemporaryDirectory() as place:
            folder, tar = os.path.join(place, "record"), os.path.join(place, "record.tar")
            write(folder, files)
            with mock.patch("builtins.print"):
                self.assertEqual(program.main([folder]), program.NOT_COMPARED)
                self.assertEqual(program.main([folder + "/nothing"]), 3)
                with open(tar, "wb") as handle:
                    handle.write(record.tar_bytes(files))
                self.assertEqual(program.main([tar, "--json"]), program.NOT_COMPARED)
                with tarfile.open(tar) as archive:  # other programs read it
                    self.assertEqual(archive.getnames(), list(record.FILES))
                    self.assertEqual([archive.extractfile(n).read() for n in record.FILES],
                                     [files[n] for n in record.FILES])
                self.assertEqual(program.main([tar, "--election", "00" * 64]), 1)
                for wrong in ("00", "0G" * 64, "AB" * 64, "00" * 65):
                    with self.assertRaises(SystemExit) as stop, mock.patch("sys.stderr"):
                        program.main([tar, "--election", wrong])
                    self.assertEqual(stop.exception.code, program.USAGE, wrong)
                with open(tar, "ab") as handle:
                    handle.write(b"x")
                self.assertEqual(program.main([tar]), 1)
                for names in (record.FILES, record.FILES[::-1]):
                    with tarfile.open(tar, "w", format=tarfile.USTAR_FORMAT) as archive:
                        for name in names:
                            archive.add(os.path.join(folder, name), name)
                    self.assertEqual(program.main([tar]), 1)
                with open(os.path.join(folder, "view", "more.json"), "w"):
                    pass
                self.assertEqual(program.main([folder]), 1)

    def test_rejects_r8_01_links_and_other_kinds_of_files(self):
        files = at("finished").files()
        with tempfile.TemporaryDirectory() as place, mock.patch("builtins.print"):
            for name in record.FILES:
                folder = os.path.join(place, name.replace("/", "-"))
                write(folder, files)
                real, full = os.path.join(place, "elsewhere"), os.path.join(folder, name)
                os.replace(full, real)
                os.symlink(real, full)
                self.assertEqual(program.main([folder]), 1, name)
                os.remove(full)
                os.mkfifo(full)
                self.assertEqual(program.main([folder]), 1, name)
            write(os.path.join(place, "record"), files)
            os.symlink(os.path.join(place, "record"), os.path.join(place, "link"))
            self.assertEqual(program.main([os.path.join(place, "link")]), program.NOT_COMPARED)

    def test_rejects_r8_01_tar_members_of_other_types(self):
        files = at("finished").files()
        for kind, code in ((tarfile.REGTYPE, 5), (tarfile.AREGTYPE, 1), (tarfile.CONTTYPE, 1),
                           (tarfile.GNUTYPE_SPARSE, 1), (tarfile.SYMTYPE, 1)):
            with tempfile.NamedTemporaryFile() as tar, mock.patch("builtins.print"):
                tar.write(b"".join(member(name, files[name], kind) for name in record.FILES))
                tar.write(bytes(1024))
                tar.flush()
                self.assertEqual(program.main([tar.name]), code, kind)

    def test_rejects_r8_01_a_tar_in_other_bytes(self):
        files = at("finished").files()
        with tempfile.NamedTemporaryFile() as tar:
            def refused(data):
                with open(tar.name, "wb") as handle:
                    handle.write(data)
                with self.assertRaises(RuleError) as caught:
                    record.load(tar.name)
                self.assertEqual(caught.exception.rule, "R8.01")

            good = record.tar_bytes(files)
            with open(tar.name, "wb") as handle:
                handle.write(good)
            self.assertEqual(record.load(tar.name), files)
            for what, data in other_tars(files, record.FILES):
                with self.subTest(what):
                    self.assertNotEqual(data, good)
                    refused(data)
            for end in (0, 1, 511, 512, 513, len(good) - 1024, len(good) - 1):
                with self.subTest(f"cut at {end}"):
                    refused(good[:end])
            refused(good + b"\0")

    def test_a_header_of_the_tar(self):
        """The table of chapter 08 §1, byte by byte."""
        header = record.tar_header("view/result.json", 0o1234567)
        self.assertEqual(len(header), 512)
        for first, last, content in (
                (0, 15, b"view/result.json"), (16, 99, bytes(84)), (100, 107, b"0000644\0"),
                (108, 123, bytes(16)), (124, 135, b"00001234567\0"), (136, 147, b"00000000000\0"),
                (155, 155, b"\0"), (156, 156, b"0"), (157, 256, bytes(100)),
                (257, 264, b"ustar\x0000"), (265, 511, bytes(247))):
            self.assertEqual(header[first:last + 1], content, first)
        blank = header[:148] + 8 * b" " + header[156:]
        self.assertEqual(int(header[148:155], 8), sum(blank))
        self.assertEqual(len(record.tar_header("manifest.bin", 2**33 - 1)), 512)
        with self.assertRaises(ValueError):
            record.tar_bytes({name: _Huge() for name in record.FILES})


if __name__ == "__main__":
    unittest.main()
