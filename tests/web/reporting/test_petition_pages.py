"""Asking and answering on pages and by programme; a window put off on its page; who is counted what waits."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone, translation
from pytest_django import DjangoDbBlocker

sys.path.insert(0, str(Path(__file__).parents[2] / "records"))
sys.path.insert(0, str(Path(__file__).parents[1]))
import api_site
import returns_site as site

from kept import kept
from shuangkong.records.people.models import Person
from shuangkong.records.reporting.models import Petition, Return, Window

pytestmark = pytest.mark.django_db
GROUND = "窑炉大修，台账下周才齐"
WISHED = str(site.DUE + timedelta(days=10))
PAPER = b"%PDF-1.4 a notice\n%%EOF"


@pytest.fixture(scope="module")
def held(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[site.Site]:
    with kept(django_db_blocker), translation.override("zh-hans"):
        yield site.settle()


def visitor(name: str) -> Client:
    client = Client(headers={"host": "localhost"})
    client.force_login(Person.objects.get(username=name))
    return client


def text(client: Client, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status, (path, answer.status_code)
    return answer.content.decode()


def ask(number: int, kind: str = "extend", **more: Any) -> Petition:
    told = {"kind": kind, "ground": GROUND, "due": WISHED if kind == "extend" else ""} | more
    answer = visitor("one-reporter").post(f"/reporting/{number}/ask/", told)
    assert answer.status_code == 302, answer.content.decode()
    return Petition.objects.latest("pk")


def test_a_unit_asks_the_office_grants_and_the_unit_reads_it(held: site.Site) -> None:
    unit, office, page = visitor("one-reporter"), visitor("statistics"), f"/reporting/{held.one}/"
    assert 'id="ask"' in text(unit, page)
    made = ask(held.one, files=SimpleUploadedFile("通知.pdf", PAPER))
    assert "待答复" in text(unit, page)
    assert "已申请延期，待答复" in text(unit, "/reporting/")
    desk = text(office, "/reporting/desk/")
    assert "待答复的申请 <strong>1</strong> 件" in desk
    assert GROUND in desk
    assert "1 件申请等我答复" in text(office, "/reporting/windows/")
    assert "1 件申请等我答复" in text(office, f"/reporting/windows/{held.window}/")
    seen = text(office, page)
    assert f'value="{WISHED}"' in seen
    assert 'id="ask"' not in seen
    assert office.get(f"/reporting/petitions/{made.pk}/file/").content == PAPER
    told = office.post(f"/reporting/petitions/{made.pk}/answer/", {"answer": "grant", "due": WISHED})
    assert told.status_code == 302
    assert str(Return.objects.get(pk=held.one).due) == WISHED
    read = text(unit, page)
    assert "已同意" in read
    assert "提出申请（延期）" in read
    assert "待答复的申请" not in text(office, "/reporting/desk/")


def test_refused_it_comes_back_with_what_was_typed_and_the_reason_is_read(held: site.Site) -> None:
    unit, office, page = visitor("one-reporter"), visitor("statistics"), f"/reporting/{held.one}/"
    wrong = unit.post(f"/reporting/{held.one}/ask/", {"kind": "extend", "ground": GROUND, "due": str(site.DUE)})
    assert wrong.status_code == 422
    assert "RPT-708" in wrong.content.decode()
    assert GROUND in wrong.content.decode()
    made = ask(held.one)
    silent = office.post(f"/reporting/petitions/{made.pk}/answer/", {"answer": "refuse", "document": "某字〔9〕号"})
    assert silent.status_code == 422
    assert "某字〔9〕号" in silent.content.decode()
    office.post(f"/reporting/petitions/{made.pk}/answer/", {"answer": "refuse", "ground": "台账应已齐"})
    assert "台账应已齐" in text(unit, page)


def test_a_unit_takes_it_back_and_the_office_is_not_asked_any_more(held: site.Site) -> None:
    made = ask(held.one, "stop")
    assert "撤回申请" in text(visitor("one-signatory"), f"/reporting/{held.one}/")
    assert visitor("one-signatory").post(f"/reporting/petitions/{made.pk}/withdraw/").status_code == 302
    assert "已撤回" in text(visitor("one-reporter"), f"/reporting/{held.one}/")
    assert "待答复的申请" not in text(visitor("statistics"), "/reporting/desk/")


def test_neighbours_find_nothing_and_who_does_not_review_answers_nothing(held: site.Site) -> None:
    made = ask(held.one)
    for who in ("other-signatory", "next"):
        client = visitor(who)
        assert client.get(f"/reporting/petitions/{made.pk}/file/").status_code == 404
        for act in ("withdraw", "answer"):
            told = {"answer": "grant", "due": WISHED}
            assert client.post(f"/reporting/petitions/{made.pk}/{act}/", told).status_code in (403, 404), (who, act)
        assert client.post(f"/reporting/{held.one}/ask/", {"kind": "stop", "ground": "x"}).status_code in (403, 404)
    for who in ("statistics", "county"):  # who reads it files nothing of it
        assert visitor(who).post(f"/reporting/{held.one}/ask/", {"kind": "stop", "ground": "x"}).status_code == 404
    own = visitor("one-signatory").post(f"/reporting/petitions/{made.pk}/answer/", {"answer": "grant"})
    assert own.status_code == 403
    assert Petition.objects.get().state == "open"


def test_an_english_reader_reads_it_in_english(held: site.Site) -> None:
    ask(held.one)
    client = visitor("one-reporter")
    client.cookies["django_language"] = "en"
    page = text(client, f"/reporting/{held.one}/")
    assert "Waits for an answer" in page
    assert "申请延期" not in page


def test_a_window_is_put_off_on_its_page(held: site.Site) -> None:
    office, page, due = visitor("province"), f"/reporting/windows/{held.window}/", str(site.DUE + timedelta(days=9))
    assert 'id="put-off"' in text(office, page)
    assert 'id="put-off"' not in text(visitor("county"), page)
    early = office.post(f"{page}put-off/", {"due": str(site.DUE), "ground": "系统停机"})
    assert early.status_code == 422
    assert "RPT-712" in early.content.decode()
    assert "系统停机" in early.content.decode()
    assert office.post(f"{page}put-off/", {"due": due, "ground": "系统停机"}).status_code == 302
    told = text(office, page)
    assert "2 份的截止日改为" in told
    assert f"整体顺延到 {due}" in told
    assert "窗口整体顺延" in text(visitor("one-reporter"), f"/reporting/{held.one}/")
    past = text(office, f"{page}?as_of={timezone.localdate() - timedelta(days=1)}")
    assert due not in past
    assert visitor("county").post(f"{page}put-off/", {"due": due, "ground": "x"}).status_code == 403


def programme(name: str, path: str, told: object = None, status: int = 200) -> Any:
    client, address = api_site.programme(api_site.token(name)), f"{api_site.ROOT}/reporting/{path}"
    answer = client.get(address) if told is None else client.post(address, json.dumps(told), "application/json")
    assert answer.status_code == status, (path, answer.status_code, answer.content.decode())
    return answer.json()


def test_the_same_by_programme(held: site.Site) -> None:
    number = f"returns/{held.one}/petitions"
    assert programme("one-reporter", number, {"kind": "rest", "ground": "x"}, 422)["code"] == "RPT-714"
    made = programme("one-reporter", number, {"kind": "extend", "ground": GROUND, "due": WISHED})["id"]
    assert programme("one-reporter", number, {"kind": "extend", "ground": "x", "due": WISHED}, 422)["code"] == "RPT-702"
    assert [each["id"] for each in programme("statistics", "petitions")["items"]] == [made]
    assert programme("next", "petitions")["items"] == []
    programme("statistics", f"petitions/{made}/answer", {"grant": False, "ground": "不行"})
    [told] = programme("one-reporter", number)["items"]
    assert (told["state"], told["answer"], told["waits"]) == ("refused", "不行", False)
    second = programme("one-reporter", number, {"kind": "hold", "ground": GROUND})["id"]
    programme("one-signatory", f"petitions/{second}/withdraw", {})
    programme("other-reporter", f"petitions/{second}/withdraw", {}, 404)
    due = str(site.DUE + timedelta(days=9))
    moved = programme("province", f"windows/{held.window}/put-off", {"due": due, "ground": "停机"})
    assert moved == {"moved": 2, "further": 0}
    assert str(Window.objects.get().due) == due
