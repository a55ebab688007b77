"""对照数据: figures from elsewhere that returns are held against and begin with: meters, sales, monitoring, permits."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from shuangkong.core.finding import Finding, Message
from shuangkong.policyfile import books
from shuangkong.policyfile.folder import PolicyFolder
from shuangkong.policyfile.layers import chain, names_in_force
from shuangkong.policyfile.node import Mapping as Node
from shuangkong.policyfile.node import Place, as_mapping
from shuangkong.policyfile.refusal import nearness, refuse
from shuangkong.policyfile.shape import nearest
from shuangkong.reporting.forms.addresses import ANY
from shuangkong.reporting.forms.book import FormBook, form_book
from shuangkong.reporting.forms.first import OF_EVIDENCE, First
from shuangkong.reporting.forms.model import Field, Form

FOLDER = "reporting/evidence"


@dataclass(frozen=True, slots=True)
class Sales:
    """Where suppliers' returns of ``form`` say what was sold.

    Attributes:
        customer: an open table whose keys are credit codes; ``total``: table and row of all that was sold.
        month, to_date: their columns for the month and since January.
    """

    form: str
    customer: str
    total: tuple[str, str]
    month: str
    to_date: str


@dataclass(frozen=True, slots=True)
class Item:
    """One figure. ``fact``: the indicator of the unit's own facts that tells it, by months (or, ``is_yearly``, by
    years: a permit); else ``sales``. ``permit``: codes of factors; what the permits of the unit's
    outlets allow of them tells it where no fact does; ``capacity``: so does the rated capacity of the unit's
    machines of that sort, added up."""

    id: str
    name: Message
    fact: str = ""
    is_yearly: bool = False
    sales: Sales | None = None
    permit: tuple[str, ...] = ()
    capacity: str = ""


def evidence_book(folder: PolicyFolder, layer: str) -> Mapping[str, Item]:
    """Id → what is evidence in a layer. Raises PolicyRefused where a file cannot be used."""
    files = names_in_force(folder, chain(folder, layer), FOLDER)
    records = (as_mapping(folder.require(files[key])) for key in sorted(files))
    items = (_item(each) for record in records for each in record.listing("items").mappings())
    return {each.id: each for each in items}


def _item(record: Node) -> Item:
    told = record.mapping("sales") if "sales" in record else None
    sales = None
    if told is not None:
        table, _, row = told.text("total").partition(".")
        sales = Sales(
            told.text("form"), told.text("customer"), (table, row), told.text("month"), told.text("to_date")
        )  # fmt: skip
    return Item(
        record.text("id"), books.message(record.mapping("name")), record.text("fact"),
        record.text("span") == "year", sales, tuple(record.listing("permit").texts()) if "permit" in record else (),
        record.text("capacity"),
    )  # fmt: skip


def check_evidence(folder: PolicyFolder) -> Iterator[Finding]:
    """What of the evidence of every layer cannot be used, and fields that are to begin with what nothing tells."""
    for layer in folder.layers:
        names = [] if layer in folder.drafts else folder.names_in(layer, FOLDER)
        read = [folder.check(name) for name in names]
        records = [each.node for each in read if each.node is not None and not each.findings]
        if not names or len(records) < len(names):
            continue
        forms = form_book(folder, layer)
        known = names_in_force(folder, chain(folder, layer), "indicators")
        seen: set[str] = set()
        for node in records:
            for record in as_mapping(node).listing("items").mappings():
                yield from _wrong(_item(record), record.place, forms, known, seen)
        yield from _unoffered(forms, evidence_book(folder, layer), Place(folder.shown(names[0]), 1))


def _wrong(
    item: Item, place: Place, forms: FormBook, indicators: Mapping[str, str], seen: set[str]
) -> Iterator[Finding]:
    if item.id in seen or bool(item.fact) == (item.sales is not None):
        yield refuse("POL-077", place, found=item.id)
    seen.add(item.id)
    if item.fact and item.fact not in indicators:
        yield refuse("POL-067", place, found=item.fact, **nearness(nearest(item.fact, indicators)))
    if item.sales is not None and not any(
        _fields(item.sales, form) for form in forms.over_time.get(item.sales.form, ())
    ):
        yield refuse("POL-067", place, found=item.sales.form, **nearness(nearest(item.sales.form, forms.over_time)))


def _fields(sales: Sales, form: Form) -> bool:
    """Whether a form has every place that is named."""
    wanted = [(table, row, column) for column in (sales.month, sales.to_date)
              for table, row in (sales.total, (sales.customer, ANY))]  # fmt: skip
    return all(table in form.by_id and (row, column) in form.by_id[table].by_place for table, row, column in wanted)


def _unoffered(forms: FormBook, book: Mapping[str, Item], place: Place) -> Iterator[Finding]:
    """Columns that are to begin with evidence of which no row has any."""
    columns: dict[tuple[str, str, str], list[Field]] = {}
    for id, editions in forms.over_time.items():  # noqa: A001 - the word of the field
        for field in editions[-1].fields.values():
            if evidence_of(field) is not None:
                columns.setdefault((id, field.table, field.column), []).append(field)
    for (id, table, column), fields in columns.items():  # noqa: A001
        asked = [each.which for field in fields if (each := evidence_of(field)) is not None]
        if not any(each in book for each in asked):
            yield refuse("POL-067", place, found=f"{id} {table}.{column}: {asked[0]}", **nearness(None))


def evidence_of(field: Field) -> First | None:
    """The evidence that a field begins with, where nothing that goes before has anything; None where with none."""
    found = field.first(*OF_EVIDENCE)
    return found if found is not None and found.which else None


def offered_fields(form: Form) -> Iterator[tuple[Field, First]]:
    """Fields of fixed rows that may begin with evidence, and with which."""
    for each in form.fixed.values():
        if each.is_told and (first := evidence_of(each)) is not None:
            yield each, first
