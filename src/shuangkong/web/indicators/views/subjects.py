"""登记和变更: a unit is met, enters or leaves a scope, or becomes another: what shall be recorded, what was wrong?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from shuangkong.core.fact import Subject
from shuangkong.records.facts.finding_units import code_of, is_reached, region_of
from shuangkong.records.facts.scopes import scope_names
from shuangkong.records.facts.subject_acts import (
    KIND,
    Enter,
    Leave,
    Recorded,
    Register,
    SubjectAct,
    act_of,
    standing_acts,
    told,
)
from shuangkong.records.indicators.naming import subject_names
from shuangkong.records.people.acting import Acting
from shuangkong.records.people.roles import Action
from shuangkong.records.refusal import Refused
from shuangkong.records.registry.tree import path_of
from shuangkong.web.indicators.subject_forms import ACTS, fields_for, units_offered, wrong_of
from shuangkong.web.plans.tasks.framed import at_form, day_of, refused_status
from shuangkong.web.site.access import acting_of, needs
from shuangkong.web.site.page import page
from shuangkong.web.site.scope import link, scope_of
from shuangkong.web.site.words import spoken


@require_http_methods(["GET", "POST"])
@needs(Action.ACTUAL_LOAD)
def subjects(request: HttpRequest) -> HttpResponse:
    """``act`` in the address chooses what is recorded, then its form is shown; POST records it.

    What is refused is shown beside what was typed.
    """
    acting, refusal = acting_of(request), None
    said = request.POST if request.method == "POST" else request.GET
    act = _act(said.get("act", ""))
    if request.method == "POST":
        try:
            told(_chosen(act), _said(request, acting)).record(acting)
            messages.success(request, _("已登记，记入日志。有沿革变化的，核算结果在下次核算时更新。"))
            return redirect(link(request, "indicators:scopes"))
        except Refused as found:
            refusal = at_form(found)
    typed = {key: said.get(key, "") for key in said} | {"place": scope_of(request).place or acting.region}
    context: dict[str, Any] = {
        "acts": [(value, *words) for value, words in ACTS.items()],
        "act": act,
        "title": ACTS[act][0] if act else "",
        "refusal": refusal,
        "typed": typed,
    }
    if act is SubjectAct.WITHDRAW:
        context |= _withdrawal(typed, acting, refusal)
    elif act is not None:
        wrong = refusal.field if refusal is not None and refusal.code == "FCT-317" else ""
        context["fields"] = fields_for(act, typed, acting, path_of(typed["place"]), wrong)
    return page(request, "indicators/subjects.html", context, {}, refused_status(refusal))


def _act(text: str) -> SubjectAct | None:
    return SubjectAct(text) if text in tuple(SubjectAct) else None


def _chosen(act: SubjectAct | None) -> SubjectAct:
    if act is None:
        raise Refused("FCT-308", "请写明要登记什么。", "Say what is to be recorded.", "act")
    return act


def _said(request: HttpRequest, acting: Acting) -> dict[str, Any]:
    """What was typed: units and regions by their codes, days as days."""
    said: dict[str, Any] = request.POST.dict()
    for name in ("code", "other"):
        if said.get(name) and (name, said["act"]) != ("code", SubjectAct.REGISTER):
            said[name] = code_of(KIND, said[name], acting, name)
    if said.get("region"):
        said["region"] = region_of(said["region"], acting)
    return said | {"on": day_of(said.get("on", ""), "on")}


def _withdrawal(typed: Mapping[str, str], acting: Acting, refusal: Refused | None) -> dict[str, Any]:
    """The unit is chosen first; then each act on it that stands can be withdrawn. ~6 queries."""
    text, found = typed.get("code", ""), {"offered": units_offered(acting)}
    try:
        code = code_of(KIND, text, acting, "code")
    except Refused as several:
        return found | {"offered": units_offered(acting, text), "several": several.message, "refusal": refusal}
    if not is_reached(KIND, code, acting):
        return found | {"is_unknown": bool(text)}
    acts = standing_acts(code)
    names = subject_names({Subject(KIND, each) for every in acts for each in _codes(every)})
    listed = [(_words(each, {about.code: name for about, name in names.items()}), wrong_of(each)) for each in acts]
    return found | {"unit": names[Subject(KIND, code)], "listed": listed}


def _codes(each: Recorded) -> tuple[str, ...]:
    return (each.code,) if isinstance(each, Register | Enter | Leave) else (each.code, each.other)


def _words(each: Recorded, names: Mapping[str, str]) -> str:
    """What happened, with its day."""
    what = str(ACTS[act_of(each)][0])
    if isinstance(each, Register):
        return what
    if isinstance(each, Enter | Leave):
        known = scope_names()
        scope = spoken(known[each.scope]) if each.scope in known else each.scope
        return f"{each.on} {what}{_('：')}{scope}"
    return f"{each.on} {what}{_('：')}{names[each.code]} → {names[each.other]}"
