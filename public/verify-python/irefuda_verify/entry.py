"""The entries of the board as bytes (chapter 05 §2)."""

from types import SimpleNamespace as Record

from . import ballot as ballots
from . import evidence
from .ceremony import CEREMONY, read_message, read_roster
from .errors import RuleError
from .manifest import decode_sealed, read_release, read_texts, read_validator
from .tally import PARTIAL, read_partial
from .wire import VERSION, top, whole

NETWORK, SETUP, CEREMONY_ENTRY, SEAL, OPEN, EVIDENCE, BALLOT, SPOILED, NOTICE, EXTEND, RESUME, \
    DRAIN, SHARE_COMMIT, ANNOUNCE, SHARE, RESULT, SALT_DESTROYED, RELEASE, HAND_OVER, LATE = \
    range(9, 29)
WITHDRAW, HINTS = 29, 33  # 30 and 31 are no entries: chapters 02 and 07
OPENING = ballots.OPENING
# Ballots of both kinds, and with openings what comes last in a block.
BALLOTS = (BALLOT, SPOILED)
VOTER_ENTRIES = (*BALLOTS, OPENING)
NAMES = {
    SETUP: "Setup", CEREMONY_ENTRY: "Ceremony", SEAL: "Seal", OPEN: "Open", EVIDENCE: "Evidence",
    BALLOT: "Ballot", SPOILED: "SpoiledBallot", NOTICE: "Notice", EXTEND: "Extend",
    RESUME: "Resume", DRAIN: "Drain", SHARE_COMMIT: "ShareCommit", ANNOUNCE: "Announce",
    SHARE: "PartialDecryption", RESULT: "Result", SALT_DESTROYED: "SaltDestroyed",
    RELEASE: "Release", HAND_OVER: "HandOver", LATE: "Late", WITHDRAW: "Withdraw", HINTS: "Hints",
    OPENING: "Opening",
}
OFFICER_PURPOSE = {
    OPEN: "officer-open", NOTICE: "officer-notice", EXTEND: "officer-extend",
    RESUME: "officer-resume", DRAIN: "officer-drain", ANNOUNCE: "officer-announce",
    SALT_DESTROYED: "officer-salt-destroyed", RELEASE: "officer-release",
    HAND_OVER: "officer-hand-over", WITHDRAW: "officer-withdraw", HINTS: "officer-hints",
}
LIMIT, SEAL_LIMIT = 256 * 1024, 1024 * 1024


def read_network(r):
    """The body of a Network value."""
    return Record(
        name=r.text(128), validators=r.list(32, lambda: read_validator(r)),
        authorities=r.list(64, r.key), genesis_time=r.u64(),
    )


def need_increasing(keys):
    """A list of keys that is neither empty nor in another order."""
    if not keys or any(a >= b for a, b in zip(keys, keys[1:])):
        raise RuleError("R0.05", "keys that do not strictly increase, or none")


def _signed(r, e):
    e.signed = r.data[:r.at]
    e.signature = r.signature()


def _officers(r, e):
    e.signed = r.data[:r.at]
    e.officers = [(r.u16(), r.signature()), (r.u16(), r.signature())]


def _setup(r, e):
    e.network, e.id, e.authority = r.raw(32), r.text(64), r.key()
    e.officers = r.list(64, lambda: Record(name=read_texts(r), key=r.key()))
    e.trustee_names = r.list(15, lambda: read_texts(r))
    e.roster = read_roster(r)
    _signed(r, e)


def _ceremony(r, e):
    e.name, e.trustee = r.raw(64), r.u16()
    start = r.at
    e.message = read_message(r)
    e.message_bytes = top(CEREMONY) + r.data[start:r.at]
    _signed(r, e)


def _seal(r, e):
    e.sealed = r.raw(r.left())
    e.manifest, e.seal, e.signatures = decode_sealed(e.sealed)
    e.name = e.manifest.setup


def _open(r, e):
    e.name, e.count, e.height, e.head = r.raw(64), r.u64(), r.u64(), r.raw(32)
    _officers(r, e)


def _count(r):
    return Record(
        channel=r.tag((1, 2, 3)), first=r.u32(), again=r.u32(), staff_accepted=r.u32(),
        staff_refused=r.u32(), assisted=r.u32(),
    )


def _evidence(r, e):
    e.name, e.registrar, e.day = r.raw(64), r.u16(), r.u32()
    e.channels = r.list(8, lambda: _count(r))
    e.incidents, e.part = r.u32(), r.u16()
    e.leaves = r.list(evidence.PART, lambda: r.raw(32))
    _signed(r, e)


def _notice(r, e):
    e.name, e.key, e.text = r.raw(64), r.text(32), read_texts(r)
    _officers(r, e)


def _until(r, e):
    e.name, e.until = r.raw(64), r.u64()
    _officers(r, e)


def _act(r, e):
    e.name = r.raw(64)
    _officers(r, e)


def _share_commit(r, e):
    e.name, e.trustee, e.target, e.commitment = r.raw(64), r.u16(), r.raw(64), r.raw(64)
    _signed(r, e)


def _share(r, e):
    e.name = r.raw(64)
    start = r.at
    e.partial = read_partial(r)
    e.partial_bytes = top(PARTIAL) + r.data[start:r.at]
    e.trustee = e.partial.trustee
    _signed(r, e)


def _result(r, e):
    e.name = r.raw(64)
    e.votes = r.list(16, lambda: r.list(100, r.u64))
    e.received, e.overwritten, e.counted, e.spoiled = r.u64(), r.u64(), r.u64(), r.u64()
    e.issued = r.list(8, r.u64)


def _salt(r, e):
    e.name, e.registrar = r.raw(64), r.u16()
    _officers(r, e)


def _release(r, e):
    e.name, e.release = r.raw(64), read_release(r)
    _officers(r, e)


def _hand_over(r, e):
    e.name, e.epoch = r.raw(64), r.u64()
    e.validators = r.list(32, lambda: read_validator(r))
    need_increasing([v.engine for v in e.validators])
    e.until = r.u64()
    _officers(r, e)
    e.accepted = r.data[:r.at]
    e.acceptances = [r.raw(64) for _ in e.validators]
    e.certified = r.data[:r.at]
    e.signatures = r.list(32, lambda: (r.u16(), r.raw(64)))


def _withdraw(r, e):
    e.name, e.reason = r.raw(64), read_texts(r)
    _officers(r, e)


def _hints(r, e):
    e.name, e.number, e.portal = r.raw(64), r.u32(), r.text(256)
    e.hints = r.list(16, lambda: r.text(256))
    _officers(r, e)


def _seen(r):
    return Record(validator=r.u16(), height=r.u64(), time=r.u64(), signature=r.signature())


def _late(r, e):
    e.name, e.about = r.raw(64), r.raw(64)
    e.promises = r.list(32, lambda: _seen(r))


_BODIES = {
    SETUP: _setup, CEREMONY_ENTRY: _ceremony, SEAL: _seal, OPEN: _open, EVIDENCE: _evidence,
    NOTICE: _notice, EXTEND: _until, RESUME: _until, DRAIN: _act, SHARE_COMMIT: _share_commit,
    ANNOUNCE: _act, SHARE: _share, RESULT: _result, SALT_DESTROYED: _salt,
    RELEASE: _release, HAND_OVER: _hand_over, LATE: _late, WITHDRAW: _withdraw, HINTS: _hints,
}


def check_outside(data):
    """R5.02, then version and type (R5.01); gives the type."""
    limit = SEAL_LIMIT if data[1:2] == bytes((SEAL,)) else LIMIT
    if len(data) > limit:
        raise RuleError("R5.02", f"an entry of {len(data)} bytes")
    if data[:1] != bytes((VERSION,)) or len(data) < 2 or data[1] not in NAMES:
        raise RuleError("R5.01", f"no entry begins with {data[:2].hex()}")
    return data[1]


def decode(data):
    """An entry other than ballots and openings; R5.01 when it is not canonical."""
    e = Record(kind=data[1], bytes=data, hash=ballots.entry_hash(data))
    try:
        whole(data, e.kind, lambda r: _BODIES[e.kind](r, e))
    except RuleError as error:
        raise RuleError("R5.01", f"{NAMES[e.kind]} is not canonical ({error})") from None
    return e
