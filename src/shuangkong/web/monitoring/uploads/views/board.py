"""用能单位上传: which units upload their energy, and are the figures whole?"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from shuangkong.core.finding import Finding
from shuangkong.monitoring.findings import BELOW_ZERO, OFF_THE_GRID, finding
from shuangkong.monitoring.uploads.faults import Fault, faults
from shuangkong.records.monitoring.uploads import connecting, freezing
from shuangkong.records.monitoring.uploads.looking import AccessRow, access_ends, seen
from shuangkong.records.monitoring.uploads.oddities import below_zero, off_the_grid
from shuangkong.records.outlook.response.workdays import workdays_after
from shuangkong.records.people.access import may
from shuangkong.records.people.roles import Action
from shuangkong.records.refusal import Refused
from shuangkong.records.registry.tree import path_of
from shuangkong.rulebook import open_rulebook
from shuangkong.web.monitoring.uploads.tables import dashed, ends_table, items_table, standing
from shuangkong.web.plans.tasks.framed import at_form, refused_status
from shuangkong.web.site.access import acting_of, needs, reached
from shuangkong.web.site.page import page
from shuangkong.web.site.scope import link, near_month, scope_of

_HOUR_MINUTES = 60
_TERM = "monitoring/uploads/repair_days"


@require_GET
@needs(Action.MONITORING_READ)
def every(request: HttpRequest) -> HttpResponse:
    """Units that upload, below the place that one is looking at, in a month (``month=2026-03``; else this one)."""
    return _board(request, None)


@require_POST
@needs(Action.MONITORING_CONNECT)
def freeze_all(request: HttpRequest) -> HttpResponse:
    """Freezes the month of every unit of the board that the person connects; where it lacks only if that is said."""
    month, is_every = _month(request), "lacking" in request.POST
    rows = [each for each in _rows(request, month) if _may_freeze(request, each)]
    open_ = [each.id for each in rows if is_every or not each.lacks_month]
    try:
        count = freezing.freeze(open_, month, acting_of(request), request.POST.get("ground", ""))
    except Refused as refused:
        return _board(request, at_form(refused))
    messages.success(request, _("已冻结 %(count)s 家的月值。") % {"count": count})
    return redirect(link(request, "uploads:board", month=f"{month:%Y-%m}"))


def _rows(request: HttpRequest, month: date) -> tuple[AccessRow, ...]:
    place = scope_of(request).place
    condition = seen(acting_of(request), path_of(place) if place else "") & Q(ended_at=None)
    return access_ends(condition, month, timezone.localdate())


def _may_freeze(request: HttpRequest, row: AccessRow) -> bool:
    return not row.is_frozen and may(acting_of(request), Action.MONITORING_CONNECT, row.where)


def _is_over(month: date) -> bool:
    return month < timezone.localdate().replace(day=1)


def _board(request: HttpRequest, refusal: Refused | None) -> HttpResponse:
    month = _month(request)
    rows = _rows(request, month)
    least, most = _limits(month)
    open_ = [each for each in rows if _may_freeze(request, each)]
    context = {
        "month": f"{month:%Y-%m}",
        "count": len(rows),
        "waiting": sum(not each.is_confirmed for each in rows),
        "frozen": sum(each.is_frozen for each in rows),
        "may_freeze": bool(open_) and _is_over(month),
        "lacking": sum(each.lacks_month for each in open_),
        "ground": request.POST.get("ground", ""),
        "incomplete": sum(each.completeness_pct is not None and each.completeness_pct < least for each in rows),
        "least": least,
        "most": most,
        "late": sum(_is_late(each, month) for each in rows),
        "term": _repair_days(month),
        "refusal": refusal,
    }
    table = ends_table(request, rows, least, most)
    return page(request, "uploads/board.html", context, {"ends_table": table}, refused_status(refusal))


@require_GET
@needs(Action.MONITORING_READ)
def one(request: HttpRequest, number: int) -> HttpResponse:
    """One access end: its items, their month, and what can be done with it."""
    return _one_page(request, _found(request, number), None)


@require_POST
@needs(Action.MONITORING_CONNECT)
def act_on(request: HttpRequest, number: int) -> HttpResponse:
    """Confirms or ends it."""
    held, ground, month = _found(request, number), request.POST.get("ground", ""), _month(request)
    try:
        if request.POST.get("act") in ("freeze", "open"):
            if request.POST["act"] == "freeze":
                freezing.freeze((number,), month, acting_of(request), ground)
                messages.success(request, _("已冻结，月值只读。"))
            else:
                freezing.reopen(number, month, acting_of(request), ground)
                messages.success(request, _("已解冻，月值可以重传。"))
            return redirect(link(request, "uploads:one", number, month=f"{month:%Y-%m}"))
        if request.POST.get("act") == "end":
            connecting.end(number, acting_of(request), ground)
            messages.success(request, _("已停用，已上传的数据保留。"))
        else:
            connecting.confirm(number, acting_of(request), ground)
            messages.success(request, _("已确认，接入端下次登记时取得编号。"))
    except Refused as refused:
        return _one_page(request, held, at_form(refused))
    return redirect(link(request, "uploads:board"))


def _one_page(request: HttpRequest, held: AccessRow, refusal: Refused | None) -> HttpResponse:
    least, most = _limits(_month(request))
    context = {
        "row": held,
        "standing": standing(held),
        "month": f"{_month(request):%Y-%m}",
        "may_connect": may(acting_of(request), Action.MONITORING_CONNECT, held.where) and not held.is_ended,
        "is_over": _is_over(_month(request)),
        "faults": _faults(held, _month(request)),
        "term": _repair_days(_month(request)),
        "findings": _findings(held.id, _month(request)),
        "refusal": refusal,
        "ground": request.POST.get("ground", ""),
    }
    table = items_table(held.items, least, most, is_demo=held.is_fictional)
    return page(request, "uploads/one.html", context, {"items_table": table}, refused_status(refusal))


def _repair_days(month: date) -> int:
    return int(open_rulebook().parameter(_TERM, month).number)


def _faults(row: AccessRow, month: date) -> list[tuple[str, Fault]]:
    """Days without a figure, item by item: the faults of the month, whole where they began before it or went on."""
    days, today = _repair_days(month), timezone.localdate()
    return [
        (f"{dashed(each.code)} {each.name}".strip(), one)
        for each in row.items
        for one in faults(
            each.quality.missing, today, lambda first: workdays_after(first, days), each.began, each.lasted
        )
    ]


def _is_late(row: AccessRow, month: date) -> bool:
    return any(one.is_late for _name, one in _faults(row, month))


def _findings(access: int, month: date) -> list[Finding]:
    """What was taken though it can hardly be. 4 queries."""
    book = open_rulebook()
    checks, cycle = book.monitoring().checks, book.parameter("monitoring/uploads/usual_hours", month).number
    minutes = max(1, int(cycle * _HOUR_MINUTES))
    told = ((BELOW_ZERO, below_zero(access, month)), (OFF_THE_GRID, off_the_grid(access, month, minutes)))
    return [
        finding(checks, code, each.code, name=f"{dashed(each.code)} {each.name}".strip(), month=f"{month:%Y-%m}",
                count=each.count, at=f"{each.first_at:%Y-%m-%d %H:%M}", value=f"{each.value:f}", minutes=minutes)
        for code, odd in told
        for each in odd
    ]  # fmt: skip


def _found(request: HttpRequest, number: int) -> AccessRow:
    rows = access_ends(Q(pk=number), _month(request), timezone.localdate())
    if not rows:
        raise Http404(number)
    reached(request, rows[0].where, Action.MONITORING_READ)
    return rows[0]


def _month(request: HttpRequest) -> date:
    """The first day of the month that a form or the address names; of this month where none is."""
    return near_month(request.POST.get("month", "") or request.GET.get("month", "")) or timezone.localdate().replace(
        day=1
    )


def _limits(month: date) -> tuple[Decimal, Decimal]:
    book = open_rulebook()
    least, most = (
        book.parameter(f"monitoring/uploads/{name}", month).numbers[0]
        for name in ("least_completeness", "most_deviation")
    )
    return least, most
