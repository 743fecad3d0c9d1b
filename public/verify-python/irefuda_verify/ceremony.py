"""The key ceremony, replayed from its messages (chapter 02)."""

from types import SimpleNamespace as Record

from . import ristretto as rs
from .errors import RuleError
from .hashing import h, u16, u32
from .proofs import schnorr_ok
from .wire import whole
from .x25519 import sealable

CEREMONY = 30
COMMIT, REVEAL, SHARES, CONFIRM, COMPLAIN, ANSWER, SIGN = range(1, 8)


def read_roster(r):
    """u16 t, then the members."""
    return Record(
        t=r.u16(),
        members=r.list(15, lambda: Record(id=r.u16(), key=r.key(), box=r.raw(32))),
    )


def roster_bytes(roster):
    """The roster's canonical bytes."""
    items = b"".join(u16(m.id) + m.key + m.box for m in roster.members)
    return u16(roster.t) + u32(len(roster.members)) + items


def check_roster(roster):
    """R2.01."""
    n, t = len(roster.members), roster.t
    keys = [m.key for m in roster.members]
    ids = [m.id for m in roster.members]
    boxes = [m.box for m in roster.members]
    if (not 1 <= t <= n <= 15 or 2 * t <= n or ids != list(range(1, n + 1))
            or len(set(keys)) != n or len(set(boxes)) != n
            or not all(sealable(box) for box in boxes)):
        raise RuleError("R2.01", f"a roster of {n} with threshold {t}")


def read_message(r):
    """u8 tag and the body of that tag."""
    tag = r.tag(range(1, 8))
    m = Record(tag=tag)
    if tag == COMMIT:
        m.commitment = r.raw(64)
    elif tag == REVEAL:
        m.points = r.list(15, r.key)
        m.signature = r.signature()
    elif tag == SHARES:
        m.shares = r.list(15, lambda: (r.u16(), r.raw(32), r.raw(48)))
    elif tag == COMPLAIN:
        m.accused = r.u16()
    elif tag == ANSWER:
        m.complainer, m.share = r.u16(), r.scalar()
    elif tag == SIGN:
        m.signature = r.signature()
    return m


def decode(data):
    """A ceremony message on its own; R2.02 when the bytes are none."""
    try:
        return whole(data, CEREMONY, read_message)
    except RuleError as error:
        raise RuleError("R2.02", f"no ceremony message ({error})") from None


def _points_list(points):
    return u32(len(points)) + b"".join(points)


class Ceremony:
    """All rounds of one ceremony, message by message."""

    def __init__(self, setup_hash, roster):
        check_roster(roster)
        self.e0, self.roster = setup_hash, roster
        self.roster_bytes = roster_bytes(roster)
        self.keys = {m.id: m.key for m in roster.members}
        self.commitments, self.reveals, self.shares = {}, {}, {}
        self.confirmed, self.signed = set(), set()
        self.complaints = {}
        self.culprit = None
        self._decoded = {}
        self._derived = None

    def round(self):
        """The round that is open."""
        n = len(self.keys)
        for number, done in ((1, self.commitments), (2, self.reveals), (3, self.shares)):
            if len(done) < n:
                return number
        answered = all(answer is not None for answer in self.complaints.values())
        return 5 if answered and len(self.confirmed) == n else 4

    def complete(self):
        """Every trustee signed the root."""
        return len(self.signed) == len(self.keys)

    def apply(self, sender, m, data):
        """One message m of a trustee; data are its canonical bytes (type 30)."""
        if self.culprit is not None:
            raise RuleError("R2.12", f"trustee {self.culprit} was found at fault")
        if sender not in self.keys:
            raise RuleError("R2.11", f"sender {sender} is not on the roster")
        step = {COMMIT: (1, self._commit), REVEAL: (2, self._reveal), SHARES: (3, self._share),
                CONFIRM: (4, self._confirm), COMPLAIN: (4, self._complain),
                ANSWER: (4, self._answer), SIGN: (5, self._sign)}[m.tag]
        if self.round() != step[0]:
            raise RuleError("R2.03", f"a message of round {step[0]} in round {self.round()}")
        step[1](sender, m, data)

    @staticmethod
    def _once(sender, done):
        if sender in done:
            raise RuleError("R2.03", f"a second message of trustee {sender}")

    def _commit(self, sender, m, _):
        self._once(sender, self.commitments)
        self.commitments[sender] = m.commitment

    def _reveal(self, sender, m, data):
        self._once(sender, self.reveals)
        want = h("ceremony-commit", self.e0, self.roster_bytes, u16(sender), data)
        if want != self.commitments[sender]:
            raise RuleError("R2.04", f"the reveal of trustee {sender} is not the committed one")
        if len(m.points) != self.roster.t:
            raise RuleError("R2.06", f"{len(m.points)} commitments of trustee {sender}")
        message = self.e0 + self.roster_bytes + u16(sender) + _points_list(m.points)
        if not schnorr_ok(m.points[0], "ceremony-knowledge", message, m.signature):
            raise RuleError("R2.05", f"the proof of knowledge of trustee {sender}")
        self.reveals[sender] = m.points
        self._decoded[sender] = [rs.decode(p) for p in m.points]

    def _share(self, sender, m, _):
        self._once(sender, self.shares)
        if [to for to, _, _ in m.shares] != [i for i in sorted(self.keys) if i != sender]:
            raise RuleError("R2.07", f"the shares of trustee {sender}")
        self.shares[sender] = m.shares

    def _confirm(self, sender, _m, _):
        self._once(sender, self.confirmed)
        if any(who == sender and answer is None for (_, who), answer in self.complaints.items()):
            raise RuleError("R2.03", f"trustee {sender} confirms before the answers are in")
        self.confirmed.add(sender)

    def _complain(self, sender, m, _):
        self._once(sender, self.confirmed)
        if m.accused not in self.keys:
            raise RuleError("R2.11", f"the accused {m.accused} is not on the roster")
        if (m.accused, sender) in self.complaints or m.accused == sender:
            raise RuleError("R2.03", f"a complaint of trustee {sender} out of place")
        self.complaints[(m.accused, sender)] = None

    def _answer(self, sender, m, _):
        key = (sender, m.complainer)
        if key not in self.complaints or self.complaints[key] is not None:
            raise RuleError("R2.03", f"an answer of trustee {sender} to no open complaint")
        self.complaints[key] = m.share
        right = rs.msm([(pow(m.complainer, k), p) for k, p in enumerate(self._decoded[sender])])
        if not rs.equal(rs.mul_base(m.share), right):
            self.culprit = sender

    def _sign(self, sender, m, _):
        self._once(sender, self.signed)
        if not schnorr_ok(self.keys[sender], "ceremony-root", self.root(), m.signature):
            raise RuleError("R2.09", f"the signature of trustee {sender} over the root")
        self.signed.add(sender)

    def derived(self):
        """(joint key, {id: verification key}) as encodings; R2.10 for the identity."""
        if self._derived is None:
            sums = [rs.IDENTITY] * self.roster.t
            for points in self._decoded.values():
                sums = [rs.add(a, b) for a, b in zip(sums, points)]
            keys = {j: rs.msm([(pow(j, k), p) for k, p in enumerate(sums)]) for j in self.keys}
            if rs.is_identity(sums[0]) or any(rs.is_identity(p) for p in keys.values()):
                raise RuleError("R2.10", "the identity as joint or verification key")
            self._derived = rs.encode(sums[0]), {j: rs.encode(p) for j, p in keys.items()}
        return self._derived

    def root(self):
        """The root of the whole ceremony."""
        return h("ceremony-transcript", self.e0, self.roster_bytes, self._maps())

    def _maps(self):
        out = b"".join(u16(i) + self.commitments[i] for i in sorted(self.commitments))
        out += b"".join(u16(i) + _points_list(self.reveals[i]) for i in sorted(self.reveals))
        for i in sorted(self.shares):
            out += u16(i) + u32(len(self.shares[i]))
            out += b"".join(u16(to) + enc + box for to, enc, box in self.shares[i])
        for (accused, complainer), share in sorted(self.complaints.items()):
            answer = b"\x00" if share is None else b"\x01" + share.to_bytes(32, "little")
            out += u16(accused) + u16(complainer) + answer
        return out


__all__ = ["Ceremony", "check_roster", "decode", "read_message", "read_roster"]
