"""Sharing out targets: cities by pollutants, a nation's counties by every method, solver beside closed form."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

import numpy as np

from bench.ground import Row, milliseconds
from shuangkong.core.fact import Subject
from shuangkong.plans.reading import Kind, Op
from shuangkong.policyfile import books
from shuangkong.policyfile.folder import PolicyFolder
from shuangkong.rulebook import policy_root
from shuangkong.targets.decomposition.book import decomposition_rules
from shuangkong.targets.decomposition.methods.least_cost import cheapest_curves, cheapest_steps
from shuangkong.targets.decomposition.methods.programme import Programme
from shuangkong.targets.decomposition.methods.solver import solved
from shuangkong.targets.decomposition.scenario import cost_of
from shuangkong.targets.decomposition.sharing import decompose
from shuangkong.targets.decomposition.task import CostCurve, CostSteps, Group, Receiver, Task
from shuangkong.targets.target import Extent, Target

TITLE = "Decomposition of targets"
NOTE = (
    "Invented figures. Every share comes with its explanation, rounding with its residual and the proof that the parts "
    "come to the whole. Cities: quality and projects first, seven pollutants one after another. Counties: a tenth with "
    "a ceiling, a twentieth locked."
)
CITIES, POLLUTANTS, COUNTIES, BASINS = 14, 7, 3_000, 20
CHANCE = 2_020


def rows() -> Iterator[Row]:
    folder = PolicyFolder(policy_root())
    rules = decomposition_rules(folder, books.NATION)
    checks = {check.code: check for check in books.checks(folder, "targets")}
    names = sorted({one.id for rule in rules.values() for one in rule.criteria})
    cities = [Task(_target(Kind.REDUCTION_RATE, Extent.AMOUNT), _receivers(CITIES, names)) for _ in range(POLLUTANTS)]

    def province() -> None:
        for task in cities:
            made = decompose(task, rules["quality_first"], 1, checks)
            assert made.is_closed

    what = f"{CITIES} cities × {POLLUTANTS} pollutants"
    yield Row(what, f"{milliseconds(province):.1f} ms", "< 50 ms")
    counties = _receivers(COUNTIES, names)
    for name, rule in rules.items():
        kind, extent = (Kind.REDUCTION_AMOUNT, Extent.AMOUNT) if name == "least_cost" else (
            Kind.REDUCTION_RATE, Extent.RATIO,
        )  # fmt: skip
        task = Task(_target(kind, extent), counties)
        time = milliseconds(lambda task=task, rule=rule: decompose(task, rule, 1, checks), runs=3)  # type: ignore[misc]
        yield Row(f"{COUNTIES:,} counties, {name}", f"{time / 1000:.2f} s", "< 2 s")
    yield from _solver(counties)


def _solver(counties: tuple[Receiver, ...]) -> Iterator[Row]:
    """Least cost: closed form beside the solver on the same costs, and the solver with bounds of basins."""
    steps = [_steps(each) for each in counties]
    low = [Decimal(0)] * len(counties)
    high = [each.base or Decimal(0) for each in counties]
    total = (sum(high, Decimal(0)) / 10).quantize(Decimal(1))
    subjects = [each.subject for each in counties]
    yield Row(
        f"{COUNTIES:,} counties, steps of cost, closed form alone",
        f"{milliseconds(lambda: cheapest_steps(steps, low, high, total), 3):.0f} ms",
    )
    plain = Programme.of(steps, low, high, total, (), subjects)
    time = milliseconds(lambda: solved(plain), 3)
    costs = [
        sum(_paid(cost, amount) for cost, amount in zip(steps, amounts, strict=True))
        for amounts in (cheapest_steps(steps, low, high, total).amounts, solved(plain))
    ]
    apart = abs(costs[1] / costs[0] - 1)
    yield Row("the same by the solver; how far the two costs are apart", f"{time:.0f} ms; {apart:.0e}")
    curves = [each.cost for each in counties]
    yield Row(
        f"{COUNTIES:,} counties, curves of cost, closed form alone",
        f"{milliseconds(lambda: cheapest_curves(curves, low, high, total), 3):.0f} ms",
    )
    basins = [
        Group(str(at), frozenset(subjects[at::BASINS]), ceiling=(total / BASINS * Decimal("1.02")).quantize(Decimal(1)))
        for at in range(BASINS)
    ]
    bound = Programme.of(steps, low, high, total, basins, subjects)
    yield Row(
        f"{COUNTIES:,} counties in {BASINS} basins with ceilings, by the solver",
        f"{milliseconds(lambda: solved(bound), 3):.0f} ms",
        "< 2 s",
    )


def _steps(each: Receiver) -> CostSteps:
    base, cost = each.base or Decimal(0), each.cost
    first = cost.linear if isinstance(cost, CostCurve) else Decimal(1)
    return CostSteps(tuple((base / 5, first * at) for at in range(1, 5)))


def _paid(cost: CostSteps, amount: Decimal) -> Decimal:
    """The solver may pass the last step by its tolerance, where no cost is known any more."""
    return cost_of(cost, min(amount, sum((size for size, _ in cost.steps), Decimal(0)))) or Decimal(0)


def _target(kind: Kind, extent: Extent) -> Target:
    value = Decimal(500_000) if kind is Kind.REDUCTION_AMOUNT else Decimal("13.5")
    return Target(
        subject=Subject("region", "990000"), indicator="cod_total", kind=kind, extent=extent, value=value, unit="t",
        op=Op.GE, base_year=2020, end_year=2025,
    )  # fmt: skip


def _receivers(count: int, names: list[str]) -> tuple[Receiver, ...]:
    draw = np.random.default_rng(CHANCE)

    def figure(low: float, high: float) -> Decimal:
        return Decimal(f"{draw.uniform(low, high):.2f}")

    made = [
        Receiver(
            subject=Subject("region", f"{at:06d}"),
            name=f"{at}",
            base=figure(100, 5_000),
            activity=figure(50, 900),
            growth=figure(0.1, 0.6),
            history=(figure(1, 9), figure(1, 9)),
            criteria={name: figure(0, 100) for name in names},
            given=Decimal("13.5"),
            cost=CostCurve(figure(1, 50), figure(1, 9)),
        )
        for at in range(count)
    ]
    if count > CITIES:
        made[::10] = [replace(each, ceiling=Decimal(12)) for each in made[::10]]
        made[5::20] = [replace(each, lock=Decimal(10)) for each in made[5::20]]
    return tuple(made)
