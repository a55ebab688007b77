"""Annex tables through their doors: heads of several tiers, group rows, totals, years, changes, and their targets."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

import pytest

from shuangkong.plans.document import Document, Medium
from shuangkong.plans.intake import open_document
from shuangkong.plans.reader import read_plan
from shuangkong.plans.reading import AnnexTable, Kind, Nature, Op, Reading, Strength, Target
from shuangkong.rulebook import open_rulebook

sys.path.insert(0, str(Path(__file__).parents[1] / "intake"))
from made_files import docx, p, tbl, tc

ZIYANG = Path("/work/shared/plans/ziyang-13fyp.txt")
FRONT = (
    "云溪市“十四五”节能减排综合工作方案",
    "云溪市人民政府",
    "2022年8月1日",
    "一、主要目标",
    "（一）主要目标。到2025年，全市单位地区生产总值能耗比2020年下降13.5%。",
    "附件",
)
#: A cell of a made table: its text, or its text with (rows, columns) that it spans.
Made = str | tuple[str, int, int]


def read(document: Document) -> Reading:
    return read_plan(document, open_rulebook().lexicon())


def as_text(title: str, rows: Sequence[Sequence[str]], *notes: str) -> Reading:
    """A document whose table is drawn with tabs."""
    lines = [*FRONT, title, *("\t".join(row) for row in rows), *notes, ""]
    return read(Document("plan.txt", Medium.TXT, "\n".join(lines)))


def as_html(title: str, rows: Sequence[Sequence[Made]]) -> Reading:
    def cell(made: Made) -> str:
        text, down, across = (made, 1, 1) if isinstance(made, str) else made
        return f"<td rowspan={down} colspan={across}>{text}</td>"

    table = "".join(f"<tr>{''.join(map(cell, row))}</tr>" for row in rows)
    body = "".join(f"<p>{line}</p>" for line in (*FRONT, title))
    page = f'<html><head><meta charset="utf-8"></head><body>{body}<table>{table}</table></body></html>'
    return read(open_document("plan.html", page.encode()))


def as_word(title: str, rows: Sequence[Sequence[Made]]) -> Reading:
    """The same as .docx, with merged cells as Word writes them."""
    body = "".join(map(p, (*FRONT, title))) + tbl(*word_rows(rows))
    return read(open_document("plan.docx", docx(body)))


def word_rows(rows: Sequence[Sequence[Made]]) -> list[list[str]]:
    """Cells of a Word table; a cell merged downwards goes on as an empty one in the rows below."""
    below: dict[tuple[int, int], int] = {}  # (row, column) covered from above → columns it covers
    made: list[list[str]] = []
    for down, row in enumerate(rows):
        cells, at, given = [], 0, list(row)
        while given or (down, at) in below:
            if (down, at) in below:
                across = below[down, at]
                cells.append(tc("", f"<w:gridSpan w:val='{across}'/><w:vMerge/>"))
            else:
                cell = given.pop(0)
                text, height, across = (cell, 1, 1) if isinstance(cell, str) else cell
                below |= {(down + more, at): across for more in range(1, height)}
                start = "<w:vMerge w:val='restart'/>" if height > 1 else ""
                cells.append(tc(text, f"<w:gridSpan w:val='{across}'/>{start}"))
            at += across
        made.append(cells)
    return made


DOORS = pytest.mark.parametrize("door", [as_html, as_word], ids=["html", "docx"])


def meaning(targets: Sequence[Target]) -> list[tuple[str | None, str, Kind, str, str]]:
    return [(t.region, t.indicator, t.kind, str(t.value), t.unit) for t in targets]


def columns(table: AnnexTable) -> list[tuple[str, str | None, str]]:
    return [(column.header, column.unit, column.role) for column in table.columns]


INDUSTRY: list[list[Made]] = [
    ["指标", "单位", "2020年实际值", "2025年目标值", "变化幅度／变化率"],
    [("工业：", 1, 5)],
    ["规模以上工业单位增加值能耗", "吨标准煤/万元", "1.00", "0.855", "[-14.5%]"],
    ["水泥熟料综合能耗", "千克标准煤/吨", "112", "107", "-5"],
    [("建筑", 1, 5)],
    ["节能改造累计面积", "万平方米", "—", "—", "＋50"],
    ["绿色建筑占新建建筑比例", "%", "60", "100", "+40"],
]
INDUSTRY_TARGETS = [
    (None, "规模以上工业单位增加值能耗", Kind.LEVEL_CAP, "0.855", "吨标准煤/万元"),
    (None, "规模以上工业单位增加值能耗下降率", Kind.REDUCTION_RATE, "14.5", "%"),
    (None, "水泥熟料综合能耗", Kind.LEVEL_CAP, "107", "千克标准煤/吨"),
    (None, "水泥熟料综合能耗减少量", Kind.REDUCTION_AMOUNT, "5", "千克标准煤/吨"),
    (None, "节能改造累计面积增加量", Kind.COUNT, "50", "万平方米"),
    (None, "绿色建筑占新建建筑比例", Kind.COMPLETION, "100", "%"),
    (None, "绿色建筑占新建建筑比例提高幅度", Kind.POINT_GAIN, "40", "个百分点"),
]


@DOORS
def test_a_merged_group_row_under_the_head_is_no_tier_of_it(door: type) -> None:
    found = door("重点行业和部门节能指标", INDUSTRY)
    (table,) = found.tables
    assert [column.role for column in table.columns] == ["label", "unit", "base", "target", "change"]
    assert [row.group for row in table.rows] == ["工业", "工业", "工业", "建筑", "建筑", "建筑"]
    assert [row.label for row in table.rows if len(row.cells) == 1] == ["工业：", "建筑"]


@DOORS
def test_differences_and_rates_of_an_indicator_table_are_told_apart(door: type) -> None:
    found = door("重点行业和部门节能指标", INDUSTRY)
    assert meaning(found.annex_targets) == INDUSTRY_TARGETS


def test_the_given_annex_of_industries_yields_levels_rates_and_differences() -> None:
    if not ZIYANG.exists():
        pytest.skip(f"{ZIYANG} is not on this machine")
    found = read(open_document(ZIYANG.name, ZIYANG.read_bytes()))
    table = found.tables[6]
    assert [column.header for column in table.columns][2:] == ["2015年实际值", "2020年目标值", "2020年变化幅度/变化率"]
    last = [t for t in found.annex_targets if t.item_no == "附件7"]
    assert all(t.deadline == "2020" and t.value > 0 for t in last)
    assert [(t.indicator, t.kind, t.value, t.unit) for t in last][1:5] == [
        ("水泥熟料综合能耗", Kind.LEVEL_CAP, 105, "千克标准煤/吨"),
        ("水泥熟料综合能耗减少量", Kind.REDUCTION_AMOUNT, 5, "千克标准煤/吨"),
        ("机制纸及纸板综合能耗", Kind.LEVEL_CAP, 528, "千克标准煤/吨"),
        ("机制纸及纸板综合能耗减少量", Kind.REDUCTION_AMOUNT, 50, "千克标准煤/吨"),
    ]
    assert [(t.kind, t.value, t.unit) for t in last if t.indicator_printed == "城镇既有居住建筑节能改造累计面积"] == [
        (Kind.COUNT, 50, "万平方米")
    ]
    assert ("公共机构人均水耗下降率", Kind.REDUCTION_RATE, 15, "%") in [
        (t.indicator, t.kind, t.value, t.unit) for t in last
    ]
    assert not any(table.doubts for table in found.tables)


TWO_TIERS: list[list[Made]] = [
    [("地区", 2, 1), ("能耗强度下降率（%）", 1, 2), ("重点工程减排量（吨）", 1, 2)],
    ["基本目标", "激励目标", "氮氧化物", "挥发性有机物"],
    ["东城区（含高新区）", "14", "14.5", "300", "200"],
    ["南县", "13", "13.5", "400", "250"],
    ["全市", "13.5", "14", "700", "450"],
]


@DOORS
def test_the_upper_tier_may_hold_the_name_and_the_unit(door: type) -> None:
    found = door("各县（市、区）“十四五”节能减排目标", TWO_TIERS)
    assert meaning([t for t in found.annex_targets if t.region == "南县"]) == [
        ("南县", "单位地区生产总值能耗下降率", Kind.REDUCTION_RATE, "13", "%"),
        ("南县", "单位地区生产总值能耗下降率", Kind.REDUCTION_RATE, "13.5", "%"),
        ("南县", "氮氧化物重点工程减排量", Kind.REDUCTION_AMOUNT, "400", "吨"),
        ("南县", "挥发性有机物重点工程减排量", Kind.REDUCTION_AMOUNT, "250", "吨"),
    ]
    strengths = [t.strength for t in found.annex_targets if t.region == "南县"]
    assert strengths == [Strength.FIRM, Strength.AMBITION, Strength.FIRM, Strength.FIRM]


def test_a_two_tier_head_drawn_with_tabs_gives_each_substance_its_columns() -> None:
    rows = [
        ["地区", "二氧化硫", "", "氮氧化物", ""],
        ["", "2020年排放量（万吨）", "2025年下降比例（%）", "2020年排放量（万吨）", "2025年下降比例（%）"],
        ["东区", "4.86", "22%", "8.12", "18%"],
        ["西县", "5.30", "21%", "4.97", ""],
    ]
    found = as_text("各县（区）主要污染物排放总量控制计划", rows)
    assert meaning(found.annex_targets) == [
        ("东区", "二氧化硫排放总量下降率", Kind.REDUCTION_RATE, "22", "%"),
        ("东区", "氮氧化物排放总量下降率", Kind.REDUCTION_RATE, "18", "%"),
        ("西县", "二氧化硫排放总量下降率", Kind.REDUCTION_RATE, "21", "%"),
    ]


def test_a_row_of_the_whole_region_is_a_total_and_no_region() -> None:
    rows = [["地区", "能源消费总量控制目标（万吨标准煤）"], ["全州县", "5"], ["南县", "3"], ["小计", "8"]]
    rows += [["云溪市", "9"], ["全市合计", "9"], ["合计", "9"]]
    found = as_text("各县能源消费总量控制目标", rows)
    assert [row.is_total for row in found.tables[0].rows] == [False, False, True, True, True, True]
    assert [t.region for t in found.annex_targets] == ["全州县", "南县", None, None, None]


def test_a_column_of_a_year_of_the_plan_or_later_is_a_target_and_an_earlier_one_is_not() -> None:
    heads = ["地区", *(f"{year}年能源消费总量（万吨标准煤）" for year in (2020, 2025, 2030)), "较2020年下降（%）"]
    found = as_text(
        "各县（区）能耗双控目标", [heads, ["东县", "90", "100", "120", "2"], ["合计", "90", "100", "120", "2"]]
    )
    assert [(c.role, c.year) for c in found.tables[0].columns] == [
        ("label", None),
        ("base", 2020),
        ("target", 2025),
        ("target", 2030),
        ("change", None),
    ]
    east = [(t.kind, t.deadline, t.value, t.base_year) for t in found.annex_targets if t.region == "东县"]
    assert east == [
        (Kind.CAP_TOTAL, "2025", 100, None),
        (Kind.CAP_TOTAL, "2030", 120, None),
        (Kind.REDUCTION_RATE, "2025", 2, 2020),
    ]


def test_bare_years_may_be_the_lower_tier() -> None:
    rows: list[list[Made]] = [
        [("地区", 2, 1), ("化学需氧量排放量（吨）", 1, 2)],
        ["2020", "2025"],
        ["东县", "90", "80"],
        ["西县", "70", "60"],
    ]
    found = as_html("各县（区）主要污染物控制计划", rows)
    assert [(t.region, t.indicator, t.op, t.value, t.deadline) for t in found.annex_targets] == [
        ("东县", "化学需氧量排放总量", Op.LE, 80, "2025"),
        ("西县", "化学需氧量排放总量", Op.LE, 60, "2025"),
    ]


def test_a_level_under_a_title_of_another_quantity_takes_the_subject_only() -> None:
    rows = [["区县", "2020年碳排放强度（吨二氧化碳/万元）", "2025年强度下降率（%）", "2025年总量（万吨二氧化碳）"]]
    found = as_text("云溪市碳排放双控目标分解表", [*rows, ["东港区", "0.82", "[19]", "1180"]])
    assert meaning(found.annex_targets) == [
        ("东港区", "单位地区生产总值二氧化碳排放下降率", Kind.REDUCTION_RATE, "19", "%"),
        ("东港区", "二氧化碳排放总量", Kind.CAP_TOTAL, "1180", "万吨二氧化碳"),
    ]


def test_numbers_that_yield_no_target_are_said() -> None:
    lost = as_text("各园区情况", [["园区", "指数"], ["化工园区", "71"], ["食品园区", "11"]])
    assert [doubt.code for doubt in lost.tables[0].doubts] == ["table_without_target"]
    assert not lost.annex_targets
    half = as_text("各园区目标", [["园区", "能耗强度下降率（%）", "其他"], ["甲园", "7", "3"], ["乙园", "8", "4"]])
    assert [doubt.code for doubt in half.tables[0].doubts] == ["column_unread"]
    assert "“其他”" in half.tables[0].doubts[0].message.zh
    assert len(half.annex_targets) == 2


def test_a_yearly_mean_is_no_change_since_the_base_year() -> None:
    rows = [
        ["指标", "单位", "2020年", "2025年", "年均变化率（%）"],
        ["单位产值能耗", "吨标准煤/万元", "0.5", "0.45", "-2.1"],
    ]
    found = as_text("公共机构和行业指标", rows)
    assert meaning(found.annex_targets) == [(None, "单位产值能耗", Kind.LEVEL_CAP, "0.45", "吨标准煤/万元")]
    assert [doubt.code for doubt in found.tables[0].doubts] == ["column_unread"]


def test_a_bracket_in_a_row_may_hold_a_qualifier() -> None:
    rows = [["指标", "单位", "2020年", "2025年"], ["单位工业增加值（规模以上）能耗", "吨标准煤/万元", "0.5", "0.45"]]
    found = as_text("行业指标", rows)
    assert [target.indicator for target in found.annex_targets] == ["规模以上工业单位增加值能耗"]


def test_the_nature_of_an_indicator_is_read_from_its_column_and_its_group() -> None:
    rows = [
        ["序号", "指标", "单位", "2020年", "2025年", "属性"],
        ["1", "单位地区生产总值能耗降低", "%", "—", "[13.5]", "约束性"],
        ["2", "非化石能源占能源消费总量比重", "%", "15", "≥20", "预期性"],
        ["3", "森林覆盖率", "%", "40", "42左右", "—"],
    ]
    found = as_text("主要指标", rows)
    assert [(t.nature, t.kind, t.op, t.value) for t in found.annex_targets] == [
        (Nature.BINDING, Kind.REDUCTION_RATE, Op.EQ, Decimal("13.5")),
        (Nature.EXPECTED, Kind.SHARE, Op.GE, 20),
        (None, Kind.LEVEL_FLOOR, Op.EQ, 42),
    ]
    assert [row.label for row in found.tables[0].rows] == [row[1] for row in rows[1:]]
    grouped = [["指标", "单位", "2025年"], ["约束性指标："], ["森林覆盖率", "%", "42"]]
    assert [t.nature for t in as_text("主要指标", grouped).annex_targets] == [Nature.BINDING]


@DOORS
def test_a_column_merged_downwards_groups_the_rows_and_counters_name_none(door: type) -> None:
    rows: list[list[Made]] = [
        ["序号", "领域", "指标", "单位", "2025年目标"],
        ["1", ("工业", 2, 1), "规模以上工业单位增加值能耗下降率", "%", "14"],
        ["2", "水泥熟料综合能耗", "千克标准煤/吨", "107"],
        ["3", "建筑", "城镇新建建筑中绿色建筑面积占比", "%", "100"],
    ]
    found = door("重点领域节能指标", rows)
    assert [(row.group, row.label) for row in found.tables[0].rows] == [
        ("工业", "规模以上工业单位增加值能耗下降率"),
        ("工业", "水泥熟料综合能耗"),
        ("建筑", "城镇新建建筑中绿色建筑面积占比"),
    ]
    assert [(t.kind, t.value, t.unit, t.scope) for t in found.annex_targets][:2] == [
        (Kind.REDUCTION_RATE, 14, "%", "工业"),
        (Kind.LEVEL_CAP, 107, "千克标准煤/吨", "工业"),
    ]


@DOORS
def test_caption_and_unit_inside_the_grid_are_no_head(door: type) -> None:
    rows: list[list[Made]] = [
        [("单位：万吨标准煤", 1, 2)],
        ["地区", "2025年能源消费总量"],
        ["东县", "100"],
        ["西县", "120"],
    ]
    found = door("各县（区）能耗双控目标", rows)
    assert columns(found.tables[0])[1] == ("2025年能源消费总量", "万吨标准煤", "target")
    assert [t.unit for t in found.annex_targets] == ["万吨标准煤", "万吨标准煤"]


def test_heads_that_a_page_ran_together_or_broke_are_mended() -> None:
    together = "2025年下降比例（%）2025年重点工程减排量（吨）"
    rows = [["地区", "2020年排放量（吨）", together], ["东区", "9.5", "18%", "447.5"], ["西县", "8", "13%", "68"]]
    found = as_text("各县氨氮排放总量控制计划", rows)
    assert meaning([t for t in found.annex_targets if t.region == "西县"]) == [
        ("西县", "氨氮排放总量下降率", Kind.REDUCTION_RATE, "13", "%"),
        ("西县", "氨氮重点工程减排量", Kind.REDUCTION_AMOUNT, "68", "吨"),
    ]
    cells = ["地区", "化学需氧量排放量（万", "吨）", "氨氮排放量（万吨）", "2020年", "2025年", "2020年", "2025年"]
    cells += ["东区", "4.8", "4.1", "0.5", "0.4", "西县", "3.8", "3.1", "0.4", "0.3"]
    flat = read(Document("plan.txt", Medium.TXT, "\n".join([*FRONT, "各县排放控制目标", *cells, ""])))
    assert [(t.region, t.indicator, str(t.value), t.unit) for t in flat.annex_targets][:2] == [
        ("东区", "化学需氧量排放总量", "4.1", "万吨"),
        ("东区", "氨氮排放总量", "0.4", "万吨"),
    ]


def test_a_head_that_fits_no_column_is_a_doubt() -> None:
    flat = ["附表标题目标", "地区", "能耗强度下降率（%）", "乙项", "丙项", "丁项", "东区", "1", "2", "西县", "3", "4"]
    found = read(Document("plan.txt", Medium.TXT, "\n".join([*FRONT, *flat, ""])))
    assert "table_head" in [doubt.code for doubt in found.tables[0].doubts]
    assert {doubt.code for t in found.annex_targets for doubt in t.doubts} == {"table_head"}


def test_a_head_cell_that_sounds_like_a_title_opens_no_table() -> None:
    cells = ["区县", "2020年能源消费总量（万吨标准煤）", "2025年目标", "强度下降率（%）", "总量（万吨标准煤）"]
    cells += ["东县", "90", "13", "100", "西县", "80", "14", "90"]
    lines = [*FRONT, "能源消费总量控制分解表", *cells, ""]
    found = read(Document("plan.txt", Medium.TXT, "\n".join(lines)))
    assert [table.title for table in found.tables] == ["能源消费总量控制分解表"]
    assert [column.header for column in found.tables[0].columns][2:] == [
        "2025年目标强度下降率（%）",
        "2025年目标总量（万吨标准煤）",
    ]


def test_counters_regions_in_a_title_and_a_note_below_are_no_figures() -> None:
    html = (
        "<p>附件1</p><p>各市（州）能耗强度下降目标</p><table><tr><th>序号</th><th>地区</th><th>单位GDP能耗降低（%）</th>"
        "<th>备注</th></tr><tr><td>1</td><td>东港市</td><td>11</td><td></td></tr>"
        "<tr><td>2</td><td>西岭州</td><td>9</td><td></td></tr><tr><td colspan=4>注：不含省属企业。</td></tr></table>"
    )
    head = "<p>某省“十四五”节能减排综合工作方案</p><p>一、目标</p><p>（一）标题。到2025年，森林覆盖率达到30%。</p>"
    reading = read(open_document("plan.html", f"<html><body>{head}{html}</body></html>".encode()))
    (table,) = reading.tables
    assert [column.unit for column in table.columns] == [None, None, "%", None]
    assert [note for note, _ in table.notes] == ["注：不含省属企业。"]
    assert [row.label for row in table.rows] == ["东港市", "西岭州"]
    assert table.doubts == ()


def test_a_table_shared_out_takes_its_measure_from_the_title() -> None:
    rows = [["序号", "乡镇", "化学需氧量", "氨氮"], ["1", "东乡", "120", "8.5"], ["2", "西乡", "50", "4"]]
    reading = as_text("某县主要污染物重点工程减排量分配表\n单位：吨", rows)
    assert [(t.region, t.indicator, str(t.value), t.unit) for t in reading.annex_targets][:2] == [
        ("东乡", "化学需氧量重点工程减排量", "120", "吨"),
        ("东乡", "氨氮重点工程减排量", "8.5", "吨"),
    ]
    assert reading.tables[0].doubts == ()
