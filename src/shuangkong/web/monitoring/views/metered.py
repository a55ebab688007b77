"""用能量: how much did each unit's meters count in a month, carrier by carrier, and what keeps it from being whole?"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal

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
from shuangkong.monitoring.metering.month import added, completeness_pct
from shuangkong.monitoring.reading import Span, ends_of
from shuangkong.records.monitoring.meter_facts import MAIN, lacks, signed
from shuangkong.records.monitoring.metering import in_use, newest
from shuangkong.records.monitoring.models import Meter, MeterClosing
from shuangkong.records.people.access import may, visible
from shuangkong.records.people.roles import Action
from shuangkong.rulebook import open_rulebook
from shuangkong.web.indicators.shown import address
from shuangkong.web.monitoring.meter_tables import PLACES, address_of, carrier_word, measure_word
from shuangkong.web.monitoring.views.duty import here
from shuangkong.web.monitoring.views.validity import month_of
from shuangkong.web.site.access import acting_of, needs
from shuangkong.web.site.page import page
from shuangkong.web.site.tables import Cell, Column, Row, Table, text_cell
from shuangkong.web.site.words import MISSING, rounded_figure, spoken

_MOST = 2_000
type _Group = tuple[tuple[int, str], list[Meter]]


@require_GET
@needs(Action.MONITORING_READ)
def board(request: HttpRequest) -> HttpResponse:
    """A month of a place: every unit and carrier, main meters against those below them, and what is not whole."""
    month = month_of(request.GET.get("month", ""))[0].replace(day=1)
    seen = visible(acting_of(request), Action.MONITORING_READ, "enterprise__region__path", "enterprise__body")
    every = in_use(month, ends_of(Span.MONTH, month), seen & here(request, "enterprise__region__path"))
    meters = [each for each in every[:_MOST] if each.carrier in CARRIERS]
    held = newest(month, [each.pk for each in meters])
    groups: dict[tuple[int, str], list[Meter]] = defaultdict(list)
    for each in meters:
        groups[each.enterprise_id, each.carrier].append(each)
    whole = sum(_is_whole(group, held) for group in groups.values())
    context = {
        "month": f"{month:%Y-%m}",
        "is_cut": len(every) > _MOST,
        "most": _MOST,
        "whole": whole,
        "partial": len(groups) - whole,
        "is_running": any(not each.is_over for each in held.values()),
        "through": max((each.through for each in held.values()), default=None),
        "findings": list(_findings(list(groups.items()), held, month)),
        "is_demo": any(each.enterprise.region.is_fictional for each in meters),
    }
    tables: dict[str, Table | tuple[Table, ...]] = {
        "units_table": _units(request, list(groups.items()), held, month),
        "levels_table": _levels(list(groups.items()), held),
    }
    return page(request, "monitoring/metered.html", context, tables)


def _main(group: Sequence[Meter]) -> list[Meter]:
    return [each for each in group if each.level == MAIN]


def _is_whole(group: Sequence[Meter], held: Mapping[int, MeterClosing]) -> bool:
    main = _main(group)
    return bool(main) and not any(lacks(held.get(each.pk)) for each in main)


def _sum(group: Sequence[Meter], held: Mapping[int, MeterClosing]) -> Decimal | None:
    """Of the hours that are known; None where none is."""
    known = [signed(each, held[each.pk].amount) for each in group if each.pk in held and held[each.pk].unit]
    return added(known) if known else None


def _findings(
    groups: Sequence[_Group], held: Mapping[int, MeterClosing], month: date
) -> Iterator[tuple[str, str, str, str]]:
    checks = open_rulebook().monitoring().checks
    for (_unit, carrier), group in groups:
        if not _main(group):
            name, word = group[0].enterprise.name, CARRIERS[carrier].name
            told = finding(
                checks, NO_MAIN_METER, name, name=name, carrier=word.zh, carrier_en=word.en, count=len(group)
            )
            yield "", name, told.code, spoken(told.message)
        for each in group:
            row = held.get(each.pk)
            for code, zh, en in json.loads(row.content)["findings"] if row else ():
                yield address_of(each, month), each.name, code, spoken(Message(zh, en))


def _units(request: HttpRequest, groups: Sequence[_Group], held: Mapping[int, MeterClosing], month: date) -> Table:
    columns = (
        Column("unit", _("企业")),
        Column("carrier", _("能源品种")),
        Column("amount", _("用量"), is_figure=True),
        Column("measure", _("单位")),
        Column("meters", _("总表"), "只", is_figure=True),
        Column("complete", _("完整率"), "%", is_figure=True),
        Column("state", _("状态")),
        Column("why", _("由来")),
    )
    may_explain = may(acting_of(request), Action.ACTUAL_READ)
    period = Period(month.year, f"{month.month:02d}")
    made = []
    for (unit, carrier), group in groups:
        main, rule = _main(group), CARRIERS[carrier]
        rows = [held[each.pk] for each in main if each.pk in held]
        due, open_ = sum(row.due_hours for row in rows), sum(row.open_hours for row in rows)
        amount, is_whole = _sum(main, held), _is_whole(group, held)
        share = rounded(completeness_pct(due - open_, due), 2) if due else None
        share = min(share, Decimal("99.99")) if share is not None and open_ else share
        is_over = bool(rows) and all(row.is_over for row in rows)
        cell = FactCell(Subject("unit", source_code(unit)), rule.indicator, period)
        hint = "" if is_whole else _("不含不知道的小时")
        state = _state(is_whole=is_whole, is_over=is_over, has_main=bool(main))
        made.append(
            Row(
                (
                    text_cell(group[0].enterprise.name),
                    text_cell(carrier_word(carrier)),
                    Cell(MISSING, None) if amount is None
                    else Cell(rounded_figure(amount, PLACES), rounded(amount, PLACES), hint=hint),
                    text_cell(measure_word(rule.unit)),
                    Cell(str(len(main)), len(main)),
                    Cell(MISSING, None) if share is None else Cell(rounded_figure(share), share),
                    text_cell(state),
                    text_cell(_("由来"), href=address(request, cell)) if is_over and may_explain else text_cell(""),
                )
            )
        )  # fmt: skip
    empty = _("还没有登记计量器具，或还没有结算：读数库运行后，系统每天自动结算；也可运行 shuangkong amounts。")
    return Table("units", _("各企业用能量"), columns, tuple(made), empty, is_demo=_is_demo(groups))


def _state(*, is_whole: bool, is_over: bool, has_main: bool) -> str:
    if not has_main:
        return _("✕ 没有总表，不入库")
    if not is_over:
        return _("未到月末")
    return _("✓ 完整，已入库") if is_whole else _("✕ 不完整，不入库")


def _levels(groups: Sequence[_Group], held: Mapping[int, MeterClosing]) -> Table:
    """Every meter beside the sum of its unit's level: what those below measure of what came in."""
    columns = (
        Column("unit", _("企业")),
        Column("carrier", _("能源品种")),
        Column("main", _("总表合计"), is_figure=True),
        Column("second", _("二级表合计"), is_figure=True),
        Column("share", _("二级表占总表"), "%", is_figure=True),
        Column("measure", _("单位")),
    )
    made = []
    for (_unit, carrier), group in groups:
        second = [each for each in group if each.level == MAIN + 1]
        if not second:
            continue
        amounts = (_sum(_main(group), held), _sum([_as_in(each) for each in second], held))
        share = amounts[1] * 100 / amounts[0] if amounts[0] and amounts[1] is not None else None
        cells = [Cell(MISSING, None) if each is None else Cell(rounded_figure(each, PLACES), rounded(each, PLACES))
                 for each in amounts]  # fmt: skip
        made.append(
            Row(
                (
                    text_cell(group[0].enterprise.name),
                    text_cell(carrier_word(carrier)),
                    *cells,
                    Cell(MISSING, None) if share is None else Cell(rounded_figure(share), rounded(share, 2)),
                    text_cell(measure_word(CARRIERS[carrier].unit)),
                )
            )
        )
    return Table("levels", _("总表和二级表"), columns, tuple(made), _("没有登记二级表。"), is_demo=_is_demo(groups))


def _as_in(meter: Meter) -> Meter:
    """Below the main meters every one measures what is used."""
    meter.direction = "in"
    return meter


def _is_demo(groups: Sequence[_Group]) -> bool:
    return any(each.enterprise.region.is_fictional for _key, group in groups for each in group)
