"""出责任书: what a receiver answers for to the place that shared out, and then the file."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_http_methods

from shuangkong.records.people.access import require
from shuangkong.records.people.roles import Action
from shuangkong.web.plans.papers.issuing import Asked, letter_fields
from shuangkong.web.plans.papers.offering import Offer, answer
from shuangkong.web.site.access import acting_of, needs
from shuangkong.web.targets.decomposition.found import share_or_404
from shuangkong.web.targets.decomposition.letter import make_letter


@require_http_methods(["GET", "POST"])
@needs(Action.PAPER_MAKE)
def letter(request: HttpRequest, share_id: int) -> HttpResponse:
    head, each = share_or_404(request, share_id)
    acting, today = acting_of(request), timezone.localdate()
    require(acting, Action.PAPER_MAKE, head.where)
    year = min(max(today.year, head.base_year + 1), head.end_year)
    own = (Asked("period", lazy("责任期间"), is_needed=True, otherwise=f"{year}年度"),)
    offer = Offer(_("目标责任书"), each.name, own + letter_fields(acting.body_name or head.region_name))
    return answer(
        request, offer, lambda issue, form: make_letter(head, each, form["period"].strip(), issue, acting, today)
    )
