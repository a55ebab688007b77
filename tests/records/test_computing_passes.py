"""A computation killed midway, overtaken, and what others may do while it computes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection

from actors import CLERK
from shuangkong.core.fact import Subject
from shuangkong.records.facts import store
from shuangkong.records.facts.models import Load
from shuangkong.records.indicators import computing, recording_columns
from shuangkong.records.indicators.computing import Computed, compute
from shuangkong.records.indicators.keeping_up import keep_up
from shuangkong.records.indicators.looking import latest, vintages
from shuangkong.records.indicators.models import Computation

HEAD = ["指标", "对象", "时期", "数值", "单位", "状态"]
TOWN, OTHER = Subject("region", "999901003"), Subject("region", "999901002")
PRODUCT = [["gdp_constant", town, "2023", "10", "亿元", "最终"] for town in ("青石镇", "柳溪镇")]

pytestmark = pytest.mark.usefixtures("regions")


def load(value: str, *more: Sequence[str]) -> None:
    rows = [["能源消费总量", town, "2023", value, "万吨标准煤", "最终"] for town in ("青石镇", "柳溪镇")]
    report = store.load_rows([HEAD, *rows, *more], name="t.csv", digest="", source="年报", by=CLERK, is_dry_run=False)
    assert report.load is not None, report.verdicts


def loads_waiting() -> bool:
    return Load.objects.filter(computed__isnull=True).exists()


def intensities(town: Subject) -> list[Decimal | None]:
    return [row.value for row in vintages("energy_intensity", town)]


@pytest.fixture
def killed(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Computes until one result is written."""

    def kill() -> None:
        written: list[Any] = []
        insert = recording_columns._insert

        def once(prepared: Any) -> None:
            if written:
                raise KeyboardInterrupt
            insert(prepared)
            written.append(prepared)

        with monkeypatch.context() as patched:
            patched.setattr(recording_columns, "_AT_ONCE", 1)
            patched.setattr(recording_columns, "_insert", once)
            with pytest.raises(KeyboardInterrupt):
                compute(few=0)

    return kill


def test_what_was_killed_midway_is_computed_again(killed: Callable[[], None]) -> None:
    load("5.0", *PRODUCT)
    killed()
    assert sorted(len(intensities(town)) for town in (TOWN, OTHER)) == [0, 1]
    assert latest() is None
    assert compute(few=0).changed == 1
    assert intensities(TOWN) == intensities(OTHER) == [Decimal("0.00005")]
    assert compute(is_whole=True).changed == 0


def test_whoever_follows_one_killed_does_all_that_it_was_to_do(killed: Callable[[], None]) -> None:
    load("5.0", *PRODUCT)
    compute(few=0)
    load("6.0")
    killed()
    load("7.0")
    assert compute(few=0).changed == 2
    assert intensities(TOWN)[-1] == intensities(OTHER)[-1] == Decimal("0.00007")
    assert not loads_waiting()


def meanwhile(monkeypatch: pytest.MonkeyPatch, act: Callable[[], object]) -> None:
    """Does something once, after facts have been read and before anything is computed."""
    read = computing.column_engine

    def reading(*args: Any) -> Any:
        engine = read(*args)
        monkeypatch.setattr(computing, "column_engine", read)
        act()
        return engine

    monkeypatch.setattr(computing, "column_engine", reading)


def test_whoever_begins_later_takes_over(monkeypatch: pytest.MonkeyPatch) -> None:
    load("5.0", *PRODUCT)
    later: list[Computed] = []

    def correct() -> None:
        load("6.0")
        later.append(compute(few=0))

    meanwhile(monkeypatch, correct)
    assert compute(is_whole=True, few=0).is_overtaken
    assert later[0].is_whole
    assert intensities(TOWN) == [Decimal("0.00006")]
    assert Computation.objects.filter(finished_at__isnull=False).count() == 1
    assert compute(is_whole=True).changed == 0


def test_a_load_that_comes_meanwhile_waits_for_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    load("5.0", *PRODUCT)
    said: list[Computed | None] = []

    def correct() -> None:
        load("6.0")
        said.append(keep_up())

    meanwhile(monkeypatch, correct)
    compute(few=0)
    assert said == [None]
    assert intensities(TOWN) == [Decimal("0.00005")]
    assert loads_waiting()
    assert keep_up() is not None
    assert intensities(TOWN) == [Decimal("0.00005"), Decimal("0.00006")]


def test_no_transaction_is_open_while_it_computes(monkeypatch: pytest.MonkeyPatch) -> None:
    load("5.0", *PRODUCT)
    before = len(connection.savepoint_ids)
    found: list[int] = []
    meanwhile(monkeypatch, lambda: found.append(len(connection.savepoint_ids)))
    compute(few=0)
    assert found == [before]
