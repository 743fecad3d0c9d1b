"""Receipts (chapter 06 §4)."""

from types import SimpleNamespace as Record

from . import ballot as ballots
from .chain import CERTIFICATE_LIMIT, check_certificate, decode_certificate, read_header
from .entry import BALLOT, SPOILED
from .errors import RuleError
from .merkle import path_root
from .wire import whole

RECEIPT = 7
CODE_LIMIT, MAX_PATH, MAX_HEADERS = 23, 64, 256


def read(r):
    """The body of a receipt."""
    return Record(
        code=r.text(CODE_LIMIT), entry=r.raw(64), mark=r.option(lambda: r.raw(2)),
        height=r.u64(), index=r.u32(), path=r.list(MAX_PATH, lambda: r.raw(32)),
        headers=r.list(MAX_HEADERS, lambda: read_header(r)),
        certificate=r.bytes(CERTIFICATE_LIMIT),
    )


def decode(data):
    """A receipt from canonical bytes; R6.30."""
    try:
        return whole(data, RECEIPT, read)
    except RuleError as error:
        raise RuleError("R6.30", f"the receipt is not canonical ({error})") from None


def mark_of(data):
    """The two pictures of a ballot or check ballot, or None."""
    try:
        if data[1:2] == bytes((BALLOT,)):
            return ballots.decode(data).mark
        if data[1:2] == bytes((SPOILED,)):
            return ballots.decode_check(data).mark
    except RuleError:
        pass
    return None


def _check_headers(network_id, receipt):
    headers = receipt.headers
    if not headers or headers[0].height != receipt.height:
        raise RuleError("R6.32", "the first header is not that of the stated height")
    for before, after in zip(headers, headers[1:]):
        if (after.parent != before.digest() or after.height != before.height + 1
                or after.time <= before.time):
            raise RuleError("R6.32", f"header {after.height} does not follow the one before")
    if any(header.network != network_id for header in headers):
        raise RuleError("R6.32", "a header of another network")


def check(terms, receipt, entry_hash):
    """R6.31 (hash, code), R6.32, R6.33, R6.26, then the certificate; terms are pinned, not read."""
    if receipt.entry != entry_hash or receipt.code != ballots.confirmation_code(entry_hash):
        raise RuleError("R6.31", "the receipt is about another entry")
    _check_headers(terms.network, receipt)
    first, last = receipt.headers[0], receipt.headers[-1]
    root = path_root(entry_hash, receipt.index, first.count, receipt.path)
    if root != first.root:
        raise RuleError("R6.33", "the audit path does not lead to the block's root")
    term = terms.at(last.height)
    if terms.at(first.height) is not term:
        raise RuleError("R6.26", "the headers belong to two sets of validators")
    certificate = decode_certificate(receipt.certificate)
    check_certificate(term, certificate, last.digest())


def check_entry(terms, data, entry):
    """A receipt's bytes against an entry's bytes, the mark included."""
    receipt = decode(data)
    if receipt.mark != mark_of(entry):
        raise RuleError("R6.31", "the receipt shows another mark")
    check(terms, receipt, ballots.entry_hash(entry))


__all__ = ["check", "check_entry", "decode"]
