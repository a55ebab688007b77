"""The way from rows to a target's progress: one target, the figures told of it, the law's schedule → its course."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from shuangkong.core.dated import NotInForce
from shuangkong.plans.reading import Kind, Op
from shuangkong.records.facts import store as facts
from shuangkong.records.facts.rows import Maturity, ObservationRow, State
from shuangkong.records.targets.rows import TargetRow
from shuangkong.rulebook import Rulebook, open_rulebook
from shuangkong.targets.goal import Actual, Goal, Path, Schedule, Sort
from shuangkong.targets.progress import DECLINING, Point, Progress, progress
from shuangkong.targets.status import Standing

HUNDRED = Decimal(100)
_SETTLED = tuple(Maturity)
#: Decimal places beyond what any intensity is printed with.
_UNROUNDED = 12
#: A deadline that can be measured by; 每年 and the like fall back on the plan's last year.
_YEAR = re.compile(r"[0-9]{4}")


@dataclass(frozen=True, slots=True)
class Course:
    """A target with its progress. ``told`` are the figures it rests on, ``unfit`` those whose unit does not fit.

    ``is_verified`` says whether a person has compared the schedule with the document that fixes it.
    """

    target: TargetRow
    progress: Progress | None
    told: tuple[ObservationRow, ...]
    unfit: tuple[ObservationRow, ...]
    is_verified: bool = True

    @property
    def standing(self) -> Standing:
        return self.progress.standing if self.progress else Standing.NO_DATA

    @property
    def latest(self) -> Point | None:
        return self.progress.latest if self.progress else None

    @property
    def newest(self) -> ObservationRow | None:
        """The least settled of the figures that the year judged rests on: tells the maturity and the as-of day.

        Where nothing is judged, the youngest row told.
        """
        if self.latest is None:
            return max(self.told, key=lambda row: row.period, default=None)
        year = str(self.latest.year)
        rows = [row for row in self.told if row.period == year and row.state is State.VALUE and row not in self.unfit]
        return min(rows, key=lambda row: _SETTLED.index(row.maturity), default=None)


def courses(targets: Sequence[TargetRow], until: int | None = None) -> tuple[Course, ...]:
    """Courses of many targets with one query; figures later than the year ``until`` are not looked at."""
    indicators = sorted({target.indicator for target in targets})
    subjects = sorted({(target.subject_kind, target.subject_code) for target in targets})
    told: dict[tuple[str, str, str], list[ObservationRow]] = {}
    for row in facts.observations(indicators, subjects) if targets else ():
        if row.period.isdecimal() and (until is None or int(row.period) <= until):
            told.setdefault((row.indicator, row.subject_kind, row.subject_code), []).append(row)
    rulebook = open_rulebook()
    return tuple(
        course(target, told.get((target.indicator, target.subject_kind, target.subject_code), ()), rulebook)
        for target in targets
    )


def course(target: TargetRow, told: Iterable[ObservationRow], rulebook: Rulebook) -> Course:
    """One target and the figures of its indicator and subject."""
    rows = tuple(told)
    unit = _level_unit(target, rows)
    goal = _goal(target, unit, rulebook)
    if goal is None:
        return Course(target, None, rows, ())
    actuals = {row.id: _actual(row, unit, rulebook) for row in rows if row.state is State.VALUE}
    known = [actual for actual in actuals.values() if actual is not None]
    unfit = tuple(row for row in rows if row.id in actuals and actuals[row.id] is None)
    schedule, is_verified = _schedule(goal, rulebook)
    return Course(target, progress(goal, known, schedule), rows, unfit, is_verified)


def _goal(target: TargetRow, level_unit: str, rulebook: Rulebook) -> Goal | None:
    """None where the document gives too little to measure by: no year to judge it, or nothing that comes before it."""
    dated = target.deadline[:4]
    end_year = int(dated) if _YEAR.fullmatch(dated) else target.end_year
    base_year = target.base_year or (target.start_year - 1 if target.start_year else None)
    if end_year is None or base_year is None:
        return None
    # One plan may promise an indicator for several scopes: the key is then indicator@scope.
    name = rulebook.indicators().get(target.indicator.partition("@")[0])
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
        is_lower_better=name is not None and name.direction == "lower_is_better",
    )


def _level_unit(target: TargetRow, rows: Sequence[ObservationRow]) -> str:
    """The printed unit that levels are brought to: the target's own; for a rate, that of its base value or figures.

    Never a base unit: levels are rounded as printed (吨标准煤/万元 to four places) before a ratio is formed.
    """
    if Kind(target.kind) not in DECLINING:
        return target.unit
    return target.base_unit or next((row.unit for row in rows if row.measure == Sort.LEVEL), "")


def _actual(row: ObservationRow, level_unit: str, rulebook: Rulebook) -> Actual | None:
    value = row.value
    if value is not None and row.measure in (Sort.LEVEL, Sort.AMOUNT):
        value = _converted(value, row.unit, level_unit, rulebook)
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


def _schedule(goal: Goal, rulebook: Rulebook) -> tuple[Schedule, bool]:
    """What the law of the plan's last year fixes, and whether that is verified; where it fixes nothing, equal steps."""
    day = date(goal.end_year, 12, 31)
    try:
        places = rulebook.parameter("targets/intensity_places", day)
    except NotInForce:
        # Plans older than the rule: nothing says how to round, so nothing is rounded away.
        return Schedule(intensity_places=_UNROUNDED), False
    try:
        due = rulebook.parameter("targets/due_share", day)
    except NotInForce:
        return Schedule(intensity_places=int(places.number)), places.is_verified
    source = rulebook.sources()[due.source]
    clause = f"{source.title} {due.at}".strip()
    shares = tuple(share / HUNDRED for share in due.numbers)
    return Schedule(shares, int(places.number), clause), due.is_verified and places.is_verified
