"""Every vector of `vectors/`, recomputed."""

import json
import pathlib
import unittest

from irefuda_verify import merkle
from irefuda_verify import ristretto as rs

from .hpke import open_base
from .vectors import KINDS, number

FOLDER = pathlib.Path(__file__).resolve().parents[3] / "vectors"


def published(name):
    """A file of vectors that others published."""
    return json.loads((FOLDER / "published" / name).read_text(encoding="utf-8"))


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



class Published(unittest.TestCase):
    def test_rfc_9180(self):
        v = published("rfc9180-hpke.json")
        fields = [v[k] for k in ("recipient_secret", "encapsulated", "info", "aad", "ciphertext")]
        self.assertEqual(open_base(*map(bytes.fromhex, fields)), bytes.fromhex(v["plaintext"]))

    def test_rfc_9496(self):
        v = published("rfc9496-ristretto255.json")
        for n, text in enumerate(v["multiples"]):
            self.assertEqual(rs.encode(rs.mul_base(n)).hex(), text)
        for text in v["refused"]:
            self.assertIsNone(rs.decode(bytes.fromhex(text)), text)
        for case in v["one_way_map"]:
            point = rs.from_uniform(bytes.fromhex(case["input"]))
            self.assertEqual(rs.encode(point).hex(), case["point"])

    def test_rfc_6962(self):
        v = published("rfc6962-merkle.json")
        leaves = [bytes.fromhex(text) for text in v["leaves"]]
        for n, root in enumerate(v["roots"]):
            self.assertEqual(merkle.root_of(leaves[:n]).hex(), root)

    def test_frost(self):
        v = published("frost-ristretto255-dkg.json")
        polynomials = {d["id"]: [number(c) for c in d["coefficients"]] for d in v["dealers"]}
        for dealer in v["dealers"]:
            made = [rs.encode(rs.mul_base(c)).hex() for c in polynomials[dealer["id"]]]
            self.assertEqual(made, dealer["commitments"])
        for r in v["received"]:
            shares = {i: (a + b * r["to"]) % rs.ORDER for i, (a, b) in polynomials.items()}
            for sender, share in r["shares"].items():
                self.assertEqual(shares[int(sender)], number(share))
            total = sum(shares.values()) % rs.ORDER
            self.assertEqual(total, number(r["share"]))
            self.assertEqual(rs.encode(rs.mul_base(total)).hex(), r["verifying_share"])
        key = rs.mul_base(sum(p[0] for p in polynomials.values()))
        self.assertEqual(rs.encode(key).hex(), v["group_key"])


if __name__ == "__main__":
    unittest.main()
