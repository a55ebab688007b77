"""收数: addresses with values, from a page, an interface or a file → the content of a return, with what was not taken.

Good values are taken and bad ones told, each at its place: one slip does not cost a reporter the rest.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from difflib import get_close_matches
from functools import lru_cache
from math import isfinite

from shuangkong.core.fact import State
from shuangkong.core.finding import Finding
from shuangkong.core.unit import PrintedUnit
from shuangkong.policyfile.refusal import nearness
from shuangkong.reporting.content import Content, Entry, Origin
from shuangkong.reporting.entering import MOST_DIGITS, PLAIN_AMOUNT, Fault, code_of, entered, entered_number
from shuangkong.reporting.forms.addresses import LONGEST_KEY, Address, is_key, parse_address
from shuangkong.reporting.forms.model import Field, FieldKind, Form, OpenRows, Table
from shuangkong.reporting.refusals import refuse

#: What may stand for a value: text, a number, nothing, or ``NOT_APPLICABLE`` by its name.
type Given = str | int | float | Decimal | bool | None
_NOT_APPLICABLE = State.NOT_APPLICABLE.value
_LIKENESS = 0.7
#: Forms of all layers and editions that a process meets in a day.
_MOST_KEPT = 512
#: Findings of one file: whoever made so many mistakes corrects the first ones and tries again.
MOST_FINDINGS = 500


@dataclass(frozen=True, slots=True)
class Taken:
    """``changes``: address → entry of what is good (a blank clears its place); ``findings``: of what is not."""

    changes: Mapping[str, Entry]
    findings: tuple[Finding, ...]

    def on(self, content: Content) -> Content:
        """The return with what was taken; what says the same as before stays as it came in (offered, imported)."""
        changes = {
            address: entry
            for address, entry in self.changes.items()
            if content[address][:2] != (entry.state, entry.value)
        }
        return content.with_entries(changes) if changes else content


def taken(
    form: Form,
    given: Iterable[tuple[str, Given, str]],
    units: Mapping[str, PrintedUnit],
    origin: Origin = Origin.TYPED,
    rows: Mapping[str, tuple[str, ...]] | None = None,
) -> Taken:
    """What of (address, value, where it stood in words) can stand in a return of ``form``.

    Args:
        rows: keys of open tables that the return has already, for the most rows that a table takes.
    """
    return _Taking(form, units, origin, rows or {}).all(given)


def place_of(form: Form, address: str, *, english: bool = False) -> str:
    """An address as a person would say it: table, row or key, column."""
    field, parsed = form.field(address), parse_address(address)
    if field is None or parsed is None:
        return address
    table = form.by_id[field.table]
    name = field.name.en if english else field.name.zh
    head = table.name.en if english else table.name.zh
    return f"{head} · {parsed.row} · {name}" if parsed.is_open else f"{head} · {name}"


@lru_cache(maxsize=_MOST_KEPT)
def told_addresses(form: Form) -> frozenset[str]:
    """Addresses of fixed rows at which something is told, not computed."""
    return frozenset(address for address, field in form.fixed.items() if field.is_told)


@lru_cache(maxsize=_MOST_KEPT)
def _figures(form: Form) -> Mapping[str, tuple[str, int]]:
    """Address → the text that the form has for it, and most decimals, of the figures in fixed rows that are told."""
    return {
        address: (field.address, field.decimals)
        for address, field in form.fixed.items()
        if field.is_told and field.kind is FieldKind.FIGURE
    }


class _Taking:
    def __init__(
        self, form: Form, units: Mapping[str, PrintedUnit], origin: Origin, rows: Mapping[str, tuple[str, ...]]
    ) -> None:
        self.form = form
        self.units = units
        self.origin = origin
        self.rows = {table: set(keys) for table, keys in rows.items()}
        self.changes: dict[str, Entry] = {}
        self.findings: list[Finding] = []
        self.overfull: set[str] = set()

    def all(self, given: Iterable[tuple[str, Given, str]]) -> Taken:
        figures, changes, origin = _figures(self.form), self.changes, self.origin
        new, value_state = tuple.__new__, State.VALUE
        for address, value, where in given:
            # A return has hundreds of figures, nearly all of them plain digits: those go the short way, and of whole
            # numbers no pattern need be asked.
            known = figures.get(address)
            if known is not None and isinstance(value, str):
                is_whole = value.isdecimal() and value.isascii() and len(value) <= MOST_DIGITS
                plain = None if is_whole else PLAIN_AMOUNT(value)
                if is_whole or (plain is not None and len(plain[1] or "") <= known[1]):
                    changes[known[0]] = new(Entry, (value_state, Decimal(value), origin, ""))
                    continue
            if len(self.findings) >= MOST_FINDINGS:
                break
            self.one(address, value, where)
        return Taken(changes, tuple(self.findings))

    def one(self, address: str, value: Given, where: str) -> None:
        place = where or place_of(self.form, address)
        field = self.form.field(address)
        parsed = parse_address(address)
        if field is None or parsed is None:
            near = get_close_matches(address, self.form.fields, n=1, cutoff=_LIKENESS)
            self.told("RPT-614", place, found=address, **nearness(near[0] if near else None))
            return
        if not field.is_told:
            return  # the system computes it; files bring it along for people to read
        if parsed.is_open and not self.has_room(parsed, place):
            return
        found = self.entry(field, value)
        if isinstance(found, Fault):
            self.told(found.code, place, **found.filled)
        else:
            self.changes[self.address(parsed)] = found

    def entry(self, field: Field, value: object) -> Entry | Fault:
        match value:
            case None:
                return Entry(State.MISSING)
            case bool():
                return entered(field, "yes" if value else "no", self.units, self.origin)
            case str():
                if value == _NOT_APPLICABLE:
                    return Entry(State.NOT_APPLICABLE, None, self.origin)
                return entered(field, value, self.units, self.origin)
            case float():
                if not isfinite(value):
                    return Fault("RPT-601", {"found": str(value)})
                return entered_number(field, value, self.origin)
            case int() | Decimal():
                number = Decimal(value)
                if not number.is_finite():
                    return Fault("RPT-601", {"found": str(value)})
                return entered(field, _plainly(number), self.units, self.origin)
            case _:
                return Fault("RPT-618", {"found": type(value).__name__})

    def has_room(self, parsed: Address, place: str) -> bool:
        """Whether an open table has the row of an address, or takes it."""
        table = self.form.by_id[parsed.table]
        if table.open is None:
            return False
        key = key_of(table.open, parsed.row)
        if key is None:
            if table.open.choices:
                self.told("RPT-610", place, found=parsed.row, expected="、".join(
                    f"{choice.code} {choice.name.zh}" for choice in table.open.choices[:12]))  # fmt: skip
            else:
                self.told("RPT-616", place, found=parsed.row, expected=LONGEST_KEY)
            return False
        rows = self.rows.setdefault(parsed.table, set())
        if key in rows:
            return True
        if len(rows) >= table.open.most:
            if parsed.table not in self.overfull:
                self.overfull.add(parsed.table)
                self.told("RPT-617", table.name.zh, expected=table.open.most, found=f"> {table.open.most}")
            return False
        rows.add(key)
        return True

    def address(self, parsed: Address) -> str:
        """The address with its key as the table has it."""
        table = self.form.by_id[parsed.table]
        key = key_of(table.open, parsed.row) if parsed.is_open and table.open is not None else None
        return str(parsed) if key is None else f"{parsed.table}[{key}].{parsed.column}"

    def told(self, code: str, place: str, **filled: object) -> None:
        if len(self.findings) < MOST_FINDINGS:
            self.findings.append(refuse(code, place, **filled))


def key_of(rows: OpenRows, text: str) -> str | None:
    """The key that a text is of an open table: a number from 1 on, one of its codes, or one line of text."""
    key = text.strip()
    if rows.choices:
        return code_of(rows.choices, key)
    if rows.kind == "number":
        return (
            key
            if key.isascii() and key.isdigit() and 0 < int(key[:6]) <= rows.most and not key.startswith("0")
            else None
        )
    return key if is_key(key) else None


def next_key(table: Table, rows: Iterable[str]) -> str | None:
    """The number of the next row of a table whose rows are counted; None where it is full or keys are told."""
    if table.open is None or table.open.kind != "number":
        return None
    highest = max((int(key) for key in rows if key.isdigit()), default=0)
    return str(highest + 1) if highest < table.open.most else None


def _plainly(number: Decimal) -> str:
    """Digits without an exponent; a number of no sensible size as it is written, to be refused."""
    return format(number, "f") if abs(number.adjusted()) < 100 else str(number)
