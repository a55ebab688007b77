"""以往预测得准不准: year-ends of a place's own series forecast again from past origins, against what came.

Each is held against what the plan asks of that year; where it asks nothing, against the year before.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from shuangkong.core.period import Period
from shuangkong.outlook.forecast.calibration import Calibration, Past, calibration, rolled
from shuangkong.outlook.forecast.ending import Counting
from shuangkong.outlook.forecast.limits import Limits
from shuangkong.outlook.forecast.panel import Floats, Frequency, Panel
from shuangkong.rulebook import Rulebook
from shuangkong.web.outlook.foreseen import Outlook

_YEAR = 12


@dataclass(frozen=True, slots=True)
class Tested:
    """Attributes:
    found: None where fewer than ``least`` forecasts could be judged.
    judged: how many could; ``series``: of how many amounts.
    """

    found: Calibration | None
    judged: int
    least: int
    series: int


def tested(outlooks: Iterable[Outlook], limits: Limits, book: Rulebook) -> Tested:
    """All that can be judged, series of one course side by side. No query."""
    groups = _groups(outlooks)
    pasts = [past for group in groups.values() if (past := _past(group, limits, book)) is not None]
    judged = sum(len(each.chances) for each in pasts)
    if judged < limits.least_points:
        return Tested(None, judged, limits.least_points, sum(map(len, groups.values())))
    whole = Past(
        np.concatenate([each.chances for each in pasts]),
        np.concatenate([each.missed for each in pasts]),
        np.concatenate([each.inside for each in pasts], axis=1),
    )
    return Tested(calibration(whole, limits.levels), judged, limits.least_points, sum(map(len, groups.values())))


type _Key = tuple[Frequency, Period, Counting]


def _groups(outlooks: Iterable[Outlook]) -> Mapping[_Key, list[Outlook]]:
    """Those that can be forecast, by course and by what of a year counts; each amount once, judged itself if it is."""
    found: dict[_Key, list[Outlook]] = {}
    amounts: set[str] = set()
    for each in sorted(outlooks, key=lambda held: held.sought.product != ""):
        if each.series.found is not None and each.series.is_forecast and each.sought.amount not in amounts:
            amounts.add(each.sought.amount)
            key = (each.series.frequency, each.series.found.panel.last, each.sought.counting)
            found.setdefault(key, []).append(each)
    return found


def _past(group: Sequence[Outlook], limits: Limits, book: Rulebook) -> Past | None:
    """Of series that run together; None where no origin lies far enough back."""
    panels = [each.series.found.panel for each in group if each.series.found is not None]
    width = max(each.values.shape[1] for each in panels)
    values = np.vstack([np.pad(each.values, ((0, 0), (width - each.values.shape[1], 0)), constant_values=np.nan)
                        for each in panels])  # fmt: skip
    panel = Panel(values, panels[0].frequency, panels[0].last)
    origins = list(_origins(panel, limits))
    if not origins:
        return None

    def bounds(_past: Panel, year: Period) -> Floats:
        return np.array([_bound(each, year.year, book) for each in group])

    wants_less = np.array([each.sought.wants_less for each in group])
    return rolled(panel, limits, origins, bounds, wants_less, group[0].sought.counting)


def _origins(panel: Panel, limits: Limits) -> Iterator[int]:
    """How many periods ago: enough was told by then, and the year that was then under way is over now."""
    for back in range(1, panel.values.shape[1] - limits.least_points + 1):
        past = panel.until(back)
        year = (past.last.first_month + past.frequency.months) // _YEAR
        if past.steps_to(Period(year))[1] <= back:
            yield back


def _bound(found: Outlook, year: int, book: Rulebook) -> float:
    """What the amount was held against, in its base unit; NaN where neither a target nor the year before is known."""
    unit = book.units().get(found.sought.target.unit)
    factor = Decimal(1) if unit is None else unit.factor
    due = None if found.sought.product else found.sought.bound(year, found.base, None, factor)
    before = found.series.of_year(year - 1)
    return float(due if due is not None else before if before is not None else "nan")
