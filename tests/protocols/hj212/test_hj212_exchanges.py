"""The exchanges of annex C walked through the table of states, and what becomes of silence."""

from __future__ import annotations

import pytest
from hj212_frames import CODES, EXCHANGES, HEAD, body, only

from shuangkong.protocols.hj212.codes import Edition, Link
from shuangkong.protocols.hj212.encode import Head, answer, encode
from shuangkong.protocols.hj212.exchanges import (
    ENDS,
    TRANSITIONS,
    Act,
    Event,
    Exchange,
    State,
    answer_word,
    event_of,
    step,
)
from shuangkong.protocols.hj212.message import Message, read
from shuangkong.protocols.hj212.orders import area_of, check_order, fields_of, orders
from shuangkong.protocols.hj212.page import ACTS, EVENTS, STATES

LINK = Link(10, 3)


def messages(exchange: dict[str, list[dict[str, str]]]) -> list[tuple[str, Message]]:
    return [(each["from"], read(only(each["wire"].encode()).body, CODES)) for each in exchange["exchange"]]


@pytest.mark.parametrize("table", EXCHANGES, ids=lambda exchange: exchange["table"])
def test_exchange_of_annex_c(table: dict[str, list[dict[str, str]]]) -> None:
    """An order ends well; an upload and a notice get the answer that is printed, byte for byte."""
    told = messages(table)
    order: Exchange | None = None
    for at, (sender, message) in enumerate(told):
        if sender == "host" and at == 0:
            order = Exchange(CODES.commands[message.cn].word, message.qn, LINK)
            order, acts = step(order, Event.SEND, 0.0)
            assert acts == (Act.SEND_ORDER, Act.WAIT_FOR_ANSWER)
        elif sender == "field":
            if order is not None and (found := event_of(message, order, CODES)) is not None:
                order, _ = step(order, found[0], float(at), found[1])
            answers = [each["wire"] for each in table["exchange"][at + 1 : at + 2] if each["from"] == "host"]
            word = answer_word(message, CODES)
            # In C.34 the field machine asks for an answer that annex C does not print.
            assert bool(word) is bool(answers) or table["table"] == "C.34"
            if answers:
                assert answer(message, CODES.cn(word)) == only(answers[0].encode()).body
    if order is not None:
        assert order.state is State.DONE
        assert order.result in ("1", "")
        assert order.due_at is None
        carries = [message for sender, message in told if sender == "field" and not message.cn.startswith("9")]
        assert order.packets == len(carries)


def test_no_answer_is_sent_again_and_then_given_up() -> None:
    order, _ = step(Exchange("hour_data", "1", LINK), Event.SEND, 0.0)
    for again in (1, 2, 3):
        assert order.due_at == 10.0 * again
        order, acts = step(order, Event.TIMEOUT, 10.0 * again)
        assert acts == (Act.SEND_ORDER, Act.WAIT_FOR_ANSWER)
        assert order.resends == again
    order, acts = step(order, Event.TIMEOUT, 40.0)
    assert (order.state, acts, order.due_at) == (State.UNANSWERED, (Act.TELL,), None)


@pytest.mark.parametrize("events", [[Event.READY], [Event.READY, Event.DATA], [Event.DATA]])
@pytest.mark.parametrize("resends", [0, 3])
def test_answered_and_then_silent_is_not_sent_again(events: list[Event], resends: int) -> None:
    order, _ = step(Exchange("hour_data", "1", Link(10, resends)), Event.SEND, 0.0)
    for at, event in enumerate(events, start=1):
        order, _ = step(order, event, float(at))
        assert order.due_at == at + 10.0
    order, acts = step(order, Event.TIMEOUT, 12.0)
    assert (order.state, acts, order.resends) == (State.BROKEN_OFF, (Act.TELL,), 0)


@pytest.mark.parametrize("said", ["2", "3", "9", "100", ""])
def test_refusals_and_failures_end_it_with_their_ground(said: str) -> None:
    sent, _ = step(Exchange("sample_now", "20160801085857223", LINK), Event.SEND, 0.0)
    for cn, name, state in (("9011", "QnRtn", State.REFUSED), ("9012", "ExeRtn", State.FAILED)):
        message = read(body(f"{name}={said}", HEAD.replace("2051", cn)), CODES)
        found = event_of(message, sent, CODES)
        assert found is not None
        after, acts = step(sent, *found[:1], 1.0, found[1])
        assert (after.state, after.result, acts) == (state, said, (Act.TELL,))
        assert step(after, Event.DATA, 2.0) == (after, ())


def test_answers_to_another_order_change_nothing() -> None:
    sent, _ = step(Exchange("field_time", "20200101000000000", LINK), Event.SEND, 0.0)
    assert event_of(read(body("QnRtn=1", HEAD.replace("2051", "9011")), CODES), sent, CODES) is None
    assert event_of(read(body("SystemTime=20160801085857", HEAD.replace("2051", "1011")), CODES), sent, CODES) is None


def test_heartbeat_and_notices_are_answered_whatever_their_flag() -> None:
    for word in ("heartbeat", "time_wanted", "logger_identity"):
        message = read(body("", HEAD.replace("2051", CODES.cn(word)).replace("Flag=5", "Flag=8")), CODES)
        assert answer_word(message, CODES) == "notice_answer"
    silent = read(body("DataTime=20160801084000", HEAD.replace("Flag=5", "Flag=4")), CODES)
    assert answer_word(silent, CODES) == ""


def test_every_state_can_be_left_or_is_an_end_and_has_words() -> None:
    left = {state for state, _ in TRANSITIONS}
    assert left | ENDS == set(State)
    assert not left & ENDS
    assert {after for after, _ in TRANSITIONS.values()} | {State.QUEUED} == set(State)
    assert set(STATES) == set(State)
    assert set(EVENTS) == {event for _, event in TRANSITIONS}
    assert set(ACTS) == set(Act)


ORDERED = [table for table in EXCHANGES if table["exchange"][0]["from"] == "host"]


@pytest.mark.parametrize("table", ORDERED, ids=lambda exchange: exchange["table"])
def test_orders_of_annex_c_pass_the_check_and_are_written_as_printed(table: dict[str, list[dict[str, str]]]) -> None:
    _, message = messages(table)[0]
    command = CODES.commands[message.cn]
    told = dict(message.cp)
    assert list(check_order(command, told)) == []
    head = Head(message.qn, message.st, message.cn, message.pw, message.mn, message.edition, wants_answer=True)
    assert encode(head, area_of(command, told)) == only(table["exchange"][0]["wire"].encode()).body


def test_orders_are_those_of_the_edition_and_never_the_gateways_own() -> None:
    words = {edition: {command.word for command in orders(CODES, edition)} for edition in Edition}
    assert {"timeout", "set_field_time", "hour_data", "calibrate", "sample_now"} <= set.intersection(*words.values())
    assert "clean" not in words[Edition.V2005]
    assert "start_standard_check" in words[Edition.V2025] - words[Edition.V2017]
    for each in words.values():
        assert not each & {"cipher_key", "data_answer", "request_answer", "heartbeat", "time_wanted"}


@pytest.mark.parametrize(
    ("word", "told", "wrong"),
    [
        ("set_realtime_interval", {"RtdInterval": "29"}, "RtdInterval"),
        ("set_realtime_interval", {}, "RtdInterval"),
        ("set_minute_interval", {"MinInterval": "7"}, "MinInterval"),
        ("set_password", {"NewPW": "12;456"}, "NewPW"),
        ("hour_data", {"BeginTime": "20160801080000", "EndTime": "20160801070000"}, "EndTime"),
        ("hour_data", {"BeginTime": "2016080108", "EndTime": "20160801090000"}, "BeginTime"),
        ("sample_now", {"PolId": "w01018", "Ctime": "2"}, "Ctime"),
        ("set_sampling_period", {"PolId": "w01018", "CstartTime": "250000", "Ctime": "2"}, "CstartTime"),
        ("set_field_parameter", {"PolId": "w01018", "InfoId": "i13004"}, "Info"),
        ("set_field_parameter", {"PolId": "w01018", "InfoId": "i13004", "i13004-Info": "1;2"}, "i13004-Info"),
    ],
)
def test_wrong_fields_of_an_order_are_told(word: str, told: dict[str, str], wrong: str) -> None:
    (finding,) = check_order(CODES.command(word), told)
    assert wrong in finding.message.zh
    assert wrong in finding.message.en
    assert finding.code == "MON-212"


def test_fields_say_which_may_be_left_out() -> None:
    assert fields_of(CODES.command("set_field_time")) == (("PolId", False), ("SystemTime", True))
    assert list(check_order(CODES.command("set_field_time"), {"SystemTime": "20160801085857"})) == []
