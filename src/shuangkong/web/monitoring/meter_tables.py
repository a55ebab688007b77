"""计量的表: meters of a place, the days of one, what happened to it, its showings and versions; units by carrier."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from shuangkong.core.finding import Message
from shuangkong.core.rounding import rounded
from shuangkong.monitoring.metering.carriers import CARRIERS
from shuangkong.monitoring.metering.grid import Origin
from shuangkong.monitoring.metering.month import completeness_pct
from shuangkong.monitoring.upkeep import Soon
from shuangkong.records.monitoring.models import Meter, MeterClosing
from shuangkong.records.monitoring.registers.words import DIRECTIONS
from shuangkong.rulebook import open_rulebook
from shuangkong.web.monitoring.data import Value
from shuangkong.web.monitoring.register_tables import moment
from shuangkong.web.monitoring.upkeep_words import soon_of
from shuangkong.web.site.scope import link
from shuangkong.web.site.tables import Cell, Column, Row, Table, text_cell
from shuangkong.web.site.words import MISSING, figure, rounded_figure, spoken

PLACES = 3
#: A calibration that ends within so many days is told.
#: What an hour is known by, as pages say it.
ORIGIN_WORDS = {
    Origin.MEASURED: lazy("实测"), Origin.ESTIMATED: lazy("分摊"), Origin.TOLD: lazy("上传"),
    Origin.BRIDGED: lazy("间断合并"), Origin.OPEN: lazy("不知道"),
}  # fmt: skip
STEP_WORDS = {
    "swap": lazy("换表"), "rollover": lazy("翻转"), "reset": lazy("清零"), "fell": lazy("示数变小"),
    "jump": lazy("跳变"), "silent": lazy("间断"), "long": lazy("间隔较长"),
}  # fmt: skip


def parted(value: Decimal, places: int = PLACES) -> str:
    """A computed amount, its thousands parted."""
    short = rounded(value, places)
    return f"{abs(short) if short == 0 else short:,f}".replace("-", "−")


def carrier_word(carrier: str) -> str:
    return spoken(CARRIERS[carrier].name) if carrier in CARRIERS else carrier


def measure_word(unit: str) -> str:
    """A base unit by its id, in the language of the page."""
    found = next((each.unit for each in open_rulebook().units().values() if each.unit.id == unit), None)
    return spoken(Message(found.zh, found.en)) if found else unit


def direction_word(meter: Meter) -> str:
    """Which way energy goes through a main meter; sub meters do not count."""
    return spoken(DIRECTIONS[meter.direction or "in"]) if meter.level == 1 else _("次级，不计入合计")


def amount_cell(row: MeterClosing | None) -> Cell:
    if row is None or not row.unit:
        return Cell(MISSING, None, hint=_("还没有结算，或单位不能换算"))
    hint = _("不含不知道的小时") if row.open_hours else ""
    return Cell(parted(row.amount), rounded(row.amount, PLACES), hint=hint)


def complete_cell(row: MeterClosing | None) -> Cell:
    if row is None or not row.due_hours:
        return Cell(MISSING, None)
    share = completeness_pct(row.due_hours - row.open_hours, row.due_hours)
    share = share if not row.open_hours else min(rounded(share, 2), Decimal("99.99"))
    return Cell(f"{rounded_figure(share)}{'' if not row.open_hours else ' ▲'}", rounded(share, 2))


def meters_table(
    request: HttpRequest, rows: Sequence[Any], latest: Mapping[int, Value], closed: Mapping[int, MeterClosing],
    month: date, states: Mapping[int, str],
) -> Table:  # fmt: skip
    columns = (
        Column("unit", _("企业")),
        Column("meter", _("计量器具")),
        Column("carrier", _("能源品种")),
        Column("level", _("计量级别"), is_figure=True),
        Column("direction", _("流向")),
        Column("state", _("状态")),
        Column("value", _("最近读数"), is_figure=True),
        Column("at", _("最近数据")),
        Column("amount", _("本月用量"), is_figure=True),
        Column("measure", _("单位")),
        Column("complete", _("完整率"), "%", is_figure=True),
        Column("swapped", _("换表次数"), is_figure=True),
        Column("calibrated", _("检定")),
    )
    made = []
    for each in rows:
        last, row = latest.get(each.pk), closed.get(each.pk)
        value = last.value if last else None
        made.append(
            Row(
                (
                    text_cell(each.enterprise.name),
                    text_cell(each.name, href=link(request, "monitoring:meter", each.pk, month=f"{month:%Y-%m}")),
                    text_cell(carrier_word(each.carrier)),
                    Cell(str(each.level), each.level),
                    text_cell(direction_word(each)),
                    text_cell(states[each.pk]),
                    Cell(figure(value) if value is not None else MISSING, value),
                    text_cell(moment(last.at) if last else ""),
                    amount_cell(row),
                    text_cell(measure_word(row.unit) if row and row.unit else each.unit),
                    complete_cell(row),
                    Cell(str(each.swapped), each.swapped),
                    text_cell(calibration(each)),
                )
            )
        )
    empty = _("还没有登记计量器具。先在登记册里登记，或导入表格。")
    return Table("meters", _("计量器具"), columns, tuple(made), empty,
                 is_demo=any(each.enterprise.region.is_fictional for each in rows))  # fmt: skip


def calibration(each: Meter) -> str:
    today, until = timezone.localdate(), each.calibrated_until
    if until is None:
        return _("未登记")
    if until < today:
        return _("✗ 已过期 %(day)s") % {"day": until}
    soon, _is_verified = soon_of(today, Soon.CALIBRATION)
    word = _("▲ 将到期 %(day)s") if until <= today + soon else _("✓ 有效至 %(day)s")
    return word % {"day": until}


def days_table(request: HttpRequest, meter: Meter, trace: Mapping[str, Any], unit: str) -> Table:
    origins = (Origin.MEASURED, Origin.ESTIMATED, Origin.TOLD, Origin.BRIDGED, Origin.OPEN)
    columns = (
        Column("day", _("日期")),
        Column("amount", _("用量"), measure_word(unit) if unit else "", is_figure=True),
        *(Column(each.name.lower(), str(ORIGIN_WORDS[each]), _("小时"), is_figure=True) for each in origins),
    )
    rows = []
    for each in trace.get("days", ()):
        counts = [each["hours"].get(origin.name.lower(), 0) for origin in origins]
        if not any(counts):
            continue
        amount = Decimal(each["amount"])
        address = link(request, "monitoring:meter", meter.pk, month=each["day"][:7], day=each["day"])
        known = any(counts[:3])
        rows.append(
            Row(
                (
                    text_cell(each["day"], href=f"{address}#shown"),
                    Cell(parted(amount), rounded(amount, PLACES)) if known else Cell(MISSING, None),
                    *(Cell(str(count), count) for count in counts),
                )
            )
        )
    return Table("days", _("逐日用量"), columns, tuple(rows), _("还没有结算。"),
                 is_demo=meter.enterprise.region.is_fictional)  # fmt: skip


def events_table(meter: Meter, trace: Mapping[str, Any]) -> Table:
    columns = (
        Column("from", _("前一次示数时间")),
        Column("to", _("后一次示数时间")),
        Column("what", _("发生了什么")),
        Column("before", _("之前示数"), is_figure=True),
        Column("after", _("之后示数"), is_figure=True),
        Column("gain", _("计入增量"), is_figure=True),
    )
    rows = []
    for each in trace.get("events", ()):
        words = [str(STEP_WORDS[step]) for step in each["steps"] if step in STEP_WORDS]
        before, after, gain = (Decimal(each[key]) for key in ("before", "after", "gain"))
        rows.append(
            Row(
                (
                    text_cell(_clock(each["from"])),
                    text_cell(_clock(each["to"])),
                    text_cell(_("、").join(words)),
                    Cell(figure(before), before),
                    Cell(figure(after), after),
                    Cell(figure(gain), gain),
                )
            )
        )
    return Table("events", _("换表、翻转和间断"), columns, tuple(rows), _("没有：示数逐次增长。"),
                 is_demo=meter.enterprise.region.is_fictional)  # fmt: skip


def shown_table(meter: Meter, told: Sequence[Value], day: date) -> Table:
    columns = (
        Column("at", _("时间")),
        Column("value", _("示数"), is_figure=True),
        Column("flag", _("标记")),
        Column("frame", _("报文")),
    )
    rows = tuple(
        Row(
            (
                Cell(moment(each.at), each.at.isoformat()),
                Cell(figure(each.value), each.value) if each.value is not None else Cell(MISSING, None),
                text_cell(each.mark or each.flag),
                text_cell(_("原始报文"), href=reverse("monitoring:meter_frame",
                                                      args=(meter.pk, each.segment, each.offset)))
                if (each.segment, each.offset) != (0, 0) else text_cell(""),
            )
        )
        for each in told
    )  # fmt: skip
    return Table("shown", _("%(day)s 的示数") % {"day": day}, columns, rows, _("这一天没有示数。"),
                 is_demo=meter.enterprise.region.is_fictional)  # fmt: skip


def versions_table(held: Sequence[MeterClosing], unit: str) -> Table:
    columns = (
        Column("at", _("结算时间")),
        Column("amount", _("用量"), measure_word(unit) if unit else "", is_figure=True),
        Column("open", _("不知道的小时"), _("小时"), is_figure=True),
        Column("through", _("截止日")),
    )
    rows = tuple(
        Row((text_cell(moment(each.closed_at)), amount_cell(each), Cell(str(each.open_hours), each.open_hours),
             Cell(each.through.isoformat(), each.through)))
        for each in held
    )  # fmt: skip
    return Table("versions", _("各次结算"), columns, rows, _("还没有结算。"))


def address_of(meter: Meter, month: date) -> str:
    return f"{reverse('monitoring:meter', args=(meter.pk,))}?{urlencode({'month': f'{month:%Y-%m}'})}"


def _clock(text: str) -> str:
    return text[:16].replace("T", " ")
