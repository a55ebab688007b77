"""重点工程减排量: what projects bring against what the rate requires, and whether it was only shared out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from shuangkong.plans.audit.context import Context, Hit
from shuangkong.plans.audit.grid import Series, amount_series, base_series, rate_series, region_tables
from shuangkong.plans.audit.rounded import Rounded, figure, percent
from shuangkong.plans.audit.subjects import same_subject

#: Fewer regions than this share a ratio by chance.
_ENOUGH_REGIONS = 4


@dataclass(frozen=True, slots=True)
class Effort:
    """Base, rate and project reduction of one table, by region."""

    base: Series
    rate: Series
    amount: Series

    def required(self, index: int) -> Rounded:
        return self.base.part(index) * percent(self.rate.values[index])

    @property
    def required_whole(self) -> Rounded:
        """Of the total row where all three are printed there, else of all regions together."""
        if self.base.total is not None and self.rate.total is not None:
            return self.base.total * (self.rate.total / Rounded.exact(self.rate.factor)) / Rounded.exact(100)
        return Rounded.total(self.required(index) for index in range(len(self.base.values)))


def efforts(context: Context) -> Iterator[Effort]:
    for table in region_tables(context):
        for amount in amount_series(context, table):
            base = next(
                (one for one in base_series(context, table) if same_subject(one.indicator, amount.indicator)), None
            )
            rate = next(
                (one for one in rate_series(context, table) if same_subject(one.indicator, amount.indicator)), None
            )
            if base and rate and base.factor > 0 and (amount.unit or "") != "%":
                yield Effort(base, rate, amount)


def projects_short(context: Context) -> Iterator[Hit]:
    """重点工程减排量 < 基数 × 下降率: the rest has to come from somewhere the plan does not name."""
    for effort in efforts(context):
        required, brought = effort.required_whole, effort.amount.whole
        if not required.surely_above(brought):
            continue
        short = [
            effort.amount.labels[index]
            for index in range(len(effort.amount.values))
            if effort.required(index).surely_above(effort.amount.part(index))
        ]
        factor, unit = effort.amount.factor, effort.amount.unit or ""
        need, have = figure(required.value / factor, 4), figure(brought.value / factor, 4)
        share = figure(brought.value / required.value * 100, 1)
        yield Hit(
            place=f"{effort.amount.place} {effort.amount.header}",
            spans=(effort.amount.table.span,),
            facts={
                "indicator": effort.amount.indicator,
                "expected": f"{need}{unit}",
                "found": f"{have}{unit}",
                "share": f"{share}%",
                "regions": "、".join(short) or "—",
            },
            ground=(
                f"基数×下降率 = {need}{unit} > {have}{unit}; {have} ÷ {need} = {share}%; "
                f"{figure(effort.base.whole.value / factor, 4)} − {have} = "
                f"{figure((effort.base.whole.value - brought.value) / factor, 4)}{unit}"
            ),
        )


def projects_shared_out(context: Context) -> Iterator[Hit]:
    """Every region's project reduction is one share of its base: allotted by size, not summed from projects."""
    for effort in efforts(context):
        bases, amounts = effort.base, effort.amount
        if len(bases.values) < _ENOUGH_REGIONS or any(bases.part(i).low <= 0 for i in range(len(bases.values))):
            continue
        ratios = [amounts.part(i) / bases.part(i) for i in range(len(bases.values))]
        low, high = max(ratio.low for ratio in ratios), min(ratio.high for ratio in ratios)
        share = sum(amounts.values, Decimal(0)) / sum(bases.values, Decimal(0)) * (amounts.factor / bases.factor) * 100
        if low <= high and share > 0:
            yield Hit(
                place=f"{amounts.place} {amounts.header}",
                spans=(amounts.table.span,),
                facts={"indicator": amounts.indicator, "found": f"{figure(share, 3)}%", "count": str(len(ratios))},
                ground=f"{amounts.values[0]:f} ÷ {bases.values[0]:f} = … = {figure(share, 3)}%",
            )
