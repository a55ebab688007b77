"""条与条: two items that speak of one thing with different numbers, extents or lists."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from itertools import combinations

from shuangkong.core.span import Span
from shuangkong.plans.audit.clauses import ClassLimit, class_limits, clauses
from shuangkong.plans.audit.context import Context, Hit, shortened, tidy
from shuangkong.plans.audit.rounded import figure
from shuangkong.plans.audit.subjects import quantity, same_subject, subject
from shuangkong.plans.reading import Kind, Strength, Target

#: What is done to the things below a limit; two items are compared when they do the same.
_ACTS = {"新建": "新建", "淘汰": "淘汰", "取缔": "淘汰", "拆除": "淘汰", "关停": "淘汰"}
_ALL = re.compile("全部|一律|百分之百|100%")
_SHARE_OF = re.compile(
    r"(\d+(?:\.\d+)?)%(?:以上|左右)?的(?P<thing>[\u4e00-\u9fff（）]{2,12}?)(?P<act>配套建设|建设|建成|完成|达到|实施|实现|安装|开展)(?P<what>.{2,})"
)
_INDUSTRIES = re.compile(
    "(?P<list>[\u4e00-\u9fff]{2,10}(?:、[\u4e00-\u9fff]{2,6})+?)等?行业的?(?P<task>[\u4e00-\u9fff、]{4,16})"
)
#: Kinds of which a document states one value for an indicator; counts and amounts of projects add up instead.
_COMPARED = (Kind.REDUCTION_RATE, Kind.CAP_TOTAL, Kind.CAP_INCREMENT, Kind.LEVEL_FLOOR, Kind.LEVEL_CAP, Kind.SHARE)
#: Characters below which a name (节能量) is too general to be one indicator.
_NAMED = 5
#: Ids of the lexicon that these checks speak of.
_WHOLE_INTENSITY, _INDUSTRY_INTENSITY = "energy_intensity", "industry_energy_intensity"
_OF_ENERGY = re.compile("(?:一次)?能源消费(?:总量)?")


def _acts(limit: ClassLimit) -> set[str]:
    return {meant for word, meant in _ACTS.items() if word in limit.text}


def limits_differ(context: Context) -> Iterator[Hit]:
    """容量界线: the same act on the same things, up to different sizes in two items."""
    groups: dict[tuple[str, str, str], list[ClassLimit]] = defaultdict(list)
    for limit in class_limits(context):
        if limit.below:
            for act in _acts(limit):
                groups[limit.noun, limit.unit.split("/")[0], act].append(limit)
    for (_, _, act), group in groups.items():
        by_item: dict[str, list[ClassLimit]] = defaultdict(list)
        for limit in group:
            by_item[limit.item_no].append(limit)
        for one, other in combinations(by_item, 2):
            left, right = ({limit.value for limit in by_item[no]} for no in (one, other))
            if left != right:
                quoted = [*by_item[one], *by_item[other]]
                yield Hit(
                    place=f"{one}与{other}",
                    spans=tuple(limit.clause for limit in quoted),
                    facts={
                        "one": one,
                        "other": other,
                        "act": act,
                        "thing": quoted[0].thing,
                        "left": "、".join(f"{limit.value:f}{limit.unit}" for limit in by_item[one]),
                        "right": "、".join(f"{limit.value:f}{limit.unit}" for limit in by_item[other]),
                    },
                    ground="; ".join(f"{limit.item_no}「{shortened(limit.text)}」" for limit in quoted),
                )


def class_gap(context: Context) -> Iterator[Hit]:
    """分档缺口: in one item a class up to a and a class from b > a, and nothing between."""
    by_item: dict[tuple[str, str, str], list[ClassLimit]] = defaultdict(list)
    for limit in class_limits(context):
        by_item[limit.item_no, limit.unit, limit.noun].append(limit)
    for (item_no, unit, _), group in by_item.items():
        pairs = [
            (below, above)
            for below in group
            for above in group
            if below.below and not above.below and below.may_be(above)
        ]
        if not pairs or any(below.value >= above.value for below, above in pairs):
            continue
        upper, lower = min(pairs, key=lambda pair: pair[1].value - pair[0].value)
        yield Hit(
            place=item_no,
            spans=(upper.clause, lower.clause),
            facts={
                "thing": max(upper.thing, lower.thing, key=len),
                "low": f"{upper.value:f}",
                "high": f"{lower.value:f}",
                "unit": unit,
            },
            ground=f"「{shortened(upper.text)}」「{shortened(lower.text)}」",
        )


def _pairs_of_characters(text: str) -> set[str]:
    text = text.replace("、", "")
    return {text[i : i + 2] for i in range(len(text) - 1)}


def all_against_share(context: Context) -> Iterator[Hit]:
    """一处全部、一处按比例: the same facilities for all in one item, for a share in another."""
    everywhere = [
        (item.no, clause, tidy(clause.of(context.text)))
        for item in context.reading.items
        for clause in clauses(context, item)
        if _ALL.search(clause.of(context.text))
    ]
    for item in context.reading.items:
        for clause in clauses(context, item):
            match = _SHARE_OF.search(tidy(clause.of(context.text)))
            if match is None or Decimal(match.group(1)) >= 100:
                continue
            wanted = _pairs_of_characters(match["what"])
            for no, other, text in everywhere:
                _, _, after = text.partition("全部")
                shared = len(wanted & _pairs_of_characters(after)) / len(wanted)
                if (
                    no != item.no
                    and match["thing"] in text
                    and match["act"][-2:] in after
                    and shared >= Decimal("0.25")
                ):
                    yield Hit(
                        place=f"{no}与{item.no}",
                        spans=(other, clause),
                        facts={"one": no, "other": item.no, "thing": match["thing"], "share": f"{match.group(1)}%"},
                        ground=f"{no}「{shortened(text)}」; {item.no}「{shortened(match.string)}」",
                    )


def _identity(target: Target) -> tuple[str, str, str, str, str]:
    return (
        subject(target.indicator),
        target.kind.value,
        tidy(target.scope or ""),
        (target.deadline or "")[:4],
        tidy(target.unit),
    )


def indicator_twice(context: Context) -> Iterator[Hit]:
    """同一指标两个数: one indicator, scope, year and unit with two firm values in two items."""
    groups: dict[tuple[str, str, str, str, str], list[Target]] = defaultdict(list)
    for target in context.commitments:
        named = len(subject(target.indicator)) >= _NAMED
        if target.strength is Strength.FIRM and named and target.kind in _COMPARED:
            groups[_identity(target)].append(target)
    for group in groups.values():
        first = group[0]
        for other in group[1:]:
            if other.item_no != first.item_no and other.value != first.value:
                yield Hit(
                    place=f"{first.item_no}与{other.item_no}",
                    spans=(first.span, other.span),
                    facts={
                        "indicator": first.indicator,
                        "one": first.item_no,
                        "other": other.item_no,
                        "left": f"{first.value:f}{first.unit}",
                        "right": f"{other.value:f}{other.unit}",
                    },
                    ground=f"「{shortened(first.span.of(context.text))}」「{shortened(other.span.of(context.text))}」",
                )


def _denominator(target: Target) -> str:
    """What a share is a share of, where it is energy: as read, else as printed (天然气占能源消费总量比重)."""
    match = _OF_ENERGY.search(tidy(target.denominator or "") or tidy(target.indicator_printed))
    return match.group() if match and target.unit == "%" else ""


def shares_above_whole(context: Context) -> Iterator[Hit]:
    """能源结构: shares of one total of energy, in one item and year, that together pass 100 %."""
    groups: dict[tuple[str, str, str], list[Target]] = defaultdict(list)
    for target in context.reading.targets:
        if denominator := _denominator(target):
            groups[target.item_no, denominator, target.deadline or ""].append(target)
    for (item_no, denominator, _), group in groups.items():
        total = sum((target.value for target in group), Decimal(0))
        if len({target.indicator for target in group}) == len(group) and total > 100:
            yield Hit(
                place=item_no,
                spans=tuple(target.span for target in group),
                facts={"denominator": denominator, "found": f"{figure(total)}%"},
                ground=f"{' + '.join(f'{target.value:f}' for target in group)} = {figure(total)}% > 100%",
            )


def _industry(printed: str) -> str:
    """One name of a list without the verb before it and the 等 after it."""
    return re.sub("^.*(?:完成|推进|开展|实施|加快|对)|等$", "", printed)


def lists_differ(context: Context) -> Iterator[Hit]:
    """同一任务、行业不同: one task given to two lists of industries in two items."""
    seen: list[tuple[str, Span, list[str], str, str]] = []
    for item in context.reading.items:
        for clause in clauses(context, item):
            printed = tidy(clause.of(context.text))
            for match in _INDUSTRIES.finditer(printed):
                names = [_industry(name) for name in match["list"].split("、")]
                seen.append((item.no, clause, names, match["task"], printed))
    for one, other in combinations(seen, 2):
        same_end = one[3][-4:] == other[3][-4:]
        common = set(one[2]) & set(other[2])
        if one[0] != other[0] and same_end and one[3][:2] == other[3][:2] and common and set(one[2]) != set(other[2]):
            yield Hit(
                place=f"{one[0]}与{other[0]}",
                spans=(one[1], other[1]),
                facts={
                    "one": one[0],
                    "other": other[0],
                    "left": "、".join(one[2]),
                    "right": "、".join(other[2]),
                    "task": one[3],
                },
                ground=f"{one[0]}「{shortened(one[4])}」; {other[0]}「{shortened(other[4])}」",
            )


def sector_weaker(context: Context) -> Iterator[Hit]:
    """行业目标低于总体: industry is to lower its energy per value added less than the whole region per unit of GDP."""
    rates = [one for one in context.commitments if one.kind is Kind.REDUCTION_RATE and one.unit == "%"]
    overall, sector = context.official(_WHOLE_INTENSITY), context.official(_INDUSTRY_INTENSITY)
    whole = next((one for one in rates if same_subject(one.indicator, overall)), None)
    for target in rates:
        if whole and same_subject(target.indicator, sector) and target.value < whole.value:
            yield Hit(
                place=target.item_no,
                spans=(target.span, whole.span),
                facts={
                    "indicator": quantity(target.indicator),
                    "found": f"{target.value:f}%",
                    "item": whole.item_no,
                    "expected": f"{whole.value:f}%",
                },
                ground=f"{target.value:f}% ({target.item_no}) < {whole.value:f}% ({whole.item_no})",
            )
            return
