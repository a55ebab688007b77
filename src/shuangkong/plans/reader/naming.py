"""指标名称: from a printed subject to an indicator's official name; lists of subjects told apart."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from shuangkong.plans.lexicon import Lexicon

_SCOPE = re.compile(r"^(?:其中|各地|各地区|全[国省市区县州旗盟镇]|我[省市区县]|[省市区县]内|全社会)(?:的)?(?=.{3})")
_LEAD_IN = re.compile(
    r"^(?:力争|争取|确保|实现|完成|推动|推进|促进|保持|努力|并|且|以及|同时|使|将|把|对|的|，|、|和|及|与|：|其中|分别|均|都|约|主要|基本|积极|大力|深入|扎实|全面|累计|“|”)+(?=.{2})"
)
_MEASURE = re.compile(
    r"(?:率|总量|增量|产量|用量|排放量|减排量|削减量|消费量|使用量|消耗量|用水量|取水量|回收量|利用量|处理量|节能量|供应量|保有量|发电量|流量|比|比例|比重|占比|份额|系数|指数|强度|能耗|水耗|电耗|煤耗|气耗"
    r"|消耗|消费|面积|规模|产值|收入|投资|能力|浓度|天数|类别|水平|效率|效能|里程|容量|户数|人次|值|排放|比值|数量|蓄积量|个数|总数|户|吨位|机容量|增加值|占有量|成本|负荷)$"
)
_RATED = re.compile(r"(?:下降|降低|削减|减少|增长|增加|提高|提升)(?:率|幅度|目标|比例)?$|增速$|增幅$|降幅$")
#: Endings that belong to the sentence, not to the name.
_TRAILING = re.compile(
    r"(?:的|要|(?<![供响适反对效感])应|应当|须|需|可|将|力争|争取|确保|基本|总体|稳定|逐步|合计|累计|分别|均|都|共|总计|平均|年均|全部|全面|不断|持续|再|进一步|实际|，|、|：|也|已|要求|必须|原则上|一律|其中|净)+$"
)
#: What says how a target binds and is no part of its name.
_NATURE_MARK = re.compile(r"（(?:约束|预期)性[^（）]*）|(?:的)?(?:约束|预期)性(?:目标|指标|任务)$")
_PLAN_NAME = re.compile(r"^“?[一二三四五六七八九十]{1,2}五”(?!规划|计划|方案|纲要)(?=.{2})")
_UNIT_OPENING = re.compile(r"(?:人均|单位(?!能耗)|万元|每)")
_CLASS = re.compile(r"(?:国家|省|市|区|县|部|镇|自治区)级")
#: Where the common ending of a list begins (污水 + 处理利用率).
_TAIL_OPENING = re.compile(
    r"单位|人均|万元|综合|无害|处理|处置|利用|回收|市场|使用|排放|覆盖|治理|消耗|消费|收集|普及|平均"
)
#: The longest name the genre uses; what is longer is a sentence.
LONGEST_NAME = 45


@dataclass(frozen=True, slots=True)
class Names:
    """The lexicon made ready for look-up: alias → official name, and the substances that totals are made of."""

    official: dict[str, str]
    by_length: tuple[str, ...]
    substances: frozenset[str]


@lru_cache(maxsize=4)
def names_of(lexicon: Lexicon) -> Names:
    """Look-up tables of a lexicon, built once."""
    official: dict[str, str] = {}
    for indicator in lexicon.indicators:
        for alias in (indicator.zh, *indicator.aliases):
            official.setdefault(_key(alias), indicator.zh)
    substances = {
        match[1]
        for name in official
        for match in [re.fullmatch(r"(.+?)(?:重点工程减排量|排放总量|排放量|减排量)", name)]
        if match
    } - {"主要污染物", "污染物", "碳", "二氧化碳"}
    return Names(official, tuple(sorted(official, key=len, reverse=True)), frozenset(substances))


def _key(name: str) -> str:
    return re.sub(r"[“”\"\s]", "", name).upper().replace("生产总值(GDP)", "生产总值")


def is_measure(name: str) -> bool:
    """Whether a name says what is measured (ends with 率, 量, 比重 …)."""
    return bool(_MEASURE.search(name))


def is_rated(name: str) -> bool:
    """Whether the name itself says that it is a change (下降率)."""
    return bool(_RATED.search(name))


def bare(subject: str) -> str:
    """A subject without scope words, lead-ins and adverbs at its ends."""
    before = None
    subject = _PLAN_NAME.sub("", _NATURE_MARK.sub("", subject))
    while before != subject:
        before = subject
        subject = _TRAILING.sub("", subject)
        subject = _LEAD_IN.sub("", subject)
    return subject


def scope_of(subject: str) -> tuple[str | None, str]:
    """A leading 全市, 全省 … apart from the rest."""
    found = _SCOPE.match(subject)
    return (found[0], subject[found.end() :]) if found else (None, subject)


def class_dropped(printed: str, official: str) -> str | None:
    """市级, 国家级 … where the printed name has it and the official one does not: the scope that must not be lost."""
    match = re.match(r"(?:国家|省|市|区|县|部|自治区)级", printed)
    return match[0] if match and not official.startswith(match[0]) else None


def canonical(name: str, names: Names) -> str:
    """The official name where the lexicon knows the printed one, whole or as its ending; else as printed."""
    name = re.sub(r"（[A-Za-z0-9.\-₂₃ₓ]+）", "", name)
    key = _key(name)
    if key in names.official:
        return _clearer(name, names.official[key])
    for alias in names.by_length:
        if len(alias) >= 4 and key.endswith(alias):
            # A name that grew by a scope (城镇 + 污水处理率) keeps the scope as part of its identity.
            ahead = name[: len(name) - len(alias)]
            official = names.official[alias]
            if official.startswith(ahead) or (not official.endswith(alias) and _pairs(ahead) & _pairs(official)):
                return _clearer(name, official)
            # An official name with a scope of its own (城市 + 污水处理率) does not fit behind another scope.
            return name if official.endswith(alias) else _clearer(name, ahead + official)
    return name


def _clearer(printed: str, official: str) -> str:
    """The official name, unless the printed one is longer and says something else: then it is the more exact."""
    if len(official) >= len(printed):
        return official
    ours, theirs = _pairs(printed), _pairs(official)
    return official if len(ours & theirs) >= 0.6 * min(len(ours), len(theirs)) else printed


def _pairs(name: str) -> set[str]:
    return {name[at : at + 2] for at in range(len(name) - 1)}


def known(name: str, names: Names) -> bool:
    """Whether the lexicon holds exactly this printed name."""
    return _key(name) in names.official


def parts(subject: str, count: int | None, names: Names) -> list[str] | None:
    """The names in a printed list of subjects, common head and tail handed to each.

    ``count`` is how many values stand against them, None where one value stands for all: then the list is told apart
    only where its members are measures of their own. Returns None where the list cannot be told apart.
    """
    for separators in ("、和及与", "、和及", "、和", "、"):
        pieces = _split(subject, separators)
        if count is None:
            if len(pieces) > 1 and "等" not in subject and _each_is_measure(pieces, names):
                return _completed(pieces, names)
        elif len(pieces) == count:
            return _completed(pieces, names)
    return None


def _split(subject: str, separators: str) -> list[str]:
    pieces, depth, start = [], 0, 0
    for at, char in enumerate(subject):
        depth += (char == "（") - (char == "）")
        if depth == 0 and char in separators and at > start and not _inside_word(subject, at):
            pieces.append(subject[start:at])
            start = at + 1
    pieces.append(subject[start:])
    return [name for piece in pieces if (name := piece.removeprefix("以").strip("，："))]


def _inside_word(subject: str, at: int) -> bool:
    """和, 及, 与 inside a word (和谐, 普及, 参与) do not separate."""
    around = subject[max(0, at - 1) : at + 2]
    return any(word in around for word in ("和谐", "普及", "涉及", "参与", "以及", "共和", "与会", "及时", "及以"))


def _each_is_measure(pieces: list[str], names: Names) -> bool:
    whole = _completed(pieces, names)
    if all(is_measure(piece) and piece not in names.substances for piece in pieces):
        return True
    return all(_ends_known(name, names) for name in whole)


def _ends_known(name: str, names: Names) -> bool:
    """Whether a name is known, or known with a scope in front (主要农作物 + 化肥利用率)."""
    return any(known(name[cut:], names) for cut in range(max(1, len(name) - 3)))


def _completed(pieces: list[str], names: Names) -> list[str]:
    """Hands the head of the first and the tail of the last to the members that lack them."""
    *ahead, last = pieces
    noun = _CLASS.match(last)
    if ahead and noun and all(_CLASS.fullmatch(piece) for piece in ahead):
        # 国家级、市级绿色工厂
        return [*(piece + last[noun.end() :] for piece in ahead), last]
    if ahead and not all(is_measure(piece) and piece not in names.substances for piece in ahead):
        tail = _tail(ahead, last, names)
        ahead = [piece if is_measure(piece) and piece not in names.substances else piece + tail for piece in ahead]
    whole = [*ahead, last]
    head = _head(whole)
    whole = [whole[0], *(_with_known_head(name, whole[0], names) for name in whole[1:])]
    return [whole[0], *(head + name if head and _UNIT_OPENING.match(name) else name for name in whole[1:])]


def _with_known_head(name: str, first: str, names: Names) -> str:
    """溶剂型 of the first member handed on, where only that makes an indicator that is known."""
    if known(name, names):
        return name
    return next((first[:cut] + name for cut in range(2, min(8, len(first))) if known(first[:cut] + name, names)), name)


def _head(whole: list[str]) -> str:
    """公共机构 in 公共机构人均综合能耗、单位建筑面积能耗."""
    found = _UNIT_OPENING.search(whole[0])
    return whole[0][: found.start()] if found and 2 <= found.start() <= 8 else ""


def _tail(ahead: list[str], last: str, names: Names) -> str:
    """The common ending of a list (排放总量 in 化学需氧量、氨氮排放总量): known names decide, then parallel length."""
    best, best_score = "", -99.0
    for cut in range(1, len(last)):
        own, tail = last[:cut], last[cut:]
        if not is_measure(tail):
            continue
        score = 3.0 * sum(_ends_known(piece + tail, names) for piece in ahead) + 2.0 * (own in names.substances)
        score += 1.0 * sum(known(piece + tail, names) for piece in ahead) + 1.0 * known(tail, names)
        score += (
            1.5 * any(own[-1] == piece[-1] for piece in ahead)
            - min(min(abs(cut - len(piece)) for piece in ahead) * 0.5, 1.5)
            + 1.0 * bool(_TAIL_OPENING.match(tail))
        )
        score += 0.5 * (own[0] == ahead[-1][0])
        if score > best_score:
            best, best_score = tail, score
    return best


def common_measure(candidates: Iterable[str]) -> str | None:
    """The last of some printed names that is a measure: the topic that a following list is about."""
    return next((name for name in reversed(list(candidates)) if is_measure(name)), None)
