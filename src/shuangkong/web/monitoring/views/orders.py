"""反控和补数: what can be ordered of this device, what was ordered, and did it do it?"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from shuangkong.protocols.hj212.codes import Command
from shuangkong.protocols.hj212.orders import fields_of
from shuangkong.records.monitoring import orders
from shuangkong.records.monitoring.models import Connection, Device
from shuangkong.records.monitoring.orders import OrderRow
from shuangkong.records.people.access import may, visible
from shuangkong.records.people.roles import Action
from shuangkong.records.refusal import Refused
from shuangkong.web.monitoring.batches import batch_by
from shuangkong.web.monitoring.codes import command_word
from shuangkong.web.monitoring.data import asked
from shuangkong.web.monitoring.lacking import MOST as MOST_LACKING
from shuangkong.web.monitoring.lacking import Lack, lacks, lacks_table
from shuangkong.web.monitoring.live import outlets, readable
from shuangkong.web.monitoring.ordering import CLOCK, SPEAKS, bounds_of, is_clock, offered_to, order, where_of
from shuangkong.web.monitoring.register_tables import moment
from shuangkong.web.monitoring.views.duty import here
from shuangkong.web.monitoring.words import ORDER_STATES, both, field_word, fields_said
from shuangkong.web.plans.tasks.framed import at_form, refused_status
from shuangkong.web.site.access import acting_of, needs, reached
from shuangkong.web.site.page import page
from shuangkong.web.site.scope import link
from shuangkong.web.site.tables import Cell, Column, Row, Table, text_cell
from shuangkong.web.site.words import spoken

#: Fields that a form asks for as a day and time, and how the protocol writes them.
_TIMES, _WIRE_TIME = frozenset({"SystemTime", "BeginTime", "EndTime"}), "%Y%m%d%H%M%S"
_MOST, _MOST_DEVICES, _MOST_WORDS = 200, 300, 5
#: Who tells the steps of an order that no person takes.
_MACHINE = "gateway"


@require_GET
@needs(Action.MONITORING_READ)
def board(request: HttpRequest) -> HttpResponse:
    """Orders of a place, or of one outlet, and the devices that take orders."""
    acting = acting_of(request)
    condition = orders.readable(acting) & here(request, "device__region__path")
    outlet = request.GET.get("outlet", "")
    of_outlet = outlet.isdecimal() and len(outlet) < 19
    if of_outlet:
        condition &= Q(outlet=int(outlet))
    count, under_way = orders.counts(condition)
    batch = batch_by(request, count, lambda start, end: orders.orders(condition, end - start, start), _MOST)
    rows = batch.some
    words = request.GET.get("words", "").strip()
    devices = _devices(request, int(outlet) if of_outlet else None, words)
    listed = list(devices[: _MOST_DEVICES + 1])
    context: dict[str, object] = {
        "devices": listed[:_MOST_DEVICES],
        "device_count": len(listed) if len(listed) <= _MOST_DEVICES else devices.count(),
        "words": words,
        "outlet": outlet if of_outlet else "",
        "open": under_way,
        "count": count,
        "batch": batch,
        "may_order": may(acting, Action.MONITORING_ORDER),
        "is_demo": Device.objects.filter(pk__in={each.device for each in rows}, region__is_fictional=True).exists(),
    }
    seen = readable(acting) & here(request, "region__path") & (Q(pk=int(outlet)) if of_outlet else Q())
    found = outlets(seen)
    lacking, is_up = asked(lambda: lacks(found[:MOST_LACKING]), list[Lack]())
    context |= {"is_up": is_up, "unseen": max(0, len(found) - MOST_LACKING), "looked_at": MOST_LACKING}
    tables = {"orders_table": orders_table(request, rows), "lacking_table": lacks_table(request, lacking, is_up=is_up)}
    return page(request, "monitoring/orders.html", context, tables)


@require_http_methods(["GET", "POST"])
@needs(Action.MONITORING_READ)
def new(request: HttpRequest, device_id: int) -> HttpResponse:
    """A command for one device: only those that its edition has, and none that the gateway gives by itself."""
    device = Device.objects.select_related("region", "enterprise").filter(pk=device_id).first()
    if device is None:
        raise Http404(device_id)
    reached(request, where_of(device), Action.MONITORING_READ, Action.MONITORING_ORDER)
    offered = offered_to(device)
    told_code = request.POST.get("command") or request.GET.get("command", "")
    chosen = next((each for each in offered if each.code == told_code), None)
    refusal = None
    if request.method == "POST":
        try:
            made = _order(request, device, chosen)
        except Refused as found:
            refusal = at_form(found)
        else:
            messages.success(request, _("已排入第 %(number)s 号命令，网关会按顺序下发。") % {"number": made})
            return redirect(link(request, "monitoring:order", made))
    context = {
        "device": device,
        "offered": [(each.code, command_word(each.code), each is chosen) for each in offered],
        "chosen": chosen,
        "name": command_word(chosen.code) if chosen else "",
        "fields": _fields(chosen, request) if chosen else (),
        "ground": request.POST.get("ground") or request.GET.get("ground", ""),
        "refusal": refusal,
        "speaks": device.kind in SPEAKS,
        "is_clock": chosen is not None and is_clock(chosen),
        "bounds": bounds_of(device, chosen) if chosen is not None else (),
    }
    return page(request, "monitoring/order_new.html", context, status=refused_status(refusal))


@require_GET
@needs(Action.MONITORING_READ)
def one(request: HttpRequest, order_id: int) -> HttpResponse:
    row = _order_row(request, order_id)
    context = {
        "row": row,
        "command": command_word(row.command),
        "state": ORDER_STATES[row.state],
        "at": moment(row.at),
        "fields": [(field_word(key), value) for key, value in row.fields.items()],
        "ground": both(row.ground) if row.is_automatic else row.ground,
        "answer": both(row.answer),
        "steps": [
            (
                moment(each.at),
                ORDER_STATES[each.state],
                both(each.text) if row.is_automatic or each.author == _MACHINE else each.text,
                each.author,
            )
            for each in orders.steps(row.id)
        ],
        "may_cancel": row.state is orders.State.QUEUED and may(acting_of(request), Action.MONITORING_ORDER, row.where),
    }
    return page(request, "monitoring/order.html", context)


@require_POST
@needs(Action.MONITORING_READ)
def cancel(request: HttpRequest, order_id: int) -> HttpResponse:
    """Takes back an order that was not sent."""
    row = _order_row(request, order_id)
    reached(request, row.where, Action.MONITORING_READ, Action.MONITORING_ORDER)
    try:
        orders.cancel(row.id, acting_of(request), request.POST.get("ground", ""))
    except Refused as refusal:
        shown = at_form(refusal)
        messages.error(request, f"{shown.code} {spoken(shown.message)}")
    else:
        messages.success(request, _("已撤销命令。"))
    return redirect(link(request, "monitoring:order", row.id))


def _order(request: HttpRequest, device: Device, chosen: Command | None) -> int:
    told = {}
    for name, _must in fields_of(chosen) if chosen else ():
        if name == "*-Info":
            code = request.POST.get("InfoCode", "").strip()
            if code:
                told[f"{code}-Info"] = request.POST.get("InfoValue", "").strip()
            continue
        text = request.POST.get(name, "").strip()
        if text:
            told[name] = _wire(text) if name in _TIMES else text
    return order(device, chosen.code if chosen else "", told, acting_of(request), request.POST.get("ground", ""))


def _wire(text: str) -> str:
    """A time of a form as the protocol writes it; what is none goes on as typed, and is refused by the check."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return text
    return found.strftime(_WIRE_TIME)


def _fields(chosen: Command, request: HttpRequest) -> list[dict[str, object]]:
    made: list[dict[str, object]] = []
    for name, must in fields_of(chosen):
        if name == "*-Info":
            pair = ("InfoCode", "InfoValue")
            typed = {key: request.POST.get(key, "") for key in pair}
            made += [
                {"key": key, "label": field_word(key), "sort": "text", "must": True, "value": text}
                for key, text in typed.items()
            ]
            continue
        sort = "datetime-local" if name in _TIMES else "password" if name == orders.NEW_PASSWORD else "text"
        value = request.POST.get(name) or request.GET.get(name, "")
        must = must and name != CLOCK
        made.append(
            {
                "key": name,
                "label": field_word(name),
                "sort": sort,
                "must": must,
                "value": "" if sort == "password" else value,
            }
        )
    return made  # fmt: skip


def _devices(request: HttpRequest, outlet: int | None, words: str) -> QuerySet[Device]:
    """Those in use that speak; ``words``: in the name, the number or the unit's name, all where empty."""
    seen = visible(acting_of(request), Action.MONITORING_READ, "region__path", "enterprise__body")
    rows = Device.objects.filter(seen, here(request, "region__path"), kind__in=SPEAKS).filter(
        Q(ends_on=None) | Q(ends_on__gte=timezone.localdate())
    )
    if outlet is not None:
        now = timezone.now()
        held = Connection.objects.filter(Q(ends_at=None) | Q(ends_at__gt=now), outlet=outlet, starts_at__lte=now)
        rows = rows.filter(pk__in=held.values("device"))
    for word in words.replace("\0", "").split()[:_MOST_WORDS]:
        rows = rows.filter(Q(name__icontains=word) | Q(mn__icontains=word) | Q(enterprise__name__icontains=word))
    return rows.select_related("enterprise").order_by("pk")


def _order_row(request: HttpRequest, number: int) -> OrderRow:
    """Raises Http404, also where the person may not see it."""
    row = next(iter(orders.orders(Q(pk=number))), None)
    if row is None:
        raise Http404(number)
    reached(request, row.where, Action.MONITORING_READ)
    return row


def orders_table(request: HttpRequest, rows: Iterable[OrderRow]) -> Table:
    columns = (
        Column("number", _("编号"), is_figure=True),
        Column("state", _("状态")),
        Column("command", _("命令")),
        Column("device", _("设备")),
        Column("outlet", _("排放口")),
        Column("fields", _("参数")),
        Column("ground", _("理由")),
        Column("who", _("下令人")),
        Column("at", _("时间")),
        Column("tries", _("下发次数"), is_figure=True),
        Column("answer", _("应答")),
    )
    made = tuple(
        Row(
            (
                Cell(str(each.id), each.id, link(request, "monitoring:order", each.id)),
                text_cell(str(ORDER_STATES[each.state])),
                text_cell(f"{each.command} {command_word(each.command)}"),
                text_cell(f"{each.device_name} {each.mn}"),
                text_cell(each.outlet_name),
                text_cell(fields_said(each.fields)),
                text_cell(both(each.ground) if each.is_automatic else each.ground),
                text_cell(_("自动") if each.is_automatic else each.author),
                text_cell(moment(each.at)),
                Cell(str(each.tries), each.tries),
                text_cell(both(each.answer)),
            )
        )
        for each in rows
    )
    empty = _("还没有命令。选一台设备下命令；缺数的补传也在这里。")
    return Table("orders", _("命令"), columns, made, empty)
