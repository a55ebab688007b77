"""A reading as JSON and back: for files, for the database, for other programs.

The top level is flat (title, doc_no, issuer, issued_on, region, items, targets, tables …), so that a program that
wants the plain facts need not know our dataclasses; everything that they hold stands beside it and makes the way back
exact.
"""

from __future__ import annotations

from dataclasses import MISSING, fields, is_dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cache
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from shuangkong.core.span import Span
from shuangkong.plans.reader.characters import plain
from shuangkong.plans.reading import AnnexTable, Head, Item, Reading, Role, Target, Threshold, confidence

Json = dict[str, Any]


def to_json(reading: Reading, text: str | None = None) -> Json:
    """The reading as plain dicts, lists, strings and numbers.

    Spans are ``[start, end]``. Where ``text`` (the document's) is given, targets and thresholds carry their ``quote``
    and their unit as printed (萬噸 in a document in traditional characters).
    """
    whole: Json = encode(reading)
    head: Json = whole.pop("head")
    found = head | whole
    if text is not None:
        for name in ("targets", "annex_targets", "thresholds"):
            for entry in found[name]:
                entry["quote"] = text[slice(*entry["span"])]
                entry["unit_read"] = entry["unit"]
                entry["unit"] = _printed_unit(entry["unit"], text[slice(*entry["value_span"])])
    return found


def _printed_unit(unit: str, printed: str) -> str:
    """The unit in the characters of the document, where its number prints it; half and full width do not differ.

    A denominator that the name prints (万元…能耗1.2吨标准煤) is none of the number's.
    """
    for own in (unit, unit.split("/")[0]):
        if own and plain(printed).endswith(own) and "%" not in own:
            return printed[-len(own) :]
    return unit


def from_json(data: Json) -> Reading:
    """The way back. Keys that are no field of ours (quote, confidence, lead …) are read over.

    Raises:
        KeyError, ValueError: a field is absent or of the wrong form; the message names it.
    """
    units = {
        name: [entry | {"unit": entry.get("unit_read", entry["unit"])} for entry in data[name]]
        for name in ("targets", "annex_targets", "thresholds")
    }
    found: Reading = decode(Reading, {**data, **units, "head": {**data, "doubts": data["head_doubts"]}})
    return found


def encode(value: Any) -> Any:
    """One value of a reading as JSON.

    A Span as ``[start, end]``, a Decimal as its text, a dataclass as a dict of its fields.
    """
    if isinstance(value, Span):
        return [value.start, value.end]
    if is_dataclass(value):
        plain = {field.name: encode(getattr(value, field.name)) for field in fields(value)}
        return plain | _beside(value)
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, Decimal | date):
        return str(value)
    if isinstance(value, dict):
        return {key: encode(each) for key, each in value.items()}
    if isinstance(value, frozenset):
        return sorted(value)
    if isinstance(value, tuple):
        return [encode(each) for each in value]
    return value


def decode(kind: Any, data: Any) -> Any:
    """The way back of ``encode``; ``kind`` is the annotated type."""
    origin, inner = get_origin(kind), get_args(kind)
    if origin in (Union, UnionType):
        if data is None and NoneType in inner:
            return None
        return decode(next(each for each in inner if each is not NoneType), data)
    if kind is Span:
        return Span(*data)
    if is_dataclass(kind):
        return _decode_fields(kind, data)
    if origin is tuple:
        if len(inner) == 2 and inner[1] is Ellipsis:
            return tuple(decode(inner[0], each) for each in data)
        return tuple(decode(each, part) for each, part in zip(inner, data, strict=True))
    if origin is frozenset:
        return frozenset(data)
    if origin is dict:
        return {key: decode(inner[1], each) for key, each in data.items()}
    return _decode_plain(kind, data)


def _decode_plain(kind: Any, data: Any) -> Any:
    if kind is Decimal:
        return Decimal(str(data))
    if kind is date:
        return date.fromisoformat(data)
    return kind(data) if issubclass(kind, StrEnum) else data


def _decode_fields(kind: Any, data: Json) -> Any:
    """A field with a default may be absent: readings are kept from before the field was."""
    found = {
        name: decode(hint, data[name])
        for name, hint in _hints(kind).items()
        if name not in ("value", "rows") and (name in data or name not in _optional(kind))
    }
    if kind is AnnexTable:
        found["rows"] = decode(_hints(kind)["rows"], data["row_facts"])
    elif "value" in _hints(kind):
        found["value"] = _decode_value(kind, data)
    return kind(**found)


def _decode_value(kind: Any, data: Json) -> Any:
    """The number as printed, unless a person has since written another number over it."""
    printed = data.get("value_text")
    if printed is not None and _number(Decimal(printed)) == data["value"]:
        return Decimal(printed)
    return decode(_hints(kind)["value"], data["value"])


@cache
def _hints(kind: Any) -> dict[str, Any]:
    return get_type_hints(kind)


@cache
def _optional(kind: Any) -> frozenset[str]:
    return frozenset(
        each.name for each in fields(kind) if each.default is not MISSING or each.default_factory is not MISSING
    )


def _beside(value: object) -> Json:
    """What a reader of the JSON gets beside the fields themselves; a number takes the place of its text."""
    beside: Json = {}
    doubts = getattr(value, "doubts", None)
    if isinstance(value, Head):
        beside["head_doubts"] = encode(value.doubts)
    elif doubts is not None:
        beside["confidence"] = confidence(doubts)
    match value:
        case Target() | Threshold():
            beside |= {"value": _number(value.value), "value_text": str(value.value)}
        case Item():
            names = (("lead", Role.LEAD), ("participants", Role.PARTICIPANT), ("shared", Role.SHARED))
            beside |= {name: list(value.named(role)) for name, role in names}
        case AnnexTable():
            beside |= {"row_facts": encode(value.rows), "rows": [_printed(value, n) for n in range(len(value.rows))]}
    return beside


def _printed(table: AnnexTable, number: int) -> list[str]:
    """A row as printed, the label first whether or not it has a cell of its own."""
    row = table.rows[number]
    texts = [cell.text for cell in row.cells]
    return texts if len(texts) == len(table.columns) else [row.label, *texts]


def _number(value: Decimal) -> int | float:
    return int(value) if value == value.to_integral_value() else float(value)
