"""Responses: a published warning starts duties that are tasks; levels change with ground only; nothing starts twice."""

from __future__ import annotations

import pytest
import tasks_site
from django.test import Client
from test_outlook_pages import levels, office, publish  # noqa: F401 - the fixture

from shuangkong.outlook.barometer.issue import from_text
from shuangkong.outlook.barometer.level import Level
from shuangkong.records.journal.models import JournalRow
from shuangkong.records.notices import store as notices
from shuangkong.records.notices.rows import NoticeKind
from shuangkong.records.outlook.barometer.models import BarometerIssue
from shuangkong.records.outlook.response import store
from shuangkong.records.plans.tasks.models import Task
from shuangkong.records.registry import store as registry


@pytest.fixture
def one(office: Client) -> str:  # noqa: F811
    """The page of a response to the red town."""
    issue = publish(office, tasks_site.visitor("leader"))
    answer = office.post(f"/outlook/responses/start/{issue.strip('/').split('/')[-1]}/{_target('北溪镇')}/")
    return answer.headers["Location"].partition("?")[0]


def _target(name: str) -> int:
    content = from_text(BarometerIssue.objects.latest("pk").content)
    return next(line.target for part in content.parts for line in part.lines if line.name == name)


def _bodies(duties: list[str]) -> dict[str, int]:
    first = registry.bodies(tasks_site.COUNTY)[0].id
    return {f"body-{duty}": first for duty in duties}


DUTIES = ["start_regulation_plan", "publish_warning", "remind_region", "guide_region"]


def test_a_red_level_starts_its_duties_as_tasks(office: Client, one: str) -> None:  # noqa: F811
    text = office.get(one).content.decode()
    assert "启动预警调控方案" in text
    assert "OUT-605" in office.post(f"{one}act/", {"kind": "start"}).content.decode()
    assert office.post(f"{one}act/", {"kind": "start", **_bodies(DUTIES)}).status_code == 302
    row = store.response(int(one.strip("/").split("/")[-1]))
    assert row is not None
    found = Task.objects.filter(pk__in=row.tasks)
    assert found.count() == len(DUTIES)
    assert {each.plan_id for each in found} != {None}, "they are tasks of the plan"
    assert all("北溪镇" in each.title for each in found)
    acts = list(JournalRow.objects.filter(act__startswith="response.").values_list("act", flat=True))
    assert acts == ["response.raise", "response.start"]


def test_a_level_changes_with_ground_only(office: Client, one: str) -> None:  # noqa: F811
    assert "OUT-604" in office.post(f"{one}act/", {"kind": "lower", "level": "2"}).content.decode()
    assert "OUT-604" in office.post(f"{one}act/", {"kind": "escalate", "level": "1", "ground": "-"}).content.decode()
    assert office.post(f"{one}act/", {"kind": "lower", "level": "2", "ground": "整改见效"}).status_code == 302
    row = store.response(int(one.strip("/").split("/")[-1]))
    assert row is not None
    assert row.standing.level is Level.YELLOW
    assert office.post(f"{one}act/", {"kind": "lift", "ground": "达到进度"}).status_code == 302
    assert "已解除" in office.get("/outlook/responses/").content.decode()


def test_nothing_is_answered_twice_nor_what_is_green(office: Client, one: str) -> None:  # noqa: F811
    number = BarometerIssue.objects.latest("pk").pk
    for name, code in (("北溪镇", "OUT-602"), ("南坪镇", "OUT-601")):
        answer = office.post(f"/outlook/responses/start/{number}/{_target(name)}/", follow=True)
        assert code in answer.content.decode(), name


def test_the_leading_group_reads_and_does_not_decide(office: Client, one: str) -> None:  # noqa: F811
    leader = tasks_site.visitor("leader")
    assert leader.get(one).status_code == 200
    assert leader.post(f"{one}act/", {"kind": "lift", "ground": "-"}).status_code == 403


def test_the_newest_barometer_says_what_is_called_for(office: Client, one: str) -> None:  # noqa: F811
    from outlook_site import HEAD

    from actors import CLERK
    from shuangkong.records.facts import store as facts

    row = ["能耗强度", "北溪镇", "2023", "-6.0", "%", "比上年变化", "核定", "核定通知"]
    facts.load_rows([HEAD, row], name="c.csv", digest="", source="核定", by=CLERK, is_dry_run=False)
    publish(office, tasks_site.visitor("leader"))
    assert levels()["北溪镇"] is Level.GREEN
    assert "应解除" in office.get(one).content.decode()


def test_whoever_is_warned_or_has_a_duty_is_told(office: Client, one: str) -> None:  # noqa: F811
    """The publication tells each warned town its own lines; the start tells who does what by when."""
    [warned] = notices.notices(notices.about([NoticeKind.BAROMETER], [BarometerIssue.objects.latest("pk").pk]))
    texts = {each.name: each.text for each in warned.bodies}
    assert {"北溪镇人民政府", "石桥乡人民政府"} <= set(texts)
    assert "南坪镇人民政府" not in texts, "the green town is not warned"
    assert "一级" in texts["北溪镇人民政府"]
    office.post(f"{one}act/", {"kind": "start", **_bodies(DUTIES)})
    number = int(one.strip("/").split("/")[-1])
    [started] = notices.notices(notices.about([NoticeKind.RESPONSE], [number]))
    first = registry.bodies(tasks_site.COUNTY)[0]
    assert [each.name for each in started.bodies] == [first.name]
    assert started.bodies[0].text.count("\n") == len(DUTIES) - 1
    assert "谁签收了" in office.get(one).content.decode()
    clerk = tasks_site.visitor("clerk")
    assert clerk.post(f"/notices/{started.id}/acknowledge/", {"text": "照办"}).status_code == 302
    assert "照办" in office.get(one).content.decode()
    office.post(f"{one}act/", {"kind": "lift", "ground": "达到进度"})
    ended = notices.notices(notices.about([NoticeKind.RESPONSE], [number]))[0]
    assert {each.name for each in ended.bodies} == {first.name, "北溪镇人民政府"}
