"""拟稿: a form while it is being put together of its own file and of what lower layers add to it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from shuangkong.core.finding import Message
from shuangkong.policyfile import books
from shuangkong.policyfile.node import Listing, Mapping, Place
from shuangkong.reporting.forms.model import Choice, Column, FieldKind, OpenRows, Row

#: Words of ``sums`` that stand for all rows of the table that are no part of another and add up none.
ALL = "all"


@dataclass(frozen=True, slots=True)
class RowDraft:
    """``columns``: in which alone it is open (empty: in all); ``sums``, ``derived``: what it adds up or computes."""

    row: Row
    place: Place
    layer: str
    sums: tuple[str, ...] = ()
    derived: str = ""
    columns: tuple[str, ...] = ()
    decimals: int | None = None
    is_signed: bool = False
    record: Mapping | None = None


@dataclass(frozen=True, slots=True)
class ColumnDraft:
    column: Column
    record: Mapping
    layer: str
    choices: tuple[Choice, ...] = ()
    #: Id of the list whose rows may be chosen.
    list: str = ""


@dataclass
class TableDraft:
    """A table that layers still add to; ``cells``: what differs from its column, by row and column."""

    id: str
    name: Message
    place: Place
    layer: str
    guidance: Message | None = None
    rows: dict[str, RowDraft] = field(default_factory=dict)
    columns: dict[str, ColumnDraft] = field(default_factory=dict)
    cells: dict[tuple[str, str], tuple[Mapping, str]] = field(default_factory=dict)
    open: OpenRows | None = None
    #: Id of the table of indicators that it is laid out as.
    layout: str = ""


def bilingual(record: Mapping, key: str) -> Message | None:
    return books.message(record.mapping(key)) if key in record else None


def name_of(record: Mapping) -> Message:
    return books.message(record.mapping("name"))


def row_draft(record: Mapping, layer: str, *, is_optional: bool) -> RowDraft:
    sums, derived = texts(record, "sums"), record.text("derived")
    row = Row(
        id=record.text("id"),
        name=name_of(record),
        code=record.text("code"),
        unit=record.text("unit"),
        printed=record.text("display"),
        within=record.text("within"),
        coefficient=record.text("coefficient"),
        equivalent=record.text("equivalent"),
        is_optional=record.flag("optional", is_optional),
        is_total=bool(sums or derived),
        guidance=bilingual(record, "guidance"),
    )
    decimals = int(record.number("decimals")) if "decimals" in record else None
    columns = record.listing("columns").texts()
    is_signed = record.flag("signed", default=False)
    return RowDraft(row, record.place, layer, sums, derived, columns, decimals, is_signed, record)


def column_draft(record: Mapping, layer: str) -> ColumnDraft:
    column = Column(
        id=record.text("id"),
        name=name_of(record),
        kind=FieldKind(record.text("kind", FieldKind.FIGURE)),
        unit=record.text("unit"),
        printed=record.text("display"),
        within=record.text("within"),
        guidance=bilingual(record, "guidance"),
    )
    return ColumnDraft(column, record, layer, tuple(choices(record)), record.text("list"))


def choices(record: Mapping) -> Iterator[Choice]:
    for item in record.listing("choices").mappings():
        yield Choice(item.text("code"), name_of(item))


def open_rows(record: Mapping, listed: tuple[Choice, ...]) -> OpenRows:
    """``listed``: the rows of the list that its key is chosen of."""
    bounds = {key: int(record.number(key)) for key in ("least", "most") if key in record}
    return OpenRows(
        name=name_of(record),
        kind=record.text("kind", "number"),
        choices=(*choices(record), *listed),
        **bounds,
    )


def texts(record: Mapping, key: str) -> tuple[str, ...]:
    """The texts under a key that has one or a list of them; none where it is not there."""
    if key not in record:
        return ()
    return record.listing(key).texts() if isinstance(record.entries[key], Listing) else (record.text(key),)
