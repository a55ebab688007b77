"""A window put off as a whole: in bulk as the table of states says, in portions; a later day of its own stays."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
import returns_site as site
from django.db import connection
from django.db.models import Q
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import DjangoDbBlocker

from kept import kept
from shuangkong.records.journal.models import JournalRow
from shuangkong.records.notices.models import Notice, NoticeBody
from shuangkong.records.people.access import Forbidden
from shuangkong.records.refusal import Refused
from shuangkong.records.reporting import putting_off
from shuangkong.records.reporting.acts import Said, act
from shuangkong.records.reporting.boards import Tally, tallies
from shuangkong.records.reporting.clock import keep_ready
from shuangkong.records.reporting.counting import keep_counts, kept_now, kept_then, standings_then
from shuangkong.records.reporting.drafting import ToSave, save
from shuangkong.records.reporting.filing import ToSubmit, submit
from shuangkong.records.reporting.models import Event, PutOff, Reporter, Return, Window
from shuangkong.records.reporting.putting_off import PutOffTold, due_then, put_off, put_offs
from shuangkong.records.reporting.reminding import remind_reporters
from shuangkong.records.reporting.store import standing_of
from shuangkong.reporting.life import OWED, State
from shuangkong.reporting.life import Event as LifeEvent
from shuangkong.reporting.life import EventKind as K
from shuangkong.reporting.life_standing import after

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate
DAY = timedelta(days=1)
#: So many more units owe it in each of the states that there are.
MANY = 60


@pytest.fixture(scope="module")
def held(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[site.Site]:
    """Both were due three days ago."""
    with kept(django_db_blocker):
        found = site.settle()
        due = TODAY() - 3 * DAY
        Window.objects.update(due=due, opened_at=timezone.now() - 10 * DAY)
        Return.objects.update(due=due)
        Event.objects.update(due=due, on=TODAY() - 10 * DAY)
        yield found


def tally() -> Tally:
    return Tally.sum(tallies(Q(), ("window",), TODAY()).values())


def on(days: int, who: str = "province", ground: str = "申报系统停机") -> PutOffTold:
    return put_off(Window.objects.get().pk, TODAY() + days * DAY, site.by(who), ground)


def test_who_was_overdue_is_not_and_the_board_says_so(held: site.Site) -> None:
    keep_counts(TODAY())
    assert tally().overdue == 2
    assert on(5) == PutOffTold(2, 0)
    now = tally()
    assert (now.overdue, now.missing) == (0, 2)
    assert Window.objects.get().due == TODAY() + 5 * DAY
    keep_counts(TODAY())
    counted, _ = kept_now([held.window])
    assert Tally.sum(counted[held.window].values()).overdue == 0
    past = kept_then([held.window], TODAY() - DAY)
    assert Tally.sum(past[held.window].values()).overdue == 2, "of yesterday it stays as it was"
    assert due_then([held.window], TODAY() - DAY) == {held.window: TODAY() - 3 * DAY}
    assert due_then([held.window], TODAY()) == {}


def test_one_row_of_the_journal_an_event_each_and_one_notice(held: site.Site) -> None:
    before = Notice.objects.count()
    on(5)
    [written] = JournalRow.objects.filter(act="window.put_off")
    assert (written.subject, written.ground) == (f"window/{held.window}", "申报系统停机")
    assert (str(TODAY() - 3 * DAY) in written.before, str(TODAY() + 5 * DAY) in written.after) == (True, True)
    events = Event.objects.filter(kind=K.PUT_OFF)
    assert {(each.owned_id, each.due, each.ground, each.journal) for each in events} == {
        (number, TODAY() + 5 * DAY, "申报系统停机", written.sequence) for number in (held.one, held.other)
    }
    assert Notice.objects.count() == before + 1
    assert NoticeBody.objects.filter(notice=Notice.objects.latest("pk")).count() == 2
    [row] = put_offs(held.window)
    assert (row.before, row.due, row.decided_by, row.is_done) == (
        TODAY() - 3 * DAY, TODAY() + 5 * DAY, "province", True
    )  # fmt: skip
    assert Return.objects.filter(extensions=0).count() == 2, "nobody was given an extension of its own"


def test_a_later_day_of_its_own_stays(held: site.Site) -> None:
    act(held.one, site.by("statistics"), K.EXTEND, Said("水灾", due=TODAY() + 30 * DAY))
    assert on(5) == PutOffTold(1, 1)
    assert dict(Return.objects.values_list("pk", "due")) == {
        held.one: TODAY() + 30 * DAY, held.other: TODAY() + 5 * DAY,
    }  # fmt: skip
    assert not Event.objects.filter(owned=held.one, kind=K.PUT_OFF).exists()


def test_what_came_late_came_in_time_by_the_new_day_and_what_was_sent_back_has_more_days(held: site.Site) -> None:
    save(held.one, site.by("one-reporter"), ToSave(entries=site.told()))
    submit(held.one, site.by("one-signatory"), ToSubmit())
    assert (tally().late, tally().in_time) == (1, 0)
    on(2)
    assert (tally().late, tally().in_time) == (0, 1)
    act(held.one, site.by("statistics"), K.RETURN, Said("请核对"))
    redo = Return.objects.get(pk=held.one).redo_by
    assert redo is not None
    on((redo - TODAY()).days + 4)
    assert Return.objects.get(pk=held.one).redo_by == redo + 4 * DAY


def test_what_came_in_time_and_is_taken_back_is_owed_by_the_new_day(held: site.Site) -> None:
    Return.objects.filter(pk=held.one).update(due=TODAY() + 2 * DAY)
    Window.objects.update(due=TODAY() + 2 * DAY)
    save(held.one, site.by("one-reporter"), ToSave(entries=site.told()))
    submit(held.one, site.by("one-signatory"), ToSubmit())
    on(12)
    act(held.one, site.by("one-signatory"), K.RECALL)
    assert standing_of(Return.objects.get(pk=held.one)).owed_by == TODAY() + 12 * DAY


def test_what_is_let_go_and_required_again_is_owed_by_the_new_day(held: site.Site) -> None:
    act(held.one, site.by("province"), K.CANCEL, Said("搬走"))
    on(5)
    act(held.one, site.by("statistics"), K.REQUIRE, Said("没有搬走"))
    assert (Return.objects.get(pk=held.one).due, tally().overdue) == (TODAY() + 5 * DAY, 0)


def test_reminders_go_by_the_new_day(held: site.Site) -> None:
    remind_reporters(TODAY())
    on(60)
    before = Notice.objects.count()
    assert remind_reporters(TODAY()) == 0
    assert Notice.objects.count() == before
    assert remind_reporters(TODAY() + 60 * DAY) == 2


def test_only_who_opened_it_or_is_above_and_only_later(held: site.Site) -> None:
    for who in ("county", "city", "next", "statistics", "one-signatory"):
        with pytest.raises(Forbidden):
            on(5, who)
    for days, ground, code in (
        (-3, "停机", "RPT-712"),
        (-1, "停机", "RPT-712"),
        (9_000, "停机", "RPT-712"),
        (5, " ", "RPT-711"),
    ):
        with pytest.raises(Refused) as refusal:
            on(days, ground=ground)
        assert refusal.value.code == code
    with pytest.raises(Refused) as nowhere:
        put_off(10**9, TODAY() + DAY, site.by("province"), "停机")
    assert nowhere.value.code == "RPT-905"
    assert not PutOff.objects.exists()
    assert not JournalRow.objects.filter(act="window.put_off").exists()


def test_a_window_whose_returns_stand_above_is_put_off_there(held: site.Site) -> None:
    below = Window.objects.create(
        form=site.FORM, period=site.PERIOD, first_month=1, region_id=site.COUNTY,
        path=Reporter.objects.all()[0].path, due=TODAY(), opened_by="x", opened_at=timezone.now(), journal=0,
    )  # fmt: skip
    with pytest.raises(Refused) as refusal:
        put_off(below.pk, TODAY() + DAY, site.by("county"), "停机")
    assert refusal.value.code == "RPT-713"
    assert "云岭省" in refusal.value.message.zh


def _more(held: site.Site, count: int = MANY) -> None:
    """Units in every state, by the rows themselves: half with their own later day, some with the clock stopped."""
    pattern = Return.objects.get(pk=held.other)
    states = [each for each in State if each is not State.DRAFT]
    for number in range(count):
        state = states[number % len(states)]
        came = state not in (State.OPEN, State.STOPPED, State.EXEMPT, State.CANCELLED)
        owner = Reporter.objects.create(
            kind="unit", code=f"X{number}", name=f"第{number}家", region_id=site.COUNTY, path=pattern.path
        )
        Return.objects.create(
            window_id=held.window, reporter=owner, form=pattern.form, period=pattern.period,
            first_month=pattern.first_month, path=pattern.path, chain=pattern.chain, state=state,
            due=TODAY() + (number % 7 - 3) * DAY, levels=3, changed_at=timezone.now(),
            redo_by=TODAY() + (number % 5 - 2) * DAY if state is State.RETURNED else None,
            received_on=TODAY() - (number % 4) * DAY if came else None,
            held_on=TODAY() - DAY if state is State.OPEN and number % 20 else None,
        )  # fmt: skip


def test_in_bulk_each_stands_as_the_table_of_states_says(held: site.Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(putting_off, "_PORTION", 7)
    monkeypatch.setattr(putting_off, "_BATCH", 3)
    _more(held)
    before = {row.pk: standing_of(row) for row in Return.objects.all()}
    due = TODAY() + 2 * DAY
    on(2)
    moved = set(Event.objects.filter(kind=K.PUT_OFF).values_list("owned", flat=True))
    for row in Return.objects.all():
        was = before[row.pk]
        if row.pk in moved:
            assert standing_of(row) == after(was, LifeEvent(K.PUT_OFF, TODAY(), due=due))
            continue
        assert standing_of(row) == was
        assert was.owed_by is None or was.owed_by >= due
        if was.state not in OWED:
            assert was.due is not None
            assert was.due >= due
    assert 0 < len(moved) < len(before)
    assert Event.objects.filter(kind=K.PUT_OFF).count() == len(moved), "once each"


def test_twice_is_once_and_what_was_broken_off_the_clock_goes_on_with(
    held: site.Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(putting_off, "_PORTION", 1)
    done = putting_off._portion
    monkeypatch.setattr(putting_off, "_portion", lambda made: 0)
    assert on(5).moved == 0
    monkeypatch.setattr(putting_off, "_portion", done)
    assert not put_offs(held.window)[0].is_done
    assert tally().overdue == 2
    keep_ready()
    assert (tally().overdue, put_offs(held.window)[0].is_done) == (0, True)
    assert putting_off.go_on() == 0
    assert Event.objects.filter(kind=K.PUT_OFF).count() == 2


def test_replayed_from_events_it_stands_the_same(held: site.Site) -> None:
    act(held.one, site.by("statistics"), K.HOLD, Said("停电"))
    on(5)
    found = standings_then(Q(pk__in=(held.one, held.other)), TODAY())
    for number in (held.one, held.other):
        assert found[number] == standing_of(Return.objects.get(pk=number))
    assert replace(found[held.one], held_on=None).owed_by == TODAY() + 5 * DAY


def test_questions_do_not_grow_with_the_returns(held: site.Site) -> None:
    def asked(days: int) -> int:
        with CaptureQueriesContext(connection) as told:
            on(days)
        return len(told)

    few = asked(5)
    _more(held, 40)
    assert asked(9) <= few
