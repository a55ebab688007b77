"""排放量: how much did each outlet emit in a month, how much of it is measured, and what does each hour rest on?"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_GET

from shuangkong.core.finding import Message
from shuangkong.core.rounding import rounded
from shuangkong.monitoring.amounts.hours import ORIGINS, HourAmount, Origin
from shuangkong.monitoring.reading import Media
from shuangkong.records.monitoring.amounts import newest, versions
from shuangkong.records.monitoring.models import AmountClosing, Outlet, Point
from shuangkong.records.people.roles import Action
from shuangkong.web.monitoring.amount_sums import sum_tables
from shuangkong.web.monitoring.batches import batch_of
from shuangkong.web.monitoring.closing import points_with_amounts
from shuangkong.web.monitoring.codes import factor_unit, factor_word
from shuangkong.web.monitoring.data import asked
from shuangkong.web.monitoring.flows import a_kg, has_amount, kg_places
from shuangkong.web.monitoring.live import readable
from shuangkong.web.monitoring.reckoning import Reckoned, reckoned
from shuangkong.web.monitoring.reclosing import stale
from shuangkong.web.monitoring.register_tables import moment
from shuangkong.web.monitoring.unclosed import unclosed
from shuangkong.web.monitoring.views.duty import here
from shuangkong.web.monitoring.views.outlet import outlet_or_404
from shuangkong.web.monitoring.views.validity import month_of
from shuangkong.web.site.access import acting_of, needs
from shuangkong.web.site.page import page
from shuangkong.web.site.scope import link, near_day
from shuangkong.web.site.tables import Cell, Column, Row, Table, text_cell
from shuangkong.web.site.words import MISSING, rounded_figure, spoken

_KG_A_TONNE = Decimal(1000)
_HUNDRED = Decimal(100)
_PLACES = 3
_FLOW_WORDS = {Media.GAS: lazy("标干流量"), Media.WATER: lazy("水量")}


@require_GET
@needs(Action.MONITORING_READ)
def board(request: HttpRequest) -> HttpResponse:
    """A month of a place: every outlet and factor, with what keeps an amount from being whole."""
    condition = readable(acting_of(request)) & here(request, "region__path")
    month = month_of(request.GET.get("month", ""))[0].replace(day=1)
    # What flows into a sewage plant is no discharge: it has no amounts, and lacks none.
    found = Outlet.objects.select_related("region", "enterprise").filter(condition, fed_plants=None)
    outlets = {each.pk: each for each in found}
    held = newest(month, Q(outlet__in=outlets))
    place = {pk: (each.region_id, each.enterprise_id or 0, pk) for pk, each in outlets.items()}
    held = {key: each for key, each in held.items() if has_amount(each.factor)}
    every = sorted(held.values(), key=lambda each: (place[each.outlet_id], each.factor))
    batch = batch_of(request, every)
    rows = batch.some
    context = {
        "month": f"{month:%Y-%m}",
        "batch": batch,
        "is_running": any(not each.is_over for each in rows),
        "through": max((each.through for each in rows), default=None),
        "open": [
            (outlets[each.outlet_id], factor_word(each.factor), _address(each), told)
            for each in rows
            if (told := _findings(each))
        ],
        "stale": len(stale(month, held.values())),
        "unclosed": unclosed(outlets.values(), held, month),
        "is_demo": any(outlets[each.outlet_id].region.is_fictional for each in rows),
    }
    tables = {"amounts_table": _board(request, rows, outlets), **sum_tables(outlets, held, month)}
    return page(request, "monitoring/amounts.html", context, tables)


@require_GET
@needs(Action.MONITORING_READ)
def one(request: HttpRequest, outlet_id: int, factor: str) -> HttpResponse:
    """One outlet, factor and month: its arithmetic, its days, the hours of a day down to their frames, its versions."""
    found = outlet_or_404(request, outlet_id)
    month = month_of(request.GET.get("month", ""))[0].replace(day=1)
    held = versions(found.pk, factor, month)
    if not held and not Point.objects.filter(outlet=found, factor=factor).exists():
        raise Http404(factor)
    trace = json.loads(held[0].content) if held else {}
    day = near_day(request.GET.get("day", "")) or month
    day = day if day.replace(day=1) == month else month
    now, is_up = asked(lambda: _now(found, factor, month), None)
    context = {
        "outlet": found,
        "factor": factor,
        "name": factor_word(factor),
        "month": f"{month:%Y-%m}",
        "day": day,
        "is_up": is_up,
        "row": held[0] if held else None,
        "kg": rounded_figure(held[0].kg, kg_places(factor, _PLACES)) if held else MISSING,
        "steps": [_step(each) for each in trace.get("steps", ())],
        "findings": [(code, _said(words)) for code, *words in trace.get("findings", ())],
        "doubts": [_said(words) for words in trace.get("doubts", ())],
        "flow": _flow(held[0].computed_hours if held else 0, trace.get("flow")),
        "is_otherwise": now is not None and bool(held) and _is_otherwise(held[0], now),
    }
    tables: dict[str, Table | tuple[Table, ...]] = {
        "days_table": _days(request, found, factor, month, trace.get("days", ())),
        "runs_table": _runs(trace.get("runs", ()), kg_places(factor, _PLACES)),
        "hours_table": _hours(found, day, now),
        "versions_table": _versions(held, kg_places(factor, _PLACES)),
    }
    return page(request, "monitoring/amount.html", context, tables)


def _now(outlet: Outlet, factor: str, month: date) -> Reckoned | None:
    """The arithmetic as it would be closed now: hours are not kept twice, the store has them."""
    points = points_with_amounts(outlet, factor, month)
    return next(iter(reckoned(outlet, points, month)), None) if points else None


def _is_otherwise(row: AmountClosing, now: Reckoned) -> bool:
    """Whether readings or marks have changed since it was closed, over the same days."""
    return row.through == now.through and abs(row.kg - now.amount.kg) >= Decimal("0.001")


def _said(words: Sequence[str]) -> str:
    return spoken(Message(words[0], words[1]))


def _findings(row: AmountClosing) -> list[tuple[str, str]]:
    return [(code, _said(words)) for code, *words in json.loads(row.content)["findings"]]


def _address(row: AmountClosing) -> str:
    return f"{reverse('monitoring:amount', args=(row.outlet_id, row.factor))}?month={row.month:%Y-%m}"


def _board(request: HttpRequest, rows: Sequence[AmountClosing], outlets: Mapping[int, Outlet]) -> Table:
    columns = (
        Column("unit", _("企业")),
        Column("outlet", _("排放口")),
        Column("factor", _("因子")),
        Column("kg", _("排放量"), "kg", is_figure=True),
        Column("tonnes", _("排放量"), "t", is_figure=True),
        Column("measured", _("实测小时"), "%", is_figure=True),
        Column("substituted", _("替代小时"), "%", is_figure=True),
        Column("stopped", _("停运小时"), "%", is_figure=True),
        Column("open", _("不知道的小时"), "%", is_figure=True),
        Column("days", _("有效天数"), _("天"), is_figure=True),
        Column("capture", _("本季捕集率"), "%", is_figure=True),
        Column("state", _("状态")),
    )
    empty = _("还没有结算：读数库运行后，系统每天自动结算；也可运行 shuangkong amounts。")
    is_demo = any(outlets[each.outlet_id].region.is_fictional for each in rows)
    lines = tuple(_row(each, outlets[each.outlet_id]) for each in rows)
    return Table("amounts", _("各排放口本月排放量"), columns, lines, empty, is_demo=is_demo)


def _row(each: AmountClosing, outlet: Outlet) -> Row:
    kg, tonnes, places = each.kg, each.kg / _KG_A_TONNE, kg_places(each.factor, _PLACES)
    hint = _("不含不知道的小时") if each.open_hours else ""
    return Row(
        (
            text_cell(outlet.enterprise.name if outlet.enterprise else ""),
            text_cell(outlet.name, href=_address(each)),
            text_cell(factor_word(each.factor)),
            Cell(rounded_figure(kg, places), rounded(kg, places), hint=hint, is_doubted=each.is_doubted),
            Cell(rounded_figure(tonnes, places + 3), rounded(tonnes, places + 3), hint=hint,
                 is_doubted=each.is_doubted),
            *(_share(count, each.due_hours)
              for count in (each.measured_hours, each.substituted_hours, each.stopped_hours, each.open_hours)),
            Cell(f"{each.valid_days}/{each.days}", each.valid_days),
            _pct(each.capture_pct),
            text_cell(_state(each)),
        )
    )  # fmt: skip


def _state(each: AmountClosing) -> str:
    if not each.is_over:
        return _("到 %(day)s，未到月末") % {"day": each.through}
    return _("✕ 不完整，不入库") if each.open_hours else _("✓ 完整，已入库")


def _share(count: int, due: int) -> Cell:
    return _pct(count * _HUNDRED / Decimal(due) if due else None)


def _pct(value: Decimal | None) -> Cell:
    return Cell(MISSING) if value is None else Cell(rounded_figure(value), rounded(value, 2))


def _step(each: Mapping[str, Any]) -> dict[str, Any]:
    value = Decimal(each["value"]) if each["value"] is not None else None
    return {
        "name": _said(each["name"]), "formula": each["formula"], "unit": each["unit"],
        "value": rounded_figure(value, _PLACES), "rule": _said(each["rule"]) if each["rule"] else "",
        "is_verified": each["is_verified"],
    }  # fmt: skip


def _flow(hours: int, told: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """How many hours stand on a reckoned flow, and the arithmetic of the first of them."""
    if told is None:
        return None
    inputs = (_("，").join(f"{symbol} = {value}" for symbol, value in each["inputs"]) for each in told["steps"])
    steps = [_step(each) | {"inputs": own} for each, own in zip(told["steps"], inputs, strict=True)]
    return {"hours": hours, "at": told["at"][:16].replace("T", " "), "steps": steps}


def _days(request: HttpRequest, outlet: Outlet, factor: str, month: date, days: Sequence[Mapping[str, Any]]) -> Table:
    origins = tuple(Origin)
    columns = (
        Column("day", _("日期")),
        Column("kg", _("排放量"), "kg", is_figure=True),
        *(Column(each.value, spoken(ORIGINS[each]), _("小时"), is_figure=True) for each in origins),
    )
    rows, places = [], kg_places(factor, _PLACES)
    for each in days:
        kg = Decimal(each["kg"])
        address = link(request, "monitoring:amount", outlet.pk, factor, month=f"{month:%Y-%m}", day=each["day"])
        untold = each["due"] - sum(each["by"].values())
        counts = [each["by"].get(origin.value, 0) for origin in origins[:-1]]
        counts.append(each["by"].get(Origin.OPEN.value, 0) + untold)
        rows.append(Row((text_cell(each["day"], href=f"{address}#hours"),
                         Cell(rounded_figure(kg, places), rounded(kg, places)),
                         *(Cell(str(count), count) for count in counts))))  # fmt: skip
    return Table("days", _("逐日"), columns, tuple(rows), _("还没有结算。"))


def _runs(runs: Sequence[Mapping[str, Any]], places: int) -> Table:
    """What was not measured: stretches with the rule that fills them, or with why none does."""
    columns = (
        Column("at", _("自")),
        Column("hours", _("小时数"), _("小时"), is_figure=True),
        Column("origin", _("来源")),
        Column("kg", _("每小时"), "kg", is_figure=True),
        Column("rule", _("依据")),
        Column("used", _("取自")),
    )
    rows = []
    for each in runs:
        if each["origin"] == Origin.MEASURED:
            continue
        kg = Decimal(each["kg"]) if each.get("kg") is not None else None
        rule = "：".join(_said(each[key]) for key in ("rule", "method") if each.get(key)) or each.get("code", "")
        used = each.get("used")
        rows.append(
            Row((text_cell(each["at"][:16].replace("T", " ")), Cell(str(each["hours"]), each["hours"]),
                 text_cell(spoken(ORIGINS[Origin(each["origin"])])),
                 Cell(rounded_figure(kg, places), kg, is_doubted=not each.get("is_verified", True)), text_cell(rule),
                 text_cell(f"{used[0][:16]} — {used[1][:16]}".replace("T", " ") if used else "")))
        )  # fmt: skip
    return Table("runs", _("没有实测的小时"), columns, tuple(rows), _("没有：每小时都是实测。"))


def _hours(outlet: Outlet, day: date, now: Reckoned | None) -> Table:
    media, factor = Media(outlet.kind) if outlet.kind in set(Media) else Media.GAS, now.factor if now else ""
    columns = (
        Column("hour", _("小时")),
        Column("value", _("浓度"), factor_unit(factor) if factor else "", is_figure=True),
        Column("flow", str(_FLOW_WORDS[media]), "m3", is_figure=True),
        Column("kg", _("排放量"), "kg", is_figure=True),
        Column("origin", _("来源")),
        Column("how", _("算法")),
        Column("frame", _("报文")),
    )
    rows: list[Row] = []
    if now is not None:
        known = {each.at: each for each in now.hours}
        for each in now.amount.every_hour():
            if each.at.date() == day:
                rows.append(_hour(outlet, factor, each, known.get(each.at)))
    return Table("hours", _("%(day)s 逐时") % {"day": day}, columns, tuple(rows), _("这一天没有可核算的小时。"))


def _hour(outlet: Outlet, factor: str, each: HourAmount, known: Any) -> Row:
    value, flow = (known.value, known.flow_m3) if known else (None, None)
    how, places = each.by_hand, kg_places(factor, _PLACES)
    if each.origin is Origin.MEASURED and value is not None and flow is not None:
        scale = f"{a_kg(factor) or 1:,f}".replace(",", " ")
        how = f"{rounded_figure(value, 6)} × {rounded_figure(flow)} / {scale}"
        if known.flow_steps:
            how = _("%(how)s，流量推算：%(formula)s") % {"how": how, "formula": known.flow_steps[-1].formula}
    elif each.filled is not None and each.filled.band is not None:
        how = spoken(each.filled.band.ground.clause.words)
    place = each.evidence
    frame = (
        text_cell(_("原始报文"), href=reverse("monitoring:frame", args=(outlet.pk, place.segment, place.offset)))
        if place is not None
        else text_cell("")
    )
    return Row(
        (
            text_cell(moment(each.at)), Cell(rounded_figure(value, _PLACES), value), Cell(rounded_figure(flow), flow),
            Cell(rounded_figure(each.kg, places), each.kg), text_cell(spoken(ORIGINS[each.origin])), text_cell(how),
            frame,
        )
    )  # fmt: skip


def _versions(held: Sequence[AmountClosing], places: int) -> Table:
    columns = (
        Column("at", _("结算时间")),
        Column("kg", _("排放量"), "kg", is_figure=True),
        Column("open", _("不知道的小时"), _("小时"), is_figure=True),
        Column("through", _("截止日")),
    )
    rows = tuple(
        Row((text_cell(moment(each.closed_at)), Cell(rounded_figure(each.kg, places), rounded(each.kg, places)),
             Cell(str(each.open_hours), each.open_hours), Cell(each.through.isoformat(), each.through)))
        for each in held
    )  # fmt: skip
    return Table("versions", _("各次结算"), columns, rows, _("还没有结算。"))
