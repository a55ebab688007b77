"""出考核公文: score sheet, self-check report, notice of results: what is printed on them, and then the file."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from shuangkong.papers.official.paper import Issue
from shuangkong.records.assessment.years.marking import require_answer
from shuangkong.records.people.access import require
from shuangkong.records.people.roles import Action
from shuangkong.web.assessment.years.found import assessment_or_404
from shuangkong.web.assessment.years.papers import make_binder, make_notice, make_score_sheet, make_self_check
from shuangkong.web.plans.papers.issuing import issue_fields
from shuangkong.web.plans.papers.offering import Offer, answer
from shuangkong.web.site.access import acting_of, needs
from shuangkong.web.site.page import download

#: What is proposed is printed as it stands: papers are Chinese whatever the language of the page.
_EVERYBODY, _BINDER = "各有关单位", "自查材料包"


@require_http_methods(["GET", "POST"])
@needs(Action.PAPER_MAKE)
def score_sheet(request: HttpRequest, assessment_id: int) -> HttpResponse:
    row, acting, today = assessment_or_404(request, assessment_id), acting_of(request), timezone.localdate()
    require(acting, Action.ASSESSMENT_CONDUCT, row.where)
    fields = issue_fields(acting.body_name or row.region_name, today, row.subject_name)
    offer = Offer(_("考核评分表"), row.subject_name, fields)
    return answer(request, offer, lambda issue, form: make_score_sheet(row, issue, acting, today))


@require_http_methods(["GET", "POST"])
@needs(Action.ASSESSMENT_ANSWER)
def self_check(request: HttpRequest, assessment_id: int) -> HttpResponse:
    row, acting, today = assessment_or_404(request, assessment_id), acting_of(request), timezone.localdate()
    require_answer(row, acting)
    fields = issue_fields(acting.body_name or row.subject_name, today, row.region_name)
    offer = Offer(_("自查报告"), row.subject_name, fields)
    return answer(request, offer, lambda issue, form: make_self_check(row, issue, acting, today))


@require_POST
@needs(Action.ASSESSMENT_ANSWER)
def binder(request: HttpRequest, assessment_id: int) -> HttpResponse:
    """The report signed today, with the evidence numbered by item and an index: for a superior outside the system."""
    row, acting, today = assessment_or_404(request, assessment_id), acting_of(request), timezone.localdate()
    require_answer(row, acting)
    issue = Issue(acting.body_name or row.subject_name, today, addressees=() if row.is_upward else (row.region_name,))
    packed = make_binder(row, issue, acting, today)
    return download(packed, f"{row.subject_name}{row.period}{_BINDER}.zip", "application/zip")


@require_http_methods(["GET", "POST"])
@needs(Action.PAPER_MAKE)
def notice(request: HttpRequest, assessment_id: int) -> HttpResponse:
    """Of the round that the assessment belongs to: everybody of it who was announced."""
    row, acting, today = assessment_or_404(request, assessment_id), acting_of(request), timezone.localdate()
    require(acting, Action.ASSESSMENT_CONDUCT, row.where)
    fields = issue_fields(acting.body_name or row.region_name, today, _EVERYBODY)
    offer = Offer(_("考核结果通报"), f"{row.region_name}{row.period}", fields, has_xlsx=True)
    return answer(request, offer, lambda issue, form: make_notice(row, issue, acting, today))
