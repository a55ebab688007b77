"""Heavy-pollution weather: orders, what they call for, whether it is enough, and what came of it."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shuangkong.core.dated import NotInForce
from shuangkong.core.fact import Cell, State, Subject
from shuangkong.core.period import Period
from shuangkong.outlook.weather.effect import effect
from shuangkong.outlook.weather.measures import UnitMeasure, called_for, sufficiency
from shuangkong.outlook.weather.orders import (
    ORDERS,
    AlertLevel,
    Notice,
    Order,
    OrderKind,
    OutOfOrder,
    in_force,
    notices,
    spells,
)
from shuangkong.outlook.weather.share_book import level_names, shares
from shuangkong.rulebook import open_rulebook

HERE = timezone(timedelta(hours=8))
RED, ORANGE, YELLOW = AlertLevel.RED, AlertLevel.ORANGE, AlertLevel.YELLOW
SHARES = shares(open_rulebook().folder, "national", date(2024, 1, 1))
PLACE = Cell(Subject("region", "999900"), "so2_total", Period(2024))


def order(kind: str, hour: int, level: AlertLevel | None = None, region: str = "999900") -> Order:
    at = datetime(2024, 1, 1, tzinfo=HERE) + timedelta(hours=hour)
    return Order(region, OrderKind(kind), at, f"令 {hour}", level)


STARTED = (order("start", 12, YELLOW), order("change", 36, ORANGE), order("end", 72))


def test_orders_make_spells() -> None:
    first, second = spells(reversed(STARTED))
    assert (first.level, first.starts, first.ends) == (YELLOW, STARTED[0].at, STARTED[1].at)
    assert (second.level, second.ends) == (ORANGE, STARTED[2].at)
    (running,) = spells(STARTED[:1])
    assert running.ends is None


@pytest.mark.parametrize(
    ("hour", "level"), [(11, None), (12, YELLOW), (35, YELLOW), (36, ORANGE), (71, ORANGE), (72, None)]
)
def test_an_order_holds_from_its_instant_to_before_its_end(hour: int, level: AlertLevel | None) -> None:
    found = in_force(spells(STARTED), ("999901", "999900"), datetime(2024, 1, 1, tzinfo=HERE) + timedelta(hours=hour))
    assert (found.level if found else None) is level


def test_the_gravest_of_a_place_and_what_is_above_it_holds() -> None:
    both = spells((*STARTED, order("start", 20, RED, "999901")))
    at = datetime(2024, 1, 2, tzinfo=HERE)
    assert in_force(both, ("999901", "999900"), at).level is RED  # type: ignore[union-attr]
    assert in_force(both, ("999902", "999900"), at).level is YELLOW  # type: ignore[union-attr]
    assert in_force(both, ("888800",), at) is None


@pytest.mark.parametrize(
    "orders",
    [
        (order("change", 1, RED),),
        (order("end", 1),),
        (order("start", 1, RED), order("start", 2, ORANGE)),
        (order("start", 1, RED), order("change", 2, RED)),
        (order("start", 1, RED), order("change", 1, ORANGE)),
    ],
)
def test_orders_follow_from_each_other(orders: tuple[Order, ...]) -> None:
    with pytest.raises(OutOfOrder, match="999900"):
        spells(orders)


def test_an_order_is_whole() -> None:
    with pytest.raises(ValueError, match="time zone"):
        Order("999900", OrderKind.START, datetime(2024, 1, 1), "令", RED)  # noqa: DTZ001 - what is refused
    with pytest.raises(ValueError, match="with level"):
        order("start", 1)
    with pytest.raises(ValueError, match="with level"):
        order("end", 1, RED)


def test_neighbours_are_told_and_nobody_tells_himself() -> None:
    start = order("start", 1, RED)
    assert notices((start,), {"999900": ("999800", "999900", "999700")}) == (
        Notice("999700", start), Notice("999800", start)
    )  # fmt: skip
    assert notices((start,), {}) == ()


def measure(unit: str, level: AlertLevel, **cuts: str) -> UnitMeasure:
    return UnitMeasure(
        unit, ("999901", "999900"), level, "停一条线", {key: Decimal(each) for key, each in cuts.items()}
    )


LIST = (measure("kiln", YELLOW, so2="6"), measure("kiln", ORANGE, so2="12", nox="10"), measure("mill", ORANGE, so2="8"))


def test_a_level_calls_for_its_own_measures() -> None:
    first, second = spells(STARTED)
    assert [each.unit for each in called_for(LIST, first)] == ["kiln"]
    assert [each.unit for each in called_for(LIST, second)] == ["kiln", "mill"]
    (elsewhere,) = spells((order("start", 1, ORANGE, "888800"),))
    assert called_for(LIST, elsewhere) == ()


def test_whether_a_list_is_enough() -> None:
    """Orange asks a fifth: 20 of 100 t is enough to the last tonne, 10 of 51 is not; what is not known stays open."""
    emitted = {"so2": Decimal(100), "nox": Decimal(51), "pm": State.MISSING}
    found = {each.pollutant: each for each in sufficiency(LIST, ORANGE, emitted, SHARES, PLACE)}
    assert (found["so2"].share_pct, found["so2"].is_enough) == (20, True)
    assert found["nox"].is_enough is False
    assert (found["pm"].cut_t, found["pm"].share_pct, found["pm"].is_enough) == (0, None, None)
    assert found["vocs"].is_enough is None
    clause = found["so2"].figure.steps[0].clause
    assert clause is not None
    assert not clause.is_verified
    assert dict(found["so2"].figure.steps[0].inputs) == {"减排量": 20, "全社会排放量": 100, "应达到": 20}


def test_a_unit_has_one_measure_a_level() -> None:
    with pytest.raises(ValueError, match="kiln"):
        sufficiency((*LIST, measure("kiln", ORANGE, so2="1")), ORANGE, {}, SHARES, PLACE)


def test_a_graver_level_never_asks_less() -> None:
    for pollutant in SHARES.required[YELLOW]:
        asked = [SHARES.required[level][pollutant] for level in (YELLOW, ORANGE, RED)]
        assert asked == sorted(asked)
    assert set(level_names(open_rulebook().folder, "national")) == set(AlertLevel)
    with pytest.raises(NotInForce):
        shares(open_rulebook().folder, "national", date(2019, 1, 1))


DAYS = [date(2024, 1, each) for each in range(1, 7)]


def test_what_came_of_it() -> None:
    daily = dict(zip(DAYS, map(Decimal, (100, 110, 90, 80, 70, 75)), strict=True))
    found = effect(daily, DAYS[:3], DAYS[3:])
    assert (found.before_t, found.during_t, found.reduced_t, found.reduced_pct) == (100, 75, 25, 25)
    assert found.untold == ()


def test_a_day_without_a_figure_is_no_day_of_nothing() -> None:
    daily = {DAYS[0]: Decimal(100), DAYS[1]: State.MISSING, DAYS[3]: Decimal(80)}
    found = effect(daily, DAYS[:3], DAYS[3:])
    assert (found.before_t, found.during_t) == (100, 80)
    assert found.untold == (DAYS[1], DAYS[2], DAYS[4], DAYS[5])
    assert effect({}, DAYS[:3], DAYS[3:]).reduced_t is None
    with pytest.raises(ValueError, match="before and during"):
        effect(daily, DAYS[:3], DAYS[2:])


@given(st.lists(st.sampled_from([None, RED, ORANGE, YELLOW]), max_size=12))
def test_spells_tile_the_time_under_orders(course: list[AlertLevel | None]) -> None:
    """Whatever follows what: at each hour the level in force is the one last ordered."""
    orders: list[Order] = []
    now: AlertLevel | None = None
    for hour, level in enumerate(course):
        if level is not now:
            kind = "end" if level is None else "start" if now is None else "change"
            orders.append(order(kind, hour, level))
            now = level
    found = spells(orders)
    for hour, level in enumerate(course):
        held = in_force(found, ("999900",), datetime(2024, 1, 1, tzinfo=HERE) + timedelta(hours=hour, minutes=30))
        assert (held.level if held else None) is level


def test_every_order_has_its_words() -> None:
    assert set(ORDERS) == set(OrderKind)
