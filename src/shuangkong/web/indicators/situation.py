"""形势分析的数: what moved the energy of a place, what its total comes to before it is recognised, what is missing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from shuangkong.core.fact import Cell, Evidence, Fact, Maturity, Origin, State, Subject
from shuangkong.core.finding import Message
from shuangkong.core.period import Period
from shuangkong.indicators.engine.leaves import is_doubted, unverified
from shuangkong.indicators.nowcast import Nowcast, Past, Signs, Track, nowcast
from shuangkong.policyfile.expression.given import Told
from shuangkong.records.facts.answering import cells_of, facts_for
from shuangkong.records.facts.rows import ObservationRow
from shuangkong.records.facts.store import observations, versions
from shuangkong.records.indicators.branches import INDUSTRY
from shuangkong.records.indicators.moved import Movements
from shuangkong.records.indicators.moving import movements
from shuangkong.records.indicators.pairs import comparable_cells
from shuangkong.records.indicators.readable import Readable
from shuangkong.records.people.acting import Acting
from shuangkong.rulebook import open_rulebook
from shuangkong.web.indicators.course import DECLINE, DUE, EFFORT, GDP, INTENSITY, PROGRESS, TARGET, TOTAL
from shuangkong.web.indicators.known import Known, known
from shuangkong.web.indicators.periods import by_time
from shuangkong.web.indicators.place import Place

ELECTRICITY, INDUSTRY_ELECTRICITY = "electricity_consumption", "above_designated_electricity_consumption"
CHANGE, TOTAL_CHANGE = "energy_intensity_growth", "total_consumption_growth"
_SIGNS = (TOTAL, INDUSTRY, ELECTRICITY, INDUSTRY_ELECTRICITY)
_PATH = (INTENSITY, CHANGE, TOTAL_CHANGE, DECLINE, DUE, PROGRESS, EFFORT)
_YEAR = 12


@dataclass(frozen=True, slots=True)
class Tracked:
    """A past estimate beside what was recognised; ``is_told``: the estimate was recorded then, else computed now."""

    past: Past
    is_told: bool


@dataclass(frozen=True, slots=True)
class Situation:
    """One month's analysis of a place.

    Attributes:
        estimate: of total energy, by electricity and large industry.
        is_recognised: the superior has fed back the total of the period; the path then rests on that.
        movements: what moved it, with nothing of a part that the person may not read.
        seen: figures of the path; where the total is not recognised, with the estimate in its place.
        missing: cells that the analysis needs and nobody told.
    """

    place: Place
    period: Period
    movements: Movements
    estimate: Nowcast
    track: Track
    tracked: tuple[Tracked, ...]
    is_recognised: bool
    recognised: Decimal | None
    seen: Known
    missing: tuple[Cell, ...]
    is_demo: bool
    sources: tuple[str, ...]

    @property
    def is_estimated(self) -> bool:
        """The total of the period is an own estimate, for one that has not been fed back."""
        return not self.is_recognised and isinstance(self.estimate.value, Decimal)

    @property
    def unverified(self) -> tuple[Message, ...]:
        """The rules below its figures that nobody has compared with their documents, each once, in words."""
        figures = (self.seen.figure(self.cell(each)) for each in _PATH)
        of_path = (rule for each in figures if is_doubted(each) for rule in unverified(each))
        return tuple(dict.fromkeys((*of_path, *self.movements.unverified)))

    @property
    def path(self) -> tuple[str, ...]:
        """What the path is told by, in the order in which it is shown."""
        return _PATH

    @property
    def before(self) -> Period:
        """What the period is compared with."""
        return self.period.shifted(-1)

    def cell(self, indicator: str) -> Cell:
        return Cell(self.place.subject, indicator, self.period)


def periods_of(place: Place, as_of: date | None = None) -> tuple[Period, ...]:
    """Periods that begin in January of which large industry or electricity was told, the newest first. 1 query."""
    rows = observations((INDUSTRY, ELECTRICITY), [(place.subject.kind, place.subject.code)], as_of)
    found = {Period.parse(row.period) for row in rows if row.state is State.VALUE}
    wanted = [each for each in found if not each.is_plan and each.first_month % _YEAR == 0]
    return tuple(sorted(wanted, key=by_time, reverse=True))


def situation(place: Place, period: Period, by: Acting, as_of: date | None = None) -> Situation:
    """As the person may see it. A fixed number of queries, whatever the number of sectors and units."""
    now, before = period, period.shifted(-1)
    told = _every(versions(TOTAL, place.subject.kind, place.subject.code, as_of))
    recognised = _of_origin(told, Origin.RECOGNISED)
    past = sorted((each for each in recognised if by_time(each) < by_time(now)), key=by_time)
    signs = _Signs(place.subject, {*_pairs(past), now, before}, as_of)
    tracked = _tracked(past, recognised, _of_origin(told, Origin.ESTIMATE), signs)
    track = Track(tuple(each.past for each in tracked))
    estimate = nowcast(signs.of(now), signs.of(before, is_before=True), track)
    is_recognised = now in recognised
    seen = _path(place.subject, now, as_of, None if is_recognised else estimate)
    total = seen.value(Cell(place.subject, TOTAL, now))
    moved = movements(place.subject, place.path, (before, now), total, Readable(by, place.path), as_of)
    facts = [*signs.facts.values(), *moved.facts]
    return Situation(
        place=place, period=now, movements=moved, estimate=estimate, track=track, tracked=tracked,
        is_recognised=is_recognised, recognised=recognised.get(now), seen=seen,
        missing=_missing(place.subject, now, before, seen, signs),
        is_demo=moved.is_demo or any(fact.is_demo for fact in facts),
        sources=tuple(sorted({fact.source for fact in facts})),
    )  # fmt: skip


class _Signs:
    """The signs of a region in several periods, in base units."""

    def __init__(self, subject: Subject, periods: Iterable[Period], as_of: date | None) -> None:
        self.subject = subject
        self.facts = facts_for(cells_of(_SIGNS, [subject], periods), as_of)

    def told(self, indicator: str, period: Period) -> Told:
        fact = self.facts.get(Cell(self.subject, indicator, period))
        if fact is None:
            return State.MISSING
        return fact.state if fact.value is None else fact.value

    def of(self, period: Period, *, is_before: bool = False) -> Signs:
        """``is_before``: the total is known as well; of the period estimated it is not asked."""
        return Signs(
            electricity=self.told(ELECTRICITY, period),
            industry_energy=self.told(INDUSTRY, period),
            industry_electricity=self.told(INDUSTRY_ELECTRICITY, period),
            total=self.told(TOTAL, period) if is_before else State.MISSING,
        )


def _pairs(periods: Iterable[Period]) -> Iterable[Period]:
    for each in periods:
        yield from (each, each.shifted(-1))


def _every(rows: Iterable[ObservationRow]) -> list[ObservationRow]:
    return [row for row in rows if row.state is State.VALUE and Period.parse(row.period).first_month % _YEAR == 0]


def _of_origin(rows: Iterable[ObservationRow], origin: Origin) -> dict[Period, Decimal]:
    """The newest figure of each period to date that was told by that origin, in tce."""
    units = open_rulebook().units()
    return {
        Period.parse(row.period): units[row.unit].to_base(row.value)
        for row in rows
        if row.origin is origin and row.value is not None and not Period.parse(row.period).is_plan
    }


def _tracked(
    past: Sequence[Period], recognised: Mapping[Period, Decimal], told: Mapping[Period, Decimal], signs: _Signs
) -> tuple[Tracked, ...]:
    """The estimate that was told of each past period; where none was, the one that the method gives now."""
    found = []
    for period in past:
        made = told.get(period)
        if made is None:
            value = nowcast(signs.of(period), signs.of(period.shifted(-1), is_before=True)).value
            made = value if isinstance(value, Decimal) else None
        if made is not None:
            found.append(Tracked(Past(str(period), made, recognised[period]), period in told))
    return tuple(found)


def _path(subject: Subject, period: Period, as_of: date | None, estimate: Nowcast | None) -> Known:
    """The path; with the estimate as the total of the period where one is given and can be made."""
    seen = known([Cell(subject, indicator, period) for indicator in _PATH], as_of)
    if estimate is None or not isinstance(estimate.value, Decimal):
        return seen
    cell = Cell(subject, TOTAL, period)
    fact = Fact(
        cell=cell, state=State.VALUE, value=estimate.value, unit="tce", maturity=Maturity.FLASH,
        origin=Origin.ESTIMATE, evidence=Evidence.STATISTICAL, source="", recorded_on=as_of or date.max,
    )  # fmt: skip
    return seen.with_told(cell, fact)


def _missing(subject: Subject, now: Period, before: Period, seen: Known, signs: _Signs) -> tuple[Cell, ...]:
    """What the estimate and the path need and nobody told, in the order of the work."""
    wanted = [
        *(Cell(subject, indicator, now) for indicator in (INDUSTRY, ELECTRICITY, INDUSTRY_ELECTRICITY)),
        *(Cell(subject, indicator, before) for indicator in _SIGNS),
    ]
    lacking = [cell for cell in wanted if not isinstance(signs.told(cell.indicator, cell.period), Decimal)]
    return tuple(lacking + [cell for cell in _needed(subject, now, before, seen) if seen.value(cell) is None])


def _needed(subject: Subject, now: Period, before: Period, seen: Known) -> Iterable[Cell]:
    yield from reversed(comparable_cells(seen.law, subject, GDP, before, now))
    base = seen.law.base_year(now.year)
    if base is not None:
        yield Cell(subject, TARGET, Period.plan_from(base + 1))
        yield from (Cell(subject, CHANGE, Period(year)) for year in range(base + 1, now.year))
