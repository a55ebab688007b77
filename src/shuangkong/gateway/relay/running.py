"""转发运行: frames go to every platform above that the site's pages say, started or stopped there, sent anew.

What the pages say is read anew each round, so that an act holds within seconds. Each platform has a file of its own and
goes at its own pace.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, replace
from datetime import UTC, datetime, time
from functools import partial
from pathlib import Path
from time import time as seconds_now
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone

from shuangkong.gateway.collector.apart import apart
from shuangkong.gateway.consuming.device import Device
from shuangkong.gateway.registered import DOWN, RegisteredDevices
from shuangkong.gateway.relay.outbox import Outbox, Standing
from shuangkong.gateway.relay.plan import RelayPlan
from shuangkong.gateway.relay.sending import Sender
from shuangkong.gateway.relay.taking import Sorting, begin, behind, order_again, take
from shuangkong.gateway.uplink.running import with_site
from shuangkong.monitoring.wire_codes import hj212_codes
from shuangkong.protocols.hj212.codes import Edition
from shuangkong.protocols.hj212.sm4 import CipherForm, parse_key
from shuangkong.readings.evidence import Evidence
from shuangkong.records.monitoring.secrets import opened
from shuangkong.records.monitoring.uploads.higher_fields import AS_SENT, CLEAR, Kind
from shuangkong.records.monitoring.uploads.higher_states import platform_on, platforms_on, set_done, waiting_orders
from shuangkong.records.monitoring.uploads.models import HigherPlatform
from shuangkong.records.monitoring.uploads.relaying import (
    DeviceSeen,
    LineSeen,
    keep_line,
    keep_relay_states,
    relayed_outlets,
)
from shuangkong.rulebook import open_rulebook

#: How long one round sends at the most, and the rest after one that left nothing, seconds.
ROUND, REST = 5.0, 2.0
#: Of frames put aside that a page shows of a device.
MOST_REFUSED = 10
#: For how long a frame is known again when its device sends it once more: longer than data are asked for.
REMEMBER_DAYS = 60
_PORT = 8212


class Relay:
    """What goes to one platform above; open while it is started."""

    def __init__(self, number: int, folder: Path, log: Path, clock: Callable[[], float] = seconds_now) -> None:
        """
        Args:
            number: of the platform.
            folder: where the files of platforms lie.
            log: the folder of the gateway's evidence.
            clock: seconds since the epoch.
        """
        rulebook = open_rulebook()
        self.number, self._clock = number, clock
        self._zone, self._codes = ZoneInfo(settings.TIME_ZONE), hj212_codes(rulebook.folder)
        self.outbox, self._evidence = Outbox(folder / str(number) / "relay.db"), Evidence(log)
        self.sender = Sender(self.outbox, self._codes, clock)
        self._registers = RegisteredDevices()
        self._stamp: object = None
        self._devices: Mapping[str, Device] = {}
        self._units: Mapping[int, int | None] = {}
        self._set_by: int | None = None
        self._plan: RelayPlan | None = None
        self._states: dict[str, DeviceSeen] = {}
        self._forgot: int = 0

    def round(self, seconds: float = ROUND) -> bool:
        """Reads on, sends, keeps how it stands, once; False where the platform is not started."""
        platform = platform_on(self.number, Kind.FRAMES)
        if platform is None:
            return False
        begin(self.outbox, self._evidence)
        plan, sorting = self._look(platform)
        self._take(platform, plan, sorting)
        keys = {mn: each.keys[0] for mn, each in self._devices.items() if each.keys} if plan.cipher else {}
        self.sender.work(plan, keys, seconds)
        self._tell()
        return True

    @property
    def is_waiting(self) -> bool:
        """Whether something may go at once."""
        return not self.sender.reason and bool(self.outbox.due(self._clock(), 1))

    def _look(self, platform: HigherPlatform) -> tuple[RelayPlan, Sorting]:
        """The settings and the registers of now."""
        stamp = self._registers.stamp()
        if self._plan is None or stamp != self._stamp or platform.journal != self._set_by:
            before, is_first = self._devices, self._stamp is None
            self._devices, self._units = self._registers.devices(), relayed_outlets(platform)
            plan = replace(plan_of(platform), outlets=frozenset(self._units))
            if platform.journal != self._set_by:
                self.sender.try_now()
                self.outbox.try_now()
            for mn in self.outbox.held():
                if mn in self._devices and (is_first or self._devices[mn] != before.get(mn)):
                    self.outbox.read_again(mn)
            self._plan, self._stamp, self._set_by = plan, stamp, platform.journal
        return self._plan, Sorting(self._devices, self._units, self._codes, self._zone, DOWN)

    def _take(self, platform: HigherPlatform, plan: RelayPlan, sorting: Sorting) -> None:
        today = timezone.localdate()
        orders = {each.pk: each for each in waiting_orders(platform.pk)}
        known = {each.id for each in self.outbox.passes()}
        for number, order in orders.items():
            if number not in known:
                since = timezone.make_aware(datetime.combine(order.since, time())).timestamp()
                order_again(self.outbox, number, int(since), order.enterprise_id)
        for ended in take(self.outbox, self._evidence, plan, sorting, today):
            if ended.order in orders:
                set_done(orders[ended.order], ended.frames)
            self.outbox.end_pass(ended.order)
        if self._forgot != today.toordinal():
            self.outbox.forget_before(today.toordinal() - REMEMBER_DAYS)
            self._forgot = today.toordinal()

    def _tell(self) -> None:
        """What pages show of it."""
        seen = {each.mn: _seen(each) for each in self.outbox.standings(MOST_REFUSED)}
        keep_relay_states(self.number, (each for mn, each in seen.items() if self._states.get(mn) != each))
        self._states = seen
        unread, received = behind(self.outbox, self._evidence)
        read_at = datetime.fromtimestamp(received / 1e9, UTC) if received else None
        keep_line(self.number, LineSeen(self.sender.is_connected, self.sender.reason, read_at, unread))

    def close(self) -> None:
        """Ends the line and closes the files."""
        self.sender.hang_up()
        self.outbox.close()
        self._evidence.close()


async def relay_configured(folder: Path, log: Path, tell: Callable[[str], None]) -> None:
    """Relays to every platform that is started, until cancelled; ``tell`` is told of lines that do not stand."""
    running: dict[int, asyncio.Task[None]] = {}
    async with asyncio.TaskGroup() as tasks:
        while True:
            found: list[int] = []
            await apart(partial(with_site, partial(_note_started, found), tell), "relays")
            for number in found:
                if number not in running or running[number].done():
                    running[number] = tasks.create_task(_keep_on(number, folder, log, tell))
            await asyncio.sleep(ROUND)


def line_of(name: str, reason: str) -> str:
    """What is said of a platform that frames do not go to."""
    return (
        f"UPL-011 报文转不到{name}：{reason}。过后再试，报文都在日志里。Frames do not go there now; tried again later."
    )


def plan_of(platform: HigherPlatform) -> RelayPlan:
    """The settings as the sending knows them, outlets apart."""
    at = urlsplit(platform.register_url)
    return RelayPlan(
        at.hostname or "", at.port or _PORT, frozenset(),
        is_tls=at.scheme == "tls",
        ca=platform.ca,
        password=opened(platform.token),
        edition=None if platform.edition == AS_SENT else Edition(platform.edition),
        cipher=None if platform.cipher == CLEAR else CipherForm(platform.cipher),
        key=parse_key(opened(platform.key)) or b"",
        aliases=dict(each.split("=", 1) for each in platform.aliases.split()),
        per_minute=platform.per_minute,
        wait_s=platform.wait_s,
        resends=platform.resends,
    )  # fmt: skip


def _seen(each: Standing) -> DeviceSeen:
    refused: list[dict[str, object]] = [{"cn": cn, "time": at, "reason": reason} for cn, at, reason in each.refused]
    if each.overlong is not None:
        refused.append(asdict(each.overlong))
    at = datetime.fromtimestamp(each.accepted_at, UTC) if each.accepted else None
    told = json.dumps(refused, ensure_ascii=False) if refused else ""
    return DeviceSeen(each.mn, each.device, each.accepted, each.owed, each.aside, told, at)


def _note_started(found: list[int]) -> None:
    found.extend(each.pk for each in platforms_on(Kind.FRAMES))


async def _keep_on(number: int, folder: Path, log: Path, tell: Callable[[str], None]) -> None:
    held: list[Relay] = []
    is_on, said = True, ""

    def work() -> None:
        nonlocal is_on, said
        if not held:
            held.append(Relay(number, folder, log))
        is_on = held[0].round()
        reason = held[0].sender.reason
        if reason and reason != said:
            tell(line_of(f"第 {number} 号上级平台", reason))
        said = reason

    try:
        while is_on:
            await apart(partial(with_site, work, tell), f"relay {number}")
            if not (held and held[0].is_waiting):
                await asyncio.sleep(REST)
    finally:
        if not is_on:
            for each in held:
                each.close()
