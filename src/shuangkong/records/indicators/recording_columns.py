"""按列记结果: results of everyone beside those that stood, in columns; what is another is written."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from itertools import batched
from typing import Any

import numpy as np
import polars as pl
from django.db import connection
from django.db.models import IntegerField
from django.db.models.functions import Cast

from shuangkong.core.fact import State, Subject
from shuangkong.core.period import Period
from shuangkong.indicators.engine import Asked
from shuangkong.indicators.engine.columns import ColumnEngine
from shuangkong.indicators.engine.everyone import Flags, Rows
from shuangkong.indicators.engine.figures import UNTOLD, Figures
from shuangkong.indicators.engine.texts import texts
from shuangkong.indicators.engine.told import STATES
from shuangkong.indicators.engine.values import lacks_of
from shuangkong.policyfile.expression import given
from shuangkong.records.facts.codes import MISSING
from shuangkong.records.facts.dictionary import met, written
from shuangkong.records.facts.frames_reading import figures
from shuangkong.records.facts.models import Word
from shuangkong.records.facts.periods import span
from shuangkong.records.indicators.columns import Everybody
from shuangkong.records.indicators.computing_passes import writing
from shuangkong.records.indicators.models import Computation, ComputedFigure
from shuangkong.records.indicators.recording import subject_rows
from shuangkong.records.indicators.territory import Territory

_CONTENT: Mapping[str, type[pl.DataType]] = {
    "state": pl.Int8, "value": pl.String, "maturity": pl.Int8, "has_doubts": pl.Boolean, "is_demo": pl.Boolean
}  # fmt: skip
_RESULT: Mapping[str, type[pl.DataType]] = {"row": pl.Int64, "indicator_id": pl.Int64, **_CONTENT}
_STOOD = {
    "id": pl.Int64, "indicator_id": pl.Int64, "subject_id": pl.Int64, "state": pl.Int8, "value": pl.String,
    "maturity": pl.Int8, "has_doubts_number": pl.Int8, "is_demo_number": pl.Int8,
}  # fmt: skip
#: Columns whose results are in memory at once, before they are written.
_COLUMNS_AT_ONCE = 150
#: Rows of one transaction: others wait for it no longer than a second.
_AT_ONCE = 50_000
_WRITTEN = ("indicator_id", "subject_id", "first_month", "months", *_CONTENT, "computation_id")
#: Number of the state of each Lack, a figure being none.
_STATES = np.array(
    [STATES.index(State.VALUE), *(STATES.index(given.STATES[lack]) for lack in given.Lack)], dtype=np.int8
)


def record_columns(
    made: Computation,
    targets: Collection[Asked],
    engine: ColumnEngine,
    everybody: Everybody,
    territory: Territory,
    under: Callable[[Period], Flags | None],
) -> tuple[int, int]:
    """Writes the results that are others than those that stood; returns how many were looked at and how many written.

    Args:
        under: whose results of a period these are, the engine's law being theirs; None: everyone's.

    1 query a period and 150 columns, those of words and subjects that are new, and a short transaction a batch.

    Raises:
        Overtaken: another computation has begun.
    """
    with writing(made):
        indicators = written(Word.INDICATOR, {asked.indicator for asked in targets})
    periods: dict[tuple[int, int], list[Asked]] = defaultdict(list)
    for asked in sorted(targets):
        periods[span(asked.period)].append(asked)
    looked_at = changed = 0
    for _, columns in sorted(periods.items()):
        period = columns[0].period
        found = _Found(engine, everybody, under(period))
        for some in batched(columns, _COLUMNS_AT_ONCE):
            numbers = {indicators[asked.indicator]: asked for asked in some}
            rows = found.changed(numbers, _stood(*span(period), numbers.keys()))
            changed += rows.height
            if rows.height:
                _write(rows, period, made, everybody, territory)
        looked_at += found.looked_at
    return looked_at, changed


def _write(rows: pl.DataFrame, period: Period, made: Computation, everybody: Everybody, territory: Territory) -> None:
    with writing(made):
        _meet(rows["row"].to_numpy(), everybody, territory)
    first_month, months = span(period)
    same = {"first_month": first_month, "months": months, "computation_id": made.pk}
    numbered = rows.with_columns(
        pl.Series("subject_id", everybody.numbers[rows["row"].to_numpy()]),
        *(pl.lit(value).alias(name) for name, value in same.items()),
    )
    ordered = numbered.sort("subject_id", "indicator_id").select(_WRITTEN)
    for batch in ordered.iter_slices(_AT_ONCE):
        prepared = _PREPARED[connection.vendor](batch)
        with writing(made):
            _insert(prepared)


def _stood(first_month: int, months: int, indicators: Collection[int]) -> pl.DataFrame:
    """The newest result of each cell of a period."""
    found = ComputedFigure.objects.filter(first_month=first_month, months=months, indicator__in=indicators)
    flags = {f"{name}_number": Cast(name, IntegerField()) for name in ("has_doubts", "is_demo")}
    frame = figures(found.annotate(**flags), _STOOD, found, "indicator_id").rename(
        lambda name: name.removesuffix("_number")
    )
    typed = frame.cast({"has_doubts": pl.Boolean, "is_demo": pl.Boolean})
    return typed.sort("id").unique(("indicator_id", "subject_id"), keep="last", maintain_order=True)


@dataclass
class _Found:
    """The results of a period beside those that stood."""

    engine: ColumnEngine
    everybody: Everybody
    own: Flags | None
    looked_at: int = 0

    def changed(self, columns: Mapping[int, Asked], stood: pl.DataFrame) -> pl.DataFrame:
        """``row``, ``indicator_id`` and the content of the results that are others. ``columns``: by number."""
        rows = self.everybody.rows[stood["subject_id"].to_numpy()]
        placed = stood.with_columns(row=pl.Series(rows, dtype=pl.Int64))
        had = {int(str(key[0])): part["row"].to_numpy() for key, part in _by_indicator(placed).items()}
        parts = (self._content(self.engine.figures(asked), had.get(key), key) for key, asked in columns.items())
        found = pl.concat([pl.DataFrame(schema=_RESULT), *(part for part in parts if part is not None)])
        return found if placed.is_empty() else _others(found, placed)

    def _content(self, figures: Figures, had: Rows | None, indicator: int) -> pl.DataFrame | None:
        """A result that is missing keeps why: what it rests on, unless it was told."""
        lacks, standing = lacks_of(figures.column), figures.standing
        is_known = standing.maturities != UNTOLD
        # What rests on nothing told is nobody's figure; what was told has no result of its own.
        counts = ~figures.is_told & is_known
        is_found = counts & (lacks < given.Lack.MISSING)
        is_looked_at = is_found.copy()
        if had is not None:
            is_looked_at[had] = True
        if self.own is not None:
            is_looked_at &= self.own
            is_known = is_known & self.own
        self.looked_at += int(is_known.sum())
        rows = np.flatnonzero(is_looked_at)
        if not len(rows):
            return None
        has, is_told = is_found[rows], figures.is_told[rows]
        return pl.DataFrame(
            {
                "row": rows,
                "indicator_id": np.full(len(rows), indicator),
                "state": np.where(has, _STATES[lacks[rows]], np.int8(MISSING)),
                "value": texts(figures.column, rows).set(pl.Series(~has), None),
                "maturity": pl.Series(standing.maturities[rows]).set(pl.Series(~counts[rows]), None),
                "has_doubts": standing.has_doubts[rows] & ~is_told,
                "is_demo": standing.is_demo[rows] & ~is_told,
            },
            schema=_RESULT,
        )


def _by_indicator(stood: pl.DataFrame) -> Mapping[tuple[object, ...], pl.DataFrame]:
    return stood.partition_by("indicator_id", as_dict=True)


def _others(found: pl.DataFrame, stood: pl.DataFrame) -> pl.DataFrame:
    """Those of ``found`` that say something else than what stood."""
    before = stood.select("row", "indicator_id", *(pl.col(name).alias(f"{name}_before") for name in _CONTENT))
    beside = found.join(before, on=("row", "indicator_id"), how="left", maintain_order="left")
    is_same = pl.all_horizontal(
        _plain(pl.col(name)).eq_missing(_plain(pl.col(f"{name}_before")))
        if name == "value"
        else pl.col(name).eq_missing(pl.col(f"{name}_before"))
        for name in _CONTENT
    )
    both_missing = (pl.col("state") == MISSING) & (pl.col("state_before").fill_null(MISSING) == MISSING)
    return beside.filter(~is_same & ~both_missing).select(found.columns)


def _plain(value: pl.Expr) -> pl.Expr:
    """Digits without zeros that say nothing."""
    has_point = value.str.contains(".", literal=True)
    return pl.when(has_point).then(value.str.strip_chars_end("0").str.strip_chars_end(".")).otherwise(value)


def _meet(rows: Rows, everybody: Everybody, territory: Territory) -> None:
    """Whoever nothing was told of may be met here for the first time."""
    new = {everybody.everyone.subjects[row]: row for row in np.unique(rows[everybody.numbers[rows] < 0]).tolist()}
    if new:
        found = met(subject_rows(new, territory))
        everybody.learn({new[Subject(kind, code)]: number for (kind, code), number in found.items()})


_PREPARED: Mapping[str, Callable[[pl.DataFrame], Any]] = {
    "sqlite": lambda frame: frame.rows(),
    "postgresql": lambda frame: frame.write_csv(include_header=False).encode(),
}


def _insert(prepared: Any) -> None:
    """Writes results that have these columns: one prepared statement on SQLite, COPY on PostgreSQL."""
    names = ", ".join(f'"{name}"' for name in _WRITTEN)
    into = f'"{ComputedFigure._meta.db_table}"'
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {into} ({names}) FROM STDIN (FORMAT csv)") as copy:
                copy.write(prepared)
        else:
            marks = ", ".join(["%s"] * len(_WRITTEN))
            cursor.executemany(f"INSERT INTO {into} ({names}) VALUES ({marks})", prepared)
