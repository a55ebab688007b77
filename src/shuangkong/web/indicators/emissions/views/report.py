"""自报减排项目: what did I reduce, and what shows it? The method is chosen first: its figures can then be told."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from shuangkong.records.indicators.emissions import reporting
from shuangkong.records.indicators.emissions.rules import rules_at
from shuangkong.records.people.roles import Action
from shuangkong.records.refusal import Refused
from shuangkong.records.registry import store as registry
from shuangkong.web.indicators.emissions.forms import figure_fields, reported_of
from shuangkong.web.indicators.emissions.words import REGISTERS
from shuangkong.web.plans.tasks.framed import at_form, refused_status
from shuangkong.web.site.access import acting_of, needs
from shuangkong.web.site.page import page
from shuangkong.web.site.scope import link
from shuangkong.web.site.words import spoken


@require_http_methods(["GET", "POST"])
@needs(Action.EMISSION_REPORT)
def report(request: HttpRequest) -> HttpResponse:
    """The place is where the person acts."""
    acting, refusal = acting_of(request), None
    law = rules_at(acting.region).accounting
    typed = request.POST if request.method == "POST" else request.GET
    reductions = law.reductions(timezone.localdate())
    pollutant = typed.get("pollutant", "") if typed.get("pollutant") in law.pollutants else ""
    fitting = {key: each for key, each in reductions.items() if not pollutant or each.is_for(pollutant)}
    formula = fitting.get(typed.get("formula", ""))
    if request.method == "POST":
        try:
            made = reporting.report(reported_of(request, acting.region, formula), acting)
        except Refused as found:
            refusal = at_form(found)
        else:
            messages.success(request, _("已自报，等待县级核查。"))
            return redirect(link(request, "emissions:reduction", made))
    scopes = law.pollutants[pollutant].scopes if pollutant else tuple(law.classes.scopes)
    context = {
        "place": registry.region(acting.region) if acting.region else None,
        "pollutants": [(key, spoken(each.name)) for key, each in law.pollutants.items()],
        "formulas": [(key, spoken(each.name)) for key, each in fitting.items()],
        "scopes": [
            (key, spoken(law.classes.scopes[key])) for key in scopes if formula is None or key in formula.scopes
        ],
        "pollutant": pollutant,
        "formula": formula,
        "registered_as": REGISTERS[formula.register] if formula and formula.register else "",
        "measure": spoken(law.classes.measures[formula.measure]) if formula else "",
        "figures": figure_fields(formula, typed.dict(), refusal.field if refusal else "") if formula else (),
        "typed": typed,
        "refusal": refusal,
    }
    return page(request, "emissions/report.html", context, status=refused_status(refusal))
