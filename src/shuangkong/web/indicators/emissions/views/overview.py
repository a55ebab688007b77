"""减排核算总览: what is emitted here of each pollutant, does it fall fast enough, and who says so?"""

from __future__ import annotations

from decimal import Decimal

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from shuangkong.core.fact import Cell as FactCell
from shuangkong.core.fact import Subject
from shuangkong.core.period import Period
from shuangkong.indicators.emissions.account import YearAccount
from shuangkong.records.indicators.emissions.accounts import PollutantAccount, accounts
from shuangkong.records.indicators.emissions.dividing import divided
from shuangkong.records.people.access import Where, may
from shuangkong.records.people.roles import Action
from shuangkong.records.registry import store as registry
from shuangkong.web.indicators.emissions.parts import parts_tables
from shuangkong.web.indicators.emissions.words import in_per_cent, per_cent, tonnes
from shuangkong.web.indicators.shown import address
from shuangkong.web.site.access import acting_of, needs, reached
from shuangkong.web.site.page import page
from shuangkong.web.site.scope import link, scope_of
from shuangkong.web.site.tables import Cell, Column, Row, Table, text_cell
from shuangkong.web.site.words import spoken

_REGION = "region"


@require_GET
@needs(Action.EMISSION_READ, shows_past=True)
def overview(request: HttpRequest) -> HttpResponse:
    """Of the place that one looks at, else of one's own, and of those directly below it."""
    scope, acting = scope_of(request), acting_of(request)
    code = scope.place or acting.region
    place = registry.region(code, scope.as_of) if code else None
    if place is not None and scope.place:
        reached(request, Where(registry.paths([code])[code]), Action.EMISSION_READ)
    elif place is not None and not may(acting, Action.EMISSION_READ, Where(acting.paths[0])):
        place = None  # who sees only her own reductions sees no accounts of the place
    under = [each for each in registry.children(code) if each.ends_on is None] if place else []
    names = {each.code: each.name for each in ([place] if place else []) + under}
    found = accounts(names, scope.as_of)
    late = [each for each in found if _is_late(each)]
    context = {
        "place": place,
        "late": [(names[each.region], spoken(each.pollutant.name)) for each in late],
        "lacking": [(names[each.region], spoken(each.pollutant.name)) for each in found if not _is_known(each)],
        "count": sum(map(_is_known, found)),
        "bases": sorted({(names[each.region], each.base_year, each.base_source) for each in found}),
        "may_load": may(acting, Action.EMISSION_LOAD),
        "may_report": may(acting, Action.EMISSION_REPORT) and bool(acting.region),
        "is_demo": any(each.is_demo for each in found),
        "is_fictional": bool(place and place.is_fictional),
    }
    tables: dict[str, Table | tuple[Table, ...]] = {
        "accounts_table": _accounts(request, found, names),
        "years_table": _years(request, found, names),
        **parts_tables(request, divided(found, scope.year, scope.as_of), names),
    }
    return page(request, "emissions/overview.html", context, tables)


def _is_known(account: PollutantAccount) -> bool:
    """Whether an emission came out for any year after the base."""
    year = account.of_year(None)
    return year is not None and year.emission_t is not None


def _is_late(account: PollutantAccount) -> bool:
    """Whether it has fallen by less than the target asks for by its deadline, which may be to come."""
    year = account.of_year(None)
    decline = year.decline_pct if year else None
    return account.goal is not None and decline is not None and decline < account.goal.value


def _accounts(request: HttpRequest, found: tuple[PollutantAccount, ...], names: dict[str, str]) -> Table:
    asked = scope_of(request).year
    columns = (
        Column("region", _("地区")),
        Column("pollutant", _("污染物")),
        Column("base", _("基数"), "吨", is_figure=True),
        Column("year", _("核算年份")),
        Column("increment", _("新增量"), "吨", is_figure=True),
        Column("reduction", _("核定削减量"), "吨", is_figure=True),
        Column("reported", _("自报削减量"), "吨", is_figure=True),
        Column("emission", _("排放量"), "吨", is_figure=True),
        Column("said", _("按自报的排放量"), "吨", is_figure=True),
        Column("decline", _("较基年下降"), "%", is_figure=True),
        Column("goal", _("下降目标"), "%", is_figure=True),
        Column("standing", _("状况")),
        Column("projects", _("重点工程核定减排量"), "吨", is_figure=True),
        Column("assigned", _("下达的重点工程减排量"), "吨", is_figure=True),
        Column("completion", _("完成率"), "%", is_figure=True),
        Column("known", _("数据截至")),
    )
    rows = tuple(Row(_cells(request, each, names[each.region], asked)) for each in found)
    empty = _(
        "还没有认定的底数。录入污染源普查或排放清单并认定以它为准后，各污染物的基数、新增、削减和排放量列在这里。"
    )
    note = _("排放量＝上年排放量＋新增量－核定削减量；缺一项就算不出，不按零计。")
    return Table(
        "accounts", _("各污染物核算结果"), columns, rows, empty, note, is_demo=any(each.is_demo for each in found)
    )


def _cells(request: HttpRequest, account: PollutantAccount, name: str, asked: int | None) -> tuple[Cell, ...]:
    year, held = account.of_year(asked), account.pollutant
    goal = account.goal.value if account.goal else None
    assigned = account.assigned.value if account.assigned else None

    def said(key: str) -> str:
        return _why(request, account.region, key, year.year if year else account.base_year)

    figures = (
        (year.increment_t if year else None, held.increment),
        (year.reduction_t if year else None, held.recognised),
        (year.reported_t if year else None, held.reported),
        (year.emission_t if year else None, held.total),
        (year.reported_emission_t if year else None, held.reported_total),
    )
    return (
        text_cell(name),
        text_cell(spoken(held.name), href=link(request, "emissions:reductions", pollutant=held.id)),
        Cell(
            tonnes(account.base_t), account.base_t, hint=f"{account.base_year} {account.base_source}",
            why=_why(request, account.region, held.total, account.base_year),
        ),
        Cell(str(year.year) if year else str(account.base_year), year.year if year else account.base_year),
        *(_figure(amount, said(key), year, key) for amount, key in figures),
        _share(year, said(held.rate), held.total),
        Cell(
            per_cent(goal), goal, href=link(request, "targets:target", account.goal.target) if account.goal else "",
            hint=account.goal.excluded if account.goal else _("没有采用的方案给出下降目标"),
        ),
        text_cell(_standing(account, year.decline_pct if year else None)),
        Cell(tonnes(account.projects_t), account.projects_t),
        Cell(tonnes(assigned), assigned, hint="" if assigned is not None else _("没有下达重点工程减排量")),
        Cell(per_cent(account.completion_pct), in_per_cent(account.completion_pct)),
        Cell(f"{account.known_on:%Y-%m-%d}", account.known_on),
    )  # fmt: skip


def _figure(amount: Decimal | None, why: str, year: YearAccount | None, indicator: str) -> Cell:
    if amount is None or year is None:
        return Cell(tonnes(None), hint=_("还没有录入或核定，不按零计"))
    return Cell(tonnes(amount), amount, why=why, is_doubted=indicator in year.doubted)


def _share(year: YearAccount | None, why: str, total: str) -> Cell:
    """How far it has fallen below the base: in doubt where the emission is."""
    if year is None or year.decline_pct is None:
        return Cell(per_cent(None))
    shown = in_per_cent(year.decline_pct)
    said = why if year.is_rate else ""
    return Cell(per_cent(year.decline_pct), shown, why=said, is_doubted=total in year.doubted)


def _standing(account: PollutantAccount, decline: Decimal | None) -> str:
    if account.goal is None:
        return _("◇ 没有目标")
    if decline is None:
        return _("○ 缺数")
    return _("✓ 已达目标") if decline >= account.goal.value else _("▼ 未达目标")


def _why(request: HttpRequest, region: str, indicator: str, year: int) -> str:
    return address(request, FactCell(Subject(_REGION, region), indicator, Period(year)))


def _years(request: HttpRequest, found: tuple[PollutantAccount, ...], names: dict[str, str]) -> Table:
    columns = (
        Column("region", _("地区")),
        Column("pollutant", _("污染物")),
        Column("year", _("年份")),
        Column("before", _("上年排放量"), "吨", is_figure=True),
        Column("increment", _("新增量"), "吨", is_figure=True),
        Column("reduction", _("核定削减量"), "吨", is_figure=True),
        Column("emission", _("排放量"), "吨", is_figure=True),
        Column("said", _("按自报的排放量"), "吨", is_figure=True),
        Column("decline", _("较基年下降"), "%", is_figure=True),
    )
    rows = tuple(
        Row(
            (
                text_cell(names[account.region]),
                text_cell(spoken(account.pollutant.name)),
                Cell(str(each.year), each.year),
                Cell(tonnes(each.before_t), each.before_t),
                *(
                    _figure(amount, _why(request, account.region, key, each.year), each, key)
                    for amount, key in (
                        (each.increment_t, account.pollutant.increment),
                        (each.reduction_t, account.pollutant.recognised),
                        (each.emission_t, account.pollutant.total),
                        (each.reported_emission_t, account.pollutant.reported_total),
                    )
                ),
                _share(each, _why(request, account.region, account.pollutant.rate, each.year), account.pollutant.total),
            )
        )
        for account in found
        for each in account.years
    )
    empty = _("底数之后还没有新增量或削减量。")
    return Table("years", _("逐年推算"), columns, rows, empty, is_demo=any(each.is_demo for each in found))
