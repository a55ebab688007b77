"""自动计算: what the derived fields of a return come to, of what is told in it.

A form adds up on paper: each derived field is rounded to its own decimals (GB/T 8170), and what rests on it rests on
the rounded figure. A blank that is not required does not apply, and so does a row in which nothing is told; a sum
passes over both. A blank that is required is missing, and so is whatever rests on it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Context, Decimal
from functools import lru_cache

from shuangkong.core.fact import State
from shuangkong.policyfile.expression.given import STATES, Lack, Told
from shuangkong.policyfile.expression.quick import Quick, lossless
from shuangkong.reporting.content import Content, Entry, Origin
from shuangkong.reporting.forms.addresses import ANY, open_address, parse_address
from shuangkong.reporting.forms.model import Derivation, Field, Form, Prefill

_ROUNDING = Context(prec=1_000, rounding=ROUND_HALF_EVEN)
#: Forms of all layers and editions that a process meets in a day, made ready once.
_MOST_KEPT = 512
_NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True)
class _Ready:
    """A derived field made ready: its expression, and of each input the address and factor."""

    field: Field
    quick: Quick
    inputs: tuple[str, ...]
    factors: tuple[Decimal, ...]
    divisor: Decimal
    places: Decimal


@lru_cache(maxsize=_MOST_KEPT)
def _made_ready(form: Form) -> tuple[_Ready, ...]:
    return tuple(_ready(field, field.derived) for field in form.derived if field.derived is not None)


def _ready(field: Field, derivation: Derivation) -> _Ready:
    return _Ready(
        field,
        Quick(derivation.expression, [name for name, _ in derivation.inputs]),
        tuple(address for _, address in derivation.inputs),
        derivation.factors,
        derivation.divisor,
        Decimal(1).scaleb(-field.decimals),
    )


def derive(form: Form, content: Content) -> dict[str, Told]:
    """Address → figure in the printed unit, or why there is none, of every derived place; open rows by their keys."""
    return dict(_Return(form, content).derived())


def values(form: Form, content: Content) -> dict[str, Told]:
    """The same of every figure that stands in the form, told or derived, blanks as the form means them."""
    whole = _Return(form, content)
    told = dict(whole.derived())
    for address, field in form.fields.items():
        if field.derived is None and not field.choices and field.unit:
            for each in whole.places(field, address):
                told[each] = whole.told(each, field)
    return told


def is_in_use(form: Form, content: Content, table: str, row: str) -> bool:
    """Whether a fixed row applies: it must always be told, or something is told in it."""
    return _Return(form, content).is_in_use(table, row)


class _Return:
    """One return while it is being computed."""

    def __init__(self, form: Form, content: Content) -> None:
        self.form = form
        self.content = content
        self.known: dict[str, Told] = {}
        self._used: dict[tuple[str, str], bool] = {}

    def derived(self) -> Iterator[tuple[str, Told]]:
        with lossless():
            for ready in _made_ready(self.form):
                if ready.field.row != ANY:
                    found = self.computed(ready, "")
                    self.known[ready.field.address] = found
                    yield ready.field.address, found
                    continue
                for key in self.content.rows(ready.field.table):
                    address = open_address(ready.field.table, ready.field.column, key)
                    found = self.computed(ready, key)
                    self.known[address] = found
                    yield address, found

    def computed(self, ready: _Ready, key: str) -> Told:
        told = [
            self.input(address, key) if factor == 1 else _times(self.input(address, key), factor)
            for address, factor in zip(ready.inputs, ready.factors, strict=True)
        ]
        found = ready.quick.number(told)
        if isinstance(found, Lack):
            return STATES[found]
        if ready.divisor != 1:
            found = _ROUNDING.divide(found, ready.divisor)
        return found.quantize(ready.places, context=_ROUNDING)

    def input(self, address: str, key: str) -> Told:
        if "[" not in address:
            return self.told(address, self.form.fields[address])
        pattern = parse_address(address)
        if pattern is None:
            raise TypeError(f"{address!r}: expected an address")
        field = self.form.fields[open_address(pattern.table, pattern.column)]
        if pattern.row != ANY:
            return self.told(open_address(pattern.table, pattern.column, key), field)
        return self.total(field)

    def total(self, field: Field) -> Told:
        """All rows of an open table added up; without rows there is nothing, which is zero."""
        total, is_any, rows = _NOTHING, False, self.content.rows(field.table)
        for key in rows:
            told = self.told(open_address(field.table, field.column, key), field)
            if told is State.MISSING:
                return told
            if isinstance(told, Decimal):
                total += told
                is_any = True
        return total if is_any or not rows else State.NOT_APPLICABLE

    def told(self, address: str, field: Field) -> Told:
        if field.derived is not None:
            return self.known.get(address, State.MISSING)
        entry = self.content.entries.get(address)
        if entry is not None:
            if isinstance(entry.value, Decimal):
                return entry.value
            # Words in the place of a figure are no figure: the checks say so, and nothing is computed of them.
            return State.MISSING if entry.state is State.VALUE else entry.state
        if field.is_required and (field.row == ANY or self.is_in_use(field.table, field.row)):
            return State.MISSING
        return State.NOT_APPLICABLE

    def places(self, field: Field, address: str) -> Iterator[str]:
        if field.row != ANY:
            yield address
            return
        for key in self.content.rows(field.table):
            yield open_address(field.table, field.column, key)

    def is_in_use(self, table: str, row: str) -> bool:
        if (table, row) not in self._used:
            self._used[table, row] = self._is_used(table, row)
        return self._used[table, row]

    def _is_used(self, table: str, row: str) -> bool:
        whole = self.form.by_id[table]
        if not whole.row(row).is_optional:
            return True
        return any(
            _counts(entry, field)
            for column in whole.columns
            if (field := whole.by_place.get((row, column.id))) is not None
            and (entry := self.content.entries.get(field.address)) is not None
        )


def _counts(entry: Entry, field: Field) -> bool:
    """Whether an entry puts its row to use: not a coefficient or a nothing that the system offered by itself."""
    if entry.state is not State.VALUE or entry.origin is not Origin.PREFILLED:
        return entry.state is State.VALUE
    return field.prefill is not Prefill.COEFFICIENT and bool(entry.value)


def _times(told: Told, factor: Decimal) -> Told:
    return told * factor if isinstance(told, Decimal) else told
