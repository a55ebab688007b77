"""What waits while returns come in a rush, and for how long; that the clock makes up for it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.utils import timezone

from shuangkong.core.period import Period
from shuangkong.records.journal import store as journal
from shuangkong.records.journal.rows import Act
from shuangkong.records.registry.models import Region
from shuangkong.records.reporting import clock, pace, windows
from shuangkong.records.reporting.models import ClockMark, Window

pytestmark = pytest.mark.django_db


def _acts(count: int) -> None:
    journal.append_all(Act(author="one", act="return.submit", subject="return/1") for _ in range(count))


def test_many_acts_in_half_a_minute_are_a_rush() -> None:
    now = timezone.now()
    assert not pace.is_rush(now)  # an empty journal
    _acts(600)
    assert not pace.is_rush(timezone.now())  # as many as that, and not more
    _acts(1)
    assert pace.is_rush(timezone.now())
    assert not pace.is_rush(timezone.now() + timedelta(seconds=31))


@pytest.mark.parametrize("act", ["return.cancel", "return.lock", "fact.load", "window.refresh"])
def test_what_offices_and_the_clock_do_to_many_at_once_is_no_rush(act: str) -> None:
    journal.append_all(Act(author="one", act=act, subject="return/1") for _ in range(700))
    assert not pace.is_rush(timezone.now())
    _acts(590)
    assert not pace.is_rush(timezone.now())
    _acts(11)
    assert pace.is_rush(timezone.now())


class Clock:
    """The clock with works that note what they were asked for, and a rush that comes and goes."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.done: list[str] = []
        self.left, self.through = 0, True
        self.rushes = True
        for name in ("keep_usual", "keep_sold", "keep_peers", "forget", "apply_again", "prepare"):
            monkeypatch.setattr(clock, name, lambda: None)
        monkeypatch.setattr(clock, "keep_later", self._later)
        monkeypatch.setattr(clock, "keep_suspicions", lambda: self.done.append("suspicions"))
        monkeypatch.setattr(clock, "keep_sums", lambda _by, most: self.done.append(f"sums {most}"))
        monkeypatch.setattr(clock, "is_through", lambda: self.through)
        monkeypatch.setattr(pace, "is_rush", lambda _: self.rushes)

    def _later(self, most: int) -> int:
        self.done.append(f"later {most}")
        held = min(most, self.left)
        self.left -= held
        return held

    def tick(self) -> list[str]:
        self.done.clear()
        clock.keep_ready()
        return list(self.done)


def _waited() -> None:
    ClockMark.objects.update(at=timezone.now() - pace.LONGEST)


ALL = ["later 300", "suspicions", "sums 40"]


def test_what_rests_on_all_returns_waits_for_the_end_of_the_rush_and_says_since_when(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    it = Clock(monkeypatch)
    assert it.tick() == []
    since = pace.put_off()
    assert set(since) == {pace.LATER, pace.SUSPICIONS, pace.SUMS}
    assert it.tick() == []
    assert pace.put_off() == since
    it.rushes, it.left, it.through = False, 400, False
    assert it.tick() == ALL
    assert set(pace.put_off()) == {pace.LATER, pace.SUMS}, "it says so until it has made up for it"
    it.through = True
    assert it.tick() == ALL
    assert pace.put_off() == {}
    it.rushes = True
    assert it.tick() == [], "at the next rush it waits from its beginning"


def test_after_the_longest_time_it_gets_through_in_portions_however_long_the_rush_lasts(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    it = Clock(monkeypatch)
    assert it.tick() == []
    _waited()
    it.left, it.through = 120, False
    some = ["later 50", "suspicions", "sums 5"]
    assert it.tick() == some
    assert it.tick() == ["later 50", "sums 5"], "a portion in every turn; what is through waits again"
    it.through = True
    assert it.tick() == ["later 50", "sums 5"]
    assert it.left == 0
    assert it.tick() == [], "it is through"
    _waited()
    assert it.tick() == some


def test_one_work_that_raises_holds_up_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    it, told = Clock(monkeypatch), list[str]()
    it.rushes = False

    def broken(*_: object) -> None:
        raise ValueError("x")

    def do(name: str, work: Callable[[], object]) -> object:
        try:
            return work()
        except ValueError:
            told.append(name)
            return None

    monkeypatch.setattr(clock, "prepare", broken)
    monkeypatch.setattr(clock, "keep_later", broken)
    clock.keep_ready(do)
    assert told == ["prepared", pace.LATER]
    assert it.done == ["suspicions", "sums 40"]


def _window(period: str, followed: date | None = None) -> Window:
    return Window.objects.create(
        form="energy_purchase", period=period, first_month=Period.parse(period).first_month, region=_place(),
        path="/100000/", due=date(2026, 10, 8), opened_by="x", opened_at=timezone.now(), journal=0,
        followed_on=followed,
    )  # fmt: skip


def _place() -> Region:
    known = {"name": "甲", "level": "nation", "path": "/100000/"}
    return Region.objects.get_or_create(pk="100000", defaults=known)[0]


def test_lists_are_followed_window_by_window_in_a_rush_that_lasts(monkeypatch: pytest.MonkeyPatch) -> None:
    day = date(2026, 9, 1)
    for month in (5, 6, 7):
        _window(f"2026-0{month}")
    seen: list[str] = []
    monkeypatch.setattr(windows, "_refreshed", lambda held, _by: seen.append(held.period))
    monkeypatch.setattr(pace, "is_rush", lambda _: True)
    assert [windows.follow_windows(day) for _ in range(2)] == [0, 0]
    assert pace.LISTS in pace.put_off()
    _waited()
    assert [windows.follow_windows(day) for _ in range(4)] == [1, 1, 1, 0]
    assert seen == ["2026-05", "2026-06", "2026-07"]
    assert pace.put_off() == {}


def test_a_mark_of_lists_goes_where_nothing_is_left_to_be_followed(monkeypatch: pytest.MonkeyPatch) -> None:
    day = date(2026, 9, 1)
    held = _window("2026-05")
    monkeypatch.setattr(windows, "_refreshed", lambda *_: (0, 0))
    monkeypatch.setattr(pace, "is_rush", lambda _: True)
    assert windows.follow_windows(day) == 0
    Window.objects.filter(pk=held.pk).update(followed_on=day)  # by a person meanwhile
    assert windows.follow_windows(day) == 0
    assert pace.put_off() == {}
    monkeypatch.setattr(pace, "is_rush", lambda _: False)
    assert windows.follow_windows(day + timedelta(days=1)) == 1
