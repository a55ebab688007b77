"""What waits while returns come in a rush, and for how long; that the clock makes up for it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from shuangkong.records.journal import store as journal
from shuangkong.records.journal.rows import Act
from shuangkong.records.reporting import clock, pace
from shuangkong.records.reporting.models import ClockMark

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


def test_what_rests_on_all_returns_waits_for_the_end_of_the_rush_and_says_since_when(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    done: list[str] = []
    for name in ("keep_later", "keep_suspicions", "prepare"):
        monkeypatch.setattr(clock, name, lambda name=name: done.append(name))
    monkeypatch.setattr(clock, "keep_sums", lambda _: done.append("keep_sums"))
    monkeypatch.setattr(pace, "_ACTS", 3)
    _acts(4)
    clock.keep_ready()
    assert done == ["prepare"]  # what those who still owe returns are held against is made ready all the same
    since = pace.put_off_since(clock.AFTERWARDS)
    assert since is not None
    clock.keep_ready()
    assert pace.put_off_since(clock.AFTERWARDS) == since
    monkeypatch.setattr(pace, "_ACTS", 4)  # the rush is over
    clock.keep_ready()
    assert done == ["prepare", "prepare", "prepare", "keep_later", "keep_suspicions", "keep_sums"]
    assert pace.put_off_since(clock.AFTERWARDS) is None


def test_it_waits_two_hours_at_most_and_then_again() -> None:
    _acts(601)
    now = timezone.now()
    assert pace.is_put_off("marts", now)
    ClockMark.objects.filter(name="put_off.marts").update(at=now - pace.LONGEST)
    assert not pace.is_put_off("marts", now)
    assert pace.is_put_off("others", now)
    pace.done("marts")
    assert pace.is_put_off("marts", now)
