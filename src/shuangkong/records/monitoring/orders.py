"""向设备下的命令: queued by a person or by a rule, taken by the gateway, told back step by step."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from django.db import transaction
from django.db.models import Count, Min, Q
from django.utils import timezone

from shuangkong.records.journal import store as journal
from shuangkong.records.monitoring.models import Connection, Device, DeviceOrder, DeviceOrderEvent, RegisterEvent
from shuangkong.records.monitoring.secrets import opened, sealed
from shuangkong.records.people.access import Where, require, visible
from shuangkong.records.people.acting import Acting
from shuangkong.records.people.roles import Action, Role
from shuangkong.records.refusal import Refused

#: Who acts where no person does.
RULES = "rules"
#: The field of a command that changes the password of a device.
NEW_PASSWORD = "NewPW"
#: That which tells a device its new key.
NEW_KEY = "NewSK"
_SECRETS = frozenset({NEW_PASSWORD, NEW_KEY})
_RULES = Acting(RULES, Role.PUBLIC)
_MOST = 500


class State(StrEnum):
    """How an order stands."""

    QUEUED = "queued"  # 待下发
    SENT = "sent"  # 已下发
    ACCEPTED = "accepted"  # 设备已应答
    DONE = "done"  # 执行完成
    REFUSED = "refused"  # 设备拒绝
    FAILED = "failed"  # 执行失败
    SILENT = "silent"  # 无应答
    CANCELLED = "cancelled"  # 已撤销
    EXPIRED = "expired"  # 过期作废


_UNDER_WAY = frozenset({State.SENT, State.ACCEPTED})
OPEN = _UNDER_WAY | {State.QUEUED}


@dataclass(frozen=True, slots=True)
class OrderRow:
    """One order as it stands."""

    id: int
    device: int
    mn: str
    device_name: str
    outlet: int | None
    outlet_name: str
    command: str
    fields: Mapping[str, str]
    ground: str
    is_automatic: bool
    state: State
    tries: int
    author: str
    at: datetime
    ended_at: datetime | None
    answer: str
    journal: int
    where: Where


@dataclass(frozen=True, slots=True)
class OrderStep:
    """What happened to an order."""

    state: State
    text: str
    author: str
    at: datetime


def queue(device: int, command: str, fields: Mapping[str, str], by: Acting, ground: str) -> int:
    """Queues a command and returns its number; which commands fit a device is the desk's question. ~8 queries.

    Raises:
        Refused: no such device, or no ground.
        Forbidden: the person orders nothing there.
    """
    if not ground.strip():
        raise Refused("MON-160", "请写明为什么下这道命令。", "Say why it is ordered.", "ground")
    return _queue(device, command, fields, ground.strip(), by)


def queue_by_rule(device: int, command: str, fields: Mapping[str, str], ground: str) -> int:
    """A supplement of a gap or a time calibration that a rule asks for. The same that still waits is not doubled."""
    held = DeviceOrder.objects.filter(device=device, command=command, fields=_kept(fields), state__in=OPEN)
    found = held.values_list("pk", flat=True).first()
    return found if found is not None else _queue(device, command, fields, ground, None)


def cancel(number: int, by: Acting, ground: str) -> None:
    """Takes back an order that was not sent. ~6 queries. Raises Refused, Forbidden."""
    with transaction.atomic():
        row = (
            DeviceOrder.objects.select_related("device__region")
            .select_for_update(of=("self",))
            .filter(pk=number)
            .first()
        )
        if row is None:
            raise Refused("MON-161", f"没有第 {number} 号命令。", f"There is no order {number}.")
        require(by, Action.MONITORING_ORDER, _where(row.device))
        if row.state != State.QUEUED:
            raise Refused("MON-162", "命令已下发，不能撤销。", "It has been sent: it cannot be taken back.")
        written = by.act("monitoring.cancel", f"order/{number}", ground=ground.strip())
        journal.append(replace(written, place=row.device.region.path))
        take_step(row, State.CANCELLED, ground.strip(), by.author)


def waiting(devices: Collection[int] | None = None) -> tuple[OrderRow, ...]:
    """What the gateway has to send, the oldest first: one order of a device at a time is under way. 2 queries.

    Args:
        devices: those that can be reached; what waits for others takes no place. None: all.
    """
    busy = DeviceOrder.objects.filter(state__in=_UNDER_WAY).values("device")
    queued = DeviceOrder.objects.filter(state=State.QUEUED).exclude(device__in=busy).order_by()
    firsts = queued.values("device").annotate(first=Min("pk")).values_list("device", "first")
    numbers = sorted(first for device, first in firsts if devices is None or device in devices)
    return _rows(DeviceOrder.objects.filter(pk__in=numbers[:_MOST]).order_by("pk"), is_secret_told=True)


def under_way(devices: Collection[int]) -> tuple[int, ...]:
    """Orders of devices that were sent and are not over. 1 query."""
    found = DeviceOrder.objects.filter(state__in=_UNDER_WAY).order_by("pk").values_list("pk", "device")
    return tuple(number for number, device in found if device in devices)


def step(number: int, state: State, text: str = "", *, is_try: bool = False) -> None:
    """What the gateway tells of an order; one that is over stays as it is. ~3 queries."""
    with transaction.atomic():
        row = DeviceOrder.objects.select_for_update().filter(pk=number, state__in=OPEN).first()
        if row is not None:
            row.tries += is_try
            take_step(row, state, text, "gateway")
            secret = _open(row.fields).get(NEW_PASSWORD)
            if state is State.DONE and secret:
                # The device answers to the new one from now on.
                Device.objects.filter(pk=row.device_id).update(password=sealed(secret))
                RegisterEvent.objects.create(
                    register="devices", row=row.device_id, kind="revise", after=json.dumps({"password": "…"}),
                    ground=row.ground, author=row.author, at=timezone.now(), journal=row.journal,
                )  # fmt: skip


def secrets_of(number: int) -> tuple[tuple[int, str], ...]:
    """The device of an order and the new key that it tells; none where it tells no key. 1 query."""
    row = DeviceOrder.objects.filter(pk=number).first()
    key = _open(row.fields).get(NEW_KEY, "") if row is not None else ""
    return ((row.device_id, key),) if row is not None and key else ()


def orders(condition: Q, most: int = _MOST, start: int = 0) -> tuple[OrderRow, ...]:
    """Those that meet a condition, the newest first, from the ``start``-th on. 1 query."""
    return _rows(DeviceOrder.objects.filter(condition).order_by("-pk")[start : start + most])


def counts(condition: Q) -> tuple[int, int]:
    """How many orders meet a condition, and how many of these are not over. 1 query."""
    told = DeviceOrder.objects.filter(condition).aggregate(all=Count("pk"), open=Count("pk", filter=Q(state__in=OPEN)))
    return told["all"], told["open"]


def steps(number: int) -> tuple[OrderStep, ...]:
    """What happened to one, the oldest first. 1 query."""
    found = DeviceOrderEvent.objects.filter(order=number).order_by("pk")
    return tuple(OrderStep(State(each.state), each.text, each.author, each.at) for each in found)


def readable(by: Acting) -> Q:
    """The condition that a person may see an order."""
    return visible(by, Action.MONITORING_READ, "device__region__path", "device__enterprise__body")


def _queue(device: int, command: str, fields: Mapping[str, str], ground: str, by: Acting | None) -> int:
    with transaction.atomic():
        held = Device.objects.select_related("region", "enterprise").filter(pk=device).first()
        if held is None:
            raise Refused("MON-163", f"没有第 {device} 号设备。", f"There is no device {device}.", "device")
        acting = by or _RULES
        if by is not None:
            require(by, Action.MONITORING_ORDER, _where(held))
        now = timezone.now()
        connected = Connection.objects.filter(Q(ends_at=None) | Q(ends_at__gt=now), device=held, starts_at__lte=now)
        made = DeviceOrder(
            device=held, outlet_id=connected.values_list("outlet", flat=True).first(), command=command,
            fields=_kept(fields), ground=ground, is_automatic=by is None, state=State.QUEUED, author=acting.author,
            at=now, journal=0,
        )  # fmt: skip
        written = acting.act(
            "monitoring.order",
            f"devices/{device}",
            ground=ground,
            after={"command": command, "fields": _unsaid(fields)},
        )
        made.journal = journal.append(replace(written, place=held.region.path))
        made.save()
        DeviceOrderEvent.objects.create(order=made, state=State.QUEUED, text=ground, author=acting.author, at=now)
    return int(made.pk)


def take_step(row: DeviceOrder, state: State, text: str, author: str) -> None:
    """An order comes to a state; within a transaction, the row locked. 2 queries."""
    now = timezone.now()
    row.state, row.answer = state, text or row.answer
    if state not in OPEN:
        row.ended_at = now
    row.save()
    DeviceOrderEvent.objects.create(order=row, state=state, text=text, author=author, at=now)


def _rows(found: Iterable[DeviceOrder], *, is_secret_told: bool = False) -> tuple[OrderRow, ...]:
    related = ("device__region", "device__enterprise", "outlet")
    rows = found.select_related(*related) if hasattr(found, "select_related") else found
    return tuple(
        OrderRow(
            id=each.pk, device=each.device_id, mn=each.device.mn, device_name=each.device.name, outlet=each.outlet_id,
            outlet_name=each.outlet.name if each.outlet else "", command=each.command,
            fields=_open(each.fields) if is_secret_told else _unsaid(json.loads(each.fields)),
            ground=each.ground, is_automatic=each.is_automatic, state=State(each.state), tries=each.tries,
            author=each.author, at=each.at, ended_at=each.ended_at, answer=each.answer, journal=each.journal,
            where=_where(each.device),
        )
        for each in rows
    )  # fmt: skip


def _where(device: Device) -> Where:
    body = device.enterprise.body_id if device.enterprise else None
    return Where(device.region.path, frozenset({body}) if body is not None else frozenset())


def _kept(fields: Mapping[str, str]) -> str:
    """As the table keeps them: secrets encrypted."""
    told = {key: (sealed(text) or b"").decode() if key in _SECRETS else text for key, text in fields.items()}
    return json.dumps(told, ensure_ascii=False, sort_keys=True)


def _open(text: str) -> dict[str, str]:
    """The way back, with what is secret."""
    return {key: opened(told.encode()) if key in _SECRETS else told for key, told in json.loads(text).items()}


def _unsaid(fields: Mapping[str, str]) -> dict[str, str]:
    """Fields for the journal: a new password or key is not said."""
    return {key: "…" if key in _SECRETS else value for key, value in fields.items()}
