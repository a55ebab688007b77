"""A city's plan and that of its county, and the county's office."""

from __future__ import annotations

import cascade_site as site
import pytest
from cascade_plans import COUNTY_OFFICE
from django.test import Client

from shuangkong.records.plans.cascade import store
from shuangkong.records.plans.cascade.rows import LinkVerdict, Relation


@pytest.fixture
def ids(db: None) -> tuple[int, int]:
    """The county's plan and the city's."""
    site.people()
    return site.plans()


@pytest.fixture
def child(ids: tuple[int, int]) -> int:
    return ids[0]


@pytest.fixture
def parent(ids: tuple[int, int]) -> int:
    return ids[1]


@pytest.fixture
def office(ids: tuple[int, int]) -> Client:
    """The county's plan office."""
    return site.visitor("county")


@pytest.fixture
def linked(child: int, parent: int) -> int:
    return store.decide_link(child, COUNTY_OFFICE, Relation.FOLLOWS, LinkVerdict.CONFIRMED, "文首所引", other=parent)
