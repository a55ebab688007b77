"""A city and a county in it, a plan each, the one following the other."""

from __future__ import annotations

import pytest
from cascade_plans import CITY_PLAN, COUNTY_OFFICE, COUNTY_PLAN, adopted

from shuangkong.records.plans.cascade import store
from shuangkong.records.plans.cascade.rows import LinkVerdict, Relation
from shuangkong.records.plans.rows import PlanRow
from shuangkong.records.registry import store as registry
from shuangkong.records.registry.rows import RegionRow


@pytest.fixture
def places(db: None) -> None:
    """A city of two counties, two towns in the first."""
    registry.save_regions(
        [
            RegionRow("999900", "澄州市", "city", is_fictional=True),
            RegionRow("999901", "澄湖县", "county", "999900", is_fictional=True),
            RegionRow("999902", "柳川县", "county", "999900", is_fictional=True),
            RegionRow("999901001", "东街镇", "town", "999901", is_fictional=True),
            RegionRow("999901002", "西街镇", "town", "999901", is_fictional=True),
        ]
    )


@pytest.fixture
def city(places: None) -> PlanRow:
    return adopted(CITY_PLAN, "999900")


@pytest.fixture
def county(city: PlanRow) -> PlanRow:
    return adopted(COUNTY_PLAN, "999901")


@pytest.fixture
def linked(county: PlanRow, city: PlanRow) -> int:
    return store.decide_link(
        county.id, COUNTY_OFFICE, Relation.FOLLOWS, LinkVerdict.CONFIRMED, "文首所引", other=city.id
    )
