"""The words of the cascade in both languages; a verdict always has a sign and a word, and only then a colour."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext

from shuangkong.plans.cascade.alignment import Match
from shuangkong.plans.cascade.decided import Pairing
from shuangkong.plans.cascade.moves import Change
from shuangkong.plans.cascade.strictness import Reason, Verdict
from shuangkong.records.plans.cascade.responsible_rows import Rank
from shuangkong.records.plans.cascade.rows import EntryKind, EventKind, LinkVerdict, RegisterRow, Relation
from shuangkong.records.plans.rows import PlanRow

VERDICTS = {
    Verdict.LOOSER: lazy("比上级宽松"),
    Verdict.MISSING: lazy("本级缺"),
    Verdict.NOT_COMPARABLE: lazy("不可比"),
    Verdict.EQUAL: lazy("一致"),
    Verdict.STRICTER: lazy("严于上级"),
    Verdict.EXTRA: lazy("本级自定"),
}
VERDICT_SIGNS = {
    Verdict.LOOSER: "▼",
    Verdict.MISSING: "✕",
    Verdict.NOT_COMPARABLE: "◇",
    Verdict.EQUAL: "●",
    Verdict.STRICTER: "▲",
    Verdict.EXTRA: "＋",
}
#: Colours of the site; they come after sign and word.
VERDICT_LEVELS = {Verdict.LOOSER: "behind", Verdict.MISSING: "missed"}
#: The same verdicts between before and after.
WAYS = {
    Verdict.LOOSER: lazy("放宽"),
    Verdict.MISSING: lazy("取消"),
    Verdict.NOT_COMPARABLE: lazy("不可比"),
    Verdict.EQUAL: lazy("松紧未变"),
    Verdict.STRICTER: lazy("收紧"),
    Verdict.EXTRA: lazy("新增"),
}
REASONS = {
    Reason.VALUE: lazy("数值"),
    Reason.WORDING: lazy("措辞（力争、左右、基本）"),
    Reason.NATURE: lazy("约束性或预期性"),
    Reason.LATER: lazy("期限更晚"),
    Reason.EARLIER: lazy("期限更早"),
    Reason.OTHER_KIND: lazy("承诺的类型不同"),
    Reason.OTHER_UNIT: lazy("单位不同"),
    Reason.OTHER_BASE: lazy("基年不同"),
    Reason.OTHER_DENOMINATOR: lazy("分母不同"),
    Reason.OTHER_SCOPE: lazy("范围不同"),
    Reason.OTHER_DEADLINE: lazy("期限不同"),
    Reason.OTHER_WHOLE: lazy("上级数值属于更大的区域，没有分解到本级"),
    Reason.UNKNOWN_DIRECTION: lazy("指标的方向不明"),
}
MATCHES = {
    Match.MISSING: lazy("本级没有"),
    Match.DOUBTFUL: lazy("像是对应，请核对"),
    Match.PART: lazy("并入或细分"),
    Match.SURE: lazy("对应"),
    Match.EXTRA: lazy("本级自定"),
}
MATCH_SIGNS = {Match.MISSING: "✕", Match.DOUBTFUL: "?", Match.PART: "◐", Match.SURE: "●", Match.EXTRA: "＋"}
#: Sign and word of what a person says of a pair.
PAIRINGS: Mapping[Pairing, tuple[str, Promise]] = {
    Pairing.PAIRED: ("●", lazy("是同一项")),
    Pairing.APART: ("✕", lazy("不是同一项")),
    Pairing.OPEN: ("○", lazy("撤销认定，按相近程度")),
}
CHANGES = {
    Change.MOVED: lazy("调整"),
    Change.DROPPED: lazy("取消"),
    Change.ADDED: lazy("新增"),
    Change.KEPT: lazy("未变"),
}
CHANGE_SIGNS = {Change.MOVED: "→", Change.DROPPED: "✕", Change.ADDED: "＋", Change.KEPT: "●"}
FIELDS: Mapping[str, Promise] = {
    "value": lazy("数值"),
    "unit": lazy("单位"),
    "op": lazy("关系"),
    "deadline": lazy("期限"),
    "base_year": lazy("基年"),
    "strength": lazy("力度"),
    "nature": lazy("性质"),
    "denominator": lazy("分母"),
    "kind": lazy("类型"),
}
RELATIONS = {
    Relation.FOLLOWS: lazy("依据上级方案"),
    Relation.SUPERSEDES: lazy("代替"),
    Relation.AMENDS: lazy("调整目标"),
}
LINK_VERDICTS = {LinkVerdict.CONFIRMED: lazy("确认"), LinkVerdict.REJECTED: lazy("否定")}
ENTRIES = {
    EntryKind.SUB_PLAN: lazy("须编制的方案"),
    EntryKind.AWAITED: lazy("待上级下达的数值"),
    EntryKind.COOPERATION: lazy("配合上级"),
}
STATES = {
    EventKind.REGISTER: lazy("已登记"),
    EventKind.DECLINE: lazy("未予登记"),
    EventKind.WITHDRAW: lazy("已撤销"),
    EventKind.WRITTEN: lazy("已编制"),
    EventKind.ARRIVED: lazy("已下达"),
}
EVENTS = {
    EventKind.REGISTER: lazy("登记"),
    EventKind.DECLINE: lazy("不予登记"),
    EventKind.WITHDRAW: lazy("撤销登记"),
    EventKind.WRITTEN: lazy("关联已编制的方案"),
    EventKind.ARRIVED: lazy("记录下达的数值"),
}
RANKS = {
    Rank.FIRST: lazy("第一责任人"),
    Rank.CHARGE: lazy("分管负责人"),
    Rank.POST: lazy("岗位责任人"),
}
#: Levels of the tree of regions, and what is added by hand below each.
PLACES = {
    "province": lazy("省"),
    "city": lazy("市"),
    "county": lazy("县（市、区）"),
    "town": lazy("乡镇（街道）"),
    "village": lazy("村（社区）"),
}
#: States in which nothing more is to come, because somebody said so.
_ENDED = (EventKind.DECLINE, EventKind.WITHDRAW)


def signed(sign: str, word: object) -> str:
    """Sign and word in one cell."""
    return f"{sign} {word}"


def plan_labels(row: PlanRow) -> str:
    """What a workbook and a list must say of a plan's data."""
    told = ((_("演示数据"), row.is_demo), (_("虚构"), row.is_fictional))
    return "、".join(label for label, holds in told if holds)


def reason_words(reasons: Iterable[Reason]) -> list[str]:
    """Reasons in words."""
    return [str(REASONS[each]) for each in reasons]


def term_words(row: RegisterRow, day: date) -> tuple[str, str, str]:
    """Sign, level and words of how late an entry is: ✕ 逾期 12 天."""
    if not row.is_open:
        word = str(STATES[row.state])
        return ("✕", "no_data", word) if row.state in _ENDED else ("✓", "met", word)
    if row.due is None:
        return "○", "no_data", _("无期限")
    days = (row.due - day).days
    if days < 0:
        return "✕", "missed", ngettext("逾期 %(days)d 天", "逾期 %(days)d 天", -days) % {"days": -days}
    if not days:
        return "▲", "behind", _("今天到期")
    return "●", "on_schedule", ngettext("还有 %(days)d 天", "还有 %(days)d 天", days) % {"days": days}
