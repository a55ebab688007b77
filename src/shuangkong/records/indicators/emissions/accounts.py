"""核算结果: what a place emits of each pollutant by year, from the figures that the ledger and the bases told."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils import timezone

from shuangkong.core.fact import Cell, Measure, Origin, State, Subject
from shuangkong.core.period import Period
from shuangkong.core.trace import Figure
from shuangkong.indicators.emissions.account import YearAccount, completion, decline, total
from shuangkong.indicators.emissions.pollutant import Pollutant
from shuangkong.indicators.engine.leaves import is_doubted
from shuangkong.records.facts.rows import ObservationRow
from shuangkong.records.facts.store import observations
from shuangkong.records.indicators.emissions.rules import rules_at
from shuangkong.records.indicators.gathering import engine_for
from shuangkong.records.indicators.layered import Laws
from shuangkong.records.indicators.territory import Territory
from shuangkong.records.targets.models import Target
from shuangkong.rulebook import open_rulebook

_REGION = "region"
_REDUCTION_RATE, _REDUCTION_AMOUNT = "reduction_rate", "reduction_amount"


@dataclass(frozen=True, slots=True)
class Goal:
    """Per cent below the base by the deadline, or tonnes that key projects must do: a target of an adopted plan, or an
    assignment that was told (``target`` is then None).
    """

    target: int | None
    value: Decimal
    deadline: str
    excluded: str


@dataclass(frozen=True, slots=True)
class PollutantAccount:
    """One pollutant at a place.

    Attributes:
        base_year, base_t, base_source: the newest base told, with its source and what it leaves out.
        years: the years after the base, as far as anything is told.
        goal: the rate that a plan asks for; ``assigned`` what key projects must do, in tonnes.
        projects_t: what key projects did since the base year, as recognised.
        known_on: the day on which the newest figure was told.
    """

    region: str
    pollutant: Pollutant
    base_year: int
    base_t: Decimal
    base_source: str
    years: tuple[YearAccount, ...]
    goal: Goal | None
    assigned: Goal | None
    projects_t: Decimal
    known_on: date
    is_demo: bool

    @property
    def completion_pct(self) -> Decimal | None:
        return completion(self.projects_t, self.assigned.value if self.assigned else None)

    def of_year(self, year: int | None) -> YearAccount | None:
        """The account of a year, else of the newest with an emission, else the newest."""
        if year is not None:
            return next((each for each in self.years if each.year == year), None)
        done = [each for each in self.years if each.emission_t is not None] or list(self.years)
        return done[-1] if done else None


def accounts(regions: Iterable[str], until: date | None = None) -> tuple[PollutantAccount, ...]:
    """By place and pollutant, those that have a base, as known at the end of a day.

    What is emitted is found by the engine, by the rules of each place. 2 queries, and those of the engine.
    """
    wanted = list(regions)
    laws = {code: rules_at(code, until).accounting.pollutants for code in wanted}
    every = {each.id: each for law in laws.values() for each in law.values()}
    ids = [key for each in every.values() for key in (*_indicators(each), each.assigned) if key]
    five_years = {each.assigned for each in every.values()}
    told: dict[tuple[str, str], list[ObservationRow]] = defaultdict(list)
    for row in observations(ids, [(_REGION, code) for code in wanted], until) if wanted else ():
        if row.state is State.VALUE and (Period.parse(row.period).is_year or row.indicator in five_years):
            told[row.subject_code, row.indicator].append(row)
    goals = _goals(wanted, every.values())
    found = [
        known for code in wanted for each in laws[code].values() if (known := _known(code, each, told)) is not None
    ]
    figures = _figures([cell for known in found for cell in known.cells], until)
    return tuple(_account(known, told, goals, figures) for known in found)


def _indicators(pollutant: Pollutant) -> tuple[str, ...]:
    every = (pollutant.total, pollutant.increment, pollutant.recognised, pollutant.reported, pollutant.project)
    return tuple(filter(None, every))


@dataclass(frozen=True, slots=True)
class _Known:
    """A pollutant of a place that has a base, and the years after it of which anything is told."""

    code: str
    pollutant: Pollutant
    base: ObservationRow
    years: tuple[int, ...]

    @property
    def base_year(self) -> int:
        return Period.parse(self.base.period).year

    @property
    def cells(self) -> list[Cell]:
        """What stands in the accounts of the years."""
        held = self.pollutant
        ids = (held.total, held.increment, held.recognised, held.reported, held.reported_total, held.rate)
        return [self.cell(held.total, self.base_year), *(self.cell(key, year) for key in ids for year in self.years)]

    def cell(self, indicator: str, year: int) -> Cell:
        return Cell(Subject(_REGION, self.code), indicator, Period(year))


def _known(code: str, pollutant: Pollutant, told: Mapping[tuple[str, str], list[ObservationRow]]) -> _Known | None:
    bases = [row for row in told.get((code, pollutant.total), ()) if row.origin is Origin.RECOGNISED]
    if not bases:
        return None
    base = max(bases, key=lambda row: (row.period, row.id))
    first = Period.parse(base.period).year
    rows = (row for key in _indicators(pollutant) for row in told.get((code, key), ()))
    last = max((Period.parse(row.period).year for row in rows), default=first)
    return _Known(code, pollutant, base, tuple(range(first + 1, last + 1)))


def _figures(cells: Collection[Cell], until: date | None) -> dict[Cell, Figure]:
    """Each by the law of its place. 4 queries for each step of formulas and layer of rules; none without cells."""
    territory = Territory()
    laws = Laws(territory)
    found: dict[Cell, Figure] = {}
    for layer, under in laws.by_layer(cells).items():
        engine = engine_for(under, territory, laws.law(layer), until)
        found |= {cell: engine.figure(cell) for cell in under}
    return found


def _account(
    known: _Known,
    told: Mapping[tuple[str, str], list[ObservationRow]],
    goals: Mapping[tuple[str, str, str], Goal],
    figures: Mapping[Cell, Figure],
) -> PollutantAccount:
    code, pollutant, base_year = known.code, known.pollutant, known.base_year
    rows = [row for key in _indicators(pollutant) for row in told.get((code, key), ())]
    since = {
        str(year): amount
        for year, amount in _by_year(told.get((code, pollutant.project), ()), Measure.AMOUNT).items()
        if year > base_year
    }
    return PollutantAccount(
        region=code,
        pollutant=pollutant,
        base_year=base_year,
        base_t=_tonnes(known.base),
        base_source=known.base.source,
        years=tuple(_year(known, year, figures) for year in known.years),
        goal=goals.get((code, pollutant.total, _REDUCTION_RATE)),
        assigned=goals.get((code, pollutant.project, _REDUCTION_AMOUNT))
        or _assigned(told.get((code, pollutant.assigned), ()), base_year),
        projects_t=total(since),
        known_on=max(timezone.localdate(row.recorded_at) for row in rows),
        is_demo=any(row.is_demo for row in rows),
    )


def _year(known: _Known, year: int, figures: Mapping[Cell, Figure]) -> YearAccount:
    held = known.pollutant

    def figure(indicator: str, of: int = year) -> Figure:
        return figures[known.cell(indicator, of)]

    fallen = decline(_tonnes(known.base), figure(held.total).value)
    shown = (held.total, held.increment, held.recognised, held.reported, held.reported_total, held.rate)
    return YearAccount(
        year=year,
        before_t=figure(held.total, year - 1).value,
        increment_t=figure(held.increment).value,
        reduction_t=figure(held.recognised).value,
        reported_t=figure(held.reported).value,
        emission_t=figure(held.total).value,
        reported_emission_t=figure(held.reported_total).value,
        decline_pct=fallen,
        is_rate=fallen is not None and figure(held.rate).value == fallen,
        is_told=figure(held.total).fact is not None,
        doubted=frozenset(key for key in shown if is_doubted(figure(key))),
    )


def _assigned(rows: Iterable[ObservationRow], base_year: int) -> Goal | None:
    """What was told as assigned for the five years after a base."""
    found = [row for row in rows if Period.parse(row.period).year == base_year + 1]
    return Goal(None, _tonnes(found[-1]), str(Period.parse(found[-1].period).last_day.year), "") if found else None


def _by_year(rows: Iterable[ObservationRow], measure: Measure = Measure.LEVEL) -> dict[int, Decimal]:
    return {Period.parse(row.period).year: _tonnes(row) for row in rows if row.measure is measure}


def _tonnes(row: ObservationRow) -> Decimal:
    unit = open_rulebook().units().get(row.unit)
    assert row.value is not None
    return row.value if unit is None else unit.to_base(row.value)


def _goals(regions: Iterable[str], pollutants: Iterable[Pollutant]) -> dict[tuple[str, str, str], Goal]:
    """Region, indicator and kind → the target of the version in force that ends last. 1 query."""
    ids = [key for each in pollutants for key in (each.total, each.project) if key]
    rows = Target.objects.select_related("plan").filter(
        subject_kind=_REGION, subject_code__in=list(regions), indicator__in=ids,
        kind__in=(_REDUCTION_RATE, _REDUCTION_AMOUNT),
    )  # fmt: skip
    units = open_rulebook().units()
    found: dict[tuple[str, str, str], Goal] = {}
    for row in sorted(rows, key=lambda each: (each.deadline, each.pk)):
        if row.version == row.plan.version:
            unit = units.get(row.unit)
            value = unit.to_base(row.value) if unit is not None and row.kind == _REDUCTION_AMOUNT else row.value
            found[row.subject_code, row.indicator, row.kind] = Goal(row.pk, value, row.deadline, row.excluded)
    return found
