"""Withdrawals before the opening, and new addresses of the public pages (chapters 05 and 08)."""

from irefuda_verify import entry

from .hand_over_stories import _hand, _notice, _release
from .make import HOUR, NOTHING, START, Voter, box_of, items, text, texts, u16, u32, u64, u8
from .manifest_stories import third, trust, trusted
from .stories import CLOSE_DAY, CLOSING, STORIES, _setup, add, at, story

SITE, MIRROR = "https://vote.example", "https://mirror.example"


def withdraw(reason=None, **act):
    """A withdrawal."""
    return lambda s: s.world.act(entry.WITHDRAW, reason or texts("A name is missing"), **act)


def hints(number=1, portal=SITE, places=(MIRROR,), **act):
    """New addresses."""
    body = u32(number) + text(portal) + items(list(map(text, places)))
    return lambda s: s.world.act(entry.HINTS, body, **act)


def act(kind, body=b"", **more):
    """Any act of two officers."""
    return lambda s: s.world.act(kind, body, **more)


def _seal(**change):
    """A manifest of the same setup once more, or with another one in its field."""
    def make(s):
        w = s.world
        fields = {name: value(w) for name, value in change.items()}
        return b"\x02\x0c" + w.sealed(w.manifest_body(**fields), signers=(1, 2, 3))
    return make


def _withdrawn():
    s = at("sealed")
    s.chain.block(withdraw()(s))
    return s


# -- an election that is not held ------------------------------------------------------

@story(None)
def honest_withdrawn():
    return _withdrawn().files()


@story(None)
def honest_withdrawn_with_notices():
    """Notices go on: in the same block, before and after it, and past every time of the manifest."""
    s = at("sealed")
    s.chain.block(_notice("n", texts("soon"))(s), withdraw(third("x\nx"))(s),
                  _notice("n", texts("now"))(s))
    s.chain.block(_notice("n", texts("later"))(s))
    s.chain.block(_notice("n", texts("past the close"))(s), at=CLOSING + HOUR)
    s.chain.block(_notice("n", texts("past the announcement"))(s), at=START + 9 * HOUR)
    return s.files()


@story(None)
def honest_withdrawn_for_a_reason_like_a_report():
    s = at("sealed")
    s.chain.block(withdraw(third("FAILED R8.09\n\nOK\n\"'\\n{0} %s\n'" + 3 * "\u0301"))(s))
    return s.files()


@story(None)
def honest_withdrawn_after_the_close():
    """An election that was never opened stays sealed."""
    s = at("sealed")
    s.chain.block(at=CLOSING)
    s.chain.block(withdraw()(s), at=CLOSING + HOUR)
    return s.files()


@story(None)
def honest_withdrawn_after_other_acts():
    s = at("sealed")
    s.chain.block(hints()(s), _release()(s))
    s.chain.block(hints(2, places=(SITE, MIRROR))(s), _hand()(s), withdraw()(s))
    s.chain.epoch, s.chain.engines = 1, s.world.sets[1]
    s.chain.block()
    return s.files()


def _second():
    """The first election is withdrawn, another one of the same authority is sealed."""
    s = _withdrawn()
    first, s.world = s.world, s.world.following()
    s.chain.world = s.world
    return first, s


@story(None)
def honest_another_election_after_a_withdrawal():
    s = _second()[1]
    s.sealed().chain.block(hints()(s))  # numbered anew
    s.chain.block(withdraw()(s))
    return s.files()


@story(None)
def honest_another_election_held_after_a_withdrawal():
    return _second()[1].finished().files()


@story(None)
def honest_withdrawn_and_another_election_goes_on():
    """The record about the first one; the second one hands over."""
    first, s = _second()
    s.sealed().chain.hand_over(1)
    s.chain.block(s.open_entry())
    s.chain.world = first
    return s.files()


trusted(None, "honest_withdrawn_and_trusted", honest_withdrawn, trust())
trusted("R1.10", "withdrawn_practice_where_a_real_election_is_meant", honest_withdrawn,
        trust(practice=False))
trusted("R8.08", "withdrawn_on_another_network", honest_withdrawn, trust(network="00" * 32))


# -- when, and by whom -------------------------------------------------------------------

def refused(rule, name, make, stage="sealed", **block):
    """A withdrawal with one fault."""
    add(rule, "withdraw_" + name, stage, make, **block)


for _stage in ("opened", "voted", "closed", "announced", "shared", "finished"):
    refused("R5.70", "when_" + _stage, withdraw(), _stage)
refused("R5.70", "when_halted", withdraw(), "opened", at=CLOSING)
refused("R5.70", "when_committed", lambda s: withdraw()(s.committed()), "closed")
add("R5.70", "withdraw_in_the_block_of_the_opening", "sealed", lambda s: s.open_entry(), withdraw())
refused("R5.03", "before_the_seal", withdraw(), "prepare")
refused("R5.03", "of_another_election", withdraw(name=bytes(64)))
refused("R5.03", "of_the_setup", lambda s: withdraw(name=s.world.e0)(s))
add("R5.03", "withdraw_in_the_block_of_the_seal", "prepare",
    lambda s: b"\x02\x0c" + s.world.manifest_bin, withdraw())
refused("R5.01", "with_a_byte_more", lambda s: withdraw()(s) + b"\0")
refused("R5.01", "without_a_reason_at_all", act(entry.WITHDRAW))
refused("R5.01", "for_a_reason_that_is_too_long", withdraw(text("x" * 8193) + 2 * text("x")))
refused("R5.15", "of_one_officer", withdraw(by=(1, 1)))
refused("R5.15", "officers_out_of_order", withdraw(by=(2, 0)))
refused("R5.15", "of_an_officer_who_does_not_exist", withdraw(by=(0, 3), keys=(0, 2)))
refused("R5.16", "signature", withdraw(keys=(1, 2)))
refused("R5.16", "signature_before_its_words", withdraw(NOTHING, keys=(1, 2)))
refused("R5.16", "signed_as_a_notice", lambda s: _other_purpose(s, entry.WITHDRAW, texts("x")))
for _name, _reason in (("nothing", NOTHING), ("less", third("")), ("hidden", third("x\u200bx")),
                       ("a_line_feed_at_the_end", third("x\n")), ("a_blank", third(" "))):
    refused("R5.57", "for_" + _name, withdraw(_reason))
refused("R5.57", "words_in_a_wrong_phase", withdraw(NOTHING), "opened")


def _other_purpose(s, kind, body):
    """The officers signed the right bytes, but for a notice."""
    w = s.world
    data = u8(2) + u8(kind) + w.name + body
    return data + b"".join(u16(i) + w.schnorr(w.officers[i], "officer-notice", data)
                           for i in (0, 2))


# -- nothing comes after it ----------------------------------------------------------------

def after(rule, name, make, same_block=True, **block):
    """An entry after a withdrawal: in a later block, and in the same one."""
    def later():
        s = _withdrawn()
        s.chain.block(make(s), **block)
        return s.files()

    def beside():
        s = at("sealed")
        s.chain.block(withdraw()(s), make(s), **block)
        return s.files()
    STORIES["withdrawn_then_" + name] = (rule, later)
    if same_block:
        STORIES["withdrawn_and_then_" + name] = (rule, beside)


after("R5.71", "withdrawn_again", withdraw(by=(0, 1)))
after("R5.71", "opened", lambda s: s.open_entry())
after("R5.71", "addresses", hints())
after("R5.71", "addresses_of_a_wrong_number", hints(7))
after("R5.71", "released", _release())
after("R5.71", "released_again", _release("1.0", "linux"))
after("R5.71", "handed_over", _hand())
after("R5.71", "handed_over_to_the_same", _hand(rows=lambda w: w.rows[0]), same_block=False)
after("R5.71", "evidence", lambda s: s.world.evidence(0, CLOSE_DAY, [(1, 1, 1)]))
after("R5.71", "a_ballot", lambda s: Voter(s.world).ballot({1}, {1}))
after("R5.71", "a_check_ballot", lambda s: Voter(s.world).check({1}, {1}))
after("R5.71", "extended", act(entry.EXTEND, u64(CLOSING + HOUR)))
after("R5.71", "resumed", act(entry.RESUME, u64(CLOSING + HOUR)), at=CLOSING)
after("R5.71", "drained", act(entry.DRAIN), at=CLOSING)
after("R5.71", "a_late", lambda s: s.world.promised(Voter(s.world).ballot({1}, {1}), 0))
after("R5.71", "an_opening", lambda s: s.world.opening(Voter(s.world).ballot({1}, {1})))
after("R5.71", "announced", act(entry.ANNOUNCE), at=START + 7 * HOUR)
after("R5.71", "committed",
      lambda s: s.world.share_commit(1, box_of(s.world, {}, bytes(32)), b""), same_block=False)
after("R5.71", "shared", lambda s: s.world.share(
    1, s.world.partial(1, box_of(s.world, {}, bytes(32)))), same_block=False)
after("R5.71", "a_result", lambda s: s.world.result([[0] * 5, [0] * 3], 0, 0, 0, [0, 0]))
after("R5.71", "salt_destroyed", act(entry.SALT_DESTROYED, u16(0)), at=CLOSING + HOUR)
after("R5.71", "a_ceremony_message", lambda s: s.world.ceremony_entry(1, u8(4)))
after("R5.71", "a_seal", _seal())
after("R5.71", "a_seal_that_names_the_election", _seal(setup=lambda w: w.name))
# What is judged alone is judged before it, and so is an entry that stands there already.
after("R5.04", "the_same_withdrawal", lambda s: s.chain.entries[-1][0], same_block=False)
after("R5.04", "the_seal", lambda s: b"\x02\x0c" + s.world.manifest_bin)
after("R5.04", "the_setup", lambda s: s.world.setup_entry)
after("R5.16", "a_wrong_signature", withdraw(keys=(1, 2)), same_block=False)
after("R5.57", "a_notice_of_nothing", _notice("n", NOTHING), same_block=False)
after("R5.72", "addresses_that_are_none", hints(portal=""), same_block=False)
after("R3.05", "a_ballot_with_a_wrong_proof",
      lambda s: Voter(s.world).ballot({1}, {1}, tweak="z"), same_block=False)
after("R4.01", "a_ballot_with_a_wrong_token",
      lambda s: Voter(s.world).ballot({1}, {1}, tokens=[bytes(256)] * 2), same_block=False)
after("R1.07", "a_seal_that_is_not_signed", lambda s: b"\x02\x0c" + s.world.sealed(authority=5),
      same_block=False)
after("R6.03", "opened_in_a_block_that_goes_back", lambda s: s.open_entry(), same_block=False,
      at=START + 1)
after(None, "another_setup", lambda s: _setup(s.world))


@story("R5.04")
def withdrawn_then_the_same_notice_twice():
    s = _withdrawn()
    notice = _notice("n", texts("x"))(s)
    s.chain.block(notice, notice)
    return s.files()


@story("R8.04")
def withdrawn_in_a_block_that_is_not_certified():
    s = at("sealed")
    s.chain.block(withdraw()(s), certify=False)
    return s.files()


@story("R8.09")
def not_withdrawn_but_sealed_with_addresses():
    s = at("sealed")
    s.chain.block(hints()(s))
    return s.files(unfinished=True)


# -- addresses -------------------------------------------------------------------------

@story(None)
def honest_addresses_in_every_phase():
    s = at("sealed")
    c, number = s.chain, iter(range(1, 20))

    def move(**block):
        c.block(hints(next(number), places=(SITE, MIRROR))(s), **block)

    move()
    s.sealed = lambda: s
    s.voted()
    move()
    c.block(at=CLOSING - HOUR)
    move(at=CLOSING + HOUR)
    c.block(act(entry.RESUME, u64(CLOSING + 3 * HOUR // 2))(s))
    move()
    c.block(at=CLOSING + 3 * HOUR // 2 - 1000)
    move(at=CLOSING + 3 * HOUR // 2 + 60_000)
    c.block(act(entry.DRAIN)(s))
    move()
    c.block(at=c.time + 30_000)
    s.box = box_of(s.world, s.last, c.head)
    s.with_evidence()
    move()
    s.committed()
    move()
    c.block(act(entry.ANNOUNCE)(s), at=START + 7 * HOUR)
    move()
    c.block(*(s.world.share(i, s.partials[i]) for i in (1, 2)))
    c.block(s.result_entry(), hints(next(number))(s))
    move()
    return s.files()


@story(None)
def honest_addresses_one_after_the_other():
    """Two in a block; then the first ones again, under a number of their own."""
    s = at("closed")
    s.chain.block(hints(1)(s), hints(2, MIRROR, (SITE,))(s))
    s.chain.block(hints(3)(s))
    return s.ended().files()


@story(None)
def honest_addresses_of_all_characters_and_sizes():
    s = at("closed")
    every = "".join(map(chr, range(0x21, 0x7F)))
    s.chain.block(hints(1, every, ("x" * 256, every, *map(str, range(14))))(s))
    return s.ended().files()


@story(None)
def honest_addresses_that_stay_as_they_were():
    s = at("closed")
    s.chain.block(hints(1, "https://p.example", ("https://p.example",))(s))
    s.chain.block(hints(2, "https://p.example", ("https://p.example",))(s))
    return s.ended().files()


def addresses(rule, name, make, stage="sealed", **block):
    """New addresses with one fault."""
    add(rule, "addresses_" + name, stage, make, **block)


def _as_type(s, kind):
    """New addresses under another type, signed as such."""
    w, body = s.world, u32(1) + text(SITE) + items([text(MIRROR)])
    data = u8(2) + u8(kind) + w.name + body
    return data + b"".join(u16(i) + w.schnorr(w.officers[i], "officer-hints", data)
                           for i in (0, 2))


def _moved(*makes, stage="sealed"):
    """One block for each."""
    def run():
        s = at(stage)
        for make in makes:
            s.chain.block(make(s))
        return s.files()
    return run


addresses("R5.03", "before_the_seal", hints(), "prepare")
addresses("R5.03", "of_another_election", hints(name=bytes(64)))
addresses("R5.03", "of_the_setup", lambda s: hints(name=s.world.e0)(s))
add("R5.03", "addresses_in_the_block_of_the_seal", "prepare",
    lambda s: b"\x02\x0c" + s.world.manifest_bin, hints())
addresses("R5.01", "with_a_byte_more", lambda s: hints()(s) + b"\0")
addresses("R5.01", "of_the_type_of_a_ceremony_message", lambda s: _as_type(s, 30))
addresses("R5.01", "of_type_34", lambda s: _as_type(s, 34))
addresses("R5.01", "of_17_places", hints(places=list(map(str, range(17)))))
addresses("R5.01", "too_long", hints(places=("x" * 257,)))
addresses("R5.01", "portal_too_long", hints(portal="x" * 257))
addresses("R5.01", "not_nfc", hints(portal="か\u3099"))
addresses("R5.15", "of_one_officer", hints(by=(1, 1)))
addresses("R5.16", "signature", hints(keys=(1, 2)))
addresses("R5.16", "signature_before_the_addresses", hints(places=(), keys=(1, 2)))
addresses("R5.16", "signed_as_a_notice", lambda s: _other_purpose(
    s, entry.HINTS, u32(1) + text(SITE) + items([text(MIRROR)])))
for _name, _portal, _places in (
        ("nowhere", SITE, ()), ("twice", SITE, (MIRROR, MIRROR)), ("of_nothing", SITE, ("",)),
        ("twice_apart", SITE, (MIRROR, SITE, MIRROR)), ("second_of_nothing", SITE, (MIRROR, "")),
        ("blank", SITE, ("a b",)), ("letter", SITE, ("\u00e4",)), ("delete", SITE, ("\x7f",)),
        ("line_feed", SITE, (MIRROR + "\n",)), ("no_portal", "", (MIRROR,)),
        ("portal_blank", " ", (MIRROR,)), ("portal_letter", "\u7968", (MIRROR,))):
    addresses("R5.72", _name, hints(1, _portal, _places))
addresses("R5.72", "before_their_number", hints(7, places=()))
for _number in (0, 2, 2**32 - 1):
    addresses("R5.73", f"first_number_{_number}", hints(_number))
    addresses("R5.73", f"first_number_{_number}_after_the_result", hints(_number), "finished")
add("R5.73", "addresses_in_a_block_the_second_first", "sealed", hints(2), hints(1))
add("R5.73", "addresses_in_a_block_the_first_twice", "opened", hints(1), hints(1, by=(0, 1)))
STORIES["addresses_of_before_once_more"] = (
    "R5.73", _moved(hints(1), hints(2, MIRROR), hints(1, by=(1, 2))))
STORIES["addresses_skip_a_number"] = ("R5.73", _moved(hints(1), hints(3)))
STORIES["addresses_stay_at_a_number"] = ("R5.73", _moved(hints(1), hints(1, MIRROR)))


@story("R5.04")
def addresses_again():
    s = at("sealed")
    data = hints()(s)
    s.chain.block(data)
    s.chain.block(hints(2, MIRROR)(s))
    s.chain.block(data)
    return s.files()


# -- the view ----------------------------------------------------------------------------

def view(name, make, old, new):
    """A view that says something else."""
    def run():
        files = make()
        data = files["view/election.json"]
        assert data.count(old) == 1, data
        files["view/election.json"] = data.replace(old, new)
        return files
    STORIES["view_" + name] = ("R8.06", run)


def _with_addresses():
    s = at("closed")
    s.chain.block(hints(1)(s), hints(2, MIRROR, (SITE, MIRROR))(s))
    return s.ended().files()


view("withdrawn_as_if_sealed", honest_withdrawn, b'"phase": "withdrawn"', b'"phase": "sealed"')
view("withdrawn_for_another_reason", honest_withdrawn, b'"en":"A name is missing"', b'"en":"A"')
view("withdrawn_without_a_reason", honest_withdrawn, b'"withdrawn": {"ja":"A name is missing\xe8\xaa'
     b'\x9e","en":"A name is missing","plain":"A name is missing"}', b'"withdrawn": null')
view("withdrawn_with_null_for_no_hints", honest_withdrawn, b'"hints": []', b'"hints": null')
view("of_the_portal_before", _with_addresses, b'"portal": "https://mirror.example"',
     b'"portal": "https://p.example"')
view("of_the_portal_before_any_addresses", lambda: at("finished").files(),
     b'"portal": "https://p.example"', b'"portal": "https://mirror.example"')
view("of_the_hints_before", _with_addresses,
     b'"hints": ["https://vote.example","https://mirror.example"]',
     b'"hints": ["https://mirror.example"]')
view("of_the_hints_in_another_order", _with_addresses,
     b'"hints": ["https://vote.example","https://mirror.example"]',
     b'"hints": ["https://mirror.example","https://vote.example"]')
view("of_a_held_election_as_if_withdrawn", _with_addresses, b'"withdrawn": null',
     b'"withdrawn": {"ja":"a","en":"a","plain":"a"}')


__all__ = ["SITE", "MIRROR", "hints", "withdraw"]
