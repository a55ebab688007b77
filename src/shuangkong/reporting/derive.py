"""自动计算: what the derived fields of a return come to, of what is told in it.

A form adds up on paper: each derived field is rounded to its own decimals (GB/T 8170), and what rests on it rests on
the rounded figure. A blank that is not required does not apply, and so does a row in which nothing is told; a sum
passes over both. A blank that is required is missing, and so is whatever rests on it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Context, Decimal
from functools import cached_property, lru_cache
from operator import itemgetter, mul
from typing import NamedTuple

from shuangkong.core.fact import State
from shuangkong.policyfile.expression.given import STATES, WRITTEN, Lack, Told
from shuangkong.policyfile.expression.quick import Quick, lossless
from shuangkong.reporting.content import Content, Entry, Origin
from shuangkong.reporting.forms.addresses import ANY, open_address, parse_address
from shuangkong.reporting.forms.model import Derivation, Field, Form

_ROUNDING = Context(prec=1_000, rounding=ROUND_HALF_EVEN)
#: Forms of all layers and editions that a process meets in a day, made ready once.
_MOST_KEPT = 512
_NOTHING, _ONE = Decimal(0), Decimal(1)
#: Address → figure, → those of the cells that a derived field rests on.
type _Reader = Callable[[Mapping[str, Decimal]], tuple[Decimal, ...]]


class _Input(NamedTuple):
    """What a derived field rests on: an address, with its field and a factor, None where that is one.

    ``is_plain``: it is told in a fixed row, and stands in the content as it is.
    """

    address: str
    field: Field
    factor: Decimal | None
    is_plain: bool


@dataclass(frozen=True, slots=True)
class _Ready:
    """A derived field made ready: its expression, and its inputs; ``divisor`` None where that is one."""

    field: Field
    number: Callable[[Sequence[Told]], Decimal | Lack]
    inputs: tuple[_Input, ...]
    divisor: Decimal | None
    places: Decimal
    #: Where all that it rests on are fixed cells as they are: what takes their figures, and what answers of these.
    plain: tuple[_Reader, Callable[[Sequence[Told]], Decimal]] | None


@lru_cache(maxsize=_MOST_KEPT)
def _made_ready(form: Form) -> tuple[_Ready, ...]:
    return tuple(_ready(form, field, field.derived) for field in form.derived if field.derived is not None)


def _ready(form: Form, field: Field, derivation: Derivation) -> _Ready:
    told = zip((address for _, address in derivation.inputs), derivation.factors, strict=True)
    inputs = tuple(_input(form, address, factor) for address, factor in told)
    quick = Quick(derivation.expression, [name for name, _ in derivation.inputs])
    is_plain = field.row != ANY and all("[" not in each.address for each in inputs)
    answer = quick.plainly() if is_plain and inputs else None
    return _Ready(
        field,
        quick.number,
        inputs,
        None if derivation.divisor == 1 else derivation.divisor,
        Decimal(1).scaleb(-field.decimals),
        None if answer is None else (_reader(inputs), answer),
    )


def _reader(inputs: Sequence[_Input]) -> _Reader:
    addresses, factors = [each.address for each in inputs], [each.factor or _ONE for each in inputs]
    if len(addresses) == 1:
        address, factor = addresses[0], factors[0]
        return lambda figures: (figures[address] * factor,)
    reader: _Reader = itemgetter(*addresses)
    if all(factor == _ONE for factor in factors):
        return reader
    return lambda figures: tuple(map(mul, reader(figures), factors))


def _input(form: Form, address: str, factor: Decimal) -> _Input:
    pattern = parse_address(address) if "[" in address else None
    field = form.fields[address if pattern is None else open_address(pattern.table, pattern.column)]
    is_plain = pattern is None and field.derived is None
    return _Input(field.address if pattern is None else address, field, None if factor == 1 else factor, is_plain)


@lru_cache(maxsize=_MOST_KEPT)
def _figures(form: Form) -> Mapping[str, Field]:
    """Address → field of every figure that is told."""
    found = form.fields.items()
    return {at: field for at, field in found if field.derived is None and not field.choices and field.unit}


def derive(form: Form, content: Content) -> dict[str, Told]:
    """Address → figure in the printed unit, or why there is none, of every derived place; open rows by their keys."""
    return dict(_Return(form, content).derived)


def values(form: Form, content: Content) -> dict[str, Told]:
    """The same of every figure that stands in the form, told or derived, blanks as the form means them."""
    whole, fields = _Return(form, content), _figures(form)
    told = dict(whole.derived)
    figures = content.figures
    for address, field in fields.items():
        # Nearly all of hundreds of figures stand there: those go the short way.
        if (figure := figures.get(address)) is not None and field.row != ANY:
            told[address] = figure
            continue
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
        #: Figures of fixed cells, told and derived so far.
        self.at_hand = dict(content.figures)
        self._used: dict[tuple[str, str], bool] = {}

    @cached_property
    def derived(self) -> Mapping[str, Told]:
        """Address → figure, or why there is none, of every derived place, in the order of the form."""
        known, at_hand, plus = self.known, self.at_hand, WRITTEN.plus
        with lossless():
            for ready in _made_ready(self.form):
                if ready.field.row == ANY:
                    for key in self.content.rows(ready.field.table):
                        address = open_address(ready.field.table, ready.field.column, key)
                        known[address] = self.computed(ready, key)
                    continue
                address = ready.field.address
                if ready.plain is not None:
                    # Fixed cells with a figure in each, as nearly all of hundreds are: those go the short way.
                    reader, answer = ready.plain
                    try:
                        known[address] = at_hand[address] = _printed(plus(answer(reader(at_hand))), ready)
                        continue
                    except (ArithmeticError, LookupError):
                        pass
                known[address] = found = self.computed(ready, "")
                if isinstance(found, Decimal):
                    at_hand[address] = found
                else:
                    at_hand.pop(address, None)
        return known

    def computed(self, ready: _Ready, key: str) -> Told:
        told: list[Told] = []
        entries = self.content.entries
        for each in ready.inputs:
            # Nearly all of hundreds of inputs are figures that stand there: those go the short way.
            entry = entries.get(each.address) if each.is_plain else None
            value = None if entry is None else entry[1]
            found = value if value.__class__ is Decimal else self.input(each, key)
            told.append(found if each.factor is None else _times(found, each.factor))
        figure = ready.number(told)
        return STATES[figure] if isinstance(figure, Lack) else _printed(figure, ready)

    def input(self, asked: _Input, key: str) -> Told:
        if "[" not in asked.address:
            return self.told(asked.address, asked.field)
        pattern = parse_address(asked.address)
        if pattern is None:
            raise TypeError(f"{asked.address!r}: expected an address")
        if pattern.row != ANY:
            return self.told(open_address(pattern.table, pattern.column, key), asked.field)
        return self.total(asked.field)

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
    return not field.is_coefficient and bool(entry.value)


def _printed(figure: Decimal, ready: _Ready) -> Decimal:
    """In the printed unit, rounded to the decimals of the field."""
    if ready.divisor is not None:
        figure = _ROUNDING.divide(figure, ready.divisor)
    return figure.quantize(ready.places, context=_ROUNDING)


def _times(told: Told, factor: Decimal) -> Told:
    return told * factor if isinstance(told, Decimal) else told
