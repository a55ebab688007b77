"""审核台: which returns wait for me, the gravest first; and those that I can approve, many at once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from shuangkong.core.finding import Severity
from shuangkong.records.people.access import may
from shuangkong.records.people.acting import Acting
from shuangkong.records.people.roles import Action
from shuangkong.records.refusal import Refused
from shuangkong.records.reporting import store
from shuangkong.records.reporting.accepting import accept_read, without_open_findings
from shuangkong.records.reporting.acts import approve_all
from shuangkong.records.reporting.competence import decided_by, done_where_one_is
from shuangkong.records.reporting.later import later_findings, with_later
from shuangkong.records.reporting.models import FoundFinding
from shuangkong.records.reporting.own_filed import own_among
from shuangkong.records.reporting.pace import LATER
from shuangkong.records.reporting.rows import ReturnRow
from shuangkong.reporting.life import WAITING, State
from shuangkong.web.plans.tasks.framed import at_form
from shuangkong.web.reporting.petition_page import desk_table
from shuangkong.web.reporting.waiting import put_off_lines
from shuangkong.web.reporting.words import SEVERITIES, STATES, form_name, form_word, only_first, period_word
from shuangkong.web.site.access import acting_of, needs
from shuangkong.web.site.page import page
from shuangkong.web.site.scope import link, whole
from shuangkong.web.site.tables import Cell, Column, Row, Table, text_cell
from shuangkong.web.site.words import spoken

_MOST, _PAGE, _SHOWN = 500, 50, 3
#: In which order returns wait for review and for approval, and what parts a place in it.
_ORDER, _READY_ORDER, _PARTED = ("first_month", "changed_at", "pk"), ("first_month", "form", "pk"), "~"
#: Returns that are approved from one page.
_READY = 100


@require_GET
@needs(Action.RETURN_READ)
def desk(request: HttpRequest) -> HttpResponse:
    """What waits for the desk, and what waits for the approval of the person's own level."""
    return _page(request, None)


@require_POST
@needs(Action.RETURN_APPROVE)
def approve(request: HttpRequest) -> HttpResponse:
    """Approves those that were ticked, whole or not at all."""
    form = request.POST
    numbers = [number for each in form.getlist("return") if (number := whole(each)) is not None]
    read = {number: whole(form.get(f"version-{number}", "")) for number in numbers}
    try:
        if not numbers:
            raise Refused("RPT-919", "没有勾选报表。请勾选要审批的。", "Nothing is ticked.")
        count = approve_all(numbers, acting_of(request), form.get("ground", ""), read)
    except Refused as refusal:
        return _page(request, at_form(refusal))
    messages.success(request, ngettext("已通过 %(n)s 份。", "已通过 %(n)s 份。", count) % {"n": count})
    return redirect(link(request, "reporting:desk"))


@require_POST
@needs(Action.RETURN_REVIEW)
def accept(request: HttpRequest) -> HttpResponse:
    """Accepts those that were ticked, each by itself; what could not be accepted is told one by one."""
    form = request.POST
    numbers = [number for each in form.getlist("accept") if (number := whole(each)) is not None]
    read = {number: whole(form.get(f"version-{number}", "")) for number in numbers}
    try:
        told = accept_read(acting_of(request), read, form.get("ground", ""))
    except Refused as refusal:
        return _page(request, at_form(refusal))
    if told.done:
        count = len(told.done)
        messages.success(request, ngettext("已接收 %(n)s 份。", "已接收 %(n)s 份。", count) % {"n": count})
    if not told.refused:
        return redirect(link(request, "reporting:desk"))
    return _page(request, None, told.refused)


def _page(
    request: HttpRequest, refusal: Refused | None, refused: Sequence[tuple[ReturnRow | None, Refused]] = ()
) -> HttpResponse:
    acting = acting_of(request)
    may_review = decided_by(acting, Action.RETURN_REVIEW) & store.of_others(acting)
    waits = may_review & Q(state__in=WAITING)
    waiting, following = _waiting(request, waits)
    in_force = Q(state__in=(State.ACCEPTED, State.APPROVED))
    may_approve = store.approved_next_by(acting) if may(acting, Action.RETURN_APPROVE) else Q(pk__in=())
    approved = done_where_one_is(acting, Action.RETURN_APPROVE) & store.of_others(acting)
    stands = may_approve & in_force & approved & store.readable(acting)
    ready, more = _ready(request, stands)
    is_whole = not following and not request.GET.get("after")
    waiting_count = len(waiting) if is_whole else store.count_of(waits)
    ready_count = store.count_of(stands) if more or request.GET.get("ready") else len(ready)
    own = own_among((row.id for row in ready), acting)
    later, later_count = _later(acting)
    petitions_table, petition_count = desk_table(request, acting)
    context = {
        "waiting": waiting_count,
        "ready": [(row, form_word(row), period_word(row.period)) for row in ready if row.id not in own],
        "own": len(own),
        "ready_count": ready_count, "ready_shown": len(ready), "more": more, "refusal": refusal,
        "later": later, "later_note": only_first(len(later), later_count), "following": following,
        "sound": [(row, form_word(row), period_word(row.period)) for row in without_open_findings(acting, waiting)],
        "unaccepted": [_unaccepted(*each) for each in refused],
        "put_off": put_off_lines(LATER), "petition_count": petition_count,
    }  # fmt: skip
    status = 422 if refusal else 200
    tables: dict[str, Table | tuple[Table, ...]] = {
        "waiting_table": _table(request, waiting, waiting_count), "petitions_table": petitions_table,
    }  # fmt: skip
    return page(request, "reporting/desk.html", context, tables, status)


def _unaccepted(row: ReturnRow | None, refusal: Refused) -> tuple[ReturnRow | None, str, str, str, str]:
    name, period = (form_word(row), period_word(row.period)) if row else ("", "")
    return row, name, period, refusal.code, spoken(refusal.message)


def _waiting(request: HttpRequest, waits: Q) -> tuple[tuple[ReturnRow, ...], str]:
    """What waits longest, after the one that the address names; and the address of those after these, "" for none.

    Whoever seeks, sorts or takes it along as a workbook does so among more.
    """
    is_sought = any(key == "xlsx" or key.startswith("waiting-") for key in request.GET)
    most = _MOST if is_sought else min(_MOST, _PAGE)
    found = store.returns(waits & _after(request.GET.get("after", "")), *_ORDER, count=most + 1)
    if len(found) <= most:
        return found, ""
    last = found[most - 1]
    place = _PARTED.join((str(last.first_month), last.changed_at.isoformat(), str(last.id)))
    return found[:most], link(request, "reporting:desk", after=place)


def _ready(request: HttpRequest, stands: Q) -> tuple[tuple[ReturnRow, ...], str]:
    """What waits for approval, after the return that the address names; and the address of those after these, "" for
    none. Those that were approved leave the list: it is read on from the same place."""
    found = store.returns(stands & _ready_after(request.GET.get("ready", "")), *_READY_ORDER, count=_READY + 1)
    if len(found) <= _READY:
        return found, ""
    last = found[_READY - 1]
    place = _PARTED.join((str(last.first_month), last.form, str(last.id)))
    return found[:_READY], link(request, "reporting:desk", ready=place)


def _ready_after(told: str) -> Q:
    """The condition of what comes later in the list of approvals; none where the address names no place."""
    try:
        month, form, number = told.split(_PARTED)
        first_month, last = int(month[:9]), int(number[:18])
    except ValueError:
        return Q()
    here = Q(first_month=first_month)
    later = Q(first_month__gt=first_month) | here & Q(form__gt=form)
    return Q(first_month__gte=first_month) & (later | here & Q(form=form, pk__gt=last))


def _after(told: str) -> Q:
    """The condition of what waits less long than a place in the list; none where the address names no place."""
    try:
        month, moment, number = told.split(_PARTED)
        first_month, changed_at, last = int(month[:9]), datetime.fromisoformat(moment), int(number[:18])
        if changed_at.tzinfo is None:
            raise ValueError(moment)
    except ValueError:
        return Q()
    here = Q(first_month=first_month)
    later = Q(first_month__gt=first_month) | here & Q(changed_at__gt=changed_at)
    return Q(first_month__gte=first_month) & (later | here & Q(changed_at=changed_at, pk__gt=last))


def _later(acting: Acting) -> tuple[list[dict[str, object]], int]:
    """Returns of the person's desk in which something was found since they were signed, the newest period first; so
    many as a page has, of how many. 3 queries at most."""
    numbers, count = with_later(decided_by(acting, Action.RETURN_REVIEW, "owned"), _PAGE)
    found = later_findings(Q(owned__in=numbers)) if numbers else {}
    rows = sorted(found, key=lambda each: (-each.first_month, each.pk))
    return [
        {
            "id": row.pk, "unit": row.reporter.name, "form": form_name(row.form, row.period),
            "period": period_word(row.period), "state": STATES[State(row.state)],
            "findings": [(SEVERITIES[each.severity], spoken(each.message), each.code) for each in found[row][:_SHOWN]],
            "left": max(0, len(found[row]) - _SHOWN),
        }
        for row in rows
    ], count  # fmt: skip


def _table(request: HttpRequest, rows: tuple[ReturnRow, ...], count: int) -> Table:
    found = _found(rows)
    columns = (
        Column("unit", _("填报单位")), Column("form", _("报表")), Column("period", _("报告期")),
        Column("region", _("地区")), Column("state", _("办理情况")),
        Column("explained", _("待认定说明"), is_figure=True),
        Column("notices", _("提示"), is_figure=True), Column("version", _("版次"), is_figure=True),
        Column("came", _("报送时间")),
    )  # fmt: skip
    return Table(
        "waiting", _("等我审核的报表"), columns, tuple(_row(request, row, found.get(row.id, {})) for row in rows),
        empty=_("没有等待审核的报表。单位提交后会出现在这里。"), is_demo=any(row.is_demo for row in rows),
        note="" if request.GET.get("after") else only_first(len(rows), count),
    )  # fmt: skip


def _found(rows: tuple[ReturnRow, ...]) -> dict[int, dict[str, int]]:
    """Return → severity → how many findings of the version that waits. 1 query."""
    numbers = {row.id: row.standing.version for row in rows}
    counted = (
        FoundFinding.objects.filter(version__owned__in=numbers)
        .values_list("version__owned", "version__number", "severity").annotate(Count("pk"))
    )  # fmt: skip
    found: dict[int, dict[str, int]] = {}
    for number, version, severity, count in counted:
        if numbers[number] == version:
            found.setdefault(number, {})[severity] = count
    return found


def _row(request: HttpRequest, row: ReturnRow, found: dict[str, int]) -> Row:
    explained, notices = found.get(Severity.MUST_EXPLAIN, 0), found.get(Severity.NOTICE, 0)
    return Row(
        (
            text_cell(row.reporter.name, href=link(request, "reporting:return", row.id)),
            text_cell(form_word(row)),
            Cell(period_word(row.period), row.period),
            text_cell(row.reporter.region_name),
            Cell(str(STATES[row.state]), str(STATES[row.state])),
            Cell(str(explained), explained),
            Cell(str(notices), notices),
            Cell(str(row.standing.version or ""), row.standing.version),
            text_cell(f"{timezone.localtime(row.changed_at):%Y-%m-%d %H:%M}"),
        )
    )
