"""附表分解: what do the annexes of a plan imply without saying so?"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from shuangkong.records.people.access import may
from shuangkong.records.people.roles import Action
from shuangkong.records.plans import store as plans
from shuangkong.records.plans.rows import PlanRow
from shuangkong.records.targets import store as targets
from shuangkong.records.targets.decomposition.given import GivenAnnex, annexes_of
from shuangkong.records.targets.decomposition.given_sectors import sectors_of
from shuangkong.records.targets.decomposition.left_out import awaited
from shuangkong.records.targets.rows import TargetRow
from shuangkong.rulebook import open_rulebook
from shuangkong.targets.decomposition.annex import Line
from shuangkong.web.site.access import acting_of, needs, seen
from shuangkong.web.site.choosing import plan_choice
from shuangkong.web.site.page import page
from shuangkong.web.site.scope import scope_of
from shuangkong.web.site.tables import Cell, Column, Row, Table, text_cell
from shuangkong.web.site.templatetags.words import exact
from shuangkong.web.site.words import figure, indicator_word, rounded_figure, with_unit
from shuangkong.web.targets.chosen import chosen_plan
from shuangkong.web.targets.decomposition.sector_table import sector_table
from shuangkong.web.targets.shared import home_code

_COLUMNS = ("base", "rate", "cap", "increment", "projects", "intensity")


@require_GET
@needs(Action.PLAN_READ, shows_past=True)
def annexes(request: HttpRequest) -> HttpResponse:
    scope = scope_of(request)
    adopted = plans.plans_in_force(seen=seen(request, Action.PLAN_READ), until=scope.as_of)
    plan = chosen_plan(request.GET.get("plan", ""), adopted, scope, acting_of(request).region)
    book = open_rulebook()
    rows = targets.targets(plan.id, until=scope.as_of) if plan else ()
    found = annexes_of(rows, home_code(plan), book) if plan else ()
    sectors = sectors_of(rows, home_code(plan), plans.measures(plan.id, until=scope.as_of), book) if plan else ()
    missing = _missing(plan, found, scope.as_of) if plan else ()
    may_open = plan is not None and may(acting_of(request), Action.DECOMPOSITION_PREPARE, plan.where)
    shown = [(f"annex{at}", each, _name(each), _facts(each)) for at, each in enumerate(found)]
    tables: dict[str, Table | tuple[Table, ...]] = {
        "annex_tables": tuple(_table(key, each, name, is_demo=plan is not None and plan.is_demo)
                              for key, each, name, _told in shown)
    }  # fmt: skip
    if sectors:
        tables["sector_table"] = sector_table(request, sectors, is_demo=plan is not None and plan.is_demo)
    context = {
        "sectors": sectors,
        "sector_findings": [each for one in sectors for each in one.implied.findings],
        "missing": missing,
        "plan": plan,
        "plan_field": plan_choice(request),
        "shown": shown,
        "wholes": [[(row.id, _word(row)) for row in each.wholes] for each in found],
        "open_count": sum(1 for each in found if each.implied.findings),
        "may_open": may_open and scope.as_of is None,
    }
    return page(request, "decomposition/annexes.html", context, tables)


def _missing(plan: PlanRow, found: Sequence[GivenAnnex], until: date | None) -> tuple[str, ...]:
    """Who lies in the plan's place, or has duties under it, and stands in no line of its tables of regions."""
    labels = [line.name for each in found for line in each.annex.lines]
    return awaited(plan.region, plan.id, until).left_out(labels) if plan.region else ()


def _name(each: GivenAnnex) -> str:
    known = open_rulebook().indicators()[each.annex.indicator]
    return indicator_word(each.annex.indicator, known.zh)


def _word(row: TargetRow) -> str:
    return indicator_word(row.indicator, row.indicator_name, row.kind)


def _facts(each: GivenAnnex) -> list[tuple[str, str]]:
    """What follows from the table, as label and figure; what cannot be said is left out."""
    told, unit = each.implied, each.annex.unit
    found = [
        (_("总基数"), _amount(told.base, unit)),
        (_("不在任何单位名下的基数"), _amount(told.apart, unit) if told.apart_rate is not None else ""),
        (_("这部分须下降"), _per_cent(told.apart_rate)),
        (_("各单位下降率按基数加权"), _per_cent(told.rate)),
        (_("按下降比例应减"), _amount(told.needed, unit)),
        (_("重点工程超出（−不足）"), _amount(told.room, unit)),
        (_("增量没有分解的"), _amount(told.undistributed.get("increment"), unit)),
        (_("重点工程减排量没有分解的"), _amount(told.undistributed.get("projects"), unit)),
        (_("两个目标同时约束时的年均经济增速"), _per_cent(told.growth)),
    ]
    return [(label, said) for label, said in found if said]


def _amount(value: Decimal | None, unit: str) -> str:
    return "" if value is None else with_unit(exact(value), unit)


def _per_cent(value: Decimal | None) -> str:
    return "" if value is None else f"{rounded_figure(value)}%"


def _table(key: str, each: GivenAnnex, name: str, *, is_demo: bool) -> Table:
    unit, lines = each.annex.unit, each.annex.lines
    labels = {
        "base": (_("基数"), unit), "rate": (_("下降率"), "%"), "cap": (_("总量"), unit),
        "increment": (_("增量"), unit), "projects": (_("重点工程减排量"), unit), "intensity": (_("强度下降率"), "%"),
    }  # fmt: skip
    used = [
        column for column in _COLUMNS if any(getattr(line, column) is not None for line in (*lines, each.annex.whole))
    ]
    columns = (
        Column("receiver", _("承担单位")),
        *(Column(column, *labels[column], is_figure=True) for column in used),
    )
    rows = [Row((text_cell(line.name), *(_cell(line, column) for column in used))) for line in lines]
    whole = [_cell(each.annex.whole, column) for column in used]
    rows.append(Row((Cell(_("总目标"), _("总目标")), *whole), is_total=True))
    return Table(key, name, columns, tuple(rows), note=each.notes, is_demo=is_demo)


def _cell(line: Line, column: str) -> Cell:
    value: Decimal | None = getattr(line, column)
    return Cell(figure(value), value)
