"""补差距: which of the gaps are to be closed, by whom and by when?"""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from shuangkong.records.people.roles import Action
from shuangkong.records.plans.cascade import store
from shuangkong.records.plans.cascade.rows import Relation
from shuangkong.records.refusal import Refused
from shuangkong.records.registry import store as registry
from shuangkong.web.plans.cascade.found import compared_or_404, link_or_404
from shuangkong.web.plans.cascade.owed import owed_measures, owed_targets
from shuangkong.web.plans.tasks.framed import at_form, day_of, refused_status
from shuangkong.web.site.access import acting_of, needs
from shuangkong.web.site.page import page
from shuangkong.web.site.scope import link, whole


@require_http_methods(["GET", "POST"])
@needs(Action.TASK_ASSIGN)
def gaps(request: HttpRequest, plan_id: int, link_id: int) -> HttpResponse:
    """The main targets are chosen beforehand; POST makes a task of each that was chosen."""
    plan = compared_or_404(request, plan_id, Action.TASK_ASSIGN)
    row, parent = link_or_404(request, plan, link_id, (Relation.FOLLOWS,))
    if parent is None:
        raise Http404
    refusal = None
    if request.method == "POST":
        try:
            made = _assign(request, link_id)
        except Refused as told:
            refusal = at_form(told)
        else:
            said = ngettext("已转为 %(count)d 项任务。", "已转为 %(count)d 项任务。", made) % {"count": made}
            messages.success(request, said)
            return redirect(link(request, "cascade:compare", plan.id, link_id))
    try:
        found = store.comparison(link_id)
    except Refused:  # the comparison itself says why
        return redirect(link(request, "cascade:compare", plan.id, link_id))
    every = (*owed_targets(found), *owed_measures(found))
    typed = {whole(each) for each in request.POST.getlist("key")} if refusal else None
    context = {
        "plan": plan,
        "row": row,
        "parent": parent,
        "offers": [(each, each.is_main if typed is None else each.key in typed) for each in every if each.task is None],
        "done": [each for each in every if each.task is not None],
        "bodies": [each for each in registry.bodies(plan.region) if each.same_as == each.id],
        "typed": request.POST,
        "today": timezone.localdate(),
        "refusal": refusal,
    }
    return page(request, "cascade/gaps.html", context, status=refused_status(refusal))


def _assign(request: HttpRequest, link_id: int) -> int:
    """How many tasks were made. Raises Refused and Forbidden."""
    form = request.POST
    keys = {each for each in map(whole, form.getlist("key")) if each is not None}
    if not keys:
        raise Refused("CAS-205", "请至少选一项差距。", "Choose one gap at least.", "key")
    due = day_of(form.get("due", ""), "due")
    if due is None:
        raise Refused("CAS-206", "请写明期限。", "Give the due day.", "due")
    ground = form.get("ground", "").strip()
    return len(store.assign_gaps(link_id, acting_of(request), due, keys, whole(form.get("owner", "")), ground))
