"""ristretto255 on its own; the vectors of RFC 9496 are in test_vectors.py."""

import random
import unittest

from irefuda_verify import ristretto as r

class Ristretto(unittest.TestCase):
    def test_small_multiples(self):
        point = r.IDENTITY
        for index in range(16):
            self.assertTrue(r.equal(r.decode(r.encode(r.mul_base(index))), point))
            point = r.add(point, r.BASE)
        self.assertIsNone(r.decode(b""))

    def test_order(self):
        self.assertTrue(r.is_identity(r.add(r.mul_base(r.ORDER - 1), r.BASE)))

    def test_multiscalar_ways_agree(self):
        rng = random.Random(1)
        for count in (1, 2, 7, 65):
            pairs = [(rng.randrange(r.ORDER), r.mul_base(rng.randrange(r.ORDER))) for _ in range(count)]
            slow = r.IDENTITY
            for k, p in pairs:
                slow = r.add(slow, r._straus([(k, p)]))
            self.assertTrue(r.equal(slow, r._straus(pairs)))
            self.assertTrue(r.equal(slow, r._pippenger(pairs)))
            self.assertTrue(r.equal(slow, r.msm(pairs)))


if __name__ == "__main__":
    unittest.main()
