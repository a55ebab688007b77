"""Units for whom nothing changed are passed over by the clock, and nobody else is."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
import returns_site as site
from django.utils import timezone
from pytest_django import DjangoDbBlocker

from kept import kept
from shuangkong.records.notices.models import Notice
from shuangkong.records.notices.store import acknowledge
from shuangkong.records.people.acting import appoint, withdraw
from shuangkong.records.people.models import Appointment, Person
from shuangkong.records.people.roles import Role
from shuangkong.records.plans.reminders.grounds import day_of
from shuangkong.records.plans.reminders.models import ChannelChoice, Reminder
from shuangkong.records.plans.reminders.reminding import remind, remind_all
from shuangkong.records.plans.reminders.whom import whom
from shuangkong.records.registry.models import Body
from shuangkong.records.reporting.reminding import remind_reporters

pytestmark = pytest.mark.django_db
UNITS = {"one-reporter", "one-signatory", "other-reporter", "other-signatory"}


@pytest.fixture(scope="module")
def settled(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[site.Site]:
    with kept(django_db_blocker):
        yield site.settle(due=timezone.localdate() + timedelta(days=3))


def looked_at() -> set[str]:
    """Whoever of the units is looked at; offices always are."""
    return {each.username for each in whom()} & UNITS


def ticked() -> tuple[int, int]:
    """What a tick does; afterwards looking at everybody must find nothing more."""
    now = timezone.now()
    found = remind_all(now)
    held = set(Reminder.objects.values_list("person", "key", "ended_at"))
    for each in Person.objects.filter(is_active=True):
        assert remind(each, day_of(timezone.localdate()), now) == (0, 0), each
    assert set(Reminder.objects.values_list("person", "key", "ended_at")) == held
    return found


def test_a_notice_is_told_once_and_ends_when_it_is_acknowledged(settled: site.Site) -> None:
    ticked()
    assert looked_at() == set()
    remind_reporters(timezone.localdate())
    assert looked_at() == UNITS
    assert ticked()[0] >= len(UNITS)
    assert looked_at() == set()
    acknowledge(Notice.objects.latest("pk").pk, "", site.by("one-reporter"))
    assert looked_at() == {"one-reporter", "one-signatory"}
    ticked()
    assert looked_at() == set()


def test_whoever_comes_is_told_and_whoever_goes_no_more(settled: site.Site) -> None:
    remind_reporters(timezone.localdate())
    ticked()
    body = Appointment.objects.get(person__username="one-reporter").body_id
    Person.objects.create_user("new")
    appoint("new", Role.REPORTER, site.ADMIN, site.GROUND, body, site.COUNTY)
    assert "new" in {each.username for each in whom()}
    assert ticked()[0] == 1
    withdraw(Appointment.objects.get(person__username="new").pk, site.ADMIN, site.GROUND)
    ticked()
    assert not Reminder.objects.filter(person__username="new", ended_at=None).exists()


def test_bodies_that_may_answer_for_others_and_people_with_messages_are_always_looked_at(settled: site.Site) -> None:
    remind_reporters(timezone.localdate())
    ticked()
    one = Person.objects.get(username="one-reporter")
    ChannelChoice.objects.create(
        person=one, channel="email", address="one@example.com", language="en", is_on=True, decided_at=timezone.now()
    )
    assert looked_at() == {"one-reporter"}
    Body.objects.filter(appointments__person__username="other-reporter").update(name="云川经济开发区管委会")
    assert looked_at() == UNITS - {"one-signatory"}
