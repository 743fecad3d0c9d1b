"""What nodes promise about ballots, and how many must have (chapter 05 §5 and §7)."""

from .errors import RuleError
from .hashing import u16, u64
from .proofs import schnorr_ok

SEEN = 0


def answer(network, entry_hash, rule, height, time):
    """What a node signs: `Seen` when the rule is 0, a refusal otherwise."""
    return network + entry_hash + u16(rule) + u64(height) + u64(time)


def check(term, e, close_at):
    """R5.61–R5.63 of a Late, by the validators in office for its block."""
    n, last = len(term.validators), -1
    for p in e.promises:
        if not last < p.validator < n:
            raise RuleError("R5.61", f"a promise of validator {p.validator} after {last}")
        last = p.validator
    need = (n - 1) // 3 + 1
    if len(e.promises) < need:
        raise RuleError("R5.61", f"{len(e.promises)} promises, {need} are needed")
    for p in e.promises:
        if p.time >= close_at:
            raise RuleError("R5.62", f"a promise of validator {p.validator} at or after the close")
    for p in e.promises:
        data = answer(term.network, e.about, SEEN, p.height, p.time)
        if not schnorr_ok(term.validators[p.validator].node, "node-answer", data, p.signature):
            raise RuleError("R5.63", f"the promise of validator {p.validator}")


__all__ = ["SEEN", "answer", "check"]
