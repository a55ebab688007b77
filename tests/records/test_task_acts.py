"""What may be done with a task, by whom, in which order and on which day."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
import reminding_county as county
from django.db.models import Q
from reminding_county import acts, in_days, task

from shuangkong.plans.tasks.events import EventKind, Grade, Part, State
from shuangkong.plans.tasks.standing import Clock, Thresholds, clock
from shuangkong.records.journal import store as journal
from shuangkong.records.people.access import Forbidden
from shuangkong.records.plans.tasks import store
from shuangkong.records.plans.tasks.acts import act
from shuangkong.records.plans.tasks.adding import Wanted, add
from shuangkong.records.plans.tasks.models import TaskBody
from shuangkong.records.plans.tasks.rows import Handed, TaskKind, TaskRow
from shuangkong.records.refusal import Refused

pytestmark = pytest.mark.django_db

DAYS = Thresholds(due_soon=15, silent=60)
YESTERDAY = -1


@pytest.fixture(autouse=True)
def settled(db: None) -> None:
    county.settle()


def now(number: int) -> TaskRow:
    found = store.task(number)
    assert found is not None
    return found


def given_as(number: int, part: Part) -> int:
    """The task with the helper's body in that part."""
    TaskBody.objects.filter(task=number, body=acts("helper").body).update(part=part)
    return number


@pytest.mark.parametrize(
    ("part", "kind", "may"),
    [
        (Part.PARTICIPANT, EventKind.REPORT, False),
        (Part.STANDING, EventKind.REPORT, False),
        (Part.SHARED, EventKind.REPORT, True),
        (Part.OWNER, EventKind.REPORT, True),
        (Part.LEAD, EventKind.REPORT, True),
        (Part.PARTICIPANT, EventKind.ASK, False),
        (Part.SHARED, EventKind.ASK, True),
        (Part.PARTICIPANT, EventKind.CONFIRM, True),
        (Part.STANDING, EventKind.CONFIRM, True),
        (Part.LEAD, EventKind.CONFIRM, False),
        (Part.SHARED, EventKind.CONFIRM, False),
    ],
)
def test_who_owes_reports_and_who_helps_confirms(part: Part, kind: EventKind, may: bool) -> None:
    number = given_as(task("各有各的", in_days(30), helped=True), part)
    said = {"text": "说明", "grade": Grade.ON_TRACK} if kind is EventKind.REPORT else {"text": "说明"}
    if kind is EventKind.ASK:
        said["due"] = in_days(60)
    if may:
        act(number, acts("helper"), kind, **said)  # type: ignore[arg-type]
        return
    with pytest.raises(Forbidden, match="TSK-120"):
        act(number, acts("helper"), kind, **said)  # type: ignore[arg-type]
    assert [row.kind for row in store.events(number)] == [EventKind.ASSIGN]


def test_a_circular_comes_after_a_reminder_and_only_of_what_is_late() -> None:
    office = acts("office")
    early, late = task("未到期", in_days(30)), task("逾期", in_days(-3))
    act(early, office, EventKind.REMIND, "请抓紧")
    with pytest.raises(Refused, match="TSK-116"):
        act(early, office, EventKind.CIRCULATE, "通报")
    with pytest.raises(Refused, match="TSK-117"):
        act(late, office, EventKind.CIRCULATE, "通报")
    act(late, office, EventKind.REMIND, "请抓紧")
    act(late, office, EventKind.CIRCULATE, "通报")
    assert (now(late).standing.circulars, now(early).standing.circulars) == (1, 0)


def test_what_is_with_the_office_is_neither_reminded_of_nor_circulated() -> None:
    number = task("已报的", in_days(-3))
    act(number, acts("office"), EventKind.REMIND, "请抓紧")
    act(number, acts("clerk"), EventKind.REPORT, "办完了", Grade.DONE)
    for kind in (EventKind.REMIND, EventKind.CIRCULATE):
        with pytest.raises(Refused, match="TSK-102"):
            act(number, acts("office"), kind, "请抓紧")


def test_a_task_is_listed_once_and_delisted_once() -> None:
    office, number = acts("office"), task("挂牌的", in_days(-3))
    with pytest.raises(Refused, match="TSK-118"):
        act(number, office, EventKind.DELIST, "未曾挂牌")
    act(number, office, EventKind.LIST, "挂牌")
    with pytest.raises(Refused, match="TSK-118"):
        act(number, office, EventKind.LIST, "再挂")
    act(number, office, EventKind.DELIST, "摘牌")
    assert not now(number).standing.is_listed


@pytest.mark.parametrize("kind", [EventKind.STOP, EventKind.STATE, EventKind.EXTEND, EventKind.CANCEL])
def test_what_moves_a_clock_counts_from_today(kind: EventKind, on: Callable[[date], None]) -> None:
    number, today = task("有期限的", in_days(30)), in_days(0)
    on(today + timedelta(days=10))
    with pytest.raises(Refused, match="TSK-112"):
        act(number, acts("office"), kind, "理由", Grade.DONE, due=today + timedelta(days=90), on=today)


def test_a_stop_dated_back_cannot_move_a_due_day() -> None:
    number = task("逾期", in_days(-300))
    with pytest.raises(Refused, match="TSK-112"):
        act(number, acts("office"), EventKind.STOP, "诉讼", on=in_days(-2000))
    assert now(number).standing.due == in_days(-300)


def test_no_day_lies_before_the_assignment_or_the_newest_entry(on: Callable[[date], None]) -> None:
    number, today = task("要报的", in_days(30)), in_days(0)
    with pytest.raises(Refused, match="TSK-113"):
        act(number, acts("clerk"), EventKind.REPORT, "补报", Grade.ON_TRACK, on=today - timedelta(days=1))
    on(today + timedelta(days=10))
    act(number, acts("clerk"), EventKind.REPORT, "开工", Grade.ON_TRACK, on=today + timedelta(days=4))
    with pytest.raises(Refused, match="TSK-113"):
        act(number, acts("clerk"), EventKind.REPORT, "更早", Grade.ON_TRACK, on=today + timedelta(days=3))


def test_a_report_dated_back_is_done_on_the_day_it_came(on: Callable[[date], None]) -> None:
    number, today = task("补报的", in_days(2)), in_days(0)
    on(today + timedelta(days=5))
    act(number, acts("clerk"), EventKind.REPORT, "其实早办完了", Grade.DONE, on=today + timedelta(days=1))
    waiting = now(number)
    assert clock(waiting.standing, today + timedelta(days=5), DAYS) is Clock.LATE
    act(number, acts("office"), EventKind.ACCEPT)
    came = today + timedelta(days=5)
    assert now(number).standing.finished_on == came
    told = store.task(number, came)
    assert told is not None
    assert told.standing == now(number).standing
    assert store.events(number)[1].on == today + timedelta(days=1)


def test_a_due_day_that_is_over_is_no_extension() -> None:
    number = task("逾期", in_days(-300))
    with pytest.raises(Refused, match="TSK-106"):
        act(number, acts("office"), EventKind.EXTEND, "依据", due=in_days(-100))


def test_a_body_asks_and_the_office_declines_or_grants() -> None:
    number = task("来不及的", in_days(3))
    proof = [Handed("说明.pdf", b"%PDF-1.7 ... %%EOF")]
    asked = act(number, acts("clerk"), EventKind.ASK, "汛期停工", due=in_days(40), files=proof)
    with pytest.raises(Forbidden):
        act(number, acts("clerk"), EventKind.EXTEND, "自批", due=in_days(40))
    declined = act(number, acts("office"), EventKind.DECLINE, "理由不充分")
    with pytest.raises(Refused, match="TSK-115"):
        act(number, acts("office"), EventKind.DECLINE, "再拒")
    again = act(number, acts("clerk"), EventKind.ASK, "附气象证明", due=in_days(30))
    granted = act(number, acts("office"), EventKind.EXTEND, "同意", due=in_days(20))
    told = {row.id: row for row in store.events(number)}
    assert (told[asked].answered_by, told[again].answered_by) == (declined, granted)
    assert [file.name for file in told[asked].evidence] == ["说明.pdf"]
    assert (now(number).standing.due, now(number).standing.asked_due) == (in_days(20), None)


def test_what_has_no_due_day_needs_no_extension() -> None:
    with pytest.raises(Refused, match="TSK-114"):
        act(task("无期限", None), acts("clerk"), EventKind.ASK, "延期", due=in_days(40))


@pytest.mark.parametrize("percent", [Decimal(30), Decimal(0)])
def test_what_is_done_is_done_wholly(percent: Decimal) -> None:
    number = task("要报的", in_days(30))
    with pytest.raises(Refused, match="TSK-111"):
        act(number, acts("clerk"), EventKind.REPORT, "完成", Grade.DONE, percent)


def test_a_report_sent_twice_is_one_report() -> None:
    number, clerk = task("要报的", in_days(30)), acts("clerk")
    files = [Handed("证明.pdf", b"%PDF-1.7 ... %%EOF")]
    first = act(number, clerk, EventKind.REPORT, "开工", Grade.ON_TRACK, Decimal(10), files=files)
    before = journal.head()
    assert act(number, clerk, EventKind.REPORT, "开工", Grade.ON_TRACK, Decimal(10), files=files) == first
    assert journal.head() == before
    assert act(number, clerk, EventKind.REPORT, "开工", Grade.ON_TRACK, Decimal(15), files=files) != first
    assert act(number, clerk, EventKind.REPORT, "开工", Grade.ON_TRACK, Decimal(15)) != first


def test_the_same_key_is_the_same_act() -> None:
    number, office = task("逾期", in_days(-3)), acts("office")
    first = act(number, office, EventKind.REMIND, "请抓紧", key="a")
    assert act(number, office, EventKind.REMIND, "请抓紧", key="a") == first
    assert act(number, office, EventKind.REMIND, "请抓紧", key="b") != first
    assert now(number).standing.reminders == 2
    with pytest.raises(Refused, match="TSK-121"):
        act(number, office, EventKind.LIST, "挂牌", key="a")


def test_what_is_cancelled_goes_with_all_below_it() -> None:
    top = task("上级", in_days(30))
    lead = acts("clerk").body
    assert lead is not None
    stage = add(Wanted(TaskKind.OTHER, "阶段", ((lead, Part.SOLE),), parent=top, due=in_days(-2)), acts("office"))
    below = add(Wanted(TaskKind.OTHER, "再下级", ((lead, Part.SOLE),), parent=stage), acts("office"))
    done = add(Wanted(TaskKind.OTHER, "已办结", ((lead, Part.SOLE),), parent=top), acts("office"))
    act(done, acts("office"), EventKind.STATE, "已办", Grade.DONE)
    act(top, acts("office"), EventKind.CANCEL, "文件废止")
    states = {row.id: row.standing.state for row in store.tasks(Q(pk__in=[top, stage, below, done]))}
    assert states == {top: State.CANCELLED, stage: State.CANCELLED, below: State.CANCELLED, done: State.DONE}
    assert [row.act for row in journal.of_subject(f"task/{below}")][-1] == "task.cancel"


def test_nobody_moves_a_due_day_or_a_part_by_itself() -> None:
    for kind in (EventKind.ASSIGN, EventKind.REDATE, EventKind.SHARE):
        with pytest.raises(Refused, match="TSK-119"):
            act(task("其他", None), acts("office"), kind, "依据")


def test_who_has_reported_and_who_has_not_is_told() -> None:
    number = given_as(task("各自负责的", in_days(30), helped=True), Part.SHARED)
    TaskBody.objects.filter(task=number).update(part=Part.SHARED)
    act(number, acts("helper"), EventKind.REPORT, "本单位部分已完成", Grade.DONE)
    told = {row.part.name: (row.reported_on, row.grade) for row in store.shares(now(number))}
    assert told == {"县工信局": (None, None), "县住建局": (in_days(0), Grade.DONE)}
    helped = task("有人配合的", in_days(30), helped=True)
    act(helped, acts("helper"), EventKind.CONFIRM)
    assert [row.confirmed_on for row in store.shares(now(helped))] == [None, in_days(0)]
    assert [row.confirmed_on for row in store.shares(now(helped), in_days(-1))] == [None, None]


def test_who_judges_the_own_report_is_shown_as_such() -> None:
    office = acts("office")
    lead = acts("clerk").body
    assert lead is not None
    own = replace(office, body=lead, bodies=frozenset({lead}))
    mine, others = task("自报的", in_days(30)), task("他人报的", in_days(30))
    act(mine, own, EventKind.REPORT, "办完了", Grade.DONE)
    act(others, acts("clerk"), EventKind.REPORT, "办完了", Grade.DONE)
    for number, is_same in ((mine, True), (others, False)):
        act(number, office, EventKind.ACCEPT)
        assert [row.is_by_same for row in store.events(number)] == [False, False, is_same]
