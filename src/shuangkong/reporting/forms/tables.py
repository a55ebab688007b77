"""表的读法: drafts of tables → tables with their fields; what is derived is kept, to be read when all are known."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from sys import intern

from shuangkong.core.finding import Finding, Message
from shuangkong.core.unit import PrintedUnit
from shuangkong.policyfile import node
from shuangkong.policyfile.refusal import nearness, refuse
from shuangkong.policyfile.shape import nearest
from shuangkong.reporting.forms.addresses import ANY, SAME, open_address, parse_address
from shuangkong.reporting.forms.derivations import Wanted
from shuangkong.reporting.forms.drafts import ALL, ColumnDraft, RowDraft, TableDraft, bilingual, texts
from shuangkong.reporting.forms.first import First, Prefill
from shuangkong.reporting.forms.model import Carry, Choice, Field, FieldKind, Flow, Row, Span, Table

#: What one unit of an energy makes in coal equivalent, by the unit of its row.
COEFFICIENT_UNITS: Mapping[str, str] = {
    "t": "kgce/kg",
    "m3": "kgce/m3",
    "kwh": "kgce/kwh",
    "gj": "kgce/MJ",
    "tce": "ratio",
}
_COEFFICIENT_DECIMALS = 4
_DEFAULT_DECIMALS = 2


@dataclass
class TableReader:
    """Reads the tables of one form on one day, gathering findings and what is to be derived, by address.

    Attributes:
        printed: printed form → unit; ``lists``: id of a list → what may be chosen of it.
        is_verified: of the version that the form rests on.
    """

    printed: Mapping[str, PrintedUnit]
    lists: Mapping[str, tuple[Choice, ...]]
    is_verified: bool
    findings: list[Finding]
    wanted: dict[str, Wanted]

    def __post_init__(self) -> None:
        self.plainest: dict[str, str] = {}
        for form in self.printed.values():
            if form.factor == 1:
                self.plainest.setdefault(form.unit.id, form.printed)

    def table(self, draft: TableDraft) -> Table:
        self._check_ids(draft)
        rows = draft.rows or {ANY: _open_row(draft)}
        fields = [
            field
            for row in rows.values()
            for column in draft.columns.values()
            if (field := self._field(draft, row, column)) is not None
        ]
        return Table(
            id=draft.id,
            name=draft.name,
            rows=tuple(row.row for row in draft.rows.values()),
            columns=tuple(column.column for column in draft.columns.values()),
            fields=tuple(fields),
            open=draft.open,
            guidance=draft.guidance,
            layer=draft.layer,
        )

    def _check_ids(self, draft: TableDraft) -> None:
        if bool(draft.rows) == (draft.open is not None) or not draft.columns:
            expected = {"expected": "rows、list、layout 或 open 之一，以及 columns"}
            expected_en = "one of rows, list, layout and open, and columns"
            self.findings.append(refuse("POL-018", draft.place, **expected, expected_en=expected_en, found=draft.id))
        for (row, column), (record, _) in draft.cells.items():
            if draft.rows and row not in draft.rows:
                self._unknown(record.entries["row"].place, row, draft.rows)
            if column not in draft.columns:
                self._unknown(record.entries["column"].place, column, draft.columns)
        for each in draft.rows.values():
            for column in each.columns:
                if column not in draft.columns:
                    self._unknown(each.place, column, draft.columns)
            for other in (*each.sums, each.row.within):
                if other and other != ALL and other not in draft.rows:
                    self._unknown(each.place, other, draft.rows)

    def _unknown(self, place: node.Place, found: str, known: Mapping[str, object]) -> None:
        self.findings.append(refuse("POL-067", place, found=found, **nearness(nearest(found, known))))

    def _field(self, draft: TableDraft, row: RowDraft, column: ColumnDraft) -> Field | None:
        cell, cell_layer = draft.cells.get((row.row.id, column.column.id), (None, ""))
        if cell is not None and cell.flag("closed", default=False):
            return None
        is_limited = bool(row.columns) and column.column.id not in row.columns
        if cell is None and is_limited:
            return None
        address = _address(draft, row.row.id, column.column.id)
        record = column.record
        wanted = self._wanted(draft, row, column, cell)
        if wanted is None and row.row.is_total and not (cell is not None or _is_told_in_total(row, column)):
            return None
        if wanted is not None:
            self.wanted[address] = wanted
        place = (cell if cell is not None else record).place
        unit, printed, factor = self._unit(row.row, column, cell, place)
        self._check_returns(cell, record, place)
        return Field(
            address=address,
            table=draft.id,
            row=row.row.id,
            column=column.column.id,
            name=_name(row.row, column.column.name),
            kind=column.column.kind,
            unit=unit,
            printed=printed,
            printed_en=self.printed[printed].words.en if printed in self.printed else printed,
            factor=factor,
            decimals=self._decimals(row, column, cell),
            is_required=_flag(cell, record, "required"),
            may_be_negative=_flag(cell, record, "signed") or row.is_signed or wanted is not None,
            span=Span(_either(cell, record, "span") or Span.PERIOD),
            carried=_carry(draft, row.row.id, cell, record),
            firsts=tuple(_firsts(row.row, cell, record)),
            choices=(*column.choices, *self._listed(column)),
            guidance=(bilingual(cell, "guidance") if cell is not None else None) or row.row.guidance
            or column.column.guidance,
            fact=_layout_fact(draft, row.row.id, column.column.id),
            is_verified=self.is_verified and _flag(cell, record, "verified", default=True),
            layer=cell_layer or (row.layer if row.layer != draft.layer else column.layer),
        )  # fmt: skip

    def _check_returns(self, cell: node.Mapping | None, record: node.Mapping, place: node.Place) -> None:
        """To begin with another form and to say with which place of it go together."""
        begins = Prefill.RETURNS in texts(_telling(cell, record, "prefill"), "prefill")
        if begins != bool(texts(_telling(cell, record, "returns"), "returns")):
            words = {"expected": "prefill: returns 和 returns: 报表:表.行.栏 同时写"}
            words_en = {"expected_en": "prefill: returns together with returns: form:table.row.column"}
            self.findings.append(refuse("POL-018", place, found="prefill, returns", **words, **words_en))

    def _listed(self, column: ColumnDraft) -> tuple[Choice, ...]:
        if column.list and column.list not in self.lists:
            self._unknown(column.record.entries["list"].place, column.list, self.lists)
        return self.lists.get(column.list, ())

    def _decimals(self, row: RowDraft, column: ColumnDraft, cell: node.Mapping | None) -> int:
        for record in (cell, column.record, row.record):
            if record is not None and "decimals" in record:
                return int(record.number("decimals"))
        return _COEFFICIENT_DECIMALS if _is_coefficient(column) else _DEFAULT_DECIMALS

    def _unit(
        self, row: Row, column: ColumnDraft, cell: node.Mapping | None, place: node.Place
    ) -> tuple[str, str, Decimal]:
        """Base unit, as printed, and base units in one printed: of the cell, else of the column, else of the row."""
        if column.column.kind is not FieldKind.FIGURE:
            return "", "", Decimal(1)
        unit, display = row.unit, row.printed
        if _is_coefficient(column):
            unit, display = COEFFICIENT_UNITS.get(row.unit, ""), ""
        for record in (column.record, cell):
            if record is not None and ("unit" in record or "display" in record):
                unit, display = record.text("unit", unit), record.text("display")
        if not unit:
            self.findings.append(refuse("POL-070", place, found=f"{row.id}.{column.column.id}"))
            return "", "", Decimal(1)
        if not display:
            return unit, self.plainest.get(unit, unit), Decimal(1)
        form = self.printed.get(display)
        if form is None or form.unit.id != unit:
            known = [each.printed for each in self.printed.values() if each.unit.id == unit]
            self.findings.append(
                refuse("POL-048", place, found=display, unit=unit, **nearness(nearest(display, known)))
            )
            return unit, display, Decimal(1)
        return unit, display, form.factor

    def _wanted(
        self, draft: TableDraft, row: RowDraft, column: ColumnDraft, cell: node.Mapping | None
    ) -> Wanted | None:
        """What the place is computed by: the cell's own, in a total row the row's, else the column's."""
        for record in (cell, None if row.row.is_total else column.record):
            if record is not None and "derived" in record:
                return Wanted(
                    record.text("derived"), record.entries["derived"].place, _names(draft, row.row.id, record)
                )
        if not row.row.is_total:
            return None
        if column.column.kind is FieldKind.FIGURE and (not row.columns or column.column.id in row.columns):
            if not row.columns and "derived" in column.record:
                return Wanted(
                    column.record.text("derived"), column.record.place, _names(draft, row.row.id, column.record)
                )
            addresses = {each: _address(draft, each, column.column.id) for each in draft.rows}
            return Wanted(row.derived or self._sum(draft, row, column), row.place, addresses)
        return None

    def _sum(self, draft: TableDraft, row: RowDraft, column: ColumnDraft) -> str:
        """The rows that a row adds up, but those that are closed in the column."""
        whole = [each for each in draft.rows.values() if not each.row.is_total and not each.row.within]
        added = [each.row.id for each in whole] if row.sums == (ALL,) else list(row.sums)
        return f"sum({', '.join(each for each in added if self._is_open(draft, draft.rows[each], column))})"

    @staticmethod
    def _is_open(draft: TableDraft, row: RowDraft, column: ColumnDraft) -> bool:
        cell, _ = draft.cells.get((row.row.id, column.column.id), (None, ""))
        if cell is not None:
            return not cell.flag("closed", default=False)
        return not row.columns or column.column.id in row.columns


def required(table: Table, addresses: frozenset[str]) -> Table:
    """The same table, some of its fields required."""
    fields = tuple(replace(each, is_required=True) if each.address in addresses else each for each in table.fields)
    return replace(table, fields=fields)


def _open_row(draft: TableDraft) -> RowDraft:
    return RowDraft(Row(id=ANY, name=Message("", "")), draft.place, draft.layer)


def _name(row: Row, column: Message) -> Message:
    return Message(f"{row.name.zh} {column.zh}".strip(), f"{row.name.en}, {column.en}".strip(", "))


def _address(draft: TableDraft, row: str, column: str) -> str:
    return open_address(draft.id, column) if draft.open is not None else intern(f"{draft.id}.{row}.{column}")


def _is_told_in_total(row: RowDraft, column: ColumnDraft) -> bool:
    """A total row is told in what is no figure (a remark)."""
    return column.column.kind is not FieldKind.FIGURE and not row.columns


def _names(draft: TableDraft, row: str, record: node.Mapping) -> dict[str, str]:
    """Names of an expression of a column → addresses: the columns of the same row, and the inputs that it declares."""
    same = SAME if draft.open is not None else row
    found = {
        each: open_address(draft.id, each, same) if draft.open is not None else f"{draft.id}.{row}.{each}"
        for each in draft.columns
    }
    for name, entry in record.mapping("inputs").entries.items() if "inputs" in record else ():
        address = node.as_text(entry)
        found[name] = address.replace(".*.", f".{row}.") if ".*." in address else address
    return found


def _carry(draft: TableDraft, row: str, cell: node.Mapping | None, record: node.Mapping) -> Carry | None:
    found = [_either(cell, record, key) for key in ("carried", "new_year", "year_ago")]
    if not any(found):
        return None
    return Carry(*(_address(draft, row, column) if column else "" for column in found))


def _is_coefficient(column: ColumnDraft) -> bool:
    return Prefill.COEFFICIENT in texts(column.record, "prefill")


def _firsts(row: Row, cell: node.Mapping | None, record: node.Mapping) -> Iterator[First]:
    """What a place begins with: the row's coefficient; of the register what the row is called; else as told."""
    offer = _either(cell, record, "offer").replace("{row}", row.id)
    for each in texts(_telling(cell, record, "prefill"), "prefill"):
        match source := Prefill(each):
            case Prefill.COEFFICIENT:
                yield First(source, row.coefficient)
            case Prefill.REGISTER:
                yield First(source, offer or row.id)
            case Prefill.RETURNS:
                places = texts(_telling(cell, record, "returns"), "returns")
                yield from (First(source, place.replace("{row}", row.id)) for place in places)
            case _:
                yield First(source, offer)


def _layout_fact(draft: TableDraft, row: str, column: str) -> Flow | None:
    return Flow(f"{draft.layout}.{row}.{column}") if draft.layout else None


def _either(cell: node.Mapping | None, record: node.Mapping, key: str) -> str:
    return _telling(cell, record, key).text(key)


def _telling(cell: node.Mapping | None, record: node.Mapping, key: str) -> node.Mapping:
    """Which of a cell and its column says something: the cell goes before."""
    return cell if cell is not None and key in cell else record


def _flag(cell: node.Mapping | None, record: node.Mapping, key: str, *, default: bool = False) -> bool:
    return cell.flag(key, default) if cell is not None and key in cell else record.flag(key, default)


def known_address(address: str, fields: Mapping[str, Field]) -> Iterator[str]:
    """Addresses of fields that an address of the policy means: ``table.*.column`` is that column in every row."""
    parsed = parse_address(address.replace(".*.", ".any.")) if ".*." in address else None
    if parsed is None:
        yield from (address,) if address in fields else ()
        return
    for each in fields.values():
        if each.table == parsed.table and each.column == parsed.column:
            yield each.address
