"""定夺: rounding columns by rule. Floats decide what is clear; what is near a tie is reckoned anew in decimals."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

import numpy as np
import polars as pl

from shuangkong.core.rounding import Rounding, rounded

#: Relative error that a handful of float operations cannot exceed (each errs by 1.1e-16), with room.
_ERROR, _ABSOLUTE = 1e-13, 1e-9


def settled(
    frame: pl.DataFrame,
    column: str,
    places: int,
    exactly: Callable[[Mapping[str, Any]], Decimal | None],
    rule: Rounding = Rounding.HALF_EVEN,
) -> pl.DataFrame:
    """``column`` rounded to ``places`` decimals as the rule rounds the exact figure, ties included.

    Args:
        exactly: a row (by column) → the exact figure; asked only where floats cannot tell on which side of a tie it is.
            It makes its decimals of floats by their shortest form (``decimal``).

    Returns:
        The frame with ``column`` replaced by the floats nearest to the rounded decimals.
    """
    told = frame[column].cast(pl.Float64)
    values, unit = told.fill_null(0.0).to_numpy(), 10.0**places
    scaled = values * unit
    # numpy divides; polars would multiply by the reciprocal of a constant, which is off by the last bit.
    plain = np.rint(scaled) / unit
    apart = np.abs(scaled - np.floor(scaled) - 0.5)
    doubtful = np.flatnonzero((apart <= np.abs(scaled) * _ERROR + _ABSOLUTE) & told.is_not_null().to_numpy())
    for row in doubtful.tolist():
        found = exactly(frame.row(row, named=True))
        plain[row] = np.nan if found is None else float(rounded(found, places, rule))
    anew = pl.Series(column, plain).fill_nan(None)
    return frame.with_columns(pl.when(told.is_not_null()).then(anew).alias(column))


def decimal(value: float | None) -> Decimal | None:
    """The decimal that a float was read from: the shortest that reads back as it; None for null."""
    return None if value is None else Decimal(repr(value))
