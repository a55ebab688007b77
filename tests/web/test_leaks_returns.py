"""Nothing of another's return stands in any answer: page, filter, file, call or refusal; a draft is the unit's own."""

from __future__ import annotations

import io
import json
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http.response import HttpResponseBase
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoDbBlocker

sys.path.insert(0, str(Path(__file__).parents[1] / "records"))
import returns_site as site
from api_site import patterns

from kept import kept
from shuangkong.records.people.models import Person
from shuangkong.records.plans.tasks.models import TaskFile
from shuangkong.records.reporting.drafting import ToSave, save
from shuangkong.records.reporting.filing import ToSubmit, submit
from shuangkong.records.reporting.models import Attachment, Return
from shuangkong.web.reporting.urls import urlpatterns
from trials import IS_SOAK

pytestmark = pytest.mark.django_db
NAME = "云桥纸业"
SIGNED, DRAFTED = "876543", "987651"
#: Who may see nothing of the other unit, and who may see what it signed but not its draft.
STRANGERS = ("one-signatory", "next", *(("one-reporter",) if IS_SOAK else ()))
OFFICES = ("county", "province", *(("city", "statistics", "leader") if IS_SOAK else ()))
CALLS = [each for each in patterns() if any(word in str(each.pattern) for word in ("reporting", "verification"))]


@pytest.fixture(scope="module")
def things(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[dict[str, dict[str, Any]]]:
    """Two units; ``other`` signed what holds SIGNED, and in another month drafts what holds DRAFTED, with a file."""
    with kept(django_db_blocker):
        held = site.settle()
        later = site.open_window(site.FORM, "2026-08", site.PROVINCE, site.by("province"), site.DUE)
        drafted = Return.objects.get(window=later, reporter__enterprise=held.enterprises["other"])
        _fill(held.other, SIGNED)
        submit(held.other, site.by("other-signatory"), ToSubmit())
        _fill(drafted.pk, DRAFTED)
        picture = TaskFile.objects.create(sha256="0" * 64, medium="png", size_bytes=1, content=b"x")
        said = {"name": f"{NAME}{DRAFTED}.png", "added_by": "other-reporter", "added_at": timezone.now()}
        file = Attachment.objects.create(owned=drafted, file=picture, **said).pk
        known = {"window_id": held.window, "reporter_id": drafted.reporter_id, "return_file_id": file, "which": 1}
        yield {
            "signed": {**known, "return_id": held.other},
            "drafted": {**known, "return_id": drafted.pk, "window_id": later},
        }


def _fill(number: int, figure: str) -> None:
    more = {"purchased": figure, "production_use": figure, "closing_stock": "100"}
    save(number, site.by("other-reporter"), ToSave(entries=site.told(**more)))


def client_of(name: str) -> Client:
    client = Client(headers={"host": "localhost"})
    client.force_login(Person.objects.get(username=name))
    return client


def told(answer: HttpResponseBase) -> str:
    """All that an answer says, heads too: JSON decoded, workbooks unpacked."""
    body = b"".join(answer) if answer.streaming else answer.content  # type: ignore[attr-defined, call-overload]
    text = body.decode("utf-8", "replace") + str(answer.headers)
    if body[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            text += "".join(archive.read(part).decode("utf-8", "replace") for part in archive.namelist())
    if "json" in answer.headers.get("Content-Type", ""):
        text += json.dumps(json.loads(body), ensure_ascii=False)
    return text


def everything(client: Client, numbers: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Every address and call of online reporting asked for these things, by reading and by sending."""
    words: tuple[dict[str, Any], ...] = (
        {}, {"form": "csv"}, {"q": NAME, "name": NAME, "unit": NAME, "state": "submitted", "region": site.COUNTY},
    )  # fmt: skip
    file = b"\xef\xbb\xbfa,b\n"
    for room, each in (*(("reporting", p) for p in urlpatterns), *(("api", p) for p in CALLS)):
        wanted = {key: numbers.get(key, 10**9) for key in each.pattern.converters}
        path = reverse(f"{room}:{each.name}", kwargs=wanted)
        for said in words:
            yield f"get {path} {said}", told(client.get(path, said))
        if room == "api":
            yield f"post {path}", told(client.post(path, json.dumps({"kind": "return"}), "application/json"))
        else:
            sent = {"file": SimpleUploadedFile("t.csv", file), "kind": "return", "return": numbers["return_id"]}
            yield f"post {path}", told(client.post(path, sent))


@pytest.mark.tried
@pytest.mark.parametrize("name", STRANGERS)
def test_a_stranger_is_told_nothing_of_a_unit_by_any_address(things: dict[str, dict[str, Any]], name: str) -> None:
    client, marks = client_of(name), (NAME, SIGNED, DRAFTED)
    found = {
        asked: [mark for mark in marks if mark in text]
        for numbers in things.values()
        for asked, text in everything(client, numbers)
    }
    said_oneself = {asked for asked in found if NAME in asked}
    found = {
        asked: [mark for mark in marks if not (asked in said_oneself and mark == NAME)]
        for asked, marks in found.items()
    }
    assert {asked: marks for asked, marks in found.items() if marks} == {}


@pytest.mark.tried
@pytest.mark.parametrize("name", OFFICES)
def test_no_office_is_told_what_a_draft_says(things: dict[str, dict[str, Any]], name: str) -> None:
    client = client_of(name)
    found = [asked for asked, text in everything(client, things["drafted"]) if DRAFTED in text]
    assert found == []


def test_the_unit_itself_is_told_its_own(things: dict[str, dict[str, Any]]) -> None:
    """What the crawler looks for is there to be found."""
    client = client_of("other-reporter")
    assert any(DRAFTED in text for _, text in everything(client, things["drafted"]))
    assert any(SIGNED in text for _, text in everything(client, things["signed"]))
    assert any(SIGNED in text and NAME in text for _, text in everything(client_of("county"), things["signed"]))


def test_what_is_another_s_answers_as_what_is_not_there(things: dict[str, dict[str, Any]]) -> None:
    """The same status and the same words: nobody learns by refusals which numbers are taken."""
    client = client_of("one-signatory")
    for each in CALLS:
        keys = set(each.pattern.converters)
        if keys == {"return_id"}:
            for ask in (client.get, lambda path: client.post(path, "{}", "application/json")):
                answers = [
                    ask(reverse(f"api:{each.name}", kwargs={"return_id": number}))
                    for number in (things["signed"]["return_id"], 10**9)
                ]
                assert answers[0].status_code == answers[1].status_code, each.name
                assert answers[0].content == answers[1].content, each.name
