"""HPKE base mode with X25519, HKDF-SHA256 and ChaCha20-Poly1305 (RFC 9180), opening only.

For the vectors of chapter 02; a verifier never opens a share.
"""

import hashlib
import hmac

PRIME = 2**255 - 19
KEM_ID, SUITE = b"KEM\x00\x20", b"HPKE\x00\x20\x00\x01\x00\x03"


def x25519(secret, public):
    """RFC 7748 §5."""
    k = int.from_bytes(secret, "little") & (1 << 255) - 8 & (1 << 255) - 1 | 1 << 254
    u = int.from_bytes(public, "little") & (1 << 255) - 1
    x2, z2, x3, z3 = 1, 0, u, 1
    for t in range(254, -1, -1):
        bit = k >> t & 1
        if bit:
            x2, x3, z2, z3 = x3, x2, z3, z2
        a, b, c, d = x2 + z2, x2 - z2, x3 + z3, x3 - z3
        aa, bb, da, cb = a * a % PRIME, b * b % PRIME, d * a % PRIME, c * b % PRIME
        e = aa - bb
        x3, z3 = (da + cb) ** 2 % PRIME, u * (da - cb) ** 2 % PRIME
        x2, z2 = aa * bb % PRIME, e * (aa + 121665 * e) % PRIME
        if bit:
            x2, x3, z2, z3 = x3, x2, z3, z2
    return (x2 * pow(z2, PRIME - 2, PRIME) % PRIME).to_bytes(32, "little")


def extract(salt, ikm, digest=hashlib.sha256):
    """HKDF-Extract (RFC 5869)."""
    return hmac.new(salt or bytes(digest().digest_size), ikm, digest).digest()


def expand(prk, info, size, digest=hashlib.sha256):
    """HKDF-Expand."""
    out, block, counter = b"", b"", 1
    while len(out) < size:
        block = hmac.new(prk, block + info + bytes((counter,)), digest).digest()
        out += block
        counter += 1
    return out[:size]


def _labeled_extract(suite, salt, label, ikm):
    return extract(salt, b"HPKE-v1" + suite + label + ikm)


def _labeled_expand(suite, prk, label, info, size):
    return expand(prk, size.to_bytes(2, "big") + b"HPKE-v1" + suite + label + info, size)


def _rotate(x, n):
    return (x << n | x >> 32 - n) & 0xFFFFFFFF


def _quarter(s, a, b, c, d):
    for x, y, z, n in ((a, b, d, 16), (c, d, b, 12), (a, b, d, 8), (c, d, b, 7)):
        s[x] = s[x] + s[y] & 0xFFFFFFFF
        s[z] = _rotate(s[z] ^ s[x], n)


def _chacha(key, counter, nonce):
    words = [0x61707865, 0x3320646E, 0x79622D32, 0x6B206574]
    words += [int.from_bytes(key[i:i + 4], "little") for i in range(0, 32, 4)] + [counter]
    words += [int.from_bytes(nonce[i:i + 4], "little") for i in range(0, 12, 4)]
    s = list(words)
    for _ in range(10):
        for q in ((0, 4, 8, 12), (1, 5, 9, 13), (2, 6, 10, 14), (3, 7, 11, 15),
                  (0, 5, 10, 15), (1, 6, 11, 12), (2, 7, 8, 13), (3, 4, 9, 14)):
            _quarter(s, *q)
    return b"".join((a + b & 0xFFFFFFFF).to_bytes(4, "little") for a, b in zip(s, words))


def _poly1305(key, data):
    r = int.from_bytes(key[:16], "little") & 0x0FFFFFFC0FFFFFFC0FFFFFFC0FFFFFFF
    total = 0
    for i in range(0, len(data), 16):
        total = (total + int.from_bytes(data[i:i + 16] + b"\x01", "little")) * r % (2**130 - 5)
    return (total + int.from_bytes(key[16:32], "little") & (1 << 128) - 1).to_bytes(16, "little")


def _pad(data):
    return data + bytes(-len(data) % 16)


def aead_open(key, nonce, aad, sealed):
    """RFC 8439 §2.8; None when the tag is wrong."""
    data, tag = sealed[:-16], sealed[-16:]
    mac = _pad(aad) + _pad(data) + len(aad).to_bytes(8, "little") + len(data).to_bytes(8, "little")
    if not hmac.compare_digest(_poly1305(_chacha(key, 0, nonce), mac), tag):
        return None
    stream = b"".join(_chacha(key, 1 + i, nonce) for i in range(-(-len(data) // 64)))
    return bytes(a ^ b for a, b in zip(data, stream))


def open_base(secret, encapsulated, info, aad, sealed):
    """Base mode, first message; None when it does not open."""
    shared = x25519(secret, encapsulated)
    if not any(shared):
        return None
    public = x25519(secret, (9).to_bytes(32, "little"))
    prk = _labeled_extract(KEM_ID, b"", b"eae_prk", shared)
    secret = _labeled_expand(KEM_ID, prk, b"shared_secret", encapsulated + public, 32)
    context = (b"\x00" + _labeled_extract(SUITE, b"", b"psk_id_hash", b"")
               + _labeled_extract(SUITE, b"", b"info_hash", info))
    prk = _labeled_extract(SUITE, secret, b"secret", b"")
    key = _labeled_expand(SUITE, prk, b"key", context, 32)
    nonce = _labeled_expand(SUITE, prk, b"base_nonce", context, 12)
    return aead_open(key, nonce, aad, sealed)
