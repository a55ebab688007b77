"""The interface for programmes: who may call what, what is answered, what is told when it cannot be done."""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import urlsplit

import api_site
import county
import pytest
import tasks_site
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from ninja.schema import NinjaGenerateJsonSchema

from shuangkong.plans.tasks.events import State
from shuangkong.records.journal import store as journal
from shuangkong.records.people.acting import appoint
from shuangkong.records.people.models import Person
from shuangkong.records.people.persons import make_person
from shuangkong.records.people.roles import Action, Reach, Role, reach
from shuangkong.records.plans.reminders.channels import ChannelKind, Setup
from shuangkong.records.plans.reminders.reminding import remind_all
from shuangkong.records.plans.tasks import store
from shuangkong.records.plans.tasks.models import Task

ROOT = api_site.ROOT
OFFICE, CLERK, AUDITOR = f"{Role.PLAN_OFFICE}-person", f"{Role.DEPARTMENT}-person", f"{Role.AUDITOR}-person"
#: An image of one point, in base64.
PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="
#: A thing that nobody has.
#: Behind the addresses of what has a time.
DURING = "?kind=hour&start=2026-01-01T00:00:00Z&end=2026-01-02T00:00:00Z"
NOTHING = 10**9


@pytest.fixture
def log(tmp_path: Any, settings: Any) -> Any:
    """The log of calls of this test alone."""
    settings.VAR = tmp_path
    return tmp_path / "calls" / f"{timezone.localdate().isoformat()}.jsonl"


@pytest.fixture
def filled(adopted: int, log: Any) -> dict[str, Any]:
    api_site.people()
    return api_site.fill(adopted)


@pytest.fixture
def office(filled: dict[str, Any]) -> Client:
    return api_site.programme(api_site.token(OFFICE))


@pytest.fixture
def clerk(filled: dict[str, Any]) -> Client:
    return api_site.programme(api_site.token(CLERK))


def told(answer: Any, status: int = 200) -> Any:
    assert answer.status_code == status, answer.content.decode()
    return answer.json()


def post(client: Client, path: str, **said: Any) -> Any:
    return client.post(ROOT + path, said, content_type="application/json")


def test_every_operation_says_which_action_it_is() -> None:
    unsaid = {each.view_func.__name__ for each in api_site.operations() if api_site.action_of(each) is None}
    assert unsaid == {"me"}
    names = [each.view_func.__name__ for each in api_site.operations()]
    assert len(names) == len(set(names))


def test_no_two_shapes_of_the_description_bear_one_name() -> None:
    shapes: dict[str, set[str]] = {}
    for operation in api_site.operations():
        for mode, models in (("validation", operation.models), ("serialization", operation.response_models.values())):
            for model in models:
                if hasattr(model, "model_json_schema"):
                    found = model.model_json_schema(mode=mode, schema_generator=NinjaGenerateJsonSchema)
                    for name, shape in found.get("$defs", {}).items():
                        shapes.setdefault(name, set()).add(json.dumps(shape, sort_keys=True))
    assert {name: found for name, found in shapes.items() if len(found) > 1} == {}


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.PUBLIC])
def test_every_role_at_every_operation(filled: dict[str, Any], role: Role) -> None:
    """Role x operation, through the front door: 403 exactly where the table says none; no page, no fault, ever."""
    name = "admin" if role is Role.ADMINISTRATOR else f"{role}-person"
    client = api_site.programme(api_site.token(name))
    wrong = []
    for operation in api_site.operations():
        action = api_site.action_of(operation)
        path = re.sub(r"{(\w+)}", lambda found: str(filled.get(found[1], NOTHING)), operation.path)
        body = {} if operation.methods == ["POST"] else None
        status = client.generic(
            operation.methods[0], ROOT + path, json.dumps(body) if body is not None else "", "application/json"
        ).status_code
        # The department of this site is competent for nothing.
        refused = action is not None and reach(role, action) in (Reach.NONE, Reach.COMPETENT)
        if (status == 403) is not refused or status >= 500:
            wrong.append((operation.view_func.__name__, action, status))
    assert wrong == []


def test_the_public_comes_in_nowhere(filled: dict[str, Any]) -> None:
    for operation in api_site.operations():
        path = ROOT + re.sub(r"{(\w+)}", "1", operation.path)
        answer = Client(headers={"host": "localhost"}).generic(operation.methods[0], path, "{}", "application/json")
        assert told(answer, 401)["code"] == "API-101", operation.path


def test_what_lies_elsewhere_is_not_there(filled: dict[str, Any]) -> None:
    """Another county's office is told the same of a thing here as of a thing that nobody has."""
    from shuangkong.records.registry import store as registry
    from shuangkong.records.registry.rows import RegionRow

    registry.save_regions([RegionRow("990200", "邻县", "county", is_fictional=True)])
    Person.objects.create_user("neighbour")
    appoint("neighbour", Role.PLAN_OFFICE, api_site.ADMIN, "测试", region="990200")
    neighbour = api_site.programme(api_site.token("neighbour"))
    seen = []
    for operation in api_site.operations():
        if "{" not in operation.path or "{export}" in operation.path or operation.methods != ["GET"]:
            continue
        asked = DURING if operation.path.endswith(("/readings", "/marks")) else ""
        here = ROOT + re.sub(r"{(\w+)}", lambda found: str(filled.get(found[1], NOTHING)), operation.path) + asked
        nowhere = ROOT + re.sub(r"{(\w+)}", str(NOTHING), operation.path) + asked
        answers = [neighbour.get(path) for path in (here, nowhere)]
        if [each.status_code for each in answers] != [404, 404] or answers[0].content != answers[1].content:
            seen.append(operation.path)
    assert seen == []
    assert told(neighbour.get(f"{ROOT}/tasks"))["items"] == []
    assert told(neighbour.get(f"{ROOT}/plans"))["items"] == []
    before = journal.head()
    assert post(neighbour, f"/tasks/{filled['task_id']}/acts", kind="remind", text="请办").status_code == 404
    assert journal.head() == before


def test_a_scope_that_the_token_lacks_is_refused(filled: dict[str, Any]) -> None:
    narrow = api_site.programme(api_site.token(OFFICE, Action.PLAN_READ))
    assert told(narrow.get(f"{ROOT}/plans"))["items"]
    fault = told(narrow.get(f"{ROOT}/tasks"), 403)
    assert (fault["code"], "task.read" in fault["zh"], "task.read" in fault["en"]) == ("API-107", True, True)


def test_a_scope_to_see_is_no_scope_to_judge(filled: dict[str, Any]) -> None:
    narrow = api_site.programme(api_site.token(OFFICE, Action.TASK_READ))
    assert post(narrow, f"/tasks/{filled['task_id']}/acts", kind="remind", text="请办").status_code == 403


def test_a_revoked_token_opens_nothing(filled: dict[str, Any]) -> None:
    from shuangkong.records.people.tokens import revoke_token, tokens_of

    client = api_site.programme(api_site.token(OFFICE))
    assert client.get(f"{ROOT}/me").status_code == 200
    revoke_token(tokens_of(Person.objects.get(username=OFFICE))[0].id, api_site.acts_as(OFFICE))
    assert client.get(f"{ROOT}/me").status_code == 401


def test_a_browser_needs_the_token_of_forms_to_change_anything(filled: dict[str, Any]) -> None:
    browser = Client(enforce_csrf_checks=True, headers={"host": "localhost"})
    browser.force_login(Person.objects.get(username=OFFICE))
    assert told(browser.get(f"{ROOT}/me"))["author"] == OFFICE
    assert told(post(browser, f"/tasks/{filled['task_id']}/acts", kind="remind", text="请办"), 403)["code"] == "API-103"
    browser.get("/api/")
    sign = browser.get("/plans/").cookies.get("csrftoken") or browser.cookies.get("csrftoken")
    assert sign is not None
    answer = browser.post(
        f"{ROOT}/tasks/{filled['task_id']}/acts",
        {"kind": "remind", "text": "请办"},
        content_type="application/json",
        headers={"x-csrftoken": sign.value},
    )
    assert told(answer)["id"]


def test_a_wrong_token_is_not_helped_by_a_session(filled: dict[str, Any]) -> None:
    browser = Client(headers={"host": "localhost", "authorization": "Bearer sk_0_0"})
    browser.force_login(Person.objects.get(username=OFFICE))
    assert browser.get(f"{ROOT}/me").status_code == 401


def test_a_report_goes_its_way(filled: dict[str, Any], office: Client, clerk: Client) -> None:
    acts = f"/tasks/{filled['task_id']}/acts"
    paper = {"name": "照片.png", "content": PNG}
    made = told(post(clerk, acts, kind="report", text="完成摸底", grade="on_track", percent="20.5", files=[paper]))
    assert told(post(office, acts, kind="accept"))["id"] > made["id"]
    task = told(clerk.get(f"{ROOT}/tasks/{filled['task_id']}"))
    assert (task["state"], task["grade"], task["percent"]) == ("active", "on_track", "20.5")
    events = told(clerk.get(f"{ROOT}/tasks/{filled['task_id']}/events"))["items"]
    assert [each["kind"] for each in events] == ["assign", "report", "accept"]
    file = events[1]["evidence"][0]
    answer = clerk.get(f"{ROOT}/evidence/{file['id']}")
    assert (answer.content[:4], "attachment" in answer["Content-Disposition"]) == (b"\x89PNG", True)
    assert api_site.programme(api_site.token("department-person")).get(f"{ROOT}/evidence/999").status_code == 404


def test_what_is_refused_says_where_and_why(filled: dict[str, Any], office: Client, clerk: Client) -> None:
    acts = f"/tasks/{filled['task_id']}/acts"
    assert told(post(clerk, acts, kind="report", text="办了"), 422)["code"] == "TSK-104"
    fault = told(post(clerk, acts, kind="report", text="办了", grade="fine"), 422)
    assert (fault["code"], fault["field"]) == ("API-104", "grade")
    assert told(post(clerk, acts, kind="accept"), 403)["code"] == "PPL-201"
    assert told(post(office, acts, kind="assign"), 422)["code"] == "API-111"
    file = {"name": "a.png", "content": "not base64!"}
    assert told(post(clerk, acts, kind="report", text="办了", grade="behind", files=[file]), 422)["code"] == "API-112"
    assert told(post(clerk, acts, kind="report", text="a\0b", grade="behind"), 422)["code"] == "SIT-101"
    answer = clerk.post(ROOT + acts, "{", content_type="application/json")
    assert told(answer, 422)["code"] == "API-105"
    assert clerk.get(f"{ROOT}/tasks/{2**70}").status_code == 422


def test_pages_follow_one_another_without_gap(office: Client) -> None:
    every = [row.id for row in store.tasks(store.readable(api_site.acts_as(OFFICE)), ("pk",))]
    found: list[int] = []
    after = 0
    while after is not None:
        page = told(office.get(f"{ROOT}/tasks", {"after": after, "limit": 7}))
        found += [each["id"] for each in page["items"]]
        after = page["next"]
    assert found == every
    assert len(found) > 14


def test_filters_narrow(filled: dict[str, Any], office: Client) -> None:
    measures = told(office.get(f"{ROOT}/tasks", {"kind": "measure", "limit": 500}))["items"]
    assert {each["kind"] for each in measures} == {"measure"}
    own = told(office.get(f"{ROOT}/tasks", {"body": filled["body_id"], "part": "lead", "limit": 500}))["items"]
    assert own
    assert all(any(part["id"] == filled["body_id"] for part in each["parts"]) for each in own)
    assert told(office.get(f"{ROOT}/tasks", {"region": "123456"}))["items"] == []
    Task.objects.filter(pk=filled["task_id"]).update(due=timezone.localdate(), state=State.RETURNED)
    soon = told(office.get(f"{ROOT}/tasks", {"clock": "due_soon", "state": "returned"}))["items"]
    assert [each["id"] for each in soon] == [filled["task_id"]]
    assert soon[0]["clock"] == "due_soon"


def test_a_department_lists_its_own_only(filled: dict[str, Any], clerk: Client) -> None:
    seen = told(clerk.get(f"{ROOT}/tasks", {"limit": 500}))["items"]
    assert seen
    assert all(any(part["id"] == filled["body_id"] for part in each["parts"]) for each in seen)


def test_a_page_of_tasks_asks_a_fixed_number_of_queries(office: Client) -> None:
    def count(limit: int) -> int:
        with CaptureQueriesContext(
            connection,
        ) as asked:
            told(office.get(f"{ROOT}/tasks", {"limit": limit, "clock": "calm"}))
        return len(asked)

    count(1)
    assert count(2) == count(40) <= 12


def test_plans_measures_targets_and_bodies(filled: dict[str, Any], office: Client) -> None:
    plan = f"{ROOT}/plans/{filled['plan_id']}"
    assert told(office.get(plan))["region"] == tasks_site.COUNTY
    measures = told(office.get(f"{plan}/measures"))["items"]
    assert any(each["bodies"] for each in measures)
    target = told(office.get(f"{plan}/targets"))["items"][0]
    assert told(office.get(f"{ROOT}/targets/{target['id']}")) == target
    assert re.fullmatch(r"[0-9.]+", target["value"])
    bodies = told(office.get(f"{ROOT}/regions/{tasks_site.COUNTY}/bodies"))["items"]
    assert told(office.get(f"{ROOT}/bodies/{bodies[0]['id']}")) == bodies[0]
    change = {"before": bodies[0]["id"], "after": bodies[1]["id"], "kind": "merged", "document": "云编发（虚构）"}
    told(post(office, "/body-changes", **change))
    changes = told(office.get(f"{ROOT}/regions/{tasks_site.COUNTY}/bodies/changes"))["items"]
    assert changes[0]["before_name"] == bodies[0]["name"]
    assert told(post(office, "/body-changes", **change), 422)["code"] == "REG-106"


def test_meetings_matters_and_register(filled: dict[str, Any], office: Client) -> None:
    meeting = f"/meetings/{filled['meeting_id']}"
    told(post(office, f"{meeting}/minutes", text="议定三件事。"))
    parts = [{"body": filled["body_id"], "part": "lead"}]
    made = told(post(office, f"{meeting}/decisions", title="月底前报清单", parts=parts))["id"]
    now = told(office.get(ROOT + meeting))
    assert (now["minutes"], now["decided"], now["agenda"]) == ("议定三件事。", [made], [filled["task_id"]])
    leader = api_site.programme(api_site.token(f"{Role.LEADING_GROUP}-person"))
    told(post(leader, f"/matters/{filled['matter_id']}/acknowledgement", text="请供电公司保供。"))
    assert told(office.get(f"{ROOT}/matters"))["items"][0]["answer"] == "请供电公司保供。"
    said = {"kind": "awaited", "title": "能耗强度目标", "ground": "见正文"}
    entry = told(post(office, f"/plans/{filled['plan_id']}/register", **said))["id"]
    given = {"value": "13.5", "unit": "%", "document": "上级发（虚构）", "ground": "下达"}
    told(post(office, f"/register/{entry}/arrival", **given))
    found = told(office.get(f"{ROOT}/register", {"plan": filled["plan_id"]}))["items"][0]
    assert (found["state"], found["value"]) == ("arrived", "13.5")
    named = {"rank": "first", "person": "张某", "post": "镇长", "region": "990101", "ground": "任命"}
    told(post(office, "/responsible", **named))
    assert told(office.get(f"{ROOT}/responsible"))["items"][0]["person"] == "张某"


def test_people_and_journal(filled: dict[str, Any], office: Client) -> None:
    make_person("new", "新来的", api_site.acts_as(OFFICE))
    told(post(office, "/appointments", person="new", role="plan_office", ground="调入", region=tasks_site.COUNTY))
    rows = told(office.get(f"{ROOT}/appointments", {"person": "new"}))["items"]
    assert (rows[0]["role"], rows[0]["decided_by"]) == ("plan_office", OFFICE)
    assert told(post(office, "/appointments", person="none", role="auditor", ground="x"), 422)["code"] == "PPL-101"
    assert post(office, "/appointments", person="new", role="auditor", ground="x").status_code == 403
    told(post(office, f"/appointments/{rows[0]['id']}/withdraw", ground="调出"))
    first = told(office.get(f"{ROOT}/journal", {"limit": 1}))
    assert first["items"][0]["act"] == "people.withdraw"
    second = told(office.get(f"{ROOT}/journal", {"limit": 1, "before": first["next"]}))
    assert second["items"][0]["sequence"] < first["items"][0]["sequence"]


def test_every_call_is_logged_and_auditors_read_it(filled: dict[str, Any], office: Client, log: Any) -> None:
    office.get(f"{ROOT}/tasks", {"limit": 1})
    Client(headers={"host": "localhost"}).get(f"{ROOT}/tasks")
    lines = [json.loads(line) for line in log.read_text("ascii").splitlines()]
    assert [(line["author"], line["method"], line["path"], line["status"]) for line in lines] == [
        (OFFICE, "GET", f"{ROOT}/tasks", 200),
        ("", "GET", f"{ROOT}/tasks", 401),
    ]
    assert lines[0]["token"]
    assert "sk_" not in log.read_text("ascii")
    seen = told(api_site.programme(api_site.token(AUDITOR)).get(f"{ROOT}/calls"))["items"]
    assert [each["status"] for each in seen] == [401, 200]
    assert [each["author"] for each in told(office.get(f"{ROOT}/calls"))["items"] if each["author"] != OFFICE] == []


def test_the_description_is_for_who_may_hold_a_token(filled: dict[str, Any]) -> None:
    guest = Client(headers={"host": "localhost"})
    assert guest.get("/api/").status_code == 302
    visitor = tasks_site.visitor(OFFICE)
    page = visitor.get("/api/").content.decode()
    assert "/api/v1/tasks/{task_id}/acts" in page
    assert "http://" not in page.replace("http://localhost/api/v1/", "")
    described = visitor.get("/api/v1/openapi.json").json()
    assert described["openapi"].startswith("3.")
    assert len(described["paths"]) == len({each.path for each in api_site.operations()})


def test_a_body_named_twice_takes_one_part(filled: dict[str, Any], office: Client) -> None:
    part = {"body": filled["body_id"], "part": "lead"}
    made = told(post(office, f"/meetings/{filled['meeting_id']}/decisions", title="月底前报清单", parts=[part, part]))
    assert len(told(office.get(f"{ROOT}/tasks/{made['id']}"))["parts"]) == 1


def test_enterprises_by_their_source_code(filled: dict[str, Any], office: Client, clerk: Client) -> None:
    said = {"name": "云桥县白鹭造纸有限公司", "region": tasks_site.COUNTY, "ground": "名录核实"}
    made = told(post(office, "/enterprises", **said))
    source = f"/enterprises/{made['source']}"
    assert told(office.get(ROOT + source)) == made
    told(post(office, f"{source}/change", **said | {"name": "白鹭纸业有限公司"}))
    number = told(post(office, f"{source}/identifiers", system="permit", value="P-1", ground="许可证"))["id"]
    told(post(office, f"{source}/open", is_open=False, ground="关停"))
    now = told(clerk.get(f"{ROOT}/enterprises", {"words": "P-1"}))["items"]
    assert [(each["name"], each["is_open"]) for each in now] == [("白鹭纸业有限公司", False)]
    history = told(clerk.get(f"{ROOT}{source}/history"))
    assert [each["kind"] for each in history["events"]] == ["register", "change", "close"]
    assert history["former_names"] == ["云桥县白鹭造纸有限公司"]
    told(post(office, f"{source}/identifiers/{number}/end", ground="证已注销"))
    assert post(office, f"/enterprises/{filled['source']}/identifiers/{number}/end", ground="x").status_code == 404
    told(post(office, f"{source}/alias", same_as=filled["source"], reason="核实"))
    assert told(clerk.get(ROOT + source))["same_as"] == filled["source"]
    told(post(office, f"{source}/alias", same_as=None, reason="有误"))
    told(post(office, f"{source}/succession", after=filled["source"], kind="split", document="云市监（虚构）"))
    assert told(clerk.get(f"{ROOT}/enterprises/{filled['source']}/history"))["successions"][0]["kind"] == "split"
    assert post(clerk, f"{source}/open", is_open=True, ground="x").status_code == 403
    assert office.get(f"{ROOT}/enterprises/Q0000000000").status_code == 404
    assert told(post(office, "/enterprises", **said | {"credit_code": "91"}), 422)["field"] == "credit_code"
    pages = told(office.get(f"{ROOT}/enterprises", {"limit": 1}))
    assert told(office.get(f"{ROOT}/enterprises", {"limit": 1, "after": pages["next"]}))["next"] is None


def test_a_reporter_s_programme_sees_its_enterprise_only(filled: dict[str, Any], office: Client) -> None:
    body = told(post(office, f"/enterprises/{filled['source']}/reporter", ground="开通"))["id"]
    told(post(office, "/enterprises", name="白鹭造纸厂", region=tasks_site.COUNTY, ground="名录核实"))
    Person.objects.create_user("reporter-of-it")
    appoint("reporter-of-it", Role.REPORTER, api_site.ADMIN, "测试", body=body, region=tasks_site.COUNTY)
    reporter = api_site.programme(api_site.token("reporter-of-it"))
    assert [each["source"] for each in told(reporter.get(f"{ROOT}/enterprises"))["items"]] == [filled["source"]]


def test_reminders_channels_and_calendar(filled: dict[str, Any], clerk: Client, settings: Any) -> None:
    settings.CHANNELS = {ChannelKind.EMAIL: Setup("smtp://localhost:25")}
    Task.objects.filter(pk=filled["task_id"]).update(due=timezone.localdate())
    remind_all(timezone.now())
    found = told(clerk.get(f"{ROOT}/reminders"))
    assert filled["task_id"] in {each["task"] for each in found["items"]}
    numbers = [each["id"] for each in found["items"]]
    assert told(post(clerk, "/reminders/read", reminders=numbers[:1]))["read"] == 1
    assert told(clerk.get(f"{ROOT}/reminders"))["unread"] == found["unread"] - 1
    told(post(clerk, "/reminders/channels", channel="email", address="a@example.org", is_on=True))
    assert told(clerk.get(f"{ROOT}/reminders/channels"))["items"][0]["address"] == "a@example.org"
    refused = told(post(clerk, "/reminders/channels", channel="sms", address="1", is_on=True), 422)
    assert refused["code"] == "RMD-101"
    made = told(post(clerk, "/reminders/calendar"))
    path = urlsplit(made["address"]).path
    assert clerk.get(path)["Content-Type"].startswith("text/calendar")
    assert told(clerk.get(f"{ROOT}/reminders/calendar")) == {"made_at": made["made_at"], "address": ""}
    told(post(clerk, "/reminders/calendar/revoke"))
    assert clerk.get(path).status_code == 404
    narrow = api_site.programme(api_site.token(CLERK, Action.PLAN_READ))
    assert narrow.get(f"{ROOT}/reminders").status_code == 403
    assert post(narrow, "/reminders/calendar").status_code == 403


def test_answering_ends_and_vacancies_are_told(office: Client) -> None:
    empty = told(office.get(f"{ROOT}/responsible/vacancies", {"region": tasks_site.COUNTY}))["items"]
    named = {"rank": "first", "person": "张某", "post": "镇长", "region": "990101", "ground": "任命"}
    row = told(post(office, "/responsible", **named | {"starts_on": "2020-01-01"}))["id"]
    left = told(office.get(f"{ROOT}/responsible/vacancies", {"region": tasks_site.COUNTY}))["items"]
    assert {each["region"] for each in empty} - {each["region"] for each in left} == {"990101"}
    told(post(office, f"/responsible/{row}/end", ground="调离"))
    assert told(office.get(f"{ROOT}/responsible"))["items"] == []
    assert len(told(office.get(f"{ROOT}/responsible/history"))["items"]) == 2
    firm = told(post(office, "/responsible/firms", region=tasks_site.COUNTY, name="县水务集团", ground="国资名录"))[
        "id"
    ]
    assert firm in {
        each["body"]
        for each in told(office.get(f"{ROOT}/responsible/vacancies", {"region": tasks_site.COUNTY}))["items"]
    }


def test_figures_come_in_by_a_file(filled: dict[str, Any], office: Client) -> None:
    content = (county.DOCUMENTS / "actuals.csv").read_bytes()
    file = SimpleUploadedFile("actuals.csv", content)
    found = told(office.post(f"{ROOT}/actuals/file", {"file": file, "source": "测试", "dry_run": "true"}))
    assert (found["load"], found["new"], found["changed"], found["refused"]) == (None, 0, 0, 0)
    assert found["same"] == len(found["rows"]) > 0
