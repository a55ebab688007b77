"""补入: what the reader missed is added by a person, with its place and a reason."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from shuangkong.records.people.roles import Action
from shuangkong.records.plans import store
from shuangkong.records.plans.additions import ADDABLE, payload_of, place_of
from shuangkong.records.plans.rows import EntryKind, EntryRow, Verdict
from shuangkong.records.refusal import Refused
from shuangkong.web.plans.detail import Told, inputs, refused
from shuangkong.web.plans.entries import FIELDS, meant, summary
from shuangkong.web.plans.found import plan_or_404
from shuangkong.web.site.access import acting_of, needs
from shuangkong.web.site.scope import link, whole


@require_http_methods(["GET", "POST"])
@needs(Action.PLAN_REVIEW)
def add(request: HttpRequest, plan_id: int) -> HttpResponse:
    """The form of one kind; what is refused comes back as it was typed."""
    row = plan_or_404(request, plan_id, Action.PLAN_REVIEW)
    kind = _kind((request.POST if request.method == "POST" else request.GET).get("of", ""))
    items = [each for each in store.entries(plan_id, EntryKind.ITEM) if not each.is_dropped]
    told = None
    if request.method == "POST":
        try:
            made = _record(request, plan_id, kind, items)
        except Refused as refusal:
            told = Told(refusal, request.POST)
        else:
            messages.success(request, _("已补入：%(words)s") % {"words": summary(made)})
            return redirect(link(request, "plans:review", plan_id, entry=made.id, show=kind))
    context = {
        "plan": row,
        "kind": kind,
        "kinds": ADDABLE,
        "items": [(each.id, summary(each)) for each in items],
        "fields": inputs(kind, {}, told),
        "typed": told.form if told else {},
        **refused(told, FIELDS[kind]),
        "opened": Verdict.ADDED if told else "",
    }
    return render(request, "plans/add.html", context, status=422 if told else 200)


def _kind(said: str) -> EntryKind:
    return EntryKind(said) if said in ADDABLE else ADDABLE[0]


def _record(request: HttpRequest, plan_id: int, kind: EntryKind, items: list[EntryRow]) -> EntryRow:
    form = request.POST
    item = next((each for each in items if each.id == whole(form.get("item", ""))), None)
    told = {field.key: meant(field, form.get(field.key, "").strip()) for field in FIELDS[kind]}
    text = store.plan_text(plan_id)
    payload = payload_of(kind, told, item, place_of(form.get("quote", ""), text, item), text)
    return store.add_entry(
        plan_id,
        kind,
        payload,
        acting_of(request),
        form.get("reason", ""),
        item.id if item else None,
        is_unit_meant="unit_meant" in form,
    )
