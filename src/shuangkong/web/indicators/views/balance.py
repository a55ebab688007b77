"""能源平衡表: what came in, what became of it, and does it add up?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from shuangkong.core.fact import State
from shuangkong.core.finding import Message
from shuangkong.core.trace import Figure
from shuangkong.indicators.balance.figures import Balance, summed
from shuangkong.indicators.balance.rules import line_words
from shuangkong.indicators.engine.leaves import is_doubted
from shuangkong.indicators.table_words import ALL, Basis, Sum
from shuangkong.indicators.tables import Column as Energy
from shuangkong.indicators.tables import Part
from shuangkong.papers.indicators.balance_form import BalanceForm, write_balance_form
from shuangkong.policyfile.expression.given import Told
from shuangkong.records.indicators.balances import TABLE, BalanceSheet
from shuangkong.records.people.roles import Action
from shuangkong.rulebook import open_rulebook
from shuangkong.web.indicators.balance_page import (
    PHYSICAL,
    PRINTED,
    Shown,
    choices,
    in_print,
    shown_balance,
    status_context,
    words,
)  # fmt: skip
from shuangkong.web.indicators.place import choose_place, place_asked
from shuangkong.web.indicators.shown import address
from shuangkong.web.site.access import needs
from shuangkong.web.site.page import download, page
from shuangkong.web.site.scope import link, scope_of
from shuangkong.web.site.tables import Cell, Column, Row, Table, text_cell
from shuangkong.web.site.words import MISSING, rounded_figure, severity_word, spoken, unit_word

BASES = (PHYSICAL, Basis.CALORIFIC.value, Basis.EQUIVALENT.value)
#: After which part of the table which sums are printed.
_SUMS = {Part.SUPPLY: Sum.SUPPLY, Part.CONVERSION: Sum.CONVERSION, Part.TERMINAL: Sum.TERMINAL}
_LAST = (Sum.DIFFERENCE, Sum.TOTAL)
_FACTOR_PLACES = 5


@require_GET
@needs(Action.ACTUAL_READ, shows_past=True)
def balance(request: HttpRequest) -> HttpResponse:
    """Of the place that the address names, else the person's own."""
    place = place_asked(request)
    if place is None:
        return choose_place(request, "indicators:balance")
    seen = shown_balance(request, place, BASES)
    context = status_context(request, seen) | {
        "choices": tuple(choices(request, seen.basis, BASES)),
        "is_physical": seen.basis == PHYSICAL,
        "form": link(request, "indicators:balance_form", place=place.region.code),
        "flows": link(request, "indicators:flows"),
        "worst": sum(finding.severity != "notice" for finding in seen.sheet.findings) if seen.sheet else 0,
    }
    tables: dict[str, Table | tuple[Table, ...]] = {
        "balance_table": balance_table(request, seen),
        "findings_table": findings_table(seen.sheet),
        "factors_table": _factors_table(request, seen),
    }
    return page(request, "indicators/balance.html", context, tables)


@require_GET
@needs(Action.ACTUAL_READ, shows_past=True)
def balance_form(request: HttpRequest) -> HttpResponse:
    """The physical balance in the shape of the form; without one, the empty form. It can be loaded again."""
    place = place_asked(request)
    if place is None:
        return choose_place(request, "indicators:balance_form")
    sheet = shown_balance(request, place, BASES[:1]).sheet
    year = scope_of(request).year
    form = BalanceForm(
        table=open_rulebook().tables()[TABLE],
        code=place.region.code,
        name=place.region.name,
        period=str(sheet.period) if sheet else str(year or ""),
        maturity=sheet.maturity if sheet else None,
        source="；".join(sheet.sources) if sheet else "",
        facts=sheet.facts if sheet else {},
        printed={unit: open_rulebook().units()[form] for unit, form in PRINTED.items()},
        is_demo=sheet is not None and sheet.is_demo,
        is_fictional=place.region.is_fictional,
    )
    name = _("%(place)s能源平衡表%(period)s") % {"place": place.region.name, "period": form.period}
    return download(write_balance_form(form), f"{name}.xlsx")


def energies(sheet: BalanceSheet) -> tuple[Energy, ...]:
    """Columns of which a figure was told: the others say nothing."""
    told = {column for (_line, column), fact in sheet.facts.items() if fact.state is State.VALUE}
    return tuple(column for column in sheet.table.columns if column.id in told)


def lines(sheet: BalanceSheet) -> Iterator[tuple[str, bool]]:
    """Rows in the order of the form with the sums after their parts; whether it is a sum."""
    for part in Part:
        for row in sheet.table.rows:
            if row.part is part:
                yield row.id, False
        if part in _SUMS:
            yield _SUMS[part].value, True
    yield from ((line.value, True) for line in _LAST)


def line_figure(balance: Balance, line: str, column: str) -> Told:
    """A row of the table, or what rows add up to."""
    sums = {
        Sum.SUPPLY: balance.supply, Sum.CONVERSION: balance.conversion, Sum.INPUT: balance.input,
        Sum.OUTPUT: balance.output, Sum.LOSSES: balance.loss, Sum.TERMINAL: balance.terminal,
        Sum.DIFFERENCE: balance.difference, Sum.TOTAL: balance.total,
    }  # fmt: skip
    return sums[Sum(line)](column) if line in set(Sum) else balance.figure(line, column)


def balance_table(request: HttpRequest, seen: Shown) -> Table:
    empty = _("还没有这个地区的能源平衡表。录入平衡表（表式或逐格）后，实物量表、标准煤表和审核结果在这里列出。")
    sheet = seen.sheet
    if sheet is None:
        return Table("balance", _("能源平衡表"), (Column("line", _("项目")),), (), empty)
    used = energies(sheet)
    columns = [Column("line", _("项目"))]
    columns += [
        Column(each.id, spoken(Message(each.zh, each.en)), seen.printed_unit(each.unit), is_figure=True)
        for each in used
    ]
    if seen.basis != PHYSICAL:
        columns.append(Column(ALL, _("合计"), PRINTED["tce"], is_figure=True))
    rows = tuple(_row(request, seen, line, used, is_sum=is_sum) for line, is_sum in lines(sheet))
    count = len(sheet.table.columns) - len(used)
    note = _("供应各行按正数列示，调出、出口和年末库存为减项；加工转换投入为负、产出为正")
    note += _("；另有 %(count)s 个能源品种没有数") % {"count": count} if count else ""
    return Table("balance", _("能源平衡表"), tuple(columns), rows, empty, note, is_demo=sheet.is_demo)


def _row(request: HttpRequest, seen: Shown, line: str, used: tuple[Energy, ...], *, is_sum: bool) -> Row:
    assert seen.sheet is not None
    zh, en = line_words(seen.sheet.table, line)
    cells = [Cell(spoken(Message(zh, en)), line)]
    told = []
    for energy in used:
        figure = line_figure(seen.balance, line, energy.id)
        told.append(figure)
        cells.append(_cell(request, seen, line, energy.id, figure, seen.printed_unit(energy.unit), is_sum=is_sum))
    if seen.basis != PHYSICAL:
        whole = _whole(seen.balance, line, seen.sheet)
        cells.append(_cell(request, seen, line, ALL, whole, PRINTED["tce"], is_sum=True))
    return Row(tuple(cells), is_total=False)


def _whole(balance: Balance, line: str, sheet: BalanceSheet) -> Told:
    return summed((line_figure(balance, line, column.id), 1) for column in sheet.table.columns)


def _cell(
    request: HttpRequest, seen: Shown, line: str, column: str, figure: Told, printed: str, *, is_sum: bool
) -> Cell:
    """Sums and figures in standard coal lead to their explanation; a told physical figure does too."""
    assert seen.sheet is not None
    value = in_print(figure, printed)
    if value is None:
        return Cell(words(figure, printed), hint=_absence(figure))
    is_made = is_sum or seen.basis != PHYSICAL
    is_led = is_made or (line, column) in seen.sheet.facts
    why = address(request, seen.sheet.cell(seen.cell_id(line, column))) if is_led else ""
    return Cell(words(figure, printed), value, why=why, is_doubted=is_made and seen.is_doubted(column))


def _absence(figure: Told) -> str:
    return _("没有录入，或没有可用的折标准煤系数") if figure is State.MISSING else ""


def findings_table(sheet: BalanceSheet | None) -> Table:
    columns = (Column("severity", _("级别")), Column("code", _("代码")), Column("what", _("问题和下一步")))
    found = sheet.findings if sheet else ()
    rows = tuple(
        Row((text_cell(severity_word(each.severity)), text_cell(each.code), text_cell(spoken(each.message))))
        for each in found
    )
    return Table("findings", _("审核结果"), columns, rows, _("各项审核都通过。") if sheet else "")


def _factors_table(request: HttpRequest, seen: Shown) -> Table:
    columns = (
        Column("energy", _("能源")),
        Column("calorific", _("当量值系数"), is_figure=True),
        Column("calorific_whence", _("当量值取自")),
        Column("equivalent", _("等价值系数"), is_figure=True),
        Column("equivalent_whence", _("等价值取自")),
        Column("unit", _("单位")),
    )
    sheet = seen.sheet
    rows = []
    for energy in energies(sheet) if sheet else ():
        if not energy.factors or sheet is None:
            continue
        calorific, equivalent = (sheet.coefficients[basis][energy.id] for basis in (Basis.CALORIFIC, Basis.EQUIVALENT))
        rows.append(
            Row(
                (
                    text_cell(spoken(Message(energy.zh, energy.en))),
                    _factor_cell(request, calorific),
                    text_cell(_whence(calorific)),
                    _factor_cell(request, equivalent),
                    text_cell(_whence(equivalent)),
                    text_cell(unit_word(calorific.unit)),
                )
            )
        )
    note = _("先用实测低位发热量，其次供应单位的值，最后用默认值；默认值是区间的不取平均")
    return Table("factors", _("所用的折标准煤系数"), columns, tuple(rows), _("还没有平衡表。"), note)


def _factor_cell(request: HttpRequest, figure: Figure) -> Cell:
    shown = Cell(MISSING, hint=_absence(State.MISSING))
    if figure.value is not None:
        shown = Cell(rounded_figure(figure.value, _FACTOR_PLACES), figure.value, is_doubted=is_doubted(figure))
    return replace(shown, why=address(request, figure.cell))


def _whence(figure: Figure) -> str:
    """What stood for the coefficient: measured, stated, a default."""
    if figure.fact is not None:
        return _("录入")
    taken = next((name for name, each in figure.inputs if each.value is not None), "")
    names = {
        "measured": _("实测低位发热量"),
        "stated": _("供应单位或本地的值"),
        "default": _("默认值"),
        "rate": _("当年发电煤耗"),
        "rate_before": _("上年发电煤耗"),
        "calorific": _("与当量值相同"),
    }
    return names.get(taken, "")
