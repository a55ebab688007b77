"""批量 CSV: the returns of many units as lines of unit, address and value; of programmes, and without a spreadsheet."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from io import StringIO

from shuangkong.core.finding import Finding
from shuangkong.core.period import Period
from shuangkong.core.unit import PrintedUnit
from shuangkong.papers.reporting.bulk import CODE, MANY, NAME, Bulk
from shuangkong.papers.reporting.bulk_words import UnitWords, is_finding, say
from shuangkong.papers.reporting.csv_file import columns_of, rows_of
from shuangkong.papers.reporting.filled import Mark, require_mark
from shuangkong.papers.reporting.layout import LAYOUT, MARK
from shuangkong.reporting.content import Origin
from shuangkong.reporting.forms.model import Form
from shuangkong.reporting.refusals import refuse
from shuangkong.reporting.taking import place_of, taken

_UNIT, _ADDRESS, _VALUE = (CODE, "unit"), ("地址", "address"), ("值", "value")
_MARK_WIDTH = 6


def write_bulk_csv(form: Form, period: Period, units: Mapping[str, str]) -> bytes:
    """A line for every fixed place of every unit, without values; UTF-8 with a mark, as spreadsheets expect."""
    target = StringIO()
    writer = csv.writer(target, lineterminator="\r\n")
    writer.writerow([MARK, LAYOUT, form.id, form.edition, MANY, str(period)])
    writer.writerow([CODE, NAME, "地址", "栏目", "单位", "值"])
    fields = [field for field in form.fixed.values() if field.is_told]
    for code, name in units.items():
        for field in fields:
            writer.writerow([code, name, field.address, place_of(form, field.address), field.printed, ""])
    return target.getvalue().encode("utf-8-sig")


def read_bulk_csv(
    form: Form, name: str, data: bytes, units: Mapping[str, PrintedUnit], known: Mapping[str, str], *, period: str
) -> Bulk:
    """As ``read_bulk``, of a CSV with the headings unit, address and value; lines without a value change nothing. A
    line with a finding for its address (``RPT-100 energy.raw_coal.purchased``) explains it.

    Raises:
        FormFileRefused: it is no CSV, or bears the mark of another form, edition or period.
    """
    rows = rows_of(name, data)
    first = 0
    if rows and rows[0][:1] == [MARK]:
        told = [*rows[0], *[""] * _MARK_WIDTH]
        require_mark(form, Mark(told[2], told[3], told[4], told[5], {}), name, unit=MANY, period=period)
        first = 1
    unit, address, value = columns_of(rows[first] if len(rows) > first else [], name, (_UNIT, _ADDRESS, _VALUE))
    findings: list[Finding] = []
    given: dict[str, dict[str, tuple[str, str]]] = {}
    words: UnitWords = {}
    strangers: set[str] = set()
    for line, row in enumerate(rows[first + 1 :], first + 2):
        code, at, text = (row[column].strip() if len(row) > column else "" for column in (unit, address, value))
        where = f"第 {line} 行"
        if not text:
            continue
        if not code:
            findings.append(refuse("RPT-652", where, expected=CODE))
        elif code not in known:
            if code not in strangers:
                findings.append(refuse("RPT-650", where, found=code))
            strangers.add(code)
        elif is_finding(at):
            check, _, place = at.partition(" ")
            say(words, (code, check, place.strip(), text), where, known, findings)
        elif at in given.setdefault(code, {}):
            findings.append(refuse("RPT-635", where, found=line, expected=given[code][at][1]))
        else:
            given[code][at] = (text, str(line))
    returns = {
        code: taken(form, [(at, text, f"第 {line} 行 {at}") for at, (text, line) in given.get(code, {}).items()], units,
                    Origin.IMPORTED)
        for code in dict.fromkeys((*given, *words))
    }  # fmt: skip
    return Bulk(returns, tuple(findings), words)
