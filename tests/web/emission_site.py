"""The accounting of emissions of the invented county: people, a base, reductions in several states: for pages.

``python emission_site.py PASSWORD`` adds them to a site; its folder is in SHUANGKONG_VAR.
"""

from __future__ import annotations

import sys
from decimal import Decimal

from tasks_site import COUNTY, acting, staff

HEAD = (
    "污染源代码", "污染源名称", "排放口", "污染源类别", "污染物", "年排放量（吨）", "许可排放量（吨）", "数据依据",
    "流域",
)  # fmt: skip
BASIN = "虚构的清河流域"
BASE = (
    HEAD,
    ("PC-1", "虚构的水泥厂", "DA001", "工业", "二氧化硫", "600", "700", "自动监测", ""),
    ("PC-2", "虚构的砖厂", "", "工业", "二氧化硫", "300", "", "系数", ""),
    ("PC-3", "虚构的纸厂", "DW001", "工业", "化学需氧量", "180", "200", "手工监测", BASIN),
    ("PC-4", "虚构的散养户", "", "农业", "化学需氧量", "70", "", "系数", ""),
)
#: Who checks, reviews and recognises: each step is another person.
OFFICES = ("checker", "reviewer", "chief")
YEAR = 2022


def people(password: str | None = None) -> None:
    """The staff of the county, with three more of its office."""
    from shuangkong.records.people.acting import Acting, appoint
    from shuangkong.records.people.models import Person
    from shuangkong.records.people.roles import Role

    staff(password)
    admin = Acting("admin", Role.ADMINISTRATOR, paths=("/",))
    for name in OFFICES:
        Person.objects.create_user(name, password=password)
        appoint(name, Role.PLAN_OFFICE, admin, "测试", region=COUNTY)


def base() -> int:
    """A census of two years before that counts."""
    from shuangkong.records.indicators.emissions.bases import choose, load_inventory
    from shuangkong.records.indicators.emissions.rows import InventoryTold

    told = InventoryTold(COUNTY, "census", YEAR - 2, "普查更新数", "虚构的普查公报", "不含省直管电厂")
    office = acting("office")
    made = load_inventory(BASE, told, office, name="base.csv", digest="0", is_dry_run=False)  # type: ignore[arg-type]
    assert made.inventory is not None
    choose(made.inventory, "以普查更新数为准", office)  # type: ignore[arg-type]
    return made.inventory


def closed(amount: int, **other: object) -> int:
    """A closure that the clerk reports."""
    from shuangkong.records.indicators.emissions.reporting import report
    from shuangkong.records.indicators.emissions.rows import Reported

    said = {
        "region": COUNTY, "title": "虚构的砖厂关停", "source": "PC-2", "source_name": "虚构的砖厂", "pollutant": "so2",
        "scope": "industry", "formula": "closure", "inputs": {"base": Decimal(amount)}, "starts": (YEAR, 4),
    } | other  # fmt: skip
    return report(Reported(**said), acting("clerk"))  # type: ignore[arg-type]


def recognised(number: int) -> None:
    """The way of a reduction through three hands."""
    from shuangkong.indicators.emissions.standing import STEPS
    from shuangkong.records.indicators.emissions.acts import act

    for kind, name in zip(STEPS[1:], OFFICES, strict=True):
        act(number, acting(name), kind)  # type: ignore[arg-type]


def increments() -> None:
    """What was added in the years after the base."""
    from shuangkong.records.facts.store import load_rows

    rows = [("指标", "对象", "时期", "数值", "单位", "状态")]
    rows += [("so2_increment", COUNTY, str(year), "20", "吨", "最终") for year in range(YEAR - 1, YEAR + 2)]
    load_rows(rows, name="n.csv", digest="1", source="虚构", by=acting("office"), is_dry_run=False)  # type: ignore[arg-type]


def fill() -> None:
    """A base, one reduction recognised, one waiting."""
    base()
    increments()
    recognised(closed(120, starts=(YEAR - 1, 7), is_key=True, assigned_t=Decimal(100)))
    closed(30, title="虚构的纸厂提标", source="PC-3", source_name="虚构的纸厂", pollutant="cod", note="不含生活污水")


def main(password: str) -> None:
    from shuangkong.cli.site import open_site

    open_site()
    people(password)
    fill()


if __name__ == "__main__":
    main(*sys.argv[1:])
