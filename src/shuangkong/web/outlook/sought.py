"""预测什么: of each target, the amount that is forecast, what it is divided by, and the bound it must not miss."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from shuangkong.core.period import Period
from shuangkong.indicators.formula import Formula, Indicator, Shift
from shuangkong.outlook.forecast.ending import Counting
from shuangkong.plans.reading import Kind
from shuangkong.records.targets.rows import TargetRow
from shuangkong.rulebook import Rulebook
from shuangkong.targets.progress import Point
from shuangkong.web.targets.course import Course

_LEVELS = frozenset({Kind.LEVEL_FLOOR, Kind.LEVEL_CAP, Kind.SHARE, Kind.COUNT, Kind.COMPLETION, Kind.POINT_GAIN})
_LESS = frozenset({Kind.CAP_TOTAL, Kind.CAP_INCREMENT, Kind.LEVEL_CAP, Kind.REDUCTION_RATE})


@dataclass(frozen=True, slots=True)
class Sought:
    """What of a target is forecast.

    Attributes:
        amount, product: ids of the figures that are told over time; ``product`` "" where the amount itself is judged.
        base: year of the base.
        end: last year of the promise.
        due: year → what is due by then, in the target's unit.
    """

    target: TargetRow
    amount: str
    product: str
    base: int
    end: int
    due: Mapping[int, Decimal]

    @property
    def kind(self) -> Kind:
        return Kind(self.target.kind)

    @property
    def counting(self) -> Counting:
        return Counting.LAST if self.kind in _LEVELS else Counting.SUM

    @property
    def wants_less(self) -> bool:
        """Whether the bound is a cap on the amount."""
        return self.kind in _LESS

    @property
    def series(self) -> tuple[str, ...]:
        return (self.amount, self.product) if self.product else (self.amount,)

    def bound(self, year: int, base: Decimal | None, product: Decimal | None, factor: Decimal) -> Decimal | None:
        """What the amount is held against in a year, in its base unit; None where something is missing.

        Args:
            base: the amount of the base year (by product: the ratio); product: what is forecast or told of the year.
            factor: how many base units one of the target's unit is.
        """
        due = self.due.get(year)
        if due is None:
            return None
        if self.kind is Kind.REDUCTION_RATE:
            left = None if base is None else base * (1 - due / 100)
            if left is None or (self.product and product is None):
                return None
            return left * product if self.product and product is not None else left
        if self.kind is Kind.CAP_INCREMENT:
            return None if base is None else base + due * factor
        return due * factor

    def said(self, amount: Decimal, base: Decimal | None, product: Decimal | None, factor: Decimal) -> Decimal | None:
        """An amount in the target's own terms: a decline in %, an increment, or the amount, in its unit."""
        if self.kind is Kind.REDUCTION_RATE:
            if base is None or base == 0 or (self.product and not product):
                return None
            figure = amount / product if self.product and product else amount
            return 100 * (1 - figure / base)
        if self.kind is Kind.CAP_INCREMENT:
            return None if base is None else (amount - base) / factor
        return amount / factor


def sought(found: Course, book: Rulebook, rules: Mapping[str, Indicator]) -> Sought | None:
    """None where the target has no path, or is of a kind whose figures are no course (classes, growth, additions)."""
    target = found.target
    kind = Kind(target.kind)
    if found.progress is None or kind in (Kind.STAGE, Kind.GROWTH) or not found.progress.points:
        return None
    plain = target.indicator.partition("@")[0]
    amount, product = plain, ""
    if kind is Kind.CAP_INCREMENT:
        amount = grown_amount(rules.get(plain), found.progress.points[-1].year)
        if not amount:
            return None
    elif kind is Kind.REDUCTION_RATE:
        amount, product = _ratio(rules.get(plain), found.progress.points[-1].year) or (plain, "")
    points = found.progress.points
    base = target.base_year or points[0].year - 1
    return Sought(target, amount, product, base, points[-1].year, dict(_due(points)))


def _due(points: tuple[Point, ...]) -> Iterator[tuple[int, Decimal]]:
    return ((point.year, point.due) for point in points if point.due is not None)


def grown_amount(rule: Indicator | None, year: int) -> str:
    """The amount whose growth since the base year an increment is, by its formula; "" where it is none of that kind."""
    formula = _formula(rule, year)
    taken = () if formula is None else formula.inputs.values()
    before = {each.indicator for each in taken if each.shift is Shift.BASE_YEAR}
    return next((each.indicator for each in taken if each.shift is Shift.SAME and each.indicator in before), "")


def _formula(rule: Indicator | None, year: int) -> Formula | None:
    day = Period(year).last_day
    return next((each for each in (rule.formulas if rule else ()) if each.validity.holds_on(day)), None)


def _ratio(rule: Indicator | None, year: int) -> tuple[str, str] | None:
    """Numerator and denominator of an indicator that is computed as one figure by another."""
    formula = _formula(rule, year)
    if formula is None or formula.expression is None:
        return None
    above, sign, below = (each.strip() for each in formula.expression.text.partition("/"))
    if not sign or above not in formula.inputs or below not in formula.inputs:
        return None
    return formula.inputs[above].indicator, formula.inputs[below].indicator
