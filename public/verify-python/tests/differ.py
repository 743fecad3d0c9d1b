"""python3 -m tests.differ RECORD TRUST OTHER: two verifiers over many damaged copies of one record.

Every damage of the plan (flipped bits, cut and longer files, items swapped, doubled, dropped,
made long, files missing, added, linked, tars of many kinds) is shown to both; exit code and the
rules that failed must be equal. OTHER is the command of another verifier with the same arguments
and a `--json` report whose `checks` have a `rule` where one failed, and its `findings` one each.
The plan comes from a seed, which is printed; with --keep the copies on which the two differ stay.
"""

import argparse
import json
import multiprocessing
import os
import random
import shlex
import shutil
import sys
import tempfile
from collections import Counter

from irefuda_verify.__main__ import exit_code
from irefuda_verify.record import FILES, Unreachable, load
from irefuda_verify.verify import Verifier

from . import remember
from .write import member, other_tars, rules_of, write

CHAIN_FILES = FILES[:4]
MIB = 1 << 20


# -- damages of the bytes ------------------------------------------------------

def items(name, data):
    """A chain file as a list of items, each with its length in front."""
    if name == "blocks.bin":
        return [data[i:i + 118] for i in range(0, len(data), 118)]
    out, at = [], 0
    while at < len(data):
        end = at + 4 + int.from_bytes(data[at:at + 4], "little")
        out.append(data[at:end])
        at = end
    return out


def flip(rng, name, data):
    """One bit."""
    bad, at = bytearray(data), rng.randrange(8 * len(data))
    bad[at // 8] ^= 1 << at % 8
    return bytes(bad)


def flip_early(rng, _name, data):
    """One bit near the beginning, where versions, types and counts stand."""
    return flip(rng, "", data[:128]) + data[128:]


def random_byte(rng, _name, data):
    """Another byte."""
    at = rng.randrange(len(data))
    return data[:at] + bytes(((data[at] + rng.randrange(1, 256)) % 256,)) + data[at + 1:]


def cut(rng, _name, data):
    """The beginning only."""
    return data[:rng.randrange(len(data))]


def cut_items(rng, name, data):
    """The last items are missing."""
    rows = items(name, data)
    return b"".join(rows[:rng.randrange(len(rows))])


def empty(_rng, _name, _data):
    """Nothing."""
    return b""


def append(rng, _name, data):
    """A few bytes behind the end."""
    return data + rng.randbytes(rng.choice((1, 1, 2, 4, 5, 118)))


def append_zero(_rng, _name, data):
    """One zero behind the end."""
    return data + b"\0"


def append_item(rng, name, data):
    """An item of the right outer form behind the end."""
    if name == "blocks.bin":
        return data + b"\x02\x06" + rng.randbytes(116)
    size = rng.choice((0, 1, 40, 300, 4097, 5000, MIB + 1))
    return data + size.to_bytes(4, "little") + bytes(size)


def _rows(change):
    def damage(rng, name, data):
        rows = items(name, data)
        change(rng, rows)
        return b"".join(rows)
    damage.__name__ = change.__name__.strip("_")
    return damage


def _swap(rng, rows):
    a = rng.randrange(len(rows) - 1)
    b = rng.choice((a + 1, rng.randrange(len(rows))))
    rows[a], rows[b] = rows[b], rows[a]


def _double(rng, rows):
    at = rng.randrange(len(rows))
    rows.insert(rng.choice((at, len(rows))), rows[at])


def _drop(rng, rows):
    del rows[rng.randrange(len(rows))]


def _replace(rng, rows):
    rows[rng.randrange(len(rows))] = rng.choice(rows)


def lengthen(rng, name, data):
    """An item in the middle becomes longer than any may be, with its length in front."""
    rows = items(name, data)
    size = rng.choice((4096, 4097, 256 * 1024 + 1, MIB, MIB + 1))
    at = rng.randrange(len(rows))
    rows[at] = size.to_bytes(4, "little") + rows[at][4:] + bytes(max(0, size + 4 - len(rows[at])))
    return b"".join(rows)


def count(rng, name, data):
    """A header counts other entries."""
    rows = items(name, data)
    at = rng.choice((0, 0, rng.randrange(len(rows)), len(rows) - 1))
    old = int.from_bytes(rows[at][114:], "little")
    new = rng.choice((0, old + 1, max(0, old - 1), old + 2048, 4096, 4097, old | 1 << 15, 2**32 - 1))
    rows[at] = rows[at][:114] + new.to_bytes(4, "little")
    return b"".join(rows)


SWAPS = tuple(map(_rows, (_swap, _double, _drop, _replace)))
DAMAGES = {
    "manifest.bin": (flip, flip_early, random_byte, cut, append, append_zero, empty),
    "entries.bin": (flip, flip, flip_early, random_byte, cut, cut_items, append, append_zero,
                    append_item, lengthen, empty, *SWAPS),
    "blocks.bin": (flip, flip_early, random_byte, cut, cut_items, append, append_zero, append_item,
                   count, count, empty, *SWAPS),
    "finality.bin": (flip, flip_early, random_byte, cut, cut_items, append, append_zero,
                     append_item, lengthen, empty, *SWAPS),
    **{name: (flip, cut, append, append_zero, empty) for name in FILES[4:]},
}


# -- damages of the files ------------------------------------------------------

def tar_of(files, names=FILES, kinds=(), end=bytes(1024)):
    """A tar; kinds = {name: type} for members that are no regular files."""
    kinds = dict(kinds)
    return b"".join(member(n, files[n], kinds.get(n, b"0")) for n in names) + end


def _tars(files, rng):
    whole = tar_of(files)
    yield "tar", whole
    for kind in (b"\0", b"1", b"2", b"5", b"6", b"7", b"L", b"S", b"V", b"g", b"x", b"Z"):
        name = rng.choice(FILES)
        yield f"tar with {name} of type {kind}", tar_of(files, kinds={name: kind})
    yield "tar in another order", tar_of(files, FILES[::-1])
    yield "tar without its last file", tar_of(files, FILES[:-1])
    yield "tar with a file twice", tar_of(files, (*FILES, FILES[-1]))
    more = {**files, "more": b"", "view/": b""}
    yield "tar with one file more", tar_of(more, (*FILES, "more"))
    yield "tar with a folder", tar_of(more, (*FILES[:4], "view/", *FILES[4:]), {"view/": b"5"})
    for size in (1, 511):
        yield f"tar with {size} zeros at its end", tar_of(files, end=bytes(size))
    for what, data in other_tars(files, FILES):
        yield "tar with " + what, data
    yield "tar with a byte behind its end", whole + b"x"
    for at in sorted(rng.randrange(len(whole)) for _ in range(6)):
        yield f"tar cut at {at}", whole[:at]
    for name in FILES:
        at = whole.index(name.encode() + b"\0") + rng.randrange(512)
        yield f"tar with a flip at {at} in a header", flip(rng, "", whole[at:at + 1]).join(
            (whole[:at], whole[at + 1:]))
    yield "an empty file as a tar", b""
    yield "zeros as a tar", bytes(10240)


def _remove(name):
    return lambda folder: os.remove(os.path.join(folder, name))


def _link(name):
    def damage(folder):
        full = os.path.join(folder, name)
        os.replace(full, folder + ".elsewhere")
        os.symlink(folder + ".elsewhere", full)
    return damage


def _other_kind(make):
    def damage(folder):
        full = os.path.join(folder, "finality.bin")
        os.remove(full)
        make(full)
    return damage


def _new(name):
    return lambda folder: open(os.path.join(folder, name), "wb").close()


def _folder(name):
    return lambda folder: os.mkdir(os.path.join(folder, name))


def _linked_view(folder):
    os.rename(os.path.join(folder, "view"), folder + ".elsewhere")
    os.symlink(folder + ".elsewhere", os.path.join(folder, "view"))


FOLDERS = {
    **{f"without {name}": _remove(name) for name in FILES},
    **{f"{name} is a link": _link(name) for name in FILES},
    "finality.bin is a pipe": _other_kind(os.mkfifo),
    "finality.bin is a folder": _other_kind(os.mkdir),
    "view is a link": _linked_view,
    "a file more": _new("more.bin"),
    "a hidden file more": _new(".more"),
    "a view more": _new("view/more.json"),
    "an empty folder more": _folder("more"),
    "an empty folder more in view": _folder("view/more"),
    "no view": lambda folder: shutil.rmtree(os.path.join(folder, "view")),
    "nothing at all": shutil.rmtree,
}


def plan(files, seed, per_file):
    """(what, bytes of a tar or files, change of the folder) for every damage."""
    rng = random.Random(seed)
    yield "as it is", files, None
    for name, damages in DAMAGES.items():
        # Views are compared last, after the whole chain: one of each kind tells enough.
        for turn in range(per_file if name in CHAIN_FILES else len(damages)):
            damage = damages[turn % len(damages)]
            changed = damage(rng, name, files[name])
            if changed != files[name]:
                yield f"{name}: {damage.__name__} {turn}", {**files, name: changed}, None
    for what, change in FOLDERS.items():
        yield what, files, change
    for what, data in _tars(files, rng):
        yield what, data, None


# -- two verifiers ----------------------------------------------------------------

def this_one(path, trust):
    """(exit code, rules) of this verifier."""
    try:
        report = Verifier(path, trust).run()
    except (Unreachable, OSError):
        return 3, []
    rules = sorted(report.failed_rules()) + [found["rule"] for found in report.findings]
    return exit_code(report, True), rules


def that_one(command, path, trust):
    """(exit code, rules) of the other verifier."""
    return rules_of(shlex.split(command) + ["--json", path, "--trust", trust])


def judge(case):
    """(what, kept path or "", what this one says, what that one says)."""
    number, (what, content, change), (trust, keys, command, keep) = case
    place = tempfile.mkdtemp()
    path = os.path.join(place, f"{number}")
    try:
        if isinstance(content, bytes):
            with open(path, "wb") as handle:
                handle.write(content)
        else:
            write(path, content)
        if change:
            FOLDERS[change](path)
        mine, theirs = this_one(path, keys), that_one(command, path, trust)
        if mine != theirs and keep:
            shutil.move(path, os.path.join(keep, f"{number}"))
        return what, mine, theirs
    finally:
        shutil.rmtree(place)


def main():
    """0 when both say the same about every copy."""
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("record", "trust", "other"):
        parser.add_argument(name)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--per-file", type=int, default=60, help="damages of each chain file")
    parser.add_argument("--keep", help="folder for the copies on which the two differ")
    args = parser.parse_args()
    with open(args.trust, encoding="utf-8") as handle:
        keys = json.load(handle)
    shared = (args.trust, keys, args.other, args.keep)
    cases = [(n, (what, content, what if change else None), shared) for n, (what, content, change)
             in enumerate(plan(load(args.record), args.seed, args.per_file))]
    differ, said = 0, Counter()
    with multiprocessing.Pool(2, remember.start) as pool:
        for what, mine, theirs in pool.imap(judge, cases, 8):
            said[" ".join(mine[1]) or f"exit {mine[0]}"] += 1
            if mine != theirs:
                differ += 1
                print(f"{what}: second verifier {mine}, first verifier {theirs}")
    print(f"seed {args.seed}: " + ", ".join(f"{k} {n}" for k, n in sorted(said.items())))
    # A plan under which everything is accepted, or nothing, compares nothing.
    alive = said["exit 0"] >= 2 and len(said) > 8
    print(f"{len(cases)} damaged records, {differ} differ")
    return 0 if alive and not differ else 1


if __name__ == "__main__":
    sys.exit(main())
