"""Ruled tables of a page with their text, and how a table goes on over the page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from shuangkong.plans.intake.composition import Cell, joined, one_line
from shuangkong.plans.intake.pdf.glyphs import Glyph, PageInk
from shuangkong.plans.intake.pdf.lines import VisualLine, lines_of
from shuangkong.plans.intake.pdf.paragraphs import SLACK, first_word
from shuangkong.plans.intake.pdf.ruling import RuledTable, tables_of

#: Vertical lines this near (points) make the parts of a table on two pages one table.
_SAME_COLUMNS = 4.0


@dataclass(slots=True)
class TablePart:
    """A ruled table of one page; grows as it goes on.

    Attributes:
        page: number of the page on which it ends so far.
        xs: places of its vertical lines, left to right.
        top: its upper edge.
        height: rows so far.
        cells: its cells with their text.
        edges: (row, column) of a cell → its first line, its last line and the right edge that the last one may reach.
    """

    page: int
    xs: tuple[float, ...]
    top: float
    height: int
    cells: list[Cell]
    edges: dict[tuple[int, int], tuple[VisualLine, VisualLine, float]] = field(default_factory=dict)

    def goes_on_in(self, part: TablePart) -> bool:
        """Whether ``part``, first on the next page, has the columns of this table, which ended the page before."""
        xs, others = self.xs, part.xs
        may_go_on = part.page == self.page + 1 and len(xs) == len(others)
        return may_go_on and all(abs(x - o) <= _SAME_COLUMNS for x, o in zip(xs, others, strict=True))

    def append(self, part: TablePart) -> None:
        """Adds the rows of ``part``: without heading rows printed again, its first row to a row that the page cut."""
        start = self._repeated(part)
        if self._is_cut(part, start):
            self._mend(part, start)
            start += 1
        shift = self.height - start
        self.cells += [replace(cell, row=cell.row + shift) for cell in part.cells if cell.row >= start]
        self.edges |= {(r + shift, c): edge for (r, c), edge in part.edges.items() if r >= start}
        self.height += part.height - start
        self.page = part.page

    def _repeated(self, part: TablePart) -> int:
        most = min(part.height, self.height)
        repeated = next((at for at in range(most) if not self._same_row(part, at)), most)
        return 0 if repeated == part.height else repeated

    def _same_row(self, part: TablePart, row: int) -> bool:
        ours = [cell.text for cell in self.cells if cell.row == row]
        return any(ours) and ours == [cell.text for cell in part.cells if cell.row == row]

    def _is_cut(self, part: TablePart, row: int) -> bool:
        """Whether every text in the row goes on a full line of the cell above, and some cells there have ended."""
        going_on = [column for (r, column) in part.edges if r == row]
        return (
            0 < len(going_on) < len(self.xs) - 1
            and all(cell.height == 1 for cell in part.cells if cell.row == row)
            and all(self._is_full(column, part.edges[row, column][0]) for column in going_on)
        )

    def _is_full(self, column: int, following: VisualLine) -> bool:
        edge = self.edges.get((self.height - 1, column))
        return edge is not None and edge[2] - edge[1].right <= first_word(following) + SLACK * following.em

    def _mend(self, part: TablePart, row: int) -> None:
        texts = {cell.column: cell.text for cell in part.cells if cell.row == row}
        for at, cell in enumerate(self.cells):
            if cell.row == self.height - 1 and texts.get(cell.column):
                self.cells[at] = replace(cell, text=joined((cell.text, texts[cell.column])))


def tables_on(ink: PageInk, number: int) -> tuple[list[TablePart], list[Glyph]]:
    """Ruled tables of page ``number`` with their text, from top to bottom, and the characters outside them."""
    parts: list[TablePart] = []
    rest: Sequence[Glyph] = ink.glyphs
    for table in tables_of(ink.across, ink.down):
        inside: dict[tuple[int, int], list[Glyph]] = {}
        outside: list[Glyph] = []
        for glyph in rest:
            place = table.field_of(glyph)
            if place is None:
                outside.append(glyph)
            else:
                inside.setdefault(place, []).append(glyph)
        if any(not glyph.character.isspace() for glyphs in inside.values() for glyph in glyphs):
            parts.append(_without_stubs(_part(table, inside, number)))
            rest = outside
    return parts, list(rest)


def _part(table: RuledTable, inside: dict[tuple[int, int], list[Glyph]], number: int) -> TablePart:
    part = TablePart(number, table.xs, table.top, len(table.ys) - 1, [])
    for ruled in table.cells:
        glyphs = [
            glyph
            for row in range(ruled.row, ruled.row + ruled.height)
            for column in range(ruled.column, ruled.column + ruled.width)
            for glyph in inside.pop((row, column), ())
        ]
        lines = lines_of(glyphs, number)
        text = one_line(joined(line.text.strip() for line in lines))
        part.cells.append(Cell(ruled.row, ruled.column, text, ruled.height, ruled.width))
        if lines:
            padding = min(line.left for line in lines) - table.xs[ruled.column]
            right = table.xs[ruled.column + ruled.width] - padding
            part.edges[ruled.row, ruled.column] = (lines[0], lines[-1], right)
    return part


def _without_stubs(part: TablePart) -> TablePart:
    """The table without the blank strip over its whole width that some printers leave where the page cuts it."""
    strips = {cell.row for cell in part.cells if not cell.text and cell.height == 1 and cell.width == len(part.xs) - 1}
    first = 1 if 0 in strips else 0
    last = part.height - (1 if part.height - 1 in strips else 0)
    part.cells = [replace(cell, row=cell.row - first) for cell in part.cells if first <= cell.row < last]
    part.edges = {(row - first, column): edge for (row, column), edge in part.edges.items() if first <= row < last}
    part.height = last - first
    return part
