"""一项表彰: who, what for, on which ground, how far it has come, and what can I do now?"""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from shuangkong.assessment.commendation import State
from shuangkong.records.assessment.commendation import store
from shuangkong.records.assessment.commendation.acts import NEEDS, act
from shuangkong.records.assessment.commendation.rows import CommendationRow, EventRow
from shuangkong.records.people.access import may
from shuangkong.records.people.roles import Action
from shuangkong.records.plans import store as plans
from shuangkong.records.refusal import Refused
from shuangkong.web.assessment.commendation.forms import UNITS, Told, act_forms, said_of
from shuangkong.web.assessment.commendation.found import commendation_or_404
from shuangkong.web.assessment.commendation.words import EVENTS, KINDS, LEVELS, SIGNS, STATES, yuan
from shuangkong.web.plans.tasks.framed import at_form, refused_status
from shuangkong.web.site.access import acting_of, needs
from shuangkong.web.site.page import page
from shuangkong.web.site.scope import link, scope_of


@require_GET
@needs(Action.COMMENDATION_READ, shows_past=True)
def one(request: HttpRequest, commendation_id: int) -> HttpResponse:
    return _page(request, commendation_or_404(request, commendation_id))


@require_POST
@needs(Action.COMMENDATION_READ)
def act_on(request: HttpRequest, commendation_id: int) -> HttpResponse:
    """Records one act; what is refused comes back with everything that was typed."""
    row = commendation_or_404(request, commendation_id)
    kind = next((each for each in NEEDS if each == request.POST.get("kind")), None)
    if kind is None:
        raise Http404(request.POST.get("kind", ""))
    try:
        act(row.id, acting_of(request), kind, said_of(request.POST))
    except Refused as refusal:
        return _page(request, row, Told(kind, at_form(refusal), request.POST.dict()))
    messages.success(request, _("已记录：%(act)s。") % {"act": EVENTS[kind]})
    return redirect(link(request, "commendation:one", row.id))


def _page(request: HttpRequest, row: CommendationRow, told: Told | None = None) -> HttpResponse:
    until, acting, now = scope_of(request).as_of, acting_of(request), row.standing
    events = store.events(row.id, until)
    plan = plans.plan(row.plan, until) if row.plan else None
    context = {
        "row": row,
        "kind": KINDS[row.kind],
        "state": STATES[now.state],
        "sign": SIGNS[now.state],
        "level": LEVELS[now.state],
        "amount": _("%(amount)s 元") % {"amount": yuan(now.amount_cny)},
        "may_see_plan": plan is not None and may(acting, Action.PLAN_READ, plan.where),
        "may_see_enterprises": may(acting, Action.ENTERPRISE_READ),
        "events": [(EVENTS[each.kind], _said(each), each) for each in reversed(events)],
        "objections": [(each.id, each.text) for each in events if each.id in now.open],
        "forms": [] if until else act_forms(row, acting, told),
        "units": UNITS,
        "typed_unit": told.form.get("amount_unit", "") if told else "",
        "is_announced": now.state is State.ANNOUNCED,
    }
    return page(request, "commendation/one.html", context, status=refused_status(told.refusal if told else None))


def _said(event: EventRow) -> str:
    """Last day, document number and amount of an event, in words."""
    until = _("公示到 %(day)s") % {"day": event.until.isoformat()} if event.until else ""
    amount = _("%(amount)s 元") % {"amount": yuan(event.amount_cny)} if event.amount_cny is not None else ""
    answers = _("答复第 %(number)d 条记录") % {"number": event.answers} if event.answers else ""
    return " · ".join(filter(None, (until, event.number, amount, answers, event.document)))
