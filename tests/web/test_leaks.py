"""Nothing of a neighbour stands in any answer, whatever the address asks for."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from addresses import address, addresses
from api_site import patterns
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from probes import OTHER_DOORS
from pytest_django import DjangoDbBlocker
from realm import NAMES, REGIONS, Things, client_of, settle

from actors import ADMIN
from kept import kept
from shuangkong.records.people.acting import Acting
from shuangkong.records.people.roles import Role
from shuangkong.records.plans.cascade.rows import LinkVerdict, Relation
from shuangkong.records.plans.cascade.store import decide_link
from shuangkong.records.plans.tasks.meetings import call_meeting
from shuangkong.records.registry.tree import path_of
from trials import IS_SOAK

pytestmark = pytest.mark.django_db
NEIGHBOUR = NAMES["neighbour"]
#: Roles that see no more than a part of the site.
BOUND = [role.value for role in Role if role not in (Role.ADMINISTRATOR, Role.AUDITOR, Role.PUBLIC)]
#: Words of addresses that name a thing: word → which thing.
NAMING = {
    "place": "region", "plan": "plan_id", "parent": "task_id", "body": "body_id", "region": "region", "of": "plan_id",
    "task": "task_id", "other": "plan_id", "meeting": "meeting_id", "person": "person_id", "target": "target_id",
}  # fmt: skip


@pytest.fixture(scope="module")
def linked(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Things]:
    """The neighbour's plan follows that of the city above, and there is a meeting of a name of its own."""
    with kept(django_db_blocker):
        things = settle()
        _link(things)
        yield things


def _link(things: Things) -> None:
    plan, above = int(things["neighbour"]["plan_id"]), int(things["above"]["plan_id"])
    decide_link(plan, ADMIN, Relation.FOLLOWS, LinkVerdict.CONFIRMED, f"{NEIGHBOUR}认定", above)
    code, task = REGIONS["neighbour"], int(things["neighbour"]["task_id"])
    theirs = Acting("theirs", Role.PLAN_OFFICE, region=code, paths=(path_of(code),))
    call_meeting(f"{NEIGHBOUR}会商", timezone.localdate(), code, [task], theirs)


def _told(client: Client, path: str, words: dict[str, object]) -> str:
    """What the answer holds, without what was asked."""
    answer = client.get(path, words)
    if answer.status_code != 200 or answer.streaming:
        return ""
    return answer.content.decode("utf-8", "replace")


def _names(text: str) -> list[str]:
    return sorted(set(re.findall(rf"[^\s<>\"]*{NEIGHBOUR}[^\s<>\"]*", text)))


@pytest.mark.tried
@pytest.mark.parametrize("role", BOUND)
def test_no_page_names_what_a_neighbour_has(linked: Things, role: str) -> None:
    """Every page: of one's own things and of those above, while the address asks for a neighbour's."""
    client, foreign = client_of(role), linked["neighbour"]
    wanted = {word: foreign[thing] for word, thing in NAMING.items()}
    # Some words of a list count only where others are not said; what a page about one thing shows, its address says.
    alone = ({"plan": foreign["plan_id"]}, {"place": foreign["region"]})
    found = {}
    for name, pattern in addresses().items():
        if name.startswith(OTHER_DOORS) or name == "set_language":
            continue
        is_about_one = bool(pattern.pattern.converters)
        for path in {address(name, linked[place]) for place in (("own", "above") if is_about_one else ("own",))}:
            for words in ({}, wanted, *(() if is_about_one and not IS_SOAK else alone)):
                names = _names(_told(client, path, words))
                if names:
                    found[path, *words] = names
    assert not found


@pytest.mark.parametrize("role", BOUND)
def test_no_answer_to_a_programme_names_what_a_neighbour_has(linked: Things, role: str) -> None:
    client, foreign = client_of(role), linked["neighbour"]
    wanted = {word: foreign[thing] for word, thing in NAMING.items()}
    found = {}
    for pattern in patterns():
        for place in ("own", "above", "neighbour"):
            numbers = {key: linked[place].get(key, 10**9) for key in pattern.pattern.converters}
            for words in ({}, wanted):
                path = reverse(f"api:{pattern.name}", kwargs=numbers)
                names = _names(_told(client, path, words))
                if names:
                    found[path, *words] = names
    assert not found
