"""替代规则: which method fills a gap of which length at which capture rate, while it is in force."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from shuangkong.core.finding import Message
from shuangkong.monitoring.ground import Ground
from shuangkong.monitoring.reading import Media


class Method(StrEnum):
    """How a gap is filled."""

    MAXIMUM_BEFORE = "maximum_before"
    MEAN_OF_NEIGHBOURS = "mean_of_neighbours"
    MEAN_BEFORE = "mean_before"
    MEDIAN_BEFORE = "median_before"
    MEAN_OF_VALID_DAYS = "mean_of_valid_days"
    BY_HAND = "by_hand"


METHODS: dict[Method, Message] = {
    Method.MAXIMUM_BEFORE: Message("之前若干有效小时的最大值", "maximum of so many valid hours before"),
    Method.MEAN_OF_NEIGHBOURS: Message("前后两个有效小时的平均值", "mean of the valid hours on either side"),
    Method.MEAN_BEFORE: Message("之前同样时长有效数据的平均值", "mean of as many valid hours before"),
    Method.MEDIAN_BEFORE: Message("之前同样时长有效数据的中位值", "median of as many valid hours before"),
    Method.MEAN_OF_VALID_DAYS: Message(
        "上一个有效月各有效日的平均值", "mean of the valid days of the last valid month"
    ),
    Method.BY_HAND: Message("手工监测或比对监测", "manual or comparison monitoring"),
}


class Quantity(StrEnum):
    """What is filled: the hourly amount, or the concentration that the amount is then reckoned from."""

    AMOUNT = "amount"
    CONCENTRATION = "concentration"


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """One row of a rule.

    Attributes:
        factors: codes of factors that alone it speaks of; empty: all that no other row in force names.
        least_capture_pct, below_capture_pct: of the quarter, from (included) and below; None: whatever it is.
        over_hours, most_hours: length of the gap, more than and at most; None: any.
        valid_hours: how many hours MAXIMUM_BEFORE looks at; None for other methods.
    """

    media: Media
    quantity: Quantity
    method: Method
    ground: Ground
    factors: tuple[str, ...] = ()
    least_capture_pct: Decimal | None = None
    below_capture_pct: Decimal | None = None
    over_hours: int = 0
    most_hours: int | None = None
    valid_hours: int | None = None

    def fits(self, hours: int, capture_pct: Decimal | None) -> bool:
        """Whether a gap of so many hours at a capture rate is this row's; a rate nobody knows fits no bounded row."""
        if not self.over_hours < hours <= (self.most_hours if self.most_hours is not None else hours):
            return False
        if self.least_capture_pct is None and self.below_capture_pct is None:
            return True
        if capture_pct is None:
            return False
        return (self.least_capture_pct is None or capture_pct >= self.least_capture_pct) and (
            self.below_capture_pct is None or capture_pct < self.below_capture_pct
        )


def band_for(
    bands: Iterable[Band], media: Media, factor: str, day: date, hours: int, capture_pct: Decimal | None
) -> Band | None:
    """The row for a gap that begins on ``day``; None where no rule in force fills it."""
    held = [each for each in bands if each.media is media and each.ground.validity.holds_on(day)]
    own = [each for each in held if factor in each.factors] or [each for each in held if not each.factors]
    return next((each for each in own if each.fits(hours, capture_pct)), None)
