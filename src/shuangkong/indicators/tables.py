"""统计表的结构: a table whose cells are figures, as ``policy/<layer>/indicators/tables/<id>.yaml`` lays it out.

A cell is an indicator of its own: ``energy_balance.inflow.raw_coal``, in the unit of its column; the same cell in
standard coal is ``energy_balance_calorific.inflow.raw_coal`` or ``energy_balance_equivalent.inflow.raw_coal``. What is
computed of told cells (sums of parts, coefficients, the tables in standard coal) is in ``balance.rules``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from shuangkong.core.finding import Finding
from shuangkong.indicators.table_words import (
    ALL,
    COEFFICIENT_UNITS,
    GROUP,
    HEAT_UNITS,
    STANDARD_COAL,
    Basis,
    Factor,
    Memo,
    Sum,
)  # fmt: skip
from shuangkong.policyfile import books, node
from shuangkong.policyfile.folder import PolicyFolder
from shuangkong.policyfile.layers import chain, names_in_force
from shuangkong.policyfile.refusal import nearness, refuse
from shuangkong.policyfile.shape import nearest

FOLDER = "indicators/tables"


class Part(StrEnum):
    """What a row of an energy balance tells: 可供量、加工转换、损失、终端消费."""

    SUPPLY = "supply"
    CONVERSION = "conversion"
    LOSS = "loss"
    TERMINAL = "terminal"


class Sign(StrEnum):
    """How a figure of a row counts: as an amount that adds or takes away, or with the sign it was told with."""

    PLUS = "plus"
    MINUS = "minus"
    SIGNED = "signed"


@dataclass(frozen=True, slots=True)
class Row:
    """``within``: the row that it is part of (其中), so that it is not added again."""

    id: str
    zh: str
    en: str
    part: Part
    sign: Sign
    within: str = ""

    @property
    def weight(self) -> int:
        return -1 if self.sign is Sign.MINUS else 1


@dataclass(frozen=True, slots=True)
class Column:
    """An energy. ``coefficient``, ``equivalent``: ids of its coefficients; without the second both bases are one."""

    id: str
    zh: str
    en: str
    unit: str
    group: str
    is_primary: bool
    coefficient: str = ""
    equivalent: str = ""

    @property
    def has_two_bases(self) -> bool:
        """Whether what it holds and what it took to make it differ: heat and electricity."""
        return bool(self.equivalent) or self.unit == "gj"

    @property
    def factors(self) -> tuple[Factor, ...]:
        """Coefficients that there can be of it; a column in coal equivalent has none."""
        if self.unit not in COEFFICIENT_UNITS:
            return ()
        has = {
            Factor.MEASURED: self.unit in HEAT_UNITS,
            Factor.DEFAULT: bool(self.coefficient),
            Factor.DEFAULT_EQUIVALENT: bool(self.equivalent),
        }
        return tuple(factor for factor in Factor if has.get(factor, True))

    def memo(self, row: Memo) -> str:
        """Unit of a memo row of this column; "" where it has none."""
        match row:
            case Memo.HEATING_VALUE:
                return HEAT_UNITS.get(self.unit, "")
            case Memo.STATED_COEFFICIENT:
                return COEFFICIENT_UNITS.get(self.unit, "")
            case Memo.STATED_EQUIVALENT:
                return COEFFICIENT_UNITS.get(self.unit, "") if self.has_two_bases else ""


@dataclass(frozen=True)
class Table:
    """Rows and columns in the order of the printed form; ``source``, ``at``: the document that lays it out."""

    id: str
    zh: str
    en: str
    rows: tuple[Row, ...]
    columns: tuple[Column, ...]
    is_verified: bool = False
    source: str = ""
    at: str = ""

    @cached_property
    def cells(self) -> Mapping[str, str]:
        """Id of each cell that a return may tell → unit: rows, memo rows and the sums that it prints."""
        told = {self.cell(row, column.id): column.unit for row in self.lines for column in self.columns}
        memo = {
            self.cell(row, column.id): unit for row in Memo for column in self.columns if (unit := column.memo(row))
        }
        return told | memo

    @cached_property
    def lines(self) -> tuple[str, ...]:
        """Rows and what they add up to: the lines that a table in standard coal has."""
        return (*(row.id for row in self.rows), *Sum)

    @property
    def groups(self) -> tuple[str, ...]:
        """Groups of columns (coal, oil, gas), in the order of the form."""
        return tuple(dict.fromkeys(column.group for column in self.columns))

    @cached_property
    def figures(self) -> Mapping[str, str]:
        """Id of every figure, told or computed → unit."""
        factors = {
            self.cell(factor, column.id): COEFFICIENT_UNITS[column.unit]
            for column in self.columns
            for factor in column.factors
        }
        columns = (*(column.id for column in self.columns), ALL)
        standard = {
            self.standard_cell(basis, line, column): STANDARD_COAL
            for basis in Basis
            for line in self.lines
            for column in columns
        }
        groups = {
            self.standard_cell(basis, Sum.TOTAL, f"{GROUP}{group}"): STANDARD_COAL
            for basis in Basis
            for group in self.groups
        }
        return {**self.cells, **factors, **standard, **groups}

    def cell(self, row: str, column: str) -> str:
        return f"{self.id}.{row}.{column}"

    def standard_cell(self, basis: str, row: str, column: str) -> str:
        return f"{self.id}_{basis}.{row}.{column}"

    def of(self, part: Part) -> tuple[Row, ...]:
        """Rows that add up to a part: those that are not part of another."""
        return tuple(row for row in self.rows if row.part is part and not row.within)

    def within(self, row: str) -> tuple[Row, ...]:
        return tuple(each for each in self.rows if each.within == row)


def tables(folder: PolicyFolder, layer: str) -> dict[str, Table]:
    """Id → table in force in ``layer``; raises PolicyRefused where a file cannot be used."""
    names = names_in_force(folder, chain(folder, layer), FOLDER)
    return {key: _table(key, node.as_mapping(folder.require(name))) for key, name in sorted(names.items())}


def sound_tables(folder: PolicyFolder, layer: str) -> dict[str, Table]:
    """Id → table in force in ``layer``, of the files that are sound; what is wrong with the others, others report."""
    names = names_in_force(folder, chain(folder, layer), FOLDER)
    read = {key: folder.check(name) for key, name in sorted(names.items())}
    return {
        key: _table(key, each.node)
        for key, each in read.items()
        if isinstance(each.node, node.Mapping) and not each.findings
    }


def table_cells(folder: PolicyFolder, layer: str) -> dict[str, str]:
    """Id of every figure of every sound table in force in ``layer``, told or computed → unit."""
    found: dict[str, str] = {}
    for table in sound_tables(folder, layer).values():
        found |= table.figures
    return found


def _table(key: str, record: node.Mapping) -> Table:
    name = books.message(record.mapping("name"))
    return Table(
        id=key,
        zh=name.zh,
        en=name.en,
        rows=tuple(_row(item) for item in record.listing("rows").mappings()),
        columns=tuple(_column(item) for item in record.listing("columns").mappings()),
        is_verified=record.flag("verified", default=False),
        source=record.text("source"),
        at=record.text("at"),
    )


def _row(item: node.Mapping) -> Row:
    name = books.message(item.mapping("name"))
    return Row(item.text("id"), name.zh, name.en, Part(item.text("part")), Sign(item.text("sign")), item.text("within"))


def _column(item: node.Mapping) -> Column:
    name = books.message(item.mapping("name"))
    return Column(
        id=item.text("id"),
        zh=name.zh,
        en=name.en,
        unit=item.text("unit"),
        group=item.text("group"),
        is_primary=item.text("kind") == "primary",
        coefficient=item.text("coefficient"),
        equivalent=item.text("equivalent"),
    )


#: Ids that a row may not have: they are those of what is computed of rows.
_TAKEN = frozenset({*Memo, *Sum, *Factor})


def check_tables(folder: PolicyFolder) -> Iterator[Finding]:
    """Ids twice, parts of rows that are not there, coefficients that nobody wrote: a check of the whole folder."""
    for layer in folder.layers:
        for name in folder.names_in(layer, FOLDER):
            read = folder.check(name)
            if isinstance(read.node, node.Mapping) and not read.findings:
                yield from _check_ids(read.node.listing("rows").mappings(), _TAKEN)
                yield from _check_ids(read.node.listing("columns").mappings())
                yield from _check_within(read.node.listing("rows").mappings())
                yield from _check_coefficients(folder, layer, read.node.listing("columns").mappings())


def _check_ids(items: Iterable[node.Mapping], taken: frozenset[str] = frozenset()) -> Iterator[Finding]:
    """Ids twice, and those ``taken`` by what is computed of the rows."""
    items = tuple(items)
    seen: dict[str, node.Place] = {
        item.text("id"): item.entries["id"].place for item in items if item.text("id") in taken
    }
    for item in items:
        place = item.entries["id"].place
        if item.text("id") in seen:
            yield refuse("POL-026", place, found=item.text("id"), first=seen[item.text("id")])
        seen.setdefault(item.text("id"), place)


def _check_within(items: Iterable[node.Mapping]) -> Iterator[Finding]:
    items = tuple(items)
    wholes = {(item.text("id"), item.text("part")) for item in items if "within" not in item}
    for item in items:
        if "within" in item and (item.text("within"), item.text("part")) not in wholes:
            hint = nearness(nearest(item.text("within"), [whole for whole, _ in wholes]))
            yield refuse("POL-054", item.entries["within"].place, found=item.text("within"), **hint)


def _check_coefficients(folder: PolicyFolder, layer: str, items: Iterable[node.Mapping]) -> Iterator[Finding]:
    for item in items:
        for key in ("coefficient", "equivalent"):
            if key in item:
                word, _, last = item.text(key).rpartition("/")
                known = names_in_force(folder, chain(folder, layer), word)
                if last not in known:
                    hint = nearness(nearest(last, known))
                    yield refuse("POL-050", item.entries[key].place, found=item.text(key), **hint)
