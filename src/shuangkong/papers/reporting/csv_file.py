"""CSV: a return as lines of address, item, unit and value, for machines and for whoever has no spreadsheet."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from io import StringIO

from shuangkong.core.fact import State
from shuangkong.core.unit import PrintedUnit
from shuangkong.papers.reporting.filled import Mark, require_mark
from shuangkong.papers.reporting.kinds import kind_of, megabytes
from shuangkong.papers.reporting.layout import LAYOUT, MARK, About
from shuangkong.reporting.content import Content, Origin
from shuangkong.reporting.derive import derive
from shuangkong.reporting.forms.addresses import ANY, open_address
from shuangkong.reporting.forms.model import Field, Form
from shuangkong.reporting.refusals import FormFileRefused, refuse
from shuangkong.reporting.taking import Taken, place_of, taken

HEADINGS = ("地址", "栏目", "单位", "值")
_ADDRESS, _VALUE = ("地址", "address"), ("值", "value")
MOST_BYTES = 10_000_000
MOST_LINES = 200_000
#: Headings that are told of a file that has others.
_SHOWN = 8


def write_csv(form: Form, about: About, content: Content) -> bytes:
    """Every place of the return: what is told, blank or computed; UTF-8 with a mark, as spreadsheets expect."""
    target = StringIO()
    writer = csv.writer(target, lineterminator="\r\n")
    writer.writerow([MARK, LAYOUT, form.id, form.edition, about.unit, str(about.period)])
    writer.writerow(HEADINGS)
    totals = derive(form, content)
    for address, field in _places(form, content):
        told = totals.get(address)
        if field.derived is not None:
            value = f"{told:f}" if isinstance(told, Decimal) else ""
        else:
            value = _shown(content, address)
        writer.writerow([address, place_of(form, address), field.printed, value])
    return target.getvalue().encode("utf-8-sig")


def _places(form: Form, content: Content) -> Iterator[tuple[str, Field]]:
    for address, field in form.fields.items():
        if field.row != ANY:
            yield address, field
            continue
        for key in content.rows(field.table):
            yield open_address(field.table, field.column, key), field


def _shown(content: Content, address: str) -> str:
    entry = content[address]
    if entry.state is State.NOT_APPLICABLE:
        return State.NOT_APPLICABLE.value
    return f"{entry.value:f}" if isinstance(entry.value, Decimal) else entry.value or ""


def read_csv(
    form: Form, name: str, data: bytes, units: Mapping[str, PrintedUnit], content: Content, *, unit: str, period: str
) -> Taken:
    """What a CSV changes in ``content``, and what of it was not taken, line by line.

    A file of another system need not have the mark, only the headings ``address`` and ``value``; what it does not
    name stays as it is.

    Raises:
        FormFileRefused: it is no CSV, or bears the mark of another form, edition, period or unit.
    """
    rows = rows_of(name, data)
    if rows and rows[0][:1] == [MARK]:
        told = [*rows[0], *[""] * len(HEADINGS), "", ""]
        require_mark(form, Mark(told[2], told[3], told[4], told[5], {}), name, unit=unit, period=period)
        first = 1
    else:
        first = 0
    address, value = columns_of(rows[first] if len(rows) > first else [], name, (_ADDRESS, _VALUE))
    given: list[tuple[str, str, str]] = []
    seen: dict[str, int] = {}
    findings = []
    for line, row in enumerate(rows[first + 1 :], first + 2):
        at = row[address].strip() if len(row) > address else ""
        if not at:
            continue
        if at in seen:
            findings.append(refuse("RPT-635", at, found=line, expected=seen[at]))
            continue
        seen[at] = line
        given.append((at, row[value] if len(row) > value else "", f"第 {line} 行 {at}"))
    found = taken(form, given, units, Origin.IMPORTED, content.keys)
    return Taken(found.changes, (*findings, *found.findings))


def columns_of(head: list[str], name: str, wanted: Iterable[tuple[str, ...]]) -> tuple[int, ...]:
    """Where the columns stand that are named by one of some words. Raises FormFileRefused where one does not."""
    words = [cell.strip().lower() for cell in head]
    found = []
    for accepted in wanted:
        at = next((at for at, word in enumerate(words) if word in accepted), None)
        if at is None:
            stood = "、".join(filter(None, (cell.strip() for cell in head[:_SHOWN]))) or "—"
            raise FormFileRefused(refuse("RPT-633", name, expected=" / ".join(accepted), found=stood))
        found.append(at)
    return tuple(found)


def rows_of(name: str, data: bytes) -> list[list[str]]:
    """The lines of a CSV, in UTF-8 or GB 18030. Raises FormFileRefused."""
    if not data.strip():
        raise FormFileRefused(refuse("RPT-619", name, name=name))
    if len(data) > MOST_BYTES:
        size, most = megabytes(len(data)), megabytes(MOST_BYTES)
        raise FormFileRefused(refuse("RPT-620", name, name=name, found=size, expected=most))
    unreadable = FormFileRefused(refuse("RPT-634", name, name=name, **kind_of(data)))
    if b"\0" in data:
        raise unreadable
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            rows = list(csv.reader(StringIO(data.decode(encoding), newline="")))
            break
        except UnicodeDecodeError:
            continue
        except csv.Error as fault:
            raise unreadable from fault
    else:
        raise unreadable
    if len(rows) > MOST_LINES:
        raise FormFileRefused(refuse("RPT-620", name, name=name, found=f"{len(rows)} 行", expected=f"{MOST_LINES} 行"))
    return rows
