"""一批序列: many series side by side, all seen from one last period; what is not told is NaN, never zero."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
import numpy.typing as npt

from shuangkong.core.period import Period

type Floats = npt.NDArray[np.float64]
type Ints = npt.NDArray[np.int64]
type Flags = npt.NDArray[np.bool_]

_YEAR = 12


class Frequency(IntEnum):
    """How often a figure is told; the number is that of periods in a year, and so the length of a season."""

    YEARLY = 1
    QUARTERLY = 4
    MONTHLY = 12

    @property
    def months(self) -> int:
        return _YEAR // self


@dataclass(frozen=True, slots=True)
class Panel:
    """Series of one frequency.

    Attributes:
        values: series × periods, oldest first; NaN where nothing was told (or is suppressed, or does not apply).
        last: the period of the last column: "now". A series that was silent since then ends in NaN.

    Raises:
        ValueError: not two-dimensional, an infinite figure, or a last period of another length.
    """

    values: Floats
    frequency: Frequency
    last: Period

    def __post_init__(self) -> None:
        if self.values.ndim != 2:
            raise ValueError(f"{self.values.ndim} dimensions: expected series × periods")
        if np.isinf(self.values).any():
            raise ValueError("infinite figures: expected finite ones, or NaN where nothing was told")
        if self.last.months != self.frequency.months:
            raise ValueError(f"last period {self.last}: expected one of {self.frequency.months} months")

    @property
    def place_in_year(self) -> int:
        """Of the last column, from 1: July is 7, the third quarter 3, a year 1."""
        return self.last.first_month % _YEAR // self.frequency.months + 1

    def steps_to(self, period: Period) -> tuple[int, int]:
        """First and last step of a period: the last column is step 0, the next 1, those before it are negative.

        Raises:
            ValueError: the period does not consist of whole ones of this frequency.
        """
        length = self.frequency.months
        months = period.first_month - self.last.first_month
        if period.months % length or months % length:
            raise ValueError(f"{period}: does not consist of periods of {length} months")
        first = months // length
        return first, first + period.months // length - 1

    def until(self, columns_left_out: int) -> Panel:
        """The same series as they stood so many periods ago."""
        if not columns_left_out:
            return self
        month = self.last.first_month - columns_left_out * self.frequency.months
        return Panel(self.values[:, :-columns_left_out], self.frequency, _period(month, self.frequency))


def on_one_base(values: Floats, starts: Sequence[int], links: Sequence[float | None]) -> Floats:
    """换基期: what was told on the base before is linked, or left out where no link is known.

    Args:
        starts: by series, the column from which the present base holds; 0 where there was no change.
        links: by series, figure on the present base ÷ figure on the former one, of the same period.

    Raises:
        ValueError: a link that is not above zero, or not as many as series.
    """
    if not len(starts) == len(links) == len(values):
        raise ValueError(f"{len(starts)} starts and {len(links)} links: expected {len(values)} of each")
    if any(link is not None and not link > 0 for link in links):
        raise ValueError("a link of zero or less: expected the ratio of the two bases, or None")
    factors = np.array([np.nan if link is None else link for link in links])
    former = np.arange(values.shape[1]) < np.asarray(starts)[:, None]
    return np.where(former, values * factors[:, None], values)


def _period(month: int, frequency: Frequency) -> Period:
    year, inside = divmod(month, _YEAR)
    part = {
        Frequency.YEARLY: "",
        Frequency.QUARTERLY: f"Q{inside // 3 + 1}",
        Frequency.MONTHLY: f"{inside + 1:02d}",
    }
    return Period(year, part[frequency])
