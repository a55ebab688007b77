"""One cell → a value, or why it cannot be one."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation

from shuangkong.core.finding import Message
from shuangkong.records.plans.exchange.rows import RowRefused

_LONGEST_FIGURE = 24
_FIRST_YEAR, _LAST_YEAR = 1_900, 2_999
_NAMES = re.compile(r"[、，,；;\n]+")


def day(column: str, text: str) -> date | None:
    """A day; None where nothing is said. Raises RowRefused."""
    if not text:
        return None
    try:
        found = date.fromisoformat(unicodedata.normalize("NFKC", text).replace("/", "-"))
    except ValueError:
        found = date.min
    if not _FIRST_YEAR <= found.year <= _LAST_YEAR:
        raise RowRefused("EXC-103", column, Message("YYYY-MM-DD", "YYYY-MM-DD"), text)
    return found


def figure(column: str, text: str) -> Decimal | None:
    """A number; None where nothing is said. Raises RowRefused."""
    if not text:
        return None
    plain = unicodedata.normalize("NFKC", text).replace(",", "").removesuffix("%").strip()
    try:
        found = Decimal(plain)
    except InvalidOperation:
        found = Decimal("NaN")
    if not found.is_finite() or len(plain) > _LONGEST_FIGURE or abs(found.adjusted()) > _LONGEST_FIGURE:
        raise RowRefused("EXC-104", column, Message("一个数", "a number"), text)
    return found


def choice[Value](column: str, text: str, words: Mapping[str, Value]) -> Value:
    """One of some words, in Chinese or by its id. Raises RowRefused."""
    found = words.get(text) or next((value for value in words.values() if str(value) == text), None)
    if found is None:
        said = ", ".join(str(value) for value in words.values())
        raise RowRefused("EXC-105", column, Message("、".join(words), said), text)
    return found


def names(text: str) -> list[str]:
    """Several names in one cell, each once."""
    return list(dict.fromkeys(filter(None, (each.strip() for each in _NAMES.split(text)))))


def required(column: str, text: str) -> str:
    """A cell that must not be empty. Raises RowRefused."""
    if not text:
        raise RowRefused("EXC-102", column, Message("填写的单元格", "a filled cell"), "")
    return text
