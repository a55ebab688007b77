"""Collective names: which governments 各乡镇人民政府 and its like mean, and that who is meant sees what it owes."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from shuangkong.records.people.acting import Acting, acting, appoint
from shuangkong.records.people.models import Person
from shuangkong.records.people.roles import Role
from shuangkong.records.registry import store as registry
from shuangkong.records.registry.collectives import answered_for, governing, is_collective, means
from shuangkong.records.registry.rows import RegionRow

ADMIN = Acting("admin", Role.ADMINISTRATOR, paths=("/",))


@pytest.mark.parametrize(
    ("name", "within", "meant"),
    [
        ("各乡镇人民政府", "county", {"青石镇", "北坡乡"}),
        ("各镇人民政府", "county", {"青石镇"}),
        ("各乡镇、街道", "county", {"青石镇", "北坡乡", "东街街道"}),
        ("各镇街", "county", {"青石镇", "东街街道"}),
        ("各县人民政府", "city", {"澄湖县"}),
        ("各县<区>人民政府", "city", {"澄湖县", "永川区"}),
        ("各县（市、区）人民政府", "city", {"澄湖县", "永川区", "资兴市"}),
        ("各市人民政府", "province", {"远山市"}),
        ("各市、县（市、区）人民政府", "province", {"远山市", "澄湖县", "永川区", "资兴市"}),
        ("各园区管委会", "county", {"湖滨工业园"}),
        (
            "各级人民政府",
            "city",
            {"澄湖县", "永川区", "资兴市", "远山市", "青石镇", "北坡乡", "东街街道", "湖滨工业园"},
        ),
        ("各有关部门", "county", set()),
        ("各县级部门", "city", set()),
        ("县发展改革局", "county", set()),
    ],
)
def test_a_collective_name_means_the_regions_that_it_names(name: str, within: str, meant: set[str]) -> None:
    levels = {
        "远山市": "city", "澄湖县": "county", "永川区": "county", "资兴市": "county",
        "青石镇": "town", "北坡乡": "town", "东街街道": "town", "湖滨工业园": "town",
    }  # fmt: skip
    assert {each for each, level in levels.items() if means(name, within, each, level)} == meant
    assert is_collective(name) or not meant


@pytest.fixture
def places(db: None) -> dict[str, int]:
    """A county with two towns in a city; names of bodies as plans of the three places print them."""
    registry.save_regions(
        [
            RegionRow("999900", "远山市", "city", is_fictional=True),
            RegionRow("999901", "澄湖县", "county", "999900", is_fictional=True),
            RegionRow("999901003", "青石镇", "town", "999901", is_fictional=True),
            RegionRow("999901004", "北坡乡", "town", "999901", is_fictional=True),
            RegionRow("999902", "柳川县", "county", "999900", is_fictional=True),
        ]
    )
    return {
        **registry.name_bodies("999900", ["各县人民政府", "各级政府", "澄湖县人民政府"]),
        **registry.name_bodies("999901", ["各乡镇人民政府", "各镇人民政府", "青石镇政府", "县水利局"]),
        **registry.name_bodies("999901003", ["青石镇人民政府", "青石镇经济发展办"]),
        **{f"邻{name}": number for name, number in registry.name_bodies("999902", ["各乡镇人民政府"]).items()},
    }


def named(places: dict[str, int], *names: str) -> set[int]:
    return {places[each] for each in names}


def test_a_government_is_whatever_names_it_at_its_place_and_above(places: dict[str, int]) -> None:
    town = named(places, "青石镇人民政府", "青石镇政府", "各乡镇人民政府", "各镇人民政府", "各级政府")
    assert governing("999901003") == town
    assert governing("999901004") == named(places, "各乡镇人民政府", "各级政府")
    assert governing("999901") == named(places, "各县人民政府", "各级政府", "澄湖县人民政府")
    today = timezone.localdate()
    for name, region in (("青石镇人民政府", "999901003"), ("青石镇政府", "999901")):
        assert answered_for(places[name], name, region, today) == town, name
    for name, region in (("县水利局", "999901"), ("青石镇经济发展办", "999901003"), ("各乡镇人民政府", "999901")):
        assert answered_for(places[name], name, region, today) == {places[name]}, name


def test_who_acts_for_a_government_acts_for_what_means_it(places: dict[str, int]) -> None:
    who = Person.objects.create_user("town")
    appoint("town", Role.REGION, ADMIN, "测试", body=places["青石镇人民政府"], region="999901003")
    found = acting(who, timezone.localdate())
    assert found is not None
    assert found.bodies == governing("999901003")
    other = Person.objects.create_user("clerk")
    appoint("clerk", Role.DEPARTMENT, ADMIN, "测试", body=places["县水利局"], region="999901")
    with CaptureQueriesContext(connection) as asked:
        clerk = acting(other, timezone.localdate())
    assert clerk is not None
    assert clerk.bodies == {places["县水利局"]}
    assert len(asked) == 3
