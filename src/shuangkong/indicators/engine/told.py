"""数据成列: facts in a frame, as the columns of figures that the column engine takes; exact, whatever their digits."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from fractions import Fraction

import numpy as np
import polars as pl
from numpy.typing import NDArray

from shuangkong.core.fact import Cell, Maturity, Measure, Origin, State, Subject
from shuangkong.core.period import Period
from shuangkong.core.rounding import WIDE
from shuangkong.indicators.engine.asked import Asked
from shuangkong.indicators.engine.figures import MATURITIES, UNTOLD, Figures, Standing, Told
from shuangkong.indicators.engine.law import Law
from shuangkong.policyfile.expression.column import Decimals, scaled, told
from shuangkong.policyfile.expression.given import LACKS, Lack
from shuangkong.policyfile.expression.given import Told as Value

#: Words as numbers, in the order in which core.fact has them.
STATES, ORIGINS, MEASURES = tuple(State), tuple(Origin), tuple(Measure)
#: What a frame of facts holds; one row a cell, the fact that counts.
SCHEMA: Mapping[str, type[pl.DataType]] = {
    "indicator": pl.String,
    "row": pl.Int64,  # of the subject, in engine.everyone.Everyone
    "first_month": pl.Int16,
    "months": pl.Int16,
    "measure": pl.Int8,
    "state": pl.Int8,
    "origin": pl.Int8,
    "maturity": pl.Int8,
    "is_demo": pl.Boolean,
    "value": pl.String,  # as told
    "unit": pl.String,  # base unit
    "factor": pl.String,  # what the told value is multiplied by to stand in it, a decimal
}
_CELLS = ("indicator", "first_month", "months", "measure")
_LACKS = np.array([LACKS.get(state, 0) for state in STATES], dtype=np.int8)
#: Whole numbers below it survive what is done with them here in 64 bits.
_SAFE = 2.0**62
_FLASH, _ESTIMATE = MATURITIES.index(Maturity.FLASH), ORIGINS.index(Origin.ESTIMATE)
_MOST_POWER = 18


def told_columns(
    frame: pl.DataFrame, size: int, law: Law, period_of: Callable[[int, int], Period]
) -> dict[Asked, Told]:
    """The facts of ``frame`` (columns SCHEMA) by indicator, period and measure, each a column of ``size`` subjects.

    Args:
        period_of: the period of a first month and a count of months.
    """
    found = {}
    numbered = _with_wholes(frame)
    for (indicator, first_month, months, measure), part in numbered.partition_by(_CELLS, as_dict=True).items():
        asked = Asked(str(indicator), period_of(int(first_month), int(months)), MEASURES[int(measure)])
        found[asked] = _told(part, size, unit_of(law, asked))
    return found


def unit_of(law: Law, asked: Asked) -> str:
    """The base unit that figures are in; "" where no file says."""
    return law.unit(Cell(Subject("", ""), *asked))


def _with_wholes(frame: pl.DataFrame) -> pl.DataFrame:
    """With ``digits`` (the value without its point; null where 64 bits do not hold it), ``places`` and ``times``."""
    factors = frame["factor"].unique().to_list()
    ratios = [Fraction(factor) for factor in factors]
    places = [_places(ratio) for ratio in ratios]
    times = [int(ratio * 10**count) for ratio, count in zip(ratios, places, strict=True)]
    table = pl.DataFrame(
        {"factor": factors, "times": times, "shift": places},
        {"factor": pl.String, "times": pl.Int64, "shift": pl.Int64},
        strict=False,
    )
    point = pl.col("value").str.find(".", literal=True)
    return frame.join(table, on="factor", how="left", maintain_order="left").with_columns(
        digits=pl.col("value").str.replace(".", "", literal=True).cast(pl.Int64, strict=False),
        places=(pl.col("value").str.len_bytes().cast(pl.Int64) - point - 1).fill_null(0) + pl.col("shift"),
    )


def _places(ratio: Fraction) -> int:
    """How many decimals a decimal number has."""
    places = 0
    while (ratio * 10**places).denominator != 1:
        places += 1
    return places


def _told(part: pl.DataFrame, size: int, unit: str) -> Told:
    rows = part["row"].to_numpy()
    states, maturity = part["state"].to_numpy(), part["maturity"].to_numpy()
    is_misfit = (states == 0) & (part["unit"].to_numpy() != unit) if unit else np.zeros(len(rows), dtype=np.bool_)
    lacks = np.where(is_misfit, np.int8(Lack.MISSING), _LACKS[states])
    is_told, is_given, misfits, is_demo, has_doubts = (np.zeros(size, dtype=np.bool_) for _ in range(5))
    is_told[rows], is_given[rows], misfits[rows] = True, _LACKS[states] != Lack.MISSING, is_misfit
    is_demo[rows] = demo = part["is_demo"].to_numpy()
    has_doubts[rows] = demo | is_misfit | (maturity == _FLASH) | (part["origin"].to_numpy() == _ESTIMATE)
    maturities = np.full(size, UNTOLD)
    maturities[rows] = maturity
    column = _column(part, rows, lacks, size)
    return Told(Figures(column, Standing(maturities, is_demo, has_doubts), is_told), is_given, misfits)


def _column(part: pl.DataFrame, rows: NDArray[np.int64], lacks: NDArray[np.int8], size: int) -> Decimals:
    of_all = np.full(size, np.int8(Lack.MISSING))
    of_all[rows] = lacks
    has = part.filter(pl.Series(lacks == 0))
    places = has["places"].to_numpy()
    most = int(places.max(initial=0))
    powers = most - places
    if not has["digits"].null_count() and not has["times"].null_count() and powers.max(initial=0) <= _MOST_POWER:
        digits, times = has["digits"].to_numpy(), has["times"].to_numpy() * 10**powers
        sizes = np.abs(digits.astype(np.float64)) * (has["times"].to_numpy() * 10.0**powers)
        if sizes.max(initial=0.0) < _SAFE:
            wholes = np.zeros(size, dtype=np.int64)
            wholes[rows[lacks == 0]] = digits * times
            return scaled(wholes, most, of_all)
    values: list[Value] = [State.MISSING] * size
    for row, lack in zip(rows.tolist(), lacks.tolist(), strict=True):
        values[row] = STATES[_LACKS.tolist().index(lack)]
    for row, value, factor in zip(rows[lacks == 0].tolist(), has["value"], has["factor"], strict=True):
        values[row] = WIDE.multiply(Decimal(value), Decimal(factor))
    return told(values)
