"""录入: a text as a person writes it, or a number as a file holds it → an entry of a field, or why it is none.

Nothing is rounded and nothing is guessed: what can be read in two ways is refused with a word on what to write.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from shuangkong.core.fact import State
from shuangkong.core.unit import PrintedUnit
from shuangkong.reporting.content import BLANK, Entry, Origin
from shuangkong.reporting.forms.model import Choice, Field, FieldKind

#: Digits before the point: a nation's GDP in fen has seventeen.
MOST_DIGITS = 18
LONGEST_TEXT = 2_000
#: Digits of a number that a spreadsheet keeps; what stands behind them is noise of its arithmetic.
_SHEET_DIGITS = 15
#: Longer texts are no number, whatever they are.
_LONGEST_NUMBER = 60

#: Digits before the point of a number that needs no second look.
MOST_DIGITS = 18
_PLAIN = re.compile(r"-?[0-9]{1,18}(?:\.([0-9]+))?", re.ASCII)
#: An amount of that sort that is not negative.
PLAIN_AMOUNT = re.compile(r"[0-9]{1,18}(?:\.([0-9]+))?", re.ASCII).fullmatch
_PARTED = re.compile(r"[+-]?[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?", re.ASCII)
_DIGITS = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)", re.ASCII)
_SCIENTIFIC = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?[eE][+-]?[0-9]+", re.ASCII)
_WITH_UNIT = re.compile(r"([+-]?[0-9][0-9,]*(?:\.[0-9]+)?)\s*([^0-9\s.,+_-].*)", re.ASCII)
_CHINESE = re.compile(r"[-+负]?[零〇一二三四五六七八九十百千万亿两壹贰叁肆伍陆柒捌玖拾佰仟萬億点點]+[元吨度个]?")
_MULTIPLES = frozenset({"万", "亿", "千", "百", "十", "百万", "千万", "万亿"})
_DASHES = str.maketrans(dict.fromkeys("−–—﹣－", "-"))
_DAY = re.compile(r"([0-9]{4})\s*(?:[-/.年])\s*([0-9]{1,2})\s*(?:[-/.月])\s*([0-9]{1,2})\s*日?", re.ASCII)
_COMPACT_DAY = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})", re.ASCII)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
#: What people write where something does not apply. A lone stroke is not among them: spreadsheets show zero as one.
_NOT_APPLICABLE = frozenset({"不适用", "无此项", "n/a", "na", "/"})
_FLAGS = {
    **dict.fromkeys(("是", "有", "yes", "y", "true", "1", "√", "✓"), "yes"),
    **dict.fromkeys(("否", "无", "no", "n", "false", "0", "×"), "no"),
}


class Fault(NamedTuple):
    """Why a value cannot be taken: a row of REFUSALS and what its message names."""

    code: str
    filled: Mapping[str, object]


def entered(field: Field, text: str, units: Mapping[str, PrintedUnit], origin: Origin = Origin.TYPED) -> Entry | Fault:
    """The entry that a text makes in a field; BLANK where it is blank.

    Args:
        units: printed unit → unit, for figures that bring their own (3.2 万吨 in a field of tonnes).
    """
    if field.kind is FieldKind.FIGURE:
        plain = _PLAIN.fullmatch(text)
        if plain is not None:  # what nearly every cell holds
            return _figure(field, Decimal(text), text, origin)
    text = text.strip()
    if not text:
        return BLANK
    match field.kind:
        case FieldKind.FIGURE:
            return _number(field, text, units, origin)
        case FieldKind.CODE:
            return _code(field, text, origin)
        case FieldKind.TEXT:
            return _text(text, origin)
        case FieldKind.DAY:
            return _day(text, origin)
        case FieldKind.FLAG:
            return _flag(text, origin)


def entered_number(field: Field, value: float, origin: Origin = Origin.IMPORTED) -> Entry | Fault:
    """The entry that a number of a spreadsheet makes: the number that the sheet shows, not the noise behind it."""
    shown = Decimal(format(value, f".{_SHEET_DIGITS}g"))
    text = format(shown, "f")
    if field.kind is FieldKind.FIGURE:
        return _figure(field, shown, text, origin)
    return entered(field, text.removesuffix(".0"), {}, origin)


def _number(field: Field, text: str, units: Mapping[str, PrintedUnit], origin: Origin) -> Entry | Fault:
    if len(text) > _LONGEST_NUMBER:
        return Fault("RPT-601", {"found": text})
    told = unicodedata.normalize("NFKC", text).translate(_DASHES).replace("￥", "").replace("¥", "").strip()
    if told.lower() in _NOT_APPLICABLE:
        return Entry(State.NOT_APPLICABLE, None, origin)
    if told.startswith("(") and told.endswith(")"):  # 会计记法
        told = f"-{told[1:-1].strip()}"
    plain = _digits(told)
    if plain is not None:
        return _figure(field, plain, text, origin)
    if _SCIENTIFIC.fullmatch(told):
        return Fault("RPT-603", {"found": text})
    if _CHINESE.fullmatch(told):
        return Fault("RPT-602", {"found": text})
    match = _WITH_UNIT.fullmatch(told)
    if match is not None and (number := _digits(match[1])) is not None:
        return _with_unit(field, number, match[2].strip(), text, units, origin)
    return Fault(
        "RPT-604" if "," in told and told.replace(",", "").replace(".", "").isdigit() else "RPT-601", {"found": text}
    )


def plain_number(text: str) -> Decimal | None:
    """The number of digits alone, in whatever width, with or without commas; None where it brings more than that."""
    return _digits(unicodedata.normalize("NFKC", text.strip()[:_LONGEST_NUMBER]).translate(_DASHES))


def _digits(text: str) -> Decimal | None:
    """The number of digits with or without commas every three; None where they are none."""
    if _PARTED.fullmatch(text):
        return Decimal(text.replace(",", ""))
    return Decimal(text) if _DIGITS.fullmatch(text) else None


def _with_unit(
    field: Field, number: Decimal, unit: str, text: str, units: Mapping[str, PrintedUnit], origin: Origin
) -> Entry | Fault:
    """A figure that names its unit, in the unit of the field."""
    expected = {"expected": field.printed, "expected_en": field.printed_en or field.printed}
    if unit in _MULTIPLES:
        return Fault("RPT-606", {"found": text, **expected})
    form = units.get(unit)
    if form is None or form.unit.id != field.unit:
        return Fault("RPT-605", {"found": text, "unit": unit, **expected})
    value = number * form.factor
    return _figure(field, value / field.factor, text, origin)


def _figure(field: Field, value: Decimal, text: str, origin: Origin) -> Entry | Fault:
    exponent = value.as_tuple().exponent
    if isinstance(exponent, int) and -exponent > field.decimals:
        value = value.normalize()
        exponent = value.as_tuple().exponent
        if isinstance(exponent, int) and -exponent > field.decimals:
            return Fault("RPT-607", {"found": text, "expected": field.decimals})
    if value.adjusted() >= MOST_DIGITS:
        return Fault("RPT-608", {"found": text, "expected": MOST_DIGITS})
    if value < 0 and not field.may_be_negative:
        return Fault("RPT-609", {"found": text})
    return Entry(State.VALUE, value, origin)


def _code(field: Field, text: str, origin: Origin) -> Entry | Fault:
    code = code_of(field.choices, text)
    if code is None:
        if text.lower() in _NOT_APPLICABLE:
            return Entry(State.NOT_APPLICABLE, None, origin)
        return Fault("RPT-610", {"found": text, "expected": choices_as_words(field.choices)})
    return Entry(State.VALUE, code, origin)


def code_of(choices: tuple[Choice, ...], text: str) -> str | None:
    """The code that a text names: by itself, by its name, or as a list shows both (“1 自动监测”)."""
    told = text.strip()
    for choice in choices:
        if told in (choice.code, choice.name.zh, choice.name.en, f"{choice.code} {choice.name.zh}"):
            return choice.code
    return None


def choices_as_words(choices: tuple[Choice, ...]) -> str:
    """Choices as a message lists them."""
    return "、".join(f"{choice.code} {choice.name.zh}" for choice in choices[:12]) + ("…" if len(choices) > 12 else "")


def _text(text: str, origin: Origin) -> Entry | Fault:
    if len(text) > LONGEST_TEXT or _CONTROL.search(text):
        return Fault("RPT-613", {"found": len(text), "expected": LONGEST_TEXT})
    return Entry(State.VALUE, text, origin)


def _day(text: str, origin: Origin) -> Entry | Fault:
    match = _DAY.fullmatch(text) or _COMPACT_DAY.fullmatch(text)
    try:
        if match is None:
            raise ValueError(text)
        return Entry(State.VALUE, date(int(match[1]), int(match[2]), int(match[3])).isoformat(), origin)
    except ValueError:
        if text.lower() in _NOT_APPLICABLE:
            return Entry(State.NOT_APPLICABLE, None, origin)
        return Fault("RPT-611", {"found": text})


def _flag(text: str, origin: Origin) -> Entry | Fault:
    told = _FLAGS.get(text.lower())
    if told is None:
        if text.lower() in _NOT_APPLICABLE:
            return Entry(State.NOT_APPLICABLE, None, origin)
        return Fault("RPT-612", {"found": text})
    return Entry(State.VALUE, told, origin)
