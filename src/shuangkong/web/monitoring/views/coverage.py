"""覆盖率和名录: who has to install and connect what by when, who did not, and which units are on this year's list?"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from shuangkong.core.rounding import rounded
from shuangkong.monitoring.rates.coverage import THINGS, Standing, by_thing, overdue
from shuangkong.records.monitoring import key_dischargers
from shuangkong.records.monitoring.models import KeyDischarger, KeyDischargerList
from shuangkong.records.people.access import Where, may, visible
from shuangkong.records.people.roles import Action
from shuangkong.records.refusal import Refused
from shuangkong.records.registry.tree import path_of
from shuangkong.rulebook import open_rulebook
from shuangkong.web.monitoring.codes import factor_word
from shuangkong.web.monitoring.covering import listed, standings_of, without_outlet
from shuangkong.web.monitoring.data import asked
from shuangkong.web.monitoring.live import outlets, readable
from shuangkong.web.monitoring.plants import PlantLine, plant_lines, plants_table
from shuangkong.web.monitoring.sharing import shared_of, shared_table, stations_shared
from shuangkong.web.monitoring.views.duty import here
from shuangkong.web.plans.tasks.framed import at_form
from shuangkong.web.site.access import acting_of, needs, reached
from shuangkong.web.site.page import page
from shuangkong.web.site.scope import link, scope_of
from shuangkong.web.site.tables import Cell, Column, Row, Table, text_cell
from shuangkong.web.site.words import MISSING, rounded_figure, spoken


@require_GET
@needs(Action.MONITORING_READ)
def board(request: HttpRequest) -> HttpResponse:
    """The four objects of a place on a day, what is overdue, and the list of the year."""
    acting, day = acting_of(request), timezone.localdate()
    year = scope_of(request).year or day.year
    # What flows into a sewage plant is watched, and is no discharge that anybody has to connect.
    found = outlets(readable(acting) & here(request, "region__path") & Q(fed_plants=None))
    law = open_rulebook().monitoring()
    place = scope_of(request).place or acting.region
    where = Where(path_of(place)) if place else None
    rows = KeyDischarger.objects.select_related("enterprise", "region").filter(
        visible(acting, Action.MONITORING_READ, "region__path", "enterprise__body"), here(request, "region__path"),
        year=year,
    ).order_by("region", "enterprise")  # fmt: skip
    standings, is_up = standings_of(found, listed(rows, year), day)
    standings += without_outlet(rows, found, law.duties, day)
    registered = visible(acting, Action.MONITORING_READ, "region__path", "enterprise__body")
    standings += stations_shared(registered & here(request, "region__path"), day)
    context = {
        "is_up": is_up,
        "year": year,
        "day": day,
        "late": [spoken(each.message) for each in overdue(law.checks, standings, day)],
        "duties": [
            (spoken(THINGS[each.thing]), _("、").join(map(factor_word, each.factors)), each.due_on, each.ground)
            for each in law.duties
        ],
        "published": KeyDischargerList.objects.filter(region=place, year=year).order_by("-pk") if place else (),
        "place": place,
        "may_publish": bool(where) and may(acting, Action.MONITORING_PUBLISH, where),
        "is_demo": any(each.region.is_fictional for each in found),
    }
    seen = visible(acting, Action.MONITORING_READ, "enterprise__region__path", "enterprise__body")
    plants, _is_asked = asked(
        lambda: plant_lines(seen & here(request, "enterprise__region__path"), day), tuple[PlantLine, ...]()
    )
    tables: dict[str, Table | tuple[Table, ...]] = {
        "plants_table": plants_table(request, plants),
        "coverage_table": _table(standings, day),
        "list_table": _listed(rows, year),
        "shared_table": shared_table(
            shared_of(seen & here(request, "enterprise__region__path"), registered & here(request, "region__path"), day)
        ),
    }
    return page(request, "monitoring/coverage.html", context, tables)


@require_POST
@needs(Action.MONITORING_PUBLISH)
def publish(request: HttpRequest) -> HttpResponse:
    """Records that a year's list of a place was published."""
    told = request.POST
    region = told.get("region", "")
    reached(request, Where(path_of(region) if region else "/?/"), Action.MONITORING_READ, Action.MONITORING_PUBLISH)
    try:
        key_dischargers.publish(
            region, told.get("year", ""), told.get("on", ""), told.get("document", ""), acting_of(request)
        )
    except Refused as refusal:
        shown = at_form(refusal)
        messages.error(request, f"{shown.code} {spoken(shown.message)}")
    else:
        messages.success(request, _("已记录名录公布。"))
    return redirect(link(request, "monitoring:coverage"))


def _table(standings: list[Standing], day: date) -> Table:
    columns = (
        Column("thing", _("监控对象")),
        Column("told", _("登记"), "项", is_figure=True),
        Column("due", _("应联网"), "项", is_figure=True),
        Column("installed", _("已安装"), "项", is_figure=True),
        Column("connected", _("已联网"), "项", is_figure=True),
        Column("installation", _("安装率"), "%", is_figure=True),
        Column("connection", _("联网率"), "%", is_figure=True),
        Column("ahead", _("提前联网"), "项", is_figure=True),
    )
    rows = []
    for thing, each in by_thing(standings, day).items():
        counts = (each.told, each.due, each.installed, each.connected)
        rates = (each.installation.pct, each.connection.pct)
        cells = (
            *(Cell(str(number), number) for number in counts),
            *(_rate(rate) for rate in rates),
            Cell(str(each.ahead), each.ahead),
        )
        rows.append(Row((text_cell(spoken(THINGS[thing])), *cells)))
    return Table(
        "coverage", _("四类对象的联网率"), columns, tuple(rows), _("没有登记。"), _("一项是一个排放口的一个因子")
    )


def _rate(rate: Decimal | None) -> Cell:
    if rate is None:
        return Cell(MISSING, None, hint=_("没有到期应联网的"))
    return Cell(rounded_figure(rate), rounded(rate, 2))


def _listed(rows: Iterable[KeyDischarger], year: int) -> Table:
    columns = (
        Column("region", _("地区")),
        Column("unit", _("企业")),
        Column("code", _("统一社会信用代码")),
        Column("media", _("类别")),
        Column("reason", _("列入理由")),
    )
    made = tuple(
        Row(
            (
                text_cell(each.region.name),
                text_cell(each.enterprise.name),
                text_cell(each.enterprise.credit_code),
                text_cell(_("、").join(spoken(key_dischargers.MEDIA[one]) for one in each.media.split())),
                text_cell(each.reason),
            )
        )
        for each in rows
    )
    caption = _("%(year)s 年重点排污单位名录") % {"year": year}
    return Table("list", caption, columns, made, _("还没有登记这一年的名录。可以在登记册里逐行登记或导入表格。"))
