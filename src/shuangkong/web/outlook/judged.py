"""按规定判定: the targets of a place in a period, each by the rule in force there on the period's last day.

Changes of intensities and levels of totals are those that the statistics engine finds; every other target is judged by
its own path (targets.progress). All as known at the end of a day.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from shuangkong.core.fact import Cell, State, Subject
from shuangkong.core.finding import Message
from shuangkong.core.period import PLAN_YEARS, Period
from shuangkong.core.trace import Figure
from shuangkong.indicators.engine.leaves import told_facts
from shuangkong.outlook.barometer.basis import Given
from shuangkong.outlook.barometer.facts import intensity_facts, level_facts, total_facts
from shuangkong.outlook.barometer.issue import Content, Line, Part, compared, steps_of
from shuangkong.outlook.barometer.judging import Judgement, judge
from shuangkong.outlook.barometer.level import Level
from shuangkong.outlook.barometer.rule import Rule
from shuangkong.plans.reading import Kind
from shuangkong.policyfile.expression.given import Told
from shuangkong.records.targets.rows import TargetRow
from shuangkong.rulebook import Rulebook, open_rulebook
from shuangkong.targets.goal import Path
from shuangkong.targets.naming import tells_rise
from shuangkong.targets.progress import Point
from shuangkong.web.indicators.known import GROWTH, Known, known
from shuangkong.web.targets.course import Course, courses

#: Ids of the rules of the barometer, by what they judge.
INTENSITY, TOTAL, DECLINE, ANY = "intensity", "total", "pollutant_decline", "target"
_CONSUMPTION = "total_consumption"
#: Documents that an issue names; more would not be read.
_MOST_SOURCES = 6


@dataclass(frozen=True, slots=True)
class Asked:
    """``before``: (indicator, subject) → level in the period ``compared_with``."""

    place: str
    home: str
    period: Period
    as_of: date | None = None
    before: Mapping[tuple[str, Subject], Level] | None = None
    compared_with: Period | None = None


def content_of(asked: Asked, groups: Sequence[Sequence[TargetRow]]) -> Content:
    """The barometer of targets, group by group (web.targets.shared), the place itself first in each.

    A fixed number of queries, whatever the number of targets.
    """
    every = [target for group in groups for target in group]
    judging = _Judging(asked, open_rulebook(), every)
    parts = tuple(_part(judging, group) for group in groups if group)
    sources = sorted({*judging.sources(), *(row.source for each in judging.courses.values() for row in each.told)})
    return Content(asked.place, asked.period, parts, asked.compared_with, tuple(sources[:_MOST_SOURCES]))


def _part(judging: _Judging, group: Sequence[TargetRow]) -> Part:
    lines = sorted((judging.line(target) for target in group), key=_weight)
    return Part(group[0].indicator, group[0].indicator_name, tuple(lines))


def _weight(line: Line) -> tuple[bool, int, Subject]:
    level = len(Level) + 1 if line.level is None else int(line.level)
    return not line.is_whole, level, line.subject


class _Judging:
    """All that the levels of these targets rest on, found once."""

    def __init__(self, asked: Asked, book: Rulebook, targets: Sequence[TargetRow]) -> None:
        self.asked, self.book = asked, book
        self.names = book.indicators()
        until = asked.period.year if asked.period.is_year else asked.period.year - 1
        self.courses: Mapping[int, Course] = {
            each.target.id: each.judged_at(asked.period.year) for each in courses(targets, until, asked.as_of)
        }
        self.cells = tuple(dict.fromkeys(cell for target in targets for cell in self._cells(target)))
        self.seen: Known = known(self.cells, asked.as_of)

    def sources(self) -> Iterator[str]:
        """Documents that the figures come from."""
        return (fact.source for cell in self.cells for fact in told_facts(self.seen.figure(cell)))

    def line(self, target: TargetRow) -> Line:
        """One target with its level."""
        subject = Subject(target.subject_kind, target.subject_code)
        rule, given, told = self._given(target, subject)
        place = subject.code.partition("/")[0] if subject.code else self.asked.home
        within = self.book.upwards(place, self.asked.period.last_day)
        judgement = judge(rule, Cell(subject, rule.id, self.asked.period), given, within, told)
        required, achieved = (self._printed(each, rule, target) for each in compared(rule.figures, given))
        point = self.courses[target.id].latest
        steps = (*(point.steps if point and rule.id in (ANY, DECLINE) else ()), *steps_of(judgement))
        return Line(
            target=target.id, subject=subject, name=target.subject_name,
            is_whole=target.subject_code == self.asked.home, rule=rule.id, level=judgement.level,
            cause=judgement.cause, last=(self.asked.before or {}).get((target.indicator, subject)),
            required=required, achieved=achieved, unit=_unit(rule, target), steps=steps,
            doubts=_doubts(judgement, told.values()),
        )  # fmt: skip

    def _rules(self, place: str) -> Mapping[str, Rule]:
        return self.book.outlook(self.book.layer_of(place, self.asked.period.last_day)).barometer

    def _given(self, target: TargetRow, subject: Subject) -> tuple[Rule, Mapping[str, Given], Mapping[str, Figure]]:
        """The rule, what it is given, and the figures behind that."""
        rules, told = self._rules(subject.code), {}
        point = self.courses[target.id].latest
        if self.is_intensity(target):
            told = {f"r{cell.period}": self.seen.figure(cell) for cell in self._cells(target)}
            changes = {year: _told(told.get(f"r{year}")) for year in range(_first(target), self.asked.period.year)}
            change = _told(told.get(f"r{self.asked.period}"))
            plan = Period.plan_from(_first(target)) if _first(target) + PLAN_YEARS - 1 == _last(target) else None
            return rules[INTENSITY], intensity_facts(plan, target.value, changes, self.asked.period, change), told
        if Kind(target.kind) is Kind.CAP_INCREMENT and (levels := self._levels(target, told)):
            plan, cap = Period.plan_from(_first(target)), self._in_base_unit(target)
            base = _told(self.seen.figure(Cell(subject, _CONSUMPTION, Period(_first(target) - 1))))
            return rules[TOTAL], total_facts(plan, base, cap, self.asked.period, levels), told
        if Kind(target.kind) is Kind.REDUCTION_RATE and not self._is_logarithmic(target):
            due, reached = _point(point)
            return rules[DECLINE], {"required": due, "achieved": reached}, told
        return rules[ANY], self._level(target, point), told

    def is_intensity(self, target: TargetRow) -> bool:
        """Whether its decline compounds and changes on the year before are counted of it."""
        is_decline = Kind(target.kind) is Kind.REDUCTION_RATE and self._is_logarithmic(target)
        return is_decline and f"{target.indicator}{GROWTH}" in self.names and _first(target) > 0

    def _is_logarithmic(self, target: TargetRow) -> bool:
        name = self.names.get(target.indicator.partition("@")[0])
        return name is not None and name.progress == Path.LOGARITHMIC

    def _level(self, target: TargetRow, point: Point | None) -> Mapping[str, Given]:
        name = self.names.get(target.indicator.partition("@")[0])
        is_cap = Kind(target.kind) in (Kind.CAP_TOTAL, Kind.CAP_INCREMENT, Kind.LEVEL_CAP)
        is_lower = name is not None and name.direction == "lower_is_better" and not tells_rise(target.indicator_name)
        wants_less = is_cap or (is_lower and Kind(target.kind) not in (Kind.REDUCTION_RATE, Kind.REDUCTION_AMOUNT))
        if point is None:
            return {"due": State.MISSING, "reached": State.MISSING, "wants_less": Decimal(wants_less)}
        return level_facts(point, wants_less=wants_less)

    def _cells(self, target: TargetRow) -> tuple[Cell, ...]:
        subject, period, first = Subject(target.subject_kind, target.subject_code), self.asked.period, _first(target)
        if self.is_intensity(target):
            years = (Period(year) for year in range(first, period.year))
            return tuple(Cell(subject, f"{target.indicator}{GROWTH}", each) for each in (*years, period))
        if Kind(target.kind) is Kind.CAP_INCREMENT and _last(target) - first == PLAN_YEARS - 1:
            asked = (Period(first - 1), Period(period.year - 1), period.shifted(-1), period)
            return tuple(Cell(subject, _CONSUMPTION, each) for each in dict.fromkeys(asked))
        return ()

    def _levels(self, target: TargetRow, told: dict[str, Figure]) -> Mapping[str, Told]:
        """Levels of the total; nothing where one of them is not known: then the increments themselves are judged."""
        cells, period = self._cells(target), self.asked.period
        found = {str(cell.period): self.seen.figure(cell) for cell in cells}
        if not found or any(each.value is None for each in found.values()):
            return {}
        told.update(found)
        wanted = {"last": Period(period.year - 1), "before": period.shifted(-1), "actual": period}
        return {name: _told(found[str(each)]) for name, each in wanted.items()}

    def _printed(self, value: Decimal | None, rule: Rule, target: TargetRow) -> Decimal | None:
        """Levels of a total are found in the base unit and printed in that of the target."""
        unit = self.book.units().get(target.unit) if rule.id == TOTAL else None
        return value if value is None or unit is None else value / unit.factor

    def _in_base_unit(self, target: TargetRow) -> Decimal:
        unit = self.book.units().get(target.unit)
        return target.value if unit is None else unit.to_base(target.value)


def _first(target: TargetRow) -> int:
    """The first year of what is promised; 0 where no document says."""
    base = target.base_year or (target.start_year - 1 if target.start_year else None)
    return 0 if base is None else base + 1


def _last(target: TargetRow) -> int:
    dated = target.deadline[:4]
    return int(dated) if dated.isdigit() else target.end_year or 0


def _told(figure: Figure | None) -> Told:
    if figure is None:
        return State.MISSING
    return figure.state if figure.value is None else figure.value


def _point(point: Point | None) -> tuple[Told, Told]:
    """Due and reached."""
    found = (point.due, point.reached) if point else (None, None)
    due, reached = (State.MISSING if each is None else each for each in found)
    return due, reached


def _unit(rule: Rule, target: TargetRow) -> str:
    return "%" if rule.id in (INTENSITY, DECLINE) or Kind(target.kind) is Kind.REDUCTION_RATE else target.unit


def _doubts(judgement: Judgement, told: Iterable[Figure]) -> tuple[Message, ...]:
    """What must be known of a level: of its rule, and of the figures that it rests on."""
    return tuple(dict.fromkeys((*judgement.figure.doubts, *(each for figure in told for each in figure.doubts))))
