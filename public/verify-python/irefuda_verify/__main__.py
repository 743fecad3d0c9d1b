"""python3 -m irefuda_verify RECORD [--trust FILE] [--election HASH] [--json]"""

import argparse
import dataclasses
import json
import sys

from .record import Unreachable
from .trust import digits, parse
from .verify import Verifier

OK, FAILED, USAGE, NOT_REACHABLE, NOT_COMPARED = 0, 1, 2, 3, 5


def read_trust(path):
    """The trust file's keys, or an exit with code 2."""
    try:
        with open(path, "rb") as handle:
            return parse(handle.read().decode("utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        print(f"trust file: {error}", file=sys.stderr)
        sys.exit(USAGE)


def election_hash(text):
    """The hash given on the command line."""
    found = digits(text, 64)
    if found is None:
        raise argparse.ArgumentTypeError("not 128 lower-case hexadecimal digits")
    return found


def show(report, end):
    """The report for people."""
    for check in report.checks:
        rule = f" {check.rule}" if check.rule else ""
        text = f": {check.text}" if check.text else ""
        print(f"{check.state:8}{check.name} ({check.rules}){rule}{text}")
    for name, value in report.facts.items():
        print(f"{name} = {value}")
    failed = report.first_failed()
    sound = "OK" if end == OK else "SOUND, but whose election it is was not compared"
    print(f"FAILED {failed.rule}" if failed else sound)


def main(argv=None):
    """Exit 0 when every check passed, 1 when one failed, 2 usage, 3 no record, 5 not compared."""
    parser = argparse.ArgumentParser(prog="irefuda_verify", description="Checks a public record.")
    parser.add_argument("record", help="folder or uncompressed tar")
    parser.add_argument("--trust", help="trust file (JSON)")
    parser.add_argument("--election", type=election_hash, help="election hash (hex) to expect")
    parser.add_argument("--json", action="store_true", help="print the report as JSON")
    args = parser.parse_args(argv)
    trust = read_trust(args.trust) if args.trust else None
    try:
        report = Verifier(args.record, trust, args.election).run()
    except (Unreachable, OSError) as error:
        print(f"no record: {error}", file=sys.stderr)
        return NOT_REACHABLE
    failed = report.first_failed()
    compared = trust is not None or args.election is not None
    end = FAILED if failed else OK if compared else NOT_COMPARED
    if args.json:
        body = {"checks": [dataclasses.asdict(c) for c in report.checks],
                "facts": report.facts, "failed": failed.rule if failed else None}
        print(json.dumps(body, ensure_ascii=False, indent=1))
    else:
        show(report, end)
    return end


if __name__ == "__main__":
    sys.exit(main())
