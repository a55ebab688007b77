"""在线监测: outlets as they stand, their readings, alarms, orders and quarantine."""

from __future__ import annotations

from typing import Annotated, Any

from django.db.models import Q
from django.http import Http404, HttpRequest
from django.utils import timezone

from shuangkong.monitoring.alarms.life import Act, State
from shuangkong.monitoring.reading import Media
from shuangkong.readings.columns import Kind
from shuangkong.readings.wire.client import StoreDown, StoreRefused
from shuangkong.records.monitoring import alarm_counts, alarms, key_dischargers, orders, quarantine
from shuangkong.records.monitoring.models import Device, Point
from shuangkong.records.monitoring.quarantine import Decision
from shuangkong.records.people.access import Where, may, require
from shuangkong.records.people.roles import Action
from shuangkong.records.refusal import Refused
from shuangkong.records.registry.tree import path_of
from shuangkong.web.api.identity import caller, reached
from shuangkong.web.api.operations.monitoring_shapes import (
    AlarmActTold,
    AlarmDetail,
    Alarms,
    DeviceOrders,
    Moment,
    OrderTold,
    OutletStates,
    Page,
    PublicationTold,
    Quarantined,
    QuarantineTold,
    Readings,
    WhyTold,
)
from shuangkong.web.api.room import Done, Made, Room
from shuangkong.web.api.values import Number, listed
from shuangkong.web.monitoring.flows import FLOWS
from shuangkong.web.monitoring.live import outlets, readable, standings
from shuangkong.web.monitoring.ordering import order, where_of
from shuangkong.web.monitoring.series import page_end, series
from shuangkong.web.monitoring.views.outlet import outlet_or_404
from shuangkong.web.monitoring.views.quarantine import seen_by

room = Room(tags=["monitoring"])
_LONGEST_DAYS, _ALARMS_A_PAGE, _ORDERS_A_PAGE = 400, 500, 500
_MORE = "只给到 %(until)s；其余以它为 start 再取。Up to %(until)s: ask again with that as start for the rest."


@room.reads("/monitoring/outlets", Action.MONITORING_READ, OutletStates)
def list_outlet_states(request: HttpRequest) -> Any:
    """各排放口和站点现在的状态；is_up 为读数库是否应答。"""
    found, is_up = standings(outlets(readable(caller(request))))
    items = [
        {
            "id": each.outlet.pk, "name": each.outlet.name, "code": each.outlet.code, "kind": each.outlet.kind,
            "unit": each.outlet.enterprise.name if each.outlet.enterprise else "", "region": each.outlet.region_id,
            "state": each.state, "at": each.at, "open_alarms": each.open_alarms, "mn": each.mn,
            "latest": {factor: value.value for factor, value in each.latest.items()},
        }
        for each in found
    ]  # fmt: skip
    return {"items": items, "is_up": is_up}


@room.reads("/monitoring/outlets/{outlet_id}/readings", Action.MONITORING_READ, Readings)
def get_outlet_readings(
    request: HttpRequest, outlet_id: Number, kind: Annotated[Kind, listed(Kind)], start: Moment,
    end: Moment,
) -> Any:  # fmt: skip
    """一个排放口一段时间的读数；每个数带标记、报文的位置和来源：设备报的，还是设备没报由本系统自算的。

    一次最多给实时 2 小时、分钟 12 小时、小时 31 天、日 400 天；更长的，以 next 为 start 接着取，直到 next 为空。
    """
    found = outlet_or_404(request, outlet_id)
    if not start < end or (end - start).days > _LONGEST_DAYS:
        raise Refused(
            "MON-210", "结束应晚于开始，不超过 400 天。", "The end is after the start, within 400 days.", "end"
        )
    rows = list(Point.objects.select_related("outlet").filter(outlet=found))
    points = {0: FLOWS[Media.GAS]} | {each.pk: each.factor for each in rows}
    try:
        until = page_end(kind, start, end)
        told = series(found, rows, kind, None, start, until)
    except (StoreDown, StoreRefused) as fault:
        raise Refused(
            "MON-211", "读数库没有应答。请稍后再试。", "The store does not answer: try again later."
        ) from fault
    names = ("at", "stat", "value", "flag", "mark", "segment", "offset", "source")
    items = [
        {"factor": points[each.point], "sent": each.as_sent if each.brought is not None else None}
        | {name: getattr(each, name) for name in names}
        for each in told
    ]
    more = until if until < end else None
    note = _MORE % {"until": timezone.localtime(until).isoformat()} if more else ""
    return {"items": items, "until": until, "next": more, "note": note}


@room.reads("/monitoring/alarms", Action.MONITORING_READ, Alarms)
def list_monitoring_alarms(
    request: HttpRequest, outlet: Number | None = None, is_open: bool = True, page: Page = 1
) -> Any:
    """报警，新的在前；is_open 只列未办结的。一页最多 500 件；count 是总数，以 next 为 page 接着取，直到 next 为空。"""
    condition = alarms.readable(caller(request))
    condition &= ~Q(state=State.CLOSED) if is_open else Q()
    condition &= Q() if outlet is None else Q(outlet=outlet)
    count, start = alarm_counts.count(condition), (page - 1) * _ALARMS_A_PAGE
    found = alarms.alarms(condition, _ALARMS_A_PAGE, start)
    return {
        "items": [_alarm(each) for each in found],
        "count": count,
        "next": page + 1 if start + len(found) < count and found else None,
    }


@room.reads("/monitoring/alarms/{alarm_id}", Action.MONITORING_READ, AlarmDetail)
def get_monitoring_alarm(request: HttpRequest, alarm_id: Number) -> Any:
    """一件报警和它的经过。"""
    found = _found_alarm(request, alarm_id)
    names = ("act", "cause", "receiver", "text", "author", "at", "journal")
    steps = [{name: getattr(each, name) for name in names} for each in alarms.steps(alarm_id)]
    return _alarm(found) | {"steps": steps}


@room.does("/monitoring/alarms/{alarm_id}/acts", Action.MONITORING_READ, Done)
def act_on_alarm(request: HttpRequest, alarm_id: Number, told: AlarmActTold) -> Any:
    """说明、退回、审核、升级、降级、办结、重新办理、移交。"""
    found = _found_alarm(request, alarm_id)
    require(caller(request), alarms.need(Act(told.act), found.where), found.where)
    alarms.take_step(alarm_id, Act(told.act), caller(request), told.text, told.cause, told.receiver)
    return Done()


@room.reads("/monitoring/orders", Action.MONITORING_READ, DeviceOrders)
def list_device_orders(request: HttpRequest, page: Page = 1) -> Any:
    """向设备下的命令，新的在前，每页至多 500 道。"""
    names = ("id", "mn", "outlet", "command", "fields", "ground", "is_automatic", "state", "tries", "author", "at",
             "ended_at", "answer")  # fmt: skip
    condition, start = orders.readable(caller(request)), (page - 1) * _ORDERS_A_PAGE
    count, under_way = orders.counts(condition)
    rows = orders.orders(condition, _ORDERS_A_PAGE, start)
    return {
        "items": [{name: getattr(each, name) for name in names} for each in rows],
        "count": count,
        "open": under_way,
        "next": page + 1 if start + len(rows) < count and rows else None,
    }


@room.does("/monitoring/devices/{device_id}/orders", Action.MONITORING_READ, Made)
def order_device(request: HttpRequest, device_id: Number, told: OrderTold) -> Any:
    """向一台设备下一道命令。"""
    device = Device.objects.select_related("region", "enterprise").filter(pk=device_id).first()
    where = where_of(device) if device else None
    reached(request, where, Action.MONITORING_READ, Action.MONITORING_ORDER)
    assert device is not None
    return {"id": order(device, told.command, told.fields, caller(request), told.ground)}


@room.does("/monitoring/orders/{order_id}/cancel", Action.MONITORING_READ, Done)
def cancel_device_order(request: HttpRequest, order_id: Number, told: WhyTold) -> Any:
    """撤销还没有下发的命令。"""
    row = next(iter(orders.orders(Q(pk=order_id))), None)
    reached(request, row.where if row else None, Action.MONITORING_READ, Action.MONITORING_ORDER)
    orders.cancel(order_id, caller(request), told.ground)
    return Done()


@room.reads("/monitoring/quarantine", Action.MONITORING_SIFT, Quarantined)
def list_quarantine(request: HttpRequest) -> Any:
    """隔离的数据，最近的在前。"""
    names = ("id", "mn", "sort", "factor", "text", "address", "first_at", "last_at", "count", "decision")
    rows = seen_by(caller(request)).order_by("-last_at")[:2_000]
    return {"items": [{name: getattr(each, name) for name in names} for each in rows]}


@room.does("/monitoring/quarantine/{quarantine_id}", Action.MONITORING_SIFT, Done)
def decide_quarantine(request: HttpRequest, quarantine_id: Number, told: QuarantineTold) -> Any:
    """处置一项隔离的数据。"""
    if not seen_by(caller(request)).filter(pk=quarantine_id).exists():
        raise Http404
    quarantine.decide(quarantine_id, Decision(told.decision), caller(request), told.ground)
    return Done()


@room.does("/monitoring/key-discharger-lists", Action.MONITORING_PUBLISH, Made)
def publish_key_dischargers(request: HttpRequest, told: PublicationTold) -> Any:
    """记录一年的重点排污单位名录已公布。"""
    where = Where(path_of(told.region)) if told.region else None
    reached(request, where, Action.MONITORING_READ, Action.MONITORING_PUBLISH)
    year, on = str(told.year), told.on.isoformat()
    return {"id": key_dischargers.publish(told.region, year, on, told.document, caller(request))}


def _found_alarm(request: HttpRequest, number: int) -> alarms.AlarmRow:
    """Raises Http404, also where the caller may not see it."""
    found = alarms.alarm(number)
    if found is None or not may(caller(request), Action.MONITORING_READ, found.where):
        raise Http404
    return found


def _alarm(each: alarms.AlarmRow) -> dict[str, Any]:
    names = ("id", "outlet", "outlet_name", "unit_name", "region", "factor", "rule", "period", "level", "starts_at",
             "ends_at", "peak", "limit", "unit", "multiple", "segment", "offset", "state",
             "cause", "due_at")  # fmt: skip
    return {name: getattr(each, name) for name in names} | {"zh": each.text.zh, "en": each.text.en}
