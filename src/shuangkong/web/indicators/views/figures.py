"""数据和由来: which figures are there of this place?"""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from shuangkong.core.fact import Cell, Subject
from shuangkong.records.facts.store import observations
from shuangkong.records.indicators.layered import Laws
from shuangkong.records.indicators.looking import latest, results
from shuangkong.records.indicators.places import places_told_of
from shuangkong.records.indicators.territory import REGION, Territory
from shuangkong.records.people.access import Where
from shuangkong.records.people.roles import Action
from shuangkong.records.registry import store as registry
from shuangkong.rulebook import open_rulebook
from shuangkong.web.indicators.asked import name_of
from shuangkong.web.indicators.counting import Counting, counting
from shuangkong.web.indicators.periods import by_time, period_word
from shuangkong.web.indicators.shown import address
from shuangkong.web.site.access import acting_of, needs, reached, seen
from shuangkong.web.site.page import page
from shuangkong.web.site.scope import link, scope_of
from shuangkong.web.site.tables import Cell as TableCell
from shuangkong.web.site.tables import Column, Row, Table, text_cell
from shuangkong.web.site.words import unit_word


@require_GET
@needs(Action.ACTUAL_READ, shows_past=True)
def figures(request: HttpRequest) -> HttpResponse:
    """Of the place that the address names, else the person's own; whoever has none is shown the places."""
    scope = scope_of(request)
    place = scope.place or acting_of(request).region
    if not place:
        return page(request, "indicators/places.html", {}, {"places_table": _places_table(request)})
    region = registry.region(place)
    if region is None:
        raise Http404
    reached(request, Where(registry.paths([place])[place]), Action.ACTUAL_READ)
    subject = Subject(REGION, place)
    book = open_rulebook()
    ids = book.indicator_rules(book.layer_of(place, scope.as_of or timezone.localdate())).keys()
    told = observations(ids, [(subject.kind, subject.code)], scope.as_of)
    computed = results(ids, [subject], scope.as_of)
    every = counting(told, computed.values(), Laws(Territory()))
    rows = [row for row in every if not scope.year or row.period.year == scope.year]
    return page(
        request,
        "indicators/figures.html",
        {"region": region, "latest": latest(scope.as_of), "is_demo": any(row.is_demo for row in rows)},
        {"figures_table": _figures_table(request, subject, rows)},
    )


def _figures_table(request: HttpRequest, subject: Subject, rows: list[Counting]) -> Table:
    columns = (
        Column("indicator", _("指标")),
        Column("period", _("时期")),
        Column("value", _("数值"), is_figure=True),
        Column("unit", _("单位")),
        Column("maturity", _("数据状态")),
        Column("how", _("来路")),
        Column("known", _("录入或核算日期")),
    )
    empty = _("还没有这个地区的数。录入实际值后，录入的和由它们算得的数在这里列出。")
    made = tuple(
        _row(request, subject, row) for row in sorted(rows, key=lambda row: (row.indicator, by_time(row.period)))
    )
    return Table("figures", _("录入和算得的数"), columns, made, empty, is_demo=any(row.is_demo for row in rows))


def _row(request: HttpRequest, subject: Subject, row: Counting) -> Row:
    why = address(request, Cell(subject, row.indicator, row.period))
    return Row(
        (
            text_cell(name_of(row.indicator), href=link(request, "indicators:series", row.indicator, str(subject))),
            TableCell(period_word(row.period), str(row.period)),
            TableCell(row.shown, row.value, why=why, is_doubted=row.has_doubts),
            text_cell(unit_word(row.unit)),
            text_cell(row.maturity),
            text_cell(row.how),
            TableCell(f"{row.known_on:%Y-%m-%d}", row.known_on),
        )
    )


def _places_table(request: HttpRequest) -> Table:
    columns = (Column("place", _("地区")), Column("code", _("代码")))
    found = places_told_of(seen(request, Action.ACTUAL_READ, "path"))
    rows = tuple(
        Row((text_cell(name, href=link(request, "indicators:figures", place=code)), text_cell(code)))
        for code, name in found
    )
    return Table("places", _("有数的地区"), columns, rows, _("还没有录入任何地区的数。"))
