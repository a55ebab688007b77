"""判定所需的数: what a rule is given, put together from promises, told figures and the path of a target."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from shuangkong.core.fact import State
from shuangkong.core.period import Period
from shuangkong.outlook.barometer.basis import HUNDRED, Given
from shuangkong.policyfile.expression.given import Told, exact, written
from shuangkong.targets.progress import Point

_YEAR = 12


def intensity_facts(
    plan: Period | None,
    promised: Told,
    changes: Mapping[int, Told],
    period: Period,
    change: Told,
    task: Told | None = None,
) -> dict[str, Given]:
    """For rules over ``intensity``.

    Args:
        plan: the five-year plan of the promise; None: not known.
        promised: its decline in %.
        changes: year → change in %, of the years of the plan before that of ``period``; an absent one is missing.
        change: of the period on the same months a year before.
        task: the decline that a document asks of the year; it outweighs what follows from the promise.
    """
    first = plan.year if plan else period.year
    given: dict[str, Given] = {
        "promised": promised,
        "years": years_of(plan),
        "changes": tuple(changes.get(year, State.MISSING) for year in range(first, period.year)),
        "change": change,
    }
    return given if task is None else {**given, "required": task}


def total_facts(
    plan: Period | None,
    base: Told,
    increment_cap: Told,
    period: Period,
    levels: Mapping[str, Told],
    task: Told | None = None,
) -> dict[str, Given]:
    """For rules over ``total``, all levels in one unit.

    Args:
        levels: ``last``, the last full year; ``before``, the same months of it; ``actual``, the period.
        task: the growth in % that a document allows in the year.
    """
    given: dict[str, Given] = {
        "base": base,
        "increment_cap": increment_cap,
        "years": years_of(plan),
        "elapsed": Decimal(period.year - plan.year) if plan else State.MISSING,
        **{name: levels.get(name, State.MISSING) for name in ("last", "before", "actual")},
    }
    return given if task is None else {**given, "allowed_growth": task}


def decline_facts(plan: Period | None, promised: Told, period: Period, base: Told, actual: Told) -> dict[str, Given]:
    """For rules over ``decline``: what is due by the end of the period's year, in equal parts.

    A rate is compared with the whole year's, whatever the period: ``base`` is of the same months as ``actual``.
    """
    years = years_of(plan)
    share: Told = State.MISSING
    if plan is not None and isinstance(years, Decimal):
        share = written(exact(Decimal(HUNDRED * (period.year - plan.year + 1))) / exact(years))
    return {"promised": promised, "share": share, "base": base, "actual": actual}


def level_facts(point: Point, *, wants_less: bool) -> dict[str, Given]:
    """For rules over ``level``: a point on the path of any target (targets.progress)."""
    due, reached = (State.MISSING if each is None else each for each in (point.due, point.reached))
    return {"due": due, "reached": reached, "wants_less": Decimal(wants_less)}


def years_of(plan: Period | None) -> Told:
    """How many years a plan has."""
    return Decimal(plan.months // _YEAR) if plan else State.MISSING
