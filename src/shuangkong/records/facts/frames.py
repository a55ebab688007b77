"""Figures in columns: the counting figure of every cell of a nation's month, in base units.

Exact to fifteen decimals of the base unit; a single figure with all its digits is answering.facts_for.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

import polars as pl
from django.db.models import QuerySet

from shuangkong.core.fact import Measure
from shuangkong.core.period import Period
from shuangkong.records.facts.codes import MEASURES, MISSING, VALUE
from shuangkong.records.facts.frames_reading import figures, table
from shuangkong.records.facts.models import Observation, Subject, Word
from shuangkong.records.facts.periods import span
from shuangkong.records.past import known_by
from shuangkong.rulebook import open_rulebook

#: Of values in columns: decimals kept, of 38 digits.
SCALE = 15
EXACT = pl.Decimal(38, SCALE)
#: A cell of the world, and one vintage of it, in numbers.
CELL = ("indicator_id", "subject_id", "first_month", "months", "measure")
VINTAGE = (*CELL, "origin", "maturity")
_COLUMNS: dict[str, type[pl.DataType]] = {
    "id": pl.Int64, "indicator_id": pl.Int64, "subject_id": pl.Int64, "first_month": pl.Int16, "months": pl.Int16,
    "measure": pl.Int8, "state": pl.Int8, "origin": pl.Int8, "maturity": pl.Int8, "evidence": pl.Int8,
    "value": pl.String, "unit_id": pl.Int64, "load_id": pl.Int64,
}  # fmt: skip
_NOTHING_MORE: dict[str, type[pl.DataType]] = {}


def facts_frame(
    periods: Iterable[Period],
    indicators: Iterable[str] | None = None,
    kinds: Iterable[str] | None = None,
    as_of: date | None = None,
    measure: Measure = Measure.LEVEL,
) -> pl.DataFrame:
    """The counting figure of every cell of these periods, and of these indicators and kinds of subjects where given.

    Columns: ``indicator``, ``subject_kind``, ``subject_code`` (text, dictionary-encoded), ``first_month``, ``months``
    (core.period), ``state``, ``origin``, ``maturity``, ``evidence`` (numbers of facts.codes), ``value`` (Decimal in
    the base ``unit``, null unless told), ``id`` (the version). A few queries a period (frames_reading) and 3 of the
    dictionary.

    Raises:
        OverflowError: a figure with more digits than a column holds.
    """
    words = dictionary(Word.INDICATOR)
    if indicators is not None:
        words = words.filter(pl.col("text").is_in(list(indicators)))
    subjects = subjects_frame()
    if kinds is not None:
        subjects = subjects.filter(pl.col("kind").is_in(list(kinds)))
    parts = []
    for first_month, months in sorted({span(period) for period in periods}):
        among = Observation.objects.filter(first_month=first_month, months=months)
        if indicators is not None:
            among = among.filter(indicator__in=words["id"].to_list())
        found = among.filter(known_by(as_of, "load__loaded_at"), measure=MEASURES.number(measure))
        parts.append(counting(read_quickly(found, among)))
    frame = pl.concat(parts) if parts else pl.DataFrame(schema=_COLUMNS)
    return (
        based(frame)
        .join(words.select(indicator_id="id", indicator=pl.col("text").cast(pl.Categorical)), on="indicator_id")
        .join(
            subjects.select(
                subject_id="id",
                subject_kind=pl.col("kind").cast(pl.Categorical),
                subject_code=pl.col("code").cast(pl.Categorical),
            ),
            on="subject_id",
        )
        .select(
            "indicator", "subject_kind", "subject_code", "first_month", "months", "state", "origin", "maturity",
            "evidence", "value", "unit", "id",
        )
    )  # fmt: skip


def counting(frame: pl.DataFrame) -> pl.DataFrame:
    """One row a cell: the rule of looking.best, in columns. ``frame`` has the columns of ``read``."""
    ordered = frame.sort("id")
    newest = ordered.filter(_as_one(ordered, VINTAGE).is_last_distinct())
    if not _as_one(newest, CELL).is_duplicated().any():
        return newest
    weight = [pl.col("state") != MISSING, pl.col("origin"), pl.col("maturity")]
    return newest.sort(weight, descending=True).unique(CELL, keep="first", maintain_order=True).sort("id")


def _as_one(frame: pl.DataFrame, names: tuple[str, ...]) -> pl.Series:
    """These columns, none of them negative, as one whole number a row: sorted and compared far sooner than several."""
    found, most = pl.zeros(frame.height, dtype=pl.Int64, eager=True), 1
    for name in names:
        here = 1 + int(frame[name].max() or 0)  # type: ignore[arg-type]
        most *= here
        if most >= 1 << 63:
            return frame.select(pl.struct(names)).to_series()
        found = found * here + frame[name].cast(pl.Int64)
    return found


def based(frame: pl.DataFrame) -> pl.DataFrame:
    """The same with ``value`` as a Decimal in the base ``unit``. A unit that no policy file knows is its own base."""
    known = open_rulebook().units()
    printed = dictionary(Word.UNIT)
    bases = [known[text].unit.id if text in known else text for text in printed["text"]]
    factors = [format(known[text].factor, "f") if text in known else "1" for text in printed["text"]]
    units = printed.select(
        unit_id="id",
        unit=pl.Series(bases, dtype=pl.String).cast(pl.Categorical),
        factor=pl.Series(factors, dtype=pl.String).cast(EXACT),
    )
    made = frame.join(units, on="unit_id", how="left").with_columns(
        value=pl.col("value").cast(EXACT, strict=False) * pl.col("factor")
    )
    lost = made.filter((pl.col("state") == VALUE) & pl.col("value").is_null())
    if not lost.is_empty():
        raise OverflowError(f"observation {lost['id'][0]}: more digits than a column holds")
    return made.drop("factor")


def read(found: QuerySet[Observation], more: Mapping[str, type[pl.DataType]] = _NOTHING_MORE) -> pl.DataFrame:
    """Rows of a question as columns of numbers, values as text, and ``more`` columns. 1 query."""
    return table(found, {**_COLUMNS, **more})


def read_quickly(found: QuerySet[Observation], among: QuerySet[Observation]) -> pl.DataFrame:
    """The same, in no order; ``among``: all of their periods and, where given, indicators. See frames_reading."""
    return figures(found, _COLUMNS, among, "indicator_id")


def dictionary(kind: str) -> pl.DataFrame:
    """``id`` and ``text`` of a kind of words. 1 query."""
    return table(Word.objects.filter(kind=kind), {"id": pl.Int64, "text": pl.String})


def subjects_frame() -> pl.DataFrame:
    """``id``, ``kind`` and ``code`` of everyone told of. 1 query."""
    return table(Subject.objects.all(), {"id": pl.Int64, "kind": pl.String, "code": pl.String})
