"""下命令: which commands a device takes, and one of them checked and queued; for the desk and for programmes."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils import timezone

from shuangkong.protocols.hj212.codes import Command, Edition
from shuangkong.protocols.hj212.orders import check_order, fields_of
from shuangkong.protocols.hj212.orders import orders as orders_of
from shuangkong.protocols.hj212.times import format_time
from shuangkong.records.monitoring import orders
from shuangkong.records.monitoring.models import Device
from shuangkong.records.people.access import Where
from shuangkong.records.people.acting import Acting
from shuangkong.records.refusal import Refused
from shuangkong.web.monitoring.codes import codes

#: Kinds of devices that speak the protocol of these commands.
SPEAKS = frozenset({"logger", "analyser"})
#: The field of the order that sets a clock.
CLOCK = "SystemTime"


def is_clock(command: Command) -> bool:
    """Whether a command sets a clock."""
    return command.from_host == "request" and any(name == CLOCK for name, _must in fields_of(command))


def clock_command() -> str:
    """The code of the command that sets a device's clock."""
    return codes().cn("set_field_time")


def offered_to(device: Device) -> tuple[Command, ...]:
    """Commands that a device's edition has; where the edition is as sent, those that every edition has."""
    if device.kind not in SPEAKS:
        return ()
    known = codes()
    if device.edition in set(Edition):
        return orders_of(known, Edition(device.edition))
    return tuple(each for each in orders_of(known, Edition.V2017) if set(each.editions) == set(Edition))


def order(device: Device, code: str, told: Mapping[str, str], by: Acting, ground: str) -> int:
    """Queues a command and returns its number.

    Raises:
        Refused: the device has no such command, or its fields are not as they must be.
        Forbidden: the person orders nothing there.
    """
    chosen = next((each for each in offered_to(device) if each.code == code), None)
    if chosen is None:
        raise Refused("MON-190", "请选择这台设备支持的命令。", "Choose a command that the device has.", "command")
    # A clock is set to the time at which the order goes out: a time that somebody typed would be late.
    now = {CLOCK: format_time(timezone.localtime().replace(tzinfo=None))} if is_clock(chosen) else {}
    found = next(check_order(chosen, now | dict(told)), None)
    if found is not None:
        raise Refused(found.code, found.message.zh, found.message.en, "fields")
    return orders.queue(device.pk, chosen.code, told, by, ground)


def where_of(device: Device) -> Where:
    """Where a device is, and whose body it is."""
    body = device.enterprise.body_id if device.enterprise else None
    return Where(device.region.path, frozenset({body}) if body is not None else frozenset())
