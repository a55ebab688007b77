"""下命令: which commands a device takes, and one of them checked and queued; for the desk and for programmes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from django.utils import timezone

from shuangkong.core.dated import DatedValue
from shuangkong.core.horizon import is_near
from shuangkong.protocols.hj212.codes import Command, Edition
from shuangkong.protocols.hj212.orders import check_order, fields_of
from shuangkong.protocols.hj212.orders import orders as orders_of
from shuangkong.protocols.hj212.times import format_time, parse_time
from shuangkong.records.monitoring import orders
from shuangkong.records.monitoring.models import Device
from shuangkong.records.people.access import Where
from shuangkong.records.people.acting import Acting
from shuangkong.records.refusal import Refused
from shuangkong.rulebook import open_rulebook
from shuangkong.web.monitoring.codes import codes
from shuangkong.web.monitoring.words import field_word

#: Kinds of devices that speak the protocol of these commands.
SPEAKS = frozenset({"logger", "analyser"})
#: The field of the order that sets a clock.
CLOCK = "SystemTime"
#: Fields that say of which time data are asked for.
_SPAN = ("BeginTime", "EndTime")
#: The readings store counts its seconds from here.
_EPOCH = datetime.fromtimestamp(0, UTC)
#: A clock of somebody's own may go so far ahead of ours.
_AHEAD = timedelta(minutes=10)
#: Fields that a device obeys from then on → what they may be at most, by policy.
_MOST = {
    "OverTime": "monitoring/evidence/device_wait_seconds",
    "ReCount": "monitoring/evidence/device_resends",
}


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
        Refused: the device has no such command, or its fields are not as they must be: times of which there are no
            data, a wait longer than policy allows.
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
    _require_known_times(told)
    _require_bounded(device, told)
    return orders.queue(device.pk, chosen.code, told, by, ground)


def bounds_of(device: Device, command: Command) -> tuple[tuple[str, str, str, bool], ...]:
    """Fields of a command that policy bounds: name, the most, by which clause, whether that was compared with it."""
    held = [(name, _bound(device, name)) for name, _must in fields_of(command) if name in _MOST]
    return tuple(
        (field_word(name), f"{most.number:f}", f"{most.source} {most.at}", most.is_verified) for name, most in held
    )


def _bound(device: Device, name: str) -> DatedValue:
    book, today = open_rulebook(), timezone.localdate()
    return book.parameter(_MOST[name], today, book.layer_of(device.region_id, today))


def _require_bounded(device: Device, told: Mapping[str, str]) -> None:
    for name in _MOST:
        if name in told and int(told[name]) > (most := _bound(device, name)).number:
            raise Refused(
                "MON-195",
                f"{name}：应不超过 {most.number:f}，填的是 {told[name]}（{most.source} {most.at}）。请改小。",
                f"{name}: expected {most.number:f} at most, found {told[name]} ({most.source}). Give a smaller one.",
                name,
            )


def _require_known_times(told: Mapping[str, str]) -> None:
    """Refuses to ask for data of the future, or of a time that no readings are kept of."""
    now = timezone.now()
    for name in _SPAN:
        time = parse_time(told.get(name, ""))
        if time is None:
            continue
        at = timezone.make_aware(time)
        if at > now + _AHEAD or at < _EPOCH or not is_near(at.date(), timezone.localdate()):
            raise Refused(
                "MON-194",
                f"{name}：{time:%Y-%m-%d %H:%M:%S} 没有数据可取，应在 {_EPOCH:%Y-%m-%d} 之后、现在之前。改正后再下。",
                f"{name}: there are no data of {time:%Y-%m-%d %H:%M:%S}; expected a time after {_EPOCH:%Y-%m-%d} and"
                " not in the future. Correct it and send it then.",
                name,
            )
    clock = parse_time(told.get(CLOCK, ""))
    if clock is not None and not is_near(clock.date(), timezone.localdate()):
        raise Refused(
            "MON-196",
            f"{CLOCK}：{clock:%Y-%m-%d} 离现在太远。留空则按命令发出的那一刻校准。",
            f"{CLOCK}: {clock:%Y-%m-%d} is too far off. Left empty, it is set to the moment at which the order goes.",
            CLOCK,
        )


def where_of(device: Device) -> Where:
    """Where a device is, and whose body it is."""
    body = device.enterprise.body_id if device.enterprise else None
    return Where(device.region.path, frozenset({body}) if body is not None else frozenset())
