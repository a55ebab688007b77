"""到点办的事互不耽误: whatever one work of the clock raises, the others are done and the turn ends."""

from __future__ import annotations

import pytest
from django.db import OperationalError, connection

from shuangkong.cli import tick
from shuangkong.records.plans.reminders.models import ClockTurn
from shuangkong.records.refusal import Refused

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "fault",
    [Refused("RPT-900", "没有", "none"), ValueError("x"), OperationalError("Expression tree is too large")],
)
def test_the_clock_goes_on_to_the_next_work(
    fault: Exception, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    done: list[str] = []

    def hindered(*_: object) -> int:
        done.append("hindered")
        raise fault

    for place in ("records.plans.reminders.recurring.renew", "records.reporting.clock.keep_ready"):
        monkeypatch.setattr(f"shuangkong.{place}", hindered)
    monkeypatch.setattr("shuangkong.records.reporting.counting.keep_counts", lambda *_: done.append("keep_counts"))
    assert tick._once(None) == 1
    assert done == ["hindered", "hindered", "keep_counts"]
    assert ClockTurn.objects.get().ended_at is not None
    told = capsys.readouterr()
    assert told.err.count("RMD-902") == 2
    assert "续期 0" in told.out


def test_a_database_that_is_gone_ends_the_tick(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def gone(*_: object) -> None:
        raise OperationalError("gone")

    def hindered(*_: object) -> None:
        monkeypatch.setattr(connection, "ensure_connection", gone)
        raise OperationalError("first")

    monkeypatch.setattr("shuangkong.records.journal.anchors.keep_anchor", hindered)
    assert tick._once(None) == 1
    monkeypatch.undo()
    told = capsys.readouterr()
    assert "RMD-901" in told.err
    assert "RMD-902" not in told.err
