"""Ballots: structure, and the proof of every contest (chapter 03)."""

import secrets
from dataclasses import dataclass

from . import ristretto as rs
from .errors import RuleError
from .hashing import Transcript, generator, h
from .proofs import schnorr_ok
from .wire import VERSION, whole

BALLOT = 15
CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def confirmation_code(entry_hash):
    """First 100 bits of the entry hash in Crockford base32."""
    bits = int.from_bytes(entry_hash[:13], "big") >> 4
    letters = "".join(CROCKFORD[(bits >> shift) & 31] for shift in range(95, -1, -5))
    return "-".join(letters[i:i + 5] for i in range(0, 20, 5))


@dataclass
class Ballot:
    """A decoded ballot entry."""

    election: bytes
    vk: bytes
    seq: int
    prev: bytes
    mark: bytes
    tokens: list
    contests: list
    signature: bytes
    signed: bytes
    committed: bytes = None


def contest_length(contest):
    """The one length a contest's proof has."""
    return 64 * contest.n + 32 * (contest.slots - 1) + 192


def ballot_length(manifest):
    """The one length every ballot of the election has."""
    body = 2 + 64 + 32 + 4 + 64 + 2 + 4 + 256 * len(manifest.registrars)
    return body + 4 + sum(4 + contest_length(c) for c in manifest.contests) + 64


def _read(data, committed):
    def read(r):
        election, vk = r.raw(64), r.key()
        seq, prev, mark = r.u32(), r.raw(64), r.raw(2)
        tokens = r.list(8, lambda: r.raw(256))
        contests = r.list(16, lambda: r.bytes(64 * 1024))
        entry_hash = r.raw(64) if committed else None
        end = r.at
        return Ballot(election, vk, seq, prev, mark, tokens, contests, r.signature(), data[:end],
                      entry_hash)

    return read


def decode(data):
    """A ballot from canonical bytes; R3.10 when they are not."""
    try:
        return whole(data, BALLOT, _read(data, False))
    except RuleError as error:
        raise RuleError("R3.10", f"the ballot is not canonical ({error})") from None


def decode_check(data):
    """A check ballot: the unsigned ballot, the committed entry hash, the opening signature."""
    try:
        ballot = whole(data[2:], BALLOT, _read(data[2:], True))
    except RuleError as error:
        raise RuleError("R3.10", f"the check ballot is not canonical ({error})") from None
    ballot.signed = data[:2] + ballot.signed
    return ballot


def check_structure(manifest, ballot):
    """R3.12–R3.17 in the order of chapter 05 §3."""
    if ballot.election != manifest.election_hash:
        raise RuleError("R3.12", "a ballot of another election")
    if max(ballot.mark) >= 16:
        raise RuleError("R3.13", "a mark that does not exist")
    if len(ballot.tokens) != len(manifest.registrars):
        raise RuleError("R3.14", "not one token per registrar")
    if len(ballot.contests) != len(manifest.contests):
        raise RuleError("R3.15", "not one entry per contest")
    first = ballot.prev == bytes(64)
    if ballot.seq == 0 or (ballot.seq == 1) != first:
        raise RuleError("R3.17", f"seq {ballot.seq} does not fit the previous entry")
    purpose, rule = ("ballot", "R3.16") if ballot.committed is None else ("ballot-open", "R3.18")
    if not schnorr_ok(ballot.vk, purpose, ballot.signed, ballot.signature):
        raise RuleError(rule, "the voting key's signature")


class Equations:
    """Collects weighted terms of many equations; the sum must be the identity."""

    def __init__(self):
        self._fixed = {}
        self._terms = []

    def fixed(self, name, k):
        """Add k times a point that all contests share."""
        self._fixed[name] = self._fixed.get(name, 0) + k

    def term(self, k, point):
        """Add k times a point of this contest."""
        self._terms.append((k, point))

    def holds(self):
        """Whether the sum is the identity."""
        shared = [(k, _shared(name)) for name, k in self._fixed.items()]
        return rs.is_identity(rs.msm(shared + self._terms))


def _shared(name):
    kind, value = name
    if kind == "point":
        return rs.BASE if value is None else rs.decode(value)
    return generator(kind, value)


BASE_NAME = ("point", None)


def cut(contest, data):
    """(points, scalars) of a contest's bytes; R3.01, R3.02."""
    if len(data) != contest_length(contest):
        raise RuleError("R3.01", f"a contest of {len(data)} bytes")
    words = [data[i:i + 32] for i in range(0, len(data), 32)]
    numbers = [int.from_bytes(w, "little") for w in words[2 * contest.n + 4:]]
    if any(k >= rs.ORDER for k in numbers):
        raise RuleError("R3.02", "a scalar that is not reduced")
    return words[:2 * contest.n + 4], numbers


def contest_proofs(manifest, ballot):
    """The proofs of all contests one by one: R3.01, R3.02 of all, R3.19, then R3.03 of each."""
    pieces = [cut(contest, data) for contest, data in zip(manifest.contests, ballot.contests)]
    firsts = [a for contest, (points, _) in zip(manifest.contests, pieces)
              for a in points[:contest.n]]
    if len(set(firsts)) != len(firsts):
        raise RuleError("R3.19", "two equal a_i in one ballot")
    for index, piece in enumerate(pieces):
        yield ContestProof(manifest, ballot, index, *piece)


class ContestProof:
    """One decoded contest with its challenges, ready for the three equations."""

    def __init__(self, manifest, ballot, index, points, numbers):
        contest = manifest.contests[index]
        n, slots = contest.n, contest.slots
        decoded = [rs.decode(w) for w in points]
        if None in decoded:
            raise RuleError("R3.03", "a point that is not canonical")
        if any(p == bytes(32) for p in points[:n] + [points[2 * n]]):
            raise RuleError("R3.03", "the identity as a_i or V")
        self.n, self.slots = n, slots
        self.joint = manifest.trustees.joint
        self.halves = list(zip(points[:n], points[n:2 * n]))
        self.a, self.b = decoded[:n], decoded[n:2 * n]
        self.v, self.s, self.a1, self.b1 = decoded[2 * n:]
        self._challenges(manifest, ballot, index, contest, points)
        self.phi, self.z = numbers[-2:]
        rest = numbers[:-2]
        self.f = [(contest.k_max * self.x - sum(rest)) % rs.ORDER] + rest
        self.powers = [pow(self.y, i, rs.ORDER) for i in range(n)]

    def _challenges(self, manifest, ballot, index, contest, points):
        n = contest.n
        t = Transcript("ballot-proof")
        t.number(VERSION)
        t.add(ballot.election)
        t.number(index)
        t.add(ballot.vk)
        t.number(ballot.seq)
        t.add(ballot.prev)
        t.add(ballot.mark)
        for number in (n, contest.slots, contest.k_min, contest.k_max):
            t.number(number)
        t.add(manifest.trustees.joint)
        t.points(*points[:n])
        t.points(*points[n:2 * n])
        t.points(*points[2 * n:2 * n + 2])
        self.y = t.challenge("y")
        t.points(*points[2 * n + 2:])
        self.x = t.challenge("x")

    def equation1(self, out, w=1):
        """Σ f_i G_i + Σ f_i (x − f_i) J_i + φ H' − S − x V."""
        for i, f in enumerate(self.f):
            out.fixed(("G", i), w * f)
            out.fixed(("J", i), w * f * (self.x - f))
        out.fixed(("H'", 0), w * self.phi)
        out.term(-w, self.s)
        out.term(-w * self.x, self.v)

    def equation2(self, out, w=1):
        """z G − A' − x Σ yⁱ a_i."""
        out.fixed(BASE_NAME, w * self.z)
        out.term(-w, self.a1)
        for power, a in zip(self.powers, self.a):
            out.term(-w * self.x * power, a)

    def equation3(self, out, w=1):
        """(Σ yⁱ f_i) G + z K − B' − x Σ yⁱ b_i."""
        out.fixed(BASE_NAME, w * sum(p * f for p, f in zip(self.powers, self.f)))
        out.fixed(("point", self.joint), w * self.z)
        out.term(-w, self.b1)
        for power, b in zip(self.powers, self.b):
            out.term(-w * self.x * power, b)

    def check(self):
        """The equations one by one: the first that fails is named."""
        for rule, equation in (
            ("R3.04", self.equation1), ("R3.05", self.equation2), ("R3.06", self.equation3)
        ):
            out = Equations()
            equation(out)
            if not out.holds():
                raise RuleError(rule, f"equation ({int(rule[-1]) - 3}) of a contest")


def batch_holds(proofs):
    """All equations of many contests at once, each under its own 128-bit weight."""
    out = Equations()
    for proof in proofs:
        for equation in (proof.equation1, proof.equation2, proof.equation3):
            equation(out, secrets.randbits(128) | 1 << 127)
    return out.holds()


def entry_hash(data):
    """The hash of an entry's bytes, made with the label `fingerprint`."""
    return h("fingerprint", data)


__all__ = ["Ballot", "BALLOT", "ContestProof", "batch_holds", "check_structure",
           "confirmation_code", "contest_proofs", "decode", "entry_hash"]
