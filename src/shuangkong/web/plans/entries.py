"""Entries in words: one line for a list, the fields that a person may correct, what a decision changed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from shuangkong.plans.reading import Kind, Nature, Op, Role, Strength
from shuangkong.records.plans.rows import EntryKind, EntryRow
from shuangkong.records.refusal import Refused
from shuangkong.web.site.scope import whole
from shuangkong.web.site.words import (
    deadline_word,
    entry_word,
    kind_word,
    nature_word,
    op_sign,
    printed_indicator_word,
    role_word,
    strength_word,
    with_unit,
)

type Payload = Mapping[str, Any]
type Choices = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Field:
    """A field that a person may correct.

    ``choices`` gives its allowed values in words; whole numbers become int.
    """

    key: str
    label: str | Promise
    choices: Callable[[], Choices] | None = None
    is_whole: bool = False
    is_needed: bool = False


def _kinds() -> Choices:
    return [(kind.value, kind_word(kind)) for kind in Kind]


def _ops() -> Choices:
    return [(op.value, op_sign(op)) for op in Op]


def _roles() -> Choices:
    return [(role.value, role_word(role)) for role in Role]


def _strengths() -> Choices:
    return [(each.value, strength_word(each)) for each in Strength]


def _natures() -> Choices:
    return [("", _("未写明")), *((each.value, nature_word(each)) for each in Nature)]


_TARGET = (
    Field("indicator", lazy("指标"), is_needed=True),
    Field("kind", lazy("类型"), _kinds),
    Field("op", lazy("关系"), _ops),
    Field("value", lazy("数值"), is_needed=True),
    Field("unit", lazy("单位")),
    Field("base_year", lazy("基年"), is_whole=True),
    Field("deadline", lazy("期限")),
    Field("scope", lazy("范围")),
    Field("denominator", lazy("分母")),
    Field("region", lazy("地区")),
    Field("strength", lazy("力度"), _strengths),
    Field("nature", lazy("性质"), _natures),
)
FIELDS: dict[EntryKind, tuple[Field, ...]] = {
    EntryKind.HEAD_FIELD: (Field("value", lazy("内容")),),
    EntryKind.REMARK: (),
    EntryKind.CHAPTER: (Field("no", lazy("编号")), Field("title", lazy("标题"), is_needed=True)),
    EntryKind.ITEM: (Field("no", lazy("编号"), is_needed=True), Field("title", lazy("标题"), is_needed=True)),
    EntryKind.BODY: (Field("name", lazy("责任单位"), is_needed=True), Field("role", lazy("角色"), _roles)),
    EntryKind.TARGET: _TARGET,
    EntryKind.ANNEX_TARGET: _TARGET,
    EntryKind.THRESHOLD: (
        Field("subject", lazy("对象"), is_needed=True),
        Field("op", lazy("关系"), _ops),
        Field("value", lazy("数值"), is_needed=True),
        Field("unit", lazy("单位")),
    ),
    EntryKind.DUTY: (
        Field("what", lazy("事项"), is_needed=True),
        Field("extent", lazy("范围")),
        Field("deadline", lazy("期限")),
        Field("recurrence", lazy("周期")),
        Field("strength", lazy("力度"), _strengths),
    ),
    EntryKind.TABLE: (Field("title", lazy("标题"), is_needed=True),),
}
_HEAD = {
    "title": lazy("标题"),
    "doc_no": lazy("文号"),
    "issuer": lazy("印发机关"),
    "issued_on": lazy("印发日期"),
    "region": lazy("地区"),
    "horizon": lazy("期间"),
    "base_years": lazy("基年"),
    "parents": lazy("依据文件"),
    "addressees": lazy("主送"),
    "copies": lazy("抄送"),
    "redaction": lazy("公开标注"),
    "notice_title": lazy("通知标题"),
}


def head_word(field: str) -> str:
    return str(_HEAD[field])


def summary(entry: EntryRow) -> str:
    """One line that tells the entry from its neighbours."""
    payload = entry.payload
    match entry.kind:
        case EntryKind.HEAD_FIELD:
            return f"{head_word(payload['field'])}：{plain(payload['value'])}"
        case EntryKind.REMARK:
            return _("全文")
        case EntryKind.CHAPTER | EntryKind.ITEM:
            return f"{payload['no'] or ''} {payload['title']}".strip()
        case EntryKind.BODY:
            return f"{payload['name']}（{role_word(payload['role'])}）"
        case EntryKind.TARGET | EntryKind.ANNEX_TARGET:
            region = f"{payload['region']} " if payload.get("region") else ""
            return f"{region}{printed_indicator_word(payload['indicator'], payload['kind'])} {_amount(payload)}"
        case EntryKind.THRESHOLD:
            return f"{payload['subject']} {_amount(payload)}"
        case EntryKind.DUTY:
            return str(payload["what"]) or _wordless(payload)
        case EntryKind.TABLE:
            return _("附表%(no)s %(title)s") % {"no": payload["no"], "title": payload["title"]}


def _wordless(duty: Payload) -> str:
    """A duty whose words are not here: its measure, its kind, until when."""
    told = (duty["extent"], duty["recurrence"], duty["deadline"] and deadline_word(duty["deadline"]))
    return " · ".join([f"{duty['item_no']} {entry_word('duty')}", *filter(None, told)])


def _amount(payload: Payload) -> str:
    return f"{op_sign(payload['op'])} {with_unit(str(payload['value']), payload['unit'])}"


def plain(value: Any) -> str:
    """A payload's value in words; "—" where there is none."""
    match value:
        case None | "" | []:
            return "—"
        case {"start_year": start, "end_year": end}:
            return f"{start or ''}—{end or ''}"
        case {"title": title}:
            return str(title)
        case list():
            return "、".join(plain(each) for each in value)
        case _:
            return str(value)


def is_correctable(entry: EntryRow) -> bool:
    """Lists and records of the head are corrected by reading another document, not in a line of text."""
    if entry.kind is EntryKind.HEAD_FIELD:
        return entry.payload["value"] is None or isinstance(entry.payload["value"], str)
    return bool(FIELDS[entry.kind])


def corrected(entry: EntryRow, form: Mapping[str, str]) -> dict[str, Any]:
    """The payload with what the form says written over it.

    Raises:
        Refused: a needed field is empty, or a whole number is none; names the field.
    """
    after = dict(entry.payload)
    for field in FIELDS[entry.kind]:
        if field.key not in form:
            continue
        said = form[field.key].strip()
        if said != plain_input(entry.payload.get(field.key)):
            after[field.key] = meant(field, said)
            if field.key == "value":
                after.pop("value_text", None)
    return after


def meant(field: Field, said: str) -> str | int | None:
    """What was typed into a field, as a payload holds it.

    Raises:
        Refused: PLN-966 or PLN-967, in the language of the page.
    """
    if field.is_needed and not said:
        words = _("“%(field)s”不能空着。请填写后再记录。") % {"field": field.label}
        raise Refused("PLN-966", words, words, field.key)
    if field.is_whole and said and whole(said) is None:
        words = _("“%(field)s”应当是整数，现在是“%(found)s”。") % {"field": field.label, "found": said[:40]}
        raise Refused("PLN-967", words, words, field.key)
    return (whole(said) if field.is_whole else said) if said else _absent(field.key)


def _absent(key: str) -> str | None:
    """What an emptied field becomes: a unit is a text, the rest is simply not there."""
    return "" if key == "unit" else None


def plain_input(value: Any) -> str:
    """A payload's value as it stands in an input."""
    return "" if value is None else str(value)


def changes(before: Payload, after: Payload | None) -> str:
    """What a decision changed: field, old and new value."""
    if after is None or not before:
        return ""
    labels = {field.key: str(field.label) for fields in FIELDS.values() for field in fields}
    changed = [key for key in labels if key in after and before.get(key) != after[key]]
    return "；".join(f"{labels[key]}：{plain(before.get(key))} → {plain(after[key])}" for key in changed)
