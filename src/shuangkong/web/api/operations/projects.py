"""重点工程: the list, one with its tonnes and events, the sums against the plan's targets; registering and acting."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.http import Http404, HttpRequest
from django.utils import timezone

from shuangkong.outlook.projects.comparison import Compared
from shuangkong.outlook.projects.told import (
    Assignment,
    Content,
    EventKind,
    Linked,
    MonthTold,
    Nothing,
    Particulars,
    Proof,
    Retracted,
)
from shuangkong.records.indicators.emissions.store import readable as reductions_readable
from shuangkong.records.outlook.projects import acts, ledger, store
from shuangkong.records.outlook.projects.kept import plain
from shuangkong.records.outlook.projects.rows import KeyProjectRow, Registered, Said
from shuangkong.records.paths import below
from shuangkong.records.people.access import may, visible
from shuangkong.records.people.roles import Action
from shuangkong.records.refusal import Refused
from shuangkong.records.registry import store as registry
from shuangkong.web.api.identity import caller
from shuangkong.web.api.operations.bodies import reached_place
from shuangkong.web.api.operations.project_shapes import (
    KeyProject,
    KeyProjects,
    ParticularsTold,
    ProjectActTold,
    ProjectEvents,
    ProjectSums,
    ProjectTold,
    ProjectTonnes,
    Year,
)
from shuangkong.web.api.room import Done, Made, Room
from shuangkong.web.api.values import Code, Day, Number, figure
from shuangkong.web.indicators.place import Place
from shuangkong.web.outlook.projects.clock import Followed, followed
from shuangkong.web.outlook.projects.sums import sums_of
from shuangkong.web.outlook.projects.yearly import yearly

room = Room(tags=["projects"])


@room.reads("/projects", Action.PROJECT_READ, KeyProjects)
def list_projects(request: HttpRequest, as_of: Day | None = None) -> Any:
    """重点工程；as_of 为过去某日。"""
    rows = store.projects(store.readable(caller(request)), as_of)
    return {"items": [_told(each) for each in followed(rows, as_of or timezone.localdate())]}


@room.reads("/projects/{project_id}", Action.PROJECT_READ, KeyProject)
def get_project(request: HttpRequest, project_id: Number, as_of: Day | None = None) -> Any:
    """一项重点工程。"""
    [found] = followed([_found(request, project_id, as_of)], as_of or timezone.localdate())
    return _told(found)


@room.reads("/projects/{project_id}/tonnes", Action.PROJECT_READ, ProjectTonnes)
def get_project_tonnes(request: HttpRequest, project_id: Number, as_of: Day | None = None) -> Any:
    """一项重点工程各年的任务和认定的减排量。"""
    row = _found(request, project_id, as_of)
    return {"items": yearly(row, ledger.recognised(row, ledger.linked([row], as_of)))}


@room.reads("/projects/{project_id}/events", Action.PROJECT_READ, ProjectEvents)
def list_project_events(request: HttpRequest, project_id: Number, as_of: Day | None = None) -> Any:
    """一项重点工程的经过：每一次列入、下达、调度、证明、更正。"""
    row = _found(request, project_id, as_of)
    return {
        "items": [
            {
                "id": each.id, "kind": each.event.kind, "on": each.event.on, "told": plain(each.event.content),
                "text": each.text, "document": each.document, "author": each.author, "at": each.at,
                "journal": each.journal,
            }
            for each in row.happened
        ]
    }  # fmt: skip


@room.reads("/regions/{code}/project-sums", Action.PROJECT_READ, ProjectSums)
def project_sums(request: HttpRequest, code: Code, year: Year | None = None, as_of: Day | None = None) -> Any:
    """一个地区的重点工程与方案的重点工程减排量比较；year 为方案覆盖的一年。"""
    where, region, by = reached_place(request, code, Action.PROJECT_READ), registry.region(code), caller(request)
    if region is None:
        raise Http404
    place = Place(region, where.path)
    rows = store.projects(store.readable(by) & below(place.path), as_of)
    seen = visible(by, Action.PLAN_READ, "region__path")
    of = year or (as_of or timezone.localdate()).year
    found = sums_of(place, rows, seen, reductions_readable(by), as_of, of)
    return {"items": [_sum(each) for each in found.compared], "unlinked": [each.id for each in found.unlinked]}


@room.does("/projects", Action.PROJECT_REGISTER, Made)
def register_project(request: HttpRequest, told: ProjectTold) -> Any:
    """列入重点工程。"""
    reached_place(request, told.region, Action.PROJECT_READ, Action.PROJECT_REGISTER)
    wanted = Registered(told.region, told.owner, _particulars(told), told.text, told.document)
    return {"id": acts.register(wanted, caller(request))}


@room.does("/projects/{project_id}/acts", Action.PROJECT_READ, Done)
def act_on_project(request: HttpRequest, project_id: Number, told: ProjectActTold) -> Any:
    """月度调度、运行证明、撤回、下达任务、挂接减排项目、变更、结束调度、撤销。"""
    row = _found(request, project_id)
    acts.act(row.id, caller(request), told.kind, Said(_content(told, row), told.text, told.document))
    return Done()


def _found(request: HttpRequest, project_id: int, as_of: date | None = None) -> KeyProjectRow:
    """Raises Http404, also where the caller may not see it."""
    row = store.project(project_id, as_of)
    if row is None or not may(caller(request), Action.PROJECT_READ, row.where):
        raise Http404
    return row


def _told(found: Followed) -> dict[str, Any]:
    row, held = found.row, found.row.held
    columns = {name: getattr(row, name) for name in KeyProject.model_fields if hasattr(row, name)}
    told = {name: getattr(held.particulars, name) for name in KeyProject.model_fields if name not in columns
            and hasattr(held.particulars, name)}  # fmt: skip
    faults = found.standing.faults if found.standing else {}
    return columns | told | {
        "done": {step.value: day for step, day in held.done.items()},
        "state": found.state,
        "faults": {fault.value: list(grounds) for fault, grounds in faults.items()},
        "is_stable": found.running.is_stable if found.running else None,
        "reductions": sorted(held.reductions),
    }  # fmt: skip


def _sum(each: Compared) -> dict[str, Any]:
    due = each.due
    names = ("projects", "expected_t", "assigned_t", "counted_t", "completion_pct", "short_t", "uncovered_t")
    return {name: getattr(each, name) for name in names} | {
        "target": due.target, "pollutant": due.pollutant, "place": due.place, "name": due.name,
        "target_t": due.amount_t, "first_year": due.years[0], "last_year": due.years[-1],
    }  # fmt: skip


def _particulars(told: ParticularsTold) -> Particulars:
    names = ("name", "family", "since", "source", "outlet", "measure", "task", "funding", "ppp", "land", "approval")
    return Particulars(
        **{name: getattr(told, name) for name in names},
        milestones={step.value: day for step, day in told.milestones.items()},
        expected={key: Decimal(amount) for key, amount in told.expected.items()},
        investment_cny=figure(told.investment_cny),
    )


def _content(told: ProjectActTold, row: KeyProjectRow) -> Content:
    """Raises Refused where the words of the act are not all there."""
    month, (running, compliant) = told.month or "", (figure(told.running_pct), figure(told.compliant_pct))
    match told.kind:
        case EventKind.DISPATCH if told.stage is not None:
            done = {step.value: day for step, day in told.done.items()}
            return MonthTold(month, told.stage, figure(told.invested_cny), figure(told.progress_pct), done)
        case EventKind.PROVE if running is not None and compliant is not None:
            return Proof(month, running, compliant)
        case EventKind.RETRACT:
            return Retracted(month)
        case EventKind.ASSIGN if told.year is not None:
            return Assignment(told.pollutant, told.year, figure(told.amount_t), told.target, told.task)
        case EventKind.LINK | EventKind.RELEASE if told.reduction is not None:
            return Linked(told.reduction)
        case EventKind.REVISE if told.particulars is not None:
            return acts.revision(row, _particulars(told.particulars))
        case EventKind.END | EventKind.WITHDRAW | EventKind.REGISTER:
            return Nothing()
    raise Refused(
        "OUT-863", "这一办法要说的内容不全。请看接口说明。", "The act lacks what it is to say: see kind.", "kind"
    )
