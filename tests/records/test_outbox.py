"""Messages: one a person, channel and day, with what is new; never lost, never sent twice."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
import reminding_county as county
from django.utils import timezone
from reminding_county import acts, at, in_days, task, tick, who

from shuangkong.gateway.messenger.sending import send_due
from shuangkong.plans.tasks.events import EventKind, Grade
from shuangkong.records.journal import store as journal
from shuangkong.records.plans.reminders import outbox
from shuangkong.records.plans.reminders.channels import ChannelKind, Setup
from shuangkong.records.plans.reminders.choices import Choice, choices, choose
from shuangkong.records.plans.reminders.digest import FROM, LINES, in_hours
from shuangkong.records.plans.reminders.letters import Letter, Outcome, Receipt
from shuangkong.records.plans.reminders.models import Message, Reminder
from shuangkong.records.plans.tasks.acts import act
from shuangkong.records.refusal import Refused

pytestmark = pytest.mark.django_db
SMS = ChannelKind.SMS
NUMBER = "13900000000"


class Peer:
    """A channel that answers as told, then delivers; remembers every letter it got."""

    most = 20

    def __init__(self, *answers: Receipt | type[BaseException]) -> None:
        self.answers, self.got = list(answers), list[Letter]()

    def deliver(self, letter: Letter) -> Receipt:
        self.got.append(letter)
        answer = self.answers.pop(0) if self.answers else Receipt(Outcome.DELIVERED)
        if isinstance(answer, Receipt):
            return answer
        raise answer


class Killed(BaseException):
    """The process dies: nothing after it runs."""


@pytest.fixture(autouse=True)
def settled(db: None, settings: Any) -> None:
    settings.CHANNELS = {SMS: Setup("http://sms.invalid/")}
    county.settle()
    choose(who("clerk"), Choice(SMS, NUMBER, is_on=True))


def send(peer: Peer, now: datetime, repeatable: bool = False) -> dict[Outcome, int]:
    return dict(send_due({SMS: peer}, frozenset({SMS} if repeatable else ()), lambda: now))


def only() -> Message:
    return Message.objects.get()


def test_many_things_are_one_message_and_the_rest_is_counted() -> None:
    for number in range(LINES + 5):
        task(f"逾期 {number:02}", in_days(-1))
    task("将到期", in_days(2))
    assert tick("clerk") == (LINES + 6, 1)
    found = only()
    assert found.subject == f"双控提醒：逾期 {LINES + 5} 项、临近到期 1 项"
    assert found.lines[0] == f"【逾期】逾期 00（期限 {in_days(-1)}）"
    assert len(found.lines) == LINES + 1
    assert found.lines[-1] == "另有 6 项新的提醒未列出。"
    assert found.key == f"{in_days(0)}/{who('clerk').pk}/sms"


def test_one_message_a_day_and_none_where_nothing_is_new() -> None:
    task("一", in_days(-1))
    tick("clerk")
    task("二", in_days(-1))
    assert tick("clerk", hour=12) == (1, 0), "the day has its message"
    assert tick("clerk", 1) == (0, 1)
    first, second = Message.objects.order_by("pk")
    assert [each.lines[0][4:5] for each in (first, second)] == ["一", "二"]
    assert second.lines[-1] == "此前提醒过、仍未办的还有 1 项。"
    assert tick("clerk", 2) == (0, 0)


def test_what_was_read_or_done_meanwhile_is_not_told() -> None:
    task("一", in_days(-1))
    number = task("二", in_days(-1))
    task("三", in_days(-1))
    choose(who("clerk"), Choice(SMS, NUMBER))
    tick("clerk")
    Reminder.objects.filter(task__title="一").update(read_at=at())
    act(number, acts("office"), EventKind.STATE, "已完成", Grade.DONE)
    choose(who("clerk"), Choice(SMS, NUMBER, is_on=True))
    assert tick("clerk", 1) == (1, 1)
    assert only().lines == [
        f"【逾期】三（期限 {in_days(-1)}）",
        f"【已有答复】二（期限 {in_days(-1)}）：已认定情况：已完成",
        "此前提醒过、仍未办的还有 1 项。",
    ]


def test_it_speaks_the_chosen_language() -> None:
    choose(who("clerk"), Choice(SMS, NUMBER, "en", is_on=True))
    task("一", in_days(-1))
    tick("clerk")
    assert only().subject == "Shuangkong: Late 1"
    assert only().lines == [f"[Late] 一 (due {in_days(-1)})"]


def test_reminder_and_message_stand_or_fall_together(monkeypatch: pytest.MonkeyPatch) -> None:
    def die(*_: object) -> None:
        raise Killed

    task("一", in_days(-1))
    monkeypatch.setattr("shuangkong.records.plans.reminders.digest._put", die)
    with pytest.raises(Killed):
        tick("clerk")
    assert not Reminder.objects.exists()
    monkeypatch.undo()
    assert tick("clerk") == (1, 1)


def test_nobody_is_woken() -> None:
    assert in_hours(at(0, 12)) == at(0, 12)
    for now, days in ((at(0, 3), 0), (at(0, 23), 1)):
        leaves = timezone.localtime(in_hours(now))
        assert (leaves.date(), leaves.time()) == (in_days(days), FROM)


def test_a_fault_is_tried_again_later_and_later_and_then_given_up() -> None:
    task("一", in_days(-1))
    tick("clerk")
    peer, now, waited = Peer(*[Receipt(Outcome.WAITING, "忙")] * 99), at(), list[int]()
    while only().outcome == Outcome.WAITING:
        assert send(peer, now) == {Outcome.WAITING: 1}
        assert send(peer, now) == {}, "its time has not come"
        waited.append(int((only().next_at - now) / timedelta(minutes=1)))
        now = only().next_at
    assert only().outcome == Outcome.GIVEN_UP
    assert waited[:-1] == list(outbox.BACK_OFF)
    assert {letter.key for letter in peer.got} == {only().key}
    assert only().fault == "忙"
    assert tick("clerk", 1) == (0, 1), "what never arrived is told again the next day"


def test_it_is_sent_once_however_often_the_clock_strikes() -> None:
    task("一", in_days(-1))
    tick("clerk")
    peer = Peer(Receipt(Outcome.WAITING, "忙"))
    for minutes in range(0, 600, 5):
        send(peer, at() + timedelta(minutes=minutes))
    assert len(peer.got) == 2
    assert only().outcome == Outcome.DELIVERED


def test_killed_before_the_claim_it_is_sent_at_the_next_tick() -> None:
    task("一", in_days(-1))
    tick("clerk")
    assert send(Peer(), at(1)) == {Outcome.DELIVERED: 1}


def test_killed_while_handing_over_it_is_not_sent_again_but_told_again() -> None:
    task("一", in_days(-1))
    tick("clerk")
    peer = Peer(Killed)
    with pytest.raises(Killed):
        send(peer, at())
    assert send(peer, at() + outbox.LEASE / 2) == {}, "somebody may still be at it"
    assert send(peer, at() + outbox.LEASE * 2) == {}
    assert only().outcome == Outcome.DOUBTFUL
    assert len(peer.got) == 1
    assert tick("clerk", 1) == (0, 1)
    assert send(peer, at(1)) == {Outcome.DELIVERED: 1}
    assert peer.got[0].key != peer.got[1].key
    assert peer.got[0].lines == peer.got[1].lines


def test_a_peer_that_sends_no_key_twice_gets_it_again_under_the_same_key() -> None:
    task("一", in_days(-1))
    tick("clerk")
    peer = Peer(Killed)
    with pytest.raises(Killed):
        send(peer, at(), repeatable=True)
    assert send(peer, at() + outbox.LEASE * 2, repeatable=True) == {Outcome.DELIVERED: 1}
    assert [letter.key for letter in peer.got] == [only().key] * 2


def test_two_clocks_claim_a_message_once() -> None:
    task("一", in_days(-1))
    tick("clerk")
    number = only().pk
    assert outbox.claim(number, at()) is not None
    assert outbox.claim(number, at()) is None


def test_whoever_is_gone_or_wants_no_more_gets_nothing() -> None:
    task("一", in_days(-1))
    tick("clerk")
    choose(who("clerk"), Choice(SMS, NUMBER))
    assert only().outcome == Outcome.DROPPED
    choose(who("clerk"), Choice(SMS, NUMBER, is_on=True))
    tick("clerk", 1)
    gone = who("clerk")
    gone.is_active = False
    gone.save()
    peer = Peer()
    send(peer, at(1))
    assert peer.got == []
    assert Message.objects.filter(outcome=Outcome.WAITING).count() == 0


def test_a_person_sends_again_what_may_not_have_arrived() -> None:
    task("一", in_days(-1))
    tick("clerk")
    with pytest.raises(Refused, match="RMD-105"):
        outbox.send_again(only().key, acts("office"), "催")
    send(Peer(Receipt(Outcome.DOUBTFUL, "没有等到答复")), at())
    with pytest.raises(Refused, match="RMD-104"):
        outbox.send_again(only().key, acts("office"), " ")
    assert [row.outcome for row in outbox.unsettled(9)] == [Outcome.DOUBTFUL]
    outbox.send_again(only().key, acts("office"), "本人未收到")
    assert send(Peer(), timezone.now() + timedelta(minutes=1)) == {Outcome.DELIVERED: 1}
    assert journal.of_subject(f"message/{only().pk}")[-1].ground == "本人未收到"


@pytest.mark.parametrize("address", ["", "abc", "139 0000", "13900000000;rm"])
def test_an_address_that_cannot_be_reached_is_refused(address: str) -> None:
    with pytest.raises(Refused, match="RMD-102"):
        choose(who("office"), Choice(SMS, address, is_on=True))


def test_a_choice_is_journalled_without_the_address_and_once() -> None:
    before = journal.head()
    choose(who("clerk"), Choice(SMS, NUMBER, is_on=True))
    assert journal.head() == before
    row = journal.of_subject("person/clerk")[-1]
    assert row.act == "reminders.choose"
    assert NUMBER not in row.after
    assert choices(who("clerk")) == {SMS: Choice(SMS, NUMBER, is_on=True)}
    with pytest.raises(Refused, match="RMD-101"):
        choose(who("clerk"), Choice(ChannelKind.EMAIL, "a@b.example", is_on=True))
