"""一个指标的各期: how has it moved, and what was said of it before?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from shuangkong.core.fact import Cell, Measure, State
from shuangkong.core.period import Period
from shuangkong.indicators.engine.printing import Printed, published
from shuangkong.indicators.formula import Indicator
from shuangkong.indicators.withholding import withheld
from shuangkong.records.facts.rows import ObservationRow
from shuangkong.records.facts.store import versions
from shuangkong.records.indicators.layered import Laws
from shuangkong.records.indicators.looking import ComputedRow, latest, vintages
from shuangkong.records.indicators.readable import Readable, least_merged_parts
from shuangkong.records.indicators.territory import Territory
from shuangkong.records.people.roles import Action
from shuangkong.rulebook import open_rulebook
from shuangkong.web.indicators.asked import Asked, asked
from shuangkong.web.indicators.counting import Counting, counting
from shuangkong.web.indicators.drawn import vintage_charts
from shuangkong.web.indicators.joined import lineage
from shuangkong.web.indicators.known import known
from shuangkong.web.indicators.periods import by_time, period_word
from shuangkong.web.indicators.shown import address, origin_word, words_of
from shuangkong.web.site.access import acting_of, needs
from shuangkong.web.site.page import page
from shuangkong.web.site.scope import scope_of
from shuangkong.web.site.tables import Cell as TableCell
from shuangkong.web.site.tables import Column, Row, Table, text_cell
from shuangkong.web.site.words import MISSING, figure, maturity_word, state_word, unit_word


@require_GET
@needs(Action.ACTUAL_READ, shows_past=True)
def series(request: HttpRequest, indicator: str, subject: str) -> HttpResponse:
    about = asked(request, subject, indicator)
    until = scope_of(request).as_of
    told = versions(indicator, about.subject.kind, about.subject.code, until)
    laws, line = Laws(Territory()), lineage(request, about, until)
    every = (row for row in vintages(indicator, about.subject, until) if row.cell.period not in line.withheld)
    computed = _as_readable(request, about, tuple(every), until, has_closed=line.has_closed)
    return page(
        request,
        "indicators/series.html",
        {
            "about": about,
            "latest": latest(until),
            "is_demo": any(row.is_demo for row in told) or any(row.is_demo for row in computed),
            "charts": vintage_charts(about.rule, told, computed),
            "turns": line.turns,
        },
        {
            "series_table": _series_table(request, about, (*counting(told, computed, laws), *line.counting)),
            "vintages_table": _vintages_table(told, computed, laws),
        },
    )


def _as_readable(
    request: HttpRequest, about: Asked, computed: tuple[ComputedRow, ...], until: date | None, *, has_closed: bool
) -> tuple[ComputedRow, ...]:
    """Results as the explanation of their cell shows them to the person: what it withholds is not told here either."""
    readable = Readable(acting_of(request), about.path)
    if readable.is_whole and not has_closed:
        return computed
    cells = {row.cell for row in computed}
    seen = known(cells, until)
    shut = {
        cell
        for cell in cells
        if withheld(seen.figure(cell), readable.has, least_merged_parts(seen.law, cell.period.last_day)).state
        is State.SUPPRESSED
    }
    return tuple(replace(row, state=State.SUPPRESSED, value=None) if row.cell in shut else row for row in computed)


def _series_table(request: HttpRequest, about: Asked, counted: Iterable[Counting]) -> Table:
    """Where a period is there twice, the later counts: it is joined of those that became the subject."""
    columns = (
        Column("period", _("时期")),
        Column("value", _("数值"), is_figure=True),
        Column("unit", _("单位")),
        Column("maturity", _("数据状态")),
        Column("how", _("来路")),
        Column("known", _("录入或核算日期")),
    )
    rows = []
    shown = {row.period: row for row in counted}
    for row in sorted(shown.values(), key=lambda each: by_time(each.period)):
        cell = Cell(about.subject, about.indicator, row.period)
        rows.append(
            Row(
                (
                    TableCell(period_word(row.period), str(row.period)),
                    TableCell(row.shown, row.value, why=address(request, cell), is_doubted=row.has_doubts),
                    text_cell(unit_word(row.unit)),
                    text_cell(row.maturity),
                    text_cell(row.how),
                    TableCell(f"{row.known_on:%Y-%m-%d}", row.known_on),
                )
            )
        )
    empty = _("这个指标还没有录入的数，也没有可以算出的数。")
    return Table(
        "series", _("各期的数"), columns, tuple(rows), empty, is_demo=any(row.is_demo for row in shown.values())
    )


def _vintages_table(told: tuple[ObservationRow, ...], computed: tuple[ComputedRow, ...], laws: Laws) -> Table:
    columns = (
        Column("period", _("时期")),
        Column("known", _("录入或核算时间")),
        Column("value", _("数值"), is_figure=True),
        Column("unit", _("单位")),
        Column("maturity", _("数据状态")),
        Column("how", _("来路")),
        Column("source", _("来源或规则版本")),
    )
    every = [_told_row(row) for row in told if row.measure is Measure.LEVEL] + [
        _computed_row(row, laws.rule(row.cell)) for row in computed
    ]
    rows = tuple(row for *_key, row in sorted(every, key=lambda each: (by_time(each[0]), each[1]), reverse=True))
    note = _("新的版本不覆盖旧的：任何一天当时知道的数都能再看。")
    is_demo = any(row.is_demo for row in told) or any(row.is_demo for row in computed)
    return Table("vintages", _("历次版本"), columns, rows, _("还没有版本。"), note, is_demo=is_demo)


def _told_row(told: ObservationRow) -> tuple[Period, datetime, Row]:
    absent = MISSING if told.state is State.MISSING else ""
    shown = figure(told.value) if told.state is State.VALUE else absent or state_word(told.state)
    return (
        Period.parse(told.period),
        told.recorded_at,
        Row(
            (
                text_cell(period_word(Period.parse(told.period))),
                _moment(told.recorded_at),
                TableCell(shown, told.value),
                text_cell(unit_word(told.unit)),
                text_cell(maturity_word(told.maturity)),
                text_cell(origin_word(told.origin)),
                text_cell(told.source),
            )
        ),
    )


def _computed_row(row: ComputedRow, rule: Indicator | None) -> tuple[Period, datetime, Row]:
    printed = published(row.value, rule, open_rulebook().units(), rule.unit if rule else "")
    shown = words_of(Printed(printed.value, ""), row.state)
    return (
        row.cell.period,
        row.computed_at,
        Row(
            (
                text_cell(period_word(row.cell.period)),
                _moment(row.computed_at),
                TableCell(shown, printed.value, is_doubted=row.has_doubts),
                text_cell(unit_word(printed.unit)),
                text_cell(maturity_word(row.maturity) if row.maturity else ""),
                text_cell(_("算得")),
                text_cell(row.rulebook),
            )
        ),
    )


def _moment(at: datetime) -> TableCell:
    text = f"{timezone.localtime(at):%Y-%m-%d %H:%M}"
    return TableCell(text, text)
