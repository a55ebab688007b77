"""反控: sends orders to devices, one at a time each, follows what they answer, tells how it went.

The states of an exchange are the protocol's (``exchanges``); here are the line, the clock and the queue. An order waits
in its queue until its device speaks; one that was under way when a gateway ended is told as failed once its
device speaks to another, never sent twice.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from shuangkong.gateway.listening.deciphering import opened
from shuangkong.gateway.listening.head import Head
from shuangkong.gateway.listening.profile import Profile
from shuangkong.gateway.listening.writing import TIME_WANTED, OrderWriter
from shuangkong.protocols.hj212.codes import Codes, Link
from shuangkong.protocols.hj212.exchanges import Act, Event, Exchange, State, event_of, step
from shuangkong.protocols.hj212.frame import Found
from shuangkong.protocols.hj212.message import Message, read

if TYPE_CHECKING:
    from shuangkong.gateway.listening.connection import Connection
    from shuangkong.gateway.listening.gate import Gate

#: How often the queue is looked at, seconds.
POLL_SECONDS = 1.0
#: How often keys are looked at, seconds.
RENEW_SECONDS = 60.0
_TOLD = 500
#: The command that tells a device its key.
KEY_ORDER = "cipher_key"
_CLEAR = "设备没有用密钥加密，不能下发新密钥。The device does not encipher; a key is never told in clear."


@dataclass(frozen=True, slots=True)
class Order:
    """One order: its number, the device's, the command code, and what stands in its fields."""

    number: int
    mn: str
    command: str
    fields: Mapping[str, str] = field(default_factory=dict)


class OrderSource(Protocol):
    """The queue of orders. Its methods may wait for a database; they are called one at a time, not in the loop."""

    #: What passes by itself: the database is busy or away.
    down: tuple[type[Exception], ...]

    def abandon(self, devices: Collection[str]) -> None:
        """Orders of these devices that a gateway left under way are told as failed."""
        ...

    def waiting(self, devices: Collection[str]) -> Sequence[Order]:
        """Orders to be sent to these devices, at most one of each."""
        ...

    def tell(self, number: int, state: State, text: str, *, is_try: bool) -> None:
        """What became of one; ``is_try``: it was sent."""
        ...

    def calibrate(self, mn: str) -> None:
        """A device asks for the time: an order to set its clock is queued."""
        ...

    def renew(self) -> None:
        """Keys whose life ends soon are renewed: orders that tell the new ones are queued."""
        ...

    def key_used(self, mn: str) -> None:
        """A device uses the key that it was told, whatever became of the order."""
        ...


@dataclass(slots=True)
class UnderWay:
    """An order that was sent."""

    order: Order
    exchange: Exchange
    frame: bytes
    said: list[str] = field(default_factory=list)


class OrderDesk:
    """Orders of one gateway; a ``gate.FrameListener``."""

    def __init__(self, gate: Gate, source: OrderSource, codes: Codes, now: Callable[[], datetime]) -> None:
        """
        Args:
            now: the offices' clock, without a zone, as devices write times.
        """
        self._gate, self._source, self._codes = gate, source, codes
        self._writer = OrderWriter(codes, now)
        self._under_way: dict[bytes, UnderWay] = {}
        self._calls: list[tuple[Callable[..., object], tuple[object, ...], dict[str, object]]] = []
        self._thread = ThreadPoolExecutor(1, "orders")
        self._renewed = float("-inf")
        self._shown: set[bytes] = set()
        #: Devices whose line was here when they were last looked at.
        self._met: set[str] = set()

    async def run(self) -> None:
        """Looks at the queue again and again; ends when it is cancelled."""
        try:
            while True:
                with suppress(*self._source.down):
                    await self._tell_all()
                    await self._abandon()
                    await self._renew()
                    if here := self._here():
                        for order in await self._away(self._source.waiting, here):
                            self._send(order)
                self._look_at_clock()
                await asyncio.sleep(POLL_SECONDS)
        finally:
            self._thread.shutdown(wait=False, cancel_futures=True)

    async def _away[T](self, what: Callable[..., T], *words: object, **more: object) -> T:
        from functools import partial

        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._thread, partial(what, *words, **more))

    def _here(self) -> set[str]:
        """Devices that an order could go out to now."""
        return {mn.decode("utf-8", "replace") for mn in self._gate.lines if mn not in self._under_way}

    async def _abandon(self) -> None:
        """What is under way, not by us, to a device whose line is ours: who sent it does not hear the answer.

        Called when all is told: an order of ours that is over is not taken for one that was left.
        """
        self._met &= {mn.decode("utf-8", "replace") for mn in self._gate.lines}
        if fresh := self._here() - self._met:
            await self._away(self._source.abandon, fresh)
            self._met |= fresh

    async def _renew(self) -> None:
        if self._gate.now() - self._renewed >= RENEW_SECONDS:
            await self._away(self._source.renew)
            self._renewed = self._gate.now()

    def _call(self, what: Callable[..., object], *words: object, **more: object) -> None:
        """Has something told to the queue, in its turn; what a fault interrupts is told again."""
        self._calls.append((what, words, more))

    async def _tell_all(self) -> None:
        while self._calls:
            what, words, more = self._calls[0]
            await self._away(what, *words, **more)
            self._calls.pop(0)

    def _send(self, order: Order) -> None:
        mn = order.mn.encode()
        line, profile = self._gate.lines.get(mn), self._gate.book.get(mn)
        if line is None or profile is None or line.head is None or mn in self._under_way:
            return None
        command = self._codes.commands.get(order.command)
        if command is None:
            return self._call(self._source.tell, order.number, State.FAILED, order.command, is_try=False)
        if command.word == KEY_ORDER and not self._writer.enciphers(command, profile, line.head):
            # A key is never told in clear.
            return self._call(self._source.tell, order.number, State.FAILED, _CLEAR, is_try=False)
        qn, frame = self._writer.write(command, order.fields, profile, line.head)
        held = self._under_way[mn] = UnderWay(order, Exchange(command.word, qn, _link(self._codes)), frame)
        return self._happen(mn, held, Event.SEND)

    def heard(self, line: Connection, found: Found, head: Head) -> None:
        """See ``gate.FrameListener``."""
        if head.cn == TIME_WANTED:
            self._call(self._source.calibrate, head.mn.decode("utf-8", "replace"))
        profile = self._gate.book.get(head.mn)
        if profile is not None and profile.next_key is not None:
            self._look_at_key(found, head, profile)
        held = self._under_way.get(head.mn)
        if held is None:
            return
        clear = found if profile is None else opened(found, profile.keys) or found
        message = read(clear.body, self._codes)
        told = event_of(message, held.exchange, self._codes)
        if told is not None:
            event, result = told
            if event is Event.DATA and not message.period:
                held.said.append(_area(message))
            self._happen(head.mn, held, event, result)

    def _look_at_key(self, found: Found, head: Head, profile: Profile) -> None:
        """Whether only the key that a device was told opens its frame: then it has taken it."""
        key = profile.next_key
        if key is None or key in self._shown or opened(found, profile.keys[:1]) is not None:
            return
        if opened(found, (key,)) is not None:
            self._shown.add(key)
            self._call(self._source.key_used, head.mn.decode("utf-8", "replace"))

    def appeared(self, line: Connection, mn: bytes) -> None:
        """See ``gate.FrameListener``; what waits for the device goes out with the next look at the queue."""

    def _look_at_clock(self) -> None:
        now = self._gate.now()
        for mn, held in list(self._under_way.items()):
            if held.exchange.due_at is not None and now >= held.exchange.due_at:
                self._happen(mn, held, Event.TIMEOUT)

    def _happen(self, mn: bytes, held: UnderWay, event: Event, result: str = "") -> None:
        before = held.exchange
        held.exchange, acts = step(before, event, self._gate.now(), result)
        is_sent = False
        if Act.SEND_ORDER in acts:
            line = self._gate.lines.get(mn)
            is_sent = line is not None and line.send(held.frame)
        if held.exchange.state is not before.state or Act.SEND_ORDER in acts:
            text = self._text(held)
            self._call(self._source.tell, held.order.number, held.exchange.state, text, is_try=is_sent)
        if held.exchange.is_over:
            self._under_way.pop(mn, None)

    def _text(self, held: UnderWay) -> str:
        exchange = held.exchange
        lists = {State.REFUSED: self._codes.request_results}.get(exchange.state, self._codes.execution_results)
        known = lists.get(exchange.result) if exchange.is_over else None
        count = exchange.packets
        zh = [known.zh if known else exchange.result, f"数据 {count} 包" if count else "", *held.said]
        en = [known.en if known else exchange.result, f"packets of data: {count}" if count else "", *held.said]
        said = "；".join(filter(None, zh))[:_TOLD]
        return f"{said}\n{'; '.join(filter(None, en))[:_TOLD]}" if known or count else said


def _link(codes: Codes) -> Link:
    """How long an answer is waited for, how often an order goes out again: by the standard's first kind of link."""
    return next(iter(codes.links.values()))


def _area(message: Message) -> str:
    return ",".join(f"{name}={value}" for name, value in message.cp)
