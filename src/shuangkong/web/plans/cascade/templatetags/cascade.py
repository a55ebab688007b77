"""Whether a plan is in force, for the pages of every plan; and who may see what of the cascade."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils import timezone

from shuangkong.records.people.access import Where, may
from shuangkong.records.people.roles import Action
from shuangkong.records.plans.cascade import store
from shuangkong.records.plans.cascade.rows import LinkRow
from shuangkong.records.plans.rows import PlanRow
from shuangkong.web.site.access import acting_of
from shuangkong.web.site.scope import scope_of

register = template.Library()


@register.inclusion_tag("cascade/force.html", takes_context=True)
def force(context: dict[str, Any], plan: PlanRow) -> dict[str, Any]:
    """What has taken the plan's place or changed it, as of the day that one is looking at. 1 query."""
    request = context["request"]
    until = scope_of(request).as_of
    stands = store.force(plan.id, until or timezone.localdate(), until)
    return {
        "request": request,
        "plan": plan,
        "superseding": _open(request, stands.superseded_by) if stands.superseded_by else None,
        "amending": [_open(request, each) for each in stands.amended_by],
    }


def _open(request: Any, row: LinkRow) -> tuple[LinkRow, bool]:
    """A link, and whether the person may open its plan."""
    return row, may(acting_of(request), Action.PLAN_COMPARE, Where(row.path))


@register.simple_tag(takes_context=True)
def compares(context: dict[str, Any], plan: PlanRow) -> bool:
    """Whether the person may see the plan beside others, now or as of a past day."""
    return may(acting_of(context["request"]), Action.PLAN_COMPARE, plan.where)
