"""Ballots: structure, the proof of every contest, and openings of check lines (chapter 03)."""

import secrets
from dataclasses import dataclass
from types import SimpleNamespace as Record

from . import own_card
from . import ristretto as rs
from .errors import RuleError
from .hashing import Transcript, generator, h
from .proofs import schnorr_ok
from .wire import VERSION, whole

BALLOT, OPENING = 15, 32
MASK, MASKED = SIDES = (0, 1)
MAX_LINES = 1600
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
    keys: list
    nonce: bytes
    z: int
    window: int
    contests: list
    signature: bytes
    signed: bytes
    committed: bytes = None


def check_lines(contest):
    """(μ, weights of every check line): they follow from the shape and the printed numbers."""
    if contest.k_max == 1:
        return 100, [[option.number for option in contest.options]]
    return 2, [[int(i == j) for i in range(contest.n)] for j in range(contest.n)]


def line_count(contest):
    """L: how many check lines a contest has."""
    return 1 if contest.k_max == 1 else contest.n


def contest_length(contest):
    """The one length a contest's proof has."""
    lines = line_count(contest)
    return 64 * contest.n + 128 * lines + 32 * (contest.slots + lines - 1) + 192


def ballot_length(manifest):
    """The one length every ballot of the election has."""
    registrars = len(manifest.registrars)
    body = 2 + 64 + 32 + 4 + 64 + 2 + 4 + 256 * registrars + 4 + 32 * registrars + 32 + 32 + 1
    return body + 4 + sum(4 + contest_length(c) for c in manifest.contests) + 64


def _read(data, committed):
    def read(r):
        election, vk = r.raw(64), r.key()
        seq, prev, mark = r.u32(), r.raw(64), r.raw(2)
        tokens = r.list(8, lambda: r.raw(256))
        keys, nonce, z, window = r.list(8, r.key), r.raw(32), r.scalar(), r.u8()
        contests = r.list(16, lambda: r.bytes(64 * 1024))
        entry_hash = r.raw(64) if committed else None
        end = r.at
        return Ballot(election, vk, seq, prev, mark, tokens, keys, nonce, z, window, contests,
                      r.signature(), data[:end], entry_hash)

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
    """R3.12–R3.18 and R3.22 in the order of chapter 03 §5."""
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
    own_card.check_fields(ballot, len(manifest.registrars))
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
    points = 2 * contest.n + 4 * line_count(contest) + 4
    numbers = [int.from_bytes(w, "little") for w in words[points:]]
    if any(k >= rs.ORDER for k in numbers):
        raise RuleError("R3.02", "a scalar that is not reduced")
    return words[:points], numbers


def first_halves(contest, points):
    """The first halves of all ciphertexts of a contest: a_i, then those of A_j, then of B_j."""
    return points[:contest.n] + points[2 * contest.n:-4:2]


def contest_lines(contest, data):
    """Per side the ciphertexts of all check lines of a contest's bytes, as pairs of encodings."""
    start, count = 64 * contest.n, 2 * line_count(contest)
    pairs = [(data[i:i + 32], data[i + 32:i + 64])
             for i in range(start, start + 64 * count, 64)]
    return pairs[:count // 2], pairs[count // 2:]


def contest_proofs(manifest, ballot):
    """The proofs of all contests one by one: R3.01, R3.02 of all, R3.19, then R3.03 of each."""
    pieces = [cut(contest, data) for contest, data in zip(manifest.contests, ballot.contests)]
    firsts = [a for contest, (points, _) in zip(manifest.contests, pieces)
              for a in first_halves(contest, points)]
    if len(set(firsts)) != len(firsts):
        raise RuleError("R3.19", "two equal first halves in one ballot")
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
        self.first_halves = first_halves(contest, points)
        if any(p == bytes(32) for p in self.first_halves + [points[-4]]):
            raise RuleError("R3.03", "the identity as first half of a ciphertext or as V")
        self.n, self.slots = n, slots
        self.mu, self.weights = check_lines(contest)
        self.joint = manifest.trustees.joint
        self.halves = list(zip(points[:n], points[n:2 * n]))
        # The ciphertexts of a side as (first halves, second halves).
        count = len(self.weights)
        options, masks = decoded[:2 * n], decoded[2 * n:-4]
        self.a, self.b = options[:n], options[n:]
        self.mask = masks[:2 * count:2], masks[1:2 * count:2]
        self.masked = masks[2 * count::2], masks[2 * count + 1::2]
        self.v, self.s, self.a1, self.b1 = decoded[-4:]
        self._challenges(manifest, ballot, index, contest, points)
        self.phi, self.z = numbers[-2:]
        rest = numbers[:-2]
        total = contest.k_max * self.x - sum(rest[:slots - 1])
        self.f = [total % rs.ORDER] + rest
        powers = [pow(self.y, i, rs.ORDER) for i in range(n + count)]
        self.powers, self.line_powers = powers[:n], powers[n:]
        # What a_i is taken times: its own power, and those of the lines that weigh it.
        self.shares = [p + sum(q * row[i] for q, row in zip(self.line_powers, self.weights))
                       for i, p in enumerate(self.powers)]

    def _challenges(self, manifest, ballot, index, contest, points):
        n, lines = contest.n, 2 * contest.n + 2 * len(self.weights)
        t = Transcript("ballot-proof")
        t.number(VERSION)
        t.add(ballot.election)
        t.number(index)
        t.add(ballot.vk)
        t.number(ballot.seq)
        t.add(ballot.prev)
        t.add(ballot.mark)
        for number in (n, contest.slots, contest.k_min, contest.k_max, len(self.weights), self.mu):
            t.number(number)
        if self.mu == 100:
            for number in self.weights[0]:
                t.number(number)
        t.add(manifest.trustees.joint)
        for row in (points[:n], points[n:2 * n], points[2 * n:lines], points[lines:-4],
                    points[-4:-2]):
            t.points(*row)
        self.y = t.challenge("y")
        t.points(*points[-2:])
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
        """z G − A' − x (Σ yⁱ a_i + Σ y^(n+j) D_j,1)."""
        out.fixed(BASE_NAME, w * self.z)
        out.term(-w, self.a1)
        self._ciphertexts(out, -w * self.x, self.a, self.mask[0], self.masked[0])

    def _ciphertexts(self, out, k, options, masks, masked):
        """k times one half of the options' ciphertexts and of the D_j, each under its powers."""
        for share, point in zip(self.shares, options):
            out.term(k * share, point)
        for power, plus, minus in zip(self.line_powers, masks, masked):
            out.term(k * power, plus)
            out.term(-k * power, minus)

    def equation3(self, out, w=1):
        """(Σ yⁱ f_i + Σ y^(n+j) μ f_(N+j)) G + z K − B' − x (Σ yⁱ b_i + Σ y^(n+j) D_j,2)."""
        value = sum(p * f for p, f in zip(self.powers, self.f))
        value += self.mu * sum(p * f for p, f in zip(self.line_powers, self.f[self.slots:]))
        out.fixed(BASE_NAME, w * value)
        out.fixed(("point", self.joint), w * self.z)
        out.term(-w, self.b1)
        self._ciphertexts(out, -w * self.x, self.b, self.mask[1], self.masked[1])

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


# -- openings (§6) ------------------------------------------------------------

def lines_of(manifest, ballot):
    """Per side the ciphertexts of all check lines of a ballot whose form holds."""
    sides = [], []
    for contest, data in zip(manifest.contests, ballot.contests):
        for side, pairs in zip(sides, contest_lines(contest, data)):
            side.extend(pairs)
    return sides


def decode_opening(manifest, data):
    """An opening from canonical bytes: one number below its μ for each check line; R3.20."""
    try:
        opening = whole(data, OPENING, lambda r: Record(
            election=r.raw(64), ballot=r.raw(64), side=r.tag(SIDES),
            numbers=r.list(MAX_LINES, lambda: (r.u8(), r.scalar()))))
    except RuleError as error:
        raise RuleError("R3.20", f"the opening is not canonical ({error})") from None
    moduli = [mu for mu, weights in map(check_lines, manifest.contests) for _ in weights]
    if len(opening.numbers) != len(moduli):
        raise RuleError("R3.20", f"{len(opening.numbers)} numbers for {len(moduli)} check lines")
    for line, ((value, _), mu) in enumerate(zip(opening.numbers, moduli)):
        if value >= mu:
            raise RuleError("R3.20", f"the number {value} of check line {line}")
    return opening


def check_opening(manifest, opening, sides):
    """R3.21: the numbers are those in the ballot whose check lines these are."""
    joint = rs.decode(manifest.trustees.joint)
    for line, ((value, r), pair) in enumerate(zip(opening.numbers, sides[opening.side])):
        if encrypted(joint, value, r) != pair:
            raise RuleError("R3.21", f"check line {line} holds another number")


def encrypted(joint, value, r):
    """The ciphertext of a number under K with randomness r, as a pair of encodings."""
    second = rs.msm(((value, rs.BASE), (r, joint)))
    return rs.encode(rs.mul_base(r)), rs.encode(second)


__all__ = ["Ballot", "BALLOT", "ContestProof", "OPENING", "batch_holds", "check_lines",
           "check_opening", "check_structure", "confirmation_code", "contest_lines",
           "contest_proofs", "decode", "decode_opening", "encrypted", "entry_hash", "lines_of"]
