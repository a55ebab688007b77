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
from shuangkong.records.people.roles import Role
from shuangkong.records.plans.tasks.models import TaskFile
from shuangkong.records.reporting.acts import act
from shuangkong.records.reporting.drafting import ToSave, save
from shuangkong.records.reporting.filing import ToSubmit, submit
from shuangkong.records.reporting.models import Attachment, Return
from shuangkong.records.reporting.suspected import keep_suspicions
from shuangkong.records.reporting.verification.bodies import enter, register_body
from shuangkong.records.reporting.verification.cases import act_on_case, open_case
from shuangkong.records.reporting.verification.known import Known
from shuangkong.reporting.life import EventKind
from shuangkong.reporting.verification.standing import Event as CaseEvent
from shuangkong.reporting.verification.standing import EventKind as CaseKind
from shuangkong.web.reporting.urls import urlpatterns
from trials import IS_SOAK

pytestmark = pytest.mark.django_db
NAME = "云桥纸业"
SIGNED, DRAFTED = "876543", "987651"
#: What the first unit signed of the month that a case gives to the verifier, and of the one before, which none gives.
GIVEN, BEFORE = "345678", "765432"
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
        _fill(held.one, GIVEN, "one")
        submit(held.one, site.by("one-signatory"), ToSubmit())
        earlier = Return.objects.get(window=later, reporter__enterprise=held.enterprises["one"])
        _fill(earlier.pk, BEFORE, "one")
        submit(earlier.pk, site.by("one-signatory"), ToSubmit())
        act(earlier.pk, site.by("statistics"), EventKind.ACCEPT)
        case, inner, body = _commissioned(held.one, held.other)
        keep_suspicions()
        known = {"window_id": held.window, "reporter_id": drafted.reporter_id, "return_file_id": file, "which": 1}
        yield {
            "signed": {**known, "return_id": held.other},
            "drafted": {**known, "return_id": drafted.pk, "window_id": later},
            "given": {
                **known,
                "return_id": held.one,
                "reporter_id": earlier.reporter_id,
                "case_id": case,
                "verification_body_id": body,
            },
            "before": {**known, "return_id": earlier.pk, "reporter_id": earlier.reporter_id, "case_id": inner},
        }


def _fill(number: int, figure: str, who: str = "other") -> None:
    more = {"purchased": figure, "production_use": figure, "closing_stock": "100"}
    save(number, site.by(f"{who}-reporter"), ToSave(entries=site.told(**more)))


def _commissioned(one: int, other: int) -> tuple[int, int, int]:
    """Two cases at one place, one of them given to the verifier's body: (the given, the other, the body)."""
    by, today = site.by("statistics"), timezone.localdate()
    site._person("verifier", Role.VERIFIER, "云川核查有限公司", site.COUNTY)
    place = f"/{site.PROVINCE}/{site.CITY}/{site.COUNTY}/"
    body = register_body("91980000MA00000001", "云川核查有限公司", place, by, "名录公告")
    register_body("91980000MA00000002", f"{NAME}核查有限公司", place, by, "名录公告")
    enter(body, Known.QUALIFICATION, {"from": "2024-01-01"}, by, "资质证书")
    enter(body, Known.ACTING, {"body": "云川核查有限公司", "from": "2024-01-01"}, by, "备案")
    case, inner = open_case(one, by, "抽查"), open_case(other, by, f"线索：{NAME}")
    act_on_case(case, by, CaseEvent(CaseKind.ASSIGN, today, "委托书", people=("王", "李"), body=body))
    return case, inner, body


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
@pytest.mark.parametrize("which", ["signed", "drafted", "given", "before"])
def test_a_verifier_is_told_of_what_a_case_gives_and_of_nothing_beside_it(
    things: dict[str, dict[str, Any]], which: str
) -> None:
    """At one place lie a return that was given, one of the same unit that was not, and those of another unit."""
    client, found = client_of("verifier"), {}
    for asked, text in everything(client, things[which]):
        wanted = (SIGNED, DRAFTED, BEFORE) if NAME in asked else (NAME, SIGNED, DRAFTED, BEFORE)
        if marks := [mark for mark in wanted if mark in text]:
            found[asked] = marks
    assert found == {}


def test_a_verifier_reads_and_handles_what_was_given(things: dict[str, dict[str, Any]]) -> None:
    client, given = client_of("verifier"), things["given"]
    page = told(client.get(reverse("reporting:return", args=[given["return_id"]])))
    assert GIVEN in page
    assert "青云水泥" in told(client.get(reverse("reporting:cases")))
    assert "青云水泥" in told(client.get(reverse("reporting:units")))
    assert "青云水泥" in told(client.get(reverse("reporting:unit", args=[given["reporter_id"]])))
    case = told(client.get(reverse("reporting:case", args=[given["case_id"]])))
    assert 'value="note"' in case
    assert 'value="close"' not in case
    said = {"kind": "note", "ground": "过磅单少两张"}
    assert client.post(reverse("reporting:case_act", args=[given["case_id"]]), said).status_code == 302
    for name, key in (("return", "return_id"), ("case", "case_id")):
        assert client.get(reverse(f"reporting:{name}", args=[things["before"][key]])).status_code == 404
    # The office of the place sees the month before beside it: what the crawler looks for is there.
    assert BEFORE in told(client_of("statistics").get(reverse("reporting:return", args=[given["return_id"]])))


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
