"""预测一批序列: each series by the methods that its own past favours, or the reason why there is no forecast."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from enum import IntEnum

import numpy as np

from shuangkong.core.finding import Message
from shuangkong.outlook.forecast.limits import Limits
from shuangkong.outlook.forecast.panel import Flags, Floats, Ints, Panel
from shuangkong.outlook.forecast.spread import Spread, spread
from shuangkong.outlook.forecast.trial import plan, pool, tried
from shuangkong.outlook.forecast.weights import Candidate

#: Series that run together: enough to pay for a step, few enough to stay near the processor.
_TOGETHER = 384


class Standing(IntEnum):
    """Whether there is a forecast, and if not, why."""

    FORECAST = 0
    UNTOLD = 1
    SILENT = 2
    TOO_SHORT = 3
    TOO_MANY_GAPS = 4


#: ``{found}``: what the series has; ``{expected}``: what the limits ask.
REASONS: dict[Standing, Message] = {
    Standing.FORECAST: Message("已预测", "Forecast"),
    Standing.UNTOLD: Message("没有任何数据，不作预测", "Nothing is told: no forecast"),
    Standing.SILENT: Message(
        "末期起已有 {found} 期未报（至多 {expected} 期），不作预测；请先补报",
        "Untold for the last {found} periods (at most {expected}): no forecast; report them first",
    ),
    Standing.TOO_SHORT: Message(
        "同一口径的数据只有 {found} 期（至少 {expected} 期），不作预测",
        "Only {found} periods on one base (at least {expected}): no forecast",
    ),
    Standing.TOO_MANY_GAPS: Message(
        "中间缺报 {found}（至多 {expected}），不作预测；请先补报",
        "Gaps inside: {found} (at most {expected}): no forecast; report them first",
    ),
}


@dataclass(frozen=True, slots=True)
class Forecast:
    """Series × steps.

    Attributes:
        panel: what was told.
        lead: steps before the next period that ``course`` holds too, for series that were silent at the end: its first
            column is step ``1 − lead``; told figures stand there as told.
        course: NaN where there is no forecast.
        spread: how far it may be off; its sizes and sums lie along ``course`` (0 where told).
        standings: by series, a Standing.
        lengths, silences: by series, periods from the first told to the last told, and untold ones after that.
        gaps: by series, share of periods inside that are missing.
        members: series × rank, places in ``pools[pool_of]``; −1 where there is none.
    """

    panel: Panel
    limits: Limits
    lead: int
    course: Floats
    spread: Spread
    standings: Ints
    lengths: Ints
    silences: Ints
    gaps: Floats
    members: Ints
    pools: tuple[tuple[Candidate, ...], ...]
    pool_of: Ints

    @property
    def horizon(self) -> int:
        return int(self.course.shape[1]) - self.lead

    def methods(self, series: int) -> tuple[Candidate, ...]:
        """Those whose mean is the forecast, the best first; empty where there is none."""
        if self.standings[series] != Standing.FORECAST:
            return ()
        return tuple(self.pools[self.pool_of[series]][place] for place in self.members[series] if place >= 0)

    def reason(self, series: int) -> Message:
        """Why there is no forecast, or that there is one."""
        standing = Standing(int(self.standings[series]))
        found, expected = {
            Standing.SILENT: (f"{self.silences[series]}", f"{self.limits.most_silence}"),
            Standing.TOO_SHORT: (f"{self.lengths[series]}", f"{self.limits.least_points}"),
            Standing.TOO_MANY_GAPS: (f"{self.gaps[series]:.0%}", f"{self.limits.most_gaps:.0%}"),
        }.get(standing, ("", ""))
        words = REASONS[standing]
        return Message(words.zh.format(found=found, expected=expected), words.en.format(found=found, expected=expected))


def forecast(panel: Panel, horizon: int, limits: Limits, threads: int = 1) -> Forecast:
    """Every series of a panel, ``horizon`` periods past its last one.

    Raises:
        ValueError: no step ahead.
    """
    if horizon < 1:
        raise ValueError(f"horizon {horizon}: expected one period or more")
    found = _blank(panel, horizon, limits)
    with ThreadPoolExecutor(threads) as workers:
        list(workers.map(lambda rows: _fill(found, rows), _batches(found)))
    return found


def _blank(panel: Panel, horizon: int, limits: Limits) -> Forecast:
    """All but the forecasts themselves."""
    told = ~np.isnan(panel.values)
    count, periods = told.shape
    is_told = told.any(axis=1)
    silences = np.where(is_told, np.argmax(told[:, ::-1], axis=1), periods)
    first = np.maximum(np.argmax(told, axis=1), periods - silences - limits.most_points)
    first = np.where(is_told, first + np.argmax(told & (np.arange(periods) >= first[:, None]), axis=1) - first, 0)
    lengths = np.where(is_told, periods - silences - first, 0)
    inside = (told & (np.arange(periods) >= first[:, None])).sum(axis=1)
    gaps = np.where(is_told, 1 - inside / np.maximum(lengths, 1), 0.0)
    standings = np.select(
        [~is_told, silences > limits.most_silence, lengths < limits.least_points, gaps > limits.most_gaps],
        [Standing.UNTOLD, Standing.SILENT, Standing.TOO_SHORT, Standing.TOO_MANY_GAPS],
        Standing.FORECAST,
    )
    lead = limits.most_silence
    whole = np.hstack([np.full((count, lead), np.nan), panel.values])[:, -lead:] if lead else np.empty((count, 0))
    course = np.hstack([whole, np.full((count, horizon), np.nan)])
    sizes = np.where(np.isnan(course), np.nan, 0.0).T
    most = limits.most_origins * (horizon + lead)
    none = np.zeros(count)
    seasons = dict.fromkeys((int(panel.frequency), 1))
    return Forecast(
        panel=panel,
        limits=limits,
        lead=lead,
        course=course,
        spread=Spread(sizes, sizes.copy(), np.full((most, count), np.nan), none, none.copy()),
        standings=standings.astype(np.int64),
        lengths=lengths.astype(np.int64),
        silences=silences.astype(np.int64),
        gaps=gaps,
        members=np.full((count, limits.members), -1, dtype=np.int64),
        pools=tuple(pool(season, sign) for season in seasons for sign in (False, True)),
        pool_of=np.full(count, -1, dtype=np.int64),
    )


def _batches(found: Forecast) -> Iterator[Ints]:
    """Rows of series that run together: told over the same stretch, and alike above zero or not."""
    rows = np.flatnonzero(found.standings == Standing.FORECAST)
    keys = np.stack([found.lengths[rows], found.silences[rows], _is_positive(found)[rows]], axis=1)
    _, kinds = np.unique(keys, axis=0, return_inverse=True)
    order = np.argsort(kinds, kind="stable")
    for group in np.split(rows[order], np.flatnonzero(np.diff(kinds[order])) + 1):
        for start in range(0, len(group), _TOGETHER):
            yield group[start : start + _TOGETHER]


def _is_positive(found: Forecast) -> Flags:
    """Of what is used: figures cut off at the front do not count."""
    values = found.panel.values
    start = values.shape[1] - found.silences - found.lengths
    used = np.arange(values.shape[1]) >= start[:, None]
    is_above: Flags = ~(used & (values <= 0)).any(axis=1)
    return is_above


def _fill(found: Forecast, rows: Ints) -> None:
    """Writes the forecasts of series that run together into their rows; no two calls share one."""
    if not len(rows):
        return
    limits, season = found.limits, int(found.panel.frequency)
    length, silence = int(found.lengths[rows[0]]), int(found.silences[rows[0]])
    horizon = found.horizon + silence
    how = plan(length, season, horizon, limits)
    if how is None:
        found.standings[rows] = Standing.TOO_SHORT
        return
    end = found.panel.values.shape[1] - silence
    told = np.ascontiguousarray(found.panel.values[rows, end - length : end].T)
    place = (found.panel.place_in_year - silence - 1) % season + 1
    result = tried(told, how, place, horizon, limits)
    apart = spread(result.errors, horizon)
    first = found.lead - silence
    found.course[rows, first:] = result.course.T
    found.spread.sizes[first:, rows] = apart.sizes
    found.spread.sums[first:, rows] = apart.sums
    found.spread.shape[: len(apart.shape), rows] = apart.shape
    found.spread.counts[rows] = apart.counts
    found.spread.origins[rows] = apart.origins
    found.members[rows, : len(result.members)] = result.members.T
    found.pool_of[rows] = found.pools.index(result.pool)
