"""Figures as a file again: what was told, word for word, so that taking it in once more changes nothing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from typing import Literal

import polars as pl
import xlsxwriter
from django.db.models import Q
from django.utils import timezone

from shuangkong.core.period import Period
from shuangkong.records.facts import codes, sdmx
from shuangkong.records.facts.columns import COLUMNS
from shuangkong.records.facts.frames import counting, dictionary, read, subjects_frame
from shuangkong.records.facts.models import Observation, Word
from shuangkong.records.facts.periods import period_of, span
from shuangkong.records.indicators.small_sectors import SECTOR, closed_to
from shuangkong.records.indicators.territory import Territory
from shuangkong.records.past import known_by
from shuangkong.records.people.access import visible
from shuangkong.records.people.acting import Acting
from shuangkong.records.people.roles import Action, Reach, reach
from shuangkong.records.registry.models import Region

type FactsForm = Literal["csv", "sdmx", "parquet", "xlsx"]

#: Text stays text in a workbook: no cell becomes a formula, a link or a number of fewer digits.
_AS_TEXT = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}

_MORE: dict[str, type[pl.DataType]] = {"source_id": pl.Int64, "note": pl.String}


@dataclass(frozen=True, slots=True)
class Asked:
    """Which figures; None and "" leave it open. ``every``: all versions, not only those that count."""

    indicators: frozenset[str] | None = None
    kind: str = ""
    codes: frozenset[str] | None = None
    periods: frozenset[Period] | None = None
    as_of: date | None = None
    every: bool = False


def readable(by: Acting, region: str = "subject__region") -> Q:
    """The condition that leaves what a person may read: figures of subjects that lie in their places.

    Not those of sectors of too few enterprises (small_sectors). 4 queries, none for whom everything is open.
    ``region`` names the column of the region's code, seen from observations.
    """
    if by.covers(Action.ACTUAL_READ) and reach(by.role, Action.ACTUAL_READ) is Reach.ALL:
        return Q()
    about = region.removesuffix("region")
    closed = closed_to(by, Territory(), timezone.localdate())
    is_closed = Q(**{f"{about}kind": SECTOR, f"{about}code__in": [each.code for each in closed]})
    is_open = Q(**{f"{region}__in": Region.objects.filter(visible(by, Action.ACTUAL_READ)).values("code")})
    return is_open & ~is_closed if closed else is_open


def asked_for(asked: Asked) -> Q:
    """The condition on observations of what is asked."""
    found = known_by(asked.as_of, "load__loaded_at")
    if asked.indicators is not None:
        found &= Q(indicator__kind=Word.INDICATOR, indicator__text__in=asked.indicators)
    if asked.kind:
        found &= Q(subject__kind=asked.kind)
    if asked.codes is not None:
        found &= Q(subject__code__in=asked.codes)
    if asked.periods is not None:
        any_of = Q(pk__in=())
        for first_month, months in sorted(span(period) for period in asked.periods):
            any_of |= Q(first_month=first_month, months=months)
        found &= any_of
    return found


def told_frame(asked: Asked, by: Acting) -> pl.DataFrame:
    """Figures as text, under the names and English words of facts.columns, by indicator, subject and period.

    4 queries.
    """
    found = read(Observation.objects.filter(readable(by) & asked_for(asked)), _MORE)
    rows = found if asked.every else counting(found)
    texts = {kind: dictionary(kind) for kind in (Word.INDICATOR, Word.UNIT, Word.SOURCE)}
    for kind, table in texts.items():
        rows = rows.join(table.select(pl.col("id").alias(f"{kind}_id"), pl.col("text").alias(kind)), on=f"{kind}_id")
    about = subjects_frame().select(pl.col("id").alias("subject_id"), subject_kind="kind", subject="code")
    named = rows.join(about, on="subject_id").with_columns(
        pl.when(pl.col("state") == codes.VALUE)
        .then("value")
        .otherwise(_word("state", codes.STATES.words))
        .alias("value"),
        _word("measure", codes.MEASURES.words),
        _word("maturity", codes.MATURITIES.words),
        _word("origin", codes.ORIGINS.words),
        _word("evidence", codes.EVIDENCES.words),
        pl.col("note").fill_null(""),
    )
    ordered = _with_periods(named).sort("indicator", "subject_kind", "subject", "first_month", "months", "id")
    return ordered.select(column.name for column in COLUMNS)


def file_of(frame: pl.DataFrame, form: FactsForm) -> bytes:
    """The frame of ``told_frame`` as a file."""
    target = BytesIO()
    if form == "parquet":
        frame.write_parquet(target)
    elif form == "xlsx":
        with xlsxwriter.Workbook(target, _AS_TEXT) as book:
            frame.write_excel(book)
    else:
        (sdmx.written(frame) if form == "sdmx" else frame).write_csv(target)
    return target.getvalue()


def _word(column: str, words: Iterable[str]) -> pl.Expr:
    return pl.col(column).replace_strict(dict(enumerate(map(str, words))), return_dtype=pl.String)


def _with_periods(frame: pl.DataFrame) -> pl.DataFrame:
    spans = frame.select("first_month", "months").unique()
    names = [str(period_of(*row)) for row in spans.iter_rows()]
    return frame.join(spans.with_columns(pl.Series("period", names, pl.String)), on=["first_month", "months"])
