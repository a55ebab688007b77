"""带入: what a new return begins with: figures carried from the last one, and values offered from elsewhere.

Whatever is offered is marked with its source, never takes the place of what the reporter told, and may be changed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Context, Decimal

from shuangkong.core.fact import State
from shuangkong.core.period import Period
from shuangkong.reporting.content import Content, Entry, Origin
from shuangkong.reporting.derive import derive
from shuangkong.reporting.forms.addresses import ANY, open_address, parse_address
from shuangkong.reporting.forms.first import Prefill
from shuangkong.reporting.forms.model import Carry, Field, FieldKind, Form

#: ``Entry.source`` of what comes from the last return.
CARRIED = "carried"
_ROUNDING = Context(prec=1_000, rounding=ROUND_HALF_EVEN)
_DECEMBER = 12
#: The rank of a source that a field does not name.
_UNNAMED = 1_000


@dataclass(frozen=True, slots=True)
class Offer:
    """A first value for a place. ``value``: of a figure in the base unit of the field, else text.

    ``ground``: what it was read from, as a person would cite it (a meter, a permit); empty where the source says all.
    """

    address: str
    value: Decimal | str
    source: Prefill
    ground: str = ""


def carried(form: Form, period: Period, last: Content, last_form: Form) -> dict[str, Entry]:
    """What the return of ``period`` takes over from the one before it, by address.

    Args:
        last: the return of the period before, accepted or not; ``last_form``: the form that it was made on.
    """
    is_new_year = period.first_month % _DECEMBER == 0
    return _taken(form, last, last_form, lambda carry: carry.new_year if is_new_year else carry.last)


def of_last_year(form: Form, told: Content, told_form: Form) -> dict[str, Entry]:
    """What it takes over from that of the same period of last year (上年同期), made on ``told_form``."""
    return _taken(form, told, told_form, lambda carry: carry.year_ago)


def _taken(form: Form, last: Content, last_form: Form, of: Callable[[Carry], str]) -> dict[str, Entry]:
    totals = derive(last_form, last)
    found: dict[str, Entry] = {}
    for field in form.fields.values():
        address = "" if field.carried is None else of(field.carried)
        if not address or not field.is_told:
            continue
        for key in last.rows(field.table) if field.row == ANY else ("",):
            there = _of_row(address, key)
            source = last_form.field(there)
            entry = last[there]
            if source is not None and source.derived is not None:
                told = totals.get(there, State.MISSING)
                entry = Entry(State.VALUE, told) if isinstance(told, Decimal) else Entry(told)
            converted = None if source is None else in_unit_of(entry, source, field)
            if converted is not None and converted.state is State.VALUE:
                found[_of_row(field.address, key)] = converted._replace(origin=Origin.PREFILLED, source=CARRIED)
    return found


def coefficients(form: Form, value_of: Callable[[str], Decimal | None]) -> Iterator[Offer]:
    """Offers of the coefficients that the policy has; ``value_of``: id of a parameter → its value, None where none."""
    for field in form.fields.values():
        first = field.first(Prefill.COEFFICIENT)
        if first is not None and field.is_told:
            value = value_of(first.which) if first.which else None
            if not first.which and field.unit == "ratio":
                value = Decimal(1)  # what is told in coal equivalent is converted already
            if value is not None:
                yield Offer(field.address, value, Prefill.COEFFICIENT, first.which)


def prefilled(form: Form, content: Content, offers: Iterable[Offer]) -> Content:
    """The return with what is offered where nothing is told; an offer that the form has no place for is passed over.

    Of several offers for a place the one stands whose source its field names first.
    """
    changes: dict[str, Entry] = {}
    ranks: dict[str, int] = {}
    for offer in offers:
        field = form.field(offer.address)
        if field is None or not field.is_told or content[offer.address].state is not State.MISSING:
            continue
        rank = _rank(field, offer.source)
        entry = offered(field, offer) if rank < ranks.get(offer.address, _UNNAMED + 1) else None
        if entry is not None:
            changes[offer.address], ranks[offer.address] = entry, rank
    return content.with_entries(changes) if changes else content


def _rank(field: Field, source: Prefill) -> int:
    return next((place for place, each in enumerate(field.firsts) if each.source is source), _UNNAMED)


def offered(field: Field, offer: Offer) -> Entry | None:
    """The entry that an offer makes; None where it is none of the kind that the field takes."""
    source = offer.source.value if not offer.ground else f"{offer.source.value}:{offer.ground}"
    if field.kind is FieldKind.FIGURE:
        if not isinstance(offer.value, Decimal):
            return None
        return Entry(
            State.VALUE, _rounded(_ROUNDING.divide(offer.value, field.factor), field.decimals), Origin.PREFILLED, source
        )
    return Entry(State.VALUE, offer.value, Origin.PREFILLED, source) if isinstance(offer.value, str) else None


def overruled(form: Form, content: Content, offers: Iterable[Offer]) -> Iterator[tuple[str, Entry, Entry]]:
    """(address, told, offered) where the reporter told something else than was offered."""
    for offer in offers:
        field = form.field(offer.address)
        entry = offered(field, offer) if field is not None else None
        told = content[offer.address]
        if entry is not None and told.state is not State.MISSING and (told.state, told.value) != entry[:2]:
            yield offer.address, told, entry


def in_unit_of(entry: Entry, source: Field, field: Field) -> Entry | None:
    """An entry of one field as one of another; None where they are of different kinds or units."""
    if source.kind is not field.kind or source.unit != field.unit:
        return None
    if entry.state is not State.VALUE or not isinstance(entry.value, Decimal) or source.factor == field.factor:
        return entry
    base = _ROUNDING.multiply(entry.value, source.factor)
    return entry._replace(value=_rounded(_ROUNDING.divide(base, field.factor), field.decimals))


def _rounded(value: Decimal, decimals: int) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-decimals), context=_ROUNDING)


def _of_row(address: str, key: str) -> str:
    """The address of an open row for the pattern of its table."""
    parsed = parse_address(address) if key else None
    return address if parsed is None else open_address(parsed.table, parsed.column, key)
