"""Counts of windows: replayed from events they are what the columns say; as it stood on a day; kept by the clock."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta

import pytest
import returns_site as site
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from pytest_django import DjangoDbBlocker

from kept import kept
from shuangkong.records.refusal import Refused
from shuangkong.records.reporting import counting, windows
from shuangkong.records.reporting.acts import Said, act
from shuangkong.records.reporting.boards import Tally, tallies
from shuangkong.records.reporting.counting import keep_counts, kept_now, kept_then, standings_then, tallies_then
from shuangkong.records.reporting.drafting import ToSave, save
from shuangkong.records.reporting.filing import ToSubmit, submit
from shuangkong.records.reporting.models import Event, KeptCount, Return, Version, Window
from shuangkong.records.reporting.store import standing_of
from shuangkong.reporting.life import EventKind as K

pytestmark = pytest.mark.django_db
BY = ("window", "path", "reporter__industry")
TODAY = timezone.localdate


@pytest.fixture(scope="module")
def settled(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[site.Site]:
    with kept(django_db_blocker):
        yield site.settle(due=timezone.localdate() + timedelta(days=3))


def hand_in(number: int, who: str) -> None:
    save(number, site.by(f"{who}-reporter"), ToSave(entries=site.told()))
    submit(number, site.by(f"{who}-signatory"), ToSubmit())


def one_tally(told: dict[tuple[object, ...], Tally]) -> Tally:
    return Tally.sum(told.values())


def correct(number: int, who: str) -> None:
    """Other figures each time: the same return twice is one."""
    told = site.told(purchased=str(900 + Version.objects.count()))
    save(number, site.by(f"{who}-reporter"), ToSave(entries=told))
    submit(number, site.by(f"{who}-signatory"), ToSubmit(ground="更正"))


def recall(number: int, who: str) -> None:
    act(number, site.by(f"{who}-signatory"), K.RECALL)


def listed(*, is_there: bool) -> Callable[[int, str], None]:
    """The list of who owes it is brought up to date, with this unit or without it."""

    def step(number: int, _who: str) -> None:
        held = Return.objects.get(pk=number)
        whole = set(Return.objects.filter(window=held.window).values_list("reporter", flat=True))
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(windows, "owing", lambda *_: whole if is_there else whole - {held.reporter_id})
            windows.refresh(held.window_id, site.by("province"))

    return step


STEPS: dict[str, Callable[[int, str], None]] = {
    "file": hand_in,
    "amend": correct,
    "recall": recall,
    "gone": listed(is_there=False),
    "back": listed(is_there=True),
    **{
        kind.value: lambda number, _who, kind=kind: act(  # type: ignore[misc]
            number, site.by("county"), kind, Said("测试", due=TODAY() + timedelta(days=9) if kind is K.EXTEND else None)
        )
        for kind in (
            K.REVIEW,
            K.ACCEPT,
            K.RETURN,
            K.EXTEND,
            K.HOLD,
            K.RELEASE,
            K.STOP,
            K.EXEMPT,
            K.REQUIRE,
            K.APPROVE,
            K.SEND_BACK,
        )
    },
}


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@example(
    [("one", "file"), ("one", "return"), ("other", "hold"), ("one", "file"), ("one", "accept"), ("other", "release")]
)
@example([("one", "file"), ("one", "return"), ("one", "gone"), ("one", "back"), ("one", "file"), ("one", "recall")])
@example(
    [("one", "file"), ("one", "accept"), ("one", "amend"), ("one", "return"), ("one", "send_back"), ("one", "gone")]
)
@given(st.lists(st.tuples(st.sampled_from(["one", "other"]), st.sampled_from(sorted(STEPS))), max_size=8))
def test_replayed_counts_are_those_of_the_columns(settled: site.Site, steps: list[tuple[str, str]]) -> None:
    with transaction.atomic():
        for who, step in steps:
            try:
                STEPS[step](getattr(settled, who), who)
            except Refused:
                continue
        for day in (TODAY(), TODAY() + timedelta(days=4), TODAY() + timedelta(days=30)):
            assert tallies_then(Q(), BY, day) == tallies(Q(), BY, day)
        for held in Return.objects.all():
            assert standings_then(Q(pk=held.pk), TODAY()) == {held.pk: standing_of(held)}
        transaction.set_rollback(True)


def aged(number: int, **days: int) -> None:
    """Moves the day of events back, as if they had happened then."""
    for kind, back in days.items():
        Event.objects.filter(owned=number, kind=kind).update(on=TODAY() - timedelta(days=back))


def test_what_stood_on_a_day(settled: site.Site) -> None:
    hand_in(settled.one, "one")
    act(settled.one, site.by("county"), K.ACCEPT)
    for number in (settled.one, settled.other):
        aged(number, open=9, draft=5, submit=4, accept=2)
    told = {back: one_tally(dict(tallies_then(Q(), BY, TODAY() - timedelta(days=back)))) for back in (10, 9, 4, 2)}
    assert told[10] == Tally.sum(())
    assert (told[9].expected, told[9].received) == (2, 0)
    assert (told[4].received, told[4].accepted) == (1, 0)
    assert told[2].accepted == 1


def test_the_clock_keeps_days_that_are_over_and_the_present_one_so_far(settled: site.Site) -> None:
    hand_in(settled.one, "one")
    for number in (settled.one, settled.other):
        aged(number, open=6, draft=5, submit=4)
    Window.objects.update(opened_at=timezone.now() - timedelta(days=6))
    assert keep_counts(TODAY()) == 1
    assert keep_counts(TODAY()) == 0, "nothing moved since"
    days = sorted(set(KeptCount.objects.values_list("day", flat=True)))
    assert days == [TODAY() - timedelta(days=6), TODAY() - timedelta(days=4)], "only days on which something changed"
    for back in (1, 4, 5, 6):
        day = TODAY() - timedelta(days=back)
        held = Tally.sum(kept_then([settled.window], day)[settled.window].values())
        assert held == one_tally(dict(tallies_then(Q(), BY, day))), back
    assert kept_then([settled.window], TODAY()) == {}, "the present day is not over"
    act(settled.one, site.by("county"), K.ACCEPT)
    now, at = kept_now([settled.window])
    assert Tally.sum(now[settled.window].values()).accepted == 0
    assert at is not None
    assert keep_counts(TODAY()) == 1
    assert Tally.sum(kept_now([settled.window])[0][settled.window].values()).accepted == 1


def test_nothing_left_is_kept_as_nothing(settled: site.Site) -> None:
    for number in (settled.one, settled.other):
        aged(number, open=3)
    Window.objects.update(opened_at=timezone.now() - timedelta(days=3))
    keep_counts(TODAY())
    assert kept_then([settled.window], date(2001, 1, 1))[settled.window] == {}


def test_what_happens_while_it_is_counted_is_counted_again(settled: site.Site, monkeypatch: pytest.MonkeyPatch) -> None:
    def while_counting(condition: Q, by: tuple[str, ...], day: date) -> object:
        found = tallies(condition, by, day)
        hand_in(settled.one, "one")
        return found

    with monkeypatch.context() as patch:
        patch.setattr(counting, "tallies", while_counting)
        keep_counts(TODAY())
    assert keep_counts(TODAY()) == 1
    assert sum(each.received for each in kept_now([settled.window])[0][settled.window].values()) == 1
