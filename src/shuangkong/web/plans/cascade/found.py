"""The link that an address names, with both its plans, or the page that says there is none."""

from __future__ import annotations

from collections.abc import Collection

from django.http import Http404, HttpRequest

from shuangkong.records.people.access import Where, may
from shuangkong.records.people.roles import Action
from shuangkong.records.plans import store as plans
from shuangkong.records.plans.cascade import store
from shuangkong.records.plans.cascade.rows import LinkRow, Relation
from shuangkong.records.plans.rows import PlanRow
from shuangkong.web.plans.found import plan_or_404
from shuangkong.web.site.access import acting_of, reached
from shuangkong.web.site.scope import scope_of


def compared_or_404(request: HttpRequest, plan_id: int, action: Action | None = None) -> PlanRow:
    """A plan that the person may see beside others.

    Raises:
        Http404: there is no such plan, or the person may not.
        Forbidden: the person may, but not do ``action``.
    """
    found = plan_or_404(request, plan_id)
    reached(request, found.where, Action.PLAN_COMPARE, action)
    return found


def link_or_404(
    request: HttpRequest, plan: PlanRow, link_id: int, relations: Collection[Relation]
) -> tuple[LinkRow, PlanRow | None]:
    """The link that holds, of that plan to another, and the other plan; None where it is not read in. 2 queries.

    Raises:
        Http404: there is none, none any more, or the person may not see the other plan.
    """
    until = scope_of(request).as_of
    found = next((row for row in store.links(plan.id, until) if row.id == link_id), None)
    if found is None or found.plan != plan.id or found.relation not in relations:
        raise Http404
    other = plans.plan(found.other, until) if found.other is not None else None
    if other is not None:
        reached(request, other.where, Action.PLAN_COMPARE)
    return found, other


def may_see(request: HttpRequest, row: LinkRow) -> bool:
    """Whether the person may see the plan that a link is of."""
    return may(acting_of(request), Action.PLAN_COMPARE, Where(row.path))
