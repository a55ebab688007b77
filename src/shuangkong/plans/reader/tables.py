"""附表: annex tables typed: which indicator, kind, unit and year a column holds, which row is the total."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal

from shuangkong.core.span import Span
from shuangkong.plans.document import Document
from shuangkong.plans.reader.flow import Paragraph
from shuangkong.plans.reader.pieces import NUMBER, Grown, Piece, annex_list, cut_tables, is_group, is_value, squeezed
from shuangkong.plans.reading import AnnexTable, Cell, Column, Kind, Row

_TOTAL = re.compile(r"^(?:合计|总计|全[国省市区县州]|小计|共计)")
_UNIT = re.compile(r"（(?P<unit>[^（）]{1,20})）")
_YEAR = re.compile(r"(\d{4})年")


def read_tables(
    document: Document,
    plain: str,
    back: list[Paragraph],
    region: str | None,
    typed: Callable[[str], tuple[str | None, Kind | None]],
) -> list[AnnexTable]:
    """Every table of the annexes in printed order. ``typed`` gives an indicator and kind for a header or title."""
    listed = [squeezed(title) for _, title, _ in annex_list(back)]
    tables: list[AnnexTable] = []
    for title, pieces, notes, unit, span in cut_tables(document, plain, back, listed):
        if len(pieces) >= 2:
            tables.append(_typed(len(tables) + 1, title, pieces, notes, unit, span, region, typed))
    return tables


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
            or (is_group(label) and not any(cell.value is not None for cell in cells))
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
    """Heading rows end before the first row that holds a value (or a group heading); a table may have none."""
    if rows and len(rows[0]) > 1 and all(_is_amount(piece.text) for piece in rows[0][1:]):
        return [], rows
    for index, row in enumerate(rows):
        values = [piece for piece in row[1:] if is_value(piece.text)]
        if index and (values or (len(row) == 1 and is_group(row[0].text))):
            return rows[:index], rows[index:]
    return rows[:1], rows[1:]


def _is_amount(text: str) -> bool:
    """A number that is no year: years may head their columns."""
    return bool(NUMBER.match(text)) and not re.fullmatch(r"20\d\d", text)


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
    if index == 0 or (
        re.fullmatch(r"序号|单位|地区|城市|区域|指标|项目|名称|县区|县（市、区）", header) and index == 0
    ):
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
    bare = re.sub(r"[\[\]［］【】%,+]", "", text) if NUMBER.match(text) else ""
    return Cell(text, Decimal(bare.replace("−", "-")) if bare else None, bracketed, piece.span)
