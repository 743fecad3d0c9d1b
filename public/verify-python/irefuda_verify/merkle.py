"""Merkle tree hash and audit paths of RFC 6962 (SHA-256)."""

import hashlib


def leaf(data):
    """Hash of one leaf."""
    return hashlib.sha256(b"\x00" + data).digest()


def node(left, right):
    """Hash of an inner node."""
    return hashlib.sha256(b"\x01" + left + right).digest()


class Log:
    """An append-only tree; the root in O(log n)."""

    def __init__(self):
        self.size = 0
        self._peaks = []

    def append(self, data):
        """Add one leaf."""
        value, rest = leaf(data), self.size
        while rest & 1:
            value = node(self._peaks.pop(), value)
            rest >>= 1
        self._peaks.append(value)
        self.size += 1

    def root(self):
        """Root of the leaves so far."""
        if not self._peaks:
            return hashlib.sha256(b"").digest()
        value = self._peaks[-1]
        for peak in reversed(self._peaks[:-1]):
            value = node(peak, value)
        return value


def root_of(leaves):
    """Root by the recursive definition (for tests and small lists)."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaf(leaves[0])
    split = 1 << (len(leaves) - 1).bit_length() - 1
    return node(root_of(leaves[:split]), root_of(leaves[split:]))


def path_root(data, index, size, path):
    """The root that an audit path leads to, or None when it does not fit."""
    if index >= size:
        return None
    value, fn, sn = leaf(data), index, size - 1
    for sibling in path:
        if sn == 0:
            return None
        if fn & 1 or fn == sn:
            value = node(sibling, value)
            while fn & 1 == 0 and fn:
                fn >>= 1
                sn >>= 1
        else:
            value = node(value, sibling)
        fn >>= 1
        sn >>= 1
    return value if sn == 0 else None
