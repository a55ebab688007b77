"""假如: what a year would come to if a project came, a task were late, growth were higher or a factor changed.

Changes are taken in their order, each on top of those before it, with one step of the trace each. Where there is no
forecast to start from, the answer stays open.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from shuangkong.core.fact import Cell, State
from shuangkong.core.finding import Message
from shuangkong.core.period import Period
from shuangkong.core.trace import Figure, Step
from shuangkong.outlook.headroom.commitment import Commitment
from shuangkong.policyfile.expression.given import exact, written
from shuangkong.targets.target import Target

_YEAR = 12
_WITHOUT = Message("预测", "Forecast")
_AS_BEFORE = Message("没有预测，无从测算", "There is no forecast to start from")
_NO_PRODUCT = Message("没有产出预测，增速和强度无从测算", "The product is not forecast: growth and intensity stay open")


@dataclass(frozen=True, slots=True, kw_only=True)
class Prospect:
    """What a target's figure is made of in the year it is judged.

    Attributes:
        cell: of the figure that the target speaks of; its period is a year.
        amount: the forecast amount (energy, tonnes); None where there is no forecast.
        unit: of ``amount``.
        per: unit of the figure where it is the amount by product (an intensity); empty where it is the amount.
        product: what the amount is divided by then (product at constant prices); None where it is not forecast.
        product_unit: of ``product``.
        base: figure of the base year where the target is a decline in %: the figure then is that decline.
    """

    cell: Cell
    amount: Decimal | None
    unit: str
    per: str = ""
    product: Decimal | None = None
    product_unit: str = "CNY"
    base: Decimal | None = None

    def __post_init__(self) -> None:
        if not self.cell.period.is_year:
            raise ValueError(f"{self.cell.period}: expected a year")
        if (self.product is not None and self.product <= 0) or (self.base is not None and self.base <= 0):
            raise ValueError(f"{self.cell.indicator}: a product or base of zero or less; expected more")


@dataclass(frozen=True, slots=True)
class ProjectAdded:
    """新增项目: what it takes, less what it sets free, for the part of the year in which it runs.

    ``known``: the last year whose level is in the forecast already, with the part of it in which the project ran.
    """

    indicator: str
    project: Commitment
    known: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskLate:
    """任务延期: a reduction that was counted on from ``due`` and comes from ``comes`` on.

    Raises:
        ValueError: a reduction below zero, no months, or not late.
    """

    indicator: str
    task: str
    reduction: Decimal
    due: Period
    comes: Period

    def __post_init__(self) -> None:
        if self.reduction < 0:
            raise ValueError(f"{self.task}: reduction {self.reduction}: expected the tonnes of a full year")
        if self.due.months != 1 or self.comes.months != 1 or self.comes.first_month < self.due.first_month:
            raise ValueError(f"{self.task}: due {self.due}, comes {self.comes}: expected two months, the later second")


@dataclass(frozen=True, slots=True, kw_only=True)
class GrowthHigher:
    """增速变化: product grows by ``points`` percentage points more (less where negative) than forecast in the year.

    Attributes:
        growth_pct: the growth that the forecast rests on.
        elasticity: by how many % the amount grows with 1 % of product; 0: it does not.
    """

    growth_pct: Decimal
    points: Decimal
    elasticity: Decimal

    def __post_init__(self) -> None:
        if self.growth_pct <= -100 or self.growth_pct + self.points <= -100:
            raise ValueError(f"growth {self.growth_pct} % and {self.points} points: expected above −100 %")


@dataclass(frozen=True, slots=True)
class FactorChanged:
    """系数变化: the part ``amount`` was reckoned by the factor ``former`` and is reckoned anew by ``present``.

    ``name``: as a person would cite the factor. Raises ValueError where the former is zero.
    """

    indicator: str
    name: str
    amount: Decimal
    former: Decimal
    present: Decimal

    def __post_init__(self) -> None:
        if not self.former:
            raise ValueError(f"{self.name}: a former factor of zero; expected another")


type Change = ProjectAdded | TaskLate | GrowthHigher | FactorChanged


@dataclass(frozen=True, slots=True)
class Effect:
    """On one target. None and MISSING where there is no forecast to start from.

    Attributes:
        before, after: the figure without and with the changes.
        difference: after − before, in the unit of the figure.
        was_met, is_met: whether the forecast itself fulfils the target; its probability is asked with the bound moved
            by the difference.
    """

    before: Figure
    after: Figure
    difference: Decimal | None
    was_met: bool | None
    is_met: bool | None


@dataclass(frozen=True, slots=True)
class _Course:
    """The amount and the product so far, exactly, with the steps that led there."""

    amount: Fraction | None
    product: Fraction | None
    steps: tuple[Step, ...] = ()


def effects(
    prospects: Mapping[str, Prospect], targets: Mapping[str, Target], changes: Iterable[Change]
) -> dict[str, Effect]:
    """Key of a target → what the changes do to it. Keys of targets are those of prospects.

    Raises:
        KeyError: a target without a prospect.
    """
    held = tuple(changes)
    return {key: effect(prospects[key], target, held) for key, target in targets.items()}


def effect(prospect: Prospect, target: Target, changes: Iterable[Change]) -> Effect:
    """What changes do to one target; those that speak of another indicator leave it as it is."""
    start = _Course(
        None if prospect.amount is None else exact(prospect.amount),
        None if prospect.product is None else exact(prospect.product),
    )
    course = start
    for change in changes:
        course = _changed(course, prospect, change)
    before, after = _figure(prospect, start), _figure(prospect, course)
    difference = None
    if before.value is not None and after.value is not None:
        difference = written(exact(after.value) - exact(before.value))
    met = [None if each.value is None else target.is_met(each.value) for each in (before, after)]
    return Effect(before, after, difference, *met)


def _changed(course: _Course, prospect: Prospect, change: Change) -> _Course:
    if isinstance(change, GrowthHigher):
        return _grown(course, prospect, change)
    if course.amount is None or change.indicator != prospect.cell.indicator:
        return course
    year = prospect.cell.period.year
    shown: tuple[tuple[str, Decimal], ...]
    match change:
        case ProjectAdded(project=project, known=known):
            added = project.added(year, known)
            name = Message(f"新增项目 {project.project}", f"Project {project.project}")
            formula = "E′ = E + (全年量 − 腾出量) × (当年运行份额 − 已含份额)"
            shown = (("全年量", project.amount), ("腾出量", project.released))
            shares = (("当年运行份额", project.share(year)), ("已含份额", project.share(known)))
            shown = (*shown, *((label, written(share)) for label, share in shares))
        case TaskLate():
            months = _months_lost(change, year)
            added = exact(change.reduction) * Fraction(months, _YEAR)
            name = Message(f"任务延期 {change.task}", f"Late: {change.task}")
            formula = "E′ = E + 全年减量 × 延误月数 ÷ 12"
            shown = (("全年减量", change.reduction), ("延误月数", Decimal(months)))
        case FactorChanged():
            added = exact(change.amount) * (exact(change.present) / exact(change.former) - 1)
            name = Message(f"系数变化 {change.name}", f"Factor {change.name}")
            formula = "E′ = E + 按原系数计的量 × (新系数 ÷ 原系数 − 1)"
            shown = (("按原系数计的量", change.amount), ("原系数", change.former), ("新系数", change.present))
    shown = (("E", written(course.amount)), *shown)
    return _stepped(course, course.amount + added, Step(name, formula, shown, None, prospect.unit))


def _months_lost(late: TaskLate, year: int) -> int:
    """Months of the year in which the reduction was counted on and does not come."""
    first, last = year * _YEAR, (year + 1) * _YEAR
    return max(min(late.comes.first_month, last) - max(late.due.first_month, first), 0)


def _grown(course: _Course, prospect: Prospect, change: GrowthHigher) -> _Course:
    """Product and, by its elasticity, the amount: both as they would be had the year grown otherwise."""
    was = 1 + exact(change.growth_pct) / 100
    ratio = (was + exact(change.points) / 100) / was
    shown: tuple[tuple[str, Decimal], ...] = (("g", change.growth_pct), ("Δg", change.points), ("ε", change.elasticity))
    name = Message("增速变化", "Growth changes")
    if course.product is not None:
        product = course.product * ratio
        grown = (("G", written(course.product)), *shown[:2])
        formula = "G′ = G × (1 + g + Δg) ÷ (1 + g)"
        step = Step(name, formula, grown, written(product), prospect.product_unit)
        course = replace(course, product=product, steps=(*course.steps, step))
    if course.amount is None or change.elasticity == 0:
        return course
    amount = course.amount * (1 + exact(change.elasticity) * (ratio - 1))
    shown = (("E", written(course.amount)), *shown)
    return _stepped(course, amount, Step(name, "E′ = E × [1 + ε·(G′ ÷ G − 1)]", shown, None, prospect.unit))


def _stepped(course: _Course, amount: Fraction, step: Step) -> _Course:
    return replace(course, amount=amount, steps=(*course.steps, replace(step, value=written(amount))))


def _figure(prospect: Prospect, course: _Course) -> Figure:
    """The figure the target speaks of: the amount, the amount by product, or the decline since the base year in %."""
    if course.amount is None:
        return Figure(prospect.cell, State.MISSING, None, _unit(prospect), doubts=(_AS_BEFORE,))
    if prospect.per and course.product is None:
        return Figure(prospect.cell, State.MISSING, None, _unit(prospect), steps=course.steps, doubts=(_NO_PRODUCT,))
    value, steps = course.amount, [Step(_WITHOUT, "E", (), prospect.amount, prospect.unit), *course.steps]
    if course.product is not None:
        shown = (("E", written(value)), ("G", written(course.product)))
        value /= course.product
        steps.append(Step(Message("强度", "Intensity"), "e = E ÷ G", shown, written(value), prospect.per))
    if prospect.base is not None:
        shown = (("e", written(value)), ("e₀", prospect.base))
        value = (1 - value / exact(prospect.base)) * 100
        steps.append(Step(Message("比基年下降", "Decline since the base year"), "D = (1 − e ÷ e₀) × 100", shown,
                          written(value), "%"))  # fmt: skip
    return Figure(prospect.cell, State.VALUE, written(value), _unit(prospect), steps=tuple(steps))


def _unit(prospect: Prospect) -> str:
    return "%" if prospect.base is not None else prospect.per or prospect.unit
