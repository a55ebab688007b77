"""登记什么、填哪些: each act on units with the fields that it needs, and what can be chosen in them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as lazy

from shuangkong.records.facts.finding_units import MOST, units_called
from shuangkong.records.facts.scopes import scope_names
from shuangkong.records.facts.subject_acts import KIND, Recorded, SubjectAct, act_of, fields_of
from shuangkong.records.paths import below
from shuangkong.records.people.access import visible
from shuangkong.records.people.acting import Acting
from shuangkong.records.people.roles import Action
from shuangkong.records.registry.models import Region
from shuangkong.web.site.words import spoken

ACTS: Mapping[SubjectAct, tuple[str | Promise, str | Promise]] = {
    SubjectAct.REGISTER: (lazy("登记单位"), lazy("名录里还没有的，先登记才能录数")),
    SubjectAct.ENTER: (lazy("纳入统计范围"), lazy("如达到规模以上")),
    SubjectAct.LEAVE: (lazy("退出统计范围"), lazy("如停产、降到规模以下")),
    SubjectAct.RENAME: (lazy("更名"), lazy("同一家换了名称或代码，数列接着用")),
    SubjectAct.MERGE: (lazy("合并"), lazy("并入另一家，以前的数相加")),
    SubjectAct.SPLIT: (lazy("分立"), lazy("一部分划给另一家，以前的数拆不开")),
    SubjectAct.WITHDRAW: (lazy("撤销记错的一项"), lazy("写明依据；过去日期当时知道的仍可再看")),
}
_LABELS: Mapping[SubjectAct, Mapping[str, str | Promise]] = {
    SubjectAct.REGISTER: {"code": lazy("单位代码")},
    SubjectAct.RENAME: {"code": lazy("更名前的单位"), "other": lazy("更名后的单位")},
    SubjectAct.MERGE: {"code": lazy("并掉的单位"), "other": lazy("并入哪一家")},
    SubjectAct.SPLIT: {"code": lazy("分出去的单位"), "other": lazy("划给哪一家")},
}
_USUAL: Mapping[str, str | Promise] = {
    "code": lazy("单位"),
    "name": lazy("单位名称"),
    "region": lazy("所在地区"),
    "on": lazy("自何日起"),
    "scope": lazy("统计范围"),
    "document": lazy("依据"),
}
_HINTS: Mapping[str, str | Promise] = {
    "code": lazy("写代码或名称的几个字，从名录中选"),
    "other": lazy("写代码或名称的几个字，从名录中选；没有的先登记"),
    "region": lazy("写代码或名称，从名录中选"),
    "document": lazy("写文号或文件名"),
}
_ORDER = ("code", "name", "region", "other", "scope", "on", "document")


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a form. ``sort``: text, day, choice (one of ``options``) or search (any text, options offered).

    ``options``: value and label.
    """

    name: str
    label: str
    hint: str
    sort: str
    value: str
    options: tuple[tuple[str, str], ...] = ()


def fields_for(act: SubjectAct, typed: Mapping[str, str], by: Acting, place: str, wrong: str = "") -> tuple[Field, ...]:
    """The fields of an act with what was typed; 1 query where units are chosen, 1 where regions are.

    Args:
        place: the path of the region one is looking at.
        wrong: the field whose text means several units: those are then offered, and no others.
    """
    wanted = [name for name in _ORDER if name in fields_of(act)]
    return tuple(_field(act, name, typed, by, place, is_wrong=name == wrong) for name in wanted)


def _field(act: SubjectAct, name: str, typed: Mapping[str, str], by: Acting, place: str, *, is_wrong: bool) -> Field:
    label, value = str(_LABELS.get(act, {}).get(name, _USUAL.get(name, ""))), typed.get(name, "")
    hint = str(_HINTS.get(name, ""))
    if name == "on":
        return Field(name, label, "", "day", value)
    if name == "scope":
        return Field(
            name, label, "", "choice", value, tuple((key, spoken(each)) for key, each in scope_names().items())
        )
    if name == "region":
        return Field(name, label, hint, "search", value or typed.get("place", ""), regions_offered(by, place))
    if name == "other" or (name == "code" and act is not SubjectAct.REGISTER):
        return Field(name, label, hint, "choice" if is_wrong else "search", value, units_offered(by, value * is_wrong))
    return Field(name, label, "" if name == "code" else hint, "text", value)


def units_offered(by: Acting, text: str = "") -> tuple[tuple[str, str], ...]:
    return tuple((row.code, f"{row.name}（{row.code}）") for row in units_called(KIND, text, by))


def regions_offered(by: Acting, place: str) -> tuple[tuple[str, str], ...]:
    """Those at a place and below it. 1 query."""
    found = Region.objects.filter(visible(by, Action.ACTUAL_LOAD), below(place), ends_on=None).order_by("code")
    return tuple(found.values_list("pk", "name")[:MOST])


def wrong_of(each: Recorded) -> dict[str, str]:
    """What a withdrawal of the act takes, as a form sends it."""
    act = act_of(each)
    return {"was": act, **{name: str(getattr(each, name)) for name in fields_of(act) if name != "document"}}
