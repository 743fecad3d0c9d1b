"""ristretto255 against the vectors of RFC 9496, appendix A."""

import random
import unittest

from irefuda_verify import ristretto as r

MULTIPLES = """
0000000000000000000000000000000000000000000000000000000000000000
e2f2ae0a6abc4e71a884a961c500515f58e30b6aa582dd8db6a65945e08d2d76
6a493210f7499cd17fecb510ae0cea23a110e8d5b901f8acadd3095c73a3b919
94741f5d5d52755ece4f23f044ee27d5d1ea1e2bd196b462166b16152a9d0259
da80862773358b466ffadfe0b3293ab3d9fd53c5ea6c955358f568322daf6a57
e882b131016b52c1d3337080187cf768423efccbb517bb495ab812c4160ff44e
f64746d3c92b13050ed8d80236a7f0007c3b3f962f5ba793d19a601ebb1df403
44f53520926ec81fbd5a387845beb7df85a96a24ece18738bdcfa6a7822a176d
903293d8f2287ebe10e2374dc1a53e0bc887e592699f02d077d5263cdd55601c
02622ace8f7303a31cafc63f8fc48fdc16e1c8c8d234b2f0d6685282a9076031
20706fd788b2720a1ed2a5dad4952b01f413bcf0e7564de8cdc816689e2db95f
bce83f8ba5dd2fa572864c24ba1810f9522bc6004afe95877ac73241cafdab42
e4549ee16b9aa03099ca208c67adafcafa4c3f3e4e5303de6026e3ca8ff84460
aa52e000df2e16f55fb1032fc33bc42742dad6bd5a8fc0be0167436c5948501f
46376b80f409b29dc2b5f6f0c52591990896e5716f41477cd30085ab7f10301e
e0c418f7c8d9c4cdd7395b93ea124f3ad99021bb681dfc3302a9d99a2e53e64e
""".split()

BAD = """
00ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff
ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f
f3ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f
edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f
0100000000000000000000000000000000000000000000000000000000000000
01ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f
ed57ffd8c914fb201471d1c3d245ce3c746fcbe63a3679d51b6a516ebebe0e20
c34c4e1826e5d403b78e246e88aa051c36ccf0aafebffe137d148a2bf9104562
26948d35ca62e643e26a83177332e6b6afeb9d08e4268b650f1f5bbd8d81d371
3eb858e78f5a7254d8c9731174a94f76755fd3941c0ac93735c07ba14579630e
ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f
""".split()

UNIFORM = (
    "5d1be09e3d0c82fc538112490e35701979d99e06ca3e2b5b54bffe8b4dc772c1"
    "4d98b696a1bbfb5ca32c436cc61c16563790306c79eaca7705668b47dffe5bb6",
    "3066f82a1a747d45120d1740f14358531a8f04bbffe6a819f86dfe50f44a0a46",
)


class Ristretto(unittest.TestCase):
    def test_small_multiples(self):
        point = r.IDENTITY
        for index, text in enumerate(MULTIPLES):
            self.assertEqual(r.encode(point).hex(), text)
            self.assertEqual(r.encode(r.mul_base(index)).hex(), text)
            self.assertTrue(r.equal(r.decode(bytes.fromhex(text)), point))
            point = r.add(point, r.BASE)

    def test_bad_encodings(self):
        for text in BAD:
            self.assertIsNone(r.decode(bytes.fromhex(text)), text)
        self.assertIsNone(r.decode(b""))

    def test_one_way_map(self):
        data, want = UNIFORM
        self.assertEqual(r.encode(r.from_uniform(bytes.fromhex(data))).hex(), want)

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
