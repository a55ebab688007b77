"""Rows of a batch held against what was told before: new, changed or the same."""

from __future__ import annotations

import polars as pl

from shuangkong.records.facts.frames import CELL, VINTAGE, read
from shuangkong.records.facts.models import Observation

_CONTENT = ("state", "plain", "unit_id", "source_id", "note", "evidence")
_MORE: dict[str, type[pl.DataType]] = {"source_id": pl.Int64, "note": pl.String}


def compared(batch: pl.DataFrame) -> pl.DataFrame:
    """The batch with ``verdict``: new where nothing was told of the cell, same where its vintage says the same.

    ``batch`` has the numbers that rows of the table hold. 1 query.
    """
    found = Observation.objects.filter(
        first_month__in=batch["first_month"].unique().to_list(),
        indicator__in=batch["indicator_id"].unique().to_list(),
    )
    before = _plain(read(found, _MORE).with_columns(pl.col("note").fill_null("")))
    newest = before.sort("id").unique(VINTAGE, keep="last")
    same = newest.select(*VINTAGE, *(pl.col(name).alias(f"{name}_before") for name in _CONTENT), is_told=True)
    cells = before.select(CELL).unique().with_columns(is_known=True)
    joined = _plain(batch).join(same, on=VINTAGE, how="left").join(cells, on=CELL, how="left")
    is_same = pl.all_horizontal(pl.col(name).eq_missing(pl.col(f"{name}_before")) for name in _CONTENT)
    told = pl.when("is_known").then(pl.lit("changed")).otherwise(pl.lit("new"))
    verdict = pl.when(is_same & pl.col("is_told")).then(pl.lit("same")).otherwise(told)
    return joined.with_columns(verdict=verdict).select(*batch.columns, "verdict")


def _plain(frame: pl.DataFrame) -> pl.DataFrame:
    """With ``plain``, the value without zeros that do not count: 1100.0 and 1100 say the same."""
    whole = pl.col("value").str.contains(".", literal=True)
    stripped = pl.col("value").str.strip_chars_end("0").str.strip_chars_end(".")
    return frame.with_columns(plain=pl.when(whole).then(stripped).otherwise("value"))
