"""减排项目: which reductions are reported, how far are they, and what waits for me?"""

from __future__ import annotations

from collections import Counter
from decimal import Decimal

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from shuangkong.indicators.emissions.credit import by_year
from shuangkong.records.indicators.emissions import store
from shuangkong.records.indicators.emissions.acts import acts_allowed, awaited_act
from shuangkong.records.indicators.emissions.rows import ReductionRow
from shuangkong.records.indicators.emissions.rules import rules_at, rules_of
from shuangkong.records.paths import below
from shuangkong.records.people.access import may
from shuangkong.records.people.roles import Action
from shuangkong.records.registry.tree import path_of
from shuangkong.web.indicators.emissions.words import EVENTS, SIGNS, STATES, labels, named, pollutant_name, tonnes
from shuangkong.web.site.access import acting_of, needs
from shuangkong.web.site.page import page
from shuangkong.web.site.scope import link, scope_of
from shuangkong.web.site.tables import Cell, Column, Row, Table, text_cell
from shuangkong.web.site.words import spoken


@require_GET
@needs(Action.EMISSION_READ, shows_past=True)
def every(request: HttpRequest) -> HttpResponse:
    """Those of a place, a pollutant and a state, where the address names one."""
    scope, acting, law = scope_of(request), acting_of(request), rules_at(_place(request)).accounting
    condition: Q = store.readable(acting)
    if scope.place:
        condition &= below(path_of(scope.place) or "/?/")
    chosen = request.GET.get("pollutant", "")
    if chosen in law.pollutants:
        condition &= Q(pollutant=chosen)
    rows = store.reductions(condition, scope.as_of)
    counts = Counter(row.standing.state for row in rows)
    state = next((each for each in STATES if each.value == request.GET.get("state")), None)
    waiting = [(row, awaited_act(acts_allowed(row, acting))) for row in rows] if scope.as_of is None else []
    context = {
        "counts": [(STATES[each], SIGNS[each], counts[each]) for each in STATES if counts[each]],
        "waiting": [
            (row, pollutant_name(row.pollutant, row.region), STATES[row.standing.state], EVENTS[kind])
            for row, kind in waiting
            if kind is not None
        ],
        "pollutants": [(key, spoken(each.name)) for key, each in law.pollutants.items()],
        "states": [(each.value, label) for each, label in STATES.items()],
        "pollutant": chosen,
        "state": state.value if state else "",
        "may_report": may(acting, Action.EMISSION_REPORT) and bool(acting.region),
    }
    shown = tuple(row for row in rows if state is None or row.standing.state is state)
    return page(request, "emissions/reductions.html", context, {"reductions_table": _table(request, shown)})


def _place(request: HttpRequest) -> str:
    """The place that one looks at, else one's own."""
    return scope_of(request).place or acting_of(request).region


def _amount(amount: Decimal | None, is_doubted: bool, hint: str = "") -> Cell:
    """An amount that was reckoned by a formula."""
    return Cell(tonnes(amount), amount, hint=hint, is_doubted=is_doubted and amount is not None)


def _table(request: HttpRequest, rows: tuple[ReductionRow, ...]) -> Table:
    columns = (
        Column("number", _("编号"), is_figure=True),
        Column("title", _("项目")),
        Column("state", _("办到哪一步")),
        Column("label", _("说明")),
        Column("pollutant", _("污染物")),
        Column("measure", _("措施类别")),
        Column("scope", _("污染源类别")),
        Column("source", _("污染源")),
        Column("outlet", _("排放口")),
        Column("starts", _("起算月份")),
        Column("reported", _("自报量（全年）"), "吨", is_figure=True),
        Column("recognised", _("核定量（全年）"), "吨", is_figure=True),
        Column("first", _("计入起算当年"), "吨", is_figure=True),
        Column("carried", _("结转下一年"), "吨", is_figure=True),
        Column("key", _("重点工程")),
        Column("assigned", _("下达量"), "吨", is_figure=True),
        Column("note", _("口径")),
        Column("region", _("地区")),
        Column("body", _("填报单位")),
    )
    empty = _("还没有减排项目。企业或部门自报后，经县级核查、审核、核定，逐项列在这里。")
    made = tuple(Row(_cells(request, row)) for row in rows)
    return Table("reductions", _("减排项目"), columns, made, empty, is_demo=any(row.is_demo for row in rows))


def _cells(request: HttpRequest, row: ReductionRow) -> tuple[Cell, ...]:
    now, law = row.standing, rules_of(row.region, row.starts).accounting
    classes, formula, counts = law.classes, law.formulas.get(row.formula), now.counts_t
    is_doubted = formula is None or not formula.is_verified
    parts = list(by_year(row.credit(counts)).values()) if counts is not None else []
    first, carried = (parts[0] if parts else None), (parts[1] if len(parts) > 1 else None)
    return (
        Cell(str(row.id), row.id),
        Cell(row.title, row.title, href=link(request, "emissions:reduction", row.id)),
        text_cell(f"{SIGNS[now.state]} {STATES[now.state]}"),
        text_cell(labels(row.is_demo, row.is_fictional)),
        text_cell(pollutant_name(row.pollutant, row.region)),
        text_cell(named(classes.measures, row.measure)),
        text_cell(named(classes.scopes, row.scope)),
        text_cell(f"{row.source_name} {row.source_code}"),
        text_cell(row.outlet),
        text_cell(row.start),
        _amount(now.reported_t, is_doubted),
        _amount(counts, is_doubted, "" if counts is not None else _("没有核定，不计入")),
        _amount(first, is_doubted),
        _amount(carried, is_doubted),
        text_cell(_("是") if row.is_key else ""),
        Cell(tonnes(row.assigned_t), row.assigned_t),
        text_cell(row.note),
        text_cell(row.region_name),
        text_cell(row.body_name),
    )
