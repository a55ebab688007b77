"""约谈纪要、例外、材料包、结转、名单、离任审计表: their pages and operations."""

from __future__ import annotations

import hashlib
import json
import re
from datetime import timedelta
from decimal import Decimal
from io import BytesIO
from zipfile import ZipFile

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
from shuangkong.assessment.consequence import ActKind
from shuangkong.assessment.enforcement import EventKind
from shuangkong.plans.reading import Kind
from shuangkong.records.assessment.accountability.acts import act
from shuangkong.records.assessment.accountability.models import ApprovalExemption, Consequence
from shuangkong.records.assessment.accountability.rows import Said
from shuangkong.records.assessment.key_units.models import KeyUnitEntry
from shuangkong.records.assessment.years.models import Assessment, AssessmentSheet
from shuangkong.records.people.acting import appoint
from shuangkong.records.people.models import Person
from shuangkong.records.people.roles import Role
from shuangkong.records.registry import store as registry
from shuangkong.records.registry.enterprises.acts import register_enterprise
from shuangkong.records.registry.enterprises.rows import ParticularsRow
from shuangkong.records.targets.decomposition.opening import open_by_hand
from shuangkong.records.targets.decomposition.rows import Asked

pytestmark = pytest.mark.django_db
ROOT, BOARD, API = "/assessment/", "/assessment/accountability/", "/api/v1"
TODAY = timezone.localdate()
UNTIL = (TODAY + timedelta(days=30)).isoformat()
PDF = b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
MINUTES = {
    "venue": "县政府会议室", "chair": "分管副县长", "attendants": "镇长、县发展改革局", "problems": "总量超出目标",
    "measures": "年内关停两条线",
}  # fmt: skip
ISSUE = {"issuer": "云桥县节能减排办公室", "signed_on": TODAY.isoformat()}


@pytest.fixture
def office(adopted: int) -> Client:
    site.staff()
    return site.visitor("office")


def words(answer: HttpResponse) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def launched(office: Client, duty: str, year: int, *subjects: str) -> int:
    told = {"year": str(year), "duty": duty, "subjects": subjects, "until": UNTIL}
    answer = office.post(f"{ROOT}launch/", told)
    assert answer.status_code == 302, words(answer)
    return Assessment.objects.latest("pk").pk


def follow(number: int, rule: str, ordinal: int, kind: ActKind, place: str) -> int:
    """A consequence that was decided, written down by itself."""
    sheet = AssessmentSheet.objects.create(
        assessment_id=number, version="", content="{}", rulebook="", computed_at=timezone.now()
    )
    made = Consequence.objects.create(
        assessment_id=number, sheet=sheet, path=site.PATH, subject_path=f"{site.PATH}{place}/", rule=rule,
        ordinal=ordinal, act=kind, on=TODAY, proposed_by="office", proposed_at=timezone.now(),
    )  # fmt: skip
    act(made.pk, site.acting("leader"), EventKind.DECIDE, Said("虚府〔测〕3号"))  # type: ignore[arg-type]
    return made.pk


def test_an_interview_is_held_with_minutes_that_become_a_paper(office: Client) -> None:
    number = follow(
        launched(office, "town_target", 2024, "990101"), "total_missed_incentive", 1, ActKind.INTERVIEW, "990101"
    )
    page = words(office.get(f"{BOARD}{number}/"))
    assert "约谈纪要" in page
    assert (TODAY + timedelta(days=30)).isoformat() in office.get(f"{BOARD}{number}/").content.decode()
    told = {"kind": "carry_out", "document": "约谈纪要1号", "on": TODAY.isoformat(), "due": UNTIL}
    refused = office.post(f"{BOARD}{number}/act/", told | MINUTES | {"measures": ""})
    assert refused.status_code == 422
    assert "ASM-517" in words(refused)
    assert "分管副县长" in refused.content.decode()  # nothing typed is lost
    assert "ASM-552" in words(office.post(f"{BOARD}{number}/minutes/", ISSUE))
    assert office.post(f"{BOARD}{number}/act/", told | MINUTES).status_code == 302
    assert "年内关停两条线" in words(office.get(f"{BOARD}{number}/"))
    paper = office.post(f"{BOARD}{number}/minutes/", ISSUE)
    assert paper["Content-Type"].endswith("document"), words(paper)
    said = "\n".join(each.text for each in Document(BytesIO(paper.content)).paragraphs)
    for each in ("约谈北溪镇纪要", "县政府会议室", "1. 镇长", "总量超出目标", "年内关停两条线", "前报送"):
        assert each in said, each
    events = json.loads(office.get(f"{API}/consequences/{number}/events").content)["items"]
    assert events[-1]["minutes"]["attendants"] == ["镇长", "县发展改革局"]


def test_the_leader_exempts_one_project_and_ends_it(office: Client) -> None:
    leader = site.visitor("leader")
    asked = (
        f"{BOARD}approval/?at=990101&act=approval_filing&project=供热锅炉&zone=outside_built_up"
        "&equipment=coal_boiler&capacity=6&sector=none&fuel=none&project_class=none&product=none"
    )
    shown = words(leader.get(asked))
    assert "原则上不批，例外须记录" in shown
    assert "给一个项目记录例外" in shown
    assert "给一个项目记录例外" not in words(office.get(asked))
    told = {
        "restriction": "small_boiler_elsewhere",
        "project": "供热锅炉",
        "document": "虚府〔测〕4号",
        "reason": "民生",
    }
    assert office.post(f"{BOARD}approval/exempt/", told).status_code == 403
    assert "ASM-522" in words(leader.post(f"{BOARD}approval/exempt/", told | {"restriction": "fuel_ban_zone"}))
    assert leader.post(f"{BOARD}approval/exempt/", told).status_code == 302
    shown = words(leader.get(asked))
    assert "没有限制" in shown
    assert "已记录例外" in shown
    assert "原则上不批" in words(leader.get(asked.replace("供热锅炉", "别的锅炉")))
    question = {
        "act": "approval_filing", "region": "990101", "project": "供热锅炉",
        "at": {"zone": ["outside_built_up"], "sector": [], "fuel": [], "project_class": [], "product": []},
        "equipment": [{"sort": "coal_boiler", "capacity": "6"}],
    }  # fmt: skip
    answer = json.loads(office.post(f"{API}/approval-questions", question, "application/json").content)
    assert (answer["verdict"], answer["hits"][0]["exempt"]) == ("may", "虚府〔测〕4号")
    [row] = json.loads(office.get(f"{API}/approval-exemptions").content)["items"]
    end = {"document": "虚府〔测〕5号", "reason": "项目变更"}
    assert leader.post(f"{BOARD}approval/exempt/{row['id']}/end/", end).status_code == 302
    assert "原则上不批" in words(leader.get(asked))
    assert ApprovalExemption.objects.count() == 2  # both rows stay


def test_the_binder_holds_the_report_the_evidence_by_item_and_digests(office: Client) -> None:
    number = launched(office, "department_target", 2024, str(registry.bodies(site.COUNTY)[0].id))
    clerk, file = site.visitor("clerk"), SimpleUploadedFile("计划.pdf", PDF)
    given = {"side": "self", "code": "2.1", "marks": "2", "title": "年度/计划", "number": "虚发〔测〕1号", "file": file}
    assert clerk.post(f"{ROOT}{number}/mark/", given).status_code == 302
    assert office.post(f"{ROOT}{number}/binder/").status_code == 403
    packed = clerk.post(f"{ROOT}{number}/binder/")
    assert packed["Content-Type"] == "application/zip"
    with ZipFile(BytesIO(packed.content)) as binder:
        names = binder.namelist()
        assert names == ["自查报告.docx", "证据材料/2.1-01 年度_计划.pdf", "材料目录.xlsx", "SHA256SUMS.txt"]
        assert binder.read(names[1]) == PDF
        for line in binder.read("SHA256SUMS.txt").decode().splitlines():
            digest, _, name = line.partition("  ")
            assert hashlib.sha256(binder.read(name)).hexdigest() == digest
        index = CalamineWorkbook.from_filelike(BytesIO(binder.read("材料目录.xlsx"))).get_sheet_by_index(0).to_python()
    assert any(hashlib.sha256(PDF).hexdigest() in row for row in index)
    assert packed.content == clerk.post(f"{ROOT}{number}/binder/").content


def test_a_place_checks_itself_towards_a_superior_who_is_not_in_the_system(office: Client) -> None:
    shown = words(office.get(f"{ROOT}launch/?year=2024&duty=county_end"))
    assert "上级不在本系统" in shown
    asked = Asked(
        region=site.COUNTY, indicator="energy_intensity", kind=Kind.REDUCTION_RATE, value=Decimal("13.5"), unit="%",
        base_year=2020, end_year=2025, ground="虚构的文件",
    )  # fmt: skip
    shared = open_by_hand(asked, site.acting("office"))  # type: ignore[arg-type]
    told = {"year": "2023", "duty": "county_end", "subjects": site.COUNTY, "until": UNTIL, "decomposition": str(shared)}
    assert office.post(f"{ROOT}launch/", told).status_code == 302
    number = Assessment.objects.latest("pk").pk
    page = words(office.get(f"{ROOT}{number}/"))
    assert "本领域年度目标完成值 = 1.20%" in page  # the county's own published change, and its own plan's target
    assert re.search(r"本领域累计应完成值 = [0-9.]+%", page)
    assert "上级的各步由本级代为记录" in page
    assert office.post(f"{ROOT}{number}/binder/")["Content-Type"] == "application/zip"
    assert "ASM-461" in words(office.post(f"{ROOT}{number}/carry/", {"source": "1"}))


def test_a_figure_to_be_established_goes_by_its_name_and_one_not_told_has_no_unit(office: Client) -> None:
    number = launched(office, "town_target", 2024, "990101")
    Person.objects.create_user("town")
    body = registry.name_bodies("990101", ["某镇人民政府"])["某镇人民政府"]
    appoint("town", Role.REGION, ADMIN, "测试", body=body, region="990101")
    assert site.visitor("town").post(f"{ROOT}{number}/act/", {"kind": "submit"}).status_code == 302
    page = words(office.get(f"{ROOT}{number}/"))
    assert "数据造假查实起数" in page
    assert "fraud_cases" not in page
    assert "= —" in page
    assert "—%" not in page


def test_a_list_of_key_units_comes_in_by_a_file_and_decides_who_is_assessed(office: Client) -> None:
    here = ParticularsRow("云桥水泥厂", "990101")
    made = register_enterprise(here, site.acting("office"), "名录核实")  # type: ignore[arg-type]
    head = "企业,名单,起始日期,截止日期,公布文件\n"

    def loaded(rows: str, how: str = "record") -> HttpResponse:
        return office.post(
            f"{ROOT}key-units/load/", {"act": how, "file": SimpleUploadedFile("list.csv", (head + rows).encode())}
        )

    for row, code in (
        ("没有这家厂,万家,2021-01-01,,虚发1号", 603), ("云桥水泥厂,亿家,2021-01-01,,虚发1号", 604),
        ("云桥水泥厂,万家,去年,,虚发1号", 605), ("云桥水泥厂,万家,2021-01-01,2020-01-01,虚发1号", 606),
    ):  # fmt: skip
        answer = loaded(row)
        assert answer.status_code == 422
        assert f"ASM-{code}" in words(answer)
    assert loaded("云桥水泥厂,重点用能单位,2021-01-01,,虚发1号", "check").status_code == 200
    assert not KeyUnitEntry.objects.exists()
    assert loaded("云桥水泥厂,重点用能单位,2021-01-01,,虚发1号").status_code == 302
    page = words(office.get(f"{ROOT}key-units/"))
    assert "云桥水泥厂" in page
    assert "重点用能单位节能目标考核" in page
    assert "已有同样的记录" in words(loaded("云桥水泥厂,重点用能单位,2021-01-01,,虚发1号", "check"))
    loaded("云桥水泥厂,重点用能单位,2021-01-01,2024-12-31,虚发2号")
    [row] = json.loads(office.get(f"{API}/key-units").content)["items"]
    assert (row["until"], row["document"]) == ("2024-12-31", "虚发2号")
    yesterday = (TODAY - timedelta(days=1)).isoformat()
    assert json.loads(office.get(f"{API}/key-units?as_of={yesterday}").content)["items"] == []
    assert site.visitor("clerk").post(f"{ROOT}key-units/load/").status_code == 403
    assert made


def test_the_term_sheet_compares_both_ends_and_says_what_is_missing(office: Client) -> None:
    page = office.get(f"{ROOT}term/?starts=2021-03-01&until=2024-06-30&official=张某")
    shown = words(page)
    assert "2021-03-01 至 2024-06-30" in shown
    assert "任职前 2020" in shown
    assert "任期末 2023" in shown
    assert "本系统不掌握这项数据" in page.content.decode()
    assert "ASM-621" in words(office.get(f"{ROOT}term/?starts=2021-03-01&until=2020-06-30"))
    book = CalamineWorkbook.from_filelike(BytesIO(office.get(f"{ROOT}term/?xlsx=term").content))
    assert any("用水总量" in str(cell) for row in book.get_sheet_by_index(0).to_python() for cell in row)
    told = json.loads(office.get(f"{API}/term-sheets/990100?starts=2021-03-01&until=2024-06-30").content)
    assert (told["base"], told["last"]) == ("2020", "2023")
    assert {row["resource"] for row in told["items"]} >= {"water", "air", "energy", "land"}
    assert office.get(f"{API}/term-sheets/990100?starts=2021-03-01&until=2020-01-01").status_code == 422


@pytest.mark.parametrize(
    ("starts", "until"),
    [
        ("2021-03-01", "9999-12-31"),
        ("0001-01-01", "2024-06-30"),
        ("1948-12-31", "2024-06-30"),
        ("9999-01-01", "9999-12-31"),
        ("2021-03-01", str(TODAY + timedelta(days=1))),
        (f"{TODAY.year + 4}-01-01", f"{TODAY.year + 9}-12-31"),
    ],
)
def test_a_term_is_over_and_no_longer_ago_than_figures_go(office: Client, starts: str, until: str) -> None:
    """Refused in words, page and API: no broken page, and no empty sheet of years to come."""
    answer = office.get(f"{ROOT}term/?starts={starts}&until={until}")
    assert answer.status_code == 422
    assert "ASM-621" in words(answer)
    assert office.get(f"{API}/term-sheets/990100?starts={starts}&until={until}").status_code == 422


def test_a_term_that_ends_today_or_began_long_ago_is_one(office: Client) -> None:
    assert office.get(f"{ROOT}term/?starts=2021-03-01&until={TODAY}").status_code == 200
    assert office.get(f"{ROOT}term/?starts=1949-10-01&until=2024-06-30").status_code == 200


def test_lists_take_as_many_queries_for_many_as_for_one(office: Client) -> None:
    def asked(path: str) -> int:
        with CaptureQueriesContext(connection) as found:
            assert office.get(path).status_code == 200
        return len(found)

    first = register_enterprise(ParticularsRow("一厂", "990101"), site.acting("office"), "核实")  # type: ignore[arg-type]
    second = register_enterprise(ParticularsRow("二厂", "990101"), site.acting("office"), "核实")  # type: ignore[arg-type]
    counts = []
    for number in (first, second):
        KeyUnitEntry.objects.create(
            enterprise_id=number, listing="ten_thousand", starts=TODAY, document="1号", author="office",
            at=timezone.now(), journal=0,
        )  # fmt: skip
        asked(f"{ROOT}key-units/")
        counts.append(asked(f"{ROOT}key-units/"))
    assert counts[0] == counts[1]
