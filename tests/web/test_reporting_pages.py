"""Online reporting on its pages: what a unit owes, the form, signing, the desk, approval, and who sees what."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import translation
from pytest_django import DjangoDbBlocker

sys.path.insert(0, str(Path(__file__).parents[1] / "records"))
import returns_site as site

from kept import kept
from shuangkong.records.people.models import Person

pytestmark = pytest.mark.django_db


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
    assert answer.status_code == status, (path, answer.status_code, answer.content.decode()[:2000])
    return answer.content.decode()


def typed(number: int, client: Client, **cells: str) -> None:
    entries = {f"energy.raw_coal.{column}": value for column, value in cells.items()}
    entries["summary.production.last_year"] = "600"
    told = {"entries": entries, "keys": {}, "explained": {}}
    answer = client.post(f"/reporting/{number}/draft/", json.dumps(told), content_type="application/json")
    assert answer.status_code == 200, answer.content


CELLS = {
    "opening_stock": "100", "purchased": "900", "production_use": "800", "closing_stock": "200",
    "coefficient": "0.7143",
}  # fmt: skip


def test_a_unit_sees_what_it_owes_fills_in_and_signs(held: site.Site) -> None:
    reporter, signatory = visitor("one-reporter"), visitor("one-signatory")
    mine = text(reporter, "/reporting/")
    assert "还有 <strong>1</strong> 份要报" in mine
    form = text(reporter, f"/reporting/{held.one}/form/")
    assert 'name="energy.raw_coal.purchased"' in form
    assert 'data-address="energy.raw_coal.consumed"' in form
    typed(held.one, reporter, **CELLS)
    again = text(reporter, f"/reporting/{held.one}/form/")
    assert 'name="energy.raw_coal.purchased" value="900"' in again
    assert "请本单位签发人登录" in text(reporter, f"/reporting/{held.one}/sign/")
    answer = signatory.post(f"/reporting/{held.one}/sign/", follow=True)
    assert "已提交第 1 版" in answer.content.decode()
    assert "已报待审" in text(reporter, f"/reporting/{held.one}/")


def test_the_desk_reviews_and_the_levels_approve(held: site.Site) -> None:
    typed(held.one, visitor("one-reporter"), **CELLS)
    visitor("one-signatory").post(f"/reporting/{held.one}/sign/")
    assert "青云水泥有限公司" in text(visitor("statistics"), "/reporting/desk/")
    office = visitor("county")
    page = text(office, f"/reporting/{held.one}/")
    assert 'value="accept"' in page
    assert "900" in page
    refused = office.post(f"/reporting/{held.one}/act/", {"kind": "return", "ground": ""})
    assert refused.status_code == 422
    assert "RPT-912" in refused.content.decode()
    office.post(f"/reporting/{held.one}/act/", {"kind": "accept"})
    for who in ("county", "city", "province"):
        desk = visitor(who)
        assert f'value="{held.one}"' in text(desk, "/reporting/desk/")
        desk.post("/reporting/desk/approve/", {"return": [held.one]})
    assert "3/3" in text(office, f"/reporting/windows/{held.window}/")
    assert 'value="lock"' in text(visitor("province"), f"/reporting/{held.one}/")


def test_the_board_counts_and_the_unit_file_lists(held: site.Site) -> None:
    board = text(visitor("city"), "/reporting/windows/")
    assert "应报 <strong>2</strong> 份，还差 <strong>2</strong> 份" in board
    window = text(visitor("city"), f"/reporting/windows/{held.window}/")
    assert "云桥纸业有限公司" in window
    units = text(visitor("county"), "/reporting/units/")
    assert "云桥纸业有限公司" in units


def test_a_draft_is_the_unit_s_own_and_a_neighbour_sees_nothing(held: site.Site) -> None:
    typed(held.one, visitor("one-reporter"), purchased="987654")
    for who in ("county", "province", "statistics", "leader"):
        client = visitor(who)
        assert "987654" not in text(client, f"/reporting/{held.one}/")
        assert "待填报" in text(client, f"/reporting/{held.one}/")
        assert "填报中" not in text(client, f"/reporting/windows/{held.window}/")
        for page in ("form", "sign", "check", "token"):
            assert client.get(f"/reporting/{held.one}/{page}/").status_code in (403, 404)
    for who in ("other-reporter", "other-signatory", "next"):
        client = visitor(who)
        for page in ("", "form/", "sign/", "check/", "token/", "versions/1/", "versions/1/difference/"):
            assert client.get(f"/reporting/{held.one}/{page}").status_code in (403, 404)
        assert client.post(f"/reporting/{held.one}/draft/", "{}", content_type="application/json").status_code in (
            403,
            404,
        )
        assert "青云水泥" not in text(client, "/reporting/") + text(client, "/reporting/units/")


def test_a_template_goes_out_and_comes_back_and_a_version_is_sealed(held: site.Site) -> None:
    reporter, signatory = visitor("one-reporter"), visitor("one-signatory")
    typed(held.one, reporter, **CELLS)
    template = reporter.get(f"/reporting/{held.one}/template/")
    assert template.content.startswith(b"PK")
    text(reporter, f"/reporting/{held.one}/form/")
    lines = "address,value\nenergy.raw_coal.purchased,1000\nenergy.raw_coal.closing_stock,300\nenergy.nothing.here,1\n"
    sent = SimpleUploadedFile("十月.csv", lines.encode(), "text/csv")
    answer = reporter.post(f"/reporting/{held.one}/upload/", {"file": sent})
    assert "energy.nothing.here" in answer.content.decode()
    assert 'name="energy.raw_coal.purchased" value="1000"' in text(reporter, f"/reporting/{held.one}/form/")
    back = SimpleUploadedFile("模板.xlsx", template.content)
    reporter.post(f"/reporting/{held.one}/upload/", {"file": back})
    assert 'name="energy.raw_coal.purchased" value="900"' in text(reporter, f"/reporting/{held.one}/form/")
    wrong = reporter.post(f"/reporting/{held.one}/upload/", {"file": SimpleUploadedFile("x.xlsx", b"PK\x03\x04junk")})
    assert wrong.status_code == 422
    signed = signatory.post(f"/reporting/{held.one}/sign/")
    assert signed.status_code == 302, signed.content.decode()
    first, again = (signatory.get(f"/reporting/{held.one}/versions/1/copy/").content for _ in range(2))
    assert first == again
    assert first.startswith(b"PK")
    stranger = visitor("other-signatory")
    for path in ("template/", "versions/1/copy/"):
        assert stranger.get(f"/reporting/{held.one}/{path}").status_code == 404
    assert visitor("county").get(f"/reporting/{held.one}/template/").status_code == 404
