"""一个数: how much is it, and where does it come from?"""

from __future__ import annotations

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from shuangkong.core.fact import Cell, Fact, State
from shuangkong.core.trace import Figure
from shuangkong.indicators.engine import Law
from shuangkong.indicators.engine.leaves import is_demo, maturity_of, told_facts
from shuangkong.indicators.engine.printing import kept, lines, published
from shuangkong.indicators.withholding import withheld
from shuangkong.records.indicators.explaining import explained
from shuangkong.records.indicators.looking import latest
from shuangkong.records.indicators.naming import subject_names
from shuangkong.records.indicators.readable import Readable, least_merged_parts
from shuangkong.records.people.access import Where
from shuangkong.records.people.roles import Action
from shuangkong.web.indicators.asked import asked, name_of, period_or_404
from shuangkong.web.indicators.periods import period_word
from shuangkong.web.indicators.shown import address, origin_word, tree, words_of
from shuangkong.web.indicators.signing import signed_sheet
from shuangkong.web.site.access import acting_of, needs, reached
from shuangkong.web.site.page import download, page
from shuangkong.web.site.scope import scope_of
from shuangkong.web.site.tables import Cell as TableCell
from shuangkong.web.site.tables import Column, Row, Table, text_cell
from shuangkong.web.site.words import maturity_word, unit_word


@require_GET
@needs(Action.ACTUAL_READ, shows_past=True)
def figure(request: HttpRequest, indicator: str, period: str, subject: str) -> HttpResponse:
    about = asked(request, subject, indicator)
    cell = Cell(about.subject, indicator, period_or_404(period))
    until = scope_of(request).as_of
    whole, law = explained(cell, until)
    found = withheld(whole, Readable(acting_of(request), about.path).has, least_merged_parts(law, cell.period.last_day))
    names = subject_names({line.figure.cell.subject for line in lines(found)})
    printed = published(found.value, law.indicators.get(indicator), law.forms, found.unit)
    maturity = maturity_of(found)
    return page(
        request,
        "indicators/figure.html",
        {
            "about": about,
            "period": period_word(found.cell.period),
            "period_id": str(found.cell.period),
            "answer": words_of(printed, found.state),
            "has_figure": found.state is State.VALUE,
            "is_told": found.fact is not None,
            "maturity": maturity_word(maturity) if maturity else "",
            "is_demo": is_demo(found),
            "tree": tree(request, found, law, names),
            "doubts": found.doubts,
            "rulebook": law.version,
            "has_todays_rules": until is not None and _were_others(law, until),
            "day": until or timezone.localdate(),
            "where": Where(about.path),
        },
        {"facts_table": _facts_table(request, found, law)},
    )


def _were_others(law: Law, until: date) -> bool:
    """Whether results of that day rested on other rules than these, or there were none to tell. 1 query."""
    then = latest(until)
    return then is None or then.rulebook != law.version


def _facts_table(request: HttpRequest, found: Figure, law: Law) -> Table:
    columns = (
        Column("indicator", _("指标")),
        Column("subject", _("对象")),
        Column("period", _("时期")),
        Column("value", _("数值"), is_figure=True),
        Column("unit", _("单位")),
        Column("maturity", _("数据状态")),
        Column("origin", _("来路")),
        Column("source", _("来源")),
        Column("known", _("录入日期")),
        Column("version", _("版本号"), is_figure=True),
    )
    facts = tuple(told_facts(found))
    names = subject_names({fact.cell.subject for fact in facts})
    rows = tuple(_fact_row(request, fact, law, names[fact.cell.subject]) for fact in facts)
    empty = _("它所依据的数还没有录入。缺哪些，见上面标“—”的各项。")
    return Table("facts", _("它最终依据的录入数"), columns, rows, empty, is_demo=is_demo(found))


def _fact_row(request: HttpRequest, fact: Fact, law: Law, subject: str) -> Row:
    printed = kept(fact.value, law.indicators.get(fact.cell.indicator), law.forms, fact.unit)
    return Row(
        (
            text_cell(name_of(fact.cell.indicator), href=address(request, fact.cell)),
            text_cell(subject),
            TableCell(period_word(fact.cell.period), str(fact.cell.period)),
            TableCell(words_of(type(printed)(printed.value, ""), fact.state), printed.value),
            text_cell(unit_word(printed.unit)),
            text_cell(maturity_word(fact.maturity)),
            text_cell(origin_word(fact.origin)),
            text_cell(fact.source),
            TableCell(fact.recorded_on.isoformat(), fact.recorded_on),
            text_cell(fact.version),
        )
    )


@require_POST
@needs(Action.PAPER_MAKE)
def sheet(request: HttpRequest, indicator: str, period: str, subject: str) -> HttpResponse:
    """The explanation as a sheet to file: with its digest, and the number and seal of the journal's row about it."""
    about = asked(request, subject, indicator)
    reached(request, Where(about.path), Action.ACTUAL_READ, Action.PAPER_MAKE)
    cell = Cell(about.subject, indicator, period_or_404(period))
    made = signed_sheet(about, cell, acting_of(request), timezone.localdate())
    return download(made, f"{about.subject_name}-{about.indicator_name}-{period}.xlsx")
