"""Blocks of a Word document in order: paragraphs, tables, text boxes, notes."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from shuangkong.plans.intake.composition import Cell, Composition, joined
from shuangkong.plans.intake.docx.numbering import Numbering
from shuangkong.plans.intake.docx.runs import Printed, alternative, printed_of
from shuangkong.plans.intake.docx.words import MC, W, value
from shuangkong.plans.intake.markup import tags

#: Wrappers around blocks that print nothing themselves.
_WRAPPERS = tags("sdt sdtContent customXml ins moveTo smartTag body document", W)
_MAX_SPAN = 1000


class Body:
    """Writes blocks into a composition.

    Args:
        composition: where lines and tables go.
        numbering: prints the automatic numbers.
        footnotes: root of footnotes.xml, or None. A note stands after the paragraph or table that cites it.
        endnotes: root of endnotes.xml, or None; likewise.
    """

    def __init__(
        self,
        composition: Composition,
        numbering: Numbering,
        footnotes: etree._Element | None = None,
        endnotes: etree._Element | None = None,
    ) -> None:
        self.composition = composition
        self._numbering = numbering
        self._notes = {
            (part, note.get(W + "id", "")): note
            for part, root in (("footnotes", footnotes), ("endnotes", endnotes))
            for note in (root if root is not None else ())
        }

    def write(self, parent: etree._Element) -> None:
        """Writes every block below ``parent``."""
        for block in _blocks(parent):
            if block.tag == W + "p":
                self._paragraph(block)
            else:
                self._table(block)

    def _paragraph(self, paragraph: etree._Element) -> None:
        printed = self._printed(paragraph)
        before = not printed.text.strip()
        if before:
            self._write_boxes(printed)
        if not (before and printed.boxes):
            self.composition.line(printed.text)
        if not before:
            self._write_boxes(printed)
        self._write_notes(printed)

    def _printed(self, paragraph: etree._Element) -> Printed:
        printed = printed_of(paragraph)
        if printed.text.strip():
            printed.pieces.insert(0, self._numbering.label(paragraph))
        return printed

    def _write_boxes(self, printed: Printed) -> None:
        for box in printed.boxes:
            self.write(box)

    def _write_notes(self, printed: Printed) -> None:
        for key in printed.notes:
            note = self._notes.pop(key, None)
            if note is not None:
                self.write(note)

    def _table(self, table: etree._Element) -> None:
        rows = list(_rows(table))
        if len(rows) == 1 and len(rows[0]) == 1:  # a frame around text, not a table
            self.write(rows[0][0].element)
            return
        hung = Printed()
        cells = [Cell(c.row, c.column, self._cell_text(c.element, hung), c.height, c.width) for r in rows for c in r]
        self.composition.table(cells)
        self._write_boxes(hung)
        self._write_notes(hung)

    def _cell_text(self, cell: etree._Element, hung: Printed) -> str:
        pieces: list[str] = []
        for block in _blocks(cell):
            if block.tag == W + "p":
                printed = self._printed(block)
                pieces.append(printed.text)
                hung.boxes += printed.boxes
                hung.notes += printed.notes
            else:
                pieces += (self._cell_text(inner.element, hung) for row in _rows(block) for inner in row)
        return joined(piece.strip(" \t\n") for piece in pieces)


class _Placed:
    """A w:tc in its place; ``height`` grows as vertical merges go on."""

    __slots__ = ("column", "element", "height", "row", "width")

    def __init__(self, element: etree._Element, row: int, column: int, width: int) -> None:
        self.element, self.row, self.column, self.width = element, row, column, width
        self.height = 1


def _blocks(parent: etree._Element) -> Iterator[etree._Element]:
    for child in parent:
        if child.tag in {W + "p", W + "tbl"}:
            yield child
        elif child.tag in _WRAPPERS:
            yield from _blocks(child)
        elif child.tag == MC + "AlternateContent":
            yield from _blocks(alternative(child))


def _inside(parent: etree._Element, tag: str) -> Iterator[etree._Element]:
    for child in parent:
        if child.tag == tag:
            yield child
        elif child.tag in _WRAPPERS:
            yield from _inside(child, tag)


def _rows(table: etree._Element) -> Iterator[list[_Placed]]:
    """Rows of cells that begin in them; a vertical merge belongs to its first row only."""
    open_merges: dict[int, _Placed] = {}
    number = 0
    for row in _inside(table, W + "tr"):
        properties = row.find(W + "trPr")
        if properties is not None and properties.find(W + "del") is not None:
            continue
        column = _skipped(properties)
        began: list[_Placed] = []
        going_on: dict[int, _Placed] = {}
        for element in _inside(row, W + "tc"):
            width, merge = _extent(element)
            above = open_merges.get(column)
            if merge == "continue" and above is not None and above.width == width:
                above.height += 1
                going_on[column] = above
            else:
                placed = _Placed(element, number, column, width)
                began.append(placed)
                if merge is not None:
                    going_on[column] = placed
            column += width
        open_merges = going_on
        number += 1
        yield began


def _skipped(properties: etree._Element | None) -> int:
    before = value(properties.find(W + "gridBefore")) if properties is not None else None
    return min(int(before), _MAX_SPAN) if before and before.isdecimal() and len(before) < 7 else 0


def _extent(cell: etree._Element) -> tuple[int, str | None]:
    """Columns covered, and ``restart``, ``continue`` or None."""
    properties = cell.find(W + "tcPr")
    if properties is None:
        return 1, None
    span = value(properties.find(W + "gridSpan")) or "1"
    merge = properties.find(W + "vMerge")
    width = min(int(span), _MAX_SPAN) if span.isdecimal() and len(span) < 7 else 1
    return max(1, width), None if merge is None else merge.get(W + "val", "continue")
