"""从目标行到算式: a target of a plan and the law of its last year → what progress arithmetic takes."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

from shuangkong.core.dated import DatedValue, NotInForce
from shuangkong.core.finding import Message
from shuangkong.core.trace import Clause
from shuangkong.plans.reading import Kind, Op
from shuangkong.records.targets.rows import TargetRow
from shuangkong.rulebook import Rulebook
from shuangkong.targets.goal import Goal, Path, Schedule
from shuangkong.targets.naming import tells_fall, tells_rise
from shuangkong.targets.progress import Point, progress

HUNDRED = Decimal(100)
#: A deadline that can be measured by; 每年 and the like fall back on the plan's last year.
_YEAR = re.compile(r"[0-9]{4}")


def plain_id(target: TargetRow) -> str:
    """One plan may promise an indicator for several scopes: the key is then indicator@scope."""
    return target.indicator.partition("@")[0]


def goal_of(target: TargetRow, level_unit: str, rulebook: Rulebook) -> Goal | None:
    """None where the document gives too little to measure by: no year to judge it, or nothing that comes before it."""
    dated = target.deadline[:4]
    end_year = int(dated) if _YEAR.fullmatch(dated) else target.end_year
    base_year = target.base_year or (target.start_year - 1 if target.start_year else None)
    if end_year is None or base_year is None:
        return None
    name = rulebook.indicators().get(plain_id(target))
    is_lower_better = name is not None and name.direction == "lower_is_better"
    base = target.base_value
    if base is not None:
        base = converted(base, target.base_unit, level_unit, rulebook)
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
        given=target.assigned.dues if target.assigned else {},
    )


def converted(value: Decimal, unit: str, wanted: str, rulebook: Rulebook) -> Decimal | None:
    """``value`` in another printed unit; None where they do not fit."""
    if unit == wanted:
        return value
    known = rulebook.units()
    given = known.get(unit)
    asked = known.get(wanted)
    if given is None or asked is None or asked.unit.id != given.unit.id:
        return None
    return given.to_base(value) / asked.factor


def schedule_of(goal: Goal, indicator: str, level_unit: str, rulebook: Rulebook) -> Schedule:
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


def course_due(target: TargetRow, rulebook: Rulebook) -> tuple[Point, ...]:
    """What a target asks year by year, whatever was reached; nothing where it has no course."""
    goal = goal_of(target, target.base_unit, rulebook)
    if goal is None:
        return ()
    found = progress(goal, (), schedule_of(goal, plain_id(target), target.base_unit, rulebook))
    return found.points if found else ()
