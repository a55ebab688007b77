"""以往预测得准不准: probabilities and intervals of past forecasts against what came."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from shuangkong.outlook.forecast.calibration import Calibration
from shuangkong.records.people.roles import Action
from shuangkong.rulebook import open_rulebook
from shuangkong.web.indicators.place import choose_place, place_asked
from shuangkong.web.outlook.tried import tested
from shuangkong.web.outlook.views.forecast import outlooks_of
from shuangkong.web.site.access import needs
from shuangkong.web.site.page import page
from shuangkong.web.site.scope import scope_of
from shuangkong.web.site.tables import Cell, Column, Row, Table, text_cell

_PER_CENT, _PLACES = 100, Decimal("0.001")


@require_GET
@needs(Action.ACTUAL_READ, shows_past=True)
def calibrated(request: HttpRequest) -> HttpResponse:
    place = place_asked(request)
    if place is None:
        return choose_place(request, "outlook:calibration")
    book, day = open_rulebook(), scope_of(request).as_of or timezone.localdate()
    limits = book.outlook(book.layer_of(place.region.code, day)).limits(day)
    found = outlooks_of(request, place)
    report = tested(found, limits, book)
    is_demo = any(each.series.is_demo for each in found)
    context: dict[str, Any] = {
        "region": place.region,
        "is_demo": is_demo,
        "report": report,
        "is_mixed": report.found is not None and report.found.reference > 0,
        "brier": _score(report.found.brier) if report.found else "",
        "reference": _score(report.found.reference) if report.found else "",
    }
    tables: dict[str, Table | tuple[Table, ...]] = {}
    if report.found is not None:
        tables = {
            "reliability_table": _reliability(report.found, is_demo=is_demo),
            "coverage_table": _coverage(report.found, is_demo=is_demo),
        }
    return page(request, "outlook/calibration.html", context, tables)


def _score(value: float) -> str:
    return str(Decimal(repr(value)).quantize(_PLACES))


def _reliability(found: Calibration, *, is_demo: bool) -> Table:
    columns = (
        Column("said", _("当时说的概率"), "%"),
        Column("count", _("次数"), is_figure=True),
        Column("mean", _("平均说的概率"), "%", is_figure=True),
        Column("came", _("实际没完成的"), "%", is_figure=True),
    )
    rows = tuple(
        Row(
            (
                text_cell(f"{round(each.low * _PER_CENT)}—{round(each.high * _PER_CENT)}"),
                Cell(str(each.count), each.count),
                _per_cent(each.said),
                _per_cent(each.came),
            )
        )
        for each in found.bins
    )
    note = _("两列越接近越可靠；次数少的一行说明不了什么")
    return Table("reliability", _("说的概率和实际的比例"), columns, rows, note=note, is_demo=is_demo)


def _coverage(found: Calibration, *, is_demo: bool) -> Table:
    columns = (
        Column("level", _("区间"), "%", is_figure=True),
        Column("covered", _("实际落在区间里的"), "%", is_figure=True),
    )
    rows = tuple(Row((_per_cent(level), _per_cent(share))) for level, share in found.covered.items())
    empty = _("误差个数不足以给出区间。")
    return Table("coverage", _("区间和实际落在里面的比例"), columns, rows, empty, is_demo=is_demo)


def _per_cent(share: float) -> Cell:
    value = round(share * _PER_CENT)
    return Cell(str(value), value)
