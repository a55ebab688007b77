"""Composes a Document line by line, keeping the offsets of its grids."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from shuangkong.core.span import Span
from shuangkong.plans.document import Document, Grid, GridCell, Medium
from shuangkong.plans.intake.limits import TABLE_CELLS, TEXT_CHARACTERS
from shuangkong.plans.intake.refusals import refused

_BREAKS = re.compile(r"[ ]*[\r\n\t\v\f\x1c-\x1e\x85\u2028\u2029]+[ ]*")
_SOFT_HYPHEN = "\u00ad"


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell as the file marks it: upper left corner, extent (both ≥ 1) and its text, which may hold line breaks."""

    row: int
    column: int
    text: str
    height: int = 1
    width: int = 1


def joined(pieces: Iterable[str]) -> str:
    """Pieces of one running text put together: Chinese without a gap, Latin words with one space."""
    text = ""
    for piece in pieces:
        gap = text and piece and _is_latin(text[-1]) and _is_latin(piece[0])
        text += " " + piece if gap else piece
    return text


def one_line(text: str) -> str:
    """Text of a cell: no line breaks, no tabs, no white space around it."""
    return joined(_BREAKS.split(text)).strip()


def _is_latin(character: str) -> bool:
    return character.isascii() and character.isalnum()


class Composition:
    """Lines and tables in the order of the page; ends as a Document.

    Raises:
        DocumentRefused: PLN-908 beyond the limits of length or of table cells, PLN-902 without any text.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._lines: list[str] = []
        self._length = 0
        self._grids: list[Grid] = []

    def line(self, text: str) -> None:
        """Adds a paragraph; line breaks inside it make lines."""
        for line in text.replace(_SOFT_HYPHEN, "").splitlines() or [""]:
            self._append(line)

    def table(self, cells: Sequence[Cell]) -> None:
        """Adds a table: one line a row. Later cells give way to earlier ones; holes become empty cells."""
        height = max((cell.row + cell.height for cell in cells), default=0)
        width = max((cell.column + cell.width for cell in cells), default=0)
        if height * width > TABLE_CELLS:
            raise refused("PLN-908", self._name, where="table", expected=f"{TABLE_CELLS} cells", found=height * width)
        if not height:
            return
        owners = _owners(cells, height, width)
        placed: dict[Cell, GridCell] = {}
        start = self._length
        for number, row in enumerate(owners):
            own = [cell for at, cell in enumerate(row) if (cell.row, cell.column) == (number, at)]
            self._row(own, placed)
        rows = tuple(
            tuple(_seen(placed[cell], covered=(cell.row, cell.column) != (number, at)) for at, cell in enumerate(row))
            for number, row in enumerate(owners)
        )
        self._grids.append(Grid(Span(start, self._length - 1), rows))

    def text(self) -> str:
        """What is there so far."""
        return "\n".join(self._lines)

    def document(self, medium: Medium) -> Document:
        text = self.text()
        if not text.strip():
            raise refused("PLN-902", self._name)
        return Document(self._name, medium, text, tuple(self._grids))

    def _row(self, own: Sequence[Cell], placed: dict[Cell, GridCell]) -> None:
        texts = [one_line(cell.text.replace(_SOFT_HYPHEN, "")) for cell in own]
        at = self._length
        for cell, text in zip(own, texts, strict=True):
            placed[cell] = GridCell(text, Span(at, at + len(text)))
            at += len(text) + 1
        self._append("\t".join(texts))

    def _append(self, line: str) -> None:
        self._lines.append(line)
        self._length += len(line) + 1
        if self._length > TEXT_CHARACTERS:
            raise refused("PLN-908", self._name, where="text", expected=TEXT_CHARACTERS, found=f"> {TEXT_CHARACTERS}")


def _owners(cells: Sequence[Cell], height: int, width: int) -> list[list[Cell]]:
    owners: list[list[Cell | None]] = [[None] * width for _ in range(height)]
    for cell in cells:
        area = [
            (r, c)
            for r in range(cell.row, cell.row + cell.height)
            for c in range(cell.column, cell.column + cell.width)
        ]
        if any(owners[r][c] for r, c in area):
            free = owners[cell.row][cell.column] is None
            area = [(cell.row, cell.column)] if free else []
            cell = Cell(cell.row, cell.column, cell.text)
        for r, c in area:
            owners[r][c] = cell
    return [[cell or Cell(r, c, "") for c, cell in enumerate(row)] for r, row in enumerate(owners)]


def _seen(cell: GridCell, *, covered: bool) -> GridCell:
    return GridCell(cell.text, cell.span, merged=True) if covered else cell
