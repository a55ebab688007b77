"""Rows read as columns: row by row, through an index and straight through the table, they are the same."""

from __future__ import annotations

import polars as pl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from actors import CLERK
from shuangkong.core.period import Period
from shuangkong.records.facts import frames_reading, store
from shuangkong.records.facts.models import Observation

pytestmark = pytest.mark.django_db

HEAD = ["指标", "对象", "时期", "数值", "单位", "状态"]
COLUMNS = {"id": pl.Int64, "indicator_id": pl.Int64, "subject_id": pl.Int64, "state": pl.Int8, "value": pl.String}
YEAR = Period(2023)


def load(*rows: list[str]) -> None:
    report = store.load_rows([HEAD, *rows], name="t", digest="", source="年报", by=CLERK, is_dry_run=False)
    assert report.load is not None, report.verdicts


@pytest.fixture
def told(regions: None) -> None:
    """Two versions of a year's figures, others between them."""
    load(
        ["能源消费总量", "青石镇", "2023", "1.50", "万吨标准煤", "最终"],
        ["能源消费总量", "北坡乡", "2023", "缺失", "万吨标准煤", "最终"],
    )
    load(
        ["能源消费总量", "青石镇", "2022", "7", "万吨标准煤", "最终"],
        ["能源消费总量", "北坡乡", "2022", "8", "万吨标准煤", "最终"],
    )
    load(
        ["化学需氧量排放总量", "青石镇", "2023", "0.10", "吨", "最终"],
        ["能源消费总量", "青石镇", "2023", "-2", "万吨标准煤", "最终"],
    )


@pytest.mark.usefixtures("told")
@pytest.mark.parametrize("block", [1, 2, 1 << 16])
@pytest.mark.parametrize("passed_by", [0, 1, 1 << 16])
def test_every_way_reads_the_same(monkeypatch: pytest.MonkeyPatch, block: int, passed_by: int) -> None:
    monkeypatch.setattr(frames_reading, "_BLOCK", block)
    monkeypatch.setattr(frames_reading, "_PASSED_BY", passed_by)
    monkeypatch.setattr(frames_reading, "_BLOCKS_AT_ONCE", 2)
    among = Observation.objects.filter(first_month=YEAR.first_month, months=12)
    for found in (among, among.filter(state=0), among.filter(load__lte=0), among.filter(pk__in=[])):
        plain = frames_reading.table(found, COLUMNS)
        quick = frames_reading.figures(found, COLUMNS, among, "indicator_id").sort("id")
        assert quick.schema == plain.schema
        assert quick.rows() == plain.sort("id").rows()
    values = frames_reading.figures(among, COLUMNS, among, "indicator_id").sort("id")["value"].to_list()
    assert values == ["1.50", None, "0.10", "-2"]


@pytest.mark.usefixtures("told")
@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="PostgreSQL chooses for itself")
@pytest.mark.parametrize(("passed_by", "is_straight"), [(0, False), (1 << 16, True)])
def test_what_lies_close_together_is_read_straight_through(
    monkeypatch: pytest.MonkeyPatch, passed_by: int, is_straight: bool
) -> None:
    monkeypatch.setattr(frames_reading, "_PASSED_BY", passed_by)
    among = Observation.objects.filter(first_month=YEAR.first_month, months=12)
    with CaptureQueriesContext(connection) as asked:
        frames_reading.figures(among, COLUMNS, among, "indicator_id")
    last = asked.captured_queries[-1]["sql"]
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {last}")
        plan = " ".join(row[-1] for row in cursor.fetchall())
    assert ("fact_period" in plan) is not is_straight
    assert "SCAN facts_observation" not in plan
    assert "TEMP B-TREE" not in plan
