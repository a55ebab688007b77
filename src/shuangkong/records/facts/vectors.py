"""A batch of rows of text, a column at a time: what RowParser says of each word, said once for all rows that bear it.

A row that is not understood at once goes to RowParser itself, which has the words to refuse it: both know the same.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum

import polars as pl

from shuangkong.core.period import Period
from shuangkong.records.facts import codes
from shuangkong.records.facts.columns import COLUMNS, EVIDENCES, MATURITIES, ORIGINS, SORTS, SUBJECT_KINDS
from shuangkong.records.facts.parsing import RowParser, RowRefused, Told, figure, period, word
from shuangkong.records.facts.periods import span
from shuangkong.records.facts.rows import RowVerdict

#: A figure that is kept as it is printed; whatever else it may be, RowParser tells.
_PLAIN_FIGURE = r"^-?(?:0|[1-9][0-9]{0,16})(?:\.[0-9]{1,6})?$"
_SMALL = pl.Int8

type Meaning = tuple[object, ...]


class Vectors:
    """Parses batches; what a word means is asked once for the whole file."""

    def __init__(self, parser: RowParser) -> None:
        self.parser = parser
        self._known: dict[str, dict[tuple[str, ...], Meaning | None]] = {}

    def parse(self, batch: pl.DataFrame) -> tuple[pl.DataFrame, list[RowVerdict]]:
        """Rows understood, and verdicts on those refused.

        Args:
            batch: ``row`` (its number in the file) and columns of text named as facts.columns; absent ones are empty.

        The rows understood have ``row``, ``indicator``, ``kind``, ``code``, ``name``, ``region``, ``first_month``,
        ``months``, ``measure``, ``state``, ``origin``, ``maturity``, ``evidence`` (numbers of facts.codes), ``value``
        (text or null), ``unit``, ``source``, ``note``.
        """
        frame = self._read(_filled(batch))
        told = [name for name in frame.columns if name.startswith("=") and name != "=value"]
        is_sound = pl.all_horizontal(pl.col(name).is_not_null() for name in told)
        refused = [self._refused(row) for row in frame.filter(~is_sound).iter_rows(named=True)]
        sound = frame.filter(is_sound).select(
            "row", *(pl.col(name).alias(name[1:]) for name in [*told, "=value"] if name != "=base"), "note"
        )
        return sound, refused

    def told(self, batch: pl.DataFrame, rows: Sequence[int]) -> list[tuple[int, Told]]:
        """Some sound rows of a batch, one at a time."""
        found = _filled(batch).filter(pl.col("row").is_in(rows)).iter_rows(named=True)
        return [(row["row"], self.parser.parse(_cells(row))) for row in found]

    def _read(self, frame: pl.DataFrame) -> pl.DataFrame:
        parser = self.parser
        text = pl.String
        frame = self._look_up(frame, ["indicator"], parser.meant_indicator, {"=indicator": text, "=base": text})
        frame = self._look_up(
            frame,
            ["subject_kind", "subject"],
            self._subject,
            {"=kind": text, "=code": text, "=name": text, "=region": text},
        )
        frame = self._look_up(frame, ["period"], _span, {"=first_month": pl.Int16, "=months": pl.Int16})
        for column, read in _NUMBERED.items():
            frame = self._look_up(frame, [column], read, {f"={column}": _SMALL})
        frame = self._look_up(frame, ["unit", "measure", "=base"], self._unit, {"=unit": text})
        frame = self._look_up(frame, ["source"], lambda told: (parser.told_source(told),), {"=source": text})
        is_plain = pl.col("value").str.contains(_PLAIN_FIGURE)
        frame = frame.with_columns(_odd=pl.when(is_plain).then(pl.lit("0")).otherwise("value"))
        frame = self._look_up(frame, ["_odd"], _figure, {"=state": _SMALL, "_value": text})
        del self._known["_odd"]  # figures, unlike words, are as many as rows
        return frame.with_columns(pl.when(is_plain).then("value").otherwise("_value").alias("=value"))

    def _look_up(
        self,
        frame: pl.DataFrame,
        by: list[str],
        read: Callable[..., Meaning],
        schema: Mapping[str, type[pl.DataType]],
    ) -> pl.DataFrame:
        """Columns of meanings beside those of words; null where a word is refused."""
        known = self._known.setdefault(by[0], {})
        words = frame.select(by).unique()
        for key in words.iter_rows():
            if key not in known:
                known[key] = _meaning(read, key)
        nothing = (None,) * len(schema)
        meanings = [known[key] or nothing for key in words.iter_rows()]
        table = words.hstack(pl.DataFrame(meanings, schema=schema, orient="row"))
        return frame.join(table, on=by, how="left", nulls_equal=True, maintain_order="left")

    def _subject(self, kind: str, printed: str) -> Meaning:
        meant = self.parser.meant_subject(word("subject_kind", SUBJECT_KINDS, kind), printed)
        return meant.kind, meant.code, meant.name, meant.region

    def _unit(self, printed: str, measure: str, base: str | None) -> Meaning:
        return (self.parser.fitting_unit(printed, word("measure", SORTS, measure), base or ""),)

    def _refused(self, row: Mapping[str, object]) -> RowVerdict:
        try:
            self.parser.parse(_cells(row))
        except RowRefused as fault:
            return fault.verdict(int(str(row["row"])))
        raise RuntimeError(f"row {row['row']} is understood alone and not in a column: both must know the same words")


def _filled(batch: pl.DataFrame) -> pl.DataFrame:
    """Every column of a file, blanks around cells left aside; empty rows are none."""
    columns = [
        (pl.col(column.name) if column.name in batch.columns else pl.lit(None, pl.String))
        .fill_null("")
        .str.strip_chars()
        .alias(column.name)
        for column in COLUMNS
    ]
    filled = batch.select("row", *columns)
    return filled.filter(pl.any_horizontal(pl.col(column.name) != "" for column in COLUMNS))


def _cells(row: Mapping[str, object]) -> dict[str, str]:
    return {column.name: str(row[column.name]) for column in COLUMNS}


def _meaning(read: Callable[..., Meaning], key: tuple[str, ...]) -> Meaning | None:
    try:
        return read(*key)
    except RowRefused:
        return None


def _span(printed: str) -> Meaning:
    return span(Period.parse(period(printed)))


def _numbered[Kind: StrEnum](
    column: str, words: Mapping[str, Kind], numbers: codes.Numbered[Kind]
) -> Callable[[str], Meaning]:
    return lambda printed: (numbers.number(word(column, words, printed)),)


def _figure(printed: str) -> Meaning:
    state, value = figure(printed)
    return codes.STATES.number(state), None if value is None else format(value, "f")


#: Columns that take one of a few words.
_NUMBERED = {
    "measure": _numbered("measure", SORTS, codes.MEASURES),
    "origin": _numbered("origin", ORIGINS, codes.ORIGINS),
    "maturity": _numbered("maturity", MATURITIES, codes.MATURITIES),
    "evidence": _numbered("evidence", EVIDENCES, codes.EVIDENCES),
}
