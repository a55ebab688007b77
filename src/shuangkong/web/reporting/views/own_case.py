"""本单位的核查: what a unit is told of a case on its return, what was found, what it answers, how it ended."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from shuangkong.records.people.roles import Action
from shuangkong.records.refusal import Refused
from shuangkong.records.reporting import store
from shuangkong.records.reporting.verification.cases import CaseRow, answer_case, case_of
from shuangkong.reporting.verification.standing import EVENTS, STATES, EventKind, carries_an_act
from shuangkong.web.people.names import person_names
from shuangkong.web.plans.tasks.framed import at_form, refused_status
from shuangkong.web.reporting.words import form_word, period_word, title_of
from shuangkong.web.site.access import acting_of, needs, reached
from shuangkong.web.site.page import page
from shuangkong.web.site.scope import link
from shuangkong.web.site.words import spoken


@require_GET
@needs(Action.VERIFICATION_ANSWER)
def own_case(request: HttpRequest, case_id: int) -> HttpResponse:
    """The case as the unit sees it."""
    return _page(request, _own_or_404(request, case_id))


@require_POST
@needs(Action.VERIFICATION_ANSWER)
def answer(request: HttpRequest, case_id: int) -> HttpResponse:
    """What the unit says: an answer, or an objection to what was decided."""
    row = _own_or_404(request, case_id)
    try:
        answer_case(row.id, acting_of(request), request.POST.get("ground", ""), request.POST.get("document", ""))
    except Refused as refusal:
        return _page(request, row, at_form(refusal))
    messages.success(request, _("已答复，核查机关会看到。"))
    return redirect(link(request, "reporting:own_case", row.id))


def _own_or_404(request: HttpRequest, number: int) -> CaseRow:
    """A case of the person's own unit that it was told of. Raises Http404."""
    found = case_of(number)
    if found is None or not found.is_told:
        raise Http404(number)
    reached(request, found.owned.where, Action.VERIFICATION_ANSWER)
    return found


def _page(request: HttpRequest, found: CaseRow, refusal: Refused | None = None) -> HttpResponse:
    row = found.owned
    told = store.version(row.id, row.standing.version)
    mine = {author for event, author in found.for_unit if event.kind is EventKind.ANSWER}
    names = person_names(mine)
    context = {
        "case": found, "row": row, "name": form_word(row), "period": period_word(row.period), "refusal": refusal,
        "state": spoken(STATES[found.standing.state]), "carries": carries_an_act(found.standing),
        "typed": request.POST, "findings": [each for each in told.findings if each.code in found.standing.codes]
        if told else [],
        "codes": [(code, title_of(code)) for code in found.standing.codes],
        "events": [_event(event, names.get(author, "")) for event, author in reversed(found.for_unit)],
    }  # fmt: skip
    return page(request, "reporting/owncase.html", context, status=refused_status(refusal))


def _event(event: Any, by: str) -> dict[str, Any]:
    return {"told": event, "label": spoken(EVENTS[event.kind]), "by": by}
