"""Headers, the genesis block and finality certificates (chapter 06)."""

import hashlib
from dataclasses import dataclass

from . import ed25519
from .entry import NETWORK, need_increasing, read_network
from .errors import RuleError
from .hashing import h, u32, u64
from .merkle import Log
from .sound import in_all, is_id, is_line
from .wire import Reader, top, whole
from .x25519 import sealable

HEADER, HEADER_SIZE = 6, 118
MAX_ENTRIES = 4096
MAX_BLOCK = 2 * 1024 * 1024
CERTIFICATE_LIMIT = 4096


@dataclass
class Header:
    """A decoded block header."""

    network: bytes
    parent: bytes
    height: int
    time: int
    root: bytes
    count: int

    def encode(self):
        """Canonical bytes."""
        return (top(HEADER) + self.network + self.parent + u64(self.height)
                + u64(self.time) + self.root + u32(self.count))

    def digest(self):
        """SHA-256 of the canonical bytes."""
        return hashlib.sha256(self.encode()).digest()


def read_header(r):
    """A header without version and type."""
    return Header(r.raw(32), r.raw(32), r.u64(), r.u64(), r.raw(32), r.u32())


def decode_header(data):
    """A header from its 118 bytes."""
    return whole(data, HEADER, read_header)


def entries_root(hashes):
    """Merkle root over entry hashes."""
    log = Log()
    for item in hashes:
        log.append(item)
    return log.root()


@dataclass
class Term:
    """The validators in office for some blocks, and how many hand-overs were before them."""

    network: bytes
    epoch: int
    validators: list

    @property
    def committee(self):
        """Engine keys in the order of the certificates' bits."""
        return [v.engine for v in self.validators]

    @property
    def quorum(self):
        """n − f."""
        n = len(self.validators)
        return n - (n - 1) // 3


@dataclass
class Network:
    """A validator network."""

    id: bytes
    name: str
    validators: list
    authorities: list
    genesis_time: int

    @property
    def term(self):
        """The first validators."""
        return Term(self.id, 0, self.validators)

    def genesis(self, entry_hash):
        """The header of height 0."""
        return Header(self.id, bytes(32), 0, self.genesis_time, entries_root([entry_hash]), 1)


def decode_network(data):
    """A Network value with its id."""
    fields = whole(data, NETWORK, read_network)
    for keys in ([v.engine for v in fields.validators], fields.authorities):
        need_increasing(keys)
    nodes, boxes = ([getattr(v, name) for v in fields.validators] for name in ("node", "hpke"))
    if not is_line(fields.name) or any(len(set(x)) != len(x) for x in (nodes, boxes)):
        raise RuleError("R8.03", "the network's name is no line, or a key stands twice")
    if not all(map(sealable, boxes)):
        raise RuleError("R8.03", "an X25519 key is not canonical or of small order")
    if not all(in_all(is_line, v.name) and is_id(v.origin) for v in fields.validators):
        raise RuleError("R8.03", "a validator's name or address that no manifest may list")
    return Network(h("network", data)[:32], fields.name, fields.validators, fields.authorities,
                   fields.genesis_time)


def _varint(r):
    value = shift = 0
    while True:
        byte = r.u8()
        if shift == 63 and byte > 1:
            raise RuleError("R6.20", "a varint above 64 bits")
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            if byte == 0 and shift:
                raise RuleError("R6.20", "a varint that is too long")
            return value
        shift += 7


def varint(value):
    """LEB128."""
    out = b""
    while value > 0x7F:
        out += bytes((value & 0x7F | 0x80,))
        value >>= 7
    return out + bytes((value,))


@dataclass
class Certificate:
    """A decoded finality certificate."""

    epoch: int
    proposal: bytes
    payload: bytes
    size: int
    signers: list
    signatures: list


def _read_certificate(r):
    epoch = _varint(r)
    for _ in range(2):
        _varint(r)
    payload = r.raw(32)
    proposal = r.data[:r.at]
    size = int.from_bytes(r.raw(8), "big")
    if size > 32:
        raise RuleError("R6.20", f"a committee of {size}")
    bits = int.from_bytes(r.raw((size + 7) // 8), "little")
    signers = [i for i in range(bits.bit_length()) if bits >> i & 1]
    if bits >> size:
        raise RuleError("R6.20", "a signer outside the committee")
    if _varint(r) != len(signers) or not signers:
        raise RuleError("R6.20", "another number of signatures than signers")
    return Certificate(epoch, proposal, payload, size, signers, [r.raw(64) for _ in signers])


def decode_certificate(data):
    """A certificate from its one encoding; R6.20."""
    reader = Reader(data)
    try:
        value = _read_certificate(reader)
        reader.end()
    except RuleError as error:
        raise RuleError("R6.20", f"a certificate of another form ({error.text})") from None
    return value


def check_certificate(term, certificate, digest):
    """R6.25, then R6.21–R6.24 in order, by the validators of the certified block."""
    keys, need = term.committee, term.quorum
    if certificate.epoch != term.epoch:
        raise RuleError("R6.25", f"a certificate of term {certificate.epoch}, not {term.epoch}")
    if certificate.size != len(keys):
        raise RuleError("R6.21", f"a certificate for {certificate.size} validators")
    if certificate.payload != digest:
        raise RuleError("R6.22", "a certificate for another header")
    if len(certificate.signers) < need:
        raise RuleError("R6.23", f"{len(certificate.signers)} signatures, {need} are needed")
    namespace = b"irefuda/v2/board/" + term.network + b"_FINALIZE"
    message = varint(len(namespace)) + namespace + certificate.proposal
    for signer, signature in zip(certificate.signers, certificate.signatures):
        if not ed25519.verify(keys[signer], message, signature):
            raise RuleError("R6.24", f"the signature of validator {signer} on a certificate")
