"""待审核: which reports wait for my judgement, the oldest due day first?"""

from __future__ import annotations

from datetime import date

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from shuangkong.plans.tasks.events import EventKind, State
from shuangkong.records.people.access import visible
from shuangkong.records.people.roles import Action
from shuangkong.records.plans.tasks import store
from shuangkong.records.plans.tasks.rows import TaskRow
from shuangkong.records.plans.tasks.stood import stood
from shuangkong.records.plans.tasks.thresholds import thresholds
from shuangkong.web.people.names import person_names
from shuangkong.web.plans.tasks.forms import judging_forms
from shuangkong.web.plans.tasks.framed import framed
from shuangkong.web.plans.tasks.lines import lines
from shuangkong.web.plans.tasks.listing import Listing
from shuangkong.web.plans.tasks.picks import at_place
from shuangkong.web.plans.tasks.then import day_looked_at, due_first, is_past
from shuangkong.web.plans.tasks.words import GRADES, percent_words
from shuangkong.web.site.access import acting_of, needs
from shuangkong.web.site.page import download

#: So many are judged on one page; judged ones make room for the next.
SHOWN = 20
JUDGED = (EventKind.ACCEPT, EventKind.RETURN)


@require_GET
@needs(Action.TASK_JUDGE, shows_past=True)
def judging(request: HttpRequest) -> HttpResponse:
    day, past = day_looked_at(request), is_past(request)
    days = thresholds(day, acting_of(request).paths)
    condition = visible(acting_of(request), Action.TASK_JUDGE)
    then = None if past is None else _then(request, condition, past)
    condition &= Q(state=State.REPORTED)
    listing = Listing(request, "judging", _("待审核"), condition, day, days, then=then)
    if listing.is_export:
        return download(listing.workbook(), f"{listing.caption}.xlsx")
    rows = store.tasks(condition, count=SHOWN) if then is None else then[:SHOWN]
    reports = store.reports_waiting((row.id for row in rows), past)
    items = [
        (each, report, GRADES[report.grade] if report.grade else "", percent_words(report.percent),
         judging_forms(each.row) if past is None else ())
        for each in lines(request, rows, day, days)
        for report in [reports[each.row.id]]
    ]  # fmt: skip
    count = len(then) if then is not None else len(rows) if len(rows) < SHOWN else store.count(condition)
    names = person_names(report.author for report in reports.values())
    context = {"items": items, "count": count, "export": listing.export, "names": names}
    return framed(request, "tasks/judging.html", context)


def _then(request: HttpRequest, condition: Q, past: date) -> list[TaskRow]:
    """What waited for judgement at the end of a past day, at the place that the address names, due first above.
    8 queries. Raises Refused.
    """
    reported = store.with_event(EventKind.REPORT, until=past)
    rows = stood(condition & reported & at_place(request), past)
    return sorted((row for row in rows if row.standing.state is State.REPORTED), key=due_first)
