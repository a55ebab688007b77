"""一个减排项目: what was reduced, how was it reckoned, how far is it, and what can I do now?"""

from __future__ import annotations

from urllib.parse import quote

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from shuangkong.indicators.emissions.claim import Claim
from shuangkong.indicators.emissions.credit import MONTHS_A_YEAR, by_year
from shuangkong.indicators.emissions.formulas import EmissionFormula, NotInForce, Reckoned
from shuangkong.records.indicators.emissions import store
from shuangkong.records.indicators.emissions.acts import NEEDS, act
from shuangkong.records.indicators.emissions.bases import base_of
from shuangkong.records.indicators.emissions.rows import ReductionRow
from shuangkong.records.indicators.emissions.rules import rules_of
from shuangkong.records.people.access import may
from shuangkong.records.people.roles import Action
from shuangkong.records.refusal import Refused
from shuangkong.web.indicators.emissions.forms import Told, act_forms, said_of
from shuangkong.web.indicators.emissions.words import (
    EVENTS,
    LEVELS,
    SIGNS,
    STATES,
    named,
    pollutant_name,
    tonnes,
    unit_shown,
)
from shuangkong.web.plans.tasks.framed import at_form, refused_status
from shuangkong.web.site.access import acting_of, needs, reached
from shuangkong.web.site.page import download, page
from shuangkong.web.site.scope import link, scope_of
from shuangkong.web.site.words import spoken

_STREAM = "application/octet-stream"


@require_GET
@needs(Action.EMISSION_READ, shows_past=True)
def one(request: HttpRequest, reduction_id: int) -> HttpResponse:
    return _page(request, reduction_or_404(request, reduction_id))


@require_POST
@needs(Action.EMISSION_READ)
def act_on(request: HttpRequest, reduction_id: int) -> HttpResponse:
    """Records one act; what is refused comes back with everything that was typed."""
    row = reduction_or_404(request, reduction_id)
    kind = next((each for each in NEEDS if each == request.POST.get("kind")), None)
    if kind is None:
        raise Http404(request.POST.get("kind", ""))
    try:
        act(row.id, acting_of(request), kind, said_of(request, kind, _formula(row)))
    except Refused as refusal:
        return _page(request, row, Told(kind, at_form(refusal), request.POST.dict()))
    messages.success(request, _("已记录：%(act)s。") % {"act": EVENTS[kind]})
    return redirect(link(request, "emissions:reduction", row.id))


@require_GET
@needs(Action.EMISSION_READ)
def file(request: HttpRequest, file_id: int) -> HttpResponse:
    """A file handed in, to keep; never shown inside the site, whatever it holds."""
    found = store.file_content(file_id)
    if found is None:
        raise Http404(file_id)
    row, content, reduction_id = found
    reduction_or_404(request, reduction_id)
    answer = download(content, row.name, _STREAM)
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(row.name)}"
    return answer


def reduction_or_404(request: HttpRequest, reduction_id: int) -> ReductionRow:
    """As known on the day that one looks at. Raises Http404, also where the person may not see it."""
    row = store.reduction(reduction_id, scope_of(request).as_of)
    if row is None:
        raise Http404(reduction_id)
    reached(request, row.where, Action.EMISSION_READ)
    return row


def _formula(row: ReductionRow) -> EmissionFormula | None:
    return rules_of(row.region, row.starts).accounting.formulas.get(row.formula)


def _page(request: HttpRequest, row: ReductionRow, told: Told | None = None) -> HttpResponse:
    until, acting, now = scope_of(request).as_of, acting_of(request), row.standing
    law, formula = rules_of(row.region, row.starts).accounting, _formula(row)
    counts = now.counts_t if now.counts_t is not None else now.amount_t
    forms = [] if until else act_forms(row, formula, acting, told)
    base = base_of(row.path, row.source_code, row.outlet, row.pollutant, row.starts // MONTHS_A_YEAR)
    context = {
        "row": row,
        "state": STATES[now.state],
        "sign": SIGNS[now.state],
        "level": LEVELS[now.state],
        "pollutant": pollutant_name(row.pollutant, row.region),
        "measure": named(law.classes.measures, row.measure),
        "source_class": named(law.classes.scopes, row.scope),
        "formula": spoken(formula.name) if formula else row.formula,
        "expression": formula.expression.text if formula else "",
        "figures": [
            (spoken(each.name), name, row.inputs.get(name), unit_shown(each.unit))
            for name, each in (formula.inputs.items() if formula else ())
        ],
        "reckoned": _reckoned(row, formula),
        "base": tonnes(base.amount_t),
        "ways": [(label, tonnes(each.before_t), tonnes(each.after_t)) for label, each in _ways(row)],
        "needs_base": bool(formula and formula.needs_base),
        "steps": [
            (_("自报"), tonnes(now.reported_t)),
            (_("县级核查"), tonnes(now.checked_t)),
            (_("审核"), tonnes(now.reviewed_t)),
            (_("核定"), tonnes(now.recognised_t)),
        ],
        "years": [(year, tonnes(amount)) for year, amount in by_year(row.credit(counts)).items()] if counts else [],
        "counts": now.counts_t is not None,
        "assigned": tonnes(row.assigned_t),
        "events": [(EVENTS[each.kind], tonnes(each.amount_t), each) for each in reversed(store.events(row.id, until))],
        "forms": forms,
        "refusal": told.refusal if told and not any(form.refusal for form in forms) else None,
        "may_see_enterprises": row.is_registered and may(acting, Action.ENTERPRISE_READ),
    }
    return page(request, "emissions/reduction.html", context, status=refused_status(told.refusal if told else None))


def _ways(row: ReductionRow) -> list[tuple[str, Claim]]:
    """From which level of a year to which the measure took the source, as reckoned and as recognised."""
    reported_t = row.standing.reported_t
    told = [(_("按填报数"), row.claim(reported_t))] if reported_t is not None else []
    return told + ([(_("核定"), row.credited)] if row.credited is not None else [])


def _reckoned(row: ReductionRow, formula: EmissionFormula | None) -> Reckoned | None:
    """The steps by which the amount came about, by today's rules; None where these no longer yield it."""
    if formula is None or set(formula.inputs) - set(row.inputs):
        return None
    try:
        return rules_of(row.region, row.starts).reckoned(formula, row.inputs)
    except NotInForce:
        return None
