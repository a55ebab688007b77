"""合计: regions against their total row, and against the figure of the text."""

from __future__ import annotations

from collections.abc import Iterator

from shuangkong.plans.audit.context import Context, Hit, tidy
from shuangkong.plans.audit.grid import Series, column_like, exclusion, parts, region_tables, series
from shuangkong.plans.audit.rounded import Rounded, figure
from shuangkong.plans.audit.subjects import find_target
from shuangkong.plans.reading import Kind, Op, Target

_ADDITIVE_KINDS = (Kind.CAP_TOTAL, Kind.CAP_INCREMENT, Kind.REDUCTION_AMOUNT, Kind.COUNT)
_ADDITIVE_ROLES = ("base", "increment", "amount")


def _additive(context: Context) -> Iterator[Series]:
    for table in region_tables(context):
        for index in column_like(table, kinds=_ADDITIVE_KINDS, roles=_ADDITIVE_ROLES):
            found = series(context, table, index)
            if found and _is_additive(found) and table.columns[index].kind is not Kind.REDUCTION_RATE:
                yield found


def _is_mean(one: Series) -> bool:
    """Whether the total is no larger than the largest part: a mean, a rate or a share, not a sum."""
    return one.total is not None and one.total.low <= max(one.part(i).high for i in range(len(one.values)))


def _is_additive(one: Series) -> bool:
    """Whether a unit can be added up: no rate, nothing per something else (吨标准煤/万元)."""
    return bool(one.unit) and "/" not in tidy(one.unit or "") and "%" not in tidy(one.unit or "")


def shown(amount: Rounded, one: Series) -> str:
    """An amount in the unit of its column."""
    return f"{figure(amount.value / one.factor, 4)}{one.unit or ''}"


def addition(one: Series) -> str:
    """The sum as a person would write it."""
    return f"{' + '.join(f'{value:f}' for value in one.values)} = {figure(one.sum.value / one.factor, 4)}"


def parts_against_total(context: Context) -> Iterator[Hit]:
    """分地区之和 = 合计行. Tables with grouped rows or subtotals are not additive and are left out."""
    for one in _additive(context):
        if one.total is None or one.total_span is None or one.sum.agrees(one.total):
            continue
        grouped = any(row.group for row in parts(one.table))
        doubled = one.sum.agrees(one.total + one.total)
        if grouped or doubled or _is_mean(one) or exclusion(one.table):
            continue
        yield Hit(
            place=f"{one.place} {one.header}",
            spans=(one.total_span, one.table.span),
            facts={
                "column": one.header,
                "expected": shown(one.total, one),
                "found": shown(one.sum, one),
                "difference": shown(one.sum - one.total, one),
            },
            ground=addition(one),
        )


def _against_text(context: Context) -> Iterator[tuple[Series, Target, Rounded, Rounded]]:
    """(column, commitment of the text, its amount, remainder) for columns without a total row."""
    for one in _additive(context):
        kind = one.table.columns[one.index].kind
        role = one.table.columns[one.index].role
        if one.total is not None or role == "base" or kind not in _ADDITIVE_KINDS:
            continue
        target = find_target(context.reading.targets, one.indicator, kind)
        amount = context.in_base(target.value, target.unit) if target else None
        if target and amount and not one.sum.agrees(amount):
            yield one, target, amount, amount - one.sum


def _hit(context: Context, one: Series, target: Target, amount: Rounded, rest: Rounded) -> Hit:
    share = figure(abs(rest.value) / amount.value * 100) if amount.value else "—"
    return Hit(
        place=f"{one.place} {one.header}",
        spans=(one.table.span, target.span),
        facts={
            "column": one.header,
            "item": target.item_no,
            "expected": f"{target.value:f}{target.unit}",
            "found": shown(one.sum, one),
            "difference": shown(rest if rest.value > 0 else Rounded.exact(0) - rest, one),
            "share": share,
        },
        ground=f"{addition(one)}; {shown(amount, one)} − {shown(one.sum, one)} = {shown(rest, one)} ({share}%)",
    )


def undistributed_remainder(context: Context) -> Iterator[Hit]:
    """The regions together get less than the text commits to: what is left is nobody's."""
    for one, target, amount, rest in _against_text(context):
        if rest.value > 0:
            yield _hit(context, one, target, amount, rest)


def parts_above_cap(context: Context) -> Iterator[Hit]:
    """The regions together may use more than the cap of the text allows."""
    for one, target, amount, rest in _against_text(context):
        grouped = any(row.group for row in parts(one.table))
        if (
            rest.value < 0
            and not grouped
            and target.kind in (Kind.CAP_TOTAL, Kind.CAP_INCREMENT)
            and target.op is Op.LE
        ):
            yield _hit(context, one, target, amount, rest)
