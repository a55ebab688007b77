"""Puts the pages of a PDF together: lines to paragraphs across page ends, ruled tables to grids in their place."""

from __future__ import annotations

from collections.abc import Sequence

from shuangkong.plans.intake.composition import Composition
from shuangkong.plans.intake.pdf.columns import with_columns
from shuangkong.plans.intake.pdf.furniture import without_furniture
from shuangkong.plans.intake.pdf.glyphs import PageInk
from shuangkong.plans.intake.pdf.lines import VisualLine, lines_of
from shuangkong.plans.intake.pdf.paragraphs import Measure, ends_paragraph, measures_of, rejoined
from shuangkong.plans.intake.pdf.tables import TablePart, tables_on


def write_pages(inks: Sequence[PageInk], composition: Composition) -> None:
    """Writes every page into the composition."""
    pages: list[list[VisualLine]] = []
    tables: list[list[TablePart]] = []
    for number, ink in enumerate(inks):
        parts, rest = tables_on(ink, number)
        tables.append(parts)
        pages.append(lines_of(rest, number))
    writer = _Writer(composition)
    bodies = [with_columns(lines) for lines in without_furniture(pages)]
    measures = measures_of(bodies, [(ink.left, ink.right) for ink in inks])
    for lines, parts, measure in zip(bodies, tables, measures, strict=True):
        writer.page(lines, parts, measure)
    writer.close()


class _Writer:
    """Holds back the paragraph and the table that may go on: on the next line, on the next page."""

    def __init__(self, composition: Composition) -> None:
        self._composition = composition
        self._paragraph: list[VisualLine] = []
        self._table: TablePart | None = None
        self._measure: Measure | None = None

    def page(self, lines: Sequence[VisualLine], parts: Sequence[TablePart], measure: Measure | None) -> None:
        waiting = list(parts)
        for line in lines:
            while waiting and waiting[0].top > line.top:
                self._add_table(waiting.pop(0))
            self._add_line(line, measure)
        for part in waiting:
            self._add_table(part)

    def close(self) -> None:
        self._end_paragraph()
        self._end_table()

    def _add_line(self, line: VisualLine, measure: Measure | None) -> None:
        self._end_table()
        here = self._measure
        if self._paragraph and here and measure and ends_paragraph(self._paragraph[-1], line, here, measure):
            self._end_paragraph()
        self._paragraph.append(line)
        self._measure = measure

    def _add_table(self, part: TablePart) -> None:
        self._end_paragraph()
        if self._table is not None and self._table.goes_on_in(part):
            self._table.append(part)
        else:
            self._end_table()
            self._table = part

    def _end_paragraph(self) -> None:
        if self._paragraph:
            self._composition.line(rejoined(self._paragraph))
            self._paragraph = []

    def _end_table(self) -> None:
        if self._table is not None:
            self._composition.table(self._table.cells)
            self._table = None
