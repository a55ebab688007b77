"""不计入的部分: an assessed figure beside the one before exclusions, and what each exclusion moves.

Which exclusions hold when is said by the dated formulas of the assessed indicators alone (policy/national/indicators/
assessed_*.yaml); here they are only taken away one by one. What is taken away is not applicable, so that a ``sum`` of
the formula passes over it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from shuangkong.core.fact import State
from shuangkong.core.finding import Message
from shuangkong.indicators.formula import Formula
from shuangkong.policyfile.expression.given import Told, exact, written
from shuangkong.policyfile.expression.grid import Grid
from shuangkong.policyfile.expression.row import evaluate


@dataclass(frozen=True, slots=True)
class Exclusion:
    """``moves``: how much the assessed figure would be more without it; in the figure's unit, not rounded."""

    indicator: str
    moves: Told


@dataclass(frozen=True, slots=True)
class SideBySide:
    """A figure before and after all exclusions, both at rest on the rule's grid."""

    before: Told
    after: Told
    exclusions: tuple[Exclusion, ...]


def side_by_side(
    formula: Formula,
    told: Mapping[str, Told],
    kept: Collection[str],
    name: Message,
    unit: str,
    grid: Grid | None = None,
) -> SideBySide:
    """Before and after, by a formula that is an expression.

    Args:
        told: name in the formula → figure, parameters among them.
        kept: indicators that are no exclusions (the total, the GDP); every other input is one.

    Raises:
        ValueError: the formula is a named method.
    """
    if formula.expression is None:
        raise ValueError(f"{formula.place}: expected an expression, found the method {formula.method!r}")
    expression = formula.expression
    excluded = tuple(dict.fromkeys(taken.indicator for taken in formula.inputs.values() if taken.indicator not in kept))

    def without(gone: Collection[str], at: Grid | None) -> Told:
        figures = {
            each: State.NOT_APPLICABLE if each in formula.inputs and formula.inputs[each].indicator in gone else figure
            for each, figure in told.items()
        }
        outcome = evaluate(expression, figures, name, unit, at)
        return outcome.state if outcome.value is None else outcome.value

    whole = without((), None)
    lines = (Exclusion(each, _difference(without((each,), None), whole)) for each in excluded)
    return SideBySide(without(excluded, grid), without((), grid), tuple(lines))


def is_exempt_from_total(margin: Told) -> bool | None:
    """激励目标: whether a region whose intensity fell by the incentive target need not answer for its total.

    ``margin``: the decline beyond the incentive target, in per cent; None where it is not known or there is no target.
    """
    return margin >= 0 if isinstance(margin, Decimal) else None


def _difference(without: Told, whole: Told) -> Told:
    if isinstance(without, Decimal) and isinstance(whole, Decimal):
        return written(Fraction(exact(without)) - exact(whole))
    return next(each for each in (without, whole) if isinstance(each, State))
