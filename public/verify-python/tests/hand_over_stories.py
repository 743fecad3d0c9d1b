"""Releases, words of acts, and hand-overs of the validators (chapters 05 §2–3 and 06 §6)."""

from irefuda_verify import entry, terms
from irefuda_verify import ristretto as rs
from irefuda_verify.manifest import decode_sealed, read_validator
from irefuda_verify.wire import Reader

from .make import (HOUR, NOTHING, UNTIL, EngineKey, items, public, release, text, texts,
                   u32, u64)
from .manifest_stories import NO_BOX, third, trust, trusted
from .stories import CLOSE_DAY, CLOSING, OPENING, STORIES, _setup, add, at, story

WEEK = 7 * 24 * HOUR


# -- releases and words ---------------------------------------------------------------

def _release(version="3.0", platform="linux", **act):
    return lambda s: s.world.act(entry.RELEASE, release(version, platform), **act)


def _notice(key, words):
    return lambda s: s.world.act(entry.NOTICE, text(key) + words)


@story(None)
def honest_with_releases():
    s = at("sealed")
    c = s.chain
    c.block(_release("3.0", "linux")(s), _release("3.0", "mac")(s))
    s.sealed = lambda: s
    s.voted()
    c.block(_release("1.0", "mac")(s), _notice("n", third("x\nx"))(s))
    c.block(at=CLOSING - HOUR)
    c.block(_release("0.9", "linux")(s), at=CLOSING + HOUR)
    c.block(s.world.act(entry.RESUME, u64(CLOSING + 2 * HOUR)))
    return s.run_out(CLOSING + 2 * HOUR).with_evidence().ended().files()


add("R5.03", "release_before_the_seal", "prepare", _release())
for _stage in ("closed", "announced", "finished"):
    add("R5.05", "release_when_" + _stage, _stage, _release())
add("R5.56", "release_of_the_manifest_again", "sealed", _release("1.0", "linux"))
add("R5.56", "release_twice_in_a_block", "opened", _release(), _release(by=(0, 1)))
add("R5.04", "release_twice", "opened", lambda s: [s.chain.block(e) and e
                                                   for e in [_release()(s)]][0])
add("R5.15", "release_of_one_officer", "opened", _release(by=(1, 1)))
add("R5.16", "release_signature", "opened", _release(keys=(1, 2)))
add("R5.16", "release_signature_before_its_words", "opened", _release("", keys=(1, 2)))
add("R5.57", "release_words_in_a_wrong_phase", "closed", _release(""))
for _name, _words in {"no_version": ("", "linux"), "no_platform": ("3.0", ""),
                      "blank": ("3.0", "my os"), "letter": ("3.0", "\u00e4")}.items():
    add("R5.57", "release_" + _name, "sealed", _release(*_words))
for _name, _words in {"case": ("1.0", "LINUX"), "dash": ("X-1.0", "mac_os")}.items():
    add("R5.56", "release_in_another_" + _name, "sealed", _release(*_words),
        _release("x_1.0", "mac-os"), _release("1.0", "Linux", by=(1, 2)))
for _name, _key, _words in (("no_key", "", texts("A")), ("key_blank", "a b", texts("A")),
                            ("nothing", "n", NOTHING), ("hidden", "n", third("x\u2066x")),
                            ("ends_in_a_line_feed", "n", third("x\n")), ("less", "n", third("")),
                            ("heaped", "n", third("x\nx" + 4 * "\u0301"))):
    add("R5.57", "notice_" + _name, "sealed", _notice(_key, _words))


@story("R5.56")
def release_again_in_a_later_block():
    s = at("opened")
    s.chain.block(_release()(s))
    s.chain.block(_release(by=(0, 1))(s))
    return s.files()


def _released(count):
    """Sealed, with this many programs in the manifest."""
    s = at("prepare")
    w = s.world
    rows = [release(f"1.{i}", "linux") for i in range(count)]
    w.manifest_bin = w.sealed(w.manifest_body(releases=items(rows)))
    w.manifest = decode_sealed(w.manifest_bin)[0]
    w.name = w.manifest.election_hash
    s.chain.block(b"\x02\x0c" + w.manifest_bin)
    s.sealed = lambda: s
    return s


def _full(in_manifest, *more, full=True):
    """64 programs, some of the board, and more."""
    def run():
        s = _released(in_manifest)
        rows = [_release(f"2.{i}", "linux")(s) for i in range(64 - in_manifest)] if full else []
        s.chain.block(*rows, *(m(s) for m in more))
        return s.files(unfinished=not more)
    return run


for _count in (0, 3, 63, 64):
    STORIES[f"good_64_releases_{_count}_sealed"] = ("R8.09", _full(_count))
    STORIES[f"release_65_after_{_count}_sealed"] = ("R5.77", _full(_count, _release()))
STORIES["release_of_a_name_again_after_64"] = ("R5.56", _full(60, _release("2.3", "LINUX")))
STORIES["release_65_without_a_version"] = ("R5.57", _full(64, _release("")))
STORIES["release_two_after_63"] = (
    "R5.77", _full(63, _release(), _release("3.0", "mac"), full=False))


@story(None)
def honest_with_64_releases():
    s = _released(60)
    s.chain.block(*(_release(f"3.{i}", "mac")(s) for i in range(4)))
    return s.closed().ended().files()


@story("R5.05")
def release_65_when_closed():
    s = _released(64).closed()
    s.chain.block(_release()(s))
    return s.files()


def _origin(old, new):
    """The view of releases with other words about one of them."""
    files = honest_with_releases()
    view = files["view/election.json"]
    assert old in view
    files["view/election.json"] = view.replace(old, new, 1)
    return files


STORIES["view_release_of_the_board_as_sealed"] = (
    "R8.06", lambda: _origin(b'"origin":"act"', b'"origin":"sealed"'))
STORIES["view_release_of_the_manifest_as_an_act"] = (
    "R8.06", lambda: _origin(b'"origin":"sealed"', b'"origin":"act"'))
STORIES["view_release_without_origin"] = ("R8.06", lambda: _origin(b',"origin":"act"', b""))

add("R5.08", "setup_trustees_name_heaped", "prepare", lambda s: _setup(
    s.world, names=[texts("a"), texts("b"), third("x" + 4 * "\u0301")]))
add("R5.08", "setup_officers_name_of_two_lines", "prepare", lambda s: _setup(
    s.world, officers=items([third("x\nx") + public(3), texts("p") + public(4)])))
add("R5.08", "setup_trustees_name_hidden", "prepare", lambda s: _setup(
    s.world, names=[texts("a"), texts("b"), third("x\u00ad")]))
add("R5.08", "setup_trustees_name_less", "prepare", lambda s: _setup(
    s.world, names=[texts("a"), texts("b"), third("")]))
add("R5.08", "setup_without_id", "prepare", lambda s: _setup(s.world, ident=""))
add("R5.08", "setup_id_of_two_words", "prepare", lambda s: _setup(s.world, ident="a b"))
add("R5.08", "setup_id_before_its_signature", "prepare",
    lambda s: _setup(s.world, ident="", key=5))
add("R5.01", "evidence_of_another_channel", "opened",
    lambda s: s.world.evidence(0, CLOSE_DAY, [(4, 1, 1)]))


# -- hand-overs ------------------------------------------------------------------------

def _hand(epoch=1, rows=None, signers=None, by_set=0, **more):
    """A hand-over to the set of a term, certified by the first one."""
    def make(s):
        w = s.world
        chosen = w.rows[epoch if epoch in (1, 2) else 1] if rows is None else rows(w)
        return w.hand_over(epoch, chosen, w.sets[by_set], signers, **more)
    return make


def refused(rule, name, make, stage="opened", **block):
    """A hand-over with one fault."""
    add(rule, "hand_over_" + name, stage, make, **block)


@story(None)
def honest_hand_over():
    s = at("opened")
    s.chain.hand_over(1)
    s.opened = lambda: s
    return s.closed().ended().files()


def _timed(until, **more):
    """A hand-over with this much time left in its block, and the record of the whole election."""
    def run():
        s = at("opened")
        w, c = s.world, s.chain
        c.block(w.hand_over(1, w.rows[1], w.sets[0], until=OPENING + 5000 + until, **more),
                at=OPENING + 5000)
        c.epoch, c.engines = 1, w.sets[1]
        s.opened = lambda: s
        return s.closed().ended().files()
    return run


STORIES["honest_hand_over_a_millisecond_before_its_end"] = (None, _timed(1))
STORIES["honest_hand_over_seven_days_before_its_end"] = (None, _timed(WEEK))


@story(None)
def honest_hand_over_before_opening_and_after_the_result():
    s = at("sealed")
    s.chain.hand_over(1)
    s.sealed = lambda: s
    s.finished()
    s.chain.hand_over(2)
    return s.files()


@story(None)
def honest_two_hand_overs_one_after_the_other():
    s = at("closed")
    s.chain.hand_over(1)
    s.chain.hand_over(2)
    return s.ended().files()


@story(None)
def honest_hand_over_beside_ballots():
    s = at("voted")
    w, c = s.world, s.chain
    s.cast(s.voters[1].ballot({0}, {0}), w.hand_over(1, w.rows[1], w.sets[0]))
    s.spoiled -= 1
    c.epoch, c.engines = 1, w.sets[1]
    s.votes = [[1, 1, 1, 1, 1], [3, 1, 2]]
    return s.run_out().with_evidence(again=(2, 2)).ended().files()


trusted(None, "honest_hand_over_and_first_validators_trusted",
        honest_two_hand_overs_one_after_the_other, trust())
trusted("R8.08", "hand_over_and_last_validators_trusted",
        honest_two_hand_overs_one_after_the_other, trust(terms=2))


def _second_term(**change):
    """Two elections: the first hands over, the second is set up and sealed in the next term."""
    s = at("sealed")
    s.chain.hand_over(1)
    s.world = s.chain.world = s.world.following(epoch=1)
    w = s.world
    if change:
        w.manifest_bin = w.sealed(w.manifest_body(**{k: v(w) for k, v in change.items()}))
    return s


@story(None)
def honest_election_in_the_second_term():
    return _second_term().finished().files()


@story("R5.13")
def seal_of_the_term_before():
    return _second_term(epoch=lambda w: u64(0)).sealed().files()


@story("R5.13")
def seal_of_the_next_term():
    return _second_term(epoch=lambda w: u64(2)).sealed().files()


@story("R5.13")
def seal_of_the_validators_before():
    return _second_term(validators=lambda w: items(w.rows[0])).sealed().files()


def _seal_beside(epoch):
    """A second election sealed in the block of the first one's hand-over."""
    s = at("sealed")
    first = s.world
    s.world = s.chain.world = w = first.following(epoch=epoch)
    s.prepare()
    s.chain.block(b"\x02\x0c" + w.manifest_bin, first.hand_over(1, w.rows[1], w.sets[0]))
    s.chain.epoch, s.chain.engines = 1, w.sets[1]
    s.sealed = lambda: s
    return s


@story(None)
def honest_seal_beside_a_hand_over():
    return _seal_beside(0).finished().files()


@story("R5.13")
def seal_of_a_term_that_begins_with_the_next_block():
    return _seal_beside(1).files()


@story(None)
def honest_hand_over_to_the_same_machines_with_another_box():
    s = at("opened")
    w, c = s.world, s.chain
    row = w.rows[0][0][:-32] + b"\x09" + bytes(31)
    c.block(w.hand_over(1, [row, *w.rows[0][1:]], w.sets[0]))
    c.epoch = 1
    c.block()
    s.opened = lambda: s
    return s.closed().ended().files()


@story(None)
def honest_hand_over_to_the_same_machines_with_another_name():
    s = at("opened")
    w, c = s.world, s.chain
    row = w.validator("renamed", w.sets[0][0].key)
    c.block(w.hand_over(1, [row, *w.rows[0][1:]], w.sets[0]))
    c.epoch = 1
    c.block()
    s.opened = lambda: s
    return s.closed().ended().files()


def _edge(which, key):
    """The first set of validators with another engine key in front or behind."""
    def rows(w):
        row = w.validator("edge", bytes.fromhex(key))
        return [row, *w.rows[0]] if which == "front" else [*w.rows[0], row]
    return rows


def _listed(w, name, origin):
    """The validator of the third set with another name and address."""
    return (text("x") + text("x") + text(name) + w.sets[2][0].key + public(9) + text(origin)
            + bytes(32) + b"\x09" + bytes(31))


def _many(count):
    """This many validators, in order."""
    return lambda w: [w.validator("v", u32(i)[::-1] + bytes(28)) for i in range(count)]


def _nobody(acceptances):
    return [bytes(64) for _ in acceptances]


def _plus_order(acceptances):
    """The first one's z and the group's order."""
    first = acceptances[0]
    more = int.from_bytes(first[32:], "little") + rs.ORDER
    return [first[:32] + more.to_bytes(32, "little"), *acceptances[1:]]


def _renamed(to):
    """A message in the other namespace."""
    names = [terms.HAND_OVER, terms.TAKE_OVER]
    return lambda data: data.replace(names[1 - to], names[to], 1)


def _mixed(s):
    """One of three signatures of the present set with a point of order two in R."""
    w, signed = s.world, []
    data = _hand(tweak=lambda m: signed.append(m) or m)(s)
    return data[:-64] + w.sets[0][3].sign(signed[0], mixed=True)


refused("R5.03", "before_the_seal", _hand(), "prepare")
refused("R5.03", "of_another_election", _hand(name=bytes(64)))
refused("R5.15", "of_one_officer", _hand(by=(1, 1)))
refused("R5.16", "officers_signature", _hand(keys=(1, 2)))
refused("R5.16", "officers_signature_before_its_number", _hand(7, keys=(1, 2)))
refused("R5.01", "to_nobody", _hand(rows=lambda w: []))
refused("R5.01", "out_of_order", _hand(rows=lambda w: w.rows[1][::-1]))
refused("R5.01", "of_one_engine_key_twice", _hand(rows=lambda w: [w.rows[1][0]] * 2))
refused("R5.01", "to_33", _hand(rows=_many(33)))
refused("R5.01", "with_33_signatures", _hand(signers=range(33)))
refused("R5.01", "with_a_byte_more", lambda s: _hand()(s) + b"\0")
refused("R5.58", "of_this_term", _hand(0))
refused("R5.58", "of_the_term_after_next", _hand(2))
refused("R5.58", "to_the_same", _hand(rows=lambda w: w.rows[0]))
refused("R5.58", "of_one_node_key_twice", _hand(rows=lambda w: [
    w.validator(f"v{i}", e.key, public(9)) for i, e in enumerate(w.sets[1])]))
for _name, _row in {"a_name_of_two_lines": ("x\nx", "https://x"), "a_heaped_name": (
        "x" + 4 * "\u0301", "https://x"), "no_name": ("", "https://x"), "a_hidden_name": (
            "x\u200b", "https://x"), "no_address": ("x", ""), "a_blank_address": ("x", "a b"),
                    "an_address_of_other_letters": ("x", "https://\u00e4")}.items():
    refused("R5.58", "to_" + _name, _hand(rows=lambda w, row=_row: [_listed(w, *row)]))
refused("R5.58", "of_one_box_twice", _hand(rows=lambda w: [
    w.validator(f"v{i}", e.key, hpke=b"\x09" + bytes(31)) for i, e in enumerate(w.sets[1])]))
for _name, _number in NO_BOX.items():
    refused("R5.58", "to_a_box_" + _name, _hand(rows=lambda w, box=_number: [
        *w.rows[1][:-1], w.rows[1][-1][:-32] + box.to_bytes(32, "little")]))
refused("R5.58", "to_a_box_of_order_8_before_its_acceptances", _hand(
    rows=lambda w: [row[:-32] + NO_BOX["of_order_8"].to_bytes(32, "little") for row in w.rows[2]],
    accept=lambda made: [bytes(64) for _ in made]))
refused("R5.58", "to_the_identity", _hand(rows=_edge("front", "01" + 31 * "00")))
refused("R5.58", "to_order_two", _hand(rows=_edge("back", "ec" + 30 * "ff" + "7f")))
refused("R5.58", "to_order_four", _hand(rows=_edge("front", 32 * "00")))
refused("R5.58", "to_another_form_of_a_point", _hand(rows=_edge("back", "f0" + 31 * "ff")))
refused("R5.58", "to_no_point", _hand(rows=_edge("front", "02" + 31 * "00")))
refused("R5.58", "number_before_its_signatures", _hand(2, signers=()))
refused("R5.59", "of_nobody", _hand(signers=()))
refused("R5.59", "of_two_of_four", _hand(signers=(0, 3)))
refused("R5.59", "of_one_twice", _hand(signers=(0, 1, 1)))
refused("R5.59", "signatures_out_of_order", _hand(signers=(0, 3, 1)))
refused("R5.59", "of_a_fifth", _hand(signers=(0, 1, 2, 4)))
refused("R5.59", "by_the_next_set", _hand(by_set=1))
refused("R5.59", "over_other_acceptances", _hand(tweak=lambda data: data[:-1] + b"\x7f"))
refused("R5.59", "without_the_acceptances", _hand(tweak=lambda data: data[:-5 * 64]))
refused("R5.59", "in_the_namespace_of_the_new_set", _hand(tweak=_renamed(1)))
refused("R5.59", "with_a_point_of_order_two_in_r", lambda s: _mixed(s))
refused("R5.59", "a_wrong_one_of_four", lambda s: _hand(signers=range(4))(s)[:-1] + b"\0")
refused("R5.59", "z_is_too_great", lambda s: _hand()(s)[:-32] + b"\xff" * 32)


# -- when a hand-over is carried out, and that the new ones accept it ------------------------

refused("R5.76", "at_its_end", _hand(until=OPENING + 5000), at=OPENING + 5000)
refused("R5.76", "after_its_end", _hand(until=OPENING + 4999), at=OPENING + 5000)
refused("R5.76", "until_nothing", _hand(until=0))
refused("R5.76", "too_long_before_its_end", _hand(until=OPENING + 5001 + WEEK), at=OPENING + 5000)
refused("R5.76", "until_the_greatest_number", _hand(until=2**64 - 1))
refused("R5.58", "number_before_its_end", _hand(2, until=0))
refused("R5.58", "of_one_node_key_twice_before_its_end", _hand(until=0, rows=lambda w: [
    w.validator(f"v{i}", e.key, public(9)) for i, e in enumerate(w.sets[1])]))
refused("R5.76", "end_before_the_acceptances", _hand(until=0, accept=_nobody))
refused("R5.16", "of_another_end_than_the_officers", _hand(
    forge=lambda data: data.replace(u64(UNTIL), u64(UNTIL - 1))))
refused("R5.16", "officers_signature_before_its_end", _hand(until=0, keys=(1, 2)))
refused("R5.01", "without_acceptances", _hand(accept=lambda a: []))
refused("R5.01", "an_acceptance_too_few", _hand(accept=lambda a: a[:-1]))
refused("R5.01", "an_acceptance_too_many", _hand(accept=lambda a: [*a, 64 * b"\xff"]))
refused("R5.01", "a_number_of_acceptances", _hand(accept=lambda a: [u32(len(a)), *a]))
refused("R5.01", "acceptances_before_its_election",
        _hand(accept=lambda a: a[:-1], name=bytes(64)))
refused("R5.75", "accepted_by_nobody", _hand(accept=_nobody))
refused("R5.75", "not_accepted_by_the_last", _hand(accept=lambda a: [*a[:-1], bytes(64)]))
refused("R5.75", "accepted_out_of_order", _hand(accept=lambda a: [a[1], a[0], *a[2:]]))
refused("R5.75", "accepted_by_one_for_all", _hand(accept=lambda a: a[:1] * len(a)))
refused("R5.75", "accepted_in_the_namespace_of_the_present_set", _hand(take=_renamed(0)))
refused("R5.75", "accepted_for_another_network", _hand(
    take=lambda data: data[:22] + bytes(32) + data[54:]))
refused("R5.75", "accepted_without_the_namespaces_length", _hand(take=lambda data: data[1:]))
refused("R5.75", "accepted_with_another_end", _hand(
    take=lambda data: data.replace(u64(UNTIL), u64(UNTIL - 1))))
refused("R5.75", "accepted_under_other_officers", _hand(take=lambda data: data[:-1] + b"\x7f"))
refused("R5.75", "accepted_before_the_officers_signed", _hand(take=lambda data: data[:-2 * 66]))
refused("R5.75", "an_acceptance_with_z_too_great", _hand(
    accept=lambda a: [*a[:-1], a[-1][:32] + 32 * b"\xff"]))
refused("R5.75", "an_acceptance_with_z_and_the_order", _hand(accept=_plus_order))
refused("R5.75", "acceptances_before_the_present_set", _hand(accept=_nobody, signers=()))
refused("R5.75", "to_somebody_elses_key", _hand(rows=lambda w: sorted(
    [*w.rows[1], w.validator("other", EngineKey(b"of another network").key)],
    key=lambda row: read_validator(Reader(row)).engine)))


@story("R5.75")
def hand_over_with_a_point_of_order_two_in_an_acceptance():
    """A check with the cofactor would take it."""
    s = at("opened")
    w = s.world
    signed = []
    make = _hand(take=lambda data: signed.append(data) or data, accept=lambda a: [
        w.acceptance(row, signed[0], mixed=i == 3) for i, row in enumerate(w.rows[1])])
    s.chain.block(make(s))
    return s.files()


@story("R5.75")
def hand_over_that_a_validator_who_stays_did_not_accept():
    """Who certifies as one of the present ones has not accepted by that."""
    s = at("opened")
    w = s.world
    stays = [w.sets[1].index(e) for e in w.sets[0] if e in w.sets[1]]
    s.chain.block(_hand(signers=range(4), accept=lambda a: [
        bytes(64) if i == stays[0] else one for i, one in enumerate(a)])(s))
    return s.files()


def _two(first, second):
    """Two hand-overs in a block."""
    def run():
        s = at("opened")
        s.chain.block(_hand(first)(s), _hand(second, by=(0, 1))(s))
        return s.files()
    return run


STORIES["hand_over_twice_in_a_block"] = ("R5.58", _two(1, 1))
STORIES["hand_over_of_two_terms_in_a_block"] = ("R5.58", _two(1, 2))


@story("R5.04")
def hand_over_again():
    s = at("opened")
    data = _hand()(s)
    s.chain.block(data)
    s.chain.epoch, s.chain.engines = 1, s.world.sets[1]
    s.chain.block(data)
    return s.files()


@story("R5.58")
def hand_over_of_the_first_term_in_the_second():
    s = at("opened")
    s.chain.hand_over(1)
    s.chain.block(_hand(1, by=(0, 1))(s))
    return s.files()


@story("R5.59")
def hand_over_of_the_second_term_by_the_first_set():
    s = at("opened")
    s.chain.hand_over(1)
    s.chain.block(s.world.hand_over(2, s.world.rows[2], s.world.sets[0]))
    return s.files()


# -- certificates of terms ------------------------------------------------------------------

def certified(rule, name, certify_first=True, **cert):
    """A hand-over, and one more block with a certificate of another kind."""
    def run():
        s = at("opened")
        w, c = s.world, s.chain
        c.hand_over(1, certify=certify_first)
        c.block(**{k: w.sets[v] if k == "engines" else v for k, v in cert.items()})
        return s.files()
    STORIES["certificate_" + name] = (rule, run)


certified("R6.25", "by_the_set_before", epoch=0, engines=0)
certified("R6.21", "by_the_set_before_in_the_new_term", epoch=1, engines=0)
certified("R6.25", "of_the_term_before", epoch=0, engines=1)
certified("R6.25", "of_the_term_after_next", epoch=2, engines=1)
certified("R6.23", "of_too_few_of_the_new_set", signers=(0, 1, 2))
certified("R6.24", "of_a_wrong_signature_of_the_new_set", wrong=1)
certified("R8.04", "missing_at_a_hand_over", certify_first=False)
certified("R8.04", "missing_at_a_hand_over_and_after_it", certify_first=False, certify=False)
add("R6.25", "certificate_of_the_new_term_at_the_hand_over", "opened", _hand(), epoch=1)
add("R6.25", "certificate_of_the_first_block_in_term_one", "opened", epoch=1)
add("R6.25", "certificate_of_a_great_term_and_another_size", "opened", epoch=2**64 - 1, size=5)


@story("R6.25")
def certificate_by_the_new_set_at_the_hand_over():
    s = at("opened")
    s.chain.block(_hand()(s), epoch=1, engines=s.world.sets[1])
    return s.files()


@story("R5.58")
def hand_over_not_certified_and_wrong_in_the_next_block():
    """The board judges a block before its certificate is asked for."""
    s = at("opened")
    s.chain.block(_hand(2)(s), certify=False)
    return s.files()


__all__ = ["refused"]
