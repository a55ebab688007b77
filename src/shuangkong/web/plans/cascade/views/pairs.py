"""认定对应: which target or measure of this plan answers which of the plan above? A person says so."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from shuangkong.records.people.roles import Action
from shuangkong.records.plans.cascade import store
from shuangkong.records.plans.cascade.rows import Relation
from shuangkong.records.refusal import Refused
from shuangkong.web.plans.cascade.doubts import decision_table, doubts, sorts, verdict_of
from shuangkong.web.plans.cascade.found import compared_or_404, link_or_404
from shuangkong.web.plans.cascade.words import PAIRINGS
from shuangkong.web.plans.tasks.framed import at_form, refused_status
from shuangkong.web.site.access import acting_of, needs
from shuangkong.web.site.page import page
from shuangkong.web.site.scope import link, scope_of, whole


@require_http_methods(["GET", "POST"])
@needs(Action.PLAN_COMPARE, shows_past=True)
def pairs(request: HttpRequest, plan_id: int, link_id: int) -> HttpResponse:
    """The doubtful pairs first; any other can be laid together or set apart too. POST decides on one."""
    is_deciding = request.method == "POST"
    plan = compared_or_404(request, plan_id, Action.PLAN_REVIEW if is_deciding else None)
    row, parent = link_or_404(request, plan, link_id, (Relation.FOLLOWS,))
    refusal = None
    if is_deciding:
        try:
            said = _decided(request, link_id)
        except Refused as told:
            refusal = at_form(told)
        else:
            messages.success(request, _("已记录：%(verdict)s。") % {"verdict": said})
            return redirect(link(request, "cascade:pairs", plan.id, link_id))
    try:
        found = store.comparison(link_id, scope_of(request).as_of)
    except Refused:  # the comparison itself says why
        return redirect(link(request, "cascade:compare", plan.id, link_id))
    context: dict[str, Any] = {
        "plan": plan,
        "row": row,
        "parent": parent,
        "doubts": doubts(found),
        "sorts": sorts(found),
        "pairings": [(verdict.value, sign, word) for verdict, (sign, word) in PAIRINGS.items()],
        "typed": request.POST,
        "refusal": refusal,
    }
    return page(
        request, "cascade/pairs.html", context, {"decision_table": decision_table(found)}, refused_status(refusal)
    )


def _decided(request: HttpRequest, link_id: int) -> object:
    """The word of the decision that was made. Raises Refused and Forbidden."""
    form = request.POST
    above, below, verdict = (
        whole(form.get("above", "")),
        whole(form.get("below", "")),
        verdict_of(form.get("verdict", "")),
    )
    if above is None or below is None or verdict is None:
        zh = "请选上级的一项、本级的一项，并说明是不是同一项。"
        raise Refused("CAS-213", zh, "Choose one of each plan, and say whether they are one.", "below")
    store.decide_pair(link_id, acting_of(request), above, below, verdict, form.get("ground", "").strip())
    return PAIRINGS[verdict][1]
