"""填报表格: the tables of a form with what stands in each cell, beside what the last period said."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from shuangkong.core.fact import State
from shuangkong.records.reporting.values import Value, values
from shuangkong.reporting.content import Content, Entry, Origin, written
from shuangkong.reporting.forms.addresses import ANY, open_address
from shuangkong.reporting.forms.first import Prefill
from shuangkong.reporting.forms.model import Column, Field, FieldKind, Form, Row, Table
from shuangkong.reporting.typed import text_of
from shuangkong.web.reporting.words import form_name, period_word
from shuangkong.web.site.words import MISSING, spoken, unit_word

_SOURCES = {
    "carried": lazy("承上期"), "coefficient": lazy("参考系数"), "ledger": lazy("计量台账"),
    "readings": lazy("在线数据"), "register": lazy("名录"), "permit": lazy("排污许可证"), "returns": lazy("已接收报表"),
}  # fmt: skip
#: What stands for a new row in addresses until it has a key.
NEW = "{key}"


@dataclass(frozen=True, slots=True)
class SheetCell:
    """``kind`` closed: nothing can stand there; derived: computed; else the kind of the field. ``last``: what the last
    period said; ``mark``: what a first value was taken from; ``label`` is read aloud."""

    address: str
    kind: str
    text: str = ""
    last: str = ""
    mark: str = ""
    label: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    is_required: bool = False


@dataclass(frozen=True, slots=True)
class SheetRow:
    key: str
    name: str
    unit: str
    cells: tuple[SheetCell, ...]
    is_within: bool = False
    is_total: bool = False
    hint: str = ""


@dataclass(frozen=True, slots=True)
class SheetTable:
    """``blank``: of an open table a row without a key, to be copied; ``key_choices`` where keys are of a list."""

    id: str
    name: str
    guidance: str
    headings: tuple[tuple[str, str, str, bool], ...]
    rows: tuple[SheetRow, ...]
    blank: SheetRow | None = None
    key_name: str = ""
    key_choices: tuple[tuple[str, str], ...] = ()
    is_counted: bool = False
    most: int = 0


@dataclass(frozen=True, slots=True)
class Filled:
    """A return to be shown: its content, all its values, and those of the last period."""

    form: Form
    content: Content
    told: Mapping[str, Value]
    last: Mapping[str, Value]

    @classmethod
    def of(cls, form: Form, content: Content, last: Content | None) -> Filled:
        return cls(form, content, values(form, content), values(form, last) if last is not None else {})


def sheet(filled: Filled) -> list[SheetTable]:
    """Every table of the form, in its order."""
    return [_table(filled, table) for table in filled.form.tables]


def shown(value: Value | None) -> str:
    """A value as people read it; "" where nothing is told."""
    if value is None or value is State.MISSING:
        return ""
    if isinstance(value, Decimal):
        return written(value)
    return _("不适用") if isinstance(value, State) else value


def _table(filled: Filled, table: Table) -> SheetTable:
    room = table.open
    headings = tuple(
        (spoken(column.name), _unit(column, table), spoken(column.guidance), bool(column.within))
        for column in table.columns
    )
    if room is None:
        rows = tuple(_fixed(filled, table, row) for row in table.rows)
        return SheetTable(table.id, spoken(table.name), spoken(table.guidance), headings, rows)
    rows = tuple(_open(filled, table, key) for key in filled.content.rows(table.id))
    return SheetTable(
        table.id, spoken(table.name), spoken(table.guidance), headings, rows, _open(filled, table, NEW),
        spoken(room.name), tuple((each.code, spoken(each.name)) for each in room.choices), room.kind == "number",
        room.most,
    )  # fmt: skip


def _unit(column: Column, table: Table) -> str:
    """The unit of a column, where all its cells have it: else it stands at the rows."""
    units = {field.printed for field in table.fields if field.column == column.id}
    return unit_word(units.pop()) if len(units) == 1 and units != {""} else ""


def _row_unit(table: Table, row: Row) -> str:
    """The unit of a row: what its cells have that do not have that of their column, its own first."""
    fields = [table.by_place.get((row.id, column.id)) for column in table.columns if not _unit(column, table)]
    printed = [field for field in fields if field is not None and field.printed]
    own = [field.printed for field in printed if field.unit == row.unit]
    return unit_word(next(iter((*own, *(field.printed for field in printed))), ""))


def _fixed(filled: Filled, table: Table, row: Row) -> SheetRow:
    cells = tuple(_cell(filled, table.by_place.get((row.id, column.id)), None, row, column) for column in table.columns)
    return SheetRow(
        row.id, spoken(row.name), _row_unit(table, row), cells, bool(row.within), row.is_total,
        spoken(row.guidance),
    )  # fmt: skip


def _open(filled: Filled, table: Table, key: str) -> SheetRow:
    cells = tuple(_cell(filled, table.by_place.get((ANY, column.id)), key, None, column) for column in table.columns)
    return SheetRow(key, key if key != NEW else "", "", cells)


def _cell(filled: Filled, field: Field | None, key: str | None, row: Row | None, column: Column) -> SheetCell:
    if field is None:
        return SheetCell("", "closed")
    address = field.address if key is None else open_address(field.table, field.column, key)
    label = " ".join(filter(None, (spoken(row.name) if row else (key or ""), spoken(column.name))))
    last = shown(filled.last.get(address))
    if not field.is_told:
        return SheetCell(address, "derived", shown(filled.told.get(address)) or MISSING, last, label=label)
    entry = filled.content[address]
    choices = tuple((each.code, spoken(each.name)) for each in field.choices)
    kind = "code" if field.kind is FieldKind.CODE and choices else field.kind.value
    return SheetCell(address, kind, text_of(entry), last, _mark(entry), label, choices, field.is_required)


def _mark(entry: Entry) -> str:
    """What a value that was offered was taken from."""
    if entry.origin is not Origin.PREFILLED:
        return ""
    source, _colon, ground = entry.source.partition(":")
    # Which parameter a coefficient is stands in the rules; people read what it is.
    word = str(_SOURCES.get(source, source))
    if source == Prefill.RETURNS:
        form, _space, period = ground.partition(" ")
        return f"{word} {form_name(form, period)} {period_word(period)}"
    return word if source == "coefficient" else f"{word} {ground}".strip()


def cells_by_address(tables: list[SheetTable]) -> Iterator[tuple[str, str]]:
    """(address, what it is called) of every cell."""
    for table in tables:
        for row in table.rows:
            for cell in row.cells:
                if cell.address:
                    yield cell.address, f"{table.name} · {cell.label}"
