"""承上期: what a return begins with from those before, each value marked by what it was taken from."""

from __future__ import annotations

from collections.abc import Iterator

from shuangkong.core.fact import State
from shuangkong.core.period import Period
from shuangkong.records.reporting.earlier import Earlier
from shuangkong.records.reporting.values import Value, values
from shuangkong.reporting.content import Content, Entry, Origin
from shuangkong.reporting.forms.addresses import ANY, open_address, parse_address
from shuangkong.reporting.forms.model import Field, Form

CARRIED = "carried"
_YEAR = 12


def carried(form: Form, period: Period, earlier: Earlier) -> dict[str, Entry]:
    """Address → entry, of the fields that begin with something of the last return. Derived values are carried too."""
    if earlier.last is None:
        return {}
    told = values(form, earlier.last)
    is_new_year = period.first_month % _YEAR == 0
    found: dict[str, Entry] = {}
    for field in form.fields.values():
        if field.carried is None or not field.is_told:
            continue
        source = field.carried.new_year if is_new_year else field.carried.last
        if source:
            found |= dict(_of_field(field, source, earlier.last, told))
    return found


def _of_field(field: Field, source: str, last: Content, told: dict[str, Value]) -> Iterator[tuple[str, Entry]]:
    if field.row != ANY:
        yield from _entry(field.address, told.get(source))
        return
    parsed = parse_address(source.replace("[]", f"[{ANY}]"))
    if parsed is None or not parsed.is_open:
        return
    for key in last.rows(parsed.table):
        value = told.get(open_address(parsed.table, parsed.column, key))
        yield from _entry(open_address(field.table, field.column, key), value)


def _entry(address: str, value: Value | None) -> Iterator[tuple[str, Entry]]:
    if value is not None and not isinstance(value, State):
        yield address, Entry(State.VALUE, value, Origin.PREFILLED, CARRIED)
