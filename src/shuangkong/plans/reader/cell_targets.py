"""附表的目标: the cells of target columns as targets; a table of numbers that yields none says so."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from shuangkong.core.finding import Message
from shuangkong.plans.reader import measured, naming, predicates
from shuangkong.plans.reader.columns import is_fall, is_rise, level_kind, rows_are_indicators, unit_in
from shuangkong.plans.reader.measured import TableWords
from shuangkong.plans.reading import AnnexTable, Cell, Column, Doubt, Kind, Nature, Op, Row, Strength, Target

_ASKING = ("change", "increment", "amount", "target")
_STRETCH = re.compile(r"激励|力争|争取|奋斗|努力")
_BASE_IN_HEAD = re.compile(r"[比较以](20\d\d|19\d\d)年")
#: A change of each year is none since the base year: it is said, not registered as one.
_YEARLY = re.compile(r"年均|每年|逐年")
_NATURES = (("约束", Nature.BINDING), ("预期", Nature.EXPECTED))
_BOUNDS = ((re.compile(r"^[≥≧＞>]|^不[低少]于|以上$"), Op.GE), (re.compile(r"^[≤≦＜<]|^不[高大超]|以[内下]$"), Op.LE))
_CAPS = (Kind.CAP_TOTAL, Kind.CAP_INCREMENT, Kind.LEVEL_CAP)
_MOVES = (Kind.REDUCTION_RATE, Kind.REDUCTION_AMOUNT, Kind.GROWTH, Kind.POINT_GAIN)
_BRACKETS = re.compile(r"（[^（）]*）|\[[^\]]*\]")
_NUMBERED = re.compile(
    r"^(?:[（(]?\d{1,2}[）)]?[.、．]?(?=\D)|（[一二三四五六七八九十]+）|[一二三四五六七八九十]+、|其中[：:]?)"
)


@dataclass(frozen=True, slots=True)
class _Meaning:
    """What a figure says: the indicator's name, its kind, its unit."""

    name: str
    kind: Kind
    unit: str


def with_targets(table: AnnexTable, words: TableWords) -> tuple[AnnexTable, list[Target]]:
    """The table and its targets; figures that should be targets and are none become a doubt of the table."""
    by_row = _is_by_row(table, words)
    found = [target for row in table.rows for target in _of_row(table, row, by_row, words)]
    doubts = (*table.doubts, *_unread(table, by_row, found))
    return replace(table, doubts=doubts), found


def _is_by_row(table: AnnexTable, words: TableWords) -> bool:
    label = next((at for at, column in enumerate(table.columns) if column.role == "label"), 0)
    labels = [row.label for row in table.rows if len(row.cells) > 1]
    return rows_are_indicators([column.header for column in table.columns], label, labels, words)


def _of_row(table: AnnexTable, row: Row, by_row: bool, words: TableWords) -> Iterator[Target]:
    """One target a figure: the region from the row and the indicator from the column, or the indicator from the row."""
    if row.is_total and "小计" in row.label:
        return
    for cell, column in zip(row.cells, table.columns, strict=False):
        if cell.value is None or not _is_asking(column):
            continue
        meaning = _by_row(table, row, cell, column, words) if by_row else _by_column(cell, column)
        if meaning is None:
            continue
        op = next((op for pattern, op in _BOUNDS if pattern.search(cell.text)), None)
        is_change = meaning.kind is Kind.REDUCTION_RATE or (column.role == "change" and meaning.kind in _MOVES)
        yield Target(
            item_no=f"附件{table.no}",
            indicator=meaning.name,
            indicator_printed=row.label if by_row else column.header,
            kind=meaning.kind,
            op=op or (Op.LE if meaning.kind in _CAPS else Op.EQ),
            value=abs(cell.value) if meaning.kind in _MOVES else cell.value,
            unit=meaning.unit,
            base_year=_base_year(column, words) if is_change else None,
            deadline=str(column.year or words.horizon.end_year or "") or None,
            scope=row.group,
            denominator=None,
            strength=Strength.AMBITION if _STRETCH.search(column.header) else Strength.FIRM,
            nature=_nature(table, row, column),
            span=row.span,
            value_span=cell.span,
            region=None if by_row or row.is_total else row.label,
            inherited=frozenset() if column.year else frozenset({"deadline"}),
            doubts=table.doubts,
        )


def _is_asking(column: Column) -> bool:
    return column.role in _ASKING and not (column.role == "change" and _YEARLY.search(column.header))


def _base_year(column: Column, words: TableWords) -> int | None:
    printed = _BASE_IN_HEAD.search(column.header)
    return int(printed[1]) if printed else words.horizon.base_year


def _by_column(cell: Cell, column: Column) -> _Meaning | None:
    """A figure under a head that names the indicator; None where none does."""
    if column.indicator is None or column.kind is None:
        return None
    if cell.bracketed or cell.text.endswith("%"):
        return _Meaning(column.indicator, column.kind, "%")
    rate = column.role == "change" and column.kind in (Kind.REDUCTION_RATE, Kind.GROWTH)
    return _Meaning(column.indicator, column.kind, column.unit or ("%" if rate else ""))


def _by_row(table: AnnexTable, row: Row, cell: Cell, column: Column, words: TableWords) -> _Meaning | None:
    """A figure in a row that names the indicator: a level, a rate of change ([-14]) or a bare difference (-5, +50)."""
    unit = _row_unit(table, row) or unit_in(row.label) or column.unit or ""
    label = _NUMBERED.sub("", row.label)
    name = _row_name(label, words)
    if column.role == "change":
        kind, unit = _change(cell, column, label, unit)
    elif is_fall(label) and measured.says_change(label):
        kind = Kind.REDUCTION_RATE if unit in ("%", "‰", "") else Kind.REDUCTION_AMOUNT
    else:
        kind = level_kind(name, unit, words, is_full=cell.value == 100)
    moved = "down_by" if kind in (Kind.REDUCTION_RATE, Kind.REDUCTION_AMOUNT) or (cell.value or 0) < 0 else "up_by"
    named = predicates.named(name, kind, moved) if column.role == "change" or kind is Kind.REDUCTION_RATE else name
    return _Meaning(name if name.startswith("新增") else named, kind, unit)


def _row_name(label: str, words: TableWords) -> str:
    """The official name of a row's indicator; as printed, without brackets, where the lexicon has none."""
    bare = _BRACKETS.sub("", label)
    stem = measured.stem(label)
    for name in (label, stem, bare):  # a bracket may hold a qualifier: 单位工业增加值（规模以上）能耗
        official = naming.canonical(name, words.names)
        if naming.known(name, words.names) or official != name:
            return official
    return stem if measured.says_change(label) else bare


def _change(cell: Cell, column: Column, label: str, unit: str) -> tuple[Kind, str]:
    """Kind and unit of a figure in a column of changes: its print decides, then the words of head and label."""
    rises = cell.value is not None and cell.value > 0
    in_head = unit_in(column.header)
    falls = is_fall(column.header) or is_fall(label)
    is_rate = cell.bracketed or cell.text.endswith("%") or in_head == "%" or (unit == "%" and is_fall(label))
    if is_rate:
        return (Kind.GROWTH if rises and not falls else Kind.REDUCTION_RATE), "%"
    if unit in ("%", "个百分点", "百分点"):
        return Kind.POINT_GAIN, "个百分点"
    if is_fall(column.header) and not in_head and cell.value is not None and not unit:
        return Kind.REDUCTION_RATE, "%"
    grows = rises and not falls and (is_rise(column.header) or not is_fall(column.header))
    return (Kind.COUNT if grows else Kind.REDUCTION_AMOUNT), in_head or unit


def _row_unit(table: AnnexTable, row: Row) -> str | None:
    return next(
        (cell.text for cell, column in zip(row.cells, table.columns, strict=False) if column.role == "unit"), None
    )


def _nature(table: AnnexTable, row: Row, column: Column) -> Nature | None:
    """约束性 or 预期性 from the row's own column for it, else from its label, the head, or the group it stands in."""
    own = [cell.text for cell, each in zip(row.cells, table.columns, strict=False) if each.role == "nature"]
    for text in (*own, row.label, column.header, row.group or ""):
        for word, nature in _NATURES:
            if word in text:
                return nature
    return None


def _is_lost(column: Column, by_row: bool) -> bool:
    has_no_indicator = not by_row and column.indicator is None and column.role != "base"
    return has_no_indicator or (column.role in _ASKING and not _is_asking(column))


def _unread(table: AnnexTable, by_row: bool, found: list[Target]) -> Iterator[Doubt]:
    """What holds numbers and gave no target: the whole table, or columns of an asking role without an indicator."""
    label = next((at for at, column in enumerate(table.columns) if column.role == "label"), 0)
    numbered = [
        at
        for at, column in enumerate(table.columns[label:], label)  # what stands before counts or groups the rows
        if column.role not in ("label", "unit", "nature")
        and any(len(row.cells) > at and row.cells[at].value is not None for row in table.rows)
    ]
    if numbered and not found:
        yield Doubt(
            "table_without_target",
            0.4,
            Message(
                f"附件{table.no}“{table.title}”有数据但未读出目标，请核对表头，属于目标的请补录。",
                f"Annex {table.no} holds figures but no target was read from it: check its head and add what is one.",
            ),
        )
        return
    lost = [column.header for column in (table.columns[at] for at in numbered) if _is_lost(column, by_row)]
    if lost:
        heads = "、".join(f"“{header}”" for header in lost)
        yield Doubt(
            "column_unread",
            0.3,
            Message(
                f"附件{table.no}的列{heads}未认出指标或为年均数，未作为目标读出，请核对。",
                f"Annex {table.no}: {len(lost)} column(s) of no known indicator or of yearly means gave no target.",
            ),
        )
