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
import tarfile


def write(folder, files):
    """Write one record."""
    os.makedirs(os.path.join(folder, "view"), exist_ok=True)
    for name, data in files.items():
        with open(os.path.join(folder, name), "wb") as handle:
            handle.write(data)


def member(name, data, kind=tarfile.REGTYPE):
    """A file of a tar: header, bytes, padding."""
    info = tarfile.TarInfo(name)
    info.size, info.type = len(data), kind
    return info.tobuf(tarfile.USTAR_FORMAT) + data + bytes(-len(data) % 512)


def rules_of(command):
    """(exit code, rules in order of their numbers) of another verifier.

    Its report must have `checks` with a `rule` where one failed and `findings` with a `rule` each,
    whose rules stand behind them, in their order; there is none when it ends with 2 or 3.
    """
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode not in (0, 1, 4, 5):
        return done.returncode, []
    report = json.loads(done.stdout)
    rules = sorted(c["rule"] for c in report["checks"] if c["rule"])
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
    from .all_stories import FINDINGS, STORIES, TRUST
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
