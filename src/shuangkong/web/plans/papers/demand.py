"""目标要求: how a responsibility letter says what a target asks for."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal

from shuangkong.core.rounding import rounded
from shuangkong.papers.plans.responsibility_letter import LetterTarget
from shuangkong.plans.cascade.promise import FAMILIES, FROM_BASE
from shuangkong.plans.promise_name import promise_name
from shuangkong.plans.reading import Kind, Nature, Op, Strength
from shuangkong.records.targets.rows import TargetRow
from shuangkong.rulebook import open_rulebook
from shuangkong.web.targets.course import Course

BOUNDS: Mapping[Op, str] = {
    Op.LE: "不超过",
    Op.GE: "不低于",
    Op.EQ: "",
    Op.ABOUT: "约",
    Op.LT: "低于",
    Op.GT: "高于",
}
_STRENGTHS = {Strength.AMBITION.value: "力争", Strength.BASIC.value: "基本"}
_YEAR = re.compile(r"[0-9]{4}")
_PLACES = 2
NATURES = {Nature.BINDING.value: "约束性", Nature.EXPECTED.value: "预期性"}


def year_of(period: str) -> int | None:
    """The one year that a letter's period names (某年度); None where it names several, or none."""
    named = {int(each) for each in _YEAR.findall(period)}
    return named.pop() if len(named) == 1 else None


def letter_target(course: Course, year: int | None) -> LetterTarget:
    """A target as a letter has it: the name says whether it falls or rises, the demand how far and since when, and
    how far by the end of the letter's ``year``.
    """
    row = course.target
    plain, _at, scope = row.indicator.partition("@")
    name = promise_name(row.indicator_name, Kind(row.kind), open_rulebook().indicators().get(plain), scope).zh
    named = name if not scope or scope in name else f"{name}（{scope}）"
    deadline = row.deadline or (str(row.end_year) if row.end_year else "")
    return LetterTarget(named, _demand(row), deadline, NATURES.get(row.nature, ""), _year_demand(course, year))


def _year_demand(course: Course, year: int | None) -> str:
    """不低于5.85%: what is due at the end of a year, as rounded as the target is printed, to two places at least."""
    points = course.progress.points if course.progress else ()
    due = next((each.due for each in points if each.year == year), None)
    if due is None:
        return ""
    row = course.target
    printed = row.value.as_tuple().exponent
    places = max(_PLACES, -printed if isinstance(printed, int) else 0)
    return f"{BOUNDS[Op(row.op)]}{_plain(rounded(due, places))}{row.unit}"


def _plain(value: Decimal) -> str:
    """Without the zeros that rounding left behind."""
    said = f"{value:f}"
    return said.rstrip("0").rstrip(".") if "." in said else said


def _demand(row: TargetRow) -> str:
    """力争不低于14%（以2020年为基期）, 不超过46.3万吨（2020年为48万吨）."""
    figure = f"{_STRENGTHS.get(row.strength, '')}{BOUNDS[Op(row.op)]}{row.value:f}{row.unit}"
    has_base = FAMILIES[Kind(row.kind)] in FROM_BASE
    year = row.base_year or (row.plan_base_year if has_base else None)
    if year is None:
        return figure
    if row.base_value is not None:
        return f"{figure}（{year}年为{row.base_value:f}{row.base_unit}）"
    return f"{figure}（以{year}年为基期）" if has_base else figure
