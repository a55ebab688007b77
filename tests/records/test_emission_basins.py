"""分流域核算: a basin is told once of a source, in the base or the register, and every tonne falls somewhere."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from actors import ADMIN
from shuangkong.indicators.emissions.division import Part
from shuangkong.indicators.emissions.standing import STEPS
from shuangkong.records.facts.store import load_rows
from shuangkong.records.indicators.emissions.accounts import accounts
from shuangkong.records.indicators.emissions.acts import act
from shuangkong.records.indicators.emissions.bases import choose, load_inventory
from shuangkong.records.indicators.emissions.dividing import Divided, divided
from shuangkong.records.indicators.emissions.models import InventorySource, SourceEntry
from shuangkong.records.indicators.emissions.register import register_source
from shuangkong.records.indicators.emissions.reporting import report
from shuangkong.records.indicators.emissions.rows import EntryTold, InventoryReport, InventoryTold, Reported
from shuangkong.records.people.acting import Acting
from shuangkong.records.people.roles import Role
from shuangkong.records.refusal import Refused
from shuangkong.records.registry import store as registry
from shuangkong.records.registry.tree import path_of

pytestmark = pytest.mark.django_db
COUNTY, TOWN = "999901", "999901003"
HEAD = ("污染源代码", "污染源名称", "排放口", "污染源类别", "污染物", "年排放量（吨）", "数据依据", "流域")
TOLD = InventoryTold(COUNTY, "census", 2020, "普查更新数", "虚构的普查公报")
EAST, WEST = "虚构东河流域", "虚构西河流域"
BASE = (
    HEAD,
    ("P-1", "虚构纸厂", "DW1", "工业", "cod", "300", "手工监测", EAST),
    ("P-1", "虚构纸厂", "DW1", "工业", "cod", "350", "系数", ""),
    ("P-1", "虚构纸厂", "DW2", "工业", "cod", "100", "手工监测", WEST),
    ("P-2", "虚构养殖场", "", "农业", "cod", "200", "系数", f" {WEST} "),
    ("P-3", "虚构散户", "", "农业", "cod", "50", "系数", "—"),
    ("P-4", "虚构砖厂", "", "工业", "so2", "90", "系数", ""),
)


def load(rows: Sequence[Sequence[str]] = BASE, *, is_dry_run: bool = False) -> InventoryReport:
    made = load_inventory(rows, TOLD, ADMIN, name="b.csv", digest="0", is_dry_run=is_dry_run)
    if made.inventory is not None:
        choose(made.inventory, "虚构", ADMIN)
    return made


def person(name: str, region: str = COUNTY, role: Role = Role.PLAN_OFFICE) -> Acting:
    body = registry.name_bodies(region, [f"{name}的单位"])[f"{name}的单位"]
    return Acting(
        name, role, body=body, bodies=frozenset({body}), region=region, region_name=region, paths=(path_of(region),)
    )


def closed(amount: int, source: str, outlet: str = "", region: str = COUNTY, start: int = 2021) -> int:
    """A closure that is recognised and counts from July on."""
    wanted = Reported(
        region, "虚构的关停", source, "虚构", "cod", "industry", "closure", {"base": Decimal(amount)}, (start, 7),
        outlet=outlet,
    )  # fmt: skip
    number = report(wanted, person("clerk", region, Role.DEPARTMENT))
    hands = (person("checker", region, Role.VERIFIER), person("reviewer"), person("chief"))
    for step, by in zip(STEPS[1:], hands, strict=True):
        act(number, by, step)
    return number


def cod(year: int | None = None) -> Divided:
    return next(each for each in divided(accounts([COUNTY]), year) if each.account.pollutant.id == "cod")


def sums(parts: Sequence[Part]) -> dict[str, tuple[object, ...]]:
    return {part.key: (part.base_t, part.recognised_t, part.level_t) for part in parts}


def test_basins_and_what_is_not_told_are_the_base(regions: None) -> None:
    load()
    assert sums(cod().basins) == {EAST: (300, 0, 300), WEST: (300, 0, 300), "": (50, 0, 50)}
    assert sums(cod().classes) == {"industry": (400, 0, 400), "agriculture": (250, 0, 250)}
    assert cod().basins[-1].key == ""
    assert cod().account.base_t == 650
    so2 = next(each for each in divided(accounts([COUNTY]), None) if each.account.pollutant.id == "so2")
    assert so2.basins == ()  # nobody tells the basin of what goes into the air
    assert sums(so2.classes) == {"industry": (90, 0, 90)}


def test_what_was_recognised_falls_where_its_source_has_its_base(regions: None) -> None:
    load()
    rows = [("指标", "对象", "时期", "数值", "单位", "状态")]
    rows += [("cod_increment", COUNTY, str(year), "10", "吨", "最终") for year in (2021, 2022)]
    load_rows(rows, name="n.csv", digest="1", source="虚构", by=ADMIN, is_dry_run=False)
    east = closed(120, "P-1", "DW1")
    west, untold = closed(80, "P-2", region=TOWN), closed(30, "P-3")
    assert sums(cod(2021).basins) == {EAST: (300, 60, 240), WEST: (300, 40, 260), "": (50, 15, 35)}
    found = cod(2022)
    assert sums(found.basins) == {EAST: (300, 120, 180), WEST: (300, 80, 220), "": (50, 30, 20)}
    # The farm has its base in agriculture, although its closure was reported as industry.
    assert sums(found.classes) == {"industry": (400, 120, 280), "agriculture": (250, 110, 140)}
    year = found.account.of_year(2022)
    assert year is not None
    assert sum(part.level_t for part in found.basins) + 20 == year.emission_t
    assert [(part.key, part.reductions) for part in found.basins] == [(EAST, (east,)), (WEST, (west,)), ("", (untold,))]
    assert sums(found.basins[1].sources) == {"P-1": (100, 0, 100), "P-2": (200, 80, 120)}
    assert sums(cod(2020).basins)[EAST] == (300, 0, 300)


def test_a_source_that_lies_in_two_basins_as_a_whole_lies_in_none(regions: None) -> None:
    load()
    closed(40, "P-1")
    assert sums(cod(2022).basins)[""] == (50, 40, 10)


def test_the_register_tells_the_basin_where_the_base_does_not(regions: None) -> None:
    load()
    told = EntryTold(COUNTY, "herd", "p-3", "虚构散户", ground="虚构的存栏登记", basin=f" {EAST}")
    register_source(told, ADMIN)
    assert SourceEntry.objects.get().basin == EAST
    closed(30, "P-3")
    assert sums(cod(2022).basins) == {EAST: (350, 30, 320), WEST: (300, 0, 300)}
    yesterday = timezone.localdate() - timedelta(days=1)
    assert divided(accounts([COUNTY], yesterday), None, yesterday) == ()
    with pytest.raises(Refused, match="IND-378"):
        register_source(EntryTold(COUNTY, "herd", "P-5", "虚构", ground="虚构", basin="河" * 61), ADMIN)


def test_a_base_that_is_told_without_sources_is_not_lost(regions: None) -> None:
    load()
    (account,) = [each for each in accounts([COUNTY]) if each.pollutant.id == "cod"]
    InventorySource.objects.filter(code="P-2").delete()
    (found,) = divided([account], None)
    assert sums(found.basins) == {EAST: (300, 0, 300), WEST: (100, 0, 100), "": (250, 0, 250)}
    assert [each.key for each in found.basins[-1].sources] == ["P-3", ""]


def test_old_files_are_read_as_before_and_one_outlet_lies_in_one_basin(regions: None) -> None:
    old = [row[:-1] for row in BASE]
    assert load(old).refused == 0
    assert sums(cod().basins) == {"": (650, 0, 650)}
    twice = load([*BASE[:2], (*BASE[2][:-1], WEST)], is_dry_run=True)
    assert [(each.row, each.code, each.column) for each in twice.verdicts if not each.is_taken] == [
        (3, "IND-318", "流域")
    ]
    long = load([HEAD, (*BASE[1][:-1], "河" * 61)], is_dry_run=True)
    assert [each.code for each in long.verdicts] == ["IND-317"]
