"""一企一档事项: undertakings, advice of audits, metering reviews, certificates and evaluations of units."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.http import HttpRequest
from django.utils import timezone

from shuangkong.records.people.roles import Action
from shuangkong.records.refusal import Refused
from shuangkong.records.registry.tree import path_of
from shuangkong.records.reporting import entry_store, file_entries, store
from shuangkong.records.reporting.entry_planning import plan_reviews
from shuangkong.records.reporting.entry_store import EntryRow
from shuangkong.records.reporting.entry_systems import system_counts
from shuangkong.records.reporting.file_entries import ToTell
from shuangkong.reporting.entry_kinds import EntryKind
from shuangkong.reporting.entry_life import EntryEvent
from shuangkong.web.api.identity import caller, reached
from shuangkong.web.api.operations.bodies import reached_place
from shuangkong.web.api.operations.entry_shapes import (
    EntriesKept,
    EntryActTold,
    EntryToMake,
    EntryWhole,
    Judged,
    PlannedReviews,
    ReviewsToPlan,
    SystemsCounted,
)
from shuangkong.web.api.room import Done, Made, Room
from shuangkong.web.api.values import Line, Number

room = Room(tags=["reporting"])
_PAGE = 500


@room.reads("/reporting/entries", Action.ENTRY_READ, EntriesKept)
def list_file_entries(
    request: HttpRequest, kind: Line | None = None, unit: Number | None = None, after: Number | None = None
) -> Any:
    """一企一档事项：按编号排列，可按种类、单位筛选；下一页把 next 作为 after 传回。"""
    asked = entry_store.readable(caller(request)) & Q(pk__gt=after or 0)
    if kind is not None:
        asked &= Q(kind=_kind(kind).value)
    if unit is not None:
        asked &= Q(reporter=unit)
    rows = entry_store.entries(asked, "pk", count=_PAGE + 1)
    return {"items": list(map(_said, rows[:_PAGE])), "next": rows[_PAGE - 1].id if len(rows) > _PAGE else None}


@room.reads("/reporting/entries/{file_entry_id}", Action.ENTRY_READ, EntryWhole)
def get_file_entry(request: HttpRequest, file_entry_id: Number) -> Any:
    """一件事项：内容、经过、现在能办什么。"""
    row = _entry(request, file_entry_id)
    return _said(row) | {
        "events": [
            {"event": each.event.value, "told": dict(each.told), "ground": each.ground, "author": each.author,
             "at": each.at, "papers": [name for _number, name in each.papers]}
            for each in entry_store.history(row.id)
        ],
        "next": [each.value for each in file_entries.events_for(row, caller(request))],
    }  # fmt: skip


@room.does("/reporting/units/{reporter_id}/entries", Action.ENTRY_READ, Made)
def add_file_entry(request: HttpRequest, reporter_id: Number, told: EntryToMake) -> Any:
    """登记一件事项：单位登记自己的承诺、审计建议和认证，机关另可列审查和评价。"""
    row = next(iter(store.reporters(Q(pk=reporter_id))), None)
    reached(request, row.where if row else None, Action.ENTRY_READ)
    assert row is not None
    said = ToTell(told.told, told.ground)
    return {"id": file_entries.enter(_kind(told.kind), row, said, caller(request), is_demo=row.is_fictional)}


@room.does("/reporting/entries/{file_entry_id}/act", Action.ENTRY_READ, Done)
def act_on_file_entry(request: HttpRequest, file_entry_id: Number, told: EntryActTold) -> Any:
    """办理一件事项：能办什么看它的 next。"""
    row = _entry(request, file_entry_id)
    event = next((each for each in EntryEvent if each == told.event and each is not EntryEvent.ENTER), None)
    if event is None:
        known = "、".join(each.value for each in file_entries.events_for(row, caller(request)))
        zh = f"没有这种办法“{told.event[:20]}”。现在可以：{known}。"
        raise Refused("RPT-740", zh, f"No such act. Possible now: {known}.", "event")
    file_entries.act(row.id, event, ToTell(told.told, told.ground), caller(request))
    return {"done": True}


@room.does("/reporting/entries/{file_entry_id}/judge", Action.ENTRY_DECIDE, Judged)
def judge_file_entry(request: HttpRequest, file_entry_id: Number) -> Any:
    """按已接收的行政报表判定一项承诺是否兑现。"""
    return {"kept": file_entries.judge(_entry(request, file_entry_id).id, caller(request))}


@room.does("/reporting/reviews", Action.ENTRY_DECIDE, PlannedReviews)
def plan_metering_reviews(request: HttpRequest, told: ReviewsToPlan) -> Any:
    """列一年的能源计量审查计划：写单位代码，或不写、列入这里全部重点用能单位。"""
    reached_place(request, told.region, Action.ENTRY_READ)
    made = plan_reviews(path_of(told.region), told.units, ToTell(told.told), caller(request))
    return {"made": list(made.made), "there": made.there}


@room.reads("/reporting/systems", Action.ENTRY_READ, SystemsCounted)
def count_management_systems(request: HttpRequest) -> Any:
    """能源管理体系覆盖：按地区和行业，重点和非重点用能单位分开。"""
    found = system_counts(caller(request), timezone.localdate())
    return {
        "items": [
            {"region": each.region, "sector": each.sector, "units": each.units, "key": each.key,
             "others": each.others, "evaluated": each.evaluated, "good": each.good}
            for each in found
        ]
    }  # fmt: skip


def _kind(text: str) -> EntryKind:
    """Raises Refused."""
    found = next((each for each in EntryKind if each == text), None)
    if found is None:
        known = "、".join(EntryKind)
        raise Refused("RPT-741", f"没有这种事项“{text[:20]}”。应为 {known}。", f"Expected one of {known}.", "kind")
    return found


def _entry(request: HttpRequest, number: int) -> EntryRow:
    """Raises Http404, also where the caller may not see it."""
    found = entry_store.entry(number)
    reached(request, found.where if found else None, Action.ENTRY_READ)
    assert found is not None
    return found


def _said(row: EntryRow) -> dict[str, Any]:
    return {
        "id": row.id, "kind": row.kind.value, "unit": row.reporter.code, "name": row.reporter.name,
        "region": row.reporter.region, "state": row.standing.state.value, "due": row.standing.due,
        "late": row.is_late(timezone.localdate()), "told": dict(row.told), "is_demo": row.is_demo,
    }  # fmt: skip
