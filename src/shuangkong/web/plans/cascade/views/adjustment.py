"""调整: what does a later plan, or a later version, move, which way, and which tasks does it touch?"""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from shuangkong.plans.cascade.moves import Change
from shuangkong.records.people.roles import Action
from shuangkong.records.plans.cascade import store
from shuangkong.records.plans.cascade.rows import AdjustmentRow, LinkRow, Relation
from shuangkong.records.plans.rows import PlanRow
from shuangkong.records.refusal import Refused
from shuangkong.web.plans.cascade.found import compared_or_404, link_or_404, may_see
from shuangkong.web.plans.cascade.moving import counts_of, move_table, task_table
from shuangkong.web.plans.cascade.words import CHANGES, RELATIONS
from shuangkong.web.site.access import needs
from shuangkong.web.site.page import page
from shuangkong.web.site.scope import scope_of


@require_GET
@needs(Action.PLAN_COMPARE, shows_past=True)
def adjustment(request: HttpRequest, plan_id: int, link_id: int) -> HttpResponse:
    """What the plan moves that replaces or amends another."""
    plan = compared_or_404(request, plan_id)
    row, _other = link_or_404(request, plan, link_id, (Relation.SUPERSEDES, Relation.AMENDS))
    try:
        found = store.adjustment(link_id, scope_of(request).as_of)
    except Refused as refusal:
        return page(request, "cascade/adjustment.html", {"plan": plan, "row": row, "refusal": refusal})
    return _page(request, plan, found, row)


@require_GET
@needs(Action.PLAN_COMPARE, shows_past=True)
def revision(request: HttpRequest, plan_id: int, version: int) -> HttpResponse:
    """What a version of the plan moved against the one before it."""
    plan = compared_or_404(request, plan_id)
    if not 1 < version <= plan.version:
        raise Http404
    return _page(request, plan, store.revision(plan_id, version - 1, version, scope_of(request).as_of), None)


def _page(request: HttpRequest, plan: PlanRow, found: AdjustmentRow, row: LinkRow | None) -> HttpResponse:
    counts = counts_of(found)
    context = {
        "plan": plan,
        "found": found,
        "row": row,
        "relation": RELATIONS[row.relation] if row else "",
        "counts": [(CHANGES[change], counts[change]) for change in CHANGES if counts[change]],
        "moved": counts[Change.MOVED] + counts[Change.DROPPED] + counts[Change.ADDED],
        "followers": [each for each in found.followers if may_see(request, each)],
    }
    tables = {"move_table": move_table(request, found), "task_table": task_table(request, found)}
    return page(request, "cascade/adjustment.html", context, {**tables})
