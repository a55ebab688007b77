"""数据标记: marks on hours of outlets, those that wait for the authority's agreement too."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.http import Http404, HttpRequest

from shuangkong.monitoring.mark import Mark
from shuangkong.records.monitoring import marks
from shuangkong.records.monitoring.marks import MarkRow, Reason
from shuangkong.records.monitoring.models import Mark as MarkTable
from shuangkong.records.monitoring.models import Outlet
from shuangkong.records.people.access import require
from shuangkong.records.people.roles import Action
from shuangkong.web.api.identity import caller
from shuangkong.web.api.operations.monitoring_shapes import (
    HoursMarked,
    HoursMarkTold,
    MarksOf,
    Moment,
    Page,
    WaitingMarks,
    WhyTold,
)
from shuangkong.web.api.room import Done, Room
from shuangkong.web.api.values import Number
from shuangkong.web.monitoring.live import readable
from shuangkong.web.monitoring.pushing import push_marks
from shuangkong.web.monitoring.views.outlet import outlet_or_404, where_of

room = Room(tags=["monitoring"])
_A_PAGE = 500
_NAMES = ("id", "outlet", "factor", "starts_at", "ends_at", "mark", "origin", "reason", "text", "author", "at",
          "waits", "agreed_by")  # fmt: skip


@room.reads("/monitoring/outlets/{outlet_id}/marks", Action.MONITORING_READ, MarksOf)
def list_outlet_marks(request: HttpRequest, outlet_id: Number, start: Moment, end: Moment) -> Any:
    """一个排放口一段时间的标记：等主管部门同意、尚不作数的（waits）在前，其余后面的优先。"""
    found = outlet_or_404(request, outlet_id)
    rows = [each for each in marks.marks([found.pk], start, end, is_withdrawn_too=True) if not each.is_withdrawn]
    return {"items": [_told(each) for each in sorted(rows, key=lambda row: not row.waits)]}


@room.reads("/monitoring/waiting-marks", Action.MONITORING_READ, WaitingMarks)
def list_waiting_marks(request: HttpRequest, page: Page = 1) -> Any:
    """等主管部门同意的企业标记，时段早的在前；一页最多 500 个，以 next 为 page 接着取，直到 next 为空。"""
    rows = marks.waiting(Q(outlet__in=Outlet.objects.filter(readable(caller(request))).values("pk")))
    count, start = rows.count(), (page - 1) * _A_PAGE
    found = [marks.row_of(each) for each in rows[start : start + _A_PAGE]]
    return {
        "items": [_told(each) for each in found],
        "count": count,
        "next": page + 1 if start + len(found) < count and found else None,
    }


@room.does("/monitoring/outlets/{outlet_id}/marks/{mark_id}/agree", Action.MONITORING_READ, Done)
def agree_outlet_mark(request: HttpRequest, outlet_id: Number, mark_id: Number, told: WhyTold) -> Any:
    """主管部门同意企业的一个标记；在此之前它不作数。"""
    found, row = _found(request, outlet_id, mark_id)
    marks.agree(mark_id, caller(request), told.ground)
    _pushed(found, row.starts_at, row.ends_at)
    return Done()


@room.does("/monitoring/outlets/{outlet_id}/marks", Action.MONITORING_READ, HoursMarked)
def mark_outlet_hours(request: HttpRequest, outlet_id: Number, told: HoursMarkTold) -> Any:
    """标记一段整点小时；结束不含。企业的标记没有标记规则可依的，等主管部门同意（waits），同意之前不作数。"""
    found = outlet_or_404(request, outlet_id)
    require(caller(request), Action.MONITORING_MARK, where_of(found))
    made = marks.mark_hours(
        found.pk, told.factor, told.starts_at, told.ends_at, Mark(told.mark), Reason(told.reason), caller(request),
        told.text,
    )  # fmt: skip
    waits = MarkTable.objects.filter(pk=made, waits=True).exists()
    if not waits:
        _pushed(found, told.starts_at, told.ends_at)
    return {"id": made, "waits": waits}


@room.does("/monitoring/outlets/{outlet_id}/marks/{mark_id}/withdraw", Action.MONITORING_READ, Done)
def withdraw_outlet_mark(request: HttpRequest, outlet_id: Number, mark_id: Number, told: WhyTold) -> Any:
    """撤销一个标记。"""
    found, row = _found(request, outlet_id, mark_id)
    marks.withdraw(mark_id, caller(request), told.ground)
    _pushed(found, row.starts_at, row.ends_at)
    return Done()


def _found(request: HttpRequest, outlet: int, number: int) -> tuple[Outlet, MarkTable]:
    """Raises Http404, also where the caller may not see the outlet, and Forbidden where it marks nothing there."""
    found = outlet_or_404(request, outlet)
    require(caller(request), Action.MONITORING_MARK, where_of(found))
    row = MarkTable.objects.filter(pk=number, outlet=found).first()
    if row is None:
        raise Http404
    return found, row


def _told(row: MarkRow) -> dict[str, Any]:
    return {name: getattr(row, name) for name in _NAMES}


def _pushed(outlet: Outlet, first: datetime, last: datetime) -> None:
    transaction.on_commit(lambda: push_marks(outlet.pk, first, last))
