"""用能量: how much did each unit's meters count in a month, carrier by carrier, and what keeps it from being whole?"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from shuangkong.core.fact import Cell as FactCell
from shuangkong.core.fact import Subject
from shuangkong.core.finding import Message
from shuangkong.core.period import Period
from shuangkong.core.rounding import rounded
from shuangkong.core.source_code import source_code
from shuangkong.monitoring.findings import NO_MAIN_METER, finding
from shuangkong.monitoring.metering.carriers import CARRIERS
from shuangkong.monitoring.reading import Span, ends_of
from shuangkong.records.monitoring.meter_facts import MAIN
from shuangkong.records.monitoring.metering import in_use, newest
from shuangkong.records.monitoring.models import Meter, MeterClosing
from shuangkong.records.people.access import may, visible
from shuangkong.records.people.roles import Action
from shuangkong.rulebook import open_rulebook
from shuangkong.web.indicators.shown import address
from shuangkong.web.monitoring.energy_industries import industries_table
from shuangkong.web.monitoring.energy_tables import parted_cell, tce_cell, totals_table
from shuangkong.web.monitoring.meter_tables import address_of, carrier_word, measure_word
from shuangkong.web.monitoring.metered_units import CarrierMonth, UnitMonth, sum_of, unit_months
from shuangkong.web.monitoring.views.duty import here
from shuangkong.web.monitoring.views.validity import month_of
from shuangkong.web.site.access import acting_of, needs
from shuangkong.web.site.page import page
from shuangkong.web.site.tables import Cell, Column, Row, Table, text_cell
from shuangkong.web.site.words import MISSING, rounded_figure, spoken

_MOST = 2_000


@require_GET
@needs(Action.MONITORING_READ)
def board(request: HttpRequest) -> HttpResponse:
    """A month of a place: every unit and carrier, main meters against those below them, and what is not whole."""
    month = month_of(request.GET.get("month", ""))[0].replace(day=1)
    seen = visible(acting_of(request), Action.MONITORING_READ, "enterprise__region__path", "enterprise__body")
    every = in_use(month, ends_of(Span.MONTH, month), seen & here(request, "enterprise__region__path"))
    meters = [each for each in every[:_MOST] if each.carrier in CARRIERS]
    held = newest(month, [each.pk for each in meters])
    units = unit_months(meters, held, month)
    carriers = [each for one in units for each in one.carriers]
    whole = sum(each.is_whole for each in carriers)
    context = {
        "month": f"{month:%Y-%m}",
        "is_cut": len(every) > _MOST,
        "most": _MOST,
        "whole": whole,
        "partial": len(carriers) - whole,
        "is_running": any(not each.is_over for each in held.values()),
        "through": max((each.through for each in held.values()), default=None),
        "findings": list(_findings(units, held, month)),
        "is_doubted": any(not each.total.is_verified for each in units),
        "is_demo": any(each.enterprise.region.is_fictional for each in meters),
    }
    tables: dict[str, Table | tuple[Table, ...]] = {
        "totals_table": totals_table(units),
        "industries_table": industries_table(units),
        "units_table": _units(request, units, month),
        "levels_table": _levels(carriers, held),
    }
    return page(request, "monitoring/metered.html", context, tables)


def _findings(
    units: Sequence[UnitMonth], held: Mapping[int, MeterClosing], month: date
) -> Iterator[tuple[str, str, str, str]]:
    checks = open_rulebook().monitoring().checks
    for each in units:
        for own in each.carriers:
            if not own.main:
                name, word = each.enterprise.name, CARRIERS[own.carrier].name
                told = finding(
                    checks, NO_MAIN_METER, name, name=name, carrier=word.zh, carrier_en=word.en, count=len(own.meters)
                )
                yield "", name, told.code, spoken(told.message)
            for meter in own.meters:
                row = held.get(meter.pk)
                for code, zh, en in json.loads(row.content)["findings"] if row else ():
                    yield address_of(meter, month), meter.name, code, spoken(Message(zh, en))


def _units(request: HttpRequest, units: Sequence[UnitMonth], month: date) -> Table:
    columns = (
        Column("unit", _("企业")),
        Column("carrier", _("能源品种")),
        Column("amount", _("用量"), is_figure=True),
        Column("measure", _("单位")),
        Column("tce", _("折标准煤（当量值）"), "tce", is_figure=True),
        Column("meters", _("总表"), "只", is_figure=True),
        Column("complete", _("完整率"), "%", is_figure=True),
        Column("state", _("状态")),
        Column("why", _("由来")),
    )
    may_explain = may(acting_of(request), Action.ACTUAL_READ)
    period = Period(month.year, f"{month.month:02d}")
    made = []
    for unit in units:
        for each in unit.carriers:
            rule = CARRIERS[each.carrier]
            cell = FactCell(Subject("unit", source_code(unit.enterprise.pk)), rule.indicator, period)
            state = _state(is_whole=each.is_whole, is_over=each.is_over, has_main=bool(each.main))
            why = text_cell(_("由来"), href=address(request, cell)) if each.is_over and may_explain else text_cell("")
            hint = "" if each.is_whole else _("不含不知道的小时")
            made.append(
                Row(
                    (
                        text_cell(unit.enterprise.name),
                        text_cell(carrier_word(each.carrier)),
                        parted_cell(each.amount, hint=hint),
                        text_cell(measure_word(rule.unit)),
                        tce_cell(each.tce),
                        Cell(str(len(each.main)), len(each.main)),
                        Cell(MISSING, None) if each.share is None else Cell(rounded_figure(each.share), each.share),
                        text_cell(state),
                        why,
                    )
                )
            )
    empty = _("还没有登记计量器具，或还没有结算：读数库运行后，系统每天自动结算；也可运行 shuangkong amounts。")
    return Table("units", _("各企业用能量"), columns, tuple(made), empty, is_demo=_is_demo(units))


def _state(*, is_whole: bool, is_over: bool, has_main: bool) -> str:
    if not has_main:
        return _("✕ 没有总表，不入库")
    if not is_over:
        return _("未到月末")
    return _("✓ 完整，已入库") if is_whole else _("✕ 不完整，不入库")


def _levels(carriers: Sequence[CarrierMonth], held: Mapping[int, MeterClosing]) -> Table:
    """Every main meter beside the sum of the level below it: what those measure of what came in."""
    columns = (
        Column("unit", _("企业")),
        Column("carrier", _("能源品种")),
        Column("main", _("总表合计"), is_figure=True),
        Column("second", _("二级表合计"), is_figure=True),
        Column("share", _("二级表占总表"), "%", is_figure=True),
        Column("measure", _("单位")),
    )
    made = []
    for each in carriers:
        second = [meter for meter in each.meters if meter.level == MAIN + 1]
        if not second:
            continue
        amounts = (sum_of(each.main, held), sum_of([_as_in(meter) for meter in second], held))
        share = amounts[1] * 100 / amounts[0] if amounts[0] and amounts[1] is not None else None
        made.append(
            Row(
                (
                    text_cell(each.meters[0].enterprise.name),
                    text_cell(carrier_word(each.carrier)),
                    *(parted_cell(amount) for amount in amounts),
                    Cell(MISSING, None) if share is None else Cell(rounded_figure(share), rounded(share, 2)),
                    text_cell(measure_word(each.unit)),
                )
            )
        )
    is_demo = any(each.meters[0].enterprise.region.is_fictional for each in carriers)
    return Table("levels", _("总表和二级表"), columns, tuple(made), _("没有登记二级表。"), is_demo=is_demo)


def _as_in(meter: Meter) -> Meter:
    """Below the main meters every one measures what is used."""
    meter.direction = "in"
    return meter


def _is_demo(units: Sequence[UnitMonth]) -> bool:
    return any(each.enterprise.region.is_fictional for each in units)
