"""python3 -m irefuda_verify RECORD [--trust FILE] [--election HASH] [--json]"""

import argparse
import dataclasses
import json
import sys

from .record import Unreachable
from .trust import digits, parse
from .verify import Verifier

OK, FAILED, USAGE, NOT_REACHABLE, FOUND, NOT_COMPARED = 0, 1, 2, 3, 4, 5

FINDINGS = {
    "R8.10": "reported fewer credentials than ballots were counted",
    "R8.11": "did not report every day of the vote",
    "R8.14": "reported fewer further tokens than ballots were replaced",
    "R8.17": "reported more than six hours after the day",
    "R8.18": "reported after the first decryption share",
    "R8.19": "lacks as much as the smallest margin, or more",
}


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
    for found in report.findings:
        days = "".join(f" {day}" for day in found["days"])
        print(f"finding {found['rule']}: registrar {found['registrar']} {FINDINGS[found['rule']]}"
              f"{' (days' + days + ')' if days else ''}; days without a report {found['missing']}, "
              f"difference {found['difference']}, smallest margin {found['margin']}")
    for name, value in report.facts.items():
        print(f"{name} = {value}")
    print(last_line(report, end))


def last_line(report, end):
    """What the exit code says, in words."""
    if end == FAILED:
        return f"FAILED {report.first_failed().rule}"
    if end == NOT_COMPARED:
        return "SOUND, but whose election it is was not compared"
    if end == FOUND:
        if any(found["rule"] == "R8.19" for found in report.findings):
            return "SOUND, but the outcome rests on the word of the other registrars"
        return "SOUND, with findings that people have to judge"
    return "OK"


def exit_code(report, compared):
    """The exit code of a record that was read."""
    if report.first_failed():
        return FAILED
    if not compared:
        return NOT_COMPARED
    return FOUND if report.findings else OK


def main(argv=None):
    """Exit 0 every check passed, 1 one failed, 2 usage, 3 no record, 4 findings, 5 not compared."""
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
    end = exit_code(report, trust is not None or args.election is not None)
    if args.json:
        body = {"checks": [dataclasses.asdict(c) for c in report.checks],
                "findings": report.findings, "facts": report.facts,
                "failed": failed.rule if failed else None}
        print(json.dumps(body, ensure_ascii=False, indent=1))
    else:
        show(report, end)
    return end


if __name__ == "__main__":
    sys.exit(main())
