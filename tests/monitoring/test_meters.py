"""Meters: amounts worked by hand, and what must hold of every meter whatever it shows."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shuangkong.monitoring.meters import columns
from shuangkong.monitoring.meters.counter import Meter, Normalised, Rules, Shown, Step, Swap, multiplied, normalised

START = datetime(2026, 5, 6, tzinfo=UTC)
RULES = Rules(usual=timedelta(hours=1, minutes=1), longest=timedelta(hours=6))
METER = Meter(most=Decimal(100), modulus=Decimal(10_000))
D = Decimal


def shown(*told: tuple[float, str | int]) -> list[Shown]:
    """(hours after the start, showing)."""
    return [Shown(START + timedelta(hours=at), D(value)) for at, value in told]


def amounts(found: Normalised) -> list[Decimal | None]:
    return [hour.amount for hour in found.hours]


@pytest.mark.parametrize(
    ("told", "swaps", "expected", "steps", "valid"),
    [
        # Each hour's bounds are shown.
        ([(0, 10), (1, "22.5"), (2, 30)], [], ["12.5", "7.5"], [Step.GREW, Step.GREW], [True, True]),
        # Quarters of hours: bounds shown, steps in between add up.
        ([(0, 0), (0.25, 1), (0.5, 3), (0.75, 3), (1, 8)], [], ["8"], [Step.GREW], [True]),
        # A bound between two showings: 10 in an hour, half of it before the bound.
        ([(0.5, 0), (1.5, 10), (2.5, 30)], [], ["15"], [Step.GREW], [True]),
        # Four digits before the point: 9,990 → 15 is 25.
        ([(0, 9990), (1, 15), (2, 20)], [], ["25", "5"], [Step.ROLLOVER, Step.GREW], [True, True]),
        # 5,000 → 40 cannot be a rollover at 100 an hour; 40 since the reset can be.
        ([(0, 5000), (1, 40), (2, 60)], [], ["40", "20"], [Step.RESET, Step.GREW], [False, True]),
        # A little less than before, and too much since a reset: it fell, and nothing is known.
        ([(0, 5000), (1, 4990), (2, 5010)], [], ["0", "20"], [Step.FELL, Step.GREW], [False, True]),
        # Swapped at half past one: 30 on the old one until then, 7 on the new one.
        ([(1, 500), (2, 7), (3, 19)], [(1.5, 530, 0)], ["37", "12"], [Step.SWAP, Step.GREW], [True, True]),
        # Swapped for a used one that shows 800.
        ([(1, 500), (2, 825)], [(1.5, 510, 800)], ["35"], [Step.SWAP], [True]),
        # More than the meter can use.
        ([(0, 10), (1, 400), (2, 410)], [], ["390", "10"], [Step.JUMP, Step.GREW], [False, True]),
        # Three hours without a showing: an even share each, estimated.
        ([(0, 0), (3, 90), (4, 91)], [], ["30", "30", "30", "1"], [Step.LONG] * 3 + [Step.GREW], [True] * 4),
    ],
)  # fmt: skip
def test_hours_worked_by_hand(told: list, swaps: list, expected: list[str], steps: list, valid: list[bool]) -> None:
    changes = [Swap(START + timedelta(hours=at), D(last), D(first)) for at, last, first in swaps]
    found = normalised(shown(*told), changes, METER, RULES)
    assert amounts(found) == list(map(D, expected))
    assert [hour.steps for hour in found.hours] == steps
    assert [hour.is_valid for hour in found.hours] == valid
    assert in_columns(shown(*told), changes, METER, RULES) == found.hours


def test_long_silence_is_missing_and_told_beside() -> None:
    found = normalised(shown((0, 0), (1, 10), (9, 90), (10, 95)), [], METER, RULES)
    assert amounts(found) == [D(10), *[None] * 8, D(5)]
    assert found.unplaced == D(80)


def test_third_of_a_unit_is_rounded_at_the_bounds_and_nothing_is_lost() -> None:
    found = normalised(shown((0, 0), (3, 1)), [], METER, RULES)
    assert amounts(found) == [D("0.333333"), D("0.333334"), D("0.333333")]
    assert sum(hour.amount for hour in found.hours if hour.amount is not None) == 1


def test_without_what_a_meter_can_use_a_fall_stays_a_fall() -> None:
    found = normalised(shown((0, 9990), (1, 15)), [], Meter(modulus=D(10_000)), RULES)
    assert [(hour.amount, hour.steps) for hour in found.hours] == [(0, Step.FELL)]


def test_ratios_of_transformers() -> None:
    assert multiplied(D("12.345"), D(3000)) == D("37035.000000")
    assert multiplied(D("0.000001"), D("0.5")) == D("0.000001")


def test_nothing_shown_has_no_hours() -> None:
    assert normalised([], [], METER, RULES).hours == ()
    assert normalised(shown((0.1, 5), (0.9, 6)), [], METER, RULES).hours == ()
    assert in_columns([], [], METER, RULES) == ()


def in_columns(told: list[Shown], swaps: list[Swap], meter: Meter, rules: Rules) -> tuple:
    """The same meter among others, as columns; its hours as dataclasses."""
    from shuangkong.monitoring.meters.counter import HourAmount

    def micro(values: list[Decimal]) -> columns.Numbers:
        return np.array([int(value * 10**6) for value in values], dtype=np.int64)

    def seconds(moments: list[datetime]) -> columns.Numbers:
        return np.array([int(at.timestamp()) for at in moments], dtype=np.int64)

    at, value = seconds([each.at for each in told]), micro([each.value for each in told])
    others = np.array([0, 0, 2, 2], dtype=np.int64)
    noise = np.array([0, 7200, 0, 7200], dtype=np.int64) + int(START.timestamp())
    kept = columns.Showings(
        np.concatenate((others[:2], np.full(len(at), 1), others[2:])),
        np.concatenate((noise[:2], at, noise[2:])),
        np.concatenate(([5, 7], value, [9, 8])),
    )
    bounds = [columns.UNKNOWN if each is None else int(each * 10**6) for each in (meter.most, meter.modulus)]
    meters = columns.Meters(*(np.full(3, each, dtype=np.int64) for each in bounds))
    changes = columns.Swaps(
        np.full(len(swaps), 1), seconds([each.at for each in swaps]), micro([each.last for each in swaps]),
        micro([each.first for each in swaps]),
    )  # fmt: skip
    found = columns.normalised(kept, changes, meters, rules)
    mine = found.meter == 1
    return tuple(
        HourAmount(datetime.fromtimestamp(starts, UTC), None if gone else D(amount).scaleb(-6), Step(steps))
        for starts, amount, steps, gone in zip(
            found.starts[mine].tolist(), found.amount[mine].tolist(), found.steps[mine].tolist(),
            found.is_missing[mine],
            strict=True,
        )
    )  # fmt: skip


SHOWINGS = st.lists(
    st.tuples(st.integers(1, 8 * 3600), st.integers(0, 12_000 * 10**6)), min_size=0, max_size=12
)  # fmt: skip
METERS = st.builds(
    Meter,
    most=st.none() | st.integers(1, 500).map(D),
    modulus=st.none() | st.sampled_from([D(1000), D(10_000)]),
)


def run_of(steps: list[tuple[int, int]]) -> list[Shown]:
    at, out = START + timedelta(minutes=17), []
    for seconds, value in steps:
        at += timedelta(seconds=seconds)
        out.append(Shown(at, D(value).scaleb(-6)))
    return out


@given(
    SHOWINGS,
    METERS,
    st.lists(st.tuples(st.integers(0, 40 * 3600), st.integers(0, 9000), st.integers(0, 9000)), max_size=3),
)
def test_columns_are_what_one_meter_is(steps: list, meter: Meter, swaps: list) -> None:
    told = run_of(steps)
    changes = [Swap(START + timedelta(seconds=at), D(last), D(first)) for at, last, first in swaps]
    assert in_columns(told, changes, meter, RULES) == normalised(told, changes, meter, RULES).hours


@given(st.lists(st.tuples(st.integers(1, 9 * 3600), st.integers(0, 50 * 10**6)), min_size=2, max_size=15))
def test_what_grew_is_in_the_hours_or_told_beside(steps: list[tuple[int, int]]) -> None:
    """Showings at full hours on either end: every bit of the gain is somewhere."""
    value, told = 0, [Shown(START, D(0))]
    at = START
    for seconds, gain in steps:
        at, value = at + timedelta(seconds=seconds), value + gain
        told.append(Shown(at, D(value).scaleb(-6)))
    end = (at + timedelta(hours=1)).replace(minute=0, second=0)
    told.append(Shown(end, D(value).scaleb(-6)))
    found = normalised(told, [], Meter(), RULES)
    placed = sum((hour.amount for hour in found.hours if hour.amount is not None), D(0))
    assert placed + found.unplaced == D(value).scaleb(-6)


@given(
    st.lists(st.integers(0, 90 * 10**6), min_size=3, max_size=20),
    st.data(),
)
def test_swap_or_rollover_changes_no_amount(gains: list[int], data: st.DataObject) -> None:
    """The same use told by one endless counter, by one of few digits, and by two meters."""
    totals = np.cumsum([0, *gains]).tolist()
    hours = [START + timedelta(hours=at) for at in range(len(totals))]
    endless = normalised([Shown(at, D(v).scaleb(-6)) for at, v in zip(hours, totals, strict=True)], [], METER, RULES)
    modulus = 1000 * 10**6
    rolled = [Shown(at, D((v + 950 * 10**6) % modulus).scaleb(-6)) for at, v in zip(hours, totals, strict=True)]
    few_digits = normalised(rolled, [], Meter(D(100), D(1000)), RULES)
    assert amounts(few_digits) == amounts(endless)
    at = data.draw(st.integers(1, len(gains)))
    first, last = D(77), D(totals[at - 1]).scaleb(-6)
    changed = [
        Shown(hour, D(v).scaleb(-6) if number < at else D(v).scaleb(-6) - last + first)
        for number, (hour, v) in enumerate(zip(hours, totals, strict=True))
    ]
    swap = Swap(hours[at - 1] + timedelta(minutes=1), last, first)
    assert amounts(normalised(changed, [swap], METER, RULES)) == amounts(endless)
