"""A site with the invented county, and somebody who is logged in."""

from __future__ import annotations

import county
import pytest
import realm
from django.test import Client
from django.utils import translation

from shuangkong.records.people.models import Person


@pytest.fixture
def adopted(db: None) -> int:
    """The id of the county's adopted plan."""
    county.settle("not used here")
    return county.adopt_plan()


@pytest.fixture
def things(db: None) -> realm.Things:
    """Four places with a plan each: place → numbers of its things."""
    return realm.settle()


@pytest.fixture
def guest(db: None) -> Client:
    """Nobody is logged in."""
    return Client(headers={"host": "localhost"})


@pytest.fixture
def clerk(adopted: int) -> Client:
    """The administrator, logged in, on a site with an adopted plan."""
    client = Client(headers={"host": "localhost"})
    client.force_login(Person.objects.get(username="admin"))
    return client


@pytest.fixture(autouse=True)
def chinese() -> object:
    """Tests speak Chinese unless they say otherwise, whatever a page switched to before."""
    with translation.override("zh-hans"):
        yield
