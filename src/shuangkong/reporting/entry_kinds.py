"""一企一档的事项: what is kept on the file of a unit beside its returns, kind by kind, and what each says.

Undertakings (节能承诺), advice of energy audits (能源审计建议), reviews of metering (能源计量审查), certificates of
management systems (能源管理体系认证) and evaluations (效果评价、能源绩效评价). The one table of their fields.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from shuangkong.core.finding import Message
from shuangkong.core.horizon import FIRST_YEAR


class EntryKind(StrEnum):
    """What an entry of a unit's file is."""

    UNDERTAKING = "undertaking"  # 节能承诺
    ADVICE = "advice"  # 能源审计建议
    METERING = "metering"  # 能源计量审查
    SYSTEM = "system"  # 能源管理体系认证
    EVALUATION = "evaluation"  # 效果评价和能源绩效评价


KINDS: Mapping[EntryKind, Message] = {
    EntryKind.UNDERTAKING: Message("节能承诺", "Energy-saving undertaking"),
    EntryKind.ADVICE: Message("能源审计建议", "Advice of an energy audit"),
    EntryKind.METERING: Message("能源计量审查", "Review of energy metering"),
    EntryKind.SYSTEM: Message("能源管理体系认证", "Certificate of the energy management system"),
    EntryKind.EVALUATION: Message("效果和绩效评价", "Evaluation of effect or performance"),
}


class Sort(StrEnum):
    """How a field is written."""

    LINE = "line"
    TEXT = "text"
    DAY = "day"
    YEAR = "year"
    FIGURE = "figure"
    CODE = "code"


@dataclass(frozen=True, slots=True)
class Field:
    """What is said under one name; ``unit`` is printed in the label of a figure; ``may_be_negative`` of a figure."""

    id: str
    name: Message
    sort: Sort = Sort.LINE
    is_required: bool = True
    unit: Message | None = None
    choices: tuple[tuple[str, Message], ...] = ()
    may_be_negative: bool = False

    def shown(self, value: str) -> Message:
        """A value as a person reads it; of a code its word."""
        word = dict(self.choices).get(value)
        return word or Message(value, value)


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with one field."""

    field: str
    message: Message


_TCE, _CNY = Message("吨标准煤/年", "tce a year"), Message("元", "CNY")
#: A line holds so many signs, a text so many.
_LINE, _TEXT = 200, 4_000
#: A figure as it is written out: with an exponent twelve signs could ask for a thousand million digits.
_PLAIN = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,9})?")

AT_MOST, AT_LEAST = "at_most", "at_least"
PUBLIC, VOLUNTARY = "public", "voluntary"

FIELDS: Mapping[EntryKind, tuple[Field, ...]] = {
    EntryKind.UNDERTAKING: (
        Field("sort", Message("承诺种类", "Sort"), Sort.CODE, choices=(
            (VOLUNTARY, Message("自愿承诺", "Voluntary")), (PUBLIC, Message("公开承诺", "Public")),
        )),
        Field("text", Message("承诺内容", "What is promised"), Sort.TEXT),
        Field("indicator", Message("对应的指标", "Indicator"), is_required=False),
        Field("promised", Message("承诺值", "Figure promised"), Sort.FIGURE, is_required=False, may_be_negative=True),
        Field("unit", Message("单位", "Unit"), is_required=False),
        Field("bound", Message("承诺值是上限还是下限", "A ceiling or a floor"), Sort.CODE, is_required=False, choices=(
            (AT_MOST, Message("不超过", "At most")), (AT_LEAST, Message("不低于", "At least")),
        )),
        Field("base_period", Message("基期年", "Base year"), Sort.YEAR, is_required=False),
        Field("base", Message("基期值", "Figure of the base year"), Sort.FIGURE, is_required=False,
              may_be_negative=True),
        Field("period", Message("承诺年度", "Year promised for"), Sort.YEAR),
        Field("signed_on", Message("签署日期", "Signed on"), Sort.DAY),
        Field("signatory", Message("签署人", "Signatory")),
        Field("published", Message("公开的地方", "Where it was made public"), is_required=False),
    ),
    EntryKind.ADVICE: (
        Field("report", Message("审计报告", "Audit report")),
        Field("auditor", Message("审计机构", "Auditor")),
        Field("reported_on", Message("报告日期", "Dated"), Sort.DAY),
        Field("measure", Message("建议的措施", "Measure"), Sort.TEXT),
        Field("saving_tce", Message("预计节能量", "Expected saving"), Sort.FIGURE, unit=_TCE),
        Field("cost_cny", Message("预计投资", "Expected cost"), Sort.FIGURE, is_required=False, unit=_CNY),
        Field("due", Message("完成期限", "Due"), Sort.DAY),
        Field("post", Message("责任岗位", "Post in charge")),
    ),
    EntryKind.METERING: (
        Field("period", Message("计划年度", "Year of the plan"), Sort.YEAR),
        Field("manner", Message("审查方式", "Manner"), Sort.CODE, choices=(
            ("selective", Message("抽查", "Selective")), ("general", Message("全面审查", "General")),
        )),
        Field("reason", Message("为什么列入", "Why it was chosen"), Sort.TEXT),
        Field("due", Message("审查期限", "To be reviewed by"), Sort.DAY),
    ),
    EntryKind.SYSTEM: (
        Field("standard", Message("认证依据的标准", "Standard")),
        Field("certifier", Message("认证机构", "Certifier")),
        Field("number", Message("证书编号", "Number of the certificate")),
        Field("scope", Message("认证范围", "Scope"), Sort.TEXT),
        Field("starts_on", Message("发证日期", "From"), Sort.DAY),
        Field("due", Message("有效期至", "Valid until"), Sort.DAY),
    ),
    EntryKind.EVALUATION: (
        Field("aspect", Message("评价什么", "What is evaluated"), Sort.CODE, choices=(
            ("system", Message("能源管理体系效果", "Effect of the management system")),
            ("performance", Message("能源绩效", "Energy performance")),
        )),
        Field("period", Message("评价年度", "Year evaluated"), Sort.YEAR),
        Field("on", Message("评价日期", "Evaluated on"), Sort.DAY),
        Field("evaluator", Message("由谁评价", "Evaluated by")),
        Field("result", Message("评价结果", "Result"), Sort.CODE, choices=(
            ("good", Message("效果好", "Effective")), ("partly", Message("部分有效", "Partly effective")),
            ("poor", Message("没有效果", "Without effect")),
        )),
        Field("findings", Message("评价的依据和发现", "What it rests on, and findings"), Sort.TEXT),
    ),
}  # fmt: skip


def shown_fields(fields: Iterable[Field], told: Mapping[str, str]) -> tuple[tuple[Field, Message], ...]:
    """The fields that something is said of, with that as a person reads it."""
    return tuple((each, each.shown(told[each.id])) for each in fields if told.get(each.id))


def sound(fields: Iterable[Field], told: Mapping[str, str]) -> tuple[dict[str, str], tuple[Fault, ...]]:
    """What is said, trimmed and written one way, without what is empty; and all that is wrong with it.

    Days are YYYY-MM-DD, years YYYY, figures plain decimals; a field that the table does not know is a fault.
    """
    known = {each.id: each for each in fields}
    kept: dict[str, str] = {}
    faults = [
        Fault(key, Message(f"不认识“{key[:20]}”这一项。应为 {'、'.join(known)}。", f"No such field: “{key[:20]}”."))
        for key in told
        if key not in known
    ]
    for each in known.values():
        text = told.get(each.id, "").strip()
        if not text:
            if each.is_required:
                faults.append(Fault(each.id, Message(f"请填“{each.name.zh}”。", f"“{each.name.en}” is lacking.")))
            continue
        found = _READS[each.sort](each, text)
        if isinstance(found, Message):
            faults.append(Fault(each.id, found))
        else:
            kept[each.id] = found
    return kept, tuple(faults)


def together(kind: EntryKind, told: Mapping[str, str]) -> tuple[Fault, ...]:
    """What does not go together in what is said of an entry, each field of it being sound."""
    if kind is EntryKind.UNDERTAKING:
        return _undertaken(told)
    if kind is EntryKind.SYSTEM and told.get("due", "") <= told.get("starts_on", ""):
        zh = "有效期应晚于发证日期。请核对证书。"
        return (Fault("due", Message(zh, "It must be valid for longer than the day of issue.")),)
    if kind is EntryKind.ADVICE and told.get("due", "") < told.get("reported_on", ""):
        zh = "完成期限不能早于审计报告的日期。请核对。"
        return (Fault("due", Message(zh, "It cannot be due before the report's day.")),)
    return ()


def _undertaken(told: Mapping[str, str]) -> tuple[Fault, ...]:
    found = []
    if told.get("promised"):
        for key, zh, en in (("unit", "单位", "Unit"), ("bound", "上限还是下限", "Ceiling or floor")):
            if not told.get(key):
                found.append(Fault(key, Message(f"写了承诺值，还要写{zh}。", f"A figure needs this too: {en}.")))
    elif told.get("indicator"):
        zh = "写了对应的指标，还要写承诺值，才能与报来的数比。"
        found.append(Fault("promised", Message(zh, "An indicator needs the figure that was promised.")))
    if told.get("sort") == PUBLIC and not told.get("published"):
        zh = "公开承诺要写在哪里公开的。"
        found.append(Fault("published", Message(zh, "Say where the public undertaking was made public.")))
    if told.get("base_period", "") > told.get("period", ""):
        zh = "基期年不能晚于承诺年度。"
        found.append(Fault("base_period", Message(zh, "The base year cannot be after the year promised for.")))
    return tuple(found)


def is_kept(bound: str, promised: Decimal, result: Decimal) -> bool:
    """Whether a result is as good as what was promised, in the same unit; the bound itself keeps it."""
    return result <= promised if bound == AT_MOST else result >= promised


def _line(field: Field, text: str) -> str | Message:
    most = _TEXT if field.sort is Sort.TEXT else _LINE
    if len(text) <= most and "\0" not in text:
        return text
    return Message(f"“{field.name.zh}”最多 {most} 字。", f"“{field.name.en}” holds {most} signs at most.")


def _day(field: Field, text: str) -> str | Message:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        zh = f"“{field.name.zh}”应写成 YYYY-MM-DD，实为“{text[:20]}”。"
        return Message(zh, f"“{field.name.en}”: expected YYYY-MM-DD, found “{text[:20]}”.")


def _year(field: Field, text: str) -> str | Message:
    if len(text) == len("YYYY") and text.isascii() and text.isdecimal() and int(text) >= FIRST_YEAR:
        return text
    return Message(
        f"“{field.name.zh}”应写四位年份，实为“{text[:20]}”。",
        f"“{field.name.en}”: a year of four digits, not “{text[:20]}”.",
    )


def _figure(field: Field, text: str) -> str | Message:
    if not _PLAIN.fullmatch(text):
        zh = f"“{field.name.zh}”应写一个数，小数点前最多 15 位、后最多 9 位，实为“{text[:20]}”。"
        en = f"“{field.name.en}”: expected a number, 15 digits before the point and 9 after it at most"
        return Message(zh, f"{en}, found “{text[:20]}”.")
    found = Decimal(text)
    if found < 0 and not field.may_be_negative:
        return Message(f"“{field.name.zh}”不能小于 0。", f"“{field.name.en}” cannot be below zero.")
    return format(found, "f")


def _code(field: Field, text: str) -> str | Message:
    if text in dict(field.choices):
        return text
    known = "、".join(f"{code}（{word.zh}）" for code, word in field.choices)
    return Message(
        f"“{field.name.zh}”应为 {known}，实为“{text[:20]}”。",
        f"“{field.name.en}”: one of {', '.join(code for code, _ in field.choices)}, not “{text[:20]}”.",
    )


_READS = {
    Sort.LINE: _line, Sort.TEXT: _line, Sort.DAY: _day, Sort.YEAR: _year, Sort.FIGURE: _figure, Sort.CODE: _code,
}  # fmt: skip
