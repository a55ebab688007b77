"""What filling must know: rates of quarters, months that hold, calibrations that failed."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from clocks import Clock

from shuangkong.core.fact import Cell, State, Subject
from shuangkong.core.period import Period
from shuangkong.core.trace import Figure
from shuangkong.monitoring.amounts.account import account
from shuangkong.monitoring.amounts.figure import figure, total
from shuangkong.monitoring.amounts.hours import Hour, Known, Origin, hour_amounts
from shuangkong.monitoring.amounts.knowing import known
from shuangkong.monitoring.mark import Mark
from shuangkong.monitoring.reading import Media, Reading, Span
from shuangkong.monitoring.validity.spans import verdicts
from shuangkong.rulebook import open_rulebook

LAW = open_rulebook().monitoring()
FIRST, LAST = date(2024, 4, 1), date(2024, 6, 30)


def readings(lost_from: date, kg: str = "2") -> list[Reading]:
    """Every hour of a quarter; from a day on, every other day is lost."""
    found = []
    for n in range((LAST - FIRST).days + 1):
        day = FIRST + timedelta(days=n)
        is_lost = day >= lost_from and n % 2 == 0
        for hour in range(24):
            value = None if is_lost else Decimal(kg) + day.month
            found.append(Reading(at=Clock.at(day, hour), value=value, mark=Mark.FAULT if is_lost else Mark.NORMAL))
    return found


def test_a_quarter_gives_its_rate_and_a_month_its_mean() -> None:
    hours = readings(date(2024, 6, 1))
    judged = verdicts(hours, LAW.marks, LAW.validity[Media.WATER], FIRST, LAST)
    found = known(judged, hours)
    lost = sum(each.value is None for each in hours)
    assert found.capture_on(date(2024, 5, 5)) == Decimal(len(hours) - lost) * 100 / len(hours)
    assert found.capture_on(date(2024, 7, 1)) is None
    assert found.month_mean_kg(date(2024, 4, 9)) is None, "no month before it was looked at"
    assert found.month_mean_kg(date(2024, 5, 9)) == 6
    assert found.month_mean_kg(date(2024, 6, 9)) == 7
    assert found.month_mean_kg(date(2024, 7, 9)) == 7, "June is not valid: half of its days are lost"


def test_out_of_control_reaches_back_to_the_last_calibration_that_passed() -> None:
    begun, ended = Clock.at(FIRST, 6), Clock.at(FIRST, 48)
    judged = verdicts([], LAW.marks, LAW.validity[Media.GAS], FIRST, FIRST)
    found = known(judged, [], [(begun, ended)])
    assert found.last_calibration(Clock.at(FIRST, 30)) == begun
    assert found.last_calibration(ended) == ended
    assert found.last_calibration(Clock.at(FIRST, 5)) == Clock.at(FIRST, 5)


def test_from_readings_to_a_quarters_kilograms() -> None:
    """Gas at 10 mg/m³ and 10⁶ m³/h, ten hours lost of 2184: filled with the greatest of 180 hours."""
    hours = [Hour(at=Clock.at(FIRST, n), value=Decimal(10 + n % 5), flow_m3=Decimal(10**6)) for n in range(2184)]
    for n in range(1000, 1010):
        hours[n] = Hour(at=hours[n].at, value=None, flow_m3=None, mark=Mark.MAINTENANCE)
    told = [Reading(at=each.at, value=each.value, mark=each.mark) for each in hours]
    judged = verdicts(told, LAW.marks, LAW.validity[Media.GAS], FIRST, LAST)
    what = known(judged, told)
    found = account(hour_amounts(hours, Media.GAS, "a21026", LAW.marks, LAW.substitution, what))
    quarter = found[Span.QUARTER][0]
    assert quarter.is_complete
    assert quarter.by[Origin.SUBSTITUTED] == (10, Decimal(140))
    assert quarter.kg == sum(10 + n % 5 for n in range(2184) if not 1000 <= n < 1010) + 140


def test_an_amount_becomes_a_figure_and_an_incomplete_one_is_missing() -> None:
    cell = Cell(Subject("unit", "x"), "so2_emission", Period(2024, "04"))
    hours = [Hour(at=Clock.at(FIRST, n), value=Decimal(10), flow_m3=Decimal(10**6)) for n in range(720)]
    hours[300] = Hour(at=hours[300].at, value=None, flow_m3=None, mark=Mark.FAULT)
    rate = Known(lambda _day: Decimal(95))

    def of(told: list[Hour]) -> Figure:
        amounts = hour_amounts(told, Media.GAS, "a21026", LAW.marks, LAW.substitution, rate)
        return figure(cell, account(amounts)[Span.MONTH][0])

    whole = of(hours)
    assert (whole.state, whole.value, whole.unit) == (State.VALUE, Decimal("7.2"), "t")
    assert whole.steps[-1].value == whole.value
    assert "1 小时按未核对原文的规定替代" in whole.doubts[0].zh
    part = of(hours[:-1])
    assert (part.state, part.value) == (State.MISSING, None)
    assert "1 小时既没有实测也没有替代" in part.doubts[-1].zh
    assert total(cell, [("一号", whole), ("二号", whole)]).value == Decimal("14.4")
    assert total(cell, [("一号", whole), ("二号", part)]).state is State.MISSING
    assert total(cell, []).value is None
