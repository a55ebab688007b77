"""登记: the doors of the gateway to what the database remembers: devices, points, orders, quarantine."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from itertools import groupby

from django.db import DatabaseError, DataError, InterfaceError, close_old_connections
from django.utils import timezone

from shuangkong.gateway.consuming.apart import Kept, Why
from shuangkong.gateway.consuming.arrivals import HOUR, ClockTold, LateTold
from shuangkong.gateway.consuming.device import Device, Spell, UnitSpell
from shuangkong.gateway.consuming.told import DeviceTold
from shuangkong.gateway.consuming.words import plain
from shuangkong.gateway.listening.orders import Order
from shuangkong.gateway.listening.profile import Book, Profile, book_of
from shuangkong.monitoring.validity.stations import SECTION
from shuangkong.protocols.hj212.check import VARIANTS
from shuangkong.protocols.hj212.exchanges import State
from shuangkong.protocols.hj212.sm4 import parse_key
from shuangkong.protocols.hj212.times import format_time
from shuangkong.records.monitoring import arrivals, keys, messages, orders, profiles, quarantine
from shuangkong.records.monitoring.late_meters import LatePoint, keep_late_meters
from shuangkong.records.monitoring.models import Connection, DeviceUnit
from shuangkong.records.refusal import Refused
from shuangkong.rulebook import open_rulebook

#: What passes by itself.
DOWN: tuple[type[Exception], ...] = (DatabaseError, InterfaceError)
_ANY = "any"
_A_DAY = timedelta(days=1)
#: Signs that columns of the quarantine take.
_MN, _FACTOR, _PEER, _TEXT = 40, 12, 60, 2_000
_KEY_DAYS = "monitoring/evidence/key_days"
_STATES: Mapping[State, orders.State] = {
    State.QUEUED: orders.State.QUEUED,
    State.SENT: orders.State.SENT,
    State.ACCEPTED: orders.State.ACCEPTED,
    State.RECEIVING: orders.State.ACCEPTED,
    State.DONE: orders.State.DONE,
    State.REFUSED: orders.State.REFUSED,
    State.FAILED: orders.State.FAILED,
    State.BROKEN_OFF: orders.State.FAILED,
    State.UNANSWERED: orders.State.SILENT,
    State.WITHDRAWN: orders.State.CANCELLED,
}


def _variants(check_value: str) -> frozenset[str]:
    return frozenset(VARIANTS) if check_value == _ANY else frozenset({check_value})


def _keys(profile: profiles.Profile) -> tuple[bytes, ...]:
    """Its own key first, then the next, which it may use already, and the one before."""
    told = map(parse_key, filter(None, (profile.key, profile.spare.following, profile.spare.before)))
    return tuple(key for key in told if key is not None) if profile.key else ()


class RegisteredProfiles:
    """Profiles from the register of devices; a ``listening.profile.ProfileSource``."""

    def stamp(self) -> object:
        close_old_connections()
        return profiles.version()

    def load(self) -> Book:
        close_old_connections()
        return book_of(
            [
                Profile(
                    mn=each.mn,
                    password=each.password,
                    keys=_keys(each),
                    next_key=parse_key(each.spare.following),
                    variants=_variants(each.check_value),
                    units=each.units,
                    encoding=each.encoding,
                    edition=each.edition,
                    system=each.system,
                )
                for each in profiles.snapshot().profiles.values()
            ]
        )


class RegisteredDevices:
    """Devices and points; a ``consuming.device.Registers``."""

    def stamp(self) -> object:
        close_old_connections()
        return profiles.version()

    def devices(self) -> Mapping[str, Device]:
        """Every device in use. 8 queries."""
        close_old_connections()
        rows = Connection.objects.order_by("device__mn", "starts_at")
        told = rows.values_list("device__mn", "outlet", "starts_at", "ends_at", "outlet__kind", "outlet__region")
        spells = {
            mn: tuple(
                Spell(outlet, _seconds(start), _seconds(end) if end else None, _every(kind, region))
                for _, outlet, start, end, kind, region in group
            )
            for mn, group in groupby(told, key=lambda row: row[0])
        }
        sent = DeviceUnit.objects.order_by("device", "starts_on")
        units = {
            device: tuple(_unit_spell(each) for each in group)
            for device, group in groupby(sent, key=lambda each: each.device_id)
        }
        return {
            mn: Device(
                id=each.device,
                mn=mn,
                units=each.units,
                spells=spells.get(mn, ()),
                meters=each.meters,
                keys=_keys(each),
                password=each.password,
                variants=_variants(each.check_value),
                unit_spells=units.get(each.device, ()),
            )
            for mn, each in profiles.snapshot().profiles.items()
        }

    def points(self, wanted: Sequence[tuple[int, str]]) -> Mapping[tuple[int, str], int]:
        close_old_connections()
        return {(outlet, factor): profiles.point_of(outlet, factor) for outlet, factor in wanted}


def _every(kind: str, region: str) -> int:
    """Of how many hours a reading is due there today."""
    if kind != SECTION:
        return 1
    book, today = open_rulebook(), timezone.localdate()
    return book.monitoring(book.layer_of(region, today)).rates(today).section_hours


class RegisteredQuarantine:
    """The register of what was kept apart; a ``consuming.apart.Desk``."""

    def tell(self, why: Why, kept: Kept) -> None:
        close_old_connections()
        sort = quarantine.QuarantineSort(why.sort.value)
        at = datetime.fromtimestamp(kept.at / 1e9, UTC)
        quarantine.tell(
            quarantine.Seen(
                mn=plain(why.mn, _MN), sort=sort, text=f"{plain(kept.zh, _TEXT)}\n{plain(kept.en, _TEXT)}", at=at,
                factor=plain(why.factor, _FACTOR), address=plain(kept.peer, _PEER),
                segment=kept.last.segment, offset=kept.last.offset, count=kept.count,
            )
        )  # fmt: skip


class RegisteredArrivals:
    """How clocks go and what came late; a ``consuming.arrivals.Notes``."""

    def clocks(self, told: Iterable[ClockTold]) -> None:
        close_old_connections()
        arrivals.keep_clocks(
            arrivals.ClockRow(
                each.device, "", _moment(each.hour), each.count, each.gap_s, each.low_s, each.high_s, *each.place
            )
            for each in told
        )

    def late(self, told: Iterable[LateTold], at: float) -> None:
        close_old_connections()
        spans = [(each, _moment(each.first * HOUR), _moment(each.last * HOUR)) for each in told]
        outlets = (arrivals.Late(each.outlet, *span) for each, *span in spans if not each.is_point)
        arrivals.keep_late(outlets, _moment(at))
        keep_late_meters((LatePoint(each.outlet, *span) for each, *span in spans if each.is_point), _moment(at))


class RegisteredMessages:
    """What devices tell beside readings; a ``consuming.told.MessageDesk``."""

    def keep(self, told: Iterable[DeviceTold]) -> None:
        """Raises ValueError too: a database takes no such thing, however often it is asked."""
        close_old_connections()
        rows = [
            messages.MessageRow(
                each.device, each.outlet, messages.Sort(each.sort.value), each.factor, each.name, each.text,
                _moment(each.at), _moment(each.received), each.key, each.segment, each.offset, each.count,
            )
            for each in told
        ]  # fmt: skip
        try:
            messages.keep_messages(rows)
        except DataError as fault:
            raise ValueError(str(fault)) from fault


class RegisteredOrders:
    """The queue of orders; a ``listening.orders.OrderSource`` and a ``consuming.supplement.Orders``."""

    down = DOWN

    def abandon(self, devices: Collection[str]) -> None:
        close_old_connections()
        for number in orders.under_way(_numbers(devices)):
            orders.step(
                number, orders.State.FAILED, "网关重启，命令中断。\nThe gateway began anew; the order broke off."
            )

    def waiting(self, devices: Collection[str]) -> Sequence[Order]:
        close_old_connections()
        return [Order(row.id, row.mn, row.command, row.fields) for row in orders.waiting(_numbers(devices))]

    def tell(self, number: int, state: State, text: str, *, is_try: bool) -> None:
        close_old_connections()
        orders.step(number, _STATES[state], text, is_try=is_try)
        if state is State.DONE:
            for row in orders.secrets_of(number):
                keys.confirm(*row)

    def renew(self) -> None:
        """See ``listening.orders.OrderSource``."""
        close_old_connections()
        days = int(open_rulebook().parameter(_KEY_DAYS, timezone.localdate()).number)
        keys.renew_due(timezone.now(), timedelta(days=days))

    def key_used(self, mn: str) -> None:
        """See ``listening.orders.OrderSource``."""
        close_old_connections()
        device = profiles.snapshot().profiles.get(mn)
        if device is not None:
            keys.confirm(device.device)

    def calibrate(self, mn: str) -> None:
        close_old_connections()
        device = profiles.snapshot().profiles.get(mn)
        if device is not None:
            self._queue(device.device, "1012", {}, "设备请求校时。\nThe device asks for the time.")

    def ask(self, device: int, command: str, first: datetime, last: datetime) -> None:
        """See ``consuming.supplement.Orders``."""
        close_old_connections()
        told = {"BeginTime": format_time(first), "EndTime": format_time(last)}
        self._queue(device, command, told, "数据有缺口，自动补数。\nPeriods lack; they are asked for by rule.")

    @staticmethod
    def _queue(device: int, command: str, fields: Mapping[str, str], ground: str) -> None:
        try:
            orders.queue_by_rule(device, command, fields, ground)
        except Refused:
            # The device was taken out of the register meanwhile: nobody is to be asked.
            return


def _numbers(devices: Collection[str]) -> set[int]:
    """The numbers of devices in use."""
    known = profiles.snapshot().profiles
    return {known[mn].device for mn in devices if mn in known}


def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def _seconds(moment: datetime) -> int:
    return int(moment.timestamp())


def _unit_spell(row: DeviceUnit) -> UnitSpell:
    """The last day included."""
    return UnitSpell(row.factor, row.unit, _day(row.starts_on), _day(row.ends_on + _A_DAY) if row.ends_on else None)


def _day(day: date) -> int:
    """When a day of the offices begins."""
    return _seconds(timezone.make_aware(datetime.combine(day, time.min)))
