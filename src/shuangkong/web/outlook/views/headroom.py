"""用能空间账: how much is left below each cap, and can we take this project?"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from shuangkong.core.period import Period
from shuangkong.outlook.headroom.account import Account, Room, room
from shuangkong.outlook.headroom.amount import number_told
from shuangkong.outlook.headroom.question import VERDICTS, Decision
from shuangkong.records.outlook.headroom import store
from shuangkong.records.people.access import may
from shuangkong.records.people.roles import Action
from shuangkong.records.refusal import Refused
from shuangkong.rulebook import open_rulebook
from shuangkong.web.indicators.asked import name_of
from shuangkong.web.indicators.place import Place, choose_place, place_asked, place_of_code
from shuangkong.web.outlook.accounts import Held, accounts_of, may_place_take, unread
from shuangkong.web.site.access import acting_of, needs, reached, seen
from shuangkong.web.site.page import page
from shuangkong.web.site.scope import link, scope_of
from shuangkong.web.site.tables import Cell, Column, Row, Table, text_cell
from shuangkong.web.site.words import rounded_figure, spoken, unit_word


@require_GET
@needs(Action.ACTUAL_READ, shows_past=True)
def headroom(request: HttpRequest) -> HttpResponse:
    place = place_asked(request)
    return choose_place(request, "outlook:headroom") if place is None else _shown(request, place, request.GET)


@require_POST
@needs(Action.HEADROOM_RECORD)
def commit(request: HttpRequest) -> HttpResponse:
    """Takes an approved project into the account."""
    place = place_of_code(request, request.POST.get("place", ""))
    reached(request, place.where, Action.ACTUAL_READ, Action.HEADROOM_RECORD)
    held = _held(request, place)
    try:
        project, starts, amounts, released = _asked(request.POST, held)
        store.commit(
            place.region.code, project, starts, [(key, each, released[key]) for key, each in amounts.items()],
            request.POST.get("document", ""), acting_of(request),
        )  # fmt: skip
    except Refused as refusal:
        if refusal.code.startswith("PPL"):
            raise
        return _shown(request, place, request.POST, f"{refusal.code} {spoken(refusal.message)}")
    messages.success(request, _("已记入已批未投。"))
    return redirect(link(request, "outlook:headroom", place=place.region.code))


@require_POST
@needs(Action.HEADROOM_RECORD)
def end(request: HttpRequest, commitment_id: int) -> HttpResponse:
    """It runs, or was given up."""
    row = store.commitment(commitment_id)
    if row is None:
        raise Http404
    reached(request, row.where, Action.ACTUAL_READ, Action.HEADROOM_RECORD)
    try:
        store.end(commitment_id, request.POST.get("ground", ""), acting_of(request))
    except Refused as refusal:
        if refusal.code.startswith("PPL"):
            raise
        place = place_of_code(request, row.region)
        return _shown(request, place, QueryDict(), f"{refusal.code} {spoken(refusal.message)}")
    messages.success(request, _("已办结。"))
    return redirect(link(request, "outlook:headroom", place=row.region))


def _held(request: HttpRequest, place: Place) -> Held:
    scope = scope_of(request)
    year = scope.year or (scope.as_of or timezone.localdate()).year
    return accounts_of(place, year, seen(request, Action.PLAN_READ), scope.as_of)


def _shown(request: HttpRequest, place: Place, told: QueryDict, refusal: str = "") -> HttpResponse:
    held = _held(request, place)
    decision: Decision | None = None
    if not refusal and told.get("project", "").strip():
        try:
            decision = may_place_take(held, *_asked(told, held))
        except Refused as refused:
            refusal = f"{refused.code} {spoken(refused.message)}"
    may_record = not scope_of(request).as_of and may(acting_of(request), Action.HEADROOM_RECORD, place.where)
    rooms = {key: {year: room(each, year) for year in each.years} for key, each in held.accounts.items()}
    context: dict[str, Any] = {
        "place": place,
        "region": place.region,
        "is_demo": held.is_demo,
        "fields": [(key, name_of(key), unit_word(unit_of(held, key)), told.get(f"amount-{key}", ""),
                    told.get(f"released-{key}", "")) for key in held.accounts],
        "told": {key: told.get(key, "") for key in ("project", "starts", "document")},
        "decision": decision,
        "verdict": spoken(VERDICTS[decision.verdict]) if decision else "",
        "may_record": may_record,
        "refusal": refusal,
        "short": sum(any((each.exact or 0) < 0 for each in years.values()) for years in rooms.values()),
        "unknown": sum(any(each.exact is None for each in years.values()) for years in rooms.values()),
        "count": len(held.accounts),
        "explained": [(name_of(key), list(years.items())) for key, years in rooms.items()],
    }  # fmt: skip
    tables: dict[str, Table | tuple[Table, ...]] = {
        "rooms_table": _rooms(request, held, rooms),
        "committed_table": _committed(held),
    }
    if decision is not None:
        tables["answer_table"] = _answer(held, decision)
    context["ending"] = [(each.id, f"{each.project} · {name_of(each.indicator)}") for each in held.committed]
    return page(request, "outlook/headroom.html", context, tables, status=422 if refusal else 200)


def _asked(told: Mapping[str, str], held: Held) -> tuple[str, Period, dict[str, Decimal], dict[str, Decimal]]:
    """Project, month, amounts and what is set free, in base units. Raises Refused where something does not read."""
    try:
        starts = Period.parse(told.get("starts", ""))
        amounts, released = {}, {}
        for key in held.accounts:
            typed, freed = told.get(f"amount-{key}", "").strip(), told.get(f"released-{key}", "").strip()
            if typed:
                amounts[key] = number_told(typed) * factor_of(held, key)
                released[key] = number_told(freed or "0") * factor_of(held, key)
    except ValueError as fault:
        raise unread() from fault
    return told.get("project", "").strip(), starts, amounts, released


def unit_of(held: Held, key: str) -> str:
    """The printed unit of an account: that of its target, or for a decline that of the indicator."""
    rule = open_rulebook().every_rule().get(key)
    display = (rule.display or rule.unit) if rule else ""
    unit = held.targets[key].unit
    return unit if unit in open_rulebook().units() and unit != "%" else display


def factor_of(held: Held, key: str) -> Decimal:
    form = open_rulebook().units().get(unit_of(held, key))
    return Decimal(1) if form is None else form.factor


def _rooms(request: HttpRequest, held: Held, rooms: Mapping[str, Mapping[int, Room]]) -> Table:
    columns = (
        Column("amount", _("指标")),
        Column("unit", _("单位")),
        Column("year", _("年份")),
        Column("cap", _("上限或路径"), is_figure=True),
        Column("actual", _("最近一年实际"), is_figure=True),
        Column("actual_year", _("实际年份")),
        Column("committed", _("已批未投"), is_figure=True),
        Column("reserve", _("预留"), is_figure=True),
        Column("room", _("余量"), is_figure=True),
    )
    rows = tuple(Row(_room_cells(request, held, key, each)) for key, years in rooms.items() for each in years.values())
    empty = _("这个地区没有总量、增量或减排目标可以作上限。先采用方案，再录入基期和各年的数。")
    note = _("余量 = 上限 − 实际 − 已批未投 − 预留；缺上限或实际数的不推定")
    return Table("rooms", _("各年余量"), columns, rows, empty, note, is_demo=held.is_demo)


def _room_cells(request: HttpRequest, held: Held, key: str, each: Room) -> tuple[Cell, ...]:
    account: Account = held.accounts[key]
    factor, cap = factor_of(held, key), account.caps.get(each.year)
    committed = each.figure.steps[0].value
    return (
        text_cell(name_of(key), href=link(request, "targets:target", held.targets[key].id)),
        text_cell(unit_word(unit_of(held, key))),
        Cell(str(each.year), each.year),
        _scaled(cap if isinstance(cap, Decimal) else None, factor),
        _scaled(account.actual if isinstance(account.actual, Decimal) else None, factor),
        text_cell(str(account.actual_year)),
        _scaled(committed, factor),
        _scaled(account.reserve, factor),
        _scaled(each.value, factor),
    )


def _scaled(value: Decimal | None, factor: Decimal) -> Cell:
    shown = None if value is None else value / factor
    return Cell(rounded_figure(shown), shown)


def _committed(held: Held) -> Table:
    columns = (
        Column("project", _("项目")),
        Column("amount_of", _("指标")),
        Column("unit", _("单位")),
        Column("amount", _("全年量"), is_figure=True),
        Column("released", _("腾出量"), is_figure=True),
        Column("starts", _("投产月份")),
        Column("document", _("批准文号")),
    )
    rows = tuple(
        Row(
            (
                text_cell(each.project),
                text_cell(name_of(each.indicator)),
                text_cell(unit_word(unit_of(held, each.indicator))),
                _scaled(each.amount, factor_of(held, each.indicator)),
                _scaled(each.released, factor_of(held, each.indicator)),
                text_cell(each.starts),
                text_cell(each.document),
            )
        )
        for each in held.committed
        if each.indicator in held.accounts
    )
    empty = _("账上没有已批未投的项目。")
    return Table("committed", _("已批未投的项目"), columns, rows, empty, is_demo=held.is_demo)


def _answer(held: Held, decision: Decision) -> Table:
    columns = (
        Column("amount", _("指标")),
        Column("verdict", _("结论")),
        Column("unit", _("单位")),
        Column("binding", _("最紧的年份")),
        Column("before", _("原余量"), is_figure=True),
        Column("after", _("接纳后余量"), is_figure=True),
        Column("full_year", _("全年投运后余量"), is_figure=True),
        Column("most", _("至多可接纳的全年量"), is_figure=True),
    )
    rows = []
    for each in decision.answers:
        factor = factor_of(held, each.indicator)
        at = {found.year: found.value for found in each.before}, {found.year: found.value for found in each.after}
        before, after = (None if each.binding is None else years.get(each.binding) for years in at)
        rows.append(
            Row(
                (
                    text_cell(name_of(each.indicator)),
                    text_cell(spoken(VERDICTS[each.verdict])),
                    text_cell(unit_word(unit_of(held, each.indicator))),
                    text_cell(str(each.binding or "")),
                    _scaled(before, factor),
                    _scaled(after, factor),
                    _scaled(each.full_year, factor),
                    _scaled(each.most, factor),
                )
            )
        )
    return Table("answer", _("能不能上这个项目"), columns, tuple(rows), is_demo=held.is_demo)
