"""批量说明: the sheet of a workbook for many units on which each says what it explains, by the keys of findings."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from shuangkong.core.finding import Finding
from shuangkong.papers.reporting.layout import cell_name
from shuangkong.papers.reporting.workbook import CellValue, SheetRead
from shuangkong.reporting.refusals import refuse

WORDS_SHEET = "说明"
HEADINGS = ("单位代码", "单位名称", "审核编号", "位置", "查出的问题", "说明")
_CODE, _CHECK, _PLACE, _TEXT = 0, 2, 3, 5
_WIDTHS = (20, 24, 12, 36, 60, 60)
_NUMBERED = re.compile(r"[A-Z]{3}-\d{3}")
#: How an address begins that names a finding and no field, in lines of a CSV: ``RPT-100 energy.raw_coal.purchased``.
_KEY = re.compile(r"[A-Z]{3}-\d{3}( |$)")

#: Unit code → finding (``RPT-100 address``) → what the unit says to it.
type UnitWords = dict[str, dict[str, str]]


@dataclass(frozen=True, slots=True)
class ToExplain:
    """A finding of one unit that waits for its explanation."""

    code: str
    name: str
    check: str
    place: str
    message: str


def is_finding(address: str) -> bool:
    """Whether a line of a CSV explains a finding, and fills in no field."""
    return _KEY.match(address) is not None


def write_words(book: Any, asked: Iterable[ToExplain], head: Any) -> None:
    """The sheet with a row for everything that waits to be explained."""
    page = book.add_worksheet(WORDS_SHEET)
    text = book.add_format({"num_format": "@", "text_wrap": True, "valign": "top"})
    for at, (words, width) in enumerate(zip(HEADINGS, _WIDTHS, strict=True)):
        page.write_string(0, at, words, head)
        page.set_column(at, at, width, text)
    page.freeze_panes(1, 0)
    for row, each in enumerate(asked, 1):
        for at, words in enumerate((each.code, each.name, each.check, each.place, each.message)):
            page.write_string(row, at, words, text)


def read_words(sheet: SheetRead | None, known: Mapping[str, str], findings: list[Finding]) -> UnitWords:
    """What is said on the sheet; a row without an explanation says nothing. A workbook need not have the sheet."""
    found: UnitWords = {}
    if sheet is None:
        return found
    for row in range(1, len(sheet.rows)):
        code, check, place, words = (_text(sheet.at(row, at)) for at in (_CODE, _CHECK, _PLACE, _TEXT))
        if words:
            where = f"{sheet.name}!{cell_name(row, _CODE)}"
            say(found, (code, check, place, words), where, known, findings)
    return found


def say(found: UnitWords, told: Sequence[str], where: str, known: Mapping[str, str], findings: list[Finding]) -> None:
    """Keeps one explanation (unit, check, place, words), or says why it is none."""
    code, check, place, words = told
    if not code:
        findings.append(refuse("RPT-652", where, expected=HEADINGS[_CODE]))
    elif code not in known:
        findings.append(refuse("RPT-650", where, found=code))
    elif _NUMBERED.fullmatch(check) is None:
        findings.append(refuse("RPT-654", where, found=check))
    else:
        found.setdefault(code, {})[f"{check} {place}".strip()] = words


def _text(value: CellValue) -> str:
    return (format(value, ".15g") if isinstance(value, float) else str(value or "")).strip()
