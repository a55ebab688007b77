"""重污染天气应急: which responses are in force, who was told and acknowledged, what has to be done, what came of it?"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from shuangkong.core.finding import Message
from shuangkong.outlook.weather.orders import ORDERS, AlertLevel, OrderKind
from shuangkong.papers.tables import FormField, SheetRefused, read_sheet, write_form
from shuangkong.records.notices import store as notices
from shuangkong.records.notices.rows import NoticeKind
from shuangkong.records.outlook.weather import alerts, emissions
from shuangkong.records.outlook.weather.naming import regions_named
from shuangkong.records.outlook.weather.rows import AlertRow
from shuangkong.records.people.access import Where, may
from shuangkong.records.people.roles import Action
from shuangkong.records.refusal import Refused
from shuangkong.records.registry import store as registry
from shuangkong.web.indicators.place import Place
from shuangkong.web.notices.receipts import receipts_table
from shuangkong.web.outlook import alerts as tables
from shuangkong.web.people.names import person_names
from shuangkong.web.site.access import acting_of, needs, reached, seen
from shuangkong.web.site.page import download, page
from shuangkong.web.site.scope import link, scope_of
from shuangkong.web.site.tables import Table
from shuangkong.web.site.words import spoken

#: What each order asks for in its form: kinds that a response under way can have.
FOLLOWING = (OrderKind.CHANGE, OrderKind.END)
_TOLD = (NoticeKind.WEATHER, NoticeKind.JOINT)


@require_GET
@needs(Action.WEATHER_READ, shows_past=True)
def weather(request: HttpRequest) -> HttpResponse:
    return _list(request)


@require_POST
@needs(Action.WEATHER_ORDER)
def start(request: HttpRequest) -> HttpResponse:
    """Starts a response at a place."""
    place = _place(request, request.POST.get("place", ""))
    if place is None:
        raise Http404
    reached(request, place.where, Action.WEATHER_READ, Action.WEATHER_ORDER)
    form = request.POST
    try:
        told = order_told(form, OrderKind.START)
        made = alerts.start(place.region.code, told, regions_named(form.get("neighbours", "")), acting_of(request))
    except Refused as refusal:
        if refusal.code.startswith("PPL"):
            raise
        return _list(request, form, f"{refusal.code} {spoken(refusal.message)}")
    messages.success(request, _("已启动应急响应，已通知企业和邻近地区。"))
    return redirect(link(request, "outlook:alert", made))


@require_GET
@needs(Action.WEATHER_READ, shows_past=True)
def one(request: HttpRequest, alert_id: int) -> HttpResponse:
    return _one(request, found_or_404(request, alert_id))


@require_POST
@needs(Action.WEATHER_READ)
def order(request: HttpRequest, alert_id: int) -> HttpResponse:
    """Raises or lowers the level, or ends the response."""
    row, form = found_or_404(request, alert_id), request.POST
    kind = next((each for each in FOLLOWING if each == form.get("kind")), None)
    if kind is None:
        raise Http404
    try:
        alerts.follow(row.id, order_told(form, kind), acting_of(request))
    except Refused as refusal:
        if refusal.code.startswith("PPL"):
            raise
        return _one(request, row, f"{refusal.code} {spoken(refusal.message)}")
    messages.success(request, _("已记录：%(act)s。") % {"act": spoken(ORDERS[kind])})
    return redirect(link(request, "outlook:alert", row.id))


@require_POST
@needs(Action.WEATHER_RECORD)
def tell(request: HttpRequest, alert_id: int) -> HttpResponse:
    """Takes a file of daily emissions, whole or not at all."""
    row, file = found_or_404(request, alert_id), request.FILES.get("file")
    reached(request, row.where, Action.WEATHER_READ, Action.WEATHER_RECORD)
    if not isinstance(file, UploadedFile):
        return _one(request, row, _("没有收到文件。请选择填好的 .xlsx 或 .csv。"))
    try:
        sheet = read_sheet(file.read(), file.name or _("未命名"))
        count = emissions.load(row.id, sheet.rows, request.POST.get("source", ""), acting_of(request))
    except SheetRefused as refusal:
        return _one(request, row, f"{refusal.code} {spoken(Message(refusal.zh, refusal.en))}")
    except Refused as refusal:
        if refusal.code.startswith("PPL"):
            raise
        return _one(request, row, f"{refusal.code} {spoken(refusal.message)}")
    messages.success(request, _("已录入 %(count)d 个数。") % {"count": count})
    return redirect(link(request, "outlook:alert", row.id))


@require_GET
@needs(Action.WEATHER_RECORD)
def emission_form(request: HttpRequest) -> HttpResponse:
    """The empty sheet for daily emissions."""
    columns = emissions.columns_of(acting_of(request).region, timezone.localdate())
    fields = [FormField(each.heading, each.takes, each.is_required, each.choices) for each in columns]
    return download(write_form(_("应急期间日排放量录入表"), fields), _("应急期间日排放量录入表") + ".xlsx")


def found_or_404(request: HttpRequest, alert_id: int) -> AlertRow:
    row = alerts.alert(alert_id, scope_of(request).as_of)
    if row is None:
        raise Http404
    reached(request, row.where, Action.WEATHER_READ)
    return row


def order_told(form: Mapping[str, str], kind: OrderKind) -> alerts.OrderTold:
    """What a form tells of an order. Raises Refused OUT-824 where it has no time."""
    level = next((each for each in AlertLevel if str(int(each)) == form.get("level")), None)
    return alerts.OrderTold(
        kind, _moment(form.get("starts_at", "")), form.get("document", ""), form.get("ground", ""),
        form.get("signed_by", ""), level,
    )  # fmt: skip


def _moment(said: str) -> datetime:
    try:
        told = datetime.fromisoformat(said)
    except ValueError as fault:
        raise Refused("OUT-824", "请填从何时起执行。", "Give the time from which it holds.", "starts_at") from fault
    return told if told.tzinfo else timezone.make_aware(told)


def _place(request: HttpRequest, code: str) -> Place | None:
    region = registry.region(code) if code else None
    return Place(region, registry.paths([code])[code]) if region else None


def _list(request: HttpRequest, form: Mapping[str, str] | None = None, refusal: str = "") -> HttpResponse:
    scope, acting = scope_of(request), acting_of(request)
    rows = [row for row in alerts.alerts(seen(request, Action.WEATHER_READ, "path"), scope.as_of)
            if not scope.place or row.region == scope.place]  # fmt: skip
    told = notices.notices(notices.about(_TOLD, [row.id for row in rows]), scope.as_of)
    place = None if scope.as_of else _place(request, scope.place or acting.region)
    may_order = place is not None and may(acting, Action.WEATHER_ORDER, place.where)
    waiting = sum(len(each.waiting) for each in told)
    context: dict[str, Any] = {
        "count": sum(not row.is_over for row in rows), "waiting": waiting, "place": place, "may_order": may_order,
        "is_demo": any(row.is_demo for row in rows), "refusal": refusal, "form": form or {},
        "levels": _levels(place.region.code) if place and may_order else (), "now": _now(),
    }  # fmt: skip
    shown = tables.alerts_table(request, rows, told)
    return page(request, "outlook/weather.html", context, {"alerts_table": shown}, status=422 if refusal else 200)


def _one(request: HttpRequest, row: AlertRow, refusal: str = "") -> HttpResponse:
    scope, acting = scope_of(request), acting_of(request)
    told = notices.notices(notices.about(_TOLD, [row.id]), scope.as_of)
    people = [each.author for each in row.orders] + [each.author for notice in told for each in notice.bodies]
    named = person_names(filter(None, people))
    book, day = alerts.list_called_for(row), timezone.localdate(row.starts_at)
    came = emissions.outcomes_of(row, book, emissions.emissions(row.id, scope.as_of))
    called = book.at_level(row.level or row.gravest) if book else ()
    may_order = not scope.as_of and not row.is_over and may(acting, Action.WEATHER_ORDER, Where(row.path))
    of = {kind: tables.acknowledged(told, kind) for kind in _TOLD}
    context: dict[str, Any] = {
        "row": row, "title": tables.title_of(row), "is_demo": row.is_demo, "refusal": refusal, "book": book,
        "state": tables.state_word(row, tables.levels_of(row.region, day)), "of": of[NoticeKind.WEATHER],
        "joint": of[NoticeKind.JOINT], "untold": sum(each.body is None for each in called),
        "levels": [each for each in _levels(row.region) if each[0] != row.level], "now": _now(),
        "may_order": may_order,
        "may_tell": not scope.as_of and may(acting, Action.WEATHER_RECORD, Where(row.path)),
        "papers": [(each.id, alerts.order_title(row, each)) for each in row.orders]
        if may(acting, Action.PAPER_MAKE, Where(row.path)) and not scope.as_of else (),
        "explained": [(each, each.effect.step) for each in came if each.effect],
    }  # fmt: skip
    shown: dict[str, Table | tuple[Table, ...]] = {
        "orders_table": tables.orders_table(row, named),
        "receipts_table": receipts_table(request, told, named),
        "measures_table": tables.measures_table(called, row.region, day, is_demo=row.is_demo, named=_("这一级的措施")),
        "effect_table": tables.effect_table(row, book, came),
    }
    return page(request, "outlook/alert.html", context, shown, status=422 if refusal else 200)


def _levels(region: str) -> list[tuple[int, str]]:
    found = tables.levels_of(region, timezone.localdate())
    return [(int(level), spoken(name)) for level, name in found.items()]


def _now() -> str:
    """This hour, as a form proposes it."""
    return f"{timezone.localtime():%Y-%m-%dT%H:00}"
