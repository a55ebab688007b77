"""Notices: told to bodies, acknowledged once each; among the reminders, and by messages: urgent ones at any hour."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import reminding_county as county
from django.utils import timezone
from reminding_county import COUNTY, acts, at, in_days, task, tick, who

from shuangkong.records.journal import store as journal
from shuangkong.records.notices import store
from shuangkong.records.notices.rows import Addressed, NoticeKind, NoticeRow, ToSend
from shuangkong.records.notices.whom import governments_of
from shuangkong.records.people.access import Forbidden
from shuangkong.records.plans.reminders import inbox
from shuangkong.records.plans.reminders.channels import ChannelKind, Setup
from shuangkong.records.plans.reminders.choices import Choice, choose
from shuangkong.records.plans.reminders.grounds import ReminderKind
from shuangkong.records.plans.reminders.models import Message
from shuangkong.records.refusal import Refused
from shuangkong.records.registry.tree import path_of

pytestmark = pytest.mark.django_db
NIGHT = 22


@pytest.fixture(autouse=True)
def settled(db: None, settings: Any) -> None:
    settings.CHANNELS = {ChannelKind.SMS: Setup("http://sms.invalid/")}
    county.settle()
    choose(who("clerk"), Choice(ChannelKind.SMS, "13900000000", is_on=True))


def sent(*names: str, is_urgent: bool = False) -> int:
    """A notice to the bodies of some people."""
    bodies = tuple(Addressed(acts(name).body or 0, f"给{name}的话") for name in names)
    given = ToSend(
        kind=NoticeKind.WEATHER, thing=7, title="启动应急响应", text="自今晚起执行。\n依据：预测", region=COUNTY,
        path=path_of(COUNTY), bodies=bodies, is_urgent=is_urgent, is_demo=True,
    )  # fmt: skip
    return store.send(given, acts("office")) or 0


def row(number: int) -> NoticeRow:
    found = store.notice(number)
    assert found is not None
    return found


def test_each_body_acknowledges_for_itself_and_it_stays_on_record() -> None:
    number = sent("clerk", "helper")
    store.acknowledge(number, "已停窑", acts("clerk"))
    assert [(each.answer, each.author) for each in row(number).bodies] == [("已停窑", "clerk"), ("", "")]
    assert [each.body for each in row(number).waiting] == [acts("helper").body]
    with pytest.raises(Refused, match="NTC-102"):
        store.acknowledge(number, "", acts("clerk"))
    with pytest.raises(Forbidden):
        store.acknowledge(number, "", acts("office"))
    with pytest.raises(Refused, match="NTC-101"):
        store.acknowledge(number + 1, "", acts("clerk"))
    assert [each.act for each in journal.of_subject(f"notice/{number}")] == ["notice.send", "notice.acknowledge"]


def test_whoever_is_told_sees_what_is_for_the_own_body_only() -> None:
    number = sent("clerk", "helper")
    assert [each.text for each in store.seen_by(row(number), acts("clerk")).bodies] == ["给clerk的话"]
    assert len(store.seen_by(row(number), acts("office")).bodies) == 2
    assert store.notices(store.readable(acts("helper"))) == store.notices(store.readable(acts("office")))
    alone = sent("clerk")
    assert alone not in {each.id for each in store.notices(store.readable(acts("helper")))}


def test_an_acknowledgement_of_later_was_not_known_before(monkeypatch: pytest.MonkeyPatch) -> None:
    number = sent("clerk")
    later = timezone.now() + timedelta(days=2)
    with monkeypatch.context() as patched:
        patched.setattr("django.utils.timezone.now", lambda: later)
        store.acknowledge(number, "", acts("clerk"))
    assert row(number).waiting == ()
    assert len(store.notices(store.readable(acts("office")), in_days(1))[0].waiting) == 1
    assert store.notice(number, in_days(-1)) is None


def test_it_waits_among_the_reminders_until_it_is_acknowledged() -> None:
    number = sent("clerk")
    assert tick("clerk") == (1, 1)
    [found] = inbox.rows(inbox.open_to(who("clerk")), ReminderKind.NOTICE, 0, 10)
    assert (found.notice, found.title, found.is_demo) == (number, "启动应急响应", True)
    assert tick("helper") == (0, 0), "it was not sent to that body"
    store.acknowledge(number, "", acts("clerk"))
    tick("clerk", hour=10)
    assert inbox.rows(inbox.open_to(who("clerk")), ReminderKind.NOTICE, 0, 10) == ()
    [message] = Message.objects.all()
    assert message.subject == "双控提醒：通知待签收 1 项"
    assert message.lines == ["【通知待签收】启动应急响应（演示数据）"]


def test_an_urgent_one_leaves_at_once_though_the_message_of_the_day_has_left() -> None:
    """At night, after the day's message: one of its own, once, with what is to be done; the day's is untouched."""
    task("逾期", in_days(-1))
    assert tick("clerk") == (1, 1)
    number = sent("clerk", is_urgent=True)
    assert tick("clerk", hour=NIGHT) == (1, 1)
    assert tick("clerk", hour=NIGHT) == (0, 0)
    urgent = Message.objects.get(key__startswith=f"notice/{number}/")
    assert urgent.next_at == at(hour=NIGHT)
    assert "自今晚起执行。" in urgent.lines
    task("又一项逾期", in_days(-1))
    assert tick("clerk", hour=NIGHT + 1)[1] == 0, "the day has its message"
    assert tick("clerk", days=1) == (0, 1)
    assert "又一项逾期" in str(Message.objects.latest("pk").lines), "what opened after the day's message is told"


def test_one_that_is_not_urgent_waits_for_the_morning() -> None:
    sent("clerk")
    assert tick("clerk", hour=NIGHT) == (1, 1)
    assert Message.objects.get().next_at > at(hour=NIGHT)


def test_a_region_is_told_at_its_government() -> None:
    first = governments_of([COUNTY])
    assert governments_of([COUNTY]) == first, "named once"
    assert set(first) == {COUNTY}
