"""空气质量评价: valid days, means, percentiles and good days of a month or a year, against their limits."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from shuangkong.core.check import Check
from shuangkong.core.finding import Finding, Message
from shuangkong.core.rounding import rounded
from shuangkong.monitoring.air.index import AirDay
from shuangkong.monitoring.findings import TOO_FEW_DAYS, finding
from shuangkong.monitoring.ground import Ground
from shuangkong.monitoring.rates.share import Share

_HUNDRED, _WINDOW, _FEBRUARY = Decimal(100), 8, 2


@dataclass(frozen=True, slots=True)
class Judged:
    """What of one pollutant is judged in a year; ``places`` its means and percentiles are rounded to.

    ``yearly``: limit of the mean; ``percentile`` (of 100) and ``percentile_limit``: of the days; None: not judged.
    """

    factor: str
    name: Message
    mean: str
    unit: str
    yearly: Decimal | None
    percentile: Decimal | None
    percentile_limit: Decimal | None
    places: int


@dataclass(frozen=True, slots=True)
class AirRule:
    """What a valid day, month and year need, and what is judged."""

    day_hours: int
    window_hours: int
    windows: int
    month_days: int
    short_month_days: int
    year_days: int
    pollutants: Mapping[str, Judged]
    ground: Ground


@dataclass(frozen=True, slots=True)
class Statistic:
    """A mean and a percentile of days.

    Attributes:
        days: valid ones; ``needed``: how many the rule asks for; ``is_enough``: there are as many, and in a year every
            month has enough too.
        meets: None where nothing is judged or there are too few days.
        worst_multiple: how far the worse of the two stands above its limit; None: neither does.
    """

    factor: str
    days: int
    needed: int
    is_enough: bool
    mean: Decimal | None
    percentile: Decimal | None
    meets: bool | None
    worst_multiple: Decimal | None


def day_mean(hours: Iterable[Decimal | None], rule: AirRule) -> Decimal | None:
    """Mean of a day's hours; None where fewer than enough are there, or they come to less than zero.

    Single hours below zero are noise about it, and weigh in the mean; a day below zero is a drifted instrument, and
    no valid day.
    """
    told = [each for each in hours if each is not None]
    return _not_below_zero(sum(told, Decimal(0)) / len(told)) if len(told) >= rule.day_hours else None


def _not_below_zero(mean: Decimal) -> Decimal | None:
    return mean if mean >= 0 else None


def eight_hours_most(hours: Sequence[Decimal | None], rule: AirRule, limit: Decimal | None = None) -> Decimal | None:
    """臭氧日最大8小时滑动平均 of 24 hours of a day, by windows that end within the day (hours 1–8 to 17–24).

    None where fewer than enough windows are valid, unless the greatest exceeds ``limit``: that is certain as it is.
    """
    means = []
    for last in range(_WINDOW, len(hours) + 1):
        told = [each for each in hours[last - _WINDOW : last] if each is not None]
        if len(told) >= rule.window_hours:
            means.append(sum(told, Decimal(0)) / len(told))
    most = max(means, default=None)
    if most is None or (len(means) < rule.windows and not (limit is not None and most > limit)):
        return None
    return _not_below_zero(most)


def percentile(values: Sequence[Decimal], share: Decimal) -> Decimal | None:
    """百分位数: in order, k = 1 + (n − 1) · p, between neighbours in proportion; None without values.

    Args:
        share: of 100 (90 for the 90th).
    """
    if not values:
        return None
    told = sorted(values)
    k = (len(told) - 1) * share / _HUNDRED
    whole = int(k)
    if whole + 1 >= len(told):
        return told[-1]
    return told[whole] + (told[whole + 1] - told[whole]) * (k - whole)


def needed_days(rule: AirRule, months: Iterable[date]) -> dict[date, int]:
    """First day of a month → valid days that it needs."""
    return {month: rule.short_month_days if month.month == _FEBRUARY else rule.month_days for month in months}


def year_of(rule: AirRule, factor: str, days: Mapping[date, Decimal | None]) -> Statistic:
    """The evaluation of a year by its day values (of ozone: the greatest eight hours).

    A month in which too few days are valid makes the year too few: what is missing may be the season that counts.
    """
    judged = rule.pollutants[factor]
    told = {day: value for day, value in days.items() if value is not None}
    months: dict[date, int] = {day.replace(day=1): 0 for day in days}
    for day in told:
        months[day.replace(day=1)] += 1
    short = any(months[month] < needed for month, needed in needed_days(rule, months).items())
    is_enough = len(told) >= rule.year_days and not short
    return _statistic(judged, list(told.values()), rule.year_days, is_enough=is_enough, is_year=True)


def month_of(rule: AirRule, factor: str, days: Mapping[date, Decimal | None]) -> Statistic:
    """The figures of a month; limits are of years: nothing is judged."""
    told = [value for value in days.values() if value is not None]
    needed = max(needed_days(rule, {day.replace(day=1) for day in days}).values(), default=rule.month_days)
    return _statistic(rule.pollutants[factor], told, needed, is_enough=len(told) >= needed, is_year=False)


def _statistic(judged: Judged, told: list[Decimal], needed: int, *, is_enough: bool, is_year: bool) -> Statistic:
    mean = rounded(sum(told, Decimal(0)) / len(told), judged.places) if told else None
    share = judged.percentile
    found = percentile(told, share) if share is not None else None
    high = None if found is None else rounded(found, judged.places)
    pairs = [
        (value, limit)
        for value, limit in ((mean, judged.yearly), (high, judged.percentile_limit))
        if value is not None and limit is not None
    ]
    meets = all(value <= limit for value, limit in pairs) if pairs and is_enough and is_year else None
    multiples = [value / limit - 1 for value, limit in pairs if is_year and value > limit]
    return Statistic(judged.factor, len(told), needed, is_enough, mean, high, meets, max(multiples, default=None))


@dataclass(frozen=True, slots=True)
class GoodDays:
    """优良天数: of the days with an index; ``unknown``: days of which what is missing decides."""

    good: int
    judged: int
    unknown: int

    @property
    def share(self) -> Share:
        """优良天数比例."""
        return Share(self.good, self.judged)


def good_days(days: Iterable[AirDay]) -> GoodDays:
    """Counts."""
    told = [each.is_good for each in days]
    known = [each for each in told if each is not None]
    return GoodDays(sum(known), len(known), len(told) - len(known))


def too_few(checks: Mapping[str, Check], place: str, period: str, found: Statistic) -> Finding | None:
    """The finding where a period is not evaluated."""
    if found.is_enough:
        return None
    return finding(checks, TOO_FEW_DAYS, place, name=place, period=period, found=found.days, needed=found.needed)
