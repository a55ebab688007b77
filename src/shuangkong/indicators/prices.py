"""可比价衔接: figures at the prices of one year, so that years told at the prices of different ones can be compared.

A plain indicator at constant prices (``gdp_constant``) tells a year at the prices of the base year of its plan;
``gdp_constant@<base>`` is the same at the prices of that base year. Told for the base year itself it is the link: there
the old plan's last figure and the new plan's first stand side by side, and every older figure is worth their ratio more
(国民经济核算: 不变价基期每五年更换，以新基期年的两种价格衔接). Growth within a plan stays that of the figures told.

Formulas that look back across a base year take what they need at the prices of the year computed: here their rules are
written out, plan by plan, so that whoever computes, traces or recomputes knows nothing of prices.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from shuangkong.core.dated import Validity
from shuangkong.core.fact import Measure
from shuangkong.core.finding import Message
from shuangkong.core.period import Period
from shuangkong.indicators.formula import Formula, Indicator, Input, RoundingRule, Shift
from shuangkong.policyfile.expression import parse

#: Between an indicator and the year whose prices it is at.
AT_PRICES_OF = "@"
_YEARS_OF_A_PLAN = 5
_BASE = re.compile(r"@[0-9]{4}$")
_FACTORS = re.compile(r"[/*·]")
_LINKED = parse("amount * after / before")
_LOOKING_BACK = frozenset({Shift.YEAR_BEFORE, Shift.BASE_YEAR})


def at_prices(indicator: str, base: int) -> str:
    """Id of an indicator at the prices of a year."""
    return f"{indicator}{AT_PRICES_OF}{base}"


def plain_id(indicator: str) -> str:
    """Id of the indicator whose rule stands in a policy file."""
    return _BASE.sub("", indicator)


def is_at_prices(indicator: str) -> bool:
    """Whether an id names the year whose prices it is at."""
    return _BASE.search(indicator) is not None


def is_link(rule: Indicator, period: Period) -> bool:
    """Whether a figure is the one in which two base years meet: of the base year itself, whole, at its own prices."""
    return rule.is_at_constant_prices and rule.at_prices_of == period.year and period.is_year


def unlinked(rule: Indicator, period: Period) -> Message:
    """Why what rests on a link is missing where nobody told it."""
    key = rule.id
    return Message(
        f"没有录入{period}年的{rule.zh}（{key}），以前按旧基年价格计算的数不能与以后的相比",
        f"nobody told {rule.en} ({key}) of {period}: figures at the prices before cannot be compared with later ones",
    )


@dataclass(frozen=True, slots=True)
class _Plan:
    """Years ``first`` to ``last``, told at the prices of ``base``."""

    base: int
    first: int
    last: int

    @classmethod
    def from_start(cls, first: int) -> _Plan:
        return cls(first - 1, first, first + _YEARS_OF_A_PLAN - 1)


def with_prices(rules: Mapping[str, Indicator], starts: Iterable[int]) -> dict[str, Indicator]:
    """The rules, those that look back across base years written out, and every priced one at the prices of each.

    Args:
        starts: first years of the five-year plans.
    """
    plans = tuple(map(_Plan.from_start, sorted(starts)))
    priced = priced_ids(rules)
    found = {key: _looking_back(rule, plans, priced) for key, rule in rules.items()}
    for key in sorted(priced):
        for place, plan in enumerate(plans):
            made = _at(rules[key], plan.base, plans[:place], priced)
            found[made.id] = made
    return found


def priced_ids(rules: Mapping[str, Indicator]) -> frozenset[str]:
    """Indicators at constant prices, and those made of them that are still told in money, or per unit of it."""
    found = {key for key, rule in rules.items() if rule.is_at_constant_prices}
    money = {rules[key].unit for key in found}
    waiting = True
    while waiting:
        more = {
            key
            for key, rule in rules.items()
            if key not in found and money & set(_FACTORS.split(rule.unit)) and _takes(rule, found)
        }
        found |= more
        waiting = bool(more)
    return frozenset(found)


def _takes(rule: Indicator, priced: set[str]) -> bool:
    return any(_is_priced(taken, priced) for formula in rule.formulas for taken in formula.inputs.values())


def _is_priced(taken: Input, priced: Iterable[str]) -> bool:
    """Rates of change are free of prices."""
    return taken.measure is Measure.LEVEL and taken.indicator in priced


def _looking_back(rule: Indicator, plans: Sequence[_Plan], priced: frozenset[str]) -> Indicator:
    """The rule as it stands, where none of its formulas takes a priced figure of a plan before."""
    formulas = tuple(each for formula in rule.formulas for each in _by_plan(formula, plans, priced))
    return rule if formulas == rule.formulas else replace(rule, formulas=formulas)


def _by_plan(formula: Formula, plans: Sequence[_Plan], priced: frozenset[str]) -> Iterator[Formula]:
    """One formula for each time within which everything that it takes is at the same prices as it stands."""
    back = {taken.shift for taken in formula.inputs.values() if _is_priced(taken, priced)} & _LOOKING_BACK
    if not back:
        yield formula
        return
    edges = sorted({year for plan in plans for year in (plan.first, plan.first + 1, plan.last + 1)})
    starts = (date.min, *(date(year, 1, 1) for year in edges))
    untils = (*(date(year - 1, 12, 31) for year in edges), None)
    for first, last in zip(starts, untils, strict=True):
        validity = _both(formula.validity, Validity(first, last))
        plan = next((each for each in plans if each.first <= first.year <= each.last), None)
        if validity is not None and plan is None:
            yield replace(formula, validity=validity)
        elif validity is not None and plan is not None:
            # The year before lies in the plan before when the plan's first year is computed.
            shifts = _LOOKING_BACK if first.year == plan.first else {Shift.BASE_YEAR}
            yield replace(formula, validity=validity, inputs=_inputs_at(formula, plan.base, priced, shifts))


def _inputs_at(formula: Formula, base: int, priced: Iterable[str], shifts: Iterable[Shift]) -> dict[str, Input]:
    """Its inputs, those that are priced and taken by one of these shifts at the prices of ``base``."""
    wanted = frozenset(shifts)
    return {
        name: replace(taken, indicator=at_prices(taken.indicator, base))
        if taken.shift in wanted and _is_priced(taken, priced)
        else taken
        for name, taken in formula.inputs.items()
    }


def _at(rule: Indicator, base: int, before: Sequence[_Plan], priced: frozenset[str]) -> Indicator:
    """A priced indicator at the prices of ``base``, of the years of the plans up to it; told figures count first."""
    end = date(base, 12, 31)
    if rule.is_at_constant_prices:
        formulas = tuple(_linked(rule.id, plan, base, before) for plan in before)
        rounding = RoundingRule(None, rule.rounding.published, rule.rounding.rule)
    else:
        ended = ((each, _both(each.validity, Validity(date.min, end))) for each in rule.formulas)
        formulas = tuple(
            replace(each, validity=validity, inputs=_inputs_at(each, base, priced, Shift))
            for each, validity in ended
            if validity
        )
        rounding = rule.rounding
    return replace(
        rule,
        id=at_prices(rule.id, base),
        zh=f"{rule.zh}·{base}年价格",
        en=f"{rule.en}, prices of {base}",
        formulas=formulas,
        rounding=rounding,
        roles=(),
        at_prices_of=base,
    )


def _linked(indicator: str, plan: _Plan, base: int, before: Sequence[_Plan]) -> Formula:
    """What was told in a plan, at the prices of ``base``: as at those of the base year before it, times the link."""
    older = before[-1].base
    amount = indicator if plan.base == older else at_prices(indicator, older)
    return Formula(
        validity=Validity(date(plan.first, 1, 1), date(plan.last, 12, 31)),
        inputs={
            "amount": Input(amount),
            "after": Input(at_prices(indicator, base), year=base),
            "before": Input(indicator, year=base),
        },
        expression=_LINKED,
        source="plan-genre",
        at=f"可比价衔接：{base}年分别按{base}年价格和按{older}年价格的数之比",
    )


def _both(one: Validity, other: Validity) -> Validity | None:
    """The days in both."""
    ends = [each.until for each in (one, other) if each.until is not None]
    starts, until = max(one.starts, other.starts), min(ends, default=None)
    return None if until is not None and until < starts else Validity(starts, until)
