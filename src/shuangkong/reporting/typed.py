"""填的字: what is typed or pasted into a return: read as every other way in reads it, and kept also where it cannot be.

Nothing typed is lost: a text that is no value of its field stands in the draft as it was typed, told at its place, and
the checks keep it from being signed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import batched

from shuangkong.core.fact import State
from shuangkong.core.finding import Finding
from shuangkong.core.unit import PrintedUnit
from shuangkong.reporting.content import Entry, Origin, written
from shuangkong.reporting.entering import LONGEST_TEXT, plain_number
from shuangkong.reporting.forms.addresses import open_address, parse_address
from shuangkong.reporting.forms.model import FieldKind, Form
from shuangkong.reporting.taking import MOST_FINDINGS, key_of, taken

#: How a place that does not apply is shown, and may be typed again.
DOES_NOT_APPLY = "不适用"
#: Refusals of a number that was read: it stands as a number, and the checks of its size judge it.
_READ = frozenset({"RPT-607", "RPT-609"})
#: Refusals of the place, not of what stands there: there is nowhere to keep it.
_NOWHERE = frozenset({"RPT-614", "RPT-616", "RPT-617"})


@dataclass(frozen=True, slots=True)
class Typed:
    """``entries``: address → what is kept; ``findings``: of what was not understood, each at its address."""

    entries: Mapping[str, Entry]
    findings: tuple[Finding, ...]


def typed(
    form: Form,
    given: Iterable[tuple[str, str]],
    units: Mapping[str, PrintedUnit],
    origin: Origin = Origin.TYPED,
    rows: Mapping[str, tuple[str, ...]] | None = None,
) -> Typed:
    """What of (address, text) is kept in a return of ``form``; addresses that it does not have are told.

    Args:
        rows: keys of open tables that the return has already.
    """
    entries: dict[str, Entry] = {}
    findings: list[Finding] = []
    # So few at once that the findings of all of them are told: a cell that is not told of would not be kept.
    for some in batched(given, MOST_FINDINGS):
        texts = dict(some)
        found = taken(form, ((address, text, address) for address, text in texts.items()), units, origin, rows)
        entries.update(found.changes)
        for finding in found.findings:
            kept = _kept(form, finding, texts.get(finding.place, ""), origin)
            if kept is not None:
                entries[kept[0]] = kept[1]
        findings.extend(found.findings)
    return Typed(entries, tuple(findings))


def _kept(form: Form, finding: Finding, text: str, origin: Origin) -> tuple[str, Entry] | None:
    """(address, entry) that a text which was refused stands as; None where it has no place."""
    field, parsed = form.field(finding.place), parse_address(finding.place)
    if field is None or parsed is None or not field.is_told or finding.code in _NOWHERE:
        return None
    address, room = finding.place, form.by_id[field.table].open
    if parsed.is_open and room is not None:
        key = key_of(room, parsed.row)
        if key is None:
            return None
        address = open_address(field.table, field.column, key)
    number = plain_number(text) if field.kind is FieldKind.FIGURE and finding.code in _READ else None
    return address, Entry(State.VALUE, text.strip()[:LONGEST_TEXT] if number is None else number, origin)


def text_of(entry: Entry) -> str:
    """An entry as a cell shows it, and as it would be typed again."""
    if entry.state is State.NOT_APPLICABLE:
        return DOES_NOT_APPLY
    if entry.value is None:
        return ""
    return entry.value if isinstance(entry.value, str) else written(entry.value)
