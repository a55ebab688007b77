"""One line: a station on a socket that sends, waits for answers, sends again, and obeys."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from time import perf_counter

from shuangkong.gateway.simulated.counts import Counts
from shuangkong.monitoring.simulated.answering import Station
from shuangkong.protocols.hj212.codes import Codes
from shuangkong.protocols.hj212.frame import Finder, Found
from shuangkong.protocols.hj212.message import read
from shuangkong.protocols.hj212.sm4 import Key, open_found

#: Seconds before a line that broke is tried again: first, and at most.
AGAIN_S, AGAIN_MOST_S = 1.0, 60.0
_ANSWERS = ("data_answer", "notice_answer")


@dataclass(frozen=True, slots=True)
class Address:
    """Where the gateway listens."""

    host: str
    port: int


@dataclass(slots=True)
class _Awaited:
    """Frames that wait for one answer."""

    frame: bytes
    since: float
    tries: int = 0


class Line:
    """The line of one station.

    Args:
        window: frames that may wait for an answer at once; 0: as many as there are (open loop).
        clock: the station's own time now.
        is_cut: frames are written in two pieces, as a poor modem does.
    """

    def __init__(
        self,
        station: Station,
        codes: Codes,
        counts: Counts,
        clock: Callable[[], datetime],
        *,
        window: int = 0,
        is_cut: bool = False,
    ) -> None:
        self.station = station
        self._codes, self._counts, self._clock = codes, counts, clock
        self._window, self._is_cut = window, is_cut
        self._awaited: dict[str, _Awaited] = {}
        self._answers = frozenset(codes.cn(word) for word in _ANSWERS)
        self._writer: asyncio.StreamWriter | None = None
        self._room = asyncio.Condition()

    @property
    def waiting(self) -> int:
        """Frames that wait for an answer."""
        return len(self._awaited)

    async def run(self, address: Address, source: AsyncIterator[list[bytes]]) -> None:
        """Connects and sends what ``source`` gives until it ends and every answer has come or was given up.

        A line that breaks is made anew, and what was not answered is sent again over it.
        """
        pause, sending = AGAIN_S, asyncio.ensure_future(self._send_all(source))
        try:
            while not sending.done() or self._awaited:
                try:
                    reader, self._writer = await asyncio.open_connection(address.host, address.port)
                except OSError:
                    await asyncio.sleep(pause)
                    pause = min(2 * pause, AGAIN_MOST_S)
                    continue
                pause = AGAIN_S
                await self._stand(reader, sending)
        finally:
            sending.cancel()
            with suppress(asyncio.CancelledError):
                await sending
            await self._hang_up()

    async def _stand(self, reader: asyncio.StreamReader, sending: asyncio.Future[None]) -> None:
        """Serves one connection until it breaks or all is done."""
        self._counts.connected += 1
        reading, again = asyncio.ensure_future(self._listen(reader)), asyncio.ensure_future(self._send_again())
        done = asyncio.ensure_future(self._all_done(sending))
        try:
            for awaited in list(self._awaited.values()):
                await self._write(awaited.frame)
            await asyncio.wait((reading, again, done), return_when=asyncio.FIRST_COMPLETED)
        except OSError:
            pass
        finally:
            self._counts.connected -= 1
            self._counts.lost += not done.done()
            for task in (reading, again, done):
                task.cancel()
            await asyncio.gather(reading, again, done, return_exceptions=True)
            await self._hang_up()

    async def _all_done(self, sending: asyncio.Future[None]) -> None:
        await asyncio.wait((sending,))
        async with self._room:
            await self._room.wait_for(lambda: not self._awaited)

    async def _hang_up(self) -> None:
        writer, self._writer = self._writer, None
        if writer is not None:
            writer.close()
            with suppress(OSError):
                await writer.wait_closed()

    async def _send_all(self, source: AsyncIterator[list[bytes]]) -> None:
        async for frames in source:
            for frame in frames:
                qn = self._qn_that_is_awaited(frame)
                if self._window:
                    async with self._room:
                        await self._room.wait_for(lambda: len(self._awaited) < self._window)
                while self._writer is None:
                    await asyncio.sleep(0.05)
                if qn:
                    self._awaited[qn] = _Awaited(frame, perf_counter())
                    self._counts.awaited += 1
                # What breaks the line is found by whoever reads it; the frame waits there for the next one.
                with suppress(OSError):
                    await self._write(frame)

    def _qn_that_is_awaited(self, frame: bytes) -> str:
        """The request number of a frame that asks for an answer; empty of one that does not."""
        at = frame.find(b"QN=")
        if at < 0:
            return ""
        flag = frame.find(b";Flag=", at) + 6
        digits = frame[flag : frame.find(b";", flag)]
        return frame[at + 3 : at + 20].decode() if digits.isdigit() and int(digits) & 1 else ""

    async def _write(self, frame: bytes) -> None:
        writer = self._writer
        if writer is None:
            return
        self._counts.sent += 1
        if self._is_cut:
            writer.write(frame[: len(frame) // 2])
            await writer.drain()
            await asyncio.sleep(0)
            frame = frame[len(frame) // 2 :]
        writer.write(frame)
        await writer.drain()

    async def _send_again(self) -> None:
        while True:
            seconds, times = self.station.settings.timeout
            await asyncio.sleep(min(seconds, 5))
            now = perf_counter()
            for qn, awaited in list(self._awaited.items()):
                if now - awaited.since < seconds * (awaited.tries + 1):
                    continue
                if awaited.tries >= times:
                    self._counts.given_up += 1
                    await self._answered(qn)
                    continue
                awaited.tries += 1
                self._counts.resent += 1
                await self._write(awaited.frame)

    async def _answered(self, qn: str) -> None:
        if self._awaited.pop(qn, None) is not None:
            async with self._room:
                self._room.notify_all()

    async def _listen(self, reader: asyncio.StreamReader) -> None:
        finder = Finder()
        while data := await reader.read(65536):
            for found in finder.feed(data):
                if isinstance(found, Found):
                    await self._hear(found)

    async def _hear(self, found: Found) -> None:
        key = self.station.settings.key
        clear = open_found(found, (Key(key),) if key else ())
        message = read((clear or found).body, self._codes)
        if message.cn in self._answers:
            awaited = self._awaited.get(message.qn)
            if awaited is not None:
                self._counts.acknowledged += 1
                self._counts.waits_s.append(perf_counter() - awaited.since)
                await self._answered(message.qn)
            return
        frames = self.station.obey(message, self._clock())
        self._counts.obeyed += bool(frames)
        for frame in frames:
            await self._write(frame)
