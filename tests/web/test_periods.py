"""A plan of each five-year period, adopted and told of: every page opens, in both languages."""

from __future__ import annotations

import pytest
from django.test import Client

from actors import CHIEF, CLERK, READER
from shuangkong.plans.document import Document, Medium
from shuangkong.plans.reader import read_plan
from shuangkong.records.facts import store as facts
from shuangkong.records.plans import store as plans
from shuangkong.records.plans.rows import Verdict
from shuangkong.records.targets import store as targets
from shuangkong.rulebook import open_rulebook

PERIODS = {"十一五": 2006, "十二五": 2011, "十三五": 2016, "十四五": 2021, "十五五": 2026}
PLAN = """白杨县“{name}”节能减排综合工作方案

白杨县人民政府
{start}年8月1日

一、主要目标

（一）主要目标。到{end}年，全县单位地区生产总值能耗比{base}年下降13.5%，化学需氧量排放总量控制在5000吨以内，\
煤炭占能源消费总量比重比{base}年下降3个百分点。

二、重点任务

（二）加强工业节能。到{end}年，规模以上工业单位增加值能耗比{base}年下降14%，建成绿色工厂10家。（牵头单位：县经济和信息化局）
"""
HEAD = ["指标", "对象", "时期", "数值", "单位", "口径", "状态"]


def _adopt(name: str, start: int) -> int:
    text = PLAN.format(name=name, base=start - 1, start=start, end=start + 4)
    document = Document("t.txt", Medium.TXT, text)
    plan = plans.save_reading(None, document, read_plan(document, open_rulebook().lexicon()), (), READER)
    for entry in plans.undecided(plan.id):
        plans.decide(entry.id, Verdict.ACCEPTED, CLERK)
    plans.adopt(plan.id, CHIEF)
    levels = {"能耗强度": "吨标准煤/万元", "化学需氧量排放总量": "吨", "煤炭占能源消费总量比重": "%"}
    rows = [
        [indicator, "白杨县", str(year), value, unit, "水平", "最终"]
        for indicator, unit in levels.items()
        for year, value in ((start - 1, "0.54344"), (start, "0.52001"), (start + 1, "0.51"))
    ]
    assert facts.load_rows([HEAD, *rows], name="t", digest="", source="年报", by=CLERK, is_dry_run=False).is_written
    return plan.id


@pytest.mark.parametrize(("name", "start"), PERIODS.items(), ids=PERIODS)
def test_every_page_opens_whatever_the_period(clerk: Client, name: str, start: int) -> None:
    plan = _adopt(name, start)
    rows = targets.targets(plan)
    assert len(rows) >= 5
    own = [f"/targets/{row.id}/" for row in rows] + [f"/plans/{plan}/{page}" for page in ("", "review/", "audit/")]
    pages = [f"/?plan={plan}", f"/targets/?plan={plan}", "/plans/", "/plans/bodies/", "/targets/actuals/", *own]
    for language in ("zh-hans", "en"):
        clerk.post("/language/", {"language": language})
        for page in pages:
            for period in ("", str(start), str(start + 9)):
                answer = clerk.get(page, {"period": period} if "?" not in page else {"plan": plan, "period": period})
                assert answer.status_code == 200, (page, period, language)
    clerk.post("/language/", {"language": "zh-hans"})
    energy = next(row for row in rows if row.indicator == "energy_intensity")
    assert f"{start + 1} 年累计下降" in clerk.get(f"/targets/{energy.id}/").content.decode()
