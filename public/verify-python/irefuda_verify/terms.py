"""Who certifies which block: hand-overs of the validators (chapter 06 §6)."""

from . import ed25519
from . import entry as kinds
from .chain import Term, varint
from .errors import RuleError
from .sound import in_all, is_id, is_line
from .x25519 import sealable


TAKE_OVER, HAND_OVER = b"irefuda/v2/take-over/", b"irefuda/v2/hand-over/"
VALID_MS = 7 * 86_400_000


def message(purpose, network, data):
    """What validators sign, new ones (take-over) or present ones; data is all before that."""
    namespace = purpose + network
    return varint(len(namespace)) + namespace + data


def check_number(term, e):
    """The part of R5.58 that needs no board."""
    if e.epoch != term.epoch + 1:
        raise RuleError("R5.58", f"a hand-over to term {e.epoch} in term {term.epoch}")


def check_set(term, e):
    """The rest of R5.58 that is about one hand-over."""
    if e.validators == term.validators:
        raise RuleError("R5.58", "a hand-over to the present validators")
    for name in ("node", "hpke"):
        keys = [getattr(v, name) for v in e.validators]
        if len(set(keys)) != len(keys):
            raise RuleError("R5.58", f"a {name} key twice")
    if not all(sealable(v.hpke) for v in e.validators):
        raise RuleError("R5.58", "an X25519 key is not canonical or of small order")
    if not all(ed25519.key_ok(v.engine) for v in e.validators):
        raise RuleError("R5.58", "an engine key that is no point or of small order")
    for v in e.validators:
        if not in_all(is_line, v.name) or not is_id(v.origin):
            raise RuleError("R5.58", "a name or an address that no manifest may list")


def check_time(e, time):
    """R5.76: the order of the officers is carried out within seven days."""
    if not 1 <= e.until - time <= VALID_MS:
        raise RuleError("R5.76", f"a hand-over until {e.until} in a block of {time}")


def check_acceptances(term, e):
    """R5.75."""
    data = message(TAKE_OVER, term.network, e.accepted)
    for number, (v, signature) in enumerate(zip(e.validators, e.acceptances)):
        if not ed25519.verify(v.engine, data, signature):
            raise RuleError("R5.75", f"new validator {number} did not accept a hand-over")


def check_signatures(term, e):
    """R5.59."""
    data, last = message(HAND_OVER, term.network, e.certified), -1
    for index, signature in e.signatures:
        if not last < index < len(term.validators):
            raise RuleError("R5.59", f"a signature of validator {index} after {last}")
        if not ed25519.verify(term.committee[index], data, signature):
            raise RuleError("R5.59", f"the signature of validator {index} under a hand-over")
        last = index
    if len(e.signatures) < term.quorum:
        raise RuleError("R5.59", f"{len(e.signatures)} signatures, {term.quorum} are needed")


def after(term, e):
    """The term that a hand-over begins."""
    return Term(term.network, term.epoch + 1, e.validators)


class Terms:
    """What a reader knows who does not have every block: a first term and hand-overs after it."""

    def __init__(self, first):
        self.network = first.network
        self._terms = [(0, first)]

    @property
    def last(self):
        """The newest term."""
        return self._terms[-1][1]

    def follow(self, data, height):
        """Take a HandOver's bytes from the block of this height: R5.58 (number), R5.75, R5.59."""
        if kinds.check_outside(data) != kinds.HAND_OVER:
            raise RuleError("R5.01", "no hand-over")
        e, (begins, term) = kinds.decode(data), self._terms[-1]
        check_number(term, e)
        if height < begins:
            raise RuleError("R5.58", "two hand-overs in one block, or an earlier one")
        check_acceptances(term, e)
        check_signatures(term, e)
        self._terms.append((height + 1, after(term, e)))

    def at(self, height):
        """The term of the block of this height."""
        return next(term for begins, term in reversed(self._terms) if begins <= height)


__all__ = ["HAND_OVER", "TAKE_OVER", "Terms", "VALID_MS", "after", "check_acceptances",
           "check_number", "check_set", "check_signatures", "check_time", "message"]
