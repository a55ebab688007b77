"""离任审计表: over a term of office, what became of resources and targets of a place?"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_GET

from shuangkong.assessment.term import Term, TermRow
from shuangkong.core.fact import Cell as FactCell
from shuangkong.core.fact import Subject
from shuangkong.core.trace import Figure
from shuangkong.indicators.engine.leaves import is_demo, is_doubted
from shuangkong.indicators.engine.printing import Printed, at_rest
from shuangkong.records.assessment.term import form_of, require_term, sheet_of_term
from shuangkong.records.people.access import Where, may
from shuangkong.records.people.roles import Action
from shuangkong.records.refusal import Refused
from shuangkong.records.registry import store as registry
from shuangkong.records.registry.tree import path_of
from shuangkong.rulebook import open_rulebook
from shuangkong.web.indicators.shown import address
from shuangkong.web.plans.tasks.framed import at_form, day_of, refused_status
from shuangkong.web.site.access import acting_of, needs, place_of
from shuangkong.web.site.page import page
from shuangkong.web.site.scope import scope_of
from shuangkong.web.site.tables import Cell, Column, Row, Table, text_cell
from shuangkong.web.site.words import MISSING, figure, rounded_figure, spoken, unit_word

#: Years that a term spans where nobody says: its form shows one that is over.
_USUAL_YEARS = 5
RESOURCES = {
    "water": lazy("水"),
    "air": lazy("大气"),
    "forest": lazy("森林"),
    "energy": lazy("能源和碳"),
    "land": lazy("土地"),
    "mineral": lazy("矿产"),
    "grassland": lazy("草原"),
    "ocean": lazy("海洋"),
}


@require_GET
@needs(Action.ASSESSMENT_READ, shows_past=True)
def term(request: HttpRequest) -> HttpResponse:
    """The place that the address names, else the own; days of the term are asked of the form."""
    place, refusal = place_of(request, Action.ASSESSMENT_READ), None
    region = registry.region(place) if place else None
    if region is not None and not may(acting_of(request), Action.ASSESSMENT_READ, Where(path_of(region.code))):
        region = None  # whoever sees her own body only has no place to ask about
    starts, until = _usual()
    try:
        starts = day_of(request.GET.get("starts", ""), "starts") or starts
        until = day_of(request.GET.get("until", ""), "until") or until
        require_term(starts, until)
    except Refused as found:
        refusal, (starts, until) = at_form(found), _usual()
    asked = Term(request.GET.get("official", "").strip(), Subject("region", place), starts, until)
    rows = sheet_of_term(asked, scope_of(request).as_of) if region else ()
    context = {
        "place": region,
        "term": asked,
        "clause": form_of(asked).clause,
        "refusal": refusal,
        "tally": [sum(row.is_met is answer for row in rows) for answer in (True, False)],
        "untold": sum(row.left is None or row.left.value is None for row in rows),
    }
    table = term_table(request, asked, rows, is_fictional=bool(region and region.is_fictional))
    return page(request, "assessment/term.html", context, {"term_table": table}, status=refused_status(refusal))


def _usual() -> tuple[date, date]:
    """The last whole years before today."""
    year = timezone.localdate().year
    return date(year - _USUAL_YEARS, 1, 1), date(year - 1, 12, 31)


def term_table(request: HttpRequest, asked: Term, rows: tuple[TermRow, ...], *, is_fictional: bool) -> Table:
    columns = (
        Column("indicator", _("指标")),
        Column("resource", _("资产类别")),
        Column("unit", _("单位")),
        Column("found", _("任职前 %(year)s") % {"year": asked.base}, is_figure=True),
        Column("left", _("任期末 %(year)s") % {"year": asked.last}, is_figure=True),
        Column("change", _("增减"), is_figure=True),
        Column("met", _("目标")),
    )
    made = tuple(Row(_cells(request, asked, row)) for row in rows)
    told = [each for row in rows for each in (row.found, row.left) if each is not None]
    caption = _("离任审计指标表 %(starts)s 至 %(until)s") % {"starts": asked.starts, "until": asked.until}
    return Table(
        "term", f"{asked.official} {caption}".strip(), columns, made, _("先选一个地区。"),
        is_demo=is_fictional or any(map(is_demo, told)),
    )  # fmt: skip


def _cells(request: HttpRequest, asked: Term, row: TermRow) -> tuple[Cell, ...]:
    word = {True: _("✓ 完成"), False: _("✕ 未完成"), None: MISSING}[row.is_met]
    known = next((each for each in (row.left, row.found) if each is not None and each.value is not None), None)
    return (
        text_cell(spoken(row.indicator.name)),
        text_cell(str(RESOURCES.get(row.indicator.resource, row.indicator.resource))),
        text_cell(unit_word(_printed(asked, row, known.value, known.unit).unit) if known else MISSING),
        _figure(request, asked, row, row.found),
        _figure(request, asked, row, row.left),
        _change(asked, row, known.unit if known else ""),
        Cell(word, hint="" if row.is_met is not None else _("任期内没有公布过这项目标的考核结果")),
    )


def _figure(request: HttpRequest, asked: Term, row: TermRow, told: Figure | None) -> Cell:
    if not row.indicator.indicator:
        return Cell(MISSING, hint=_("本系统不掌握这项数据，请向主管部门取得"))
    if told is None or told.value is None:
        return Cell(MISSING, hint=_("没有报送或公布过这一年的数"))
    cell = FactCell(asked.region, told.cell.indicator, told.cell.period)
    shown = _printed(asked, row, told.value, told.unit).value
    return Cell(_said(row, shown), shown, why=address(request, cell), is_doubted=is_doubted(told))


def _change(asked: Term, row: TermRow, unit: str) -> Cell:
    if row.change is None:
        return Cell(MISSING, hint=_("两端缺一，不能比较"))
    shown = _printed(asked, row, row.change, unit).value
    return Cell(("+" if row.change > 0 else "") + _said(row, shown), shown)


def _printed(asked: Term, row: TermRow, value: Decimal | None, unit: str) -> Printed:
    """In the unit of the indicator, with the decimals that it keeps: an intensity is no 0.00."""
    book = open_rulebook()
    rule = book.indicator_rules(book.layer_of(asked.region.code, asked.until)).get(row.indicator.indicator)
    return at_rest(value, rule, book.units(), unit)


def _said(row: TermRow, shown: Decimal | None) -> str:
    """Where its rule says no decimals, with those of every computed figure."""
    rule = open_rulebook().every_rule().get(row.indicator.indicator)
    rounds = rule is not None and (rule.rounding.kept is not None or rule.rounding.published is not None)
    return figure(shown) if rounds else rounded_figure(shown)
