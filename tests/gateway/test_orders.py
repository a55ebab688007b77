"""Orders to devices: sent when the device speaks, one at a time, sent again in silence, and every step told."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import pytest
from devices import MN, Line, frame, kept, profile, qn_of, server, until

from shuangkong.gateway.listening import orders as desk_module
from shuangkong.gateway.listening.answers import NOTICES
from shuangkong.gateway.listening.gate import Gate
from shuangkong.gateway.listening.orders import Order, OrderDesk
from shuangkong.monitoring.wire_codes import hj212_codes
from shuangkong.protocols.hj212.codes import Codes, Link
from shuangkong.protocols.hj212.exchanges import State
from shuangkong.protocols.hj212.frame import wrap
from shuangkong.protocols.hj212.message import Message, read
from shuangkong.readings.evidence import Kind
from shuangkong.rulebook import open_rulebook

NOW = datetime(2024, 5, 20, 21, 7)  # noqa: DTZ001 - as devices write times


class Away(Exception):
    """The queue does not answer."""


@dataclass
class Queue:
    """Orders that a test has queued, and what was told of them."""

    orders: list[Order] = field(default_factory=list)
    told: list[tuple[int, str, str]] = field(default_factory=list)
    tries: int = 0
    abandoned: int = 0
    calibrated: list[str] = field(default_factory=list)
    used: list[str] = field(default_factory=list)
    renewed: int = 0
    is_away: bool = False
    down = (Away,)

    def abandon(self, devices: Collection[str]) -> None:
        self.abandoned += 1

    def waiting(self, devices: Collection[str]) -> Sequence[Order]:
        if self.is_away:
            raise Away
        told = {number for number, _, _ in self.told}
        return [order for order in self.orders if order.number not in told and order.mn in devices][:1]

    def tell(self, number: int, state: State, text: str, *, is_try: bool) -> None:
        self.told.append((number, state.value, text))
        self.tries += is_try

    def calibrate(self, mn: str) -> None:
        self.calibrated.append(mn)

    def renew(self) -> None:
        self.renewed += 1

    def key_used(self, mn: str) -> None:
        self.used.append(mn)


@pytest.fixture(scope="module")
def codes() -> Codes:
    return hj212_codes(open_rulebook().folder)


@pytest.fixture
def desk_of(codes: Codes, monkeypatch: pytest.MonkeyPatch) -> Callable[[Queue], Callable[[Gate], OrderDesk]]:
    monkeypatch.setattr(desk_module, "POLL_SECONDS", 0.02)

    def made(queue: Queue) -> Callable[[Gate], OrderDesk]:
        return lambda gate: OrderDesk(gate, queue, codes, lambda: NOW)

    return made


def speak(line: Line, codes: Codes, command: str, number: int = 1, **head: object) -> Message:
    """The device sends a frame; the order of that command that it gets, before or after its frame is acknowledged."""
    line.send(frame(number, **head))
    told = [line.answer(), line.answer()]
    (acknowledged,) = [each for each in told if b"CN=9014" in each]
    assert qn_of(acknowledged) == number
    (order,) = [read(each[6:-6], codes) for each in told if each is not acknowledged]
    assert order.cn == command
    return order


def asked(line: Line, codes: Codes) -> Message:
    """The next order that the device gets."""
    return read(line.answer()[6:-6], codes)


def answer(order: Message, cn: str, cp: str) -> bytes:
    return wrap(f"QN={order.qn};ST=91;CN={cn};PW=123456;MN={MN};Flag=4;CP=&&{cp}&&".encode())


def test_an_order_goes_out_when_its_device_speaks_and_is_followed_to_its_end(
    tmp_path: Path, codes: Codes, desk_of: Callable
) -> None:
    fields = {"BeginTime": "20240520200000", "EndTime": "20240520210000"}
    queue = Queue([Order(5, MN, "2061", fields)])
    with server(tmp_path, desk_of=desk_of(queue)) as ours:
        line = Line(ours.ports[0])
        assert line.is_silent(0.1)
        order = speak(line, codes, queue.orders[0].command)
        # HJ 212-2017 C.20: the device's own system, bit A, the password, the fields in their order.
        assert (order.st, order.cn, order.pw, order.mn, order.flag) == ("31", "2061", "123456", MN, 5)
        assert order.cp == tuple(fields.items())
        assert order.qn == "20240520210700001"[:14] + order.qn[14:]
        line.send(answer(order, "9011", "QnRtn=1"))
        line.send(frame(3, "DataTime=20240520200000;a21026-Avg=1,a21026-Flag=N", CN="2061"))
        assert qn_of(line.answer()) == 3
        line.send(answer(order, "9012", "ExeRtn=1"))
        until(lambda: queue.told and queue.told[-1][1] == "done")
        assert [state for _, state, _ in queue.told] == ["sent", "accepted", "receiving", "done"]
        assert "1 包" in queue.told[-1][2]
        assert (queue.tries, queue.abandoned) == (1, 1)
    (sent,) = kept(tmp_path / "gateway", Kind.SENT)
    assert b"CN=2061" in sent.payload


@pytest.mark.parametrize(
    ("said", "state", "text"),
    [
        (("9011", "QnRtn=3"), "refused", "密码"),
        (("9012", "ExeRtn=5"), "failed", "忙"),
        (("9012", "ExeRtn=100"), "failed", ""),
    ],
)
def test_a_refusal_is_told_in_words(
    tmp_path: Path, codes: Codes, desk_of: Callable, said: tuple[str, str], state: str, text: str
) -> None:
    queue = Queue([Order(5, MN, "3012", {"PolId": "w01018"})])
    with server(tmp_path, desk_of=desk_of(queue)) as ours:
        line = Line(ours.ports[0])
        order = speak(line, codes, queue.orders[0].command)
        line.send(answer(order, *said))
        until(lambda: len(queue.told) > 1)
        assert queue.told[-1][1] == state
        assert text in queue.told[-1][2]


def test_in_silence_an_order_is_sent_again_and_then_given_up(
    tmp_path: Path, codes: Codes, desk_of: Callable, monkeypatch: pytest.MonkeyPatch
) -> None:
    quick = {name: Link(0, 2) for name in codes.links}
    monkeypatch.setattr(desk_module, "_link", lambda _: next(iter(quick.values())))
    queue = Queue([Order(5, MN, "1011", {})])
    with server(tmp_path, desk_of=desk_of(queue)) as ours:
        line = Line(ours.ports[0])
        line.send(frame(1))
        told = [asked(line, codes) for _ in range(4)]
        sent = [each for each in told if each.cn == "1011"]
        assert len(sent) == 3
        assert {each.qn for each in sent} == {sent[0].qn}
        until(lambda: queue.told[-1][1] == "unanswered")
        assert queue.tries == 3
        # The line serves on.
        line.send(frame(2))
        assert qn_of(line.answer()) == 2


def test_a_clock_is_set_to_the_time_of_sending_and_calibration_is_asked_for(
    tmp_path: Path, codes: Codes, desk_of: Callable
) -> None:
    queue = Queue([Order(5, MN, "1012", {})])
    with server(tmp_path, desk_of=desk_of(queue)) as ours:
        line = Line(ours.ports[0])
        line.send(frame(1, "PolId=w01018", CN="1013"))
        told = sorted([line.answer(), line.answer()], key=lambda each: b"CN=9013" not in each)
        assert b"CN=9013" in told[0]
        assert read(told[1][6:-6], codes).cp == (("SystemTime", "20240520210700"),)
        until(lambda: queue.calibrated == [MN])


def test_what_the_device_tells_stands_in_the_answer(tmp_path: Path, codes: Codes, desk_of: Callable) -> None:
    queue = Queue([Order(5, MN, "1061", {})])
    with server(tmp_path, desk_of=desk_of(queue)) as ours:
        line = Line(ours.ports[0])
        order = speak(line, codes, queue.orders[0].command)
        line.send(answer(order, "9011", "QnRtn=1") + answer(order, "1061", "RtdInterval=30"))
        line.send(answer(order, "9012", "ExeRtn=1"))
        until(lambda: queue.told and queue.told[-1][1] == "done")
        assert "RtdInterval=30" in queue.told[-1][2]


def test_a_queue_that_is_away_is_asked_again(tmp_path: Path, codes: Codes, desk_of: Callable) -> None:
    queue = Queue([Order(5, MN, "1061", {})], is_away=True)
    with server(tmp_path, desk_of=desk_of(queue)) as ours:
        line = Line(ours.ports[0])
        line.send(frame(1))
        line.answer()
        assert line.is_silent(0.2)
        queue.is_away = False
        assert asked(line, codes).cn == "1061"


def test_orders_of_the_third_generation_are_enciphered(tmp_path: Path, codes: Codes, desk_of: Callable) -> None:
    key = "30" * 16
    queue = Queue([Order(5, MN, "2061", {"BeginTime": "20240520200000", "EndTime": "20240520210000"})])
    with server(tmp_path, [profile(keys=[key], edition="v2025")], desk_of=desk_of(queue)) as ours:
        line = Line(ours.ports[0])
        line.send(frame(1, Flag=9))
        (raw,) = [each for each in (line.answer(), line.answer()) if b"CN=2061" in each]
        assert b"BeginTime" not in raw
        assert b"Flag=9" in raw


def test_notices_are_those_of_the_code_list(codes: Codes) -> None:
    assert {each.decode() for each in NOTICES} == {
        command.code for command in codes.commands.values() if command.from_field == "notify"
    }
