"""交互: what follows what between the upper computer and a field machine (6.5, 6.7), as one table of states.

An exchange is a value; ``step`` takes an event and a time and gives the next one with what is to be done. Nothing is
sent here. The page docs/hj212-exchanges.md is drawn from TRANSITIONS.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from shuangkong.protocols.hj212.codes import Codes, Link
from shuangkong.protocols.hj212.message import Message

READY, DONE = "1", "1"
"""QnRtn and ExeRtn that let an order go on, and that end it well."""


class State(StrEnum):
    """Where an order of the upper computer stands. The last six are ends."""

    QUEUED = "queued"
    SENT = "sent"
    ACCEPTED = "accepted"
    RECEIVING = "receiving"
    DONE = "done"
    REFUSED = "refused"
    FAILED = "failed"
    BROKEN_OFF = "broken_off"
    UNANSWERED = "unanswered"
    WITHDRAWN = "withdrawn"


class Event(StrEnum):
    """What may happen to it."""

    SEND = "send"
    READY = "ready"
    REFUSAL = "refusal"
    DATA = "data"
    DONE = "done"
    FAILURE = "failure"
    NOTED = "noted"
    TIMEOUT = "timeout"
    LAST_TIMEOUT = "last_timeout"
    WITHDRAW = "withdraw"


class Act(StrEnum):
    """What is to be done about it."""

    SEND_ORDER = "send_order"
    WAIT_FOR_ANSWER = "wait_for_answer"
    WAIT_FOR_RESULT = "wait_for_result"
    TELL = "tell"


ENDS = frozenset(
    (State.DONE, State.REFUSED, State.FAILED, State.BROKEN_OFF, State.UNANSWERED, State.WITHDRAWN),
)

type Row = tuple[State, tuple[Act, ...]]

_TELL = (Act.TELL,)
#: (state, event) → state and acts; what is not here changes nothing. A result or data without the request's answer
#: before it stands for that answer: devices leave it out.
TRANSITIONS: Mapping[tuple[State, Event], Row] = {
    (State.QUEUED, Event.SEND): (State.SENT, (Act.SEND_ORDER, Act.WAIT_FOR_ANSWER)),
    (State.QUEUED, Event.WITHDRAW): (State.WITHDRAWN, _TELL),
    (State.SENT, Event.READY): (State.ACCEPTED, (Act.WAIT_FOR_RESULT,)),
    (State.SENT, Event.REFUSAL): (State.REFUSED, _TELL),
    (State.SENT, Event.DATA): (State.RECEIVING, (Act.WAIT_FOR_RESULT,)),
    (State.SENT, Event.DONE): (State.DONE, _TELL),
    (State.SENT, Event.FAILURE): (State.FAILED, _TELL),
    (State.SENT, Event.NOTED): (State.DONE, _TELL),
    # No answer: the order goes out again; after the last time the link counts as unusable.
    (State.SENT, Event.TIMEOUT): (State.SENT, (Act.SEND_ORDER, Act.WAIT_FOR_ANSWER)),
    (State.SENT, Event.LAST_TIMEOUT): (State.UNANSWERED, _TELL),
    (State.ACCEPTED, Event.DATA): (State.RECEIVING, (Act.WAIT_FOR_RESULT,)),
    (State.ACCEPTED, Event.DONE): (State.DONE, _TELL),
    (State.ACCEPTED, Event.FAILURE): (State.FAILED, _TELL),
    # Answered, then silent: the command has failed and is not sent again.
    (State.ACCEPTED, Event.TIMEOUT): (State.BROKEN_OFF, _TELL),
    (State.ACCEPTED, Event.LAST_TIMEOUT): (State.BROKEN_OFF, _TELL),
    (State.RECEIVING, Event.DATA): (State.RECEIVING, (Act.WAIT_FOR_RESULT,)),
    (State.RECEIVING, Event.DONE): (State.DONE, _TELL),
    (State.RECEIVING, Event.FAILURE): (State.FAILED, _TELL),
    (State.RECEIVING, Event.TIMEOUT): (State.BROKEN_OFF, _TELL),
    (State.RECEIVING, Event.LAST_TIMEOUT): (State.BROKEN_OFF, _TELL),
}


@dataclass(frozen=True, slots=True)
class Exchange:
    """One order under way.

    Attributes:
        word: name of the command.
        qn: its request number, which answers bear.
        state: where it stands.
        link: how long to wait and how often to send again.
        resends: how often it went out again.
        due_at: when the wait ends, in the seconds of the caller's clock; None while nothing is waited for.
        result: QnRtn or ExeRtn that ended it; empty before, and where none came.
        packets: data segments received for it.
    """

    word: str
    qn: str
    link: Link
    state: State = State.QUEUED
    resends: int = 0
    due_at: float | None = None
    result: str = ""
    packets: int = 0

    @property
    def is_over(self) -> bool:
        """Whether nothing more is expected of it."""
        return self.state in ENDS


def step(exchange: Exchange, event: Event, now: float, result: str = "") -> tuple[Exchange, tuple[Act, ...]]:
    """Returns the exchange after ``event`` and what is to be done.

    Args:
        now: seconds on the caller's clock.
        result: QnRtn or ExeRtn that came with the event.
    """
    if event is Event.TIMEOUT and exchange.resends >= exchange.link.resends:
        event = Event.LAST_TIMEOUT
    row = TRANSITIONS.get((exchange.state, event))
    if row is None:
        return exchange, ()
    state, acts = row
    waits = Act.WAIT_FOR_ANSWER in acts or Act.WAIT_FOR_RESULT in acts
    after = replace(
        exchange,
        state=state,
        resends=exchange.resends + (event is Event.TIMEOUT and Act.SEND_ORDER in acts),
        due_at=now + exchange.link.timeout_s if waits else None,
        result=result or exchange.result,
        packets=exchange.packets + (event is Event.DATA),
    )
    return after, acts


def event_of(message: Message, exchange: Exchange, codes: Codes) -> tuple[Event, str] | None:
    """Returns what a message from the device means to an exchange, and the result in it; None: it has to do with
    another.

    Answers bear the order's request number. Data of a history bear their own (C.20) or the order's (C.2): those of the
    ordered command count while it is awaited.
    """
    if message.cn == codes.cn("request_answer") and message.qn == exchange.qn:
        said = message.value("QnRtn")
        return (Event.READY if said == READY else Event.REFUSAL), said
    if message.cn == codes.cn("execution_result") and message.qn == exchange.qn:
        said = message.value("ExeRtn")
        return (Event.DONE if said == DONE else Event.FAILURE), said
    if message.cn == codes.cn("notice_answer") and message.qn == exchange.qn:
        return Event.NOTED, ""
    if message.cn == codes.cn(exchange.word) and (message.qn == exchange.qn or _is_history(exchange, codes)):
        return Event.DATA, ""
    return None


def _is_history(exchange: Exchange, codes: Codes) -> bool:
    return "BeginTime" in (name.rstrip("?") for name in codes.command(exchange.word).asks)


def answer_word(message: Message, codes: Codes) -> str:
    """Returns the name of the answer that a device waits for: ``data_answer``, ``notice_answer``, or nothing."""
    command = codes.commands.get(message.cn)
    kind = command.from_field if command is not None else "upload"
    if kind == "notify":
        # The heartbeat and the notices are answered in any case: their sender waits for nothing else.
        return "notice_answer"
    return "data_answer" if kind == "upload" and message.wants_answer else ""
