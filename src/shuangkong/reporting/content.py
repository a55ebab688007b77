"""报表内容: what a return says, place by place, as bytes that are always the same for the same content, and their hash.

Nothing that is derived is kept here: it follows from what is told and from the edition of the form.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from functools import cached_property, lru_cache
from typing import NamedTuple

from shuangkong.core.digest import sm3
from shuangkong.core.fact import State
from shuangkong.core.rounding import WIDE
from shuangkong.reporting.forms.addresses import parse_address

#: How canonical bytes are laid out; a change of the layout is a new number.
LAYOUT = 1


class Origin(StrEnum):
    """How a value came into a return: typed by hand, offered by the system and left as it was, read from a file."""

    TYPED = "typed"
    PREFILLED = "prefilled"
    IMPORTED = "imported"


class Entry(NamedTuple):
    """One value of a return. A tuple: a return has hundreds, and they are made anew on every reading.

    Attributes:
        state: VALUE, MISSING or NOT_APPLICABLE.
        value: of a figure a Decimal in the printed unit of its field, else text (a day as 2025-03-31, a flag as yes or
            no); None unless there is a value.
        source: of a prefilled value, what it was taken from (``carried``, ``ledger``, ``readings`` …).
    """

    state: State
    value: Decimal | str | None = None
    origin: Origin = Origin.TYPED
    source: str = ""


BLANK = Entry(State.MISSING)
NOT_APPLICABLE = Entry(State.NOT_APPLICABLE)


def figure(value: Decimal | int | str, origin: Origin = Origin.TYPED, source: str = "") -> Entry:
    """An entry of a number, in the printed unit of its field."""
    return Entry(State.VALUE, Decimal(value), origin, source)


def words(value: str, origin: Origin = Origin.TYPED, source: str = "") -> Entry:
    """An entry of a text, a code, a day or a flag."""
    return Entry(State.VALUE, value, origin, source)


class Beside(NamedTuple):
    """A file beside a return, as it is sealed: its name and the SHA-256 of its bytes."""

    name: str
    sha256: str


class ContentRefused(ValueError):
    """Bytes that are no content of a return."""


@dataclass(frozen=True)
class Content:
    """A return's content: address → entry, blank places left out; ``keys``: open table → keys of its rows, in order.

    ``files`` are those beside it when it was signed: they are sealed with it. A draft has none until then.
    """

    form: str
    edition: str
    entries: Mapping[str, Entry] = field(default_factory=dict)
    keys: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    files: tuple[Beside, ...] = ()

    def __getitem__(self, address: str) -> Entry:
        """BLANK where nothing stands."""
        return self.entries.get(address, BLANK)

    def number(self, address: str) -> Decimal | None:
        """The figure as filed; None where there is none."""
        value = self.entries.get(address, BLANK).value
        return value if isinstance(value, Decimal) else None

    def text(self, address: str) -> str:
        value = self.entries.get(address, BLANK).value
        return value if isinstance(value, str) else ""

    def rows(self, table: str) -> tuple[str, ...]:
        """Keys of the rows of an open table."""
        return self.keys.get(table, ())

    @cached_property
    def figures(self) -> Mapping[str, Decimal]:
        """The figures as filed."""
        return {at: value for at, (_, value, _, _) in self.entries.items() if isinstance(value, Decimal)}

    @cached_property
    def texts(self) -> Mapping[str, str]:
        """What is told in words, days and flags among them; a figure whose field took words too."""
        if len(self.figures) == len(self.entries):
            return {}
        return {at: value for at, (_, value, _, _) in self.entries.items() if isinstance(value, str)}

    @cached_property
    def not_applicable(self) -> frozenset[str]:
        """Places that the reporter says do not apply; what is blank is not among them."""
        if len(self.figures) == len(self.entries):
            return frozenset()
        return frozenset(at for at, entry in self.entries.items() if entry.state is State.NOT_APPLICABLE)

    def with_entries(self, changes: Mapping[str, Entry]) -> Content:
        """The same return, some of its places told anew; a blank one is left out, a new key comes last."""
        entries = dict(self.entries)
        keys = {table: dict.fromkeys(rows) for table, rows in self.keys.items()}
        for address, entry in changes.items():
            if entry.state is State.MISSING:
                entries.pop(address, None)
                continue
            entries[address] = entry
            parsed = parse_address(address) if "[" in address else None
            if parsed is not None:
                keys.setdefault(parsed.table, {})[parsed.row] = None
        return Content(self.form, self.edition, entries, {table: tuple(rows) for table, rows in keys.items() if rows})

    def without_rows(self, table: str, gone: Iterable[str]) -> Content:
        """The same return without some rows of an open table."""
        left = frozenset(gone)
        prefixes = tuple(f"{table}[{key}]." for key in left)
        entries = {address: entry for address, entry in self.entries.items() if not address.startswith(prefixes)}
        keys = {**self.keys, table: tuple(key for key in self.rows(table) if key not in left)}
        return Content(self.form, self.edition, entries, {each: rows for each, rows in keys.items() if rows})

    @cached_property
    def canonical(self) -> bytes:
        """UTF-8 JSON, names sorted, figures without trailing zeros: the same for the same content."""
        rows, entries = [], self.entries
        for address in sorted(entries):
            _, value, origin, source = entry = entries[address]
            if value.__class__ is Decimal and not source:
                # Nearly all of hundreds are such, and most of them whole numbers, which are written as they are.
                text = told if (told := str(value)).isdecimal() else written(value)
                rows.append(f'{_quoted(address)}:["{_NUMBER}","{text}",{_quoted(origin)}]')
            else:
                rows.append(f"{_quoted(address)}:{_json(_row(entry))}")
        return _bytes(rows, self)

    @cached_property
    def digest(self) -> str:
        """SM3 of the canonical bytes, 64 hexadecimal digits."""
        return sm3(self.canonical)

    @cached_property
    def _values(self) -> Mapping[str, tuple[State, Decimal | str | None]]:
        return {address: (entry.state, entry.value) for address, entry in self.entries.items()}

    def says_the_same(self, other: Content) -> bool:
        """Whether both are one return: the same values in the same edition, however they came in."""
        mine, theirs = ((each.form, each.edition, each.files) for each in (self, other))
        return mine == theirs and self._values == other._values

    def differences(self, other: Content) -> Iterator[tuple[str, Entry, Entry]]:
        """(address, here, there) of every place that says something else, in the order of addresses."""
        for address in sorted(self.entries.keys() | other.entries.keys()):
            mine, theirs = self[address], other[address]
            if (mine.state, mine.value) != (theirs.state, theirs.value):
                yield address, mine, theirs


def written(value: Decimal) -> str:
    """A figure as canonical bytes have it: digits with a point, no exponent, no zeros at its end."""
    text = format(value, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def read_canonical(data: bytes | str) -> Content:
    """The content of canonical bytes.

    Raises:
        ContentRefused: they are none.
    """
    try:
        told = json.loads(data)
        entries = {address: _entry(row) for address, row in told["entries"].items()}
        keys = {table: tuple(rows) for table, rows in told["keys"].items()}
        layout, form, edition = told["layout"], told["form"], told["edition"]
        files = tuple(Beside(str(name), str(digest)) for name, digest in told.get("files", ()))
    except (ValueError, KeyError, TypeError, AttributeError, IndexError, InvalidOperation, RecursionError) as fault:
        raise ContentRefused(f"no content of a return: {fault!r}") from fault
    if layout != LAYOUT or not isinstance(form, str) or not isinstance(edition, str):
        raise ContentRefused(f"layout {layout!r}: expected {LAYOUT}")
    return Content(form, edition, entries, keys, files)


def read_figures(data: bytes | str) -> list[tuple[str, str, Origin]]:
    """Address, digits as written and origin of every figure in canonical bytes, in the order of addresses.

    For whoever reads thousands of returns and computes nothing of them. Raises ContentRefused.
    """
    try:
        told = json.loads(data)
        rows = sorted(told["entries"].items())
        layout = told["layout"]
        found = [(address, row[1], _ORIGINS[row[2]]) for address, row in rows if row[0] == _NUMBER]
    except (ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError) as fault:
        raise ContentRefused(f"no content of a return: {fault!r}") from fault
    if layout != LAYOUT:
        raise ContentRefused(f"layout {layout!r}: expected {LAYOUT}")
    return found


#: First letters of the rows of canonical bytes.
_NUMBER, _TEXT, _NONE = "n", "t", "-"
_ORIGINS: Mapping[str, Origin] = {origin.value: origin for origin in Origin}


def _row(entry: Entry) -> list[str]:
    """What stands for an entry: number, text or neither; the value; the origin and, where there is one, its source.

    States and origins are texts themselves.
    """
    state, value, origin, source = entry
    if value.__class__ is Decimal:
        row = [_NUMBER, written(value), origin]
    elif value is None:
        row = [_NONE, state, origin]
    elif isinstance(value, Decimal):
        row = [_NUMBER, written(value), origin]
    else:
        row = [_TEXT, value, origin]
    return [*row, source] if source else row


def _entry(row: list[str]) -> Entry:
    kind, text, origin = row[0], row[1], _ORIGINS[row[2]]
    source = row[3] if len(row) > 3 else ""
    if kind == _NUMBER:
        return Entry(State.VALUE, WIDE.create_decimal(text), origin, source)
    if kind == _TEXT:
        if not isinstance(text, str):
            raise TypeError(text)
        return Entry(State.VALUE, text, origin, source)
    return Entry(State(text), None, origin, source)


def _bytes(entries: Iterable[str], content: Content) -> bytes:
    """The whole, its names in order; ``entries`` as they are written, in order."""
    keys = {table: list(rows) for table, rows in content.keys.items()}
    files = f'"files":{_json([list(each) for each in content.files])},' if content.files else ""
    before = f'{{"edition":{_json(content.edition)},"entries":{{'
    after = f'}},{files}"form":{_json(content.form)},"keys":{_json(keys)},"layout":{LAYOUT}}}'
    return f"{before}{','.join(entries)}{after}".encode()


_json = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode
#: Addresses and words that stand in many returns, as JSON writes them.
_quoted = lru_cache(maxsize=65_536)(_json)
