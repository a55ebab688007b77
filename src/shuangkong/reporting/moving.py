"""换版: a draft begun on one edition of a form, moved to another; whatever cannot move along is named, not lost."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from shuangkong.core.fact import State
from shuangkong.reporting.carrying import in_unit_of
from shuangkong.reporting.content import Content, Entry
from shuangkong.reporting.forms.addresses import parse_address
from shuangkong.reporting.forms.model import Field, FieldKind, Form


class Left(StrEnum):
    """Why an entry stays behind."""

    GONE = "gone"
    DERIVED = "derived"
    OTHER_UNIT = "other_unit"
    OTHER_CODE = "other_code"
    DECIMALS = "decimals"
    SURPLUS_ROW = "surplus_row"


@dataclass(frozen=True, slots=True)
class Moved:
    """``content`` in the new edition; ``left``: (address, entry, why) of what has no place there; ``new``: addresses
    that the new edition requires and the old one did not have."""

    content: Content
    left: tuple[tuple[str, Entry, Left], ...]
    new: tuple[str, ...]


def moved(content: Content, old: Form, new: Form) -> Moved:
    """The return on the edition ``new``; both are the same form.

    Raises:
        ValueError: they are different forms, or the content is not of ``old``.
    """
    if old.id != new.id or content.form != old.id or content.edition != old.edition:
        raise ValueError(f"{content.form} {content.edition}: expected {old.id} {old.edition} and another edition of it")
    entries: dict[str, Entry] = {}
    left: list[tuple[str, Entry, Left]] = []
    for address, entry in content.entries.items():
        found = _fitting(entry, old.field(address), new.field(address))
        if isinstance(found, Left):
            left.append((address, entry, found))
        else:
            entries[address] = found
    keys = {table: rows for table, rows in content.keys.items() if _is_open(new, table)}
    for table, rows in keys.items():
        room = new.by_id[table].open
        if room is not None and len(rows) > room.most:
            keys[table] = rows[: room.most]
            left.extend(_surplus(entries, table, frozenset(rows[room.most :])))
    added = tuple(address for address, field in new.fields.items() if _is_new(field, old))
    return Moved(Content(new.id, new.edition, entries, keys), tuple(left), added)


def _fitting(entry: Entry, source: Field | None, field: Field | None) -> Entry | Left:
    if field is None or source is None:
        return Left.GONE
    if not field.is_told:
        return Left.DERIVED
    converted = in_unit_of(entry, source, field)
    if converted is None:
        return Left.OTHER_UNIT
    value = converted.value
    if converted.state is State.VALUE and field.kind is FieldKind.CODE and value not in field.codes:
        return Left.OTHER_CODE
    if isinstance(value, Decimal) and -_exponent(value) > field.decimals:
        return Left.DECIMALS
    return converted


def _exponent(value: Decimal) -> int:
    exponent = value.normalize().as_tuple().exponent
    return exponent if isinstance(exponent, int) else 0


def _is_open(form: Form, table: str) -> bool:
    return table in form.by_id and form.by_id[table].open is not None


def _surplus(entries: dict[str, Entry], table: str, keys: frozenset[str]) -> list[tuple[str, Entry, Left]]:
    """Takes the entries of rows that find no room out of ``entries``."""
    gone = []
    for address in list(entries):
        parsed = parse_address(address)
        if parsed is not None and parsed.is_open and parsed.table == table and parsed.row in keys:
            gone.append((address, entries.pop(address), Left.SURPLUS_ROW))
    return gone


def _is_new(field: Field, old: Form) -> bool:
    return field.is_required and field.is_told and field.address not in old.fields
