"""共用的一面: what all connections share: limits, profiles, the group commit, counts, who speaks where."""

from __future__ import annotations

from asyncio import AbstractEventLoop
from collections import Counter, deque
from time import time_ns
from typing import NamedTuple, Protocol

from shuangkong.gateway.listening.answers import rest_of_answer
from shuangkong.gateway.listening.commit import Committer
from shuangkong.gateway.listening.connection import Connection, Verdict
from shuangkong.gateway.listening.deciphering import opened
from shuangkong.gateway.listening.head import Head
from shuangkong.gateway.listening.limits import Limits
from shuangkong.gateway.listening.profile import Book, Profile
from shuangkong.protocols.hj212.frame import Found
from shuangkong.readings.evidence import Log

#: How many heads are remembered: a device has as many as commands that it sends.
_MOST_KNOWN = 200_000
#: How many ended connections are told one by one.
_MOST_ENDED = 50


class FrameListener(Protocol):
    """Who wants to know of the frames of known devices: what asks devices for something."""

    def heard(self, line: Connection, found: Found, head: Head) -> None: ...

    def appeared(self, line: Connection, mn: bytes) -> None: ...


class Known(NamedTuple):
    """A head that was seen before: its fields, and what its answer says behind the request number (None: no answer)."""

    head: Head
    rest: bytes | None


class Ended(NamedTuple):
    """A connection that was ended by us: when (seconds since the epoch), of whom, at which listener, why, how many
    frames had come by it; ``mn`` is the known device that last spoke.
    """

    at: float
    peer: str
    listener: str
    mn: str
    why: str
    frames: int


class Gate:
    """What connections share.

    Attributes:
        limits, answers_unknown: as the configuration says now.
        listener_names: of all that were ever opened, by their numbers in the evidence.
        book: profiles by number; replaced whole when they change, by ``take_book``.
        known: head behind its request number, as sent → what is to be done with such a frame of right check value.
        paused: connections of which nothing is read now.
        lines: number of a device → the connection by which it last spoke.
        verdicts: how many frames of each ``Verdict`` came, by its number.
        ended: why connections were ended by us, and how often; ``ended_lately`` the last of them, one by one.
    """

    def __init__(
        self,
        log: Log,
        loop: AbstractEventLoop,
        limits: Limits,
        *,
        answers_unknown: bool = True,
    ) -> None:
        self.limits, self.answers_unknown = limits, answers_unknown
        self.listener_names: tuple[str, ...] = ()
        self.loop, self.now = loop, loop.time
        self.committer = Committer(log, loop, self._changed)
        self.book: Book = {}
        self.known: dict[bytes, Known] = {}
        self.connections: set[Connection] = set()
        self.paused: set[Connection] = set()
        self.lines: dict[bytes, Connection] = {}
        self.verdicts = [0] * (max(Verdict) + 1)
        self.ended: Counter[str] = Counter()
        self.ended_lately: deque[Ended] = deque(maxlen=_MOST_ENDED)
        self._knocking: dict[Connection, float] = {}
        self.listener: FrameListener | None = None
        self._per_address: Counter[str] = Counter()
        self._last_number = 0
        self.is_stopping = False

    def take_book(self, book: Book) -> None:
        """New profiles are in force: what was learned by the old ones is forgotten."""
        self.book, self.known = book, {}

    def learn(self, sent: bytes, head: Head) -> None:
        """Frames with this head, whatever their request number, are of a known device whose password is right."""
        if len(self.known) >= _MOST_KNOWN:
            self.known.clear()
        self.known[sent] = Known(head, rest_of_answer(head, says_ready=self.book[head.mn].says_ready))

    def open(self, line: Connection) -> str:
        """Lets a connection in and gives it its number; says why where it may not come in."""
        refused = self._refusal(line.peer)
        if refused:
            self.count_ended(refused, line)
            return refused
        self._last_number = max(self._last_number + 1, time_ns())
        line.number = self._last_number
        self.connections.add(line)
        self._per_address[line.peer] += 1
        if self.is_full():
            line.pause()
        return ""

    def _refusal(self, peer: str) -> str:
        if self.is_stopping:
            return "stopping"
        if self.is_refusing():
            return "no room in the log"
        if len(self.connections) >= self.limits.connections:
            return "too many connections"
        if self._per_address[peer] >= self.limits.per_address:
            return "too many connections of one address"
        return ""

    def close(self, line: Connection) -> None:
        """A connection is gone."""
        if line in self.connections:
            self.connections.discard(line)
            self._per_address[line.peer] -= 1
            if not self._per_address[line.peer]:
                del self._per_address[line.peer]
        self.paused.discard(line)
        if self.lines.get(line.mn) is line:
            del self.lines[line.mn]

    def speaks(self, line: Connection, mn: bytes) -> None:
        """A known device speaks on a connection: from now on it is asked there."""
        self.lines[mn] = line
        if self.listener is not None:
            self.listener.appeared(line, mn)

    def heard_frame(self, line: Connection, found: Found, head: Head) -> None:
        """A frame of a known device has come."""
        if self.listener is not None:
            self.listener.heard(line, found, head)

    @staticmethod
    def opens(found: Found, profile: Profile) -> bool:
        """Whether a frame whose check value is wrong is right once its data area is deciphered."""
        return opened(found, profile.keys) is not None

    def is_full(self) -> bool:
        """Whether nothing more may be read now."""
        return bool(self.committer.fault) or self.committer.waiting > self.limits.waiting_bytes

    def is_refusing(self) -> bool:
        """Whether the log has had no room for so long that nobody is let in."""
        since = self.committer.faulty_since
        return bool(self.committer.fault) and self.now() - since >= self.limits.refuse_seconds

    def count_ended(self, why: str, line: Connection) -> None:
        """A connection was ended by us, or was not let in."""
        self.ended[why] += 1
        listener = self.listener_names[line.listener] if line.listener < len(self.listener_names) else ""
        mn = line.mn.decode("utf-8", "replace")
        self.ended_lately.append(Ended(time_ns() / 1e9, line.peer, listener, mn, why, line.frames))

    def knocks(self, line: Connection) -> None:
        """Somebody is at a door with TLS; who never gets through was refused there, and nobody else would tell."""
        self._knocking[line] = self.now()

    def enters(self, line: Connection) -> None:
        """It is through the door."""
        self._knocking.pop(line, None)

    def sweep(self) -> None:
        """Ends connections whose time is over, or all while the log has no room; called every second or so."""
        now = self.now()
        for line, since in list(self._knocking.items()):
            if now - since > self.limits.handshake_seconds + 1:
                del self._knocking[line]
                self.count_ended("no handshake", line)
        if self.is_refusing():
            for line in list(self.connections):
                line.end("no room in the log")
            return
        for line in list(self.connections):
            why = line.overdue(now)
            if why:
                line.end(why)

    def _changed(self) -> None:
        if self.is_full():
            for line in list(self.connections):
                line.pause()
        elif self.paused:
            for line in list(self.paused):
                line.resume()
