"""附件单元格: an annex row against the text, against itself, and against what its title and label say."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from shuangkong.core.span import Span
from shuangkong.plans.audit.context import Context, Hit, tidy
from shuangkong.plans.audit.grid import by_indicator, cell_of, column_like, indicator_of, region_tables, total_row
from shuangkong.plans.audit.rounded import Rounded, figure, same_commitment
from shuangkong.plans.audit.subjects import find_target, is_whole, same_subject
from shuangkong.plans.reading import AnnexTable, Cell, Kind, Row, Target

_FALLS = re.compile("下降率|降低率|减排率|下降比例|降低比例|减排比例")
_SIGNED = re.compile(r"^\[?[+\-−－]\d")
_COMPARED = (Kind.REDUCTION_RATE, Kind.CAP_TOTAL, Kind.CAP_INCREMENT, Kind.REDUCTION_AMOUNT, Kind.LEVEL_FLOOR)
_MORE_IS_STRICTER = (Kind.REDUCTION_RATE, Kind.REDUCTION_AMOUNT, Kind.LEVEL_FLOOR)


@dataclass(frozen=True, slots=True)
class Line:
    """A row of an indicator table with its cells by role."""

    table: AnnexTable
    row: Row
    unit: str
    base: Cell | None
    target: Cell | None
    change: Cell | None

    @property
    def name(self) -> str:
        """Label with the heading it stands under: 公共机构 + 人均水耗."""
        group = tidy(self.row.group or "").rstrip("：:")
        label = tidy(self.row.label)
        return label if group in label else f"{group}{label}"

    @property
    def place(self) -> str:
        return f"附件{self.table.no} {tidy(self.row.label)}"


def lines(context: Context) -> Iterator[Line]:
    """Rows of all indicator tables that have a number or a unit."""
    for table in context.reading.tables:
        if not by_indicator(table):
            continue
        roles = _roles(table)

        def cell(row: Row, role: str, table: AnnexTable = table, roles: dict[str, int] = roles) -> Cell | None:
            return cell_of(table, row, roles[role]) if role in roles else None

        for row in table.rows:
            unit = cell(row, "unit")
            if unit is not None and unit.text.strip():
                yield Line(table, row, tidy(unit.text), cell(row, "base"), cell(row, "target"), cell(row, "change"))


def _roles(table: AnnexTable) -> dict[str, int]:
    """Column of each role.

    Where a two-tier head hid the change, its cells show it: printed in brackets or with a sign.
    """
    roles = {column.role: index for index, column in reversed(list(enumerate(table.columns)))}
    if "change" in roles:
        return roles
    signed = [
        index
        for index in range(len(table.columns))
        if any(
            (cell := cell_of(table, row, index)) and (cell.bracketed or _SIGNED.match(tidy(cell.text)))
            for row in table.rows
        )
    ]
    if len(signed) == 1 and signed[0] - 2 > roles["unit"]:
        return {"unit": roles["unit"], "base": signed[0] - 2, "target": signed[0] - 1, "change": signed[0]}
    return roles


def _value(cell: Cell | None) -> Decimal | None:
    return None if cell is None else cell.value


@dataclass(frozen=True, slots=True)
class Pair:
    """One commitment printed twice: in the text and in an annex."""

    target: Target
    value: Decimal
    span: Span
    place: str

    @property
    def annex_stricter(self) -> bool:
        return (self.value > self.target.value) is (self.target.kind in _MORE_IS_STRICTER)


def _pairs(context: Context) -> Iterator[Pair]:
    targets = context.reading.targets
    for table in region_tables(context):
        whole = total_row(table)
        for index in column_like(table, kinds=_COMPARED) if whole else []:
            column, cell = table.columns[index], cell_of(table, whole, index) if whole else None
            target = find_target(context.reading.targets, indicator_of(table, index), column.kind or Kind.SHARE)
            if target and cell and cell.value is not None and _comparable(target, column.header, column.year):
                value = _in_unit_of(context, target, cell.value, column.unit)
                if value is not None:
                    yield Pair(target, value, cell.span, f"附件{table.no} {tidy(column.header)}")
    for line in lines(context):
        for target in targets:
            if not same_subject(line.name, target.indicator) and not same_subject(line.name, target.indicator_printed):
                continue
            years = {column.year for column in line.table.columns if column.year}
            year = max(years) if len(years) > 1 else None
            found = _counterpart(context, line, target) if _comparable(target, line.name, year) else None
            if found:
                yield found


def _comparable(target: Target, name: str, year: int | None) -> bool:
    """Whether a commitment is for no narrower scope and no other year than a column or row of an annex."""
    same_year = year is None or target.deadline is None or target.deadline[:4] == str(year)
    scoped = is_whole(target) or set(tidy(target.scope or "")) <= set(tidy(name) + tidy(target.indicator))
    return same_year and scoped


def _in_unit_of(context: Context, target: Target, value: Decimal, unit: str | None) -> Decimal | None:
    """An annex value in the unit of the text's commitment; None where the two cannot be compared."""
    if not unit or tidy(unit) == tidy(target.unit):
        return value
    mine, other = context.unit_of(target.unit), context.unit_of(unit)
    if mine is None or other is None or mine[0] != other[0]:
        return None
    return value if mine[1] == other[1] else value * other[1] / mine[1]


def _counterpart(context: Context, line: Line, target: Target) -> Pair | None:
    """The cell of an indicator row that prints the same commitment as the text."""
    if target.kind is Kind.REDUCTION_RATE and target.unit == "%" and line.change and line.change.value is not None:
        if line.change.bracketed or line.unit == "%":
            return Pair(target, abs(line.change.value), line.change.span, line.place)
        return None
    if target.kind in (Kind.LEVEL_FLOOR, Kind.LEVEL_CAP, Kind.SHARE) and line.target and line.target.value is not None:
        value = _in_unit_of(context, target, line.target.value, line.unit)
        return None if value is None else Pair(target, value, line.target.span, line.place)
    return None


def _pair_hit(pair: Pair) -> Hit:
    return Hit(
        place=f"{pair.target.item_no}、{pair.place}",
        spans=(pair.target.span, pair.span),
        facts={
            "indicator": pair.target.indicator,
            "item": pair.target.item_no,
            "annex": pair.place,
            "expected": f"{pair.target.value:f}{pair.target.unit}",
            "found": f"{pair.value:f}{pair.target.unit}",
        },
        ground=f"{pair.target.value:f}{pair.target.unit} ({pair.target.item_no}) ≠ {pair.value:f} ({pair.place})",
    )


def annex_weaker_than_text(context: Context) -> Iterator[Hit]:
    """正文与附件不一致: the annex asks less than the text commits to."""
    for pair in _pairs(context):
        if not same_commitment(pair.target.value, pair.value) and not pair.annex_stricter:
            yield _pair_hit(pair)


def annex_stricter_than_text(context: Context) -> Iterator[Hit]:
    """正文与附件不一致: the annex asks more than the text commits to."""
    for pair in _pairs(context):
        if not same_commitment(pair.target.value, pair.value) and pair.annex_stricter:
            yield _pair_hit(pair)


def change_against_levels(context: Context) -> Iterator[Hit]:
    """变化率 = 目标值 ÷ 实际值 − 1, or 变化幅度 = 目标值 − 实际值; a printed change must be one of the two."""
    for line in lines(context):
        base, target, change = _value(line.base), _value(line.target), _value(line.change)
        if base is None or target is None or change is None or line.change is None or base <= 0:
            continue
        before, after = Rounded.printed(base), Rounded.printed(target)
        rate = (after / before - Rounded.exact(1)) * Rounded.exact(100)
        difference = after - before
        printed = Rounded.printed(change)
        if rate.agrees(printed) or difference.agrees(printed):
            continue
        yield Hit(
            place=line.place,
            spans=(line.change.span, line.row.span),
            facts={
                "indicator": tidy(line.row.label),
                "expected": f"{figure(rate.value)}%",
                "difference": figure(difference.value, 3),
                "found": tidy(line.change.text),
            },
            ground=(
                f"{target:f} ÷ {base:f} − 1 = {figure(rate.value)}%; "
                f"{target:f} − {base:f} = {figure(difference.value, 3)}"
            ),
        )


def rate_of_fall_negative(context: Context) -> Iterator[Hit]:
    """A 下降率 below zero is a rise by its words: the minus says the fall a second time."""
    for line in lines(context):
        if _FALLS.search(tidy(line.row.label)):
            for cell in (line.target, line.change):
                if cell and cell.value is not None and cell.value < 0:
                    yield Hit(
                        line.place,
                        (cell.span,),
                        {"label": tidy(line.row.label), "found": tidy(cell.text)},
                        line.row.label,
                    )
    for table in region_tables(context):
        for index, column in enumerate(table.columns):
            cells = [cell_of(table, row, index) for row in table.rows]
            below = [cell for cell in cells if cell and cell.value is not None and cell.value < 0]
            if below and _FALLS.search(tidy(column.header)):
                facts = {"label": tidy(column.header), "found": tidy(below[0].text)}
                yield Hit(f"附件{table.no}", tuple(cell.span for cell in below), facts, tidy(column.header))


def percent_without_rate_name(context: Context) -> Iterator[Hit]:
    """A label that names an amount (…能耗) while its unit is % : the words 下降率 are missing."""
    for line in lines(context):
        label = tidy(line.row.label)
        if line.unit == "%" and re.search("(能耗|水耗|电耗|煤耗|排放量|排放|用水量|消费量|强度)$", label):
            siblings = [tidy(row.label) for row in line.table.rows if _FALLS.search(tidy(row.label))]
            yield Hit(
                place=line.place,
                spans=(line.row.span,),
                facts={"label": label, "unit": line.unit, "siblings": "、".join(siblings) or "—"},
                ground=f"{label} ({line.unit})",
            )


def title_beyond_columns(context: Context) -> Iterator[Hit]:
    """A title that promises 总量 over columns from which no total can be known."""
    for table in region_tables(context):
        title = tidy(table.title)
        if not table.columns or "总量" not in title:
            continue
        named = [tidy(column.header) for column in table.columns if column.role != "label"]
        has_total = any(
            column.role == "base" or column.kind is Kind.CAP_TOTAL or "总量" in tidy(column.header)
            for column in table.columns
        )
        if named and not has_total:
            yield Hit(
                place=f"附件{table.no}",
                spans=(table.span,),
                facts={"title": title, "columns": "、".join(named)},
                ground=f"{title}: {' | '.join(named)}",
            )
