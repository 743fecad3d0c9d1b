"""Blind-signature tokens: RSASSA-PSS with SHA-384, salt 48, e = 65537 (chapter 04 §3)."""

import hashlib
import hmac

from .errors import RuleError
from .hashing import u32
from .wire import top

FIRST, AGAIN, SURVEY = 1, 2, 3
TOKEN = 5
HASH_LEN = SALT_LEN = 48


def message(kind, election, *rest):
    """Canonical bytes of a token message."""
    return top(TOKEN) + bytes((kind,)) + election + b"".join(rest)


def ballot_message(election, vk, seq, prev):
    """The message a ballot's tokens are over; only *again* names the ballot it replaces."""
    if seq == 1:
        return FIRST, message(FIRST, election, vk)
    return AGAIN, message(AGAIN, election, vk, u32(seq), prev)


def check_ballot(manifest, ballot):
    """R4.01: a token of every registrar, *again* under the key of the ballot's window."""
    kind, data = ballot_message(ballot.election, ballot.vk, ballot.seq, ballot.prev)
    if kind == AGAIN and ballot.window >= len(manifest.again_windows):
        raise RuleError("R4.01", f"there is no window {ballot.window}")
    for registrar, signature in zip(manifest.registrars, ballot.tokens):
        modulus = registrar.first if kind == FIRST else registrar.again[ballot.window]
        if not pss_ok(modulus, data, signature):
            raise RuleError("R4.01", "a registrar's token on a ballot")


def _mgf1(seed, size):
    out = b""
    counter = 0
    while len(out) < size:
        out += hashlib.sha384(seed + counter.to_bytes(4, "big")).digest()
        counter += 1
    return out[:size]


def pss_ok(modulus, data, signature):
    """RFC 8017 §8.1.2 for a 2048-bit modulus as 256 big-endian bytes."""
    n, s = int.from_bytes(modulus, "big"), int.from_bytes(signature, "big")
    if n.bit_length() != 2048 or n % 2 == 0 or len(signature) != 256 or s >= n:
        return False
    em = pow(s, 65537, n).to_bytes(256, "big")
    if em[-1] != 0xBC or em[0] & 0x80:
        return False
    masked, tag = em[:256 - HASH_LEN - 1], em[256 - HASH_LEN - 1:-1]
    db = bytearray(a ^ b for a, b in zip(masked, _mgf1(tag, len(masked))))
    db[0] &= 0x7F
    padding = len(db) - SALT_LEN - 1
    if any(db[:padding]) or db[padding] != 1:
        return False
    salt = bytes(db[padding + 1:])
    digest = hashlib.sha384(bytes(8) + hashlib.sha384(data).digest() + salt).digest()
    return hmac.compare_digest(digest, tag)
