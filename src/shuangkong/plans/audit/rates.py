"""分地区下降率: the regions' rates, weighted by their bases, against the rate of the whole."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from shuangkong.core.span import Span
from shuangkong.plans.audit.caps import Promise, promises
from shuangkong.plans.audit.context import Context, Hit
from shuangkong.plans.audit.grid import Series, base_series, exclusion, rate_series, region_tables
from shuangkong.plans.audit.pairing import YEARLY, column_base_year, column_year, counterpart, due_year
from shuangkong.plans.audit.rounded import Rounded, figure, percent
from shuangkong.plans.audit.subjects import quantity, same_subject
from shuangkong.plans.reading import Kind

HUNDRED = Rounded.exact(100)


@dataclass(frozen=True, slots=True)
class Weighing:
    """The regions' rates beside the overall one, all in percent; ``base`` is the column of weights where one fits."""

    rates: Series
    base: Series | None
    overall: Rounded
    overall_spans: tuple[Span, ...]

    @property
    def weighted(self) -> Rounded:
        """Σ base × rate ÷ Σ base; without a base the plain mean."""
        weights = self.base.values if self.base else (Decimal(1),) * len(self.rates.values)
        total = sum(weights, Decimal(0))
        pairs = tuple(zip(weights, self.rates.values, strict=True))
        value = sum((weight * rate for weight, rate in pairs), Decimal(0)) / total
        printed = [Rounded.printed(rate) for rate in self.rates.values]
        low = sum((weight * rate.low for weight, rate in zip(weights, printed, strict=True)), Decimal(0)) / total
        high = sum((weight * rate.high for weight, rate in zip(weights, printed, strict=True)), Decimal(0)) / total
        return Rounded(value, low, high)

    @property
    def stricter(self) -> bool:
        """Together above the overall rate whatever the weights, or by the weights printed."""
        if self.base:
            return self.weighted.surely_above(self.overall)
        values = self.rates.values
        return min(values) >= self.overall.value and max(values) > self.overall.value

    @property
    def weaker(self) -> bool:
        if self.base:
            return self.overall.surely_above(self.weighted)
        values = self.rates.values
        return max(values) <= self.overall.value and min(values) < self.overall.value


def weighings(context: Context) -> Iterator[Weighing]:
    """Every rate column with an overall rate to compare with: of the text first, else of the total row."""
    for table in region_tables(context):
        bases = base_series(context, table)
        for rates in rate_series(context, table):
            base = next((one for one in bases if same_subject(one.indicator, rates.indicator)), None)
            if base and not sum(base.values):
                base = None
            if YEARLY.search(rates.header):
                continue
            target = counterpart(
                context,
                rates.indicator,
                Kind.REDUCTION_RATE,
                due=column_year(context, table, rates.index),
                base_year=column_base_year(context, table, rates.index),
            )
            if target and target.unit == "%":
                yield Weighing(rates, base, Rounded.printed(target.value), (target.span,))
            elif rates.total is not None and rates.total_span is not None:
                yield Weighing(rates, base, rates.total / Rounded.exact(rates.factor), (rates.total_span,))


def _spread(rates: Series) -> str:
    """How the printed rates are spread: 15% ×10, 16% ×4."""
    counts: dict[Decimal, int] = {}
    for value in rates.values:
        counts[value] = counts.get(value, 0) + 1
    return ", ".join(f"{value:f}% ×{count}" for value, count in sorted(counts.items()))


def _hit(one: Weighing) -> Hit:
    how = "Σ(基数×下降率)÷Σ基数" if one.base else "简单平均"
    weighted = figure(one.weighted.value, 3)
    ground = f"{_spread(one.rates)}; {how} = {weighted}%; {figure(one.overall.value, 3)}%"
    if one.base:
        due = Rounded.total(one.base.part(i) for i in range(len(one.base.values))).value
        unit = one.base.unit or ""
        given, needed = (due / one.base.factor * rate / 100 for rate in (one.weighted.value, one.overall.value))
        ground += f"; {figure(given)}{unit} − {figure(needed)}{unit} = {figure(given - needed)}{unit}"
    return Hit(
        place=f"{one.rates.place} {one.rates.header}",
        spans=(one.rates.table.span, *one.overall_spans),
        facts={
            "indicator": quantity(one.rates.indicator),
            "expected": f"{figure(one.overall.value, 3)}%",
            "found": f"{weighted}%",
            "low": f"{min(one.rates.values):f}%",
            "high": f"{max(one.rates.values):f}%",
        },
        ground=ground,
    )


def regions_stricter(context: Context) -> Iterator[Hit]:
    """The regions together must do more than the whole commits to."""
    for one in weighings(context):
        if one.stricter:
            yield _hit(one)


def regions_weaker(context: Context) -> Iterator[Hit]:
    """The regions together do less than the whole commits to, and no footnote leaves anybody out."""
    for one in weighings(context):
        if one.weaker and not exclusion(one.rates.table):
            yield _hit(one)


def left_to_the_excluded(context: Context) -> Iterator[Hit]:
    """What a footnote 不含… would have to mean: reduction, share and rate left to those outside the table."""
    for one in weighings(context):
        left_out = exclusion(one.rates.table)
        if not one.weaker or left_out is None or one.base is None:
            continue
        promise = _promise_of(context, one.rates)
        if promise is None or promise.base.value <= one.base.whole.value:
            hit = _hit(one)
            yield Hit(hit.place, (*hit.spans, left_out[1]), hit.facts | _unknown(left_out[0]), hit.ground)
            continue
        scale = promise.amount.value / promise.cap.value
        unit = promise.cap.unit
        outside = promise.base - one.base.whole
        needed = promise.base * percent(promise.rate.value)
        given = Rounded.exact(one.base.whole.value * one.weighted.value / 100)
        left = needed - given
        rate = left.value / outside.value * 100
        room = promise.amount.value - (one.base.whole.value - given.value)
        hit = _hit(one)
        yield Hit(
            place=hit.place,
            spans=(*hit.spans, left_out[1]),
            facts=hit.facts
            | {
                "excluded": left_out[0],
                "amount": f"{figure(left.value / scale)}{unit}",
                "share": f"{figure(left.value / needed.value * 100, 1)}%",
                "rate": f"{figure(rate, 1)}%",
                "base": f"{figure(outside.value / scale)}{unit}",
                "room": f"{figure(room / scale)}{unit}",
            },
            ground=(
                f"{promise.ground} = {figure(promise.base.value / scale, 3)}{unit}; × {promise.rate.value:f}% = "
                f"{figure(needed.value / scale, 3)}{unit}; Σ = {figure(given.value / scale)}{unit}; "
                f"{figure(needed.value / scale, 3)} − {figure(given.value / scale)} = {figure(left.value / scale)}"
                f"{unit}; ÷ {figure(outside.value / scale)}{unit} = {figure(rate, 1)}%"
            ),
        )


def _promise_of(context: Context, rates: Series) -> Promise | None:
    """Cap and rate of the text on the quantity and year of a column of rates."""
    due = column_year(context, rates.table, rates.index)
    fitting = (each for each in promises(context) if same_subject(each.cap.indicator, rates.indicator))
    return next((each for each in fitting if due is None or due_year(context, each.cap) == due), None)


def _unknown(excluded: str) -> dict[str, str]:
    return {"excluded": excluded, "amount": "—", "share": "—", "rate": "—", "base": "—", "room": "—"}


def undifferentiated(context: Context) -> Iterator[Hit]:
    """Every region gets the same rate although the text promises to differ by region (差别化)."""
    at = context.text.find("差别化管理")
    item = context.item_at(at) if at >= 0 else None
    if item is None:
        return
    flat = [
        one
        for table in region_tables(context)
        for one in rate_series(context, table)
        if len(one.values) >= 3 and len(set(one.values)) == 1
    ]
    if flat:
        yield Hit(
            place=flat[0].place,
            spans=(flat[0].table.span, Span(at, at + len("差别化管理"))),
            facts={"item": item.no, "columns": "、".join(f"{one.place} {one.header}" for one in flat)},
            ground="; ".join(f"{one.place}: {_spread(one)}" for one in flat),
        )
