"""一项分解: who bears how much, do the parts come to the whole, which way was adopted, and what was before?"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from shuangkong.records.people.access import may
from shuangkong.records.people.roles import Action
from shuangkong.records.refusal import Refused
from shuangkong.records.targets.decomposition import store
from shuangkong.records.targets.decomposition.acts import acts_allowed, adopt, withdraw
from shuangkong.records.targets.decomposition.rows import DecompositionHead, Said
from shuangkong.targets.decomposition.standing import EventKind
from shuangkong.web.plans.tasks.framed import at_form, day_of, refused_status
from shuangkong.web.site.access import acting_of, needs
from shuangkong.web.site.page import page
from shuangkong.web.site.scope import link, scope_of, whole
from shuangkong.web.targets.decomposition.found import decomposition_or_404
from shuangkong.web.targets.decomposition.tables import Way, fairness_table, share_table, way_recorded, year_table
from shuangkong.web.targets.decomposition.words import EVENTS, LEVELS, SETTLED, SIGNS, STATES, target_words, title


@require_GET
@needs(Action.DECOMPOSITION_READ, shows_past=True)
def one(request: HttpRequest, decomposition_id: int) -> HttpResponse:
    return _page(request, decomposition_or_404(request, decomposition_id))


@require_POST
@needs(Action.DECOMPOSITION_READ)
def act_on(request: HttpRequest, decomposition_id: int) -> HttpResponse:
    """Adopts or withdraws; what is refused comes back with everything that was typed."""
    head, form, by = decomposition_or_404(request, decomposition_id), request.POST, acting_of(request)
    kind = form.get("kind", "")
    if kind not in (EventKind.ADOPT, EventKind.WITHDRAW):
        raise Http404(kind)
    try:
        said = Said(
            form.get("text", ""), form.get("document", ""), day_of(form.get("on", ""), "on"),
            is_provisional=form.get("settled") == "provisional",
        )  # fmt: skip
        if kind == EventKind.ADOPT:
            adopt(head.id, whole(form.get("scenario", "")) or 0, said, by)
        else:
            withdraw(head.id, said, by)
    except Refused as refusal:
        return _page(request, head, at_form(refusal))
    messages.success(request, _("已记录：%(act)s。") % {"act": EVENTS[EventKind(kind)]})
    return redirect(link(request, "decomposition:one", head.id))


def _page(request: HttpRequest, head: DecompositionHead, refusal: Refused | None = None) -> HttpResponse:
    until, acting, now = scope_of(request).as_of, acting_of(request), head.standing
    rows = store.scenarios(head.id, until)
    shares = store.shares(Q(scenario__in=[row.id for row in rows])) if rows else ()
    ways = [way_recorded(row, shares, now.scenario) for row in rows]
    main = next((at for at, way in enumerate(ways) if way.is_adopted), len(ways) - 1)
    adopted = [each for each in shares if each.scenario == now.scenario]
    allowed = [] if until else acts_allowed(head, acting)
    numbers = {row.id: row for row in rows}
    context: dict[str, Any] = {
        "head": head,
        "title": title(head),
        "promise": target_words(head),
        "state": STATES[now.state],
        "sign": SIGNS[now.state],
        "level": LEVELS[now.state],
        "adopted": next((way for way in ways if way.is_adopted), None),
        "ways": ways,
        "letters": [each for each in adopted if each.value is not None] if may(acting, Action.PAPER_MAKE) else [],
        "may_prepare": EventKind.RECORD in allowed,
        "may_adopt": EventKind.ADOPT in allowed,
        "may_withdraw": EventKind.WITHDRAW in allowed,
        "events": [
            (
                EVENTS[each.kind],
                SETTLED.get(each.settled) if each.settled else "",
                numbers.get(each.scenario or 0),
                each,
            )
            for each in reversed(store.events(head.id, until))
        ],
        "typed": request.POST,
        "today": timezone.localdate().isoformat(),
        "refusal": refusal,
        "faults": [(way, each) for way in _told_of(ways) for each in way.outcome.findings],
    }
    tables = {
        "share_table": share_table(request, head, ways, main=max(main, 0)),
        "fairness_table": fairness_table(head, ways),
        "year_table": year_table(request, head, adopted),
    }
    return page(request, "decomposition/one.html", context, tables, status=refused_status(refusal))


def _told_of(ways: list[Way]) -> list[Way]:
    """Of which ways what is wrong is told: of the adopted one alone, else of all."""
    return [way for way in ways if way.is_adopted] or ways
