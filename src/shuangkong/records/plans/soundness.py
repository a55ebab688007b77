"""What a corrected entry must be before it is recorded, so that adoption, arithmetic and pages can work with it."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Mapping
from datetime import date
from typing import Any

from shuangkong.core.finding import Message
from shuangkong.plans import reading as shapes
from shuangkong.plans.reading import Head
from shuangkong.plans.reading_json import decode
from shuangkong.records.plans.rows import EntryKind, EntryRow
from shuangkong.records.refusal import Refused

type Payload = dict[str, Any]

#: The value that a payload of each kind must make.
SHAPES: dict[EntryKind, type] = {
    EntryKind.CHAPTER: shapes.Chapter,
    EntryKind.ITEM: shapes.Item,
    EntryKind.BODY: shapes.Body,
    EntryKind.TARGET: shapes.Target,
    EntryKind.ANNEX_TARGET: shapes.Target,
    EntryKind.THRESHOLD: shapes.Threshold,
    EntryKind.DUTY: shapes.Duty,
    EntryKind.TABLE: shapes.AnnexTable,
}
_FIGURES = {"value": Message("数值", "value"), "base_value": Message("基期数值", "base value")}
_FIGURE = re.compile(r"-?[0-9]{1,15}(?:\.[0-9]{1,10})?")
_YEAR = re.compile(r"[12][0-9]{3}")
_DATE = re.compile(r"([12][0-9]{3})(?:-([01]?[0-9])(?:-([0-3]?[0-9]))?|年(?:([01]?[0-9])月(?:([0-3]?[0-9])日)?)?)?")


def value_of(kind: EntryKind, payload: Payload) -> Any:
    """The reading's own value that a payload means. Bodies are entries of their own.

    Raises:
        Refused: PLN-953, a field is absent or of the wrong form.
    """
    try:
        return decode(SHAPES[kind], payload | {"doubts": [], "bodies": []})
    except (KeyError, TypeError, ValueError, ArithmeticError) as fault:
        raise Refused(
            "PLN-953",
            "条目内容不完整或格式不对。请逐栏检查后再记录。",
            "The entry lacks a field or has one of the wrong form. Check each field, then record it again.",
        ) from fault


def head_of(standing: Iterable[EntryRow], told: Mapping[str, Any] | None = None) -> Head:
    """The head as its entries stand, rejected fields emptied; ``told`` are values that take the place of theirs."""
    values = {
        each.payload["field"]: emptied(each.payload["value"]) if each.is_dropped else each.payload["value"]
        for each in standing
        if each.kind is EntryKind.HEAD_FIELD
    }
    head: Head = decode(Head, values | dict(told or {}) | {"spans": {}, "doubts": []})
    return head


def emptied(value: object) -> object:
    """What a rejected head field leaves: an empty list, a mapping of nothing, or nothing."""
    if isinstance(value, dict):
        return dict.fromkeys(value)
    return [] if isinstance(value, list) else None


def require_head(standing: Iterable[EntryRow], field: str, value: object) -> None:
    """The head must still name its document once ``field`` is ``value``.

    Raises:
        Refused: PLN-953 or PLN-964.
    """
    try:
        head = head_of(standing, {field: value})
    except (KeyError, TypeError, ValueError) as fault:
        raise Refused(
            "PLN-953", "文头的这一项格式不对。", "This part of the head has the wrong form.", "value"
        ) from fault
    if not (head.title or "").strip() and not (head.notice_title or "").strip():
        raise Refused(
            "PLN-964",
            "方案不能没有标题。请把“标题”改正为印发的标题。",
            "A plan must have a title. Correct the title to the printed one.",
            "value",
        )


def sound(
    kind: EntryKind, before: Payload, after: Payload, units: Container[str], is_unit_meant: bool = False
) -> Payload:
    """``after`` with dates in their one form.

    Only what differs from ``before`` is judged: what the reader found was judged by its doubts.

    Args:
        units: the printed units that the policy files know.
        is_unit_meant: the person says that a unit unknown there is the printed one.

    Raises:
        Refused: a figure, year, date or unit that nothing later could work with; names the field.
    """
    changed = {key for key, value in after.items() if value not in (None, "") and before.get(key) != value}
    tidy = dict(after)
    if kind in SHAPES:
        for key in changed & _FIGURES.keys():
            _require_figure(key, after[key])
        if "unit" in changed and not is_unit_meant:
            _require_unit(str(after["unit"]), units)
    if "base_year" in changed and not _YEAR.fullmatch(str(after["base_year"])):
        raise _wrong("base_year", "PLN-962", Message("基年", "base year"), "四位年份", "a year of four digits", after)
    if "deadline" in changed:
        tidy["deadline"] = _deadline(after)
    if before.get("field") == "issued_on" and "value" in changed:
        tidy["value"] = _day(after)
    return tidy


def _require_figure(key: str, given: object) -> None:
    if not _FIGURE.fullmatch(str(given)):
        raise _wrong(
            key,
            "PLN-960",
            _FIGURES[key],
            "十进制数，整数不超过 15 位",
            "a plain decimal of at most 15 digits before the point",
            {key: given},
        )


def _deadline(after: Payload) -> str:
    """``2025``, ``2025-06`` or ``2025-06-30``, from either form."""
    found = _DATE.fullmatch("".join(str(after["deadline"]).split()))
    parts = [part for part in found.groups() if part] if found else []
    try:
        date(*(int(part) for part in (*parts, "1", "1")[:3]))
    except (TypeError, ValueError):
        parts = []
    if not parts:
        raise _wrong("deadline", "PLN-961", Message("期限", "deadline"), *_FORMS, after)
    return "-".join([parts[0], *(part.zfill(2) for part in parts[1:])])


def _day(after: Payload) -> str:
    found = _DATE.fullmatch("".join(str(after["value"]).split()))
    parts = [int(part) for part in found.groups() if part] if found else []
    try:
        return date(*parts).isoformat()
    except (TypeError, ValueError):
        raise _wrong("value", "PLN-963", Message("印发日期", "date of issue"), *_DAY_FORMS, after) from None


def _require_unit(given: str, units: Container[str]) -> None:
    if given in units:
        return
    raise Refused(
        "PLN-965",
        f"单位“{given}”不在单位表里。如有笔误请改正；确是印发的单位，请勾选“单位无误”再记录。",
        f"The unit “{given}” is not in the table of units. Correct it, or confirm that it is printed so.",
        "unit",
    )


#: The accepted forms, in both languages; letters stand for digits.
_FORMS = ("年、年-月 或 年-月-日（如 Y年M月、YYYY-MM）", "a year, year-month or day (YYYY, YYYY-MM, YYYY-MM-DD)")
_DAY_FORMS = ("YYYY-MM-DD 或 Y年M月D日", "a day (YYYY-MM-DD or Y年M月D日)")


def _wrong(key: str, code: str, name: Message, expected_zh: str, expected_en: str, after: Payload) -> Refused:
    found = str(after[key])[:40]
    return Refused(
        code,
        f"“{name.zh}”应为{expected_zh}，实为“{found}”。请照此改写。",
        f"The {name.en} should be {expected_en}; found “{found}”. Please write it so.",
        key,
    )
