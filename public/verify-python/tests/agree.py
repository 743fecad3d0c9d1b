"""python3 -m tests.agree RECORD TRUST OTHER: one good record, two verifiers, one digest.

OTHER is the command of another verifier with the same arguments and a `--json`
report that holds `record_digest`.
"""

import json
import shlex
import subprocess
import sys

from irefuda_verify.verify import Verifier


def digest_of(text):
    """The record digest in a JSON report, wherever it stands."""
    report = json.loads(text)
    facts = report.get("facts") or report
    return facts.get("record_digest")


def main(record, trust, other):
    """0 when both accept the record and name the same digest."""
    with open(trust, encoding="utf-8") as handle:
        report = Verifier(record, json.load(handle)).run()
    failed = report.first_failed()
    mine = None if failed else report.facts["record_digest"]
    command = shlex.split(other) + ["--json", record, "--trust", trust]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    good = 4 if report.findings else 0
    theirs = digest_of(done.stdout) if done.returncode == good else None
    print(f"second verifier {mine or failed.rule}")
    print(f"first verifier  {theirs or f'exit {done.returncode}'}")
    return 0 if mine and mine == theirs else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
