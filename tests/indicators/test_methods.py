"""Named methods: published figures to the digit, what is lacking, and what cannot be computed."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shuangkong.core.fact import State
from shuangkong.core.finding import Message
from shuangkong.indicators.methods import METHODS, Given, NotForMethod, compute
from shuangkong.policyfile.expression.grid import Grid
from shuangkong.policyfile.expression.row import Outcome
from shuangkong.rulebook import open_rulebook

NAME = Message("名", "name")
TWO = Grid(2)
FIVE = Decimal(5)


def run(method: str, inputs: Mapping[str, Given], places: int | None = 2) -> Outcome:
    return compute(method, inputs, NAME, "pct", None if places is None else Grid(places))


def changes(*figures: str) -> dict[str, Decimal | State]:
    return {str(2016 + at): Decimal(figure) for at, figure in enumerate(figures)}


def test_henan_and_tianjin() -> None:
    """Published: 45.58 % of the 13th plan in 2016; 100.39 % of the 11th to 2009."""
    henan = run("logarithmic_progress", {"decline": Decimal("7.64"), "promised": Decimal(16)})
    tianjin = run("logarithmic_progress", {"decline": Decimal("20.07"), "promised": Decimal(20)})
    assert (str(henan.value), str(tianjin.value)) == ("45.58", "100.39")


@pytest.mark.parametrize(("promised", "expected"), [("19.5", "4.25"), ("21", "4.61"), ("15", "3.2")])
def test_shenzhen_and_its_districts(promised: str, expected: str) -> None:
    found = run("annual_effort", {"promised": Decimal(promised), "years": FIVE})
    assert found.value == Decimal(expected)


def test_the_path_ends_as_printed() -> None:
    for years, expected in ((1, "4.25"), (3, "12.20"), (5, "19.50")):
        told: dict[str, Given] = {"changes": changes(*["0"] * years), "promised": Decimal("19.5"), "years": FIVE}
        assert run("annual_path", told).value == Decimal(expected)
    beyond: dict[str, Given] = {"changes": changes(*["0"] * 6), "promised": Decimal("19.5"), "years": FIVE}
    assert run("annual_path", beyond).state is State.NOT_APPLICABLE


def test_liaoning_declined_by_less_than_nothing() -> None:
    """Published changes of 2016 to 2020; the intensity ended above that of 2015."""
    told = {"changes": changes("-0.41", "-1.61", "-1.15", "0.90", "3.96")}
    assert run("cumulative_decline", told).value == Decimal("-1.6")


def test_the_rest_takes_what_the_path_left() -> None:
    rest: dict[str, Given] = {"changes": changes("-4.25", "-4.25"), "promised": Decimal("19.5"), "years": FIVE}
    assert run("remaining_effort", rest).value == Decimal("4.24")
    done: dict[str, Given] = {"changes": changes("-25"), "promised": Decimal("19.5"), "years": FIVE}
    found = run("remaining_effort", done).value
    assert found is not None
    assert found < 0  # it may rise
    over: dict[str, Given] = {"changes": changes(*["-4"] * 5), "promised": Decimal("19.5"), "years": FIVE}
    assert run("remaining_effort", over).state is State.NOT_APPLICABLE


def test_a_whole_may_decline_less_than_each_part() -> None:
    """A heavy part that grows faster pulls the whole up: Σ by hand, 1 − (100·2·0.9 + 100·0.9)/200 ÷ (2·1 + 9·1)/10."""
    told: dict[str, Given] = {
        "consumption": {"a": Decimal(100), "b": Decimal(100)},
        "gdp": {"a": Decimal(1), "b": Decimal(9)},
        "growth": {"a": Decimal(100), "b": Decimal(0)},
        "decline": {"a": Decimal(10), "b": Decimal(10)},
    }
    assert run("weighted_decline", told).value == Decimal("-22.73")
    same = told | {"growth": {"a": Decimal(7), "b": Decimal(7)}}
    assert run("weighted_decline", same, None).value == Decimal(10)
    assert run("weighted_decline", told | {"gdp": {"a": Decimal(1)}}).state is State.MISSING
    nothing = run("weighted_decline", told | {"gdp": {"a": Decimal(0), "b": Decimal(0)}})
    assert (nothing.state, nothing.zero_divisors) == (State.MISSING, ("ΣY0",))


@pytest.mark.parametrize(
    ("method", "told", "state"),
    [
        ("cumulative_decline", {"changes": {"2016": State.MISSING}}, State.MISSING),
        ("cumulative_decline", {"changes": {}}, State.MISSING),
        ("logarithmic_progress", {"decline": State.NOT_APPLICABLE, "promised": Decimal(16)}, State.NOT_APPLICABLE),
        ("logarithmic_progress", {"decline": Decimal(5), "promised": Decimal(0)}, State.MISSING),
        ("logarithmic_progress", {"decline": Decimal(100), "promised": Decimal(16)}, State.NOT_APPLICABLE),
        ("annual_effort", {"promised": State.MISSING, "years": FIVE}, State.MISSING),
    ],
)
def test_what_is_lacking_is_not_zero(method: str, told: Mapping[str, Given], state: State) -> None:
    found = run(method, told)
    assert (found.value, found.state) == (None, state)


def test_a_formula_that_gives_the_wrong_thing_is_told() -> None:
    with pytest.raises(NotForMethod, match="changes: expected a series, found one figure"):
        run("cumulative_decline", {"changes": Decimal(1)})
    with pytest.raises(NotForMethod, match="promised: expected one figure, found nothing"):
        run("logarithmic_progress", {"decline": Decimal(1)})


def test_every_method_is_called_by_policy() -> None:
    called = {
        formula.method
        for indicator in open_rulebook().every_rule().values()
        for formula in indicator.formulas
        if formula.method
    }
    assert set(METHODS) == called


RATES = st.lists(st.decimals(-20, 20, places=2), min_size=1, max_size=5)


@given(RATES)
def test_the_order_of_years_does_not_matter(rates: list[Decimal]) -> None:
    forth: Mapping[str, Given] = {"changes": {str(at): rate for at, rate in enumerate(rates)}}
    back: Mapping[str, Given] = {"changes": {str(at): rate for at, rate in enumerate(reversed(rates))}}
    assert run("cumulative_decline", forth, None).value == run("cumulative_decline", back, None).value


@given(st.decimals(1, 60, places=2), st.decimals(0, 15, places=2))
def test_the_effort_left_reaches_the_promise(promised: Decimal, first: Decimal) -> None:
    told: dict[str, Given] = {"changes": {"2016": -first}, "promised": promised, "years": FIVE}
    effort = run("remaining_effort", told, None).value
    assert effort is not None
    whole: Mapping[str, Given] = {"changes": {"2016": -first} | {str(year): -effort for year in range(2017, 2021)}}
    reached = run("cumulative_decline", whole, None).value
    assert reached is not None
    assert abs(reached - promised) < Decimal("1e-25")
