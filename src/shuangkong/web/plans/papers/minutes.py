"""会议纪要: what a meeting heard and settled, filled from the records."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from shuangkong.papers.official.paper import Issue, day
from shuangkong.papers.plans.minutes import AgendaItem, MinutesInput, Settled, minutes_docx
from shuangkong.papers.plans.saying import GRADES, STATES, responsible
from shuangkong.plans.tasks.events import ANSWERING
from shuangkong.records.people.access import Where, require
from shuangkong.records.people.acting import Acting
from shuangkong.records.people.roles import Action
from shuangkong.records.plans.tasks import store
from shuangkong.records.plans.tasks.naming import told_name
from shuangkong.records.plans.tasks.rows import MeetingRow, TaskRow
from shuangkong.records.registry import store as registry
from shuangkong.web.plans.papers.called import Called, called
from shuangkong.web.plans.papers.making import Made, basis_of, made


@dataclass(frozen=True, slots=True)
class Attendance:
    """Where a meeting was and who was there, as it is to be printed: the records do not know it."""

    place: str
    chair: str
    present: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()
    listening: tuple[str, ...] = ()


def make_minutes(meeting: MeetingRow, attendance: Attendance, issue: Issue, by: Acting, on: date) -> Made:
    """The minutes of a meeting as the records have it now; ``on`` is today. ~17 queries.

    Raises:
        Forbidden: the person holds no meetings there, or makes no papers.
        TemplateRefused: a template of the office cannot be used.
    """
    require(by, Action.MEETING_HOLD, Where(meeting.path))
    require(by, Action.PAPER_MAKE, Where(meeting.path))
    condition = Q(pk__in=[*meeting.agenda, *meeting.decided])
    tasks = {each.id: each for each in store.tasks(condition)}
    names = called(tasks.values(), on)
    said = {task: report.text for task, report in store.reports_waiting(meeting.agenda).items()}
    given = MinutesInput(
        issue=issue,
        basis=basis_of(condition, on, registry.region(meeting.region)),
        title=meeting.title,
        held_on=meeting.on,
        place=attendance.place,
        chair=attendance.chair,
        agenda=tuple(_item(tasks[each], names, said.get(each, "")) for each in meeting.agenda if each in tasks),
        settled=tuple(_settled(tasks[each], names) for each in meeting.decided if each in tasks),
        heard=tuple(line.strip() for line in meeting.minutes.splitlines() if line.strip()),
        present=attendance.present,
        absent=attendance.absent,
        listening=attendance.listening,
    )
    return made(
        given, f"paper/minutes/{meeting.id}", meeting.path, by,
        lambda sealed, templates: (minutes_docx(sealed, templates), None),
    )  # fmt: skip


def _item(task: TaskRow, names: Called, said: str) -> AgendaItem:
    """责任单位：某局；时限：2024年5月6日；办理中，进度滞后。最近报送：…。"""
    due = f"；时限：{day(task.standing.due)}" if task.standing.due else ""
    stands = f"；{STATES[task.standing.state]}，{GRADES[task.standing.grade]}。"
    heard = f"最近报送：{said.rstrip('。')}。" if said else "没有报送进展。"
    return AgendaItem(told_name(task), f"责任单位：{responsible(names.duties(task))}{due}{stands}{heard}")


def _settled(task: TaskRow, names: Called) -> Settled:
    """The offices that answer; who helps stands in the task."""
    bodies = dict.fromkeys(each.body for each in names.duties(task) if each.part in ANSWERING)
    return Settled(told_name(task), tuple(bodies), task.standing.due)
