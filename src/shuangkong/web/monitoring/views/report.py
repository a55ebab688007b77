"""报表: the hour, day and month tables of an outlet in the usual form, as pages and as workbooks."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_GET

from shuangkong.monitoring.reading import Span
from shuangkong.records.people.roles import Action
from shuangkong.web.monitoring.data import asked
from shuangkong.web.monitoring.report import Report, report_of, span_of
from shuangkong.web.monitoring.report_table import report_table
from shuangkong.web.monitoring.views.outlet import outlet_or_404
from shuangkong.web.site.access import needs
from shuangkong.web.site.page import page

SPANS = {Span.DAY: lazy("小时均值日报表"), Span.MONTH: lazy("日均值月报表"), Span.YEAR: lazy("月均值年报表")}


@require_GET
@needs(Action.MONITORING_READ)
def report(request: HttpRequest, outlet_id: int) -> HttpResponse:
    """Hours of a day, days of a month, months of a year."""
    found = outlet_or_404(request, outlet_id)
    span = next((each for each in SPANS if each.value == request.GET.get("span")), Span.DAY)
    first, last = span_of(span, request.GET.get("on", ""))
    held, is_up = asked(lambda: report_of(found, span, first, last), Report(span, first, last, (), (), ()))
    context = {
        "outlet": found,
        "is_up": is_up,
        "span": span.value,
        "spans": [(each.value, word, each is span) for each, word in SPANS.items()],
        "title": SPANS[span],
        "on": f"{first:%Y-%m-%d}",
        "notes": held.notes,
        "caption": _("%(first)s 至 %(last)s") % {"first": first, "last": last},
    }
    return page(
        request, "monitoring/report.html", context, {"report_table": report_table(found, held, str(SPANS[span]))}
    )
