"""监听进程: opens the listeners, looks after limits and profiles, tells how it is, and stops without a loss."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from time import time

from shuangkong.gateway.listening.config import BadConfig, Config
from shuangkong.gateway.listening.connection import Verdict
from shuangkong.gateway.listening.doors import Doors
from shuangkong.gateway.listening.gate import Gate
from shuangkong.gateway.listening.orders import OrderDesk
from shuangkong.gateway.listening.profile import Book, ProfileSource
from shuangkong.readings.evidence import Log

#: How often limits are looked after, how often profiles are looked at and the status is told, seconds.
SWEEP_SECONDS = 1.0
LOOK_SECONDS = 2.0
#: What devices may take to take their last answers when the gateway stops.
LEAVE_SECONDS = 3.0
_STATUS = "status.json"


class Server:
    """A gateway's listening process; ``run`` returns when it was told to stop."""

    def __init__(
        self,
        config: Config,
        folder: Path,
        profiles: ProfileSource,
        say: Callable[[str], None],
        desk_of: Callable[[Gate], OrderDesk] | None = None,
        config_again: Callable[[], Config] | None = None,
    ) -> None:
        """
        Args:
            config: see there.
            folder: of this gateway; the log lies in ``evidence`` below it, ``status.json`` beside that.
            profiles: of devices; asked again when their stamp changes, or on SIGHUP.
            say: a line for the operator.
            desk_of: what asks devices for something; none where nothing is asked of them.
            config_again: reads the configuration again on SIGHUP, may raise BadConfig; None: it stays as it is.
        """
        self.config, self.folder, self._config_again = config, folder, config_again
        self._profiles, self._say, self._desk_of = profiles, say, desk_of
        self._contexts = tuple(each.context() for each in config.listeners)
        self._stamp: object = object()
        self._stopped = asyncio.Event()
        self._look_now = asyncio.Event()
        self._told_fault = ""

    async def run(self, ready: Callable[[Server], None] = lambda _: None) -> None:
        """Listens until ``stop`` or SIGTERM or SIGINT; ``ready`` is called when all ports are open."""
        loop = asyncio.get_running_loop()
        log = Log(self.folder / "evidence", self.config.segment_bytes)
        if log.cut:
            self._say(f"GTW-101 截去未写完的报文 {log.cut} 字节。Cut {log.cut} bytes of records not wholly written.")
        self.gate = Gate(log, loop, self.config.limits, answers_unknown=self.config.answers_unknown)
        await self._look()
        self._hear_signals(loop)
        self._doors = Doors(self.gate)
        for listener, context in zip(self.config.listeners, self._contexts, strict=True):
            await self._doors.open(listener, context)
        tasks = [asyncio.create_task(self._sweep()), asyncio.create_task(self._look_on()), *self._order()]
        ready(self)
        await self._stopped.wait()
        await self._leave()
        for task in tasks:
            task.cancel()
        for end in await asyncio.gather(*tasks, return_exceptions=True):
            if isinstance(end, Exception):
                self._say(f"GTW-105 {type(end).__name__}: {end}")
        self.gate.committer.close()
        self._tell()
        log.close()

    @property
    def ports(self) -> tuple[int, ...]:
        """Those that are open, in the order of the configuration."""
        return self._doors.ports

    def _order(self) -> list[asyncio.Task[None]]:
        if self._desk_of is None:
            return []
        desk = self._desk_of(self.gate)
        self.gate.listener = desk
        return [asyncio.create_task(desk.run())]

    def _hear_signals(self, loop: asyncio.AbstractEventLoop) -> None:
        with suppress(NotImplementedError, RuntimeError, ValueError):
            for each in (signal.SIGTERM, signal.SIGINT):
                loop.add_signal_handler(each, self.stop)
            loop.add_signal_handler(signal.SIGHUP, self.reload)

    def stop(self) -> None:
        """Stops: lets nobody in, answers what is durable, ends."""
        self._stopped.set()

    def reload(self) -> None:
        """Looks at profiles, certificates and the configuration now; no connection is dropped."""
        self._stamp = object()
        self._look_now.set()
        for fault in self._doors.renew_certificates():
            self._say(fault)
        if self._config_again is not None:
            self._taking = asyncio.get_running_loop().create_task(self._take_config(self._config_again))

    async def _take_config(self, again: Callable[[], Config]) -> None:
        try:
            now = again()
        except BadConfig as fault:
            self._say(f"{fault} 沿用原有的配置。The old configuration stays in force.")
            return
        told = await self._doors.take(self.config, now)
        self.config = now
        for line in (*told.faults, told.line()):
            self._say(line)

    async def _leave(self) -> None:
        self.gate.is_stopping = True
        self._doors.close()
        for line in list(self.gate.connections):
            line.pause()
        loop = asyncio.get_running_loop()
        end = loop.time() + LEAVE_SECONDS
        while self.gate.committer.waiting and not self.gate.committer.fault and loop.time() < end:
            await asyncio.sleep(0.01)
        for line in list(self.gate.connections):
            line.leave()
        while (self.gate.connections or self.gate.committer.waiting) and loop.time() < end:
            if self.gate.committer.fault:
                break
            await asyncio.sleep(0.01)

    async def _sweep(self) -> None:
        while True:
            await asyncio.sleep(SWEEP_SECONDS)
            self.gate.sweep()
            self._tell_fault()

    def _tell_fault(self) -> None:
        fault = self.gate.committer.fault
        if fault and not self._told_fault:
            self._say(
                f"GTW-102 日志写不下去：{fault}。停止接收，不应答；腾出空间后自行恢复。"
                f" The log cannot grow: {fault}. Nothing is received or answered until it can."
            )
        if self._told_fault and not fault:
            self._say("GTW-103 日志恢复写入。The log grows again.")
        self._told_fault = fault

    async def _look_on(self) -> None:
        while True:
            self._tell()
            with suppress(TimeoutError):
                await asyncio.wait_for(self._look_now.wait(), LOOK_SECONDS)
            self._look_now.clear()
            await self._look()

    async def _look(self) -> None:
        """Takes new profiles where they have changed; those that cannot be read leave the old ones in force."""
        loop = asyncio.get_running_loop()
        try:
            stamp, book = await loop.run_in_executor(None, self._changed_book)
        except (OSError, ValueError, RuntimeError) as fault:
            self._say(
                f"GTW-104 设备档案读不了，沿用原有的：{fault} Profiles cannot be read; the old ones stay in force."
            )
            return
        if book is not None:
            self._stamp = stamp
            self.gate.take_book(book)

    def _changed_book(self) -> tuple[object, Book | None]:
        stamp = self._profiles.stamp()
        return stamp, None if stamp == self._stamp else self._profiles.load()

    def status(self) -> dict[str, object]:
        """How the gateway is, for pages and for the operator."""
        gate, committer = self.gate, self.gate.committer
        return {
            "at": time(),
            "pid": os.getpid(),
            "ports": list(self.ports),
            "connections": len(gate.connections),
            "devices_online": sorted(mn.decode("utf-8", "replace") for mn in gate.lines),
            "devices_known": len(gate.book),
            "frames": {each.name.lower(): gate.verdicts[each] for each in Verdict},
            "answered": committer.answered,
            "groups": committer.groups,
            "waiting_bytes": committer.waiting,
            "paused": len(gate.paused),
            "ended": dict(gate.ended),
            "ended_lately": [each._asdict() for each in gate.ended_lately],
            "log_end": list(committer.end),
            "refuses": committer.fault,
            "is_stopping": gate.is_stopping,
        }

    def _tell(self) -> None:
        path = self.folder / _STATUS
        beside = path.with_suffix(".new")
        # A full disk must not end the gateway.
        with suppress(OSError):
            beside.write_text(json.dumps(self.status(), ensure_ascii=False), encoding="utf-8")
            beside.replace(path)


def run_server(server_of: Callable[[], Server], ready: Callable[[Server], None]) -> None:
    """Runs a server in a loop of its own: uvloop's where there is one."""
    with asyncio.Runner(loop_factory=_loop_factory()) as runner:
        runner.run(_run(server_of, ready))


async def _run(server_of: Callable[[], Server], ready: Callable[[Server], None]) -> None:
    await server_of().run(ready)


def _loop_factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    if sys.platform == "win32":
        return None
    try:
        import uvloop
    except ImportError:
        return None
    made: Callable[[], asyncio.AbstractEventLoop] = uvloop.new_event_loop
    return made
