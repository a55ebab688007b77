"""缺数情况: what is missing, of whom, since when, and who has to supply it?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from shuangkong.records.facts.gaps import Gap
from shuangkong.records.indicators.readable import Readable
from shuangkong.records.people.roles import Action
from shuangkong.rulebook import open_rulebook
from shuangkong.web.indicators.asked import name_of
from shuangkong.web.indicators.lacking import lacking
from shuangkong.web.indicators.periods import period_word
from shuangkong.web.indicators.place import choose_place, place_asked
from shuangkong.web.site.access import acting_of, needs
from shuangkong.web.site.page import page
from shuangkong.web.site.scope import link, scope_of
from shuangkong.web.site.tables import Cell as TableCell
from shuangkong.web.site.tables import Column, Row, Table, text_cell

#: Periods that ended in this year and the one before are looked at, unless the address names a year.
_YEARS_BACK = 1


@require_GET
@needs(Action.ACTUAL_READ, shows_past=True)
def missing(request: HttpRequest) -> HttpResponse:
    """Of the place that the address names and all below it, else of the person's own."""
    place = place_asked(request)
    if place is None:
        return choose_place(request, "indicators:gaps")
    scope = scope_of(request)
    day = scope.as_of or timezone.localdate()
    since = date(scope.year or day.year - _YEARS_BACK, 1, 1)
    until = min(day, date(scope.year + 1, 12, 31)) if scope.year else day
    readable = Readable(acting_of(request), place.path)
    found = tuple(gap for gap in lacking(place.path, since, until, scope.as_of) if readable.has_row(gap.subject))
    if scope.year:
        found = tuple(gap for gap in found if gap.period.year == scope.year)
    return page(
        request,
        "indicators/gaps.html",
        {"place": place, "region": place.region, "count": len(found), "since": since, "day": day},
        {"board_table": _board(found, day), "gaps_table": _table(request, found, day)},
    )


def _owner(indicator: str) -> str:
    known = open_rulebook().indicators().get(indicator)
    return known.owner if known else ""


def _board(found: Sequence[Gap], day: date) -> Table:
    """An indicator a row: of how many how much is missing, and for how long the longest."""
    groups: dict[str, list[Gap]] = defaultdict(list)
    for gap in found:
        groups[gap.indicator].append(gap)
    columns = (
        Column("indicator", _("指标")),
        Column("owner", _("由谁提供")),
        Column("subjects", _("缺数的对象"), _("个"), is_figure=True),
        Column("count", _("缺数"), _("个"), is_figure=True),
        Column("longest", _("最久已逾期"), _("天"), is_figure=True),
    )
    rows = tuple(
        Row(
            (
                text_cell(name_of(indicator)),
                text_cell(_owner(indicator)),
                _count(len({gap.subject.key for gap in each})),
                _count(len(each)),
                _count(max((day - gap.since).days for gap in each)),
            )
        )
        for indicator, each in sorted(groups.items(), key=lambda pair: -len(pair[1]))
    )
    return Table("board", _("按指标"), columns, rows, _("该报的数都报了。"))


def _table(request: HttpRequest, found: Sequence[Gap], day: date) -> Table:
    columns = (
        Column("indicator", _("指标")),
        Column("subject", _("对象")),
        Column("period", _("时期")),
        Column("owner", _("由谁提供")),
        Column("since", _("应在何日前")),
        Column("late", _("已逾期"), _("天"), is_figure=True),
        Column("said", _("情况")),
        Column("expected", _("依据")),
    )
    sources = open_rulebook().sources()
    grounds = {each: f"{sources[each.source].title} {each.at}".strip() for each in {gap.expected for gap in found}}
    rows = tuple(
        Row(
            (
                text_cell(name_of(gap.indicator), href=_series(request, gap)),
                text_cell(gap.subject.name),
                TableCell(period_word(gap.period), str(gap.period)),
                text_cell(_owner(gap.indicator)),
                TableCell(gap.since.isoformat(), gap.since),
                _count((day - gap.since).days),
                text_cell(_("已说明缺报") if gap.is_said else _("没有录入")),
                text_cell(grounds[gap.expected]),
            )
        )
        for gap in found
    )
    note = _("哪些数该有，写在政策文件 facts 文件夹；不公开、不适用算已答复")
    return Table("gaps", _("缺了哪些数"), columns, rows, _("该报的数都报了。"), note)


def _series(request: HttpRequest, gap: Gap) -> str:
    return link(request, "indicators:series", gap.indicator, f"{gap.subject.kind}:{gap.subject.code}")


def _count(number: int) -> TableCell:
    return TableCell(str(number), number)
