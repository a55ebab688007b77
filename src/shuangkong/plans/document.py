"""What a file becomes before anyone reads it: text in the order of the page, and the grids that it marks."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from shuangkong.core.finding import Message
from shuangkong.core.span import Span


class Medium(StrEnum):
    """The file forms a plan arrives in."""

    TXT = "txt"
    DOCX = "docx"
    PDF = "pdf"
    HTML = "html"


@dataclass(frozen=True, slots=True)
class GridCell:
    """One cell of a table that the file itself marks.

    ``span`` is its text in Document.text; a cell covered by a merge repeats the text and span of the merged cell.
    """

    text: str
    span: Span
    merged: bool = False


@dataclass(frozen=True, slots=True)
class Grid:
    """A table that the file itself marks, merges expanded so that every row has the same number of cells.

    In Document.text each row is one line, its own (unmerged-away) cells joined by a tab. ``span`` covers those lines.
    """

    span: Span
    rows: tuple[tuple[GridCell, ...], ...]


@dataclass(frozen=True, slots=True)
class Document:
    """A file as text: one paragraph or table row a line, characters as printed (nothing normalised away).

    Every span in a Reading is an offset into ``text``. ``notes`` say what of the file did not become text.
    """

    name: str
    medium: Medium
    text: str
    grids: tuple[Grid, ...] = field(default=())
    notes: tuple[Message, ...] = ()


class DocumentRefused(Exception):
    """A file that cannot become text. Says what, where, expected, found and the next step, in both languages."""

    def __init__(self, code: str, zh: str, en: str) -> None:
        super().__init__(f"{code} {zh}")
        self.code = code
        self.zh = zh
        self.en = en
