"""一项任务: who does it, what exactly, by when?"""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from shuangkong.plans.reading import Role
from shuangkong.records.people.roles import Action
from shuangkong.records.plans import store
from shuangkong.records.targets import store as targets
from shuangkong.web.plans.found import plan_or_404
from shuangkong.web.plans.tables import duty_table
from shuangkong.web.site.access import needs
from shuangkong.web.site.page import page
from shuangkong.web.site.scope import scope_of
from shuangkong.web.targets.course import courses_of
from shuangkong.web.targets.tables import target_table


@require_GET
@needs(Action.PLAN_READ, shows_past=True)
def measure(request: HttpRequest, measure_id: int) -> HttpResponse:
    until = scope_of(request).as_of
    row = store.measure(measure_id, until)
    if row is None:
        raise Http404
    plan = plan_or_404(request, row.plan)
    text = store.plan_text(row.plan) if plan.has_text else ""
    own = [target for target in targets.targets(row.plan, until=until) if target.measure == measure_id]
    duties = store.duties(row.plan, measure_id, until)
    found = courses_of(request, own)
    return page(
        request,
        "plans/measure.html",
        {
            "plan": plan,
            "measure": row,
            "roles": [
                (role, bodies)
                for role in Role
                for bodies in [[body for body in row.bodies if body.role == role]]
                if bodies
            ],
            "sentences": [span.of(text) for span in row.sub_tasks] if text else [],
            "duties": duties,
        },
        {
            "duty_table": duty_table(request, row, duties, text),
            "target_table": target_table(request, "targets", _("本任务的目标"), found, _("这项任务没有数字目标。")),
        },
    )
