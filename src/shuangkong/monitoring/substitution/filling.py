"""替代: the figures that stand in for the hours of a gap, or the finding why none does."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from statistics import median

from shuangkong.core.check import Check
from shuangkong.core.finding import Finding
from shuangkong.monitoring.findings import NO_SUBSTITUTION_RULE, SHORT_HISTORY, UNFILLED_GAP, finding
from shuangkong.monitoring.mark import Marks
from shuangkong.monitoring.reading import HOUR, Media, Reading
from shuangkong.monitoring.substitution.gaps import Gap, gaps, is_measured
from shuangkong.monitoring.substitution.rule import METHODS, Band, Method, band_for


@dataclass(frozen=True, slots=True)
class Filled:
    """A gap and what stands in for each of its hours.

    Attributes:
        value: of every hour of it; None: not filled, ``code`` says why.
        band: the rule; None where none fits.
        used: instants of the valid hours that the figure rests on, in order: what a person looks up.
        needed: how many valid hours the rule asks for; ``found``: how many there were.
        capture_pct: the capture rate of the quarter that decided; None: not known.
        code: of the finding where it is not filled; empty where it is.
    """

    gap: Gap
    value: Decimal | None
    band: Band | None
    used: tuple[datetime, ...]
    needed: int
    found: int
    capture_pct: Decimal | None
    code: str = ""


@dataclass(frozen=True, slots=True)
class Series:
    """The hours of one quantity of one point in order, and its valid ones.

    Attributes:
        hours: every hour, without holes (``gaps.calendar``), so far back as rules look.
        capture_on: day → capture rate of the quarter that it lies in (``validity``); None: not known.
        last_calibration: instant → the last calibration before it, or the instant: data that went out of control is
            lost from there on, so valid hours are looked for before it.
        month_mean: day → mean hourly value over the valid days of the last valid month before it; None: none.
    """

    media: Media
    factor: str
    hours: tuple[Reading, ...]
    marks: Marks
    capture_on: Callable[[date], Decimal | None]
    last_calibration: Callable[[datetime], datetime] = lambda at: at
    month_mean: Callable[[date], Decimal | None] = lambda _day: None


def filled(series: Series, bands: Iterable[Band]) -> tuple[Filled, ...]:
    """Every gap of a series, filled by the rule in force on the day that it begins, or not."""
    told = tuple(bands)
    valid = [each for each in series.hours if is_measured(each, series.marks)]
    instants = [each.at for each in valid]
    return tuple(_filled(gap, series, told, valid, instants) for gap in gaps(series.hours, series.marks))


def _filled(
    gap: Gap, series: Series, bands: tuple[Band, ...], valid: list[Reading], instants: list[datetime]
) -> Filled:
    day = gap.starts_at.date()
    capture = series.capture_on(day)
    band = band_for(bands, series.media, series.factor, day, gap.hours, capture)
    if band is None:
        return Filled(gap, None, None, (), 0, 0, capture, UNFILLED_GAP)
    if band.method is Method.BY_HAND:
        return Filled(gap, None, band, (), 0, 0, capture, NO_SUBSTITUTION_RULE)
    if band.method is Method.MEAN_OF_VALID_DAYS:
        mean = series.month_mean(day)
        return Filled(gap, mean, band, (), 1, int(mean is not None), capture, "" if mean is not None else SHORT_HISTORY)
    until = bisect_left(instants, min(gap.starts_at, series.last_calibration(gap.starts_at)))
    used, needed = _used(band, gap, valid, until, bisect_left(instants, gap.ends_at))
    if len(used) < needed:
        return Filled(gap, None, band, (), needed, len(used), capture, SHORT_HISTORY)
    values = [each.value for each in used if each.value is not None]
    return Filled(gap, _value(band.method, values), band, tuple(each.at for each in used), needed, len(used), capture)


def _used(band: Band, gap: Gap, valid: list[Reading], until: int, after: int) -> tuple[list[Reading], int]:
    """The valid hours that a method takes, and how many it needs."""
    if band.method is Method.MEAN_OF_NEIGHBOURS:
        return valid[max(0, until - 1) : until] + valid[after : after + 1], 2
    needed = band.valid_hours if band.method is Method.MAXIMUM_BEFORE and band.valid_hours else gap.hours
    return valid[max(0, until - needed) : until], needed


def _value(method: Method, values: list[Decimal]) -> Decimal:
    match method:
        case Method.MAXIMUM_BEFORE:
            return max(values)
        case Method.MEDIAN_BEFORE:
            return median(values)
        case _:
            return sum(values, Decimal(0)) / len(values)


def by_hour(found: Iterable[Filled]) -> dict[datetime, Filled]:
    """Hour → the gap that it lies in."""
    return {each.gap.starts_at + n * HOUR: each for each in found for n in range(each.gap.hours)}


def findings(checks: Mapping[str, Check], place: str, found: Iterable[Filled]) -> tuple[Finding, ...]:
    """What no rule fills, a finding a gap. ``place`` names the outlet and factor as people know them."""
    return tuple(_told(checks, place, each) for each in found if each.code)


def _told(checks: Mapping[str, Check], place: str, each: Filled) -> Finding:
    words: dict[str, object] = {
        "name": place,
        "starts": f"{each.gap.starts_at:%Y-%m-%d %H:%M}",
        "hours": each.gap.hours,
    }
    if each.code == UNFILLED_GAP:
        rate = "—" if each.capture_pct is None else f"{each.capture_pct.quantize(Decimal('0.1'))}%"
        return finding(checks, each.code, place, **words, capture=rate)
    if each.code == SHORT_HISTORY:
        return finding(checks, each.code, place, **words, needed=each.needed, found=each.found)
    method = METHODS[each.band.method if each.band else Method.BY_HAND]
    return finding(checks, each.code, place, **words, method=method.zh, method_en=method.en)
