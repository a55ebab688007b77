"""The way from rows to a target's progress: one target, the figures told of it, the law's schedule → its course."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from django.http import HttpRequest

from shuangkong.core.dated import DatedValue, NotInForce
from shuangkong.core.finding import Message
from shuangkong.plans.reading import Kind, Op
from shuangkong.records.facts import store as facts
from shuangkong.records.facts.rows import Maturity, ObservationRow, State
from shuangkong.records.people.access import Where, may
from shuangkong.records.people.acting import Acting
from shuangkong.records.people.roles import Action
from shuangkong.records.registry import store as registry
from shuangkong.records.targets.rows import TargetRow
from shuangkong.rulebook import Rulebook, open_rulebook
from shuangkong.targets.goal import Actual, Goal, Path, Schedule, Sort
from shuangkong.targets.naming import tells_fall, tells_rise
from shuangkong.targets.period import Period
from shuangkong.targets.progress import DECLINING, Point, Progress, progress
from shuangkong.targets.status import Standing
from shuangkong.targets.trace import Clause
from shuangkong.web.site.access import acting_of
from shuangkong.web.site.scope import scope_of

HUNDRED = Decimal(100)
#: The levels between which percentage points lie.
PER_CENT = "%"
_SETTLED = tuple(Maturity)
#: A deadline that can be measured by; 每年 and the like fall back on the plan's last year.
_YEAR = re.compile(r"[0-9]{4}")


@dataclass(frozen=True, slots=True)
class Course:
    """A target with its progress.

    ``told`` are the figures of its indicator and subject, parts of years among them; ``unfit`` those whose unit does
    not fit. ``counts_fall``: what is counted as progress is a fall (下降率, percentage points promised downwards).
    ``is_hidden``: its figures are not the person's to read.
    """

    target: TargetRow
    progress: Progress | None
    told: tuple[ObservationRow, ...]
    unfit: tuple[ObservationRow, ...]
    counts_fall: bool = False
    is_hidden: bool = False

    @property
    def standing(self) -> Standing:
        return self.progress.standing if self.progress else Standing.NO_DATA

    @property
    def latest(self) -> Point | None:
        return self.progress.latest if self.progress else None

    @property
    def is_verified(self) -> bool:
        """Whether a person has compared every rule that the year judged rests on with its document."""
        steps = self.latest.steps if self.latest else ()
        return all(step.clause is None or step.clause.is_verified for step in steps)

    @property
    def newest(self) -> ObservationRow | None:
        """The least settled of the figures that the year judged rests on: tells the maturity and the as-of day.

        Where nothing is judged, the youngest row told.
        """
        if self.latest is None:
            return max(self.told, key=lambda row: row.period, default=None)
        return self.resting_on(self.latest.year)

    def resting_on(self, year: int) -> ObservationRow | None:
        """The least settled of the figures of a year."""
        rows = [row for row in self.told if row.period == str(year) and row.state is State.VALUE]
        return min((row for row in rows if row not in self.unfit), key=_settled, default=None)

    def judged_at(self, year: int) -> Course:
        """The same course as it stood at the end of one year; without a figure of that year nothing is judged."""
        if self.progress is None:
            return self
        point = next((each for each in self.progress.points if each.year == year and each.reached is not None), None)
        standing = point.standing if point else Standing.NO_DATA
        return replace(self, progress=replace(self.progress, latest=point, standing=standing))


def _settled(row: ObservationRow) -> int:
    return _SETTLED.index(row.maturity)


def courses_of(request: HttpRequest, targets: Sequence[TargetRow]) -> tuple[Course, ...]:
    """Courses as whoever asks may see them, in the period and as of the day that the address names. 2 queries."""
    scope = scope_of(request)
    hidden = hidden_from(acting_of(request), {(target.subject_kind, target.subject_code) for target in targets})
    return courses(targets, scope.year, scope.as_of, hidden)


def hidden_from(by: Acting, subjects: Set[tuple[str, str]]) -> Set[tuple[str, str]]:
    """Subjects whose figures the person may not read: regions go by their place, sectors and units by their plan."""
    if not may(by, Action.ACTUAL_READ):
        return subjects
    paths = registry.paths(code for kind, code in subjects if kind == "region")
    return {
        (kind, code)
        for kind, code in subjects
        if kind == "region" and not may(by, Action.ACTUAL_READ, Where(paths.get(code, "")))
    }


def courses(
    targets: Sequence[TargetRow],
    until: int | None = None,
    as_of: date | None = None,
    hidden: Set[tuple[str, str]] = frozenset(),
) -> tuple[Course, ...]:
    """Courses of many targets with one query.

    Figures later than the year ``until``, told after the day ``as_of`` or of ``hidden`` subjects are not looked at.
    """
    indicators = sorted({target.indicator for target in targets})
    subjects = {(target.subject_kind, target.subject_code) for target in targets} - hidden
    told: dict[tuple[str, str, str], list[ObservationRow]] = {}
    for row in facts.observations(indicators, subjects, as_of) if subjects else ():
        if until is None or Period.parse(row.period).year <= until:
            told.setdefault((row.indicator, row.subject_kind, row.subject_code), []).append(row)
    rulebook = open_rulebook()
    found = (
        course(target, told.get((target.indicator, target.subject_kind, target.subject_code), ()), rulebook)
        for target in targets
    )
    return tuple(
        replace(each, is_hidden=True) if (each.target.subject_kind, each.target.subject_code) in hidden else each
        for each in found
    )


def course(target: TargetRow, told: Iterable[ObservationRow], rulebook: Rulebook) -> Course:
    """One target and the figures of its indicator and subject."""
    rows = tuple(told)
    unit = _level_unit(target, rows)
    goal = _goal(target, unit, rulebook)
    if goal is None:
        return Course(target, None, rows, ())
    whole_years = [row for row in rows if row.state is State.VALUE and Period.parse(row.period).is_year]
    actuals = {row.id: _actual(row, target, unit, rulebook) for row in whole_years}
    known = [actual for actual in actuals.values() if actual is not None]
    unfit = tuple(row for row in whole_years if actuals[row.id] is None)
    schedule = _schedule(goal, _plain_id(target), unit, rulebook)
    counts_fall = goal.kind is Kind.REDUCTION_RATE or (goal.kind is Kind.POINT_GAIN and goal.is_fall)
    return Course(target, progress(goal, known, schedule), rows, unfit, counts_fall)


def _plain_id(target: TargetRow) -> str:
    """One plan may promise an indicator for several scopes: the key is then indicator@scope."""
    return target.indicator.partition("@")[0]


def _goal(target: TargetRow, level_unit: str, rulebook: Rulebook) -> Goal | None:
    """None where the document gives too little to measure by: no year to judge it, or nothing that comes before it."""
    dated = target.deadline[:4]
    end_year = int(dated) if _YEAR.fullmatch(dated) else target.end_year
    base_year = target.base_year or (target.start_year - 1 if target.start_year else None)
    if end_year is None or base_year is None:
        return None
    name = rulebook.indicators().get(_plain_id(target))
    is_lower_better = name is not None and name.direction == "lower_is_better"
    base = target.base_value
    if base is not None:
        base = _converted(base, target.base_unit, level_unit, rulebook)
    late_start = target.start_year if target.start_year and target.start_year > base_year + 1 else None
    return Goal(
        kind=Kind(target.kind),
        op=Op(target.op),
        value=target.value,
        unit=target.unit,
        path=Path(name.progress) if name else Path.LINEAR,
        base_year=base_year,
        end_year=end_year,
        start_year=late_start,
        base_value=base,
        is_lower_better=is_lower_better,
        is_fall=tells_fall(target.indicator_name) or (is_lower_better and not tells_rise(target.indicator_name)),
    )


def _level_unit(target: TargetRow, rows: Sequence[ObservationRow]) -> str:
    """The printed unit that levels are brought to: the target's own; for a rate, that of its base value or figures.

    Percentage points lie between levels in per cent.

    Never a base unit: levels are rounded as printed (吨标准煤/万元 to four places) before a ratio is formed.
    """
    if Kind(target.kind) is Kind.POINT_GAIN:
        return PER_CENT
    if Kind(target.kind) not in DECLINING:
        return target.unit
    return target.base_unit or next((row.unit for row in rows if row.measure == Sort.LEVEL), "")


def _actual(row: ObservationRow, target: TargetRow, level_unit: str, rulebook: Rulebook) -> Actual | None:
    value = row.value
    if value is not None and row.measure in (Sort.LEVEL, Sort.AMOUNT):
        is_points = row.measure is Sort.AMOUNT and Kind(target.kind) is Kind.POINT_GAIN
        value = _converted(value, row.unit, target.unit if is_points else level_unit, rulebook)
    return None if value is None else Actual(int(row.period), row.measure, value)


def _converted(value: Decimal, unit: str, wanted: str, rulebook: Rulebook) -> Decimal | None:
    """``value`` in another printed unit; None where they do not fit."""
    if unit == wanted:
        return value
    known = rulebook.units()
    given = known.get(unit)
    asked = known.get(wanted)
    if given is None or asked is None or asked.unit.id != given.unit.id:
        return None
    return given.to_base(value) / asked.factor


def _schedule(goal: Goal, indicator: str, level_unit: str, rulebook: Rulebook) -> Schedule:
    """What the law of the plan's last year fixes for the indicator and the unit of its levels.

    Where it fixes nothing: equal steps, and nothing rounded away.
    """
    day = date(goal.end_year, 12, 31)
    due = _in_force("targets/due_share", day, indicator, rulebook)
    places = _in_force("targets/intensity_places", day, level_unit, rulebook)
    return Schedule(
        shares=() if due is None else tuple(share / HUNDRED for share in due.numbers),
        due_clause=None if due is None else _clause(due, rulebook),
        intensity_places=None if places is None else int(places.number),
        rounding_clause=None if places is None else _clause(places, rulebook),
    )


def _in_force(parameter: str, day: date, word: str, rulebook: Rulebook) -> DatedValue | None:
    """The parameter's value on a day; None where there is none, or it does not speak of ``word``."""
    try:
        value = rulebook.parameter(parameter, day)
    except NotInForce:
        return None
    return value if value.applies_to(word) else None


def _clause(value: DatedValue, rulebook: Rulebook) -> Clause:
    words = f"{rulebook.sources()[value.source].title} {value.at}".strip()
    return Clause(Message(words, f"{words} (document in Chinese)"), value.is_verified)
