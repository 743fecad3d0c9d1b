"""The voter's own card and the windows of *again* tokens (chapters 03 §5, 04 §3–4, 05 §4 and §5)."""

import copy

from irefuda_verify import entry, ristretto as rs, token
from irefuda_verify.ballot import entry_hash

from .close_stories import ANNOUNCING
from .make import HOUR, START, Record, Voter, box_of, prove, public, u32, u64
from .stories import CLOSING, OPENING, STORIES, _broken, _made, add, at, story

MINUTE = 60_000
HALF = 30 * MINUTE
# The second window begins in the middle of the vote, the last one twenty minutes before the close.
WINDOWS = [START, START + 2 * HOUR, CLOSING - 20 * MINUTE]
_WINDOWED = {}


def windowed(stage="voted"):
    """A second election in the network, of three windows, at a stage."""
    if stage not in _WINDOWED:
        s = at("sealed")
        s.world = s.chain.world = s.world.following(windows=WINDOWS)
        _WINDOWED[stage] = getattr(s, stage)()
    return copy.deepcopy(_WINDOWED[stage])


def _value(s, v):
    return v(s) if callable(v) else v


def further(rule, name, before=lambda: at("voted"), time=None, kinds=("ballot", "check"),
            promised=None, who=0, edit=None, **change):
    """A further ballot of a voter, and a check ballot of that number, at a time.

    promised are the times in a Late, by validator; edit changes the bytes.
    """
    for kind in kinds:
        def run(kind=kind):
            s = before()
            made = {k: _value(s, v) for k, v in change.items()}
            data = getattr(s.voters[who], kind)({1}, {1}, **made)
            data = edit(data) if edit else data
            seen = [s.world.seen(entry_hash(data), i, t) for i, t in (promised or {}).items()]
            late = [s.world.late(data, *seen)] if promised else []
            s.chain.block(*late, data, at=time)
            return s.files(unfinished=rule == "R8.09")
        good = "good_" if rule == "R8.09" else ""
        STORIES[f"{good}further_{kind}_{name}"] = (rule, run)


def first(rule, name, **change):
    """A first ballot, and a check ballot, of a new voter."""
    for kind in ("ballot", "check"):
        add(rule, f"first_{kind}_{name}", "opened", lambda s, kind=kind: getattr(
            Voter(s.world), kind)({1}, {1}, **{k: _value(s, v) for k, v in change.items()}),
            unfinished=rule == "R8.09")


def _other(s):
    """Another voter."""
    return s.voters[1]


def _mixed(s):
    return [s.voters[0].card[0], _other(s).card[1]]


def _tokens(s, voter=0, window=0):
    """Tokens of the third ballot of a voter, made once more."""
    v = s.voters[voter]
    message = token.message(token.AGAIN, s.world.name, v.vk, u32(v.seq + 1), v.prev)
    return [s.world.pss(row[window], message) for row in s.world.again]


# -- R3.22: what a ballot has of the card ----------------------------------------------------

POINT = public(77)
MINUS = rs.encode(rs.mul(rs.ORDER - 77, rs.BASE))
BELOW = (rs.ORDER - 1).to_bytes(32, "little")

first("R3.22", "with_an_r", nonce=POINT)
first("R3.22", "with_an_r_that_is_no_point", nonce=b"\xff" * 32)
first("R3.22", "with_a_z", z=1)
first("R3.22", "with_the_greatest_z", z=rs.ORDER - 1)
first("R3.22", "with_a_window", window=1, token_window=0)
first("R3.22", "with_the_last_window", window=255, token_window=0)
first("R3.22", "with_keys_that_add_up_to_nothing", keys=[POINT, MINUS])
first("R3.22", "with_a_window_and_a_wrong_token", window=1, token_window=0,
      tokens=[bytes(256)] * 2)
first("R3.17", "with_a_predecessor_and_an_r", prev=b"\1" * 64, nonce=POINT)
first("R3.17", "of_number_zero_with_a_window", seq=0, token_seq=1, window=1, token_window=0)
first("R3.13", "with_a_picture_too_great_and_an_r", mark=bytes((16, 0)), nonce=POINT)
first("R3.10", "with_a_key_that_is_the_identity", keys=[POINT, bytes(32)])
first("R3.10", "with_a_key_that_is_no_point", keys=[b"\xff" * 32, POINT])
first("R3.10", "with_a_z_that_is_too_great", scalar=lambda _s: lambda z: b"\xff" * 32)
first("R3.11", "with_one_key", keys=[POINT])
first("R3.11", "with_three_keys", keys=[POINT] * 3)
first("R8.09", "good_with_one_key_twice", keys=[POINT, POINT])
first("R8.09", "good_with_the_keys_of_a_card_of_registrars_in_another_order",
      keys=lambda s: Voter(s.world).keys[::-1])
further("R3.22", "without_r", nonce=bytes(32))
further("R3.22", "without_z", z=0)
further("R3.22", "without_r_and_z", nonce=bytes(32), z=0)
further("R3.22", "without_r_and_of_a_window_that_is_not_there", nonce=bytes(32), window=9,
        token_window=0)
further("R3.22", "with_keys_that_add_up_to_nothing", keys=[POINT, MINUS])
further("R3.17", "without_r_and_a_predecessor", nonce=bytes(32), prev=bytes(64))
further("R3.10", "with_a_z_that_is_the_order",
        scalar=lambda _s: lambda z: rs.ORDER.to_bytes(32, "little"))
further("R4.02", "with_the_greatest_z", scalar=lambda _s: lambda z: BELOW)
further("R3.22", "without_r_before_its_signature", nonce=bytes(32), edit=_broken)


def _counted(keys):
    """Another number of keys, and a contest that makes up for it."""
    def make(s):
        voter = Voter(s.world)
        right = [len(prove(s.world, s.world.manifest, Record(
            vk=voter.vk, seq=1, prev=bytes(64), mark=bytes(2)), i, {1})) for i in (0, 1)]
        parts = [bytes(right[0] + 32 * (2 - len(keys))), bytes(right[1])]
        return voter.ballot({1}, {1}, keys=keys, contests=parts)
    return make


add("R3.22", "first_ballot_with_one_key_of_the_right_length", "opened", _counted([POINT]))
add("R3.22", "first_ballot_with_three_keys_of_the_right_length", "opened", _counted([POINT] * 3))
add("R3.22", "first_ballot_without_keys_of_the_right_length", "opened", _counted([]))
add("R3.10", "first_ballot_with_nine_keys_of_the_right_length", "opened", _counted([POINT] * 9))
for _kind, _rule in (("ballot", "R3.22"), ("check", "R3.22")):
    add(_rule, f"first_{_kind}_with_an_r_and_a_wrong_signature", "opened",
        lambda s, kind=_kind: _broken(getattr(Voter(s.world), kind)({1}, {1}, nonce=POINT)))


# -- R4.01, R4.02: tokens and the card's signature ----------------------------------------------

further("R8.09", "of_the_own_card")
further("R4.02", "signed_by_another_card", card=lambda s: _other(s).card)
further("R4.02", "half_signed_by_another_card", card=_mixed)
further("R4.02", "signed_for_the_keys_exchanged", signed=lambda s: {"keys": s.voters[0].keys[::-1]})
further("R4.02", "signed_for_the_keys_of_another", signed=lambda s: {"keys": _other(s).keys})
further("R4.02", "signed_for_another_election", signed={"election": bytes(64)})
further("R4.02", "signed_for_another_voting_key", signed=lambda s: {"vk": _other(s).vk})
further("R4.02", "signed_for_the_number_before", signed={"seq": 2})
further("R4.02", "signed_for_the_next_number", signed={"seq": 4})
further("R4.02", "signed_for_an_earlier_ballot",
        signed=lambda s: {"prev": s.last[s.voters[0].vk][102:166]})
further("R4.02", "signed_for_no_ballot", signed={"prev": bytes(64)})
further("R4.02", "signed_for_another_window", signed={"window": 1})
further("R4.02", "signed_for_the_tokens_exchanged",
        tokens=_tokens, signed=lambda s: {"tokens": _tokens(s)[::-1]})
further("R4.02", "signed_for_other_tokens_of_this_place", signed=lambda s: {"tokens": _tokens(s)})
further("R4.02", "signed_for_other_tokens_of_the_second_registrar",
        tokens=lambda s: _tokens(copy.copy(s)),
        signed=lambda s: {"tokens": [_tokens(s)[0], _tokens(s)[1][:-1] + b"\0"]})
further("R4.02", "signed_for_no_token", signed={"tokens": []})
further("R4.02", "with_another_r", nonce=POINT)
further("R4.02", "with_an_r_that_is_no_point", nonce=b"\xff" * 32)
further("R4.02", "with_another_z", z=1)
further("R4.02", "of_keys_with_a_point_that_they_do_not_have_in_common",
        keys=lambda s: [s.voters[0].keys[0], POINT])
further("R5.53", "of_keys_exchanged", keys=lambda s: s.voters[0].keys[::-1])
further("R4.01", "with_the_tokens_exchanged", tokens=lambda s: _tokens(s)[::-1])
further("R4.01", "with_wrong_tokens_and_another_card", tokens=[bytes(256)] * 2,
        card=lambda s: _other(s).card)
further("R4.01", "of_a_window_that_is_not_there", window=1, token_window=0)
further("R4.01", "of_the_last_window_of_all", window=255, token_window=0)
further("R4.02", "signed_by_another_card_and_a_wrong_proof", card=lambda s: _other(s).card,
        tweak="z")
further("R4.02", "signed_by_another_card_and_a_wrong_number", card=lambda s: _other(s).card, seq=5)
further("R3.05", "of_the_own_card_and_a_wrong_proof", tweak="z")
further("R3.16", "signed_by_another_card_and_not_by_its_voting_key", kinds=("ballot",),
        card=lambda s: _other(s).card, edit=_broken)
further("R3.18", "signed_by_another_card_and_not_by_its_voting_key", kinds=("check",),
        card=lambda s: _other(s).card, edit=_broken)


def _resigned(s):
    """The tokens of a check ballot, and R and z of its card."""
    tokens = _made(s, token.AGAIN, u32(2), _other(s).prev, vk=_other(s).vk)
    check = _other(s).check({3}, {2}, tokens=tokens)
    place = 2 + 2 + 64 + 32 + 4 + 64 + 2 + 4 + 512 + 4 + 64
    nonce, z = check[place:place + 32], int.from_bytes(check[place + 32:place + 64], "little")
    return check, {"tokens": tokens, "nonce": nonce, "z": z}


@story(None)
def honest_with_one_signature_of_the_card_for_check_and_cast():
    """What is of the card is done before the choice: check ballots and the ballot may share it."""
    s = at("voted")
    check, card = _resigned(s)
    s.cast(check)
    s.cast(_other(s).check({4}, {0}, **card))
    s.cast(_other(s).ballot({0}, {0}, **card))
    s.votes = [[1, 1, 1, 1, 1], [3, 1, 2]]
    return s.run_out().with_evidence(again=(2, 2)).ended().files()


@story("R4.01")
def signature_of_the_card_of_the_ballot_before():
    s = at("voted")
    check, card = _resigned(s)
    s.cast(check)
    s.cast(_other(s).ballot({0}, {0}, **card))
    s.chain.block(_other(s).ballot({2}, {0}, **card))
    return s.files()


@story("R4.02")
def signature_of_the_card_of_the_ballot_before_with_its_own_tokens():
    s = at("voted")
    check, card = _resigned(s)
    s.cast(check)
    s.cast(_other(s).ballot({0}, {0}, **card))
    s.chain.block(_other(s).ballot({2}, {0}, nonce=card["nonce"], z=card["z"]))
    return s.files()


# -- R5.53: whose card -----------------------------------------------------------------------

def _foreign(s):
    return {"card": _other(s).card, "keys": _other(s).keys}


def foreign(rule, name, **more):
    """A further ballot that another person's card signed, under that person's keys."""
    further(rule, name, card=lambda s: _other(s).card, keys=lambda s: _other(s).keys, **more)


foreign("R5.53", "of_another_persons_card")
foreign("R4.02", "of_another_persons_keys_and_a_signature_for_the_own",
         signed=lambda s: {"keys": s.voters[0].keys})
foreign("R4.01", "of_another_persons_card_and_wrong_tokens", tokens=[bytes(256)] * 2)
foreign("R3.05", "of_another_persons_card_and_a_wrong_proof", tweak="z")
foreign("R5.23", "of_another_persons_card_and_a_wrong_number", seq=5)
foreign("R5.24", "of_another_persons_card_and_another_predecessor", prev=b"\1" * 64)
foreign("R5.53", "of_another_persons_card_in_a_window_that_is_over", before=windowed,
         time=WINDOWS[1] + HALF)
further("R5.53", "with_one_key_of_another", card=_mixed,
        keys=lambda s: [s.voters[0].keys[0], _other(s).keys[1]])
further("R5.53", "with_keys_of_the_same_sum", keys=lambda s: _shifted(s.voters[0].keys))


def _shifted(keys):
    """Other keys with the same sum."""
    a, b = map(rs.decode, keys)
    point = rs.decode(POINT)
    return [rs.encode(rs.add(a, point)), rs.encode(rs.add(b, rs.decode(MINUS)))]


def _used(kind):
    """A ballot or check ballot of a new voter, whose first ciphertext is used again."""
    def run():
        s = at("voted")
        s.chain.block(getattr(Voter(s.world), kind)({1}, {1}))
        s.world.fixed = {0: s.world.firsts[0]}
        return s
    return run


for _kind, _used_kind, _rule in (("ballot", "ballot", "R5.53"), ("ballot", "check", "R5.53"),
                                 ("check", "check", "R5.53"), ("check", "ballot", "R5.27")):
    foreign(_rule, f"of_another_persons_card_and_a_ciphertext_of_a_{_used_kind}", kinds=(_kind,),
             before=_used(_used_kind))


@story("R5.53")
def further_ballot_with_the_keys_of_a_check_ballot():
    """A check ballot of the first number sets nothing."""
    s = at("opened")
    voter, other = Voter(s.world), Voter(s.world)
    s.chain.block(voter.check({1}, {1}, keys=other.keys))
    s.chain.block(voter.ballot({1}, {1}))
    s.chain.block(voter.ballot({1}, {1}, keys=other.keys, card=other.card))
    return s.files()


@story("R8.09")
def good_keys_of_a_check_ballot_and_of_the_first_ballot_differ():
    s = at("opened")
    voter, other = Voter(s.world), Voter(s.world)
    s.chain.block(voter.check({1}, {1}, keys=other.keys))
    for _ in range(3):
        s.chain.block(voter.ballot({1}, {1}))
    return s.files(unfinished=True)


@story("R8.09")
def good_two_voting_keys_with_the_keys_of_one_card():
    """Only a registrar's *first* token says that a person has one voting key."""
    s = at("opened")
    one, two = Voter(s.world), Voter(s.world)
    two.card, two.keys = one.card, one.keys
    for _ in range(2):
        s.chain.block(one.ballot({1}, {1}), two.ballot({1}, {1}))
    return s.files(unfinished=True)


@story("R5.53")
def third_ballot_of_another_card_after_two_of_the_own():
    """Every one is compared, not the second one alone."""
    s = at("voted")
    s.chain.block(s.voters[0].ballot({1}, {1}))
    s.chain.block(s.voters[0].ballot({1}, {1}, **_foreign(s)))
    return s.files()


# -- R5.54: windows --------------------------------------------------------------------------

def in_window(rule, window, name, time, **more):
    """A further ballot of a window at a time."""
    further(rule, f"of_window_{window}_{name}", more.pop("before", windowed), time, window=window,
            **more)


for _window in (1, 2):
    in_window("R5.54", _window, "a_moment_before_it_begins", WINDOWS[_window] - 1)
    in_window("R8.09", _window, "when_it_begins", WINDOWS[_window])
    in_window("R8.09", _window - 1, "when_the_next_one_begins", WINDOWS[_window])
    in_window("R4.01", _window, "with_tokens_of_the_one_before", WINDOWS[_window],
              token_window=_window - 1)
    in_window("R4.01", _window - 1, "with_tokens_of_the_next_one", WINDOWS[_window],
              token_window=_window)
in_window("R8.09", 0, "a_moment_before_half_an_hour_is_over", WINDOWS[1] + HALF - 1)
in_window("R5.54", 0, "half_an_hour_after_it", WINDOWS[1] + HALF)
in_window("R5.54", 0, "two_windows_later", WINDOWS[2] + 1)
in_window("R5.54", 1, "in_the_first_one", OPENING + HOUR // 2)
in_window("R5.54", 2, "in_the_first_one", OPENING + HOUR // 2)
in_window("R5.54", 2, "in_the_second_one", WINDOWS[1] + 1)
in_window("R4.01", 3, "which_is_not_there", WINDOWS[2], token_window=2)
in_window("R5.55", 0, "near_the_close_without_a_late", CLOSING - 30_000)
in_window("R5.54", 0, "a_moment_before_it_is_near_the_close", CLOSING - 30_001)
in_window("R5.23", 0, "too_late_and_of_a_wrong_number", WINDOWS[1] + HALF, seq=5)
in_window("R5.24", 0, "too_late_and_of_another_predecessor", WINDOWS[1] + HALF, prev=b"\1" * 64)
in_window("R4.02", 0, "too_late_and_of_another_card", WINDOWS[1] + HALF,
          card=lambda s: _other(s).card)
in_window("R5.54", 0, "too_late_and_promised_in_another_block", WINDOWS[1] + HALF + 1)


def _used_in_windows(kind):
    def run():
        s = windowed()
        s.chain.block(getattr(Voter(s.world), kind)({1}, {1}))
        s.world.fixed = {0: s.world.firsts[0]}
        return s
    return run


for _kind, _used_kind, _rule in (("ballot", "ballot", "R5.54"), ("ballot", "check", "R5.54"),
                                 ("check", "check", "R5.54"), ("check", "ballot", "R5.27")):
    in_window(_rule, 0, f"too_late_with_a_ciphertext_of_a_{_used_kind}", WINDOWS[1] + HALF,
              kinds=(_kind,), before=_used_in_windows(_used_kind))


def _six_checks():
    s = windowed()
    for _ in range(5):
        s.chain.block(s.voters[0].check({1}, {1}))
    return s


in_window("R5.54", 0, "too_late_and_the_sixth_one", WINDOWS[1] + HALF, kinds=("check",),
          before=_six_checks)
in_window("R5.28", 1, "the_sixth_one", WINDOWS[1] + HALF, kinds=("check",), before=_six_checks)

# Promises: every time in a Late lies in the window or the half hour after it, whatever the block's.
for _name, _rule, _window, _time, _times in (
        ("promised_in_it", "R8.09", 0, WINDOWS[2], {0: WINDOWS[0], 1: WINDOWS[1] + HALF - 1}),
        ("promised_in_it_and_long_after", "R5.54", 0, WINDOWS[2],
         {0: WINDOWS[0], 1: WINDOWS[1] + HALF}),
        ("promised_after_it_by_the_first", "R5.54", 0, WINDOWS[2],
         {0: WINDOWS[1] + HALF, 1: WINDOWS[0]}),
        ("promised_after_it_by_a_fourth", "R5.54", 0, WINDOWS[2],
         {0: OPENING, 1: OPENING, 2: OPENING, 3: WINDOWS[1] + HALF}),
        ("promised_before_it", "R5.54", 1, WINDOWS[2], {0: WINDOWS[1] - 1, 3: WINDOWS[1]}),
        ("promised_before_the_first_one", "R5.54", 0, OPENING + HOUR // 2, {0: OPENING, 1: 0}),
        ("promised_when_it_began", "R8.09", 1, WINDOWS[2], {0: WINDOWS[1], 3: WINDOWS[1]}),
        ("in_it_and_promised_after_it", "R5.54", 0, OPENING + HOUR // 2,
         {0: OPENING, 1: WINDOWS[1] + HALF}),
        ("in_it_and_promised_before_it", "R5.54", 1, WINDOWS[1], {0: WINDOWS[1] - 1, 1: WINDOWS[1]}),
        ("before_it_and_promised_in_it", "R8.09", 1, OPENING + HOUR // 2,
         {0: WINDOWS[1], 1: WINDOWS[1]}),
        ("the_last_one_promised_in_it", "R8.09", 2, CLOSING - 1, {0: WINDOWS[2], 1: CLOSING - 1}),
        ("the_last_one_promised_before_it", "R5.54", 2, CLOSING - 1,
         {0: WINDOWS[2], 1: WINDOWS[2] - 1}),
        ("promised_in_it_near_the_close", "R8.09", 1, CLOSING - 1,
         {1: CLOSING - 2, 2: WINDOWS[1]}),
        ("promised_at_the_close", "R5.62", 0, CLOSING - 1, {0: CLOSING, 1: OPENING}),
        ("too_late_and_promised_by_one", "R5.61", 0, WINDOWS[2], {0: OPENING})):
    in_window(_rule, _window, _name, _time, promised=_times)


@story("R5.54")
def further_ballot_too_late_beside_one_that_is_promised():
    """A Late helps the ballot that it names and no other one."""
    s = windowed()
    one, two = (s.voters[i].ballot({1}, {1}) for i in (0, 1))
    s.chain.block(s.world.promised(one, OPENING), one, two, at=WINDOWS[2])
    return s.files()


@story("R8.09")
def good_first_ballots_after_every_window_of_theirs():
    """A first ballot has no window: window 0 is over, and its promises may be of any time."""
    s = windowed()
    s.chain.block(Voter(s.world).ballot({1}, {1}), at=WINDOWS[2])
    data = Voter(s.world).ballot({1}, {1})
    s.chain.block(s.world.promised(data, 0), data, Voter(s.world).check({1}, {1}))
    return s.files(unfinished=True)


def _three_windows():
    """A further ballot of every window, the first one in the last moment; the votes change."""
    s = windowed()
    for window, time in enumerate((WINDOWS[1] + HALF - 1, WINDOWS[2] + 1, CLOSING - 60_000)):
        s.world.window = window
        s.cast(s.voters[0].check({1}, {1}), at=time - 1000)
        s.cast(s.voters[0].ballot({window}, {0}))
    s.votes = [[0, 2, 2, 0, 1], [2, 1, 2]]
    return s


STORIES["honest_further_ballots_of_every_window"] = (
    None, lambda: _three_windows().run_out().with_evidence(again=(4, 4)).ended().files())


# -- a halt, an extension and a resumption across the end of a window --------------------------

def _silent(since, until):
    """Nothing comes between two times."""
    s = windowed()
    s.world.window = 1
    s.chain.block(at=since)
    s.chain.block(at=until)
    return s


def _drained(rule, name, window, *times, late=True):
    """A ballot of a window in the block that drains half an hour after that window."""
    for kind in ("ballot", "check"):
        def run(kind=kind):
            s = _silent(CLOSING - MINUTE, CLOSING + 9 * MINUTE)
            data = getattr(s.voters[1], kind)({0}, {0}, window=window)
            seen = [s.world.seen(entry_hash(data), i, t) for i, t in enumerate(times)]
            drain = s.world.act(entry.DRAIN)
            s.chain.block(drain, *([s.world.late(data, *seen)] if late else []), data,
                          at=CLOSING + 11 * MINUTE)
            if rule:
                return s.files()
            if kind == "ballot":
                s.last[s.voters[1].vk], s.received = data, s.received + 1
                s.votes = [[1, 1, 1, 1, 1], [3, 1, 2]]
            else:
                s.spoiled += 1
            s.chain.block(at=s.chain.time + 30_000)
            s.box = box_of(s.world, s.last, s.chain.head)
            further_ones = 1 + (kind == "ballot")
            s.with_evidence(again=(further_ones, further_ones)).committed()
            s.chain.block(s.world.act(entry.ANNOUNCE), at=ANNOUNCING)
            s.chain.block(*(s.world.share(i, s.partials[i]) for i in (1, 2)))
            s.chain.block(s.result_entry())
            return s.files()
        STORIES[f"{'' if rule else 'honest_'}{kind}_drained_{name}"] = (rule, run)


_drained(None, "after_its_window_was_over", 1, CLOSING - 500, CLOSING - 1)
_drained(None, "after_its_window_was_over_promised_when_that_began", 1, WINDOWS[1], CLOSING - 1)
_drained(None, "in_the_last_window", 2, CLOSING - 500, CLOSING - 1)
_drained("R5.55", "after_its_window_was_over_without_a_late", 1, late=False)
_drained("R5.54", "after_its_window_was_over_promised_before_it", 1, CLOSING - 1, WINDOWS[1] - 1)
_drained("R5.54", "two_windows_later", 0, CLOSING - 1, CLOSING - 2)
_drained(None, "two_windows_later_promised_in_its_own", 0, OPENING, WINDOWS[1] + HALF - 1)
_drained("R5.62", "after_its_window_was_over_promised_in_the_half_hour", 1, CLOSING - 1,
         CLOSING + 9 * MINUTE)


def _resumed(rule, name, window, *times, time=CLOSING + 13 * MINUTE):
    """A ballot of a window after voting was resumed, with a Late if there are times."""
    for kind in ("ballot", "check"):
        def run(kind=kind):
            s = _silent(CLOSING - 15 * MINUTE, CLOSING + 9 * MINUTE)
            until = CLOSING + 9 * MINUTE + 1 + 15 * MINUTE
            s.chain.block(s.world.act(entry.RESUME, u64(until)), at=CLOSING + 9 * MINUTE + 1)
            data = getattr(s.voters[1], kind)({0}, {0}, window=window)
            seen = [s.world.seen(entry_hash(data), i, t) for i, t in enumerate(times)]
            s.chain.block(*([s.world.late(data, *seen)] if times else []), data, at=time)
            return s.files(unfinished=rule == "R8.09")
        good = "good_" if rule == "R8.09" else ""
        STORIES[f"{good}{kind}_resumed_{name}"] = (rule, run)


_resumed("R5.54", "after_its_window_was_over", 1)
_resumed("R8.09", "in_the_last_moment_of_the_half_hour", 1, time=CLOSING + 10 * MINUTE - 1)
_resumed("R5.54", "when_the_half_hour_was_over", 1, time=CLOSING + 10 * MINUTE)
_resumed("R8.09", "after_its_window_was_over_promised_in_it", 1, CLOSING - 16 * MINUTE,
         CLOSING + 10 * MINUTE - 1)
_resumed("R5.54", "after_its_window_was_over_promised_too_late", 1, CLOSING - 16 * MINUTE,
         CLOSING + 10 * MINUTE)
_resumed("R8.09", "in_the_last_window_which_goes_on", 2)


def _extended(rule, name, window, time):
    """A ballot of a window after the close was moved by an hour."""
    def before():
        s = windowed()
        s.chain.block(s.world.act(entry.EXTEND, u64(CLOSING + HOUR)))
        return s
    in_window(rule, window, name, time, before=before)


_extended("R5.54", "over_although_the_close_was_moved", 1, CLOSING + 10 * MINUTE)
_extended("R8.09", "in_its_half_hour_after_the_old_close", 1, CLOSING + 10 * MINUTE - 1)
_extended("R8.09", "which_lasts_as_long_as_voting", 2, CLOSING + HOUR - 30_001)


# -- windows that begin at the close or behind it, where it may be moved to ---------------------

def _beyond(until=None, begins=CLOSING):
    """Windows until the limit, the second from the close on; the close is moved if asked for."""
    def before():
        s = at("sealed")
        s.world = s.chain.world = s.world.following(windows=[START, begins])
        s = s.voted()
        if until:
            s.chain.block(s.world.act(entry.EXTEND, u64(until)))
        return s
    return before


LATER = CLOSING + 2 * HOUR
in_window("R8.09", 0, "whose_next_one_begins_at_the_close", CLOSING - 30_001, before=_beyond())
in_window("R5.54", 1, "which_only_an_extension_reaches", CLOSING - 30_001, before=_beyond())
in_window("R5.54", 1, "from_the_old_close_on_a_moment_before", CLOSING - 1, before=_beyond(LATER))
in_window("R8.09", 1, "from_the_old_close_on", CLOSING, before=_beyond(LATER))
in_window("R8.09", 1, "from_the_old_close_on_until_the_limit", LATER - 30_001,
          before=_beyond(LATER))
in_window("R8.09", 0, "until_the_old_close_and_half_an_hour", CLOSING + HALF - 1,
          before=_beyond(LATER))
in_window("R5.54", 0, "until_the_old_close_and_more_than_half_an_hour", CLOSING + HALF,
          before=_beyond(LATER))
in_window("R8.09", 1, "from_a_moment_before_the_limit_promised_in_it", LATER - 1,
          before=_beyond(LATER, LATER - 1), promised={0: LATER - 1, 1: LATER - 1})
in_window("R5.54", 1, "from_a_moment_before_the_limit_promised_before_it", LATER - 1,
          before=_beyond(LATER, LATER - 1), promised={0: LATER - 1, 1: LATER - 2})


# -- one window, which is the last one ----------------------------------------------------------

further("R8.09", "of_the_only_window_a_moment_before_it_needs_a_late", time=CLOSING - 30_001)
further("R5.54", "of_the_only_window_promised_before_it", time=OPENING + HOUR,
        promised={0: START - 1, 1: START})
further("R8.09", "of_the_only_window_promised_when_it_began", time=OPENING + HOUR,
        promised={0: START, 1: START})


__all__ = ["WINDOWS", "further", "windowed"]
