"""A balance in the shape of the form: taken in cell by cell, computed up to the intensity, explained down to a cell."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

import pytest

from actors import CLERK
from shuangkong.cli import main
from shuangkong.core.fact import Cell, State, Subject
from shuangkong.core.period import Period
from shuangkong.core.trace import Figure
from shuangkong.records.facts import store
from shuangkong.records.facts.models import Observation
from shuangkong.records.facts.rows import LoadReport
from shuangkong.records.indicators.computing import compute
from shuangkong.records.indicators.explaining import explain
from shuangkong.records.indicators.looking import results
from shuangkong.rulebook import open_rulebook

COUNTY, YEAR = Subject("region", "999901"), Period(2023)
TABLE = open_rulebook().tables()["energy_balance"]
REST = tuple(column.zh for column in TABLE.columns if column.id not in {"raw_coal", "electricity"})

pytestmark = pytest.mark.usefixtures("regions")


def sheet(*lines: Sequence[str], blank: str = "不适用") -> list[list[str]]:
    """Raw coal and electricity with figures; all other columns blank."""
    told = {line[0]: list(line[1:]) for line in lines}
    rows = [
        ["能源平衡表"],
        ["地区", "999901", "时期", "2023", "状态", "最终", "空格表示", blank],
        ["项目", "原煤", "电力", *REST],
        ["计量单位", "万吨", "亿千瓦时", *(_printed(name) for name in REST)],
    ]
    rows += [[row.zh, *told.get(row.zh, ["", ""])] for row in TABLE.rows]
    return rows + [[name, *cells] for name, cells in told.items() if name not in {row.zh for row in TABLE.rows}]


def _printed(name: str) -> str:
    unit = next(column.unit for column in TABLE.columns if column.zh == name)
    return {"t": "万吨", "m3": "亿立方米", "gj": "万吉焦", "tce": "万吨标准煤"}[unit]


GOOD = (
    ("外省（区、市）调入量", "50", "2"),
    ("一次能源生产量", "", "1"),
    ("火力发电", "-20", "4"),
    ("损失量", "", "0.5"),
    ("工业", "28", "5.5"),
    ("居民生活", "2", "1"),
)


def load(rows: Sequence[Sequence[str]], *, is_dry_run: bool = False) -> LoadReport:
    return store.load_rows(rows, name="b.csv", digest="", source="平衡表", by=CLERK, is_dry_run=is_dry_run)


def cell(indicator: str) -> Cell:
    return Cell(COUNTY, indicator, YEAR)


def facts(figure: Figure) -> dict[str, Decimal | None]:
    own = {figure.cell.indicator: figure.value} if figure.fact else {}
    return own | {name: value for _, each in figure.inputs for name, value in facts(each).items()}


def test_from_the_form_to_the_intensity_and_back_to_the_cell() -> None:
    report = load(sheet(*GOOD))
    assert report.load is not None, report.verdicts
    assert Observation.objects.count() == len(TABLE.rows) * len(TABLE.columns)
    head = ["指标", "对象", "时期", "数值", "单位", "状态"]
    long = [head, ["gdp_constant", "999901", "2023", "120", "亿元", "最终"]]
    long.append(["generation_coal_rate", "999901", "2023", "300", "克标准煤/千瓦时", "最终"])
    assert load(long).load is not None
    compute()
    total = Decimal(500_000) * Decimal("0.7143") + Decimal(300_000_000) * Decimal("0.3") / 1000
    found = results(["total_consumption", "energy_intensity"], [COUNTY])
    assert found[cell("total_consumption")].value == total
    intensity = explain(cell("energy_intensity"))
    assert intensity.value == found[cell("energy_intensity")].value == round(total / 1_200_000, 4) / 10_000
    assert facts(intensity)["energy_balance.industry.raw_coal"] == 280_000
    assert facts(intensity)["generation_coal_rate"] == Decimal("0.3")
    standard = explain(cell("energy_balance_equivalent.industry.electricity"))
    assert standard.value == 165_000


def test_a_corrected_cell_moves_the_total_and_nothing_is_overwritten() -> None:
    load(sheet(*GOOD))
    compute()
    before = results(["total_consumption"], [COUNTY])[cell("total_consumption")].value
    report = load([["指标", "对象", "时期", "数值", "单位", "状态"],
                   ["energy_balance.households.raw_coal", "999901", "2023", "3", "万吨", "最终"]])  # fmt: skip
    assert report.count("changed") == 1
    compute()
    after = results(["total_consumption"], [COUNTY])[cell("total_consumption")].value
    assert after is not None
    assert before is not None
    assert after - before == 7143
    assert Observation.objects.filter(indicator__text="energy_balance.households.raw_coal").count() == 2


def test_a_blank_cell_says_only_what_the_head_says_of_it() -> None:
    load(sheet(*GOOD, blank="缺失"))
    assert explain(cell("total_consumption")).state is State.MISSING
    assert explain(cell("energy_balance.supply.raw_coal")).state is State.MISSING


def test_without_a_word_for_blanks_only_filled_cells_are_taken() -> None:
    assert load(sheet(*GOOD, blank="")).count("new") == sum(bool(text) for line in GOOD for text in line[1:])


def test_what_is_wrong_is_told_by_its_place_on_the_sheet() -> None:
    rows = sheet(*GOOD)
    rows[4][1], rows[5][2] = "不知道", "1 吨"
    report = load(rows)
    refused = [(each.row, each.code, each.message.zh[:3]) for each in report.verdicts if each.verdict == "refused"]
    assert refused == [(5, "TGT-106", "B5："), (6, "TGT-106", "C6：")]
    assert Observation.objects.count() == 0


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda rows: rows[2].__setitem__(1, "煤炭"), "FCT-123"),
        (lambda rows: rows[2].__setitem__(2, "原煤"), "FCT-123"),
        (lambda rows: rows[4].__setitem__(0, "不是行"), "FCT-120"),
        (lambda rows: rows.pop(3), "FCT-121"),
        (lambda rows: rows[1].__setitem__(7, "随便"), "FCT-122"),
        (lambda rows: rows.append(["消费量合计", "51"]), "FCT-124"),
        (lambda rows: rows[3].__setitem__(1, "亿千瓦时"), "TGT-105"),
    ],
)
def test_a_form_that_is_not_that_of_the_table_is_refused_whole(change: object, code: str) -> None:
    rows = sheet(*GOOD)
    change(rows)  # type: ignore[operator]
    report = load(rows)
    assert report.load is None
    assert code in {each.code for each in report.verdicts if each.verdict == "refused"}
    assert Observation.objects.count() == 0


def test_a_printed_sum_that_is_right_passes_and_is_not_kept() -> None:
    report = load(sheet(*GOOD, ("消费量合计", "50", "3"), ("平衡差额", "0", "0.0")))
    assert report.load is not None, [each.message.zh for each in report.verdicts if each.verdict == "refused"]
    assert not Observation.objects.filter(indicator__text__contains=".total.").exists()


def test_a_measured_heating_value_stands_below_the_table() -> None:
    load(sheet(*GOOD, ("平均低位发热量", "21980.7")))
    assert explain(cell("energy_balance.coefficient.raw_coal")).value == Decimal("0.75")


def test_that_of_a_gas_is_told_by_the_cubic_metre() -> None:
    rows = sheet(*GOOD)
    rows.append(["平均低位发热量"] + ["35544" if name == "天然气" else "" for name in rows[2][1:]])
    assert load(rows).load is not None
    assert explain(cell("energy_balance.measured_coefficient.natural_gas")).value is not None


def test_the_command_takes_the_form_as_csv(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "b.csv"
    file.write_text("\n".join(",".join(row) for row in sheet(*GOOD)), encoding="utf-8")
    assert main(["load", str(file), "--source", "平衡表", "--by", "clerk"]) == 0
    assert "已写入" in capsys.readouterr().out
    assert Observation.objects.filter(indicator__text="energy_balance.industry.raw_coal").count() == 1
