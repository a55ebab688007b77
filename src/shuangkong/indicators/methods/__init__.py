"""具名方法: computations that one line cannot say, looked up by the name that a policy file writes under ``method``.

A method takes what stands for each name of its formula, inputs and parameters alike: a figure or, where the input is
of several years or parts, a series. It yields what an expression yields, in the unit of its indicator, unrounded.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from shuangkong.core.finding import Message
from shuangkong.core.trace import Step
from shuangkong.indicators.methods import compounding, preference, regions
from shuangkong.indicators.methods.given import Given, Method, NotForMethod
from shuangkong.policyfile.expression.given import exact
from shuangkong.policyfile.expression.grid import Grid
from shuangkong.policyfile.expression.row import Outcome

#: Every method by its name in policy; docs/methods has a page for each.
METHODS: Mapping[str, Method] = {
    "annual_effort": compounding.annual_effort,
    "annual_path": compounding.annual_path,
    "cumulative_decline": compounding.cumulative_decline,
    "first_known": preference.first_known,
    "logarithmic_progress": compounding.logarithmic_progress,
    "remaining_effort": compounding.remaining_effort,
    "weighted_decline": regions.weighted_decline,
}
_ROUNDING = Message("修约", "Rounding")

__all__ = ["METHODS", "Given", "Method", "NotForMethod", "compute"]


def compute(method: str, given: Mapping[str, Given], name: Message, unit: str, grid: Grid | None = None) -> Outcome:
    """What a named method yields for one subject and period, at rest on ``grid``; the twin of ``evaluate``.

    Args:
        given: name in the formula → figure, or series by period or by code of the part, in the inputs' own units.

    Raises:
        KeyError: there is no such method.
        NotForMethod: an input that it needs is not given, or is one figure where it takes a series.
    """
    outcome = METHODS[method](given, name, unit)
    if grid is None or outcome.value is None:
        return outcome
    rounded = grid.rounded(exact(outcome.value))
    text = f"round(x / {grid.factor:f}, {grid.places}) * {grid.factor:f}"
    step = Step(_ROUNDING, text, (("x", outcome.value),), rounded, unit)
    return replace(outcome, value=rounded, steps=(*outcome.steps, step))
