"""The document with its highlights: each piece of text names the innermost entry over it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise

from shuangkong.core.span import Span
from shuangkong.records.plans.rows import EntryKind, EntryRow

#: The whole of an item or a table would drown everything inside it: only its heading is marked.
HEADED = frozenset({EntryKind.ITEM, EntryKind.TABLE})


@dataclass(frozen=True, slots=True)
class Piece:
    """Text with at most one entry to jump to; ``state`` is open, doubtful, decided or certain."""

    start: int
    text: str
    entry: int | None = None
    kind: str = ""
    state: str = ""


@dataclass(frozen=True, slots=True)
class Paragraph:
    start: int
    pieces: tuple[Piece, ...]

    @property
    def cells(self) -> tuple[tuple[Piece, ...], ...]:
        """The pieces parted at tabs: a printed table row has one between its cells."""
        found: list[list[Piece]] = [[]]
        for piece in self.pieces:
            for number, text in enumerate(piece.text.split("\t")):
                if number:
                    found.append([])
                if text:
                    found[-1].append(replace(piece, text=text))
        return tuple(map(tuple, found))


@dataclass(frozen=True, slots=True)
class Block:
    """Lines that belong together: the rows of one table, or one paragraph."""

    is_table: bool
    lines: tuple[Paragraph, ...]


@dataclass(frozen=True, slots=True)
class Mark:
    span: Span
    entry: EntryRow


def state_of(entry: EntryRow) -> str:
    """How the entry stands in the review, in a word of the style sheet."""
    if entry.is_dropped:
        return "dropped"
    if entry.decision is not None:
        return "decided"
    return "open" if entry.is_doubtful else "certain"


def marks(entries: Iterable[EntryRow]) -> tuple[Mark, ...]:
    """The highlights of entries: headings of items, names, numbers with their sentence."""
    found: list[Mark] = []
    for entry in entries:
        span = entry.span
        if entry.kind in HEADED:
            title = entry.payload.get("title_span")
            span = Span(*title) if title else None
        if span is not None and span.start < span.end and not entry.is_dropped:
            found.append(Mark(span, entry))
    return tuple(found)


def paragraphs(text: str, found: Sequence[Mark]) -> tuple[Paragraph, ...]:
    """The text line by line, empty lines left out."""
    inner_last = sorted(found, key=lambda mark: (mark.span.start, -mark.span.end))
    lines: list[Paragraph] = []
    start, waiting, index = 0, [], 0
    for line in text.split("\n"):
        end = start + len(line)
        while index < len(inner_last) and inner_last[index].span.start < end:
            waiting.append(inner_last[index])
            index += 1
        waiting = [mark for mark in waiting if mark.span.end > start]
        if line.strip():
            lines.append(Paragraph(start, _pieces(text, start, end, waiting)))
        start = end + 1
    return tuple(lines)


def blocks(lines: Iterable[Paragraph]) -> tuple[Block, ...]:
    """Neighbouring lines with tabs are one table; every other line stands alone."""
    found: list[Block] = []
    for is_table, group in groupby(lines, key=lambda line: any("\t" in piece.text for piece in line.pieces)):
        if is_table:
            found.append(Block(True, tuple(group)))
        else:
            found += [Block(False, (line,)) for line in group]
    return tuple(found)


def _pieces(text: str, start: int, end: int, over: Sequence[Mark]) -> tuple[Piece, ...]:
    cuts = {start, end}
    for mark in over:
        cuts.update(place for place in (mark.span.start, mark.span.end) if start < place < end)
    edges = sorted(cuts)
    pieces: list[Piece] = []
    for left, right in pairwise(edges):
        covering = [mark for mark in over if mark.span.start <= left and right <= mark.span.end]
        inner = min(covering, key=lambda mark: mark.span.end - mark.span.start, default=None)
        last = pieces[-1] if pieces else None
        if last is not None and last.entry == (inner.entry.id if inner else None):
            pieces[-1] = Piece(last.start, last.text + text[left:right], last.entry, last.kind, last.state)
        elif inner is None:
            pieces.append(Piece(left, text[left:right]))
        else:
            pieces.append(Piece(left, text[left:right], inner.entry.id, inner.entry.kind.value, state_of(inner.entry)))
    return tuple(pieces)
