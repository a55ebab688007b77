"""The file of a unit on its pages: entering, deciding, lists with filter and workbook, other units' files unseen."""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone, translation
from pytest_django import DjangoDbBlocker
from python_calamine import CalamineWorkbook

sys.path.insert(0, str(Path(__file__).parents[2] / "records"))
import returns_site as site
from test_return_evidence import reporter

from entries_told import SOUND
from kept import kept
from shuangkong.records.people.acting import appoint
from shuangkong.records.people.models import Person
from shuangkong.records.people.roles import Role
from shuangkong.records.registry import store as registry
from shuangkong.records.reporting.models import FileEntry, FileEntryPaper
from shuangkong.reporting.entry_kinds import EntryKind as K

pytestmark = pytest.mark.django_db
SOON = f"{timezone.localdate() + timedelta(days=60)}"
PAPER = b"%PDF-1.7\n%%EOF"


@pytest.fixture(scope="module")
def held(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[site.Site]:
    with kept(django_db_blocker), translation.override("zh-hans"):
        yield site.settle()


def visitor(name: str) -> Client:
    client = Client(headers={"host": "localhost"})
    client.force_login(Person.objects.get(username=name))
    return client


def made(at: site.Site, kind: K, who: str = "one-reporter", key: str = "one", **more: str) -> FileEntry:
    told = {**SOUND[kind], **({"due": SOON} if "due" in SOUND[kind] else {}), **more}
    path = f"/reporting/units/{reporter(at, key).pk}/entries/{kind.value}/"
    answer = visitor(who).post(path, told)
    assert answer.status_code == 302, answer.content.decode()
    return FileEntry.objects.latest("pk")


def text(who: str, path: str, status: int = 200) -> str:
    answer = visitor(who).get(f"/reporting/{path}")
    assert answer.status_code == status, (path, answer.status_code)
    return answer.content.decode()


def sheet(xlsx: bytes) -> str:
    return str(CalamineWorkbook.from_filelike(io.BytesIO(xlsx)).get_sheet_by_index(0).to_python())


def test_a_unit_enters_a_promise_with_its_paper_and_nobody_else_sees_it(held: site.Site) -> None:
    number = reporter(held).pk
    page = text("one-reporter", f"units/{number}/entries/undertaking/")
    assert 'name="promised"' in page
    sent = {**SOUND[K.UNDERTAKING], "files": SimpleUploadedFile("承诺书.pdf", PAPER)}
    answer = visitor("one-reporter").post(f"/reporting/units/{number}/entries/undertaking/", sent)
    assert answer.status_code == 302
    entry = FileEntry.objects.get()
    path = f"entries/{entry.pk}/"
    for who in ("one-reporter", "county", "city"):
        said = text(who, path)
        assert "年用能不超过一万吨" in said
        assert "承诺书.pdf" in said
        assert f"/reporting/{path}" in text(who, f"units/{number}/")
        assert "年用能不超过一万吨" in text(who, "entries/?kind=undertaking")
    paper = FileEntryPaper.objects.get()
    kept_as = visitor("county").get(f"/reporting/{path}papers/{paper.pk}/")
    assert kept_as.content == PAPER
    assert kept_as["X-Content-Type-Options"] == "nosniff"
    for stranger in ("other-reporter", "next", "statistics"):
        text(stranger, path, 404)
        text(stranger, f"{path}papers/{paper.pk}/", 404)
        assert "年用能不超过一万吨" not in text(stranger, "entries/?kind=undertaking")
        xlsx = visitor(stranger).get("/reporting/entries/?kind=undertaking&xlsx=undertaking").content
        assert "年用能" not in sheet(xlsx)
    xlsx = visitor("county").get("/reporting/entries/?kind=undertaking&xlsx=undertaking").content
    assert "年用能不超过一万吨" in sheet(xlsx)


def test_what_is_refused_comes_back_with_what_was_typed(held: site.Site) -> None:
    path = f"/reporting/units/{reporter(held).pk}/entries/advice/"
    answer = visitor("one-reporter").post(path, {**SOUND[K.ADVICE], "due": SOON, "saving_tce": "很多"})
    assert answer.status_code == 422
    said = answer.content.decode()
    assert "RPT-724" in said
    assert "更换风机" in said
    assert not FileEntry.objects.exists()


def test_advice_is_done_and_confirmed_and_what_is_late_is_listed(held: site.Site) -> None:
    entry = made(held, K.ADVICE)
    path = f"/reporting/entries/{entry.pk}/act/"
    done = {"event": "finish", "done_on": f"{timezone.localdate()}", "achieved_tce": "90", "evidence": "电表"}
    assert visitor("county").post(path, done).status_code == 403, "an office does not report for the unit"
    FileEntry.objects.filter(pk=entry.pk).update(due=timezone.localdate() - timedelta(days=1))
    assert "▲ 过期" in text("county", "entries/?kind=advice&late=yes")
    assert visitor("one-reporter").post(path, done).status_code == 302
    assert "更换风机" not in text("county", "entries/?kind=advice&late=yes")
    assert visitor("county").post(path, {"event": "send_back", "due": SOON}).status_code == 422
    assert visitor("county").post(path, {"event": "confirm"}).status_code == 302
    said = text("one-reporter", f"entries/{entry.pk}/")
    assert "办结" in said
    assert "90" in said
    assert 'name="event"' not in said, "there is nothing left for the unit to do"


def test_reviews_are_planned_from_one_page_and_systems_are_counted(held: site.Site) -> None:
    codes = " ".join(reporter(held, key).code for key in ("one", "other"))
    sent = {**SOUND[K.METERING], "due": SOON}
    assert visitor("county").post("/reporting/entries/plan/", sent).status_code == 422
    assert visitor("county").post("/reporting/entries/plan/", {**sent, "codes": codes}).status_code == 302
    assert FileEntry.objects.filter(kind="metering").count() == 2
    assert text("one-reporter", "entries/plan/", 403)
    made(held, K.SYSTEM)
    made(held, K.EVALUATION, "county")
    page = text("county", "entries/?kind=system")
    assert "能源管理体系覆盖" in page
    answer = visitor("county").get("/api/v1/reporting/systems").json()
    [row] = answer["items"]
    assert (row["units"], row["key"], row["others"], row["evaluated"], row["good"]) == (2, 0, 1, 1, 1)
    assert row["sector"].startswith("C")


def office(name: str) -> str:
    """A department of the county, by its name."""
    Person.objects.create_user(name)
    body = registry.name_bodies(site.COUNTY, [name])[name]
    appoint(name, Role.DEPARTMENT, site.ADMIN, site.GROUND, body, site.COUNTY)
    return name


def counted(who: str) -> list[tuple[int | None, ...]]:
    items = visitor(who).get("/api/v1/reporting/systems").json()["items"]
    return [(each["units"], each["others"], each["evaluated"], each["good"]) for each in items]


def test_who_may_not_see_a_kind_is_not_told_that_there_is_none(held: site.Site) -> None:
    made(held, K.SYSTEM)
    made(held, K.EVALUATION, "county")
    commerce, market = office("商务局"), office("市场监督管理局")
    assert counted("county") == counted(market) == [(2, 1, 1, 1)]
    assert counted(commerce) == [(2, 1, None, None)], "evaluations are not its business"
    assert counted("statistics") == []
    assert counted("one-reporter") == [(1, 1, 1, 1)]
    for who, is_told in (("county", True), (commerce, True), ("statistics", False), ("one-reporter", True)):
        assert ("能源管理体系覆盖" in text(who, "entries/?kind=system")) is is_told, who
        assert ("：不归您看。" in text(who, "entries/?kind=system")) is not is_told, who
    said = text("statistics", "entries/")
    assert "还没有登记" not in said
    assert "登记 <strong>" not in said
    said = text(market, "entries/")
    assert "kind=metering" in said
    assert "kind=undertaking" not in said
    assert "列入年度审查计划" in said
    assert "列入年度审查计划" not in text(commerce, "entries/?kind=metering")
    unit = f"units/{reporter(held, 'other').pk}/"
    assert 'id="entries"' not in text("statistics", unit)
    assert "还没有登记：能源计量审查、能源管理体系认证、效果和绩效评价。" in text(market, unit)


def test_the_pages_are_whole_in_english(held: site.Site) -> None:
    entry = made(held, K.ADVICE)
    client = visitor("county")
    client.cookies["django_language"] = "en"
    said = client.get(f"/reporting/entries/{entry.pk}/").content.decode()
    assert "Expected saving" in said
    assert "How far is" in said
    assert "Overdue" in client.get("/reporting/entries/?kind=advice").content.decode()
