"""Months of meters: figures worked by hand, and what must hold of every month whatever a meter shows."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from shuangkong.core.unit import PrintedUnit
from shuangkong.monitoring.metering.carriers import CARRIERS, factor_of
from shuangkong.monitoring.metering.events import events
from shuangkong.monitoring.metering.grid import NO_TOLD, Origin, Span, ToldHours, grid
from shuangkong.monitoring.metering.month import Factors, MeterMonth, completeness_pct, months
from shuangkong.monitoring.meters.columns import (
    NO_SWAPS,
    UNKNOWN,
    Meters,
    Numbers,
    Showings,
    Swaps,
    gained,
    normalised,
)
from shuangkong.monitoring.meters.counter import Rules, Step
from shuangkong.policyfile.node import Listing
from shuangkong.rulebook import open_rulebook

D = Decimal
HOUR, DAYS = 3600, 31
FIRST = date(2026, 5, 1)
#: The grid begins at an hour of the epoch's clock, as midnights of the offices do.
START = 20_000 * 86_400
RULES = Rules(usual=timedelta(minutes=75), longest=timedelta(hours=24))
#: 100 an hour at most; four digits.
MOST, MODULUS = 100 * 10**6, 10_000 * 10**6


def column(*values: int) -> Numbers:
    return np.array(values, dtype=np.int64)


def shown(told: list[tuple[float, float]]) -> Showings:
    """(hours after the month's first, showing) of one meter."""
    at = column(*(START + round(hour * HOUR) for hour, _ in told))
    return Showings(np.zeros(len(told), dtype=np.int64), at, column(*(round(value * 10**6) for _, value in told)))


def swaps(*told: tuple[float, float, float]) -> Swaps:
    return Swaps(
        column(*(0 for _ in told)), column(*(START + round(hour * HOUR) for hour, _, _ in told)),
        column(*(round(last * 10**6) for _, last, _ in told)), column(*(round(first * 10**6) for _, _, first in told)),
    )  # fmt: skip


def month(
    told: list[tuple[float, float]], changes: Swaps = NO_SWAPS, multiplier: str = "1", sent: ToldHours = NO_TOLD,
    due: tuple[int, int] = (0, DAYS * 24), most: int = MOST,
) -> MeterMonth:  # fmt: skip
    found = normalised(shown(told), changes, Meters(column(most), column(MODULUS)), RULES)
    span = Span(START, DAYS * 24, column(START + due[0] * HOUR), column(START + due[1] * HOUR))
    [made] = months(grid(found, sent, span), [Factors(D(multiplier), D(1))], FIRST)
    return made


def even(first: int, last: int, begin: float = 0, step: float = 10) -> list[tuple[float, float]]:
    return [(hour, begin + step * (hour - first)) for hour in range(first, last + 1)]


def test_a_month_with_swap_rollover_and_transformers_by_hand() -> None:
    """10 an hour on a counter of four digits that began at 9,000; at hour 300 it was swapped for one that shows 50.

    0 → 100 h: 9,000 … 10,000, which shows 0: a rollover. 100 → 300 h: 2,000 more. At 300.5 h the old one shows 2,005
    and goes; the new one begins at 50 and shows 55 at 301 h. Until 744 h it gains 4,430 more: 4,485.
    """
    told = [*even(0, 99, 9000), (100.0, 0.0), *even(101, 300, 10), (301.0, 55.0), *even(302, 744, 65)]
    found = month(told, swaps((300.5, 2_005, 50)), multiplier="1.5")
    assert found.amount == 744 * 10 * D("1.5")
    assert found.is_complete
    assert found.hours[Origin.MEASURED] == 744
    assert {each.amount for each in found.days} == {D(240) * D("1.5")}


def test_a_reset_is_open_until_its_swap_is_registered() -> None:
    """10 an hour; between 400 and 401 h the counter goes from 4,000 to 4: nobody said why, so an hour is not known."""
    told = [*even(0, 400), (401.0, 4.0), *even(402, 744, 14)]
    found = month(told)
    assert (found.open_hours, found.is_complete) == (1, False)
    assert found.amount == 743 * 10
    settled_ = month(told, swaps((400.6, 4_006, 0)))
    assert (settled_.open_hours, settled_.amount) == (0, 744 * 10)


def test_a_silence_within_the_month_counts_whole_and_has_no_day() -> None:
    """Silent from hour 100 to hour 150: 500 in fifty hours; the rest by the hour."""
    found = month(even(0, 100) + even(150, 744, 1_500))
    assert (found.amount, found.open_hours, found.hours[Origin.BRIDGED]) == (7_440, 0, 50)
    assert [(gap.starts, gap.hours, gap.amount) for gap in found.gaps] == [(START + 100 * HOUR, 50, D(500))]
    assert sum(each.amount for each in found.days) == 6_940


def test_a_silence_over_the_month_s_end_belongs_to_no_month() -> None:
    found = month(even(-3, 700, -30) + even(760, 770, 7_600))
    assert (found.open_hours, found.gaps, found.amount) == (44, (), 7_000)


def test_a_silence_under_a_day_is_spread_and_told_as_estimated() -> None:
    found = month(even(0, 100) + even(110, 744, 1_100))
    assert (found.hours[Origin.ESTIMATED], found.amount) == (10, 7_440)
    assert found.is_complete


def test_told_hours_fill_what_counters_leave_open_and_nothing_twice() -> None:
    """The sender told 9 for every hour: only those after the last showing count, as sent, without the multiplier."""
    hours = np.arange(744, dtype=np.int64)
    sent = ToldHours(np.zeros(744, dtype=np.int64), START + hours * HOUR, np.full(744, 9 * 10**6, dtype=np.int64))
    found = month(even(0, 700), multiplier="2", sent=sent)
    assert (found.hours[Origin.MEASURED], found.hours[Origin.TOLD], found.open_hours) == (700, 44, 0)
    assert found.amount == 700 * 20 + 44 * 9
    bridged = month(even(0, 100) + even(150, 744, 1_500), sent=sent)
    assert (bridged.amount, bridged.hours[Origin.TOLD]) == (7_440, 0), "what the counter says whole is not told again"


def test_what_is_not_due_is_not_open() -> None:
    found = month(even(0, 240), due=(0, 240))
    assert (found.due, found.is_complete, found.amount) == (240, True, 2_400)
    nothing = month([], due=(0, 744))
    assert (nothing.due, nothing.open_hours, nothing.amount, nothing.is_complete) == (744, 744, 0, False)


def test_a_jump_is_open() -> None:
    found = month(even(0, 100) + even(101, 744, 5_000))
    assert (found.open_hours, found.amount) == (1, 743 * 10)


def test_events_are_told_of_the_due_time_alone() -> None:
    held = shown([*even(-2, 0, 9970), (1.0, 0.0), *even(2, 744, 10)])
    gain, steps = gained(held, NO_SWAPS, Meters(column(MOST), column(MODULUS)), RULES)
    [[told]] = events(held, gain, steps, (column(START), column(START + 744 * HOUR))).values()
    assert (told.before, told.after, told.gain, told.steps) == (9_990, 0, 10, Step.ROLLOVER)
    assert events(held, gain, steps, (column(START + 5 * HOUR), column(START + 744 * HOUR))) == {}


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.integers(1, 40 * HOUR), min_size=2, max_size=60),
    st.lists(st.integers(0, 90), min_size=60, max_size=60),
    st.integers(0, 9_999),
    st.sampled_from(["1", "0.7", "3000"]),
)
def test_days_and_silences_add_up_to_the_month(pauses: list[int], use: list[int], begin: int, times: str) -> None:
    """Whatever a counter of four digits shows: the month is the sum of its days and silences, and no more than the
    whole gain; every due hour has one origin; what is complete is the gain between the month's bounds."""
    at, value, told = -26.0, float(begin), []
    for pause, one in zip(pauses, use, strict=False):
        told.append((at, value % 10_000))
        # What is used in a pause is within what the meter can use, and below what its digits hold.
        value += one * min(pause / HOUR, 40)
        at += pause / HOUR
    found = month(told, multiplier=times)
    assert found.amount == sum((each.amount for each in (*found.days, *found.gaps)), D(0))
    assert sum(found.hours.values()) == DAYS * 24
    assert all(sum(each.hours.values()) == 24 for each in found.days)
    assert 0 <= found.amount <= D(str(round(value - begin, 6))) * D(times) + 1
    assert found.is_complete == (found.open_hours == 0)


@pytest.mark.parametrize(("known", "due", "expected"), [(0, 0, 0), (744, 744, 100), (1, 3, D(100) / 3)])
def test_completeness(known: int, due: int, expected: Decimal) -> None:
    assert completeness_pct(known, due) == expected


def test_carriers_are_those_of_forms_and_have_their_indicators() -> None:
    book = open_rulebook()
    rows = book.folder.require("national/reporting/lists/energy_carrier.yaml").listing("rows")
    assert isinstance(rows, Listing)
    units = {row.text("id"): row.text("unit") for row in rows.mappings()}
    for each in CARRIERS.values():
        assert units.get(each.id, each.unit) == each.unit, each.id
        indicator = book.folder.require(f"national/indicators/{each.indicator}.yaml")
        assert indicator.text("unit") == each.unit
    assert {each for each in CARRIERS if each not in units} == {"steam", "fresh_water"}


def test_units_become_those_of_the_carrier_or_nothing() -> None:
    units: dict[str, PrintedUnit] = open_rulebook().units()
    assert factor_of("electricity", "万千瓦时", units) == 10_000
    assert factor_of("electricity", "kWh", units) == 1
    assert factor_of("electricity", "吨", units) is None
    assert factor_of("gold", "吨", units) is None


SPAN = Span(START, DAYS * 24, column(START), column(START + DAYS * 24 * HOUR))
#: As much as the store takes, in whole units.
GREAT = 10**12 - 1


@settings(max_examples=40, deadline=None)
@example([GREAT] * 48, True)
@example([GREAT] * 48, False)
@given(st.lists(st.integers(0, GREAT), min_size=24, max_size=72), st.booleans())
def test_sums_of_great_showings_are_exact_or_open(told: list[int], is_told: bool) -> None:
    """Days of hours that each fit into a column, though not together: the exact sum, never one that wrapped around.

    Sender's hours of almost 10¹² each; and meters swapped each hour, so that every hour gains as much. What a counter
    cannot have gained is open.
    """
    at = START + np.arange(len(told), dtype=np.int64) * HOUR
    if is_told:
        sent = ToldHours(np.zeros(len(told), dtype=np.int64), at, column(*told) * 10**6)
        found = month([], sent=sent)
        assert found.amount == sum(told)
        assert found.days[0].amount == sum(told[:24])
        return
    changes = swaps(*((hour + 0.5, each, 0) for hour, each in enumerate(told)))
    held = Showings(
        np.zeros(len(told) + 1, dtype=np.int64), column(*at, at[-1] + HOUR), column(*(0,) * (len(told) + 1))
    )
    hours = normalised(held, changes, Meters(column(UNKNOWN), column(UNKNOWN)), RULES)
    [found] = months(grid(hours, NO_TOLD, SPAN), [Factors(D(3), D(1))], FIRST)
    assert found.amount == 3 * sum(told)
    assert found.hours[Origin.MEASURED] == len(told)


def test_what_no_counter_gains_is_open() -> None:
    """A swap that would make an hour gain 2·10¹², a minute's rises that add up to more than a column holds, and what a
    meter can use told so great that a month of it holds in none."""
    great = np.int64(10**18)
    beyond = Swaps(column(0), column(START + 1800), column(great), column(-great))
    shown_ = Showings(column(0, 0, 0), column(START, START + HOUR, START + 2 * HOUR), column(0, 5, 10))
    hours = normalised(shown_, beyond, Meters(column(UNKNOWN), column(UNKNOWN)), RULES)
    assert hours.steps.tolist() == [Step.SWAP | Step.JUMP, Step.GREW]
    assert hours.is_valid.tolist() == [False, True]
    minutes = START + 60 * np.arange(61, dtype=np.int64)
    many = Swaps(np.zeros(60, dtype=np.int64), minutes[:-1] + 30, np.full(60, great), np.zeros(60, dtype=np.int64))
    shown_ = Showings(np.zeros(61, dtype=np.int64), minutes, np.zeros(61, dtype=np.int64))
    hours = normalised(shown_, many, Meters(column(UNKNOWN), column(UNKNOWN)), RULES)
    assert hours.is_valid.tolist() == [False], "60 · 10¹⁸ has wrapped around"
    # 5 a month is no jump, however much it can be.
    month_on = Showings(column(0, 0), column(START, START + DAYS * 24 * HOUR), column(0, 5))
    assert gained(month_on, NO_SWAPS, Meters(column(great), column(UNKNOWN)), RULES)[1].tolist() == [
        Step.LONG | Step.SILENT
    ]


def test_a_bridged_silence_too_great_is_open() -> None:
    """Nine silences on end, each of 10¹²: together more than a column holds; one alone counts."""
    days = column(*(START + number * 2 * 24 * HOUR for number in range(11)))
    for count, is_open in ((1, False), (9, True)):
        changes = Swaps(
            np.zeros(count, dtype=np.int64),
            days[:count] + HOUR,
            np.full(count, 10**18),
            np.zeros(count, dtype=np.int64),
        )
        held = Showings(np.zeros(11, dtype=np.int64), days, np.zeros(11, dtype=np.int64))
        hours = normalised(held, changes, Meters(column(UNKNOWN), column(UNKNOWN)), RULES)
        found = grid(hours, NO_TOLD, SPAN).gaps
        assert found.gain.tolist() == ([] if is_open else [10**18])
