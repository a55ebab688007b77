"""报表的表: columns of the usual form; the foot has means, extremes, counts and sums."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal

from django.utils.translation import gettext as _

from shuangkong.core.rounding import rounded
from shuangkong.monitoring.flue_gas.point import mean
from shuangkong.monitoring.reading import Media, Span
from shuangkong.records.monitoring.models import Outlet
from shuangkong.web.monitoring.codes import amount_unit, factor_unit, factor_word
from shuangkong.web.monitoring.flows import has_amount, in_mass_unit
from shuangkong.web.monitoring.report import Figures, Line, Report
from shuangkong.web.site.tables import Cell, Column, Row, Table, text_cell
from shuangkong.web.site.words import MISSING, rounded_figure

#: Digits behind the point of what a workbook holds.
PLACES = 4
type Pick = Callable[[Line], Decimal | None]


def report_table(outlet: Outlet, held: Report, title: str) -> Table:
    columns, picks = _columns(held)
    rows = [
        Row(
            (
                text_cell(line.label),
                *(_cell(pick(line), line, held) for _label, pick, _kind in picks),
                text_cell(line.marks),
            )
        )
        for line in held.lines
    ]
    caption = f"{outlet.enterprise.name if outlet.enterprise else ''} {outlet.name} {title}".strip()
    rows += _foot(held.lines, picks) if held.lines else []
    empty = _("这段时间还没有到，或没有数据。")
    note = f"{held.first} — {held.last}"
    return Table("report", caption, columns, tuple(rows), empty, note, is_demo=outlet.region.is_fictional)


def _columns(held: Report) -> tuple[tuple[Column, ...], list[tuple[str, Pick, str]]]:
    columns = [Column("at", {Span.DAY: _("时间"), Span.MONTH: _("日期")}.get(held.span, _("月份")))]
    picks: list[tuple[str, Pick, str]] = []
    for factor in held.pollutants:
        name = factor_word(factor)
        is_converted = held.is_converted and has_amount(factor)
        _add(columns, picks, f"{factor}-measured", f"{name} {_('实测')}" if is_converted else name,
             factor_unit(factor), _of(factor, lambda each: each.measured), "mean")  # fmt: skip
        if is_converted:
            _add(columns, picks, f"{factor}-converted", f"{name} {_('折算')}", factor_unit(factor),
                 _of(factor, lambda each: each.converted), "mean")  # fmt: skip
        if has_amount(factor):
            _add(columns, picks, f"{factor}-amount", f"{name} {_('排放量')}", amount_unit(factor),
                 _amount_of(factor), "sum")  # fmt: skip
    flow = _("标干流量") if held.media is Media.GAS else _("排水量")
    _add(columns, picks, "flow", flow, "m³", lambda line: line.flow_m3, "sum")
    for factor in held.states:
        _add(columns, picks, factor, factor_word(factor), factor_unit(factor), _state(factor), "mean")
    columns.append(Column("marks", _("标记")))
    return tuple(columns), picks


def _add(
    columns: list[Column], picks: list[tuple[str, Pick, str]], key: str, label: str, unit: str, pick: Pick, kind: str
) -> None:
    columns.append(Column(key, label, unit, is_figure=True))
    picks.append((label, pick, kind))


def _of(factor: str, part: Callable[[Figures], Decimal | None]) -> Pick:
    return lambda line: part(line.figures.get(factor, Figures()))


def _amount_of(factor: str) -> Pick:
    """In the unit in which the code table tells the factor's amounts."""

    def pick(line: Line) -> Decimal | None:
        kg = line.figures.get(factor, Figures()).amount_kg
        return None if kg is None else in_mass_unit(factor, kg)

    return pick


def _state(factor: str) -> Pick:
    return lambda line: line.state.get(factor)


def _cell(value: Decimal | None, line: Line, held: Report) -> Cell:
    if value is None:
        is_owed = not line.figures or any(each.is_owed for each in line.figures.values())
        why = _("没有有效数据") if held.span is Span.DAY else _("有效小时不够")
        why = why if is_owed else _("未登记")
        return Cell(MISSING, None, hint=why)
    return Cell(rounded_figure(value), rounded(value, PLACES))


def _foot(lines: Sequence[Line], picks: Sequence[tuple[str, Pick, str]]) -> list[Row]:
    told = [[each for line in lines if (each := pick(line)) is not None] for _label, pick, _kind in picks]
    rows = []
    for label, compute in (
        (_("平均值"), lambda own: mean(own)),
        (_("最大值"), lambda own: max(own, default=None)),
        (_("最小值"), lambda own: min(own, default=None)),
    ):
        found = [compute(own) for own in told]
        rows.append(Row((text_cell(label), *map(_figure, found), text_cell("")), is_total=True))
    counts = (Cell(str(len(own)), len(own)) for own in told)
    rows.append(Row((text_cell(_("样本数")), *counts, text_cell("")), is_total=True))
    sums = (
        _figure(sum(own, Decimal(0)) if own and kind == "sum" else None)
        for own, (_label, _pick, kind) in zip(told, picks, strict=True)
    )
    rows.append(Row((text_cell(_("合计")), *sums, text_cell("")), is_total=True))
    return rows


def _figure(value: Decimal | None) -> Cell:
    return Cell(MISSING, None) if value is None else Cell(rounded_figure(value), rounded(value, PLACES))
