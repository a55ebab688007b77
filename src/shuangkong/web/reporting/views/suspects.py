"""疑点清单和规则误报率: which units to look at first and why; which checks were right how often; by the clock."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from shuangkong.core.finding import Severity
from shuangkong.records.people.access import may, visible
from shuangkong.records.people.acting import Acting
from shuangkong.records.people.roles import Action, Reach, reach
from shuangkong.records.reporting import store
from shuangkong.records.reporting.competence import decided_by
from shuangkong.records.reporting.pace import SUSPICIONS, put_off
from shuangkong.records.reporting.rows import ReporterRow, ReturnRow
from shuangkong.records.reporting.suspected import (
    alarms_of,
    computed_at,
    hands_of,
    suspected,
    suspected_count,
)
from shuangkong.records.reporting.verification.another import filed_among
from shuangkong.records.reporting.verification.cases import CaseLine, cases, seen_by
from shuangkong.records.reporting.verification.giving import reporters_given
from shuangkong.records.reporting.weighing import is_verified, noisy_pct, weights
from shuangkong.reporting.alarms import Alarms
from shuangkong.reporting.proxies import WORDS as HANDS
from shuangkong.reporting.proxies import Sign
from shuangkong.reporting.suspicion import Part, Point, Suspicion, Weights, narrowed
from shuangkong.web.reporting.words import SEVERITIES, form_word, period_word, title_of
from shuangkong.web.site.access import acting_of, needs
from shuangkong.web.site.page import page
from shuangkong.web.site.scope import link
from shuangkong.web.site.tables import Cell, Column, Row, Table, text_cell
from shuangkong.web.site.words import MISSING, spoken

#: Units ranked, of them those with their evidence on the page, and signs of one hand.
_MOST, _WITH_EVIDENCE, _HANDS = 500, 20, 50
#: Signs whose value is a person or an address that an auditor asks about; of others it is a digest.
_NAMED = frozenset({Sign.TERMINAL, Sign.ACCOUNT, Sign.SIGNATORY, Sign.BURST, Sign.OFFICIAL})


@dataclass(frozen=True, slots=True)
class _Known:
    """What stands beside a suspicion: the returns, and the case on each, the newest; on which of them the person may
    open one, and which the own body or the person filed."""

    rows: Mapping[int, ReturnRow]
    cases: Mapping[int, CaseLine]
    may_open: frozenset[int]
    own: frozenset[int]


@require_GET
@needs(Action.VERIFICATION_READ)
def suspicions(request: HttpRequest) -> HttpResponse:
    """Units by what speaks against their newest returns. 13 queries at most."""
    among, day = _units_seen(acting_of(request)), timezone.localdate()
    ranked = suspected(among, _MOST)
    known = _known(acting_of(request), (each for _row, each in ranked))
    told = _told(ranked, known, weights(day))
    count = len(told) if len(ranked) < _MOST else suspected_count(among)
    context = {
        "count": count, "left": max(0, count - _WITH_EVIDENCE), "weights": _weights(day),
        "units": [_unit(row, each, known) for row, each in told[:_WITH_EVIDENCE]],
        "computed_at": computed_at(), "put_off_since": put_off().get(SUSPICIONS), "is_verified": is_verified(day),
        "hands": _hands(known),
    }  # fmt: skip
    return page(request, "reporting/suspicions.html", context, {"suspicions_table": _ranked(request, told, known)})


@require_GET
@needs(Action.VERIFICATION_READ)
def alarms(request: HttpRequest) -> HttpResponse:
    """What came of every check, the noisiest first. 5 queries."""
    counted = alarms_of(visible(acting_of(request), Action.VERIFICATION_READ, "path"))
    most = noisy_pct(timezone.localdate())
    noisy = sum(each.is_noisy(most) for each in counted)
    context = {
        "count": len(counted), "noisy": noisy, "most": most, "computed_at": computed_at(),
        "put_off_since": put_off().get(SUSPICIONS),
        "is_given": reach(acting_of(request).role, Action.VERIFICATION_READ) is Reach.GIVEN,
    }  # fmt: skip
    return page(request, "reporting/alarms.html", context, {"alarms_table": _alarms(counted, most)})


def _units_seen(acting: Acting) -> Q:
    """Units of which the person sees anything: at the place, or of which a return is given."""
    given = lambda bodies: Q(reporter__in=reporters_given(bodies))  # noqa: E731
    return visible(acting, Action.VERIFICATION_READ, "path", given=given)


def _told(
    ranked: Iterable[tuple[ReporterRow, Suspicion]], known: _Known, used: Weights
) -> list[tuple[ReporterRow, Suspicion]]:
    """What speaks against units in returns that the person sees, and counts by it; nothing of others."""
    found = [(row, seen) for row, each in ranked if (seen := narrowed(each, known.rows, used)) is not None]
    return sorted(found, key=lambda told: (-told[1].score, told[0].code))


def _known(acting: Acting, ranked: Iterable[Suspicion]) -> _Known:
    """The returns among those that suspicions speak of that the person sees, and the newest case on each. 5 queries."""
    numbers = {point.owned for each in ranked for part in each.parts for point in part.evidence}
    found = cases(seen_by(acting) & Q(owned__in=numbers)) if numbers else ()
    readable = decided_by(acting, Action.VERIFICATION_READ)
    rows = {row.id: row for row in store.returns(readable & Q(pk__in=numbers))} if numbers else {}
    opens = frozenset(row.id for row in rows.values() if may(acting, Action.VERIFICATION_COMMISSION, row.where))
    own = filed_among([rows[number] for number in opens], acting)
    return _Known(rows, {line.owned: line for line, _row in reversed(found)}, opens - own, own)


def _weights(day: date) -> list[tuple[str, Decimal]]:
    """What counts how much, as the page says it."""
    used = weights(day)
    said = [(str(SEVERITIES[each]), used.severity[each]) for each in Severity]
    return [*said, (_("疑似代填代报"), used.one_hand), (_("同一问题在其他报告期再出现，每期"), used.again)]


def _hands(known: _Known) -> list[dict[str, Any]]:
    """What looks like one hand among the returns shown, most units first. 1 query."""
    return [
        {
            "sign": spoken(HANDS[sign]), "value": value if sign in _NAMED else "", "units": units,
            "filings": [(known.rows[each["owned"]], datetime.fromisoformat(each["at"])) for each in seen],
        }
        for sign, value, units, seen in hands_of(known.rows, _HANDS)
    ]  # fmt: skip


def _ranked(request: HttpRequest, ranked: Iterable[tuple[ReporterRow, Suspicion]], known: _Known) -> Table:
    columns = (
        Column("place", _("位次"), is_figure=True), Column("unit", _("填报单位")), Column("region", _("地区")),
        Column("score", _("疑点分"), is_figure=True), Column("open", _("未了疑点"), is_figure=True),
        Column("first", _("最重的疑点")), Column("cases", _("核查案件"), is_figure=True),
    )  # fmt: skip
    rows, is_demo = [], False
    for place, (reporter, each) in enumerate(ranked, start=1):
        numbers = {point.owned for part in each.parts for point in part.evidence} & set(known.rows)
        open_ = sum(not point.is_answered for part in each.parts for point in part.evidence)
        count = len(numbers & set(known.cases))
        is_demo = is_demo or any(known.rows[number].is_demo for number in numbers)
        rows.append(
            Row(
                (
                    Cell(str(place), place),
                    text_cell(reporter.name, href=link(request, "reporting:unit", reporter.id)),
                    text_cell(reporter.region_name), Cell(str(each.score), each.score), Cell(str(open_), open_),
                    text_cell(title_of(each.parts[0].code)), Cell(str(count), count),
                )
            )
        )  # fmt: skip
    return Table(
        "suspicions", _("疑点清单"), columns, tuple(rows), is_demo=is_demo,
        empty=_("没有疑点。报表签报后，审核查出而没有说清的问题会在这里按轻重排出。"),
    )  # fmt: skip


def _unit(reporter: ReporterRow, each: Suspicion, known: _Known) -> dict[str, Any]:
    parts = [_part(part, known) for part in each.parts]
    is_demo = any(point["row"].is_demo for part in parts for point in part["evidence"])
    return {"reporter": reporter, "score": each.score, "is_demo": is_demo, "parts": parts}


def _part(part: Part, known: _Known) -> dict[str, Any]:
    return {
        "code": part.code, "title": title_of(part.code), "points": part.points, "times": part.times,
        "reliability": part.reliability_pct,
        "evidence": [_point(point, known) for point in part.evidence if point.owned in known.rows],
    }  # fmt: skip


def _point(point: Point, known: _Known) -> dict[str, Any]:
    row = known.rows[point.owned]
    return {
        "row": row, "form": form_word(row), "period": period_word(point.period), "message": spoken(point.message),
        "sides": [spoken(words) for words, _figure in point.sides], "is_answered": point.is_answered,
        "word": SEVERITIES[point.severity], "severity": point.severity.value, "case": known.cases.get(row.id),
        "may_open": row.id in known.may_open, "is_own": row.id in known.own,
    }  # fmt: skip


def _alarms(counted: tuple[Alarms, ...], most: Decimal) -> Table:
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
                _pct(each.false_pct), _pct(each.at_least_pct), text_cell(_verdict(each, most)),
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


def _verdict(each: Alarms, most: Decimal) -> str:
    if not each.settled:
        return _("未有结论")
    return _("误报过多") if each.is_noisy(most) else _("可用")
