"""缺报: gaps inside a series are bridged so that methods can run over them; they never count as told."""

from __future__ import annotations

import numpy as np

from shuangkong.outlook.forecast.panel import Floats


def bridged(told: Floats, season: int) -> Floats:
    """Periods × series, the first row told → the same without NaN.

    A gap takes the figure of the year before (or after) with the change on that year which its neighbours show; that is
    exact on a line with a fixed season. Where no year is to compare it lies on the line between its neighbours, and
    behind the last of them it stays as that was. Every rule is an average with weights that sum to one, so series may
    be scaled and shifted.
    """
    filled = told.copy()
    rows = np.arange(len(told))
    for each in np.flatnonzero(np.isnan(told).any(axis=0)):
        own = _by_the_year(told[:, each], season) if season > 1 and len(told) > season else told[:, each]
        gap = np.isnan(own)
        filled[:, each] = np.where(gap, np.interp(rows, rows[~gap], own[~gap]), own)
    return filled


def _by_the_year(own: Floats, season: int) -> Floats:
    """One series; what has no year to compare stays NaN."""
    change = own[season:] - own[:-season]
    known = np.flatnonzero(~np.isnan(change))
    if not len(known):
        return own
    usual = np.interp(np.arange(len(change)), known, change[known])
    nothing = np.full(season, np.nan)
    by_before = np.concatenate([nothing, own[:-season] + usual])
    by_after = np.concatenate([own[season:] - usual, nothing])
    compared = np.where(np.isnan(by_before), by_after, by_before)
    return np.where(np.isnan(own), compared, own)
