"""附表的格子: annex tables cut into cells: the file's own grids, tabbed lines, or one cell a line."""

from __future__ import annotations

import re
from dataclasses import dataclass

from shuangkong.core.span import Span
from shuangkong.plans.document import Document, Grid
from shuangkong.plans.reader.flow import Paragraph
from shuangkong.plans.reader.numbering import is_annex

NUMBER = re.compile(r"^[\[［【]?[+＋-]?\d+(?:,\d{3})*(?:\.\d+)?%*[\]］】]?%*$")
_BLANK = re.compile(r"^(?:—+|-+|–|/|──|——|…|无|\*)$")
_NOTE = re.compile(r"^(?:注|备注|说明)\d*[：:.、]")
_UNIT_LINE = re.compile(r"^[（(]?单位[：:](?P<unit>[^）)]+)[）)]?$")
#: What closes the whole paper behind its last annex: copies and the line of the printing office.
_CLOSING = re.compile(r"^(?:抄送|抄报|主送|分送)[：:]|^.{2,24}(?:办公室|办公厅|秘书处).{0,24}印发?$")
#: The line above the title of an annex.
_MARK_ALONE = re.compile(r"^附[件表]\d{0,2}[：:]?$")
#: Neighbouring cells that a page without rules may run together: 13.4%4307.50, 执行率%.
_RATE_AND_VALUE = re.compile(r"^([\d.]+%+)(\d[\d.]*)$")
_LABEL_AND_NUMBER = re.compile(r"^([^\d%（）\[\]]{2,})(\d[\d.]*%*)$")
_LABEL_AND_PERCENT = re.compile(r"^([^\d%（）]+)(%)$")


@dataclass(frozen=True, slots=True)
class Piece:
    """A cell before it is typed: text without white space, and its place."""

    text: str
    span: Span


Grown = list[list[Piece]]


def annex_list(back: list[Paragraph]) -> list[tuple[int, str, Span]]:
    """The list of annexes that closes the text (附件：1.… 2.…)."""
    found: list[tuple[int, str, Span]] = []
    for paragraph in back:
        text = re.sub(r"^附[件表][：:]", "", paragraph.text)
        match = re.match(r"^(\d{1,2})[.、．：](.{4,80})$", text)
        if match and int(match[1]) == len(found) + 1 and not paragraph.tabbed:
            found.append((int(match[1]), match[2], Span(paragraph.start, paragraph.end)))
        elif found and not re.match(r"^\d", text):
            break
    return found


def squeezed(text: str) -> str:
    return re.sub(r"\s", "", text)


def cut_tables(
    document: Document, plain: str, back: list[Paragraph], listed: list[str]
) -> list[tuple[str, Grown, list[tuple[str, Span]], str | None, Span]]:
    """(title, rows, notes, unit, span) of each table: its own grid first, else tabbed lines, else cells a line."""
    start = back[0].start if back else len(plain)
    grids = [grid for grid in document.grids if grid.span.end > start or _is_table_of_numbers(grid)]
    found = []
    lines = [p for p in back if not _inside(p, grids) and not _CLOSING.match(p.text)]
    anchors = _anchors(lines, listed, grids)
    for title, first, stop in anchors:
        inside = [p for p in lines if first <= p.start < stop]
        own_grids = [grid for grid in grids if first <= grid.span.start < stop]
        notes = [(p.text, Span(p.start, p.end)) for p in inside if _NOTE.match(p.text)]
        unit = next((m["unit"] for p in inside for m in [_UNIT_LINE.match(p.text)] if m), None)
        rest = [p for p in inside if not _NOTE.match(p.text) and not _UNIT_LINE.match(p.text)]
        if own_grids:
            for grid in own_grids:
                found.append((title, _from_grid(grid), notes, unit, grid.span))
        elif rest:
            rows = _from_lines(plain, rest)
            found.append((title, rows, notes, unit, Span(rest[0].start, rest[-1].end)))
    return found


def _is_table_of_numbers(grid: Grid) -> bool:
    return sum(bool(NUMBER.match(squeezed(cell.text))) for row in grid.rows for cell in row) >= 3


def _inside(paragraph: Paragraph, grids: list[Grid]) -> bool:
    return any(grid.span.start <= paragraph.start < grid.span.end for grid in grids)


def _anchors(lines: list[Paragraph], listed: list[str], grids: list[Grid]) -> list[tuple[str, int, int]]:
    """(title, where its table may begin, where the next title stands)."""
    titles: list[tuple[str, int, int]] = []  # title, start of the title, end of the title
    names = {re.sub(r"[“”]", "", name) for name in listed}
    seen_list = 0
    for index, paragraph in enumerate(lines):
        text = paragraph.text
        bare = re.sub(r"^附[件表]\d*[：:.]?|^\d+[.、．：]|[“”]", "", text)
        is_entry = bare in names and (
            re.match(r"^(?:附[件表][：:])?\d+[.、．：]", text)
            or (seen_list < len(names) and re.match(r"^附[件表][：:]", text))
        )
        if is_entry:
            seen_list += 1
            continue
        following = lines[index + 1].text if index + 1 < len(lines) else ""
        marked = index > 0 and bool(_MARK_ALONE.match(lines[index - 1].text)) and not paragraph.tabbed
        if bare in names or marked or (not listed and _looks_like_title(text, following, paragraph)):
            titles.append((text, paragraph.start, paragraph.end))
    titles = titles or [("", grid.span.start, grid.span.start) for grid in grids] or _after_annex_mark(lines)
    if not titles:
        return []
    ends = [start for _, start, _ in titles[1:]] + [
        max([p.end for p in lines] + [grid.span.end for grid in grids] + [0])
    ]
    return [(title, end, stop) for (title, _, end), stop in zip(titles, ends, strict=True)]


def _looks_like_title(text: str, following: str, paragraph: Paragraph) -> bool:
    return (
        not paragraph.tabbed
        and 6 <= len(text) <= 60
        and bool(re.search(r"(?:表|计划|目标|指标|任务|分解|清单|情况|方案)(?:（[^（）]*）)?$", text))
        and not is_annex(text)
        and not text.endswith("。")
        and not NUMBER.match(following)
    )


def _after_annex_mark(lines: list[Paragraph]) -> list[tuple[str, int, int]]:
    tabbed = next((p for p in lines if p.tabbed), None)
    return [("", tabbed.start, tabbed.start)] if tabbed else []


def _from_grid(grid: Grid) -> Grown:
    return [[Piece(squeezed(cell.text), cell.span) for cell in row] for row in grid.rows]


def _from_lines(plain: str, lines: list[Paragraph]) -> Grown:
    """Rows from tabbed lines where most lines hold several cells, else from one cell a line."""
    several = [p for p in lines if "\t" in plain[p.start : p.end]]
    if not several or len(several) < len(lines) * 0.5:
        return _flat([Piece(p.text, Span(p.start, p.end)) for p in lines])
    rows = _whole_rows([_cells_of(plain, p) for p in lines])
    widths = [len(row) for row in rows]
    width = max(set(widths), key=widths.count)
    return [row if len(row) >= width else [*_parted(row[0], _LABEL_AND_NUMBER), *row[1:]] for row in rows]


def _whole_rows(rows: Grown) -> Grown:
    """Rows whose label ran over two lines put together; other single cells dropped, group headings kept."""
    whole: Grown = []
    broken: Piece | None = None
    for row in rows:
        if len(row) == 1 and not is_group(row[0].text):
            broken = row[0] if len(row[0].text) <= 12 and not re.search(r"\d", row[0].text) else None
            continue
        if broken is not None and not is_value(row[0].text):
            row = [Piece(broken.text + row[0].text, Span(broken.span.start, row[0].span.end)), *row[1:]]
        broken = None
        whole.append(row)
    return whole


def _cells_of(plain: str, paragraph: Paragraph) -> list[Piece]:
    """Cells between tabs; a line that lost its tabs is cut at its blanks before a number."""
    line = plain[paragraph.start : paragraph.end]
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
