"""传输率和公布率: how much of what was due came and holds, in time and in the end, and does it reach the target?"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from django.db.models import Q, Sum
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from shuangkong.core.dated import DatedValue, NotInForce
from shuangkong.core.rounding import rounded
from shuangkong.monitoring.law import MonitoringLaw
from shuangkong.monitoring.rates.book import Target
from shuangkong.monitoring.rates.share import Share, meets
from shuangkong.monitoring.rates.transmission import Cut, Transmission, added
from shuangkong.monitoring.reading import Media
from shuangkong.records.monitoring.models import Publication
from shuangkong.records.people.access import visible
from shuangkong.records.people.roles import Action
from shuangkong.rulebook import open_rulebook
from shuangkong.web.monitoring.batches import batch_of
from shuangkong.web.monitoring.codes import factor_word
from shuangkong.web.monitoring.data import asked
from shuangkong.web.monitoring.hours import points_of
from shuangkong.web.monitoring.live import outlets, readable
from shuangkong.web.monitoring.transmitting import Line, lines_of
from shuangkong.web.monitoring.views.duty import here
from shuangkong.web.monitoring.views.validity import month_of
from shuangkong.web.site.access import acting_of, needs
from shuangkong.web.site.page import page
from shuangkong.web.site.scope import link
from shuangkong.web.site.tables import Cell, Column, Row, Table, text_cell
from shuangkong.web.site.words import MISSING, rounded_figure


@require_GET
@needs(Action.MONITORING_READ)
def board(request: HttpRequest) -> HttpResponse:
    """A month of a place: factor by factor, all together, and the publication rates."""
    first, last = month_of(request.GET.get("month", ""))
    found = [each for each in outlets(readable(acting_of(request)) & here(request, "region__path"))
             if each.kind in set(Media)]  # fmt: skip
    points = points_of(found, rated_only=True, first=first, last=last)
    # What stands above the table and below it is of the whole place, whichever batch is looked at.
    lines, is_up = asked(lambda: lines_of(found, points, first, last), tuple[Line, ...]())
    batch = batch_of(request, lines)
    law = open_rulebook().monitoring()
    wanted = target_of(law, Target.EFFECTIVE_TRANSMISSION, last)
    whole = {cut: added(line.cuts[cut] for line in lines) for cut in Cut}
    context = {
        "month": f"{first:%Y-%m}",
        "is_up": is_up,
        "batch": batch,
        "late": sum(line.late for line in lines),
        "effective": {cut.value: whole[cut].effective_pct for cut in Cut},
        "target": wanted,
        "meets": None if wanted is None else meets(whole[Cut.COMPLETED].effective_pct, wanted),
        "publications": _publications(request, law, first, last),
        "is_demo": any(each.region.is_fictional for each in found),
    }
    table = _table(request, batch.some, whole)
    return page(request, "monitoring/rates.html", context, {"rates_table": table})


def target_of(law: MonitoringLaw, rate: Target, day: date) -> DatedValue | None:
    """The target on a day; None where none is in force."""
    try:
        return law.target(rate, day)
    except NotInForce:
        return None


def _table(request: HttpRequest, lines: Sequence[Line], whole: dict[Cut, Transmission]) -> Table:
    columns = (
        Column("unit", _("企业")),
        Column("outlet", _("排放口")),
        Column("factor", _("因子")),
        Column("due", _("应传"), _("小时"), is_figure=True),
        Column("stopped", _("停运"), _("小时"), is_figure=True),
        Column("now", _("即时收到"), _("小时"), is_figure=True),
        Column("received", _("补全后收到"), _("小时"), is_figure=True),
        Column("valid", _("有效"), _("小时"), is_figure=True),
        Column("transmission", _("传输率（补全）"), "%", is_figure=True),
        Column("validity", _("有效率（补全）"), "%", is_figure=True),
        Column("effective-now", _("有效传输率（即时）"), "%", is_figure=True),
        Column("effective", _("有效传输率（补全）"), "%", is_figure=True),
    )
    rows = [
        Row(
            (
                text_cell(line.outlet.enterprise.name if line.outlet.enterprise else ""),
                text_cell(line.outlet.name, href=link(request, "monitoring:validity", outlet=line.outlet.pk)),
                text_cell(factor_word(line.point.factor)),
                *_cells(line.cuts),
            )
        )
        for line in lines
    ]
    if lines:
        rows.append(Row((text_cell(_("合计")), text_cell(""), text_cell(""), *_cells(whole)), is_total=True))
    empty = _("没有计入传输率的因子：先在登记册里登记排放口和应测因子。")
    return Table("rates", _("有效传输率"), columns, tuple(rows), empty,
                 is_demo=any(line.outlet.region.is_fictional for line in lines))  # fmt: skip


def _cells(cuts: dict[Cut, Transmission]) -> tuple[Cell, ...]:
    now, done = cuts[Cut.REAL_TIME], cuts[Cut.COMPLETED]
    counts = (done.due, done.stopped, now.received, done.received, done.valid)
    rates = (done.transmission.pct, done.validity.pct, now.effective_pct, done.effective_pct)
    return (*(Cell(str(each), each) for each in counts), *map(_rate, rates))


def _rate(value: Decimal | None) -> Cell:
    if value is None:
        return Cell(MISSING, None, hint=_("没有应传的小时"))
    return Cell(rounded_figure(value), rounded(value, 2))


def _publications(request: HttpRequest, law: MonitoringLaw, first: date, last: date) -> list[dict[str, object]]:
    """Of the month and its quarter: published of due, by sort, with the target."""
    quarter = f"{first.year}Q{(first.month + 2) // 3}"
    seen = visible(acting_of(request), Action.MONITORING_READ, "enterprise__region__path", "enterprise__body")
    rows = Publication.objects.filter(seen, here(request, "enterprise__region__path"))
    rows = rows.filter(Q(period=f"{first:%Y-%m}") | Q(period=quarter))
    made: list[dict[str, object]] = []
    for sort, rate, word in (
        ("own", Target.SELF_MONITORING, _("企业自行监测结果公布率")),
        ("supervisory", Target.SUPERVISORY_MONITORING, _("污染源监督性监测结果公布率")),
    ):
        sums = rows.filter(sort=sort).aggregate(part=Sum("published"), whole=Sum("due"))
        share = Share(sums["part"] or 0, sums["whole"] or 0)
        wanted = target_of(law, rate, last)
        made.append({"word": word, "share": share, "target": wanted,
                     "meets": None if wanted is None else meets(share.pct, wanted)})  # fmt: skip
    return made
