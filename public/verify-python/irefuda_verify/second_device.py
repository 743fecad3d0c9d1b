"""The second device: codes, and what it says to a check ballot and a cast one (chapter 09)."""

from types import SimpleNamespace as Record

from . import ballot as ballots
from . import receipt as receipts
from . import ristretto as rs
from .chain import Term
from .entry import BALLOT
from .errors import RuleError
from .hashing import h, scalar, u16, u32
from .terms import Terms
from .wire import whole

FIRST, SECOND, MARKS = 40, 41, 16


def _code(text, kind, read):
    """The value behind the last `#`; R9.01."""
    try:
        return whole(bytes.fromhex("".join(text.rsplit("#", 1)[-1].split())), kind, read)
    except (RuleError, ValueError) as error:
        raise RuleError("R9.01", f"not a code of type {kind} ({error})") from None


def first(text):
    """Entry hash, voting key and pictures, from before the voter decided."""
    code = _code(text, FIRST, lambda r: Record(entry_hash=r.raw(64), vk=r.key(), mark=r.raw(2)))
    if max(code.mark) >= MARKS:
        raise RuleError("R9.01", "a picture that does not exist")
    return code


def second(text):
    """Entry hash, seed and withheld signature of a check ballot that is final."""
    return _code(text, SECOND, lambda r: Record(
        entry_hash=r.raw(64), seed=r.raw(32), withheld=r.signature()))


def randomness(seed, contest, option):
    """r of one ciphertext from the seed of its ballot (chapter 03 §1)."""
    return scalar(h("ballot-randomness", seed, u16(contest), u32(option)))


def _form(manifest, data, check):
    """R3.10–R3.18 without tokens and proofs."""
    if len(data) != ballots.ballot_length(manifest) + (66 if check else 0):
        raise RuleError("R3.11", f"an entry of {len(data)} bytes")
    ballot = ballots.decode_check(data) if check else ballots.decode(data)
    ballots.check_structure(manifest, ballot)
    return ballot


def _marks(manifest, contest, index, data, seed):
    """The marked options of a contest, or None when the seed does not give what stands there."""
    words, row = [data[i:i + 32] for i in range(0, 64 * contest.n, 32)], []
    joint = rs.decode(manifest.trustees.joint)
    for o in range(contest.n):
        r = randomness(seed, index, o)
        masked = rs.mul(r, joint)
        if words[o] != rs.encode(rs.mul_base(r)):
            return None
        if words[contest.n + o] == rs.encode(rs.add(masked, rs.BASE)):
            row.append(o)
        elif words[contest.n + o] != rs.encode(masked):
            return None
    return row if contest.k_min <= len(row) <= contest.k_max else None


class Device:
    """What a device noted; its keys are pinned from a manifest."""

    def __init__(self, manifest):
        self.manifest = manifest
        validators = sorted(manifest.validators, key=lambda v: v.engine)
        self.terms = Terms(Term(manifest.network, manifest.epoch, validators))
        self.noted = {}

    def note(self, text):
        """Notes a first code."""
        code = first(text)
        self.noted[code.entry_hash] = code
        return code

    def _noted(self, entry_hash):
        if entry_hash not in self.noted:
            raise RuleError("R9.02", "an entry hash that was not noted before")
        return self.noted[entry_hash]

    def found_check(self, entry_hash, receipt, entry):
        """The check ballot, final and the noted one."""
        shown = self._noted(entry_hash)
        receipts.check_entry(self.terms, receipt, entry)
        ballot = _form(self.manifest, entry, True)
        if (ballot.election != self.manifest.election_hash or ballot.vk != shown.vk
                or ballot.mark != shown.mark or ballot.committed != entry_hash):
            raise RuleError("R9.03", "another check ballot than the one that was noted")
        return ballot

    def open(self, ballot, entry, text):
        """Per contest the marked options of a check ballot that was found."""
        code = second(text)
        self._noted(code.entry_hash)
        if code.entry_hash != ballot.committed:
            raise RuleError("R9.03", "no check ballot was found for this code")
        if ballots.entry_hash(entry[2:-128] + code.withheld) != ballot.committed:
            raise RuleError("R9.04", "the withheld signature makes another ballot")
        out = []
        for index, (contest, data) in enumerate(zip(self.manifest.contests, ballot.contests)):
            row = _marks(self.manifest, contest, index, data, code.seed)
            if row is None:
                raise RuleError("R9.05", f"the seed does not give contest {index}")
            out.append(row)
        return out

    def found_cast(self, entry_hash, receipt, entry, last):
        """The cast ballot, final, the noted one and the last of its voting key."""
        shown = self._noted(entry_hash)
        receipts.check_entry(self.terms, receipt, entry)
        if entry[1:2] != bytes((BALLOT,)) or ballots.entry_hash(entry) != entry_hash:
            raise RuleError("R9.06", "another entry than the ballot that was noted")
        ballot = _form(self.manifest, entry, False)
        if ballot.vk != shown.vk or ballot.mark != shown.mark:
            raise RuleError("R9.06", "a ballot with another voting key or mark")
        newest = receipts.decode(last)
        receipts.check(self.terms, newest, newest.entry)
        if newest.entry != entry_hash:
            raise RuleError("R9.07", "a later ballot of the same voting key")
        return ballot


__all__ = ["Device", "first", "randomness", "second"]
