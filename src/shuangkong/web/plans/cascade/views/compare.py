"""上下级对照: what of this plan is looser than the plan it follows, and what does it lack?"""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from shuangkong.plans.cascade.alignment import Match
from shuangkong.plans.cascade.strictness import Verdict
from shuangkong.records.people.roles import Action
from shuangkong.records.plans.cascade import store
from shuangkong.records.plans.cascade.rows import Relation
from shuangkong.records.refusal import Refused
from shuangkong.web.plans.cascade.comparing import (
    matches_of,
    measure_choices,
    measure_table,
    target_choices,
    target_table,
)
from shuangkong.web.plans.cascade.found import compared_or_404, link_or_404
from shuangkong.web.plans.cascade.owed import owed_targets
from shuangkong.web.site.access import needs
from shuangkong.web.site.page import page
from shuangkong.web.site.scope import scope_of
from shuangkong.web.site.tables import Table

#: So many stand in the first screen; the table below holds them all.
FIRST = 8


@require_GET
@needs(Action.PLAN_COMPARE, shows_past=True)
def compare(request: HttpRequest, plan_id: int, link_id: int) -> HttpResponse:
    """Two plans as they were in force on the day that one is looking at; or why they cannot be compared."""
    plan = compared_or_404(request, plan_id)
    row, parent = link_or_404(request, plan, link_id, (Relation.FOLLOWS,))
    context: dict[str, Any] = {"plan": plan, "row": row, "parent": parent}
    try:
        found = store.comparison(link_id, scope_of(request).as_of)
    except Refused as refusal:
        return page(request, "cascade/compare.html", context | {"refusal": refusal})
    first, matches = owed_targets(found), matches_of(found.measures)
    context |= {
        "found": found,
        "looser": sum(line.is_gap and line.verdict is Verdict.LOOSER for line in found.targets),
        "missing": sum(line.is_gap and line.verdict is Verdict.MISSING for line in found.targets),
        "lacking": matches[Match.MISSING],
        "doubtful": len(found.doubts),
        "first": first[:FIRST],
        "rest": max(0, len(first) - FIRST),
        "waiting": sum(gap.task is None for gap in found.gaps),
        "target_choices": target_choices(request, found),
        "measure_choices": measure_choices(request, found),
    }
    tables: dict[str, Table | tuple[Table, ...]] = {
        "target_table": target_table(request, found),
        "measure_table": measure_table(request, found),
    }
    return page(request, "cascade/compare.html", context, tables)
