"""传输率和公布率: how much of what was due came and holds, in time and in the end, and does it reach the target?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from shuangkong.core.dated import DatedValue
from shuangkong.core.finding import Finding, Message
from shuangkong.core.rounding import rounded
from shuangkong.monitoring.law import MonitoringLaw
from shuangkong.monitoring.rates.book import Target
from shuangkong.monitoring.rates.share import low_rate, meets
from shuangkong.monitoring.rates.transmission import Cut, Transmission, added
from shuangkong.monitoring.reading import Media
from shuangkong.records.monitoring.models import Outlet
from shuangkong.records.monitoring.registers.words import OUTLET_KINDS
from shuangkong.records.people.roles import Action
from shuangkong.rulebook import open_rulebook
from shuangkong.web.monitoring.batches import batch_of
from shuangkong.web.monitoring.codes import factor_word
from shuangkong.web.monitoring.data import asked
from shuangkong.web.monitoring.hours import points_of
from shuangkong.web.monitoring.live import outlets, readable
from shuangkong.web.monitoring.published import published, rates_table, units_table
from shuangkong.web.monitoring.rate_closing import Lines, lines_kept
from shuangkong.web.monitoring.targets import target_of
from shuangkong.web.monitoring.transmitting import Line, is_due_verified
from shuangkong.web.monitoring.views.duty import here
from shuangkong.web.monitoring.views.validity import month_of
from shuangkong.web.monitoring.words import as_answered
from shuangkong.web.site.access import acting_of, needs
from shuangkong.web.site.page import page
from shuangkong.web.site.scope import link
from shuangkong.web.site.tables import Cell, Column, Row, Table, text_cell
from shuangkong.web.site.words import MISSING, rounded_figure, spoken

#: Factors below the target that a page tells one by one.
_MOST_TOLD = 12


@require_GET
@needs(Action.MONITORING_READ)
def board(request: HttpRequest) -> HttpResponse:
    """A month of a place: factor by factor, all together, and the publication rates."""
    first, last = month_of(request.GET.get("month", ""))
    every = outlets(readable(acting_of(request)) & here(request, "region__path"), first, last)
    found = [each for each in every if each.kind in set(Media)]
    stations = [each for each in every if each.kind not in set(Media)]
    points = points_of(found, rated_only=True, first=first, last=last)
    # What stands above the table and below it is of the whole place, whichever batch is looked at.
    nothing = Lines((), last, 0)
    held, is_up = asked(lambda: lines_kept(found, points, first, last), nothing)
    lines = held.lines
    batch = batch_of(request, lines)
    beside, is_known = asked(lambda: _of_stations(stations, first, last), nothing)
    law = open_rulebook().monitoring()
    wanted = target_of(law, Target.EFFECTIVE_TRANSMISSION, last)
    whole = {cut: added(line.cuts[cut] for line in lines) for cut in Cut}
    context = {
        "month": f"{first:%Y-%m}",
        "is_up": is_up and is_known,
        "batch": batch,
        "late": sum(line.late for line in lines),
        "waiting": held.waiting + beside.waiting,
        "former": held.former + beside.former,
        "through": None if held.through == last else held.through,
        "effective": {cut.value: whole[cut].effective_pct for cut in Cut},
        "target": wanted,
        "meets": None if wanted is None else meets(whole[Cut.COMPLETED].effective_pct, wanted),
        "is_demo": any(each.region.is_fictional for each in every),
    }
    lines_low = [line for line in lines if wanted is not None and meets(_effective(line), wanted) is False]
    context["low"] = [spoken(each.message) for each in _low(law, lines_low, wanted)][:_MOST_TOLD]
    context["more_low"] = max(0, len(lines_low) - _MOST_TOLD)
    told = published(request, law, first, last)
    tables: dict[str, Table | tuple[Table, ...]] = {
        "rates_table": as_answered(_table(request, batch.some, whole), is_up=is_up),
        "publications_table": rates_table(told), "units_table": units_table(told),
    }  # fmt: skip
    if stations:
        tables["stations_table"] = as_answered(_stations(beside.lines, last), is_up=is_known)
    return page(request, "monitoring/rates.html", context, tables)


def _effective(line: Line) -> Decimal | None:
    return line.cuts[Cut.COMPLETED].effective_pct


def _low(law: MonitoringLaw, lines: Sequence[Line], target: DatedValue | None) -> Iterator[Finding]:
    """A finding for each factor whose rate, once completed, misses the target; the lowest first."""
    rate = Message("有效传输率（补全）", "the effective transmission rate (completed)")
    for line in sorted(lines, key=lambda each: _effective(each) or Decimal(0)):
        own = line.cuts[Cut.COMPLETED]
        name = f"{line.outlet.name} {factor_word(line.point.factor)}"
        counted = f"{own.transmission} × {own.validity}"
        found = low_rate(law.checks, name, rate, own.effective_pct, counted, target) if target is not None else None
        if found is not None:
            yield found


def _of_stations(stations: Sequence[Outlet], first: date, last: date) -> Lines:
    """Air stations and river sections, each by its own rule of what is due."""
    return lines_kept(stations, points_of(stations, rated_only=True, first=first, last=last), first, last)


def _counted(unit: str) -> tuple[Column, ...]:
    """Columns of ``_cells``; ``unit``: in what is counted."""
    return (
        Column("due", _("应传"), unit, is_figure=True),
        Column("stopped", _("停运"), unit, is_figure=True),
        Column("now", _("即时收到"), unit, is_figure=True),
        Column("received", _("补全后收到"), unit, is_figure=True),
        Column("valid", _("有效"), unit, is_figure=True),
        Column("transmission", _("传输率（补全）"), "%", is_figure=True),
        Column("validity", _("有效率（补全）"), "%", is_figure=True),
        Column("effective-now", _("有效传输率（即时）"), "%", is_figure=True),
        Column("effective", _("有效传输率（补全）"), "%", is_figure=True),
    )


def _table(request: HttpRequest, lines: Sequence[Line], whole: dict[Cut, Transmission]) -> Table:
    columns = (
        Column("unit", _("企业")),
        Column("outlet", _("排放口")),
        Column("factor", _("因子")),
        *_counted(_("小时")),
    )
    rows = [
        Row(
            (
                text_cell(line.outlet.enterprise.name if line.outlet.enterprise else ""),
                text_cell(line.outlet.name, href=link(request, "monitoring:validity", outlet=line.outlet.pk)),
                text_cell(factor_word(line.point.factor)),
                *_cells(line.cuts),
            )
        )
        for line in lines
    ]
    if lines:
        rows.append(Row((text_cell(_("合计")), text_cell(""), text_cell(""), *_cells(whole)), is_total=True))
    empty = _("没有计入传输率的因子：先在登记册里登记排放口和应测因子。")
    return Table("rates", _("有效传输率"), columns, tuple(rows), empty,
                 is_demo=any(line.outlet.region.is_fictional for line in lines))  # fmt: skip


def _stations(lines: Sequence[Line], last: date) -> Table:
    """Beside the sources, in no sum with them: the target is of sources."""
    columns = (
        Column("kind", _("类别")),
        Column("station", _("站点")),
        Column("factor", _("因子")),
        *_counted(_("次")),
    )
    doubted = {each.outlet.pk for each in lines if not is_due_verified(each.outlet, last)}
    rows = []
    for kind, word in OUTLET_KINDS.items():
        own = [each for each in lines if each.outlet.kind == kind]
        rows += [
            Row((text_cell(spoken(word)), text_cell(each.outlet.name), text_cell(factor_word(each.point.factor)),
                 *_cells(each.cuts, is_doubted=each.outlet.pk in doubted)))
            for each in own
        ]  # fmt: skip
        if own:
            whole = {cut: added(each.cuts[cut] for each in own) for cut in Cut}
            cells = _cells(whole, is_doubted=any(each.outlet.pk in doubted for each in own))
            rows.append(Row((text_cell(spoken(word)), text_cell(_("合计")), text_cell(""), *cells), is_total=True))
    empty = _("没有计入传输率的因子：先在登记册里登记空气站、断面和应测因子。")
    note = _("带 ※ 的，应传数按尚未核对原文的规定计（水质断面几小时测一次）。") if doubted else ""
    return Table("stations", _("空气站和水质断面的传输率"), columns, tuple(rows), empty, note,
                 is_demo=any(each.outlet.region.is_fictional for each in lines))  # fmt: skip


def _cells(cuts: dict[Cut, Transmission], *, is_doubted: bool = False) -> tuple[Cell, ...]:
    """``is_doubted``: how many were due rests on a rule that was not compared with its document."""
    now, done = cuts[Cut.REAL_TIME], cuts[Cut.COMPLETED]
    counts = (done.stopped, now.received, done.received, done.valid)
    rates = (done.transmission.pct, done.validity.pct, now.effective_pct, done.effective_pct)
    hint = _("应传数按尚未核对原文的规定计") if is_doubted else ""
    due = Cell(str(done.due), done.due, hint=hint, is_doubted=is_doubted)
    return (due, *(Cell(str(each), each) for each in counts), *map(_rate, rates))


def _rate(value: Decimal | None) -> Cell:
    if value is None:
        return Cell(MISSING, None, hint=_("没有应传的小时"))
    return Cell(rounded_figure(value), rounded(value, 2))
