"""The page of forecasts: what the year and the plan end with, chances of missing, what if; and what it does not say."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from io import BytesIO

import pytest
import tasks_site
from django.test import Client
from django.utils import timezone
from python_calamine import CalamineWorkbook

from actors import CLERK
from shuangkong.records.facts import store as facts

PAGE = f"/outlook/forecast/?place={tasks_site.COUNTY}&period=2023"
HEAD = ["指标", "对象", "时期", "数值", "单位", "状态"]
SEASON = (0.8, -0.4, -0.6, 0.2)


def _told(name: str, first: float, step: float, unit: str) -> list[list[str]]:
    """Five years to the end of 2023, quarter by quarter to date."""
    rows = []
    for year in range(2019, 2024):
        until = 0.0
        for quarter, part in enumerate(("Q1", "H1", "C09", "")):
            place = (year - 2019) * 4 + quarter
            until += first + step * place + SEASON[quarter] + 0.05 * ((place * 7) % 5)
            rows.append([name, "云桥县", f"{year}-{part}" if part else f"{year}", f"{until:.2f}", unit, "最终"])
    return rows


@pytest.fixture
def office(adopted: int) -> Client:
    tasks_site.staff()
    rows = [HEAD, *_told("能源消费总量", 12, 0.1, "万吨标准煤"), *_told("gdp_constant", 20, 0.6, "亿元")]
    report = facts.load_rows(rows, name="q.csv", digest="", source="季报", by=CLERK, is_dry_run=False)
    assert report.load is not None, report.verdicts
    return tasks_site.visitor("office")


def rows(client: Client, path: str, table: str) -> dict[str, list[object]]:
    sheet = client.get(f"{path}&xlsx={table}").content
    read = CalamineWorkbook.from_filelike(BytesIO(sheet)).get_sheet_by_index(0).to_python()
    return {str(each[0]): each for each in read}


def of(lines: dict[str, list[object]], name: str) -> list[object]:
    return next(each for key, each in lines.items() if name in key)


def test_an_increment_cap_is_foreseen_from_quarters(office: Client) -> None:
    """Consumption grows by 1.6 a year from 2020: 8.0 by 2025, above the cap of 6."""
    line = of(rows(office, PAGE, "forecast"), "能源消费增量")
    assert line[2] == "20 期（季度）"
    value, target, chance = (float(str(line[place])) for place in (7, 9, 10))
    assert (round(value), target) == (8, 6)
    assert chance > 90


def test_an_intensity_is_foreseen_with_its_product(office: Client) -> None:
    line = of(rows(office, PAGE, "forecast"), "单位地区生产总值能耗")
    assert float(str(line[9])) == 14
    assert 20 < float(str(line[7])) < 32, "5-year decline of consumption per product, by hand about 26 %"
    assert float(str(line[10])) < 5


def test_too_little_data_is_said_and_nothing_is_made_up(office: Client) -> None:
    lines = rows(office, PAGE, "forecast")
    silent = [each for each in lines.values() if "不作预测" in str(each[11])]
    assert silent
    assert all(str(each[7]) in ("—", "") for each in silent)


def test_as_of_a_day_before_nothing_was_told_nothing_is_forecast(office: Client) -> None:
    day = timezone.localdate() - timedelta(days=2)
    assert "期末完不成的可能超过一半的 <strong>0</strong>" in office.get(f"{PAGE}&as_of={day}").content.decode()


def test_a_project_is_added_to_what_is_foreseen(office: Client) -> None:
    asked = "&of_amount=total_consumption&project=水泥厂&project_amount=2&project_starts=2025-07"
    line = of(rows(office, PAGE + asked, "effects"), "能源消费增量")
    before, after = (float(str(line[place])) for place in (2, 3))
    assert after - before == pytest.approx(1, abs=0.001), "half a year of two"
    text = office.get(PAGE + asked).content.decode()
    assert "新增项目 水泥厂" in text


def test_higher_growth_moves_product_and_by_its_elasticity_the_amount(office: Client) -> None:
    asked = "&of_amount=total_consumption&growth_pct=5&growth_points=2.1&elasticity=0.5"
    line = of(rows(office, PAGE + asked, "effects"), "能源消费增量")
    before, after = (float(str(line[place])) for place in (2, 3))
    base = 50.3
    assert (after + base) / (before + base) == pytest.approx(1.01, abs=0.001)


@pytest.mark.parametrize(
    ("asked", "named"),
    [
        ("project_amount=x", "“新增项目全年量”应为一个数"),
        ("project_amount=1e999&project_starts=2025-07", "“新增项目全年量”应为一个数"),
        ("project_amount=-1&project_starts=2025-07", "数量不小于零"),
        ("project_amount=1&project_starts=2025", "“投产月份”应为一个月"),
        ("project_amount=1&project_starts=9999-12", "“投产月份”应为一个月"),
        ("late_reduction=-1", "“原定月份”应为一个月"),
        ("growth_points=1e999", "“增加百分点”应为一个数"),
        ("growth_points=1&growth_pct=-100", "增速高于"),
        ("growth_points=1&elasticity=1e-999", "“能耗弹性”应为一个数"),
        ("factor_amount=1&factor_former=0", "原系数不为零"),
    ],
)
def test_what_does_not_read_says_so(office: Client, asked: str, named: str) -> None:
    """In words, naming the field: never what the machine says of it."""
    answer = office.get(f"{PAGE}&of_amount=total_consumption&{asked}")
    assert answer.status_code == 422
    [said] = re.findall(r'role="alert">(OUT-401 [^<]*)<', answer.content.decode())
    assert named in said
    assert "expected" not in said
    assert "class" not in said


def test_the_fan_has_its_edges(office: Client) -> None:
    text = office.get(PAGE).content.decode()
    found = re.search(r'id="fan-chart" type="application/json">(.*?)</script>', text, re.S)
    assert found is not None
    assert "80% " in found[1] or "80%" in found[1]


def test_what_was_approved_and_does_not_run_yet_comes_on_top_as_a_step(office: Client) -> None:
    before = float(str(of(rows(office, PAGE, "forecast"), "能源消费增量")[7]))
    told = {"place": tasks_site.COUNTY, "project": "水泥厂", "amount-total_consumption": "3", "document": "云发改8号"}
    assert office.post("/outlook/headroom/commit/", told | {"starts": "2024-07"}).status_code == 302
    after = float(str(of(rows(office, PAGE, "forecast"), "能源消费增量")[7]))
    assert after - before == pytest.approx(3, abs=0.01), "it runs the whole of 2025"
    assert "已批未投 水泥厂（2024-07 起）" in office.get(PAGE).content.decode()
    told |= {"project": "老项目", "starts": "2023-07"}
    assert office.post("/outlook/headroom/commit/", told).status_code == 302
    again = float(str(of(rows(office, PAGE, "forecast"), "能源消费增量")[7]))
    assert again == after, "it began before the last figure told and is in the figures"


def test_the_target_page_shows_the_fan_and_how_likely_it_is_missed(office: Client) -> None:
    from shuangkong.records.targets.models import Target

    target = Target.objects.get(indicator="consumption_increment", table_no=None, subject_code=tasks_site.COUNTY)
    text = office.get(f"/targets/{target.pk}/?period=2023").content.decode()
    found = re.search(r'id="course-chart" type="application/json">(.*?)</script>', text, re.S)
    assert found is not None
    chart = json.loads(found[1])
    last = chart["points"][-1]
    assert (last["year"], round(last["forecast"])) == ("2025", 8)
    assert last["low"] < last["forecast"] < last["high"]
    assert chart["points"][2]["forecast"] == chart["points"][2]["reached"], "the line begins at what was reached"
    assert re.search(r"完不成的概率 <strong>(9\d|&gt;99)%", text)
    assert "#suppose" in text


def test_past_forecasts_are_scored_and_too_few_are_not(office: Client) -> None:
    text = office.get(f"/outlook/forecast/calibration/?place={tasks_site.COUNTY}").content.decode()
    assert re.search(r"Brier 评分 <strong>0\.\d{3}</strong>", text)
    assert "说的概率和实际的比例" in text
    day = timezone.localdate() - timedelta(days=2)
    text = office.get(f"/outlook/forecast/calibration/?place={tasks_site.COUNTY}&as_of={day}").content.decode()
    assert "能检验的预测只有 0 次" in text
