"""Reminders: what the clocks say, told once to whoever acts for it, quiet until something changed."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
import reminding_county as county
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from reminding_county import acts, in_days, task, tick, who

from shuangkong.plans.tasks.events import EventKind, Grade, Part
from shuangkong.records.people.acting import appoint, withdraw
from shuangkong.records.people.models import Appointment
from shuangkong.records.people.roles import Role
from shuangkong.records.plans.reminders import inbox
from shuangkong.records.plans.reminders.grounds import NEWS_DAYS, ReminderKind
from shuangkong.records.plans.reminders.models import Reminder
from shuangkong.records.plans.reminders.reminding import remind_all
from shuangkong.records.plans.reminders.wording import line, words_of
from shuangkong.records.plans.tasks.acts import act
from shuangkong.records.plans.tasks.matters import acknowledge, raise_matter
from shuangkong.records.plans.tasks.models import Matter, TaskBody
from shuangkong.records.plans.tasks.thresholds import escalation, thresholds

pytestmark = pytest.mark.django_db
SHOWN = 50


@pytest.fixture(autouse=True)
def settled(db: None) -> None:
    county.settle()


def told(name: str) -> list[tuple[ReminderKind, str]]:
    """Kinds and titles of what holds for a person."""
    seen = inbox.open_to(who(name))
    return [(row.kind, row.title) for kind in ReminderKind for row in inbox.rows(seen, kind, 0, SHOWN)]


def test_a_clerk_is_told_of_what_her_body_owes_and_nobody_else_is() -> None:
    task("到期的", in_days(3))
    task("逾期的", in_days(-1))
    task("远的", in_days(300))
    assert tick("clerk") == (2, 0)
    assert told("clerk") == [(ReminderKind.LATE, "逾期的"), (ReminderKind.DUE_SOON, "到期的")]
    assert tick("helper") == (0, 0)
    assert told("helper") == []


def test_a_second_tick_of_the_day_changes_nothing() -> None:
    task("逾期的", in_days(-1))
    tick("clerk")
    before = list(Reminder.objects.values())
    assert tick("clerk") == (0, 0)
    assert tick("clerk", hour=17) == (0, 0)
    assert list(Reminder.objects.values()) == before


def test_days_pass_and_only_what_changed_is_told() -> None:
    days = escalation(in_days(0))
    number = task("将到期的", in_days(2))
    assert tick("clerk", 0) == (1, 0)
    assert tick("clerk", 1) == (0, 0)
    assert tick("clerk", 3) == (1, 0), "it is late now"
    assert [kind for kind, _ in told("clerk")] == [ReminderKind.LATE]
    assert tick("clerk", 4) == (0, 0)
    assert tick("office", 2 + days.remind) == (0, 0)
    assert tick("office", 3 + days.remind) == (1, 0), "to be reminded of"
    assert told("office") == [(ReminderKind.REMIND, "将到期的")]
    assert tick("clerk", 3 + days.remind) == (1, 0), "told once more"
    act(number, acts("office"), EventKind.REMIND, "请加快")
    assert tick("office", 4 + days.remind) == (0, 0)
    assert told("office") == []
    assert tick("office", 3 + days.circulate) == (1, 0)
    assert told("office") == [(ReminderKind.CIRCULATE, "将到期的")]


def test_the_office_is_told_to_circulate_only_after_a_reminder_and_once() -> None:
    days = escalation(in_days(0))
    number = task("久拖的", in_days(-1 - days.circulate))
    tick("office")
    assert told("office") == [(ReminderKind.REMIND, "久拖的")], "nobody was reminded yet"
    act(number, acts("office"), EventKind.REMIND, "请加快")
    tick("office")
    assert told("office") == [(ReminderKind.CIRCULATE, "久拖的")]
    act(number, acts("office"), EventKind.CIRCULATE, "通报")
    tick("office")
    assert told("office") == [], "it has been circulated"


def test_what_waits_for_the_office_itself_is_not_to_be_reminded_of() -> None:
    days = escalation(in_days(0))
    number = task("已报的", in_days(-1 - days.circulate))
    act(number, acts("office"), EventKind.REMIND, "请加快")
    act(number, acts("clerk"), EventKind.REPORT, "办完了", Grade.DONE)
    tick("office")
    assert told("office") == [(ReminderKind.JUDGE, "已报的")]


def test_every_reminder_reaches_the_body_with_its_words_until_it_answers() -> None:
    number = task("拖着的", in_days(-3))
    tick("clerk")
    for words in ("请加快", "最后一次"):
        act(number, acts("office"), EventKind.REMIND, words)
        assert tick("clerk") == (1, 0)
        shown = inbox.rows(inbox.open_to(who("clerk")), ReminderKind.REMINDED, 0, SHOWN)
        assert [(row.title, row.text, row.is_read) for row in shown] == [("拖着的", words, False)]
    assert tick("clerk") == (0, 0)
    act(number, acts("clerk"), EventKind.ASK, "缺料", due=in_days(30))
    tick("clerk")
    assert ReminderKind.REMINDED not in dict(told("clerk"))


def test_circular_and_listing_reach_the_body() -> None:
    number, office = task("拖着的", in_days(-3)), acts("office")
    act(number, office, EventKind.REMIND, "请加快")
    act(number, office, EventKind.CIRCULATE, "通报批评")
    act(number, office, EventKind.LIST, "挂牌督办")
    tick("clerk")
    kinds = [kind for kind, _ in told("clerk")]
    assert kinds == [ReminderKind.CIRCULATED, ReminderKind.LISTED, ReminderKind.REMINDED, ReminderKind.LATE]
    act(number, office, EventKind.DELIST, "已整改")
    tick("clerk")
    assert ReminderKind.LISTED not in dict(told("clerk"))


def test_the_words_stand_in_the_message_too() -> None:
    number = task("拖着的", in_days(-3))
    act(number, acts("office"), EventKind.REMIND, "本周内报")
    tick("clerk")
    row = Reminder.objects.select_related("event").get(kind=ReminderKind.REMINDED)
    assert line(ReminderKind.REMINDED, "拖着的", None, False, "zh-hans", words_of(row.event, "zh-hans")).endswith(
        "拖着的：本周内报"
    )


@pytest.mark.parametrize(
    ("answer", "said", "words"),
    [
        (EventKind.EXTEND, {"due": in_days(30)}, "已批准延期：同意"),
        (EventKind.DECLINE, {}, "不同意延期：同意"),
        (EventKind.STOP, {}, "暂停计时：同意"),
    ],
)
def test_an_answer_is_told_as_news(answer: EventKind, said: dict[str, date], words: str) -> None:
    number = task("要延期的", in_days(9))
    act(number, acts("clerk"), EventKind.ASK, "缺料", due=in_days(40))
    assert tick("office") == (1, 0)
    assert told("office") == [(ReminderKind.ASKED, "要延期的")]
    act(number, acts("office"), answer, "同意", **said)  # type: ignore[arg-type]
    tick("office")
    assert (told("office") == []) is (answer is not EventKind.STOP)
    tick("clerk")
    row = Reminder.objects.select_related("event").get(kind=ReminderKind.ANSWERED)
    assert words_of(row.event, "zh-hans") == words
    tick("clerk", NEWS_DAYS)
    assert ReminderKind.ANSWERED not in dict(told("clerk")), "it is no news any more"


def test_an_accepted_report_is_told_to_who_made_it() -> None:
    number = task("要报的", in_days(200))
    act(number, acts("clerk"), EventKind.REPORT, "办完了", Grade.DONE)
    act(number, acts("office"), EventKind.ACCEPT, "属实")
    assert tick("clerk") == (1, 0)
    assert told("clerk") == [(ReminderKind.ANSWERED, "要报的")]


def test_a_standing_body_is_asked_to_confirm_too() -> None:
    number = task("普遍落实的", in_days(200), helped=True)
    TaskBody.objects.filter(task=number, part=Part.PARTICIPANT).update(part=Part.STANDING)
    tick("helper")
    assert told("helper") == [(ReminderKind.CONFIRM, "普遍落实的")]


def test_report_judgement_and_return_reach_the_right_person() -> None:
    number = task("要报的", in_days(200))
    act(number, acts("clerk"), EventKind.REPORT, "已开工", Grade.ON_TRACK, Decimal(10))
    assert tick("office") == (1, 0)
    assert told("office") == [(ReminderKind.JUDGE, "要报的")]
    act(number, acts("office"), EventKind.RETURN, "缺材料")
    tick("office")
    tick("clerk")
    assert told("office") == []
    assert told("clerk") == [(ReminderKind.RETURNED, "要报的")]
    act(number, acts("clerk"), EventKind.REPORT, "补材料", Grade.ON_TRACK, Decimal(20))
    assert tick("office") == (1, 0), "a second report is told anew"
    assert tick("clerk") == (0, 0)
    assert told("clerk") == []


def test_an_extension_ends_one_reminder_and_the_new_day_brings_another() -> None:
    number = task("延期的", in_days(1))
    tick("clerk")
    act(number, acts("office"), EventKind.EXTEND, "汛期", due=in_days(100))
    tick("clerk")
    assert told("clerk") == [(ReminderKind.ANSWERED, "延期的")]
    assert tick("clerk", 99) == (1, 0)
    assert told("clerk") == [(ReminderKind.DUE_SOON, "延期的")]


def test_silence_is_told_again_after_as_long_again() -> None:
    silent = thresholds(in_days(0)).silent
    task("无声的", None)
    assert tick("clerk", silent) == (0, 0)
    assert tick("clerk", silent + 1) == (1, 0)
    assert tick("clerk", silent + 2) == (0, 0)
    assert tick("clerk", 2 * silent + 1) == (1, 0)
    assert told("clerk") == [(ReminderKind.SILENT, "无声的")]


def test_a_participant_is_asked_to_confirm_until_it_did() -> None:
    number = task("配合的", in_days(200), helped=True)
    assert tick("helper") == (1, 0)
    assert told("helper") == [(ReminderKind.CONFIRM, "配合的")]
    act(number, acts("helper"), EventKind.CONFIRM)
    tick("helper")
    assert told("helper") == []


def test_a_matter_waits_for_the_leader_and_is_told_again_when_that_is_late() -> None:
    raise_matter("窑炉故障", "已停产", in_days(0), acts("clerk"))
    row = Matter.objects.get()
    assert tick("leader") == (1, 0)
    assert tick("office") == (0, 0)
    late = (row.acknowledge_by - in_days(0)).days + 1
    assert tick("leader", late - 1) == (0, 0)
    assert tick("leader", late) == (1, 0)
    acknowledge(row.pk, "请核查", acts("leader"))
    tick("leader", late)
    assert told("leader") == []


def test_the_nearest_office_is_told_and_the_one_above_is_not() -> None:
    for region, title in ((county.COUNTY, "县里的"), (county.TOWN, "镇里的")):
        number = task(title, in_days(200), region)
        act(number, acts("clerk"), EventKind.REPORT, "已开工", Grade.ON_TRACK)
    assert tick("office") == (2, 0), "a town without an office is the county's"
    assert tick("upper") == (0, 0)
    withdraw(Appointment.objects.get(person=who("office")).pk, county.ADMIN, "调离")
    assert tick("upper") == (2, 0), "now nobody is nearer"


def test_who_lost_the_appointment_sees_nothing_of_it_at_once() -> None:
    task("逾期的", in_days(-1))
    tick("clerk")
    assert inbox.unread(inbox.open_to(who("clerk"))) == 1
    withdraw(Appointment.objects.get(person=who("clerk")).pk, county.ADMIN, "调离")
    assert inbox.unread(inbox.open_to(who("clerk"))) == 0
    tick("clerk")
    assert not Reminder.objects.filter(ended_at=None).exists()


def test_a_task_that_went_to_another_body_is_hidden_at_once() -> None:
    number = task("逾期的", in_days(-1))
    tick("clerk")
    TaskBody.objects.filter(task=number).update(ended_on=in_days(0))
    assert inbox.unread(inbox.open_to(who("clerk"))) == 0


def test_what_was_told_to_one_office_of_a_person_is_not_shown_to_its_other() -> None:
    task("逾期的", in_days(-1))
    appoint("clerk", Role.LEADING_GROUP, county.ADMIN, "兼任", region=county.COUNTY)
    tick("clerk")
    assert inbox.unread(inbox.open_to(who("clerk"))) == 1
    withdraw(Appointment.objects.get(person=who("clerk"), role=Role.DEPARTMENT).pk, county.ADMIN, "免兼")
    assert inbox.unread(inbox.open_to(who("clerk"))) == 0


def test_a_report_that_replaces_one_that_waits_is_told_anew() -> None:
    number = task("要报的", in_days(200))
    act(number, acts("clerk"), EventKind.REPORT, "已开工", Grade.ON_TRACK, Decimal(10))
    assert tick("office") == (1, 0)
    act(number, acts("clerk"), EventKind.REPORT, "更正", Grade.ON_TRACK, Decimal(15))
    assert tick("office") == (1, 0)
    assert told("office") == [(ReminderKind.JUDGE, "要报的")]


def test_read_stays_read_and_what_comes_back_is_unread() -> None:
    number = task("逾期的", in_days(-1))
    tick("clerk")
    assert inbox.mark_read(inbox.open_to(who("clerk"))) == 1
    tick("clerk")
    seen = inbox.open_to(who("clerk"))
    assert inbox.unread(seen) == 0
    assert inbox.counts(seen) == {ReminderKind.LATE: (1, 0)}
    act(number, acts("office"), EventKind.STOP, "诉讼")
    tick("clerk")
    assert inbox.counts(inbox.open_to(who("clerk"))) == {ReminderKind.ANSWERED: (1, 1)}
    other = task("又一项", in_days(-1))
    tick("clerk")
    act(other, acts("office"), EventKind.STATE, "已完成", Grade.DONE)
    tick("clerk")
    tick("clerk")
    inbox.mark_read(inbox.open_to(who("clerk")))
    act(other, acts("office"), EventKind.STATE, "其实没有完成", Grade.BEHIND)
    assert tick("clerk") == (2, 0), "it is late again, and that was said"
    assert inbox.unread(inbox.open_to(who("clerk"))) == 2


def test_nobody_marks_what_is_anothers() -> None:
    task("逾期的", in_days(-1))
    tick("clerk")
    number = Reminder.objects.get().pk
    assert inbox.mark_read(inbox.open_to(who("helper")), [number]) == 0
    assert inbox.unread(inbox.open_to(who("clerk"))) == 1


def test_the_number_of_queries_does_not_grow_with_the_tasks() -> None:
    def queries(name: str, days: int) -> int:
        with CaptureQueriesContext(connection) as counted:
            tick(name, days)
        return len(counted)

    task("一", in_days(-1), helped=True)
    first = {name: queries(name, 0) for name in ("clerk", "office", "leader")}
    for number in range(30):
        task(f"多 {number}", in_days(-1), helped=True)
    for name, count in first.items():
        assert queries(name, 0) <= count + 2, name
    assert first["clerk"] <= 34


def test_everybody_who_is_active_is_told() -> None:
    task("逾期的", in_days(-1), helped=True)
    gone = who("helper")
    gone.is_active = False
    gone.save()
    assert remind_all(timezone.now()) == (1, 0)
