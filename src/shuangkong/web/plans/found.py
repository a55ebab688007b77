"""The plan that an address names, or the page that says there is none."""

from __future__ import annotations

from django.http import Http404, HttpRequest

from shuangkong.records.people.roles import Action
from shuangkong.records.plans import store
from shuangkong.records.plans.rows import PlanRow
from shuangkong.web.site.access import reached
from shuangkong.web.site.scope import scope_of


def plan_or_404(request: HttpRequest, plan_id: int, action: Action | None = None) -> PlanRow:
    """The plan as of the day that one is looking at.

    Raises:
        Http404: there is no such plan, there was none yet, or the person may not read it.
        Forbidden: the person may read it, but not do ``action``.
    """
    found = store.plan(plan_id, scope_of(request).as_of)
    if found is None:
        raise Http404
    reached(request, found.where, Action.PLAN_READ, action)
    return found
