"""附表的格子: annex tables cut into cells: the file's own grids, tabbed lines, or one cell a line."""

from __future__ import annotations

import re
from dataclasses import dataclass

from shuangkong.core.span import Span
from shuangkong.plans.document import Grid
from shuangkong.plans.reader.characters import plain
from shuangkong.plans.reader.flow import Paragraph

NUMBER = re.compile(
    r"^(?:[≥≤≧≦＞＜><]|不(?:低于|少于|高于|大于|超过))?[\[［【]?[+＋-]?\d+(?:,\d{3})*(?:\.\d+)?%*[\]］】]?%*(?:左右|以上|以下|以内)?$"
)
FIGURE = re.compile(r"[+＋-]?\d+(?:,\d{3})*(?:\.\d+)?")
_BLANK = re.compile(r"^(?:—+|-+|–|/|──|——|…|无|\*)$")
#: Neighbouring cells that a page without rules may run together: 13.4%4307.50, 执行率%.
_RATE_AND_VALUE = re.compile(r"^([\d.]+%+)(\d[\d.]*)$")
_LABEL_AND_NUMBER = re.compile(r"^([^\d%（）\[\]]{2,})(\d[\d.]*%*)$")
_LABEL_AND_PERCENT = re.compile(r"^([^\d%（）]+)(%)$")
#: A heading row that bears a number of its own.
_NUMBERED_HEADING = re.compile(r"^(?:[一二三四五六七八九十]+、|（[一二三四五六七八九十]+）)[^\d（）]{2,12}$")


@dataclass(frozen=True, slots=True)
class Piece:
    """A cell before it is typed: text without white space, and its place."""

    text: str
    span: Span


Grown = list[list[Piece]]


def squeezed(text: str) -> str:
    return re.sub(r"\s", "", text)


def from_grid(grid: Grid) -> Grown:
    """Rows of a grid; a row that is one merged cell, or a heading over empty cells, is a row of one cell."""
    return [_collapsed([Piece(squeezed(plain(cell.text)), cell.span) for cell in row]) for row in grid.rows]


def _collapsed(row: list[Piece]) -> list[Piece]:
    is_one = len({piece.span for piece in row}) == 1
    stands_alone = bool(row) and is_heading(row[0].text) and not any(piece.text for piece in row[1:])
    return row[:1] if is_one or stands_alone else row


def from_lines(source: str, lines: list[Paragraph]) -> Grown:
    """Rows from tabbed lines where most lines hold several cells, else from one cell a line."""
    several = [p for p in lines if "\t" in source[p.start : p.end]]
    if not several or len(several) < len(lines) * 0.5:
        return _flat([Piece(p.text, Span(p.start, p.end)) for p in lines])
    ruled = _ruled(source, lines)
    if ruled:
        return [_collapsed(row) for row in ruled]
    rows = _whole_rows([_cells_of(source, p) for p in lines])
    widths = [len(row) for row in rows]
    width = max(set(widths), key=widths.count)
    return [row if len(row) >= width else [*_parted(row[0], _LABEL_AND_NUMBER), *row[1:]] for row in rows]


def _ruled(source: str, lines: list[Paragraph]) -> Grown:
    """Rows with their empty cells, where every line has the same number of tabs; else nothing."""
    rows = []
    for paragraph in lines:
        if "\n" in source[paragraph.start : paragraph.end]:
            return []
        start = source.rfind("\n", 0, paragraph.start) + 1
        stop = source.find("\n", paragraph.end)
        at, row = start, []
        for field in source[start : stop if stop >= 0 else len(source)].split("\t"):
            row.append(Piece(squeezed(field), _without_blanks(field, at)))
            at += len(field) + 1
        rows.append(row)
    if len({len(row) for row in rows}) != 1 or not any(not piece.text for row in rows for piece in row):
        return []
    held = [at for at in range(len(rows[0])) if any(row[at].text for row in rows)]
    return [[row[at] for at in held] for row in rows]


def _without_blanks(field: str, at: int) -> Span:
    bare = field.strip()
    start = at + (len(field) - len(field.lstrip()) if bare else 0)
    return Span(start, start + len(bare))


def _whole_rows(rows: Grown) -> Grown:
    """Rows whose label ran over two lines put together; other single cells dropped, group headings kept."""
    whole: Grown = []
    broken: Piece | None = None
    for row in rows:
        if len(row) == 1 and not is_heading(row[0].text):
            broken = row[0] if len(row[0].text) <= 12 and not re.search(r"\d", row[0].text) else None
            continue
        if broken is not None and not is_value(row[0].text):
            row = [Piece(broken.text + row[0].text, Span(broken.span.start, row[0].span.end)), *row[1:]]
        broken = None
        whole.append(row)
    return whole


def _cells_of(source: str, paragraph: Paragraph) -> list[Piece]:
    """Cells between tabs; a line that lost its tabs is cut at its blanks before a number."""
    line = source[paragraph.start : paragraph.end]
    between = r"[^\t]+" if "\t" in line else r"\S(?:\s*(?!\s[\d—-])\S)*"
    cells = []
    for match in re.finditer(between, line):
        text = squeezed(match[0])
        if text:
            span = Span(paragraph.start + match.start(), paragraph.start + match.end())
            cells += _parted(Piece(text, span), _RATE_AND_VALUE)
    return cells


def _parted(piece: Piece, pattern: re.Pattern[str]) -> list[Piece]:
    """Two cells that lost the space between them, told apart where ``pattern`` says so; else the one."""
    match = pattern.match(piece.text)
    if match is None:
        return [piece]
    cut = piece.span.end - len(match[2])
    return [Piece(match[1], Span(piece.span.start, cut)), Piece(match[2], Span(cut, piece.span.end))]


def _flat(pieces: list[Piece]) -> Grown:
    """One cell a line: the width is the length of a data row (a label, perhaps a unit, then values)."""
    pieces = [part for piece in _continued(pieces) for part in _parted(piece, _LABEL_AND_PERCENT)]
    first = next((i for i, p in enumerate(pieces) if is_value(p.text)), None)
    if first is None:
        return [[p] for p in pieces]
    width = _width(pieces)
    texts = _texts_before_value(pieces, width)
    header_end = max(0, first - texts)
    while header_end and is_group(pieces[header_end - 1].text):
        header_end -= 1
    rows = [pieces[:header_end]] if header_end else []
    at = header_end
    while at < len(pieces):
        if is_group(pieces[at].text):
            rows.append([pieces[at]])
            at += 1
            continue
        end = at + 1
        while end < len(pieces) and end - at < width and not is_group(pieces[end].text):
            end += 1
        rows.append(pieces[at:end])
        at = end
    return rows


def _continued(pieces: list[Piece]) -> list[Piece]:
    """A line that opens with a bracket, or follows a slash, belongs to the cell before it."""
    joined: list[Piece] = []
    for piece in pieces:
        if (
            joined
            and not is_value(joined[-1].text)
            and not is_group(joined[-1].text)
            and (piece.text.startswith("（") or joined[-1].text.endswith(("/", "、")))
        ):
            last = joined[-1]
            joined[-1] = Piece(last.text + piece.text, Span(last.span.start, piece.span.end))
        else:
            joined.append(piece)
    return joined


def is_value(text: str) -> bool:
    return bool(NUMBER.match(text) or _BLANK.match(text))


def is_group(text: str) -> bool:
    """A heading row inside a table (工业：)."""
    return text.endswith(("：", ":")) and len(text) <= 20


def is_heading(text: str) -> bool:
    """A heading over a row that has no other cell: 工业： or 一、工业."""
    return is_group(text) or bool(_NUMBERED_HEADING.match(text))


def _runs(pieces: list[Piece]) -> list[tuple[int, int]]:
    """(texts, values) of each data row: texts are counted back from the first value to the value before."""
    runs: list[tuple[int, int]] = []
    texts = values = 0
    for piece in pieces:
        if is_value(piece.text) and piece.text != "%":
            values += 1
        elif values:
            runs.append((texts, values))
            texts, values = int(not is_group(piece.text)), 0
        else:
            texts = 0 if is_group(piece.text) else texts + 1
    return [*runs, (texts, values)] if values else runs


def _width(pieces: list[Piece]) -> int:
    runs = _runs(pieces)[1:] or _runs(pieces)
    widths = [texts + values for texts, values in runs]
    return max(set(widths), key=widths.count)


def _texts_before_value(pieces: list[Piece], width: int) -> int:
    runs = _runs(pieces)
    fitting = [texts for texts, values in runs[1:] or runs if texts + values == width]
    return max(set(fitting), key=fitting.count) if fitting else 1
