"""出具公文: which papers can be made, and of what?"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from shuangkong.records.people.access import Where, may
from shuangkong.records.people.roles import Action
from shuangkong.records.plans import store as plans
from shuangkong.records.plans.tasks import meetings, store
from shuangkong.records.registry import store as registry
from shuangkong.web.plans.found import plan_or_404
from shuangkong.web.plans.papers.letter import body_takers, region_takers
from shuangkong.web.plans.papers.offering import bulletin_place
from shuangkong.web.plans.tasks.framed import framed
from shuangkong.web.site.access import acting_of, needs, seen

#: So many meetings are offered; the others have the way from their own page.
_MEETINGS = 20


@require_GET
@needs(Action.PAPER_MAKE)
def offered(request: HttpRequest) -> HttpResponse:
    """The papers that the person may make. 8 queries beside the frame."""
    acting = acting_of(request)
    counts = store.counts_by_plan(store.readable(acting, Action.PAPER_MAKE))
    rows = plans.plans(seen=seen(request, Action.PLAN_READ))
    held = meetings.meetings(meetings.readable(acting)) if may(acting, Action.MEETING_HOLD) else ()
    place = bulletin_place(request)
    context = {
        "rows": [(plan, counts[plan.id]) for plan in rows if plan.id in counts],
        "place": registry.region(place) if place else None,
        "meetings": [each for each in held if may(acting, Action.MEETING_HOLD, Where(each.path))][:_MEETINGS],
        "may_look": may(acting, Action.JOURNAL_READ),
    }
    return framed(request, "papers/offered.html", context)


@require_GET
@needs(Action.PAPER_MAKE)
def letters(request: HttpRequest, plan_id: int) -> HttpResponse:
    """To whom letters under a plan can go."""
    plan, acting = plan_or_404(request, plan_id), acting_of(request)
    is_whole = may(acting, Action.PAPER_MAKE, plan.where)
    context = {
        "plan": plan,
        "regions": region_takers(plan) if is_whole else (),
        "bodies": [
            each for each in body_takers(plan, acting, timezone.localdate()) if is_whole or each[0] in acting.bodies
        ],
    }
    return framed(request, "papers/letters.html", context)
