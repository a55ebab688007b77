"""测算: from what was told to the figures that a rule compares, each with its step.

A rule names the figures it compares (``required``, ``achieved``); a set says how they follow from promises, years and
levels. Whoever has a figure at hand (an annual task of a document) tells it by its name, and it is taken as told.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from shuangkong.core.fact import State
from shuangkong.core.finding import Message
from shuangkong.core.trace import Step
from shuangkong.indicators.methods.compounding import decline_by, left_after
from shuangkong.policyfile.expression.given import Told, exact, written

#: One figure, or one a year, the earliest first.
type Given = Told | tuple[Told, ...]
#: The name of what is computed, its formula, its unit, and what it takes, in the order of the formula.
type Computation = Callable[..., Fraction | Decimal | None]
HUNDRED = 100


class NotGiven(ValueError):
    """A name that the set does not know."""


@dataclass(frozen=True, slots=True)
class Aspect:
    """One figure of a set.

    Attributes:
        takes: names of what it is computed from: inputs, or aspects that stand before it; empty: it can only be told.
        compute: over exact fractions (a series: a tuple of them); None where it has no value.
    """

    name: Message
    unit: str
    formula: str = ""
    takes: tuple[str, ...] = ()
    compute: Computation | None = None


@dataclass(frozen=True, slots=True)
class Figures:
    """What a rule compares: each figure or why there is none, with the steps that led to it."""

    told: Mapping[str, Told]
    steps: tuple[Step, ...]


def _residual(promised: Fraction, years: Fraction, changes: tuple[Fraction, ...]) -> Decimal | None:
    """What each year left must bring so that the promise is kept (policy-rules: the residual requirement)."""
    rest, left = years - len(changes), left_after(change / HUNDRED for change in changes)
    wanted = 1 - promised / HUNDRED
    if rest <= 0 or left <= 0 or wanted <= 0:
        return None
    return HUNDRED * decline_by(wanted / left, 1 / rest)


def _cumulative(changes: tuple[Fraction, ...], change: Fraction) -> Fraction:
    return HUNDRED * (1 - left_after(each / HUNDRED for each in (*changes, change)))


def _path(promised: Fraction, years: Fraction, changes: tuple[Fraction, ...]) -> Decimal | None:
    year, wanted = len(changes) + 1, 1 - promised / HUNDRED
    return HUNDRED * decline_by(wanted, Fraction(year) / years) if wanted > 0 and year <= years else None


def _allowed_growth(
    base: Fraction, increment_cap: Fraction, last: Fraction, years: Fraction, elapsed: Fraction
) -> Fraction | None:
    """What of the increment is left, spread over the years left, against the last year."""
    return HUNDRED * (base + increment_cap - last) / (years - elapsed) / last if years > elapsed and last > 0 else None


_R = "r"
#: 强度: ``promised`` over ``years``, ``changes`` of the years before this one, ``change`` of the period on the same
#: months a year before; a rate is compared with the whole year's, whatever the period.
INTENSITY: Mapping[str, Aspect] = {
    "promised": Aspect(Message("五年下降目标", "Promised decline"), "pct"),
    "years": Aspect(Message("规划期年数", "Years of the plan"), "year"),
    "changes": Aspect(Message("此前各年变化率", "Changes of the years before"), "pct"),
    "change": Aspect(Message("本期同比变化率", "Change on the year before"), "pct"),
    "achieved": Aspect(
        Message("本期实际下降", "Decline achieved"), "pct", "−r", ("change",), lambda change: -change
    ),
    "required": Aspect(
        Message("本年应下降", "Decline required this year"),
        "pct",
        "a = 1 − ((1 − Dn) ÷ Π(1 + r))^(1 ÷ 余下年数)",
        ("promised", "years", "changes"),
        _residual,
    ),
    "cumulative": Aspect(
        Message("累计下降", "Cumulative decline"), "pct", "D = 1 − Π(1 + r)", ("changes", "change"), _cumulative
    ),
    "due": Aspect(
        Message("累计应下降", "Cumulative decline due"), "pct", "Dk = 1 − (1 − Dn)^(k ÷ n)",
        ("promised", "years", "changes"), _path,
    ),
}  # fmt: skip
#: 总量: the increment that a plan allows above ``base``; ``last``: the level of the last full year, ``before``: of the
#: same months a year before.
TOTAL: Mapping[str, Aspect] = {
    "base": Aspect(Message("基年消费量", "Level of the base year"), ""),
    "increment_cap": Aspect(Message("五年增量控制目标", "Increment allowed by the plan"), ""),
    "years": Aspect(Message("规划期年数", "Years of the plan"), "year"),
    "elapsed": Aspect(Message("已过年数", "Years gone"), "year"),
    "last": Aspect(Message("上年消费量", "Level of last year"), ""),
    "before": Aspect(Message("上年同期消费量", "Same months of last year"), ""),
    "actual": Aspect(Message("本期消费量", "Level of the period"), ""),
    "growth": Aspect(
        Message("本期增速", "Growth"), "pct", "g = E ÷ E₋₁ − 1", ("actual", "before"),
        lambda actual, before: HUNDRED * (actual / before - 1) if before > 0 else None,
    ),
    "allowed_growth": Aspect(
        Message("允许增速", "Growth allowed"), "pct", "(E₀ + ΔE − E上年) ÷ 余下年数 ÷ E上年",
        ("base", "increment_cap", "last", "years", "elapsed"), _allowed_growth,
    ),
    "increment": Aspect(
        Message("本期增量", "Increment"), "", "E − E₋₁", ("actual", "before"), lambda actual, before: actual - before
    ),
    "allowed_increment": Aspect(
        Message("允许增量", "Increment allowed"), "", "E₋₁ × g", ("before", "allowed_growth"),
        lambda before, growth: before * growth / HUNDRED,
    ),
    "allowed": Aspect(
        Message("允许消费量", "Level allowed"), "", "E₋₁ + ΔE", ("before", "allowed_increment"),
        lambda before, increment: before + increment,
    ),
    "allowed_gain": Aspect(
        Message("比基年允许增量", "Increment allowed since the base year"), "", "E₋₁ + ΔE − E₀", ("allowed", "base"),
        lambda allowed, base: allowed - base,
    ),
    "gain": Aspect(
        Message("比基年实际增量", "Increment since the base year"), "", "E − E₀", ("actual", "base"),
        lambda actual, base: actual - base,
    ),
}  # fmt: skip
#: 污染物: a decline from a base that is due year by year in equal parts (``share``: what is due of it, in per cent).
DECLINE: Mapping[str, Aspect] = {
    "promised": Aspect(Message("规划期下降目标", "Promised decline"), "pct"),
    "share": Aspect(Message("应完成份额", "Share due"), "pct"),
    "base": Aspect(Message("基年排放量", "Emission of the base year"), "t"),
    "actual": Aspect(Message("本期排放量", "Emission"), "t"),
    "required": Aspect(
        Message("应下降", "Decline due"), "pct", "D × s", ("promised", "share"),
        lambda promised, share: promised * share / HUNDRED,
    ),
    "achieved": Aspect(
        Message("比基年下降", "Decline since the base year"), "pct", "1 − E ÷ E₀", ("actual", "base"),
        lambda actual, base: HUNDRED * (1 - actual / base) if base > 0 else None,
    ),
}  # fmt: skip
#: 任何目标: what is due by now and what was reached, as targets.progress has them, in the target's own unit;
#: ``wants_less``: 1 where a smaller figure is the better one (caps, concentrations), else 0.
LEVEL: Mapping[str, Aspect] = {
    "due": Aspect(Message("进度要求", "Due by now"), ""),
    "reached": Aspect(Message("实际", "Reached"), ""),
    "wants_less": Aspect(Message("是否越小越好", "Whether less is better"), "count"),
    "shortfall": Aspect(
        Message("差距", "Shortfall"), "", "实际 − 要求，或要求 − 实际", ("due", "reached", "wants_less"),
        lambda due, reached, wants_less: reached - due if wants_less else due - reached,
    ),
}  # fmt: skip
#: 重点工程: how many there are, how many are late, how many run unstably.
PROJECTS: Mapping[str, Aspect] = {
    "projects": Aspect(Message("重点工程数", "Key projects"), "count"),
    "late": Aspect(Message("滞后数", "Late"), "count"),
    "unstable": Aspect(Message("运行不稳定数", "Running unstably"), "count"),
}
#: 措施: how many tasks of the plan there are, how many are late, how many are silent.
MEASURES: Mapping[str, Aspect] = {
    "measures": Aspect(Message("措施数", "Measures"), "count"),
    "late": Aspect(Message("逾期数", "Late"), "count"),
    "silent": Aspect(Message("久无报送数", "Silent"), "count"),
}
#: The sets that a rule may compare figures of.
SETS: Mapping[str, Mapping[str, Aspect]] = {
    "intensity": INTENSITY,
    "total": TOTAL,
    "decline": DECLINE,
    "level": LEVEL,
    "projects": PROJECTS,
    "measures": MEASURES,
}


def figures(of: str, given: Mapping[str, Given], wanted: Collection[str]) -> Figures:
    """The figures that a rule compares, and those that they rest on.

    Args:
        of: a name of SETS.
        given: by name; what is not given is missing. A series is complete or says where it is not.
        wanted: names that the conditions use; what the set does not have is passed over (limits).

    Raises:
        NotGiven: a name that the set does not have.
    """
    known = SETS[of]
    unknown = sorted(set(given) - set(known))
    if unknown:
        raise NotGiven(", ".join(unknown))
    needed = _needed(known, given, wanted)
    found: dict[str, Given] = {}
    steps: list[Step] = []
    for name, aspect in known.items():
        if name not in needed:
            continue
        found[name] = given.get(name, State.MISSING)
        if name not in given and aspect.compute is not None:
            step, found[name] = _computed(aspect, {each: found[each] for each in aspect.takes})
            steps.append(step)
    return Figures({name: each for name, each in found.items() if not isinstance(each, tuple)}, tuple(steps))


def _needed(known: Mapping[str, Aspect], given: Mapping[str, Given], wanted: Collection[str]) -> frozenset[str]:
    """``wanted`` and all that they are computed from; what is given needs nothing."""
    needed = set(wanted)
    for name in reversed(tuple(known)):
        if name in needed and name not in given:
            needed.update(known[name].takes)
    return frozenset(needed)


def _computed(aspect: Aspect, takes: Mapping[str, Given]) -> tuple[Step, Told]:
    """The figure, or the gravest reason why there is none."""
    singles = [(name, each) for name, given in takes.items() for each in _each(given)]
    lacks = [each for _, each in singles if isinstance(each, State)]
    shown = tuple((name, each) for name, each in singles if isinstance(each, Decimal))
    if lacks or aspect.compute is None:
        state = State.NOT_APPLICABLE if lacks and set(lacks) == {State.NOT_APPLICABLE} else State.MISSING
        return Step(aspect.name, aspect.formula, shown, None, aspect.unit), state
    result = aspect.compute(*(_exact(given) for given in takes.values()))
    value = written(result) if isinstance(result, Fraction) else result
    return Step(
        aspect.name, aspect.formula, shown, value, aspect.unit
    ), State.NOT_APPLICABLE if value is None else value


def _each(given: Given) -> tuple[Told, ...]:
    return given if isinstance(given, tuple) else (given,)


def _exact(given: Given) -> Fraction | tuple[Fraction, ...]:
    if isinstance(given, tuple):
        return tuple(exact(each) for each in given if isinstance(each, Decimal))
    if isinstance(given, State):
        raise TypeError(f"{given}: expected a figure")
    return exact(given)
