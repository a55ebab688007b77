"""登记册: which sub-plans are still to be written, which values are still to come from above?"""

from __future__ import annotations

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from shuangkong.records.paths import below
from shuangkong.records.people.access import visible
from shuangkong.records.people.roles import Action
from shuangkong.records.plans import store as plans
from shuangkong.records.plans.cascade import store
from shuangkong.records.plans.cascade.rows import EntryKind, Proposal
from shuangkong.records.plans.rows import EntryKind as Entry
from shuangkong.records.plans.rows import PlanRow
from shuangkong.records.refusal import Refused
from shuangkong.records.registry import store as registry
from shuangkong.records.registry.tree import path_of
from shuangkong.web.plans.cascade.found import compared_or_404
from shuangkong.web.plans.cascade.registering import late_first, register_table, wanted_of
from shuangkong.web.plans.cascade.words import ENTRIES
from shuangkong.web.plans.tasks.framed import at_form, refused_status
from shuangkong.web.site.access import acting_of, needs, seen
from shuangkong.web.site.page import page
from shuangkong.web.site.scope import link, scope_of

#: What the address may leave: only one kind, and what is settled as well.
ALL = "all"


@require_GET
@needs(Action.PLAN_COMPARE, shows_past=True)
def register(request: HttpRequest) -> HttpResponse:
    """What is open in every plan that the person may see, late ones first."""
    scope, kind = scope_of(request), request.GET.get("kind", "")
    day = scope.as_of or timezone.localdate()
    condition = visible(acting_of(request), Action.PLAN_COMPARE)
    if scope.place:
        condition &= below(path_of(scope.place) or "/?/")
    every = store.registered(condition, scope.as_of)
    shown = [row for row in every if row.is_open or request.GET.get("state") == ALL]
    kept = [row for row in shown if not kind or row.kind == kind]
    in_force = plans.plans_in_force(seen=seen(request, Action.PLAN_COMPARE), until=scope.as_of)
    context = {
        "open": sum(row.is_open for row in every),
        "late": sum(row.is_late(day) for row in every),
        "kinds": [
            (each.value, ENTRIES[each], sum(row.kind is each for row in shown), each == kind) for each in EntryKind
        ],
        "all": len(shown),
        "kind": kind if kind in set(EntryKind) else "",
        "state": ALL if request.GET.get("state") == ALL else "",
        "texts": [row for row in in_force if row.has_text and scope.place in ("", row.region)],
    }
    table = register_table(request, late_first(kept, day), day, {row.id: row for row in in_force})
    return page(request, "cascade/register.html", context, {"register_table": table})


@require_GET
@needs(Action.PLAN_COMPARE, shows_past=True)
def of_plan(request: HttpRequest, plan_id: int) -> HttpResponse:
    """What one plan leaves open: what its text proposes, and what was decided of it."""
    return _page(request, compared_or_404(request, plan_id))


@require_POST
@needs(Action.PLAN_REVIEW)
def decide(request: HttpRequest, plan_id: int) -> HttpResponse:
    """Registers or declines a proposal, or registers what the reader missed."""
    plan, form = compared_or_404(request, plan_id, Action.PLAN_REVIEW), request.POST
    acting, ground = acting_of(request), form.get("ground", "").strip()
    try:
        wanted = wanted_of(form, store.register_proposals(plan.id))
        if form.get("act") == "decline":
            store.decline(plan.id, wanted, acting, ground)
            said = _("已决定不予登记：%(title)s")
        else:
            store.register(plan.id, wanted, acting, ground, form.get("document", "").strip())
            said = _("已登记：%(title)s")
    except Refused as refusal:
        return _page(request, plan, at_form(refusal))
    messages.success(request, said % {"title": wanted.title})
    return redirect(link(request, "cascade:open", plan.id))


def _page(request: HttpRequest, plan: PlanRow, refusal: Refused | None = None) -> HttpResponse:
    until = scope_of(request).as_of
    day = until or timezone.localdate()
    rows = store.registered(Q(plan=plan.id), until)
    is_now = until is None
    context = {
        "plan": plan,
        "open": sum(row.is_open for row in rows),
        "late": sum(row.is_late(day) for row in rows),
        "proposals": [
            (each, ENTRIES[each.kind], refusal is not None and _is_of(request, each))
            for each in store.register_proposals(plan.id, until)
        ],
        "items": [each for each in plans.entries(plan.id, Entry.ITEM) if not each.is_dropped] if is_now else [],
        "bodies": [each for each in registry.bodies(plan.region) if each.same_as == each.id] if is_now else [],
        "kinds": [(each.value, label) for each, label in ENTRIES.items()],
        "typed": request.POST,
        "asked": request.POST.get("form", ""),
        "refusal": refusal,
    }
    table = register_table(request, late_first(rows, day), day)
    return page(request, "cascade/open.html", context, {"register_table": table}, refused_status(refusal))


def _is_of(request: HttpRequest, proposal: Proposal) -> bool:
    """Whether the form that was sent is the proposal's."""
    sent = tuple(request.POST.get(key, "") for key in ("form", "kind", "title", "item"))
    return sent == ("proposal", proposal.kind, proposal.title, str(proposal.item))
