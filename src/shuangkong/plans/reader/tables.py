"""附表: annex tables as printed (tabs, one cell a line, or the file's own grids) and as typed columns and rows."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from shuangkong.core.span import Span
from shuangkong.plans.document import Document, Grid
from shuangkong.plans.reader.flow import Paragraph
from shuangkong.plans.reader.numbering import is_annex
from shuangkong.plans.reading import AnnexTable, Cell, Column, Kind, Row

_NUMBER = re.compile(r"^[\[［【]?[+＋-]?\d+(?:,\d{3})*(?:\.\d+)?%*[\]］】]?%*$")
_BLANK = re.compile(r"^(?:—+|-+|–|/|──|——|…|无|\*)$")
_NOTE = re.compile(r"^(?:注|备注|说明)\d*[：:.、]")
_TOTAL = re.compile(r"^(?:合计|总计|全[国省市区县州]|小计|共计)")
_UNIT_LINE = re.compile(r"^[（(]?单位[：:](?P<unit>[^）)]+)[）)]?$")
_UNIT = re.compile(r"（(?P<unit>[^（）]{1,20})）")
_YEAR = re.compile(r"(\d{4})年")
_PERIOD_YEAR = re.compile(r"“?([一二三四五六七八九十]?十[一二三四五六七八九]?五)”?")


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


def read_tables(
    document: Document,
    plain: str,
    back: list[Paragraph],
    region: str | None,
    typed: Callable[[str], tuple[str | None, Kind | None]],
) -> list[AnnexTable]:
    """Every table of the annexes in printed order. ``typed`` gives an indicator and kind for a header or title."""
    listed = [_squeezed(title) for _, title, _ in annex_list(back)]
    tables: list[AnnexTable] = []
    for title, pieces, notes, unit, span in _cut(document, plain, back, listed):
        if len(pieces) >= 2:
            tables.append(_typed(len(tables) + 1, title, pieces, notes, unit, span, region, typed))
    return tables


def _squeezed(text: str) -> str:
    return re.sub(r"\s", "", text)


def _cut(
    document: Document, plain: str, back: list[Paragraph], listed: list[str]
) -> list[tuple[str, Grown, list[tuple[str, Span]], str | None, Span]]:
    """(title, rows, notes, unit, span) of each table: the file's own grids first, else tabbed lines, else cells a line."""
    start = back[0].start if back else len(plain)
    grids = [grid for grid in document.grids if grid.span.end > start or _is_table_of_numbers(grid)]
    found = []
    lines = [p for p in back if not _inside(p, grids)]
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
    return sum(bool(_NUMBER.match(_squeezed(cell.text))) for row in grid.rows for cell in row) >= 3


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
            or (seen_list < len(names)
            and re.match(r"^附[件表][：:]", text))
        )
        if is_entry:
            seen_list += 1
            continue
        following = lines[index + 1].text if index + 1 < len(lines) else ""
        if bare in names or (not listed and _looks_like_title(text, following, paragraph)):
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
        and not _NUMBER.match(following)
    )


def _after_annex_mark(lines: list[Paragraph]) -> list[tuple[str, int, int]]:
    tabbed = next((p for p in lines if p.tabbed), None)
    return [("", tabbed.start, tabbed.start)] if tabbed else []


def _from_grid(grid: Grid) -> Grown:
    return [[Piece(_squeezed(cell.text), cell.span) for cell in row] for row in grid.rows]


def _from_lines(plain: str, lines: list[Paragraph]) -> Grown:
    """Rows from tabbed lines where most lines hold several cells, else from one cell a line."""
    several = [p for p in lines if "\t" in plain[p.start : p.end]]
    if several and len(several) >= len(lines) * 0.5:
        return [_cells_of(plain, p) for p in lines if "\t" in plain[p.start : p.end] or p in several]
    return _flat([Piece(p.text, Span(p.start, p.end)) for p in lines])


def _cells_of(plain: str, paragraph: Paragraph) -> list[Piece]:
    cells = []
    for match in re.finditer(r"[^\t]+", plain[paragraph.start : paragraph.end]):
        text = _squeezed(match[0])
        if text:
            cells.append(Piece(text, Span(paragraph.start + match.start(), paragraph.start + match.end())))
    return cells


def _flat(pieces: list[Piece]) -> Grown:
    """One cell a line: the width is the length of a data row (a label, perhaps a unit, then values)."""
    pieces = _continued(pieces)
    first = next((i for i, p in enumerate(pieces) if _is_value(p.text)), None)
    if first is None:
        return [[p] for p in pieces]
    width = _width(pieces)
    texts = _texts_before_value(pieces, width)
    header_end = max(0, first - texts)
    while header_end and _is_group(pieces[header_end - 1].text):
        header_end -= 1
    rows = [pieces[:header_end]] if header_end else []
    at = header_end
    while at < len(pieces):
        if _is_group(pieces[at].text):
            rows.append([pieces[at]])
            at += 1
            continue
        end = at + 1
        while end < len(pieces) and end - at < width and not _is_group(pieces[end].text):
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
            and not _is_value(joined[-1].text)
            and not _is_group(joined[-1].text)
            and (piece.text.startswith("（") or joined[-1].text.endswith(("/", "、")))
        ):
            last = joined[-1]
            joined[-1] = Piece(last.text + piece.text, Span(last.span.start, piece.span.end))
        else:
            joined.append(piece)
    return joined


def _is_value(text: str) -> bool:
    return bool(_NUMBER.match(text) or _BLANK.match(text))


def _is_group(text: str) -> bool:
    """A heading row inside a table (工业：)."""
    return text.endswith(("：", ":")) and len(text) <= 20


def _runs(pieces: list[Piece]) -> list[tuple[int, int]]:
    """(texts, values) of each data row: texts are counted back from the first value to the value before."""
    runs: list[tuple[int, int]] = []
    texts = values = 0
    for piece in pieces:
        if _is_value(piece.text) and piece.text != "%":
            values += 1
        elif values:
            runs.append((texts, values))
            texts, values = int(not _is_group(piece.text)), 0
        else:
            texts = 0 if _is_group(piece.text) else texts + 1
    return [*runs, (texts, values)] if values else runs


def _width(pieces: list[Piece]) -> int:
    runs = _runs(pieces)[1:] or _runs(pieces)
    widths = [texts + values for texts, values in runs]
    return max(set(widths), key=widths.count)


def _texts_before_value(pieces: list[Piece], width: int) -> int:
    runs = _runs(pieces)
    fitting = [texts for texts, values in runs[1:] or runs if texts + values == width]
    return max(set(fitting), key=fitting.count) if fitting else 1


def _typed(
    no: int,
    title: str,
    rows: Grown,
    notes: list[tuple[str, Span]],
    unit: str | None,
    span: Span,
    region: str | None,
    typed: Callable[[str], tuple[str | None, Kind | None]],
) -> AnnexTable:
    head, data = _head_and_data(rows)
    width = max(len(row) for row in data) if data else 0
    columns = _columns(head, width, title, unit, typed)
    group: str | None = None
    typed_rows: list[Row] = []
    for row in data:
        cells = tuple(_cell(piece) for piece in row)
        label = row[0].text
        if (
            len(row) == 1
            or (_is_group(label) and not any(cell.value is not None for cell in cells))
            or len({p.span for p in row}) == 1
        ):
            group = label.rstrip("：:")
        total = bool(_TOTAL.match(label)) or (
            region is not None and (label == region or region.endswith(label)) and len(label) >= 2
        )
        typed_rows.append(Row(label, cells, group, total, Span(row[0].span.start, max(p.span.end for p in row))))
    return AnnexTable(
        no, re.sub(r"^附[件表]\d*[：:]?", "", title), tuple(columns), tuple(typed_rows), tuple(notes), span
    )


def _head_and_data(rows: Grown) -> tuple[Grown, Grown]:
    """Heading rows end before the first row that holds a value (or a group heading)."""
    for index, row in enumerate(rows):
        values = [piece for piece in row[1:] if _is_value(piece.text)]
        if index and (values or (len(row) == 1 and _is_group(row[0].text))):
            return rows[:index], rows[index:]
    return rows[:1], rows[1:]


def _columns(
    head: Grown, width: int, title: str, unit: str | None, typed: Callable[[str], tuple[str | None, Kind | None]]
) -> list[Column]:
    headers = _headers(head, width)
    columns = []
    for index, header in enumerate(headers):
        own = _UNIT.findall(header)
        year = _YEAR.search(header)
        role = _role(header, index)
        indicator, kind = typed(header) if role not in ("label", "unit", "other") else (None, None)
        if indicator is None and role not in ("label", "unit"):
            indicator, named_kind = typed(title)
            kind = kind or {
                "change": Kind.REDUCTION_RATE,
                "amount": Kind.REDUCTION_AMOUNT,
                "increment": Kind.CAP_INCREMENT,
            }.get(role, named_kind)
            if indicator and role == "amount":
                indicator = re.sub(r"排放总量$|排放量$", "", indicator) + "重点工程减排量"
            elif indicator and role == "change" and not indicator.endswith("下降率"):
                indicator += "下降率"
        columns.append(
            Column(
                header,
                own[-1] if own and index else unit if role not in ("label", "unit") else None,
                role,
                indicator,
                kind,
                int(year[1]) if year else None,
            )
        )
    return columns


def _headers(head: Grown, width: int) -> list[str]:
    if not head:
        return [""] * width
    if all(len(row) == width for row in head):
        merged = []
        for column in range(width):
            tiers: list[str] = []
            for row in head:
                if row[column].text and row[column].text not in tiers:
                    tiers.append(row[column].text)
            merged.append("".join(tiers))
        return merged
    flat = [piece.text for row in head for piece in row]
    if len(flat) > width > 0:
        # A spanning head (2020年) over the last columns: its members follow it in print.
        extra = len(flat) - width
        spanning = flat[width - extra - 1] if width - extra - 1 >= 0 else ""
        kept = flat[: width - extra - 1]
        members = flat[width - extra :]
        return (
            ([*kept, *(spanning + member for member in members)])[:width]
            if len(kept) + len(members) >= width
            else flat[:width]
        )
    return flat + [""] * (width - len(flat))


def _role(header: str, index: int) -> str:
    if index == 0 or (re.fullmatch(r"序号|单位|地区|城市|区域|指标|项目|名称|县区|县（市、区）", header) and index == 0):
        return "label"
    if header in ("单位", "计量单位"):
        return "unit"
    if re.search(r"增量", header):
        return "increment"
    if re.search(r"减排量|削减量|节能量", header):
        return "amount"
    if re.search(r"降低|下降|减排比例|削减比例|变化|降幅|减少|比例", header):
        return "change"
    if re.search(r"目标|控制|上限|计划", header):
        return "target"
    if _YEAR.search(header) or re.search(r"基数|实际|现状|排放量|总量", header):
        return "base"
    return "other"


def _cell(piece: Piece) -> Cell:
    text = piece.text
    bracketed = text.startswith(("[", "［", "【")) and text.endswith(("]", "］", "】"))
    bare = re.sub(r"[\[\]［］【】%,+]", "", text) if _NUMBER.match(text) else ""
    return Cell(text, Decimal(bare.replace("−", "-")) if bare else None, bracketed, piece.span)
