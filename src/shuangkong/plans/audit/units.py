"""量级: units and values that no region or product can have."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from shuangkong.core.span import Span
from shuangkong.plans.audit.context import Context, Hit, tidy
from shuangkong.plans.audit.grid import region_tables
from shuangkong.plans.audit.lines import lines
from shuangkong.plans.audit.rounded import figure
from shuangkong.plans.audit.subjects import is_whole, same_subject
from shuangkong.plans.reading import Kind, Target

#: Ids of the lexicon that these checks speak of.
_ENERGY, _MONEY, _TOTAL = "tce", "CNY", "total_consumption"
#: Rates of a whole: whatever is treated, used or covered cannot be more than there is. 产能利用率 may be.
_OF_A_WHOLE = re.compile("(?:处理|处置|(?<!产能)(?<!设备)(?<!设施)(?<!机组)(?<!容量)利用|覆盖|达标|合格|收集)率$")
#: A share says of what it is a share, and that it is one of its parts.
_SHARE_OF_WHOLE = re.compile("占(?P<whole>[^，。；、]{2,20}?)(?:的)?(?:比重|比例|比率|份额|百分比)")
#: Ratios of two amounts (倍量替代, 配套, 车桩比), what was done of a task, and comparisons with another year.
_RATIO = re.compile(
    r"替代|置换|倍量|等量|减量|配套|储备|完成|自给|保障系数|车桩|产销|占(?:上年|去年|同期|(?:19|20)\d\d年)|"
    "占[^，。；、]{0,10}(?:目标|任务|计划|需求)|(?:发电|产量|产能|供[电热水气应给])[^，。；、]{0,6}占[^，。；、]{0,10}(?:用|消费|需)"
)
_LEVELS = (Kind.LEVEL_FLOOR, Kind.LEVEL_CAP, Kind.SHARE, Kind.COMPLETION)
_STOPS = "，。；、：\n\t"


def intensity_factor(context: Context, unit: str) -> Decimal | None:
    """tce per CNY of one printed unit of energy over money; None for any other unit."""
    energy, slash, money = tidy(unit).partition("/")
    above, below = context.unit_of(energy), context.unit_of(money)
    if not slash or above is None or below is None or (above[0], below[0]) != (_ENERGY, _MONEY):
        return None
    return above[1] / below[1]


def intensity_unit_impossible(context: Context) -> Iterator[Hit]:
    """能耗强度单位: one printed unit must not be more than the limit ``energy_per_money`` (tce/CNY)."""
    limit = context.limit("energy_per_money")
    seen: list[tuple[str, str, Span]] = [(line.place, line.unit, line.row.span) for line in lines(context)]
    seen += [(target.item_no, target.unit, target.span) for target in context.reading.targets]
    for table in region_tables(context):
        seen += [(f"附件{table.no}", column.unit, table.span) for column in table.columns if column.unit]
    for place, unit, span in seen:
        factor = intensity_factor(context, unit)
        if factor is not None and factor > limit:
            yield Hit(
                place=place,
                spans=(span,),
                facts={"unit": tidy(unit), "found": f"{factor.normalize():f}", "limit": f"{limit:f}"},
                ground=f"1 {tidy(unit)} = {factor.normalize():f} tce/CNY > {limit:f}",
            )


def percent_above_hundred(context: Context) -> Iterator[Hit]:
    """下降率, parts of a whole, and rates of what is treated, used or covered, above 100 %."""
    for target in (*context.reading.targets, *context.reading.annex_targets):
        if target.unit == "%" and target.value > 100 and _is_bounded(context, target):
            found = f"{target.value:f}%"
            yield Hit(
                target.item_no,
                (target.value_span, target.span),
                {"indicator": target.indicator, "found": found},
                f"{found} > 100%",
            )


def _is_bounded(context: Context, target: Target) -> bool:
    """Whether a percentage cannot pass 100 by its meaning; a ratio of two amounts (替代比例200%) can."""
    words = f"{tidy(target.indicator)}，{tidy(target.indicator_printed)}，{_clause(context, target.value_span)}"
    if _RATIO.search(words):
        return False
    if target.kind is Kind.REDUCTION_RATE:
        return True
    names = (tidy(target.indicator), tidy(target.indicator_printed))
    named = any(_OF_A_WHOLE.search(name) or _SHARE_OF_WHOLE.search(name) for name in names)
    shared = target.kind is Kind.SHARE and target.denominator is not None
    return target.kind in _LEVELS and (named or shared)


def _clause(context: Context, number: Span) -> str:
    """The words round a number up to the next stops."""
    text = context.text
    start = max(text.rfind(stop, 0, number.start) for stop in _STOPS) + 1
    ends = (at for stop in _STOPS if (at := text.find(stop, number.end)) >= 0)
    return tidy(text[start : min(ends, default=len(text))])


def energy_total_small(context: Context) -> Iterator[Hit]:
    """能源消费总量过小: below the limit ``energy_total`` (tce) no region's total lies; an increment may be meant."""
    limit, name = context.limit("energy_total"), context.official(_TOTAL)
    for target in context.commitments:
        unit = context.unit_of(target.unit) if target.kind is Kind.CAP_TOTAL and is_whole(target) else None
        if unit is None or unit[0] != _ENERGY or not same_subject(target.indicator, name):
            continue
        if target.value * unit[1] < limit:
            found, least = f"{target.value:f}{target.unit}", f"{figure(limit / unit[1])}{target.unit}"
            facts = {"indicator": target.indicator, "found": found, "limit": least}
            yield Hit(target.item_no, (target.span,), facts, f"{found} < {limit:f} tce")


def unit_in_two_forms(context: Context) -> Iterator[Hit]:
    """同一单位两种写法: 万吨标准煤 in the text, 万吨标煤 in the annex."""
    seen: dict[str, dict[str, tuple[str, Span]]] = {}
    printed = [(target.item_no, target.unit, target.span) for target in context.reading.targets]
    for table in context.reading.tables:
        printed += [(f"附件{table.no}", column.unit, table.span) for column in table.columns if column.unit]
    for place, unit, span in printed:
        if "标准煤" in unit or "标煤" in unit:
            seen.setdefault(unit.replace("标准煤", "标煤"), {}).setdefault(tidy(unit), (place, span))
    for forms in seen.values():
        if len(forms) > 1:
            yield Hit(
                place="、".join(dict.fromkeys(place for place, _ in forms.values())),
                spans=tuple(span for _, span in forms.values()),
                facts={"forms": "、".join(forms)},
            )
