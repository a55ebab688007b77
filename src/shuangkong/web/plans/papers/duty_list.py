"""责任分工表: who answers for each task of a plan, filled from the records."""

from __future__ import annotations

from datetime import date

from django.db.models import Q

from shuangkong.papers.official.paper import Issue
from shuangkong.papers.plans.duty_list import DutyLine, DutyListInput, duty_list_docx, duty_list_xlsx
from shuangkong.plans.tasks.events import State
from shuangkong.plans.tasks.recurrence import Recurrence
from shuangkong.records.people.access import may, require
from shuangkong.records.people.acting import Acting
from shuangkong.records.people.roles import Action
from shuangkong.records.plans import store as plans
from shuangkong.records.plans.tasks import store
from shuangkong.records.plans.tasks.naming import told_name
from shuangkong.records.plans.tasks.rows import TaskRow
from shuangkong.web.plans.papers.called import Called, called
from shuangkong.web.plans.papers.making import LISTED, Made, basis_of, made, nothing, printed_deadline


def make_duty_list(plan_id: int, issue: Issue, by: Acting, on: date) -> Made:
    """The duty list of a plan as the records have it now; ``on`` is today. ~12 queries.

    A department's list holds its own tasks only, and says so in its title.

    Raises:
        Forbidden: the person makes no papers.
        Refused: no such plan, or no tasks in it that the person, or the body acted for, makes papers about.
        TemplateRefused: a template of the office cannot be used.
    """
    require(by, Action.PAPER_MAKE)
    plan = plans.plan(plan_id)
    listed = Q(plan=plan_id, kind__in=LISTED) & ~Q(state=State.CANCELLED)
    condition = listed & store.readable(by, Action.PAPER_MAKE)
    found = store.tasks(condition, ("pk",))
    is_whole = plan is not None and may(by, Action.PAPER_MAKE, plan.where)
    if plan is None or not found or not (is_whole or by.body_name):
        raise nothing()
    only_of = "" if is_whole else by.body_name
    names = called(found, on)
    lines = tuple(_line(each, names) for each in found)
    given = DutyListInput(issue, basis_of(condition, on), plan.title, plan.doc_no, lines, only_of)
    return made(
        given, f"paper/duty_list/{plan_id}", plan.path, by,
        lambda sealed, templates: (duty_list_docx(sealed, templates), duty_list_xlsx(sealed)),
    )  # fmt: skip


def _line(task: TaskRow, names: Called) -> DutyLine:
    said = printed_deadline(task)
    return DutyLine(
        task.number, told_name(task), names.duties(task), task.standing.due, said, Recurrence(task.recurrence)
    )
