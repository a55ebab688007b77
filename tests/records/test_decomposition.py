"""How targets are shared out: whose they are, what their base is, what is left over."""

from __future__ import annotations

from decimal import Decimal

import pytest

from actors import CHIEF, CLERK, READER
from shuangkong.plans.document import Document, Medium
from shuangkong.plans.reader import read_plan
from shuangkong.records.facts import store as facts
from shuangkong.records.plans import store
from shuangkong.records.plans.rows import PlanRow, Verdict
from shuangkong.records.targets import store as targets
from shuangkong.records.targets.models import Target
from shuangkong.records.targets.rows import TargetRow
from shuangkong.records.targets.sharing import Sharing
from shuangkong.rulebook import open_rulebook
from shuangkong.targets.naming import Indicators, Units

TOWNS = ("澄湖镇", "柳溪镇", "青石镇", "北坡乡", "芦洲乡", "湖滨工业园")


@pytest.fixture
def adopted(draft: PlanRow) -> tuple[TargetRow, ...]:
    for entry in store.undecided(draft.id):
        store.decide(entry.id, Verdict.ACCEPTED, CLERK)
    store.adopt(draft.id, CHIEF)
    return targets.targets(draft.id)


def the(rows: tuple[TargetRow, ...], indicator: str, subject: str, kind: str) -> TargetRow:
    return next(row for row in rows if (row.indicator, row.subject_code, row.kind) == (indicator, subject, kind))


def test_headlines_are_those_of_the_goals(adopted: tuple[TargetRow, ...]) -> None:
    assert [row.indicator for row in adopted if row.is_headline] == [
        "energy_intensity", "consumption_increment", "cod_total", "nh3n_total", "cod_project_reduction",
        "nox_project_reduction", "non_fossil_share", "forest_stock", "clean_power_share",
        "public_institution_carbon_intensity", "carbon_market_control_rate",
    ]  # fmt: skip


def test_what_is_not_shared_out_is_a_line_of_its_own(adopted: tuple[TargetRow, ...]) -> None:
    parent = the(adopted, "consumption_increment", "999901", "cap_increment")
    lines = targets.shares(parent.id)
    assert [line.kind for line in lines] == ["child"] * 6 + ["reserve"]
    assert lines[-1].value == Decimal(18) - sum(map(Decimal, ("5.2", "3.1", "2.4", "1.1", "0.9", "4.3")))
    assert parent.reserve == Decimal("1.0")
    assert "方案未载" in lines[-1].note_zh


def test_rates_do_not_add_up_to_a_reserve(adopted: tuple[TargetRow, ...]) -> None:
    parent = the(adopted, "energy_intensity", "999901", "reduction_rate")
    assert {line.kind for line in targets.shares(parent.id)} == {"child"}


def test_a_town_has_the_base_of_its_row(adopted: tuple[TargetRow, ...]) -> None:
    town = the(adopted, "cod_total", "999901003", "reduction_rate")
    assert (town.subject_name, town.value, town.base_value, town.base_unit) == (
        "青石镇", Decimal(10), Decimal("1120.8"), "吨",
    )  # fmt: skip
    assert town.table is not None
    assert town.table[0] == 2
    rate = the(adopted, "energy_intensity", "999901003", "reduction_rate")
    assert rate.base_value is None


SCOPES = """甲县节能减排综合工作方案

一、总体要求

（一）总体要求。做好工作。

二、重点任务

（二）治理垃圾。到2025年，全县生活垃圾无害化处理率达到90%以上，其中县城建成区达到95%以上。（牵头单位：县住房城乡建设局）
"""


@pytest.mark.usefixtures("regions")
def test_one_indicator_for_two_scopes_is_two() -> None:
    document = Document("t.txt", Medium.TXT, SCOPES)
    lexicon = open_rulebook().lexicon()
    plan = store.save_reading(None, document, read_plan(document, lexicon), (), READER)
    for entry in store.undecided(plan.id):
        store.decide(entry.id, Verdict.ACCEPTED, CLERK)
    store.adopt(plan.id, CHIEF)
    rows = targets.targets(plan.id)
    assert {str(row.value) for row in rows} == {"90", "95"}
    assert len({row.indicator for row in rows}) == 2
    assert {row.indicator.partition("@")[0] for row in rows} == {"garbage_safe_plain_rate"}
    scoped = next(row.indicator for row in rows if "@" in row.indicator)
    head = ["指标", "对象", "时期", "数值", "单位", "状态"]
    rows_told = [[name, "澄湖县", "2023", "91", "%", "最终"] for name in (scoped, "garbage_safe_plain_rate@别处")]
    loaded = facts.load_rows([head, *rows_told], name="t", digest="", source="s", by=CLERK, is_dry_run=True)
    assert [verdict.verdict for verdict in loaded.verdicts] == ["new", "refused"]


def test_a_column_is_joined_to_the_target_that_its_table_speaks_of(adopted: tuple[TargetRow, ...]) -> None:
    parent = the(adopted, "cod_project_reduction", "999901", "reduction_amount")
    lines = targets.shares(parent.id)
    assert [line.name for line in lines] == list(TOWNS)  # 620 is shared out to the last tonne: no reserve
    assert sum(line.value for line in lines if line.value is not None) == parent.value


YEARS = """甲县节能减排综合工作方案

澄湖县人民政府
2022年8月1日

一、主要目标

（一）主要目标。到2025年，全县能源消费总量控制在0.5万吨标准煤以内。到2030年，能源消费总量控制在0.56万吨标准煤以内。

二、重点任务

（二）加强工业节能。到2025年，建成绿色工厂3家。（牵头单位：县经济和信息化局）

附件：1.各乡镇能耗双控目标

附件1

各乡镇能耗双控目标

地区	2025年能源消费总量控制目标（吨标准煤）	2030年能源消费总量控制目标（吨标准煤）
澄湖镇	2000	2200
青石镇	1500	1700
其中：青石园区	300	400
北坡乡	1200	1300
合计	4700	5200
"""


def read_and_adopt(text: str) -> tuple[TargetRow, ...]:
    document = Document("t.txt", Medium.TXT, text)
    plan = store.save_reading(None, document, read_plan(document, open_rulebook().lexicon()), (), READER)
    for entry in store.undecided(plan.id):
        store.decide(entry.id, Verdict.ACCEPTED, CLERK)
    store.adopt(plan.id, CHIEF)
    return targets.targets(plan.id)


@pytest.mark.usefixtures("regions")
def test_years_totals_and_parts_are_no_children_of_one_whole() -> None:
    rows = read_and_adopt(YEARS)
    shared = {
        row.deadline: [(line.kind, line.name, line.value) for line in targets.shares(row.id)]
        for row in rows
        if row.table is None and row.kind == "cap_total"
    }
    towns = ("澄湖镇", "青石镇", "北坡乡")
    assert shared == {
        "2025": [*(("child", *pair) for pair in zip(towns, map(Decimal, (2000, 1500, 1200)), strict=True)),
                 ("reserve", "未分解", Decimal("0.03"))],
        "2030": [*(("child", *pair) for pair in zip(towns, map(Decimal, (2200, 1700, 1300)), strict=True)),
                 ("reserve", "未分解", Decimal("0.04"))],
    }  # fmt: skip
    assert not {row.subject_name for row in rows} & {"合计"}


@pytest.mark.usefixtures("regions")
def test_a_total_row_is_the_whole_where_the_text_has_none() -> None:
    text = YEARS.replace(
        "能源消费总量控制在0.5万吨标准煤以内。到2030年，能源消费总量控制在0.56万吨标准煤以内", "做好工作"
    )
    whole = [row for row in read_and_adopt(text) if row.subject_code == "999901" and row.kind == "cap_total"]
    assert [(row.value, len(targets.shares(row.id))) for row in whole] == [(Decimal(4700), 3), (Decimal(5200), 3)]


def one(name: str, value: str, **more: object) -> Target:
    given: dict[str, object] = {
        "indicator": "total_consumption", "indicator_name": "能源消费总量", "kind": "cap_total", "unit": "吨标准煤",
        "deadline": "2025", "strength": "firm", "subject_code": name, "subject_name": name,
    }  # fmt: skip
    return Target(value=Decimal(value), **given | more)


def test_a_stretch_column_is_not_added_to_the_basic_one() -> None:
    lexicon = open_rulebook().lexicon()
    whole = one("甲县", "100")
    basic = [one(name, "50", table_no=1, table_column=1) for name in ("甲镇", "乙镇")]
    stretch = [one(name, "40", table_no=1, table_column=2) for name in ("甲镇", "乙镇")]
    sharing = Sharing("甲县", Indicators(lexicon.indicators), Units(lexicon.units))
    lines = sharing.lines([whole, *basic, *stretch])
    assert [(line.parent, line.child) for line in lines] == [(whole, basic[0]), (whole, basic[1])]
    assert whole.reserve is None  # 100 − 50 − 50
    total = one("甲县", "80", table_no=1, table_column=2)
    lines = sharing.lines([whole, *basic, *stretch, total])
    assert [line.parent for line in lines] == [whole, whole, total, total]
    ambition = one("甲县", "80", strength="ambition")
    for each in stretch:
        each.strength = "ambition"
    lines = sharing.lines([ambition, whole, *basic, *stretch])
    assert [line.parent for line in lines] == [whole, whole, ambition, ambition]


@pytest.mark.usefixtures("regions")
def test_targets_under_a_title_about_responsibility_are_no_headlines() -> None:
    rows = read_and_adopt(YEARS.replace("加强工业节能", "落实目标责任"))
    assert {row.item_no: row.is_headline for row in rows if row.table is None} == {"（一）": True, "（二）": False}
