"""When a day ends that nobody could report while an election was halted (chapter 05 §6)."""

from irefuda_verify import entry
from irefuda_verify.evidence import PART, close_day, next_day

from .evidence_stories import DAYS, LAST, LONG_CLOSE, SIX, TWO, days, found, long, report
from .make import HOUR, box_of, u64
from .stories import STORIES, story

# The third day ends three hours after the close. The last block before that is fifteen hours
# before it, so a resumption may be for fifteen hours.
NIGHT = next_day(DAYS[2])


def resumed(s, time, until, *beside, ticks=()):
    """Empty blocks while it is halted, and the block that resumes, with further entries."""
    for tick in ticks:
        s.chain.block(at=tick)
    s.chain.block(s.world.act(entry.RESUME, u64(until)), *beside, at=time)
    return s


def both(s, day, at_time=None, first=0, which=(0, 1)):
    """The reports of a day, or one of them."""
    s.chain.block(*(report(r, day, [(1, first, 0)])(s) for r in which), at=at_time)


def finish(s, close):
    """Up to a close, the reports of its day, the result."""
    both(s.run_out(close), close_day(close))
    s.issued = [5, 5]
    return s.ended(at=LAST).files()


def _over_one_night(late_by, *, ticks=(NIGHT,), time=NIGHT + SIX + 1, which=1):
    """Nobody can report the third day before the election is resumed on the fourth."""
    s = resumed(days(long()), time, time + 14 * HOUR, ticks=ticks)
    both(s, DAYS[2], None, 1, [1 - which])
    both(s, DAYS[2], time + SIX + late_by, 1, [which])
    return finish(s, time + 14 * HOUR)


def found_at(name, make, *registrars):
    """In time with 0, and R8.17 of these registrars with a millisecond more."""
    STORIES["honest_" + name] = (None, lambda: make(0))
    found(f"sound_with_{name}_and_a_moment", lambda: make(1),
          *(("R8.17", r) for r in registrars or [1]))


found_at("a_day_that_ended_while_the_election_was_halted", _over_one_night)
found_at("a_day_that_ended_while_it_was_halted_in_blocks_all_night",
         lambda by: _over_one_night(by, which=0, ticks=(
             LONG_CLOSE + 1, NIGHT - 1, NIGHT + 1, NIGHT + HOUR)), 0)
found_at("a_day_that_ended_while_no_block_came",
         lambda by: _over_one_night(by, ticks=()))
found_at("a_day_that_ended_just_when_the_election_was_resumed",
         lambda by: _over_one_night(by, ticks=(NIGHT - HOUR,), time=NIGHT))
found_at("a_day_that_ended_a_millisecond_before_the_election_was_resumed",
         lambda by: _over_one_night(by, ticks=(NIGHT - HOUR, NIGHT), time=NIGHT + 1))


@story(None)
def honest_reports_in_the_block_that_resumes_on_the_next_day():
    s = days(long())
    made = [report(r, DAYS[2], [(1, 1, 0)])(s) for r in (0, 1)]
    resumed(s, NIGHT + HOUR, NIGHT + 12 * HOUR, *made, ticks=(NIGHT,))
    return finish(s, NIGHT + 12 * HOUR)


@story("R5.37")
def report_of_the_close_day_before_the_resumption_in_its_block():
    s = days(long())
    s.chain.block(report(0, DAYS[2])(s), s.world.act(entry.RESUME, u64(NIGHT + 2 * HOUR)),
                  at=NIGHT + HOUR)
    return s.files()


@story("R5.37")
def report_of_the_day_that_a_resumption_moved_the_close_to():
    s = resumed(days(long()), NIGHT + HOUR, NIGHT + 2 * HOUR)
    both(s, DAYS[2] + 1)
    return s.files()


def _two_nights(late_by, day):
    """Halted over two midnights: two days could not be reported, one of them after the close."""
    time = NIGHT + 25 * HOUR
    s = resumed(days(long()), time, time + 10 * HOUR, ticks=(NIGHT, NIGHT + 24 * HOUR))
    for number, first in ((DAYS[2], 1), (DAYS[2] + 1, 0)):
        if number != day:
            both(s, number, None, first)
    both(s, day, time + SIX + late_by, 1 if day == DAYS[2] else 0)
    return finish(s, time + 10 * HOUR)


found_at("the_close_day_after_a_halt_over_two_nights", lambda by: _two_nights(by, DAYS[2]), 0, 1)
found_at("the_day_after_the_close_after_a_halt_over_two_nights",
         lambda by: _two_nights(by, DAYS[2] + 1), 0, 1)


def _before_midnight(late_by, step=0):
    """Resumed on the close day, up to the next one: the day ends later than the resumption."""
    s = resumed(days(long()), LONG_CLOSE + HOUR, NIGHT + 12 * HOUR)
    s.chain.block(at=NIGHT - 1)
    s.chain.block(at=NIGHT + step)
    both(s, DAYS[2], NIGHT + step + SIX + late_by, 1)
    return finish(s, NIGHT + 12 * HOUR)


found_at("a_day_that_ends_after_the_resumption_moved_the_close", _before_midnight, 0, 1)
found_at("a_day_that_ends_in_a_late_block_after_the_resumption",
         lambda by: _before_midnight(by, HOUR), 0, 1)


@story("R5.37")
def report_of_a_close_day_that_was_left_by_a_resumption_and_has_not_ended():
    s = resumed(days(long()), LONG_CLOSE + HOUR, NIGHT + 12 * HOUR)
    both(s, DAYS[2], NIGHT - 1)
    return s.files()


def _same_day(late_by):
    """The close stays on its day, which ends with the close block."""
    s = resumed(days(long()), LONG_CLOSE + HOUR, LONG_CLOSE + 2 * HOUR).run_out(
        LONG_CLOSE + 2 * HOUR)
    both(s, DAYS[2], LONG_CLOSE + 2 * HOUR + 40_000 + SIX + late_by, 1)
    s.issued = [5, 5]
    return s.ended(at=LAST).files()


found_at("the_close_day_after_a_resumption_on_it", _same_day, 0, 1)


def _up_to_midnight(late_by):
    """The close moves to the last moment of its day: no other day."""
    s = resumed(days(long()), LONG_CLOSE + HOUR, NIGHT).run_out(NIGHT)
    both(s, DAYS[2], NIGHT + 40_000 + SIX + late_by, 1)
    s.issued = [5, 5]
    return s.ended(at=LAST).files()


found_at("the_close_day_after_a_resumption_up_to_its_end", _up_to_midnight, 0, 1)


def _twice_resumed(late_by, day):
    """Each halt goes over a midnight; the second one gives the first day no more time."""
    first, second = NIGHT + HOUR, NIGHT + 25 * HOUR
    s = resumed(days(long()), first, first + 14 * HOUR)
    if day != DAYS[2]:
        both(s, DAYS[2], None, 1)
    s.chain.block(at=first + SIX)
    resumed(s, second, second + 7 * HOUR)
    if day == DAYS[2]:
        both(s, DAYS[2], None, 1)
    both(s, DAYS[2] + 1, second + SIX + late_by)
    return finish(s, second + 7 * HOUR)


found_at("a_day_that_ended_in_the_second_halt", lambda by: _twice_resumed(by, DAYS[2] + 1), 0, 1)
found("sound_with_a_day_of_the_first_halt_reported_after_the_second",
      lambda: _twice_resumed(0, DAYS[2]), ("R8.17", 0), ("R8.17", 1))


def _early_day():
    """An earlier day can be reported while it is halted: its end stays where it was."""
    s = long()
    s.chain.block(at=next_day(DAYS[0]))
    s.chain.block(*(report(r, DAYS[0], [(1, 3, 1)])(s) for r in (0, 1)))
    s.chain.block(at=next_day(DAYS[1]))
    s.chain.block(at=LONG_CLOSE - 15 * HOUR)
    s.chain.block(at=NIGHT)
    both(s, DAYS[1], NIGHT + 1, 1, [0])
    resumed(s, NIGHT + HOUR, NIGHT + 12 * HOUR)
    both(s, DAYS[1], None, 1, [1])
    both(s, DAYS[2], None, 1)
    return finish(s, NIGHT + 12 * HOUR)


found("sound_with_an_earlier_day_reported_in_the_halt_and_after_it", _early_day,
      ("R8.17", 0), ("R8.17", 1))


def _parts_around(late_by):
    """A report is complete with its last part, six hours after the resumption."""
    time = NIGHT + HOUR
    s = resumed(days(long()), time, time + 14 * HOUR)
    s.chain.block(report(0, DAYS[2], TWO)(s), report(1, DAYS[2], [(1, 1, 0)])(s))
    s.chain.block(report(0, DAYS[2], TWO, part=1)(s), at=time + SIX + late_by)
    s.run_out(time + 14 * HOUR)
    both(s, DAYS[2] + 1)
    s.issued = [PART + 4, 5]
    return s.ended(at=LAST).files()


found_at("the_last_part_of_a_day_that_ended_in_a_halt", _parts_around, 0)


def _drained_over_midnight(late_by):
    """Halted over midnight and then drained: the close day ends with the close block."""
    s = days(long())
    s.chain.block(at=NIGHT)
    s.chain.block(s.world.act(entry.DRAIN), at=NIGHT + 10 * HOUR)
    s.chain.block(at=NIGHT + 10 * HOUR + 30_000)
    s.box = box_of(s.world, s.last, s.chain.head)
    both(s, DAYS[2], NIGHT + 10 * HOUR + 30_000 + SIX + late_by, 1)
    s.issued = [5, 5]
    return s.ended(at=LAST).files()


found_at("the_close_day_drained_on_the_next_one", _drained_over_midnight, 0, 1)


__all__ = ["found_at", "resumed"]
