"""覆盖率和名录: who has to install and connect what by when, who did not, and which units are on this year's list?"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from django.contrib import messages
from django.db.models import Min, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from shuangkong.core.rounding import rounded
from shuangkong.monitoring.rates.coverage import THINGS, Standing, Thing, by_thing, duties_of, overdue
from shuangkong.monitoring.reading import Media
from shuangkong.records.monitoring import key_dischargers
from shuangkong.records.monitoring.models import Connection, FactorDue, KeyDischarger, KeyDischargerList, Outlet
from shuangkong.records.people.access import Where, may, visible
from shuangkong.records.people.roles import Action
from shuangkong.records.refusal import Refused
from shuangkong.records.registry.tree import path_of
from shuangkong.rulebook import open_rulebook
from shuangkong.web.monitoring.codes import factor_word
from shuangkong.web.monitoring.data import asked
from shuangkong.web.monitoring.live import outlets, readable
from shuangkong.web.monitoring.plants import PlantLine, plant_lines, plants_table
from shuangkong.web.monitoring.views.duty import here
from shuangkong.web.plans.tasks.framed import at_form
from shuangkong.web.site.access import acting_of, needs, reached
from shuangkong.web.site.page import page
from shuangkong.web.site.scope import link, scope_of
from shuangkong.web.site.tables import Cell, Column, Row, Table, text_cell
from shuangkong.web.site.words import MISSING, rounded_figure, spoken

_MEDIA = {"gas": "air", "water": "water"}


@require_GET
@needs(Action.MONITORING_READ)
def board(request: HttpRequest) -> HttpResponse:
    """The four objects of a place on a day, what is overdue, and the list of the year."""
    acting, day = acting_of(request), timezone.localdate()
    year = scope_of(request).year or day.year
    found = outlets(readable(acting) & here(request, "region__path"))
    standings = list(standings_of(found, day)) + list(_without_outlet(request, found, year, day))
    law = open_rulebook().monitoring()
    place = scope_of(request).place or acting.region
    where = Where(path_of(place)) if place else None
    listed = KeyDischarger.objects.select_related("enterprise", "region").filter(
        visible(acting, Action.MONITORING_READ, "region__path", "enterprise__body"), here(request, "region__path"),
        year=year,
    )  # fmt: skip
    context = {
        "year": year,
        "day": day,
        "late": [spoken(each.message) for each in overdue(law.checks, standings, day)],
        "duties": [
            (spoken(THINGS[each.thing]), "、".join(map(factor_word, each.factors)), each.due_on, each.ground)
            for each in law.duties
        ],
        "published": KeyDischargerList.objects.filter(region=place, year=year).order_by("-pk") if place else (),
        "place": place,
        "may_publish": bool(where) and may(acting, Action.MONITORING_PUBLISH, where),
        "is_demo": any(each.region.is_fictional for each in found),
    }
    seen = visible(acting, Action.MONITORING_READ, "enterprise__region__path", "enterprise__body")
    plants, _is_up = asked(
        lambda: plant_lines(seen & here(request, "enterprise__region__path"), day), tuple[PlantLine, ...]()
    )
    tables: dict[str, Table | tuple[Table, ...]] = {
        "plants_table": plants_table(request, plants),
        "coverage_table": _table(standings, day),
        "list_table": _listed(listed.order_by("region", "enterprise"), year),
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


def standings_of(found: Iterable[Outlet], day: date) -> Iterable[Standing]:
    """One for each factor that an outlet has to send: by the duties of policy and by the registers. 2 queries."""
    rows = list(found)
    numbers = [each.pk for each in rows]
    first = dict(Connection.objects.filter(outlet__in=numbers).values_list("outlet").annotate(since=Min("starts_at")))
    due: dict[int, dict[str, FactorDue]] = {}
    for each in FactorDue.objects.filter(outlet__in=numbers).filter(Q(ends_on=None) | Q(ends_on__gte=day)):
        due.setdefault(each.outlet_id, {})[each.factor] = each
    book = open_rulebook()
    for outlet in rows:
        thing = next((each for each in Thing if each == outlet.object), None)
        if thing is None:
            continue
        media = next((each for each in Media if each == outlet.kind), None)
        industry = outlet.industry or (outlet.enterprise.industry if outlet.enterprise else "")
        law = book.monitoring(book.layer_of(outlet.region_id, day))
        wanted = dict(duties_of(law.duties, thing, media, industry, day))
        own = due.get(outlet.pk, {})
        for factor, row in own.items():
            told = row.due_on or outlet.due_on
            if told is not None:
                wanted[factor] = min(wanted.get(factor, told), told)
        if not wanted and outlet.due_on is not None:
            wanted[""] = outlet.due_on
        since = first.get(outlet.pk)
        for factor, due_on in wanted.items():
            sends = since is not None and (not factor or factor in own)
            begins = own[factor].starts_on if factor in own else outlet.starts_on
            on = max(timezone.localtime(since).date(), begins) if sends and since else None
            unit = outlet.enterprise.name if outlet.enterprise else ""
            name = f"{unit} {outlet.name} {factor_word(factor) if factor else ''}"
            yield Standing(name.strip(), thing, max(due_on, outlet.starts_on), on, on, outlet.ends_on)


def _without_outlet(request: HttpRequest, found: Iterable[Outlet], year: int, day: date) -> Iterable[Standing]:
    """Units on the year's list for a medium that have no outlet of it on the register: nothing of theirs is covered."""
    has = {(each.enterprise_id, _MEDIA.get(each.kind)) for each in found}
    law = open_rulebook().monitoring()
    rows = KeyDischarger.objects.select_related("enterprise").filter(
        visible(acting_of(request), Action.MONITORING_READ, "region__path", "enterprise__body"),
        here(request, "region__path"), year=year,
    )  # fmt: skip
    for row in rows:
        for media, word in ((Media.WATER, "water"), (Media.GAS, "air")):
            if word in row.media.split() and (row.enterprise_id, word) not in has:
                wanted = duties_of(law.duties, Thing.KEY_DISCHARGER, media, row.enterprise.industry, day)
                for factor, due_on in wanted.items():
                    name = f"{row.enterprise.name} {factor_word(factor) if factor else ''}".strip()
                    yield Standing(name, Thing.KEY_DISCHARGER, due_on)


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
