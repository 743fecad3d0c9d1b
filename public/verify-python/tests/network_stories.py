"""Genesis blocks of networks that no manifest could list (chapters 06 §1 and 08 §2, R8.03)."""

import copy

from irefuda_verify import ed25519
from irefuda_verify.ballot import entry_hash
from irefuda_verify.chain import Network, decode_network
from irefuda_verify.hashing import h

from .make import START, Chain, Record, blob, items, public, text, texts, u64
from .manifest_stories import NO_BOX, third
from .stories import STORIES, Story, _world, at, story


def _entry(w, name="test-net", rows=None):
    """A Network value of a world's people."""
    return (b"\x02\x09" + text(name) + items(rows or w.rows[0])
            + items(sorted([public(w.authority), public(5)])) + u64(START))


def _genesis(rule, name, network="test-net", rows=None):
    """The honest record with another first block: what comes after it is not looked at."""
    def run():
        s = at("finished")
        files, w = s.files(), s.world
        old, new = w.network_entry, _entry(w, network, rows and rows(w))
        header = Network(h("network", new)[:32], "", [], [], START).genesis(entry_hash(new))
        files["entries.bin"] = blob(new) + files["entries.bin"][4 + len(old):]
        files["blocks.bin"] = header.encode() + files["blocks.bin"][118:]
        return files
    STORIES["network_" + name] = (rule, run)


def _row(engine, name=texts("x"), node=None, origin="https://x.example", hpke=None):
    """A validator; its X25519 key is made from the engine key, if it is not given."""
    return (name + engine + (node or public(9)) + text(origin) + bytes(32)
            + (hpke or engine[:31] + b"\x01"))


def _last(**change):
    """The first validators, the last one with another field."""
    return lambda w: [*w.rows[0][:3], _row(w.sets[0][3].key, **change)]


for _name, _value in {"without_a_name": "", "named_by_two_lines": "a\nb", "named_by_a_blank": " a",
                      "with_a_hidden_name": "a\u202eb", "with_a_heaped_name": "a" + 4 * "\u0301"
                      }.items():
    _genesis("R8.03", _name, _value)
for _name, _value in {"two_lines": "x\nx", "nothing": "", "something_hidden": "x\u00ad",
                      "a_heap": "x" + 4 * "\u0301", "a_blank_at_its_end": "x "}.items():
    _genesis("R8.03", "where_a_validator_is_named_by_" + _name, rows=_last(name=third(_value)))
for _name, _value in {"nothing": "", "two_words": "a b", "other_letters": "https://\u00e4"}.items():
    _genesis("R8.03", "where_an_address_is_" + _name, rows=_last(origin=_value))
_genesis("R8.03", "of_one_node_key_twice", rows=lambda w: [
    _row(e.key, node=public(9 + i // 3)) for i, e in enumerate(w.sets[0])])
_genesis("R8.03", "of_one_node_key_for_all", rows=lambda w: [_row(e.key) for e in w.sets[0]])
_genesis("R8.03", "where_a_node_key_is_the_identity", rows=_last(node=bytes(32)))
_genesis("R8.03", "of_one_box_twice", rows=lambda w: [
    _row(e.key, node=public(9 + i), hpke=bytes((9 + i // 3,)) + bytes(31))
    for i, e in enumerate(w.sets[0])])
for _name, _number in NO_BOX.items():
    _genesis("R8.03", "where_a_box_is_" + _name, rows=_last(hpke=_number.to_bytes(32, "little")))
_genesis("R8.03", "out_of_order", rows=lambda w: w.rows[0][::-1])
# Sound, but another network than the one of the setup.
_genesis("R5.06", "with_another_name", "x\u0301\u0301\u0301 network")
_genesis("R5.06", "of_another_validator", rows=_last())


def _between(a, b):
    """An engine key between two others that is no point."""
    number = int.from_bytes(a, "big")
    while True:
        number += 1
        key = number.to_bytes(32, "big")
        assert key < b
        if ed25519.decompress(key) is None:
            return key


@story(None)
def honest_network_with_an_address_twice_and_an_engine_key_that_is_no_point():
    """Of an engine key only its length and order are judged; names and addresses may stand twice."""
    w = copy.copy(_world(1))
    key = _between(w.sets[0][1].key, w.sets[0][2].key)
    row = _row(key, name=texts("node-0"), origin="https://node-0.example")
    w.sets = [[*w.sets[0][:2], Record(key=key), *w.sets[0][2:]], *w.sets[1:]]
    w.rows = [[*w.rows[0][:2], row, *w.rows[0][2:]], *w.rows[1:]]
    w.validators, w.network_entry = w.rows[0], _entry(w, rows=w.rows[0])
    w.network = decode_network(w.network_entry)
    w._setup()
    w._ceremony()
    w._seal()
    s = Story()
    s.world, s.chain = w, Chain(w)
    return s.finished().files()


__all__ = ["STORIES"]
