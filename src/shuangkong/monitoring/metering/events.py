"""表上的事: swaps, rollovers, resets, falls, jumps and silences between showings, and what must be told of a month."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from shuangkong.core.check import Check
from shuangkong.core.finding import Finding
from shuangkong.core.rounding import as_printed
from shuangkong.monitoring.findings import (
    BRIDGED_SILENCE,
    COUNTER_FELL,
    IMPOSSIBLE_USE,
    INCOMPLETE_METER,
    finding,
)
from shuangkong.monitoring.metering.month import MeterMonth
from shuangkong.monitoring.meters.columns import Numbers, Showings
from shuangkong.monitoring.meters.counter import PLACES, Step

#: What is told of a step between two showings; that it grew, or was long, is nothing to tell.
TOLD = Step.SWAP | Step.ROLLOVER | Step.RESET | Step.FELL | Step.JUMP | Step.SILENT
#: Told of one meter and month at most: a counter that jumps about all day says the same again and again.
MOST = 60


@dataclass(frozen=True, slots=True)
class Event:
    """What happened between two showings, instants in seconds, figures of the counter; ``gain``: what counts."""

    starts: int
    ends: int
    before: Decimal
    after: Decimal
    gain: Decimal
    steps: Step


def events(
    shown: Showings, gain: Numbers, steps: NDArray[np.uint8], due: tuple[Numbers, Numbers]
) -> dict[int, tuple[Event, ...]]:
    """Meter → what happened to it while it was due (from, until: seconds, a meter each), in order of time.

    Args:
        gain, steps: of each pair of neighbours, see ``meters.columns.gained``.
    """
    made: dict[int, list[Event]] = {}
    for place in np.flatnonzero((steps & TOLD) != 0).tolist():
        meter = int(shown.meter[place])
        starts, ends = int(shown.at[place]), int(shown.at[place + 1])
        own = made.setdefault(meter, [])
        if ends <= due[0][meter] or starts >= due[1][meter] or len(own) == MOST:
            continue
        before, after, gained = (_figure(column[place + over]) for column, over in
                                 ((shown.value, 0), (shown.value, 1), (gain, 0)))  # fmt: skip
        own.append(Event(starts, ends, before, after, gained, Step(int(steps[place]))))
    return {meter: tuple(own) for meter, own in made.items() if own}


def findings(
    checks: Mapping[str, Check], name: str, month: MeterMonth, unit: str, told: Iterable[Event], zone: tzinfo
) -> Iterator[Finding]:
    """What keeps a month of a meter from being whole, and what of it is known only together."""
    for each in told:
        words = {"name": name, "at": _moment(each.ends, zone), "before": _text(each.before), "after": _text(each.after)}
        if each.steps & (Step.RESET | Step.FELL):
            yield finding(checks, COUNTER_FELL, name, **words)
        elif each.steps & Step.JUMP:
            yield finding(checks, IMPOSSIBLE_USE, name, **words)
    for gap in month.gaps:
        amount = f"{_text(gap.amount)} {unit}"
        yield finding(checks, BRIDGED_SILENCE, name, name=name, at=_moment(gap.starts, zone), hours=gap.hours,
                      amount=amount)  # fmt: skip
    if not month.is_complete and month.days:
        amount = f"{_text(month.amount)} {unit}"
        period = f"{month.days[0].day:%Y-%m}"
        yield finding(checks, INCOMPLETE_METER, name, name=name, month=period, due=month.due, hours=month.open_hours,
                      amount=amount)  # fmt: skip


def _figure(millionths: np.int64) -> Decimal:
    return Decimal(int(millionths)).scaleb(-PLACES)


def _moment(at: int, zone: tzinfo) -> str:
    return f"{datetime.fromtimestamp(at, UTC).astimezone(zone):%Y-%m-%d %H:%M}"


def _text(value: Decimal) -> str:
    return f"{as_printed(value):f}"
