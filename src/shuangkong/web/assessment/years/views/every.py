"""考核台: who is assessed, how far is each, what result, what changed since, and what waits for me?"""

from __future__ import annotations

from collections import Counter

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from shuangkong.assessment.year import State
from shuangkong.core.period import Period
from shuangkong.records.assessment.years import store
from shuangkong.records.assessment.years.acts import AWAITED, acts_allowed
from shuangkong.records.assessment.years.drawing import Round, draw_for_check
from shuangkong.records.assessment.years.rows import AssessmentRow
from shuangkong.records.assessment.years.sheets import kept_sheets, sheets_of, since_announced
from shuangkong.records.paths import below
from shuangkong.records.people.access import may
from shuangkong.records.people.acting import Acting
from shuangkong.records.people.roles import Action
from shuangkong.records.refusal import Refused
from shuangkong.records.registry.tree import path_of
from shuangkong.web.assessment.years.tables import desk_table
from shuangkong.web.assessment.years.words import EVENTS, LEVELS, SIGNS, STATES, title
from shuangkong.web.plans.tasks.framed import at_form, refused_status
from shuangkong.web.site.access import acting_of, needs
from shuangkong.web.site.page import page
from shuangkong.web.site.scope import link, scope_of, whole


@require_GET
@needs(Action.ASSESSMENT_READ, shows_past=True)
def every(request: HttpRequest) -> HttpResponse:
    return _page(request)


@require_POST
@needs(Action.ASSESSMENT_CONDUCT)
def draw_on(request: HttpRequest) -> HttpResponse:
    """Draws those of a round who are checked on site; what is refused comes back with everything that was typed."""
    form, acting = request.POST, acting_of(request)
    try:
        asked = Round(acting.region, form.get("duty", ""), _period(form.get("year", "")))
        drawn = draw_for_check(asked, whole(form.get("count", "")) or 0, form.get("seed", ""), acting)
    except Refused as refusal:
        return _page(request, at_form(refusal))
    messages.success(request, _("已抽签：抽中 %(count)d 个，种子和名单记入日志。") % {"count": len(drawn)})
    return redirect(link(request, "assessment:list"))


def _period(text: str) -> Period:
    year = whole(text)
    if year is None:
        raise Refused("ASM-442", "没有可抽的一轮。请从列表里选。", "No such round: choose one of the list.", "year")
    return Period(year)


def _page(request: HttpRequest, refusal: Refused | None = None) -> HttpResponse:
    scope, acting = scope_of(request), acting_of(request)
    condition = store.readable(acting)
    if scope.place:
        condition &= below(path_of(scope.place) or "/?/") | below(path_of(scope.place) or "/?/", "subject_path")
    if scope.year is not None:
        condition &= Q(period=str(scope.year))
    rows = store.assessments(condition, scope.as_of)
    sheets = sheets_of(rows, as_of=scope.as_of)
    told = kept_sheets(Q(assessment__in=[row.id for row in rows if row.standing.announced_on]))
    changed = since_announced(rows, sheets, told)
    counts = Counter(row.standing.state for row in rows)
    today = timezone.localdate()
    context = {
        "counts": [(STATES[state], SIGNS[state], LEVELS[state], counts[state]) for state in STATES if counts[state]],
        "late": sum(row.standing.is_late(today) for row in rows),
        "changed": sum(map(bool, changed.values())),
        "waiting": _waiting(rows, acting) if scope.as_of is None else [],
        "may_conduct": may(acting, Action.ASSESSMENT_CONDUCT) and bool(acting.region),
        "rounds": _rounds(rows, acting) if scope.as_of is None else [],
        "announced": list({title(row): row.id for row in rows if row.standing.announced_on}.items()),
        "typed": request.POST,
        "refusal": refusal,
    }  # fmt: skip
    table = desk_table(request, rows, sheets, changed)
    return page(request, "assessment/list.html", context, {"desk": table}, status=refused_status(refusal))


def _waiting(rows: tuple[AssessmentRow, ...], acting: Acting) -> list[tuple[AssessmentRow, object, object]]:
    found: list[tuple[AssessmentRow, object, object]] = []
    for row in rows:
        awaited = AWAITED.get(row.standing.state)
        if awaited is not None and awaited in acts_allowed(row, acting):
            found.append((row, STATES[row.standing.state], EVENTS[awaited]))
    return found


def _rounds(rows: tuple[AssessmentRow, ...], acting: Acting) -> list[tuple[str, Period, str, int]]:
    """Rounds of the person's place of which some were reviewed and wait for the draw."""
    counted: Counter[tuple[str, Period, str]] = Counter()
    for row in rows:
        if row.standing.state is State.REVIEWED and may(acting, Action.ASSESSMENT_CONDUCT, row.where):
            counted[row.duty, row.period, title(row)] += 1
    return [(duty, period, name, count) for (duty, period, name), count in counted.items()]
