"""Reading a public record: a folder or an uncompressed tar (chapter 08 §1)."""

import os
import re

from .errors import RuleError

FILES = ("manifest.bin", "entries.bin", "blocks.bin", "finality.bin",
         "view/counted.json", "view/election.json", "view/result.json")


BLOCK = 512
TAR_END = 2 * BLOCK
TAR_LIMIT = 8**11  # a size has eleven octal digits


class Unreachable(Exception):
    """There is nothing to read at the given place."""


def load(path):
    """{name: bytes} of exactly the record's files; R8.01 otherwise."""
    if os.path.isdir(path):
        return _folder(path)
    if os.path.isfile(path):
        return _tar(path)
    raise Unreachable(path)


def _folder(path):
    found = {}
    for place, folders, files in os.walk(path):
        inside = os.path.relpath(place, path)
        prefix = "" if inside == "." else inside.replace(os.sep, "/") + "/"
        for name in folders:
            if prefix + name != "view" or os.path.islink(os.path.join(place, name)):
                raise RuleError("R8.01", f"a folder {prefix + name!a} that does not belong there")
        for name in files:
            full = os.path.join(place, name)
            if prefix + name not in FILES or not os.path.isfile(full) or os.path.islink(full):
                raise RuleError("R8.01", f"a file {prefix + name!a} that does not belong there")
            with open(full, "rb") as handle:
                found[prefix + name] = handle.read()
    for name in FILES:
        if name not in found:
            raise RuleError("R8.01", f"{name} is missing")
    return found


def tar_header(name, size):
    """The one header of a file in a record's tar."""
    fields = (name.encode().ljust(100, b"\0"), b"0000644\0", bytes(16), b"%011o\0" % size,
              b"%011o\0" % 0, b" " * 8, b"0", bytes(100), b"ustar\00000", bytes(247))
    header = b"".join(fields)
    return header[:148] + b"%07o\0" % sum(header) + header[156:]


def tar_bytes(files):
    """The one tar of a record."""
    if any(len(files[name]) >= TAR_LIMIT for name in FILES):
        raise ValueError("a file of 8 GiB or more does not fit into a tar")
    parts = [tar_header(name, len(files[name])) + files[name] + bytes(-len(files[name]) % BLOCK)
             for name in FILES]
    return b"".join(parts) + bytes(TAR_END)


def _tar(path):
    with open(path, "rb") as handle:
        data = handle.read()
    found, place = {}, 0
    for name in FILES:
        header = data[place:place + BLOCK]
        digits = header[124:135]
        size = int(digits, 8) if re.fullmatch(rb"[0-7]{11}", digits) else None
        if size is None or header != tar_header(name, size):
            raise RuleError("R8.01", f"the tar has not the header of {name} where it should be")
        place += BLOCK
        end = place + size
        found[name] = data[place:end]
        place = end + -end % BLOCK
        if place > len(data) or any(data[end:place]):
            raise RuleError("R8.01", f"{name} is cut short, or not filled up with zeros")
    if data[place:] != bytes(TAR_END):
        raise RuleError("R8.01", "the tar does not end in 1024 zeros after its seven files")
    return found


class Items:
    """A file as a sequence of whole items; R8.02 when it ends inside one or one is too long."""

    def __init__(self, name, data):
        self.name, self.data, self.at = name, data, 0

    def more(self):
        """Whether bytes remain."""
        return self.at < len(self.data)

    def take(self, size):
        """A piece of fixed size."""
        end = self.at + size
        if end > len(self.data):
            raise RuleError("R8.02", f"{self.name} ends inside an item")
        piece = self.data[self.at:end]
        self.at = end
        return piece

    def sized(self, limit):
        """u32 length and that many bytes, at most limit."""
        size = int.from_bytes(self.take(4), "little")
        if size > limit:
            raise RuleError("R8.02", f"an item of {size} bytes in {self.name}")
        return self.take(size)
