"""统计实务的两种算法: last year's figures times the growth so far (同比), and the usual share of the year (累计占比).

Both divide by what was told, so they are for series above zero only.
"""

from __future__ import annotations

import numpy as np

from shuangkong.outlook.forecast.panel import Floats
from shuangkong.outlook.forecast.weights import Candidate, Method

#: Years whose shares are averaged, at most.
_YEARS = 3


def practices(season: int) -> tuple[Candidate, ...]:
    """What can be reckoned of series with a season; without one there is no year to compare."""
    if season == 1:
        return ()
    recent = (season // 4, season // 2, season)
    growth = tuple(Candidate(Method.GROWTH_ON_LAST_YEAR, (float(each),)) for each in recent)
    return (*growth, Candidate(Method.CUMULATED_SHARE))


def courses(series: Floats, season: int, place: int, horizon: int) -> Floats:
    """Candidates × steps × series, of series above zero given as periods × series (two seasons at least).

    ``place``: of the last period in its year, from 1.
    """
    found = []
    for each in practices(season):
        if each.method is Method.CUMULATED_SHARE:
            found.append(_share(series, season, place, horizon))
        else:
            found.append(_growth(series, season, int(each.parameters[0]), horizon))
    return np.stack(found)


def _growth(series: Floats, season: int, recent: int, horizon: int) -> Floats:
    """Last year's figure × (sum of the latest ÷ sum of the same periods a year before), once for each year ahead."""
    ratio = series[-recent:].sum(axis=0) / series[len(series) - season - recent : len(series) - season].sum(axis=0)
    steps = np.arange(horizon)
    return series[len(series) - season + steps % season] * ratio ** (steps // season + 1)[:, None]


def _share(series: Floats, season: int, place: int, horizon: int) -> Floats:
    """The year's total = told so far ÷ the usual share of the year by now; what is left goes by the usual shares.

    Next year has the same total as this one: it is a method for the end of the year.
    """
    whole = (len(series) - place) // season
    years = min(whole, _YEARS)
    start = len(series) - place - years * season
    before = series[start : len(series) - place].reshape(years, season, -1)
    usual = (before / before.sum(axis=1, keepdims=True)).mean(axis=0)
    total = series[len(series) - place :].sum(axis=0) / usual[:place].sum(axis=0)
    return total * usual[(place + np.arange(horizon)) % season]
