"""Ed25519 verification (RFC 8032), for the validators' finality certificates.

Strict: R and A are canonical encodings and not of small order, S is below ℓ,
and the equation holds without the cofactor.
"""

import hashlib

from . import ristretto as rs


def decompress(data):
    """The curve point of 32 canonical bytes, or None."""
    if len(data) != 32:
        return None
    number = int.from_bytes(data, "little")
    sign, y = number >> 255, number & (1 << 255) - 1
    if y >= rs.P:
        return None
    square, x = rs._sqrt_ratio(y * y - 1, (rs.D * y % rs.P * y + 1) % rs.P)
    if not square or (x == 0 and sign):
        return None
    if x & 1 != sign:
        x = rs.P - x
    return (x, y, 1, x * y % rs.P)


def compress(p):
    """The 32 bytes of a curve point."""
    inverse = pow(p[2], rs.P - 2, rs.P)
    x, y = p[0] * inverse % rs.P, p[1] * inverse % rs.P
    return (y | (x & 1) << 255).to_bytes(32, "little")


def _small_order(p):
    q = rs.double(rs.double(rs.double(p)))
    return q[0] % rs.P == 0 and (q[1] - q[2]) % rs.P == 0


_KEYS = {}


def _key(data):
    if data not in _KEYS:
        point = decompress(data)
        _KEYS[data] = None if point is None or _small_order(point) else rs.neg(point)
    return _KEYS[data]


def key_ok(data):
    """Whether 32 bytes are a canonical encoding of a point that is not of small order."""
    return _key(bytes(data)) is not None


def verify(key, message, signature):
    """Whether the signature holds."""
    minus_a = _key(bytes(key))
    if minus_a is None or len(signature) != 64:
        return False
    s = int.from_bytes(signature[32:], "little")
    r = decompress(signature[:32])
    if s >= rs.ORDER or r is None or _small_order(r):
        return False
    digest = hashlib.sha512(signature[:32] + key + message).digest()
    k = int.from_bytes(digest, "little") % rs.ORDER
    return compress(rs.add(rs.mul_base(s), rs.mul(k, minus_a))) == signature[:32]
