"""The vectors of `vectors/`, computed by this implementation: one function a kind.

Each takes the inputs of a vector and what its file shares, and gives (out, expect).
"""

import copy
import hashlib
import os
import pathlib
import tempfile
from types import SimpleNamespace

from irefuda_verify import ballot as ballots
from irefuda_verify import board as boards
from irefuda_verify import ceremony as ceremonies
from irefuda_verify import chain, ed25519, manifest, merkle, own_card, proofs, receipt
from irefuda_verify import second_device
from irefuda_verify import tally, token, wire
from irefuda_verify import ristretto as rs
from irefuda_verify.errors import RuleError
from irefuda_verify.hashing import Transcript, generator, h, scalar, u16, u32
from irefuda_verify.terms import Terms
from irefuda_verify.verify import Verifier

from . import hpke
from .write import write

KINDS = {}
ACCEPT = "accept"


def kind(name):
    """Registers the function of one kind."""
    def register(function):
        def judged(i, shared):
            try:
                return function(i, shared) or {}, ACCEPT
            except RuleError as error:
                return {}, error.rule
        KINDS[name] = judged
        return function
    return register


def raw(text):
    """Bytes of hexadecimal."""
    return bytes.fromhex(text)


def number(text):
    """A scalar of hexadecimal."""
    return int.from_bytes(raw(text), "little")


def s32(k):
    """A scalar as hexadecimal."""
    return (k % rs.ORDER).to_bytes(32, "little").hex()


def wide(data):
    """64 random bytes as a scalar."""
    return int.from_bytes(data, "little") % rs.ORDER


def enc(point):
    """A point as hexadecimal."""
    return rs.encode(point).hex()


def cut(data, size):
    """Pieces of one size."""
    return [data[i:i + size] for i in range(0, len(data), size)]


# -- 01 -----------------------------------------------------------------------

@kind("hash")
def _hash(i, _):
    digest = h(i["purpose"], *map(raw, i["fields"]))
    return {"hash": digest.hex(), "scalar": s32(scalar(digest))}


@kind("generator")
def _generator(i, _):
    return {"point": enc(generator(i["label"], i["index"]))}


def _run(i):
    t, challenges = Transcript(i["purpose"]), []
    for step in i["steps"]:
        if "add" in step:
            t.add(raw(step["add"]))
        elif "number" in step:
            t.number(step["number"])
        elif "points" in step:
            t.points(*map(raw, step["points"]))
        else:
            challenges.append(t.challenge(step["challenge"]))
    return t, challenges


@kind("transcript")
def _transcript(i, _):
    return {"challenges": [s32(c) for c in _run(i)[1]]}


@kind("schnorr-sign")
def _sign(i, _):
    x, purpose, message = number(i["secret"]), i["purpose"].encode(), raw(i["message"])
    nonce = scalar(h("schnorr-nonce", raw(i["secret"]), raw(i["fresh"]), purpose, message))
    key, r = rs.encode(rs.mul_base(x)), rs.encode(rs.mul_base(nonce))
    c = scalar(h("schnorr", purpose, key, r, message))
    return {"key": key.hex(), "nonce": s32(nonce), "signature": r.hex() + s32(nonce + c * x)}


@kind("schnorr-verify")
def _verify(i, _):
    key = wire.Reader(raw(i["key"])).key()
    signature = wire.Reader(raw(i["signature"])).signature()
    proofs.need_schnorr(key, i["purpose"], raw(i["message"]), signature, "R0.08", "a vector")


@kind("equality-prove")
def _equality_prove(i, _):
    x, w, base = number(i["secret"]), wide(raw(i["random"])), rs.decode(raw(i["base"]))
    key, image = rs.mul_base(x), rs.mul(x, base)
    t1, t2 = rs.mul_base(w), rs.mul(w, base)
    t = _run(i["context"])[0]
    t.points(*map(rs.encode, (key, base, image)))
    t.points(rs.encode(t1), rs.encode(t2))
    z = w + t.challenge("dleq") * x
    return {"key": enc(key), "image": enc(image), "proof": enc(t1) + enc(t2) + s32(z)}


@kind("equality-verify")
def _equality_verify(i, _):
    key, base = wire.Reader(raw(i["key"])).key(), wire.Reader(raw(i["base"])).point()
    proof = raw(i["proof"])
    wire.Reader(proof[64:]).scalar()
    if not proofs.equality_ok(_run(i["context"])[0], key, base, raw(i["image"]), proof):
        raise RuleError("R7.02", "the proof does not hold")


def _token_message(r):
    tag, election = r.tag((1, 2, 3)), r.raw(64)
    key = r.raw(32) if tag == 3 else r.key()
    return tag, election, key, (r.u32(), r.raw(64)) if tag == 2 else None


@kind("decode")
def _decode(i, _):
    readers = {5: _token_message, 6: chain.read_header, 7: receipt.read,
               30: ceremonies.read_message, 31: tally.read_partial}
    wire.whole(raw(i["bytes"]), i["type"], readers[i["type"]])


@kind("sealed-manifest")
def _manifest(i, _):
    m = manifest.open_sealed(raw(i["bytes"]))
    if i.get("election", m.election_hash.hex()) != m.election_hash.hex():
        raise RuleError("R1.09", "another election")
    if "practice" in i:
        manifest.check_practice(m, i["practice"])
    return {"election": m.election_hash.hex(), "ballot_length": ballots.ballot_length(m),
            "opens_at": manifest.first_opening(m)}


# -- 02 -----------------------------------------------------------------------

@kind("polynomial")
def _polynomial(i, _):
    coefficients = [number(c) for c in i["coefficients"]]
    commitments = [rs.mul_base(c) for c in coefficients]
    return {
        "commitments": [enc(c) for c in commitments],
        "shares": [s32(sum(c * x**k for k, c in enumerate(coefficients))) for x in i["at"]],
        "public_shares": [enc(rs.msm([(x**k, c) for k, c in enumerate(commitments)]))
                          for x in i["at"]],
    }


@kind("lagrange")
def _lagrange(i, _):
    if len(set(i["ids"])) != len(i["ids"]):
        raise RuleError("R7.04", "an id twice")
    weights = tally.lagrange(i["ids"])
    return {"weights": [s32(weights[j]) for j in i["ids"]]}


@kind("sealed-share")
def _sealed_share(i, _):
    info = wire.blob(b"irefuda/v2/ceremony-share") + raw(i["setup"]) + u16(i["from"]) + u16(i["to"])
    plain = hpke.open_base(raw(i["secret_key"]), raw(i["encapsulated"]), info, b"", raw(i["box"]))
    if plain is None:
        raise RuleError("R2.08", "a box that does not open")
    return {"share": plain.hex()}


def _ceremony(i, _):
    reader = wire.Reader(raw(i["roster"]))
    try:
        roster = ceremonies.read_roster(reader)
        reader.end()
        c = ceremonies.Ceremony(raw(i["setup"]), roster)
    except RuleError:
        return {}, "R2.01"
    expect = ACCEPT
    for m in i["messages"]:
        data = raw(m["bytes"])
        try:
            c.apply(m["from"], ceremonies.decode(data), data)
            expect = ACCEPT
        except RuleError as error:
            expect = error.rule
    out = {"culprit": c.culprit}
    if c.complete():
        joint, keys = c.derived()
        out.update(joint=joint.hex(), verification=[keys[j].hex() for j in sorted(keys)],
                   root=c.root().hex())
    return out, expect


KINDS["ceremony"] = _ceremony


WORDS = (pathlib.Path(__file__).resolve().parents[3] / "docs/spec/words.txt").read_text(
    encoding="utf-8").split()


def _tens(data, count):
    """The first numbers of ten bits."""
    bits = int.from_bytes(data, "big")
    return [bits >> 8 * len(data) - 10 * (n + 1) & 1023 for n in range(count)]


@kind("words")
def _words(i, _):
    numbers = _tens(h("words", raw(i["value"])), 6)
    return {"numbers": numbers, "words": [WORDS[n] for n in numbers]}


@kind("backup")
def _backup(i, _):
    data = bytes((1, i["trustee"])) + raw(i["setup"])[:8] + raw(i["seed"]) + raw(i["share"])
    data += h("trustee-backup", data)[:1]
    numbers, lines = _tens(data, 60), []
    for line, five in enumerate(cut(numbers, 5), 1):
        check = _tens(h("trustee-backup-line", bytes((line,)), b"".join(map(u16, five))), 1)
        lines.append([WORDS[n] for n in five + check])
    return {"bytes": data.hex(), "lines": lines,
            "qr": "IREFUDA-TRUSTEE-BACKUP:" + data.hex().upper()}


# -- 03 -----------------------------------------------------------------------

_r = second_device.randomness


@kind("randomness")
def _randomness(i, _):
    return {"r": s32(_r(raw(i["seed"]), i["contest_index"], i["option"]))}


def _masks_of(i, marks):
    return second_device.masks(_Shape(i), i["contest_index"], raw(i["seed"]), marks)


def _shown(rows):
    return [{"a": row.a, "b": row.b, "t": row.t, "r_A": s32(row.r[0]), "r_B": s32(row.r[1])}
            for row in rows]


@kind("masks")
def _masks(i, _):
    return {"masks": _shown(_masks_of(i, i["marks"]))}


def _statement(i, rows):
    t = Transcript("ballot-proof")
    t.number(wire.VERSION)
    t.add(raw(i["election"]))
    t.number(i["contest_index"])
    t.add(raw(i["vk"]))
    t.number(i["seq"])
    t.add(raw(i["prev"]))
    t.add(raw(i["mark"]))
    one = i["k_max"] == 1
    for n in (i["n"], i["n"] + i["k_max"] - i["k_min"], i["k_min"], i["k_max"],
              1 if one else i["n"], 100 if one else 2, *(i["numbers"] if one else ())):
        t.number(n)
    t.add(raw(i["joint"]))
    for row in rows:
        t.points(*map(rs.encode, row))
    return t


@kind("prove")
def _prove(i, _):
    n, slots = i["n"], i["n"] + i["k_max"] - i["k_min"]
    joint, draws = rs.decode(raw(i["joint"])), [wide(w) for w in cut(raw(i["random"]), 64)]
    v = [int(o in i["marks"]) for o in range(n)]
    v += [int(j < i["k_max"] - len(i["marks"])) for j in range(slots - n)]
    r = [_r(raw(i["seed"]), i["contest_index"], o) for o in range(n)]
    masks = _masks_of(i, i["marks"])
    mu, weights = ballots.check_lines(_Shape(i))
    v += [row.t for row in masks]
    bits = len(v)
    s, (nu, sigma, rho) = draws[:bits], draws[bits:]
    s[0] = -sum(s[1:slots]) % rs.ORDER
    a = [rs.mul_base(k) for k in r]
    b = [rs.msm([(x, rs.BASE), (k, joint)]) for x, k in zip(v, r)]
    sides = [[half for row in masks for half in (
        rs.mul_base(row.r[side]),
        rs.msm([((row.a, row.b)[side], rs.BASE), (row.r[side], joint)]))] for side in (0, 1)]
    base = [("G", o) for o in range(bits)] + [("J", o) for o in range(bits)] + [("H'", 0)]
    base = [generator(*name) for name in base]

    def commit(first, second, blind):
        return rs.msm(list(zip(first + second + [blind], base)))

    big_v = commit(v, [k * (1 - 2 * x) for k, x in zip(s, v)], nu)
    big_s = commit(s, [-k * k for k in s], sigma)
    t = _statement(i, (a, b, *sides, (big_v, big_s)))
    y = t.challenge("y")
    powers = [pow(y, o, rs.ORDER) for o in range(n + len(masks))]
    r_d = [sum(w * k for w, k in zip(line, r)) + row.r[0] - row.r[1]
           for line, row in zip(weights, masks)]
    big_a = rs.mul_base(rho)
    value = sum(p * k for p, k in zip(powers, s[:n] + [mu * k for k in s[slots:]]))
    big_b = rs.msm([(value, rs.BASE), (rho, joint)])
    t.points(rs.encode(big_a), rs.encode(big_b))
    x = t.challenge("x")
    f = [s32(k + x * bit) for k, bit in zip(s, v)][1:]
    phi, z = sigma + x * nu, rho + x * sum(p * k for p, k in zip(powers, r + r_d))
    out = {"v": v[:slots], "r": [s32(k) for k in r], "s": [s32(k) for k in s], "nu": s32(nu),
           "sigma": s32(sigma), "rho": s32(rho), "a": [enc(p) for p in a],
           "b": [enc(p) for p in b], "masks": _shown(masks), "A": [enc(p) for p in sides[0]],
           "B": [enc(p) for p in sides[1]], "V": enc(big_v), "S": enc(big_s), "y": s32(y),
           "A'": enc(big_a), "B'": enc(big_b), "x": s32(x), "f": f, "phi": s32(phi), "z": s32(z)}
    out["contest"] = "".join(out["a"] + out["b"] + out["A"] + out["B"] + [out[k] for k in ("V", "S", "A'", "B'")]
                             + f + [out["phi"], out["z"]])
    return out


class _Shape:
    """What the proof needs of a manifest and a ballot."""

    def __init__(self, i):
        self.n, self.k_min, self.k_max = i["n"], i["k_min"], i["k_max"]
        self.slots = self.n + self.k_max - self.k_min
        self.options = [SimpleNamespace(number=n) for n in i["numbers"]]
        self.contests = {i["contest_index"]: self}
        if "joint" in i:
            self._context(i)

    def _context(self, i):
        self.trustees, self.joint = self, raw(i["joint"])
        self.election, self.vk, self.seq = raw(i["election"]), raw(i["vk"]), i["seq"]
        self.prev, self.mark = raw(i["prev"]), raw(i["mark"])


@kind("contest")
def _contest(i, _):
    shape = _Shape(i)
    piece = ballots.cut(shape, raw(i["contest"]))
    proof = ballots.ContestProof(shape, shape, i["contest_index"], *piece)
    holds = ballots.batch_holds([proof])
    proof.check()
    assert holds, "the batch fails although every equation holds"


def _manifest_of(shared):
    return manifest.decode_sealed(raw(shared["manifest"]))[0]


def _alone(m, data):
    """A ballot or check ballot without a board."""
    check = data[1] == 16
    if len(data) != ballots.ballot_length(m) + (66 if check else 0):
        raise RuleError("R3.11", f"a ballot of {len(data)} bytes")
    ballot = ballots.decode_check(data) if check else ballots.decode(data)
    ballots.check_structure(m, ballot)
    token.check_ballot(m, ballot)
    own_card.check_signature(ballot)
    return ballot


@kind("ballot")
def _ballot(i, shared):
    m, data = _manifest_of(shared), raw(i["entry"])
    for proof in ballots.contest_proofs(m, _alone(m, data)):
        proof.check()
    digest = ballots.entry_hash(data)
    return {"entry_hash": digest.hex(), "code": ballots.confirmation_code(digest)}


@kind("code")
def _code(i, _):
    return {"code": ballots.confirmation_code(raw(i["entry_hash"]))}


@kind("check-opening")
def _check_opening(i, shared):
    m, data = _manifest_of(shared), raw(i["entry"])
    ballot, seed, opens, marks = ballots.decode_check(data), raw(i["seed"]), True, []
    complete = data[2:-128] + raw(i["withheld"])
    for index, (contest, body) in enumerate(zip(m.contests, ballot.contests)):
        words, row = cut(body, 32), []
        for o in range(contest.n):
            r = _r(seed, index, o)
            opens = opens and rs.encode(rs.mul_base(r)) == words[o]
            rest = rs.encode(rs.add(rs.decode(words[contest.n + o]),
                                    rs.mul(-r % rs.ORDER, rs.decode(m.trustees.joint))))
            if rest == rs.encode(rs.BASE):
                row.append(o)
            elif rest != bytes(32):
                opens = False
        joint = rs.decode(m.trustees.joint)
        lines = [ballots.encrypted(joint, value, r)
                 for line in second_device.masks(contest, index, seed, row)
                 for value, r in zip((line.a, line.b), line.r)]
        both = zip(*ballots.contest_lines(contest, body))
        opens = opens and lines == [pair for line in both for pair in line]
        marks.append(row if opens else [])
    return {"committed": ballot.committed.hex(), "opens": opens, "marks": marks,
            "fits": ballots.entry_hash(complete) == ballot.committed}


@kind("opening")
def _opening(i, shared):
    m = _manifest_of(shared)
    opening = ballots.decode_opening(m, raw(i["entry"]))
    ballots.check_opening(m, opening, ballots.lines_of(m, ballots.decode(raw(i["ballot"]))))
    return {"side": opening.side, "values": [value for value, _ in opening.numbers]}


# -- 04 -----------------------------------------------------------------------

DIGEST_INFO = raw("3031300d060960864801650304020105000420")


@kind("card-text")
def _card_text(i, _):
    body = raw(i["election"])
    if i["text"] == "auth":
        data = (b"\x02\x03" + wire.blob(b"irefuda/v2/card-auth") + body
                + h("origin", i["origin"].encode()) + raw(i["nonce"]) + raw(i["session_key"])
                + u32(i["expiry_day"]))
    else:
        data = b"\x02\x04" + wire.blob(b"irefuda/v2/card-credential") + body
    return {"bytes": data.hex(), "digest_info": (DIGEST_INFO + hashlib.sha256(data).digest()).hex()}


@kind("salt")
def _salt(i, _):
    table = [h("salt-leaf", raw(i["salt_key"]), u32(x)) for x in range(1 << i["depth"])]
    digest = h("salt-index", raw(i["election"]), u16(i["registrar"]), raw(i["certificate"]))
    x = int.from_bytes(digest, "big") >> 512 - i["depth"]
    return {"index": x, "u": table[x].hex(), "path": _way(x, table),
            "root": merkle.root_of(table).hex()}


@kind("salt-path")
def _salt_path(i, _):
    """The size makes the path as long as the table is deep."""
    path = [raw(x) for x in i["path"]]
    if merkle.path_root(raw(i["u"]), i["index"], 1 << i["depth"], path) != raw(i["root"]):
        raise RuleError("R4.03", "no leaf of the registrar's table")


def _s(i):
    ikm = raw(i["card_signature"]) + b"".join(map(raw, i["salt_shares"]))
    prk = hpke.extract(b"irefuda/v2/credential-secret", ikm, hashlib.sha512)
    return hpke.expand(prk, raw(i["election"]), 64, hashlib.sha512)


@kind("secret")
def _secret(i, _):
    s = _s(i)
    counter = key = 0
    while not key:
        key = scalar(h("voting-key", s, u32(counter)))
        counter += 1
    return {"s": s.hex(), "voting_key": s32(key), "vk": enc(rs.mul_base(key))}


@kind("token-message")
def _message(i, _):
    election = raw(i["election"])
    if i["kind"] == "survey":
        return {"message": token.message(token.SURVEY, election, raw(i["serial"])).hex()}
    tag, data = token.ballot_message(election, raw(i["vk"]), i["seq"], raw(i["prev"]))
    assert (tag == token.FIRST) == (i["kind"] == "first")
    return {"message": data.hex()}


def _blinding(i):
    n, secret = int(i["modulus"], 16), raw(i["secret"])
    prk = hpke.extract(f"irefuda/v2/blinding-{i['blinding']}".encode(), secret, hashlib.sha512)

    def fill(label, counter, size):
        info = b"".join(wire.blob(x.encode()) for x in (label, i["issuer"], i["kind"]))
        return hpke.expand(prk, info + u32(counter), size, hashlib.sha512)

    counter = r = 0
    while r <= 1:
        r = int.from_bytes(fill("r", counter, 272), "big") % n
        counter += 1
    return n, fill("salt", 0, 48), r


def _emsa(message, salt):
    tag = hashlib.sha384(bytes(8) + hashlib.sha384(message).digest() + salt).digest()
    block = bytes(256 - 48 - 48 - 2) + b"\x01" + salt
    mask = b""
    for counter in range(5):
        mask += hashlib.sha384(tag + counter.to_bytes(4, "big")).digest()
    masked = bytearray(a ^ b for a, b in zip(block, mask))
    masked[0] &= 0x7F
    return int.from_bytes(bytes(masked) + tag + b"\xbc", "big")


@kind("blind-request")
def _request(i, _):
    n, salt, r = _blinding(i)
    request = _emsa(raw(i["message"]), salt) * pow(r, 65537, n) % n
    return {"salt": salt.hex(), "request": request.to_bytes(256, "big").hex()}


@kind("blind-finish")
def _finish(i, _):
    n, _salt_bytes, r = _blinding(i)
    answer = int(i["answer"], 16)
    signature = (answer * pow(r, -1, n) % n).to_bytes(256, "big")
    if answer >= n or not token.pss_ok(raw(i["modulus"]), raw(i["message"]), signature):
        raise RuleError("R4.01", "no token")
    return {"token": signature.hex()}


@kind("token")
def _token(i, _):
    if not token.pss_ok(raw(i["modulus"]), raw(i["message"]), raw(i["token"])):
        raise RuleError("R4.01", "no token")


@kind("person-key")
def _person_key(i, _):
    election, digest = raw(i["election"]), h("certificate", raw(i["certificate"]))
    card, x = (election, i["registrar"], digest), own_card.person_key(
        raw(i["secret"]), election, digest)
    base, w = own_card.second_base(*card), own_card.proof_nonce(raw(i["random"]), x, *card)
    key, image = rs.encode(rs.mul_base(x)), rs.encode(rs.mul(x, base))
    t1, t2 = rs.encode(rs.mul_base(w)), rs.encode(rs.mul(w, base))
    t = own_card.key_transcript(*card)
    t.points(key, rs.encode(base), image)
    t.points(t1, t2)
    proof = t1 + t2 + raw(s32(w + t.challenge("dleq") * x))
    assert own_card.key_proved(card, key, image, proof)
    return {"W": key.hex(), "B": enc(base), "V": image.hex(), "proof": proof.hex(),
            "certificate_hash": digest.hex()}


def _blinded(i):
    """s, the factors, and X of every registrar."""
    s, election = _s(i), raw(i["election"])
    factors = [own_card.factor(s, election, j) for j in range(len(i["W"]))]
    keys = [rs.mul(f, rs.decode(raw(w))) for f, w in zip(factors, i["W"])]
    return s, factors, keys


@kind("blinded-keys")
def _blinded_keys(i, _):
    s, _factors, keys = _blinded(i)
    shown = [enc(key) for key in keys]
    if i.get("board", shown) != shown:
        raise RuleError("R4.06", "the keys of another card on the board")
    return {"s": s.hex(), "X": shown}


@kind("auth-answer")
def _auth_answer(i, _):
    session = (raw(i["election"]), i["registrar"], *(raw(i[name]) for name in (
        "nonce", "session_key", "certificate_hash")))
    leaf = merkle.root_of([raw(i["salt"])])
    own_card.check_answer(raw(i["statement"]), raw(i["signature"]), raw(i["key"]), session, leaf)


def _further(i, keys, nonce, z=0):
    """The fields of a further ballot that the card signs."""
    return SimpleNamespace(
        election=raw(i["election"]), keys=keys, nonce=nonce, z=z, vk=raw(i["vk"]), seq=i["seq"],
        prev=raw(i["prev"]), window=i["window"], tokens=[raw(t) for t in i["tokens"]])


@kind("card-step")
def _card_step(i, _):
    _, factors, keys = _blinded(i)
    alpha, beta = (wide(w) for w in cut(raw(i["random"]), 64))
    nonces, persons = ([rs.decode(raw(p)) for p in i[name]] for name in "KW")
    terms = [(alpha, rs.BASE), *zip(factors, nonces), *((beta, key) for key in keys)]
    nonce = rs.encode(rs.msm(terms))
    ballot = _further(i, [rs.encode(key) for key in keys], nonce)
    asked = own_card.challenge(ballot) + beta
    answers = list(map(number, i["answers"]))
    for j, (k, w, answer) in enumerate(zip(nonces, persons, answers)):
        if enc(rs.mul_base(answer)) != enc(rs.msm([(1, k), (asked, w)])):
            raise RuleError("R4.05", f"the answer of registrar {j}")
    ballot.z = alpha + sum(f * answer for f, answer in zip(factors, answers))
    own_card.check_signature(ballot)
    return {"R": nonce.hex(), "challenge": s32(asked), "z": s32(ballot.z)}


@kind("own-card")
def _own_card(i, _):
    keys = [raw(key) for key in i["X"]]
    own_card.check_signature(_further(i, keys, raw(i["R"]), number(i["z"])))


# -- 05 -----------------------------------------------------------------------

_BOARDS = {}


def _block(block):
    return chain.decode_header(raw(block["header"])), [raw(e) for e in block["entries"]]


def _take(board, block):
    """One block; a wrong proof of it stands before whatever fails later."""
    try:
        board.apply(*_block(block))
    finally:
        board.proofs.flush()


def _board(shared, after):
    """A board of its own after a block of the shared chain."""
    if after not in _BOARDS:
        if after == 0:
            network = chain.decode_network(raw(shared["network"]))
            _BOARDS[0] = boards.Board(network, _block(shared["blocks"][0])[0])
        else:
            board = _board(shared, after - 1)
            _take(board, shared["blocks"][after])
            _BOARDS[after] = board
    return copy.deepcopy(_BOARDS[after])


def _block_vector(i, shared):
    board = _board(shared, i["after"])
    for block in i["blocks"]:
        _take(board, block)
    out = {"digest": board.digests[-1].hex()}
    for e in board.elections.values():
        out.update(phase=e.phase, close_at=e.close_at, received=e.received,
                   counted=len(e.last), spoiled=e.spoiled, opened=e.openings)
        if e.closed:
            out.update(counted_root=e.closed.root.hex(), target=e.closed.target.hex())
        if e.result:
            out["votes"] = e.result.votes
        break
    return out


for _name in ("stage", "block-header", "block-setup", "block-seal", "block-officers",
              "block-ballot", "block-own-card", "block-opening", "block-late", "block-drain", "block-resume", "block-evidence",
              "block-tally", "block-release", "block-hand-over",
              "block-withdraw", "block-hints"):
    kind(_name)(_block_vector)


# -- 06 -----------------------------------------------------------------------

@kind("network")
def _network(i, _):
    data = raw(i["bytes"])
    try:
        network = chain.decode_network(data)
    except RuleError as error:
        raise RuleError("R8.03", error.text) from None
    header = network.genesis(ballots.entry_hash(data))
    return {"id": network.id.hex(), "committee": [k.hex() for k in network.term.committee],
            "genesis": header.encode().hex(), "genesis_digest": header.digest().hex()}


@kind("header")
def _header(i, _):
    header = chain.Header(raw(i["network"]), raw(i["parent"]), i["height"], i["time_ms"],
                          raw(i["entries_root"]), i["count"])
    return {"bytes": header.encode().hex(), "digest": header.digest().hex()}


def _way(index, leaves):
    if len(leaves) == 1:
        return []
    split = 1 << (len(leaves) - 1).bit_length() - 1
    if index < split:
        return _way(index, leaves[:split]) + [merkle.root_of(leaves[split:]).hex()]
    return _way(index - split, leaves[split:]) + [merkle.root_of(leaves[:split]).hex()]


@kind("merkle")
def _merkle(i, _):
    leaves, log = [raw(x) for x in i["leaves"]], merkle.Log()
    for leaf in leaves:
        log.append(leaf)
    assert log.root() == merkle.root_of(leaves)
    return {"root": log.root().hex(), "paths": [_way(n, leaves) for n in range(len(leaves))]}


@kind("audit-path")
def _path(i, _):
    path = [raw(x) for x in i["path"]]
    if merkle.path_root(raw(i["leaf"]), i["index"], i["size"], path) != raw(i["root"]):
        raise RuleError("R6.33", "the path leads elsewhere")


@kind("ed25519")
def _ed25519(i, _):
    if not ed25519.verify(raw(i["key"]), raw(i["message"]), raw(i["signature"])):
        raise RuleError("R6.24", "the signature")


def _terms(i, shared):
    """A reader who knows the shared network and the hand-overs of a vector."""
    terms = Terms(chain.decode_network(raw(shared["network"])).term)
    for step in i.get("hand_overs", ()):
        terms.follow(raw(step["entry"]), step["height"])
    return terms


@kind("certificate")
def _certificate(i, shared):
    certificate = chain.decode_certificate(raw(i["certificate"]))
    chain.check_certificate(_terms(i, shared).at(i["height"]), certificate, raw(i["digest"]))


@kind("hand-over")
def _hand_over(i, shared):
    last = _terms(i, shared).last
    return {"epoch": last.epoch, "committee": [k.hex() for k in last.committee]}


@kind("receipt")
def _receipt(i, shared):
    receipt.check_entry(_terms(i, shared), raw(i["receipt"]), raw(i["entry"]))


# -- 07 -----------------------------------------------------------------------

def _sums(rows):
    return [[(raw(c)[:32], raw(c)[32:]) for c in row] for row in rows]


@kind("sums")
def _sum(i, _):
    total = None
    for ballot in i["ballots"]:
        points = [[tuple(map(rs.decode, pair)) for pair in row] for row in _sums(ballot)]
        total = points if total is None else [
            [(rs.add(a, c), rs.add(b, d)) for (a, b), (c, d) in zip(one, two)]
            for one, two in zip(total, points)]
    return {"sums": [[enc(a) + enc(b) for a, b in row] for row in total]}


class _Box:
    """The closed box of a vector."""

    def __init__(self, i):
        self.election, self.digest = raw(i["election"]), raw(i["close_block"])
        self.root, self.counted, self.sums = raw(i["counted_root"]), i["counted"], _sums(i["sums"])
        self.target = tally.target(self.election, self.digest, self.root, self.counted, self.sums)


@kind("target")
def _target(i, shared):
    return {"target": _Box(i or shared).target.hex()}


@kind("partial")
def _partial(i, shared):
    box, x, random = _Box(shared), number(i["secret"]), raw(i["random"])
    key, draws, rows = rs.mul_base(x), [wide(w) for w in cut(random[32:], 64)], b""
    for c, options in enumerate(box.sums):
        for o, (a, _b) in enumerate(options):
            t = Transcript("partial-decryption")
            t.add(box.election)
            for n in (i["trustee"], c, o):
                t.number(n)
            t.add(box.digest)
            t.add(box.root)
            base, w = rs.decode(a), draws.pop(0)
            image, t1, t2 = (rs.encode(p) for p in (rs.mul(x, base), rs.mul_base(w),
                                                    rs.mul(w, base)))
            t.points(rs.encode(key), a, image)
            t.points(t1, t2)
            rows += image + t1 + t2 + raw(s32(w + t.challenge("dleq") * x))
    data = b"\x02\x1f" + u16(i["trustee"]) + u32(len(rows) // 128) + rows + random[:32]
    commitment = tally.commitment(box.election, box.target, data)
    return {"verification": enc(key), "partial": data.hex(), "commitment": commitment.hex()}


@kind("partial-check")
def _partial_check(i, shared):
    box, data = _Box(shared), raw(i["partial"])
    try:
        partial = tally.decode_partial(data)
    except RuleError as error:
        raise RuleError("R5.01", error.text) from None
    tally.check_partial(box.election, data, partial, raw(i["verification"]), box,
                        raw(i["commitment"]))


@kind("combine")
def _combine(i, shared):
    box = _Box(shared)
    partials = [tally.decode_partial(raw(p)) for p in i["partials"]][:i["t"]]
    return {"votes": tally.combine(i["t"], partials, box.sums, box.counted)}


# -- 08 -----------------------------------------------------------------------

@kind("record-digest")
def _digest(i, _):
    return {"digest": h("record", raw(i["election"]), raw(i["head"])).hex()}


def _edit(files, step):
    name = step["file"]
    if "remove" in step:
        del files[name]
    elif "all" in step:
        files[name] = raw(step["all"])
    elif "append" in step:
        files[name] += raw(step["append"])
    elif "cut" in step:
        files[name] = files[name][:len(files[name]) - step["cut"]]
    else:
        at, new = step["at"], raw(step["bytes"])
        files[name] = files[name][:at] + new + files[name][at + len(new):]


def _record(i, shared):
    files = {name: raw(text) for name, text in shared["files"].items()}
    for step in i["edits"]:
        _edit(files, step)
    asked = raw(i["election"]) if "election" in i else None
    with tempfile.TemporaryDirectory() as place:
        folder = os.path.join(place, "record")
        write(folder, files)
        report = Verifier(folder, i.get("trust"), asked).run()
    failed = report.first_failed()
    if failed:
        raise RuleError(failed.rule, failed.text)
    facts = report.facts
    return {"record_digest": facts["record_digest"], "election": facts["election_hash"],
            "received": facts["received"], "counted": facts["counted"],
            "spoiled": facts["spoiled"], "opened": facts["opened"], "issued": facts["issued"],
            "findings": report.findings}


for _name in ("record", "trust"):
    kind(_name)(_record)


# -- 09 -----------------------------------------------------------------------

@kind("first-code")
def _first_code(i, _):
    code = second_device.first(i["code"])
    return {"fingerprint": code.entry_hash.hex(), "vk": code.vk.hex(), "mark": code.mark.hex(),
            "code": ballots.confirmation_code(code.entry_hash)}


@kind("second-code")
def _second_code(i, _):
    code = second_device.second(i["code"])
    return {"fingerprint": code.entry_hash.hex(), "seed": code.seed.hex(),
            "withheld": code.withheld.hex()}


def _device(i, shared):
    device = second_device.Device(_manifest_of(shared))
    for code in i["noted"]:
        device.note(code, i.get("noted_at", 0))
    return device


@kind("check")
def _check(i, shared):
    device, entry = _device(i, shared), raw(i["entry"])
    ballot = device.found_check(raw(i["fingerprint"]), raw(i["receipt"]), entry)
    rows = device.open(ballot, entry, i["second"])
    return {"marked": [contest.options[o].number
                       for contest, row in zip(device.manifest.contests, rows) for o in row]}


@kind("cast")
def _cast(i, shared):
    ballot = _device(i, shared).found_cast(
        raw(i["fingerprint"]), raw(i["receipt"]), raw(i["entry"]), raw(i["last"]))
    return {"seq": ballot.seq}


@kind("opened")
def _opened(i, shared):
    shown = _device(i, shared).found_opening(*(raw(i[name]) for name in (
        "fingerprint", "receipt", "entry", "opening_receipt", "opening")))
    return {"seq": shown.seq, "side": ("mask", "masked")[shown.side], "values": shown.values,
            "board_number": shown.board_number}


@kind("board-number")
def _board_number(i, _):
    return {"board_number": second_device.board_number(raw(i["block"]), raw(i["entry_hash"]))}
