"""缺报: what is expected and was not told, of whom, since when."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl
from django.db.models import Q

from shuangkong.core.fact import Measure
from shuangkong.core.period import Period
from shuangkong.indicators.expected import Expected, due
from shuangkong.records.facts.belonging import Belonging, belongings
from shuangkong.records.facts.codes import MEASURES, MISSING
from shuangkong.records.facts.frames import counting, read
from shuangkong.records.facts.models import Observation
from shuangkong.records.facts.periods import plain, span
from shuangkong.records.facts.rows import SubjectRow
from shuangkong.records.facts.succession import history
from shuangkong.records.past import known_by
from shuangkong.records.paths import below, is_below
from shuangkong.records.registry import store as registry
from shuangkong.records.registry.models import Region

REGION = "region"
#: By what a figure is found again: the id of its indicator, kind and code of its subject.
_NAMED = {"indicator__text": pl.String, "subject__kind": pl.String, "subject__code": pl.String}


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

    Suppressed and not applicable are answers. ~7 queries, whatever is expected.
    """
    wanted = {each: due(each, since, day) for each in expected}
    asked = _Asked.of([each for each, periods in wanted.items() if periods], place, day, as_of)
    told = _told([period for periods in wanted.values() for period, _ in periods], expected, place, as_of)
    found: dict[tuple[str, str, str, Period], Gap] = {}
    for each, periods in wanted.items():
        for period, last in periods:
            for subject in asked.subjects(each, period):
                if not asks(each, subject, period):
                    continue
                for indicator in each.indicators:
                    state = told.get((indicator, *subject.key, *span(period)))
                    if state is None or state == MISSING:
                        key = (indicator, *subject.key, plain(period))
                        gap = Gap(indicator, subject, period, last, state is not None, each)
                        found[key] = min(found.get(key, gap), gap, key=lambda one: one.since)
    return tuple(sorted(found.values(), key=lambda gap: (gap.since, gap.indicator, gap.subject.key)))


@dataclass(frozen=True, slots=True)
class _Asked:
    """Whom one may ask in a place: its regions by level, and who belongs to which scope, with the paths of units."""

    place: str
    regions: Mapping[str, tuple[SubjectRow, ...]]
    scopes: Mapping[str, Belonging]
    paths: Mapping[str, str]

    @classmethod
    def of(cls, expected: Iterable[Expected], place: str, day: date, as_of: date | None) -> _Asked:
        """4 queries, and 1 more for 500 regions of units."""
        names = {each.scope for each in expected if each.kind != REGION}
        scopes = belongings(names, history(as_of), as_of) if names else {}
        still = Q(ends_on__isnull=True) | Q(ends_on__gte=day)
        levels: dict[str, list[SubjectRow]] = {}
        rows = Region.objects.filter(still & below(place)).order_by("code").values_list("pk", "name", "level")
        for code, name, level in rows:
            levels.setdefault(level, []).append(SubjectRow(REGION, code, name, code))
        paths = registry.paths({stay.subject.region for known in scopes.values() for stay in known.stays})
        return cls(place, {level: tuple(each) for level, each in levels.items()}, scopes, paths)

    def subjects(self, expected: Expected, period: Period) -> tuple[SubjectRow, ...]:
        """Regions of the levels that are still there on the day, or units of the scope in that period."""
        if expected.kind == REGION:
            return tuple(sorted((row for level in expected.levels for row in self.regions.get(level, ())), key=_code))
        return tuple(
            row
            for row in self.scopes[expected.scope].members(period.last_day)
            if row.kind == expected.kind and is_below(self.paths.get(row.region, ""), self.place)
        )


def _code(row: SubjectRow) -> str:
    return row.code


def _told(
    periods: Collection[Period], expected: Iterable[Expected], place: str, as_of: date | None
) -> dict[tuple[str, str, str, int, int], int]:
    """State of the counting figure by indicator, kind, code, first month and months. 1 query."""
    if not periods:
        return {}
    spans = {span(period) for period in periods}
    inside = Region.objects.filter(below(place)).values("code")
    found = Observation.objects.filter(
        known_by(as_of, "load__loaded_at"),
        Q(subject__region__in=inside) | Q(subject__kind=REGION, subject__code__in=inside),
        measure=MEASURES.number(Measure.LEVEL),
        indicator__text__in={indicator for each in expected for indicator in each.indicators},
        subject__kind__in={each.kind for each in expected},
        first_month__range=(min(first for first, _ in spans), max(first for first, _ in spans)),
        months__in={months for _, months in spans},
    )
    frame = counting(read(found, _NAMED))
    rows = frame.select(*_NAMED, "first_month", "months", "state").iter_rows()
    return {(indicator, kind, code, first, months): state for indicator, kind, code, first, months, state in rows}
