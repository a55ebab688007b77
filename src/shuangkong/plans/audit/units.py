"""量级: units and values that no region or product can have."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from shuangkong.core.span import Span
from shuangkong.plans.audit.cells import lines
from shuangkong.plans.audit.context import Context, Hit, tidy
from shuangkong.plans.audit.grid import region_tables
from shuangkong.plans.audit.subjects import is_whole, same_subject
from shuangkong.plans.reading import Kind

_ENERGY = {
    "万吨标准煤": Decimal(10000),
    "万吨标煤": Decimal(10000),
    "吨标准煤": Decimal(1),
    "吨标煤": Decimal(1),
    "千克标准煤": Decimal("0.001"),
}
_MONEY = {"亿元": Decimal(100000000), "万元": Decimal(10000), "元": Decimal(1)}
_HUNDRED_BOUND = (Kind.REDUCTION_RATE, Kind.SHARE)


def intensity_factor(unit: str) -> Decimal | None:
    """tce per CNY of one printed unit of energy over money; None for any other unit."""
    energy, slash, money = tidy(unit).partition("/")
    if not slash or energy not in _ENERGY or money not in _MONEY:
        return None
    return _ENERGY[energy] / _MONEY[money]


def intensity_unit_impossible(context: Context) -> Iterator[Hit]:
    """能耗强度单位: one printed unit must not be more than the limit ``energy_per_money`` (tce/CNY)."""
    limit = context.limit("energy_per_money")
    seen: list[tuple[str, str, Span]] = [(line.place, line.unit, line.row.span) for line in lines(context)]
    seen += [(target.item_no, target.unit, target.span) for target in context.reading.targets]
    for table in region_tables(context):
        seen += [(f"附件{table.no}", column.unit, table.span) for column in table.columns if column.unit]
    for place, unit, span in seen:
        factor = intensity_factor(unit)
        if factor is not None and factor > limit:
            yield Hit(
                place=place,
                spans=(span,),
                facts={"unit": tidy(unit), "found": f"{factor.normalize():f}", "limit": f"{limit:f}"},
                ground=f"1 {tidy(unit)} = {factor.normalize():f} tce/CNY > {limit:f}",
            )


def percent_above_hundred(context: Context) -> Iterator[Hit]:
    """下降率、占比 above 100 %."""
    for target in (*context.reading.targets, *context.reading.annex_targets):
        if target.unit == "%" and target.kind in _HUNDRED_BOUND and target.value > 100:
            found = f"{target.value:f}%"
            yield Hit(
                target.item_no,
                (target.value_span, target.span),
                {"indicator": target.indicator, "found": found},
                f"{found} > 100%",
            )


def energy_total_small(context: Context) -> Iterator[Hit]:
    """能源消费总量过小: below the limit ``energy_total`` (tce) no region's total lies; an increment may be meant."""
    limit = context.limit("energy_total")
    for target in context.commitments:
        amount = context.in_base(target.value, target.unit) if target.kind is Kind.CAP_TOTAL else None
        if amount and is_whole(target) and same_subject(target.indicator, "能源消费总量") and amount.value < limit:
            found = f"{target.value:f}{target.unit}"
            facts = {"indicator": target.indicator, "found": found, "limit": f"{limit / 10000:f}"}
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
