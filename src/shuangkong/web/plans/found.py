"""The plan that an address names, or the page that says there is none."""

from __future__ import annotations

from django.http import Http404

from shuangkong.records.plans import store
from shuangkong.records.plans.rows import PlanRow


def plan_or_404(plan_id: int) -> PlanRow:
    """Raises Http404 where there is no such plan."""
    found = store.plan(plan_id)
    if found is None:
        raise Http404(plan_id)
    return found
