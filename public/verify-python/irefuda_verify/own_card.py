"""The voter's own card and the windows of *again* tokens (chapter 04 §3 and §4)."""

from . import ristretto as rs
from .errors import RuleError
from .hashing import Transcript, h, scalar, u8, u16, u32
from .proofs import equality_ok, schnorr_ok
from .wire import whole

ANSWER = 8
# How long behind its window a block takes a further ballot.
GRACE_MS = 1_800_000


def first_scalar(purpose, *fields):
    """The first scalar that is not zero of H(purpose, fields…, u32le counter)."""
    counter = value = 0
    while not value:
        value = scalar(h(purpose, *fields, u32(counter)))
        counter += 1
    return value


def person_key(secret, election, certificate_hash):
    """w_j of a person, from the registrar's secret."""
    return first_scalar("person-key", secret, election, certificate_hash)


def factor(s, election, registrar):
    """h_j, from the voting secret."""
    return first_scalar("again-blind", s, election, u16(registrar))


def second_base(election, registrar, certificate_hash):
    """B_j, which belongs to one election, registrar and card; nobody knows its logarithm."""
    return rs.from_uniform(h("again-base", election, u16(registrar), certificate_hash))


def proof_nonce(random, key, election, registrar, certificate_hash):
    """The w of π_j, from 64 fresh bytes and w_j."""
    return first_scalar("again-proof", random, key.to_bytes(32, "little"), election,
                        u16(registrar), certificate_hash)


def key_transcript(election, registrar, certificate_hash):
    """What π_j is about besides W_j, B_j and V_j."""
    t = Transcript("again-key")
    t.add(election)
    t.number(registrar)
    t.add(certificate_hash)
    return t


def key_proved(card, person, image, proof):
    """Whether π_j shows one w behind W_j and V_j; card = (election, j, H(certificate))."""
    base = rs.encode(second_base(*card))
    return equality_ok(key_transcript(*card), person, base, image, proof)


def total(keys):
    """X = ΣX_j of encodings that were decoded before, as a point."""
    out = rs.IDENTITY
    for key in keys:
        out = rs.add(out, rs.decode(key))
    return out


def challenge(ballot):
    """c of a further ballot: everything but what its voter chose."""
    return scalar(h("again-ballot", ballot.election, b"".join(ballot.keys), ballot.nonce,
                    ballot.vk, u32(ballot.seq), ballot.prev, u8(ballot.window),
                    b"".join(ballot.tokens)))


def check_fields(ballot, registrars):
    """R3.22: what a first ballot and a further one have about the card."""
    if len(ballot.keys) != registrars:
        raise RuleError("R3.22", f"{len(ballot.keys)} card keys for {registrars} registrars")
    if rs.is_identity(total(tuple(ballot.keys))):
        raise RuleError("R3.22", "card keys that add up to nothing")
    empty = [ballot.nonce == bytes(32), ballot.z == 0]
    if ballot.seq == 1 and not (all(empty) and ballot.window == 0):
        raise RuleError("R3.22", "a first ballot with a signature of the card or a window")
    if ballot.seq > 1 and any(empty):
        raise RuleError("R3.22", "a further ballot without a signature of the card")


def signed(keys, nonce, z, c):
    """Whether z·G − c·X encodes to R, which is never decoded."""
    return rs.encode(rs.msm(((z, rs.BASE), (-c, total(keys))))) == nonce


def check_signature(ballot):
    """R4.02."""
    if ballot.seq == 1:
        return
    if not signed(tuple(ballot.keys), ballot.nonce, ballot.z, challenge(ballot)):
        raise RuleError("R4.02", "the signature of the voter's own card")


def check_turn(ballot, last, windows, times):
    """R5.53, then R5.54 at all times; last is the ballot that this one replaces."""
    if ballot.seq == 1:
        return
    if ballot.keys != last.keys:
        raise RuleError("R5.53", "other card keys than in the first ballot of the voting key")
    begins, after = windows[ballot.window], windows[ballot.window + 1:]
    for time in times:
        if time < begins or after and time >= after[0] + GRACE_MS:
            raise RuleError("R5.54", f"a ballot with tokens of window {ballot.window} at {time}")


# -- for booths and auditors ----------------------------------------------------

class Answer:
    """A registrar's answer to *auth* (type 8), decoded."""

    def __init__(self, r):
        self.election, self.registrar, self.nonce = r.raw(64), r.u16(), r.raw(32)
        self.session_key = r.key()
        self.certificate_hash, self.leaf = r.raw(64), r.raw(32)
        self.person, self.image = r.key(), r.key()
        self.proof = r.raw(64) + r.scalar().to_bytes(32, "little")
        self.exists, self.nonce_key = r.flag(), r.option(r.key)


def check_answer(statement, signature, key, session, leaf):
    """R4.04: the answer of a session, (election, registrar, nonce, e, H(certificate))."""
    try:
        answer = whole(statement, ANSWER, Answer)
    except RuleError as error:
        raise RuleError("R4.04", f"the answer is not canonical ({error})") from None
    said = (answer.election, answer.registrar, answer.nonce, answer.session_key,
            answer.certificate_hash)
    if said != session:
        raise RuleError("R4.04", "an answer of another session")
    if not schnorr_ok(key, "auth-answer", statement, signature):
        raise RuleError("R4.04", "the registrar's signature under its answer")
    card = (answer.election, answer.registrar, answer.certificate_hash)
    if not key_proved(card, answer.person, answer.image, answer.proof):
        raise RuleError("R4.04", "the proof of the person's key")
    if answer.leaf != leaf:
        raise RuleError("R4.04", "another salt than was given")
    if answer.nonce_key is not None and not answer.exists:
        raise RuleError("R4.04", "K at a first visit")
    return answer


__all__ = ["ANSWER", "GRACE_MS", "Answer", "challenge", "check_answer", "check_fields",
           "check_signature", "check_turn", "factor", "first_scalar", "key_proved",
           "key_transcript", "person_key", "proof_nonce", "second_base", "signed", "total"]
