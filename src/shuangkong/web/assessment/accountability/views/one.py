"""一项后果: what is called for, why, by whom, until when, how far, and what can I do now?"""

from __future__ import annotations

import re
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from shuangkong.assessment.enforcement import EventKind, State
from shuangkong.records.assessment.accountability import store
from shuangkong.records.assessment.accountability.acts import act, acts_allowed, proposed_due, takes_minutes
from shuangkong.records.assessment.accountability.rows import ConsequenceRow, Minutes, Said
from shuangkong.records.notices.rows import NoticeKind
from shuangkong.records.people.access import may
from shuangkong.records.people.roles import Action
from shuangkong.records.refusal import Refused
from shuangkong.web.assessment.accountability.found import consequence_or_404
from shuangkong.web.assessment.accountability.reach import reach_of
from shuangkong.web.assessment.accountability.words import (
    ACTS,
    APPROVALS,
    CARRIED_OUT,
    EVENTS,
    FOLLOWS,
    GROUNDS,
    LEVELS,
    LONG,
    MINUTES,
    SIGNS,
    STATES,
)
from shuangkong.web.assessment.said import condition_said
from shuangkong.web.notices.receipts import told_of
from shuangkong.web.plans.tasks.framed import at_form, day_of, refused_status
from shuangkong.web.site.access import acting_of, needs
from shuangkong.web.site.page import page
from shuangkong.web.site.scope import link, scope_of

#: What is waited for: its form stands open. What undoes a decision never does.
AWAITED = frozenset({EventKind.DECIDE, EventKind.CARRY_OUT, EventKind.ANSWER, EventKind.ACCEPT, EventKind.CLOSE})


@require_GET
@needs(Action.ASSESSMENT_READ, shows_past=True)
def one(request: HttpRequest, consequence_id: int) -> HttpResponse:
    return _page(request, consequence_or_404(request, consequence_id))


@require_POST
@needs(Action.ASSESSMENT_READ)
def act_on(request: HttpRequest, consequence_id: int) -> HttpResponse:
    """Records one act; what is refused comes back with everything that was typed."""
    row, form = consequence_or_404(request, consequence_id), request.POST
    kind = next((each for each in EventKind if each == form.get("kind")), None)
    if kind is None:
        raise Http404(form.get("kind", ""))
    try:
        said = Said(
            form.get("document", ""), form.get("text", ""), day_of(form.get("on", ""), "on"),
            day_of(form.get("due", ""), "due"), minutes_of(form) if takes_minutes(row, kind) else None,
        )  # fmt: skip
        act(row.id, acting_of(request), kind, said)
    except Refused as refusal:
        return _page(request, row, at_form(refusal))
    messages.success(request, _("已记录：%(act)s。") % {"act": EVENTS[kind]})
    return redirect(link(request, "accountability:one", row.id))


def _said_of(row: ConsequenceRow, kind: EventKind) -> tuple[Any, Any]:
    """What an act is called on its form, and what follows from it."""
    usual = (EVENTS[kind], FOLLOWS[kind])
    return CARRIED_OUT.get(row.act.kind, usual) if kind is EventKind.CARRY_OUT else usual


def minutes_of(form: QueryDict) -> Minutes:
    """What the form says of an interview; attendants stand one a line, or between commas."""
    attendants = re.split(r"[\n、,，;；]+", form.get("attendants", ""))
    told = {key: form.get(key, "").strip() for key in MINUTES if key != "attendants"}
    return Minutes(attendants=tuple(filter(None, map(str.strip, attendants))), **told)


def _page(request: HttpRequest, row: ConsequenceRow, refusal: Refused | None = None) -> HttpResponse:
    until, acting, now = scope_of(request).as_of, acting_of(request), row.standing
    suspension = row.act.suspension
    condition = condition_said(row.rule.when.text, row.rule.results)
    happened = store.events(row.id, until)
    kinds = [] if until else acts_allowed(row, acting)
    held = next((kind for kind in kinds if takes_minutes(row, kind)), None)
    wrong = refusal is not None and refusal.field == "minutes"
    context: dict[str, Any] = {
        "row": row,
        "act": ACTS[row.act.kind],
        "ground": GROUNDS[row.rule.ground],
        "state": STATES[now.state],
        "sign": SIGNS[now.state],
        "level": LEVELS[now.state],
        "is_overdue": now.is_overdue(until or timezone.localdate()),
        "suspension": suspension,
        "reach": reach_of(row, happened),
        "approvals": [APPROVALS[each] for each in APPROVALS if suspension and each in suspension.approvals],
        "forms": [(kind, *_said_of(row, kind)) for kind in kinds],
        "opened": request.POST.get("kind") or next((kind for kind in kinds if kind in AWAITED), ""),
        "condition": condition if condition not in row.inputs else "",
        "minutes_kind": held,
        "minutes_fields": [
            (key, label, request.POST.get(key, ""), key in LONG, wrong and not request.POST.get(key, "").strip())
            for key, label in MINUTES.items()
        ],
        "proposed_due": proposed_due(row, timezone.localdate()).isoformat() if held else "",
        "has_minutes": any(each.minutes for each in happened),
        "may_notice": until is None
        and now.state not in (State.PROPOSED, State.WAIVED, State.REVOKED)
        and may(acting, Action.PAPER_MAKE)
        and may(acting, Action.ASSESSMENT_CONDUCT, row.where),
        "events": [(EVENTS[each.kind], each) for each in reversed(happened)],
        "typed": request.POST,
        "today": timezone.localdate().isoformat(),
        "refusal": refusal,
    }
    receipts = told_of(request, NoticeKind.CONSEQUENCE, row.id)
    return page(
        request, "accountability/one.html", context, {"receipts_table": receipts}, status=refused_status(refusal)
    )
