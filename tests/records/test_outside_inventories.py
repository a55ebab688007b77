"""Inventories of others (here county CO₂) load as told facts that name their source; no copy is kept in the project."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from actors import CLERK
from shuangkong.core.fact import Cell, Subject
from shuangkong.core.period import Period
from shuangkong.records.facts.answering import facts_for
from shuangkong.records.facts.store import load_rows
from shuangkong.records.registry import store as registry
from shuangkong.records.registry.rows import RegionRow
from shuangkong.rulebook import open_rulebook

DATA = Path("/work/shared/data")
HEAD = ["指标", "对象", "时期", "数值", "单位", "状态", "来源"]
COUNTIES = DATA / "county_co2_2010_2017.csv"


def lines(path: Path) -> Iterator[dict[str, str]]:
    """The rows of a file that opens with comments."""
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(line for line in file if not line.startswith("#"))


@pytest.mark.django_db
@pytest.mark.skipif(not COUNTIES.is_file(), reason="the data of others are not on this machine: not loaded")
def test_a_county_inventory_becomes_told_facts_with_its_source() -> None:
    known = open_rulebook().regions(Period(2017).last_day)
    found = [row for row in lines(COUNTIES) if row["code"] in known and row["year"] == "2017"][:200]
    assert len(found) == 200
    registry.save_regions([RegionRow(row["code"], known[row["code"]].name, "county") for row in found])
    source = "Chen et al. (2020), Scientific Data 7:391"
    rows = [
        ["二氧化碳排放总量", row["code"], row["year"], f"{Decimal(row['co2_mt']) * 100:f}", "万吨", "最终", source]
        for row in found
    ]
    report = load_rows([HEAD, *rows], name="county.csv", digest="", source=source, by=CLERK, is_dry_run=False)
    assert report.load is not None, report.verdicts[:3]
    cell = Cell(Subject("region", found[0]["code"]), "carbon_total", Period(2017))
    fact = facts_for([cell])[cell]
    assert fact.value == Decimal(found[0]["co2_mt"]) * 1_000_000  # million tonnes, stored in tonnes
    assert fact.source == source
