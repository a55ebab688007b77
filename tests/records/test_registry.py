"""Regions found by the words of documents; bodies that stand for one another by recorded decision."""

from __future__ import annotations

import pytest

from actors import CLERK
from shuangkong.records.registry import store
from shuangkong.records.registry.lookup import RegionLookup
from shuangkong.records.registry.rows import RegionRow

ROWS = (
    RegionRow("100000", "甲省", "province"),
    RegionRow("100100", "清河市", "city", "100000"),
    RegionRow("100101", "城关区", "county", "100100"),
    RegionRow("200000", "乙省", "province"),
    RegionRow("200101", "城关区", "county", "200000"),
    RegionRow("200102", "清河县", "county", "200000"),
)


@pytest.fixture
def saved(db: None) -> None:
    store.save_regions(reversed(ROWS))


@pytest.mark.usefixtures("saved")
@pytest.mark.parametrize(
    ("printed", "within", "code"),
    [
        ("甲省", None, "100000"),
        ("甲 省", None, "100000"),
        ("清河市", None, "100100"),
        ("清河", None, None),
        ("清河", "200000", "200102"),
        ("城关区", None, None),
        ("城关", "100000", "100101"),
        ("丙县", None, None),
    ],
)
def test_a_name_finds_its_region_or_none(printed: str, within: str | None, code: str | None) -> None:
    found = store.find_region(printed, within)
    assert (found.code if found else None) == code


@pytest.mark.parametrize(
    ("printed", "codes"),
    [
        ("城关区", {"100101", "200101"}),
        ("乙省城关区", {"200101"}),
        ("甲省清河市城关区", {"100101"}),
        ("200102", {"200102"}),
        ("清河", {"100100", "200102"}),
    ],
)
def test_lookup_tells_all_that_may_be_meant(printed: str, codes: set[str]) -> None:
    assert {row.code for row in RegionLookup(ROWS).find(printed)} == codes


@pytest.mark.usefixtures("saved")
def test_saving_again_brings_up_to_date() -> None:
    store.save_regions([RegionRow("200102", "清溪县", "county", "200000")])
    assert [row.name for row in store.lineage("200102")] == ["乙省", "清溪县"]
    assert len(store.children("200000")) == 2


@pytest.mark.usefixtures("saved")
def test_aliases_are_decisions_that_can_be_withdrawn() -> None:
    ids = store.name_bodies("200000", ["省发改委", "省发展改革委", "省发展和改革委员会"])
    short, middle, full = ids.values()
    store.record_alias(short, middle, "同一单位", CLERK)
    store.record_alias(middle, full, "全称", CLERK)
    assert {row.same_as for row in store.bodies("200000")} == {full}
    with pytest.raises(ValueError, match="互为别名"):
        store.record_alias(full, short, "反过来", CLERK)
    store.record_alias(middle, None, "撤销", CLERK)
    assert [row.same_as for row in store.bodies("200000")] == [middle, middle, full]
    assert [row.same_as for row in store.alias_decisions(middle)] == [full, None]


@pytest.mark.usefixtures("saved")
def test_the_same_name_is_one_body_a_region() -> None:
    assert store.name_bodies("100000", ["县统计局"]) == store.name_bodies("100000", ["县统计局", "县统计局"])
    assert store.name_bodies(None, ["县统计局"]) == store.name_bodies(None, ["县统计局"])
    assert store.name_bodies(None, ["县统计局"]) != store.name_bodies("100000", ["县统计局"])
