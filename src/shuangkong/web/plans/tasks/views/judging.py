"""待审核: which reports wait for my judgement, the oldest due day first?"""

from __future__ import annotations

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from shuangkong.plans.tasks.events import EventKind, State
from shuangkong.records.people.access import visible
from shuangkong.records.people.roles import Action
from shuangkong.records.plans.tasks import store
from shuangkong.records.plans.tasks.thresholds import thresholds
from shuangkong.web.plans.tasks.forms import judging_forms
from shuangkong.web.plans.tasks.framed import framed
from shuangkong.web.plans.tasks.lines import lines
from shuangkong.web.plans.tasks.listing import Listing
from shuangkong.web.plans.tasks.words import GRADES, percent_words
from shuangkong.web.site.access import acting_of, needs
from shuangkong.web.site.page import download

#: So many are judged on one page; judged ones make room for the next.
SHOWN = 20
JUDGED = (EventKind.ACCEPT, EventKind.RETURN)


@require_GET
@needs(Action.TASK_JUDGE)
def judging(request: HttpRequest) -> HttpResponse:
    today = timezone.localdate()
    days = thresholds(today, acting_of(request).paths)
    condition = visible(acting_of(request), Action.TASK_JUDGE) & Q(state=State.REPORTED)
    listing = Listing(request, "judging", _("待审核"), condition, today, days)
    if listing.is_export:
        return download(listing.workbook(), f"{listing.caption}.xlsx")
    found = lines(request, store.tasks(condition, count=SHOWN), today, days)
    reports = store.reports_waiting(each.row.id for each in found)
    items = [
        (each, report, GRADES[report.grade] if report.grade else "", percent_words(report.percent),
         judging_forms(each.row))
        for each in found
        for report in [reports[each.row.id]]
    ]  # fmt: skip
    count = len(items) if len(items) < SHOWN else store.count(condition)
    return framed(request, "tasks/judging.html", {"items": items, "count": count, "export": "?xlsx=judging"})
