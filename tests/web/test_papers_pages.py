"""The pages of papers: every paper is made from its page, by whom may, with what was typed printed on it."""

from __future__ import annotations

import re
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
import tasks_site as site
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from shuangkong.plans.tasks.events import EventKind, Grade, Part
from shuangkong.records.journal import store as journal
from shuangkong.records.plans.cascade.responsible import Naming, name_responsible
from shuangkong.records.plans.cascade.responsible_rows import Rank
from shuangkong.records.plans.models import Plan
from shuangkong.records.plans.tasks import meetings
from shuangkong.records.plans.tasks.acts import act
from shuangkong.records.plans.tasks.adding import Wanted
from shuangkong.records.plans.tasks.rows import TaskKind
from shuangkong.records.registry import store as registry

pytestmark = pytest.mark.django_db
ROOT = "/plans/papers/"
SAID = {
    "issuer": "云桥县节能减排办公室", "signed_on": "2031-03-05", "number": "云节减〔2031〕3号",
    "addressees": "各乡镇、县统计局\n县财政局", "copies": "县委办", "printed_by": "县政府办",
    "printed_on": "2031-03-06",
}  # fmt: skip


@pytest.fixture
def plan(adopted: int) -> int:
    site.staff()
    site.hand_out(adopted)
    return adopted


@pytest.fixture
def office(plan: int) -> Client:
    return site.visitor("office")


def body(part_of_name: str) -> int:
    return next(each.id for each in registry.bodies(site.COUNTY) if part_of_name in each.name)


def text_of(answer: HttpResponse) -> str:
    assert answer.status_code == 200, answer.content.decode()[:2000]
    with ZipFile(BytesIO(answer.content)) as packed:
        names = [name for name in packed.namelist() if name.endswith(".xml") and name.startswith(("word/", "xl/"))]
        return re.sub(r"<[^>]+>", "", "".join(packed.read(name).decode() for name in names))


def test_the_pages_lead_to_every_paper(office: Client, plan: int) -> None:
    number = meetings.call_meeting("三月调度会", timezone.localdate(), site.COUNTY, [], site.acting("office"))
    text = office.get(ROOT).content.decode()
    for place in (f"bulletin/{site.COUNTY}/", f"duty-list/{plan}/", f"letters/{plan}/", f"minutes/{number}/"):
        assert f'href="{ROOT}{place}"' in text
    text = office.get(f"{ROOT}letters/{plan}/").content.decode()
    assert f'href="{ROOT}letters/{plan}/region/990101/"' in text
    assert f'href="{ROOT}letters/{plan}/body/{body("住房城乡建设")}/"' in text
    assert f'href="{ROOT}bulletin/{site.COUNTY}/"' in office.get("/plans/tasks/board/").content.decode()
    assert f'href="{ROOT}duty-list/{plan}/"' in office.get(f"/plans/tasks/assign/{plan}/").content.decode()
    assert f'href="{ROOT}minutes/{number}/"' in office.get(f"/plans/tasks/meetings/{number}/").content.decode()


@pytest.mark.parametrize("paper", ["duty-list/{plan}/", "bulletin/990100/"])
def test_what_is_typed_is_printed_and_the_row_is_written(office: Client, plan: int, paper: str) -> None:
    said = text_of(office.post(ROOT + paper.format(plan=plan), SAID | {"form": "docx"}))
    for words in ("云桥县节能减排办公室", "2031年3月5日", "云节减〔2031〕3号", "各乡镇，县统计局，县财政局", "县委办"):
        assert words.replace("，", "、") in said or words in said, words
    number, seal = journal.head()
    assert f"日志第 {number} 号" in said
    assert seal in said
    assert "虚构" in said
    sheet = text_of(office.post(ROOT + paper.format(plan=plan), SAID | {"form": "xlsx"}))
    assert f"日志第 {number} 号" in sheet, "the same paper, the same row"
    assert journal.head() == (number, seal)


def test_letter_of_a_region_has_its_targets_and_its_responsible_person(office: Client, plan: int) -> None:
    wanted = Naming(Rank.FIRST, "王某", "镇长", region="990101")
    name_responsible(wanted, site.acting("office"), "测试")
    said = text_of(office.post(f"{ROOT}letters/{plan}/region/990101/", SAID | {"period": "2031年度"}))
    assert "2031年度节能减排目标责任书" in said
    assert "镇长 王某" in said
    assert "15%（以2020年为基期）" in said
    assert "14%" not in said, "a neighbour's target"
    assert "能耗强度" in said or "单位地区生产总值能耗" in said
    assert "待明确" in text_of(office.post(f"{ROOT}letters/{plan}/region/990102/", SAID | {"period": "2031年度"}))


@pytest.mark.parametrize(
    ("period", "told"),
    [
        # 15 % in five equal steps of the ratio: 1 − 0.85^(3/5)
        ("2023年度", "2023年要求9.29%"),
        ("2025年", "2025年要求15%"),
        ("2031年度", ""),
        ("2021—2025年", ""),
        ("本年度", ""),
    ],
)
def test_letter_of_a_year_tells_the_share_of_the_year(office: Client, plan: int, period: str, told: str) -> None:
    said = text_of(office.post(f"{ROOT}letters/{plan}/region/990101/", SAID | {"period": period}))
    year, _word, due = told.partition("要求")
    assert (f"{year}要求" in said) if told else ("要求由期末目标推算" not in said)
    assert due in said
    assert "15%（以2020年为基期）" in said


def test_letter_of_a_unit_tells_what_it_answers_for_from_what_it_helps_with(office: Client, plan: int) -> None:
    path = f"{ROOT}letters/{plan}/body/{body('生态环境局')}/"
    said = text_of(office.post(path, SAID | {"period": "2031年度"}))
    assert "本期没有由县生态环境局负责的重点事项" in said
    assert "推进城镇污水治理" in said
    assert "公共机构节能" not in said


def test_minutes_say_what_was_heard_and_settled(office: Client, plan: int) -> None:
    by = site.acting("office")
    late = site.key_work("锅炉改造", timezone.localdate() - timedelta(days=3), body("工业和信息化局"))
    number = meetings.call_meeting("三月调度会", timezone.localdate(), site.COUNTY, [late], by)
    meetings.write_minutes(number, "听取了汇报。\n\n要求加快。", by)
    due = timezone.localdate() + timedelta(days=20)
    wanted = Wanted(TaskKind.MINUTE, "补报进展", parts=((body("统计局"), Part.SOLE),), region=site.COUNTY, due=due)
    meetings.decide_item(number, wanted, by)
    act(late, by, EventKind.STATE, "设备未到货", grade=Grade.BLOCKED)
    path = f"{ROOT}minutes/{number}/"
    answer = office.post(path, SAID)
    assert answer.status_code == 422
    assert 'name="place" type="text" value="" required aria-invalid="true"' in answer.content.decode()
    said = text_of(office.post(path, SAID | {"place": "县政府会议室", "chair": "副县长", "absent": "县财政局"}))
    for words in ("副县长在县政府会议室主持召开三月调度会", "锅炉改造", "受阻", "要求加快。", "补报进展", "县财政局"):
        assert words in said, words
    assert f"时限：{due.year}年{due.month}月{due.day}日" in said


def test_a_department_is_offered_no_bulletin(plan: int) -> None:
    clerk = site.visitor("clerk")
    for page in (ROOT, "/plans/tasks/board/", f"/plans/tasks/board/?place={site.COUNTY}"):
        assert "papers/bulletin/" not in clerk.get(page).content.decode(), page
    assert "承担的任务" in clerk.get(f"{ROOT}duty-list/{plan}/").content.decode()


def test_a_department_makes_its_own_papers_only(plan: int) -> None:
    clerk, own = site.visitor("clerk"), registry.bodies(site.COUNTY)[0].id
    other = registry.bodies(site.COUNTY)[1].id
    assert clerk.post(f"{ROOT}letters/{plan}/body/{own}/", SAID | {"period": "本年度"}).status_code == 200
    for place in (f"body/{other}/", "region/990101/"):
        assert clerk.get(f"{ROOT}letters/{plan}/{place}").status_code == 403
        assert clerk.post(f"{ROOT}letters/{plan}/{place}", SAID | {"period": "本年度"}).status_code == 403
    text = clerk.get(f"{ROOT}letters/{plan}/").content.decode()
    assert f"body/{own}/" in text
    assert f"body/{other}/" not in text
    number = meetings.call_meeting("三月调度会", timezone.localdate(), site.COUNTY, [], site.acting("office"))
    assert clerk.get(f"{ROOT}minutes/{number}/").status_code == 404


@pytest.mark.parametrize("place", ["duty-list/9/", "bulletin/1/", "letters/9/", "minutes/9/"])
def test_what_is_not_there_is_not_found(office: Client, place: str) -> None:
    assert office.get(ROOT + place).status_code == 404


def test_letters_go_down_only(office: Client, plan: int) -> None:
    assert office.get(f"{ROOT}letters/{plan}/region/{site.COUNTY}/").status_code == 404
    assert office.get(f"{ROOT}letters/{plan}/body/999/").status_code == 404


def test_what_cannot_be_printed_is_said_at_its_field(office: Client, plan: int) -> None:
    answer = office.post(f"{ROOT}duty-list/{plan}/", SAID | {"issuer": " "})
    assert answer.status_code == 422
    assert "PPR-202" in answer.content.decode()
    answer = office.post(f"{ROOT}duty-list/{plan}/", SAID | {"printed_on": "明天"})
    assert answer.status_code == 422
    assert "TSK-108" in answer.content.decode()
    assert "各乡镇、县统计局" in answer.content.decode(), "what was typed is kept"


def test_a_template_that_cannot_be_used_is_named(office: Client, plan: int, tmp_path: Path, settings: Any) -> None:
    folder = tmp_path / "papers"
    folder.mkdir()
    (folder / "duty_list.txt").write_text("标题：{没有的名称}\n", encoding="utf-8")
    settings.VAR = tmp_path
    before = journal.head()
    answer = office.post(f"{ROOT}duty-list/{plan}/", SAID)
    assert answer.status_code == 422
    assert "duty_list.txt" in answer.content.decode()
    assert "没有的名称" in answer.content.decode()
    assert journal.head() == before


@pytest.mark.parametrize(("place", "count"), [("", 11), ("letters/{plan}/", 16), ("duty-list/{plan}/", 7)])
def test_pages_ask_a_fixed_number_of_queries(office: Client, plan: int, place: str, count: int) -> None:
    office.get(ROOT + place.format(plan=plan))
    with CaptureQueriesContext(connection) as asked:
        office.get(ROOT + place.format(plan=plan))
    assert len(asked) == count


def test_a_letter_is_offered_for_no_year_after_the_plans_end(office: Client, plan: int) -> None:
    def offered(start: int, end: int) -> str:
        Plan.objects.filter(pk=plan).update(start_year=start, end_year=end)
        return office.get(f"{ROOT}letters/{plan}/region/990101/").content.decode()

    year = timezone.localdate().year
    assert f'value="{year - 3}年度"' in offered(year - 8, year - 3)
    assert f'value="{year + 2}年度"' in offered(year + 2, year + 6)
    assert f'value="{year}年度"' in offered(year - 1, year + 3)
