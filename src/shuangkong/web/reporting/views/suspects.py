"""疑点清单和规则误报率: which units to look at first and why; which checks were right how often."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from shuangkong.core.finding import Severity
from shuangkong.records.people.access import visible
from shuangkong.records.people.roles import Action
from shuangkong.records.reporting import store
from shuangkong.records.reporting.rows import ReturnRow
from shuangkong.records.reporting.suspecting import Told, alarm_counts, findings, newest_month, suspicion_list
from shuangkong.records.reporting.verification.cases import CaseLine, cases
from shuangkong.reporting.alarms import Alarms
from shuangkong.reporting.suspicion import USUAL, Part, Point, Suspicion
from shuangkong.web.reporting.words import SEVERITIES, form_word, period_word, title_of
from shuangkong.web.site.access import acting_of, needs
from shuangkong.web.site.page import page
from shuangkong.web.site.scope import link
from shuangkong.web.site.tables import Cell, Column, Row, Table, text_cell
from shuangkong.web.site.words import MISSING, spoken

#: Periods looked at, in months up to the newest; units ranked, and of them those with their evidence on the page.
_MONTHS, _MOST, _WITH_EVIDENCE = 12, 500, 20
#: A check whose false share is surely above this is called noisy.
_NOISY_PCT = Decimal(50)


@dataclass(frozen=True, slots=True)
class _Known:
    """What stands beside a suspicion: finding → return, the returns, and the case on each, the newest."""

    owned: Mapping[tuple[str, str, str], int]
    rows: Mapping[int, ReturnRow]
    cases: Mapping[int, CaseLine]

    def row(self, point: Point) -> ReturnRow:
        return self.rows[self.owned[point.unit, point.form, point.period]]


@require_GET
@needs(Action.VERIFICATION_READ)
def suspicions(request: HttpRequest) -> HttpResponse:
    """Units by what speaks against their newest returns. 10 queries at most."""
    told = told_to(request)
    ranked = tuple(each for each in suspicion_list(told, USUAL) if each.score > 0)
    most = ranked[:_MOST]
    known = _known(told, most)
    context = {
        "count": len(ranked), "left": max(0, len(ranked) - _WITH_EVIDENCE), "weights": _weights(),
        "units": [_unit(each, known) for each in most[:_WITH_EVIDENCE]],
    }  # fmt: skip
    return page(request, "reporting/suspicions.html", context, {"suspicions_table": _ranked(request, most, known)})


@require_GET
@needs(Action.VERIFICATION_READ)
def alarms(request: HttpRequest) -> HttpResponse:
    """What came of every check, the noisiest first. 6 queries."""
    counted = alarm_counts(told_to(request))
    noisy = sum(each.is_noisy(_NOISY_PCT) for each in counted)
    context = {"count": len(counted), "noisy": noisy, "most": _NOISY_PCT}
    return page(request, "reporting/alarms.html", context, {"alarms_table": _alarms(counted)})


def told_to(request: HttpRequest) -> tuple[Told, ...]:
    """Findings of the newest twelve months in returns that the person may verify. 4 queries."""
    among = visible(acting_of(request), Action.VERIFICATION_READ, "version__owned__path")
    newest = newest_month(among)
    return () if newest is None else findings(since=newest - _MONTHS + 1, among=among)


def _known(told: Iterable[Told], ranked: Iterable[Suspicion]) -> _Known:
    units = {each.unit for each in ranked}
    owned = {(each.unit, each.form, each.period): each.owned for each in told if each.is_newest and each.unit in units}
    numbers = set(owned.values())
    found = cases(Q(owned__in=numbers)) if numbers else ()
    rows = {row.id: row for row in store.returns(Q(pk__in=numbers))} if numbers else {}
    return _Known(owned, rows, {line.owned: line for line, _row in reversed(found)})


def _weights() -> list[tuple[str, Decimal]]:
    """What counts how much, as the page says it."""
    said = [(str(SEVERITIES[each]), USUAL.severity[each]) for each in Severity]
    return [*said, (_("同一问题在其他报告期再出现，每期"), USUAL.again)]


def _ranked(request: HttpRequest, ranked: tuple[Suspicion, ...], known: _Known) -> Table:
    columns = (
        Column("place", _("位次"), is_figure=True), Column("unit", _("填报单位")), Column("region", _("地区")),
        Column("score", _("疑点分"), is_figure=True), Column("open", _("未了疑点"), is_figure=True),
        Column("first", _("最重的疑点")), Column("cases", _("核查案件"), is_figure=True),
    )  # fmt: skip
    rows, is_demo = [], False
    for place, each in enumerate(ranked, start=1):
        row = known.row(each.parts[0].evidence[0])
        numbers = {known.row(point).id for part in each.parts for point in part.evidence}
        open_ = sum(not point.is_answered for part in each.parts for point in part.evidence)
        count, is_demo = len(numbers & set(known.cases)), is_demo or row.is_demo
        rows.append(
            Row(
                (
                    Cell(str(place), place),
                    text_cell(row.reporter.name, href=link(request, "reporting:unit", row.reporter.id)),
                    text_cell(row.reporter.region_name), Cell(str(each.score), each.score), Cell(str(open_), open_),
                    text_cell(title_of(each.parts[0].code)), Cell(str(count), count),
                )
            )
        )  # fmt: skip
    return Table(
        "suspicions", _("疑点清单"), columns, tuple(rows), is_demo=is_demo,
        empty=_("没有疑点。报表签报后，审核查出而没有说清的问题会在这里按轻重排出。"),
    )  # fmt: skip


def _unit(each: Suspicion, known: _Known) -> dict[str, Any]:
    row = known.row(each.parts[0].evidence[0])
    return {
        "reporter": row.reporter, "score": each.score, "is_demo": row.is_demo,
        "parts": [_part(part, known) for part in each.parts],
    }  # fmt: skip


def _part(part: Part, known: _Known) -> dict[str, Any]:
    return {
        "code": part.code, "title": title_of(part.code), "points": part.points, "times": part.times,
        "reliability": part.reliability_pct, "evidence": [_point(point, known) for point in part.evidence],
    }  # fmt: skip


def _point(point: Point, known: _Known) -> dict[str, Any]:
    row = known.row(point)
    return {
        "row": row, "form": form_word(row), "period": period_word(point.period), "message": spoken(point.message),
        "sides": [spoken(words) for words, _figure in point.sides], "is_answered": point.is_answered,
        "word": SEVERITIES[point.severity], "severity": point.severity.value, "case": known.cases.get(row.id),
    }  # fmt: skip


def _alarms(counted: tuple[Alarms, ...]) -> Table:
    columns = (
        Column("code", _("检查")), Column("title", _("查什么")), Column("fired", _("查出次数"), is_figure=True),
        Column("real", _("属实"), is_figure=True), Column("false", _("误报"), is_figure=True),
        Column("open", _("未了"), is_figure=True), Column("pct", _("误报率"), "%", is_figure=True),
        Column("bound", _("误报率至少"), "%", is_figure=True), Column("noisy", _("判断")),
    )  # fmt: skip
    rows = tuple(
        Row(
            (
                text_cell(each.code), text_cell(title_of(each.code)), Cell(str(each.fired), each.fired),
                Cell(str(each.real), each.real), Cell(str(each.false), each.false), Cell(str(each.open), each.open),
                _pct(each.false_pct), _pct(each.at_least_pct), text_cell(_verdict(each)),
            )
        )
        for each in counted
    )  # fmt: skip
    return Table(
        "alarms", _("各项检查的误报率"), columns, rows,
        empty=_("还没有检查查出过问题。报表签报后，各项检查查出多少、多少属实会在这里。"),
    )  # fmt: skip


def _pct(value: Decimal | None) -> Cell:
    return Cell(MISSING, hint=_("还没有一条有结论")) if value is None else Cell(str(value), value)


def _verdict(each: Alarms) -> str:
    if not each.settled:
        return _("未有结论")
    return _("误报过多") if each.is_noisy(_NOISY_PCT) else _("可用")
