"""缺报: what is expected and was not told, of whom, since when."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl
from django.db.models import Q

from shuangkong.core.period import Period
from shuangkong.indicators.expected import Expected, due
from shuangkong.records.facts.belonging import Belonging, belonging
from shuangkong.records.facts.codes import MISSING
from shuangkong.records.facts.frames import facts_frame
from shuangkong.records.facts.periods import plain, span
from shuangkong.records.facts.rows import SubjectRow
from shuangkong.records.facts.succession import history
from shuangkong.records.paths import below, is_below
from shuangkong.records.registry import store as registry
from shuangkong.records.registry.models import Region


@dataclass(frozen=True, slots=True)
class Gap:
    """A figure that is missing.

    Attributes:
        since: the last day on which it would have been in time.
        is_said: somebody told that it is missing; otherwise nobody told anything.
        expected: what asks for it.
    """

    indicator: str
    subject: SubjectRow
    period: Period
    since: date
    is_said: bool
    expected: Expected


#: Whether a rule asks for the figures of a subject and period: rules of a place ask of those in it alone.
type Asks = Callable[[Expected, SubjectRow, Period], bool]


def gaps(
    expected: Sequence[Expected],
    place: str,
    since: date,
    day: date,
    as_of: date | None = None,
    asks: Asks = lambda _expected, _subject, _period: True,
) -> tuple[Gap, ...]:
    """What was missed on ``day`` of periods that end from ``since`` on, the longest missed first.

    Args:
        place: the path of a region; subjects in it and below it are asked of.
        as_of: what was known by the end of a day; None: now.

    Suppressed and not applicable are answers. 1 query a period, and ~4 for each of ``expected``.
    """
    found: dict[tuple[str, str, str, Period], Gap] = {}
    past = history(as_of)
    scopes = {each.scope: belonging(each.scope, past, as_of) for each in expected if each.kind != "region"}
    for each in expected:
        wanted = due(each, since, day)
        periods = [period for period, _ in wanted]
        subjects = _subjects(each, place, day, periods, scopes)
        told = _told(each, periods, as_of) if any(subjects.values()) else {}
        for period, last in wanted:
            for subject in subjects[period]:
                if not asks(each, subject, period):
                    continue
                for indicator in each.indicators:
                    state = told.get((indicator, subject.code, *span(period)))
                    if state is None or state == MISSING:
                        key = (indicator, *subject.key, plain(period))
                        gap = Gap(indicator, subject, period, last, state is not None, each)
                        found[key] = min(found.get(key, gap), gap, key=lambda one: one.since)
    return tuple(sorted(found.values(), key=lambda gap: (gap.since, gap.indicator, gap.subject.key)))


def _told(expected: Expected, periods: Iterable[Period], as_of: date | None) -> dict[tuple[str, str, int, int], int]:
    frame = facts_frame(periods, expected.indicators, [expected.kind], as_of)
    rows = frame.select(
        pl.col("indicator").cast(pl.String), pl.col("subject_code").cast(pl.String), "first_month", "months", "state"
    ).iter_rows()
    return {(indicator, code, first, months): state for indicator, code, first, months, state in rows}


def _subjects(
    expected: Expected, place: str, day: date, periods: Sequence[Period], scopes: Mapping[str, Belonging]
) -> dict[Period, tuple[SubjectRow, ...]]:
    """By period: regions of the levels that are still there on the day, or units of the scope in that period."""
    if expected.kind == "region":
        still = Q(ends_on__isnull=True) | Q(ends_on__gte=day)
        rows = Region.objects.filter(still & below(place), level__in=expected.levels).order_by("code")
        regions = tuple(SubjectRow("region", code, name, code) for code, name in rows.values_list("pk", "name"))
        return dict.fromkeys(periods, regions)
    known = scopes[expected.scope]
    paths = registry.paths({stay.subject.region for stay in known.stays})
    return {
        period: tuple(
            row
            for row in known.members(period.last_day)
            if row.kind == expected.kind and is_below(paths.get(row.region, ""), place)
        )
        for period in periods
    }
