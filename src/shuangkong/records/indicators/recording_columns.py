"""按列记结果: results of everyone beside those that stood, in columns; what is another is written."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping

import numpy as np
import polars as pl
from django.db import connection
from django.db.models import IntegerField
from django.db.models.functions import Cast

from shuangkong.core.fact import State, Subject
from shuangkong.core.period import Period
from shuangkong.indicators.engine_asked import Asked
from shuangkong.indicators.engine_columns import ColumnEngine
from shuangkong.indicators.engine_everyone import Flags, Rows
from shuangkong.indicators.engine_figures import UNTOLD, Figures
from shuangkong.indicators.engine_texts import texts
from shuangkong.indicators.engine_told import STATES
from shuangkong.indicators.engine_values import lacks_of
from shuangkong.policyfile.expression import given
from shuangkong.records.facts.codes import MISSING
from shuangkong.records.facts.dictionary import met, written
from shuangkong.records.facts.frames import table
from shuangkong.records.facts.models import Word
from shuangkong.records.facts.periods import span
from shuangkong.records.indicators.columns import Everybody
from shuangkong.records.indicators.models import Computation, ComputedFigure
from shuangkong.records.indicators.recording import subject_rows
from shuangkong.records.indicators.territory import Territory

_CONTENT: Mapping[str, type[pl.DataType]] = {
    "state": pl.Int8, "value": pl.String, "maturity": pl.Int8, "has_doubts": pl.Boolean, "is_demo": pl.Boolean
}  # fmt: skip
_STOOD = {
    "id": pl.Int64, "indicator_id": pl.Int64, "subject_id": pl.Int64, "state": pl.Int8, "value": pl.String,
    "maturity": pl.Int8, "has_doubts_number": pl.Int8, "is_demo_number": pl.Int8,
}  # fmt: skip
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

    2 queries a period, and those of words and subjects that are new.
    """
    indicators = written(Word.INDICATOR, {asked.indicator for asked in targets})
    periods: dict[tuple[int, int], list[Asked]] = defaultdict(list)
    for asked in sorted(targets):
        periods[span(asked.period)].append(asked)
    looked_at, changed = 0, []
    for (first_month, months), columns in sorted(periods.items()):
        numbers = {indicators[asked.indicator]: asked for asked in columns}
        stood = _stood(first_month, months, numbers.keys())
        before = {int(str(key[0])): part for key, part in stood.partition_by("indicator_id", as_dict=True).items()}
        parts = []
        for number, asked in numbers.items():
            figures = engine.figures(asked)
            own = under(asked.period)
            known = figures.standing.maturities != UNTOLD
            looked_at += int((known if own is None else known & own).sum())
            parts.append(
                _changed(figures, before.get(number), everybody, own).with_columns(indicator_id=pl.lit(number))
            )
        changed.append(pl.concat(parts).with_columns(first_month=pl.lit(first_month), months=pl.lit(months)))
    if not changed:
        return 0, 0
    rows = _numbered(pl.concat(changed), everybody, territory).with_columns(computation_id=pl.lit(made.pk))
    insert(rows)
    return looked_at, rows.height


def _stood(first_month: int, months: int, indicators: Collection[int]) -> pl.DataFrame:
    """The newest result of each cell of a period."""
    found = ComputedFigure.objects.filter(first_month=first_month, months=months, indicator__in=indicators)
    flags = {f"{name}_number": Cast(name, IntegerField()) for name in ("has_doubts", "is_demo")}
    frame = table(found.annotate(**flags), _STOOD).rename(lambda name: name.removesuffix("_number"))
    typed = frame.cast({"has_doubts": pl.Boolean, "is_demo": pl.Boolean})
    return typed.sort("id").unique(("indicator_id", "subject_id"), keep="last", maintain_order=True)


def _changed(figures: Figures, before: pl.DataFrame | None, everybody: Everybody, own: Flags | None) -> pl.DataFrame:
    """``row`` and the content of the results of one column that are others than ``before``."""
    lacks, standing = lacks_of(figures.column), figures.standing
    # What rests on nothing told is nobody's figure; what was told has no result of its own.
    counts = ~figures.is_told & (standing.maturities != UNTOLD)
    is_found = counts & (lacks < given.Lack.MISSING)
    had = np.zeros(len(lacks), dtype=np.bool_)
    if before is not None:
        had[everybody.rows[before["subject_id"].to_numpy()]] = True
    rows = np.flatnonzero((is_found | had) if own is None else (is_found | had) & own)
    found = _content(figures, rows, counts, is_found)
    if before is None:
        return found
    stood = before.select(
        pl.Series("row", everybody.rows[before["subject_id"].to_numpy()], dtype=pl.Int64),
        *(pl.col(name).alias(f"{name}_before") for name in _CONTENT),
    )
    beside = found.join(stood, on="row", how="left", maintain_order="left")
    is_same = pl.all_horizontal(
        _plain(pl.col(name)).eq_missing(_plain(pl.col(f"{name}_before")))
        if name == "value"
        else pl.col(name).eq_missing(pl.col(f"{name}_before"))
        for name in _CONTENT
    )
    both_missing = (pl.col("state") == MISSING) & (pl.col("state_before").fill_null(MISSING) == MISSING)
    return beside.filter(~is_same & ~both_missing).select(found.columns)


def _content(figures: Figures, rows: Rows, counts: Flags, is_found: Flags) -> pl.DataFrame:
    """A result that is missing keeps why: what it rests on, unless it was told."""
    standing, lacks = figures.standing, lacks_of(figures.column)
    has, counted = is_found[rows], counts[rows]
    value = texts(figures.column, rows)
    is_told = figures.is_told[rows]
    return pl.DataFrame(
        {
            "row": rows,
            "state": np.where(has, _STATES[lacks[rows]], np.int8(MISSING)),
            "value": value.set(pl.Series(~has), None) if len(rows) else value,
            "maturity": pl.Series(standing.maturities[rows]).set(pl.Series(~counted), None),
            "has_doubts": standing.has_doubts[rows] & ~is_told,
            "is_demo": standing.is_demo[rows] & ~is_told,
        },
        schema={"row": pl.Int64, **_CONTENT},
    )


def _plain(value: pl.Expr) -> pl.Expr:
    """Digits without zeros that say nothing."""
    has_point = value.str.contains(".", literal=True)
    return pl.when(has_point).then(value.str.strip_chars_end("0").str.strip_chars_end(".")).otherwise(value)


def _numbered(frame: pl.DataFrame, everybody: Everybody, territory: Territory) -> pl.DataFrame:
    """With ``subject_id``; whoever nothing was told of may be met here for the first time."""
    numbers = everybody.numbers.copy()
    rows = frame["row"].to_numpy()
    new = {everybody.everyone.subjects[row]: row for row in np.unique(rows[numbers[rows] < 0]).tolist()}
    for (kind, code), number in met(subject_rows(new, territory)).items() if new else ():
        numbers[new[Subject(kind, code)]] = number
    return frame.with_columns(subject_id=pl.Series(numbers[rows], dtype=pl.Int64))


def insert(frame: pl.DataFrame) -> None:
    """Writes results that have these columns: one prepared statement on SQLite, COPY on PostgreSQL."""
    ordered = frame.sort("subject_id", "indicator_id", "first_month").select(_WRITTEN)
    names = ", ".join(f'"{name}"' for name in _WRITTEN)
    into = f'"{ComputedFigure._meta.db_table}"'
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {into} ({names}) FROM STDIN (FORMAT csv)") as copy:
                copy.write(ordered.write_csv(include_header=False).encode())
        else:
            marks = ", ".join(["%s"] * len(_WRITTEN))
            cursor.executemany(f"INSERT INTO {into} ({names}) VALUES ({marks})", ordered.rows())
