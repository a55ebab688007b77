"""What the policy keeps no longer goes into files, once a day, and comes back; bodies of uploads go in time."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine

from housed import ZONE, housed, readings
from shuangkong.readings.archive import Month, months_here, restore
from shuangkong.readings.columns import Base, Kind, Span
from shuangkong.readings.rolling import Roller
from shuangkong.readings.store import Store
from shuangkong.readings.validity import PLAIN
from shuangkong.readings.wire.client import StoreDown
from shuangkong.web.monitoring import retention
from shuangkong.web.monitoring.uploads import intake

NOW = datetime(2026, 11, 20, 4, tzinfo=UTC)
OLD, RECENT = datetime(2021, 10, 4, tzinfo=UTC), datetime(2021, 12, 4, tzinfo=UTC)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with housed(tmp_path_factory.mktemp("store")) as client:
        yield Store(client)


def test_the_clock_moves_what_is_older_than_the_policy_keeps(
    store: Store, tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.VAR = tmp_path
    monkeypatch.setattr(intake, "opened", lambda: store)
    assert set(retention.kept_months(NOW.date()).values()) == {60}
    for kind in ("minute", "hour"):
        for first, at in enumerate((OLD, RECENT)):
            store.append(readings([(1, at, "avg", 5.0, "N")], kind=kind, first=first))
    assert retention.retire_due(NOW) == 0, "its roll-ups are not made yet"
    Roller(store.client, ZONE, PLAIN).roll()
    assert retention.retire_due(NOW) == 0, "once a day"
    body = tmp_path / intake.KEPT / "ab" / "abc"
    body.parent.mkdir(parents=True)
    body.write_bytes(b"x")
    assert retention.retire_due(NOW + timedelta(days=1)) == 1
    assert body.exists()
    assert (tmp_path / "archive" / "minute" / "202110.parquet").is_file()
    assert months_here(store, Kind.MINUTE) == [Month(2021, 12)]
    assert len(months_here(store, Kind.HOUR)) == 2
    end = OLD + timedelta(days=1)
    assert store.rollup(1, Span.HOUR, "avg", OLD, end, base=Base.MINUTE)["told"].to_pylist() == [1], "roll-ups stay"
    assert restore(store, Kind.MINUTE, Month(2021, 10), tmp_path / "archive") == 1
    assert store.series(1, Kind.MINUTE, "avg", OLD, end)["value"].to_pylist() == [5.0]
    old = (NOW - timedelta(days=1900)).timestamp()
    os.utime(body, (old, old))
    retention.retire_due(NOW + timedelta(days=2))
    assert not body.exists()


def test_a_store_that_is_down_is_asked_another_time(
    tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.VAR = tmp_path
    with time_machine.travel(NOW), pytest.raises(StoreDown):
        retention.retire_due(NOW)
    assert not (tmp_path / "archive").exists()
