"""假如: what was typed into the panel → changes of the forecast, and what they do to each target."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

import numpy as np

from shuangkong.core.fact import Cell, Subject
from shuangkong.core.finding import Message
from shuangkong.core.period import Period
from shuangkong.core.trace import Step
from shuangkong.outlook.forecast.ending import chance_of_missing
from shuangkong.outlook.forecast.whatif import (
    Change,
    FactorChanged,
    GrowthHigher,
    ProjectAdded,
    Prospect,
    TaskLate,
    effect,
)
from shuangkong.outlook.headroom.amount import number_told
from shuangkong.outlook.headroom.commitment import Commitment
from shuangkong.plans.reading import Kind, Op
from shuangkong.records.refusal import Refused
from shuangkong.rulebook import Rulebook
from shuangkong.targets.target import Extent, Target
from shuangkong.web.outlook.foreseen import End, Outlook

_PER_YEAR = 100
_BRIEF = 40
#: The fields of the panel, as a refusal names them.
_FIELDS = {
    "project_amount": Message("新增项目全年量", "Full year of the project"),
    "project_released": Message("新增项目腾出量", "Set free by the project"),
    "project_starts": Message("投产月份", "Month it starts"),
    "late_reduction": Message("延期任务全年减量", "Full-year reduction of the late task"),
    "late_due": Message("原定月份", "Month first set"),
    "late_comes": Message("推迟到", "Put off to"),
    "growth_pct": Message("原定增速", "Growth first set"),
    "growth_points": Message("增加百分点", "Points more"),
    "elasticity": Message("能耗弹性", "Elasticity"),
    "factor_amount": Message("按原系数计的量", "Amount by the former factor"),
    "factor_former": Message("原系数", "Former factor"),
    "factor_present": Message("新系数", "New factor"),
}


@dataclass(frozen=True, slots=True)
class Supposed:
    """What changes do to one target at the end of the plan, in the target's own terms.

    Attributes:
        before, after: of the figure; chance_before, chance_after: of missing it.
        steps: how the amount, the product and the figure come about.
    """

    outlook: Outlook
    before: Decimal | None
    after: Decimal | None
    chance_before: float | None
    chance_after: float | None
    steps: tuple[Step, ...]


def changes_of(told: Mapping[str, str], known: int, units: Mapping[str, Decimal]) -> tuple[Change, ...]:
    """What a form says; what is left out changes nothing.

    Args:
        known: the last year whose level is in the forecast.
        units: indicator → how many base units one of the unit on the page is.

    Raises:
        Refused: OUT-401 a number or month does not read, or makes no sense.
    """
    try:
        return tuple(_changes(told, known, units))
    except Refused:
        raise
    except ValueError as fault:
        zh = "假如的内容不成立：减量和数量不小于零，推迟后的月份不早于原定月份，增速高于 −100%，原系数不为零。请改正。"
        en = ("What is supposed cannot be: amounts are zero or more, a late month is not before the first one, growth "
              "is above −100 %, a former factor is not zero. Correct it.")  # fmt: skip
        raise Refused("OUT-401", zh, en, "suppose") from fault


def _changes(told: Mapping[str, str], known: int, units: Mapping[str, Decimal]) -> Iterable[Change]:
    of = told.get("of_amount", "")
    unit = units.get(of)
    if unit is not None and _told(told, "project_amount"):
        project = Commitment(
            project=told.get("project", ""), amount=_number(told, "project_amount") * unit,
            released=_number(told, "project_released") * unit, starts=_month(told, "project_starts"),
        )  # fmt: skip
        yield ProjectAdded(of, project, known)
    if unit is not None and _told(told, "late_reduction"):
        yield TaskLate(
            indicator=of, task=told.get("late", ""), reduction=_number(told, "late_reduction") * unit,
            due=_month(told, "late_due"), comes=_month(told, "late_comes"),
        )  # fmt: skip
    if _told(told, "growth_points"):
        yield GrowthHigher(
            growth_pct=_number(told, "growth_pct"), points=_number(told, "growth_points"),
            elasticity=_number(told, "elasticity"),
        )  # fmt: skip
    if unit is not None and _told(told, "factor_amount"):
        yield FactorChanged(
            of, told.get("factor", ""), _number(told, "factor_amount") * unit, _number(told, "factor_former"),
            _number(told, "factor_present"),
        )  # fmt: skip


def _told(told: Mapping[str, str], key: str) -> bool:
    return bool(told.get(key, "").strip())


def _number(told: Mapping[str, str], key: str) -> Decimal:
    text = told.get(key, "").strip() or "0"
    try:
        return number_told(text)
    except ValueError as fault:
        zh = f"“{_FIELDS[key].zh}”应为一个数，整数和小数各不超过 15 位，实为“{text[:_BRIEF]}”。请改正。"
        en = f"{_FIELDS[key].en}: expected a number of at most 15 digits on either side, found “{text[:_BRIEF]}”."
        raise Refused("OUT-401", zh, en, key) from fault


def _month(told: Mapping[str, str], key: str) -> Period:
    text = told.get(key, "").strip()
    try:
        found = Period.parse(text)
    except ValueError:
        found = None
    if found is None or found.months != 1:
        zh = f"“{_FIELDS[key].zh}”应为一个月，写成 YYYY-07，实为“{text[:_BRIEF]}”。请改正。"
        raise Refused(
            "OUT-401", zh, f"{_FIELDS[key].en}: expected a month such as YYYY-07, found “{text[:_BRIEF]}”.", key
        )
    return found


def supposed(subject: Subject, found: Outlook, changes: Sequence[Change], of: str, book: Rulebook) -> Supposed:
    """Where nothing is forecast, the answer stays open. ``of``: the amount whose elasticity to growth was told."""
    end = found.plan_end
    if end is None or end.amount is None:
        return Supposed(found, None, None, None, None, ())
    sought, cell = found.sought, Cell(subject, found.sought.amount, Period(end.year))
    amounts = Prospect(cell=cell, amount=end.amount, unit=_unit(book, sought.amount), product=end.product)
    whole = Target(
        subject=subject, indicator=sought.amount, kind=Kind.CAP_TOTAL, extent=Extent.AMOUNT, value=Decimal(0),
        unit=amounts.unit, op=Op.LE, base_year=sought.base, end_year=end.year,
    )  # fmt: skip
    moved = effect(replace(amounts, product=None), whole, [_of(sought.amount, of, each) for each in changes])
    product = _product(end, changes)
    unit = book.units().get(sought.target.unit)
    factor = Decimal(1) if unit is None else unit.factor
    amount = moved.after.value
    after = None if amount is None else sought.said(amount, found.base, product, factor)
    bound = sought.bound(end.year, found.base, product, factor)
    steps = (*moved.after.steps, *_last_step(found, end, after))
    return Supposed(found, end.value, after, end.chance, _chance(found, end, amount, bound), steps)


def _of(amount: str, of: str, change: Change) -> Change:
    """Growth moves the amount whose elasticity was told; of any other no elasticity is known."""
    if isinstance(change, GrowthHigher) and amount != of:
        return replace(change, elasticity=Decimal(0))
    return change


def _product(end: End, changes: Iterable[Change]) -> Decimal | None:
    """What is divided by, had growth been otherwise."""
    product = end.product
    for change in changes:
        if isinstance(change, GrowthHigher) and product is not None:
            was = 1 + change.growth_pct / _PER_YEAR
            product *= (was + change.points / _PER_YEAR) / was
    return product


def _chance(found: Outlook, end: End, amount: Decimal | None, bound: Decimal | None) -> float | None:
    """The probability with the forecast moved and its errors as they are."""
    ending = found.series.at_end(found.sought, end.year)
    if ending is None or amount is None or bound is None:
        return None
    moved = replace(ending, values=np.array([float(amount)]))
    chance = float(chance_of_missing(moved, np.array([float(bound)]), np.array([found.sought.wants_less]))[0])
    return None if np.isnan(chance) else chance


def _last_step(found: Outlook, end: End, after: Decimal | None) -> tuple[Step, ...]:
    if after is None:
        return ()
    name = Message("折成目标的口径", "In the target's own terms")
    shown = (("应达到", end.due),) if end.due is not None else ()
    return (Step(name, "", shown, after, found.sought.target.unit),)


def _unit(book: Rulebook, indicator: str) -> str:
    rule = book.every_rule().get(indicator)
    return rule.unit if rule else ""
