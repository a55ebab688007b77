"""栏目所在: addresses of cells of a form, and what they are called."""

from __future__ import annotations

from sys import intern

from shuangkong.core.fact import State
from shuangkong.core.finding import Message
from shuangkong.reporting.forms.addresses import ANY, open_address, parse_address
from shuangkong.reporting.forms.model import Field, Form, Table


def address_of(table: Table, row: str, column: str) -> str:
    """Of fixed rows the very text that the form has: dozens of checks look for it in every return."""
    return open_address(table.id, column, row) if table.open is not None else intern(f"{table.id}.{row}.{column}")


def field_of(table: Table, row: str, column: str) -> Field | None:
    """What stands in a cell; None where the cell is closed."""
    return table.by_place.get((ANY if table.open is not None else row, column))


def blank(field: Field) -> State:
    """What a cell is in which nothing is told."""
    return State.MISSING if field.is_required else State.NOT_APPLICABLE


def unit_of(field: Field) -> Message:
    """The unit that a cell is printed in."""
    return Message(field.printed, field.printed_en or field.printed)


def words(form: Form, address: str) -> Message:
    """Where a cell stands, in words: table, row, column."""
    parsed, field = parse_address(address), form.field(address)
    if parsed is None or field is None:
        return Message(address, address)
    table = form.by_id[parsed.table]
    zh, en = ([parsed.row], [parsed.row]) if parsed.is_open and parsed.row != ANY else ([], [])
    return Message("·".join((table.name.zh, *zh, field.name.zh)), ", ".join((table.name.en, *en, field.name.en)))
