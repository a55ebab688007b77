"""附表: annex tables typed: what a column holds, what a row is about, which row is the total."""

from __future__ import annotations

import re
from decimal import Decimal

from shuangkong.core.finding import Message
from shuangkong.core.span import Span
from shuangkong.plans.document import Document
from shuangkong.plans.reader.annexes import annex_list, cut_tables, unit_line
from shuangkong.plans.reader.columns import rows_are_indicators, typed_columns
from shuangkong.plans.reader.flow import Paragraph
from shuangkong.plans.reader.heads import Tiers, parted, tiers_of
from shuangkong.plans.reader.measured import TableWords
from shuangkong.plans.reader.pieces import FIGURE, NUMBER, Grown, Piece, is_heading, is_value, squeezed
from shuangkong.plans.reading import AnnexTable, Cell, Doubt, Row

_TOTAL = re.compile(r"(?:全[国省市区县州旗盟])?(?:合计|总计|小计|共计|总量|平均)?(?:数|值)?(?:（.*）)?")
_COUNTER = re.compile(r"序号|编号|序")
_GROUPS = re.compile(r"领域|类别|行业|分类|类型|门类|部门|指标类别|一级指标")
_SIGN = re.compile(r"^[+＋-]")

_HEAD_UNCERTAIN = Doubt(
    "table_head",
    0.5,
    Message(
        "表头与数据列数不一致，各列含义系推定，请对照原表核对。",
        "The table's head does not fit its columns; what they hold is a guess: compare with the printed table.",
    ),
)


def read_tables(document: Document, plain: str, back: list[Paragraph], words: TableWords) -> list[AnnexTable]:
    """Every table of the annexes in printed order."""
    listed = [squeezed(title) for _, title, _ in annex_list(back)]
    tables: list[AnnexTable] = []
    for title, pieces, notes, unit, span in cut_tables(document, plain, back, listed):
        if len(pieces) >= 2:
            tables.append(_typed(len(tables) + 1, title, pieces, notes, unit, span, words))
    return tables


def _typed(
    no: int,
    title: str,
    rows: Grown,
    notes: list[tuple[str, Span]],
    unit: str | None,
    span: Span,
    words: TableWords,
) -> AnnexTable:
    heads, data = parted(rows)
    width = max((len(row) for row in data), default=0)
    tiers, is_certain = tiers_of(heads, width)
    label, group = _label_and_group(tiers, data)
    leads = dict.fromkeys(range(label), "other") | {label: "label"} if width else {}
    unit = unit or next((found for row in rows if len(row) == 1 for found in [unit_line(row[0].text)] if found), None)
    labels = [row[label].text for row in data if len(row) > label and len(row) > 1]
    by_row = rows_are_indicators(["".join(column) for column in tiers], label, labels, words)
    columns = typed_columns(tiers, title, unit, leads, _signed(data, width), by_row, words)
    return AnnexTable(
        no,
        re.sub(r"^附[件表]\d*[：:]?", "", title),
        tuple(columns),
        tuple(_rows(data, label, group, words.region)),
        tuple(notes),
        span,
        () if is_certain else (_HEAD_UNCERTAIN,),
    )


def _label_and_group(tiers: list[Tiers], data: Grown) -> tuple[int, int | None]:
    """The column whose texts name the rows, and one of groups (领域, 行业) before it."""
    label = int(len(tiers) > 1 and bool(_COUNTER.fullmatch("".join(tiers[0]))))
    whole = [row for row in data if len(row) > label + 1]
    following = [row[label + 1].text for row in whole]
    is_text = bool(following) and not any(is_value(text) for text in following)
    header = "".join(tiers[label]) if tiers else ""
    is_unit = label + 1 < len(tiers) and "单位" in "".join(tiers[label + 1])
    if label + 2 < len(tiers) and is_text and not is_unit and (_GROUPS.fullmatch(header) or _is_repeated(whole, label)):
        return label + 1, label
    return label, None


def _is_repeated(rows: Grown, at: int) -> bool:
    """Whether a column's cells are merged downwards."""
    return len({row[at].span for row in rows}) < len(rows)


def _signed(data: Grown, width: int) -> frozenset[int]:
    """Columns whose every figure is a change by its print: [-14], -5, +50."""
    found = set()
    for at in range(1, width):
        texts = [row[at].text for row in data if len(row) > at and NUMBER.match(row[at].text)]
        figures = [text for text in texts if text.strip("[]［］【】%") != "0"]
        signed = [text for text in figures if _SIGN.match(text.lstrip("[［【"))]
        if figures and len(signed) == len(figures):
            found.add(at)
    return frozenset(found)


def _rows(data: Grown, label: int, group: int | None, region: str | None) -> list[Row]:
    rows: list[Row] = []
    heading: str | None = None
    for pieces in data:
        cells = tuple(_cell(piece) for piece in pieces)
        text = pieces[label].text if len(pieces) > label else pieces[0].text
        if len(pieces) == 1 or (is_heading(text) and not any(cell.value is not None for cell in cells)):
            heading = text.rstrip("：:")
        elif group is not None and pieces[group].text:
            heading = pieces[group].text
        # Cells that a merge covers carry the place of the row they were printed in.
        own = [piece.span for piece in pieces[label:]] or [pieces[0].span]
        span = Span(min(each.start for each in own), max(each.end for each in own))
        rows.append(Row(text, cells, heading, _is_total(text, region), span))
    return rows


def _is_total(label: str, region: str | None) -> bool:
    """合计, 全市, or the plan's own region by its name; never 全州县, which is a county."""
    is_own = region is not None and len(label) >= 2 and (label == region or region.endswith(label))
    return is_own or bool(label and _TOTAL.fullmatch(label))


def _cell(piece: Piece) -> Cell:
    text = piece.text
    bracketed = text.startswith(("[", "［", "【")) and text.endswith(("]", "］", "】"))
    figure = FIGURE.search(text) if NUMBER.match(text) else None
    return Cell(text, Decimal(figure[0].replace(",", "").replace("＋", "+")) if figure else None, bracketed, piece.span)
