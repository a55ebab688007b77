"""Names that look alike: proposed until a person says that they are one body, or two."""

from __future__ import annotations

import pytest

from actors import ADMIN
from shuangkong.records.journal import store as journal
from shuangkong.records.people.access import Forbidden
from shuangkong.records.people.acting import Acting
from shuangkong.records.people.roles import Role
from shuangkong.records.refusal import Refused
from shuangkong.records.registry import store as registry
from shuangkong.records.registry.likeness import likely_same, record_distinct
from shuangkong.records.registry.models import BodyDistinction
from shuangkong.records.registry.rows import RegionRow

pytestmark = pytest.mark.django_db


@pytest.fixture
def bodies() -> tuple[int, int]:
    registry.save_regions([RegionRow("990100", "云桥县", "county"), RegionRow("990200", "松岭县", "county")])
    named = registry.name_bodies("990100", ["农业农村局", "县农业农村局"])
    return named["农业农村局"], named["县农业农村局"]


def pairs() -> set[tuple[int, int]]:
    return {(each.short, each.full) for each in likely_same("990100")}


def test_two_bodies_are_proposed_no_more_and_the_decision_stays(bodies: tuple[int, int]) -> None:
    assert pairs() == {bodies}
    record_distinct(*reversed(bodies), "一个是省属单位", ADMIN)
    assert pairs() == set()
    head = journal.head()
    row = journal.of_subject(f"body/{bodies[0]}")[-1]
    assert (row.act, row.author, row.place, row.ground) == ("body.distinguish", "admin", "/990100/", "一个是省属单位")
    record_distinct(*bodies, "再说一遍", ADMIN)
    assert journal.head() == head
    assert BodyDistinction.objects.get().reason == "一个是省属单位"


def test_what_is_not_decided_soundly_is_refused(bodies: tuple[int, int]) -> None:
    elsewhere = registry.name_bodies("990200", ["农业农村局"])["农业农村局"]
    for pair, reason, code in (
        (bodies, " ", "REG-107"),
        ((bodies[0], elsewhere), "不同", "REG-108"),
        ((bodies[0], bodies[0]), "不同", "REG-108"),
    ):
        with pytest.raises(Refused, match=code):
            record_distinct(*pair, reason, ADMIN)
    registry.record_alias(bodies[0], bodies[1], "简称", ADMIN)
    with pytest.raises(Refused, match="REG-109"):
        record_distinct(*bodies, "不同", ADMIN)
    assert not BodyDistinction.objects.exists()


def test_only_the_office_of_the_place_decides(bodies: tuple[int, int]) -> None:
    for role, path in ((Role.PLAN_OFFICE, "/990200/"), (Role.DEPARTMENT, "/990100/")):
        with pytest.raises(Forbidden):
            record_distinct(*bodies, "不同", Acting("x", role, paths=(path,)))
    assert pairs() == {bodies}
