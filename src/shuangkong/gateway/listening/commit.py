"""成组落盘: what all connections received while the disk was busy is made durable at once; answers go out after that.

The loop never waits for the disk: a thread writes. Where the log has no room, the group is kept and tried again, no
more is read of anybody, and nobody is answered.
"""

from __future__ import annotations

from asyncio import AbstractEventLoop
from collections.abc import Callable
from dataclasses import dataclass, field
from queue import SimpleQueue
from threading import Event, Thread
from typing import Protocol

from shuangkong.readings.evidence import Address, Log

#: How long to wait before a group that the disk refused is tried again.
AGAIN_SECONDS = 0.5


class Answered(Protocol):
    """Who waits for a group."""

    def durable(self, answers: bytes, length: int) -> None:
        """What it sent, ``length`` bytes of records, is durable; ``answers`` may go out."""
        ...


@dataclass(slots=True)
class Group:
    """Records that become durable together, and what is answered then."""

    records: list[bytes] = field(default_factory=list)
    lengths: dict[Answered, int] = field(default_factory=dict)
    answers: dict[Answered, list[bytes]] = field(default_factory=dict)
    length: int = 0
    frames: int = 0


class Committer:
    """Group commit of one log. Its methods are called in the loop.

    Attributes:
        fault: why the log does not grow; "" while it does.
        faulty_since: loop time since when it does not.
        answered: how many frames were answered.
        groups: how many groups were written.
        end: where the durable part of the log ends.
    """

    def __init__(self, log: Log, loop: AbstractEventLoop, on_change: Callable[[], None]) -> None:
        """
        Args:
            log: written by the thread of this object alone.
            loop: in which answers go out.
            on_change: called in the loop when a group is durable, or the log begins to refuse.
        """
        self.fault, self.faulty_since, self.answered, self.groups = "", 0.0, 0, 0
        self.end: Address = log.end
        self._log, self._loop, self._on_change = log, loop, on_change
        self._pending, self._in_flight = Group(), 0
        self._is_begun = False
        self._groups: SimpleQueue[Group | None] = SimpleQueue()
        self._ends = Event()
        self._thread = Thread(target=self._write, name="evidence", daemon=True)
        self._thread.start()

    @property
    def waiting(self) -> int:
        """Bytes received and not yet durable."""
        return self._in_flight + self._pending.length

    def add(self, record: bytes, of: Answered, answer: bytes | None = None) -> None:
        """Takes a packed record; ``answer`` goes to ``of`` when it is durable."""
        group = self._pending
        group.records.append(record)
        group.length += len(record)
        group.lengths[of] = group.lengths.get(of, 0) + len(record)
        if answer is not None:
            group.frames += 1
            group.answers.setdefault(of, []).append(answer)
        if not self._is_begun:
            # What the other connections have ready in this turn of the loop joins the group.
            self._is_begun = True
            self._loop.call_soon(self._begin)

    def _begin(self) -> None:
        group, self._pending = self._pending, Group()
        self._in_flight = group.length
        self._groups.put(group)

    def _write(self) -> None:
        """The thread: one group after the other."""
        while (group := self._groups.get()) is not None:
            while True:
                try:
                    end = self._log.write(group.records)
                except OSError as fault:
                    self._tell(self._refused, f"{fault.strerror or fault}")
                    if self._ends.wait(AGAIN_SECONDS):
                        break
                    continue
                self._tell(self._done, group, end)
                break

    def _tell(self, what: Callable[..., None], *words: object) -> None:
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(what, *words)

    def _refused(self, why: str) -> None:
        if not self.fault:
            self.faulty_since = self._loop.time()
        self.fault = why
        self._on_change()

    def _done(self, group: Group, end: Address) -> None:
        self.fault, self.end, self._in_flight = "", end, 0
        self.answered += group.frames
        self.groups += 1
        answers = group.answers
        for each, length in group.lengths.items():
            told = answers.get(each)
            each.durable(b"" if told is None else told[0] if len(told) == 1 else b"".join(told), length)
        self._on_change()
        if self._pending.records:
            self._begin()
        else:
            self._is_begun = False

    def close(self) -> None:
        """Ends the thread; a group that the disk refuses is given up, unanswered. Call it when nothing waits."""
        self._ends.set()
        self._groups.put(None)
        self._thread.join()
