"""基数、下降率、上限: base × (1 − rate) = cap, base + increment = cap, and the base that a cap implies."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from shuangkong.core.span import Span
from shuangkong.plans.audit.context import Context, Hit
from shuangkong.plans.audit.grid import Series, base_series, column_like, exclusion, region_tables, series
from shuangkong.plans.audit.pairing import YEARLY, column_year, counterpart, due_year, is_yearly
from shuangkong.plans.audit.rounded import Rounded, figure, percent
from shuangkong.plans.audit.subjects import is_whole, same_subject
from shuangkong.plans.reading import Baseline, Kind, Op, Target

ONE = Rounded.exact(1)


@dataclass(frozen=True, slots=True)
class Promise:
    """A cap and a reduction rate of the text about one quantity; ``base`` is cap ÷ (1 − rate) in base units."""

    cap: Target
    rate: Target
    amount: Rounded
    base: Rounded

    @property
    def ground(self) -> str:
        return f"{self.cap.value:f} ÷ (1 − {self.rate.value:f}%)"


def _cap_amount(context: Context, target: Target) -> Rounded | None:
    """A cap on the total of the whole region in base units; None for anything else and for a cap of nothing."""
    if target.kind is not Kind.CAP_TOTAL or not is_whole(target) or target.value <= 0 or is_yearly(context, target):
        return None
    return context.in_base(target.value, target.unit)


def promises(context: Context) -> Iterator[Promise]:
    """Every quantity whose cap and reduction rate the text prints for the whole region, one year and equally firmly."""
    for cap in context.commitments:
        amount = _cap_amount(context, cap)
        rate = counterpart(context, cap.indicator, Kind.REDUCTION_RATE, due=due_year(context, cap)) if amount else None
        if amount and rate and rate.strength is cap.strength and rate.unit == "%" and 0 < rate.value < 100:
            yield Promise(cap, rate, amount, amount / (ONE - percent(rate.value)))


def bases_of(context: Context, cap: Target, year: int | None) -> Iterator[Series]:
    """Annex columns of the amount of a cap's quantity in the base year, in a unit that can be compared with the cap."""
    for table in region_tables(context):
        for one in base_series(context, table):
            printed = table.columns[one.index].year
            same_year = year is None or printed is None or printed == year
            if same_year and same_subject(one.indicator, cap.indicator) and context.same_measure(one.unit, cap.unit):
                yield one


def baselines_of(context: Context, cap: Target, year: int | None) -> Iterator[tuple[Baseline, Rounded]]:
    """The levels of a cap's quantity in the base year that the text itself prints, in base units."""
    for one in context.reading.baselines:
        is_of_cap = same_subject(one.indicator, cap.indicator) and context.same_measure(one.unit, cap.unit)
        amount = context.in_base(one.value, one.unit) if is_of_cap else None
        if amount and (year is None or one.year is None or one.year == year):
            yield one, amount


def base_year_of(context: Context, promise: Promise) -> int | None:
    """The year of the base that a promise implies: as the rate prints it, else the plan's."""
    return promise.rate.base_year or context.reading.head.horizon.base_year


def _base_hits(context: Context, *, with_total: bool) -> Iterator[Hit]:
    for promise in promises(context):
        for one in bases_of(context, promise.cap, base_year_of(context, promise)):
            firm = one.total is not None and exclusion(one.table) is None
            if firm is not with_total or one.whole.agrees(promise.base) or _open_to(promise, one.whole):
                continue
            left_out = exclusion(one.table)
            spans = (one.table.span, promise.cap.span, promise.rate.span, *((left_out[1],) if left_out else ()))
            yield _base_hit(promise, one.whole, f"{one.place} {one.header}", spans, left_out[0] if left_out else "—")


def _baseline_hits(context: Context) -> Iterator[Hit]:
    for promise in promises(context):
        for one, amount in baselines_of(context, promise.cap, base_year_of(context, promise)):
            if not amount.agrees(promise.base) and not _open_to(promise, amount):
                spans = tuple(dict.fromkeys((one.span, promise.cap.span, promise.rate.span)))
                yield _base_hit(promise, amount, one.item_no, spans, "—")


def _open_to(promise: Promise, base: Rounded) -> bool:
    """Whether the words allow for the base: a fall by …% or more (以上, 左右) fits any cap at or below base × rate."""
    if promise.rate.op is Op.EQ:
        return False
    return promise.rate.op is Op.ABOUT or base.high >= promise.base.low


def _base_hit(promise: Promise, base: Rounded, place: str, spans: tuple[Span, ...], excluded: str) -> Hit:
    """The implied base beside the printed one, in the unit of the text's cap."""
    scale = promise.amount.value / promise.cap.value
    missing = promise.base - base
    unit = promise.cap.unit
    implied, printed, rest = (figure(each.value / scale, 3) for each in (promise.base, base, missing))
    share = figure(missing.value / promise.base.value * 100, 1)
    return Hit(
        place=place,
        spans=spans,
        facts={
            "indicator": promise.cap.indicator,
            "item": promise.cap.item_no,
            "expected": f"{implied}{unit}",
            "found": f"{printed}{unit}",
            "difference": f"{rest}{unit}",
            "share": share,
            "excluded": excluded,
        },
        ground=f"{promise.ground} = {implied}{unit}; {implied} − {printed} = {rest}{unit} ({share}%)",
    )


def printed_base_against_cap(context: Context) -> Iterator[Hit]:
    """基数 × (1 − 下降率) = 上限, where the base of the whole region is printed, in an annex or in the text."""
    yield from _base_hits(context, with_total=True)
    yield from _baseline_hits(context)


def implied_base_against_sum(context: Context) -> Iterator[Hit]:
    """上限 ÷ (1 − 下降率) against the sum of the regions' bases, or against a base that leaves something out."""
    yield from _base_hits(context, with_total=False)


def _base_and_increment(context: Context, *, with_total: bool) -> Iterator[Hit]:
    for cap in context.commitments:
        amount = _cap_amount(context, cap)
        if amount is None:
            continue
        for base in bases_of(context, cap, context.reading.head.horizon.base_year):
            increment = _increment(context, base, cap)
            firm = base.total is not None and exclusion(base.table) is None
            if increment is None or firm is not with_total or (base.whole + increment).agrees(amount):
                continue
            yield _sum_hit(cap, amount, base.whole, increment, f"{base.place} {base.header}", base.table.span)


def _baseline_and_increment(context: Context) -> Iterator[Hit]:
    for cap in context.commitments:
        amount, increment = _cap_amount(context, cap), _increment_of_text(context, cap)
        if amount is None or increment is None:
            continue
        for one, base in baselines_of(context, cap, context.reading.head.horizon.base_year):
            if not (base + increment).agrees(amount):
                yield _sum_hit(cap, amount, base, increment, one.item_no, one.span)


def _sum_hit(cap: Target, amount: Rounded, base: Rounded, increment: Rounded, place: str, span: Span) -> Hit:
    scale = amount.value / cap.value
    left, right, total = (figure(each.value / scale, 3) for each in (base, increment, base + increment))
    return Hit(
        place=place,
        spans=(cap.span, span) if cap.span != span else (span,),
        facts={
            "indicator": cap.indicator,
            "item": cap.item_no,
            "expected": f"{cap.value:f}{cap.unit}",
            "found": f"{total}{cap.unit}",
        },
        ground=f"{left} + {right} = {total} ≠ {cap.value:f} {cap.unit}",
    )


def base_plus_increment(context: Context) -> Iterator[Hit]:
    """基数 + 增量 = 总量上限, where the base of the whole region is printed, in an annex or in the text."""
    yield from _base_and_increment(context, with_total=True)
    yield from _baseline_and_increment(context)


def parts_plus_increment(context: Context) -> Iterator[Hit]:
    """The same with the sum of the regions, which need not be the whole."""
    yield from _base_and_increment(context, with_total=False)


def _increment(context: Context, base: Series, cap: Target) -> Rounded | None:
    """The increment of the same quantity up to the same year: of the same table first, else of the text."""
    due = due_year(context, cap)
    for index in column_like(base.table, kinds=(Kind.CAP_INCREMENT,), roles=("increment",)):
        one = series(context, base.table, index)
        if (
            one
            and same_subject(one.indicator, cap.indicator)
            and context.same_measure(one.unit, cap.unit)
            and not YEARLY.search(one.header)
            and column_year(context, base.table, index) == due
        ):
            return one.whole
    return _increment_of_text(context, cap)


def _increment_of_text(context: Context, cap: Target) -> Rounded | None:
    target = counterpart(context, cap.indicator, Kind.CAP_INCREMENT, due=due_year(context, cap))
    if target is None or target.strength is not cap.strength or not context.same_measure(target.unit, cap.unit):
        return None
    return context.in_base(target.value, target.unit)


def base_not_printed(context: Context) -> Iterator[Hit]:
    """Cap and rate are printed, the base nowhere: the implied bases are shown so that someone can compare them."""
    found = [one for one in promises(context) if not _is_base_printed(context, one)]
    if not found:
        return
    lines = []
    for promise in found:
        implied = figure(promise.base.value * promise.cap.value / promise.amount.value, 2)
        lines.append(f"{promise.cap.indicator} {promise.ground} = {implied}{promise.cap.unit}")
    yield Hit(
        place=found[0].cap.item_no,
        spans=tuple(promise.cap.span for promise in found),
        facts={"count": str(len(found)), "indicators": "、".join(promise.cap.indicator for promise in found)},
        ground="; ".join(lines),
    )


def _is_base_printed(context: Context, promise: Promise) -> bool:
    year = base_year_of(context, promise)
    return any(bases_of(context, promise.cap, year)) or any(baselines_of(context, promise.cap, year))
