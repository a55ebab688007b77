"""Tables in and out: a verdict on every row, each row once, nothing half-written, one row of the journal a load."""

from __future__ import annotations

import csv
import io
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import api_site
import pytest
import tasks_site
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.db.models import Q
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from python_calamine import CalamineWorkbook

from shuangkong.cli import main
from shuangkong.core.credit_code import check_sign
from shuangkong.plans.tasks.events import Grade, Part, State
from shuangkong.records.journal import store as journal
from shuangkong.records.people.access import Forbidden
from shuangkong.records.people.acting import Acting, actings, appoint
from shuangkong.records.people.models import Person
from shuangkong.records.people.roles import Action, Role
from shuangkong.records.plans.exchange import out
from shuangkong.records.plans.exchange.rows import LoadReport, Mode, Sort, Verdict
from shuangkong.records.plans.exchange.store import load_rows
from shuangkong.records.plans.tasks import store
from shuangkong.records.plans.tasks.models import Task, TaskEvent
from shuangkong.records.plans.tasks.rows import TaskKind
from shuangkong.records.registry import store as registry
from shuangkong.records.registry.enterprises import store as enterprises
from shuangkong.records.registry.models import Region

OFFICE, CLERK = f"{Role.PLAN_OFFICE}-person", f"{Role.DEPARTMENT}-person"
DUE = (timezone.localdate() + timedelta(days=90)).isoformat()
TODAY = timezone.localdate().isoformat()


@pytest.fixture
def filled(adopted: int, tmp_path: Path, settings: Any) -> dict[str, Any]:
    settings.VAR = tmp_path
    api_site.people()
    return api_site.fill(adopted)


@pytest.fixture
def office(filled: dict[str, Any]) -> Acting:
    return api_site.acts_as(OFFICE)


@pytest.fixture
def names(filled: dict[str, Any]) -> list[str]:
    """Names of the county's bodies."""
    return [each.name for each in registry.bodies(tasks_site.COUNTY)]


def load(sort: Sort, by: Acting, headings: str, *rows: str, **more: Any) -> LoadReport:
    table = [each.split("|") for each in (headings, *rows)]
    return load_rows(sort, table, by, name="t.csv", digest="0" * 64, **more)


def works(by: Acting, names: list[str], *more: str, **said: Any) -> LoadReport:
    rows = (
        f"K-1|重点工程|余热发电|{names[0]}|{names[1]}、{names[2]}|{DUE}|1,200.50|万元|",
        f"K-2|另行交办|完成招标|{names[0]}||{DUE}|||K-1",
        *more,
    )
    return load(Sort.TASKS, by, "编号|种类|任务|牵头单位|配合单位|期限|数量|数量单位|上级任务", *rows, **said)


def verdicts(report: LoadReport) -> list[str]:
    return [each.verdict.value for each in report.verdicts]


def test_a_table_becomes_tasks_once(office: Acting, names: list[str]) -> None:
    before = Task.objects.count()
    first = works(office, names)
    assert (verdicts(first), first.load is not None) == (["new", "new"], True)
    head = journal.head()
    again = works(office, names)
    assert (verdicts(again), again.load, journal.head()) == (["same", "same"], None, head)
    assert Task.objects.count() == before + 2
    work, stage = store.tasks(Q(kind__in=(TaskKind.KEY_WORK, TaskKind.OTHER)), ("pk",))
    assert (format(work.amount or 0, "f"), work.amount_unit, work.standing.state) == ("1200.50", "万元", State.ASSIGNED)
    assert [(part.name, part.part) for part in work.parts] == [
        (names[0], Part.LEAD), (names[1], Part.PARTICIPANT), (names[2], Part.PARTICIPANT),
    ]  # fmt: skip
    assert (stage.parent, stage.parts[0].part) == (work.id, Part.SOLE)
    events = store.events(work.id)
    assert [(each.kind.value, each.journal) for each in events] == [("assign", head[0])]


def test_one_load_is_one_row_of_the_journal(office: Acting, names: list[str]) -> None:
    before = journal.head()[0]
    works(office, names)
    assert journal.head()[0] == before + 1
    row = journal.newest(Q(), 1)[0]
    assert (row.act, row.document, json.loads(row.after)["new"]) == ("exchange.import", "0" * 64, 2)


def test_a_trial_writes_nothing(office: Acting, names: list[str]) -> None:
    before, head = Task.objects.count(), journal.head()
    report = works(office, names, is_dry_run=True)
    assert (verdicts(report), report.load) == (["new", "new"], None)
    assert (Task.objects.count(), journal.head()) == (before, head)


@pytest.mark.parametrize(
    ("row", "code", "column"),
    [
        ("K-3|别的|做事|{0}||||||", "EXC-105", "种类"),
        ("K-3|重点工程||{0}|||||", "EXC-102", "任务"),
        ("K-3|重点工程|做事|没有的局|||||", "EXC-108", "牵头单位"),
        ("K-3|重点工程|做事|{0}||明年|||", "EXC-103", "期限"),
        ("K-3|重点工程|做事|{0}|||很多|万元|", "EXC-104", "数量"),
        ("K-3|重点工程|做事|{0}|||5||", "EXC-102", "数量单位"),
        ("K-3|重点工程|做事|{0}|||||K-9", "EXC-110", "上级任务"),
        ("K-3|限期整治|整改|{0}||" + DUE + "|||", "EXC-102", "企业"),
        ("3|重点工程|做事|{0}|||||", "EXC-121", "编号"),
        ("K-1|重点工程|别的事|{0}|||||", "EXC-119", "编号"),
    ],
)
def test_a_row_that_cannot_be_taken_says_where_and_why(
    office: Acting, names: list[str], row: str, code: str, column: str
) -> None:
    before, head = Task.objects.count(), journal.head()
    report = works(office, names, row.format(names[0]))
    told = report.verdicts[-1]
    assert (told.row, told.verdict, told.code, told.column) == (4, Verdict.REFUSED, code, column)
    assert told.expected is not None
    assert told.next is not None
    assert f"第 4 行“{column}”" in told.message.zh
    assert (report.load, Task.objects.count(), journal.head()) == (None, before, head)


def test_in_part_what_is_taken_is_written_and_the_rest_can_follow(office: Acting, names: list[str]) -> None:
    wrong, right = "K-3|重点工程|做事|没有的局||||||", f"K-3|重点工程|做事|{names[0]}||||||"
    report = works(office, names, wrong, mode=Mode.ACCEPTED)
    assert (verdicts(report), report.load is not None) == (["new", "new", "refused"], True)
    assert verdicts(works(office, names, right, mode=Mode.ACCEPTED)) == ["same", "same", "new"]


def test_a_row_below_a_refused_one_is_refused_too(office: Acting, names: list[str]) -> None:
    rows = ("A-1|重点工程|做事|没有的局|", f"A-2|另行交办|小事|{names[0]}|A-1")
    report = load(Sort.TASKS, office, "ref|kind|title|lead|parent", *rows, mode=Mode.ACCEPTED)
    assert [each.code for each in report.verdicts] == ["EXC-108", "EXC-110"]


def test_headings_are_needed(office: Acting) -> None:
    report = load(Sort.TASKS, office, "任务|期限", "做事|")
    assert [(each.row, each.code) for each in report.verdicts] == [(1, "EXC-101")]
    assert load_rows(Sort.TASKS, [], office, name="", digest="").verdicts[0].code == "EXC-100"


def test_another_place_is_out_of_reach(office: Acting, names: list[str], filled: dict[str, Any]) -> None:
    from shuangkong.records.registry.rows import RegionRow

    registry.save_regions([RegionRow("990200", "邻县", "county", is_fictional=True)])
    registry.name_bodies("990200", ["邻县某局"])
    report = load(Sort.TASKS, office, "种类|任务|地区|牵头单位", "重点工程|做事|990200|邻县某局")
    assert report.verdicts[0].code == "EXC-107"
    Person.objects.create_user("neighbour")
    appoint("neighbour", Role.PLAN_OFFICE, api_site.ADMIN, "测试", region="990200")
    neighbour = api_site.acts_as("neighbour")
    row = f"{filled['task_id']}|{names[0]}|{TODAY}|受阻|停工"
    report = load(Sort.PROGRESS, neighbour, "任务|单位|日期|等次|进展", row)
    assert report.verdicts[0].code == "EXC-110", "told like a task that is not there"
    with pytest.raises(Forbidden):
        load(Sort.TASKS, api_site.acts_as(CLERK), "种类|任务|牵头单位", f"重点工程|做事|{names[0]}")


def test_progress_is_told_in_order_and_waits_for_its_judgement(
    office: Acting, names: list[str], filled: dict[str, Any]
) -> None:
    works(office, names)
    rows = (f"P-1|K-1|{names[0]}|{TODAY}|按计划推进|10|开工", f"P-2|K-1|{names[0]}|{TODAY}|进度滞后|15%|缺料")
    head = journal.head()[0]
    report = load(Sort.PROGRESS, office, "编号|任务|单位|日期|等次|完成比例|进展", *rows)
    assert (verdicts(report), journal.head()[0]) == (["new", "new"], head + 1)
    task = store.tasks(Q(kind=TaskKind.KEY_WORK))[0]
    assert (task.standing.state, task.standing.heard_on) == (State.REPORTED, timezone.localdate())
    waiting = store.reports_waiting([task.id])[task.id]
    assert (waiting.text, waiting.grade, format(waiting.percent or 0, "f")) == ("缺料", Grade.BEHIND, "15")
    assert verdicts(load(Sort.PROGRESS, office, "编号|任务|单位|日期|等次|完成比例|进展", *rows)) == ["same", "same"]
    assert TaskEvent.objects.filter(task=task.id, kind="report").count() == 2


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ("K-1|{5}|{today}|受阻||停工", "EXC-113"),
        ("K-1|{0}|2999-01-01|受阻||停工", "EXC-114"),
        ("K-1|{0}|{today}|受阻|101|停工", "EXC-115"),
        ("K-1|{0}|{today}|已完成|30|停工", "EXC-115"),
        ("K-1|{0}|{yesterday}|已完成||早办完了", "EXC-123"),
        ("K-1|{0}|{today}|还行||停工", "EXC-105"),
        ("99999999|{0}|{today}|受阻||停工", "EXC-110"),
    ],
)
def test_progress_that_cannot_be_is_refused(office: Acting, names: list[str], row: str, code: str) -> None:
    works(office, names)
    days = {"today": TODAY, "yesterday": timezone.localdate() - timedelta(days=1)}
    told = load(Sort.PROGRESS, office, "任务|单位|日期|等次|完成比例|进展", row.format(*names, **days)).verdicts[0]
    assert told.code == code


def test_owners_are_named_and_replaced_with_a_reason(office: Acting, names: list[str], filled: dict[str, Any]) -> None:
    target = store.tasks(Q(kind=TaskKind.TARGET))[0]
    headings = "任务|单位|依据"
    assert verdicts(load(Sort.OWNERS, office, headings, f"{target.id}|{names[0]}|")) == ["new"]
    told = load(Sort.OWNERS, office, headings, f"{target.id}|{names[1]}|")
    assert told.verdicts[0].code == "EXC-111"
    assert verdicts(load(Sort.OWNERS, office, headings, f"{target.id}|{names[1]}|分工调整")) == ["new"]
    row = store.task(target.id)
    assert row is not None
    assert [(part.name, part.part) for part in row.parts] == [(names[1], Part.OWNER)]


def test_bodies_and_their_other_names(office: Acting, names: list[str]) -> None:
    rows = ("新局||", f"新局别名|{names[0]}|同一单位", f"{names[0]}|{names[0]}|自己")
    report = load(Sort.BODIES, office, "单位名称|即|理由", *rows, mode=Mode.ACCEPTED)
    assert verdicts(report) == ["new", "new", "refused"]
    found = {each.name: each for each in registry.bodies(tasks_site.COUNTY)}
    assert found["新局别名"].same_as == found[names[0]].id


def test_appointments_are_refused_row_by_row(office: Acting, names: list[str]) -> None:
    made_in = Region.objects.get(code=tasks_site.COUNTY).pk
    for name in ("a", "b", "c"):
        Person.objects.create_user(name, made_in_id=made_in)
    rows = (
        f"a|责任部门||{names[0]}|任命", "b|责任部门|||任命", "c|审计|||任命", f"{OFFICE}|责任部门||{names[0]}|任命",
    )  # fmt: skip
    report = load(Sort.APPOINTMENTS, office, "用户名|角色|地区|单位|依据", *rows, mode=Mode.ACCEPTED)
    assert [each.code for each in report.verdicts] == ["", "PPL-104", "PPL-201", "EXC-118"]
    assert [each.role for each in actings(Person.objects.get(username="a"), timezone.localdate())] == [Role.DEPARTMENT]
    assert actings(Person.objects.get(username="c"), timezone.localdate()) == ()


def test_many_rows_ask_few_queries(office: Acting, names: list[str]) -> None:
    def count(rows: int, mark: str) -> int:
        table = [f"{mark}-{number}|重点工程|工程{number}|{names[0]}" for number in range(rows)]
        with CaptureQueriesContext(connection) as asked:
            assert load(Sort.TASKS, office, "编号|种类|任务|牵头单位", *table).load is not None
        return len(asked)

    count(1, "W")
    assert count(10, "A") == count(60, "B") <= 25


def test_the_interface_takes_the_same_tables(filled: dict[str, Any], names: list[str]) -> None:
    programme = api_site.programme(api_site.token(OFFICE))
    row = {"ref": "J-1", "kind": "key_work", "title": "余热利用", "lead": names[0], "due": DUE}
    sent = {"rows": [row], "dry_run": True}
    path = f"{api_site.ROOT}/exchange/tasks"
    answer = programme.post(path, sent, content_type="application/json").json()
    assert (answer["new"], answer["load"]) == (1, None)
    answer = programme.post(path, {"rows": [row]}, content_type="application/json").json()
    assert (answer["new"], answer["load"] is not None) == (1, True)
    answer = programme.post(path, {"rows": [row]}, content_type="application/json").json()
    assert (answer["same"], answer["load"]) == (1, None)
    file = SimpleUploadedFile(
        "t.csv", f"编号,种类,任务,牵头单位\nJ-1,错,x,{names[0]}\nJ-2,重点工程,y,无此局\n".encode()
    )
    answer = programme.post(f"{path}/file", {"file": file, "dry_run": "true"}).json()
    assert [each["code"] for each in answer["rows"]] == ["EXC-119", "EXC-108"]
    assert answer["rows"][1]["next_en"].startswith("Register")
    narrow = api_site.programme(api_site.token(OFFICE, Action.TASK_READ))
    assert narrow.post(path, {"rows": [row]}, content_type="application/json").status_code == 403
    only = api_site.programme(api_site.token(OFFICE, Action.EXCHANGE_IMPORT))
    answer = only.post(path, {"rows": [row | {"ref": "J-9"}]}, content_type="application/json").json()
    assert answer["rows"][0]["code"] == "EXC-107", "a table is no way round the scope to assign"


def body_of(answer: Any) -> bytes:
    assert answer.status_code == 200
    return b"".join(answer.streaming_content)


def test_tables_leave_with_what_one_may_see(filled: dict[str, Any], office: Acting) -> None:
    seen = store.tasks(store.readable(office), ("pk",))
    visitor = tasks_site.visitor(OFFICE)
    assert visitor.get("/plans/exchange/out/").status_code == 200
    text = body_of(visitor.get("/plans/exchange/out/tasks.csv")).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [int(row["id"]) for row in rows] == [row.id for row in seen]
    lines = body_of(visitor.get("/plans/exchange/out/events.jsonl")).decode().splitlines()
    assert {json.loads(line)["task"] for line in lines} == {row.id for row in seen}
    book = CalamineWorkbook.from_filelike(io.BytesIO(body_of(visitor.get("/plans/exchange/out/bodies.xlsx"))))
    assert len(book.get_sheet_by_index(0).to_python()) == 1 + len(registry.bodies(tasks_site.COUNTY))
    own = body_of(tasks_site.visitor(CLERK).get("/plans/exchange/out/tasks.jsonl")).decode().splitlines()
    clerk = api_site.acts_as(CLERK)
    assert [json.loads(line)["id"] for line in own] == [row.id for row in store.tasks(store.readable(clerk), ("pk",))]
    assert 0 < len(own) < len(seen)
    answer = api_site.programme(api_site.token(OFFICE)).get(f"{api_site.ROOT}/exports/tasks.csv")
    assert body_of(answer).decode("utf-8-sig") == text
    assert visitor.get("/plans/exchange/out/tasks.exe").status_code == 404


def test_no_cell_becomes_a_formula(filled: dict[str, Any]) -> None:
    Task.objects.filter(pk=filled["task_id"]).update(title='=HYPERLINK("x")')
    text = body_of(tasks_site.visitor(OFFICE).get("/plans/exchange/out/tasks.csv")).decode("utf-8-sig")
    assert next(row for row in csv.DictReader(io.StringIO(text)) if "HYPERLINK" in row["title"])["title"][0] == "'"


def test_an_export_asks_queries_by_the_thousand_only(filled: dict[str, Any], office: Acting) -> None:
    from shuangkong.records.plans.exchange.out import Export, rows

    with CaptureQueriesContext(connection) as asked:
        assert len(list(rows(Export.TASKS, office))) > 15
    assert len(asked) <= 8


def test_the_page_tries_then_takes_in(filled: dict[str, Any], names: list[str]) -> None:
    visitor = tasks_site.visitor(OFFICE)
    for sort in Sort:
        assert visitor.get(f"/plans/exchange/in/?sort={sort.value}").status_code == 200
        assert visitor.get(f"/plans/exchange/in/{sort.value}.xlsx").content[:2] == b"PK"

    def send(act: str, lead: str) -> Any:
        rows = f"编号,种类,任务,牵头单位\nS-1,重点工程,余热利用,{lead}\n".encode()
        sent = {"file": SimpleUploadedFile("t.csv", rows), "sort": "tasks", "mode": "whole", "act": act}
        return visitor.post("/plans/exchange/in/", sent)

    page = send("check", "没有的局").content.decode()
    assert ("EXC-108" in page, "没有的局" in page, "data-may-record" in page) == (True, True, False)
    assert "data-may-record" in send("check", names[0]).content.decode()
    assert send("export", names[0]).content[:2] == b"PK"
    assert not Task.objects.filter(title="余热利用").exists()
    assert send("record", names[0]).status_code == 302
    assert Task.objects.filter(title="余热利用").count() == 1
    assert visitor.post("/plans/exchange/in/", {"sort": "tasks"}).status_code == 422
    broken = {"file": SimpleUploadedFile("t.xlsx", b"PK nothing"), "sort": "tasks"}
    assert visitor.post("/plans/exchange/in/", broken).status_code == 422
    assert Client(headers={"host": "localhost"}).get("/plans/exchange/in/").status_code == 302
    assert tasks_site.visitor(CLERK).get("/plans/exchange/in/").status_code == 403


def test_the_command_takes_in_and_out(
    filled: dict[str, Any], names: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table = tmp_path / "t.csv"
    table.write_text(f"编号,种类,任务,地区,牵头单位\nC-1,重点工程,余热利用,990100,{names[0]}\n", encoding="utf-8")
    assert main(["tasks", "import", str(table), "--dry-run"]) == 0
    assert main(["tasks", "import", str(table), "--by", "wang"]) == 0
    assert main(["tasks", "import", str(table), "--by", "wang"]) == 0
    assert "已录入过 same 1" in capsys.readouterr().out
    assert Task.objects.get(title="余热利用").made_by == "wang"
    table.write_text("编号,种类\n", encoding="utf-8")
    assert main(["tasks", "import", str(table)]) == 1
    assert main(["tasks", "import", str(tmp_path / "none.csv")]) == 2
    out = tmp_path / "out.jsonl"
    assert main(["tasks", "export", str(out)]) == 0
    assert len(out.read_text("utf-8").splitlines()) == Task.objects.count()


ENTERPRISES = "企业名称|统一社会信用代码|污染源普查编号|排污许可证编号|依据"


def test_enterprises_come_in_once_and_records_of_three_systems_fuse(office: Acting) -> None:
    code = "91990100" + "0" * 8 + "1"
    code += check_sign(code)
    permit, census = f"青云水泥|{code}||P-1|许可证", f"青云水泥|{code}|C-1||普查"
    report = load(Sort.ENTERPRISES, office, ENTERPRISES, permit, census)
    assert verdicts(report) == ["new", "new"]
    assert verdicts(load(Sort.ENTERPRISES, office, ENTERPRISES, permit, census)) == ["same", "same"]
    [row] = enterprises.enterprises(enterprises.asked_for(code))
    told = enterprises.identifiers([row.id])[row.id]
    assert sorted((each.system.value, each.value) for each in told) == [("census", "C-1"), ("permit", "P-1")]
    head = journal.head()
    wrong = load(
        Sort.ENTERPRISES, office, ENTERPRISES, f"别的名称|{code}|||依据", "白鹭造纸|9199|||依据", "白鹭造纸||C-1||依据",
        "白鹭造纸||||",
    )  # fmt: skip
    assert [(each.code, each.column) for each in wrong.verdicts] == [
        ("EXC-122", "企业名称"), ("REG-204", "统一社会信用代码"), ("REG-222", "value"), ("EXC-102", "依据"),
    ]  # fmt: skip
    assert journal.head() == head


def test_enterprises_go_out_with_their_numbers(office: Acting, filled: dict[str, Any]) -> None:
    found = list(out.rows(out.Export.ENTERPRISES, office))
    headings = out.HEADINGS[out.Export.ENTERPRISES]
    assert [dict(zip(headings, row, strict=True))["census"] for row in found] == ["C-17"]
    assert found[0][0] == filled["source"]
