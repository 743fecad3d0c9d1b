"""python3 -m tests.write DIR: every story as a record folder, and expected.json.

With --other COMMAND another verifier is run as `COMMAND DIR/NAME` on each; its
exit code and the broken rules of its --json report are compared.
"""

import argparse
import json
import os
import shlex
import subprocess
import sys

from irefuda_verify.record import tar_header


def write(folder, files):
    """Write one record."""
    os.makedirs(os.path.join(folder, "view"), exist_ok=True)
    for name, data in files.items():
        with open(os.path.join(folder, name), "wb") as handle:
            handle.write(data)


def summed(header):
    """A header of a tar with its right sum."""
    blank = header[:148] + b" " * 8 + header[156:]
    return blank[:148] + b"%07o\0" % sum(blank) + blank[156:]


def member(name, data, kind=b"0", change=None):
    """A file of a tar: header, bytes, padding; change may alter the header before it is summed."""
    header = tar_header(name, len(data))
    header = header[:156] + kind + header[157:]
    return summed(change(header) if change else header) + data + bytes(-len(data) % 512)


def _field(at, new):
    return lambda header: header[:at] + new + header[at + len(new):]


def _size(form):
    return lambda h: _field(124, form(int(h[124:135], 8)))(h)


# Headers that other programs write, and that say the same.
OTHER_HEADERS = {
    "of mode 0600": _field(100, b"0000600\0"), "with a mode of file types": _field(100, b"0100644\0"),
    "with a blank behind its mode": _field(100, b"000644 \0"),
    "of owner 0 in digits": _field(108, b"0000000\0"),
    "of group 0 in digits": _field(116, b"0000000\0"), "of another owner": _field(108, b"0001750\0"),
    "with a size of blanks": _size(lambda n: b"%11o\0" % n),
    "with a size that ends in a blank": _size(lambda n: b"%011o " % n),
    "with a size of twelve digits": _size(lambda n: b"%012o" % n),
    "with a size of ten digits": _size(lambda n: b"%010o\0\0" % n),
    "with a size in base 256": _size(lambda n: b"\x80" + n.to_bytes(11, "big")),
    "of another time": _field(136, b"14000000000\0"), "without a time": _field(136, bytes(12)),
    "with a target of a link": _field(157, b"x"), "of the old GNU kind": _field(257, b"ustar  \0"),
    "of no kind": _field(257, bytes(8)), "of version 1": _field(263, b"01"),
    "with an owner's name": _field(265, b"root"), "with a group's name": _field(297, b"root"),
    "with device numbers": _field(329, b"0000000\x000000000\0"),
    "with a prefix": _field(345, b"."), "with a last byte": _field(511, b"\1"),
    "with bytes behind its name": _field(98, b"x"),
}


def other_tars(files, names):
    """(what, a tar of the same files in other bytes), which is R8.01."""
    members = {n: member(n, files[n]) for n in names}

    def tar(**other):
        return b"".join({**members, **other}[n] for n in names) + bytes(1024)

    for number, (what, change) in enumerate(OTHER_HEADERS.items()):
        name = names[number % len(names)]
        yield f"a header {what} ({name})", tar(**{name: member(name, files[name], change=change)})
    name = names[0]
    good = members[name]
    for what, form in {"of six digits": b"%06o\0 ", "of blanks": b"%7o\0",
                       "that ends in a blank": b"%07o "}.items():
        digits = form % int(good[148:155], 8)
        yield f"a sum {what}", tar(**{name: good[:148] + digits + good[156:]})
    yield "a wrong sum", tar(**{name: good[:148] + b"0000000\0" + good[156:]})
    odd = next(n for n in names if len(files[n]) % 512)
    yield "a byte behind a file", tar(**{odd: members[odd][:-1] + b"\1"})
    yield "a file without its zeros", tar(**{odd: members[odd][:-(-len(files[odd]) % 512)]})
    yield "a file with more zeros", tar(**{odd: members[odd] + bytes(512)})
    for size in (0, 512, 1023, 1025, 1536, 10240):
        yield f"{size} zeros at the end", tar()[:-1024] + bytes(size)
    yield "a byte at the end", tar()[:-1] + b"\1"


def rules_of(command):
    """(exit code, rules in order of their numbers) of another verifier.

    Its report must have `checks` with a `rule` where one failed (or where the `status` is
    "finding", which is passed over) and `findings` with a `rule` each, whose rules stand behind
    them, in their order; there is none when it ends with 2 or 3.
    """
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode not in (0, 1, 4, 5):
        return done.returncode, []
    report = json.loads(done.stdout)
    failed = (c for c in report["checks"] if c.get("status") != "finding")
    rules = sorted(c["rule"] for c in failed if c["rule"])
    return done.returncode, rules + [f["rule"] for f in report.get("findings", [])]


def trust_file(folder, trust):
    """Write a trust file beside a record; the arguments that name it."""
    if trust is None:
        return []
    with open(folder + ".trust.json", "w", encoding="utf-8") as handle:
        json.dump(trust, handle, indent=1)
    return ["--trust", folder + ".trust.json"]


def compare(command, folder, rule, found=(), more=()):
    """None when the other verifier agrees, or what it said."""
    said = rules_of(shlex.split(command) + ["--json", folder, *more])
    code = 1 if rule else 5 if not more else 4 if found else 0
    rules = [rule] if rule else []
    return None if said == (code, rules + [name for name, _ in found]) else said


def main():
    """Write, and compare when asked."""
    from . import remember
    from .all_stories import FINDINGS, STORIES, TRUST
    remember.start()
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("dir")
    parser.add_argument("--other", help="command of another verifier")
    args = parser.parse_args()
    expected, differ = {}, 0
    for name, (rule, make) in STORIES.items():
        folder = os.path.join(args.dir, name)
        write(folder, make())
        expected[name] = rule
        more = trust_file(folder, TRUST[name]() if name in TRUST else None)
        found = FINDINGS.get(name, ())
        said = compare(args.other, folder, rule, found, more) if args.other else None
        if said:
            differ += 1
            print(f"{name}: expected {rule}, found {said}")
    with open(os.path.join(args.dir, "expected.json"), "w", encoding="utf-8") as handle:
        json.dump(expected, handle, indent=1)
    print(f"{len(expected)} records, {differ} differ")
    return 1 if differ else 0


if __name__ == "__main__":
    sys.exit(main())
