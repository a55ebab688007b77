"""表彰的各页: list, one, proposal, notice, workbook; who is offered what; the past; the interface."""

from __future__ import annotations

import re
from datetime import timedelta
from io import BytesIO

import pytest
import tasks_site as site
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from docx import Document
from python_calamine import CalamineWorkbook

from actors import ADMIN
from shuangkong.assessment.commendation import State
from shuangkong.records.assessment.commendation import store
from shuangkong.records.assessment.commendation.models import Commendation, CommendationEvent
from shuangkong.records.people.acting import appoint
from shuangkong.records.people.models import Person
from shuangkong.records.people.roles import Role
from shuangkong.records.plans import store as plans
from shuangkong.records.registry import store as registry

pytestmark = pytest.mark.django_db
ROOT = "/assessment/commendations/"
TODAY = timezone.localdate()
NAME = "虚构的北溪水泥厂"
SAID = {"kind": "enterprise", "name": NAME, "award": "通报表扬", "merit": "提前完成年度目标。", "period": "本年度"}


@pytest.fixture
def plan(adopted: int) -> int:
    site.staff()
    return adopted


@pytest.fixture
def office(plan: int) -> Client:
    return site.visitor("office")


@pytest.fixture
def leader(plan: int) -> Client:
    return site.visitor("leader")


@pytest.fixture
def proposed(office: Client, plan: int) -> int:
    """One proposed thirty days ago, with a reward."""
    body, measure = registry.bodies(site.COUNTY)[0].id, plans.measures(plan)[2].id
    said = SAID | {"plan": plan, "measure": measure, "amount": "2.5", "amount_unit": "万元", "funder": body}
    answer = office.post(f"{ROOT}propose/", said)
    assert answer.status_code == 302, answer.content.decode()
    back = timezone.now() - timedelta(days=30)
    Commendation.objects.update(proposed_at=back)
    CommendationEvent.objects.update(at=back, on=TODAY - timedelta(days=30))
    return Commendation.objects.latest("pk").pk


def words(client: Client, path: str, status: int = 200) -> str:
    answer = client.get(path if path.startswith("/") else ROOT + path)
    assert answer.status_code == status, (answer.status_code, answer.headers.get("Location"))
    return answer.content.decode()


def do(client: Client, commendation: int, kind: str, /, **said: object) -> HttpResponse:
    answer: HttpResponse = client.post(f"{ROOT}{commendation}/act/", {"kind": kind} | said)  # type: ignore[assignment]
    return answer


def announce(office: Client, leader: Client, number: int) -> None:
    """The way to the announcement; the publicity began fifteen days ago."""
    assert do(office, number, "publicise", until=str(TODAY + timedelta(days=6))).status_code == 302
    shown = CommendationEvent.objects.filter(commendation=number, kind="publicise")
    shown.update(on=TODAY - timedelta(days=15), until=TODAY - timedelta(days=8), at=timezone.now() - timedelta(days=15))
    assert do(leader, number, "approve", amount="20000").status_code == 302
    assert do(office, number, "announce", number="测府发〔一〕3号", on=str(TODAY)).status_code == 302


def test_a_proposal_rests_on_a_clause_and_its_reward_is_told_in_yuan(office: Client, plan: int, proposed: int) -> None:
    row = store.commendation(proposed)
    assert row is not None
    assert format(row.standing.amount_cny or 0, "f") == "25000.0"
    page = words(office, f"{proposed}/")
    measure = plans.measures(plan)[2]
    assert f"{measure.no} {measure.title}" in page
    assert "25,000.0 元" in page
    assert f'href="/plans/{plan}/"' in page


def test_the_form_offers_the_measures_of_the_chosen_plan(office: Client, plan: int) -> None:
    assert 'name="measure"' not in words(office, "propose/")
    page = words(office, f"propose/?plan={plan}")
    select = page.partition('name="measure"')[2].partition("</select>")[0]
    assert select.count("<option") == 1 + len(plans.measures(plan))
    assert f'name="plan" value="{plan}"' in page


def test_what_is_refused_comes_back_with_all_that_was_typed(office: Client) -> None:
    answer = office.post(
        f"{ROOT}propose/", SAID | {"award": "", "ground": "会议决定", "amount": "3", "amount_unit": "万元"}
    )
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "ASM-103" in page
    assert re.search(r'name="award"[^>]*aria-invalid="true"', page)
    assert f'value="{NAME}"' in page
    assert '<option value="万元" selected>' in page
    assert "TSK-109" in office.post(f"{ROOT}propose/", SAID | {"amount": "三千"}).content.decode()
    assert not Commendation.objects.exists()


def test_each_is_offered_what_she_may_do_and_no_more(office: Client, leader: Client, proposed: int) -> None:
    assert 'id="act-publicise"' in words(office, f"{proposed}/")
    assert "act-" not in words(leader, f"{proposed}/").partition("<main")[2]
    assert "等您办的" in words(office, "")
    assert "等您办的" not in words(leader, "")
    assert do(leader, proposed, "publicise", until=str(TODAY)).status_code == 403
    announce(office, leader, proposed)
    assert 'id="act-revoke"' in words(leader, f"{proposed}/")
    assert "act-" not in words(office, f"{proposed}/").partition("<main")[2]


def test_the_whole_way_on_pages(office: Client, leader: Client, proposed: int) -> None:
    assert "ASM-210" in do(office, proposed, "publicise", until=str(TODAY)).content.decode()
    announce(office, leader, proposed)
    page = words(office, f"{proposed}/")
    assert "测府发〔一〕3号" in page
    assert "20,000 元" in page
    assert "已公布" in page
    assert do(leader, proposed, "revoke", number="测府发〔一〕9号", text="弄虚作假").status_code == 302
    page = words(office, "")
    assert "✕ 已撤销表彰" in page


def test_an_objection_must_be_answered_first(office: Client, leader: Client, proposed: int) -> None:
    do(office, proposed, "publicise", until=str(TODAY + timedelta(days=6)))
    do(office, proposed, "object", text="数据不实")
    assert "待答复的异议 1 条" in words(office, "")
    objection = CommendationEvent.objects.latest("pk").pk
    assert f'<option value="{objection}">' in words(office, f"{proposed}/")
    assert "ASM-203" in do(office, proposed, "dismiss", text="属实", answers="1").content.decode()
    assert do(office, proposed, "uphold", text="确有不实", answers=objection).status_code == 302
    row = store.commendation(proposed)
    assert row is not None
    assert row.standing.state is State.WITHDRAWN


def test_the_past_is_as_it_was_and_offers_nothing(office: Client, leader: Client, proposed: int) -> None:
    announce(office, leader, proposed)
    past = words(office, f"{proposed}/?as_of={TODAY - timedelta(days=20)}")
    assert "待公示" in past
    assert "测府发" not in past
    assert 'method="post"' not in past.partition("<main")[2]
    assert "公示中" in words(office, f"{proposed}/?as_of={TODAY - timedelta(days=10)}")
    words(office, f"{proposed}/?as_of={TODAY - timedelta(days=31)}", 404)
    assert NAME not in words(office, f"?as_of={TODAY - timedelta(days=31)}")
    assert "没有表彰" in words(office, f"?as_of={TODAY - timedelta(days=31)}")


def test_the_workbook_holds_what_the_page_shows(office: Client, leader: Client, proposed: int) -> None:
    announce(office, leader, proposed)
    content = office.get(f"{ROOT}?xlsx=commendations").content
    rows = CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_index(0).to_python()
    text = " ".join(str(cell) for row in rows for cell in row)
    assert all(said in text for said in (NAME, "测府发〔一〕3号", "✓ 已公布", "通报表扬"))
    assert any(20000 in row for row in rows)


def test_the_notice_is_made_of_what_was_announced(office: Client, leader: Client, proposed: int) -> None:
    said = {"issuer": "云桥县人民政府", "signed_on": str(TODAY), "number": "测府发〔一〕3号", "form": "docx"}
    assert "ASM-301" in office.post(f"{ROOT}{proposed}/paper/", said).content.decode()
    announce(office, leader, proposed)
    page = words(office, f"{proposed}/paper/")
    assert 'value="测府发〔一〕3号"' in page
    answer = office.post(f"{ROOT}{proposed}/paper/", said)
    text = "\n".join(each.text for each in Document(BytesIO(answer.content)).paragraphs)
    for part in (NAME, "通报表扬", "提前完成年度目标。", "奖励金额20000元", "云桥县人民政府", "测府发〔一〕3号"):
        assert part in text, part
    assert leader.post(f"{ROOT}{proposed}/paper/", said).status_code == 403


def test_who_has_no_part_in_it_does_not_see_it(proposed: int) -> None:
    assert NAME in words(site.visitor("clerk"), "")  # her body pays
    assert NAME not in words(site.visitor("other"), "")
    words(site.visitor("other"), f"{proposed}/", 404)
    Person.objects.create_user("reporter")
    body = registry.bodies(site.COUNTY)[0].id
    appoint("reporter", Role.REPORTER, ADMIN, "测试", body=body, region=site.COUNTY)
    words(site.visitor("reporter"), "", 403)


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_page_speaks_one_language(office: Client, plan: int, proposed: int, language: str) -> None:
    office.post("/language/", {"language": language})
    for path, zh, en in (
        ("", "表彰了谁，办到哪一步？", "Who was commended, and how far is it?"),
        (f"{proposed}/", "凭什么，谁出钱", "On which ground, and who pays"),
        (f"propose/?plan={plan}", "表彰谁，凭什么？", "Who is to be commended, and on which ground?"),
    ):
        page = words(office, path)
        assert (zh in page, en in page) == (language != "en", language == "en"), path


def test_the_list_asks_as_often_however_long(office: Client, proposed: int) -> None:
    counts = []
    for more in (0, 4):
        for _ in range(more):
            office.post(f"{ROOT}propose/", SAID | {"ground": "会议决定"})
        with CaptureQueriesContext(connection) as asked:
            words(office, "")
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 12
