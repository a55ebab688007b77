"""全部目标: which targets are behind?"""

from __future__ import annotations

from collections import Counter

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from shuangkong.records.people.roles import Action
from shuangkong.records.plans import store as plans
from shuangkong.records.targets import store
from shuangkong.web.site.access import acting_of, needs, seen
from shuangkong.web.site.page import page
from shuangkong.web.site.scope import scope_of
from shuangkong.web.site.words import WORST_FIRST
from shuangkong.web.targets.chosen import chosen_plan
from shuangkong.web.targets.course import courses_of
from shuangkong.web.targets.tables import target_table


@require_GET
@needs(Action.PLAN_READ, shows_past=True)
def targets(request: HttpRequest) -> HttpResponse:
    scope = scope_of(request)
    adopted = plans.plans_in_force(seen=seen(request, Action.PLAN_READ), until=scope.as_of)
    plan = chosen_plan(request.GET.get("plan", ""), adopted, scope, acting_of(request).region)
    found = courses_of(request, store.targets(plan.id, until=scope.as_of)) if plan else ()
    ordered = sorted(found, key=lambda course: WORST_FIRST.index(course.standing))
    count = Counter(course.standing for course in found)
    empty = _("采用一份方案后，它的全部目标在这里列出，落后的在前。")
    return page(
        request,
        "targets/targets.html",
        {
            "plan": plan,
            "adopted": [each for each in adopted if not scope.place or each.region == scope.place],
            "counts": [(standing, count[standing]) for standing in WORST_FIRST if count[standing]],
        },
        {"target_table": target_table(request, "targets", _("全部目标"), ordered, empty)},
    )
