"""指标的修约: on which grid an indicator's figures come to rest, kept for further computation and published."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from shuangkong.core.unit import PrintedUnit
from shuangkong.indicators.formula import Indicator
from shuangkong.policyfile.expression.grid import Grid


def kept_grid(indicator: Indicator, forms: Mapping[str, PrintedUnit]) -> Grid | None:
    """Where a computed figure rests before it enters another; None: as computed. ``forms``: printed unit → unit."""
    return _grid(indicator, indicator.rounding.kept, forms)


def published_grid(indicator: Indicator, forms: Mapping[str, PrintedUnit]) -> Grid | None:
    """Where the kept figure rests when it is shown; None: as kept."""
    return _grid(indicator, indicator.rounding.published, forms)


def _grid(indicator: Indicator, places: int | None, forms: Mapping[str, PrintedUnit]) -> Grid | None:
    if places is None:
        return None
    form = forms.get(indicator.display)
    return Grid(places, form.factor if form else Decimal(1), indicator.rounding.rule)
