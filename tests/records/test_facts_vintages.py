"""Versions of one cell: estimate, report and recognised figure beside one another, known on any day, never changed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from importlib import import_module

import polars as pl
import pytest
from django.db import DatabaseError, connection, models, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from actors import CLERK
from shuangkong.core.fact import Cell, Evidence, Maturity, Measure, Origin, State, Subject
from shuangkong.core.period import Period
from shuangkong.records.facts import frames, store
from shuangkong.records.facts.answering import cells_of, facts_for
from shuangkong.records.facts.models import Load, Observation
from shuangkong.records.facts.models import Subject as SubjectColumns

HEAD = ["指标", "对象", "时期", "数值", "单位", "状态", "来路", "性质", "口径"]
TOWN = Subject("region", "999901003")
YEAR = Period(2023)
CELL = Cell(TOWN, "total_consumption", YEAR)

pytestmark = pytest.mark.usefixtures("regions")


def row(
    value: str, maturity: str = "最终", origin: str = "", *, subject: str = "青石镇", period: str = "2023",
    evidence: str = "", unit: str = "万吨标准煤", measure: str = "", indicator: str = "能源消费总量",
) -> list[str]:  # fmt: skip
    return [indicator, subject, period, value, unit, maturity, origin, evidence, measure]


def load(*rows: Sequence[str], days_ago: int = 0) -> int:
    """Loads, as if so many days ago; returns the load."""
    report = store.load_rows([HEAD, *rows], name="t.csv", digest="", source="年报", by=CLERK, is_dry_run=False)
    assert report.load is not None, report.verdicts
    Load.objects.filter(pk=report.load).update(loaded_at=timezone.now() - timedelta(days=days_ago))
    return report.load


def counting(as_of: date | None = None) -> Decimal | None:
    """The value that both faces give: one exact, one in columns."""
    fact = facts_for([CELL], as_of).get(CELL)
    frame = frames.facts_frame([YEAR], ["total_consumption"], as_of=as_of)
    found = frame.filter(pl.col("subject_code").cast(pl.String) == TOWN.code)
    assert found.height == (fact is not None)
    if fact is None:
        return None
    assert found["value"][0] == fact.value
    assert str(found["id"][0]) == fact.version
    return fact.value


def test_a_recognised_figure_outweighs_whatever_was_told_after_it() -> None:
    load(row("5.0", origin="本级测算"), days_ago=30)
    assert counting() == 50000
    load(row("5.2"), days_ago=20)
    assert counting() == 52000
    load(row("5.1", origin="反馈核定"), days_ago=10)
    load(row("5.3"))
    assert counting() == 51000
    today = timezone.localdate()
    known = [counting(today - timedelta(days=days)) for days in (31, 25, 15, 10)]
    assert known == [None, 50000, 52000, 51000]


def test_a_settled_figure_outweighs_a_flash_one_told_after_it() -> None:
    load(row("5.0", "核定"), row("5.1", "初步"))
    load(row("5.2", "快报"))
    assert counting() == 50000
    load(row("4.9", "核定"))
    assert counting() == 49000


def test_a_figure_outweighs_the_word_that_a_better_one_is_missing() -> None:
    load(row("5.0", "快报"), row("缺失", "核定", "反馈核定"))
    assert counting() == 50000
    load(row("不适用", "核定", "反馈核定"))
    fact = facts_for([CELL])[CELL]
    assert (fact.state, fact.value) == (State.NOT_APPLICABLE, None)
    load(row("缺失", "核定", "反馈核定"))
    assert counting() == 50000


def test_what_is_missing_is_told_as_missing_and_what_was_never_told_is_absent() -> None:
    load(row("缺失"), row("0", subject="北坡乡"))
    other, never = Cell(Subject("region", "999901004"), *(CELL.indicator, YEAR)), Cell(TOWN, "gdp", YEAR)
    facts = facts_for([CELL, other, never])
    assert facts[CELL].state is State.MISSING
    assert facts[other].value == 0
    assert never not in facts


def test_all_versions_say_when_who_and_what_they_replaced() -> None:
    first, second = load(row("5.0")), load(row("5.2"), row("5.1", origin="反馈核定"))
    versions = store.versions("total_consumption", "region", TOWN.code)
    assert [(each.value, each.origin, each.load, each.recorded_by) for each in versions] == [
        (Decimal("5.0"), Origin.REPORTED, first, "clerk"),
        (Decimal("5.2"), Origin.REPORTED, second, "clerk"),
        (Decimal("5.1"), Origin.RECOGNISED, second, "clerk"),
    ]
    assert [each.supersedes for each in versions] == [None, versions[0].id, None]


def test_evidence_is_kept_and_its_change_is_a_version() -> None:
    load(row("5.0"))
    load(row("5.0", evidence="行政"))
    assert facts_for([CELL])[CELL].evidence is Evidence.ADMINISTRATIVE
    assert Observation.objects.count() == 2


def test_parts_of_years_and_five_years_are_periods() -> None:
    load(*(row(str(n), period=period) for n, period in enumerate(("2023-C10", "2021-2025", "2023-C06", "2023-07"))))
    cells = cells_of(["total_consumption"], [TOWN], [Period.parse("2023-C10"), Period.parse("2021-2025")])
    assert [facts_for(cells)[cell].value for cell in cells] == [0, 10000]
    asked = Cell(TOWN, "total_consumption", Period.parse("2023-H1"))
    told_as = Cell(TOWN, "total_consumption", Period.parse("2023-C06"))
    assert facts_for([asked])[asked].value == facts_for([told_as])[told_as].value == 20000
    assert not facts_for([CELL])


def test_measures_are_cells_of_their_own() -> None:
    load(row("-3.1", measure="比上年变化", unit="%"))
    change = Cell(TOWN, "total_consumption", YEAR, Measure.YOY_CHANGE_PCT)
    assert list(facts_for([CELL, change])) == [change]
    found = frames.facts_frame([YEAR], measure=Measure.YOY_CHANGE_PCT)
    assert found["value"].to_list() == [Decimal("-3.1")]


def test_a_sector_of_a_region_and_a_registered_unit_can_be_told_of() -> None:
    SubjectColumns.objects.create(kind="unit", code="91999901MA00000001", name="湖滨水泥公司", region="999901")
    load(row("1", subject="999901/C30"), row("2", subject="湖滨水泥公司"))
    sector, unit = Subject("sector", "999901/C30"), Subject("unit", "91999901MA00000001")
    cells = cells_of(["total_consumption"], [sector, unit], [YEAR])
    assert [facts_for(cells)[cell].value for cell in cells] == [10000, 20000]
    frame = frames.facts_frame([YEAR], kinds=["unit"])
    assert frame["subject_code"].to_list() == [unit.code]


def test_the_number_of_queries_does_not_grow_with_the_cells() -> None:
    load(*(row("1", subject=name, period=str(year)) for name in ("青石镇", "北坡乡") for year in range(2010, 2024)))
    counts = []
    for years in (1, 14):
        cells = cells_of(
            ["total_consumption"], [TOWN, Subject("region", "999901004")], [Period(2010 + n) for n in range(years)]
        )
        with CaptureQueriesContext(connection) as asked:
            assert len(facts_for(cells)) == 2 * years
        counts.append(len(asked))
    assert counts == [3, 3]


def plan_of(found: models.QuerySet[Observation]) -> str:
    if connection.vendor == "postgresql":  # which reads so small a table whole, unless told otherwise
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute("ANALYZE facts_observation")
    return found.explain()


def test_every_question_is_answered_by_an_index() -> None:
    load(*(row("1", subject=name, period=str(year)) for name in ("青石镇", "北坡乡") for year in range(1990, 2024)))
    load(row("5"))
    known = Observation.objects.latest("pk")
    series = Observation.objects.filter(subject=known.subject_id, indicator=known.indicator_id)
    month = Observation.objects.filter(first_month=known.first_month, months=12, indicator__in=[known.indicator_id])
    assert "fact_series" in plan_of(series)
    assert "fact_period" in plan_of(month)
    assert "load" in plan_of(Observation.objects.filter(load=known.load_id))


def test_the_database_refuses_to_change_or_delete_what_was_told() -> None:
    load(row("5"))
    found = Observation.objects.all()
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        found.update(value=Decimal(6))
    restored = import_module("shuangkong.records.facts.migrations.0003_append_only")
    with connection.cursor() as cursor:
        for statement in restored.statements(connection.vendor, "observation", "DELETE"):
            cursor.execute(statement)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        found.delete()
    assert Observation.objects.get().value == 5


@pytest.mark.parametrize("maturity", list(Maturity))
def test_every_maturity_comes_back_as_told(maturity: Maturity) -> None:
    load(row("5", maturity.value))
    assert facts_for([CELL])[CELL].maturity is maturity
