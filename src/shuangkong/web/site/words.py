"""The fixed words of the rooms below, in both languages, and how figures are written."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import cache
from typing import Protocol

from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from shuangkong.core.finding import Message
from shuangkong.core.rounding import rounded as round_half_even
from shuangkong.plans.promise_name import as_printed, promise_name
from shuangkong.plans.reading import Kind
from shuangkong.rulebook import Rulebook, open_rulebook
from shuangkong.targets.naming import Indicators, tells_fall, tells_rise
from shuangkong.targets.status import WORDS, Standing


class Spoken(Protocol):
    """Anything that says the same in two languages."""

    @property
    def zh(self) -> str: ...
    @property
    def en(self) -> str: ...


MISSING = "—"
#: A level is never told by colour alone.
SIGNS: dict[str, str] = {
    Standing.MET: "✓",
    Standing.MISSED: "✕",
    Standing.AHEAD: "▲",
    Standing.ON_SCHEDULE: "●",
    Standing.BEHIND: "▼",
    Standing.UNJUDGED: "◇",
    Standing.NO_DATA: "○",
    "level_1": "✕",
    "level_2": "▼",
    "level_3": "✓",
    "level_none": "○",
}
_HAN = re.compile(r"[\u4e00-\u9fff]")
_LEVELS = {
    "level_1": lazy("一级（红）"),
    "level_2": lazy("二级（黄）"),
    "level_3": lazy("三级（绿）"),
    "level_none": lazy("不能判定"),
}
#: Worst first: the order in which a person wants to see them.
WORST_FIRST = (
    Standing.MISSED,
    Standing.BEHIND,
    Standing.UNJUDGED,
    Standing.NO_DATA,
    Standing.ON_SCHEDULE,
    Standing.AHEAD,
    Standing.MET,
)
_KINDS = {
    "reduction_rate": lazy("下降率"),
    "cap_total": lazy("总量上限"),
    "cap_increment": lazy("增量上限"),
    "level_floor": lazy("水平下限"),
    "level_cap": lazy("水平上限"),
    "growth": lazy("增长率"),
    "share": lazy("比重"),
    "count": lazy("数量"),
    "reduction_amount": lazy("减排量"),
    "completion": lazy("全部完成"),
    "stage": lazy("等级、阶段"),
    "point_gain": lazy("升降百分点"),
}
_ROLES = {
    "lead": lazy("牵头"),
    "participant": lazy("参加"),
    "shared": lazy("按职责分工"),
    "standing": lazy("普遍落实"),
}
_ENTRIES = {
    "head_field": lazy("文头"),
    "remark": lazy("全文"),
    "chapter": lazy("章"),
    "item": lazy("任务"),
    "body": lazy("责任单位"),
    "target": lazy("目标"),
    "annex_target": lazy("附表目标"),
    "threshold": lazy("门槛"),
    "duty": lazy("限期事项"),
    "table": lazy("附表"),
}
_VERDICTS = {
    "accepted": lazy("已接受"),
    "corrected": lazy("已改正"),
    "merged": lazy("已合并"),
    "rejected": lazy("已剔除"),
    "added": lazy("已补入"),
}
_SEVERITIES = {"must_fix": lazy("必须改正"), "must_explain": lazy("必须说明"), "notice": lazy("提示")}
_STATUSES = {"draft": lazy("待审阅"), "in_review": lazy("审阅中"), "adopted": lazy("已采用")}
_NATURES = {"binding": lazy("约束性"), "expected": lazy("预期性")}
_STRENGTHS = {"firm": lazy("必须达到"), "ambition": lazy("力争"), "basic": lazy("基本")}
_MATURITIES = {"flash": lazy("快报"), "preliminary": lazy("初步"), "final": lazy("最终"), "audited": lazy("核定")}
_STATES = {"missing": lazy("缺报"), "not_applicable": lazy("不适用"), "suppressed": lazy("不公开")}
_SORTS = {
    "level": lazy("水平"),
    "yoy_change_pct": lazy("比上年变化（%）"),
    "cumulative_change_pct": lazy("比基年累计变化（%）"),
    "amount": lazy("当年数量"),
}
#: Words that documents and our own records hold in Chinese, where they are of a fixed few.
_KEPT = {
    "全国": lazy("全国"),
    "全省": lazy("全省"),
    "全区": lazy("全区"),
    "全市": lazy("全市"),
    "全县": lazy("全县"),
    "全州": lazy("全州"),
    "全旗": lazy("全旗"),
    "无疑点条目，随方案一并采用": lazy("无疑点条目，随方案一并采用"),
    "由公开文件读出的事实": lazy("由公开文件读出的事实"),
    "虚构·演示数据：地名、机构、数字均为编造": lazy("虚构·演示数据：地名、机构、数字均为编造"),
}
_OPS = {"<=": "≤", ">=": "≥", "=": "=", "~": "≈", "<": "<", ">": ">"}


def spoken(message: Spoken | None) -> str:
    """The sentence in the language of the page."""
    if message is None:
        return ""
    return message.en if _is_english() and message.en else message.zh


def _is_english() -> bool:
    return (get_language() or "").startswith("en")


def indicator_word(id_: str, name: str, kind: str = "") -> str:
    """The name in the language of the page, with what its kind adds (…下降率); an unknown one is marked as printed."""
    plain, _at, scope = id_.partition("@")
    known = open_rulebook().indicators().get(plain)
    within = kept_word(scope) if scope else ""
    if kind:
        return spoken(promise_name(name, Kind(kind), known, within))
    english = as_printed(name) if known is None else f"{known.en} ({within})" if within else known.en
    return spoken(Message(name, english))


def standing_word(value: str) -> str:
    """Of a target's standing, or of a level of the barometer."""
    return str(_LEVELS[value]) if value in _LEVELS else spoken(WORDS[Standing(value)])


def kind_word(value: str) -> str:
    return str(_KINDS[value])


def kind_of_word(kind: str, id_: str, name: str) -> str:
    """The kind of one target: percentage points say whether they go up or down."""
    if kind != Kind.POINT_GAIN:
        return kind_word(kind)
    known = open_rulebook().indicators().get(id_.partition("@")[0])
    is_fall = tells_fall(name) or (known is not None and known.direction == "lower_is_better" and not tells_rise(name))
    return _("降低百分点") if is_fall else _("提高百分点")


def printed_indicator_word(name: str, kind: str) -> str:
    """The indicator of an entry as read; in English by the name that the policy files give it."""
    if not _is_english():
        return name
    return promise_name(name, Kind(kind), _names(open_rulebook()).find(name)).en


@cache
def _names(rulebook: Rulebook) -> Indicators:
    """Indicators by every name that is printed for them."""
    return Indicators(rulebook.lexicon().indicators)


def role_word(value: str) -> str:
    return str(_ROLES[value])


def entry_word(value: str) -> str:
    return str(_ENTRIES[value])


def verdict_word(value: str) -> str:
    return str(_VERDICTS[value])


def severity_word(value: str) -> str:
    return str(_SEVERITIES[value])


def status_word(value: str) -> str:
    return str(_STATUSES[value])


def nature_word(value: str) -> str:
    return str(_NATURES.get(value, ""))


def strength_word(value: str) -> str:
    return str(_STRENGTHS[value])


def maturity_word(value: str) -> str:
    return str(_MATURITIES[value])


def state_word(value: str) -> str:
    return str(_STATES[value])


def sort_word(value: str) -> str:
    return str(_SORTS[value])


def kept_word(text: str) -> str:
    """A stored Chinese word in the language of the page; one that is not of the fixed few stays as it is."""
    return str(_KEPT.get(text, text))


def unit_word(printed: str) -> str:
    """A printed unit in the language of the page: 万吨 → ×10⁴ tonne. One unknown to policy stays as printed.

    So does one without Chinese: µg/m3 and °C are read everywhere.
    """
    known = open_rulebook().units().get(printed)
    if known is None or not _HAN.search(printed) or not _is_english():
        return printed
    return known.words.en


def with_unit(number: str, printed: str) -> str:
    """A figure and its unit: closed up in Chinese and before a sign, parted from a word or symbol in English."""
    unit = unit_word(printed)
    is_apart = unit != printed or (_is_english() and unit[:1].isalpha())
    return f"{number} {unit}" if is_apart else f"{number}{unit}"


def op_sign(value: str) -> str:
    return _OPS[value]


def deadline_word(value: str | int) -> str:
    """``2020`` → 2020年, ``2017-12`` → 2017年12月, ``2017-12-01`` → 2017年12月1日."""
    if not value:
        return _("未写明")
    year, month, day = (*str(value).split("-"), "", "")[:3]
    if day:
        return _("%(year)s年%(month)d月%(day)d日") % {"year": year, "month": int(month), "day": int(day)}
    if month:
        return _("%(year)s年%(month)d月") % {"year": year, "month": int(month)}
    return _("%(year)s年") % {"year": year}


def figure(value: Decimal | None) -> str:
    """A number with every digit that it was told with; "—" where there is none. A minus sign is a minus sign."""
    return MISSING if value is None else format(value, "f").replace("-", "−")


def rounded_figure(value: Decimal | None, places: int = 2) -> str:
    """A computed number, rounded here and nowhere else; zero has no sign."""
    if value is None:
        return MISSING
    short = round_half_even(value, places)
    return figure(abs(short) if short == 0 else short)
