"""部分如空气: hours of gas in part of whose minutes the oxygen was that of air, so that what is converted is doubtful.

The mean of such an hour may lie below the oxygen of air, and 21 − O2 be next to nothing all the same. How many minutes
make an hour doubtful is policy; as long as nobody compared that with a document it is said beside and decides nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

from shuangkong.core.finding import Message
from shuangkong.monitoring.alarms.found import Episode
from shuangkong.monitoring.law import MonitoringLaw
from shuangkong.monitoring.mark import Counts, Marks
from shuangkong.readings.columns import Kind
from shuangkong.web.monitoring.data import Value, values

_AVG = "avg"
_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)
_PER_CENT = Decimal(100)


def partly_air(
    point: int, hours: Collection[datetime], law: MonitoringLaw, means: Mapping[datetime, Value] | None = None
) -> dict[datetime, Decimal]:
    """Hour → share of its minutes at the oxygen of air, in %, of those in which that is above what policy lays down.

    One question to the store for each run of days. Raises StoreDown, StoreRefused.

    Args:
        point: that of the oxygen.
        hours: which are looked at; starts of hours.
        means: of the same point; where these were sent wet, the minutes are made dry as their hour was.
    """
    found: dict[datetime, list[Decimal]] = defaultdict(list)
    for first, last in _stretches(hours):
        for each in values((point,), Kind.MINUTE, (_AVG,), first, last):
            hour = each.at.replace(minute=0, second=0, microsecond=0)
            if hour in hours and each.value is not None and _is_told(each, law.marks):
                found[hour].append(each.value * _dryness((means or {}).get(hour)))
    shares = {at: _share(own, law.thresholds(at.date()).air_oxygen_pct) for at, own in found.items()}
    return {at: share for at, share in shares.items() if share > law.thresholds(at.date()).air_minutes_pct}


def least_mean(law: MonitoringLaw, at: datetime) -> Decimal:
    """The lowest mean of oxygen that an hour can have of which enough minutes are at that of air."""
    found = law.thresholds(at.date())
    return found.air_oxygen_pct * found.air_minutes_pct / _PER_CENT


def decides(law: MonitoringLaw, at: datetime) -> bool:
    """Whether such hours are left out on a day: only where the share was compared with a document."""
    return law.thresholds(at.date()).is_air_minutes_verified


def with_doubt(found: Episode, shares: Mapping[datetime, Decimal], until: datetime) -> Episode:
    """An exceedance of converted means with what is doubtful of it said beside.

    Args:
        until: where one ends that lasts.
    """
    own = [share for at, share in shares.items() if found.starts_at <= at < (found.ends_at or until)]
    if not own:
        return found
    most = max(own).quantize(Decimal(1))
    zh = f"；其中 {len(own)} 小时有部分分钟氧含量如空气（最多占 {most}%），折算值可疑，请核实（界线未与文件核对）"
    en = (
        f"; in {len(own)} hours of it the oxygen was that of air for part of the minutes (up to {most} %): the"
        " converted figure is doubtful (the bound was not compared with a document)"
    )
    return replace(found, words=Message(f"{found.words.zh}{zh}", f"{found.words.en}{en}"))


def _stretches(hours: Collection[datetime]) -> Iterator[tuple[datetime, datetime]]:
    """From the first hour to the last, in parts between which at least a day is not asked for."""
    first = last = None
    for at in sorted(hours):
        if first is None or last is None:
            first = at
        elif at - last > _DAY:
            yield first, last + _HOUR
            first = at
        last = at
    if first is not None and last is not None:
        yield first, last + _HOUR


def _is_told(each: Value, marks: Marks) -> bool:
    return marks.of_flag(each.flag) not in marks.counting(Counts.LOST)


def _dryness(mean: Value | None) -> Decimal:
    """By what a minute of an hour whose mean was brought to dry gas becomes dry."""
    if mean is None or mean.brought is None or not mean.value or not mean.brought.sent:
        return Decimal(1)
    return mean.value / mean.brought.sent


def _share(own: Collection[Decimal], least: Decimal) -> Decimal:
    return sum(each >= least for each in own) * _PER_CENT / len(own)
