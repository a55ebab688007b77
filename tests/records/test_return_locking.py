"""Locking a whole window: all that every level has approved, each with its row of the journal, in few queries."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import returns_site as site
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoDbBlocker

from kept import kept
from shuangkong.records.journal.models import JournalRow
from shuangkong.records.people.access import Forbidden
from shuangkong.records.refusal import Refused
from shuangkong.records.reporting.acts import Said, act
from shuangkong.records.reporting.drafting import ToSave, save
from shuangkong.records.reporting.filing import ToSubmit, submit
from shuangkong.records.reporting.locking import lock_window
from shuangkong.records.reporting.models import Event, Return
from shuangkong.records.reporting.store import happened, one, standing_of
from shuangkong.reporting.life import Event as LifeEvent
from shuangkong.reporting.life import EventKind, State
from shuangkong.reporting.life_standing import standing

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def held(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[site.Site]:
    with kept(django_db_blocker):
        yield site.settle()


def accepted(number: int, who: str) -> None:
    save(number, site.by(f"{who}-reporter"), ToSave(entries=site.told()))
    submit(number, site.by(f"{who}-signatory"), ToSubmit())
    act(number, site.by("county"), EventKind.ACCEPT)


def approved(number: int, who: str, *levels: str) -> None:
    accepted(number, who)
    for level in levels:
        act(number, site.by(level), EventKind.APPROVE)


LEVELS = ("county", "city", "province")


def test_all_that_is_approved_is_locked_at_once_and_the_rest_stays(held: site.Site) -> None:
    approved(held.one, "one", *LEVELS)
    approved(held.other, "other", "county")
    assert lock_window(held.window, site.by("province"), ground="年报定库") == (1, 1)
    rows = {row.pk: row for row in Return.objects.all()}
    assert rows[held.one].state == State.LOCKED
    assert rows[held.other].state == State.APPROVED
    last = happened(held.one)[-1]
    assert (last.kind, last.ground, last.author) == (EventKind.LOCK, "年报定库", "province")
    written = JournalRow.objects.get(sequence=last.journal)
    assert (written.act, written.subject, written.ground) == ("return.lock", f"return/{held.one}", "年报定库")
    events = [LifeEvent(each.kind, each.on, each.version, each.level, each.due) for each in happened(held.one)]
    row = one(held.one)
    assert row is not None
    assert standing(row.standing.due, row.standing.levels, events) == standing_of(rows[held.one])


def test_a_place_of_the_window_alone_and_what_is_nowhere_in_it(held: site.Site) -> None:
    approved(held.one, "one", *LEVELS)
    with pytest.raises(Refused) as elsewhere:
        lock_window(held.window, site.by("province"), site.OTHER)
    assert elsewhere.value.code == "RPT-906"  # in the window, and nothing there is approved
    with pytest.raises(Refused) as nowhere:
        lock_window(held.window, site.by("province"), "990000")
    assert nowhere.value.code == "RPT-907"
    assert lock_window(held.window, site.by("province"), site.COUNTY) == (1, 1)


def test_who_did_not_open_the_window_locks_none_of_it(held: site.Site) -> None:
    approved(held.one, "one", *LEVELS)
    for who in ("county", "city", "one-signatory", "next"):
        with pytest.raises(Forbidden):
            lock_window(held.window, site.by(who))
    assert not Event.objects.filter(kind=EventKind.LOCK).exists()


def test_two_returns_take_no_more_queries_than_one(held: site.Site) -> None:
    approved(held.one, "one", *LEVELS)
    by = site.by("province")
    with CaptureQueriesContext(connection) as alone:
        lock_window(held.window, by)
    act(held.one, by, EventKind.UNLOCK, Said("再审"))
    approved(held.other, "other", *LEVELS)
    with CaptureQueriesContext(connection) as both:
        assert lock_window(held.window, by) == (2, 0)
    assert len(both) == len(alone) <= 16
