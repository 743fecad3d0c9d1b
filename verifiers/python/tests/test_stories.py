"""Every forgery is refused under its rule; the honest elections pass."""

import functools
import os
import tarfile
import tempfile
import unittest
from unittest import mock

from irefuda_verify import __main__ as program
from irefuda_verify import ballot, board, ceremony, ed25519, manifest, proofs, record, token

from .stories import STORIES, at, judge
from .write import write


def remembered():
    """The stories share their beginnings: signatures already judged are not judged again."""
    schnorr = functools.lru_cache(None)(proofs.schnorr_ok)
    patches = [mock.patch.object(m, "schnorr_ok", schnorr)
               for m in (ballot, board, ceremony, manifest)]
    patches.append(mock.patch.object(ed25519, "verify", functools.lru_cache(None)(ed25519.verify)))
    patches.append(mock.patch.object(token, "pss_ok", functools.lru_cache(None)(token.pss_ok)))
    return patches


class Stories(unittest.TestCase):
    def setUp(self):
        for patch in remembered():
            patch.start()
            self.addCleanup(patch.stop)

    def test_every_story(self):
        for name, (rule, make) in STORIES.items():
            with self.subTest(name):
                self.assertEqual(judge(make()), rule)

    def test_trust_file(self):
        s = at("finished")
        files, w = s.files(), s.world
        good = {"authority": w.manifest.authority.hex(), "network": w.network.id.hex(),
                "validators": [v.engine.hex() for v in w.network.validators]}
        self.assertIsNone(judge(files, good))
        self.assertEqual(judge(files, {**good, "authority": "00"}), "R8.07")
        self.assertEqual(judge(files, {**good, "network": "00"}), "R8.08")
        self.assertEqual(judge(files, {**good, "validators": good["validators"][1:]}), "R8.08")

    def test_folder_and_tar(self):
        files = at("finished").files()
        with tempfile.TemporaryDirectory() as place:
            folder, tar = os.path.join(place, "record"), os.path.join(place, "record.tar")
            write(folder, files)
            with mock.patch("builtins.print"):
                self.assertEqual(program.main([folder]), 0)
                self.assertEqual(program.main([folder + "/nothing"]), 3)
                with tarfile.open(tar, "w", format=tarfile.USTAR_FORMAT) as archive:
                    for name in record.FILES:
                        archive.add(os.path.join(folder, name), name)
                self.assertEqual(program.main([tar, "--json"]), 0)
                self.assertEqual(program.main([tar, "--election", "00"]), 1)
                with open(tar, "ab") as handle:
                    handle.write(b"x")
                self.assertEqual(program.main([tar]), 1)
                with tarfile.open(tar, "w", format=tarfile.USTAR_FORMAT) as archive:
                    for name in reversed(record.FILES):
                        archive.add(os.path.join(folder, name), name)
                self.assertEqual(program.main([tar]), 1)
                with open(os.path.join(folder, "view", "more.json"), "w"):
                    pass
                self.assertEqual(program.main([folder]), 1)


if __name__ == "__main__":
    unittest.main()
