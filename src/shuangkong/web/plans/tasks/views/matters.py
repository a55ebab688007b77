"""重大情况: what has happened that the leading group must know, and has it acknowledged it in time?"""

from __future__ import annotations

from collections.abc import Mapping

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from shuangkong.records.people.access import Where, may
from shuangkong.records.people.roles import Action
from shuangkong.records.plans.tasks import matters as records
from shuangkong.records.plans.tasks.rows import MatterRow
from shuangkong.records.plans.tasks.thresholds import acknowledge_days
from shuangkong.records.refusal import Refused
from shuangkong.web.people.names import person_names
from shuangkong.web.plans.tasks.framed import at_form, day_of, framed, refused_status
from shuangkong.web.plans.tasks.then import day_looked_at, is_past
from shuangkong.web.site.access import acting_of, needs
from shuangkong.web.site.page import download, workbook_of
from shuangkong.web.site.scope import link, whole
from shuangkong.web.site.tables import Cell, Column, Row, Table, exported, shown, text_cell
from shuangkong.web.site.words import MISSING


@require_http_methods(["GET", "POST"])
@needs(Action.MATTER_READ, shows_past=True)
def matters(request: HttpRequest) -> HttpResponse:
    """Those that wait, then the others; POST raises one, or acknowledges one."""
    acting, day, past, refusal = acting_of(request), day_looked_at(request), is_past(request), None
    if request.method == "POST":
        try:
            _record(request)
        except Refused as found:
            refusal = at_form(found)
        else:
            messages.success(request, _("已记录。"))
            return redirect(link(request, "tasks:matters"))
    rows = records.matters(records.readable(acting), until=past)
    names = person_names(said for row in rows for said in (row.author, row.answered_by) if said)
    table = _table(rows, names)
    wanted = exported(request, [table])
    if wanted is not None:
        return download(workbook_of(wanted), f"{table.caption}.xlsx")
    context = {
        "waiting": [
            (
                row,
                (day - row.acknowledge_by).days,
                past is None and may(acting, Action.MATTER_ACKNOWLEDGE, Where(row.path)),
            )
            for row in rows
            if row.is_open
        ],
        "matter_table": shown(request, table),
        "names": names,
        "may_raise": past is None and may(acting, Action.MATTER_RAISE) and bool(acting.region),
        "days": acknowledge_days(day),
        "typed": request.POST,
        "answered": whole(request.POST.get("matter", "")),
        "refusal": refusal,
    }
    return framed(request, "tasks/matters.html", context, refused_status(refusal))


def _record(request: HttpRequest) -> None:
    """Raises Refused and Forbidden."""
    form, acting = request.POST, acting_of(request)
    matter = whole(form.get("matter", ""))
    if matter is not None:
        records.acknowledge(matter, form.get("text", ""), acting)
        return
    happened = day_of(form.get("happened_on", ""), "happened_on") or timezone.localdate()
    records.raise_matter(form.get("title", ""), form.get("text", ""), happened, acting)


def _table(rows: tuple[MatterRow, ...], names: Mapping[str, str]) -> Table:
    columns = (
        Column("happened", _("发生日期")),
        Column("title", _("情况")),
        Column("body", _("报告单位")),
        Column("text", _("经过和措施")),
        Column("by", _("应签收")),
        Column("answered", _("签收")),
        Column("answer", _("批示")),
        Column("journal", _("日志号"), is_figure=True),
    )
    made = tuple(
        Row(
            (
                Cell(row.happened_on.isoformat(), row.happened_on),
                text_cell(row.title),
                text_cell(row.body_name),
                text_cell(row.text),
                Cell(row.acknowledge_by.isoformat(), row.acknowledge_by),
                _answered(row, names),
                text_cell(row.answer),
                Cell(str(row.journal), row.journal),
            )
        )
        for row in rows
    )
    return Table("matters", _("重大情况"), columns, made, _("没有重大情况。报告后，领导小组须在期限内签收并批示。"))


def _answered(row: MatterRow, names: Mapping[str, str]) -> Cell:
    if row.answered_at is None:
        return Cell(MISSING, hint=_("尚未签收"))
    day = timezone.localdate(row.answered_at)
    return Cell(f"{day.isoformat()} {names.get(row.answered_by, row.answered_by)}", day, hint=row.answered_by)
