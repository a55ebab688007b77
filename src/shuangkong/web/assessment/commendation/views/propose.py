"""提出表彰: whom, what for, on which ground, and who pays?"""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from shuangkong.records.assessment.commendation import proposing
from shuangkong.records.people.access import may
from shuangkong.records.people.roles import Action
from shuangkong.records.plans import store as plans
from shuangkong.records.refusal import Refused
from shuangkong.records.registry import store as registry
from shuangkong.web.assessment.commendation.forms import UNITS, wanted_of
from shuangkong.web.assessment.commendation.words import KINDS
from shuangkong.web.plans.tasks.framed import at_form, refused_status
from shuangkong.web.site.access import acting_of, needs
from shuangkong.web.site.choosing import plan_choice
from shuangkong.web.site.page import page
from shuangkong.web.site.scope import link, whole


@require_http_methods(["GET", "POST"])
@needs(Action.COMMENDATION_PROPOSE)
def propose(request: HttpRequest) -> HttpResponse:
    """The place is where the person acts. The plan is chosen first: its measures can then be chosen from."""
    acting, refusal = acting_of(request), None
    if request.method == "POST":
        try:
            made = proposing.propose(wanted_of(request.POST, acting.region), acting)
        except Refused as found:
            refusal = at_form(found)
        else:
            messages.success(request, _("已提出，等待公示。"))
            return redirect(link(request, "commendation:one", made))
    typed = request.POST if request.method == "POST" else request.GET
    plan = plans.plan(whole(typed.get("plan", "")) or 0)
    if plan is not None and not may(acting, Action.PLAN_READ, plan.where):
        plan = None
    bodies = [each for each in registry.bodies(acting.region or None) if each.same_as == each.id]
    context = {
        "place": registry.region(acting.region) if acting.region else None,
        "plan": plan,
        "plan_field": plan_choice(request),
        "measures": plans.measures(plan.id) if plan else (),
        "kinds": [(kind.value, label) for kind, label in KINDS.items()],
        "regions": [each for each in registry.children(acting.region) if each.ends_on is None] if acting.region else [],
        "bodies": bodies,
        "units": UNITS,
        "typed": typed,
        "refusal": refusal,
    }
    return page(request, "commendation/propose.html", context, status=refused_status(refusal))
