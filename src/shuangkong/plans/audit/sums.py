"""合计: regions against their total row, and against the figure of the text."""

from __future__ import annotations

import re
from collections.abc import Iterator

from shuangkong.plans.audit.context import Context, Hit, tidy
from shuangkong.plans.audit.grid import Series, column_like, exclusion, parts, region_tables, series, total_row
from shuangkong.plans.audit.pairing import YEARLY, column_year, counterparts
from shuangkong.plans.audit.rounded import Rounded, figure
from shuangkong.plans.reading import Kind, Op, Strength, Target

_ADDITIVE_KINDS = (Kind.CAP_TOTAL, Kind.CAP_INCREMENT, Kind.REDUCTION_AMOUNT, Kind.COUNT)
_SUM = re.compile("[合总小共]计")
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


def _apart_from_total(context: Context) -> Iterator[Series]:
    """Columns whose regions do not add up to the total row; grouped rows and subtotals are not additive."""
    for one in _additive(context):
        if one.total is None or one.sum.agrees(one.total):
            continue
        grouped = any(row.group for row in parts(one.table))
        doubled = one.sum.agrees(one.total + one.total)
        if not grouped and not doubled and not _is_mean(one):
            yield one


def _total_hit(one: Series) -> Hit:
    note = exclusion(one.table)
    rest = one.total - one.sum if one.total else one.sum
    return Hit(
        place=f"{one.place} {one.header}",
        spans=(*((one.total_span,) if one.total_span else ()), one.table.span, *((note[1],) if note else ())),
        facts={
            "column": one.header,
            "expected": shown(one.total or one.sum, one),
            "found": shown(one.sum, one),
            "difference": shown(Rounded.exact(abs(rest.value)), one),
            "excluded": note[0] if note else "—",
        },
        ground=addition(one),
    )


def parts_against_total(context: Context) -> Iterator[Hit]:
    """分地区之和 = 合计行, in tables without a footnote that leaves somebody out.

    A cap of the whole (全市) that the text prints too may keep a reserve: that is for undistributed_remainder to say.
    """
    reserves = {(one.table.no, one.index) for one, _, _, rest in _against_text(context) if rest.value > 0}
    for one in _apart_from_total(context):
        if exclusion(one.table) is None and (one.table.no, one.index) not in reserves:
            yield _total_hit(one)


def parts_against_total_with_note(context: Context) -> Iterator[Hit]:
    """The same under a footnote 不含…: it may leave somebody out of the rows only, which somebody has to say."""
    for one in _apart_from_total(context):
        if exclusion(one.table) is not None:
            yield _total_hit(one)


def _may_keep_a_reserve(one: Series) -> bool:
    """Whether the row of the whole is a cap of its own (全市), larger than its parts, and not said to be their sum."""
    whole = total_row(one.table)
    is_cap = one.table.columns[one.index].kind in (Kind.CAP_TOTAL, Kind.CAP_INCREMENT)
    is_larger = one.total is not None and one.total.value > one.sum.value
    return is_cap and is_larger and whole is not None and not _SUM.search(whole.label)


def _against_text(context: Context) -> Iterator[tuple[Series, Target, Rounded, Rounded]]:
    """(column, commitment of the text for the same year, its amount, remainder) for columns without a row of sums.

    A column that agrees with any such commitment contradicts none.
    """
    for one in _additive(context):
        column = one.table.columns[one.index]
        has_sum = one.total is not None and not _may_keep_a_reserve(one)
        if has_sum or column.role == "base" or column.kind not in _ADDITIVE_KINDS:
            continue
        if YEARLY.search(one.header):
            continue
        due = column_year(context, one.table, one.index)
        found = [
            (target, amount)
            for target in counterparts(context, one.indicator, column.kind, due=due)
            if context.same_measure(target.unit, one.unit) and (amount := context.in_base(target.value, target.unit))
        ]
        if found and not any(one.sum.agrees(amount) for _, amount in found):
            target, amount = found[0]
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
    """The regions together may use more than the cap of the text allows, which is firm and for the same year."""
    for one, target, amount, rest in _against_text(context):
        caps = target.kind in (Kind.CAP_TOTAL, Kind.CAP_INCREMENT) and target.op is Op.LE
        firm = target.strength is Strength.FIRM
        if caps and firm and rest.value < 0 and not _counts_twice(one):
            yield _hit(context, one, target, amount, rest)


def _counts_twice(one: Series) -> bool:
    """Whether a row may hold another: rows stand in groups, or a label names another (东河县（含经开区）, 经开区)."""
    named = any(label in other for label in one.labels for other in one.labels if label != other)
    return named or any(row.group for row in parts(one.table))
