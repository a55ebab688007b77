"""Texts and subjects of a file as the numbers that rows keep."""

from __future__ import annotations

import polars as pl

from shuangkong.records.facts import dictionary
from shuangkong.records.facts.models import Word
from shuangkong.records.facts.rows import SubjectRow

#: Column of a batch → kind of text.
_TEXTS = {"indicator": Word.INDICATOR, "unit": Word.UNIT, "source": Word.SOURCE}


class Numbers:
    """Numbers for one file. What is new is written down, or numbered below zero where the file is only tried."""

    def __init__(self, *, is_tried: bool) -> None:
        self._words = dictionary.words if is_tried else dictionary.written
        self._subjects = dictionary.known if is_tried else dictionary.met
        self._known: dict[tuple[str, str], int] = {}
        self._met: dict[tuple[str, str], int] = {}

    def numbered(self, frame: pl.DataFrame) -> pl.DataFrame:
        """With ``indicator_id``, ``unit_id``, ``source_id`` and ``subject_id``."""
        for column, kind in _TEXTS.items():
            texts = frame[column].unique().to_list()
            numbers = self._of_texts(kind, texts)
            table = pl.DataFrame(
                {column: texts, f"{column}_id": numbers}, {column: pl.String, f"{column}_id": pl.Int64}
            )
            frame = frame.join(table, on=column, how="left", maintain_order="left")
        subjects = frame.select("kind", "code", "name", "region").unique(["kind", "code"])
        numbers = self._of_subjects([SubjectRow(*row) for row in subjects.iter_rows()])
        table = subjects.select("kind", "code", pl.Series("subject_id", numbers, pl.Int64))
        return frame.join(table, on=["kind", "code"], how="left", maintain_order="left")

    def _of_texts(self, kind: str, texts: list[str]) -> list[int]:
        new = [text for text in texts if (kind, text) not in self._known]
        found = self._words(kind, new)
        for text in new:
            self._known[kind, text] = found.get(text) or -len(self._known) - 1
        return [self._known[kind, text] for text in texts]

    def _of_subjects(self, rows: list[SubjectRow]) -> list[int]:
        new = [row for row in rows if row.key not in self._met]
        found = self._subjects(new)
        for row in new:
            self._met[row.key] = found.get(row.key) or -len(self._met) - 1
        return [self._met[row.key] for row in rows]
