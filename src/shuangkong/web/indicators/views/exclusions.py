"""不计入前后: what is the assessed figure, what was it before, and what does each exclusion move?"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from shuangkong.core.fact import State
from shuangkong.core.finding import Message
from shuangkong.core.trace import Figure
from shuangkong.indicators.engine import Law
from shuangkong.indicators.engine.leaves import is_doubted
from shuangkong.indicators.engine.printing import Printed, at_rest, published
from shuangkong.indicators.excluding import Statement
from shuangkong.policyfile.expression.given import Told
from shuangkong.records.people.roles import Action
from shuangkong.web.indicators.asked import name_of
from shuangkong.web.indicators.excluded import statements
from shuangkong.web.indicators.place import choose_place, place_asked
from shuangkong.web.indicators.shown import address, words_of
from shuangkong.web.site.access import needs
from shuangkong.web.site.page import page
from shuangkong.web.site.scope import scope_of
from shuangkong.web.site.tables import Cell, Column, Row, Table, text_cell
from shuangkong.web.site.words import spoken, unit_word


@require_GET
@needs(Action.ACTUAL_READ, shows_past=True)
def exclusions(request: HttpRequest) -> HttpResponse:
    """Of the year that the address names, else of the last whole one."""
    place = place_asked(request)
    if place is None:
        return choose_place(request, "statistics:exclusions")
    scope = scope_of(request)
    year = scope.year or (scope.as_of or timezone.localdate()).year - 1
    found = statements(place.subject, year, scope.as_of)
    tables = tuple(_table(request, each, number) for number, each in enumerate(found, start=1))
    context = {"region": place.region, "year": year, "is_demo": any(each.is_demo for each in found)}
    return page(request, "indicators/exclusions.html", context, {"statement_tables": tables})


def _table(request: HttpRequest, statement: Statement, number: int) -> Table:
    rule = statement.rule
    unit = unit_word(rule.display or rule.unit)
    columns = (
        Column("line", _("项目")),
        Column("told", _("本项的数"), is_figure=True),
        Column("value", _("数值"), rule.display or rule.unit, is_figure=True),
    )
    caption = spoken(Message(rule.zh, rule.en))
    if statement.sides is None:
        empty = statement.lack or _("这一年没有生效的不计入规定。")
        return Table(f"statement-{number}", caption, columns, (), empty)
    sides = statement.sides
    rows = [Row((text_cell(_("不计入之前")), text_cell(""), _cell(sides.before, statement)))]
    for each in sides.exclusions:
        label = _("不计入：%(name)s") % {"name": name_of(each.indicator)}
        moved = _cell(_negative(each.moves), statement)
        rows.append(Row((text_cell(label), _own(request, statement.inputs[each.indicator], statement.law), moved)))
    after = _cell(sides.after, statement, address(request, statement.cell))
    rows.append(Row((text_cell(_("不计入之后")), text_cell(""), after), is_total=True))
    if statement.margin is not None:
        word = text_cell(_exemption_word(statement.is_exempt))
        rows.append(Row((word, _own(request, statement.margin, statement.law), text_cell(""))))
    doubt = "" if statement.is_verified else _("，尚未与原文核对")
    clause = spoken(statement.clause) if statement.clause else ""
    said = {"clause": clause, "doubt": doubt}
    note = _("依据：%(clause)s%(doubt)s。缺一项就没有结果，不当作零；不适用的写“不适用”。") % said
    is_demo = statement.is_demo
    return Table(f"statement-{number}", f"{caption}（{unit}）", columns, tuple(rows), note=note, is_demo=is_demo)


def _exemption_word(is_exempt: bool | None) -> str:
    if is_exempt is None:
        return _("激励目标：没有下达或缺数，不作判断")
    return _("激励目标：已达到，规划期内免予总量考核") if is_exempt else _("激励目标：未达到，总量照常考核")


def _own(request: HttpRequest, figure: Figure, law: Law) -> Cell:
    """The figure of an exclusion itself with its unit, whatever became of the whole."""
    printed = published(figure.value, law.indicators.get(figure.cell.indicator), law.forms, figure.unit)
    why = address(request, figure.cell)
    return Cell(words_of(printed, figure.state), printed.value, why=why, is_doubted=is_doubted(figure))


def _negative(told: Told) -> Told:
    return told if isinstance(told, State) else -told


def _cell(told: Told, statement: Statement, why: str = "") -> Cell:
    """A figure as it is kept, in the unit of the heading; or why there is none."""
    if isinstance(told, State):
        return Cell(words_of(Printed(None, ""), told), None, why=why)
    printed = at_rest(told, statement.rule, statement.law.forms, statement.rule.unit)
    doubts = bool(statement.figure.doubts)
    return Cell(words_of(Printed(printed.value, ""), State.VALUE), printed.value, why=why, is_doubted=doubts)
