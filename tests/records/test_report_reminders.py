"""Reminders of returns: each occasion once, none to who is let off; urging in bulk; what is done waits no more."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
import returns_site as site
from django.db.models import Q
from django.utils import timezone
from pytest_django import DjangoDbBlocker

from kept import kept
from shuangkong.records.journal.models import JournalRow
from shuangkong.records.notices.models import NoticeBody
from shuangkong.records.notices.store import notices
from shuangkong.records.people.acting import actings
from shuangkong.records.people.models import Person
from shuangkong.records.plans.reminders.grounds import ReminderKind, day_of, grounds
from shuangkong.records.reporting.acts import Said, act
from shuangkong.records.reporting.drafting import ToSave, save
from shuangkong.records.reporting.filing import ToSubmit, submit
from shuangkong.records.reporting.models import Reminded, Reporter, Return
from shuangkong.records.reporting.reminding import remind_reporters, reminded, urge
from shuangkong.reporting.life import EventKind as K
from shuangkong.reporting.life_standing import Standing
from shuangkong.reporting.reminders import Occasion, Stage, occasion

pytestmark = pytest.mark.django_db
DUE = date(2026, 10, 20)


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (14, None),
        (15, Occasion(Stage.DUE_SOON, DUE)),
        (19, Occasion(Stage.DUE_SOON, DUE)),
        (20, Occasion(Stage.DUE_TODAY, DUE)),
        (21, Occasion(Stage.LATE, DUE, 0)),
        (27, Occasion(Stage.LATE, DUE, 0)),
        (28, Occasion(Stage.LATE, DUE, 1)),
    ],
)
def test_an_occasion_has_its_days(day: int, expected: Occasion | None) -> None:
    assert occasion(Standing(due=DUE), date(2026, 10, day), 5, 7) == expected


def test_a_clock_that_stands_has_no_occasion() -> None:
    assert occasion(Standing(due=DUE, held_on=date(2026, 10, 1)), date(2026, 11, 1), 5, 7) is None


@pytest.fixture(scope="module")
def settled(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[site.Site]:
    with kept(django_db_blocker):
        yield site.settle(due=timezone.localdate() + timedelta(days=10))


def stages(number: int) -> list[Stage]:
    return [stage for stage, _on, _who in reminded([number]).get(number, ())]


def test_each_occasion_is_told_once_to_all_in_one_notice(settled: site.Site) -> None:
    due = timezone.localdate() + timedelta(days=10)
    assert remind_reporters(due - timedelta(days=6)) == 0
    for ahead, told in ((5, 2), (5, 0), (3, 0), (0, 2), (0, 0), (-1, 2), (-7, 0), (-8, 2)):
        assert remind_reporters(due - timedelta(days=ahead)) == told, ahead
    assert stages(settled.one) == [Stage.LATE, Stage.LATE, Stage.DUE_TODAY, Stage.DUE_SOON]
    sent = notices(Q(kind="window"))
    assert len(sent) == 4, "one a window and occasion, whatever the number of units"
    assert {len(each.bodies) for each in sent} == {2}
    assert "逾期未报" in sent[0].title
    assert [len(each.waiting) for each in sent] == [2, 0, 0, 0], "only the newest waits to be acknowledged"


def test_stopped_exempt_extended_and_filed_are_left_alone(settled: site.Site) -> None:
    due = timezone.localdate() + timedelta(days=10)
    act(settled.one, site.by("county"), K.EXEMPT, Said("歇业"))
    act(settled.other, site.by("county"), K.EXTEND, Said("盘点", due=due + timedelta(days=20)))
    assert remind_reporters(due) == 0
    assert remind_reporters(due + timedelta(days=20)) == 1, "the new last day is told of in its time"
    act(settled.one, site.by("county"), K.REQUIRE, Said("复工"))
    act(settled.one, site.by("county"), K.STOP, Said("停产"))
    assert remind_reporters(due + timedelta(days=30)) == 1, "the other one, late now"


def test_what_was_filed_since_waits_for_nobody(settled: site.Site) -> None:
    due = timezone.localdate() + timedelta(days=10)
    remind_reporters(due)
    person = Person.objects.get(username="one-reporter")

    def inbox() -> list[ReminderKind]:
        day = day_of(timezone.localdate())
        return [each.kind for acting in actings(person, day.on) for each in grounds(acting, day)]

    assert inbox() == [ReminderKind.NOTICE]
    save(settled.one, site.by("one-reporter"), ToSave(entries=site.told()))
    submit(settled.one, site.by("one-signatory"), ToSubmit())
    remind_reporters(due)
    assert inbox() == []
    assert NoticeBody.objects.filter(lapsed_at=None).count() == 1, "the other unit still owes it"


def test_urging_tells_whoever_owes_it_once_a_day(settled: site.Site) -> None:
    rows = JournalRow.objects.count()
    assert urge(settled.window, Q(), site.by("county"), "请尽快") == (2, 0, 0)
    assert JournalRow.objects.count() == rows + 3, "one a return and one for the notice"
    assert urge(settled.window, Q(), site.by("county"), "请尽快") == (0, 2, 0)
    assert urge(settled.window, Q(), site.by("next"), "别县的") == (0, 0, 0)
    assert set(Return.objects.values_list("reminders", flat=True)) == {1}
    assert set(Reminded.objects.values_list("stage", "author")) == {("urged", "county")}
    act(settled.one, site.by("county"), K.REMIND, Said("再催"))
    assert Reminded.objects.count() == 2


def test_nobody_is_urged_whose_clock_is_stopped(settled: site.Site) -> None:
    act(settled.one, site.by("county"), K.HOLD, Said("省里核口径"))
    assert urge(settled.window, Q(), site.by("county"), "请尽快") == (1, 0, 0)
    assert set(Reminded.objects.values_list("owned", flat=True)) == {settled.other}


def test_for_whom_nobody_acts_the_occasion_waits(settled: site.Site) -> None:
    due = timezone.localdate() + timedelta(days=10)
    body = Reporter.objects.get(returns=settled.one).body
    Reporter.objects.filter(returns=settled.one).update(body=None)
    assert remind_reporters(due) == 1
    assert urge(settled.window, Q(), site.by("county"), "请尽快") == (1, 0, 1)
    Reporter.objects.filter(returns=settled.one).update(body=body)
    assert remind_reporters(due) == 1, "told as soon as somebody acts for it"
