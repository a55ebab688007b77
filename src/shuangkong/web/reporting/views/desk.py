"""审核台: which returns wait for me, the gravest first; and those that I can approve, many at once."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from shuangkong.core.finding import Severity
from shuangkong.records.people.access import may, visible
from shuangkong.records.people.acting import Acting
from shuangkong.records.people.roles import Action
from shuangkong.records.refusal import Refused
from shuangkong.records.reporting import store
from shuangkong.records.reporting.acts import approve_all
from shuangkong.records.reporting.later import later_findings
from shuangkong.records.reporting.models import FoundFinding
from shuangkong.records.reporting.rows import ReturnRow
from shuangkong.reporting.life import WAITING, State
from shuangkong.web.plans.tasks.framed import at_form
from shuangkong.web.reporting.words import SEVERITIES, STATES, form_name, form_word, only_first, period_word
from shuangkong.web.site.access import acting_of, needs
from shuangkong.web.site.page import page
from shuangkong.web.site.scope import link, whole
from shuangkong.web.site.tables import Cell, Column, Row, Table, text_cell
from shuangkong.web.site.words import spoken

_MOST, _SHOWN = 500, 3


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


def _page(request: HttpRequest, refusal: Refused | None) -> HttpResponse:
    acting = acting_of(request)
    may_review = visible(acting, Action.RETURN_REVIEW, "path")
    waits = may_review & Q(state__in=WAITING)
    waiting = store.returns(waits, "first_month", "changed_at", count=_MOST)
    in_force = Q(state__in=(State.ACCEPTED, State.APPROVED))
    may_approve = store.approved_next_by(acting) if may(acting, Action.RETURN_APPROVE) else Q(pk__in=())
    stands = may_approve & in_force & store.readable(acting)
    ready = store.returns(stands, "first_month", "form", "pk", count=_MOST)
    waiting_count, ready_count = (
        len(rows) if len(rows) < _MOST else store.count_of(condition)
        for rows, condition in ((waiting, waits), (ready, stands))
    )
    context = {
        "waiting": waiting_count, "ready": [(row, form_word(row), period_word(row.period)) for row in ready],
        "ready_count": ready_count, "ready_note": only_first(len(ready), ready_count), "refusal": refusal,
        "later": _later(acting),
    }  # fmt: skip
    status = 422 if refusal else 200
    return page(
        request, "reporting/desk.html", context, {"waiting_table": _table(request, waiting, waiting_count)}, status
    )


def _later(acting: Acting) -> list[dict[str, object]]:
    """Returns of the person's desk in which something was found since they were signed, the newest period first."""
    found = later_findings(visible(acting, Action.RETURN_REVIEW, "owned__path"))
    rows = sorted(found, key=lambda each: (-each.first_month, each.pk))
    return [
        {
            "id": row.pk, "unit": row.reporter.name, "form": form_name(row.form, row.period),
            "period": period_word(row.period), "state": STATES[State(row.state)],
            "findings": [(SEVERITIES[each.severity], spoken(each.message), each.code) for each in found[row][:_SHOWN]],
            "left": max(0, len(found[row]) - _SHOWN),
        }
        for row in rows[:_MOST]
    ]  # fmt: skip


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
        note=only_first(len(rows), count),
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
