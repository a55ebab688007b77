"""一列: the cells of one indicator, period and measure, one for each subject."""

from __future__ import annotations

from typing import NamedTuple

from shuangkong.core.fact import Measure
from shuangkong.core.period import Period


class Asked(NamedTuple):
    """A column of cells."""

    indicator: str
    period: Period
    measure: Measure = Measure.LEVEL
