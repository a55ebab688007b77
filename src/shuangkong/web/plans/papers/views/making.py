"""出具一份公文: what is printed on it, and then the file."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_http_methods

from shuangkong.records.people.access import Where, may, require
from shuangkong.records.people.roles import Action
from shuangkong.records.plans.rows import PlanRow
from shuangkong.records.plans.tasks import meetings
from shuangkong.records.registry import store as registry
from shuangkong.records.registry.tree import path_of
from shuangkong.web.plans.found import plan_or_404
from shuangkong.web.plans.papers.bulletin import make_bulletin
from shuangkong.web.plans.papers.duty_list import make_duty_list
from shuangkong.web.plans.papers.issuing import (
    BY_LINE,
    Asked,
    issue_fields,
    letter_fields,
    minutes_fields,
    names,
)
from shuangkong.web.plans.papers.letter import Taker, body_taker, make_letter, region_taker
from shuangkong.web.plans.papers.minutes import Attendance, make_minutes
from shuangkong.web.plans.papers.offering import Offer, answer
from shuangkong.web.site.access import acting_of, needs

_METHODS = require_http_methods(["GET", "POST"])
#: What is proposed is printed as it stands: papers are Chinese whatever the language of the page.
_EVERYBODY = "各有关单位"
_MEETING = (
    Asked("place", lazy("会议地点"), is_needed=True),
    Asked("chair", lazy("主持人"), is_needed=True),
    Asked("present", lazy("出席"), "names", hint=BY_LINE),
    Asked("absent", lazy("请假"), "names", hint=BY_LINE),
    Asked("listening", lazy("列席"), "names", hint=BY_LINE),
)


@_METHODS
@needs(Action.PAPER_MAKE)
def duty_list(request: HttpRequest, plan_id: int) -> HttpResponse:
    plan, acting, today = plan_or_404(request, plan_id), acting_of(request), timezone.localdate()
    fields = issue_fields(acting.body_name or plan.issuer, today, _EVERYBODY)
    is_whole = may(acting, Action.PAPER_MAKE, plan.where)
    kind = _("责任分工表") if is_whole else _("责任分工表（%(body)s承担的任务）") % {"body": acting.body_name}
    offer = Offer(kind, plan.title, fields, has_xlsx=True)
    return answer(request, offer, lambda issue, form: make_duty_list(plan.id, issue, acting, today))


@_METHODS
@needs(Action.PAPER_MAKE)
def bulletin(request: HttpRequest, region: str) -> HttpResponse:
    place, acting, today = registry.region(region), acting_of(request), timezone.localdate()
    if place is None:
        raise Http404(region)
    require(acting, Action.PAPER_MAKE, Where(path_of(region)))
    fields = issue_fields(acting.body_name, today, _EVERYBODY)
    offer = Offer(_("督查通报"), f"{place.name}{today.year}年{today.month}月", fields, has_xlsx=True)
    return answer(request, offer, lambda issue, form: make_bulletin(place.code, issue, acting, today))


@_METHODS
@needs(Action.PAPER_MAKE)
def region_letter(request: HttpRequest, plan_id: int, region: str) -> HttpResponse:
    plan = plan_or_404(request, plan_id)
    return _letter(request, plan_id, region_taker(plan, region))


@_METHODS
@needs(Action.PAPER_MAKE)
def body_letter(request: HttpRequest, plan_id: int, body_id: int) -> HttpResponse:
    plan = plan_or_404(request, plan_id)
    return _letter(request, plan_id, body_taker(plan, body_id, timezone.localdate()))


def _letter(request: HttpRequest, plan_id: int, taker: Taker | None) -> HttpResponse:
    if taker is None:
        raise Http404
    plan, acting, today = plan_or_404(request, plan_id), acting_of(request), timezone.localdate()
    require(acting, Action.PAPER_MAKE, Where(plan.path, taker.bodies))
    own = (Asked("period", lazy("责任期间"), is_needed=True, otherwise=f"{_year_of(plan, today)}年度"),)
    offer = Offer(_("目标责任书"), taker.name, own + letter_fields(plan.issuer or acting.body_name))
    return answer(
        request, offer, lambda issue, form: make_letter(plan, taker, form["period"].strip(), issue, acting, today)
    )


@_METHODS
@needs(Action.PAPER_MAKE)
def minutes(request: HttpRequest, meeting_id: int) -> HttpResponse:
    acting, today = acting_of(request), timezone.localdate()
    row = meetings.meeting(meeting_id, acting)
    if row is None:
        raise Http404(meeting_id)
    require(acting, Action.MEETING_HOLD, Where(row.path))
    offer = Offer(_("会议纪要"), row.title, _MEETING + minutes_fields(acting.body_name, today))
    return answer(request, offer, lambda issue, form: make_minutes(row, _attendance(form), issue, acting, today))


def _attendance(form: Mapping[str, str]) -> Attendance:
    lists = (names(form.get(key, "")) for key in ("present", "absent", "listening"))
    return Attendance(form["place"].strip(), form["chair"].strip(), *lists)


def _year_of(plan: PlanRow, today: date) -> int:
    """This year, as far as the plan goes: nobody signs for a year after its end."""
    first, last = plan.start_year or today.year, plan.end_year or today.year
    return min(max(today.year, first), last)
