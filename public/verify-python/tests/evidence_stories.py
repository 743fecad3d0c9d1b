"""Reports of registrars, findings, and what waits for reports (chapters 05 §6 and 08 §2)."""

import copy

from irefuda_verify import entry
from irefuda_verify.evidence import PART, next_day

from .make import HOUR, START, box_of, channel, items, records, u64
from .manifest_stories import trust, trusted
from .stories import CLOSE_DAY, CLOSING, FINDINGS, STORIES, add, at, story

SIX = 6 * HOUR
MIDNIGHT = next_day(CLOSE_DAY)
CLOSED = CLOSING + 40_000
FEW = ("R8.10", "R8.14", "R8.19")


def found(name, make, *findings):
    """An election that is sound, with findings; judged with a trust file and without."""
    FINDINGS[name] = FINDINGS[name + "_without_trust"] = list(findings)
    trusted(None, name, make, trust())
    STORIES[name + "_without_trust"] = (None, make)


def report(registrar=0, day=CLOSE_DAY, counts=((1, 5, 1),), **more):
    """A step of a story that makes a part of a report."""
    return lambda s: s.world.evidence(registrar, day, list(counts), **more)


# -- one part alone -----------------------------------------------------------------------

def alone(rule, name, stage="shut", *, block=None, **fields):
    """A part with one fault."""
    add(rule, "report_" + name, stage, report(**fields), **(block or {}))


_FOUR = records(4)
for _name, _fields in {
        "channel_twice": {"counts": [(1, 1, 0), (1, 1, 0)]},
        "channels_fall": {"counts": [(3, 1, 0), (1, 1, 0)]},
        "of_a_leaf_too_few": {"counts": [(1, 3, 2)], "leaves": _FOUR},
        "of_a_leaf_too_many": {"counts": [(1, 2, 1)], "leaves": _FOUR},
        "of_nothing_with_a_leaf": {"counts": [], "leaves": _FOUR[:1]},
        "leaves_fall": {"counts": [(1, 4, 0)], "leaves": _FOUR[::-1]},
        "leaf_twice": {"counts": [(1, 3, 1)], "leaves": _FOUR[:3] + _FOUR[2:3]},
        "part_too_many": {"part": 1, "leaves": []},
        "part_too_many_of_nothing": {"counts": [], "part": 1},
        "part_too_many_of_a_full_one": {"counts": [(1, PART, 0)], "part": 1, "leaves": []},
        "great_part": {"part": 2**16 - 1, "leaves": []},
        "full_part_where_one_is_left": {"counts": [(1, PART, 1)], "part": 1,
                                        "leaves": records(PART)},
        "one_leaf_where_a_part_is_full": {"counts": [(1, PART, 1)], "leaves": _FOUR[:1]},
        "of_513_parts": {"counts": [(1, 512 * PART, 0), (3, 1, 0)]},
        "of_the_greatest_counts": {"counts": [(c, 2**32 - 1, 2**32 - 1) for c in (1, 2, 3)]},
        "of_a_second_part_first": {"counts": [(1, PART, 1)], "part": 1},
}.items():
    alone("R5.36", _name, **_fields)
alone("R5.01", "of_8001_leaves", counts=[(1, PART, 1)], leaves=records(PART) + [b"\xff" * 32])
alone("R5.02", "too_long", counts=[(1, PART, 1)],
      leaves=[n.to_bytes(4, "big") + bytes(28) for n in range(8190)])
alone("R5.01", "of_nine_channels", counts=[(1, 0, 0)] * 9)
alone("R5.35", "signature_before_its_leaves", leaves=_FOUR, key=5)
alone("R5.03", "name_before_its_leaves", "prepare", leaves=_FOUR)
alone("R5.36", "leaves_before_a_wrong_header", leaves=_FOUR, block={"tweak": {"root": bytes(32)}})
alone("R5.36", "leaves_before_the_phase", "sealed", leaves=_FOUR)
alone("R5.36", "leaves_before_the_day", day=CLOSE_DAY + 1, leaves=_FOUR)
alone("R5.36", "leaves_after_the_result", "finished", leaves=_FOUR)
alone("R5.05", "before_voting_opens", "sealed")


# -- parts on the board ---------------------------------------------------------------------

TWO = [(1, PART, 1)]


def parts(rule, name, *steps):
    """Part 0 of a report of two parts, then others, each in its block."""
    def run():
        s = at("shut")
        s.chain.block(report(counts=TWO)(s))
        for step in steps:
            s.chain.block(step(s))
        return s.files()
    STORIES["parts_" + name] = (rule, run)


parts("R5.36", "first_again", report(counts=TWO, incidents=1))
parts("R5.36", "last_again", report(counts=TWO, part=1),
      report(counts=TWO, part=1, leaves=[b"\xff" * 32]))
parts("R5.36", "other_counts", report(counts=[(1, PART - 1, 2)], part=1))
parts("R5.36", "other_channel", report(counts=[(2, PART, 1)], part=1))
parts("R5.36", "one_channel_more", report(counts=[*TWO, (3, 0, 0)], part=1))
parts("R5.36", "other_incidents", report(counts=TWO, part=1, incidents=1))
parts("R5.36", "last_leaf_again", report(counts=TWO, part=1, leaves=records(PART)[-1:]))
parts("R5.36", "leaf_below", report(counts=TWO, part=1, leaves=[bytes(32)]))
parts("R5.36", "a_small_report_behind_it", report())
parts("R5.04", "one_twice", report(counts=TWO, part=1), lambda s: s.chain.entries[-1][0])
add("R5.36", "parts_in_wrong_order_in_a_block", "shut",
    report(counts=TWO, part=1), report(counts=TWO))
add("R5.36", "parts_skip_one", "shut", report(counts=[(1, 2 * PART, 1)]),
    report(counts=[(1, 2 * PART, 1)], part=2))
add("R5.36", "report_again_with_other_incidents", "closed", report(incidents=1))
add("R5.36", "report_again_with_other_counts", "closed", report(counts=[(1, 6, 1)]))
add("R5.36", "report_again_and_part_of_a_longer_one", "closed", report(counts=TWO, part=1))


@story(None)
def honest_reports_in_parts():
    """One registrar's parts in one block, the other's around a block without any."""
    s = at("shut")
    s.chain.block(report(0, counts=TWO)(s), report(0, counts=TWO, part=1)(s),
                  report(1, counts=[(1, PART, 0), (3, 0, PART)])(s))
    s.chain.block()
    s.chain.block(report(1, counts=[(1, PART, 0), (3, 0, PART)], part=1)(s))
    s.issued = [PART, PART]
    return s.ended().files()


@story("R5.48")
def result_counts_a_report_without_all_parts():
    s = at("shut")
    s.chain.block(report(0)(s), report(1, counts=TWO)(s), at=CLOSED + HOUR)
    s.issued = [5, PART]
    return s.ended().files()


def _begun(counts):
    def run():
        s = at("shut")
        s.chain.block(report(0)(s), report(1, counts=counts)(s), at=CLOSED + HOUR)
        s.issued = [5, 0]
        return s.ended().files()
    return run


for _name, _counts in (("two", TWO), ("the_most", [(1, 512 * PART - 1, 0), (3, 0, 1)])):
    found(f"sound_with_one_of_{_name}_parts", _begun(_counts),
          ("R8.11", 1), *((rule, 1) for rule in FEW))


# -- days --------------------------------------------------------------------------------------

add("R5.37", "day_before_the_first", "shut", report(day=CLOSE_DAY - 1))
add("R5.37", "day_after_the_last", "shut", report(day=CLOSE_DAY + 1), at=MIDNIGHT + 48 * HOUR)
add("R5.37", "day_nought", "shut", report(day=0))
add("R5.37", "greatest_day", "shut", report(day=2**32 - 1))
add("R5.37", "day_of_the_close_while_open", "voted", report())
add("R5.37", "day_of_the_close_when_halted", "voted", report(), at=CLOSING)
add("R5.37", "day_of_the_close_when_halted_over_midnight", "voted", report(), at=MIDNIGHT + HOUR)
add("R5.37", "day_before_the_part", "shut", report(day=CLOSE_DAY - 1, counts=TWO, part=1))
add("R5.37", "report_after_the_result", "finished", report())
add("R5.37", "report_behind_the_result", "shared", lambda s: s.result_entry(), report(incidents=1))
add("R5.37", "report_after_the_result_of_no_day", "finished", report(day=0))


@story("R5.37")
def report_in_the_drain():
    s = at("voted")
    s.chain.block(at=CLOSING - 5000)
    s.chain.block(report()(s), at=CLOSING + 20_000)
    return s.files()


@story(None)
def honest_reports_in_the_close_block():
    s = at("voted")
    s.chain.block(at=CLOSING - 5000)
    s.chain.block(at=CLOSING + 20_000)
    s.with_evidence(at=CLOSED)
    s.box = box_of(s.world, s.last, s.chain.head)
    return s.ended().files()


def _drained(step):
    """The officers drain; the reports come in the block of their order, in the next, or at its end."""
    s = at("voted")
    c = s.chain
    c.block(at=CLOSING - 1000)
    drain, both = [s.world.act(entry.DRAIN)], [report(0)(s), report(1)(s)]
    c.block(*drain, *(both if step == 0 else []), at=CLOSING + 60_000)
    if step == 1:
        c.block(*both, at=CLOSING + 60_000 + 29_999)
    if step < 2:
        return s.files()
    c.block(*both, at=CLOSING + 60_000 + 30_000)
    s.box, s.issued = box_of(s.world, s.last, c.head), [5, 5]
    return s.ended().files()


STORIES["report_behind_the_order_to_drain"] = ("R5.37", lambda: _drained(0))
STORIES["report_in_a_drain_by_officers"] = ("R5.37", lambda: _drained(1))
STORIES["honest_reports_in_the_close_block_of_a_drain"] = (None, lambda: _drained(2))


@story(None)
def honest_reports_after_the_announcement():
    s = at("shut")
    s.chain.block(at=CLOSED + HOUR)
    s.committed().chain.block(s.world.act(entry.ANNOUNCE), at=START + 7 * HOUR)
    s.with_evidence()
    s.chain.block(*(s.world.share(i, s.partials[i]) for i in (1, 2)))
    s.chain.block(s.result_entry())
    return s.files()


# -- an election of three days -------------------------------------------------------------------

DAYS = [CLOSE_DAY, CLOSE_DAY + 1, CLOSE_DAY + 2]
LONG_CLOSE = CLOSING + 48 * HOUR
LAST = LONG_CLOSE + 72 * HOUR
_LONG = {}


def _windows(*pairs):
    return items([channel(1, "home", *pairs)])


def _times(close, opens=1):
    return {"channels": _windows((opens, opens + 1)), "places": items([]), "close_at": u64(close),
            "extend_limit": u64(LONG_CLOSE + 48 * HOUR), "announce_at": u64(LONG_CLOSE + 72 * HOUR)}


def long(stage="voted_clearly", **change):
    """A second election in the network, by default of three days, at a stage."""
    key = (stage, tuple(change.items()))
    if key not in _LONG:
        s = at("sealed")
        change = {**_times(LONG_CLOSE), **change}
        limit = int.from_bytes(change["extend_limit"], "little")
        windows = range(START, limit, 6 * HOUR)
        s.world = s.chain.world = s.world.following(windows=windows, **change)
        _LONG[key] = getattr(s, stage)()
    return copy.deepcopy(_LONG[key])


def days(s, *late, late_by=0, missing=(), step=0):
    """The reports of the first two days, 3 and 1 of the 5 credentials; some are late or missing."""
    for n, (first, again) in enumerate(((3, 1), (1, 0))):
        s.chain.block(at=next_day(DAYS[n]) + step)
        made = {r: report(r, DAYS[n], [(1, first, again)])(s) for r in (0, 1)
                if (r, n) not in missing}
        s.chain.block(*(e for r, e in made.items() if (r, n) not in late))
        s.chain.block(*(e for r, e in made.items() if (r, n) in late),
                      at=next_day(DAYS[n]) + step + SIX + late_by)
    return s


def last_day(s, missing=()):
    """The close and its reports, then the result."""
    s.run_out(LONG_CLOSE)
    s.chain.block(*(report(r, DAYS[2], [(1, 1, 0)])(s) for r in (0, 1) if (r, 2) not in missing))
    s.issued = [5 - sum((3, 1, 1)[n] for q, n in missing if q == r) for r in (0, 1)]
    if any(n == 2 for _, n in missing):
        s.chain.block(at=LONG_CLOSE + 2 * HOUR)
    return s.ended(at=LAST).files()


STORIES["honest_election_of_three_days"] = (None, lambda: last_day(days(long())))
STORIES["honest_reports_six_hours_after_their_days"] = (
    None, lambda: last_day(days(long(), (0, 0), (1, 0), (1, 1))))
STORIES["honest_reports_six_hours_after_a_late_first_block"] = (
    None, lambda: last_day(days(long(), (0, 0), (1, 1), step=HOUR)))
found("sound_with_a_report_six_hours_and_a_moment_late",
      lambda: last_day(days(long(), (1, 0), late_by=1)), ("R8.17", 1))
found("sound_with_late_reports_of_both",
      lambda: last_day(days(long(), (0, 1), (1, 1), late_by=1, step=HOUR)),
      ("R8.17", 0), ("R8.17", 1))
found("sound_with_a_day_that_is_missing",
      lambda: last_day(days(long(), missing=[(0, 1)]), missing=[(0, 1)]),
      ("R8.11", 0), ("R8.10", 0))
found("sound_with_the_first_day_missing",
      lambda: last_day(days(long(), missing=[(1, 0)]), missing=[(1, 0)]),
      ("R8.11", 1), ("R8.10", 1), ("R8.14", 1), ("R8.19", 1))
found("sound_with_the_close_day_missing",
      lambda: last_day(days(long()), missing=[(0, 2)]), ("R8.11", 0), ("R8.10", 0))
found("sound_with_two_kinds_of_one_and_one_of_the_other",
      lambda: last_day(days(long(), (0, 0), (1, 0), late_by=1, missing=[(0, 1)]),
                       missing=[(0, 1)]),
      ("R8.11", 0), ("R8.17", 0), ("R8.10", 0), ("R8.17", 1))


@story("R5.37")
def report_a_moment_before_its_day_ends():
    s = long()
    s.chain.block(report(day=DAYS[0])(s), at=MIDNIGHT - 1)
    return s.files()


@story(None)
def honest_reports_in_the_first_block_of_the_next_day_and_out_of_order():
    s = long()
    # The first block after the first day is the one after the second.
    s.chain.block(*(report(r, DAYS[1], [(1, 1, 0)])(s) for r in (0, 1)), at=next_day(DAYS[1]))
    s.chain.block(*(report(r, DAYS[0], [(1, 3, 1)])(s) for r in (1, 0)),
                  at=next_day(DAYS[1]) + SIX)
    return last_day(s)


def _late_part():
    """The first part comes in time, the second does not."""
    s = long()
    s.chain.block(report(0, DAYS[0], TWO)(s), report(1, DAYS[0], [(1, 3, 1)])(s), at=MIDNIGHT)
    s.chain.block(report(0, DAYS[0], TWO, part=1)(s), at=MIDNIGHT + SIX + 1)
    s.chain.block(*(report(r, DAYS[1], [(1, 1, 0)])(s) for r in (0, 1)), at=next_day(DAYS[1]))
    s.run_out(LONG_CLOSE)
    s.chain.block(*(report(r, DAYS[2], [(1, 1, 0)])(s) for r in (0, 1)))
    s.issued = [PART + 2, 5]
    return s.ended(at=LAST).files()


found("sound_with_the_last_part_late", _late_part, ("R8.17", 0))


def _opened_late(by):
    """The officers open on the second day: the first one can be reported from then on."""
    s = long("sealed")
    opening = MIDNIGHT + 12 * HOUR
    s.chain.block(at=MIDNIGHT)
    s.chain.block(s.open_entry(), at=opening)
    s.opened = lambda: s
    s.world.window = (opening - START) // (6 * HOUR)
    s.voted_clearly()
    s.chain.block(*(report(r, DAYS[0], [(1, 3, 1)])(s) for r in (0, 1)), at=opening + SIX + by)
    s.chain.block(*(report(r, DAYS[1], [(1, 1, 0)])(s) for r in (0, 1)), at=next_day(DAYS[1]))
    return last_day(s)


STORIES["honest_reports_six_hours_after_a_late_opening"] = (None, lambda: _opened_late(0))
found("sound_with_reports_late_after_a_late_opening", lambda: _opened_late(1),
      ("R8.17", 0), ("R8.17", 1))


def _extended(day, when):
    """The close of the third day is moved to the fourth."""
    s = days(long())
    s.chain.block(s.world.act(entry.EXTEND, u64(LONG_CLOSE + 24 * HOUR)), at=LONG_CLOSE - HOUR)
    if day is not None:
        s.chain.block(report(0, day, [(1, 1, 0)])(s), at=when)
        return s.files()
    s.chain.block(*(report(r, DAYS[2], [(1, 1, 0)])(s) for r in (0, 1)), at=next_day(DAYS[2]))
    s.run_out(LONG_CLOSE + 24 * HOUR)
    s.chain.block(*(report(r, DAYS[2] + 1, [])(s) for r in (0, 1)))
    s.issued = [5, 5]
    return s.ended(at=LAST).files()


STORIES["honest_reports_when_the_close_moves_to_another_day"] = (
    None, lambda: _extended(None, None))
STORIES["report_of_a_day_that_the_close_moved_to"] = (
    "R5.37", lambda: _extended(DAYS[2] + 1, next_day(DAYS[2])))
STORIES["report_of_a_day_that_the_close_left_before_it_ended"] = (
    "R5.37", lambda: _extended(DAYS[2], next_day(DAYS[2]) - 1))


@story("R5.50")
def commitment_when_the_close_moved_and_the_day_it_left_was_reported():
    s = days(long())
    s.chain.block(s.world.act(entry.EXTEND, u64(LONG_CLOSE + 24 * HOUR)), at=LONG_CLOSE - HOUR)
    s.chain.block(*(report(r, DAYS[2], [(1, 1, 0)])(s) for r in (0, 1)), at=next_day(DAYS[2]))
    return s.run_out(LONG_CLOSE + 24 * HOUR).committed().files()


def _at_midnight(day):
    """An election that closes when a day ends: the last millisecond before belongs to that day."""
    s = long("voted_clearly", **_times(MIDNIGHT)).run_out(MIDNIGHT)
    s.chain.block(*(report(r, day)(s) for r in (0, 1)))
    s.issued = [5, 5]
    return s.ended(at=LAST).files() if day == CLOSE_DAY else s.files()


STORIES["honest_close_at_midnight"] = (None, lambda: _at_midnight(CLOSE_DAY))
STORIES["report_of_the_day_that_begins_with_the_close"] = (
    "R5.37", lambda: _at_midnight(CLOSE_DAY + 1))


def _opens_at_midnight(day):
    s = long("opened", **_times(LONG_CLOSE, opens=7))
    s.chain.block(report(0, day, [])(s), at=next_day(DAYS[1]))
    return s.files(unfinished=True)


STORIES["report_of_the_day_before_an_opening_at_midnight"] = (
    "R5.37", lambda: _opens_at_midnight(DAYS[0]))
STORIES["report_of_the_day_of_an_opening_at_midnight"] = (
    "R8.09", lambda: _opens_at_midnight(DAYS[1]))


# -- the first commitment -----------------------------------------------------------------------

def waits(rule, name, *steps, at_time=None):
    """Commitments after some reports."""
    def run():
        s = at("shut")
        for step in steps:
            s.chain.block(step(s))
        s.partials = {i: s.world.partial(i, s.box) for i in (1, 2)}
        s.chain.block(*(s.world.share_commit(i, s.box, p) for i, p in s.partials.items()),
                      at=at_time)
        return s.files(unfinished=True)
    STORIES["commitment_" + name] = (rule, run)


waits("R5.50", "before_reports")
waits("R5.50", "a_moment_before_the_hour", at_time=CLOSED + HOUR - 1)
waits("R8.09", "when_the_hour_is_over", at_time=CLOSED + HOUR)
waits("R5.50", "after_one_of_two_reports", report(1))
waits("R5.50", "after_a_report_and_a_part", report(0), report(1, counts=TWO))
waits("R8.09", "after_a_report_and_both_parts", report(0), report(1, counts=TWO),
      report(1, counts=TWO, part=1))
waits("R8.09", "after_reports_of_nothing", report(0, counts=[]), report(1, counts=[]))
add("R5.50", "commitment_before_reports_in_its_block", "shut",
    lambda s: s.world.share_commit(1, s.box, b""), report(0), report(1))
add("R8.04", "commitment_behind_reports_in_its_block", "shut", report(0), report(1),
    lambda s: s.world.share_commit(1, s.box, b""), certify=False)
add("R5.40", "commitment_for_another_box_before_reports", "shut",
    lambda s: s.world.share_commit(1, s.box, b"", target=bytes(64)))


@story("R5.50")
def commitment_when_only_earlier_days_are_reported():
    return days(long()).run_out(LONG_CLOSE).committed().files()


# -- numbers: failures ------------------------------------------------------------------------

def numbers(first, again, *, stage="voted_clearly"):
    """An election whose registrars report these numbers, each in time."""
    return lambda: at(stage).run_out().with_evidence(first, again).ended().files()


def fails(rule, name, first, again, *findings):
    """No registrar covers what was counted; the findings are listed all the same."""
    STORIES[name] = (rule, numbers(first, again))
    FINDINGS[name] = list(findings)


fails("R8.15", "both_report_too_few_credentials", (4, 4), (1, 1), ("R8.10", 0), ("R8.10", 1))
fails("R8.15", "both_report_nothing", (0, 0), (0, 0),
      *((rule, r) for r in (0, 1) for rule in FEW))
fails("R8.16", "both_report_too_few_further_tokens", (5, 9), (0, 0), ("R8.14", 0), ("R8.14", 1))
fails("R8.15", "one_has_credentials_for_neither_and_further_tokens", (4, 3), (0, 9),
      ("R8.10", 0), ("R8.14", 0), ("R8.19", 0), ("R8.10", 1))


def _nobody_in_time():
    s = at("voted_clearly").run_out()
    s.chain.block(at=CLOSED + HOUR)
    s.committed().chain.block(s.world.act(entry.ANNOUNCE), at=START + 7 * HOUR)
    s.chain.block(s.world.share(1, s.partials[1]))
    s.with_evidence()
    s.chain.block(s.world.share(2, s.partials[2]), s.result_entry())
    return s.files()


STORIES["nobody_reports_before_the_first_share"] = ("R8.15", _nobody_in_time)
FINDINGS["nobody_reports_before_the_first_share"] = [
    (rule, r) for r in (0, 1) for rule in ("R8.18", *FEW)]


@story("R5.48")
def result_without_a_report_that_stands_before_it():
    s = at("shut")
    s.chain.block(report(0)(s), at=CLOSED + HOUR)
    s.issued = [5, 0]
    return s.ended(report(1)(s)).files()


@story("R8.06")
def view_of_reports_changed():
    files = at("finished").files()
    view = files["view/result.json"]
    files["view/result.json"] = view.replace(b'"difference":0', b'"difference":1', 1)
    assert files["view/result.json"] != view
    return files


@story("R8.06")
def view_of_margins_changed():
    files = at("finished").files()
    view = files["view/result.json"]
    files["view/result.json"] = view.replace(b'"margins": [1,', b'"margins": [2,', 1)
    assert files["view/result.json"] != view
    return files


# -- numbers: findings --------------------------------------------------------------------------

found("sound_with_a_credential_too_few", numbers((5, 4), (1, 1)), ("R8.10", 1))
found("sound_with_a_further_token_too_few", numbers((5, 5), (0, 1)), ("R8.14", 0))
found("sound_with_one_less_than_the_margin", numbers((3, 5), (1, 1)), ("R8.10", 0))
found("sound_with_as_much_as_the_margin", numbers((5, 2), (1, 1)), ("R8.10", 1), ("R8.19", 1))
found("sound_with_as_much_as_the_margin_of_both_kinds", numbers((4, 5), (0, 1)),
      *((rule, 0) for rule in FEW))
found("sound_with_one_for_each_number", numbers((5, 4), (0, 1)), ("R8.14", 0), ("R8.10", 1))
found("sound_with_a_margin_of_nothing", numbers((5, 4), (1, 1), stage="voted"),
      ("R8.10", 1), ("R8.19", 1))
STORIES["honest_with_more_than_was_needed"] = (None, numbers((50, 6), (7, 1)))


def _when(*, behind=False, by=0, number=5):
    """One reports in time, the other in the block of the first share or some hours after."""
    s = at("voted_clearly").run_out()
    s.chain.block(report(0)(s), at=CLOSED + HOUR)
    s.committed()
    if by is not None:
        s.chain.block(report(1)(s), at=CLOSED + SIX + by)
    s.chain.block(s.world.act(entry.ANNOUNCE), at=CLOSED + SIX + 2000)
    shares = [s.world.share(i, s.partials[i]) for i in (1, 2)]
    if by is None:
        late = report(1, counts=[(1, number, 1)])(s)
        shares.insert(1 if behind else 0, late)
    s.chain.block(*shares)
    s.issued = [5, number]
    s.chain.block(s.result_entry())
    return s.files()


STORIES["honest_report_six_hours_after_the_close_block"] = (None, _when)
found("sound_with_a_report_a_moment_more_after_the_close_block", lambda: _when(by=1), ("R8.17", 1))
found("sound_with_a_late_report_before_the_first_share", lambda: _when(by=None), ("R8.17", 1))
found("sound_with_a_late_report_behind_the_first_share", lambda: _when(by=None, behind=True),
      ("R8.17", 1), ("R8.18", 1), *((rule, 1) for rule in FEW))


def _beside_the_result():
    s = at("voted_clearly").run_out()
    s.chain.block(report(0)(s), at=CLOSED + HOUR)
    s.issued = [5, 7]
    return s.ended(report(1, counts=[(1, 7, 1)])(s)).files()


found("sound_with_a_report_beside_the_result", _beside_the_result,
      ("R8.18", 1), *((rule, 1) for rule in FEW))


__all__ = ["fails", "found"]
