"""What home and a target's page say: worst first, honest figures, their formulas, marks of what is unverified."""

from __future__ import annotations

import re

from django.test import Client

from actors import CLERK
from shuangkong.records.plans.rows import PlanRow
from shuangkong.records.targets import store as targets
from shuangkong.web.site.scope import Scope
from shuangkong.web.targets.chosen import chosen_plan


def _text(client: Client, path: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", client.get(path).content.decode()))


def test_a_target_page_shows_the_formula_and_its_inputs(clerk: Client, adopted: int) -> None:
    own = targets.targets(adopted)[0]
    text = _text(clerk, f"/targets/{own.id}/")
    assert "D = 1 − Π(1 + r)" in text
    assert "r(2021) = −3.4" in text
    assert "7.5179" in text  # 1 − 0.966 × 0.969 × 0.988
    assert "参数未核对" not in text  # equal steps and published changes: no parameter was used
    assert "全县单位地区生产总值能耗比2020年下降14%" in text  # the sentence itself: the document is stored


def test_missing_is_a_dash_with_its_reason(clerk: Client) -> None:
    page = clerk.get("/targets/?targets-words=绿色工厂").content.decode()
    assert 'title="还没有录入足以计算的实际值">—' in page


def test_regions_are_shown_by_size_until_they_have_figures(clerk: Client, adopted: int) -> None:
    text = _text(clerk, "/")
    assert "各地区分到多少？" in text
    assert text.index("北溪镇") < text.index("南坪镇") < text.index("石桥乡")


def test_the_measure_page_names_bodies_by_role_and_sentences(clerk: Client, adopted: int) -> None:
    from shuangkong.records.plans import store as plans

    measure = next(each for each in plans.measures(adopted) if each.no == "（三）")
    text = _text(clerk, f"/plans/measures/{measure.id}/")
    assert text.index("牵头 县工业和信息化局") < text.index("参加 县发展改革局")
    assert "实施锅炉和电机改造。" in text
    assert "等（原文未列全）" in text


def _plan(template: PlanRow, id_: int, region: str, is_fictional: bool = False) -> PlanRow:
    from dataclasses import replace

    return replace(template, id=id_, region=region, is_fictional=is_fictional, start_year=2021, end_year=2025)


def test_the_widest_place_comes_first_and_the_address_decides(adopted: int) -> None:
    from shuangkong.records.plans import store as plans

    template = plans.plans()[0]
    county, province, invented = (
        _plan(template, 1, "500118"),
        _plan(template, 2, "210000"),
        _plan(template, 3, "990000", is_fictional=True),
    )
    every = (invented, county, province)
    assert chosen_plan("", every, Scope()) == province
    assert chosen_plan("1", every, Scope()) == county
    assert chosen_plan("", every, Scope(), county.region or "") == county, "who acts for a place sees its plan first"
    assert chosen_plan("1", every, Scope("210000")) == province
    assert chosen_plan("", every, Scope(period="2019")) is None


def test_regions_are_judged_at_one_year_which_the_page_names(clerk: Client) -> None:
    from shuangkong.records.facts import store as facts

    head = ["指标", "对象", "时期", "数值", "单位", "口径", "状态"]
    told = [("北溪镇", 2021), ("北溪镇", 2022), ("南坪镇", 2021), ("南坪镇", 2022), ("石桥乡", 2021)]
    rows = [["能耗强度", name, str(year), "-3", "%", "比上年变化", "初步"] for name, year in told]
    assert facts.load_rows([head, *rows], name="t", digest="", source="年报", by=CLERK, is_dry_run=False).is_written
    text = _text(clerk, "/")
    assert "都按 2022 年比较" in text
    late = re.search(r"石桥乡 .{0,400}", text)
    assert late is not None
    assert "没有报这一年的数；最近一次是 2021 年：3.00" in late[0]
    assert "暂无数据" in late[0]
    assert text.count("初步") >= 2


def test_every_year_of_a_target_has_its_own_explanation(clerk: Client, adopted: int) -> None:
    page = clerk.get(f"/targets/{targets.targets(adopted)[0].id}/").content.decode()
    for year in (2021, 2022, 2023):
        assert f'href="#why-{year}"' in page
        assert f'id="why-{year}"' in page
    assert "数来自“" in page
