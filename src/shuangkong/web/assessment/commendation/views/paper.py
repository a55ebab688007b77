"""出表彰通报: what is printed on it, and then the file."""

from __future__ import annotations

from dataclasses import replace

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from shuangkong.records.people.access import require
from shuangkong.records.people.roles import Action
from shuangkong.web.assessment.commendation.found import commendation_or_404
from shuangkong.web.assessment.commendation.notice import make_notice
from shuangkong.web.plans.papers.issuing import issue_fields
from shuangkong.web.plans.papers.offering import Offer, answer
from shuangkong.web.site.access import acting_of, needs

#: What is proposed is printed as it stands: papers are Chinese whatever the language of the page.
_EVERYBODY = "各有关单位"


@require_http_methods(["GET", "POST"])
@needs(Action.PAPER_MAKE)
def paper(request: HttpRequest, commendation_id: int) -> HttpResponse:
    row, acting, today = commendation_or_404(request, commendation_id), acting_of(request), timezone.localdate()
    require(acting, Action.COMMENDATION_ANNOUNCE, row.where)
    known = {"number": row.standing.number, "signed_on": (row.standing.announced_on or today).isoformat()}
    fields = issue_fields(acting.body_name or row.proposer_name, today, _EVERYBODY)
    offer = Offer(
        _("表彰通报"), row.name, tuple(replace(each, otherwise=known.get(each.key, each.otherwise)) for each in fields)
    )
    return answer(request, offer, lambda issue, form: make_notice(row, issue, acting, today))
