"""Makes whole elections from the specification, to have something to forge.

Test code: its secrets come from a seeded generator, and nothing is
constant-time.  Never use it for anything but tests.
"""

import copy
import hashlib
import itertools
import random
from types import SimpleNamespace as Record

from irefuda_verify import ballot as ballots
from irefuda_verify import (ed25519, entry, merkle, own_card, promise, second_device, tally,
                            terms, token)
from irefuda_verify import ristretto as rs
from irefuda_verify.board import aggregate, counted_root
from irefuda_verify.chain import Header, decode_network, entries_root, varint
from irefuda_verify.evidence import PART
from irefuda_verify.hashing import Transcript, generator, h, scalar, u16, u32, u64
from irefuda_verify.manifest import decode_sealed, read_validator
from irefuda_verify.wire import VERSION, Reader, blob

HOUR = 3_600_000
DAY = 24 * HOUR
START = 1_800_000_000_000
# No hand-over of the stories stands before the start or seven days after it.
UNTIL = START + 7 * 24 * HOUR
ORDER_TWO = bytes.fromhex("ec" + 30 * "ff" + "7f")


# -- small encoders ---------------------------------------------------------

def text(value):
    """A text field."""
    return blob(value.encode())


def texts(value):
    """One text in three languages."""
    return text(value + "語") + text(value) + text(value)


NOTHING = 3 * text("")


def items(values):
    """A list."""
    values = list(values)
    return u32(len(values)) + b"".join(values)


def u8(n):
    """One byte."""
    return bytes((n,))


def s32(k):
    """A scalar."""
    return (k % rs.ORDER).to_bytes(32, "little")


def hours(*windows):
    """Windows in hours from the start."""
    return items([u64(START + int(a * HOUR)) + u64(START + int(b * HOUR)) for a, b in windows])


def channel(kind, name, *windows, place=NOTHING):
    """Hours of a channel."""
    return u8(kind) + texts(name) + place + hours(*windows)


def place(ident, kind, name, *windows):
    """A room of a counter or venue."""
    return text(ident) + u8(kind) + texts(name) + texts("1 Street\nTown") + hours(*windows)


def release(version, platform, size=7):
    """A booth program."""
    return text(version) + text(platform) + u64(size) + bytes(range(32))


def modulus(key):
    """The modulus of an RSA key."""
    return key.n.to_bytes(256, "big")


def salts(depth, number):
    """Depth and root of a registrar's table of salts; only booths look into the table."""
    return u8(depth) + bytes((64 + number,)) * 32


def relay(name, origin, spki):
    """A relay."""
    return texts(name) + text(origin) + spki


def records(total, part=0):
    """Leaf hashes of one part of a report, which nobody can open."""
    return [n.to_bytes(4, "big") + bytes(28)
            for n in range(PART * part + 1, min(total, PART * (part + 1)) + 1)]


def signing(engines):
    """The validators who certify when nothing else is said: one is away if that may be."""
    return [i for i in range(len(engines)) if i != 2 or len(engines) < 4]


def _same(value):
    return value


class Maker:
    """Random numbers and signatures."""

    def __init__(self, seed=1):
        self.rng = random.Random(seed)
        # The first ciphertext's randomness of each contest: of the last ballot, and to be used.
        self.firsts, self.fixed = {}, {}
        # The check lines of each contest, (a, b, (r_A, r_B)): of the last ballot, and of every
        # ballot by its entry hash; randomness to be used, by (contest, line, side).
        self.lines, self.openable, self.fixed_masks = {}, {}, {}
        # Where everything of a ballot comes from, if it is not drawn.
        self.seed = None

    def bytes(self, size):
        """Random bytes."""
        return self.rng.randbytes(size)

    def secret(self):
        """A random scalar."""
        return self.rng.randrange(1, rs.ORDER)

    def schnorr(self, secret, purpose, message):
        """A Schnorr signature."""
        key, w = rs.encode(rs.mul_base(secret)), self.secret()
        r = rs.encode(rs.mul_base(w))
        c = scalar(h("schnorr", purpose.encode(), key, r, message))
        return r + s32(w + c * secret)

    def equality(self, transcript, secret, base):
        """A Chaum–Pedersen proof for base (an encoding)."""
        point, w = rs.decode(base), self.secret()
        t1, t2 = rs.encode(rs.mul_base(w)), rs.encode(rs.mul(w, point))
        transcript.points(public(secret), base, rs.encode(rs.mul(secret, point)))
        transcript.points(t1, t2)
        return t1 + t2 + s32(w + transcript.challenge("dleq") * secret)

    def own_card(self, card, c):
        """R and z of a further ballot; card = (h, w) of each registrar, c what is signed but R."""
        alpha, beta, *nonces = (self.secret() for _ in range(2 + len(card)))
        r = alpha + sum(h * k for k, (h, _) in zip(nonces, card))
        c.nonce = public(r + beta * sum(h * w for h, w in card))
        asked = own_card.challenge(c) + beta
        return c.nonce, alpha + sum(h * (k + asked * w) for k, (h, w) in zip(nonces, card))

    def prime(self, bits):
        """A probable prime with the top two bits set."""
        while True:
            n = self.rng.getrandbits(bits) | 3 << bits - 2 | 1
            if n % 65537 == 1 or any(n % p == 0 for p in (3, 5, 7, 11, 13, 17, 19, 23, 29, 31)):
                continue
            if all(pow(a, n - 1, n) == 1 for a in (2, 3)):
                return n

    def rsa(self, p=None, q=None):
        """A 2048-bit key."""
        p, q = p or self.prime(1024), q or self.prime(1024)
        return Record(n=p * q, d=pow(65537, -1, (p - 1) * (q - 1)))

    def pss(self, key, data):
        """RSASSA-PSS with SHA-384 and a salt of 48 bytes."""
        salt = self.bytes(48)
        tag = hashlib.sha384(bytes(8) + hashlib.sha384(data).digest() + salt).digest()
        db = bytes(256 - 49 - 49) + b"\x01" + salt
        masked = bytearray(a ^ b for a, b in zip(db, token._mgf1(tag, len(db))))
        masked[0] &= 0x7F
        em = int.from_bytes(bytes(masked) + tag + b"\xbc", "big")
        return pow(em, key.d, key.n).to_bytes(256, "big")


def public(secret):
    """The key of a secret."""
    return rs.encode(rs.mul_base(secret))


class EngineKey:
    """An Ed25519 key."""

    def __init__(self, seed):
        digest = hashlib.sha512(seed).digest()
        number = int.from_bytes(digest[:32], "little")
        self.a = number & (1 << 254) - 8 | 1 << 254
        self.prefix = digest[32:]
        self.key = ed25519.compress(rs._straus([(self.a, rs.BASE)]))

    def sign(self, message, mixed=False):
        """RFC 8032; mixed: with a point of order two in R, which only a check without it sees."""
        r = int.from_bytes(hashlib.sha512(self.prefix + message).digest(), "little") % rs.ORDER
        point = rs._straus([(r, rs.BASE)])
        if mixed:
            point = rs.add(point, ed25519.decompress(ORDER_TWO))
        big_r = ed25519.compress(point)
        k = int.from_bytes(hashlib.sha512(big_r + self.key + message).digest(), "little")
        return big_r + s32(r + k * self.a)


# -- ballots ----------------------------------------------------------------

def _masks(maker, contest, index, v, tweak):
    """What stands in the check lines: (a, b, carry, (r_A, r_B)) of each."""
    mu, weights = ballots.check_lines(contest)
    rows = []
    for j, line in enumerate(weights):
        total, a = sum(w * x for w, x in zip(line, v)), maker.rng.randrange(mu)
        r = [maker.fixed_masks.get((index, j, side), maker.secret()) for side in (0, 1)]
        rows.append([a, (total + a) % mu, (total + a) // mu, r])
    if maker.seed is not None:
        marks = [o for o in range(contest.n) if v[o]]
        rows = [[row.a, row.b, row.t, list(row.r)]
                for row in second_device.masks(contest, index, maker.seed, marks)]
    last = rows[-1]
    if tweak in MASKS:
        MASKS[tweak](last, mu)
    return rows


def _set(row, a=0, b=0, t=0):
    row[0] += a
    row[1] += b
    row[2] += t


def _another(row, mu):
    """Another mask for the same sum."""
    total = row[1] + row[2] * mu - row[0]
    row[0] = (row[0] + 1) % mu
    row[1], row[2] = (total + row[0]) % mu, (total + row[0]) // mu


# Another last check line than the maker gives.
MASKS = {
    "masked sum": lambda row, mu: _set(row, b=1),
    "mask": lambda row, mu: _set(row, a=1),
    "carry": lambda row, mu: _set(row, t=1 - 2 * row[2]),
    "carry of two": lambda row, mu: _set(row, b=(row[2] - 2) * mu, t=2 - row[2]),
    "carry of minus one": lambda row, mu: _set(row, b=(row[2] + 1) * mu, t=-1 - row[2]),
    "too great to be opened": lambda row, mu: _set(row, a=mu, b=mu),
    "r of both masks": lambda row, mu: row[3].__setitem__(1, row[3][0]),
    "another r of the mask": lambda row, mu: row[3].__setitem__(0, row[3][0] + 1),
    "another mask": _another,
}


def prove(maker, m, context, index, marks, tweak=None):
    """One contest: the ciphertexts of marks and their proof (chapter 03 §2)."""
    contest, joint = m.contests[index], rs.decode(m.trustees.joint)
    n, slots = contest.n, contest.slots
    v = [1 if i in marks else 0 for i in range(n)]
    v += [1 if i < contest.k_max - len(marks) else 0 for i in range(slots - n)]
    if tweak == "bits":
        v[0], v[1] = 2, v[1] - 1
    r = [maker.secret() for _ in range(n)]
    if maker.seed is not None:
        r = [second_device.randomness(maker.seed, index, i) for i in range(n)]
    masks, (mu, weights) = _masks(maker, contest, index, v, tweak), ballots.check_lines(contest)
    if tweak == "r twice":
        r[1] = r[0]
    if tweak == "r of the contest before":
        r[0] = maker.firsts[index - 1]
    r[0] = maker.fixed.get(index, r[0])
    if tweak in ("r of the mask", "r of the masked sum"):
        r[0] = masks[0][3][tweak != "r of the mask"]
    if tweak in ("mask r of the contest before", "masked r of the contest before"):
        side = int(tweak.startswith("masked"))
        masks[-1][3][side] = maker.lines[index - 1][0][2][1 - side]
    maker.firsts[index] = r[0]
    maker.lines[index] = [(row[0], row[1], row[3]) for row in masks]
    a = [rs.encode(rs.mul_base(x)) for x in r]
    b = [rs.encode(rs.add(rs.mul_base(x), rs.mul(y, joint))) for x, y in zip(v, r)]
    lines = [half for side in (0, 1) for row in masks
             for half in ballots.encrypted(joint, row[side], row[3][side])]
    v += [row[2] for row in masks]
    s = [maker.secret() for _ in range(len(v))]
    s[0] = -sum(s[1:slots]) % rs.ORDER
    nu, sigma, rho = maker.secret(), maker.secret(), maker.secret()
    big_v = [(x, generator("G", i)) for i, x in enumerate(v)]
    big_v += [(t * (1 - 2 * x), generator("J", i)) for i, (x, t) in enumerate(zip(v, s))]
    big_s = [(t, generator("G", i)) for i, t in enumerate(s)]
    big_s += [(-t * t, generator("J", i)) for i, t in enumerate(s)]
    pedersen = generator("H'", 0)
    vs = (rs.encode(rs.msm(big_v + [(nu, pedersen)])), rs.encode(rs.msm(big_s + [(sigma, pedersen)])))
    t = Transcript("ballot-proof")
    t.number(VERSION)
    t.add(m.election_hash)
    t.number(index)
    t.add(context.vk)
    t.number(context.seq)
    t.add(context.prev)
    t.add(context.mark)
    if tweak == "printed numbers":
        weights = [[w + 1 for w in line] for line in weights]
    for number in (n, slots, contest.k_min, contest.k_max, len(weights), mu):
        t.number(number)
    if mu == 100:
        for number in weights[0]:
            t.number(number)
    t.add(m.trustees.joint)
    t.points(*a)
    t.points(*b)
    if tweak == "masks in one frame":
        t.points(*lines)
    elif tweak != "masks not hashed":
        t.points(*lines[:len(lines) // 2])
        t.points(*lines[len(lines) // 2:])
    t.points(*vs)
    y = t.challenge("y")
    powers = [pow(y, i, rs.ORDER) for i in range(n + len(weights))]
    links = [sum(w * x for w, x in zip(line, r)) + row[3][0] - row[3][1]
             for line, row in zip(weights, masks)]
    value = sum(p * q for p, q in zip(powers, s[:n] + [mu * q for q in s[slots:]]))
    ab = (rs.encode(rs.mul_base(rho)),
          rs.encode(rs.add(rs.mul_base(value), rs.mul(rho, joint))))
    if tweak == "A'":
        ab = (rs.encode(rs.add(rs.decode(ab[0]), rs.BASE)), ab[1])
    if tweak == "B'":
        ab = (ab[0], rs.encode(rs.add(rs.decode(ab[1]), rs.BASE)))
    t.points(*ab)
    x = t.challenge("x")
    f = [(p + x * q) % rs.ORDER for p, q in zip(s, v)]
    phi, z = sigma + x * nu, rho + x * sum(p * q for p, q in zip(powers, r + links))
    words = a + b + lines + list(vs) + list(ab) + [s32(k) for k in f[1:] + [phi, z]]
    if tweak == "f of the last carry":
        words[-3] = s32(f[-1] + 1)
    if tweak == "scalar of the last carry":
        words[-3] = rs.ORDER.to_bytes(32, "little")
    if tweak in HALVES:
        at, half = HALVES[tweak]
        words[2 * n + at * len(lines) // 4 + (half == 1)] = b"\xff" * 32 if half < 2 else bytes(32)
    if tweak == "exchanged":
        at = len(lines) // 2
        words[2 * n:2 * n + 2 * at] = lines[at:] + lines[:at]
    if tweak == "phi":
        words[-2] = s32(phi + 1)
    if tweak == "z":
        words[-1] = s32(z + 1)
    if tweak == "scalar":
        words[-1] = rs.ORDER.to_bytes(32, "little")
    if tweak == "point":
        words[n] = b"\xff" * 32
    if tweak == "identity":
        words[0] = bytes(32)
    return b"".join(words)


# The first line's ciphertext of a side, its first or second half not canonical, or the identity.
HALVES = {"first half of a mask": (0, 0), "second half of a mask": (0, 1),
          "identity in a mask": (0, 2), "first half of a masked sum": (2, 0),
          "second half of a masked sum": (2, 1), "identity in a masked sum": (2, 2)}


class Voter:
    """A credential and the chain of its ballots."""

    def __init__(self, world):
        self.world, self.x = world, world.secret()
        self.vk, self.seq, self.prev = public(self.x), 0, bytes(64)
        # Of each registrar the booth's factor and the secret person key, and X.
        self.card = [(world.secret(), world.secret()) for _ in world.registrars]
        self.keys = [public(h * w) for h, w in self.card]

    def ballot(self, *choices, commit=True, tweak=None, where=None, **change):
        """The next ballot; change overrides fields before signing; a tweak is of one contest.

        card is another one that signs, signed overrides what it signs, token_window is the one
        whose keys made the tokens.
        """
        where = len(choices) - 1 if where is None else where
        w = self.world
        c = Record(vk=self.vk, seq=self.seq + 1, prev=self.prev, mark=bytes((3, 7)),
                   election=w.manifest.election_hash, token_seq=None, token_prev=None,
                   keys=self.keys, nonce=bytes(32), z=0, card=self.card, signed={})
        c.__dict__.update(change)
        c.window = change.get("window", w.window if c.seq > 1 else 0)
        of = change.get("token_window", c.window)
        kind, message = token.ballot_message(
            w.manifest.election_hash, c.vk, c.token_seq or c.seq, c.token_prev or c.prev)
        pool = w.first if kind == token.FIRST else [row[of] for row in w.again]
        tokens = change.get("tokens") or [w.pss(key, message) for key in pool]
        contests = change.get("contests") or [
            prove(w, w.manifest, c, i, choice, tweak if i == where else None)
            for i, choice in enumerate(choices)]
        if c.seq > 1:
            asked = Record(**{**vars(c), "tokens": tokens, **c.signed})
            c.nonce, c.z = w.own_card(c.card, asked)
            c.__dict__.update({k: v for k, v in change.items() if k in ("nonce", "z")})
        z = change.get("scalar", s32)(c.z)
        body = (b"\x02\x0f" + c.election + c.vk + u32(c.seq) + c.prev + c.mark
                + items(tokens) + items(c.keys) + c.nonce + z + u8(c.window)
                + items([blob(p) for p in contests]))
        data = body + w.schnorr(self.x, "ballot", body)
        w.openable[ballots.entry_hash(data)] = [
            line for i in sorted(w.lines) for line in w.lines[i]]
        if commit:
            self.seq, self.prev = c.seq, ballots.entry_hash(data)
        return data

    def check(self, *choices, key=None, entry_hash=None, **change):
        """A check ballot."""
        data = self.ballot(*choices, commit=False, **change)
        body = b"\x02\x10" + data[:-64] + (entry_hash or ballots.entry_hash(data))
        return body + self.world.schnorr(key or self.x, "ballot-open", body)


# -- the election -----------------------------------------------------------

class World(Maker):
    """Keys of everybody, and entries on demand."""

    def __init__(self, seed=1, min_counted=1):
        super().__init__(seed)
        self.min_counted = min_counted
        self.id, self.epoch, self.practice, self.change = "test-election", 0, 1, {}
        self.nodes = {}
        engines = [EngineKey(self.bytes(32)) for _ in range(7)]
        self.engines = {e.key: e for e in engines}
        rows = {e.key: self.validator(f"node-{i}", e.key) for i, e in enumerate(engines)}
        # The sets of three terms: four; two of them and three more; one alone.
        self.sets = [sorted(part, key=lambda e: e.key)
                     for part in (engines[:4], engines[2:], engines[6:])]
        self.rows = [[rows[e.key] for e in part] for part in self.sets]
        self.validators = self.rows[0]
        self.authority = self.secret()
        self.network_entry = b"\x02\x09" + text("test-net") + items(self.validators) \
            + items(sorted([public(self.authority), public(5)])) + u64(START)
        self.network = decode_network(self.network_entry)
        self.officers = [self.secret() for _ in range(3)]
        self.trustees = {i: self.secret() for i in (1, 2, 3)}
        self.registrars = [self.secret(), self.secret()]
        # 36 different moduli of nine primes are enough for tests.
        self.pairs = list(itertools.combinations([self.prime(1024) for _ in range(9)], 2))
        a, b, c, d = (self.rsa(*self.pairs.pop()) for _ in range(4))
        # Of each registrar the key for *first*, and one for *again* in each window; the window
        # whose tokens further ballots have.
        self.first, self.again = [a, b], [[c], [d]]
        self.windows, self.window = [START], 0
        self.t = 2
        self._setup()
        self._ceremony()
        self._seal()

    def validator(self, name, engine, node=None, hpke=None):
        """A validator with an engine key, as in the manifest; the secret node key is kept."""
        self.nodes[engine] = self.secret()
        return (texts(name) + engine + (node or public(self.nodes[engine]))
                + text(f"https://{name}.example") + self.bytes(32)
                + (hpke or self.bytes(31) + b"\x01"))

    def following(self, practice=1, epoch=0, windows=None, **change):
        """Another election of the same people in the same network; change as in manifest_body.

        windows are other beginnings of the windows, each with keys of its own.
        """
        w = copy.copy(self)
        if windows:
            w.pairs = list(w.pairs)
            w.again = [row + [w.rsa(*w.pairs.pop()) for _ in windows[len(row):]]
                       for row in w.again]
            w.windows = windows
        w.id, w.practice, w.epoch, w.validators = "another", practice, epoch, self.rows[epoch]
        w.change = change
        w._setup()
        w._ceremony()
        w._seal()
        return w

    def _setup(self):
        self.roster = u16(self.t) + items(
            [u16(i) + public(x) + self.bytes(32)[:31] + b"\x01" for i, x in self.trustees.items()])
        self.officer_list = items([texts(f"officer-{i}") + public(x)
                                   for i, x in enumerate(self.officers)])
        body = (b"\x02\x0a" + self.network.id + text(self.id) + public(self.authority)
                + self.officer_list + items([texts(f"trustee-{i}") for i in self.trustees])
                + self.roster)
        self.setup_entry = body + self.schnorr(self.authority, "board-setup", body)
        self.e0 = ballots.entry_hash(self.setup_entry)

    def ceremony_entry(self, i, message):
        """A Ceremony entry of trustee i."""
        body = b"\x02\x0b" + self.e0 + u16(i) + message
        return body + self.schnorr(self.trustees[i], "board-ceremony", body)

    def _ceremony(self):
        polys = {i: [self.secret() for _ in range(self.t)] for i in self.trustees}
        rounds = [{}, {}, {}, {}, {}]
        maps = [b"", b"", b""]
        for i, poly in polys.items():
            points = items([public(k) for k in poly])
            message = self.e0 + self.roster + u16(i) + points
            reveal = u8(2) + points + self.schnorr(poly[0], "ceremony-knowledge", message)
            commit = h("ceremony-commit", self.e0, self.roster, u16(i), b"\x02\x1e" + reveal)
            boxes = items([u16(j) + self.bytes(80) for j in polys if j != i])
            for number, data in enumerate((u8(1) + commit, reveal, u8(3) + boxes, u8(4))):
                rounds[number][i] = data
            for number, data in enumerate((commit, points, boxes)):
                maps[number] += u16(i) + data
        self.ceremony_root = h("ceremony-transcript", self.e0, self.roster, b"".join(maps))
        for i, x in self.trustees.items():
            rounds[4][i] = u8(7) + self.schnorr(x, "ceremony-root", self.ceremony_root)
        self.rounds = [[self.ceremony_entry(i, m) for i, m in r.items()] for r in rounds]
        self.messages = rounds
        self.shares = {j: sum(k * j**e for p in polys.values() for e, k in enumerate(p)) % rs.ORDER
                       for j in polys}
        self.joint = public(sum(p[0] for p in polys.values()))

    def manifest_body(self, **change):
        """The manifest's body; change overrides fields."""
        option = [text(f"P{i}") + u16(i) + texts(f"option-{i}") + texts("who") + texts("what")
                  for i in range(5)]
        contest = [text("one") + texts("Pick one") + u16(5) + u16(1) + u16(1) + b"".join(option)
                   + u8(0),
                   text("some") + texts("Pick some") + u16(3) + u16(0) + u16(2)
                   + b"".join(option[:3]) + u8(1) + u16(2)]
        fields = dict(
            network=self.network.id, setup=self.e0, id=text(self.id), practice=u8(self.practice),
            title=texts("Test"), municipality=texts("Nowhere"),
            help=text("0120-000-000") + texts("9 to 5\n\nnot on Sundays"),
            eligibility=u8(1) + texts("Whoever lives here") + u32(5),
            bucket_bits=u8(0), contests=items(contest),
            tie_rule=u8(2) + texts("A lot is drawn"),
            channels=items([channel(1, "home", (1, 2), (3, 4)),
                            channel(3, "venue", (2, 3), (3, 4))]),
            places=items([place("hall", 3, "Hall", (2.5, 3), (3, 4)), place("room", 3, "Room")]),
            again_windows=items(map(u64, self.windows)),
            close_at=u64(START + 4 * HOUR), drain_ms=u64(30_000),
            extend_limit=u64(START + 6 * HOUR), announce_at=u64(START + 7 * HOUR),
            min_counted=u32(self.min_counted),
            trustees=self.manifest_trustees(),
            registrars=items([
                texts(f"registrar-{i}") + text(f"https://r{i}.example") + bytes((i,)) * 32 + public(x)
                + modulus(self.first[i]) + items(map(modulus, self.again[i]))
                + b"\xff" * 255 + bytes((2 * i + 1,))
                + salts(8 if self.practice else 16, i) for i, x in enumerate(self.registrars)]),
            officers=self.officer_list, authority=public(self.authority),
            auditors=items([b"\x09" + bytes(31)]), validators=items(self.validators),
            epoch=u64(self.epoch),
            portal=text("https://p.example"),
            relays=items([relay("relay", "https://relay.example", b"\x80" * 32)]),
            face_required=items([u8(1)]),
            survey=items([text("q") + texts("Why?") + u8(3) + u8(0) + items([]) + u16(100)]),
            notices=items([text("n") + texts("Hello\n\"world\"")]),
            releases=items([release("2.0", "windows"), release("1.0", "linux"),
                            release("10.0", "linux")]))
        fields.update({**self.change, **change})
        return b"".join(fields.values())

    def manifest_trustees(self, joint=None, root=None, name=None):
        """The field *Trustees*."""
        members = [u16(i) + (name or texts(f"trustee-{i}")) + public(x) + public(self.shares[i])
                   for i, x in self.trustees.items()]
        return (u16(self.t) + items(members) + (joint or self.joint)
                + (root or self.ceremony_root))

    def sealed(self, body=None, signers=(1, 3), authority=None):
        """A sealed manifest."""
        body = body or self.manifest_body()
        name = h("manifest", b"\x02\x01" + body)
        seals = [u16(i) + self.schnorr(self.trustees[i], "manifest", name) for i in signers]
        return (b"\x02\x02" + body
                + self.schnorr(authority or self.authority, "manifest", name) + items(seals))

    def _seal(self):
        self.manifest_bin = self.sealed()
        self.manifest = decode_sealed(self.manifest_bin)[0]
        self.name = self.manifest.election_hash

    def act(self, kind, body=b"", by=(0, 2), name=None, keys=None):
        """An entry of two officers."""
        data = u8(VERSION) + u8(kind) + (name or self.name) + body
        keys = keys or by
        seals = [self.schnorr(self.officers[k], entry.OFFICER_PURPOSE[kind], data) for k in keys]
        return data + b"".join(u16(i) + s for i, s in zip(by, seals))

    def hand_over(self, epoch, rows, engines, signers=None, until=UNTIL, forge=_same, take=_same,
                  accept=_same, tweak=_same, **act):
        """A HandOver to the validators of rows, who accept, certified by the present ones.

        forge changes what the officers signed, take the message of the new validators, accept
        their signatures, tweak the message of the present ones.
        """
        data = forge(self.act(entry.HAND_OVER, u64(epoch) + items(rows) + u64(until), **act))
        signed = take(terms.message(terms.TAKE_OVER, self.network.id, data))
        data += b"".join(accept([self.acceptance(row, signed) for row in rows]))
        signed = tweak(terms.message(terms.HAND_OVER, self.network.id, data))
        signers = signing(engines) if signers is None else signers
        return data + items([u16(i) + engines[i % len(engines)].sign(signed) for i in signers])

    def acceptance(self, row, message, **how):
        """What the validator of a row signs, or zeros where nobody has the key."""
        engine = self.engines.get(read_validator(Reader(row)).engine)
        return engine.sign(message, **how) if engine else bytes(64)

    def seen(self, about, i, time, height=9, epoch=0, key=None, purpose="node-answer",
             signed=None, **change):
        """A promise of validator i of a set about an entry hash; change is what it signed."""
        engines = self.sets[epoch]
        said = dict(network=self.network.id, entry_hash=about, rule=promise.SEEN, height=height,
                    time=time)
        said.update(change)
        data = promise.answer(**said) if signed is None else signed(promise.answer(**said))
        key = key or self.nodes[engines[i % len(engines)].key]
        return u16(i) + u64(height) + u64(time) + self.schnorr(key, purpose, data)

    def late(self, about, *promises, name=None):
        """A Late about an entry (or an entry hash)."""
        about = about if len(about) == 64 else ballots.entry_hash(about)
        return b"\x02\x1c" + (name or self.name) + about + items(promises)

    def promised(self, data, time, by=(0, 2), name=None, **seen):
        """The Late of a ballot that the validators by promised at a time."""
        about = ballots.entry_hash(data)
        return self.late(about, *(self.seen(about, i, time, **seen) for i in by), name=name)

    def evidence(self, registrar, day, channels, key=None, part=0, leaves=None, incidents=0):
        """A part of a report: channels = (channel, first, again)…, leaves or the right ones."""
        rows = items([u8(c) + u32(f) + u32(a) + u32(1) + u32(2) + u32(3) for c, f, a in channels])
        if leaves is None:
            leaves = records(sum(f + a for _, f, a in channels), part)
        data = (b"\x02\x0e" + self.name + u16(registrar) + u32(day) + rows + u32(incidents)
                + u16(part) + items(leaves))
        return data + self.schnorr(key or self.registrars[registrar], "board-evidence", data)

    def opening(self, ballot, side=0, tweak=None, **change):
        """An Opening of a ballot, or of the one with an entry hash; a tweak changes its rows."""
        of = ballot if len(ballot) == 64 else ballots.entry_hash(ballot)
        rows = [[line[side % 2], line[2][side % 2]] for line in self.openable[of]]
        if tweak:
            tweak(rows)
        return (b"\x02\x20" + (change.get("name") or self.name) + (change.get("of") or of)
                + u8(side) + items([u8(value) + change.get("scalar", s32)(r)
                                    for value, r in rows]))

    def partial(self, i, box, tweak=None):
        """The canonical bytes of a partial decryption."""
        rows = []
        for c, options in enumerate(box.sums):
            for o, (a, _) in enumerate(options):
                t = Transcript("partial-decryption")
                t.add(self.name)
                for number in (i, c, o):
                    t.number(number)
                t.add(box.digest)
                t.add(box.root)
                x = self.shares[i]
                rows.append(rs.encode(rs.mul(x, rs.decode(a))) + self.equality(t, x, a))
        if tweak == "proof":
            rows[0] = rows[0][:-32] + s32(1)
        if tweak == "few":
            rows.pop()
        return b"\x02\x1f" + u16(i) + items(rows) + self.bytes(32)

    def share_commit(self, i, box, data, target=None):
        """A ShareCommit entry."""
        commitment = tally.commitment(self.name, box.target, data)
        body = b"\x02\x15" + self.name + u16(i) + (target or box.target) + commitment
        return body + self.schnorr(self.trustees[i], "board-share-commit", body)

    def share(self, i, data, key=None):
        """A PartialDecryption entry."""
        body = b"\x02\x17" + self.name + data[2:]
        return body + self.schnorr(key or self.trustees[i], "board-share", body)

    def result(self, votes, received, counted, spoiled, issued):
        """A Result entry."""
        return (b"\x02\x18" + self.name + items([items([u64(v) for v in row]) for row in votes])
                + u64(received) + u64(received - counted) + u64(counted) + u64(spoiled)
                + items([u64(n) for n in issued]))


class Chain:
    """Blocks on top of each other, certified, and the record of them."""

    def __init__(self, world):
        self.world, self.time = world, START
        first = ballots.entry_hash(world.network_entry)
        self.headers = [world.network.genesis(first)]
        self.entries = [[world.network_entry]]
        self.certificates = []
        self.views = {}
        self.epoch, self.engines = 0, world.sets[0]

    @property
    def head(self):
        """The digest of the last header."""
        return self.headers[-1].digest()

    def block(self, *entries, at=None, certify=True, sort=True, tweak=None, **cert):
        """Append a block; voters' entries are put into their order."""
        self.time = at or self.time + 1000
        if sort:
            entries = sorted(entries, key=lambda e: (e[1] in (15, 16, 32), ballots.entry_hash(e)
                                                     if e[1] in (15, 16, 32) else b""))
        root = entries_root([ballots.entry_hash(e) for e in entries])
        header = Header(self.world.network.id, self.head, len(self.headers), self.time, root,
                        len(entries))
        for name, value in (tweak or {}).items():
            setattr(header, name, value)
        self.headers.append(header)
        self.entries.append(list(entries))
        if certify:
            self.certificates.append(self.certificate(header.digest(), **cert))
        return header

    def hand_over(self, epoch, **block):
        """A block that hands over to the next set of the world, which then certifies."""
        w = self.world
        self.block(w.hand_over(epoch, w.rows[epoch], self.engines), **block)
        self.epoch, self.engines = epoch, w.sets[epoch]

    def certificate(self, digest, signers=None, size=None, wrong=None, epoch=None, engines=None):
        """A finality certificate."""
        engines = engines or self.engines
        size, signers = size or len(engines), signers or signing(engines)
        epoch = self.epoch if epoch is None else epoch
        proposal = varint(epoch) + varint(300) + varint(299) + digest
        space = b"irefuda/v2/board/" + self.world.network.id + b"_FINALIZE"
        message = varint(len(space)) + space + proposal
        bits = sum(1 << i for i in signers)
        seals = [engines[i].sign(message + (b"!" if i == wrong else b""))
                 for i in signers]
        return (proposal + size.to_bytes(8, "big") + bits.to_bytes((size + 7) // 8, "little")
                + varint(len(signers)) + b"".join(seals))

    def receipt(self, data, pictures=None, cut=0):
        """A receipt of an entry; cut leaves path nodes out."""
        height = next(n for n, block in enumerate(self.entries) if data in block)
        block, header = self.entries[height], self.headers[height]
        index, leaves = block.index(data), list(map(ballots.entry_hash, block))
        way, digest = _way(index, leaves), ballots.entry_hash(data)
        return (b"\x02\x07" + text(ballots.confirmation_code(digest)) + digest
                + (u8(1) + pictures if pictures else u8(0)) + u64(header.height) + u32(index)
                + items(way[:len(way) - cut]) + items([header.encode()[2:]])
                + blob(self.certificate(header.digest())))

    def files(self):
        """The record's files (views must have been set)."""
        out = {"manifest.bin": self.world.manifest_bin,
               "entries.bin": b"".join(blob(e) for block in self.entries for e in block),
               "blocks.bin": b"".join(x.encode() for x in self.headers),
               "finality.bin": b"".join(blob(c) for c in self.certificates)}
        out.update({f"view/{k}.json": self.views.get(k, "null\n").encode()
                    for k in ("counted", "election", "result")})
        return out


def _way(index, leaves):
    """The audit path of a leaf."""
    if len(leaves) == 1:
        return []
    split = 1 << (len(leaves) - 1).bit_length() - 1
    if index < split:
        return _way(index, leaves[:split]) + [merkle.root_of(leaves[split:])]
    return _way(index - split, leaves[split:]) + [merkle.root_of(leaves[:split])]


def box_of(world, last, digest):
    """The closed box: last = {vk: ballot bytes}."""
    rows = {}
    for vk, data in last.items():
        b = ballots.decode(data)
        halves = []
        for c, contest in zip(world.manifest.contests, b.contests):
            words = [contest[i:i + 32] for i in range(0, 64 * c.n, 32)]
            halves.append(list(zip(words[:c.n], words[c.n:])))
        rows[vk] = Record(hash=ballots.entry_hash(data), halves=halves)
    root = counted_root(world.name, rows)
    sums = aggregate(world.manifest, rows.values())
    return Record(digest=digest, root=root, sums=sums, counted=len(rows),
                  target=tally.target(world.name, digest, root, len(rows), sums))


__all__ = ["Chain", "DAY", "EngineKey", "HOUR", "Maker", "NOTHING", "START", "UNTIL", "Voter",
           "World", "blob", "box_of", "channel", "hours", "items", "modulus", "place", "prove",
           "public", "records", "relay", "release",
           "text", "texts", "u16", "u32", "u64", "u8"]
