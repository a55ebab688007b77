"""数据衔接: do the figures of the same thing meet, and whom must one ask where they do not?"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from shuangkong.core.fact import Cell, State
from shuangkong.core.finding import Message, Severity
from shuangkong.indicators.reconciliation import LIMITS, Among, Reconciled
from shuangkong.policyfile.expression.given import Told
from shuangkong.records.indicators.naming import subject_names
from shuangkong.records.indicators.readable import Readable
from shuangkong.records.indicators.reconciling import Reconciliation, reconciliation, reconciliation_periods
from shuangkong.records.people.acting import Acting
from shuangkong.records.people.roles import Action
from shuangkong.rulebook import open_rulebook
from shuangkong.web.indicators.asked import name_of
from shuangkong.web.indicators.balance_page import PRINTED, in_print
from shuangkong.web.indicators.place import Place, choose_place, place_asked
from shuangkong.web.indicators.shown import address
from shuangkong.web.site.access import acting_of, needs
from shuangkong.web.site.page import page
from shuangkong.web.site.scope import scope_of
from shuangkong.web.site.tables import Cell as TableCell
from shuangkong.web.site.tables import Column, Row, Table, text_cell
from shuangkong.web.site.words import MISSING, rounded_figure, severity_word, spoken, state_word, unit_word


@require_GET
@needs(Action.ACTUAL_READ, shows_past=True)
def reconciled(request: HttpRequest) -> HttpResponse:
    """Of the place that the address names, else the person's own; of the year named, else the last one told of."""
    place = place_asked(request)
    if place is None:
        return choose_place(request, "indicators:reconciliation")
    found = reconciliation_of(place, acting_of(request), scope_of(request).year, scope_of(request).as_of)
    context = {
        "place": place,
        "region": place.region,
        "period": str(found.period) if found else "",
        "count": len(found.findings) if found else 0,
        "exceeding": _exceeding(found) if found else (),
        "is_demo": found is not None and found.is_demo,
        "day": scope_of(request).as_of or timezone.localdate(),
        "rulebook": open_rulebook().version,
    }
    tables: dict[str, Table | tuple[Table, ...]] = {
        "lines_table": _lines_table(request, found),
        "parts_table": _parts_table(request, found),
    }
    return page(request, "indicators/reconciliation.html", context, tables)


def reconciliation_of(place: Place, by: Acting, year: int | None, as_of: date | None) -> Reconciliation | None:
    """As the person may see it; None where nothing of the place can be held against anything."""
    periods = reconciliation_periods(place.subject, as_of)
    wanted = [period for period in periods if year in (None, period.year)]
    if not wanted:
        return None
    whose = Message(f"{place.region.name} {wanted[-1]}", f"{place.region.name} {wanted[-1]}")
    return reconciliation(place.subject, wanted[-1], whose, Readable(by, place.path), as_of)


def _exceeding(found: Reconciliation) -> list[str]:
    """The differences above a limit, the gravest first: what, by how much, and what must be done."""
    order = list(Severity)
    rows = [row for row in found.rows if row.line.key in found.findings]
    rows.sort(key=lambda row: order.index(found.findings[row.line.key].severity))
    return [
        _("%(line)s差 %(pct)s%%（%(verdict)s）")
        % {
            "line": spoken(row.line.name),
            "pct": rounded_figure(row.difference_pct),
            "verdict": severity_word(found.findings[row.line.key].severity),
        }
        for row in rows
    ]


def printed_unit(indicator: str) -> str:
    """The unit in which both sides of a line are shown."""
    rule = open_rulebook().every_rule()[indicator]
    return PRINTED.get(rule.unit, rule.display)


def _lines_table(request: HttpRequest, found: Reconciliation | None) -> Table:
    columns = (
        Column("line", _("核对什么")),
        Column("whole", _("一方"), is_figure=True),
        Column("parts", _("另一方（合计）"), is_figure=True),
        Column("difference", _("差额"), is_figure=True),
        Column("pct", _("差率"), "%", is_figure=True),
        Column("unit", _("单位")),
        Column("lacking", _("没有数的")),
        Column("verdict", _("结论")),
        Column("ask", _("向谁核实")),
    )
    rows = tuple(_row(request, found, row) for row in found.rows) if found else ()
    empty = _("录入总量、平衡表、下级地区、单位、行业或供应单位销售量后，同一件事的几个数在这里互相核对。")
    note = _("差额 = 一方 − 另一方；差率以一方为 100；阈值是尚未核对的工作值")
    return Table("lines", _("各项核对"), columns, rows, empty, note, is_demo=found is not None and found.is_demo)


def _row(request: HttpRequest, found: Reconciliation, row: Reconciled) -> Row:
    printed, difference = printed_unit(row.line.whole), row.difference
    finding = found.findings.get(row.line.key)
    verdict = (
        severity_word(finding.severity)
        if finding
        else _("不计入规上合计")
        if row.line.among is Among.OUTSIDE
        else _("衔接")
        if difference is not None
        else _("有部分不公开，不能核对")
        if row.found is State.SUPPRESSED
        else _("缺数，不能核对")
    )
    shown = None if difference is None else in_print(difference, printed)
    is_judged = difference is not None and not _are_limits_verified(found.period.last_day)
    is_doubted = row.is_difference_doubted
    only = row.parts[0][0] if len(row.parts) == 1 and not row.unnamed else None
    lacking = _("%(count)s 个") % {"count": len(row.lacking)} if row.lacking else ""
    return Row(
        (
            text_cell(spoken(row.line.name)),
            _cell(request, row.whole, printed, row.whole_cell, row.is_whole_doubted),
            _cell(request, row.found, printed, only, bool(row.doubted)),
            TableCell(rounded_figure(shown), shown, is_doubted=is_doubted),
            TableCell(rounded_figure(row.difference_pct), row.difference_pct, is_doubted=is_doubted),
            text_cell(unit_word(printed)),
            text_cell(lacking),
            TableCell(verdict, verdict, hint=spoken(finding.message) if finding else "", is_doubted=is_judged),
            text_cell(spoken(row.line.ask)),
        )
    )


def _are_limits_verified(day: date) -> bool:
    """Whether a person has compared every limit in force on the day with its document."""
    checks = open_rulebook().checks("indicators/balance")
    every = (
        value
        for check in checks
        if check.code in dict(LIMITS)
        for value in check.limit[dict(LIMITS)[check.code]].values
    )
    return all(value.is_verified for value in every if value.validity.holds_on(day))


def _cell(request: HttpRequest, told: Told, printed: str, cell: Cell | None, is_doubted: bool) -> TableCell:
    value = in_print(told, printed)
    if value is None:
        return TableCell(state_word(State.SUPPRESSED) if told is State.SUPPRESSED else MISSING)
    return TableCell(rounded_figure(value), value, why=address(request, cell) if cell else "", is_doubted=is_doubted)


def _parts_table(request: HttpRequest, found: Reconciliation | None) -> Table:
    """Each part of the lines that have several, with those that are missing."""
    columns = (
        Column("line", _("核对什么")),
        Column("part", _("哪一部分")),
        Column("indicator", _("指标")),
        Column("value", _("数值"), is_figure=True),
        Column("unit", _("单位")),
    )
    several = [row for row in found.rows if len(row.parts) + row.unnamed > 1] if found else []
    names = subject_names({cell.subject for row in several for cell, _told in row.parts})
    rows = []
    for row in several:
        printed = printed_unit(row.line.whole)
        for cell, told in row.parts:
            shown = _cell(request, told, printed, cell, cell in row.doubted)
            absent = _("没有录入，也算不出") if told is State.MISSING else ""
            rows.append(
                Row(
                    (
                        text_cell(spoken(row.line.name)),
                        text_cell(names[cell.subject]),
                        text_cell(name_of(cell.indicator)),
                        replace(shown, hint=absent),
                        text_cell(unit_word(printed)),
                    )
                )
            )
        if row.unnamed:
            rows.append(_rest_row(request, row, printed))
    is_demo = found is not None and found.is_demo
    return Table(
        "parts", _("合计由哪些部分组成"), columns, tuple(rows), _("没有由几个部分相加的核对。"), is_demo=is_demo
    )


def _rest_row(request: HttpRequest, row: Reconciled, printed: str) -> Row:
    """The parts that the person may not read, as one."""
    shown = _cell(request, row.rest, printed, None, row.is_rest_doubted)
    hint = _("个数太少，合计会透露其中一家的数") if row.rest is State.SUPPRESSED else ""
    return Row(
        (
            text_cell(spoken(row.line.name)),
            text_cell(_("其余 %(count)d 个") % {"count": row.unnamed}),
            text_cell(name_of(row.line.parts)),
            replace(shown, hint=hint),
            text_cell(unit_word(printed)),
        )
    )
