"""上报: frames that wait go over a line to a platform above, each until its answer (9014) comes (HJ 212-2017 6.5, 6.7).

A frame goes again with the request number that it has. Where nothing at all is answered the line is broken off and made
anew later; a frame that alone is never answered, or that the platform refuses, is put aside and goes again later, so
that it holds up no other. One that goes in packets is there when each of them is acknowledged, and goes again whole:
the platform above puts together what bears one mark.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from time import monotonic

from shuangkong.gateway.relay.envelope import TooLong, frames_of, overlong
from shuangkong.gateway.relay.line import Line
from shuangkong.gateway.relay.outbox import Outbox, Owed
from shuangkong.gateway.relay.plan import RelayPlan
from shuangkong.protocols.hj212.codes import Codes
from shuangkong.protocols.hj212.encode import answer
from shuangkong.protocols.hj212.exchanges import READY
from shuangkong.protocols.hj212.frame import Found, wrap
from shuangkong.protocols.hj212.message import Message, read

#: Frames that wait for their answers at once.
WINDOW = 32
#: How long the line is left alone after it broke, seconds: first, and at most.
AGAIN_S, AGAIN_MOST_S = 5.0, 300.0
_LISTEN_S, _BURST_S, _A_MINUTE = 0.2, 0.1, 60.0
#: Frames taken from the outbox at a time.
_TAKEN = 200
_REJECTED = "2"


@dataclass(slots=True)
class _Awaited:
    """A frame on its way: when it went last, how often it went again, how many answers had come when it first went.

    ``numbers``: request numbers of its packets (one, mostly) that have no answer yet.
    """

    owed: Owed
    since: float
    answers: int
    tries: int = 0
    numbers: set[str] = field(default_factory=set)


class Sender:
    """Sends to one platform above; keeps its line between calls.

    Attributes:
        reason: why the line does not stand; "" where it does, or nothing was to be sent yet.
    """

    def __init__(self, outbox: Outbox, codes: Codes, clock: Callable[[], float]) -> None:
        """``clock``: seconds since the epoch."""
        self._outbox, self._codes, self._clock = outbox, codes, clock
        self._line: Line | None = None
        self._awaited: dict[int, _Awaited] = {}
        self._queue: deque[Owed] = deque()
        self._aliases: Mapping[str, str] = {}
        self._answers, self._next_send, self._not_before, self._pause = 0, 0.0, 0.0, AGAIN_S
        self.reason = ""

    @property
    def is_connected(self) -> bool:
        return self._line is not None

    def work(self, plan: RelayPlan, keys: Mapping[str, bytes], seconds: float) -> None:
        """Sends what may go and hears answers until nothing waits, the line breaks, or so many seconds have passed.

        Args:
            keys: device's number → its own key, where frames are enciphered by it.
        """
        end, self._aliases = monotonic() + seconds, plan.aliases
        try:
            while monotonic() < end:
                waits = self._waits()
                if self._line is None and not (waits and self._connect(plan)):
                    return
                self._send(plan, keys)
                self._hear(self._pause_before(end))
                self._send_again(plan, keys)
                if not waits and not self._awaited:
                    return
        except OSError as fault:
            if self._queue or self._awaited:
                self._break(str(fault))
            else:
                # Nothing was to go: a line that rests may be ended.
                self.hang_up()

    def hang_up(self) -> None:
        """Ends the line; what has no answer yet goes again over the next."""
        if self._line is not None:
            self._line.close()
        self._line = None
        self._awaited.clear()
        self._queue.clear()

    def try_now(self) -> None:
        """The settings are others: whatever was waited for is tried at once, over another line."""
        self.hang_up()
        self._not_before, self._pause = 0.0, AGAIN_S

    def _waits(self) -> bool:
        """Whether something may go; so many at a time are taken from the outbox."""
        if not self._queue:
            due = self._outbox.due(self._clock(), _TAKEN + len(self._awaited))
            self._queue.extend(each for each in due if each.id not in self._awaited)
        return bool(self._queue)

    def _pause_before(self, end: float) -> float:
        """How long answers are listened for: until the next frame may go, and not at all where nothing is under way."""
        if not self._queue and not self._awaited:
            return 0.0
        most = min(end - monotonic(), _LISTEN_S)
        if self._queue and len(self._awaited) < WINDOW:
            most = min(most, self._next_send - monotonic())
        return max(most, 0.0)

    def _connect(self, plan: RelayPlan) -> bool:
        if monotonic() < self._not_before:
            return False
        self._line, self.reason = Line(plan), ""
        return True

    def _break(self, reason: str) -> None:
        self.hang_up()
        self.reason = reason
        self._not_before = monotonic() + self._pause
        self._pause = min(2 * self._pause, AGAIN_MOST_S)

    def _send(self, plan: RelayPlan, keys: Mapping[str, bytes]) -> None:
        while self._queue and len(self._awaited) < WINDOW and monotonic() >= self._next_send:
            self._write(self._queue.popleft(), plan, keys)

    def _write(self, owed: Owed, plan: RelayPlan, keys: Mapping[str, bytes], tried: _Awaited | None = None) -> None:
        line = self._line
        if line is None:
            return
        is_resent = owed.was_sent or tried is not None
        try:
            frames = frames_of(owed.letter, plan, keys.get(owed.letter.mn, b""), self._codes, is_resent=is_resent)
        except TooLong as fault:
            self._put_aside(owed, str(fault))
            return
        except ValueError:
            self._put_aside(owed, "没有可用的 SM4 密钥，不能加密。There is no SM4 key to encipher it with.")
            return
        # What a busy machine was late with may be caught up with, a little.
        self._next_send = max(monotonic() - _BURST_S, self._next_send) + len(frames) * _A_MINUTE / plan.per_minute
        if not owed.was_sent and tried is None:
            # Before it goes: who dies in between marks it as sent again, which it may be.
            self._outbox.set_sent(owed, overlong(frames.values()))
        now = self._awaited.setdefault(owed.id, _Awaited(owed, 0.0, self._answers))
        now.since, now.numbers = monotonic(), set(frames)
        line.send(b"".join(frames.values()))

    def _hear(self, seconds: float) -> None:
        if self._line is None:
            return
        for found in self._line.hear(seconds):
            if found.variant:
                self._take(found, self._line)

    def _take(self, found: Found, line: Line) -> None:
        message = read(found.body, self._codes)
        command = self._codes.commands.get(message.cn)
        if message.cn in (self._codes.cn("data_answer"), self._codes.cn("request_answer")):
            self._answered(message)
        elif command is not None and command.from_host == "request":
            # Orders to devices go through the platform that they are connected to.
            line.send(wrap(answer(message, self._codes.cn("request_answer"), ((("QnRtn", _REJECTED),),))))
        elif command is not None and command.from_host == "notify":
            line.send(wrap(answer(message, self._codes.cn("notice_answer"))))

    def _answered(self, message: Message) -> None:
        said = message.value("QnRtn")
        awaited = self._of(message)
        if awaited is None or (message.cn == self._codes.cn("request_answer") and said in ("", READY)):
            return
        self._answers, self._pause = self._answers + 1, AGAIN_S
        if said in ("", READY):
            awaited.numbers.discard(message.qn)
            if awaited.numbers:
                return
            self._awaited.pop(awaited.owed.id)
            self._outbox.acknowledge(awaited.owed.id, self._clock())
            return
        meant = self._codes.request_results.get(said)
        words = f" {meant.zh} {meant.en}" if meant is not None else ""
        self._put_aside(awaited.owed, f"QnRtn={said[:20]}{words}")

    def _of(self, message: Message) -> _Awaited | None:
        """Which frame an answer is to: by request number and the device's number, or the oldest where none is said."""
        fitting = [each for each in self._awaited.values() if message.qn in each.numbers]
        return next((each for each in fitting if self._number(each) == message.mn), None) or next(
            (each for each in fitting if not message.mn), None
        )

    def _number(self, awaited: _Awaited) -> str:
        return self._aliases.get(awaited.owed.letter.mn, awaited.owed.letter.mn)

    def _put_aside(self, owed: Owed, reason: str) -> None:
        self._awaited.pop(owed.id, None)
        self._outbox.put_aside(owed.id, reason, self._clock())

    def _send_again(self, plan: RelayPlan, keys: Mapping[str, bytes]) -> None:
        for each in list(self._awaited.values()):
            if monotonic() - each.since < plan.wait_s:
                continue
            if each.tries < plan.resends:
                each.tries += 1
                self._write(each.owed, plan, keys, each)
            elif self._answers > each.answers:
                self._put_aside(each.owed, "没有应答；别的报文都有应答。No answer, though other frames have theirs.")
            else:
                self._break(
                    "连上了，但没有应答：请核对对方登记的设备标识、访问密码。Connected, and nothing is answered: see to"
                    " the numbers and the password that the platform above knows."
                )
                return
