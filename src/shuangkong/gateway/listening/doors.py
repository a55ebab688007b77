"""开着的监听: opens and closes listeners while connections stay, and tells what a new configuration changed."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from functools import partial

from shuangkong.gateway.listening.config import BadConfig, Config, Listener
from shuangkong.gateway.listening.connection import Connection
from shuangkong.gateway.listening.gate import Gate
from shuangkong.gateway.listening.limits import Limits

#: Connections that may wait to be accepted.
BACKLOG = 4_096
#: An address that was just closed may be held for a moment: how often it is tried, and after how many seconds again.
_TRIES, _TRY_SECONDS = 10, 0.1


@dataclass(frozen=True, slots=True)
class Door:
    """One listener that is open, on ``port``; ``seconds``: that securing a connection may take."""

    listener: Listener
    context: ssl.SSLContext | None
    seconds: float
    server: asyncio.Server
    port: int


@dataclass(slots=True)
class Changed:
    """What a new configuration changed: names of limits, names of listeners, and why what could not be taken was not.

    Attributes:
        waiting: settings that are in force after a restart.
    """

    limits: list[str] = field(default_factory=list)
    opened: list[str] = field(default_factory=list)
    closed: list[str] = field(default_factory=list)
    waiting: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def line(self) -> str:
        """For the operator, both languages."""
        parts = (
            ("限额", "limits", self.limits), ("新开监听", "now listening", self.opened),
            ("不再监听（已有的连接不断）", "no longer listening (connections stay)", self.closed),
            ("重启后才生效", "in force after a restart", self.waiting),
        )  # fmt: skip
        told = [(zh, en, ", ".join(names)) for zh, en, names in parts if names]
        zh = "；".join(f"{zh}：{names}" for zh, _, names in told) or "没有改动"
        en = "; ".join(f"{en}: {names}" for _, en, names in told) or "nothing changed"
        return f"GTW-107 配置已重读。{zh}。Configuration read again. {en}."


class Doors:
    """The listeners of a gateway, those of the configuration in force in its order."""

    def __init__(self, gate: Gate) -> None:
        self._gate = gate
        self._open: dict[Listener, Door] = {}
        self._turn = asyncio.Lock()

    @property
    def ports(self) -> tuple[int, ...]:
        return tuple(door.port for door in self._open.values())

    async def open(self, listener: Listener, context: ssl.SSLContext | None, tries: int = 1) -> None:
        """Listens there. Its number in the evidence is the next one: none is given twice. Raises OSError."""
        gate = self._gate
        number, gate.listener_names = len(gate.listener_names), (*gate.listener_names, listener.name)
        made = partial(Connection, gate, number, is_secured=context is not None)
        seconds, loop = gate.limits.handshake_seconds, asyncio.get_running_loop()
        for left in reversed(range(tries)):
            try:
                server = await loop.create_server(
                    made, listener.host, listener.port, ssl=context, backlog=BACKLOG,
                    ssl_handshake_timeout=None if context is None else seconds,
                )  # fmt: skip
                break
            except OSError:
                if not left:
                    raise
                await asyncio.sleep(_TRY_SECONDS)
        self._open[listener] = Door(listener, context, seconds, server, server.sockets[0].getsockname()[1])

    def close(self) -> None:
        """Lets nobody in any more; who is in stays."""
        for door in self._open.values():
            door.server.close()

    def renew_certificates(self) -> list[str]:
        """Reads the certificates of all listeners again; why some could not be: those keep the old one."""
        faults = []
        for each, door in self._open.items():
            if door.context is not None and each.certificate is not None:
                try:
                    door.context.load_cert_chain(each.certificate, each.key)
                except OSError as fault:
                    faults.append(
                        f"GTW-108 监听“{each.name}”的证书读不了，沿用原有的：{fault}"
                        f" Listener {each.name}: its certificate cannot be read; the old one stays in force."
                    )
        return faults

    async def take(self, before: Config, now: Config) -> Changed:
        """Brings limits and listeners to a new configuration; no connection is dropped.

        A listener that cannot be opened is told and lacks; all others are as the configuration says.
        """
        async with self._turn:
            told = Changed(limits=_differing(before.limits, now.limits))
            gate = self._gate
            gate.limits, gate.answers_unknown = now.limits, now.answers_unknown
            if before.answers_unknown != now.answers_unknown:
                told.limits.append("answers_unknown")
            for line in gate.connections:
                line.take_limits()
            if before.segment_bytes != now.segment_bytes:
                told.waiting.append("segment_bytes")
            if "handshake_seconds" in told.limits and any(
                each in self._open for each in now.listeners if each.certificate
            ):
                # Of a listener that is open it cannot be set.
                told.waiting.append("handshake_seconds")
            await self._listen(now.listeners, told)
            return told

    async def _listen(self, wanted: Sequence[Listener], told: Changed) -> None:
        fresh, kept = list[tuple[Listener, ssl.SSLContext | None]](), set[tuple[str, int]]()
        for listener in wanted:
            if listener not in self._open:
                try:
                    fresh.append((listener, listener.context()))
                except BadConfig as fault:
                    told.faults.append(str(fault))
                    # Whose new certificate cannot be used keeps its door as it was.
                    kept.add((listener.host, listener.port))
        for listener in [each for each in self._open if each not in wanted]:
            if (listener.host, listener.port) not in kept:
                self._open.pop(listener).server.close()
                told.closed.append(listener.name)
        for listener, context in fresh:
            try:
                await self.open(listener, context, _TRIES)
            except OSError as fault:
                told.faults.append(
                    f"GTW-109 监听“{listener.name}”开不了：{fault.strerror or fault}。其余的照常。"
                    f" Cannot listen at {listener.name}: {fault.strerror or fault}. The others go on."
                )
            else:
                told.opened.append(listener.name)
        self._open = {each: self._open[each] for each in (*wanted, *self._open) if each in self._open}


def _differing(before: Limits, now: Limits) -> list[str]:
    names = (each.name for each in fields(Limits))
    return [name for name in names if getattr(before, name) != getattr(now, name)]
