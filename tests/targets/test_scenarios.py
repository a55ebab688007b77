"""Ways of sharing out side by side: fairness measures against figures worked by hand, cost, what moved."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from math import log

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from targets_ground import CHECKS
from test_sharing_out import RULES, receiver, target

from shuangkong.core.fact import Subject
from shuangkong.plans.reading import Kind
from shuangkong.targets.decomposition.fairness import correlation, fairness, gini, theil
from shuangkong.targets.decomposition.scenario import compared, cost_of
from shuangkong.targets.decomposition.task import CostCurve, CostSteps, Task

LOADS = st.lists(st.tuples(st.integers(0, 1000), st.integers(1, 100)), min_size=2, max_size=30)


def test_measures_of_two() -> None:
    assert gini([1, 3], [1, 1]) == pytest.approx(0.25)
    assert gini([0, 5], [1, 1]) == pytest.approx(0.5)
    assert gini([4, 4, 4], [1, 2, 9]) == pytest.approx(0)
    # One of four bears all: ln 4.
    assert theil([0, 0, 0, 8], [1, 1, 1, 1]) == pytest.approx(log(4))
    assert correlation([1, 2, 3], [2, 4, 6]) == pytest.approx(1)
    assert correlation([1, 1, 1], [2, 4, 6]) is None
    loads = [Decimal(each) for each in (1, 1, 2, 4)]
    able = [Decimal(each) for each in (5, 9, 100, 7)]
    # Ranks 1.5 1.5 3 4 and 1 3 4 2, means 2.5: covariance 1 over √(4.5 × 5).
    assert fairness(loads, [Decimal(1)] * 4, able).ranks == pytest.approx(1 / (4.5 * 5) ** 0.5)
    assert (gini([-1, 3], [1, 1]), theil([0, 0], [1, 1])) == (None, None)


@settings(max_examples=60, deadline=None)
@given(LOADS)
def test_gini_is_the_mean_difference(rows: list[tuple[int, int]]) -> None:
    loads, weights = [load for load, _ in rows], [weight for _, weight in rows]
    found = gini(loads, weights)
    whole = sum(w * x for x, w in rows)
    if not whole:
        assert found is None
        return
    pairs = sum(v * w * abs(x - y) for x, v in rows for y, w in rows)
    assert found == pytest.approx(pairs / (2 * whole * sum(weights)), abs=1e-9)
    other = theil(loads, weights)
    assert other is not None
    assert -1e-9 <= other <= log(sum(weights) / min(weights)) + 1e-9


def test_scenarios_stand_side_by_side() -> None:
    def county(at: int, base: str, able: str) -> object:
        criteria = {"gdp_per_capita": Decimal(able), "consumption_share": Decimal(base), "intensity": Decimal(able)}
        return receiver(at, base=Decimal(base), criteria=criteria, cost=CostCurve(Decimal(at * 10), Decimal(1)))

    parts = (county(1, "100", "3"), county(2, "100", "1"), county(3, "200", "2"))
    task = Task(target(Kind.REDUCTION_RATE, "10"), parts)  # type: ignore[arg-type]
    rules = [RULES[name] for name in ("equal_rate", "capability_score", "least_cost", "history")]
    equal, score, cheap, unknown = compared(task, rules, 1, CHECKS, capability="gdp_per_capita")
    assert equal.fairness is not None
    assert score.fairness is not None
    assert (equal.fairness.gini, equal.fairness.follows, set(equal.moved.values())) == (0, None, {0})
    assert score.fairness.gini is not None
    assert score.fairness.gini > 0
    assert score.fairness.follows is not None
    assert score.fairness.follows > 0
    assert equal.cost is not None
    assert cheap.cost is not None
    assert cheap.cost < equal.cost
    assert sum(cheap.moved[Subject("region", f"99000{at}")] * size for at, size in ((1, 1), (2, 1), (3, 2))) == 0
    assert (unknown.fairness, unknown.cost, unknown.moved) == (None, None, {})


def test_what_a_reduction_costs() -> None:
    steps = CostSteps(((Decimal(10), Decimal(1)), (Decimal(5), Decimal(4))))
    assert [cost_of(steps, Decimal(each)) for each in (4, 12, 16)] == [4, 18, None]
    with pytest.raises(ValueError, match="rising"):
        CostSteps(((Decimal(10), Decimal(4)), (Decimal(5), Decimal(1))))
    with pytest.raises(ValueError, match="rising"):
        replace(CostCurve(Decimal(1), Decimal(1)), rising=Decimal(0))


def test_a_burden_of_tonnes_is_compared_by_base() -> None:
    parts = tuple(
        receiver(at, base=Decimal(base), given=Decimal(given)) for at, base, given in ((1, 10, 1), (2, 90, 9))
    )
    (made,) = compared(Task(target(Kind.REDUCTION_AMOUNT, "10"), parts), [RULES["by_hand"]], 0, CHECKS)
    assert made.fairness is not None
    assert made.fairness.gini == pytest.approx(0)
    assert (made.fairness.least, made.fairness.most, made.cost) == (Decimal("0.1"), Decimal("0.1"), None)
