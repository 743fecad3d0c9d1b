"""Every vector of `vectors/`, recomputed."""

import json
import pathlib
import unittest

from .hpke import open_base
from .vectors import KINDS

FOLDER = pathlib.Path(__file__).resolve().parents[3] / "vectors"

# RFC 9180 A.2.1, sequence number 0.
HPKE = {
    "secret": "8057991eef8f1f1af18f4a9491d16a1ce333f695d4db8e38da75975c4478e0fb",
    "encapsulated": "1afa08d3dec047a643885163f1180476fa7ddb54c6a8029ea33f95796bf2ac4a",
    "info": "4f6465206f6e2061204772656369616e2055726e",
    "aad": "436f756e742d30",
    "sealed": "1c5250d8034ec2b784ba2cfd69dbdb8af406cfe3ff938e131f0def8c8b60b4db"
              "21993c62ce81883d2dd1b51a28",
}


class Vectors(unittest.TestCase):
    def test_every_vector(self):
        count, kinds = 0, set()
        for path in sorted(FOLDER.glob("*.json")):
            content = json.loads(path.read_text(encoding="utf-8"))
            for group in content["groups"]:
                kinds.add(group["kind"])
                for vector in group["vectors"]:
                    count += 1
                    with self.subTest(f"{path.name}: {group['kind']}: {vector['name']}"):
                        out, expect = KINDS[group["kind"]](vector["in"], content["shared"])
                        self.assertEqual(expect, vector["expect"])
                        self.assertEqual(out, vector["out"])
        print(f"{count} vectors")
        self.assertEqual(kinds, set(KINDS))
        self.assertGreater(count, 500)

    def test_a_changed_vector_is_noticed(self):
        path = FOLDER / "01-notation.json"
        content = json.loads(path.read_text(encoding="utf-8"))
        vector = content["groups"][0]["vectors"][0]
        changed = {**vector["in"], "fields": ["00"]}
        self.assertNotEqual(KINDS["hash"](changed, {})[0], vector["out"])

    def test_rfc_9180(self):
        fields = {name: bytes.fromhex(text) for name, text in HPKE.items()}
        self.assertEqual(open_base(**fields), b"Beauty is truth, truth beauty")


if __name__ == "__main__":
    unittest.main()
