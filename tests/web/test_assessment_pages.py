"""考核的各页: desk, launch, sheet, marks with evidence, draw, acts; who is offered what; the past; workbooks."""

from __future__ import annotations

import re
from datetime import timedelta
from io import BytesIO

import pytest
import tasks_site as site
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from docx import Document
from python_calamine import CalamineWorkbook

from actors import ADMIN
from shuangkong.core.period import Period
from shuangkong.records.assessment.accountability.models import Consequence
from shuangkong.records.assessment.years import store
from shuangkong.records.assessment.years.launching import launch
from shuangkong.records.assessment.years.models import Assessment, AssessmentEvent, AssessmentEvidence
from shuangkong.records.assessment.years.rows import Wanted
from shuangkong.records.people.acting import appoint
from shuangkong.records.people.models import Person
from shuangkong.records.people.roles import Role
from shuangkong.records.registry import store as registry

pytestmark = pytest.mark.django_db
ROOT = "/assessment/"
TODAY = timezone.localdate()
ISSUE = {"issuer": "云桥县节能减排办公室", "signed_on": TODAY.isoformat()}
UNTIL = (TODAY + timedelta(days=30)).isoformat()
PDF = b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


@pytest.fixture
def plan(adopted: int) -> int:
    site.staff()
    return adopted


@pytest.fixture
def office(plan: int) -> Client:
    return site.visitor("office")


@pytest.fixture
def bureau(office: Client) -> int:
    """An assessment of the clerk's bureau, by the form."""
    body = registry.bodies(site.COUNTY)[0].id
    told = {"year": "2024", "duty": "department_target", "subjects": str(body), "until": UNTIL}
    answer = office.post(f"{ROOT}launch/", told)
    assert answer.status_code == 302, words(answer)
    return Assessment.objects.latest("pk").pk


def words(answer: HttpResponse) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def text(answer: HttpResponse) -> str:
    assert answer["Content-Type"].endswith("document"), words(answer)
    found = Document(BytesIO(answer.content))
    cells = (cell.text for table in found.tables for row in table.rows for cell in row.cells)
    return "\n".join([*(each.text for each in found.paragraphs), *cells])


def marked(client: Client, number: int, /, **said: object) -> HttpResponse:
    return client.post(f"{ROOT}{number}/mark/", said)


def acted(client: Client, number: int, kind: str, /, **said: str) -> HttpResponse:
    return client.post(f"{ROOT}{number}/act/", {"kind": kind, **said})


def test_the_form_offers_the_duties_of_the_place_and_refuses_what_is_not_there(office: Client) -> None:
    shown = words(office.get(f"{ROOT}launch/?year=2024&duty=department_target"))
    assert "重点行业领域主管部门节能目标责任考核评分表" in shown
    assert "国家对省级" not in shown
    answer = office.post(f"{ROOT}launch/", {"year": "2024", "duty": "department_target", "until": UNTIL})
    assert answer.status_code == 422
    assert "ASM-403" in words(answer)
    clerk = site.visitor("clerk")
    assert clerk.get(f"{ROOT}launch/").status_code == 403
    assert "启动考核" not in words(clerk.get(ROOT))


def test_the_assessed_checks_itself_with_evidence_and_the_assessor_reviews(office: Client, bureau: int) -> None:
    clerk = site.visitor("clerk")
    page = words(clerk.get(f"{ROOT}{bureau}/"))
    assert "自评" in page
    assert "目标纳入年度工作计划" in page
    refused = marked(clerk, bureau, side="self", code="2.1", marks="2", title="年度计划")
    assert refused.status_code == 422
    assert "ASM-415" in words(refused)
    file = SimpleUploadedFile("计划.pdf", PDF)
    assert marked(clerk, bureau, side="self", code="2.1", marks="2", title="年度计划", file=file).status_code == 302
    assert acted(clerk, bureau, "submit").status_code == 302
    assert marked(office, bureau, side="review", code="annual_done", marks="9", title="x").status_code == 422
    assert marked(office, bureau, side="review", code="2.2", marks="30", title="审核意见").status_code == 302
    assert acted(office, bureau, "review").status_code == 302
    told = {"duty": "department_target", "year": "2024", "count": "9", "seed": "公开开奖 1"}
    refused = office.post(f"{ROOT}draw/", told)
    assert refused.status_code == 422
    assert "ASM-442" in words(refused)
    assert office.post(f"{ROOT}draw/", told | {"count": "1"}).status_code == 302
    assert acted(office, bureau, "check").status_code == 302
    refused = acted(office, bureau, "propose", until=TODAY.isoformat())
    assert refused.status_code == 422
    assert "节能目标" in words(refused)
    sheet = words(office.get(f"{ROOT}{bureau}/"))
    assert "还有项目没有得分：总分在 32.00 至 92.00 之间" in sheet
    assert "不按零分" in sheet
    evidence = AssessmentEvidence.objects.exclude(file=None).get()
    got = office.get(f"{ROOT}evidence/{evidence.pk}/")
    assert got.content == PDF
    assert got["Content-Disposition"].startswith("attachment")
    assert site.visitor("other").get(f"{ROOT}evidence/{evidence.pk}/").status_code == 404


def test_who_may_not_see_one_is_told_there_is_none(bureau: int) -> None:
    other = site.visitor("other")
    assert other.get(f"{ROOT}{bureau}/").status_code == 404
    assert registry.bodies(site.COUNTY)[0].name not in words(other.get(ROOT))
    assert acted(site.visitor("leader"), bureau, "review").status_code == 403
    assert Client(headers={"host": "localhost"}).get(ROOT).status_code == 302


def test_a_past_day_shows_what_was_known_then(office: Client, bureau: int) -> None:
    back = timezone.now() - timedelta(days=10)
    Assessment.objects.update(launched_at=back)
    AssessmentEvent.objects.update(at=back, on=back.date())
    acted(office, bureau, "cancel", text="重复")
    yesterday = (TODAY - timedelta(days=1)).isoformat()
    assert "自查中" in words(office.get(f"{ROOT}{bureau}/?as_of={yesterday}"))
    assert "已取消考核" in words(office.get(f"{ROOT}{bureau}/"))
    assert "还没有考核" in words(office.get(f"{ROOT}?as_of={(TODAY - timedelta(days=20)).isoformat()}"))


def test_the_desk_takes_as_many_queries_for_many_as_for_one_and_goes_to_a_workbook(office: Client, bureau: int) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as found:
            assert office.get(ROOT).status_code == 200
        return len(found)

    asked()
    one = asked()
    bodies = tuple(str(each.id) for each in registry.bodies(site.COUNTY)[1:4])
    wanted = Wanted(region=site.COUNTY, duty="department_target", period=Period(2024), until=TODAY, subjects=bodies)
    launch(wanted, site.acting("office"))  # type: ignore[arg-type]
    assert asked() == one
    book = CalamineWorkbook.from_filelike(BytesIO(office.get(f"{ROOT}?xlsx=assessments").content))
    assert any("自查中" in str(cell) for row in book.get_sheet_by_index(0).to_python() for cell in row)


def test_a_town_sees_its_own_and_answers_for_itself(office: Client, plan: int) -> None:
    county = registry.region(site.COUNTY)
    assert county is not None
    towns = registry.children(site.COUNTY)
    wanted = Wanted(region=site.COUNTY, duty="town_target", period=Period(2024), until=TODAY)
    first, *_rest = launch(wanted, site.acting("office"))  # type: ignore[arg-type]
    row = store.assessment(first)
    assert row is not None
    Person.objects.create_user("town")
    body = registry.name_bodies(row.subject.code, ["某镇人民政府"])["某镇人民政府"]
    appoint("town", Role.REGION, ADMIN, "测试", body=body, region=row.subject.code)
    town = site.visitor("town")
    shown = words(town.get(ROOT))
    assert row.subject_name in shown
    assert all(each.name not in shown for each in towns if each.code != row.subject.code)
    assert "还没有下达的目标" in words(town.get(f"{ROOT}{first}/"))
    assert acted(town, first, "submit").status_code == 302
    report = town.post(f"{ROOT}{first}/report/", ISSUE)
    assert "本表不计分" in text(report)
    town.cookies["django_language"] = "en"
    assert "Where the figures come from" in words(town.get(f"{ROOT}{first}/"))


def test_a_veto_is_announced_and_its_papers_say_so(office: Client) -> None:
    wanted = Wanted(region=site.COUNTY, duty="town_target", period=Period(2024), until=TODAY, subjects=("990101",))
    [number] = launch(wanted, site.acting("office"))  # type: ignore[arg-type]
    Person.objects.create_user("town")
    body = registry.name_bodies("990101", ["某镇人民政府"])["某镇人民政府"]
    appoint("town", Role.REGION, ADMIN, "测试", body=body, region="990101")
    acted(site.visitor("town"), number, "submit")
    said = {"side": "review", "code": "fraud_cases", "marks": "1", "title": "查处决定", "number": "虚执〔测〕1号"}
    assert marked(office, number, **said).status_code == 302
    acted(office, number, "review")
    office.post(f"{ROOT}draw/", {"duty": "town_target", "year": "2024", "count": "0", "seed": "1"})
    assert acted(office, number, "propose", until=TODAY.isoformat()).status_code == 302
    assert "讨论稿" in text(office.post(f"{ROOT}{number}/sheet/", ISSUE))
    leader = site.visitor("leader")
    assert "ASM-429" in words(acted(leader, number, "approve"))
    yesterday = TODAY - timedelta(days=1)
    AssessmentEvent.objects.update(on=yesterday)
    AssessmentEvent.objects.filter(kind="propose").update(until=yesterday)
    assert acted(leader, number, "approve").status_code == 302
    assert "ASM-451" in words(office.post(f"{ROOT}{number}/notice/", ISSUE))
    assert acted(office, number, "announce", number="虚府办〔测〕9号", on=TODAY.isoformat()).status_code == 302
    page = words(office.get(f"{ROOT}{number}/"))
    assert "未完成" in page
    assert "虚府办〔测〕9号" in page
    assert "公布之后有变" not in page
    sheet = text(office.post(f"{ROOT}{number}/sheet/", ISSUE))
    assert "讨论稿" not in sheet
    assert "〔测〕9号" not in sheet.splitlines()[1]  # the office's own number is not that of the announcement
    assert "〔测〕9号" not in office.get(f"{ROOT}{number}/sheet/").content.decode()
    assert "数据造假" in sheet
    notice = text(office.post(f"{ROOT}{number}/notice/", ISSUE))
    assert "北溪镇：数据造假，定为“未完成”" in notice
    assert "出考核结果通报" in words(office.get(ROOT))
    assert site.visitor("clerk").post(f"{ROOT}{number}/sheet/", ISSUE).status_code == 404


def test_what_follows_is_listed_decided_and_stops_approvals(office: Client) -> None:
    back = TODAY - timedelta(days=20)
    wanted = Wanted(
        region=site.COUNTY, duty="town_target", period=Period(2024), until=TODAY, subjects=("990101",), on=back
    )
    [number] = launch(wanted, site.acting("office"))  # type: ignore[arg-type]
    Person.objects.create_user("town")
    body = registry.name_bodies("990101", ["某镇人民政府"])["某镇人民政府"]
    appoint("town", Role.REGION, ADMIN, "测试", body=body, region="990101")
    town, leader, board = site.visitor("town"), site.visitor("leader"), f"{ROOT}accountability/"
    acted(town, number, "submit")
    marked(office, number, side="review", code="fraud_cases", marks="1", title="处罚决定", number="1号")
    acted(office, number, "review")
    office.post(f"{ROOT}draw/", {"duty": "town_target", "year": "2024", "count": "0", "seed": "1"})
    acted(office, number, "propose", until=TODAY.isoformat())
    AssessmentEvent.objects.update(on=back)
    AssessmentEvent.objects.filter(kind="propose").update(until=back)
    acted(leader, number, "approve")
    refused = office.post(f"{board}of/{number}/", follow=True)
    assert "ASM-502" in words(refused)
    acted(office, number, "announce", number="虚府办〔测〕9号", on=TODAY.isoformat())
    assert "列出后果 4 项" in words(office.post(f"{board}of/{number}/", follow=True))
    suspended = Consequence.objects.get(act="suspension").pk
    assert "暂停审批" in words(town.get(board))
    told = {"kind": "decide", "on": TODAY.isoformat()}
    refused = leader.post(f"{board}{suspended}/act/", told)
    assert refused.status_code == 422
    assert "ASM-513" in words(refused)
    assert leader.post(f"{board}{suspended}/act/", told | {"document": "虚府〔测〕1号"}).status_code == 302
    rest = "&".join(f"{each}=none" for each in ("sector", "fuel", "zone", "product", "equipment"))
    asked = f"{board}approval/?at=990101&act=eia&project_class=two_highs&{rest}"
    assert "没有限制" in words(office.get(asked))
    told = {"kind": "carry_out", "document": "虚环函〔测〕1号", "on": TODAY.isoformat()}
    assert office.post(f"{board}{suspended}/act/", told).status_code == 302
    notice = text(office.post(f"{board}{suspended}/notice/", ISSUE))
    assert "暂停下列审批" in notice
    assert "环评审批" in notice
    day = f"{TODAY.year}年{TODAY.month}月{TODAY.day}日"
    assert f"自{day}起暂停下列审批" in notice
    assert "受限的项目：所在地区为北溪镇，项目类别为两高项目。" in notice
    assert "北溪镇：" not in notice  # whom it is sent to stands in its own line, once
    page = words(office.get(f"{board}{suspended}/"))
    assert "所在地区为北溪镇，项目类别为两高项目" in page.replace(" ", "")
    assert f"{TODAY.isoformat()} — 解除为止" in page
    assert page.count("年度节能减排目标未完成") == 1
    shown = words(office.get(asked))
    assert "不能批" in shown
    assert "未完成年度目标的地区" in shown
    assert "还要说明" in words(office.get(f"{board}approval/?at=990101&act=eia"))
    assert "没有限制" in words(office.get(asked.replace("990101", "990102")))
    assert office.get(f"{asked}&capacity=很大".replace("equipment=none", "equipment=coal_boiler")).status_code == 422
    assert "虚环函〔测〕1号" in words(town.get(f"{board}{suspended}/"))
    assert site.visitor("clerk").get(f"{board}{suspended}/").status_code == 404
    office.cookies["django_language"] = "en"
    assert "Suspension of approvals" in words(office.get(board))
