"""Pages of tasks: each answers its question, shows nobody another's tasks, asks a fixed number of queries."""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO

import county
import pytest
import tasks_site as site
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.db.models import Q
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from python_calamine import CalamineWorkbook

from shuangkong.plans.tasks.events import EventKind, Grade, Part, State
from shuangkong.records.journal import store as journal
from shuangkong.records.plans.tasks import store
from shuangkong.records.plans.tasks.acts import act
from shuangkong.records.plans.tasks.models import Task, TaskEvent
from shuangkong.records.plans.tasks.rows import TaskKind, TaskRow
from shuangkong.records.registry import store as registry
from shuangkong.records.registry.succession import succeed_body
from shuangkong.records.registry.tree import Change
from shuangkong.targets.status import Standing
from shuangkong.web.plans.tasks.derived import derive
from shuangkong.web.targets.course import Course

pytestmark = pytest.mark.django_db
ROOT = "/plans/tasks/"
PAGES = (
    "", "board/", "list/", "listed/", "rectification/", "bodies/", "judging/", "assign/", "add/", "meetings/",
    "matters/", "register/",
)  # fmt: skip


def ago(days: int) -> object:
    return timezone.localdate() - timedelta(days=days)


@pytest.fixture
def plan(adopted: int) -> int:
    site.staff()
    site.hand_out(adopted)
    return adopted


@pytest.fixture
def office(plan: int) -> Client:
    return site.visitor("office")


@pytest.fixture
def clerk_of(plan: int) -> Client:
    """The clerk of the first body."""
    return site.visitor("clerk")


@pytest.fixture
def body(plan: int) -> int:
    """The first body of the county: the clerk's."""
    return registry.bodies(site.COUNTY)[0].id


@pytest.fixture
def late(plan: int, body: int) -> list[int]:
    """Three key works that are late, by 40, 12 and 1 days; the plan's own due days are still to come."""
    Task.objects.filter(plan=plan).update(due=ago(-400), first_due=ago(-400))
    return [site.key_work(f"逾期工程{days}", ago(days), body) for days in (12, 40, 1)]


def row_of(task: int) -> TaskRow:
    found = store.task(task)
    assert found is not None
    return found


def words(client: Client, path: str) -> str:
    answer = client.get(ROOT + path)
    assert answer.status_code == 200, (path, answer.status_code)
    return answer.content.decode()


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("path", PAGES)
def test_every_page_opens_for_the_office(office: Client, late: list[int], path: str, language: str) -> None:
    office.cookies["django_language"] = language
    assert "<h1>" in words(office, path)


@pytest.mark.parametrize("path", ["judging/", "assign/", "add/", "register/"])
def test_a_department_opens_no_page_of_the_office(clerk_of: Client, path: str) -> None:
    assert clerk_of.get(ROOT + path).status_code == 403


def test_late_duties_stand_first_the_latest_above(clerk_of: Client, late: list[int]) -> None:
    page = words(clerk_of, "")
    assert re.search(r"逾期\s*<strong>3</strong>", page)
    places = [page.index(f"逾期工程{days}") for days in (40, 12, 1)]
    assert places == sorted(places)
    assert page.index("逾期 40 天") < page.index("逾期工程40") < page.index("逾期 12 天")


def test_nobody_sees_the_tasks_of_another_body(plan: int, late: list[int]) -> None:
    other = site.visitor("other")
    assert "逾期工程" not in words(other, "")
    assert "逾期工程" not in words(other, "list/")
    assert other.get(f"{ROOT}{late[0]}/").status_code == 404
    refused = other.post(f"{ROOT}{late[0]}/act/", {"kind": "report", "grade": "done", "text": "代报"})
    assert refused.status_code == 404
    assert row_of(late[0]).standing.state is State.ASSIGNED


def test_a_report_with_evidence_is_returned_and_accepted(clerk_of: Client, office: Client, late: list[int]) -> None:
    address = f"{ROOT}{late[0]}/"
    said = {"kind": "report", "grade": "on_track", "percent": "30", "text": "已开工"}
    file = SimpleUploadedFile("开工令.pdf", b"%PDF-1.7 x %%EOF")
    assert clerk_of.post(f"{address}act/", said | {"files": [file]}).status_code == 302
    assert "已开工" in words(office, "judging/")
    assert "开工令.pdf" in words(office, "judging/")
    office.post(f"{address}act/", {"kind": "return", "text": "缺投资完成数", "leads": "judging"})
    assert "缺投资完成数" in words(clerk_of, f"{late[0]}/")
    assert "被退回" not in words(clerk_of, "")  # it is late, and stands there
    clerk_of.post(f"{address}act/", said | {"percent": "35"})
    office.post(f"{address}act/", {"kind": "accept"})
    now = row_of(late[0]).standing
    assert (now.state, now.grade, now.percent) == (State.ACTIVE, Grade.ON_TRACK, Decimal(35))
    numbers = [event.journal for event in store.events(late[0])]
    assert all(f"日志第 {number} 号" in words(office, f"{late[0]}/") for number in numbers)
    assert journal.of_subject(f"task/{late[0]}")[-1].act == "task.accept"


def test_what_was_refused_comes_back_as_typed(clerk_of: Client, late: list[int]) -> None:
    said = {"kind": "report", "grade": "on_track", "percent": "三成", "text": "已完成基础"}
    answer = clerk_of.post(f"{ROOT}{late[0]}/act/", said)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "TSK-109" in page
    assert "已完成基础</textarea>" in page
    assert 'value="三成" aria-invalid="true"' in page
    wrong = SimpleUploadedFile("照片.png", b"MZ\x90\x00")
    answer = clerk_of.post(f"{ROOT}{late[0]}/act/", said | {"percent": "30", "files": [wrong]})
    assert (answer.status_code, "TSK-203" in answer.content.decode()) == (422, True)
    assert row_of(late[0]).standing.state is State.ASSIGNED


def test_a_page_offers_what_may_be_done_and_nothing_else(
    clerk_of: Client, office: Client, body: int, late: list[int]
) -> None:
    mine, theirs = words(clerk_of, f"{late[0]}/"), words(office, f"{late[0]}/")
    assert 'id="act-report"' in mine
    assert 'id="act-report"' not in theirs
    assert 'id="act-remind"' in theirs
    assert 'id="act-delist"' not in theirs
    assert 'id="act-accept"' not in theirs
    assert 'id="act-extend"' not in mine
    forged = clerk_of.post(f"{ROOT}{late[0]}/act/", {"kind": "extend", "due": "2999-01-01", "text": "延"})
    assert forged.status_code == 403


def test_evidence_leaves_as_a_file_and_only_to_whom_may_see_the_task(clerk_of: Client, late: list[int]) -> None:
    file = SimpleUploadedFile("开工令.pdf", b"%PDF-1.7 x %%EOF")
    said = {"kind": "report", "grade": "on_track", "text": "见附件", "files": [file]}
    clerk_of.post(f"{ROOT}{late[0]}/act/", said)
    kept = store.events(late[0])[-1].evidence[0]
    answer = clerk_of.get(f"{ROOT}evidence/{kept.id}/")
    assert answer.content == b"%PDF-1.7 x %%EOF"
    assert answer["Content-Disposition"].startswith("attachment;")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert site.visitor("other").get(f"{ROOT}evidence/{kept.id}/").status_code == 404


def test_a_past_day_is_shown_without_forms(office: Client, late: list[int]) -> None:
    act(late[0], site.acting("office"), EventKind.LIST, "多次催办未果")  # type: ignore[arg-type]
    back = timezone.now() - timedelta(days=20)
    TaskEvent.objects.filter(task=late[0], kind=EventKind.ASSIGN).update(at=back)
    Task.objects.filter(pk=late[0]).update(made_at=back)
    assert "多次催办未果" in words(office, f"{late[0]}/")
    past = words(office, f"{late[0]}/?as_of={ago(2)}")
    assert "多次催办未果" not in past
    assert '<span class="notice">挂牌督办</span>' in words(office, f"{late[0]}/")
    assert '<span class="notice">挂牌督办</span>' not in past
    assert 'class="card acts' not in past
    assert "逾期 10 天" in past
    before = words(office, f"{late[0]}/?as_of={ago(30)}")
    assert "那时还没有交办" in before
    assert 'id="who"' not in before


def test_the_board_counts_every_task_once(office: Client, plan: int, late: list[int]) -> None:
    """A report that came too late waits, and is late all the same; one that came in time is not: it waits."""
    in_time = site.key_work("按期工程", ago(-3), registry.bodies(site.COUNTY)[0].id)
    for task in (late[0], in_time):
        act(task, site.acting("clerk"), EventKind.REPORT, "完成", Grade.DONE)  # type: ignore[arg-type]
    context = office.get(f"{ROOT}board/").context
    counts = {lane.key: lane.count for lane in context["lanes"]}
    assert counts["waiting"] == 1
    assert counts["late"] == 3
    assert sum(counts.values()) == store.count(~Q(kind=TaskKind.SENTENCE))


def test_the_list_sorts_filters_and_leaves_as_a_workbook(office: Client, late: list[int]) -> None:
    shown = office.get(f"{ROOT}list/?tasks-words=逾期工程&tasks-sort=-due").context["task_table"]
    assert [row.cells[1].text for row in shown.rows] == ["逾期工程1", "逾期工程12", "逾期工程40"]
    answer = office.get(f"{ROOT}list/?tasks-words=逾期工程40&xlsx=tasks")
    sheet = CalamineWorkbook.from_filelike(BytesIO(answer.content)).get_sheet_by_index(0)
    told = [str(cell) for line in sheet.to_python() for cell in line]
    assert "逾期工程40" in told
    assert "逾期工程12" not in told


def test_a_body_answers_for_what_became_it(office: Client, body: int, late: list[int]) -> None:
    heir = registry.name_bodies(site.COUNTY, ["县新设局"])["县新设局"]
    succeed_body(body, heir, Change.MERGED, timezone.localdate(), "机构改革方案", county.administrator())
    page = words(office, f"bodies/{heir}/")
    assert "逾期工程40" in page
    assert "承接：" in page


@pytest.mark.parametrize("path", ["", "board/", "list/", "bodies/", "judging/", "meetings/", "matters/", "listed/"])
def test_a_page_asks_as_often_however_many_tasks(office: Client, body: int, late: list[int], path: str) -> None:
    act(late[0], site.acting("clerk"), EventKind.REPORT, "完成", Grade.DONE)  # type: ignore[arg-type]
    for task in late[1:]:
        act(task, site.acting("office"), EventKind.LIST, "挂牌")  # type: ignore[arg-type]
    words(office, path)
    with CaptureQueriesContext(connection) as few:
        words(office, path)
    for number in range(30):
        task = site.key_work(f"又一工程{number}", ago(number + 2), body)
        if number % 2:
            act(task, site.acting("clerk"), EventKind.REPORT, "报", Grade.BEHIND)  # type: ignore[arg-type]
        else:
            act(task, site.acting("office"), EventKind.LIST, "挂牌")  # type: ignore[arg-type]
    with CaptureQueriesContext(connection) as many:
        words(office, path)
    # A section that is full asks once more how many there are.
    assert len(many) - len(few) <= (4 if path == "" else 1 if path == "judging/" else 0)
    assert len(many) <= 40


def test_a_task_page_asks_as_often_however_much_happened(office: Client, late: list[int]) -> None:
    words(office, f"{late[0]}/")
    with CaptureQueriesContext(connection) as few:
        words(office, f"{late[0]}/")
    for number in range(12):
        act(late[0], site.acting("office"), EventKind.REMIND, f"第 {number} 次")  # type: ignore[arg-type]
    with CaptureQueriesContext(connection) as many:
        words(office, f"{late[0]}/")
    assert len(many) == len(few) <= 30


def test_a_key_work_comes_with_its_stages(office: Client, plan: int, body: int) -> None:
    said = {
        "kind": "key_work", "title": "余热利用工程", "plan": plan, "lead": body, "due": "2030-12-31", "amount": "1200",
        "amount_unit": "万元", "stages": "2028-06-30 完成立项\n2029-06-30 开工", "ground": "方案附表",
    }  # fmt: skip
    made = office.post(f"{ROOT}add/", said)
    assert made.status_code == 302
    task = store.tasks(Q(title="余热利用工程"))[0]
    assert (task.amount, task.amount_unit, task.parts[0].part) == (Decimal(1200), "万元", Part.SOLE)
    assert [child.title for child in store.children(task.id)] == ["余热利用工程：完成立项", "余热利用工程：开工"]
    refused = office.post(f"{ROOT}add/", said | {"title": "另一工程", "stages": "六月底 立项"})
    assert refused.status_code == 422
    assert "六月底 立项</textarea>" in refused.content.decode()
    assert not store.tasks(Q(title="另一工程"))


def test_a_rectification_names_enterprise_and_term(office: Client, plan: int, body: int) -> None:
    said = {"kind": "rectify", "title": "淘汰超限锅炉", "plan": plan, "lead": body, "due": "2030-01-31"}
    assert "TSK-308" in office.post(f"{ROOT}add/", said).content.decode()
    assert "TSK-309" in office.post(f"{ROOT}add/", said | {"subject": "某水泥厂", "due": ""}).content.decode()
    assert office.post(f"{ROOT}add/", said | {"subject": "某水泥厂"}).status_code == 302
    assert "某水泥厂：淘汰超限锅炉" in words(office, "rectification/")


def test_an_owner_is_named_and_replaced_with_a_reason(office: Client, plan: int) -> None:
    target = store.tasks(Q(plan=plan, kind=TaskKind.TARGET))[0]
    first, second = (each.id for each in registry.bodies(site.COUNTY)[:2])
    address = f"{ROOT}assign/{plan}/owners/"
    assert office.post(address, {f"owner-{target.id}": first}).status_code == 302
    assert "TSK-310" in office.post(address, {f"owner-{target.id}": second}).content.decode()
    office.post(address, {f"owner-{target.id}": second, "ground": "职责调整"})
    assert [(part.id, part.part) for part in row_of(target.id).parts] == [(second, Part.OWNER)]


def test_a_meeting_turns_what_it_decides_into_tasks(office: Client, body: int, late: list[int]) -> None:
    office.post(f"{ROOT}meetings/", {"title": "二季度调度会", "on": str(ago(0)), "agenda": late})
    page = words(office, "meetings/")
    assert "二季度调度会" in page
    address = office.get(f"{ROOT}meetings/").context["meeting_table"].rows[0].cells[1].href
    office.post(address, {"what": "minutes", "text": "各单位汇报了进展"})
    office.post(address, {"what": "decide", "title": "月底前补报投资数", "lead": body, "due": str(ago(-20))})
    told = office.get(address).content.decode()
    assert "各单位汇报了进展" in told
    made = store.tasks(Q(kind=TaskKind.MINUTE))[0]
    assert made.title in told
    assert "月底前补报投资数" in words(site.visitor("clerk"), "list/")
    assert site.visitor("clerk").get(address).status_code == 200
    assert site.visitor("other").get(address).status_code == 404


def test_a_matter_waits_until_the_leading_group_acknowledges_it(clerk_of: Client, plan: int) -> None:
    said = {"title": "一台高炉停产", "happened_on": str(ago(1)), "text": "已组织抢修"}
    assert clerk_of.post(f"{ROOT}matters/", said).status_code == 302
    leader = site.visitor("leader")
    assert "一台高炉停产" in words(leader, "")
    number = leader.get(f"{ROOT}matters/").context["waiting"][0][0].id
    assert site.visitor("office").post(f"{ROOT}matters/", {"matter": number, "text": "已阅"}).status_code == 403
    assert leader.post(f"{ROOT}matters/", {"matter": number, "text": "请抓紧抢修"}).status_code == 302
    assert "一台高炉停产" not in words(leader, "")
    assert "请抓紧抢修" in words(clerk_of, "matters/")
    assert "一台高炉停产" not in words(site.visitor("other"), "matters/")


def test_names_that_look_alike_are_proposed_and_confirmed(office: Client, plan: int) -> None:
    named = registry.name_bodies(site.COUNTY, ["县机关事务管理局", "县机关事务局", "县机关事务管理局（新能源办）"])
    page = words(office, "register/")
    assert page.count("认定为同一单位") >= 2
    short, full = named["县机关事务局"], named["县机关事务管理局"]
    said = {"short": short, "full": full, "reason": "同一块牌子"}
    assert office.post(f"{ROOT}register/", said).status_code == 302
    assert registry.meanings()[short] == full
    task = site.key_work("食堂改造", ago(3), short)
    assert "食堂改造" in words(office, f"bodies/{full}/")
    assert row_of(task).parts[0].id == full


def test_after_its_last_day_no_target_is_on_schedule(plan: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Course, "standing", Standing.ON_SCHEDULE)
    on_track = Q(plan=plan, derived_grade=Grade.ON_TRACK)
    derive(plan, date(2020, 6, 1))
    assert store.count(on_track)
    derive(plan, date(2090, 1, 1))
    assert not store.count(on_track)


def test_what_is_derived_comes_from_targets_and_late_children(plan: int, body: int) -> None:
    derive(plan)
    assert derive(plan) == 0
    heads = store.tasks(Q(plan=plan, kind=TaskKind.TARGET) & ~Q(derived_grade=""))
    assert heads, "the county's figures say something of a headline target"
    assert all(head.derived_from.startswith("target/") for head in heads)
    measure = store.tasks(Q(plan=plan, kind=TaskKind.MEASURE) & ~Q(derived_from__startswith="task/"))[0]
    child = site.key_work("补办手续", ago(3), body, parent=measure.id, region=None)
    derive(plan)
    assert (row_of(measure.id).derived_grade, row_of(measure.id).derived_from) == (Grade.BEHIND, f"task/{child}")
    Task.objects.filter(pk=child).update(state=State.DONE)
    derive(plan)
    assert row_of(measure.id).derived_from != f"task/{child}"
