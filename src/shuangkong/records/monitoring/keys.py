"""密钥更换: keys of devices are renewed before their life ends; the old one opens what was under way, then no more.

A new key is made here, told to the device by an order of the gateway (1014, enciphered with the old one), and is the
device's own once it says that it took it, or once a frame comes that only the new one opens. An order that failed is
given again, with the same new key: a device that took it though its answer was lost knows it.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from shuangkong.core.finding import Message
from shuangkong.protocols.hj212.sm4 import GROUP, Key, KeyRing, key_order, parse_key
from shuangkong.records.journal import store as journal
from shuangkong.records.monitoring.alarm_rules import Raised, raise_alarms
from shuangkong.records.monitoring.key_models import KeyRenewal
from shuangkong.records.monitoring.models import Connection, Device, DeviceOrder, RegisterEvent
from shuangkong.records.monitoring.orders import NEW_KEY, OPEN, RULES, queue_by_rule
from shuangkong.records.monitoring.secrets import opened, sealed
from shuangkong.records.people.acting import Acting
from shuangkong.records.people.roles import Role

#: A renewal begins so long before the end of a life; the key before opens frames so long after it was renewed; an order
#: that failed is given again after so long; so many devices are begun with at a time.
AHEAD, OVERLAP, AGAIN, MOST = timedelta(days=7), timedelta(days=10), timedelta(hours=1), 50
#: The rule of the alarm for a key that is past its life.
RULE = "key_life"
_COMMAND, _EDITION = "1014", "v2025"
_RULES = Acting(RULES, Role.PUBLIC)


@dataclass(frozen=True, slots=True)
class Spare:
    """Keys of a device beside its own, in hexadecimal digits: the next, told to it and not confirmed; the one before.

    "" where there is none.
    """

    following: str = field(default="", repr=False)
    before: str = field(default="", repr=False)


def spare_keys(now: datetime) -> Mapping[int, Spare]:
    """Device → its keys beside its own. 1 query."""
    rows = KeyRenewal.objects.filter(Q(confirmed_at=None) | Q(confirmed_at__gt=now - OVERLAP)).order_by("pk")
    found: dict[int, Spare] = {}
    for row in rows:
        held = found.get(row.device_id, Spare())
        if row.confirmed_at is None:
            found[row.device_id] = replace(held, following=opened(row.key))
        else:
            found[row.device_id] = replace(held, before=opened(row.before))
    return found


@dataclass(frozen=True, slots=True)
class HeldKey:
    """A key that a device has or had; ``made_at`` None: it was registered, not made here.

    ``confirmed_at`` None: of one that was made here, the device has not said yet that it uses it.
    """

    secret: bytes = field(repr=False)
    made_at: datetime | None
    confirmed_at: datetime | None


def held_keys(mn: str) -> tuple[HeldKey, ...]:
    """All keys by which frames of a number may have been enciphered, the newest first. 2 queries."""
    renewals = KeyRenewal.objects.filter(device__mn=mn).order_by("-pk")
    own = Device.objects.filter(mn=mn).order_by("-pk").values_list("key", flat=True)
    told: list[tuple[str, datetime | None, datetime | None]] = [
        *((opened(row.key), row.made_at, row.confirmed_at) for row in renewals),
        *((opened(kept), None, None) for kept in (*own, *(row.before for row in renewals))),
    ]
    found: dict[bytes, HeldKey] = {}
    for text, made_at, confirmed_at in told:
        secret = parse_key(text)
        if secret is not None:
            found.setdefault(secret, HeldKey(secret, made_at, confirmed_at))
    return tuple(found.values())


def renew_due(now: datetime, life: timedelta) -> int:
    """Orders new keys where they are due, and tells of keys past their life; how many orders were queued.

    2 queries, and ~15 for each device that something is done for.
    """
    count = 0
    renewals = {row.device_id: row for row in KeyRenewal.objects.select_related("order").order_by("pk")}
    late: list[Raised] = []
    for device in _enciphering(now):
        row = renewals.get(device.pk)
        ring = KeyRing(_own(device, row))
        if ring.has_run_out(now, life) and (raised := _late(device, ring, now, life)):
            late.append(raised)
        if count >= MOST:
            continue
        if row is not None and row.confirmed_at is None:
            count += _again(row, now)
        elif ring.is_due(now, life, AHEAD):
            count += _begin(device, now)
    raise_alarms(late)
    return count


def confirm(device: int, told: str = "") -> bool:
    """A device uses the key that was made for it; ``told``: the key that its order told, "" where a frame showed it.

    False where none waits to be confirmed, or another. ~6 queries.
    """
    with transaction.atomic():
        row = KeyRenewal.objects.select_for_update().filter(device=device, confirmed_at=None).first()
        if row is None or (told and told != opened(row.key)):
            return False
        held = Device.objects.select_related("region").get(pk=device)
        row.before, row.confirmed_at = held.key, timezone.now()
        row.save(update_fields=("before", "confirmed_at"))
        Device.objects.filter(pk=device).update(key=row.key)
        _note(held, "设备已启用新密钥。The device uses its new key.", row)
    return True


def _enciphering(now: datetime) -> list[Device]:
    """Devices in use that have a key, and an edition that renews it."""
    day = timezone.localtime(now).date()
    held = Q(starts_on__lte=day) & (Q(ends_on=None) | Q(ends_on__gte=day))
    return list(Device.objects.select_related("region").filter(held, edition=_EDITION).exclude(key=None).order_by("pk"))


def _own(device: Device, row: KeyRenewal | None) -> tuple[Key, ...]:
    """Its own key with the time it was made: known of one that was made here."""
    secret = parse_key(opened(device.key))
    if secret is None:
        return ()
    made_at = None
    if row is not None:
        own = row if row.confirmed_at else KeyRenewal.objects.filter(device=device).exclude(confirmed_at=None).last()
        made_at = own.made_at if own is not None and parse_key(opened(own.key)) == secret else None
    return (Key(secret, made_at),)


def _begin(device: Device, now: datetime) -> int:
    with transaction.atomic():
        made_at = now.replace(microsecond=0)
        secret = secrets.token_bytes(GROUP).hex().upper()
        kept = sealed(secret)
        assert kept is not None
        row = KeyRenewal.objects.create(device=device, key=kept, made_at=made_at)
        _order(row)
        _note(device, "到期更换密钥。The key is renewed before its life ends.", row)
    return 1


def _again(row: KeyRenewal, now: datetime) -> int:
    """Gives an order that failed again, after a while."""
    order = row.order
    if order is not None and (order.state in OPEN or (order.ended_at is not None and now < order.ended_at + AGAIN)):
        return 0
    with transaction.atomic():
        _order(row)
    return 1


def _order(row: KeyRenewal) -> None:
    secret = parse_key(opened(row.key))
    assert secret is not None
    made_at = timezone.localtime(row.made_at).replace(tzinfo=None)
    fields = dict(key_order(Key(secret, made_at))[0]) | {NEW_KEY: opened(row.key)}
    number = queue_by_rule(row.device_id, _COMMAND, fields, "密钥到期前更换。The key is renewed before its life ends.")
    KeyRenewal.objects.filter(pk=row.pk).update(order=DeviceOrder.objects.get(pk=number))


def _note(device: Device, ground: str, row: KeyRenewal) -> None:
    """Says it in the journal and in the device's history: whoever keeps profiles takes them anew."""
    written = _RULES.act("monitoring.rekey", f"devices/{device.pk}", ground=ground)
    number = journal.append(replace(written, place=device.region.path))
    RegisterEvent.objects.create(
        register="devices", row=device.pk, kind="revise", after=json.dumps({"key": "…"}), ground=ground, author=RULES,
        at=timezone.now(), journal=number,
    )  # fmt: skip
    KeyRenewal.objects.filter(pk=row.pk).update(journal=number)


def _late(device: Device, ring: KeyRing, now: datetime, life: timedelta) -> Raised | None:
    made_at = ring.current.made_at if ring.current is not None else None
    connected = Connection.objects.filter(Q(ends_at=None) | Q(ends_at__gt=now), device=device, starts_at__lte=now)
    outlet = connected.values_list("outlet", flat=True).first()
    if made_at is None or outlet is None:
        return None
    since = timezone.localtime(made_at).date()
    return Raised(
        outlet=outlet, rule=RULE, key=f"{RULE}/{device.pk}/{made_at:%Y%m%d%H%M%S}", starts_at=made_at + life,
        ends_at=now,
        text=Message(
            f"设备 {device.mn} 的密钥自 {since} 使用至今，超过 {life.days} 天，新密钥还没有换上。"
            "数据照常接收。请看对设备的命令为什么没有完成。",
            f"The key of device {device.mn} has been used since {since}, more than {life.days} days, and is not"
            " renewed. Its data are taken as before. See why the orders to the device fail.",
        ),
    )  # fmt: skip
