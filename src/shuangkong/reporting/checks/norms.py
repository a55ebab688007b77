"""常数与离差: what a figure usually is, by median and median absolute deviation.

Mean and standard deviation are moved by the very figures that are looked for, and take a bell curve for granted; energy
and discharge figures are skewed and have seasons. So: median, MAD, and the same months of earlier years beside them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from statistics import median

from shuangkong.core.period import Period
from shuangkong.core.rounding import WIDE
from shuangkong.reporting.checks.context import Norm, Sheet

#: A MAD times this is the standard deviation of a bell curve.
DEVIATIONS = Decimal("1.4826")


def norm(figures: Sequence[Decimal], seasonal: Sequence[Decimal] = ()) -> Norm:
    """Of earlier figures, and of those of the same part of earlier years.

    Raises:
        ValueError: there is no figure.
    """
    if not figures:
        raise ValueError("a norm of no figures")
    middle = median(figures)
    spread = median([abs(WIDE.subtract(figure, middle)) for figure in figures])
    return Norm(middle, spread, len(figures), median(seasonal) if seasonal else None, len(seasonal))


def norms_of(history: Iterable[tuple[Period, Sheet]], asked: Period) -> dict[str, Norm]:
    """Address → norm for the period asked for, over the accepted returns of earlier periods of the same length."""
    figures: dict[str, list[Decimal]] = {}
    seasonal: dict[str, list[Decimal]] = {}
    for period, sheet in history:
        if period.months != asked.months or period.first_month >= asked.first_month:
            continue
        is_season = (asked.first_month - period.first_month) % 12 == 0
        for address, told in sheet.values.items():
            if isinstance(told, Decimal):
                figures.setdefault(address, []).append(told)
                if is_season:
                    seasonal.setdefault(address, []).append(told)
    return {address: norm(found, seasonal.get(address, ())) for address, found in figures.items()}


def peer_norms(ratios: Mapping[str, Sequence[Decimal]]) -> dict[str, Norm]:
    """Check code → norm of the ratio that units of one sector told."""
    return {code: norm(found) for code, found in ratios.items() if found}


def score(figure: Decimal, usual: Norm, floor: Decimal) -> Decimal:
    """How many robust deviations a figure lies from the median.

    ``floor``: the least deviation counted with, as a share of the median: what never moved has none of its own.
    """
    deviation = max(usual.spread * DEVIATIONS, abs(usual.median) * floor)
    away = abs(figure - usual.median)
    if not deviation:
        return Decimal(0) if not away else Decimal("Infinity")
    return WIDE.divide(away, deviation) if away else Decimal(0)
