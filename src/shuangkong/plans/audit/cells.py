"""附件单元格: an annex figure against the text, and against what its title and label say."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from shuangkong.core.span import Span
from shuangkong.plans.audit.context import Context, Hit, tidy
from shuangkong.plans.audit.grid import STRETCH, cell_of, column_like, indicator_of, region_tables, total_row
from shuangkong.plans.audit.lines import Line, Printed, lines
from shuangkong.plans.audit.pairing import (
    YEARLY,
    asked_year,
    column_base_year,
    column_year,
    counterparts,
    due_year,
    is_yearly,
    same_year,
)
from shuangkong.plans.audit.rounded import same_commitment
from shuangkong.plans.audit.subjects import is_whole, same_subject
from shuangkong.plans.reading import Kind, Op, Strength, Target

_FALLS = re.compile("下降率|降低率|减排率|下降比例|降低比例|减排比例")
_COMPARED = (Kind.REDUCTION_RATE, Kind.CAP_TOTAL, Kind.CAP_INCREMENT, Kind.REDUCTION_AMOUNT, Kind.LEVEL_FLOOR)
_MORE_IS_STRICTER = (Kind.REDUCTION_RATE, Kind.REDUCTION_AMOUNT, Kind.LEVEL_FLOOR)
_LESS_IS_STRICTER = (Kind.CAP_TOTAL, Kind.CAP_INCREMENT, Kind.LEVEL_CAP)


@dataclass(frozen=True, slots=True)
class Pair:
    """One commitment printed twice: in the text and in an annex."""

    target: Target
    value: Decimal
    span: Span
    place: str

    @property
    def agrees(self) -> bool:
        return same_commitment(self.target.value, self.value)


def _contradictions(context: Context) -> Iterator[Pair]:
    """Annex figures that agree with none of the commitments they may be held against: the first firm one of these."""
    for pairs in (*_of_total_rows(context), *_of_lines(context)):
        firm = [pair for pair in pairs if pair.target.strength is Strength.FIRM] or pairs
        if firm and not any(pair.agrees for pair in pairs):
            yield firm[0]


def _of_total_rows(context: Context) -> Iterator[list[Pair]]:
    """The total row of each column by regions, beside the commitments of its year and base year."""
    for table in region_tables(context):
        whole = total_row(table)
        for index in column_like(table, kinds=_COMPARED) if whole else []:
            column, cell = table.columns[index], cell_of(table, whole, index) if whole else None
            header = tidy(column.header)
            asked = column.role != "base" and not YEARLY.search(header) and not STRETCH.search(header)
            if not asked or cell is None or cell.value is None:
                continue
            fitting = counterparts(
                context,
                indicator_of(table, index),
                column.kind or Kind.SHARE,
                due=column_year(context, table, index),
                base_year=column_base_year(context, table, index),
            )
            values = ((target, _in_unit_of(context, target, cell.value, column.unit)) for target in fitting)
            place = f"附件{table.no} {header}"
            yield [Pair(target, value, cell.span, place) for target, value in values if value is not None]


def _of_lines(context: Context) -> Iterator[list[Pair]]:
    """Each row of an indicator table beside the commitments that print the same."""
    for line in lines(context):
        targets = [
            target
            for target in context.commitments
            if (same_subject(line.name, target.indicator) or same_subject(line.name, target.indicator_printed))
            and (is_whole(target) or set(tidy(target.scope or "")) <= set(tidy(line.name) + tidy(target.indicator)))
            and not is_yearly(context, target)
        ]
        for kinds in ((Kind.REDUCTION_RATE,), (Kind.LEVEL_FLOOR, Kind.LEVEL_CAP, Kind.SHARE)):
            yield [pair for target in targets if target.kind in kinds for pair in _pairs(context, line, target)]


def _pairs(context: Context, line: Line, target: Target) -> Iterator[Pair]:
    """The cells of an indicator row that print what the commitment prints, of the same year and base year."""
    if target.kind is Kind.REDUCTION_RATE:
        if target.unit == "%" and (change := _rate_of_fall(context, line, target)):
            yield Pair(target, abs(change.value), change.cell.span, line.place)
        return
    for level in line.targets:
        value = _in_unit_of(context, target, level.value, line.unit)
        if value is not None and same_year(asked_year(context, level.column.year), due_year(context, target)):
            yield Pair(target, value, level.cell.span, line.place)


def _rate_of_fall(context: Context, line: Line, target: Target) -> Printed | None:
    """The one change in percent of a row; None where several are printed or years differ."""
    changes = [change for change in line.changes if not YEARLY.search(tidy(change.column.header))]
    if len(changes) != 1 or not (changes[0].cell.bracketed or line.unit == "%"):
        return None
    due, since = asked_year(context, _only_year(line, "target")), _only_year(line, "base")
    fits = same_year(due, due_year(context, target)) and same_year(since, target.base_year)
    return changes[0] if fits else None


def _only_year(line: Line, role: str) -> int | None:
    """The year of the columns of a role; None where none or several are named."""
    years = {column.year for column in line.table.columns if column.role == role}
    return years.pop() if len(years) == 1 else None


def _in_unit_of(context: Context, target: Target, value: Decimal, unit: str | None) -> Decimal | None:
    """An annex value in the unit of the text's commitment; None where the two cannot be compared."""
    if not unit or tidy(unit) == tidy(target.unit):
        return value
    mine, other = context.unit_of(target.unit), context.unit_of(unit)
    if mine is None or other is None or mine[0] != other[0]:
        return None
    return value if mine[1] == other[1] else value * other[1] / mine[1]


def _annex_stricter(context: Context, pair: Pair) -> bool:
    """Whether the annex asks more than the text: by the kind, else by the bound, else by what is good in a share."""
    target = pair.target
    above = pair.value > target.value
    if target.kind in _MORE_IS_STRICTER or target.kind in _LESS_IS_STRICTER:
        return above is (target.kind in _MORE_IS_STRICTER)
    if target.op is not Op.EQ:
        return above is (target.op is Op.GE)
    named = (one for one in context.catalogue.lexicon.indicators if same_subject(one.zh, target.indicator))
    indicator = next(named, None)
    return above is (indicator is None or indicator.direction == "higher_is_better")


def _pair_hit(pair: Pair) -> Hit:
    return Hit(
        place=f"{pair.target.item_no}、{pair.place}",
        spans=(pair.target.span, pair.span),
        facts={
            "indicator": pair.target.indicator,
            "item": pair.target.item_no,
            "annex": pair.place,
            "expected": f"{pair.target.value:f}{pair.target.unit}",
            "found": f"{pair.value:f}{pair.target.unit}",
        },
        ground=f"{pair.target.value:f}{pair.target.unit} ({pair.target.item_no}) ≠ {pair.value:f} ({pair.place})",
    )


def annex_weaker_than_text(context: Context) -> Iterator[Hit]:
    """正文与附件不一致: the annex asks less than the text commits to."""
    for pair in _contradictions(context):
        if not _annex_stricter(context, pair):
            yield _pair_hit(pair)


def annex_stricter_than_text(context: Context) -> Iterator[Hit]:
    """正文与附件不一致: the annex asks more than the text commits to."""
    for pair in _contradictions(context):
        if _annex_stricter(context, pair):
            yield _pair_hit(pair)


def rate_of_fall_negative(context: Context) -> Iterator[Hit]:
    """A 下降率 below zero is a rise by its words: the minus says the fall a second time."""
    for target in context.commitments:
        figure = tidy(target.value_span.of(context.text))
        if target.kind in (Kind.REDUCTION_RATE, Kind.REDUCTION_AMOUNT) and figure.startswith("-"):
            facts = {"label": tidy(target.indicator), "found": figure}
            yield Hit(target.item_no, (target.span,), facts, tidy(target.span.of(context.text)))
    for line in lines(context):
        if _FALLS.search(tidy(line.row.label)):
            for printed in (*line.targets, *line.changes):
                if printed.value < 0:
                    facts = {"label": tidy(line.row.label), "found": tidy(printed.cell.text)}
                    yield Hit(line.place, (printed.cell.span,), facts, line.row.label)
    for table in region_tables(context):
        for index, column in enumerate(table.columns):
            cells = [cell_of(table, row, index) for row in table.rows]
            below = [cell for cell in cells if cell and cell.value is not None and cell.value < 0]
            if below and _FALLS.search(tidy(column.header)):
                facts = {"label": tidy(column.header), "found": tidy(below[0].text)}
                yield Hit(f"附件{table.no}", tuple(cell.span for cell in below), facts, tidy(column.header))


def percent_without_rate_name(context: Context) -> Iterator[Hit]:
    """A label that names an amount (…能耗) while its unit is % : the words 下降率 are missing."""
    for line in lines(context):
        label = tidy(line.row.label)
        if line.unit == "%" and re.search("(能耗|水耗|电耗|煤耗|排放量|排放|用水量|消费量|强度)$", label):
            siblings = [tidy(row.label) for row in line.table.rows if _FALLS.search(tidy(row.label))]
            yield Hit(
                place=line.place,
                spans=(line.row.span,),
                facts={"label": label, "unit": line.unit, "siblings": "、".join(siblings) or "—"},
                ground=f"{label} ({line.unit})",
            )


def title_beyond_columns(context: Context) -> Iterator[Hit]:
    """A title that promises 总量 over columns from which no total can be known."""
    for table in region_tables(context):
        title = tidy(table.title)
        if not table.columns or "总量" not in title:
            continue
        named = [tidy(column.header) for column in table.columns if column.role != "label"]
        has_total = any(
            column.role == "base" or column.kind is Kind.CAP_TOTAL or "总量" in tidy(column.header)
            for column in table.columns
        )
        if named and not has_total:
            yield Hit(
                place=f"附件{table.no}",
                spans=(table.span,),
                facts={"title": title, "columns": "、".join(named)},
                ground=f"{title}: {' | '.join(named)}",
            )
