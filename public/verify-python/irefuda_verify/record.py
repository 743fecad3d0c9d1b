"""Reading a public record: a folder or an uncompressed tar (chapter 08 §1)."""

import os
import tarfile

from .errors import RuleError

FILES = ("manifest.bin", "entries.bin", "blocks.bin", "finality.bin",
         "view/counted.json", "view/election.json", "view/result.json")


BLOCK = 512


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
                raise RuleError("R8.01", f"a folder {prefix + name} that does not belong there")
        for name in files:
            full = os.path.join(place, name)
            if prefix + name not in FILES or not os.path.isfile(full) or os.path.islink(full):
                raise RuleError("R8.01", f"a file {prefix + name} that does not belong there")
            with open(full, "rb") as handle:
                found[prefix + name] = handle.read()
    for name in FILES:
        if name not in found:
            raise RuleError("R8.01", f"{name} is missing")
    return found


def _tar(path):
    with open(path, "rb") as handle:
        data = handle.read()
    found, place = {}, 0
    for name in FILES:
        try:
            member = tarfile.TarInfo.frombuf(data[place:place + BLOCK], "utf-8", "strict")
        except (tarfile.HeaderError, ValueError) as error:
            raise RuleError("R8.01", f"not an uncompressed tar ({error})") from None
        end = place + BLOCK + member.size
        regular = member.type in (tarfile.REGTYPE, tarfile.AREGTYPE)
        if member.name != name or not regular or member.size < 0 or end > len(data):
            raise RuleError("R8.01", f"the tar has no {name} where it should be")
        found[name] = data[place + BLOCK:end]
        place = end + -end % BLOCK
    rest = data[place:]
    if len(rest) < 2 * BLOCK or any(rest):
        raise RuleError("R8.01", "the tar does not end in zeros after its seven files")
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
