"""Judge a file of cases and compare with the verdict written beside each.

    python3 -m tests.judge FILE

One case a line, bytes in hexadecimal (a dash for none), the expected verdict last (`ok` or the first broken rule):
genesis NETWORK; block HEADER [ENTRY…] (the next block, accepted); try HEADER [ENTRY…] VERDICT (a
block judged on the state so far and forgotten); manifest BYTES VERDICT; certificate DIGEST BYTES
VERDICT; receipt ENTRY BYTES VERDICT.
"""

import copy
import sys
from collections import Counter

from irefuda_verify import ballot as ballots
from irefuda_verify import chain, manifest, receipt
from irefuda_verify.board import Board, Proofs
from irefuda_verify.entry import HAND_OVER
from irefuda_verify.errors import RuleError
from irefuda_verify.terms import Terms


class Judge:
    """The state after the blocks so far, and a count of verdicts."""

    def __init__(self):
        self.board = self.terms = None
        self.verdicts = Counter()
        self.differ = 0

    def genesis(self, data):
        """The network every case is about."""
        network = chain.decode_network(data)
        self.board = Board(network, network.genesis(ballots.entry_hash(data)))
        self.terms = Terms(network.term)

    def _alone(self, board, entries):
        for data in entries:
            board.proofs = Proofs()
            board._stateless(data)
            board.proofs.flush()
        board.proofs = Proofs()

    def block(self, header, *entries):
        """Take the next block."""
        self._alone(self.board, entries)
        self.board.apply(chain.decode_header(header), entries)
        self.board.proofs = Proofs()
        for data in entries:
            if data[1] == HAND_OVER:
                self.terms.follow(data, self.board.header.height)

    def attempt(self, header, *entries):
        """Judge a block and forget it."""
        self._alone(self.board, entries)
        board = copy.copy(self.board)
        for name in ("setups", "elections"):
            setattr(board, name, dict(getattr(self.board, name)))
        board.digests, board.seen = list(self.board.digests), set(self.board.seen)
        board.times = list(self.board.times)
        same = {}
        for table in (board.setups, board.elections):
            for key, election in table.items():
                if id(election) not in same:
                    same[id(election)] = _copy(election)
                table[key] = same[id(election)]
        board.proofs = Proofs()
        board.apply(chain.decode_header(header), entries)

    def manifest(self, data):
        """A sealed manifest by itself."""
        value, seal, signatures = manifest.decode_sealed(data)
        manifest.check(value.fields)
        manifest.check_seal(value, seal, signatures)

    def certificate(self, digest, data):
        """A finality certificate over a digest, as of a block that comes next."""
        chain.check_certificate(self.board.term, chain.decode_certificate(data), digest)

    def receipt(self, entry, data):
        """A receipt with the entry at hand."""
        receipt.check_entry(self.terms, data, entry)

    def line(self, text):
        """One line of the file; False when the verdicts differ."""
        name, *words = text.split()
        if name in ("genesis", "block"):
            getattr(self, name)(*map(_bytes, words))
            return True
        *words, want = words
        action = self.attempt if name == "try" else getattr(self, name)
        try:
            action(*map(_bytes, words))
            got = "ok"
        except RuleError as error:
            got = error.rule
        self.verdicts[got] += 1
        if got != want:
            self.differ += 1
            print(f"{name}: {got} here, {want} there: {' '.join(words)[:4000]}")
        return got == want


def _bytes(word):
    return b"" if word == "-" else bytes.fromhex(word)


def _copy(election):
    """A copy whose collections are its own; what is in them never changes."""
    new = copy.copy(election)
    for holder in (new, ):
        for key, value in vars(holder).items():
            if isinstance(value, (dict, set)):
                setattr(holder, key, {k: list(v) if isinstance(v, list) else v
                                      for k, v in value.items()}
                        if isinstance(value, dict) else set(value))
    new.ceremony = copy.copy(election.ceremony)
    for key, value in vars(new.ceremony).items():
        if isinstance(value, (dict, set)):
            setattr(new.ceremony, key, copy.copy(value))
    return new


def main(path):
    """Exit code 0 when every verdict is the expected one."""
    judge = Judge()
    with open(path, encoding="ascii") as lines:
        for text in lines:
            judge.line(text)
    for rule, count in sorted(judge.verdicts.items()):
        print(f"{rule:6} {count}")
    print(f"{sum(judge.verdicts.values())} cases, {judge.differ} differ")
    return 1 if judge.differ or not judge.verdicts else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
