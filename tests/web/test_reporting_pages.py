"""Online reporting on its pages: what a unit owes, the form, signing, the desk, approval, and who sees what."""

from __future__ import annotations

import json
import re
import sys
from base64 import b64decode
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from html import unescape
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone, translation
from pytest_django import DjangoDbBlocker

sys.path.insert(0, str(Path(__file__).parents[1] / "records"))
import returns_site as site

from kept import kept
from shuangkong.core.period import Period
from shuangkong.papers.reporting.sealed import read_sealed
from shuangkong.records.people.models import Person
from shuangkong.records.reporting.models import Attachment, Draft, LaterFinding, Return, Version
from shuangkong.reporting.content import read_canonical
from shuangkong.rulebook import open_rulebook
from shuangkong.web.reporting import unit_page
from shuangkong.web.reporting.views import desk, mine, windows

pytestmark = pytest.mark.django_db
PICTURE = b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==")


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


def sign(number: int, name: str = "one-signatory", **more: bool) -> HttpResponse:
    """The signatory looks at the page and signs what it shows."""
    client = visitor(name)
    shown = _digest(text(client, f"/reporting/{number}/sign/"))
    found: HttpResponse = client.post(f"/reporting/{number}/sign/", {"digest": shown}, **more)
    return found


def _digest(page: str) -> str:
    return page.partition('name="digest" value="')[2].partition('"')[0]


CELLS = {
    "opening_stock": "100", "purchased": "900", "production_use": "800", "closing_stock": "200",
    "coefficient": "0.7143",
}  # fmt: skip


def test_a_unit_sees_what_it_owes_fills_in_and_signs(held: site.Site) -> None:
    reporter = visitor("one-reporter")
    mine = text(reporter, "/reporting/")
    assert "还有 <strong>1</strong> 份要报" in mine
    form = text(reporter, f"/reporting/{held.one}/form/")
    assert 'name="energy.raw_coal.purchased"' in form
    assert 'data-address="energy.raw_coal.consumed"' in form
    typed(held.one, reporter, **CELLS)
    again = text(reporter, f"/reporting/{held.one}/form/")
    assert 'name="energy.raw_coal.purchased" value="900"' in again
    assert "请本单位签发人登录" in text(reporter, f"/reporting/{held.one}/sign/")
    answer = sign(held.one, follow=True)
    assert "已提交第 1 版" in answer.content.decode()
    assert "已报待审" in text(reporter, f"/reporting/{held.one}/")


def test_the_desk_reviews_and_the_levels_approve(held: site.Site) -> None:
    typed(held.one, visitor("one-reporter"), **CELLS)
    sign(held.one)
    assert "青云水泥有限公司" in text(visitor("statistics"), "/reporting/desk/")
    office = visitor("county")
    page = text(office, f"/reporting/{held.one}/")
    assert 'value="accept"' in page
    assert "900" in page
    refused = office.post(f"/reporting/{held.one}/act/", {"kind": "return", "ground": "", "version": "1"})
    assert refused.status_code == 422
    assert "RPT-912" in refused.content.decode()
    office.post(f"/reporting/{held.one}/act/", {"kind": "accept", "version": "1"})
    for who in ("county", "city", "province"):
        desk = visitor(who)
        assert f'value="{held.one}"' in text(desk, "/reporting/desk/")
        desk.post("/reporting/desk/approve/", {"return": [held.one], f"version-{held.one}": "1"})
    assert "3/3" in text(office, f"/reporting/windows/{held.window}/")
    assert 'value="lock"' in text(visitor("province"), f"/reporting/{held.one}/")


def test_the_board_counts_and_the_unit_file_lists(held: site.Site) -> None:
    board = text(visitor("city"), "/reporting/windows/")
    assert "应报 <strong>2</strong> 份，还差 <strong>2</strong> 份" in board
    window = text(visitor("city"), f"/reporting/windows/{held.window}/")
    assert "云桥纸业有限公司" in window
    units = text(visitor("county"), "/reporting/units/")
    assert "云桥纸业有限公司" in units


def test_a_window_is_locked_from_its_page(held: site.Site) -> None:
    Return.objects.filter(pk=held.one).update(state="approved", level=3, version=1, in_force=1)
    office = visitor("province")
    page = text(office, f"/reporting/windows/{held.window}/")
    assert f'action="/reporting/windows/{held.window}/lock/"' in page
    assert "lock/" not in text(visitor("county"), f"/reporting/windows/{held.window}/")
    answer = office.post(f"/reporting/windows/{held.window}/lock/", {"ground": "定库"}, follow=True)
    assert "已锁定 1 份" in answer.content.decode()
    assert "还有 1 份没有审批到底" in answer.content.decode()
    assert Return.objects.get(pk=held.one).state == "locked"
    again = office.post(f"/reporting/windows/{held.window}/lock/")
    assert again.status_code == 422
    assert "RPT-906" in again.content.decode()


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
    picture = reporter.post(f"/reporting/{held.one}/upload/", {"file": SimpleUploadedFile("煤票.xlsx", PICTURE)})
    assert picture.status_code == 422
    for said in ("RPT-621", "应为 .xlsx 工作簿，内容却是图片（PNG）", "草稿没有变", f"/reporting/{held.one}/template/"):
        assert said in picture.content.decode()
    assert "RPT-948" in reporter.post(f"/reporting/{held.one}/upload/").content.decode()
    signed = sign(held.one)
    assert signed.status_code == 302, signed.content.decode()
    first, again = (signatory.get(f"/reporting/{held.one}/versions/1/copy/").content for _ in range(2))
    assert first == again
    assert first.startswith(b"PK")
    stranger = visitor("other-signatory")
    for path in ("template/", "versions/1/copy/"):
        assert stranger.get(f"/reporting/{held.one}/{path}").status_code == 404
    assert visitor("county").get(f"/reporting/{held.one}/template/").status_code == 404


def test_one_file_for_many_units_is_tried_kept_and_signed(held: site.Site) -> None:
    signatory, of = visitor("one-signatory"), {"of": f"{site.FORM}/{site.PERIOD}"}
    assert "1 家待报" in text(signatory, "/reporting/many/")
    assert "青云水泥" in text(signatory, f"/reporting/many/?of={of['of']}")
    for office in ("county", "province"):
        assert visitor(office).get("/reporting/many/template/", of).status_code == 422
    assert signatory.get("/reporting/many/template/", of).content.startswith(b"PK")
    code = Return.objects.get(pk=held.one).reporter.code
    lines = [f"{code},energy.raw_coal.{column},{value}" for column, value in CELLS.items()]
    lines.append(f"{code},summary.production.last_year,600")

    def send(act: str, *more: str) -> str:
        file = SimpleUploadedFile("多家.csv", "\n".join(["unit,address,value", *lines, *more]).encode())
        told = {**of, "act": act, "file": file}
        return signatory.post("/reporting/many/load/", told, follow=True).content.decode()

    wrong = send("keep", "R-0,energy.raw_coal.purchased,1", f"{code},energy.coke.purchased,十吨")
    assert "RPT" not in wrong
    assert "R-0" in wrong
    assert "中文数字" in wrong
    assert not Draft.objects.exists()
    assert "都能采用，其中 1 家可以直接签报" in send("try")
    assert not Draft.objects.exists()
    assert "已存 1 家的草稿" in send("keep")
    assert "下载待说明清单" in text(signatory, f"/reporting/many/?of={of['of']}")
    assert signatory.get("/reporting/many/template/", {**of, "words": "1"}).content.startswith(b"PK")
    assert "RPT-948" in signatory.post("/reporting/many/load/", of).content.decode()
    unread = signatory.post("/reporting/many/sign/", {**of, "return": held.one})
    assert (unread.status_code, "RPT-936" in unread.content.decode()) == (422, True)
    shown = text(signatory, f"/reporting/many/sign/?of={of['of']}")
    assert "1</strong> 家可以签" in shown
    found = re.search(r'name="digest-(\d+)" value="([0-9a-f]{64})"', shown)
    assert found
    told = {**of, "return": found[1], f"digest-{found[1]}": found[2]}
    stale = signatory.post("/reporting/many/sign/", {**told, f"digest-{found[1]}": "0" * 64}).content.decode()
    assert "RPT-926" in stale
    strange = signatory.post("/reporting/many/sign/", {**of, "return": "9", "digest-9": "0" * 64}).content.decode()
    assert ("第 9 号报表" in strange, "RPT-979" in strange) == (True, True)
    done = signatory.post("/reporting/many/sign/", told, follow=True).content.decode()
    assert "已签报 1 家，各有回执" in done
    assert "没有等您签报的草稿" in text(signatory, f"/reporting/many/sign/?of={of['of']}")
    assert Return.objects.get(pk=held.one).state == "submitted"


def test_what_is_typed_answers_with_what_was_understood(held: site.Site) -> None:
    reporter = visitor("one-reporter")
    told = {"entries": {"energy.raw_coal.purchased": "１，２００", "energy.coke.purchased": "十吨"}}
    answer = reporter.post(f"/reporting/{held.one}/draft/", json.dumps(told), content_type="application/json").json()
    assert answer["cells"] == {"energy.raw_coal.purchased": "1200"}
    assert [(each["address"], each["code"]) for each in answer["findings"]] == [("energy.coke.purchased", "RPT-602")]
    block = {"table": "energy", "row": 0, "column": 1, "text": "900\t60\t\t\t\t\t\t\t\t7\t\t\t\t\t\t\t\t\t\t\t9"}
    pasted = reporter.post(f"/reporting/{held.one}/paste/", json.dumps(block), content_type="application/json").json()
    assert "RPT-642" in {each["code"] for each in pasted["findings"]}
    assert "900" in pasted["cells"].values()
    wrong = reporter.post(f"/reporting/{held.one}/paste/", "{}", content_type="application/json")
    assert wrong.status_code == 422
    form = text(reporter, f"/reporting/{held.one}/form/")
    assert 'name="energy.raw_coal.purchased" value="1200"' in form
    assert 'value="十吨"' in form


def test_a_draft_of_another_edition_moves_when_its_unit_says_so(held: site.Site) -> None:
    reporter = visitor("one-reporter")
    typed(held.one, reporter, **CELLS)
    draft = Draft.objects.get(owned=held.one)
    began = draft.content.replace(draft.edition, "1999-01-01")
    Draft.objects.filter(pk=draft.pk).update(edition="1999-01-01", content=began.replace("closing_stock", "gone_stock"))
    page = reporter.get(f"/reporting/{held.one}/form/", follow=True).content.decode()
    assert "表式换了版" in page
    assert "现行表式没有这一栏" in page
    assert "gone_stock" in page
    moved = reporter.post(f"/reporting/{held.one}/edition/", follow=True).content.decode()
    assert 'name="energy.raw_coal.purchased" value="900"' in moved
    assert Draft.objects.get(owned=held.one).edition == draft.edition


def test_files_are_sealed_with_the_return_and_read_by_who_may(held: site.Site) -> None:
    reporter, signatory = visitor("one-reporter"), visitor("one-signatory")
    typed(held.one, reporter, **CELLS)

    def add(name: str, content: bytes) -> str:
        sent = {"files": SimpleUploadedFile(name, content)}
        return reporter.post(f"/reporting/{held.one}/files/", sent, follow=True).content.decode()

    assert "TSK-203" in add("盘点表.exe", b"MZ\0\0")
    assert "盘点表.png" in add("盘点表.png", PICTURE)
    number = Attachment.objects.get().pk
    path = f"/reporting/{held.one}/files/{number}/"
    assert reporter.get(path).content == PICTURE
    assert visitor("county").get(path).status_code == 404  # of a draft
    sign(held.one)
    first = Version.objects.get()
    assert [each.name for each in read_canonical(first.content).files] == ["盘点表.png"]
    assert first.digest == read_canonical(first.content).digest
    assert replace(read_canonical(first.content), files=()).digest != first.digest
    assert visitor("county").get(path).content == PICTURE
    assert visitor("other-signatory").get(path).status_code == 404
    copy = signatory.get(f"/reporting/{held.one}/versions/1/copy/").content
    form = open_rulebook().forms().form(site.FORM, Period.parse(site.PERIOD).last_day)
    assert form is not None
    content, faults = read_sealed(form, "副本.xlsx", copy)
    assert (content.digest, faults) == (first.digest, ())
    visitor("county").post(f"/reporting/{held.one}/act/", {"kind": "return", "ground": "附盘点表", "version": "1"})
    add("说明.png", PICTURE + b"1")
    sign(held.one)
    second = read_canonical(Version.objects.get(number=2).content)
    assert [each.name for each in second.files] == ["盘点表.png", "说明.png"]
    again = sign(held.one)
    assert (again.status_code, Version.objects.count()) == (302, 2)


def test_what_was_changed_since_it_was_shown_is_not_signed(held: site.Site) -> None:
    reporter, signatory = visitor("one-reporter"), visitor("one-signatory")
    typed(held.one, reporter, **CELLS)
    shown = _digest(text(signatory, f"/reporting/{held.one}/sign/"))
    typed(held.one, reporter, purchased="901", closing_stock="201")
    refused = signatory.post(f"/reporting/{held.one}/sign/", {"digest": shown})
    assert (refused.status_code, Version.objects.count()) == (422, 0)
    assert "RPT-926" in refused.content.decode()
    now = _digest(refused.content.decode())
    for _twice in range(2):
        assert signatory.post(f"/reporting/{held.one}/sign/", {"digest": now}).status_code == 302
    assert Version.objects.get().digest == read_canonical(Version.objects.get().content).digest


def test_a_signing_of_which_nobody_knows_whether_it_was_kept_may_be_done_again(
    held: site.Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fault(*_: object, **__: object) -> None:
        raise OperationalError("server closed the connection unexpectedly")

    signatory = visitor("one-signatory")
    signatory.raise_request_exception = False
    monkeypatch.setattr("shuangkong.web.reporting.views.signing.own_or_404", fault)
    answer = signatory.post(f"/reporting/{held.one}/sign/")
    assert (answer.status_code, "同样的报表报两次仍是一份" in answer.content.decode()) == (500, True)


def test_who_does_not_say_what_was_shown_signs_and_decides_nothing(held: site.Site) -> None:
    signatory, office = visitor("one-signatory"), visitor("county")
    typed(held.one, visitor("one-reporter"), **CELLS)
    refused = signatory.post(f"/reporting/{held.one}/sign/")
    assert (refused.status_code, Version.objects.count()) == (422, 0)
    assert "RPT-936" in refused.content.decode()
    sign(held.one)
    blind = office.post(f"/reporting/{held.one}/act/", {"kind": "accept"})
    assert (blind.status_code, "RPT-937" in blind.content.decode()) == (422, True)
    office.post(f"/reporting/{held.one}/act/", {"kind": "accept", "version": "1"})
    blind = office.post("/reporting/desk/approve/", {"return": [held.one]})
    assert (blind.status_code, "RPT-937" in blind.content.decode()) == (422, True)
    assert Return.objects.get(pk=held.one).level == 0


def test_the_desk_sends_the_version_that_it_read(held: site.Site) -> None:
    office = visitor("county")
    typed(held.one, visitor("one-reporter"), **CELLS)
    sign(held.one)
    assert 'name="version" value="1"' in text(office, f"/reporting/{held.one}/")
    path = f"/reporting/{held.one}/act/"
    refused = office.post(path, {"kind": "accept", "version": "2"})
    assert (refused.status_code, "RPT-918" in refused.content.decode()) == (422, True)
    office.post(path, {"kind": "accept", "version": "1"})
    assert f'name="version-{held.one}" value="1"' in text(office, "/reporting/desk/")
    told = {"return": [held.one, "9" * 5000], f"version-{held.one}": "2"}
    refused = office.post("/reporting/desk/approve/", told)
    assert (refused.status_code, "RPT-918" in refused.content.decode()) == (422, True)


def test_approvals_go_on_page_by_page(held: site.Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desk, "_READY", 2)
    first = Return.objects.get(pk=held.one)
    Return.objects.filter(pk=held.one).update(state="accepted", version=1, versions=1, in_force=1)
    stood = {field.attname: getattr(first, field.attname) for field in Return._meta.concrete_fields}
    for month, form in ((3, "output_value"), (1, "output_value"), (1, "industrial_water"), (2, "energy_purchase")):
        told = {"form": form, "period": f"2020-{month:02}", "first_month": 2020 * 12 + month, "state": "accepted"}
        Return.objects.create(**{**stood, "pk": None, "version": 1, "in_force": 1} | told)
    office, path, seen = visitor("county"), "/reporting/desk/", list[int]()
    while path:
        page = text(office, path)
        assert "共 5 份" in page
        seen += [int(each) for each in re.findall(r'name="return" value="(\d+)"', page)]
        found = re.search(r'href="(/reporting/desk/\?[^"]*ready=[^"]*)"', page)
        path = found[1].replace("&amp;", "&") if found else ""
    assert len(seen) == len(set(seen)) == 5
    months = dict(Return.objects.values_list("pk", "first_month"))
    assert [months[each] for each in seen] == sorted(months[each] for each in seen)


def test_what_is_found_after_the_signing_is_shown_at_the_desk_and_in_the_return(held: site.Site) -> None:
    typed(held.one, visitor("one-reporter"), **CELLS)
    sign(held.one)
    assert "提交后对照" not in text(visitor("county"), "/reporting/desk/")
    LaterFinding.objects.create(
        owned_id=held.one, version=1, code="RPT-120", severity="must_explain", address="energy.raw_coal.consumed",
        zh="与计量表读数相差很大", en="far from the meters", found_at=timezone.now(),
    )  # fmt: skip
    for path in ("/reporting/desk/", f"/reporting/{held.one}/"):
        page = text(visitor("county"), path)
        assert "与计量表读数相差很大" in page
        assert "RPT-120" in page
    assert "与计量表读数相差很大" in text(visitor("one-reporter"), f"/reporting/{held.one}/")
    assert "与计量表读数相差很大" not in text(visitor("next"), "/reporting/desk/")
    LaterFinding.objects.update(version=7)  # of a version that does not stand
    assert "与计量表读数相差很大" not in text(visitor("county"), "/reporting/desk/")


def test_lists_that_go_on_count_all_and_begin_with_what_presses(
    held: site.Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = Return.objects.get(pk=held.one)
    stood = {field.attname: getattr(first, field.attname) for field in Return._meta.concrete_fields}
    for month, told in enumerate(({"due": date(2099, 2, 2)}, {"state": "submitted"}, {"state": "locked"}), start=1):
        Return.objects.create(
            **{**stood, "pk": None, "period": f"2098-0{month}", "first_month": 2098 * 12 + month} | told
        )
    monkeypatch.setattr(windows, "_MOST", 1)
    assert "只列前 1 项" in text(visitor("county"), f"/reporting/windows/{held.window}/")
    monkeypatch.setattr(unit_page, "_MOST", 1)
    assert "只列前 1 项" in text(visitor("county"), f"/reporting/units/{first.reporter_id}/")
    monkeypatch.setattr(mine, "_SHOWN", 1)
    page = text(visitor("one-reporter"), "/reporting/")
    assert "还有 <strong>2</strong> 份要报" in page
    assert "共 2 项，只列前 1 项" in page
    assert f"/reporting/{held.one}/form/" in page  # due first, though of an older month
    Return.objects.filter(period="2098-03").update(state="accepted", level=1)  # the city's turn
    Return.objects.filter(pk=held.other).update(state="accepted", first_month=1)
    Return.objects.filter(pk=held.one).update(state="accepted", level=1)
    monkeypatch.setattr(desk, "_MOST", 1)
    page = text(visitor("city"), "/reporting/desk/")
    assert "待本级审批 <strong>2</strong> 份" in page
    assert f'name="return" value="{held.one}"' in page
    assert f'name="return" value="{held.other}"' not in page
    page = text(visitor("county"), "/reporting/desk/")
    assert "待审核 <strong>1</strong> 份" in page
    assert f'name="return" value="{held.other}"' in page
    Return.objects.filter(pk=held.one).update(state="submitted", level=0)
    last = Return.objects.get(period="2098-02")
    page = text(visitor("county"), "/reporting/desk/")
    assert "待审核 <strong>2</strong> 份" in page
    assert (f"/reporting/{held.one}/" in page, f"/reporting/{last.pk}/" in page) == (True, False)
    turned = re.search(r'href="(/reporting/desk/\?after=[^"]+)">下一页', page)
    assert turned is not None
    page = text(visitor("county"), unescape(turned[1]))
    assert "待审核 <strong>2</strong> 份" in page
    assert (f"/reporting/{held.one}/" in page, f"/reporting/{last.pk}/" in page) == (False, True)
    assert "下一页" not in page
    assert "待审核 <strong>2</strong> 份" in text(visitor("county"), "/reporting/desk/?after=1~x~2")
