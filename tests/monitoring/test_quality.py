"""Air and rivers: indices, percentiles and classes at their borders."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from shuangkong.monitoring.air.evaluation import (
    day_mean,
    eight_hours_most,
    good_days,
    month_of,
    percentile,
    too_few,
    year_of,
)
from shuangkong.monitoring.air.index import air_day, sub_index
from shuangkong.monitoring.rates.share import Share
from shuangkong.monitoring.rivers.section import WORSE, mean_of, section, sections
from shuangkong.rulebook import open_rulebook

D = Decimal
LAW = open_rulebook().monitoring()
PM25, O3, CO = "a34004", "a05024", "a21005"
CLEAN = {factor: D(1) for factor in LAW.air_index.pollutants}


@pytest.mark.parametrize(
    ("value", "index"), [("0", 0), ("35", 50), ("75", 100), ("75.1", 101), ("76", 102), ("500", 500), ("501", 500)]
)
def test_a_sub_index_is_rounded_up(value: str, index: int) -> None:
    assert sub_index(LAW.air_index, PM25, D(value)) == index


def test_no_concentration_below_zero() -> None:
    with pytest.raises(ValueError, match="from zero"):
        sub_index(LAW.air_index, PM25, D(-1))


def test_a_drifted_instrument_tells_no_concentration() -> None:
    """Below zero a day has no mean, and no index of it; zero has one, and hours of noise weigh in the mean."""
    assert day_mean([D(-5)] * 24, LAW.air) is None
    assert day_mean([D(-1), D(1)] * 12, LAW.air) == 0
    assert eight_hours_most([D(-5)] * 24, LAW.air) is None
    drifted = air_day(LAW.air_index, CLEAN | {PM25: D(-5)})
    assert (drifted.is_good, drifted.missing, PM25 in drifted.sub) == (None, (PM25,), False)
    assert air_day(LAW.air_index, {PM25: D(-5)}).index is None
    assert air_day(LAW.air_index, CLEAN | {PM25: D(0)}).is_good is True


def test_a_good_day_needs_all_that_could_make_it_worse() -> None:
    good = air_day(LAW.air_index, CLEAN | {PM25: D(75)})
    assert (good.index, good.is_good, good.primary) == (100, True, (PM25,))
    assert LAW.air_index.category(D(100)).zh == "良"
    assert air_day(LAW.air_index, CLEAN).primary == (), "an excellent day has no primary pollutant"
    unknown = air_day(LAW.air_index, CLEAN | {O3: None})
    assert (unknown.is_good, unknown.missing) == (None, (O3,))
    bad = air_day(LAW.air_index, {PM25: D(76)})
    assert bad.is_good is False, "what is missing cannot make it better"
    assert good_days([good, unknown, bad]).share == Share(1, 2)
    assert good_days([good, unknown, bad]).unknown == 1


def test_a_day_mean_needs_twenty_hours() -> None:
    assert day_mean([D(10)] * 20 + [None] * 4, LAW.air) == 10
    assert day_mean([D(10)] * 19 + [None] * 5, LAW.air) is None


def test_eight_hours_of_ozone() -> None:
    """Hours 9 to 16 at 160, the rest at 40: the greatest window is 160; a window needs six hours."""
    hours: list[Decimal | None] = [D(40)] * 8 + [D(160)] * 8 + [D(40)] * 8
    assert eight_hours_most(hours, LAW.air) == 160
    holes: list[Decimal | None] = [None] * 14 + [D(170)] * 10
    assert eight_hours_most(holes, LAW.air) is None
    assert eight_hours_most(holes, LAW.air, D(160)) == 170, "too few windows, and above the limit for certain"


def test_percentiles_lie_between_neighbours() -> None:
    """365 values 1 … 365: k = 1 + 364 × 0.9 = 328.6."""
    assert percentile([D(n) for n in range(1, 366)], D(90)) == D("328.6")
    assert percentile([], D(90)) is None
    assert percentile([D(7)], D(98)) == 7


def test_a_year_is_judged_by_mean_and_percentile() -> None:
    days = {date(2023, 1, 1) + timedelta(days=n): D(30) if n < 340 else D(90) for n in range(365)}
    found = year_of(LAW.air, PM25, days)
    assert (found.mean, found.percentile, found.is_enough) == (34, 90, True)
    assert found.meets is False, "the mean keeps 35, the 95th percentile does not keep 75"
    assert found.worst_multiple == D("0.2")
    assert year_of(LAW.air, PM25, dict.fromkeys(days, D(35))).meets is True


def test_a_month_without_days_spoils_a_year() -> None:
    days = {date(2023, 1, 1) + timedelta(days=n): D(30) for n in range(365)}
    short = {day: None if day.month == 12 and day.day > 26 else value for day, value in days.items()}
    found = year_of(LAW.air, PM25, short)
    assert (found.days, found.is_enough, found.meets) == (360, False, None)
    told = too_few(LAW.checks, "某站 PM2.5", "2023", found)
    assert told is not None
    assert told.code == "MON-014"
    february = {day: value for day, value in days.items() if day.month == 2}
    assert month_of(LAW.air, PM25, february).needed == 25
    assert month_of(LAW.air, PM25, february).meets is None


def test_a_section_is_its_worst_factor() -> None:
    found = section(LAW.rivers, {"w21003": D("1.2"), "w21011": D("0.2"), "w01009": D(6)}, target=3)
    assert (found.quality, found.deciding, found.meets) == (4, ("w21003",), False)
    assert found.exceeding == {"w21003": D("0.2")}
    assert "w01018" in found.missing
    assert section(LAW.rivers, {}).quality is None
    oxygen = section(LAW.rivers, {"w01009": D("4.9")}, target=3)
    assert oxygen.exceeding == {"w01009": None}, "no multiple tells how much oxygen is lacking"
    worse = section(LAW.rivers, {"w01018": D("40.1")}, target=5)
    assert (worse.quality, worse.meets) == (WORSE, False)
    counted = sections(
        [found, oxygen, worse, section(LAW.rivers, {"w01018": D(10)}, target=3), section(LAW.rivers, {})]
    )
    assert (counted.good, counted.worse, counted.meeting) == (Share(1, 4), Share(1, 4), Share(1, 4))


def test_a_year_is_the_mean_of_its_months() -> None:
    found = mean_of([{"w21003": D(1), "w01018": None}, {"w21003": D(2)}, {"w21003": None}])
    assert found == {"w21003": D("1.5"), "w01018": None}
