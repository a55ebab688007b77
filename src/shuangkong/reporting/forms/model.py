"""报表的模型: a form, its tables, rows, columns and fields, as they stand on one day in one place.

Numbers of a return are kept as they are filed: in the unit that the form prints (万千瓦时). ``Field.factor`` turns one
into the base unit; whatever computes across fields does so in base units.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cached_property

from shuangkong.core.dated import Validity
from shuangkong.core.fact import Evidence, Measure
from shuangkong.core.finding import Message
from shuangkong.policyfile.expression import Expression
from shuangkong.reporting.forms.addresses import ANY, open_address, parse_address
from shuangkong.reporting.forms.first import First, Prefill


class SubjectKind(StrEnum):
    """Whom a return is about."""

    UNIT = "unit"
    INSTITUTION = "institution"
    REGION = "region"
    DEPARTMENT = "department"
    SUPPLIER = "supplier"
    PROJECT = "project"


class Every(StrEnum):
    """How often a form is due."""

    MONTH = "month"
    QUARTER = "quarter"
    HALF = "half"
    YEAR = "year"


class FieldKind(StrEnum):
    """What a field takes: a number, one of a list of codes, words, a day, yes or no."""

    FIGURE = "figure"
    CODE = "code"
    TEXT = "text"
    DAY = "day"
    FLAG = "flag"


class Span(StrEnum):
    """What a figure covers: the period of the return, the year up to its end (1—本月), or the state at its end."""

    PERIOD = "period"
    TO_DATE = "to_date"
    INSTANT = "instant"


@dataclass(frozen=True, slots=True)
class Choice:
    """One code that a field may take."""

    code: str
    name: Message


@dataclass(frozen=True, slots=True)
class Derivation:
    """How a field is computed from others of the same return.

    Attributes:
        expression: over ``inputs``, its names known in base units.
        inputs: (name, address) in the order of the names. The address of an open table ends its key as ``[*]`` for all
            rows added up, as ``[]`` for the row at hand.
        factors: of each input, from the unit filed to the one the expression is in; ``divisor``: of the result.
    """

    expression: Expression
    inputs: tuple[tuple[str, str], ...]
    factors: tuple[Decimal, ...]
    divisor: Decimal = Decimal(1)


@dataclass(frozen=True, slots=True)
class Carry:
    """承上期: where a field begins in the last return, in it where that is of last year, in that of a year ago."""

    last: str = ""
    new_year: str = ""
    year_ago: str = ""


@dataclass(frozen=True, slots=True)
class Flow:
    """入数: the indicator that an accepted figure becomes a fact of.

    Of the reporter (``self``), its ``region`` or what an open row's key names; ``after``: forms that tell it first.
    """

    indicator: str
    measure: Measure = Measure.LEVEL
    subject: str = "self"
    after: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Field:
    """One place of a form that takes or shows a value.

    Attributes:
        address: ``table.row.column``; of an open table the pattern ``table[*].column``.
        unit: id of the base unit; "" where it has none. ``printed``: as the form prints it, ``printed_en`` in English;
            ``factor``: base units in one printed unit; ``decimals``: most of a figure in it.
        is_required: blank is missing; a blank in any other field means that it does not apply.
        derived: how it is computed; None where it is told.
        is_verified: a person has compared it with the document's own text.
        layer: which layer of the policy asks for it.
    """

    address: str
    table: str
    row: str
    column: str
    name: Message
    kind: FieldKind = FieldKind.FIGURE
    unit: str = ""
    printed: str = ""
    printed_en: str = ""
    factor: Decimal = Decimal(1)
    decimals: int = 2
    is_required: bool = False
    may_be_negative: bool = False
    span: Span = Span.PERIOD
    derived: Derivation | None = None
    carried: Carry | None = None
    #: Where its first value comes from: the first of them that has any.
    firsts: tuple[First, ...] = ()
    choices: tuple[Choice, ...] = ()
    guidance: Message | None = None
    fact: Flow | None = None
    is_verified: bool = False
    layer: str = "national"

    @property
    def is_told(self) -> bool:
        """Whether a reporter fills it in."""
        return self.derived is None

    def first(self, *sources: Prefill) -> First | None:
        """What it begins with of some sources; None where of none of them."""
        return next((each for each in self.firsts if each.source in sources), None)

    @cached_property
    def is_coefficient(self) -> bool:
        return self.first(Prefill.COEFFICIENT) is not None

    @cached_property
    def codes(self) -> frozenset[str]:
        return frozenset(choice.code for choice in self.choices)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A fixed row: an energy, a product, an item. ``within``: the row that it is part of (其中).

    ``is_optional``: with nothing told in it, it does not apply as a whole.
    """

    id: str
    name: Message
    code: str = ""
    unit: str = ""
    printed: str = ""
    within: str = ""
    coefficient: str = ""
    equivalent: str = ""
    is_optional: bool = False
    is_total: bool = False
    guidance: Message | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    id: str
    name: Message
    kind: FieldKind = FieldKind.FIGURE
    unit: str = ""
    printed: str = ""
    within: str = ""
    guidance: Message | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenRows:
    """As many rows as the reporter needs, each with a key of its own that no other has.

    ``key``: what the key is (NUMBER: rows are simply counted 1, 2, 3). ``least``, ``most``: how many rows.
    """

    name: Message
    kind: str = "number"
    choices: tuple[Choice, ...] = ()
    least: int = 0
    most: int = 200


@dataclass(frozen=True, kw_only=True)
class Table:
    """Rows times columns; ``fields`` are its open places, row by row. A place that is not among them is closed."""

    id: str
    name: Message
    rows: tuple[Row, ...]
    columns: tuple[Column, ...]
    fields: tuple[Field, ...]
    open: OpenRows | None = None
    guidance: Message | None = None
    layer: str = "national"

    @cached_property
    def by_place(self) -> Mapping[tuple[str, str], Field]:
        """(row, column) → field; the row of an open table is ``*``."""
        return {(field.row, field.column): field for field in self.fields}

    @cached_property
    def row_ids(self) -> tuple[str, ...]:
        return tuple(row.id for row in self.rows)

    def row(self, id: str) -> Row:  # noqa: A002 - the word of the field
        """KeyError where there is none."""
        return self._rows[id]

    def column(self, id: str) -> Column:  # noqa: A002 - the word of the field
        return self._columns[id]

    @cached_property
    def _rows(self) -> Mapping[str, Row]:
        return {row.id: row for row in self.rows}

    @cached_property
    def _columns(self) -> Mapping[str, Column]:
        return {column.id: column for column in self.columns}


@dataclass(frozen=True, kw_only=True, eq=False)
class Form:
    """One form as it stands for a reporter on a day: the nation's version with the additions of the places above it.

    Two of them are one only where they are the same object: what is made of a form is kept by it.

    Attributes:
        id: of the policy file. ``number``: as printed on the form.
        edition: which version with which additions: what a draft, a file or a hash names (``2024-01-01``,
            ``2024-01-01+liaoning.2024-07-01``).
        kind: 统计 or 行政; identifiable statistical returns carry no act against a unit (Statistics Law).
        days: within which it is due, after the period; ``due``: the (month, day) that is the last one instead.
        soon: days before it on which one is reminded; ``is_early``: it may be signed before its period is over.
        derived: the derived fields, each after those that it rests on.
        scopes: ids of the scopes whose members report; ``levels``: of regions and departments that report.
    """

    id: str
    name: Message
    number: str
    kind: Evidence
    subject: SubjectKind
    every: Every
    days: int
    validity: Validity
    edition: str
    tables: tuple[Table, ...]
    derived: tuple[Field, ...] = ()
    due: tuple[int, int] | None = None
    soon: int | None = None
    is_early: bool = False
    scopes: tuple[str, ...] = ()
    levels: tuple[str, ...] = ()
    owner: str = ""
    note: str = ""
    source: str = ""
    at: str = ""
    is_verified: bool = False
    layers: tuple[str, ...] = ("national",)

    @property
    def is_statistical(self) -> bool:
        return self.kind is Evidence.STATISTICAL

    @cached_property
    def by_id(self) -> Mapping[str, Table]:
        return {table.id: table for table in self.tables}

    @cached_property
    def fields(self) -> Mapping[str, Field]:
        """Address → field; those of open tables under their pattern ``table[*].column``."""
        return {field.address: field for table in self.tables for field in table.fields}

    @cached_property
    def fixed(self) -> Mapping[str, Field]:
        """Those of ``fields`` that stand in fixed rows."""
        return {address: field for address, field in self.fields.items() if field.row != ANY}

    @cached_property
    def required(self) -> tuple[Field, ...]:
        return tuple(field for field in self.fields.values() if field.is_required and field.is_told)

    def field(self, address: str) -> Field | None:
        """The field that an address is of: of an open row the one of its pattern; None where there is none."""
        found = self.fields.get(address)
        if found is None and "[" in address and (parsed := parse_address(address)) is not None:
            return self.fields.get(open_address(parsed.table, parsed.column))
        return found

    def holds_on(self, day: date) -> bool:
        return self.validity.holds_on(day)
