"""方案关联: which plans does this one rest on, which has it replaced or changed, which rest on it?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from shuangkong.records.past import end_of
from shuangkong.records.people.access import may
from shuangkong.records.people.roles import Action
from shuangkong.records.plans import store as plans
from shuangkong.records.plans.cascade import store
from shuangkong.records.plans.cascade.rows import LinkProposal, LinkRow, LinkVerdict, Relation
from shuangkong.records.plans.rows import PlanRow
from shuangkong.records.refusal import Refused
from shuangkong.web.plans.cascade.found import compared_or_404, may_see
from shuangkong.web.plans.cascade.quoted import line_around
from shuangkong.web.plans.cascade.words import LINK_VERDICTS, RELATIONS
from shuangkong.web.plans.tasks.framed import at_form, day_of, refused_status
from shuangkong.web.site.access import acting_of, needs, seen
from shuangkong.web.site.page import page
from shuangkong.web.site.scope import link, scope_of, whole
from shuangkong.web.site.tables import Cell, Column, Row, Table, text_cell


@dataclass(frozen=True, slots=True)
class Proposed:
    """A parent that the plan's own text names: the line that names it, and the plans that may be it."""

    found: LinkProposal
    quote: str
    candidates: tuple[PlanRow, ...]


@require_GET
@needs(Action.PLAN_COMPARE, shows_past=True)
def links(request: HttpRequest, plan_id: int) -> HttpResponse:
    return _page(request, compared_or_404(request, plan_id))


@require_POST
@needs(Action.PLAN_REVIEW)
def decide(request: HttpRequest, plan_id: int) -> HttpResponse:
    """Confirms or rejects a link; what is refused comes back as it was typed."""
    plan, form = compared_or_404(request, plan_id, Action.PLAN_REVIEW), request.POST
    relation = next((each for each in Relation if each == form.get("relation")), Relation.FOLLOWS)
    verdict = LinkVerdict.REJECTED if form.get("verdict") == LinkVerdict.REJECTED else LinkVerdict.CONFIRMED
    try:
        store.decide_link(
            plan.id, acting_of(request), relation, verdict, form.get("ground", "").strip(),
            other=whole(form.get("other", "")), title=form.get("title", "").strip(),
            doc_no=form.get("doc_no", "").strip(), on=day_of(form.get("on", ""), "on"),
            document=form.get("document", "").strip(),
        )  # fmt: skip
    except Refused as refusal:
        return _page(request, plan, at_form(refusal))
    messages.success(request, _("已记录：%(verdict)s关联。") % {"verdict": LINK_VERDICTS[verdict]})
    return redirect(link(request, "cascade:plan", plan.id))


def _page(request: HttpRequest, plan: PlanRow, refusal: Refused | None = None) -> HttpResponse:
    until = scope_of(request).as_of
    told = store.links(plan.id, until)
    own = [row for row in told if row.plan == plan.id]
    others = [row for row in told if row.other == plan.id and may_see(request, row)]
    known = {row.id: row for row in plans.plans(seen=seen(request, Action.PLAN_COMPARE), until=until)}
    context: dict[str, Any] = {
        "plan": plan,
        "proposed": _proposed(request, plan) if until is None else [],
        "parents": [(row, row.other in known) for row in own if row.relation is Relation.FOLLOWS],
        "changing": [(row, row.other in known) for row in own if row.relation is not Relation.FOLLOWS],
        "changed_by": [row for row in others if row.relation is not Relation.FOLLOWS],
        "followers": [row for row in others if row.relation is Relation.FOLLOWS],
        "versions": range(2, plan.version + 1),
        "known": [row for row in known.values() if row.id != plan.id],
        "relations": [(relation.value, label) for relation, label in RELATIONS.items()],
        "typed": request.POST,
        "asked": request.POST.get("form", ""),
        "refusal": refusal,
    }
    tables: dict[str, Table | tuple[Table, ...]] = {"history_table": _history(request, plan)}
    return page(request, "cascade/links.html", context, tables, refused_status(refusal))


def _proposed(request: HttpRequest, plan: PlanRow) -> list[Proposed]:
    found = store.proposals(plan.id)
    text = plans.plan_text(plan.id) if found else ""
    acting = acting_of(request)
    return [
        Proposed(
            each,
            line_around(text, each.span) if each.span and text else "",
            tuple(row for row in each.candidates if may(acting, Action.PLAN_COMPARE, row.where)),
        )
        for each in found
    ]


def _history(request: HttpRequest, plan: PlanRow) -> Table:
    """Every decision, the newest above, as known on the day that one is looking at."""
    until = scope_of(request).as_of
    rows = [
        row
        for row in reversed(store.link_history(plan.id))
        if (until is None or row.decided_at < end_of(until)) and (row.plan == plan.id or may_see(request, row))
    ]
    columns = (
        Column("at", _("时间")),
        Column("by", _("谁")),
        Column("plan", _("方案")),
        Column("verdict", _("决定")),
        Column("relation", _("关系")),
        Column("other", _("另一份文件")),
        Column("on", _("起算日")),
        Column("ground", _("依据")),
        Column("document", _("文件")),
        Column("journal", _("日志号"), is_figure=True),
    )
    empty = _("还没有决定。每次确认、否定或撤销关联都记在这里，不能改写。")
    return Table("history", _("关联的决定记录"), columns, tuple(map(_history_row, rows)), empty, is_demo=plan.is_demo)


def _history_row(row: LinkRow) -> Row:
    at = timezone.localtime(row.decided_at)
    return Row(
        (
            Cell(f"{at:%Y-%m-%d %H:%M}", f"{at:%Y-%m-%d %H:%M:%S}"),
            text_cell(row.decided_by),
            text_cell(row.plan_title),
            text_cell(str(LINK_VERDICTS[row.verdict])),
            text_cell(str(RELATIONS[row.relation])),
            text_cell(f"{row.title} {row.doc_no}".strip()),
            Cell(row.on.isoformat(), row.on),
            text_cell(row.ground),
            text_cell(row.document),
            Cell(str(row.journal), row.journal),
        )
    )
