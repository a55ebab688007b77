"""地区加权下降率: what the declines of the parts come to for the whole, when the parts also grow at different pace.

``D = 1 − [Σ E0(1+g)(1−D)/ΣE0] / [Σ Y0(1+g)/ΣY0]``: growth shifts the structure; a whole may decline less than each of
its parts. Exact.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from shuangkong.core.finding import Message
from shuangkong.indicators.methods.given import Asked, Given, Series, lack_in, number, series
from shuangkong.policyfile.expression.given import Lack, written
from shuangkong.policyfile.expression.row import Outcome

_FORMULA = "D = 1 - (Σ E0 (1 + g)(1 - d) / Σ E0) / (Σ Y0 (1 + g) / Σ Y0)"
_NAMES = ("consumption", "gdp", "growth", "decline")


def weighted_decline(given: Mapping[str, Given], name: Message, unit: str) -> Outcome:
    """Of ``consumption`` and ``gdp`` in the base year, ``growth`` of GDP and ``decline`` since then (per cent).

    All four are series over the same parts; a part that lacks one of them leaves the whole without a figure.
    """
    asked = Asked(name, _FORMULA, unit)
    columns = {each: series(given, each) for each in _NAMES}
    parts = tuple(columns["consumption"])
    if any(set(column) != set(parts) for column in columns.values()):
        return asked.lacking(Lack.MISSING)
    lack = lack_in(figure for column in columns.values() for figure in column.values())
    if lack is not None:
        return asked.lacking(lack)
    consumption, gdp, growth, decline = (_numbers(columns[each], parts) for each in _NAMES)
    grown = [1 + each / 100 for each in growth]
    energy = sum((e * g * (1 - d / 100) for e, g, d in zip(consumption, grown, decline, strict=True)), Fraction(0))
    output = sum((y * g for y, g in zip(gdp, grown, strict=True)), Fraction(0))
    for divisor, amount in (("ΣE0", sum(consumption)), ("ΣY0", sum(gdp)), ("ΣY0(1 + g)", output)):
        if amount == 0:
            return asked.lacking(Lack.UNDEFINED, divisor)
    whole = 1 - (energy / sum(consumption)) / (output / sum(gdp))
    shown = ((f"{each}[{part}]", figure) for each in _NAMES for part, figure in columns[each].items())
    return asked.result(written(100 * whole), shown)


def _numbers(column: Series, parts: tuple[str, ...]) -> tuple[Fraction, ...]:
    return tuple(number(column[part]) for part in parts)
