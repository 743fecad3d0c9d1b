"""The aggregate, partial decryptions and their combination (chapter 07)."""

from math import isqrt
from types import SimpleNamespace as Record

from . import ristretto as rs
from .errors import RuleError
from .hashing import Transcript, h, u32, u64
from .proofs import equality_ok
from .wire import whole

PARTIAL = 31


def target(election, close_digest, counted_root, counted, sums):
    """H("tally-target", …); sums is, per contest, a list of (A, B) encodings."""
    lists = b"".join(u32(len(c)) + b"".join(a + b for a, b in c) for c in sums)
    body = election + close_digest + counted_root + u64(counted) + u32(len(sums)) + lists
    return h("tally-target", body)


def read_partial(r):
    """The body of a partial decryption."""
    return Record(
        trustee=r.u16(),
        shares=r.list(1600, lambda: (r.raw(32), r.raw(32) + r.signature())),
        salt=r.raw(32),
    )


def decode_partial(data):
    """A partial decryption from canonical bytes."""
    return whole(data, PARTIAL, read_partial)


def commitment(election, target_hash, data):
    """What a trustee posts before the announcement."""
    return h("share-commit", election, target_hash, data)


def check_partial(election, data, partial, verification, box, promised):
    """R7.01, R7.03, R7.02 in this order; data are the partial's canonical bytes."""
    sums = box.sums
    if len(partial.shares) != sum(len(c) for c in sums):
        raise RuleError("R7.01", f"{len(partial.shares)} shares of trustee {partial.trustee}")
    if commitment(election, box.target, data) != promised:
        raise RuleError("R7.03", f"the share of trustee {partial.trustee} is not the committed one")
    at = 0
    for c, options in enumerate(sums):
        for o, (a, _) in enumerate(options):
            image, proof = partial.shares[at]
            at += 1
            t = Transcript("partial-decryption")
            t.add(election)
            for number in (partial.trustee, c, o):
                t.number(number)
            t.add(box.digest)
            t.add(box.root)
            if not equality_ok(t, verification, a, image, proof):
                raise RuleError(
                    "R7.02", f"the proof of trustee {partial.trustee}, contest {c}, option {o}"
                )


def lagrange(ids):
    """λ_i at zero for a set of ids."""
    out = {}
    for i in ids:
        top = bottom = 1
        for j in ids:
            if j != i:
                top = top * j % rs.ORDER
                bottom = bottom * (j - i) % rs.ORDER
        out[i] = top * pow(bottom, -1, rs.ORDER) % rs.ORDER
    return out


class Votes:
    """Finds v in 0…counted with v·G = M (baby steps, giant steps)."""

    def __init__(self, counted):
        self.counted = counted
        self.step = isqrt(counted) + 1
        self._table = {}
        point = rs.IDENTITY
        for v in range(self.step):
            self._table[rs.encode(point)] = v
            point = rs.add(point, rs.BASE)
        self._giant = rs.neg(point)

    def find(self, point):
        """v, or None when there is none."""
        for j in range(self.counted // self.step + 1):
            small = self._table.get(rs.encode(point))
            if small is not None:
                v = j * self.step + small
                return v if v <= self.counted else None
            point = rs.add(point, self._giant)
        return None


def combine(threshold, partials, sums, counted):
    """Votes per contest and option from at least threshold good partial decryptions."""
    by_id = {p.trustee: p for p in partials}
    ids = sorted(by_id)[:threshold]
    if len(ids) < threshold:
        raise RuleError("R7.04", f"shares of {len(ids)} trustees, {threshold} are needed")
    weights, votes, at, out = lagrange(ids), Votes(counted), 0, []
    for c, options in enumerate(sums):
        row = []
        for o, (_, b) in enumerate(options):
            pairs = [(-weights[i], rs.decode(by_id[i].shares[at][0])) for i in ids]
            found = votes.find(rs.add(rs.decode(b), rs.msm(pairs)))
            if found is None:
                raise RuleError("R7.05", f"contest {c}, option {o} opens to no number of votes")
            row.append(found)
            at += 1
        out.append(row)
    return out
