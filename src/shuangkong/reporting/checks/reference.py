"""指代: what a name of a check's expressions stands for, and how its figure is found.

===============================  =======================================================================
``consumption``                  the cell of this column in the row at hand
``stock.raw_coal.consumption``   that cell; ``{row}`` in it is the row at hand; ``*`` for a row: all rows added up
``last:…``, ``year_ago:…``       the same in the accepted return of the period before, of the same period last year
``before:…``                     the same in the returns of this year before this period, added up
``water_use:…``                  the same in the unit's return of another form (by its id) for the period that ends
                                 with this one: of a quarter its last month, of a year December
``evidence:meter_electricity``   a figure from elsewhere; ``{row}`` as above
``unit:industry``                a fact of the register
``period:days``                  days, hours or months of the period; ``starts``: the month it begins in, 1 to 12
``low:indicators/…``             the least (``high:`` the greatest) number of a dated parameter of the policy; for the
                                 coefficient of the row at hand ``low:{coefficient}``
===============================  =======================================================================
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from shuangkong.core.finding import Message

_CELL = re.compile(r"[a-z][a-z0-9_]*")
_PATH = re.compile(r"([a-z][a-z0-9_]*)\.(\*|\{row\}|[a-z][a-z0-9_]*)\.([a-z][a-z0-9_]*)")
_PLACE = re.compile(r"[a-z][a-z0-9_]*(?:\[\{row\}\])?(?:\{row\})?")
#: The row at hand, in a reference.
ROW = "{row}"
ALL_ROWS = "*"
PERIOD_PARTS = ("days", "hours", "months", "starts")
#: The parameter that the row at hand is converted by.
COEFFICIENT = "{coefficient}"


class Whence(StrEnum):
    """Where a figure is looked for."""

    OWN = "own"
    LAST = "last"
    YEAR_AGO = "year_ago"
    BEFORE = "before"
    FORM = "form"
    EVIDENCE = "evidence"
    UNIT = "unit"
    PERIOD = "period"
    LOW = "low"
    HIGH = "high"


#: Where a cell is named, not a thing of another sort.
OF_CELLS = frozenset({Whence.OWN, Whence.LAST, Whence.YEAR_AGO, Whence.BEFORE, Whence.FORM})
_PREFIXES = {each.value: each for each in Whence if each not in (Whence.OWN, Whence.FORM)}
#: How a ground calls a figure that is not this return's own.
SPOKEN: dict[Whence, Message] = {
    Whence.OWN: Message("", ""),
    Whence.LAST: Message("上期", "last period: "),
    Whence.YEAR_AGO: Message("上年同期", "same period last year: "),
    Whence.BEFORE: Message("本年以前各期合计", "earlier periods of the year: "),
    Whence.FORM: Message("", ""),
    Whence.EVIDENCE: Message("", ""),
    Whence.UNIT: Message("登记信息", "register: "),
    Whence.PERIOD: Message("报告期", "period: "),
    Whence.LOW: Message("下限", "least: "),
    Whence.HIGH: Message("上限", "greatest: "),
}


@dataclass(frozen=True, slots=True)
class Reference:
    """``form``: of another form's cell; ``table`` empty: the table at hand; ``name``: of what is no cell."""

    whence: Whence
    form: str = ""
    table: str = ""
    row: str = ROW
    column: str = ""
    name: str = ""

    @property
    def needs_row(self) -> bool:
        """Whether it means something else in every row."""
        if self.whence in OF_CELLS:
            return self.row == ROW
        return ROW in self.name or COEFFICIENT in self.name


class ReferenceRefused(ValueError):
    """A text that refers to nothing; says what was expected."""


def parse_reference(text: str) -> Reference:
    """Raises ReferenceRefused."""
    prefix, colon, rest = text.partition(":")
    if not colon:
        return _cell(Whence.OWN, "", text)
    whence = _PREFIXES.get(prefix)
    match whence:
        case None:
            if _CELL.fullmatch(prefix) is None:
                raise ReferenceRefused(text)
            return _cell(Whence.FORM, prefix, rest)
        case Whence.LAST | Whence.YEAR_AGO | Whence.BEFORE:
            return _cell(whence, "", rest)
        case Whence.PERIOD:
            if rest not in PERIOD_PARTS:
                raise ReferenceRefused(text)
        case Whence.EVIDENCE | Whence.UNIT:
            if _PLACE.fullmatch(rest) is None:
                raise ReferenceRefused(text)
    return Reference(whence, name=rest)


def _cell(whence: Whence, form: str, text: str) -> Reference:
    if _CELL.fullmatch(text):
        return Reference(whence, form, column=text)
    match = _PATH.fullmatch(text)
    if match is None:
        raise ReferenceRefused(text)
    return Reference(whence, form, *match.groups())
