"""报送日历: which windows should be open here and are not; opened together, or by the clock from now on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from shuangkong.records.people.access import may
from shuangkong.records.people.acting import Acting
from shuangkong.records.people.roles import Action
from shuangkong.records.refusal import Refused
from shuangkong.records.registry.models import Region
from shuangkong.records.reporting.calendar import Missing, Outcome, by_clock, missing, open_many, set_by_clock
from shuangkong.records.reporting.chain import APPROVING
from shuangkong.rulebook import open_rulebook
from shuangkong.web.plans.tasks.framed import at_form, refused_status
from shuangkong.web.reporting.views.opening import told
from shuangkong.web.reporting.words import form_name, period_word
from shuangkong.web.site.access import acting_of, needs
from shuangkong.web.site.page import page
from shuangkong.web.site.scope import link
from shuangkong.web.site.words import spoken

#: Between form and period in what is ticked: a form's id holds none.
_PARTED = " "


@require_GET
@needs(Action.WINDOW_OPEN)
def calendar(request: HttpRequest) -> HttpResponse:
    """Of each form the periods that are over and not open, and whether the clock opens it."""
    return _page(request)


@require_POST
@needs(Action.WINDOW_OPEN)
def open_ticked(request: HttpRequest) -> HttpResponse:
    """Opens what is ticked, each by itself; what was refused says why."""
    acting = acting_of(request)
    ticked = [each.partition(_PARTED) for each in request.POST.getlist("window")]
    try:
        found = open_many([(form, period) for form, _between, period in ticked], acting.region, acting)
    except Refused as refusal:
        return _page(request, at_form(refusal))
    done = [each for each in found if each.opened is not None]
    if done:
        messages.success(request, _("已开 %(n)s 个窗口。") % {"n": len(done)})
    return _page(request, None, found)


@require_POST
@needs(Action.WINDOW_OPEN)
def clock(request: HttpRequest) -> HttpResponse:
    """From now on the clock opens what is ticked, and nothing else."""
    acting = acting_of(request)
    try:
        more, fewer = set_by_clock(request.POST.getlist("form"), acting.region, acting)
    except Refused as refusal:
        return _page(request, at_form(refusal))
    said = _("已记下：新定由系统到期开 %(more)s 张，改由人开 %(fewer)s 张。") % {"more": more, "fewer": fewer}
    messages.success(request, said)
    return redirect(link(request, "reporting:calendar"))


def unopened(by: Acting) -> int:
    """How many windows should be open at the person's place, are not, and somebody owes them. ~14 queries, none for
    whoever opens none."""
    place = _place(by) if may(by, Action.WINDOW_OPEN) else None
    return sum(each.is_owed for each in missing(place, timezone.localdate())) if place else 0


def _place(by: Acting) -> Region | None:
    return Region.objects.filter(pk=by.region, level__in=APPROVING).first() if by.region else None


def _page(request: HttpRequest, refusal: Refused | None = None, found: Sequence[Outcome] = ()) -> HttpResponse:
    acting, today = acting_of(request), timezone.localdate()
    place = _place(acting)
    rows = missing(place, today) if place else ()
    clocked = by_clock(acting.region)
    context = {
        "place": place, "refusal": refusal, "found": [_outcome(each) for each in found],
        "owed": [_row(each) for each in rows if each.is_owed],
        "not_owed": [_row(each) for each in rows if not each.is_owed], "today": today,
        "forms": [
            {"id": each.id, "name": spoken(each.name), "number": each.number, "since": clocked.get(each.id)}
            for each in open_rulebook().forms_on(today, acting.region)
        ],
        "clocked": len(clocked),
    }  # fmt: skip
    return page(request, "reporting/calendar.html", context, status=refused_status(refusal))


def _row(each: Missing) -> dict[str, Any]:
    return {
        "value": f"{each.form.id}{_PARTED}{each.period}", "name": spoken(each.form.name), "number": each.form.number,
        "period": period_word(str(each.period)), "due": each.due, "owner": each.form.owner, "by_clock": each.by_clock,
    }  # fmt: skip


def _outcome(each: Outcome) -> dict[str, Any]:
    made = each.opened
    said = ""
    if made is not None:
        said = spoken(made.nobody) if made.nobody is not None else told(made)
    name = form_name(each.form, each.period) if each.opened is not None else each.form
    return {
        "name": name, "period": each.period, "number": made.number if made else None, "said": said,
        "refused": each.refused,
    }  # fmt: skip
