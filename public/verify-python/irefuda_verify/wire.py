"""The canonical codec: one byte string per value (chapter 01 §2)."""

import bisect
import functools
import pathlib
import unicodedata

from . import ristretto
from .errors import RuleError

VERSION = 2


@functools.cache
def _ranges():
    """(first, last) of the code points assigned in Unicode 14.0; a copy of the specification's."""
    lines = pathlib.Path(__file__).with_name("assigned-14.txt").read_text("utf-8").splitlines()
    return [tuple(int(x, 16) for x in line.split("..")) for line in lines if line[0] != "#"]


@functools.cache
def assigned(char):
    """Whether Unicode 14.0 assigns a character; private use is, noncharacters are not."""
    code = ord(char)
    behind = bisect.bisect_right(_ranges(), (code, 0x110000))
    return behind > 0 and code <= _ranges()[behind - 1][1]


class Reader:
    """Reads canonical bytes; every refusal is a rule R0.xx."""

    def __init__(self, data):
        self.data = data
        self.at = 0

    def raw(self, size):
        """Exactly size bytes."""
        end = self.at + size
        if end > len(self.data):
            raise RuleError("R0.01", f"the value ends early: {size} bytes wanted at {self.at}")
        piece = self.data[self.at:end]
        self.at = end
        return piece

    def left(self):
        """How many bytes remain."""
        return len(self.data) - self.at

    def end(self):
        """Nothing may follow."""
        if self.at != len(self.data):
            raise RuleError("R0.01", f"{self.left()} bytes after the end of a value")

    def header(self, kind):
        """Version and type of a top-level value."""
        version, found = self.raw(1)[0], self.raw(1)[0]
        if version != VERSION or found != kind:
            raise RuleError("R0.02", f"version {version} type {found}, not {VERSION} and {kind}")

    def _int(self, size):
        return int.from_bytes(self.raw(size), "little")

    def u8(self):
        """One byte."""
        return self._int(1)

    def u16(self):
        """Two bytes."""
        return self._int(2)

    def u32(self):
        """Four bytes."""
        return self._int(4)

    def u64(self):
        """Eight bytes."""
        return self._int(8)

    def flag(self):
        """A boolean byte."""
        value = self.u8()
        if value > 1:
            raise RuleError("R0.05", f"a boolean byte {value}")
        return value == 1

    def tag(self, allowed):
        """An enum tag out of allowed."""
        value = self.u8()
        if value not in allowed:
            raise RuleError("R0.05", f"an unknown tag {value}")
        return value

    def option(self, read):
        """A value that may be absent."""
        return read() if self.flag() else None

    def count(self, limit):
        """A length or count within its limit."""
        value = self.u32()
        if value > limit:
            raise RuleError("R0.03", f"a length or count {value} above {limit}")
        return value

    def bytes(self, limit):
        """Length and bytes."""
        return self.raw(self.count(limit))

    def text(self, limit):
        """UTF-8 in NFC, of assigned characters."""
        data = self.bytes(limit)
        try:
            value = data.decode("utf-8")
        except UnicodeDecodeError:
            raise RuleError("R0.04", "text that is not UTF-8") from None
        if not all(map(assigned, value)):
            raise RuleError("R0.04", "a character that Unicode 14.0 does not assign")
        if not unicodedata.is_normalized("NFC", value):
            raise RuleError("R0.04", "text that is not in NFC")
        return value

    def list(self, limit, read):
        """Count and items."""
        return [read() for _ in range(self.count(limit))]

    def point(self):
        """The canonical encoding of an element, as bytes."""
        data = self.raw(32)
        if ristretto.decode(data) is None:
            raise RuleError("R0.06", "a group element that is not canonical")
        return data

    def key(self):
        """A point that is not the identity."""
        data = self.point()
        if data == bytes(32):
            raise RuleError("R0.06", "the identity as a key")
        return data

    def signature(self):
        """64 bytes R ‖ z; R is only compared later, z must be reduced."""
        data = self.raw(32)
        return data + self.scalar().to_bytes(32, "little")

    def scalar(self):
        """A scalar below ℓ, as an integer."""
        value = self._int(32)
        if value >= ristretto.ORDER:
            raise RuleError("R0.07", "a scalar that is not reduced")
        return value


def top(kind):
    """Version and type in front of a top-level value."""
    return bytes((VERSION, kind))


def whole(data, kind, read):
    """A top-level value: header, body by read(reader), nothing after it."""
    reader = Reader(data)
    reader.header(kind)
    value = read(reader)
    reader.end()
    return value


def blob(data):
    """The encoding of a byte string."""
    return len(data).to_bytes(4, "little") + data
