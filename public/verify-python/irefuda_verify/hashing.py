"""Framed SHA-512 with purposes, transcripts, generators (chapter 01 §1)."""

import hashlib
from functools import lru_cache

from . import ristretto

PREFIX = b"irefuda/v2/"


def u8(n):
    """One byte."""
    return bytes((n,))


def u16(n):
    """Two little-endian bytes."""
    return n.to_bytes(2, "little")


def u32(n):
    """Four little-endian bytes."""
    return n.to_bytes(4, "little")


def u64(n):
    """Eight little-endian bytes."""
    return n.to_bytes(8, "little")


def frame(data):
    """Length as u64, then the bytes."""
    return len(data).to_bytes(8, "little") + data


def h(purpose, *fields):
    """H(purpose, fields…), 64 bytes."""
    state = hashlib.sha512(frame(PREFIX + purpose.encode()))
    for field in fields:
        state.update(frame(field))
    return state.digest()


def scalar(digest):
    """64 bytes as a little-endian integer mod ℓ."""
    return int.from_bytes(digest, "little") % ristretto.ORDER


@lru_cache(maxsize=None)
def generator(label, index):
    """gen(label, i)."""
    return ristretto.from_uniform(h("generator", label.encode(), u32(index)))


class Transcript:
    """A running hash; challenges are digests of copies."""

    def __init__(self, purpose):
        self._state = hashlib.sha512(frame(PREFIX + purpose.encode()))

    def add(self, data):
        """Append one frame."""
        self._state.update(frame(data))

    def number(self, n):
        """Append a number as a framed u64."""
        self._state.update(frame(u64(n)))

    def points(self, *encoded):
        """Append one frame with all encodings."""
        self._state.update(frame(b"".join(encoded)))

    def challenge(self, label):
        """A scalar that depends on everything so far."""
        self.add(label.encode())
        return scalar(self._state.copy().digest())
