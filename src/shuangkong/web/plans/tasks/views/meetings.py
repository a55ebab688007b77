"""调度会: which meetings were held, on what, and what did they decide?"""

from __future__ import annotations

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from shuangkong.plans.tasks.events import State
from shuangkong.records.people.access import Where, may
from shuangkong.records.people.roles import Action
from shuangkong.records.plans.tasks import meetings as records
from shuangkong.records.plans.tasks import store
from shuangkong.records.plans.tasks.rows import MeetingRow
from shuangkong.records.plans.tasks.thresholds import thresholds
from shuangkong.records.refusal import Refused
from shuangkong.records.registry import store as registry
from shuangkong.web.people.names import person_names
from shuangkong.web.plans.tasks.framed import at_form, day_of, framed, refused_status
from shuangkong.web.plans.tasks.lines import lines
from shuangkong.web.plans.tasks.then import day_looked_at, is_past
from shuangkong.web.plans.tasks.wanting import wanted_of
from shuangkong.web.site.access import acting_of, needs, place_of
from shuangkong.web.site.page import download, workbook_of
from shuangkong.web.site.scope import link, scope_of, whole
from shuangkong.web.site.tables import Cell, Column, Row, Table, exported, shown, text_cell

#: So many late tasks are proposed for an agenda.
PROPOSED = 40


@require_http_methods(["GET", "POST"])
@needs(Action.MEETING_READ, shows_past=True)
def meetings(request: HttpRequest) -> HttpResponse:
    """The meetings, and a new one whose agenda is proposed from what is late."""
    acting, today, refusal = acting_of(request), timezone.localdate(), None
    place = place_of(request)
    if request.method == "POST":
        try:
            chosen = [each for each in map(whole, request.POST.getlist("agenda")) if each is not None]
            on = day_of(request.POST.get("on", ""), "on") or today
            made = records.call_meeting(request.POST.get("title", ""), on, place, chosen, acting)
        except Refused as found:
            refusal = at_form(found)
        else:
            messages.success(request, _("已召集。"))
            return redirect(link(request, "tasks:meeting", made))
    past = scope_of(request).as_of
    table = _table(request, records.meetings(records.readable(acting), past))
    wanted = exported(request, [table])
    if wanted is not None:
        return download(workbook_of(wanted), f"{table.caption}.xlsx")
    days, may_hold = thresholds(today, acting_of(request).paths), past is None and may(acting, Action.MEETING_HOLD)
    late = store.readable(acting) & store.is_late(today) & ~Q(state=State.REPORTED) & store.OWED
    context = {
        "meeting_table": shown(request, table),
        "may_hold": may_hold,
        "late": lines(request, store.tasks(late, count=PROPOSED), today, days) if may_hold else [],
        "chosen": request.POST.getlist("agenda"),
        "place": registry.region(place) if place else None,
        "typed": request.POST,
        "refusal": refusal,
    }
    return framed(request, "tasks/meetings.html", context, refused_status(refusal))


@require_http_methods(["GET", "POST"])
@needs(Action.MEETING_READ, shows_past=True)
def meeting(request: HttpRequest, meeting_id: int) -> HttpResponse:
    """One meeting: agenda, minutes, what was decided. POST writes minutes or makes a task."""
    acting, refusal, past = acting_of(request), None, is_past(request)
    row = records.meeting(meeting_id, acting, past)
    if row is None:
        raise Http404(meeting_id)
    if request.method == "POST":
        try:
            if request.POST.get("what") == "minutes":
                records.write_minutes(meeting_id, request.POST.get("text", ""), acting)
            else:
                records.decide_item(meeting_id, wanted_of(request.POST, row.region)[0], acting)
        except Refused as found:
            refusal = at_form(found)
        else:
            messages.success(request, _("已记录。"))
            return redirect(link(request, "tasks:meeting", meeting_id))
    day, asked = day_looked_at(request), Q(pk__in=[*row.agenda, *row.decided]) & store.readable(acting)
    seen = store.tasks(asked) if past is None else store.tasks_then(asked, past)
    by_id = {each.row.id: each for each in lines(request, seen, day, thresholds(day, acting_of(request).paths))}
    context = {
        "meeting": row,
        "names": person_names([row.called_by]),
        "agenda": [by_id[each] for each in row.agenda if each in by_id],
        "decided": [by_id[each] for each in row.decided if each in by_id],
        "may_hold": past is None and may(acting, Action.MEETING_HOLD, Where(row.path)),
        "bodies": [each for each in registry.bodies(row.region) if each.same_as == each.id],
        "typed": request.POST,
        "helping": request.POST.getlist("helping"),
        "refusal": refusal,
    }
    return framed(request, "tasks/meeting.html", context, refused_status(refusal))


def _table(request: HttpRequest, rows: tuple[MeetingRow, ...]) -> Table:
    columns = (
        Column("on", _("日期")),
        Column("title", _("会议")),
        Column("region", _("地区")),
        Column("agenda", _("议题"), is_figure=True),
        Column("decided", _("定事项"), is_figure=True),
        Column("minutes", _("纪要")),
    )
    made = tuple(
        Row(
            (
                Cell(row.on.isoformat(), row.on),
                Cell(row.title, row.title, href=link(request, "tasks:meeting", row.id)),
                text_cell(row.region_name),
                Cell(str(len(row.agenda)), len(row.agenda)),
                Cell(str(len(row.decided)), len(row.decided)),
                text_cell(_("有") if row.minutes else _("待写")),
            )
        )
        for row in rows
    )
    return Table("meetings", _("调度会"), columns, made, _("还没有开过调度会。召集后，议题、纪要和定下的事项在这里。"))
