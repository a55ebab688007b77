"""The table of access cell by cell: every role, every action, at every place, by address and by programme.

One realm for all cells: whatever an answer did is undone before the next question.
"""

from __future__ import annotations

import csv
import json
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import api_site
import pytest
import realm_full
from addresses import address, addresses
from django.contrib.sessions.models import Session
from django.db import connection, transaction
from django.http import HttpResponse
from django.template.backends.django import Template
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from django.utils.http import urlencode
from probes import EVERYWHERE, MATRIX, PROBES, Probe, expected
from programme_probes import ASKED, Call, calls
from pytest_django.plugin import DjangoDbBlocker

from shuangkong.records.people.models import Visit
from shuangkong.records.people.roles import Role
from shuangkong.web.people.own import OWN

#: The mark has the database made; every question is undone, within the realm of the module.
pytestmark = pytest.mark.django_db
ROLES = [role.value for role in Role if role is not Role.PUBLIC]
CALLS = calls()
#: Whose pages are counted, and what they ask.
COUNTED = (Role.PLAN_OFFICE.value, Role.DEPARTMENT.value)
QUERIES = Path(__file__).with_name("queries.csv")
#: What keeps a session alive: its own table, and the last use of a visit, which is written again after some minutes.
ALIVE = re.compile(rf'"{Session._meta.db_table}"|^UPDATE "{Visit._meta.db_table}"')


@dataclass(frozen=True)
class Realm:
    """Place → numbers of its things; role → browser of somebody at the first county."""

    things: dict[str, dict[str, int | str]]
    clients: dict[str, Client]


@pytest.fixture(scope="module")
def realm(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Realm]:
    """Settled once; nothing of it stays."""
    calls_log = override_settings(VAR=tmp_path_factory.mktemp("var"))
    with django_db_blocker.unblock(), calls_log, transaction.atomic():
        yield Realm(realm_full.settle(), realm_full.clients())
        transaction.set_rollback(True)


@pytest.fixture
def _django_db_helper(realm: Realm) -> None:
    """In place of that of the mark, which closes the connection after each test: the realm lives on."""


@pytest.fixture
def blank(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages without words: whether they answer is asked. They are drawn for each role in test_leaks and test_unkept."""
    monkeypatch.setattr(Template, "render", lambda *_: "")


def _named(probe: Probe, words: list[str]) -> set[str]:
    """Names of the things that a probe asks for."""
    return {probe.means.get(word, word) for word in words} | {*probe.asks.values(), *probe.sends.values()}


def _places(probe: Probe, words: list[str], realm: Realm) -> list[str]:
    """Where there is such a thing."""
    if not probe.is_about_one:
        return ["own"]
    return [place for place in EVERYWHERE if _named(probe, words) <= realm.things[place].keys()]


def _undone(ask: object) -> HttpResponse:
    with transaction.atomic():
        answer: HttpResponse = ask()  # type: ignore[operator]
        transaction.set_rollback(True)
    return answer


def _asked(probe: Probe, path: str, numbers: dict[str, int | str]) -> str:
    words = {word: numbers[thing] for word, thing in probe.asks.items()}
    return f"{path}?{urlencode(words)}" if words else path


def _visit(client: Client, probe: Probe, numbers: dict[str, int | str]) -> int:
    """The status of a page."""
    said = dict(probe.data) | {field: numbers[thing] for field, thing in probe.sends.items()}
    meant = numbers | {word: numbers[thing] for word, thing in probe.means.items()}
    path = _asked(probe, address(probe.name, meant), numbers)
    return _undone(lambda: getattr(client, probe.method)(path, said)).status_code


def _told(call: Call, numbers: dict[str, int | str]) -> str | None:
    """What is sent; None where it would name a thing that is not there at this place."""
    try:
        return json.dumps(call.tells(numbers))
    except KeyError:
        return None


def _call(client: Client, call: Call, numbers: dict[str, int | str], told: str) -> int:
    """The status of an answer to a programme."""
    probe = call.probe
    filled = re.sub(r"{(\w+)}", lambda found: str(numbers[probe.means.get(found[1], found[1])]), call.path)
    path = _asked(probe, api_site.ROOT + filled, numbers)
    if probe.method == "get":
        return _undone(lambda: client.get(path)).status_code
    return _undone(lambda: client.generic("POST", path, told, "application/json")).status_code


def test_every_operation_is_asked_for() -> None:
    """A new operation joins with a line in ASKED."""
    assert set(ASKED) == {each.view_func.__name__ for each in api_site.operations()}


def test_every_action_of_the_table_is_asked_for() -> None:
    by_page, by_programme = {each.action for each in PROBES}, {each.probe.action for each in CALLS}
    assert set(MATRIX) - by_page - by_programme <= {"actual.read", "matter.acknowledge", "monitoring.secret"}


@pytest.mark.parametrize("action", [*MATRIX, OWN])
@pytest.mark.parametrize("role", ROLES)
def test_pages_answer_as_the_cell_says(realm: Realm, blank: None, role: str, action: str) -> None:
    wrong = []
    for probe in PROBES:
        if probe.action != action:
            continue
        for place in _places(probe, list(addresses()[probe.name].pattern.converters), realm):
            found, wanted = _visit(realm.clients[role], probe, realm.things[place]), expected(probe, role, place)
            if found not in wanted:
                wrong.append((str(probe), place, found, sorted(wanted)))
    assert not wrong


@pytest.mark.parametrize("action", MATRIX)
@pytest.mark.parametrize("role", ROLES)
def test_programmes_are_answered_as_the_cell_says(realm: Realm, role: str, action: str) -> None:
    wrong = []
    for call in CALLS:
        probe = call.probe
        if probe.action != action:
            continue
        for place in _places(probe, re.findall(r"{(\w+)}", call.path), realm):
            told = _told(call, realm.things[place])
            if told is None:
                continue
            found = _call(realm.clients[role], call, realm.things[place], told)
            wanted = expected(probe, role, place)
            if found not in wanted:
                wrong.append((probe.method, probe.name, place, found, sorted(wanted)))
    assert not wrong


def _is_of_page(query: Mapping[str, str]) -> bool:
    """Neither a savepoint of the test nor what keeps a session alive."""
    return not query["sql"].startswith(("SAVEPOINT", "RELEASE", "ROLLBACK")) and not ALIVE.search(query["sql"])


def test_the_number_of_queries_of_every_page_is_fixed(realm: Realm) -> None:
    """As written in queries.csv: a page that asks more says so there, and why in its own change.

    ``SHUANGKONG_WRITE=1`` writes the file anew.
    """
    found = {}
    for probe in PROBES:
        if probe.method != "get" or "own" not in _places(
            probe, list(addresses()[probe.name].pattern.converters), realm
        ):
            continue
        for role in COUNTED:
            _visit(realm.clients[role], probe, realm.things["own"])  # what a process asks once is asked
            with CaptureQueriesContext(connection) as told:
                if _visit(realm.clients[role], probe, realm.things["own"]) == 200:
                    found[probe.name, role] = sum(map(_is_of_page, told.captured_queries))
    if os.environ.get("SHUANGKONG_WRITE"):
        lines = (f"{name},{role},{count}\n" for (name, role), count in sorted(found.items()))
        QUERIES.write_text("page,role,queries\n" + "".join(lines), encoding="utf-8")
    with QUERIES.open(encoding="utf-8") as lines:
        assert found == {(row["page"], row["role"]): int(row["queries"]) for row in csv.DictReader(lines)}
