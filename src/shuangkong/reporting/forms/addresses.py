"""栏目地址: how one value of a return is named everywhere: ``table.row.column``, of open rows ``table[key].column``."""

from __future__ import annotations

import re
from dataclasses import dataclass

#: The row of an open table where all of its rows are meant.
ANY = "*"
#: The row of an open table where the row at hand is meant.
SAME = ""
LONGEST_KEY = 60
_WORD = r"[a-z][a-z0-9]*(?:_[a-z0-9]+)*"
_FIXED = re.compile(rf"({_WORD})\.({_WORD})\.({_WORD})")
_OPEN = re.compile(rf"({_WORD})\[([^\[\]\x00-\x1f\x7f]{{0,{LONGEST_KEY}}})\]\.({_WORD})")
_KEY = re.compile(rf"[^\[\]\x00-\x1f\x7f]{{1,{LONGEST_KEY}}}")


@dataclass(frozen=True, slots=True)
class Address:
    """``row`` is the id of a fixed row, or the key of an open one."""

    table: str
    row: str
    column: str
    is_open: bool

    def __str__(self) -> str:
        return f"{self.table}[{self.row}].{self.column}" if self.is_open else f"{self.table}.{self.row}.{self.column}"


def parse_address(text: str) -> Address | None:
    """The parts of an address; None where it is none."""
    if match := _FIXED.fullmatch(text):
        return Address(match[1], match[2], match[3], is_open=False)
    if match := _OPEN.fullmatch(text):
        return Address(match[1], match[2], match[3], is_open=True)
    return None


def open_address(table: str, column: str, key: str = ANY) -> str:
    return f"{table}[{key}].{column}"


def is_key(text: str) -> bool:
    """Whether a text may be the key of an open row: one line of 1 to 60 characters without brackets, trimmed."""
    return _KEY.fullmatch(text) is not None and text.strip() == text and text != ANY
