"""一项登记: what does the text say, what has happened, what may be done now?"""

from __future__ import annotations

from decimal import Decimal

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from shuangkong.plans.reading import Op
from shuangkong.records.people.access import may
from shuangkong.records.people.roles import Action
from shuangkong.records.plans import store as plans
from shuangkong.records.plans.cascade import store
from shuangkong.records.plans.cascade.rows import EventKind, RegisterRow
from shuangkong.records.plans.rows import PlanRow
from shuangkong.records.refusal import Refused
from shuangkong.records.registry import store as registry
from shuangkong.web.plans.cascade.found import compared_or_404
from shuangkong.web.plans.cascade.quoted import line_around
from shuangkong.web.plans.cascade.registering import acts_on, again, value_words
from shuangkong.web.plans.cascade.words import ENTRIES, EVENTS, STATES, term_words
from shuangkong.web.plans.tasks.framed import at_form, day_of, number_of, refused_status
from shuangkong.web.plans.tasks.words import day_words
from shuangkong.web.site.access import acting_of, needs, seen
from shuangkong.web.site.page import page
from shuangkong.web.site.scope import link, scope_of, whole

#: Relations that a value from above may have.
_OPS = (Op.EQ, Op.LE, Op.GE)


@require_GET
@needs(Action.PLAN_COMPARE, shows_past=True)
def entry(request: HttpRequest, entry_id: int) -> HttpResponse:
    row, plan = _entry_or_404(request, entry_id)
    return _page(request, row, plan)


@require_POST
@needs(Action.PLAN_REVIEW)
def act_on(request: HttpRequest, entry_id: int) -> HttpResponse:
    """The written plan is linked, the value recorded, the entry withdrawn or registered again."""
    row, plan = _entry_or_404(request, entry_id, Action.PLAN_REVIEW)
    try:
        _record(request, row)
    except Refused as refusal:
        return _page(request, row, plan, at_form(refusal))
    messages.success(request, _("已记录。"))
    return redirect(link(request, "cascade:entry", entry_id))


def _entry_or_404(request: HttpRequest, entry_id: int, action: Action | None = None) -> tuple[RegisterRow, PlanRow]:
    row = store.register_entry(entry_id, scope_of(request).as_of)
    if row is None:
        raise Http404
    return row, compared_or_404(request, row.plan, action)


def _record(request: HttpRequest, row: RegisterRow) -> None:
    """Raises Refused and Forbidden."""
    form, acting = request.POST, acting_of(request)
    ground, document = form.get("ground", "").strip(), form.get("document", "").strip()
    match form.get("act"):
        case EventKind.WRITTEN:
            store.link_written(row.id, whole(form.get("written", "")) or 0, acting, ground)
        case EventKind.ARRIVED:
            on = day_of(form.get("on", ""), "on")
            store.record_arrival(row.id, _arrived(request), acting, document, ground, on)
        case EventKind.REGISTER:
            store.register(row.plan, again(row, form), acting, ground, document)
        case EventKind.WITHDRAW:
            store.withdraw(row.id, acting, ground)
        case _:
            raise Refused("CAS-413", "请选择要办的事。", "Choose what is to be done.", "act")


def _arrived(request: HttpRequest) -> store.Arrived:
    """The value of a form; an empty one is refused, it is not zero."""
    form = request.POST
    value: Decimal | None = number_of(form.get("value", ""), "value")
    if value is None:
        raise Refused("CAS-412", "请写明下达的数值。", "Give the value.", "value")
    op = next((each for each in _OPS if each == form.get("op")), Op.EQ)
    return store.Arrived(
        value, form.get("unit", "").strip(), op, form.get("deadline", "").strip(), whole(form.get("base_year", ""))
    )


def _page(request: HttpRequest, row: RegisterRow, plan: PlanRow, refusal: Refused | None = None) -> HttpResponse:
    until = scope_of(request).as_of
    day = until or timezone.localdate()
    text = plans.plan_text(plan.id) if row.span and plan.has_text else ""
    acts = acts_on(row) if until is None and may(acting_of(request), Action.PLAN_REVIEW, plan.where) else []
    chosen = request.POST.get("act", "")
    asks_plan, asks_owner = EventKind.WRITTEN in acts, EventKind.REGISTER in acts
    known = plans.plans(seen=seen(request, Action.PLAN_READ)) if asks_plan else ()
    bodies = registry.bodies(plan.region) if asks_owner else ()
    context = {
        "plan": plan,
        "row": row,
        "kind": ENTRIES[row.kind],
        "state": STATES[row.state],
        "term": term_words(row, day),
        "due": day_words(row.due),
        "value": value_words(row),
        "quote": line_around(text, row.span) if row.span and text else "",
        "events": [(EVENTS[each.kind], value_words(each), each) for each in store.register_events(row.id, until)],
        "acts": [(act.value, EVENTS[act], act == chosen or (not refusal and at == 0)) for at, act in enumerate(acts)],
        "known": [each for each in known if each.id != plan.id],
        "bodies": [each for each in bodies if each.same_as == each.id],
        "ops": [(_OPS[0].value, _("等于")), (_OPS[1].value, _("不超过")), (_OPS[2].value, _("不低于"))],
        "may_see_task": until is None and may(acting_of(request), Action.TASK_READ, plan.where),
        "typed": request.POST,
        "asked": chosen,
        "refusal": refusal,
    }
    return page(request, "cascade/entry.html", context, status=refused_status(refusal))
