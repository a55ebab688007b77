"""Transmission and coverage: published definitions, denominators kept."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from clocks import Clock

from shuangkong.core.finding import Message
from shuangkong.monitoring.mark import Mark
from shuangkong.monitoring.rates.book import Target
from shuangkong.monitoring.rates.coverage import Coverage, Standing, Thing, by_thing, coverage, duties_of, overdue
from shuangkong.monitoring.rates.share import Share, low_rate, meets, together
from shuangkong.monitoring.rates.transmission import Cut, Transmission, added, day_rate, day_rates
from shuangkong.monitoring.reading import Media, Reading
from shuangkong.rulebook import open_rulebook

DAY = date(2024, 5, 1)
LAW = open_rulebook().monitoring()
RULES = LAW.rates(DAY)
D = Decimal


def hours_of(marks: list[Mark | None], late_hours: int = 0) -> list[Reading]:
    return [
        Reading(
            at=Clock.at(DAY, n),
            value=D(1),
            mark=mark,
            received_at=Clock.at(DAY, n + 1 + late_hours),
        )
        for n, mark in enumerate(marks)
        if mark is not None
    ]


def rate(
    marks: list[Mark | None], factor: str = "a21026", cut: Cut = Cut.COMPLETED, late_hours: int = 0
) -> Transmission:
    return day_rate(hours_of(marks, late_hours), factor, LAW.marks, RULES, cut)


N, F, S, GONE = Mark.NORMAL, Mark.FAULT, Mark.STOPPED, None


def test_the_product_of_two_rates() -> None:
    """20 of 24 came, 18 of them valid: 83.33 % × 90 % = 75 %."""
    found = rate([N] * 18 + [F] * 2 + [GONE] * 4)
    assert (found.transmission, found.validity) == (Share(20, 24), Share(18, 20))
    assert found.effective_pct == 75


def test_stop_hours_are_not_due() -> None:
    found = rate([S] * 12 + [N] * 9 + [GONE] * 3)
    assert (found.due, found.effective_pct) == (12, 75)
    assert rate([S] * 24).effective_pct is None
    assert rate([GONE] * 24).effective_pct == 0


@pytest.mark.parametrize("lost", [GONE, Mark.CALIBRATION])
def test_an_hour_a_day_is_excused_for_the_check(lost: Mark | None) -> None:
    """23 of 24 counts as all for COD; for SO2 it is 95.83 %; two lost hours leave one to account for."""
    assert rate([N] * 23 + [lost], "w01018").effective_pct == 100
    sulphur = rate([N] * 23 + [lost]).effective_pct
    assert sulphur is not None
    assert round(sulphur, 2) == D("95.83")
    two = rate([N] * 22 + [lost] * 2, "w01018")
    assert (two.due, two.valid) == (23, 22)
    assert rate([N] * 24, "w01018").effective_pct == 100


def test_late_data_completes_but_is_not_real_time() -> None:
    late = 30
    assert rate([N] * 24, cut=Cut.REAL_TIME, late_hours=late).effective_pct == 0
    assert rate([N] * 24, late_hours=late).effective_pct == 100
    edge = 24 * 9
    assert rate([N] * 24, late_hours=edge).received == 24
    assert rate([N] * 24, late_hours=24 * 10).received == 23, "the last hour arrives on the eleventh day"


def test_days_add_up_and_rates_are_never_averaged() -> None:
    readings = hours_of([N] * 24)
    found = day_rates(readings, "a21026", LAW.marks, LAW.rates, [DAY, DAY + timedelta(days=1)], Cut.COMPLETED)
    whole = added(found.values())
    assert (whole.due, whole.valid, whole.effective_pct) == (48, 24, 50)
    assert together([Share(1, 1), Share(0, 99)]) == Share(1, 100)


@pytest.mark.parametrize(
    ("of", "day", "value"),
    [
        (Target.EFFECTIVE_TRANSMISSION, date(2014, 1, 1), 75),
        (Target.EFFECTIVE_TRANSMISSION, date(2020, 12, 31), 90),
        (Target.SELF_MONITORING, date(2015, 1, 1), 80),
        (Target.SELF_MONITORING, date(2020, 1, 1), 90),
        (Target.SUPERVISORY_MONITORING, date(2020, 1, 1), 95),
    ],
)
def test_targets_are_dated(of: Target, day: date, value: int) -> None:
    found = LAW.target(of, day)
    assert found.number == value
    assert not found.is_verified


def test_a_missed_target_is_told_with_its_numbers() -> None:
    target = LAW.target(Target.EFFECTIVE_TRANSMISSION, DAY)
    name = Message("有效传输率", "effective transmission rate")
    found = low_rate(LAW.checks, "全市", name, D("89.994"), "640/711", target)
    assert found is not None
    assert found.code == "MON-010"
    assert "89.99%（640/711），低于目标 90%" in found.message.zh
    assert low_rate(LAW.checks, "全市", name, D(90), "9/10", target) is None
    assert (meets(D(90), target), meets(None, target)) == (True, None)


def test_coverage_by_date() -> None:
    standings = [
        Standing("甲", Thing.KEY_DISCHARGER, date(2024, 1, 1), date(2023, 6, 1), date(2023, 7, 1)),
        Standing("乙", Thing.KEY_DISCHARGER, date(2024, 1, 1), date(2024, 3, 1), None),
        Standing("丙", Thing.KEY_DISCHARGER, date(2025, 1, 1), date(2024, 3, 1), date(2024, 4, 1)),
        Standing("丁", Thing.PARK, date(2024, 1, 1), None, None, ended_on=date(2024, 4, 30)),
    ]
    found = by_thing(standings, DAY)
    assert found[Thing.KEY_DISCHARGER] == Coverage(told=3, due=2, installed=2, connected=1, ahead=1)
    assert found[Thing.PARK].connection.pct is None
    assert coverage(standings, date(2024, 2, 1)) == Coverage(told=4, due=3, installed=1, connected=1, ahead=0)
    told = overdue(LAW.checks, standings, DAY)
    assert [each.place for each in told] == ["乙"]
    assert "已安装，未联网" in told[0].message.zh


def test_who_must_connect_what_by_when() -> None:
    held = duties_of(LAW.duties, Thing.KEY_DISCHARGER, Media.WATER, "D4620", DAY)
    assert held == {"w01018": date(2014, 1, 1), "w21003": date(2014, 1, 1), "w21011": date(2020, 12, 31)}
    assert duties_of(LAW.duties, Thing.PARK, None, "", DAY) == {"": date(2025, 12, 31)}
