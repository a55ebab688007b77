"""按什么判: of each target the rule that speaks of it and the figures that it is given, or why it is not even asked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from shuangkong.core.fact import Cell, State, Subject
from shuangkong.core.period import PLAN_YEARS, Period
from shuangkong.core.trace import Figure
from shuangkong.outlook.barometer.basis import Given
from shuangkong.outlook.barometer.facts import intensity_facts, level_facts, total_facts
from shuangkong.outlook.barometer.level import Cause
from shuangkong.plans.reading import Kind
from shuangkong.policyfile.expression.given import Told
from shuangkong.records.targets.in_force import end_of
from shuangkong.records.targets.rows import TargetRow
from shuangkong.rulebook import Rulebook
from shuangkong.targets.goal import Path
from shuangkong.targets.naming import tells_rise
from shuangkong.targets.progress import Point
from shuangkong.web.indicators.known import GROWTH, Known
from shuangkong.web.outlook.sought import grown_amount
from shuangkong.web.targets.course import Course

#: Ids of the rules of the barometer, by what they judge.
INTENSITY, TOTAL, DECLINE, ANY = "intensity", "total", "pollutant_decline", "target"
_CONSUMPTION = "total_consumption"
HUNDRED = Decimal(100)
#: What is printed of a capped increment: that since the base year, as of whoever is judged by its own course; of a part
#: of a year that on the same months of the year before.
_SINCE_BASE, _SINCE_LAST = ("allowed_gain", "gain"), ("allowed_increment", "increment")


@dataclass(frozen=True, slots=True)
class Basis:
    """``rule``: id of the rule; ``told``: the figures behind ``given``; ``cause``: why it cannot be judged at all.

    ``shown``: names of the two figures that are printed, where they are not those of every rule of the set.
    """

    rule: str
    given: Mapping[str, Given] = field(default_factory=dict)
    told: Mapping[str, Figure] = field(default_factory=dict)
    cause: Cause | None = None
    shown: tuple[str, str] | None = None


class Bases:
    """The bases of targets in one period."""

    def __init__(self, book: Rulebook, period: Period) -> None:
        self.book, self.period = book, period
        self.names, self.rules = book.indicators(), book.every_rule()

    def cells(self, target: TargetRow) -> tuple[Cell, ...]:
        """What the statistics engine is asked for."""
        subject, first = Subject(target.subject_kind, target.subject_code), first_of(target)
        if self.is_intensity(target):
            years = (Period(year) for year in range(first, self.period.year))
            return tuple(Cell(subject, f"{target.indicator}{GROWTH}", each) for each in (*years, self.period))
        if self._is_total(target):
            asked = (Period(first - 1), Period(self.period.year - 1), self.period.shifted(-1), self.period)
            return tuple(Cell(subject, _CONSUMPTION, each) for each in dict.fromkeys(asked))
        if self._is_decline(target) and not self.period.is_year and first:
            before = self.period.shifted(first - 1 - self.period.year)
            return tuple(Cell(subject, _plain(target), each) for each in (before, self.period))
        return ()

    def of(self, course: Course, seen: Known) -> Basis:
        """What a target is judged by; its figures are those of ``seen``, or of its own course."""
        target = course.target
        if Kind(target.kind) is Kind.STAGE:
            return Basis(ANY, cause=Cause.STAGE)
        if self.is_intensity(target):
            return self._intensity(target, seen)
        if self._is_total(target) and (found := self._total(target, seen)):
            return found
        if course.progress is None:
            return Basis(ANY, cause=Cause.NO_COURSE)
        if self._is_decline(target):
            return self._decline(course, seen)
        if not self.period.is_year:
            return Basis(ANY, cause=Cause.YEARLY)
        return Basis(ANY, self._level(course))

    def is_intensity(self, target: TargetRow) -> bool:
        """Whether its decline compounds and changes on the year before are counted of it."""
        is_decline = Kind(target.kind) is Kind.REDUCTION_RATE and self._is_logarithmic(target)
        return is_decline and f"{target.indicator}{GROWTH}" in self.names and first_of(target) > 0

    def _is_logarithmic(self, target: TargetRow) -> bool:
        name = self.names.get(_plain(target))
        return name is not None and name.progress == Path.LOGARITHMIC

    def _is_total(self, target: TargetRow) -> bool:
        """Whether it caps energy over a five-year plan: by what may be added, or as a whole."""
        if (end_of(target) or 0) - first_of(target) != PLAN_YEARS - 1:
            return False
        if Kind(target.kind) is Kind.CAP_INCREMENT:
            return grown_amount(self.rules.get(_plain(target)), self.period.year) == _CONSUMPTION
        return Kind(target.kind) is Kind.CAP_TOTAL and _plain(target) == _CONSUMPTION

    def _is_decline(self, target: TargetRow) -> bool:
        return Kind(target.kind) is Kind.REDUCTION_RATE and not self._is_logarithmic(target)

    def _intensity(self, target: TargetRow, seen: Known) -> Basis:
        first, year = first_of(target), self.period.year
        told = {f"r{cell.period}": seen.figure(cell) for cell in self.cells(target)}
        changes = {each: told_of(told.get(f"r{each}")) for each in range(first, year)}
        plan = Period.plan_from(first) if (end_of(target) or 0) - first == PLAN_YEARS - 1 else None
        change = told_of(told.get(f"r{self.period}"))
        given = intensity_facts(plan, target.value, changes, self.period, change, annual_task(target, year))
        return Basis(INTENSITY, given, told)

    def _total(self, target: TargetRow, seen: Known) -> Basis | None:
        """None where a level of the total is not known: then the target is judged by its own course."""
        told = {str(cell.period): seen.figure(cell) for cell in self.cells(target)}
        base = told[str(first_of(target) - 1)].value
        if base is None or any(each.value is None for each in told.values()):
            return None
        period, cap = self.period, self._in_base_unit(target)
        if Kind(target.kind) is Kind.CAP_TOTAL:
            cap -= base
        wanted = {"last": Period(period.year - 1), "before": period.shifted(-1), "actual": period}
        levels = {name: told_of(told[str(each)]) for name, each in wanted.items()}
        shown = None if Kind(target.kind) is Kind.CAP_TOTAL else _SINCE_BASE if period.is_year else _SINCE_LAST
        facts = total_facts(Period.plan_from(first_of(target)), base, cap, period, levels)
        return Basis(TOTAL, facts, told, shown=shown)

    def _decline(self, course: Course, seen: Known) -> Basis:
        """Of a part of a year: its own figure against that of the same months of the base year."""
        if self.period.is_year:
            point = course.latest
            given = {"required": _due(point), "achieved": _or_missing(point.reached if point else None)}
            return Basis(DECLINE, given)
        points = course.progress.points if course.progress else ()
        due = next((each for each in points if each.year == self.period.year), None)
        cells = self.cells(course.target)
        if not cells:
            return Basis(DECLINE, cause=Cause.YEARLY)
        told = {name: seen.figure(cell) for name, cell in zip(("base", "actual"), cells, strict=True)}
        return Basis(DECLINE, {"required": _due(due)} | {name: told_of(each) for name, each in told.items()}, told)

    def _level(self, course: Course) -> Mapping[str, Given]:
        target, point = course.target, course.latest
        name = self.names.get(_plain(target))
        is_cap = Kind(target.kind) in (Kind.CAP_TOTAL, Kind.CAP_INCREMENT, Kind.LEVEL_CAP)
        is_lower = name is not None and name.direction == "lower_is_better" and not tells_rise(target.indicator_name)
        wants_less = is_cap or (is_lower and Kind(target.kind) not in (Kind.REDUCTION_RATE, Kind.REDUCTION_AMOUNT))
        if point is None:
            return {"due": State.MISSING, "reached": State.MISSING, "wants_less": Decimal(wants_less)}
        return level_facts(point, wants_less=wants_less)

    def _in_base_unit(self, target: TargetRow) -> Decimal:
        unit = self.book.units().get(target.unit)
        return target.value if unit is None else unit.to_base(target.value)

    def printed(self, values: tuple[Decimal | None, ...], rule: str, target: TargetRow) -> Iterator[Decimal | None]:
        """Levels of a total are found in the base unit and printed in that of the target."""
        unit = self.book.units().get(target.unit) if rule == TOTAL else None
        return (each if each is None or unit is None else each / unit.factor for each in values)


def annual_task(target: TargetRow, year: int) -> Decimal | None:
    """The decline in % that falls on one year, where a decomposition lays down years: ``1 − (1 − D_t)/(1 − D_(t−1))``.

    None where none does: then what is left of the promise is asked of the years left.
    """
    told = target.assigned
    if told is None or not told.is_laid_down or year not in told.dues:
        return None
    before = Decimal(0) if year == first_of(target) else told.dues.get(year - 1)
    if before is None or before >= HUNDRED:
        return None
    return HUNDRED * (1 - (HUNDRED - told.dues[year]) / (HUNDRED - before))


def first_of(target: TargetRow) -> int:
    """The first year of what is promised; 0 where no document says."""
    base = target.base_year or (target.start_year - 1 if target.start_year else None)
    return 0 if base is None else base + 1


def unit_of(rule: str, target: TargetRow) -> str:
    """In which the figures that a rule compares are printed."""
    return "%" if rule in (INTENSITY, DECLINE) or Kind(target.kind) is Kind.REDUCTION_RATE else target.unit


def told_of(figure: Figure | None) -> Told:
    """The figure, or why there is none."""
    if figure is None:
        return State.MISSING
    return figure.state if figure.value is None else figure.value


def _plain(target: TargetRow) -> str:
    return target.indicator.partition("@")[0]


def _due(point: Point | None) -> Told:
    return _or_missing(point.due if point else None)


def _or_missing(value: Decimal | None) -> Told:
    return State.MISSING if value is None else value
