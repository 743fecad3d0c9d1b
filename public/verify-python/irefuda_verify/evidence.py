"""Registrars' reports, and what a record shows of them (chapters 05 §6 and 08 §2)."""

import bisect
from dataclasses import dataclass

from .errors import RuleError

JST_MS, DAY_MS = 32_400_000, 86_400_000
LATE_MS = 21_600_000
PART, MAX_PARTS = 8000, 512


def day_of(ms):
    """The day in Japan of a moment."""
    return (ms + JST_MS) // DAY_MS


def next_day(day):
    """The moment at which the day after this one begins in Japan."""
    return DAY_MS * (day + 1) - JST_MS


def first_day(manifest):
    """The day of the first opening."""
    return day_of(min(w[0] for c in manifest.channels for w in c.windows))


def close_day(close_at):
    """The day of the last millisecond before the effective close."""
    return day_of(close_at - 1)


def increasing(values):
    """Whether each value is above the one before it."""
    return all(a < b for a, b in zip(values, values[1:]))


def tokens(e):
    """How many tokens a report counts."""
    return sum(c.first + c.again for c in e.channels)


def parts(total):
    """How many parts a report of so many tokens has."""
    return max(1, -(-total // PART))


def check_alone(e):
    """What one part shows of R5.36."""
    if not increasing([c.channel for c in e.channels]):
        raise RuleError("R5.36", "channels of a report out of order")
    total = tokens(e)
    if parts(total) > MAX_PARTS or e.part >= parts(total):
        raise RuleError("R5.36", f"part {e.part} of a report of {total} tokens")
    if len(e.leaves) != min(PART, total - PART * e.part):
        raise RuleError("R5.36", f"{len(e.leaves)} leaf hashes in part {e.part} of {total} tokens")
    if not increasing(e.leaves):
        raise RuleError("R5.36", "leaf hashes of a report do not increase")


@dataclass(frozen=True)
class Report:
    """What the board keeps of the parts of a report so far."""

    channels: list
    incidents: int
    part: int
    last_leaf: bytes
    complete: bool
    late: bool
    after_shares: bool

    def total(self, name):
        """The sum of one of its numbers."""
        return sum(getattr(c, name) for c in self.channels)


def check_day(e, election, header):
    """R5.37, but for its phase: a day of the vote that has ended."""
    last = close_day(election.close_at)
    if not first_day(election.manifest) <= e.day <= last:
        raise RuleError("R5.37", f"a report of day {e.day}, which is none of the vote")
    ended = election.closed if e.day == last else header.time >= next_day(e.day)
    if not ended:
        raise RuleError("R5.37", f"a report of day {e.day} before it ended")


def check_next(e, before):
    """R5.36 on the board: this part follows the last one."""
    if before is None:
        if e.part:
            raise RuleError("R5.36", f"part {e.part} of a report before part 0")
        return
    if e.part != before.part + 1:
        raise RuleError("R5.36", f"part {e.part} of a report after part {before.part}")
    if e.channels != before.channels or e.incidents != before.incidents:
        raise RuleError("R5.36", "parts of a report with other counts or incidents")
    if e.leaves[0] <= before.last_leaf:
        raise RuleError("R5.36", "leaf hashes of a report do not increase from part to part")


def halted_days(close_at, time):
    """The close day before a Resume at a time, and the later days that ended during the halt."""
    last = close_day(close_at)
    return range(last, max(last + 1, day_of(time)))


def end_of(day, election, times):
    """The block time at which a day ended; times are those of all blocks, this one included."""
    if day == close_day(election.close_at):
        return election.closed.time
    return max(times[bisect.bisect_left(times, next_day(day))], election.open_time,
               election.reportable.get(day, 0))


def taken(e, election, times):
    """The report with one more part, at the last of times."""
    complete = e.part + 1 == parts(tokens(e))
    return Report(
        e.channels, e.incidents, e.part, e.leaves[-1] if e.leaves else b"", complete,
        late=complete and times[-1] > end_of(e.day, election, times) + LATE_MS,
        after_shares=complete and bool(election.shares))


def reported(election):
    """Whether every registrar's report of the close day is complete."""
    last = close_day(election.close_at)
    found = (election.evidence.get((i, last)) for i in range(len(election.manifest.registrars)))
    return all(report is not None and report.complete for report in found)


def issued(election):
    """Per registrar, the credentials of its complete reports."""
    return [sum(r.total("first") for _, r in _complete(election, i))
            for i in range(len(election.manifest.registrars))]


def _complete(election, registrar):
    """(day, report) of a registrar's complete reports, by day."""
    return sorted((day, r) for (i, day), r in election.evidence.items()
                  if i == registrar and r.complete)


@dataclass
class Summary:
    """What a registrar's reports say together."""

    first: int
    again: int
    missing: int
    late: list
    after_shares: list
    difference: int


def summaries(election):
    """One for each registrar; only reports from before the first share count."""
    counted = len(election.last)
    overwritten = election.received - counted
    days = close_day(election.close_at) - first_day(election.manifest) + 1
    out = []
    for i in range(len(election.manifest.registrars)):
        reports = _complete(election, i)
        early = [r for _, r in reports if not r.after_shares]
        first, again = (sum(r.total(name) for r in early) for name in ("first", "again"))
        out.append(Summary(
            first, again, days - len(reports), [d for d, r in reports if r.late],
            [d for d, r in reports if r.after_shares],
            max(0, counted - first) + 2 * max(0, overwritten - again)))
    return out


def margins(votes):
    """Of each contest, the greatest number of votes minus the next greatest."""
    return [first - second for first, second, *_ in (sorted(row, reverse=True) for row in votes)]


def need_one_that_covers(election):
    """R8.15 and R8.16."""
    counted, rows = len(election.last), summaries(election)
    most = max(s.first for s in rows)
    if most < counted:
        raise RuleError("R8.15", f"{counted} counted, no registrar reported more than {most}")
    overwritten, most = election.received - counted, max(s.again for s in rows)
    if most < overwritten:
        raise RuleError("R8.16", f"{overwritten} replaced, no registrar reported more than {most}")


def findings(election):
    """The findings of an election with a result, registrar by registrar."""
    counted, margin = len(election.last), min(margins(election.result.votes))
    overwritten, out = election.received - counted, []
    for registrar, s in enumerate(summaries(election)):
        for rule, found, days in (
                ("R8.11", s.missing, []), ("R8.17", s.late, s.late),
                ("R8.18", s.after_shares, s.after_shares), ("R8.10", s.first < counted, []),
                ("R8.14", s.again < overwritten, []),
                ("R8.19", s.difference >= max(1, margin), [])):
            if found:
                out.append({"rule": rule, "registrar": registrar, "days": days,
                            "missing": s.missing, "difference": s.difference, "margin": margin})
    return out
