"""年度目标: what is due at the end of each year: geometric, linear, given, from actuals, or set anew by growth (弹性).

All are levels or cumulated amounts in the unit of the target; a reduction rate is cumulated in per cent. The last year
is the promise as printed: no power or root may shave a digit off what is judged.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from shuangkong.core.finding import Finding, Message
from shuangkong.core.trace import Clause, Step
from shuangkong.indicators.methods.compounding import decline_by
from shuangkong.plans.reading import Kind
from shuangkong.policyfile.expression.given import exact, written
from shuangkong.targets.decomposition.remarks import Remarks
from shuangkong.targets.target import Target

HUNDRED = Decimal(100)
#: The formula of a year that somebody laid down and nobody reckoned.
LAID_DOWN = "V"
#: Kinds that count from nothing in the base year.
_FROM_NOTHING = frozenset({Kind.REDUCTION_RATE, Kind.GROWTH, Kind.REDUCTION_AMOUNT, Kind.COUNT, Kind.POINT_GAIN})


class Course(StrEnum):
    """How the years share a promise."""

    GEOMETRIC = "geometric"  # the same per cent every year
    LINEAR = "linear"  # the same amount every year
    GIVEN = "given"  # as the document lists it


@dataclass(frozen=True, slots=True)
class Yearly:
    """What is due by the end of ``year``, and how it was reckoned."""

    year: int
    due: Decimal
    step: Step


@dataclass(frozen=True, slots=True)
class Trajectory:
    """The years in order; empty where a figure is lacking, and ``findings`` say which."""

    years: tuple[Yearly, ...]
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Start:
    """Where the course begins: the base year, or the last year told where a plan is issued in mid-period."""

    year: int
    level: Decimal


def trajectory(
    target: Target,
    course: Course,
    remarks: Remarks,
    reached: Start | None = None,
    given: Mapping[int, Decimal] | None = None,
) -> Trajectory:
    """What is due year by year.

    Args:
        reached: what was reached when the plan began, where it began after the base year; in the same unit.
        given: due by year, for a course that the document lists.
    """
    whole, findings = _end(target, remarks)
    if whole is None:
        return Trajectory((), findings)
    start = reached or Start(target.base_year, _begin(target))
    if course is Course.GIVEN:
        return _as_given(target, whole, given or {}, remarks)
    span = target.end_year - start.year
    years = range(start.year + 1, target.end_year + 1)
    return Trajectory(tuple(_yearly(target, course, start, whole, year, span) for year in years))


def _end(target: Target, remarks: Remarks) -> tuple[Decimal | None, tuple[Finding, ...]]:
    """What is due in the last year. An increment becomes a total once its base is known, and not before."""
    if target.kind is not Kind.CAP_INCREMENT:
        lacks_base = target.kind not in _FROM_NOTHING and target.base is None
        return (None if lacks_base else target.value), (_no_base(target, remarks),) if lacks_base else ()
    if target.base is None:
        return None, (_no_base(target, remarks),)
    return target.base + target.value, ()


def _no_base(target: Target, remarks: Remarks) -> Finding:
    told = {"found": target.value, "unit": target.unit, "year": target.base_year}
    return remarks.finding("TGT-011", target.indicator, **told)


def _begin(target: Target) -> Decimal:
    return Decimal(0) if target.kind in _FROM_NOTHING or target.base is None else target.base


def _yearly(target: Target, course: Course, start: Start, whole: Decimal, year: int, span: int) -> Yearly:
    name = Message(f"{year} 年目标", f"Due by {year}")
    share = Fraction(year - start.year, span)
    shown = (("V₀", start.level), ("Vₙ", whole), ("k", Decimal(year - start.year)), ("n", Decimal(span)))
    if course is Course.LINEAR:
        formula = "Vₖ = V₀ + (Vₙ − V₀)·k ÷ n"
        due = written(exact(start.level) + (exact(whole) - exact(start.level)) * share)
    elif target.kind in (Kind.REDUCTION_RATE, Kind.GROWTH):
        sign = -1 if target.kind is Kind.GROWTH else 1
        formula = "1 − Vₖ = (1 − V₀)·[(1 − Vₙ) ÷ (1 − V₀)]^(k ÷ n)"
        left = 1 - sign * exact(start.level) / 100
        rest = (1 - sign * exact(whole) / 100) / left
        due = sign * HUNDRED * (1 - written(left) * (1 - decline_by(rest, share)))
    else:
        formula = "Vₖ = V₀·(Vₙ ÷ V₀)^(k ÷ n)"
        due = start.level * (1 - decline_by(exact(whole) / exact(start.level), share))
    due = whole if year == target.end_year else due
    return Yearly(year, due, Step(name, formula, shown, due, target.unit))


def _as_given(target: Target, whole: Decimal, given: Mapping[int, Decimal], remarks: Remarks) -> Trajectory:
    years = tuple(
        Yearly(year, due, Step(Message(f"{year} 年目标", f"Due by {year}"), LAID_DOWN, (("V", due),), due, target.unit))
        for year, due in sorted(given.items())
    )
    last = given.get(target.end_year)
    if last is not None and (last <= whole if target.wants_less else last >= whole):
        return Trajectory(years)
    found, over = last if last is not None else "—", abs(whole - (last or Decimal(0)))
    told = {"year": target.end_year, "found": found, "expected": whole, "over": over, "unit": target.unit}
    return Trajectory(years, (remarks.finding("TGT-012", target.indicator, **told),))


@dataclass(frozen=True, slots=True)
class Season:
    """One year of an elastic total: planned growth and decline of intensity, ratios; a later plan takes its place."""

    year: int
    growth: Decimal
    decline: Decimal


def elastic_total(
    base: Decimal, seasons: Sequence[Season], unit: str, excluded: Mapping[int, Decimal], clause: Clause | None = None
) -> tuple[Yearly, ...]:
    """弹性总量: ``Eₜ = Eₜ₋₁·(1+gₜ)·(1−rₜ)``, that is GDP(t)·e(t−1)·(1−r(t)); reckoned anew when growth is set anew.

    Args:
        base: what counted of the year before the first, without exclusions; an actual takes the place of a plan.
        excluded: by year, what is not counted (feedstock, added renewables) and so may be used on top, in ``unit``.
    """
    years = []
    level = base
    for season in seasons:
        before = level
        level = level * (1 + season.growth) * (1 - season.decline)
        apart = excluded.get(season.year, Decimal(0))
        shown = (("Eₜ₋₁", before), ("g", season.growth), ("r", season.decline), ("X", apart))
        name = Message(f"{season.year} 年弹性总量", f"Elastic total of {season.year}")
        due = level + apart
        years.append(
            Yearly(season.year, due, Step(name, "Eₜ + X = Eₜ₋₁·(1 + g)·(1 − r) + X", shown, due, unit, clause))
        )
    return tuple(years)


def implied_growth(base: Decimal, total: Decimal, decline: Decimal, years: int) -> Decimal:
    """The yearly growth that meets a total and an intensity at once: ``[(Eₙ ÷ E₀) ÷ (1 − D)]^(1/n) − 1``; ratios."""
    ratio = exact(total) / exact(base) / (1 - exact(decline))
    return -decline_by(ratio, Fraction(1, years))
