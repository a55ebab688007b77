"""Actual values: taken in whole or not at all, kept as versions, looked at as they stood on any day."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from actors import CHIEF, CLERK, READER
from shuangkong.core.fact import State
from shuangkong.plans.document import Document, Medium
from shuangkong.plans.reader import read_plan
from shuangkong.records.facts import store
from shuangkong.records.facts.codes import MISSING, VALUE
from shuangkong.records.facts.columns import COLUMNS
from shuangkong.records.facts.models import Load, Observation
from shuangkong.records.facts.parsing import RowParser, RowRefused, figure
from shuangkong.records.facts.rows import LoadReport, ObservationRow
from shuangkong.records.facts.subjects import Subjects
from shuangkong.records.plans import store as plans
from shuangkong.records.plans.rows import PlanRow, Verdict
from shuangkong.records.registry.lookup import RegionLookup
from shuangkong.records.targets import store as targets
from shuangkong.rulebook import open_rulebook
from shuangkong.targets.naming import Indicators, Units

HEAD = ["指标", "对象", "时期", "数值", "单位", "口径", "状态", "对象类别", "来源"]
COD = "化学需氧量排放总量"


def row(value: str, subject: str = "青石镇", period: str = "2023", **more: str) -> list[str]:
    cells = {
        "指标": COD,
        "对象": subject,
        "时期": period,
        "数值": value,
        "单位": "吨",
        "口径": "",
        "状态": "最终",
        "对象类别": "",
        "来源": "",
    } | more
    return [cells[heading] for heading in HEAD]


def load(*rows: Sequence[str], is_dry_run: bool = False, source: str = "县环境年报") -> LoadReport:
    """Loads rows under HEAD."""
    return store.load_rows([HEAD, *rows], name="t.csv", digest="", source=source, by=CLERK, is_dry_run=is_dry_run)


def cells(indicator: str = "cod_total", *subjects: str) -> list[ObservationRow]:
    wanted = [("region", code) for code in subjects or ("999901003",)]
    return list(store.observations([indicator], wanted))


@pytest.mark.usefixtures("regions")
def test_a_trial_says_what_would_happen_and_writes_nothing() -> None:
    report = load(row("1100"), row("缺失", "北坡乡"), is_dry_run=True)
    assert [verdict.verdict for verdict in report.verdicts] == ["new", "new"]
    assert not report.is_written
    assert not Observation.objects.exists()
    assert not Load.objects.exists()


@pytest.mark.usefixtures("regions")
def test_one_refused_row_and_nothing_is_written() -> None:
    report = load(row("1100"), row("一千"))
    refused = report.verdicts[1]
    assert (refused.row, refused.column, refused.found, refused.code) == (3, "数值", "一千", "TGT-106")
    assert "第 3 行" in refused.message.zh
    assert "Row 3" in refused.message.en
    assert not Observation.objects.exists()


@pytest.mark.usefixtures("regions")
@pytest.mark.parametrize(
    ("bad", "code"),
    [
        (row(""), "TGT-101"),
        (row("1", 指标="不存在的指标"), "TGT-102"),
        (row("1", "月亮镇"), "TGT-103"),
        (row("1", 单位="万吨标准煤"), "TGT-105"),
        (row("1", 口径="比上年变化"), "TGT-105"),
        (row("1e99999999"), "TGT-106"),
        (row("NaN"), "TGT-106"),
        (row("1", 状态="大概"), "TGT-107"),
        (row("1", period="2023-13"), "TGT-108"),
        (row("1", period="9999"), "TGT-108"),
        (row("1", 来源="长" * 601), "FCT-101"),
        (row("1100"), "TGT-109"),
        (row("1", "月亮行业", 对象类别="行业"), "TGT-112"),
        (row("1", "月亮工厂", 对象类别="单位"), "TGT-112"),
    ],
)
def test_each_fault_has_its_code(bad: list[str], code: str) -> None:
    report = load(row("1100"), bad)
    assert [verdict.code for verdict in report.verdicts if verdict.verdict == "refused"] == [code]


@pytest.mark.usefixtures("regions")
def test_a_heading_that_is_absent_is_named() -> None:
    report = store.load_rows([HEAD[:3]], name="t", digest="", source="s", by=CLERK, is_dry_run=False)
    assert report.verdicts[0].code == "TGT-100"
    assert "数值" in report.verdicts[0].message.zh
    empty = store.load_rows([], name="t", digest="", source="s", by=CLERK, is_dry_run=False)
    assert empty.count("refused") == 1


@pytest.mark.usefixtures("regions")
def test_only_what_differs_becomes_a_version() -> None:
    load(row("1100"), row("800", "北坡乡"))
    report = load(row("1100.0"), row("810", "北坡乡"))
    assert [verdict.verdict for verdict in report.verdicts] == ["same", "changed"]
    assert Observation.objects.count() == 3
    newest = cells("cod_total", "999901004")[0]
    assert newest.value == Decimal(810)
    assert [each.value for each in store.versions("cod_total", "region", "999901004")] == [Decimal(800), Decimal(810)]


@pytest.mark.usefixtures("regions")
def test_the_figures_as_they_stood_on_a_past_day() -> None:
    today = timezone.localdate()
    for days, told in ((20, "1100"), (10, "1090"), (0, "1080")):
        number = load(row(told)).load
        Load.objects.filter(pk=number).update(loaded_at=timezone.now() - timedelta(days=days))
    asked = (["cod_total"], [("region", "999901003")])

    def known(days: int) -> list[Decimal | None]:
        return [each.value for each in store.observations(*asked, until=today - timedelta(days=days))]

    assert [each.value for each in store.observations(*asked)] == [Decimal(1080)]
    assert known(0) == [Decimal(1080)]
    assert (known(1), known(10), known(11)) == ([Decimal(1090)], [Decimal(1090)], [Decimal(1100)])
    assert known(21) == []
    versions = store.versions("cod_total", "region", "999901003", today - timedelta(days=1))
    assert [each.value for each in versions] == [Decimal(1100), Decimal(1090)]


@pytest.mark.usefixtures("regions")
def test_zero_missing_and_not_applicable_are_three_things() -> None:
    load(row("0"), row("缺失", "北坡乡"), row("不适用", "芦洲乡"), row("不公布", "湖滨工业园"))
    found = {
        each.subject_name: (each.state, each.value)
        for each in cells("cod_total", *(f"99990100{n}" for n in range(1, 7)))
    }
    assert found == {
        "青石镇": (State.VALUE, Decimal(0)),
        "北坡乡": (State.MISSING, None),
        "芦洲乡": (State.NOT_APPLICABLE, None),
        "湖滨工业园": (State.SUPPRESSED, None),
    }


@pytest.mark.django_db
def test_the_database_itself_refuses_a_value_that_is_missing() -> None:
    shared = ("indicator_id", "subject_id", "unit_id", "source_id", "load_id", "first_month", "months", "measure")
    plain = dict.fromkeys((*shared, "origin", "maturity", "evidence"), 1)
    for state, value in ((MISSING, Decimal(1)), (VALUE, None)):
        with pytest.raises(IntegrityError), transaction.atomic():
            Observation.objects.create(state=state, value=value, **plain)


@pytest.mark.usefixtures("regions")
def test_printed_digits_survive_the_database() -> None:
    load(row("12345678901234567890.10"))
    assert str(cells()[0].value) == "12345678901234567890.10"


@pytest.mark.usefixtures("regions")
def test_the_number_of_queries_does_not_grow_with_the_rows() -> None:
    counts = []
    load(row("5", period="1999"), source="2")  # the first row of a journal, and of a subject, costs more
    for years in (2, 12):
        with CaptureQueriesContext(connection) as asked:
            load(*(row("5", period=str(2000 + n)) for n in range(years)), source=f"第 {years} 份")
        counts.append(len(asked))
    assert counts[0] == counts[1]


@given(st.decimals(-(10**9), 10**9, places=4))
def test_a_printed_number_is_read_as_printed(value: Decimal) -> None:
    for text in (str(value), f"{value:,}", f" {value} ", f"{value}%", str(value).replace("-", "−")):
        assert figure(text) == (State.VALUE, value)


@given(st.text(max_size=12))
def test_anything_else_is_refused_or_a_state(text: str) -> None:
    found: tuple[State, Decimal | None] | None = None
    with suppress(RowRefused):
        found = figure(text)
    if found is not None:
        assert (found[1] is not None) is (found[0] is State.VALUE)
        assert found[1] is None or found[1].is_finite()


def test_the_form_names_every_column() -> None:
    assert {column.headings[0] for column in COLUMNS} >= set(HEAD)


@pytest.mark.usefixtures("regions")
@pytest.mark.parametrize("source", ["", "  "])
def test_a_figure_without_a_source_is_refused_at_every_door(source: str) -> None:
    report = load(row("1100"), source=source)
    assert [(verdict.code, verdict.column) for verdict in report.verdicts] == [("TGT-111", "来源")]
    assert not Observation.objects.exists()


@pytest.mark.usefixtures("regions")
def test_a_wrong_unit_is_told_the_forms_that_are_taken() -> None:
    message = load(row("1", 单位="万吨标准煤")).verdicts[0].message
    assert "（吨、t、万吨" in message.zh
    told = load(row("1", 单位="千米", 指标="能耗强度")).verdicts[0].message
    assert "吨标准煤/万元" in told.zh
    assert "tce/CNY" not in told.zh


@pytest.mark.usefixtures("regions")
def test_a_part_of_a_year_is_said_to_be_listed_only() -> None:
    whole, half = load(row("1100"), row("500", period="2023-H1")).verdicts
    assert (whole.verdict, half.verdict) == ("new", "new")
    assert "不计入进度" not in whole.message.zh
    assert "不满一年：只列出，不计入进度" in half.message.zh


@pytest.mark.usefixtures("regions")
def test_a_verdict_says_what_is_told_and_what_stood_there() -> None:
    load(row("1100"))
    verdict = load(row("1090")).verdicts[0]
    assert (verdict.told, verdict.before, verdict.what) == ("1090吨", "1100吨", "青石镇（澄湖县） · 2023")


@pytest.mark.usefixtures("regions")
def test_a_share_moves_by_percentage_points_in_a_year() -> None:
    share = {"指标": "煤炭占能源消费总量比重", "口径": "当年量"}
    assert load(row("-1", 单位="个百分点", **share), is_dry_run=True).count("refused") == 0
    assert load(row("-1", 单位="%", **share), is_dry_run=True).verdicts[0].code == "TGT-105"


@pytest.mark.usefixtures("regions")
def test_an_industry_is_one_of_the_classification() -> None:
    verdicts = load(row("1", "纺织业", 对象类别="行业"), row("1", "17", period="2022", 对象类别="行业")).verdicts
    assert {verdict.what.split(" · ")[0] for verdict in verdicts} == {"纺织业"}
    assert {verdict.verdict for verdict in verdicts} == {"new"}


NOWHERE = """云栖县节能减排综合工作方案

云栖县人民政府
2022年8月1日

一、主要目标

（一）主要目标。到2025年，全县单位地区生产总值能耗比2020年下降13.5%。

二、重点任务

（二）加强工业节能。到2025年，建成绿色工厂3家。（牵头单位：县经济和信息化局）
"""


@pytest.mark.usefixtures("regions")
def test_a_region_that_only_an_adopted_plan_names_can_be_told_of() -> None:
    told = row("-3", "云栖县", "2021", 指标="能耗强度", 单位="%", 口径="比上年变化")
    assert load(told, is_dry_run=True).verdicts[0].code == "TGT-103"
    document = Document("t.txt", Medium.TXT, NOWHERE)
    plan = plans.save_reading(None, document, read_plan(document, open_rulebook().lexicon()), (), READER)
    for entry in plans.undecided(plan.id):
        plans.decide(entry.id, Verdict.ACCEPTED, CLERK)
    plans.adopt(plan.id, CHIEF)
    subject = next(each for each in targets.targets(plan.id) if each.indicator == "energy_intensity")
    assert load(told).is_written
    found = store.observations(["energy_intensity"], [(subject.subject_kind, subject.subject_code)])
    assert [each.value for each in found] == [Decimal(-3)]


SUM = {"指标": "化学需氧量重点工程减排量"}


@pytest.fixture
def summed(draft: PlanRow) -> None:
    """The county's plan is adopted: its project reductions are counted since the base year."""
    for entry in plans.undecided(draft.id):
        plans.decide(entry.id, Verdict.ACCEPTED, CLERK)
    plans.adopt(draft.id, CHIEF)


@pytest.mark.usefixtures("summed")
def test_a_cumulative_amount_that_falls_is_asked_about() -> None:
    years = [row(value, period=year, **SUM) for year, value in (("2021", "60"), ("2022", "55"), ("2023", "60"))]
    report = load(*years)
    assert [(verdict.code, verdict.row) for verdict in report.verdicts if verdict.verdict == "refused"] == [
        ("TGT-114", 3)
    ]
    assert "到 2022 年 55吨，少于到 2021 年的 60吨" in report.verdicts[1].message.zh
    assert "当年量" in report.verdicts[1].message.zh
    amounts = load(*(row(value, period=year, 口径="当年量", **SUM) for year, value in (("2021", "60"), ("2022", "55"))))
    assert amounts.is_written
    assert "累计" not in amounts.verdicts[0].message.zh


@pytest.mark.usefixtures("summed")
def test_a_cumulative_amount_is_held_against_what_stands_in_any_unit() -> None:
    first = load(row("60", period="2022", **SUM))
    assert "按基年以来的累计数计入" in first.verdicts[0].message.zh
    assert load(row("0.0061", period="2021", 单位="万吨", **SUM)).verdicts[0].code == "TGT-114"
    assert load(row("0.0059", period="2021", 单位="万吨", **SUM)).is_written
    assert load(row("58", period="2021", **SUM)).is_written


@pytest.mark.usefixtures("summed")
def test_a_cumulative_amount_may_fall_for_a_reason() -> None:
    load(row("60", period="2022", **SUM))
    head = [*HEAD, "备注"]
    cells = [*row("55", **SUM), "核减一个项目"]
    report = store.load_rows([head, cells], name="t", digest="", source="s", by=CLERK, is_dry_run=False)
    assert report.is_written


@pytest.mark.usefixtures("regions")
def test_the_subject_may_stand_under_region() -> None:
    head = ["地区" if heading == "对象" else heading for heading in HEAD]
    report = store.load_rows([head, row("1100")], name="t", digest="", source="s", by=CLERK, is_dry_run=True)
    assert [verdict.verdict for verdict in report.verdicts] == ["new"]


def test_a_cell_of_a_table_is_an_indicator() -> None:
    nothing = Subjects(frozenset(), RegionLookup(()), {})
    lexicon = open_rulebook().lexicon()
    parser = RowParser(
        Indicators(lexicon.indicators), frozenset(), Units(lexicon.units), nothing, frozenset(), "s",
        {"energy_balance.terminal.raw_coal": "t"},
    )  # fmt: skip
    assert parser.meant_indicator("energy_balance.terminal.raw_coal") == ("energy_balance.terminal.raw_coal", "t")
    with pytest.raises(RowRefused):
        parser.meant_indicator("energy_balance.terminal.gold")
