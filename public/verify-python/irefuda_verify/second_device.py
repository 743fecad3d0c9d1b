"""The second device: codes, and what it says to a check ballot, a cast one and its opening
(chapter 09)."""

from types import SimpleNamespace as Record

from . import ballot as ballots
from . import receipt as receipts
from . import ristretto as rs
from .chain import Term
from .entry import BALLOT, OPENING
from .errors import RuleError
from .hashing import h, scalar, u8, u16, u32
from .proofs import schnorr_ok
from .terms import Terms
from .wire import whole

FIRST, SECOND, MARKS = 40, 41, 16
SITTING_MS = 60_000


def _code(text, kind, read):
    """The value behind the last `#`; R9.01."""
    try:
        return whole(bytes.fromhex("".join(text.rsplit("#", 1)[-1].split())), kind, read)
    except (RuleError, ValueError) as error:
        raise RuleError("R9.01", f"not a code of type {kind} ({error})") from None


def _first(r):
    code = Record(entry_hash=r.raw(64), vk=r.key(), mark=r.raw(2))
    code.signed = r.data[:r.at]
    code.signature = r.signature()
    return code


def first(text):
    """Entry hash, voting key and pictures, from before the voter decided; R9.01, R9.08."""
    code = _code(text, FIRST, _first)
    if max(code.mark) >= MARKS:
        raise RuleError("R9.01", "a picture that does not exist")
    if not schnorr_ok(code.vk, "ballot-shown", code.signed, code.signature):
        raise RuleError("R9.08", "a first code that its voting key did not sign")
    return code


def second(text):
    """Entry hash, seed and withheld signature of a check ballot that is final."""
    return _code(text, SECOND, lambda r: Record(
        entry_hash=r.raw(64), seed=r.raw(32), withheld=r.signature()))


def randomness(seed, contest, option):
    """r of one ciphertext from the seed of its ballot (chapter 03 §1)."""
    return scalar(h("ballot-randomness", seed, u16(contest), u32(option)))


def masks(contest, index, seed, marks):
    """Mask, masked sum, carry and both randomnesses of every check line (chapter 03 §1.1)."""
    mu, weights = ballots.check_lines(contest)
    rows = []
    for j, line in enumerate(weights):
        place = seed, u16(index), u32(j)
        a = int.from_bytes(h("mask", *place), "little") % mu
        total = a + sum(line[o] for o in marks)
        r = [scalar(h("mask-randomness", *place, u8(side))) for side in ballots.SIDES]
        rows.append(Record(a=a, b=total % mu, t=total // mu, r=r))
    return rows


def board_number(digest, entry_hash):
    """The eight digits of a ballot in a block."""
    number = int.from_bytes(h("board-number", digest, entry_hash)[:8], "big") % 10**8
    return f"{number // 10**4:04} {number % 10**4:04}"


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
    if not contest.k_min <= len(row) <= contest.k_max:
        return None
    sides = ballots.contest_lines(contest, data)
    for line, mask, masked in zip(masks(contest, index, seed, row), *sides):
        made = [ballots.encrypted(joint, value, r) for value, r in zip((line.a, line.b), line.r)]
        if made != [mask, masked]:
            return None
    return row


class Device:
    """What a device noted; its keys are pinned from a manifest."""

    def __init__(self, manifest):
        self.manifest = manifest
        validators = sorted(manifest.validators, key=lambda v: v.engine)
        self.terms = Terms(Term(manifest.network, manifest.epoch, validators))
        self.noted = {}

    def note(self, text, at=0):
        """Notes a first code at a time in ms."""
        code = first(text)
        code.noted_at = at
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

    def _cast(self, entry_hash, receipt, entry):
        """The cast ballot, final and the noted one."""
        shown = self._noted(entry_hash)
        receipts.check_entry(self.terms, receipt, entry)
        if entry[1:2] != bytes((BALLOT,)) or ballots.entry_hash(entry) != entry_hash:
            raise RuleError("R9.06", "another entry than the ballot that was noted")
        ballot = _form(self.manifest, entry, False)
        if ballot.vk != shown.vk or ballot.mark != shown.mark:
            raise RuleError("R9.06", "a ballot with another voting key or mark")
        return ballot

    def found_cast(self, entry_hash, receipt, entry, last):
        """The cast ballot, final, the noted one and the last of its voting key."""
        ballot = self._cast(entry_hash, receipt, entry)
        newest = receipts.decode(last)
        receipts.check(self.terms, newest, newest.entry)
        if newest.entry != entry_hash:
            raise RuleError("R9.07", "a later ballot of the same voting key")
        return ballot

    def found_opening(self, entry_hash, receipt, entry, opening_receipt, opening):
        """The cast ballot and its opening: what the device shows of them."""
        ballot = self._cast(entry_hash, receipt, entry)
        cast = receipts.decode(receipt)
        if cast.headers[0].time + SITTING_MS < self.noted[entry_hash].noted_at:
            raise RuleError("R9.11", "a ballot from before the sitting")
        receipts.check_entry(self.terms, opening_receipt, opening)
        named = self.manifest.election_hash + entry_hash
        if opening[1:2] != bytes((OPENING,)) or opening[2:130] != named:
            raise RuleError("R9.09", "another entry than an opening of the noted ballot")
        opened = ballots.decode_opening(self.manifest, opening)
        shown = receipts.decode(opening_receipt)
        if shown.height <= cast.height:
            raise RuleError("R9.10", "an opening that is not later than its ballot")
        ballots.check_opening(self.manifest, opened, ballots.lines_of(self.manifest, ballot))
        return Record(
            seq=ballot.seq, mark=ballot.mark, side=opened.side,
            values=[value for value, _ in opened.numbers],
            board_number=board_number(cast.headers[0].digest(), entry_hash),
            cast_at=cast.headers[0].time, opened_at=shown.headers[0].time)


__all__ = ["Device", "board_number", "first", "masks", "randomness", "second"]
