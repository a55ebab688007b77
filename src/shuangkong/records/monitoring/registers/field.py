"""栏目: one column of a register: what it is called, what it takes, and how its text becomes a value and back."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any

from django.utils import timezone

from shuangkong.core.finding import Message
from shuangkong.core.horizon import is_near
from shuangkong.records.refusal import Refused

_MOST_FIGURE = Decimal(10) ** 15
_PLACES = 9
_MOMENT = "%Y-%m-%d %H:%M"
_WHOLE = re.compile(r"-?[0-9]{1,9}")
_FACTOR = re.compile(r"[0-9a-zA-Z]{3,12}")
_PARTED = re.compile(r"[、，,;；\s]+")
YES, NO = Message("是", "yes"), Message("否", "no")


class Sort(StrEnum):
    """What a field takes. Things are named by their number, or by the code that people know them by."""

    LINE = "line"
    FIGURE = "figure"
    WHOLE = "whole"
    DAY = "day"
    MOMENT = "moment"
    CHOICE = "choice"
    CHOICES = "choices"
    FACTOR = "factor"
    FLAG = "flag"
    SECRET = "secret"
    REGION = "region"
    ENTERPRISE = "enterprise"
    OUTLET = "outlet"
    DEVICE = "device"
    METER = "meter"
    BOILER = "boiler"
    MACHINE = "machine"
    PLANT = "plant"
    WASTE_FACILITY = "waste_facility"
    VILLAGE = "village"
    DUMP = "dump"
    FILING = "filing"


#: Fields that name a row of another table.
THINGS = frozenset(
    {
        Sort.REGION, Sort.ENTERPRISE, Sort.OUTLET, Sort.DEVICE, Sort.METER, Sort.BOILER, Sort.MACHINE, Sort.PLANT,
        Sort.WASTE_FACILITY, Sort.VILLAGE, Sort.DUMP, Sort.FILING,
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Field:
    """One column; ``key`` is that of the table. ``choices``: code → words; ``most`` signs of a line.

    ``untold``: what pages show where nothing was told; None: nothing.
    """

    key: str
    name: Message
    sort: Sort = Sort.LINE
    is_needed: bool = False
    unit: str = ""
    choices: Mapping[str, Message] = field(default_factory=dict)
    most: int = 120
    default: str = ""
    untold: Message | None = None

    @property
    def heading(self) -> str:
        """As it stands over the column of a file."""
        return f"{self.name.zh}（{self.unit}）" if self.unit else self.name.zh


def read(column: Field, told: str) -> Any:
    """The value of a text; None for none. Fields that name things are read by ``naming``.

    Raises:
        Refused: nothing is said where something must be, or it is not what the field takes.
    """
    text = told.strip()
    if not text:
        if column.is_needed:
            raise _refused(column, "MON-101", "必须填写", "has to be told")
        return _EMPTY.get(column.sort)
    return _READ[column.sort](column, text)


def shown(column: Field, value: Any) -> str:
    """A value as a form or file would say it; secrets are never said."""
    if value is None or column.sort is Sort.SECRET:
        return ""
    if column.sort is Sort.CHOICES:
        return "、".join(column.choices[each].zh if each in column.choices else each for each in value.split())
    match value:
        case bool():
            return (YES if value else NO).zh
        case datetime():
            return timezone.localtime(value).strftime(_MOMENT)
        case Decimal():
            return format(value, "f")
    return str(value)


def _refused(column: Field, code: str, zh: str, en: str) -> Refused:
    return Refused(code, f"“{column.name.zh}”{zh}。", f"“{column.name.en}” {en}.", column.key)


def _line(column: Field, text: str) -> str:
    if len(text) > column.most or not text.isprintable():
        raise _refused(
            column, "MON-102", f"最多 {column.most} 个字，不能换行", f"takes one line of at most {column.most} signs"
        )
    return text


def _figure(column: Field, text: str) -> Decimal:
    try:
        found = Decimal(text)
    except InvalidOperation:
        found = Decimal("NaN")
    exponent = found.as_tuple().exponent
    fits = found.is_finite() and abs(found) < _MOST_FIGURE and isinstance(exponent, int) and -exponent <= _PLACES
    if not fits:
        raise _refused(column, "MON-103", f"应为一个数，实为“{text[:20]}”", f"takes a number, found “{text[:20]}”")
    return found


def _whole(column: Field, text: str) -> int:
    if not _WHOLE.fullmatch(text):
        raise _refused(column, "MON-104", f"应为整数，实为“{text[:20]}”", f"takes a whole number, found “{text[:20]}”")
    return int(text)


def _day(column: Field, text: str) -> date:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        found = None
    if found is None or not is_near(found, timezone.localdate()):
        raise _refused(
            column, "MON-105", f"应写成 YYYY-MM-DD，实为“{text[:20]}”", f"takes YYYY-MM-DD, found “{text[:20]}”"
        )
    return found


def _moment(column: Field, text: str) -> datetime:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        found = None
    if found is None or not is_near(found.date(), timezone.localdate()):
        zh = f"应写成 YYYY-MM-DD HH:MM，实为“{text[:20]}”"
        raise _refused(column, "MON-106", zh, f"takes YYYY-MM-DD HH:MM, found “{text[:20]}”")
    return found if found.tzinfo else timezone.make_aware(found)


def _choice(column: Field, text: str) -> str:
    named = {word: code for code, message in column.choices.items() for word in (message.zh, message.en)}
    if text in column.choices:
        return text
    if text not in named:
        words = "、".join(message.zh for message in column.choices.values())
        raise _refused(column, "MON-107", f"应为其中之一：{words}", f"takes one of: {', '.join(column.choices)}")
    return named[text]


def _choices(column: Field, text: str) -> str:
    """Several, by their words or codes, parted by commas or spaces; kept as codes parted by spaces, each once."""
    told = [each for each in _PARTED.split(text) if each]
    return " ".join(dict.fromkeys(_choice(column, each) for each in told))


def _factor(column: Field, text: str) -> str:
    if not _FACTOR.fullmatch(text):
        raise _refused(
            column, "MON-108", f"应为因子编码，实为“{text[:20]}”", f"takes a factor code, found “{text[:20]}”"
        )
    return text


def _flag(column: Field, text: str) -> bool:
    said = {YES.zh: True, YES.en: True, "true": True, "1": True, "on": True}
    said |= {NO.zh: False, NO.en: False, "false": False, "0": False}
    if text.lower() not in said:
        raise _refused(column, "MON-109", "应为“是”或“否”", "takes yes or no")
    return said[text.lower()]


_EMPTY: Mapping[Sort, Any] = {
    Sort.LINE: "", Sort.CHOICE: "", Sort.CHOICES: "", Sort.FACTOR: "", Sort.FLAG: False, Sort.SECRET: "",
}  # fmt: skip
_READ: Mapping[Sort, Any] = {
    Sort.LINE: _line, Sort.SECRET: _line, Sort.FIGURE: _figure, Sort.WHOLE: _whole, Sort.DAY: _day,
    Sort.MOMENT: _moment, Sort.CHOICE: _choice, Sort.CHOICES: _choices, Sort.FACTOR: _factor, Sort.FLAG: _flag,
}  # fmt: skip
