"""Lists of tasks, the board, bodies, meetings and matters as of a past day: what was known then, nothing of later."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

import pytest
import tasks_site as site
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from shuangkong.plans.tasks.events import EventKind, Grade, Part
from shuangkong.records.plans.models import Adoption, Plan, PlanFile
from shuangkong.records.plans.tasks import matters, meetings, stood, store
from shuangkong.records.plans.tasks.acts import act
from shuangkong.records.plans.tasks.models import Matter, Meeting, Task, TaskBody, TaskEvent
from shuangkong.records.plans.tasks.owners import name_owner
from shuangkong.records.plans.tasks.rows import TaskKind
from shuangkong.records.plans.tasks.thresholds import thresholds
from shuangkong.records.registry import store as registry
from shuangkong.records.registry.models import BodyChange
from shuangkong.records.registry.succession import succeed_body
from shuangkong.records.registry.tree import Change
from shuangkong.web.plans.tasks.views.duties import concerns_of

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()
THEN = TODAY - timedelta(days=10)
ROOT = "/plans/tasks/"


@pytest.fixture
def body(adopted: int) -> int:
    site.staff()
    return registry.bodies(site.COUNTY)[0].id


def long_ago() -> None:
    """All that was done so far was done twenty days ago."""
    at = timezone.now() - timedelta(days=20)
    Task.objects.update(made_at=at, heard_on=timezone.localdate(at))
    TaskEvent.objects.update(at=at, on=timezone.localdate(at))
    TaskBody.objects.update(starts_on=timezone.localdate(at))
    Meeting.objects.update(called_at=at)
    Matter.objects.update(at=at)


@pytest.fixture
def known(body: int) -> dict[str, int]:
    """Four key works of twenty days ago, all late then; today one is done, one is extended, one is listed, and a fifth
    is new."""
    due = TODAY - timedelta(days=15)
    found = {name: site.key_work(name, due, body) for name in ("今天办结的", "今天延期的", "今天挂牌的", "一直逾期的")}
    meetings.call_meeting("旧会", THEN - timedelta(days=8), site.COUNTY, list(found.values()), site.acting("office"))  # type: ignore[arg-type]
    matters.raise_matter("旧情况", "经过", THEN - timedelta(days=11), site.acting("clerk"))  # type: ignore[arg-type]
    long_ago()
    office, clerk = site.acting("office"), site.acting("clerk")
    act(found["今天办结的"], clerk, EventKind.REPORT, "办完", Grade.DONE)  # type: ignore[arg-type]
    act(found["今天办结的"], office, EventKind.ACCEPT, "好")  # type: ignore[arg-type]
    act(found["今天延期的"], office, EventKind.EXTEND, "批准", due=TODAY + timedelta(days=200))  # type: ignore[arg-type]
    act(found["今天挂牌的"], office, EventKind.REMIND, "催")  # type: ignore[arg-type]
    act(found["今天挂牌的"], office, EventKind.CIRCULATE, "通报")  # type: ignore[arg-type]
    act(found["今天挂牌的"], office, EventKind.LIST, "挂牌")  # type: ignore[arg-type]
    return found | {"今天交办的": site.key_work("今天交办的", TODAY + timedelta(days=300), body)}


def page(client: Client, path: str, day: date | None = None, **query: object) -> Mapping[str, object]:
    answer = client.get(ROOT + path, query | ({"as_of": day.isoformat()} if day else {}))
    assert answer.status_code == 200, (path, answer.status_code, answer.headers.get("Location"))
    return answer.context  # type: ignore[no-any-return]


def rows(context: Mapping[str, object]) -> dict[str, str]:
    """Title → clock of the rows of a list."""
    return {row.cells[1].text: row.cells[0].text for row in context["task_table"].rows}  # type: ignore[attr-defined]


def test_a_list_shows_how_each_task_stood(known: dict[str, int]) -> None:
    office = site.visitor("office")
    now, was = rows(page(office, "list/")), rows(page(office, "list/", THEN))
    assert now["今天办结的"].startswith("✓")
    assert was == dict.fromkeys(set(known) - {"今天交办的"}, "✕ 逾期 5 天")
    assert rows(page(office, "list/", THEN, clock="over")) == {}
    assert set(rows(page(office, "list/", THEN, clock="late", **{"tasks-words": "挂牌"}))) == {"今天挂牌的"}
    assert rows(page(office, "list/", TODAY - timedelta(days=30))) == {}
    titles = list(rows(page(office, "list/", THEN, **{"tasks-sort": "-title"})))
    assert titles == sorted(titles, reverse=True)


def test_board_listed_and_bodies_count_what_stood_then(known: dict[str, int], body: int) -> None:
    office = site.visitor("office")
    for day, late, over in ((None, 2, 1), (THEN, 4, 0)):
        lanes = {lane.key: lane.count for lane in page(office, "board/", day)["lanes"]}  # type: ignore[attr-defined]
        assert (lanes["late"], lanes["over"]) == (late, over), day
        table = page(office, "bodies/", day)["body_table"].rows  # type: ignore[attr-defined]
        assert [row.cells[1].value for row in table] == [late], day
        tally = [count for *_, count in page(office, f"bodies/{body}/", day)["tally"]]  # type: ignore[attr-defined]
        assert tally[0] == late, day
    assert set(rows(page(office, "listed/"))) == {"今天挂牌的"}
    assert rows(page(office, "listed/", THEN)) == {}


def test_a_rectification_is_shown_from_its_day(known: dict[str, int], body: int) -> None:
    Task.objects.filter(pk=known["一直逾期的"]).update(kind=TaskKind.RECTIFY)
    Task.objects.filter(pk=known["今天交办的"]).update(kind=TaskKind.RECTIFY)
    office = site.visitor("office")
    assert set(rows(page(office, "rectification/"))) == {"一直逾期的", "今天交办的"}
    assert set(rows(page(office, "rectification/", THEN))) == {"一直逾期的"}
    assert "kind=rectify" not in office.get(f"{ROOT}rectification/?as_of={THEN}").content.decode()


def test_who_owed_it_then_is_who_had_it_then(known: dict[str, int], body: int) -> None:
    """A body to which a task went today had nothing of it then, and the one that had it, had it."""
    other = registry.bodies(site.COUNTY)[1].id
    TaskBody.objects.filter(task=known["一直逾期的"]).update(ended_on=TODAY)
    TaskBody.objects.create(task_id=known["一直逾期的"], body_id=other, part="sole", ordinal=1, starts_on=TODAY)
    office = site.visitor("office")
    for whose, day, is_theirs in ((body, None, False), (body, THEN, True), (other, None, True), (other, THEN, False)):
        for path in (f"bodies/{whose}/", f"list/?body={whose}"):
            head, _, query = path.partition("?")
            said = dict([query.split("=")]) if query else {}
            assert ("一直逾期的" in rows(page(office, head, day, **said))) is is_theirs, (path, day)


def test_meetings_and_matters_tell_what_was_known_then(known: dict[str, int]) -> None:
    office, by = site.visitor("office"), site.acting("office")
    old = Meeting.objects.get().pk
    meetings.write_minutes(old, "今天补写的纪要", by)  # type: ignore[arg-type]
    meetings.call_meeting("新会", TODAY, site.COUNTY, [], by)  # type: ignore[arg-type]
    matters.acknowledge(Matter.objects.get().pk, "今天的批示", site.acting("leader"))  # type: ignore[arg-type]
    for path, told, untold in (
        ("meetings/", ("旧会", "待写"), ("新会", 'method="post"')),
        (f"meetings/{old}/", ("旧会", "逾期 5 天"), ("今天补写的纪要", 'method="post"')),
        ("matters/", ("旧情况", "尚未签收"), ("今天的批示", 'method="post"')),
    ):
        said = office.get(f"{ROOT}{path}?as_of={THEN}").content.decode().partition("<main")[2]
        assert all(each in said for each in told), path
        assert not any(each in said for each in untold), path
    assert "新会" in office.get(f"{ROOT}meetings/").content.decode()
    assert "今天的批示" in office.get(f"{ROOT}matters/").content.decode()
    assert office.get(f"{ROOT}meetings/{old}/?as_of={TODAY - timedelta(days=30)}").status_code == 404


def waiting(name: str, day: date | None = None) -> dict[str, set[str]]:
    """Key of each section of 今天该办 → titles in it."""
    sections = page(site.visitor(name), "", day)["sections"]
    return {each.wish.key: {line.row.title for line in each.lines} for each in sections}  # type: ignore[attr-defined]


def test_the_duties_of_a_day_are_those_of_that_day(known: dict[str, int]) -> None:
    old, later = set(known) - {"今天交办的"}, THEN + timedelta(days=2)
    assert waiting("clerk")["late"] == {"今天挂牌的", "一直逾期的"}
    assert waiting("clerk", THEN) == {"late": old}
    assert waiting("clerk", TODAY - timedelta(days=30)) == {}
    assert waiting("office")["remind"] == {"一直逾期的"}
    assert (waiting("office", THEN), waiting("office", later)) == ({}, {"remind": old})
    was = page(site.visitor("leader"), "", THEN)
    assert [each.title for each in was["matters"]] == ["旧情况"]  # type: ignore[attr-defined]
    book = site.visitor("clerk").get(f"{ROOT}?as_of={THEN}").context["export"]
    assert f"as_of={THEN}" in book
    assert site.visitor("clerk").get(ROOT + book).headers["Content-Type"].endswith("sheet")


def test_every_sort_of_duty_is_known_from_columns_as_from_events(known: dict[str, int], body: int) -> None:
    """Of today both can be asked: they say the same of tasks in every state."""
    office, clerk, other = site.acting("office"), site.acting("clerk"), registry.bodies(site.COUNTY)[1].id
    shared = ((body, Part.LEAD), (other, Part.PARTICIPANT))
    for title, days, said in (
        ("被退回", 90, ((clerk, EventKind.REPORT), (office, EventKind.RETURN))),
        ("已报送", 90, ((clerk, EventKind.REPORT),)),
        ("逾期被退回", -90, ((clerk, EventKind.REPORT), (office, EventKind.RETURN))),
        ("请求延期", 3, ((clerk, EventKind.ASK),)),
        ("催过", -90, ((office, EventKind.REMIND),)),
        ("通报过", -90, ((office, EventKind.REMIND), (office, EventKind.CIRCULATE))),
        ("中止", -90, ((office, EventKind.STOP),)),
        ("取消", -90, ((office, EventKind.CANCEL),)),
        ("临近", 3, ()),
        ("久无报送", 400, ()),
    ):
        made = site.key_work(title, TODAY + timedelta(days=days), body, parts=shared)
        for by, kind in said:
            more = {"grade": Grade.ON_TRACK} if kind is EventKind.REPORT else {}
            more |= {"due": TODAY + timedelta(days=99)} if kind is EventKind.ASK else {}
            act(made, by, kind, "事由", **more)  # type: ignore[arg-type]
    quiet = Task.objects.filter(title="久无报送")
    quiet.update(heard_on=TODAY - timedelta(days=200))
    TaskEvent.objects.filter(task__in=quiet).update(on=TODAY - timedelta(days=200))
    asked = set()
    for name in ("clerk", "other", "office", "leader"):
        by = site.acting(name)
        days_of = thresholds(TODAY, by.paths)  # type: ignore[attr-defined]
        for concern in concerns_of(by, TODAY, days_of):  # type: ignore[arg-type]
            rows = store.tasks_then(concern.tasks, TODAY)
            for wish in concern.wishes:
                now = {row.title for row in store.tasks(concern.tasks & wish.now)}
                assert {row.title for row in rows if wish.was(row)} == now, (name, wish.key)
                asked |= {wish.key} if now else set()
    keys = {"late", "returned", "due_soon", "silent", "confirm", "judge", "asked", "circulate", "remind", "listed"}
    assert asked == keys


def test_what_waited_for_judgement_then(known: dict[str, int]) -> None:
    office, clerk = site.acting("office"), site.acting("clerk")
    act(known["一直逾期的"], clerk, EventKind.REPORT, "当时报的", Grade.BEHIND)  # type: ignore[arg-type]
    long_ago()
    act(known["一直逾期的"], office, EventKind.ACCEPT, "好")  # type: ignore[arg-type]
    act(known["今天交办的"], clerk, EventKind.REPORT, "今天报的", Grade.BEHIND)  # type: ignore[arg-type]
    visitor = site.visitor("office")
    for day, told, untold in ((None, "今天报的", "当时报的"), (THEN, "当时报的", "今天报的")):
        answer = visitor.get(f"{ROOT}judging/", {"as_of": day} if day else {})
        said = answer.content.decode().partition("<main")[2]
        assert told in said, day
        assert untold not in said, day
        assert ('method="post"' in said) is (day is None)
    assert page(visitor, "judging/", TODAY - timedelta(days=30))["count"] == 0


def test_what_a_plan_had_become_then_and_who_owned_its_targets(adopted: int, body: int) -> None:
    site.hand_out(adopted)
    at = timezone.now() - timedelta(days=40)
    PlanFile.objects.update(received_at=at)
    Plan.objects.update(read_at=at)
    Adoption.objects.update(adopted_at=at)
    long_ago()
    office, path = site.visitor("office"), f"assign/{adopted}/"
    head = Task.objects.filter(plan=adopted, kind=TaskKind.TARGET).first()
    name_owner(head.pk, body, site.acting("office"), "")  # type: ignore[arg-type, union-attr]
    now, then, before = (page(office, path, day) for day in (None, THEN, TODAY - timedelta(days=30)))
    assert now["count"] == then["count"] == Task.objects.filter(plan=adopted).count()
    assert before["count"] == 0
    owners = [[owner.id if owner else None for _row, owner in each["heads"]] for each in (now, then)]  # type: ignore[attr-defined]
    assert body in owners[0]
    assert body not in owners[1]
    assert 'method="post"' not in office.get(f"{ROOT}{path}?as_of={THEN}").content.decode().partition("<main")[2]


def test_what_had_become_of_bodies_then(body: int) -> None:
    other, third = (each.id for each in registry.bodies(site.COUNTY)[1:3])
    by = site.acting("office")
    succeed_body(body, other, Change.RENAMED, THEN - timedelta(days=9), "旧批文", by)  # type: ignore[arg-type]
    BodyChange.objects.update(decided_at=timezone.now() - timedelta(days=20))
    succeed_body(other, third, Change.RENAMED, THEN - timedelta(days=5), "今天才录的批文", by)  # type: ignore[arg-type]
    office = site.visitor("office")
    for day, documents in (
        (None, {"旧批文", "今天才录的批文"}),
        (THEN, {"旧批文"}),
        (TODAY - timedelta(days=30), set()),
    ):
        said = page(office, "register/", day)
        assert {row.cells[4].text for row in said["change_table"].rows} == documents, day  # type: ignore[attr-defined]
    assert 'method="post"' not in office.get(f"{ROOT}register/?as_of={THEN}").content.decode().partition("<main")[2]


def test_too_many_are_not_replayed_but_said(known: dict[str, int], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stood, "MOST", 3)
    answer = site.visitor("office").get(f"{ROOT}list/?as_of={THEN}")
    assert answer.status_code == 422
    assert "TSK-601" in answer.content.decode()


@pytest.mark.parametrize(
    "path", ["", "list/", "board/", "listed/", "rectification/", "bodies/", "bodies/{body}/", "judging/", "meetings/"]
)
def test_the_past_asks_as_often_however_many(known: dict[str, int], body: int, path: str) -> None:
    office, address = site.visitor("office"), f"{ROOT}{path.format(body=body)}?as_of={THEN}"
    act(known["一直逾期的"], site.acting("clerk"), EventKind.REPORT, "报", Grade.BEHIND)  # type: ignore[arg-type]
    long_ago()
    counts = []
    for _time in range(2):
        office.get(address)
        with CaptureQueriesContext(connection) as asked:
            assert office.get(address).status_code == 200
        counts.append(len(asked))
        for number in range(7):
            site.key_work(f"又一项{number}", TODAY - timedelta(days=15), body)
        meetings.call_meeting("又一会", THEN, site.COUNTY, list(known.values()), site.acting("office"))  # type: ignore[arg-type]
        long_ago()
    assert counts[0] == counts[1]


def test_programmes_are_told_the_same(known: dict[str, int]) -> None:
    import api_site

    office = api_site.programme(api_site.token("office"))

    def told(path: str, key: str, **said: object) -> set[object]:
        answer = office.get(f"{api_site.ROOT}/{path}", said)
        assert answer.status_code == 200, answer.content.decode()
        return {each[key] for each in answer.json()["items"]}

    assert told("tasks", "title", clock="late") == {"今天挂牌的", "一直逾期的"}
    assert told("tasks", "title", clock="late", as_of=THEN) == set(known) - {"今天交办的"}
    assert told("tasks", "title", state="done", as_of=THEN) == told("tasks", "title", listed=True, as_of=THEN) == set()
    assert told("tasks", "clock", as_of=THEN) == {"late"}
    assert told("tasks", "title", due_until=TODAY, as_of=THEN) == set(known) - {"今天交办的"}
    meetings.call_meeting("新会", TODAY, site.COUNTY, [], site.acting("office"))  # type: ignore[arg-type]
    assert (told("meetings", "title"), told("meetings", "title", as_of=THEN)) == ({"新会", "旧会"}, {"旧会"})
    matters.acknowledge(Matter.objects.get().pk, "批示", site.acting("leader"))  # type: ignore[arg-type]
    assert (told("matters", "answer"), told("matters", "answer", as_of=THEN)) == ({"批示"}, {""})
