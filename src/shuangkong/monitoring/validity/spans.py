"""逐级判定: minutes to hours, hours to days, days to months and quarters, for one point."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import partial
from math import ceil

from shuangkong.monitoring.mark import Mark, Marks
from shuangkong.monitoring.reading import HOURS_A_DAY, MINUTES_AN_HOUR, Reading, Span, ends_of, starts_of
from shuangkong.monitoring.validity.rule import Of, ValidityRule, ValidityRules
from shuangkong.monitoring.validity.verdict import Tally, Verdict, Why, judged, merged, tally

#: Spans that are made of days.
LONG = (Span.MONTH, Span.QUARTER, Span.YEAR)


@dataclass(frozen=True, slots=True)
class Judged:
    """All verdicts of a point, each by its first day; ``days`` in order."""

    days: tuple[Verdict, ...]
    longer: Mapping[Span, tuple[Verdict, ...]]

    def of(self, span: Span) -> tuple[Verdict, ...]:
        return self.days if span is Span.DAY else self.longer.get(span, ())


def hour_mark(minutes: Mapping[Mark, int], marks: Marks, rules: ValidityRules, day: date) -> Verdict:
    """The verdict of an hour, with the mark that it bears, from its minutes by mark.

    Enough valid minutes: NORMAL. Else, if as many minutes stand under stopping, starting, shutting down or a banked
    fire, the most frequent of these; else the most frequent of what data was lost to (of equals, the one that documents
    list first). ``minutes`` may add up to fewer than 60: the rest is missing.

    Raises:
        ValueError: they add up to more than an hour has.
    """
    # Starting, shutting and banked minutes are valid data, but the hour is not a normal one for that.
    abnormal = (marks.measured - marks.judged) | marks.stopped
    found = tally(minutes, MINUTES_AN_HOUR, marks)
    rule = rules.on(Span.HOUR, day)
    verdict = judged(Span.HOUR, day, found, rule)
    least = _least(rule)
    normal = sum(minutes.get(mark, 0) for mark in marks.judged)
    if normal >= least:
        mark = Mark.NORMAL
    elif sum(minutes.get(each, 0) for each in abnormal) >= least:
        mark = _most(minutes, abnormal)
    elif verdict.is_valid:
        mark = Mark.NORMAL
    else:
        mark = _most(found.lost, frozenset(found.lost)) if found.lost else _most(minutes, abnormal)
    return Verdict(Span.HOUR, day, found, verdict.is_valid, verdict.why, verdict.clause, mark)


def least_minutes(rules: ValidityRules, day: date) -> int:
    """How many valid minutes make an hour on a day."""
    return _least(rules.on(Span.HOUR, day))


def _least(rule: ValidityRule | None) -> int:
    """How many minutes make an hour bear a mark as a whole; all of them where nothing is laid down."""
    if rule is None:
        return MINUTES_AN_HOUR
    if rule.least is not None:
        return rule.least
    return ceil((rule.least_share_pct or Decimal(100)) * MINUTES_AN_HOUR / 100)


def _most(counts: Mapping[Mark, int], among: frozenset[Mark]) -> Mark:
    order = list(Mark)
    return max(among, key=lambda mark: (counts.get(mark, 0), -order.index(mark)))


def verdicts(
    hours: Iterable[Reading], marks: Marks, rules: ValidityRules, first: date, last: date,
    due: Callable[[date], int] = lambda _day: HOURS_A_DAY, day_verdict: Callable[[date, Tally], Verdict] | None = None,
) -> Judged:  # fmt: skip
    """Verdicts of every day, month, quarter and year that lies whole in ``first`` to ``last``.

    Args:
        hours: readings of one point, at most one an hour, in any order; hours that are not there are missing.
        due: how many readings the point owed on a day; days of none have no verdict and are in no longer span. No more
            of a day than are due may be among ``hours``.
        day_verdict: how a day is judged where counting its hours does not tell (``stations.ozone_day``).
    """
    found = day_tallies(hours, marks, first, last, due)
    by_count = partial(_day, rules)
    days = tuple((day_verdict or by_count)(day, each) for day, each in found.items())
    longer = {span: tuple(_long(span, days, rules, first, last)) for span in LONG}
    return Judged(days, longer)


def _day(rules: ValidityRules, day: date, found: Tally) -> Verdict:
    return judged(Span.DAY, day, found, rules.on(Span.DAY, day))


def day_tallies(
    hours: Iterable[Reading], marks: Marks, first: date, last: date,
    due: Callable[[date], int] = lambda _day: HOURS_A_DAY,
) -> dict[date, Tally]:  # fmt: skip
    """Hours by mark of each day from ``first`` to ``last`` on which any is due; those of other days are passed over."""
    counts: dict[date, Counter[Mark]] = {}
    for each in hours:
        counts.setdefault(each.at.date(), Counter())[_mark_of(each)] += 1
    found: dict[date, Tally] = {}
    day = first
    while day <= last:
        if (count := due(day)) > 0:
            found[day] = tally(counts.get(day, Counter()), count, marks)
        day += timedelta(days=1)
    return found


def _mark_of(reading: Reading) -> Mark:
    """A normal mark without a value is a hole: the mark of nothing."""
    return Mark.MISSING if reading.value is None and reading.mark is Mark.NORMAL else reading.mark


def _long(span: Span, days: tuple[Verdict, ...], rules: ValidityRules, first: date, last: date) -> Iterable[Verdict]:
    groups: dict[date, list[Verdict]] = {}
    for day in days:
        groups.setdefault(starts_of(span, day.starts), []).append(day)
    for starts, group in groups.items():
        ends = ends_of(span, starts)
        if first <= starts and ends <= last:
            rule = rules.on(span, ends)
            counted = in_days(group) if rule is not None and rule.of is Of.DAYS else merged(d.tally for d in group)
            yield judged(span, starts, counted, rule)


def in_days(days: Iterable[Verdict]) -> Tally:
    """Days by what they count as: valid, stopped all day, or lost (to what most of its hours were lost to)."""
    due = measured = stopped = 0
    lost: Counter[Mark] = Counter()
    for day in days:
        if day.why is Why.PART:
            continue
        due += 1
        if day.is_valid:
            measured += 1
        elif day.tally.running == 0:
            stopped += 1
        else:
            worst = max(day.tally.lost, key=lambda mark: day.tally.lost[mark], default=Mark.MISSING)
            lost[worst] += 1
    return Tally(due, measured, stopped, dict(lost))
