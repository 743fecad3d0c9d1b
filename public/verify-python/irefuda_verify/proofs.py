"""Schnorr signatures and equality proofs (chapter 01 §1)."""

from . import ristretto
from .errors import RuleError
from .hashing import h, scalar


def schnorr_ok(key, purpose, message, signature):
    """Whether a 64-byte signature holds under a 32-byte key."""
    point = ristretto.decode(key)
    if point is None or key == bytes(32) or len(signature) != 64:
        return False
    r, z = signature[:32], int.from_bytes(signature[32:], "little")
    if z >= ristretto.ORDER:
        return False
    c = scalar(h("schnorr", purpose.encode(), key, r, message))
    return ristretto.encode(ristretto.msm(((z, ristretto.BASE), (-c, point)))) == r


def need_schnorr(key, purpose, message, signature, rule, what):
    """Raise the rule when the signature does not hold."""
    if not schnorr_ok(key, purpose, message, signature):
        raise RuleError(rule, f"{what}: the signature does not verify")


def equality_ok(transcript, key, base, image, proof):
    """Chaum–Pedersen: image = x·base for the x of key (all as encodings)."""
    p, a, d = (ristretto.decode(x) for x in (key, base, image))
    if None in (p, a, d) or ristretto.is_identity(p) or len(proof) != 96:
        return False
    t1, t2, z = proof[:32], proof[32:64], int.from_bytes(proof[64:], "little")
    if z >= ristretto.ORDER:
        return False
    transcript.points(key, base, image)
    transcript.points(t1, t2)
    c = transcript.challenge("dleq")
    first = ristretto.msm(((z, ristretto.BASE), (-c, p)))
    second = ristretto.msm(((z, a), (-c, d)))
    return ristretto.encode(first) == t1 and ristretto.encode(second) == t2
