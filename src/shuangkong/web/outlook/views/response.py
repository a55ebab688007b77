"""预警调控: which warnings are answered, what was started, who owes what, what does the newest barometer ask for?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from shuangkong.core.fact import Subject
from shuangkong.outlook.barometer.level import Level
from shuangkong.outlook.response.duties import Duty
from shuangkong.outlook.response.states import EventKind, State, suggested
from shuangkong.plans.tasks.standing import is_late
from shuangkong.records.notices.rows import NoticeKind
from shuangkong.records.outlook.barometer.store import standing_issues
from shuangkong.records.outlook.response import store
from shuangkong.records.outlook.response.rows import ResponseRow
from shuangkong.records.outlook.response.workdays import workdays_after
from shuangkong.records.people.roles import Action
from shuangkong.records.plans.tasks import store as tasks
from shuangkong.records.plans.tasks.rows import TaskRow
from shuangkong.records.refusal import Refused
from shuangkong.records.registry import store as registry
from shuangkong.web.notices.receipts import told_of
from shuangkong.web.outlook.responding import EVENTS, STATES
from shuangkong.web.outlook.views.issue import found_or_404
from shuangkong.web.outlook.words import MARKS, level_word
from shuangkong.web.people.names import person_names
from shuangkong.web.plans.tasks.words import STATES as TASK_STATES
from shuangkong.web.site.access import acting_of, needs, reached, seen
from shuangkong.web.site.page import page
from shuangkong.web.site.scope import link, scope_of, whole
from shuangkong.web.site.tables import Cell, Column, Row, Table, text_cell
from shuangkong.web.site.words import indicator_word, spoken


@dataclass(frozen=True, slots=True)
class Act:
    """One act offered: what it is, the levels it may lead to, whether it wants a ground."""

    kind: EventKind
    label: str
    levels: tuple[tuple[int, str], ...]
    needs_ground: bool


@require_GET
@needs(Action.ACTUAL_READ, shows_past=True)
def responses(request: HttpRequest) -> HttpResponse:
    scope = scope_of(request)
    rows = store.responses(seen(request, Action.ACTUAL_READ, "path"), scope.as_of)
    shown = [each for each in rows if not scope.place or each.region == scope.place]
    live = [each for each in shown if each.standing.state is not State.LIFTED]
    waiting = sum(each.standing.state is State.RAISED for each in live)
    context = {"count": len(live), "waiting": waiting, "is_demo": any(each.is_demo for each in shown)}
    return page(request, "outlook/responses.html", context, {"responses_table": _listed(request, shown)})


@require_POST
@needs(Action.RESPONSE_DECIDE)
def start(request: HttpRequest, issue_id: int, target_id: int) -> HttpResponse:
    """Raises a response on a line of a published barometer."""
    row = found_or_404(request, issue_id)
    reached(request, row.where, Action.ACTUAL_READ, Action.RESPONSE_DECIDE)
    try:
        made = store.start(row.id, target_id, acting_of(request))
    except Refused as refusal:
        if refusal.code.startswith("PPL"):
            raise
        messages.error(request, f"{refusal.code} {spoken(refusal.message)}")
        return redirect(link(request, "outlook:issue", row.id))
    messages.success(request, _("已启动调控，请为各项措施选责任单位。"))
    return redirect(link(request, "outlook:response", made))


@require_GET
@needs(Action.ACTUAL_READ, shows_past=True)
def one(request: HttpRequest, response_id: int) -> HttpResponse:
    return _one(request, _found(request, response_id))


@require_POST
@needs(Action.ACTUAL_READ)
def act_on(request: HttpRequest, response_id: int) -> HttpResponse:
    """Starts, follows, escalates, lowers or lifts; what is refused comes back with its reason."""
    row, told = _found(request, response_id), request.POST
    kind = next((each for each in store.ACTS if each == told.get("kind")), None)
    if kind is None:
        raise Http404
    level = next((each for each in Level if str(int(each)) == told.get("level")), None)
    chosen = {duty.id: whole(told.get(f"body-{duty.id}", "")) for duty in store.duties_of(row)}
    bodies = {key: body for key, body in chosen.items() if body}
    try:
        store.act(row.id, kind, acting_of(request), level=level, ground=told.get("ground", ""), bodies=bodies)
    except Refused as refusal:
        if refusal.code.startswith("PPL"):
            raise
        return _one(request, row, f"{refusal.code} {spoken(refusal.message)}")
    messages.success(request, _("已记录：%(act)s。") % {"act": EVENTS[kind]})
    return redirect(link(request, "outlook:response", row.id))


def _found(request: HttpRequest, response_id: int) -> ResponseRow:
    row = store.response(response_id, scope_of(request).as_of)
    if row is None:
        raise Http404
    reached(request, row.where, Action.ACTUAL_READ)
    return row


def _one(request: HttpRequest, row: ResponseRow, refusal: str = "") -> HttpResponse:
    scope, acting, now = scope_of(request), acting_of(request), row.standing
    allowed = [] if scope.as_of else store.acts_allowed(row, acting)
    duties = store.duties_of(row)
    named = person_names([each.author for each in row.happened])
    advice = _advice(row)
    context: dict[str, Any] = {
        "row": row,
        "title": _title(row),
        "is_demo": row.is_demo,
        "now": now,
        "state": STATES[now.state],
        "mark": MARKS[now.level],
        "advice": EVENTS[advice] if advice else "",
        "duties": [(duty.id, spoken(duty.name), duty.executors, duty.due(now.since, workdays_after))
                   for duty in duties],
        "may_start": EventKind.START in allowed,
        "bodies": registry.bodies(row.region) if EventKind.START in allowed else (),
        "acts": [_offered(row, kind) for kind in allowed if kind is not EventKind.START],
        "refusal": refusal,
        "events": [(EVENTS[each.event.kind], level_word(each.event.level) if each.event.level else "",
                    named.get(each.author, each.author), each) for each in reversed(row.happened)],
    }  # fmt: skip
    tables: dict[str, Table | tuple[Table, ...]] = {
        "tasks_table": _tasks(request, row, duties),
        "receipts_table": told_of(request, NoticeKind.RESPONSE, row.id),
    }
    return page(request, "outlook/response.html", context, tables, status=422 if refusal else 200)


def _offered(row: ResponseRow, kind: EventKind) -> Act:
    levels = tuple((int(each), level_word(each)) for each in store.levels_allowed(row, kind))
    return Act(kind, str(EVENTS[kind]), levels, kind is not EventKind.START)


def _advice(row: ResponseRow) -> EventKind | None:
    """What the newest published barometer calls for; a person decides."""
    newest = next(iter(standing_issues(row.region)), None)
    if newest is None:
        return None
    return suggested(row.standing, newest.content.levels.get((row.indicator, Subject(*row.subject))))


def _title(row: ResponseRow) -> str:
    words = {"subject": row.subject_name, "indicator": indicator_word(row.indicator, row.indicator_name)}
    return _("%(subject)s%(indicator)s预警调控") % words


def _listed(request: HttpRequest, rows: list[ResponseRow]) -> Table:
    columns = (
        Column("response", _("预警调控")),
        Column("level", _("预警等级")),
        Column("state", _("状态")),
        Column("since", _("本级起于")),
        Column("tasks", _("措施数"), is_figure=True),
        Column("late", _("逾期"), is_figure=True),
        Column("ground", _("依据")),
    )
    owed = {each.id: each for each in _task_rows(request, [task for row in rows for task in row.tasks])}
    day = scope_of(request).as_of or timezone.localdate()
    made = []
    for row in rows:
        now, mine = row.standing, [owed[task] for task in row.tasks if task in owed]
        late = sum(is_late(each.standing.state, each.standing.due, each.standing.waits_from, day) for each in mine)
        made.append(
            Row(
                (
                    text_cell(_title(row), href=link(request, "outlook:response", row.id)),
                    Cell(level_word(now.level), level_word(now.level), level=MARKS[now.level]),
                    text_cell(str(STATES[now.state])),
                    Cell(now.since.isoformat(), now.since),
                    Cell(str(len(row.tasks)), len(row.tasks)),
                    Cell(str(late), late),
                    text_cell(now.grounds[-1][2]),
                )
            )
        )
    empty = _("没有正在调控的预警。在公布的晴雨表上对一级、二级的对象启动调控。")
    return Table("responses", _("各项调控"), columns, tuple(made), empty, is_demo=any(each.is_demo for each in rows))


def _task_rows(request: HttpRequest, numbers: list[int]) -> tuple[TaskRow, ...]:
    """Tasks of these numbers that the person may see. 3 queries."""
    until, mine = scope_of(request).as_of, Q(pk__in=numbers) & tasks.readable(acting_of(request))
    return tasks.tasks(mine) if until is None else tasks.tasks_then(mine, until)


def _tasks(request: HttpRequest, row: ResponseRow, duties: tuple[Duty, ...]) -> Table:
    columns = (
        Column("duty", _("措施")),
        Column("body", _("责任单位")),
        Column("due", _("期限")),
        Column("state", _("状态")),
    )
    rows = tuple(
        Row(
            (
                text_cell(each.title, href=link(request, "tasks:task", each.id)),
                text_cell("、".join(part.name for part in each.parts)),
                Cell(each.first_due.isoformat(), each.first_due) if each.first_due else text_cell(""),
                text_cell(str(TASK_STATES[each.standing.state])),
            )
        )
        for each in _task_rows(request, list(row.tasks))
    )
    empty = _("还没有启动措施。") if duties else _("预警调控方案对这一等级没有规定措施。")
    return Table("duties", _("已启动的措施"), columns, rows, empty, is_demo=row.is_demo)
