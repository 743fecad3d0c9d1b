"""The manifest: its bytes, its own rules, its seal (chapter 01 §4)."""

from dataclasses import dataclass
from types import SimpleNamespace as Record

from . import sound
from .errors import RuleError
from .hashing import h
from .proofs import schnorr_ok
from .wire import top, whole
from .x25519 import sealable

MANIFEST, SEALED = 1, 2
TEXT_LIMIT = 8192
SEALED_LIMIT = 1024 * 1024
DRAIN_MS = (20_000, 600_000)
ANNOUNCE_WAIT_MS = 30 * 86_400_000
SALT_DEPTHS, PRACTICE_SALT_DEPTHS = range(16, 29), range(8, 29)
AGAIN_MS = 6 * 3_600_000
BUCKET_BITS, IN_BUCKET, PRACTICE_IN_BUCKET = 16, 16_384, 4


@dataclass
class Manifest:
    """The decoded fields, the bytes they came from, and the election's name."""

    fields: Record
    body: bytes
    election_hash: bytes

    def __getattr__(self, name):
        if name == "fields":
            raise AttributeError(name)
        return getattr(self.fields, name)


def read_texts(r):
    """One text in three languages."""
    return {name: r.text(TEXT_LIMIT) for name in ("ja", "en", "plain")}


def _option(r):
    return Record(
        id=r.text(32), number=r.u16(), title=read_texts(r), proposer=read_texts(r),
        summary=read_texts(r),
    )


def _contest(r):
    c = Record(id=r.text(32), title=read_texts(r), n=r.u16(), k_min=r.u16(), k_max=r.u16())
    if not (2 <= c.n <= 100 and c.k_min <= c.k_max <= c.n and c.k_max >= 1 and c.k_min < c.n):
        raise RuleError("R1.02", f"the shape (R1.01) n={c.n}, k_min={c.k_min}, k_max={c.k_max}")
    c.options = [_option(r) for _ in range(c.n)]
    c.blank = r.option(r.u16)
    if c.blank is not None and c.blank >= c.n:
        raise RuleError("R1.02", "the blank option is not an option")
    c.slots = c.n + c.k_max - c.k_min
    return c


def _window(r):
    return (r.u64(), r.u64())


def _channel(r):
    return Record(
        channel=r.tag((1, 2, 3)), name=read_texts(r), place=read_texts(r),
        windows=r.list(366, lambda: _window(r)),
    )


def _place(r):
    return Record(
        id=r.text(32), channel=r.tag((1, 2, 3)), name=read_texts(r), address=read_texts(r),
        windows=r.list(366, lambda: _window(r)),
    )


def read_release(r):
    """Version, platform, size and hash of a booth program."""
    return Record(version=r.text(32), platform=r.text(32), size=r.u64(), sha256=r.raw(32))


def _trustees(r):
    t = Record(t=r.u16())
    t.members = r.list(
        15, lambda: Record(id=r.u16(), name=read_texts(r), key=r.key(), verification=r.key())
    )
    t.joint = r.key()
    t.root = r.raw(64)
    return t


def _registrar(r):
    return Record(
        name=read_texts(r), origin=r.text(256), spki=r.raw(32), key=r.key(),
        first=r.raw(256), again=r.list(255, lambda: r.raw(256)), survey=r.raw(256),
        salt_depth=r.u8(), salt_root=r.raw(32),
    )


def read_validator(r):
    """Name, engine key, node key, origin, SPKI pin, the X25519 key that relays seal to."""
    return Record(
        name=read_texts(r), engine=r.raw(32), node=r.key(), origin=r.text(256), spki=r.raw(32),
        hpke=r.raw(32),
    )


def _question(r):
    return Record(
        id=r.text(32), title=read_texts(r), kind=r.tag((1, 2, 3)), required=r.flag(),
        choices=r.list(32, lambda: Record(value=r.text(32), title=read_texts(r))),
        max_chars=r.u16(),
    )


def read_body(r):
    """The fields in the order of the specification."""
    return Record(
        network=r.raw(32), setup=r.raw(64), id=r.text(64), practice=r.flag(),
        title=read_texts(r), municipality=read_texts(r),
        help=Record(telephone=r.text(32), hours=read_texts(r)),
        eligibility=Record(entitled=r.tag((1, 2)), words=read_texts(r), expected=r.u32()),
        bucket_bits=r.u8(),
        contests=r.list(16, lambda: _contest(r)),
        tie_rule=Record(kind=r.tag((1, 2, 3)), words=read_texts(r)),
        channels=r.list(8, lambda: _channel(r)),
        places=r.list(64, lambda: _place(r)),
        again_windows=r.list(255, r.u64),
        close_at=r.u64(), drain_ms=r.u64(), extend_limit=r.u64(), announce_at=r.u64(),
        min_counted=r.u32(),
        trustees=_trustees(r),
        registrars=r.list(8, lambda: _registrar(r)),
        officers=r.list(64, lambda: Record(name=read_texts(r), key=r.key())),
        authority=r.key(),
        auditors=r.list(16, lambda: r.raw(32)),
        validators=r.list(32, lambda: read_validator(r)),
        epoch=r.u64(),
        portal=r.text(256),
        relays=r.list(4, lambda: Record(name=read_texts(r), origin=r.text(256), spki=r.raw(32))),
        face_required=r.list(8, lambda: r.tag((1, 2, 3))),
        survey=r.list(64, lambda: _question(r)),
        notices=r.list(64, lambda: Record(key=r.text(32), text=read_texts(r))),
        releases=r.list(64, lambda: read_release(r)),
    )


def _check_trustees(f):
    ids = [m.id for m in f.trustees.members]
    n, t = len(ids), f.trustees.t
    if ids != list(range(1, n + 1)) or not 1 <= t <= n <= 15 or 2 * t <= n:
        raise RuleError("R1.03", f"trustees {ids} with threshold {t}")


def _check_windows(f):
    for hours in f.channels:
        late = any(closes > f.close_at for _, closes in hours.windows)
        if late or not sound.in_order(hours.windows):
            raise RuleError("R1.04", f"the windows of channel {hours.channel}")


def _check_parties(f):
    for name in ("contests", "channels", "registrars", "validators"):
        if not getattr(f, name):
            raise RuleError("R1.05", f"no {name}")
    keys = [o.key for o in f.officers]
    if len(keys) < 2 or len(set(keys)) != len(keys):
        raise RuleError("R1.05", "fewer than two officers, or an officer key twice")
    if not all(sealable(key) for key in (*f.auditors, *(v.hpke for v in f.validators))):
        raise RuleError("R1.05", "an X25519 key is not canonical or of small order")


def _distinct(values, what):
    if len(set(values)) != len(values):
        raise RuleError("R1.05", f"{what} stands twice")


def _check_keys(f):
    moduli = [m for r in f.registrars for m in (r.first, *r.again, r.survey)]
    if any(m[0] < 0x80 or m[-1] % 2 == 0 for m in moduli):
        raise RuleError("R1.05", "an issuer's modulus is even or shorter than 2048 bits")
    _distinct(moduli, "an issuer's modulus")
    for name in ("key", "spki", "origin"):
        _distinct([getattr(r, name) for r in f.registrars], f"a registrar's {name}")
    for name in ("engine", "node", "hpke"):
        _distinct([getattr(v, name) for v in f.validators], f"a validator's {name} key")


def first_opening(f):
    """The earliest beginning of a window of any channel; the close if there is none."""
    return min((w[0] for c in f.channels for w in c.windows), default=f.close_at)


def _check_times(f):
    first = first_opening(f)
    if f.close_at > f.announce_at or f.close_at > f.extend_limit or first >= f.close_at:
        raise RuleError("R1.06", "close, extension limit, announcement or opening out of order")
    if (f.announce_at > f.extend_limit + ANNOUNCE_WAIT_MS
            or f.extend_limit > f.close_at + ANNOUNCE_WAIT_MS):
        raise RuleError("R1.06", "the announcement is more than 30 days after the last close")
    if not DRAIN_MS[0] <= f.drain_ms <= DRAIN_MS[1]:
        raise RuleError("R1.06", f"a drain of {f.drain_ms} ms")


def check_salts(f):
    """R1.14."""
    depths = PRACTICE_SALT_DEPTHS if f.practice else SALT_DEPTHS
    for number, registrar in enumerate(f.registrars):
        if registrar.salt_depth not in depths:
            raise RuleError("R1.14", f"registrar {number} has salts of depth {registrar.salt_depth}")


def check_again(f):
    """R1.15: the windows of the *again* keys, until the extension limit, and a modulus for each."""
    begins = f.again_windows
    if not begins or begins[0] > first_opening(f):
        raise RuleError("R1.15", "no window of the again keys when voting opens")
    for before, after in zip(begins, [*begins[1:], f.extend_limit]):
        if not 1 <= after - before <= AGAIN_MS:
            raise RuleError("R1.15", "windows of the again keys out of order or too long")
    for number, registrar in enumerate(f.registrars):
        if len(registrar.again) != len(begins):
            raise RuleError("R1.15", f"registrar {number} has another number of again keys")


def check_bucket(f):
    """R1.16: how little a look-up shows."""
    least = PRACTICE_IN_BUCKET if f.practice else IN_BUCKET
    bits = f.bucket_bits
    if bits > BUCKET_BITS or bits and f.eligibility.expected >> bits < least:
        raise RuleError("R1.16", f"buckets of {bits} bits")


def check(f):
    """The manifest's own rules, R1.03–R1.06 and R1.11–R1.17."""
    _check_trustees(f)
    _check_windows(f)
    _check_parties(f)
    _check_keys(f)
    _check_times(f)
    sound.check_places(f)
    sound.check_texts(f)
    sound.check_ids(f)
    check_salts(f)
    check_again(f)
    check_bucket(f)
    sound.check_relays(f)


def decode_sealed(data):
    """(Manifest, authority's signature, trustees' signatures); R1.01, R1.02."""
    def read(r):
        fields = read_body(r)
        end = r.at
        seal = r.signature()
        signatures = r.list(15, lambda: (r.u16(), r.signature()))
        body = top(MANIFEST) + data[2:end]
        return Manifest(fields, body, h("manifest", body)), seal, signatures

    try:
        return whole(data, SEALED, read)
    except RuleError as error:
        if error.rule.startswith("R0"):
            raise RuleError("R1.02", f"the manifest is not canonical ({error})") from None
        raise


def open_sealed(data):
    """Decode a sealed manifest and check R1.01–R1.08 and R1.11–R1.17."""
    if len(data) > SEALED_LIMIT:
        raise RuleError("R1.02", f"a sealed manifest of {len(data)} bytes")
    manifest, seal, signatures = decode_sealed(data)
    check(manifest.fields)
    check_seal(manifest, seal, signatures)
    return manifest


def check_practice(manifest, meant):
    """R1.10: the manifest is of the kind that the reader means."""
    if manifest.practice != meant:
        kind = "practice" if manifest.practice else "a real election"
        raise RuleError("R1.10", f"the manifest is of {kind}, which is not what is meant")


def check_seal(manifest, seal, signatures):
    """R1.07 and R1.08."""
    name = manifest.election_hash
    if not schnorr_ok(manifest.authority, "manifest", name, seal):
        raise RuleError("R1.07", "the authority's signature on the manifest")
    keys = {m.id: m.key for m in manifest.trustees.members}
    last = 0
    for ident, signature in signatures:
        if ident <= last or ident not in keys:
            raise RuleError("R1.08", f"trustee id {ident} is unknown or repeated")
        if not schnorr_ok(keys[ident], "manifest", name, signature):
            raise RuleError("R1.08", f"the signature of trustee {ident} on the manifest")
        last = ident
    if len(signatures) < manifest.trustees.t:
        raise RuleError("R1.08", f"only {len(signatures)} trustee signatures")
