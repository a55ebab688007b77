"""Figures of the invented county's towns that stand at every level, for pages of the outlook.

``python outlook_site.py PASSWORD`` adds them and the people to a site; its folder is in SHUANGKONG_VAR.
"""

from __future__ import annotations

import sys

from county import administrator
from tasks_site import staff

HEAD = ["指标", "对象", "时期", "数值", "单位", "口径", "状态", "来源"]
#: Town → changes of its energy intensity over three years: by the rules red, green and yellow in the last one.
TOWNS = {
    "北溪镇": ("-3.4", "-3.1", "0.8"),
    "南坪镇": ("-3.2", "-3.0", "-2.9"),
    "石桥乡": ("-2.0", "-2.0", "-2.1"),
}
YEARS = ("2021", "2022", "2023")


def fill(until: str = YEARS[-1]) -> None:
    """What the towns told until a year."""
    from shuangkong.records.facts import store

    rows = [
        ["能耗强度", name, year, change, "%", "比上年变化", "最终", "测试用虚构公报"]
        for name, changes in TOWNS.items()
        for year, change in zip(YEARS, changes, strict=True)
        if year <= until
    ]
    by = administrator()
    report = store.load_rows([HEAD, *rows], name="towns.csv", digest="", source="测试", by=by, is_dry_run=False)
    assert report.load is not None, report.verdicts


def main(password: str) -> None:
    from shuangkong.cli.site import open_site

    open_site()
    staff(password)
    fill()


if __name__ == "__main__":
    main(*sys.argv[1:])
