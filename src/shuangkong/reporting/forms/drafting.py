"""合稿: the tables of a version, and what layers add to them: rows, columns, cells and tables of their own.

An addition never takes away or changes what stands above it: a place that is already there is refused.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from shuangkong.core.finding import Finding
from shuangkong.policyfile import node
from shuangkong.policyfile.refusal import nearness, refuse
from shuangkong.policyfile.shape import nearest
from shuangkong.reporting.forms.drafts import (
    ColumnDraft,
    TableDraft,
    bilingual,
    column_draft,
    name_of,
    open_rows,
    row_draft,
)
from shuangkong.reporting.forms.model import Choice, Column


@dataclass(frozen=True, slots=True)
class Additions:
    """What one layer adds to a form: its dated ``items``."""

    layer: str
    items: tuple[node.Mapping, ...]


@dataclass(frozen=True)
class Lists:
    """``rows``: id of a list → its rows; ``layouts``: id of a table of indicators → its file."""

    rows: Mapping[str, tuple[node.Mapping, ...]]
    layouts: Mapping[str, node.Mapping] = field(default_factory=dict)

    @property
    def choices(self) -> Mapping[str, tuple[Choice, ...]]:
        """Each list as codes to choose from: the code that it prints, else the id."""
        return {
            key: tuple(Choice(row.text("code") or row.text("id"), name_of(row)) for row in rows)
            for key, rows in self.rows.items()
        }


def drafted(
    version: node.Mapping,
    layer: str,
    additions: Iterable[tuple[str, node.Mapping]],
    lists: Lists,
    findings: list[Finding],
) -> tuple[TableDraft, ...]:
    """The tables of a version with what is added to them; what cannot be, goes to ``findings``."""
    drafter = _Drafter(lists, findings)
    for record in version.listing("tables").mappings():
        drafter.add(record, layer, is_addition=False)
    for each, item in additions:
        for record in item.listing("tables").mappings():
            drafter.add(record, each, is_addition=True)
    return tuple(drafter.tables.values())


class _Drafter:
    def __init__(self, lists: Lists, findings: list[Finding]) -> None:
        self.lists = lists
        self.findings = findings
        self.tables: dict[str, TableDraft] = {}

    def add(self, record: node.Mapping, layer: str, *, is_addition: bool) -> None:
        key = record.text("id")
        draft = self.tables.get(key)
        if draft is not None and (not is_addition or "name" in record or "open" in record):
            self._twice(record.entries["id"].place, key, draft.place)
            return
        if draft is None:
            if "name" not in record:
                self._unknown(record.entries["id"].place, key, self.tables)
                return
            draft = TableDraft(key, name_of(record), record.place, layer, bilingual(record, "guidance"))
            self.tables[key] = draft
        self._fill(draft, record, layer)

    def _fill(self, draft: TableDraft, record: node.Mapping, layer: str) -> None:
        is_optional = record.flag("optional", default=False)
        if "layout" in record:
            self._lay_out(draft, record, layer)
        for each in (*self._listed(record), *record.listing("rows").mappings()):
            row = row_draft(each, layer, is_optional=is_optional)
            if row.row.id in draft.rows:
                self._twice(each.entries["id"].place, row.row.id, draft.rows[row.row.id].place)
            else:
                draft.rows[row.row.id] = row
        for each in record.listing("columns").mappings():
            column = column_draft(each, layer)
            if column.column.id in draft.columns:
                self._twice(each.entries["id"].place, column.column.id, draft.columns[column.column.id].record.place)
            else:
                draft.columns[column.column.id] = column
        for each in record.listing("cells").mappings():
            self._cell(draft, each, layer)
        if "open" in record:
            draft.open = open_rows(record.mapping("open"), self._open_choices(record.mapping("open")))

    def _cell(self, draft: TableDraft, record: node.Mapping, layer: str) -> None:
        place = (record.text("row"), record.text("column"))
        is_theirs = layer != draft.layer and (
            place[0] not in draft.rows or draft.rows[place[0]].layer != layer
        ) and (place[1] not in draft.columns or draft.columns[place[1]].layer != layer)  # fmt: skip
        if place in draft.cells or is_theirs:
            self._twice(record.entries["row"].place, ".".join(place), draft.place)
            return
        draft.cells[place] = (record, layer)

    def _listed(self, record: node.Mapping) -> Iterator[node.Mapping]:
        """Rows of the list that a table names: all, or those alone that it says."""
        if "list" not in record:
            return
        key = record.text("list")
        if key not in self.lists.rows:
            self._unknown(record.entries["list"].place, key, self.lists.rows)
            return
        rows = {each.text("id"): each for each in self.lists.rows[key]}
        for leaf in record.listing("only").items:
            if node.as_text(leaf) not in rows:
                self._unknown(leaf.place, node.as_text(leaf), rows)
        only = frozenset(record.listing("only").texts())
        yield from (row for row_id, row in rows.items() if not only or row_id in only)

    def _lay_out(self, draft: TableDraft, record: node.Mapping, layer: str) -> None:
        """Rows and columns of a table of indicators; every place of it is told in the unit of its column."""
        key = record.text("layout")
        layout = self.lists.layouts.get(key)
        if layout is None:
            self._unknown(record.entries["layout"].place, key, self.lists.layouts)
            return
        draft.layout = key
        for each in layout.listing("rows").mappings():
            row = row_draft(each, layer, is_optional=True)
            draft.rows[row.row.id] = replace(row, is_signed=each.text("sign") == "signed")
        for each in layout.listing("columns").mappings():
            column = Column(id=each.text("id"), name=name_of(each), unit=each.text("unit"))
            draft.columns[column.id] = ColumnDraft(column, each, layer)

    def _open_choices(self, record: node.Mapping) -> tuple[Choice, ...]:
        key = record.text("list")
        if key and key not in self.lists.rows:
            self._unknown(record.entries["list"].place, key, self.lists.rows)
        return self.lists.choices.get(key, ())

    def _twice(self, place: node.Place, found: str, first: node.Place) -> None:
        self.findings.append(refuse("POL-026", place, found=found, first=first))

    def _unknown(self, place: node.Place, found: str, known: Mapping[str, object]) -> None:
        self.findings.append(refuse("POL-067", place, found=found, **nearness(nearest(found, known))))
