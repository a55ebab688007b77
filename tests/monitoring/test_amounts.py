"""Gaps, substitution and amounts: rules by hand, ledgers that add up."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from clocks import Clock
from hypothesis import given, settings
from hypothesis import strategies as some

from shuangkong.monitoring.amounts.account import account, findings, steps
from shuangkong.monitoring.amounts.hours import Hour, HourAmount, Known, Origin, hour_amounts
from shuangkong.monitoring.mark import Mark
from shuangkong.monitoring.reading import Media, Reading, Span
from shuangkong.monitoring.substitution.filling import Series, filled
from shuangkong.monitoring.substitution.gaps import calendar, gaps
from shuangkong.monitoring.substitution.rule import Method, band_for
from shuangkong.rulebook import open_rulebook

DAY = date(2024, 5, 1)
LAW = open_rulebook().monitoring()
D = Decimal
FLOW, RATE = D(1_000_000), D(95)


def hours_from(day: date, told: list[tuple[Decimal | None, Mark]], flow: Decimal = FLOW) -> list[Hour]:
    return [Hour(at=Clock.at(day, n), value=value, flow_m3=flow, mark=mark) for n, (value, mark) in enumerate(told)]


def known(rate: Decimal | None = RATE) -> Known:
    return Known(lambda _day: rate)


def gas_amounts(hours: list[Hour], rate: Decimal | None = RATE) -> tuple[HourAmount, ...]:
    return hour_amounts(hours, Media.GAS, "a21026", LAW.marks, LAW.substitution, known(rate))


def test_gaps_end_at_stops_and_say_their_cause() -> None:
    told = {0: Mark.NORMAL, 1: Mark.FAULT, 2: Mark.FAULT, 4: Mark.STOPPED, 5: Mark.MAINTENANCE, 7: Mark.NORMAL}
    readings = [
        Reading(at=Clock.at(DAY, n), value=D(1) if mark is Mark.NORMAL else None, mark=mark) for n, mark in told.items()
    ]
    found = list(gaps(calendar(readings, Clock.at(DAY), Clock.at(DAY, 8)), LAW.marks))
    assert [(gap.starts_at.hour, gap.hours, gap.cause) for gap in found] == [
        (1, 3, Mark.FAULT),
        (5, 2, Mark.MAINTENANCE),
    ]


@pytest.mark.parametrize(
    ("rate", "hours", "valid_hours"),
    [("90", 24, 180), ("90", 25, 720), ("89.9", 1, 2160), ("75", 500, 2160), ("74.9", 1, None), (None, 1, None)],
)
def test_the_table_of_substitution(rate: str | None, hours: int, valid_hours: int | None) -> None:
    found = band_for(LAW.substitution, Media.GAS, "a21026", DAY, hours, None if rate is None else D(rate))
    assert (found.valid_hours if found else None) == valid_hours


def test_the_table_is_dated() -> None:
    def method(media: Media, factor: str, day: date, hours: int = 3) -> Method | None:
        found = band_for(LAW.substitution, media, factor, day, hours, D(95))
        return found.method if found else None

    assert method(Media.GAS, "a21026", date(2018, 2, 28)) is Method.MEAN_OF_NEIGHBOURS
    assert method(Media.GAS, "a21026", date(2018, 2, 28), 25) is Method.BY_HAND
    assert method(Media.GAS, "a21026", date(2018, 3, 1)) is Method.MAXIMUM_BEFORE
    assert method(Media.WATER, "w01001", date(2020, 3, 23)) is Method.MEDIAN_BEFORE
    assert method(Media.WATER, "w21003", date(2020, 3, 23)) is Method.MEAN_BEFORE
    assert method(Media.WATER, "w21003", date(2020, 3, 24)) is Method.MEAN_OF_VALID_DAYS
    assert method(Media.WATER, "w21003", date(2007, 7, 31)) is None


def test_a_failed_calibration_moves_where_valid_hours_are_looked_for() -> None:
    """The dearest hour lies after the last calibration: it does not count."""
    values = [D(3)] * 200 + [D(99)] * 5
    hours = tuple(Reading(at=Clock.at(DAY, n), value=value) for n, value in enumerate(values))
    lost = (Reading(at=Clock.at(DAY, 205), value=None, mark=Mark.FAULT),)

    def capture(_day: date) -> Decimal:
        return D(95)

    plain = Series(Media.GAS, "a21026", hours + lost, LAW.marks, capture)
    drifted = Series(Media.GAS, "a21026", hours + lost, LAW.marks, capture, lambda _at: Clock.at(DAY, 200))
    assert filled(plain, LAW.substitution)[0].value == 99
    found = filled(drifted, LAW.substitution)[0]
    assert (found.value, found.used[0], found.used[-1]) == (3, Clock.at(DAY, 20), Clock.at(DAY, 199))


def test_a_month_of_water_stands_on_the_last_valid_month() -> None:
    hours = hours_from(DAY, [(D(50), Mark.NORMAL)] * 20 + [(None, Mark.FAULT)] * 4, D(100))
    mean = Known(lambda _day: D(95), month_mean_kg=lambda _day: D("4.5"))
    found = hour_amounts(hours, Media.WATER, "w01018", LAW.marks, LAW.substitution, mean)
    assert [each.kg for each in found[18:22]] == [5, 5, D("4.5"), D("4.5")]
    day = account(found)[Span.DAY][0]
    assert day.kg == 20 * 5 + 4 * D("4.5")
    assert day.is_complete


def test_old_rules_fill_the_concentration_and_the_flow_stays_its_own() -> None:
    day = date(2019, 5, 1)
    hours = hours_from(
        day, [(D(40), Mark.NORMAL), (D(60), Mark.NORMAL), (None, Mark.FAULT), (None, Mark.FAULT)], D(100)
    )
    hours[3] = Hour(at=hours[3].at, value=None, flow_m3=None, mark=Mark.FAULT)
    found = hour_amounts(hours, Media.WATER, "w01018", LAW.marks, LAW.substitution, known())
    assert [(each.origin, each.kg) for each in found] == [
        (Origin.MEASURED, 4),
        (Origin.MEASURED, 6),
        (Origin.SUBSTITUTED, 5),
        (Origin.OPEN, None),
    ]
    assert [each.code for each in findings(LAW.checks, "1号", account(found)[Span.DAY][0])] == ["MON-004", "MON-013"]


def test_an_amount_tells_what_it_is_made_of() -> None:
    """190 hours at 20 mg/m³ and 10⁶ m³, one of 30; two lost, three stopped: 189 × 20 + 30 + 2 × 30 kg."""
    told = [(D(20), Mark.NORMAL)] * 189 + [(D(30), Mark.NORMAL)] + [(None, Mark.FAULT)] * 2 + [(None, Mark.STOPPED)] * 3
    found = gas_amounts(hours_from(DAY, told))
    month = account(found)[Span.MONTH][0]
    assert month.kg == 189 * 20 + 30 + 60
    assert month.by[Origin.SUBSTITUTED] == (2, D(60))
    assert month.by[Origin.STOPPED] == (3, D(0))
    assert [step.name.zh for step in steps(month)] == [
        "实测 190 小时",
        "停运 3 小时",
        "替代 2 小时：之前若干有效小时的最大值（180）",
        "合计（另有 549 小时不知道）",
    ]
    assert sum(month.rules().values()) == 2
    lost = next(each for each in found if each.origin is Origin.SUBSTITUTED)
    assert lost.filled is not None
    assert len(lost.filled.used) == 180


def test_what_no_rule_fills_is_told_and_not_counted() -> None:
    told = [(D(20), Mark.NORMAL)] * 20 + [(None, Mark.FAULT)] * 4
    found = gas_amounts(hours_from(DAY, told), D(60))
    day = account(found)[Span.DAY][0]
    assert (day.kg, day.open_hours, day.is_complete) == (400, 4, False)
    told_findings = findings(LAW.checks, "1号排口 二氧化硫", day)
    assert [each.code for each in told_findings] == ["MON-001", "MON-013"]
    assert "2024-05-01 20:00 起连续缺失 4 小时，捕集率 60.0%" in told_findings[0].message.zh
    short = account(gas_amounts(hours_from(DAY, told)))[Span.DAY][0]
    assert [each.code for each in findings(LAW.checks, "1号", short)] == ["MON-002", "MON-013"]


def test_manual_monitoring_fills_what_no_rule_fills() -> None:
    hours = hours_from(DAY, [(D(20), Mark.NORMAL)] * 200 + [(None, Mark.FAULT)])
    hours[-1] = Hour(at=hours[-1].at, value=None, flow_m3=None, mark=Mark.FAULT, by_hand_kg=D(7), by_hand="1号")
    assert gas_amounts(hours)[-1].origin is Origin.SUBSTITUTED, "a rule that fits stands"
    assert gas_amounts(hours)[-1].kg == 20
    [*_measured, last] = gas_amounts(hours, D(60))
    assert (last.kg, last.origin, last.by_hand) == (7, Origin.BY_HAND, "1号")


VALUES = some.one_of(some.none(), some.integers(0, 900).map(lambda n: D(n) / 10))
MARKS = some.sampled_from([Mark.NORMAL] * 6 + [Mark.FAULT, Mark.STOPPED, Mark.STARTING])
SERIES = some.lists(some.tuples(VALUES, MARKS), min_size=1, max_size=60)


@settings(max_examples=25, deadline=None)
@given(SERIES)
def test_the_ledger_adds_up_on_every_level(told) -> None:
    found = gas_amounts(hours_from(DAY, [(D(5), Mark.NORMAL)] * 180 + told))
    spans = account(found)
    total = sum((each.kg for each in found if each.kg is not None), D(0))
    for span in (Span.DAY, Span.MONTH, Span.QUARTER, Span.YEAR):
        assert sum((each.kg for each in spans[span]), D(0)) == total
        assert [each.at for amount in spans[span] for each in amount.every_hour()] == [each.at for each in found]
        for amount in spans[span]:
            assert amount.told + amount.open_hours - amount.by.get(Origin.OPEN, (0, D(0)))[0] == amount.due
            assert steps(amount)[-1].value == amount.kg
