"""The close: Late, Drain, Resume, halts, and the announcement by time (chapter 05 §5 and §6)."""

import functools

from irefuda_verify import entry
from irefuda_verify import ristretto as rs
from irefuda_verify.ballot import entry_hash
from irefuda_verify.manifest import decode_sealed

from .make import DAY, HOUR, START, Voter, box_of, channel, items, release, text, texts, u16, u64
from .stories import CLOSE_DAY, CLOSING, OPENING, STORIES, at, story

LIMIT, ANNOUNCING = START + 6 * HOUR, START + 7 * HOUR
SOON = CLOSING - 1000


def _ticks(s, *times):
    """Empty blocks."""
    for time in times:
        s.chain.block(at=time)
    return s


def _near(stage="voted"):
    """Half a minute and a second before the close."""
    return _ticks(at(stage), CLOSING - 31_000)


def _boxed(s):
    """The last block is the close block."""
    s.box = box_of(s.world, s.last, s.chain.head)
    return s


def _ending(s, shares=(1, 2)):
    """From the closed box to the result."""
    s.committed().chain.block(s.world.act(entry.ANNOUNCE), at=max(ANNOUNCING, s.chain.time + 1))
    s.chain.block(*(s.world.share(i, s.partials[i]) for i in shares))
    s.chain.block(s.result_entry())
    return s.files()


def _again(s):
    """A second ballot of a voter, which changes the votes."""
    s.votes = [[1, 1, 1, 1, 1], [3, 1, 2]]
    return s.voters[1].ballot({0}, {0})


def _halted(stage="voted", since=CLOSING - 20_000, time=CLOSING + 60_000):
    """Silent over the close."""
    return _ticks(at(stage), since, time)


def _drain(s, time=None, *more, **act):
    """A block that drains, with further entries."""
    s.chain.block(s.world.act(entry.DRAIN, **act), *more, at=time)
    return s


def _drained(stage="voted"):
    """Silent over the close, and draining since a minute and a second after it."""
    return _drain(_halted(stage))


D = CLOSING + 61_000


# -- whole elections ------------------------------------------------------------------

@story(None)
def honest_promised_ballots_around_the_close():
    s = _near()
    w, check, data = s.world, s.voters[2].check({1}, {1}), _again(s)
    s.cast(data, at=CLOSING - 30_001)
    three, four = s.voters[3].ballot({4}, {0}), s.voters[4].ballot({2}, {1, 2})
    s.chain.block(w.promised(three, CLOSING - 30_500), three, at=CLOSING - 30_000)
    s.chain.block(w.promised(check, CLOSING - 1, by=(0, 1, 2, 3)), check,
                  w.promised(four, START, by=(1, 3), height=2**64 - 1), four, at=CLOSING + 29_999)
    s.last.update({v.vk: d for v, d in ((s.voters[3], three), (s.voters[4], four))})
    s.received, s.spoiled = s.received + 2, s.spoiled + 1
    return _ending(_boxed(_ticks(s, CLOSING + 30_000)).with_evidence(again=(4, 4)))


@story(None)
def honest_drained():
    s = _halted("voted")
    w, data = s.world, _again(s)
    check = s.voters[2].check({1}, {1})
    _drain(s, D, w.promised(data, CLOSING - 500), data)
    s.chain.block(w.promised(check, CLOSING - 400), check, at=D + 29_999)
    s.last[s.voters[1].vk], s.received, s.spoiled = data, s.received + 1, s.spoiled + 1
    return _ending(_boxed(_ticks(s, D + 30_000)).with_evidence(again=(2, 2)), (2, 1))


@story(None)
def honest_drained_twice():
    """A silence of a minute and a millisecond halts again, one of a minute does not."""
    s = _drained()
    data = _again(s)
    _drain(_ticks(s, D + 4000, D + 4000 + 60_001), D + 66_000)
    s.cast(s.world.promised(data, CLOSING - 500), data, at=D + 67_000)
    s.last[s.voters[1].vk], s.spoiled = data, s.spoiled - 1
    return _ending(_boxed(_ticks(s, D + 127_000)).with_evidence(again=(2, 2)))


@story(None)
def honest_resumed_twice():
    """Each for as long as was lost; the second halt is measured against the first resumption."""
    s = at("voted")
    w = s.world
    _ticks(s, CLOSING - HOUR, CLOSING + 120_000)
    first = CLOSING + 120_001 + HOUR
    s.chain.block(w.act(entry.RESUME, u64(first)), at=CLOSING + 120_001)
    _ticks(s, first - 700_000, first + 300_000)
    second, data = first + 300_001 + 700_000, _again(s)
    s.cast(w.act(entry.RESUME, u64(second)), data, at=first + 300_001)
    s.spoiled -= 1
    _boxed(_ticks(s, second - 5000, second + 20_000, second + 40_000))
    return _ending(s.with_evidence(again=(2, 2)))


def _committed():
    return at("closed").committed()


def _shared_by_time(s, time):
    s.chain.block(*(s.world.share(i, s.partials[i]) for i in (3, 1)), at=time)
    return s


@story(None)
def honest_without_an_announcement():
    s = _shared_by_time(_committed(), ANNOUNCING + DAY)
    s.chain.block(s.result_entry())
    return s.files()


@story("R5.44")
def share_a_millisecond_before_it_is_announced_by_time():
    return _shared_by_time(_committed(), ANNOUNCING + DAY - 1).files()


@story("R5.44")
def share_a_day_later_with_too_few_commitments():
    s = at("closed").committed(ids=(1,))
    s.chain.block(s.world.share(1, s.partials[1]), at=ANNOUNCING + DAY)
    return s.files()


@story("R5.05")
def announce_when_it_is_announced_by_time():
    s = _committed()
    s.chain.block(s.world.act(entry.ANNOUNCE), at=ANNOUNCING + DAY)
    return s.files()


@story("R8.09")
def good_announce_a_millisecond_before_it_is_announced_by_time():
    s = _committed()
    s.chain.block(s.world.act(entry.ANNOUNCE), at=ANNOUNCING + DAY - 1)
    return s.files(unfinished=True)


@story("R8.09")
def good_announced_by_an_empty_block():
    """The view says so."""
    return _ticks(_committed(), ANNOUNCING + DAY).files(unfinished=True)


def _last_commitment_later(*more):
    """The second commitment comes after the day; further entries in its block."""
    s = at("closed").committed(ids=(1,))
    w, one = s.world, s.partials[1]
    three = w.partial(3, s.box)
    s.partials = {1: one, 3: three}
    s.chain.block(w.share_commit(3, s.box, three), *(m(s) for m in more), at=ANNOUNCING + 2 * DAY)
    return s


@story(None)
def honest_committed_after_the_day():
    """The phase changes with the block after the last commitment, however soon that is."""
    s = _last_commitment_later()
    _shared_by_time(s, ANNOUNCING + 2 * DAY + 1).chain.block(s.result_entry())
    return s.files()


@story(None)
def honest_announced_in_the_block_of_a_commitment_after_the_day():
    s = _last_commitment_later(lambda s: s.world.act(entry.ANNOUNCE))
    _shared_by_time(s, ANNOUNCING + 2 * DAY + 1).chain.block(s.result_entry())
    return s.files()


@story("R5.44")
def share_in_the_block_of_a_commitment_after_the_day():
    return _last_commitment_later(lambda s: s.world.share(3, s.partials[3])).files()


def _closed_late():
    """Drained after the time of the announcement: the day begins with the close block."""
    s = _halted("voted", time=ANNOUNCING + HOUR)
    s.chain.block(s.world.act(entry.DRAIN), at=ANNOUNCING + 2 * HOUR)
    return _boxed(_ticks(s, ANNOUNCING + 2 * HOUR + 30_000)).with_evidence().committed()


@story(None)
def honest_drained_past_the_limit_and_without_an_announcement():
    s = _shared_by_time(_closed_late(), ANNOUNCING + 2 * HOUR + 30_000 + DAY)
    s.chain.block(s.result_entry())
    return s.files()


@story("R5.44")
def share_a_millisecond_before_a_day_after_the_close_block():
    return _shared_by_time(_closed_late(), ANNOUNCING + 2 * HOUR + 30_000 + DAY - 1).files()


@story(None)
def honest_announced_at_once_after_a_late_close_block():
    s = _closed_late()
    s.chain.block(s.world.act(entry.ANNOUNCE))
    _shared_by_time(s, None).chain.block(s.result_entry())
    return s.files()


# -- Late: a ballot and its promises -----------------------------------------------------

def late(rule, name, make, time=SOON, before=_near, ballot=None, with_ballot=True):
    """A block with a ballot at a time, and the entries that make(story, ballot) gives beside it."""
    def run():
        s = before()
        data = (ballot or (lambda s: Voter(s.world).ballot({1}, {1})))(s)
        made = make(s, data)
        made = [made] if isinstance(made, bytes) else made
        s.chain.block(*made, *([data] if with_ballot else []), at=time)
        return s.files(unfinished=rule == "R8.09")
    STORIES[("good_" if rule == "R8.09" else "") + "late_" + name] = (rule, run)


def _seen(*rows):
    """A Late whose promises are given as (validator, changes)."""
    def make(s, data):
        w, about = s.world, entry_hash(data)
        return w.late(about, *(w.seen(about, i, **{"time": SOON - 1, **more}) for i, more in rows))
    return make


def _two(**more):
    """Two promises, the second with changes."""
    return _seen((0, {}), (2, more))


def _nothing(_s, _data):
    return []


def _check(s):
    return Voter(s.world).check({1}, {1})


late("R8.09", "no_need_before_half_a_minute", _nothing, CLOSING - 30_001)
late("R5.55", "missing_at_half_a_minute", _nothing, CLOSING - 30_000)
late("R5.55", "missing_for_a_check_ballot", _nothing, CLOSING - 30_000, ballot=_check)
late("R5.55", "missing_after_the_close", _nothing, CLOSING + 29_000)
late("R5.55", "missing_before_a_wrong_number", _nothing,
     ballot=lambda s: s.voters[0].ballot({1}, {1}, seq=4))
late("R5.55", "missing_before_a_ciphertext_again", _nothing, None, lambda: _cast_near(SOON),
     ballot=lambda s: _with_first(s, "ballot"))
late("R5.27", "missing_for_an_opened_ciphertext_of_a_cast_ballot", _nothing, None,
     lambda: _cast_near(SOON), ballot=lambda s: _with_first(s, "check"))
late("R8.09", "of_two_of_four", _two())
late("R8.09", "of_all_four", _seen(*((i, {}) for i in range(4))))
late("R8.09", "for_a_check_ballot", _two(), ballot=_check)
late("R8.09", "long_before_the_close", _two(time=CLOSING - 1), OPENING + HOUR, lambda: at("voted"))
late("R8.09", "a_millisecond_before_the_close", _two(time=CLOSING - 1))
late("R8.09", "of_the_time_zero", _two(time=0))
late("R8.09", "of_a_great_height", _two(height=2**64 - 1))


def _cast_near(time):
    """One more ballot with a Late near the close."""
    s = _near()
    data = Voter(s.world).ballot({1}, {1})
    s.used = s.world.firsts[0]
    s.chain.block(_two()(s, data), data, at=time)
    return s


def _with_first(s, kind):
    """A ballot or check ballot whose first ciphertext uses the randomness of that ballot."""
    s.world.fixed = {0: s.used}
    return getattr(Voter(s.world), kind)({1}, {1})


late("R5.01", "of_33", _seen(*((i, {}) for i in range(33))))
late("R5.61", "of_32", _seen(*((i, {}) for i in range(32))))
late("R5.01", "with_a_byte_more", lambda s, data: _two()(s, data) + b"\0")
late("R5.01", "with_a_byte_less", lambda s, data: _two()(s, data)[:-1])
late("R5.01", "z_is_too_great",
     lambda s, data: _two()(s, data)[:-32] + rs.ORDER.to_bytes(32, "little"))
late("R5.01", "of_an_unknown_election_and_not_canonical",
     lambda s, data: s.world.late(data, name=bytes(64)) + b"\0")
late("R5.03", "of_an_unknown_election", lambda s, data: s.world.late(data, name=bytes(64)))
late("R5.03", "of_the_setup", lambda s, data: s.world.late(data, name=s.world.e0))
late("R5.04", "twice", lambda s, data: 2 * [_two()(s, data)])
late("R5.60", "two_about_one_ballot", lambda s, data: [
    _two()(s, data), _seen((0, {}), (1, {}), (2, {}))(s, data)])
late("R5.60", "alone", _two(), with_ballot=False)
late("R5.60", "about_another_ballot", lambda s, data: _two()(s, bytes(64)))
late("R5.60", "about_a_ballot_of_an_earlier_block",
     lambda s, data: _two()(s, s.last[s.voters[0].vk]))
late("R5.60", "about_the_ballot_that_a_check_ballot_names",
     lambda s, data: _two()(s, data[2:-128]), ballot=_check)
late("R5.60", "before_its_promises_are_looked_at", lambda s, data: s.world.late(bytes(64)))
late("R5.61", "of_nobody", _seen())
late("R5.61", "of_one_of_four", _seen((0, {})))
late("R5.61", "of_one_twice", _seen((1, {}), (1, {})))
late("R5.61", "out_of_order", _seen((2, {}), (0, {})))
late("R5.61", "of_a_fifth", _seen((0, {}), (4, {})))
late("R5.61", "of_a_fifth_beside_two", _seen((0, {}), (1, {}), (4, {})))
late("R5.61", "out_of_order_beside_two", _seen((0, {}), (2, {}), (1, {})))
late("R5.61", "of_one_after_the_close", _seen((0, {"time": CLOSING})))
late("R5.62", "at_the_close", _two(time=CLOSING), CLOSING + 1)
late("R5.62", "at_the_close_by_the_first", _seen((0, {"time": CLOSING}), (1, {})), CLOSING + 1)
late("R5.62", "at_the_close_by_a_third", _seen((0, {}), (1, {}), (3, {"time": CLOSING})),
     CLOSING + 1)
late("R5.62", "at_the_end_of_time", _two(time=2**64 - 1))
late("R5.62", "at_the_close_behind_a_wrong_signature",
     _seen((0, {"key": 5}), (1, {"time": CLOSING})), CLOSING + 1)
late("R5.63", "of_another_key", _two(key=5))
late("R5.63", "of_another_key_beside_two", _seen((0, {}), (1, {"key": 5}), (2, {})))
late("R5.63", "of_another_purpose", _two(purpose="node-no-ballot"))
late("R5.63", "of_another_network", _two(network=bytes(32)))
late("R5.63", "of_another_entry", _two(entry_hash=bytes(64)))
late("R5.63", "of_a_refusal", _two(rule=522))
late("R5.63", "with_version_and_type", _two(signed=lambda data: b"\x02\x3c" + data))
late("R5.63", "of_the_first_in_the_name_of_the_third", lambda s, data: s.world.late(
    data, s.world.seen(entry_hash(data), 0, SOON - 1),
    u16(2) + s.world.seen(entry_hash(data), 1, SOON - 1)[2:]))
late("R5.63", "of_another_height", lambda s, data: _patched(s, data, 2))
late("R5.63", "of_another_time", lambda s, data: _patched(s, data, 10))
late("R5.63", "r_is_no_element", lambda s, data: _two()(s, data)[:-64] + 32 * b"\xff" + 32 * b"\0")


def _patched(s, data, place):
    """The last promise with a bit of its height or time changed after it was signed."""
    made = bytearray(_two()(s, data))
    made[len(made) - 82 + place] ^= 1
    return bytes(made)


def _two_in_one(kind_one, kind_two):
    """Two ballots in one block that each have a Late, or only the first."""
    def run():
        s = _near()
        one, two = Voter(s.world).ballot({1}, {1}), Voter(s.world).ballot({2}, {1})
        promises = [_two()(s, d) for d, k in ((one, kind_one), (two, kind_two)) if k]
        s.chain.block(*promises, one, two, at=SOON)
        return s.files(unfinished=True)
    return run


STORIES["good_late_for_two_ballots"] = ("R8.09", _two_in_one(1, 1))
STORIES["late_for_one_of_two_ballots"] = ("R5.55", _two_in_one(1, 0))


@story("R5.23")
def late_about_a_ballot_that_is_wrong():
    """The Late is good; the ballot is judged in its own turn."""
    s = _near()
    data = s.voters[0].ballot({1}, {1}, seq=4)
    s.chain.block(_two()(s, data), data, at=SOON)
    return s.files()


@story("R5.63")
def late_that_is_wrong_about_a_ballot_that_is_wrong():
    s = _near()
    data = s.voters[0].ballot({1}, {1}, seq=4)
    s.chain.block(_two(key=5)(s, data), data, at=SOON)
    return s.files()


@story("R6.06")
def late_for_two_ballots_of_one_voting_key():
    s = _near()
    one, two = s.voters[0].check({1}, {1}), s.voters[0].check({1}, {2})
    s.chain.block(_two()(s, one), _two()(s, two), one, two, at=SOON)
    return s.files()


def _behind(time):
    s = _near()
    data = Voter(s.world).ballot({1}, {1})
    s.chain.block(data, _two()(s, data), at=time, sort=False)
    return s.files()


STORIES["late_behind_its_ballot"] = ("R6.05", lambda: _behind(CLOSING - 30_500))
STORIES["late_behind_its_ballot_near_the_close"] = ("R5.55", lambda: _behind(SOON))


@story("R5.60")
def late_about_an_act():
    s = _near()
    notice = s.world.act(entry.NOTICE, text("n") + texts("x"))
    s.chain.block(_two()(s, notice), notice, at=SOON)
    return s.files()


@story("R5.60")
def late_about_a_late():
    s = _near()
    data = Voter(s.world).ballot({1}, {1})
    one = _two()(s, data)
    s.chain.block(one, _two()(s, one), data, at=SOON)
    return s.files()


@story("R5.60")
def late_in_the_block_before():
    """It names nothing of its own block."""
    s = _near()
    data = Voter(s.world).ballot({1}, {1})
    s.chain.block(_two()(s, data), at=SOON)
    s.chain.block(data)
    return s.files()


@story("R5.55")
def late_in_an_earlier_block_with_a_ballot_of_its_own():
    s = _near()
    one, two = Voter(s.world).ballot({1}, {1}), Voter(s.world).ballot({1}, {1})
    s.chain.block(_two()(s, one), one, at=SOON)
    s.chain.block(two, at=CLOSING)
    return s.files()


@story("R5.04")
def late_and_ballot_again():
    s = _near()
    data = Voter(s.world).ballot({1}, {1})
    for time in (SOON, CLOSING):
        s.chain.block(_two()(s, data) if time == SOON else s.chain.entries[-1][0], data, at=time)
    return s.files()


@story("R5.04")
def late_of_others_about_a_ballot_that_is_on_the_board():
    s = _near()
    data = Voter(s.world).ballot({1}, {1})
    s.chain.block(_two()(s, data), data, at=SOON)
    s.chain.block(_seen((1, {}), (3, {}))(s, data), data, at=CLOSING)
    return s.files()


@story("R5.04")
def late_and_check_ballot_of_the_same_entry_hash():
    """R5.04 of a check ballot comes after R5.55 and R5.24."""
    s = _near()
    voter = Voter(s.world)
    one, two = (voter.check({choice}, {1}, entry_hash=b"\x07" * 64) for choice in (1, 2))
    s.chain.block(_two()(s, one), one, at=SOON)
    s.chain.block(_two()(s, two), two, at=CLOSING)
    return s.files()


# -- Late: phases ------------------------------------------------------------------------

late("R5.03", "before_the_seal", _two(), None, lambda: at("prepare"), with_ballot=False)
late("R5.05", "when_sealed", _two(), None, lambda: at("sealed"))
late("R5.05", "when_halted", _two(), None, _halted)
late("R5.05", "in_the_block_that_halts", _two(), CLOSING + 60_000,
     lambda: _ticks(at("voted"), CLOSING - 20_000))
late("R5.05", "in_the_close_block", _two(), CLOSING + 30_000,
     lambda: _ticks(at("voted"), CLOSING - 20_000))
late("R5.22", "missing_in_the_close_block", _nothing, CLOSING + 30_000,
     lambda: _ticks(at("voted"), CLOSING - 20_000))
late("R5.27", "missing_in_the_close_block_for_a_cast_ciphertext", _nothing, CLOSING + 30_000,
     lambda: _cast_near(SOON), ballot=lambda s: _with_first(s, "check"))
late("R8.09", "a_millisecond_before_the_close_block", _two(), CLOSING + 29_999,
     lambda: _ticks(at("voted"), CLOSING - 20_000))
late("R5.05", "when_closed", _two(), None, lambda: at("closed"))
late("R5.05", "when_announced", _two(), None, lambda: at("announced"))
late("R5.05", "after_the_result", _two(), None, lambda: at("finished"))
late("R5.05", "when_closed_and_wrong", _seen(), None, lambda: at("closed"))
late("R8.09", "when_draining", _two(), None, _drained)
late("R8.09", "for_a_check_ballot_when_draining", _two(), None, _drained, ballot=_check)
late("R5.55", "missing_when_draining", _nothing, None, _drained)
late("R5.62", "at_the_close_when_draining", _two(time=CLOSING), None, _drained)
late("R8.09", "a_millisecond_before_the_end_of_the_drain", _two(), D + 29_999, _drained)
late("R5.05", "at_the_end_of_the_drain", _two(), D + 30_000, _drained)
late("R5.22", "missing_at_the_end_of_the_drain", _nothing, D + 30_000, _drained)
late("R5.05", "after_a_silent_drain", _two(), D + 60_001, _drained)
late("R5.20", "missing_after_a_silent_drain", _nothing, D + 60_001, _drained)


# -- Late: what moves the close -------------------------------------------------------------

def _extended(order, time=CLOSING + 10, moment=SOON):
    """A block with an extension, a Late and its ballot in an order of kinds."""
    def run():
        s = _near()
        data = Voter(s.world).ballot({1}, {1})
        made = {"extend": s.world.act(entry.EXTEND, u64(CLOSING + HOUR)),
                "late": _two(time=time)(s, data), "ballot": data}
        s.chain.block(*(made[name] for name in order), at=moment, sort=False)
        return s.files(unfinished=True)
    return run


STORIES["good_late_no_need_behind_an_extension"] = ("R8.09", _extended(("extend", "ballot")))
STORIES["good_late_promise_before_the_extended_close"] = (
    "R8.09", _extended(("extend", "late", "ballot")))
STORIES["late_promise_before_the_extended_close_in_front_of_the_extension"] = (
    "R5.62", _extended(("late", "extend", "ballot")))
STORIES["good_late_in_front_of_the_extension"] = (
    "R8.09", _extended(("late", "extend", "ballot"), CLOSING - 1))
STORIES["late_promise_at_the_extended_close"] = (
    "R5.62", _extended(("extend", "late", "ballot"), CLOSING + HOUR))


def _resumed(*make, since=CLOSING - 20 * 60_000, until=CLOSING + 10 * 60_000, time=None, **act):
    """Halted over the close, resumed, with further entries in the same block."""
    s = _halted(since=since)
    s.chain.block(s.world.act(entry.RESUME, u64(until), **act), *(m(s) for m in make), at=time)
    return s


@story("R8.09")
def good_ballot_in_the_block_that_resumes():
    return _resumed(lambda s: Voter(s.world).ballot({1}, {1})).files(unfinished=True)


def _after_resume(rule, name, make, time):
    def run():
        s = _ticks(_resumed(), CLOSING + 10 * 60_000 - 31_000)
        data = Voter(s.world).ballot({1}, {1})
        s.chain.block(*make(s, data), data, at=time)
        return s.files(unfinished=True)
    STORIES[name] = (rule, run)


_after_resume("R8.09", "good_ballot_half_a_minute_before_the_resumed_close", _nothing,
              CLOSING + 10 * 60_000 - 30_001)
_after_resume("R5.55", "late_missing_before_the_resumed_close", _nothing,
              CLOSING + 10 * 60_000 - 30_000)
_after_resume("R8.09", "good_late_of_the_time_after_the_resumption",
              lambda s, data: [_two(time=CLOSING + 5 * 60_000)(s, data)], CLOSING + 10 * 60_000)
_after_resume("R5.62", "late_at_the_resumed_close",
              lambda s, data: [_two(time=CLOSING + 10 * 60_000)(s, data)], CLOSING + 10 * 60_000)


# -- Late: which validators ---------------------------------------------------------------

def _handed(rule, name, *promises, terms=1, same=False):
    """After hand-overs (or in the block of one): promises are (validator, its set)."""
    def run():
        s = _near()
        w, c = s.world, s.chain
        for epoch in range(1, terms + 1 - same):
            c.hand_over(epoch, at=CLOSING - 31_000 + epoch)
        data = Voter(w).ballot({1}, {1})
        made = [w.promised(data, SOON - 1, by=(i,), epoch=e)[134:] for i, e in promises]
        hand = [w.hand_over(terms, w.rows[terms], c.engines)] if same else []
        c.block(*hand, w.late(data, *made), data, at=SOON)
        if same:
            c.epoch, c.engines = terms, w.sets[terms]
            c.block()
        return s.files(unfinished=True)
    STORIES[name] = (rule, run)


_handed("R8.09", "good_late_of_the_next_validators", (0, 1), (4, 1))
_handed("R5.61", "late_of_one_of_the_next_validators", (4, 1))
_handed("R5.63", "late_of_the_validators_before", (0, 0), (1, 0))
_handed("R5.61", "late_of_a_fifth_validator_before_there_is_one", (0, 1), (4, 1), same=True)
_handed("R8.09", "good_late_in_the_block_of_a_hand_over", (0, 0), (3, 0), same=True)
_handed("R5.63", "late_of_the_next_validators_in_the_block_of_a_hand_over", (0, 1), (1, 1),
        same=True)
_handed("R8.09", "good_late_of_a_single_validator", (0, 2), terms=2)
_handed("R5.61", "late_of_none_of_a_single_validator", terms=2)
_handed("R5.61", "late_of_a_second_of_a_single_validator", (1, 2), terms=2)


# -- Late: two elections ----------------------------------------------------------------

def _both(*names):
    """Two elections that are open; a Late for each ballot, under the name of one of them."""
    def run():
        s = at("sealed")
        c, one = s.chain, s.world
        two = one.following(1)
        c.block(s.open_entry())
        s.world = c.world = two
        s.sealed().chain.block(s.open_entry())
        _ticks(s, CLOSING - 31_000)
        data = [Voter(w).ballot({1}, {1}) for w in (one, two)]
        other = {one.name: two.name, two.name: one.name}
        c.block(*(w.promised(d, SOON - 1, name=w.name if n == "own" else other[w.name])
                  for d, w, n in zip(data, (one, two), names)), *data, at=SOON)
        return s.files(unfinished=True)
    return run


STORIES["good_late_for_each_of_two_elections"] = ("R8.09", _both("own", "own"))
STORIES["late_of_one_election_about_a_ballot_of_another"] = ("R5.60", _both("own", "other"))
STORIES["late_for_one_of_two_elections"] = ("R5.55", _both("own"))


# -- Drain --------------------------------------------------------------------------------

def draining(rule, name, *make, before=_drained, time=None):
    """One more block."""
    def run():
        s = before()
        s.chain.block(*(m(s) for m in make), at=time)
        return s.files(unfinished=rule == "R8.09")
    STORIES[("good_" if rule == "R8.09" else "") + name] = (rule, run)


def _act(kind, body=b"", **act):
    return lambda s: s.world.act(kind, body, **act)


DRAIN, RESUME_LONG = _act(entry.DRAIN), _act(entry.RESUME, u64(CLOSING + HOUR))


def _other_purpose(s):
    """Signed as what entry 20 was before it drained."""
    w, data = s.world, b"\x02\x14" + s.world.name
    return data + b"".join(u16(i) + w.schnorr(w.officers[i], "officer-close", data) for i in (0, 2))


for _stage in ("sealed", "voted", "closed", "announced", "finished"):
    draining("R5.34", "drain_when_" + _stage, DRAIN, before=functools.partial(at, _stage))
draining("R5.34", "drain_before_the_halt", DRAIN, before=_near, time=CLOSING + 29_000)
draining("R5.34", "drain_in_the_close_block", DRAIN, time=CLOSING + 30_000,
         before=lambda: _ticks(at("voted"), CLOSING - 20_000))
draining("R5.34", "drain_twice", _act(entry.DRAIN, by=(0, 1)))
draining("R5.04", "drain_twice_by_the_same", lambda s: s.chain.entries[-1][0])
draining("R5.34", "drain_twice_in_a_block", DRAIN, _act(entry.DRAIN, by=(1, 2)), before=_halted)
draining("R5.03", "drain_of_another_election", _act(entry.DRAIN, name=bytes(64)), before=_halted)
draining("R5.15", "drain_by_one_officer", _act(entry.DRAIN, by=(1, 1)), before=_halted)
draining("R5.16", "drain_signature", _act(entry.DRAIN, keys=(1, 2)), before=_halted)
draining("R5.16", "drain_signed_as_an_announcement",
         lambda s: b"\x02\x14" + s.world.act(entry.ANNOUNCE)[2:], before=_halted)
draining("R5.16", "drain_signed_for_another_purpose", _other_purpose, before=_halted)
draining("R5.01", "drain_with_a_byte_more", lambda s: DRAIN(s) + b"\0", before=_halted)
draining("R8.09", "drain", DRAIN, before=_halted)
draining("R8.09", "drain_in_the_block_that_halts", DRAIN, time=CLOSING + 60_000,
         before=lambda: _ticks(at("voted"), CLOSING - 20_000))
draining("R8.09", "drain_past_the_limit", DRAIN, before=_halted, time=LIMIT + HOUR)
draining("R8.09", "drain_empties_in_time", time=D + 30_000)
draining("R8.09", "drain_empties_after_a_minute_of_silence", time=D + 60_000)
draining("R8.09", "drain_halts_after_a_longer_silence", time=D + 60_001)
draining("R8.09", "drain_goes_on_for_half_a_minute", time=D + 29_999)
draining("R8.09", "drain_again_after_a_silence", DRAIN, time=D + 60_001,
         before=lambda: _drain(_halted(), None, by=(0, 1)))


draining("R5.05", "open_when_draining", lambda s: s.open_entry())
draining("R5.31", "extend_when_draining", _act(entry.EXTEND, u64(CLOSING + HOUR)))
draining("R5.05", "resume_when_draining", RESUME_LONG)
draining("R5.05", "resume_in_the_block_of_the_drain", DRAIN, RESUME_LONG,
         before=lambda: _halted(since=CLOSING - HOUR))
draining("R5.34", "drain_in_the_block_that_resumes",
         _act(entry.RESUME, u64(CLOSING + HOUR // 2)), DRAIN,
         before=lambda: _halted(since=CLOSING - HOUR))
draining("R5.05", "release_when_draining", _act(entry.RELEASE, release("3.0", "linux")))
draining("R5.05", "announce_when_draining", _act(entry.ANNOUNCE))
draining("R5.05", "commit_when_draining",
         lambda s: s.world.share_commit(1, box_of(s.world, s.last, bytes(32)), b""))
draining("R5.44", "share_when_draining",
         lambda s: s.world.share(1, s.world.partial(1, box_of(s.world, {}, bytes(32)))))
draining("R5.05", "result_when_draining",
         lambda s: s.world.result(s.votes, s.received, len(s.last), s.spoiled, [5, 5]))
draining("R5.49", "salt_when_draining", _act(entry.SALT_DESTROYED, u16(0)))
draining("R5.36", "evidence_of_no_channel_order_when_draining",
         lambda s: s.world.evidence(0, CLOSE_DAY, [(3, 1, 1), (1, 1, 1)]))
draining("R5.37", "evidence_when_draining", lambda s: s.world.evidence(0, CLOSE_DAY, [(1, 5, 1)]))
draining("R8.09", "notice_when_draining", _act(entry.NOTICE, text("n") + texts("x")))


@story("R8.09")
def good_hand_over_when_draining():
    s = _drained()
    s.chain.hand_over(1)
    return _ticks(s, D + 30_000).files(unfinished=True)


# -- halt and resume ---------------------------------------------------------------------

def resume(rule, name, since, until, time=None, **act):
    """A halt since a time, and a resumption in one more block."""
    def run():
        return _resumed(since=since, until=until, time=time, **act).files(unfinished=True)
    STORIES[("good_" if rule == "R8.09" else "") + "resume_" + name] = (rule, run)


MIN = 60_000
AFTER = CLOSING + MIN + 1000  # the block of the resumption, when nothing else is said

resume("R5.64", "after_ten_minutes", CLOSING - 10 * MIN, AFTER + MIN)
resume("R8.09", "after_ten_minutes_and_a_millisecond", CLOSING - 10 * MIN - 1, AFTER + MIN)
resume("R5.64", "after_a_second", CLOSING - 1000, AFTER + 500)
resume("R5.64", "after_ten_minutes_into_the_past", CLOSING - 10 * MIN, CLOSING)
resume("R5.64", "after_ten_minutes_for_long", CLOSING - 10 * MIN, AFTER + 11 * MIN)
resume("R5.33", "up_to_its_own_block", CLOSING - HOUR, AFTER)
resume("R8.09", "for_a_millisecond", CLOSING - HOUR, AFTER + 1)
resume("R8.09", "for_what_was_lost", CLOSING - 20 * MIN, AFTER + 20 * MIN)
resume("R5.65", "for_a_millisecond_more", CLOSING - 20 * MIN, AFTER + 20 * MIN + 1)
resume("R5.33", "beyond_the_limit", CLOSING - 20 * MIN, LIMIT + 1, LIMIT - MIN)
resume("R5.33", "beyond_the_limit_and_for_longer_than_was_lost", CLOSING - 20 * MIN, LIMIT + 1)
resume("R8.09", "up_to_the_limit", CLOSING - 20 * MIN, LIMIT, LIMIT - MIN)
resume("R5.33", "after_the_limit", CLOSING - 20 * MIN, LIMIT + HOUR + 1, LIMIT + HOUR)
resume("R5.15", "by_one_officer", CLOSING - 20 * MIN, AFTER + MIN, by=(1, 1))
resume("R5.16", "signature", CLOSING - 20 * MIN, AFTER + MIN, keys=(0, 1))


@story("R5.64")
def resume_after_a_silent_drain():
    """Halted again, and since the last block of the drain: what the first halt took is gone."""
    s = _drain(_halted(since=CLOSING - HOUR))
    _ticks(s, s.chain.time + 60_001)
    s.chain.block(s.world.act(entry.RESUME, u64(s.chain.time + MIN)))
    return s.files()


@story("R5.65")
def resume_for_what_an_earlier_halt_took():
    """The second halt takes less than the first."""
    s = _resumed(since=CLOSING - HOUR, until=AFTER + HOUR)
    _ticks(s, AFTER + HOUR - 20 * MIN, AFTER + HOUR + 2 * MIN)
    s.chain.block(s.world.act(entry.RESUME, u64(s.chain.time + 1000 + 20 * MIN + 1)))
    return s.files()


def extend(rule, name, until, *, steps=(), beside=False):
    """An extension after a resumption, in its block or later."""
    def run():
        move = _act(entry.EXTEND, u64(until))
        s = _resumed(*([move] if beside else []))
        for step in steps:
            step(s)
        if not beside:
            s.chain.block(move(s))
        return s.files(unfinished=rule == "R8.09")
    STORIES["extend_" + name] = (rule, run)


def _resumed_drained(s):
    """Another halt, which is drained."""
    _drain(_ticks(s, RESUMED - 1000, RESUMED + MIN))


RESUMED = CLOSING + 10 * MIN  # the close after _resumed
extend("R5.66", "in_the_block_of_a_resumption", LIMIT, beside=True)
extend("R5.66", "in_the_block_of_a_resumption_by_a_millisecond", RESUMED + 1, beside=True)
extend("R5.66", "after_a_resumption", LIMIT)
extend("R5.66", "after_a_resumption_by_a_millisecond", RESUMED + 1)
extend("R5.66", "just_before_the_resumed_close", LIMIT,
       steps=[lambda s: _ticks(s, RESUMED - 1001)])
extend("R5.31", "at_the_resumed_close", LIMIT, steps=[lambda s: _ticks(s, RESUMED - 1000)])
extend("R5.31", "while_a_resumed_election_drains", LIMIT, steps=[_resumed_drained])
extend("R5.32", "backwards_in_the_block_of_a_resumption", RESUMED, beside=True)
extend("R5.32", "backwards_after_a_resumption", RESUMED)
extend("R5.32", "beyond_the_limit_after_a_resumption", LIMIT + 1)


def _extended_and_resumed():
    """An extension that comes before the halt."""
    s = at("voted")
    s.chain.block(s.world.act(entry.EXTEND, u64(CLOSING + HOUR)))
    _ticks(s, CLOSING, CLOSING + HOUR + MIN)
    s.chain.block(s.world.act(entry.RESUME, u64(CLOSING + 3 * HOUR // 2)))
    return s


@story("R8.09")
def good_resumption_of_an_extended_election():
    return _extended_and_resumed().files(unfinished=True)


@story("R5.66")
def extend_again_after_a_resumption():
    s = _extended_and_resumed()
    s.chain.block(s.world.act(entry.EXTEND, u64(LIMIT)))
    return s.files()


@story("R5.66")
def extend_after_two_resumptions():
    s = _ticks(_resumed(until=CLOSING + 20 * MIN), CLOSING + 9 * MIN, CLOSING + 21 * MIN)
    for kind, until in ((entry.RESUME, s.chain.time + 5 * MIN), (entry.EXTEND, LIMIT)):
        s.chain.block(s.world.act(kind, u64(until)))
    return s.files()


@story("R5.66")
def extend_after_a_resumption_and_other_blocks():
    """What the ballot before it in the block was judged by does not matter."""
    s = _ticks(_resumed(lambda s: Voter(s.world).ballot({1}, {1})), CLOSING + 2 * MIN)
    s.chain.block(s.world.act(entry.NOTICE, text("n") + texts("x")),
                  s.world.act(entry.EXTEND, u64(LIMIT)), Voter(s.world).ballot({1}, {1}))
    return s.files()


@story("R8.09")
def good_extension_of_another_election_than_the_resumed_one():
    s = at("sealed")
    c, one = s.chain, s.world
    two = one.following(1)
    c.block(s.open_entry())
    s.world = c.world = two
    s.sealed().chain.block(s.open_entry())
    c.block(two.act(entry.EXTEND, u64(CLOSING + HOUR)))
    _ticks(s, CLOSING - 20 * MIN, CLOSING + MIN)
    c.block(one.act(entry.RESUME, u64(RESUMED)))
    c.block(two.act(entry.EXTEND, u64(LIMIT)))
    return s.files(unfinished=True)


@story("R5.31")
def extend_before_a_resumption():
    s = _halted(since=CLOSING - HOUR)
    s.chain.block(s.world.act(entry.EXTEND, u64(LIMIT)), s.world.act(entry.RESUME, u64(AFTER + 1)))
    return s.files()


@story("R5.05")
def resume_before_the_close():
    """A silence before the close is no halt."""
    s = _ticks(at("voted"), CLOSING - HOUR, CLOSING - 1)
    s.chain.block(s.world.act(entry.RESUME, u64(CLOSING + HOUR)), at=CLOSING + 1000)
    return s.files()


@story("R8.09")
def good_halted_by_an_empty_block():
    return _halted().files(unfinished=True)


@story("R8.09")
def good_open_after_a_minute_of_silence():
    return _halted(since=CLOSING - 40_000, time=CLOSING + 20_000).files(unfinished=True)


@story("R8.09")
def good_closed_after_a_minute_of_silence():
    return _halted(since=CLOSING - 30_000, time=CLOSING + 30_000).files(unfinished=True)


# -- other manifests ----------------------------------------------------------------------

def _own(**change):
    """The ceremony of the honest election, a manifest of its own, and open."""
    s = at("prepare")
    w, c = s.world, s.chain
    w.manifest_bin = w.sealed(w.manifest_body(**change))
    w.manifest = decode_sealed(w.manifest_bin)[0]
    w.name = w.manifest.election_hash
    c.block(b"\x02\x0c" + w.manifest_bin)
    c.block(s.open_entry())
    return s


def _opens_at_the_end():
    """The first opening is a few seconds before the close."""
    opening = 4 - 10 / 3600
    s = _own(channels=items([channel(1, "home", (opening, 4))]), places=items([]))
    return _ticks(s, CLOSING - 31_000)


late("R5.21", "missing_before_the_first_opening", _nothing, CLOSING - 20_000, _opens_at_the_end)
late("R5.21", "before_the_first_opening", _two(), CLOSING - 20_000, _opens_at_the_end)
late("R5.55", "missing_after_the_first_opening", _nothing, CLOSING - 9_000, _opens_at_the_end)
late("R8.09", "after_the_first_opening", _two(), CLOSING - 9_000, _opens_at_the_end)


def _long_drain():
    """Ten minutes of drain."""
    return _ticks(_own(drain_ms=u64(600_000)), CLOSING - 20_000)


def _long_draining():
    """Ten minutes of drain by two officers, and a silence in it that ends before it does."""
    return _ticks(_drain(_ticks(_long_drain(), CLOSING + 60_000)), D + 599_999)


late("R8.09", "after_a_silence_inside_a_drain", _two(), D + 599_999,
     lambda: _drain(_ticks(_long_drain(), CLOSING + 60_000)))
late("R5.05", "after_a_silence_up_to_the_end_of_a_drain", _two(), D + 600_000,
     lambda: _drain(_ticks(_long_drain(), CLOSING + 60_000)))
draining("R8.09", "drain_of_ten_minutes_with_a_silence_inside", before=_long_draining,
         time=D + 600_000)
draining("R8.09", "drain_of_ten_minutes_silent_to_its_end", time=D + 600_000,
         before=lambda: _drain(_ticks(_long_drain(), CLOSING + 60_000)))
draining("R5.34", "drain_after_ten_minutes_without_silence", DRAIN, time=CLOSING + 600_000,
         before=lambda: _ticks(_long_drain(), *range(CLOSING + 30_000, CLOSING + 600_000, 30_000)))
