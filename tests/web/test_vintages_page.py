"""The page of a target: the figure that counts first, then what else was told of the same year, by whom it was told."""

from __future__ import annotations

import re

from django.test import Client

from actors import ADMIN
from shuangkong.records.facts import store as facts
from shuangkong.records.targets import store as targets

HEAD = ["指标", "对象", "时期", "数值", "单位", "口径", "状态", "来路"]


def test_the_recognised_figure_stands_above_the_newer_report(clerk: Client, adopted: int) -> None:
    row = next(each for each in targets.targets(adopted) if each.indicator == "energy_intensity")
    for value, origin in (("-2.2", "本级测算"), ("-2.5", "反馈核定"), ("-2.9", "上报")):
        told = ["能耗强度", row.subject_code, "2024", value, "%", "比上年变化", "最终", origin]
        facts.load_rows([HEAD, told], name="t.csv", digest="", source="测试", by=ADMIN, is_dry_run=False)
    table = clerk.get(f"/targets/{row.id}/").content.decode().partition('id="told"')[2].partition("</table>")[0]
    rows = [re.sub(r"<[^>]+>", " ", each).split() for each in table.split("<tr")]
    told_of = [each for each in rows if "2024" in each]
    origins = [next(word for word in each if word in ("本级测算", "反馈核定", "上报")) for each in told_of]
    assert origins == ["反馈核定", "上报", "本级测算"]
    assert [next(word for word in each if "/3" in word) for each in told_of] == ["2/3", "3/3", "1/3"]
