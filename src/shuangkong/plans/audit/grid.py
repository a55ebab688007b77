"""附件表: annex tables as the checks see them: regions in rows, or indicators in rows."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from shuangkong.core.span import Span
from shuangkong.plans.audit.context import Context, tidy
from shuangkong.plans.audit.rounded import Rounded
from shuangkong.plans.audit.subjects import subject
from shuangkong.plans.reading import AnnexTable, Cell, Kind, Row

_EXCLUSION = re.compile("(?:不含|不包括|不计|剔除|扣除)([^，。；、（）]{2,20})")
STRETCH = re.compile("激励|争取|力争|奋斗")
_OF_NOTHING = re.compile("^(?:20\\d\\d年)?(?:重点工程|工程|项目)?减排量")
_TITLE_FRAME = re.compile('^.*?[”"]|^(?:全|各)[省市区县]|(?:总量)?(?:控制)?(?:计划|目标|指标|方案)(?:表|分解表)?$')


def by_indicator(table: AnnexTable) -> bool:
    """Whether each row is an indicator with its own unit (行业和部门指标表), not a region."""
    return any(column.role == "unit" for column in table.columns)


def cell_of(table: AnnexTable, row: Row, index: int) -> Cell | None:
    """The cell under column ``index``, whether or not the row's cells begin with its label."""
    at = index - (len(table.columns) - len(row.cells))
    return row.cells[at] if 0 <= at < len(row.cells) else None


def value_of(table: AnnexTable, row: Row, index: int) -> Decimal | None:
    cell = cell_of(table, row, index)
    return None if cell is None else cell.value


def parts(table: AnnexTable) -> tuple[Row, ...]:
    """Rows of the regions into which the whole is divided: no total, no heading row, no 其中."""
    return tuple(
        row
        for row in table.rows
        if not row.is_total
        and not tidy(row.label).startswith("其中")
        and any(cell.value is not None for cell in row.cells)
    )


def total_row(table: AnnexTable) -> Row | None:
    return next((row for row in table.rows if row.is_total), None)


def exclusion(table: AnnexTable) -> tuple[str, Span] | None:
    """What a footnote says is not in the figures (不含省直管电厂), with the note's place."""
    for note, span in table.notes:
        if match := _EXCLUSION.search("".join(note.split())):
            return match.group(1), span
    return None


def indicator_of(table: AnnexTable, index: int) -> str:
    """What a column measures. 重点工程减排量 alone takes the quantity of a column before it, else of the title."""
    column = table.columns[index]
    printed = tidy(column.indicator or column.header)
    if not _OF_NOTHING.match(printed):
        return printed
    beside = [*reversed(table.columns[:index]), *table.columns[index + 1 :]]
    named = (other.indicator for other in beside if other.indicator)
    about = next((name for name in named if not _OF_NOTHING.match(name)), None)
    return f"{subject(about or _TITLE_FRAME.sub('', tidy(table.title)))}{printed}"


@dataclass(frozen=True, slots=True)
class Series:
    """One column of a table by region: printed values of the parts in order, and of the total row where there is one.

    ``unit`` is the printed unit; ``sum`` and ``total`` are in base units (as printed where the unit is unknown).
    """

    table: AnnexTable
    index: int
    labels: tuple[str, ...]
    values: tuple[Decimal, ...]
    unit: str | None
    factor: Decimal
    sum: Rounded
    total: Rounded | None
    total_span: Span | None

    @property
    def indicator(self) -> str:
        return indicator_of(self.table, self.index)

    @property
    def header(self) -> str:
        return tidy(self.table.columns[self.index].header)

    @property
    def place(self) -> str:
        return f"附件{self.table.no}"

    @property
    def whole(self) -> Rounded:
        """The total as printed, else the sum of the parts."""
        return self.sum if self.total is None else self.total

    def part(self, index: int) -> Rounded:
        """One region's figure in base units."""
        return Rounded.printed(self.values[index]) * Rounded.exact(self.factor)


def column_like(table: AnnexTable, *, kinds: tuple[Kind, ...] = (), roles: tuple[str, ...] = ()) -> list[int]:
    """Columns whose kind is one of ``kinds``, or whose role is one of ``roles``."""
    return [
        index
        for index, column in enumerate(table.columns)
        if column.role not in ("label", "unit") and (column.kind in kinds or column.role in roles)
    ]


def _is_two_in_one(table: AnnexTable, rows: tuple[Row, ...]) -> bool:
    """Whether the reader found two tables as one: a region or the total occurs twice."""
    labels = [tidy(row.label) for row in rows]
    return len(set(labels)) < len(labels) or sum(row.is_total for row in table.rows) > 1


def series(context: Context, table: AnnexTable, index: int) -> Series | None:
    """A column as a series; None where a region's cell is empty (what is not printed cannot be summed)."""
    rows = parts(table)
    values = [value_of(table, row, index) for row in rows]
    if len(rows) < 2 or _is_two_in_one(table, rows) or any(value is None for value in values):
        return None
    printed = tuple(value for value in values if value is not None)
    unit = table.columns[index].unit
    known = context.unit_of(unit) if unit else None
    factor = known[1] if known else Decimal(1)
    scale = Rounded.exact(factor)
    whole = total_row(table)
    whole_cell = cell_of(table, whole, index) if whole else None
    return Series(
        table=table,
        index=index,
        labels=tuple(tidy(row.label) for row in rows),
        values=printed,
        unit=unit,
        factor=factor,
        sum=Rounded.total(Rounded.printed(value) for value in printed) * scale,
        total=None if whole_cell is None or whole_cell.value is None else Rounded.printed(whole_cell.value) * scale,
        total_span=None if whole_cell is None else whole_cell.span,
    )


def rate_series(context: Context, table: AnnexTable) -> list[Series]:
    """Columns of reduction rates by region; stretch goals (激励目标) are not held against the overall rate."""
    found = (
        series(context, table, index)
        for index in column_like(table, kinds=(Kind.REDUCTION_RATE,))
        if not STRETCH.search(table.columns[index].header)
    )
    return [one for one in found if one is not None]


def base_series(context: Context, table: AnnexTable) -> list[Series]:
    """Columns of base-year amounts by region."""
    end = context.reading.head.horizon.end_year
    found = (
        series(context, table, index)
        for index in column_like(table, roles=("base",))
        if end is None or (table.columns[index].year or 0) < end
    )
    return [one for one in found if one is not None]


def amount_series(context: Context, table: AnnexTable) -> list[Series]:
    """Columns of reductions that projects are to bring, by region."""
    found = (series(context, table, index) for index in column_like(table, kinds=(Kind.REDUCTION_AMOUNT,)))
    return [one for one in found if one is not None]


def region_tables(context: Context) -> list[AnnexTable]:
    return [table for table in context.reading.tables if not by_indicator(table)]
