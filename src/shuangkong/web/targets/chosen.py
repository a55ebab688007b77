"""Which plan a page speaks of, where the address names none: that of the person's own place, else the widest place's
newest that covers the period.
"""

from __future__ import annotations

from collections.abc import Sequence

from shuangkong.records.plans.rows import PlanRow
from shuangkong.web.site.scope import Scope


def chosen_plan(asked: str, adopted: Sequence[PlanRow], scope: Scope, own: str = "") -> PlanRow | None:
    """The plan that the address names, else the first that fits place and period; invented ones come last.

    ``own`` is the place for which the person acts: its plan comes before those of the places above.
    """
    here = [plan for plan in adopted if not scope.place or plan.region == scope.place]
    named = next((plan for plan in here if str(plan.id) == asked), None)
    fitting = (plan for plan in here if scope.year is None or _covers(plan, scope.year))
    return named or min(
        fitting, key=lambda plan: (plan.region != own, plan.is_fictional, _narrowness(plan)), default=None
    )


def _narrowness(plan: PlanRow) -> int:
    """How many digits of its code a place needs (GB/T 2260): two a province, four a city, six a county."""
    return len((plan.region or "999999").rstrip("0"))


def _covers(plan: PlanRow, year: int) -> bool:
    return plan.end_year is None or (plan.start_year or 0) <= year <= plan.end_year
