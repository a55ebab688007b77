"""Days for sending in again: whoever filed in time is not late because an office returned it after the last day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
import returns_site as site
from django.db.models import Q
from django.utils import timezone
from pytest_django import DjangoDbBlocker

from kept import kept
from shuangkong.records.reporting.acts import Said, act
from shuangkong.records.reporting.boards import Tally, tallies
from shuangkong.records.reporting.drafting import ToSave, save
from shuangkong.records.reporting.filing import ToSubmit, submit
from shuangkong.records.reporting.models import Event, Return, Window
from shuangkong.records.reporting.reminding import remind_reporters
from shuangkong.records.reporting.store import one
from shuangkong.reporting.life import EventKind as K
from shuangkong.reporting.life_standing import Clock, clock

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate
#: Days that the policy gives (policy/national/reporting/reminders/redo_days.yaml).
REDO = 5


@pytest.fixture(scope="module")
def held(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[site.Site]:
    """Both handed in a fortnight ago, a day before the last one."""
    with kept(django_db_blocker):
        found = site.settle()
        for who in ("one", "other"):
            save(getattr(found, who), site.by(f"{who}-reporter"), ToSave(entries=site.told()))
            submit(getattr(found, who), site.by(f"{who}-signatory"), ToSubmit())
        due = TODAY() - timedelta(days=13)
        Window.objects.update(due=due)
        Return.objects.update(due=due, received_on=due - timedelta(days=1))
        Event.objects.filter(kind=K.OPEN).update(due=due)
        Event.objects.update(on=due - timedelta(days=1))
        yield found


def returned(number: int, **told: object) -> Return:
    act(number, site.by("statistics"), K.RETURN, Said("请核对", **told))  # type: ignore[arg-type]
    return Return.objects.get(pk=number)


def test_returned_after_the_last_day_it_is_not_overdue(held: site.Site) -> None:
    row = returned(held.one)
    assert row.redo_by == TODAY() + timedelta(days=REDO)
    found = one(held.one)
    assert found is not None
    assert clock(found.standing, TODAY(), 0) is Clock.CALM
    assert clock(found.standing, TODAY() + timedelta(days=REDO + 1), 0) is Clock.LATE
    assert Tally.sum(tallies(Q(), ("window",), TODAY()).values()).overdue == 0
    assert remind_reporters(TODAY()) <= 1, "near its last day at most, not late"
    assert Event.objects.get(owned=row, kind=K.RETURN).due == row.redo_by, "what was recorded is what holds"


def test_sent_in_again_it_came_in_time(held: site.Site) -> None:
    returned(held.one)
    save(held.one, site.by("one-reporter"), ToSave(entries=site.told(purchased="950", closing_stock="250")))
    submit(held.one, site.by("one-signatory"), ToSubmit())
    found = one(held.one)
    assert found is not None
    assert clock(found.standing, TODAY(), 0) is Clock.RECEIVED


def test_an_office_gives_more_days_and_never_fewer(held: site.Site) -> None:
    assert returned(held.one, due=TODAY() + timedelta(days=1)).redo_by == TODAY() + timedelta(days=REDO)
    assert returned(held.other, due=TODAY() + timedelta(days=30)).redo_by == TODAY() + timedelta(days=30)


def test_nobody_sends_in_again_before_it_was_due_at_all(held: site.Site) -> None:
    due = TODAY() + timedelta(days=20)
    Return.objects.update(due=due)
    assert returned(held.one).redo_by == due
