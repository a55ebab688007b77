"""环境质量数据: what stations and sections of a place tell of a month or a year, as figures of indicators.

A figure is told where the rules let it be evaluated; else it lacks, and says what.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from shuangkong.core.finding import Message
from shuangkong.monitoring.air.evaluation import AirRule, Statistic, good_days, month_of, year_of
from shuangkong.monitoring.air.index import AirIndex, air_day
from shuangkong.monitoring.rates.share import Share
from shuangkong.monitoring.rivers.section import Section, sections

#: Factor → indicator of its mean.
LEVELS: Mapping[str, str] = {"a34004": "pm25_level", "a34002": "pm10_level"}
GOOD_DAYS, GOOD_DAYS_RATE, GAP = "good_air_days", "good_air_rate", "quality_gap"
GOOD_WATER, POOR_WATER, MEETING = "good_water_rate", "poor_water_rate", "section_plain_pass_rate"
NATIONAL_MEETING = "national_section_pass_rate"
#: Every indicator that is told here.
EVERY = frozenset({*LEVELS.values(), GOOD_DAYS, GOOD_DAYS_RATE, GAP, GOOD_WATER, POOR_WATER, MEETING, NATIONAL_MEETING})
_HUNDRED = Decimal(100)
_PCT_PLACES = Decimal("0.01")

type Days = Mapping[date, Decimal | None]


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of a place; ``value`` None: it cannot be told, ``note`` says why. Of a level in the rule's unit.

    ``factor``: whose level it is; "" for others.
    """

    indicator: str
    value: Decimal | None
    note: Message
    factor: str = ""


def together(stations: Iterable[Mapping[str, Days]]) -> dict[str, dict[date, Decimal | None]]:
    """Factor → day → the arithmetic mean of the stations that have it that day; None where none has."""
    told: dict[str, dict[date, list[Decimal]]] = {}
    for station in stations:
        for factor, days in station.items():
            for day, value in days.items():
                of_day = told.setdefault(factor, {}).setdefault(day, [])
                if value is not None:
                    of_day.append(value)
    return {
        factor: {day: sum(own, Decimal(0)) / len(own) if own else None for day, own in days.items()}
        for factor, days in told.items()
    }


def air_figures(
    rule: AirRule, index: AirIndex, days: Mapping[str, Days], span: Sequence[date], *, is_year: bool, stations: int
) -> list[Figure]:
    """Levels, good days and (of a year) the gap to the limits, of the days of a month or a year.

    Args:
        days: of the place, every day of ``span`` in the unit of the rule.
        stations: how many they rest on.
    """
    judge = year_of if is_year else month_of
    found = {factor: judge(rule, factor, each) for factor, each in days.items() if factor in rule.pollutants}
    made = [_level(LEVELS[factor], factor, each, stations) for factor, each in found.items() if factor in LEVELS]
    needed = max((each.needed for each in found.values()), default=rule.year_days if is_year else rule.month_days)
    count = good_days(
        air_day(index, {factor: each.get(day) for factor, each in days.items() if factor in index.pollutants})
        for day in span
    )
    note = Message(
        f"{stations} 个空气站，有效 {count.judged} 天，应有 {needed} 天，缺项未判 {count.unknown} 天",
        f"{stations} stations, {count.judged} valid days of {needed} needed, {count.unknown} not judged for gaps",
    )
    is_enough = count.judged >= needed
    made.append(Figure(GOOD_DAYS, Decimal(count.good) if is_enough else None, note))
    made.append(Figure(GOOD_DAYS_RATE, _pct(count.share) if is_enough else None, note))
    if is_year and found:
        made.append(_gap(found))
    return made


def _level(indicator: str, factor: str, found: Statistic, stations: int) -> Figure:
    note = Message(
        f"{stations} 个空气站，有效 {found.days} 天，应有 {found.needed} 天",
        f"{stations} stations, {found.days} valid days of {found.needed} needed",
    )
    return Figure(indicator, found.mean if found.is_enough else None, note, factor)


def _gap(found: Mapping[str, Statistic]) -> Figure:
    """How far the worst pollutant stands above its limit, %; 0 where all keep them."""
    short = [factor for factor, each in found.items() if not each.is_enough]
    worst = max((each.worst_multiple or Decimal(0) for each in found.values()), default=Decimal(0))
    note = Message(
        f"{len(found)} 项污染物中超出年评价限值最多的倍数" + (f"；{len(short)} 项有效天数不够" if short else ""),
        f"the worst of {len(found)} pollutants above its yearly limit"
        + (f"; {len(short)} too few days" if short else ""),
    )
    return Figure(GAP, None if short else (worst * _HUNDRED).quantize(_PCT_PLACES), note)


def river_figures(judged: Sequence[Section], national: Sequence[Section] = ()) -> list[Figure]:
    """Shares of sections; where one of them has no class, or what lacks may still move a share, it is not told.

    Args:
        national: those of them that the nation examines.
    """
    unknown = sum(each.quality is None for each in judged)
    partly = sum(bool(each.missing) and each.quality is not None for each in judged)
    found = sections(judged)
    note = Message(
        f"{len(judged)} 个断面，{unknown} 个没有数据，{partly} 个缺测部分因子",
        f"{len(judged)} sections, {unknown} without data, {partly} without some factors",
    )
    aimed = sum(each.target is not None for each in judged)
    told = [(GOOD_WATER, found.good, "good"), (POOR_WATER, found.worse, "worse")]
    told += [(MEETING, found.meeting, "meeting")] if aimed else []
    made = [
        Figure(
            indicator, None if unknown or key in found.doubtful else _pct(share), _doubted(note, key in found.doubtful)
        )
        for indicator, share, key in told
    ]
    return made + _national(national)


def _national(judged: Sequence[Section]) -> list[Figure]:
    """国控断面: those that have a target, of which some kept it."""
    aimed = [each for each in judged if each.target is not None]
    if not aimed:
        return []
    found = sections(aimed)
    unknown = sum(each.quality is None for each in aimed)
    note = Message(
        f"{len(aimed)} 个国控断面，{unknown} 个没有数据",
        f"{len(aimed)} sections that the nation examines, {unknown} without data",
    )
    is_doubtful = "meeting" in found.doubtful
    value = None if unknown or is_doubtful else _pct(found.meeting)
    return [Figure(NATIONAL_MEETING, value, _doubted(note, is_doubtful))]


def _doubted(note: Message, is_doubtful: bool) -> Message:
    if not is_doubtful:
        return note
    return Message(
        f"{note.zh}；有断面缺基本因子，类别只是最好可能，不定",
        f"{note.en}; some lack basic factors, so that their class is the best it can be and not settled",
    )


def _pct(share: Share) -> Decimal | None:
    return None if share.pct is None else share.pct.quantize(_PCT_PLACES)
