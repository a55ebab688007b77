"""The rounds that a clock makes, and the calendar that a person subscribes to."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import reminding_county as county
from reminding_county import acts, in_days, task, who

from shuangkong.plans.tasks.events import EventKind, Grade, Part
from shuangkong.plans.tasks.recurrence import Recurrence, rounds
from shuangkong.records.journal import store as journal
from shuangkong.records.people.acting import withdraw
from shuangkong.records.people.models import Appointment
from shuangkong.records.plans.reminders.calendar import (
    address_made_at,
    entries,
    make_address,
    person_of,
    revoke_address,
)
from shuangkong.records.plans.reminders.models import CalendarAddress
from shuangkong.records.plans.reminders.recurring import present_round, renew
from shuangkong.records.plans.tasks import store
from shuangkong.records.plans.tasks.acts import act
from shuangkong.records.plans.tasks.models import Task
from shuangkong.records.plans.tasks.rows import TaskKind

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def settled(db: None) -> None:
    county.settle()


def duty(title: str, often: Recurrence) -> int:
    """A recurring duty of the clerk's body, as assigning leaves it."""
    number = task(title, None)
    Task.objects.filter(pk=number).update(kind=TaskKind.DUTY, recurrence=often)
    return number


@pytest.mark.parametrize("often", [Recurrence.YEARLY, Recurrence.HALF_YEARLY, Recurrence.QUARTERLY, Recurrence.MONTHLY])
@pytest.mark.parametrize("day", [date(2024, 2, 29), date(2025, 1, 1), date(2025, 12, 31), date(2025, 6, 30)])
def test_the_present_round_is_the_first_that_is_not_over(often: Recurrence, day: date) -> None:
    present = present_round(often, day)
    assert present.due >= day
    assert not [each for each in rounds(often, day - timedelta(days=400), day) if each.due >= day and each != present]


def test_each_period_brings_one_round_and_no_second_one() -> None:
    number = duty("每季度报一次", Recurrence.QUARTERLY)
    day = date(2031, 2, 10)
    assert renew(day) == 1
    assert renew(day) == 0
    assert renew(date(2031, 3, 31)) == 0
    assert renew(date(2031, 4, 1)) == 1
    made = store.children(number)
    assert [(row.period, row.standing.due) for row in made] == [
        ("2031-Q1", date(2031, 3, 31)),
        ("2031-Q2", date(2031, 6, 30)),
    ]
    assert [(part.id, part.part) for row in made for part in row.parts] == [(acts("clerk").body, Part.SOLE)] * 2
    assert [each.kind for each in store.events(made[0].id)] == [EventKind.ASSIGN]
    row = journal.of_subject("plan")[-1]
    assert (row.author, row.act) == ("system", "task.renew")


def test_what_is_over_or_has_no_period_is_not_renewed() -> None:
    over = duty("每月报一次", Recurrence.MONTHLY)
    act(over, acts("office"), EventKind.STATE, "已完成", Grade.DONE)
    stopped = duty("每月查一次", Recurrence.MONTHLY)
    act(stopped, acts("office"), EventKind.STOP, "诉讼")
    duty("定期报", Recurrence.REGULAR)
    before = journal.head()
    assert renew(date(2031, 2, 10)) == 0
    assert journal.head() == before


def test_a_calendar_has_the_due_days_of_the_bodys_live_tasks() -> None:
    task("二", in_days(9))
    number = task("一", in_days(5), helped=True)
    task("无期限", None)
    done = task("已办", in_days(7))
    act(done, acts("office"), EventKind.STATE, "已完成", Grade.DONE)
    first, second = entries(who("clerk"))
    assert [(each.day, each.title) for each in (first, second)] == [(in_days(5), "一"), (in_days(9), "二")]
    assert first.about == f"task/{number}"
    assert entries(who("helper")) == (), "a participant does not owe it"
    act(number, acts("office"), EventKind.EXTEND, "汛期", due=in_days(60))
    later = entries(who("clerk"))[1]
    assert (later.about, later.day, later.version > first.version) == (first.about, in_days(60), True)
    withdraw(Appointment.objects.get(person=who("clerk")).pk, county.ADMIN, "调离")
    assert entries(who("clerk")) == ()


def test_an_address_is_secret_single_and_revocable() -> None:
    first = make_address(who("clerk"))
    assert not CalendarAddress.objects.filter(digest__contains=first).exists()
    assert person_of(first) == who("clerk")
    second = make_address(who("clerk"))
    assert (person_of(first), person_of(second)) == (None, who("clerk"))
    assert address_made_at(who("clerk")) is not None
    assert revoke_address(who("clerk"))
    assert not revoke_address(who("clerk"))
    assert (person_of(second), address_made_at(who("clerk"))) == (None, None)
    assert [row.act for row in journal.of_subject("person/clerk")][-3:] == [
        "calendar.make", "calendar.make", "calendar.revoke",
    ]  # fmt: skip


def test_whoever_is_deactivated_has_no_calendar() -> None:
    secret = make_address(who("clerk"))
    gone = who("clerk")
    gone.is_active = False
    gone.save()
    assert person_of(secret) is None
