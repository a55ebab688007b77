"""What no database keeps, what is far too long, and days that nothing can be reckoned with: refused, never a fault."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from addresses import address, addresses
from django.test import Client
from probes import OTHER_DOORS
from pytest_django import DjangoDbBlocker
from realm import Things, client_of, settle

from kept import kept
from shuangkong.records.people.models import Person
from shuangkong.web.people import provider
from shuangkong.web.people.provider import ProviderFault, new_attempt

pytestmark = pytest.mark.django_db
NUL = "前\0后"
LONG = "长" * 5_000
#: The first and the last that there are, and one that no workbook can hold; those between are no further away.
DAYS = (
    "0001-01-01", "1899-12-31", "9999-12-31",
    *(pytest.param(day, marks=pytest.mark.soak) for day in ("1900-01-01", "1950-06-01")),
)  # fmt: skip


@pytest.fixture(scope="module")
def things(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Things]:
    with kept(django_db_blocker):
        yield settle()


def _pages(things: Things) -> list[str]:
    names = [name for name in addresses() if not name.startswith(OTHER_DOORS)]
    return [address(name, things["own"]) for name in names if name not in ("logout", "set_language", "provider")]


def test_a_nul_sign_is_refused_at_every_address(things: Things) -> None:
    client = client_of("plan_office")
    for path in _pages(things):
        # The interface of access ends answers in the words of its specification.
        wanted = (400, False) if path.startswith("/uplink/") else (422, True)
        for answer in (client.get(path, {"any": NUL}), client.post(path, {"any": NUL}), client.get(path, {NUL: "1"})):
            assert (answer.status_code, "SIT-101" in answer.content.decode()) == wanted, path
    assert client.get("/plans/%00/").status_code == 422


def test_a_nul_sign_is_refused_without_signing_in(guest: Client) -> None:
    answer = guest.post("/login/", {"username": NUL, "password": "x"})
    assert (answer.status_code, "SIT-101" in answer.content.decode()) == (422, True)


def test_a_nul_sign_in_json_is_refused(things: Things) -> None:
    client = client_of("plan_office")
    sent = json.dumps({"title": NUL})
    for path in ("/api/v1/meetings", "/api/v1/tasks"):
        answer = client.post(path, sent, content_type="application/json")
        assert (answer.status_code, answer.json()["code"]) == (422, "SIT-101")
    told = client.post("/api/v1/tasks", json.dumps({"title": "\\u0000"}), content_type="application/json").json()
    assert told["code"] != "SIT-101"


def test_a_long_text_is_refused_with_its_length(things: Things) -> None:
    client, town = client_of("plan_office"), Person.objects.get(username="somebody-below")
    own = things["own"]
    bodies = {"before": own["body_id"], "name": "新局", "kind": "renamed", "document": LONG}
    forms = {
        "/people/new/": {"username": LONG, "name": "某"},
        "/people/new": {"username": "some-one", "name": LONG},
        "/plans/tasks/register/": bodies,
        "/plans/tasks/register": bodies | {"name": LONG, "document": "文"},
        "/plans/tasks/meetings/": {"title": LONG, "held_on": "2026-11-20", "agenda": [own["task_id"]]},
        "/people/me/tokens/": {"name": LONG, "scopes": ["plan.read"], "ends_on": "2027-01-01"},
    }
    for path, form in forms.items():
        answer = client.post(path.rstrip("/") + "/", form)
        assert answer.status_code == 422, (path, answer.status_code)
        assert "TXT-102" in answer.content.decode(), path
    assert town.first_name == ""


@pytest.mark.parametrize("day", DAYS)
def test_a_day_far_from_any_plan_is_no_fault(things: Things, day: str) -> None:
    client = client_of("auditor")
    for path in _pages(things):
        for words in ({"as_of": day}, {"day": day, "on": day}):
            assert client.get(path, words).status_code < 500, (path, words)


@pytest.mark.parametrize("state", ["中", "", "\ud800".encode("utf-8", "surrogatepass").decode("latin-1")])
def test_a_state_of_any_signs_is_only_wrong(state: str) -> None:
    with pytest.raises(ProviderFault, match="state"):
        provider.identity(new_attempt(), {"state": state, "code": "x"}, "http://localhost/back")


def test_a_call_is_answered_in_its_own_words_whatever_is_wrong(things: Things, guest: Client) -> None:
    client = client_of("plan_office")
    asked = {
        404: client.get("/api/v1/no-such"),
        405: client.post("/api/v1/me", "{}", content_type="application/json"),
        401: guest.get("/api/v1/me"),
    }
    for status, answer in asked.items():
        assert (answer.status_code, answer["Content-Type"].split(";")[0]) == (status, "application/json")
        assert set(answer.json()) == {"code", "zh", "en", "field"}
    large = client.post("/api/v1/tasks", '{"title": "' + "x" * (31 * 1024**2) + '"}', content_type="application/json")
    assert (large.status_code, large.json()["code"]) == (400, "API-109")
    whole = client.post("/api/v1/tasks", '{"title": "' + "x" * (6 * 1024**2) + '"}', content_type="application/json")
    assert (whole.status_code, whole.json()["code"]) == (422, "API-104")


def test_a_page_asks_nothing_of_a_device(guest: Client) -> None:
    assert "camera=()" in guest.get("/login/")["Permissions-Policy"]
