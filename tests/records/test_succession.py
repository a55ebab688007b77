"""沿革: nobody gains what another place's body owed by saying that it became one's own."""

from __future__ import annotations

import pytest
from django.db.models import Q
from django.utils import timezone

from shuangkong.records.journal import store as journal
from shuangkong.records.people.access import Forbidden
from shuangkong.records.people.acting import Acting
from shuangkong.records.people.roles import Role
from shuangkong.records.registry import store as registry
from shuangkong.records.registry.models import BodyChange, RegionChange
from shuangkong.records.registry.rows import RegionRow
from shuangkong.records.registry.succession import succeed_body, succeed_region
from shuangkong.records.registry.tree import Change

pytestmark = pytest.mark.django_db
ADMIN = Acting("admin", Role.ADMINISTRATOR, body=1, paths=("/",))
CITY, COUNTY, NEIGHBOUR = "/100/", "/100/101/", "/100/102/"
OFFICE = Acting("office", Role.PLAN_OFFICE, body=7, region="101", paths=(COUNTY,))
CITY_OFFICE = Acting("city", Role.PLAN_OFFICE, region="100", paths=(CITY,))


@pytest.fixture(autouse=True)
def bodies(db: None) -> dict[str, int]:
    """Two bodies of each of two counties of a city: name → number."""
    tree = (("100", "青原市", "city", None), ("101", "云桥县", "county", "100"), ("102", "松岭县", "county", "100"))
    registry.save_regions(RegionRow(*each) for each in tree)
    ours, theirs = (registry.name_bodies(code, ["工业办", "环保局"]) for code in ("101", "102"))
    return {f"our {name}": number for name, number in ours.items()} | {
        f"their {name}": number for name, number in theirs.items()
    }


@pytest.mark.parametrize(
    ("before", "after"),
    [("their 工业办", "our 工业办"), ("our 工业办", "their 工业办"), ("their 工业办", "their 环保局")],
)
@pytest.mark.parametrize("by", [OFFICE, CITY_OFFICE])
def test_bodies_of_another_place_are_not_joined(bodies: dict[str, int], before: str, after: str, by: Acting) -> None:
    """The office of the city confirms bodies of either county, but no body of one becomes a body of the other."""
    if by is CITY_OFFICE and before.split()[0] == after.split()[0]:
        succeed_body(bodies[before], bodies[after], Change.RENAMED, timezone.localdate(), "批复", by)
        return
    with pytest.raises(Forbidden):
        succeed_body(bodies[before], bodies[after], Change.RENAMED, timezone.localdate(), "批复", by)
    assert (BodyChange.objects.count(), journal.head()[0]) == (0, 0)


def test_both_places_find_it_in_their_journal_with_who_did_it(bodies: dict[str, int]) -> None:
    succeed_body(bodies["their 工业办"], bodies["our 工业办"], Change.MERGED, timezone.localdate(), "批复", ADMIN)
    for place in (COUNTY, NEIGHBOUR):
        (row,) = journal.of_place(place)
        assert (row.act, row.author, row.body, row.document) == ("body.succeed", "admin", "body/1", "批复")
    succeed_body(bodies["our 工业办"], bodies["our 环保局"], Change.RENAMED, timezone.localdate(), "批复", OFFICE)
    assert [row.body for row in journal.of_place(COUNTY)] == ["body/7", "body/1"]


@pytest.mark.parametrize("by", [OFFICE, CITY_OFFICE])
def test_only_who_changes_the_registry_joins_regions(by: Acting) -> None:
    with pytest.raises(Forbidden):
        succeed_region("102", "101", timezone.localdate(), "批复", by)
    assert not RegionChange.objects.exists()
    succeed_region("102", "101", timezone.localdate(), "批复", ADMIN)
    assert [row.place for row in journal.newest(Q(), 9)] == [COUNTY, NEIGHBOUR]
