"""Puts the pages of a PDF together: lines to paragraphs across page ends, ruled tables to grids in their place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from shuangkong.plans.intake.composition import Cell, Composition, joined, one_line
from shuangkong.plans.intake.pdf.columns import with_columns
from shuangkong.plans.intake.pdf.furniture import without_furniture
from shuangkong.plans.intake.pdf.glyphs import Glyph, PageInk
from shuangkong.plans.intake.pdf.lines import VisualLine, lines_of
from shuangkong.plans.intake.pdf.paragraphs import Measure, ends_paragraph, measures_of, rejoined
from shuangkong.plans.intake.pdf.ruling import RuledTable, tables_of

#: Vertical lines this near (points) make the parts of a table on two pages one table.
_SAME_COLUMNS = 4.0


@dataclass(slots=True)
class _TablePart:
    """A ruled table of one page with its cells' text; may go on on the next page."""

    ruled: RuledTable
    cells: list[Cell]

    @property
    def height(self) -> int:
        return len(self.ruled.ys) - 1

    def row(self, number: int) -> list[str]:
        return [cell.text for cell in self.cells if cell.row == number]


def write_pages(inks: Sequence[PageInk], composition: Composition) -> None:
    """Writes every page into the composition."""
    pages: list[list[VisualLine]] = []
    tables: list[list[_TablePart]] = []
    for number, ink in enumerate(inks):
        parts, rest = _tables(ink, number)
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
        self._table: _TablePart | None = None
        self._measure: Measure | None = None

    def page(self, lines: Sequence[VisualLine], parts: Sequence[_TablePart], measure: Measure | None) -> None:
        waiting = list(parts)
        for line in lines:
            while waiting and waiting[0].ruled.top > line.top:
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

    def _add_table(self, part: _TablePart) -> None:
        self._end_paragraph()
        if self._table is not None and _goes_on(self._table, part):
            _append(self._table, part)
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


def _tables(ink: PageInk, number: int) -> tuple[list[_TablePart], list[Glyph]]:
    """Ruled tables of a page with their text, and the characters outside them."""
    parts: list[_TablePart] = []
    rest: Sequence[Glyph] = ink.glyphs
    for table in tables_of(ink.across, ink.down):
        inside: dict[tuple[int, int], list[Glyph]] = {}
        outside: list[Glyph] = []
        for glyph in rest:
            field = table.field_of(glyph)
            if field is None:
                outside.append(glyph)
            else:
                inside.setdefault(field, []).append(glyph)
        if any(not glyph.character.isspace() for glyphs in inside.values() for glyph in glyphs):
            parts.append(_TablePart(table, _cells(table, inside, number)))
            rest = outside
    return parts, list(rest)


def _cells(table: RuledTable, inside: dict[tuple[int, int], list[Glyph]], number: int) -> list[Cell]:
    cells = []
    for ruled in table.cells:
        glyphs = [
            glyph
            for row in range(ruled.row, ruled.row + ruled.height)
            for column in range(ruled.column, ruled.column + ruled.width)
            for glyph in inside.pop((row, column), ())
        ]
        text = joined(line.text.strip() for line in lines_of(glyphs, number))
        cells.append(Cell(ruled.row, ruled.column, one_line(text), ruled.height, ruled.width))
    return cells


def _goes_on(table: _TablePart, part: _TablePart) -> bool:
    """Whether ``part``, first on its page, has the columns of the table that ended the page before."""
    xs, others = table.ruled.xs, part.ruled.xs
    return len(xs) == len(others) and all(abs(x - o) <= _SAME_COLUMNS for x, o in zip(xs, others, strict=True))


def _append(table: _TablePart, part: _TablePart) -> None:
    """Adds the rows of ``part``, without heading rows that are printed again."""
    repeated = 0
    while repeated < min(part.height, table.height) and _same_row(table, part, repeated):
        repeated += 1
    if repeated == part.height:
        repeated = 0
    shift = table.height - repeated
    table.cells += [
        Cell(cell.row + shift, cell.column, cell.text, cell.height, cell.width)
        for cell in part.cells
        if cell.row >= repeated
    ]
    table.ruled = RuledTable(
        table.ruled.xs, table.ruled.ys + part.ruled.ys[1 + repeated :], table.ruled.cells + part.ruled.cells
    )


def _same_row(table: _TablePart, part: _TablePart, number: int) -> bool:
    return table.row(number) == part.row(number) and any(table.row(number))
