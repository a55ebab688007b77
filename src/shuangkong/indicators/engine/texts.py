"""写出一列: the figures of a column as the digits that a table keeps."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

import numpy as np
import polars as pl

from shuangkong.indicators.engine.everyone import Rows
from shuangkong.indicators.engine.values import lacks_of, written_at
from shuangkong.policyfile.expression.column import Column, Decimals

_SAFE = 2.0**62
_MOST_PLACES = 40


def texts(column: Column, rows: Rows) -> pl.Series:
    """Digits of these rows, without zeros that say nothing; null where there is no figure."""
    places = _places(column.pitch) if isinstance(column, Decimals) and not column.beyond else None
    if isinstance(column, Decimals) and places is not None:
        times = int(column.pitch * 10**places)
        wholes = column.wholes[rows]
        if times < _SAFE and float(np.abs(wholes.astype(np.float64)).max(initial=0.0)) * times < _SAFE:
            found = _pointed(pl.Series(wholes.astype(np.int64) * times), places)
            if column.lacks is not None:
                found = found.set(pl.Series(column.lacks[rows] != 0), None)
            return found
    return pl.Series(_one_by_one(column, rows), dtype=pl.String)


def _one_by_one(column: Column, rows: Rows) -> Sequence[str | None]:
    has = lacks_of(column)[rows] == 0
    figures = iter(written_at(column, rows[has]))
    return [_plainly(next(figures)) if flag else None for flag in has.tolist()]


def _plainly(value: Decimal) -> str:
    digits = format(value, "f")
    return digits.rstrip("0").rstrip(".") if "." in digits else digits


def _pointed(wholes: pl.Series, places: int) -> pl.Series:
    """Whole numbers of 10⁻ᵖˡᵃᶜᵉˢ as decimals."""
    digits = wholes.abs().cast(pl.String)
    if places:
        padded = digits.str.zfill(places + 1)
        digits = (padded.str.head(-places) + "." + padded.str.tail(places)).str.strip_chars_end("0")
        digits = digits.str.strip_chars_end(".")
    signs = pl.DataFrame({"is_below": wholes < 0}).select(
        pl.when("is_below").then(pl.lit("-")).otherwise(pl.lit("")).alias("sign")
    )["sign"]
    return signs + digits


def _places(pitch: Fraction) -> int | None:
    """How many decimals its multiples have; None where no count does."""
    return next((count for count in range(_MOST_PLACES) if (pitch * 10**count).denominator == 1), None)
