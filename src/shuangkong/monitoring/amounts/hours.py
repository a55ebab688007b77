"""逐时排放量: of each hour its kilograms, and whether they were measured, stand in for something, or are not there."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from shuangkong.core.finding import Message
from shuangkong.core.trace import Step
from shuangkong.monitoring.findings import NO_FLOW
from shuangkong.monitoring.mark import Mark, Marks
from shuangkong.monitoring.reading import Evidence, Media, Reading
from shuangkong.monitoring.substitution.filling import Filled, Series, by_hour, filled
from shuangkong.monitoring.substitution.gaps import is_measured
from shuangkong.monitoring.substitution.rule import Band, Quantity

#: mg/m³ and m³ → kg; mg/l is g/m³.
A_KG = {Media.GAS: Decimal(10) ** 6, Media.WATER: Decimal(10) ** 3}
#: No outlet emits more in an hour: what is beyond is no quantity but a slip of an instrument.
MOST_KG = Decimal(10) ** 9


class Origin(StrEnum):
    """Where the kilograms of an hour come from."""

    MEASURED = "measured"
    SUBSTITUTED = "substituted"
    STOPPED = "stopped"  # 停运：零
    BY_HAND = "by_hand"  # 手工监测登记
    OPEN = "open"  # 没有补上：不知道


ORIGINS: dict[Origin, Message] = {
    Origin.MEASURED: Message("实测", "measured"),
    Origin.SUBSTITUTED: Message("替代", "substituted"),
    Origin.STOPPED: Message("停运", "stopped"),
    Origin.BY_HAND: Message("手工监测", "manual monitoring"),
    Origin.OPEN: Message("未补", "not filled"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Hour:
    """What is known of one hour of an outlet and a pollutant.

    Attributes:
        value: concentration in the unit of the factor (gas: dry at standard state, never converted).
        flow_m3: gas: 标干 m³ of the hour; water: m³ of the hour.
        mark: of the pollutant's hour; ``flow_mark`` of the flow's.
        by_hand_kg: what manual monitoring found for it; it stands where the hour is lost and no rule fills it.
        by_hand: whose result that is and its report, as people know them.
        flow_steps: the arithmetic of a flow that did not come but was reckoned; empty where it came.
    """

    at: datetime
    value: Decimal | None
    flow_m3: Decimal | None
    mark: Mark = Mark.NORMAL
    flow_mark: Mark = Mark.NORMAL
    by_hand_kg: Decimal | None = None
    by_hand: str = ""
    evidence: Evidence | None = None
    flow_steps: tuple[Step, ...] = ()


@dataclass(frozen=True, slots=True)
class HourAmount:
    """Kilograms of one hour; ``kg`` None: OPEN. ``filled`` tells the rule of a substituted one, or why it is open.

    ``by_hand``: the report that it stands on where it is BY_HAND.
    """

    at: datetime
    kg: Decimal | None
    origin: Origin
    filled: Filled | None = None
    code: str = ""
    evidence: Evidence | None = None
    by_hand: str = ""


@dataclass(frozen=True, slots=True)
class Known:
    """What filling must know beside the hours: see ``substitution.filling.Series``."""

    capture_on: Callable[[date], Decimal | None]
    last_calibration: Callable[[datetime], datetime] = lambda at: at
    month_mean_kg: Callable[[date], Decimal | None] = lambda _day: None


def possible(hour: Hour, a_kg: Decimal, marks: Marks) -> Hour:
    """The same hour; what is no quantity counts as a fault of the instrument, so that it is lost and never taken away.

    That is a concentration or a flow below zero, and both where they make more than ``MOST_KG``. Zero is a quantity.
    """
    value, flow = hour.value, hour.flow_m3
    is_beyond = value is not None and flow is not None and abs(flow * value / a_kg) > MOST_KG
    if value is not None and (value < 0 or is_beyond):
        hour = replace(hour, value=None, mark=Mark.FAULT if hour.mark in marks.measured else hour.mark)
    if flow is not None and (flow < 0 or is_beyond):
        hour = replace(hour, flow_m3=None, flow_mark=Mark.FAULT if hour.flow_mark in marks.measured else hour.flow_mark)
    return hour


def hour_amounts(
    hours: Iterable[Hour],
    media: Media,
    factor: str,
    marks: Marks,
    bands: Iterable[Band],
    known: Known,
    a_kg: Decimal | None = None,
) -> tuple[HourAmount, ...]:
    """The kilograms of every hour.

    Args:
        a_kg: by what concentration times m³ is divided to make kilograms; None: that of mg/m³, of water mg/l.
        hours: every hour in order, without holes, from as far back as rules look (2160 valid hours): hours before the
            time that is asked of are there to fill from; take what you asked of from the result.
    """
    divisor = A_KG[media] if a_kg is None else a_kg
    told, rules = tuple(possible(each, divisor, marks) for each in hours), tuple(bands)
    measured = tuple(kilograms_of(each, divisor, marks) for each in told)
    means = tuple(_reading(each, each.value) for each in told)
    found = {
        quantity: by_hour(
            filled(
                Series(
                    media,
                    factor,
                    series,
                    marks,
                    known.capture_on,
                    known.last_calibration,
                    known.month_mean_kg if quantity is Quantity.AMOUNT else lambda _day: None,
                ),
                [band for band in rules if band.quantity is quantity],
            )
        )
        for quantity, series in ((Quantity.AMOUNT, measured), (Quantity.CONCENTRATION, means))
    }
    return tuple(
        _amount(each, kilograms, divisor, marks, found[Quantity.AMOUNT], found[Quantity.CONCENTRATION])
        for each, kilograms in zip(told, measured, strict=True)
    )


def _reading(hour: Hour, value: Decimal | None) -> Reading:
    return Reading(at=hour.at, value=value, mark=hour.mark, evidence=hour.evidence)


def kilograms_of(hour: Hour, a_kg: Decimal, marks: Marks) -> Reading:
    """The hour's kilograms as a reading that is lost where either part is, or is not ``possible``."""
    hour = possible(hour, a_kg, marks)
    flow = hour.flow_m3 if hour.flow_mark in marks.measured else None
    if flow is None or (hour.value is None and flow != 0):
        return _reading(hour, None)
    return _reading(hour, flow * (hour.value or Decimal(0)) / a_kg)


def _amount(
    hour: Hour,
    kilograms: Reading,
    a_kg: Decimal,
    marks: Marks,
    amounts: dict[datetime, Filled],
    means: dict[datetime, Filled],
) -> HourAmount:
    if hour.mark in marks.stopped:
        return HourAmount(hour.at, Decimal(0), Origin.STOPPED, evidence=hour.evidence)
    if is_measured(kilograms, marks):
        return HourAmount(hour.at, kilograms.value, Origin.MEASURED, evidence=hour.evidence)
    found = _by_rule(hour, a_kg, marks, amounts.get(hour.at), means.get(hour.at))
    if found.origin is Origin.OPEN and hour.by_hand_kg is not None:
        return HourAmount(hour.at, hour.by_hand_kg, Origin.BY_HAND, by_hand=hour.by_hand)
    return found


def _by_rule(hour: Hour, a_kg: Decimal, marks: Marks, by_amount: Filled | None, by_mean: Filled | None) -> HourAmount:
    """A lost hour as the rules fill it, or OPEN."""
    if by_amount is not None and by_amount.band is None and by_mean is not None and by_mean.band is not None:
        flow = hour.flow_m3 if hour.flow_mark in marks.measured else None
        if by_mean.value is None:
            return HourAmount(hour.at, None, Origin.OPEN, by_mean, by_mean.code)
        if flow is None:
            return HourAmount(hour.at, None, Origin.OPEN, by_mean, NO_FLOW)
        return HourAmount(hour.at, flow * by_mean.value / a_kg, Origin.SUBSTITUTED, by_mean)
    if by_amount is None or by_amount.value is None:
        return HourAmount(hour.at, None, Origin.OPEN, by_amount, by_amount.code if by_amount else "")
    return HourAmount(hour.at, by_amount.value, Origin.SUBSTITUTED, by_amount)
