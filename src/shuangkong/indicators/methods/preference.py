"""择优取数: of several figures for the same thing the first that is there, in the order of the formula."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from shuangkong.core.fact import State
from shuangkong.core.finding import Message
from shuangkong.indicators.methods.given import Asked, Given, figure
from shuangkong.policyfile.expression.given import Lack
from shuangkong.policyfile.expression.row import Outcome


def first_known(given: Mapping[str, Given], name: Message, unit: str) -> Outcome:
    """The first of the inputs that is a figure, in the order of the formula; they share one unit.

    GB/T 2589: a measured heating value before what the supplier states before the default of the annex. Without any it
    is missing, however they lack; it does not apply only where none of them does. It rests on the one taken alone: what
    is doubtful about the others is no doubt of its own; the step names those that were tried before it.
    """
    told = {each: figure(given, each) for each in given}
    text = " → ".join(told)
    for each, found in told.items():
        if isinstance(found, Decimal):
            others = (other for other in told if other != each)
            return Asked(name, f"{text}: {each}", unit).result(found, ((each, found),), others)
    is_none = bool(told) and all(found is State.NOT_APPLICABLE for found in told.values())
    return Asked(name, text, unit).lacking(Lack.NOT_APPLICABLE if is_none else Lack.MISSING)
