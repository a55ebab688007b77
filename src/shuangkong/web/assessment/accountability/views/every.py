"""问责台: what follows from results, for whom, on which ground, how far is each, and what waits for me?"""

from __future__ import annotations

from collections import Counter

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from shuangkong.records.assessment.accountability import store
from shuangkong.records.assessment.accountability.acts import acts_allowed
from shuangkong.records.assessment.accountability.following import list_up
from shuangkong.records.assessment.accountability.rows import ConsequenceRow
from shuangkong.records.paths import below
from shuangkong.records.people.roles import Action
from shuangkong.records.refusal import Refused
from shuangkong.records.registry.tree import path_of
from shuangkong.web.assessment.accountability.words import ACTS, GROUNDS, SIGNS, STATES
from shuangkong.web.assessment.years.found import assessment_or_404
from shuangkong.web.plans.tasks.framed import at_form
from shuangkong.web.site.access import acting_of, needs
from shuangkong.web.site.page import page
from shuangkong.web.site.scope import link, scope_of
from shuangkong.web.site.tables import Cell, Column, Row, Table, text_cell
from shuangkong.web.site.words import spoken


@require_GET
@needs(Action.ASSESSMENT_READ, shows_past=True)
def every(request: HttpRequest) -> HttpResponse:
    scope, acting = scope_of(request), acting_of(request)
    condition = store.readable(acting)
    if scope.place:
        path = path_of(scope.place) or "/?/"
        condition &= below(path) | below(path, "subject_path")
    rows = store.consequences(condition, scope.as_of)
    day = scope.as_of or timezone.localdate()
    counts = Counter(row.standing.state for row in rows)
    context = {
        "counts": [(STATES[state], SIGNS[state], counts[state]) for state in STATES if counts[state]],
        "overdue": sum(row.standing.is_overdue(day) for row in rows),
        "waiting": [
            (row, ACTS[row.act.kind], STATES[row.standing.state])
            for row in rows
            if scope.as_of is None and not row.standing.is_ended and acts_allowed(row, acting)
        ],
    }
    return page(request, "accountability/list.html", context, {"board": _table(request, rows)})


@require_POST
@needs(Action.ASSESSMENT_CONDUCT)
def listing(request: HttpRequest, assessment_id: int) -> HttpResponse:
    """Writes down what follows from an announced result."""
    row = assessment_or_404(request, assessment_id)
    try:
        found = list_up(row.id, acting_of(request))
    except Refused as refusal:
        messages.error(request, f"{at_form(refusal).code} {spoken(refusal.message)}")
        return redirect(link(request, "assessment:one", row.id))
    messages.success(request, _("列出后果 %(count)d 项。") % {"count": len(found.numbers)})
    if found.findings:
        said = {"open": len(found.findings)}
        messages.warning(request, _("另有 %(open)d 条规则因缺少所需的结果，还不能判断。") % said)
    return redirect(link(request, "accountability:list"))


def _table(request: HttpRequest, rows: tuple[ConsequenceRow, ...]) -> Table:
    columns = (
        Column("act", _("后果")),
        Column("object", _("考核对象")),
        Column("state", _("办到哪一步")),
        Column("due", _("期限")),
        Column("rule", _("依据的规定")),
        Column("ground", _("依据类别")),
        Column("why", _("起因")),
        Column("executors", _("由谁执行")),
        Column("evidence", _("留什么凭据")),
        Column("document", _("文件")),
        Column("period", _("年度")),
        Column("label", _("说明")),
    )
    made = tuple(Row(_cells(request, row)) for row in rows)
    empty = _("还没有后果。公布考核结果后，在该对象的考核页按规定列出后果，逐项决定、执行，直到办结或解除。")
    return Table("consequences", _("后果"), columns, made, empty, is_demo=any(row.is_fictional for row in rows))


def _cells(request: HttpRequest, row: ConsequenceRow) -> tuple[Cell, ...]:
    now = row.standing
    act = str(ACTS[row.act.kind])
    return (
        Cell(act, act, href=link(request, "accountability:one", row.id)),
        text_cell(row.subject_name),
        text_cell(f"{SIGNS[now.state]} {STATES[now.state]}"),
        Cell(now.due.isoformat(), now.due) if now.due else text_cell(""),
        text_cell(spoken(row.rule.name)),
        text_cell(str(GROUNDS[row.rule.ground])),
        text_cell(_("；").join(row.inputs)),
        text_cell(row.act.executors),
        text_cell(row.act.evidence),
        text_cell(now.documents[-1] if now.documents else ""),
        text_cell(str(row.period)),
        text_cell(_("演示数据、虚构") if row.is_fictional else ""),
    )
