"""污水处理厂的运行: is each plant watched for total phosphorus, and is its influent so thin that it needs a plan?"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import Q
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from shuangkong.core.rounding import rounded
from shuangkong.monitoring.reading import Span, ends_of, starts_of
from shuangkong.monitoring.sewage import ThinInfluent, thin_influent
from shuangkong.readings.columns import Base
from shuangkong.readings.columns import Span as Rolled
from shuangkong.records.monitoring.limits import ratio_of
from shuangkong.records.monitoring.models import Connection, FactorDue, Point, SewagePlant
from shuangkong.rulebook import open_rulebook
from shuangkong.web.monitoring import data
from shuangkong.web.monitoring.codes import kept_unit
from shuangkong.web.monitoring.hours import told
from shuangkong.web.monitoring.views.outlet import midnight
from shuangkong.web.site.scope import link
from shuangkong.web.site.tables import Cell, Column, Row, Table, text_cell
from shuangkong.web.site.words import MISSING, rounded_figure

PHOSPHORUS, BOD = "w21011", "w01017"
#: Months that are looked at, this one not among them.
_MONTHS = 12
_DAY = timedelta(days=1)
#: How far back an hour of phosphorus is looked for.
_LATELY = timedelta(days=7)
_MG_L = "mg/L"


@dataclass(frozen=True, slots=True)
class PlantLine:
    """One plant; ``phosphorus``: None: nothing asks for it, else whether a device speaks for it and it came lately.

    ``influent`` None: no inlet is registered. ``least``: the monthly mean below which a plan is asked for, mg/l.
    """

    plant: SewagePlant
    phosphorus: bool | None
    influent: ThinInfluent | None
    least: Decimal
    is_verified: bool


def plant_lines(condition: Q, today: date) -> tuple[PlantLine, ...]:
    """Plants in use that meet a condition. ~6 queries and three questions to the store.

    Raises:
        StoreDown, StoreRefused: see data.asked.
    """
    in_use = Q(starts_on__lte=today) & (Q(ends_on=None) | Q(ends_on__gte=today))
    plants = list(
        SewagePlant.objects.select_related("enterprise__region", "outlet", "inlet").filter(in_use, condition)
        .order_by("enterprise__region", "code")
    )  # fmt: skip
    watched = _watched([each.outlet_id for each in plants if each.outlet_id])
    means = _influents([each.inlet_id for each in plants if each.inlet_id], today)
    book = open_rulebook()
    made = []
    for each in plants:
        law = book.monitoring(book.layer_of(each.enterprise.region_id, today))
        least = law.influent_bod(today)
        influent = thin_influent(means.get(each.inlet_id, {}), least.number) if each.inlet_id else None
        made.append(PlantLine(each, watched.get(each.outlet_id or 0), influent, least.number, least.is_verified))
    return tuple(made)


def _watched(outlets: Sequence[int]) -> dict[int, bool]:
    """Outlets that owe total phosphorus, and whether a device speaks for them and told it lately.

    3 queries and a question to the store.
    """
    today, now = timezone.localdate(), timezone.now()
    due = FactorDue.objects.filter(
        Q(ends_on=None) | Q(ends_on__gte=today), outlet__in=outlets, factor=PHOSPHORUS, starts_on__lte=today
    ).values_list("outlet", flat=True)
    held = Connection.objects.filter(Q(ends_at=None) | Q(ends_at__gt=now), outlet__in=outlets, starts_at__lte=now)
    connected = set(held.values_list("outlet", flat=True))
    of = dict(Point.objects.filter(outlet__in=connected, factor=PHOSPHORUS).values_list("pk", "outlet"))
    came = {of[number] for number in _came(of, today)}
    return {outlet: outlet in came for outlet in due}


def _came(points: Collection[int], today: date) -> set[int]:
    """Points of which an hour was told in the last days; asks the store once where there are any."""
    if not points:
        return set()
    table = data.store().rollup(
        frozenset(points), Rolled.DAY, "avg", midnight(today - _LATELY), midnight(today + _DAY), base=Base.HOUR
    )
    told_ = zip(table.column("point").to_pylist(), table.column("told").to_pylist(), strict=True)
    return {number for number, count in told_ if count}


def _influents(inlets: Sequence[int], today: date) -> Mapping[int, dict[date, Decimal | None]]:
    """Inlet → month → mean BOD in mg/l of its measured hours; None where nothing was measured."""
    months, month = list[date](), starts_of(Span.MONTH, today)
    for _month in range(_MONTHS):
        month = starts_of(Span.MONTH, month - _DAY)
        months.append(month)
    points = list(Point.objects.select_related("outlet").filter(outlet__in=inlets, factor=BOD))
    ratio = ratio_of(kept_unit(BOD), _MG_L, open_rulebook())
    if not points or ratio is None:
        return {inlet: dict.fromkeys(months) for inlet in inlets}
    marks = open_rulebook().monitoring().marks
    held = told(points, midnight(months[-1]), midnight(ends_of(Span.MONTH, months[0]) + _DAY), marks, stats=("avg",))
    found: dict[int, dict[date, Decimal | None]] = {inlet: dict.fromkeys(months) for inlet in inlets}
    for point in points:
        by: dict[date, list[Decimal]] = {}
        for each in held.readings(point.pk):
            if each.value is not None and each.mark in marks.measured:
                by.setdefault(each.at.date().replace(day=1), []).append(each.value * ratio)
        found[point.outlet_id or 0] |= {key: sum(own, Decimal(0)) / len(own) for key, own in by.items()}
    return found


def plants_table(request: HttpRequest, lines: Sequence[PlantLine]) -> Table:
    columns = (
        Column("plant", _("污水处理厂")),
        Column("unit", _("企业")),
        Column("grade", _("执行标准级别")),
        Column("capacity", _("设计能力"), "m³/d", is_figure=True),
        Column("phosphorus", _("总磷在线监测")),
        Column("lowest", _("进水 BOD 最低月均值"), "mg/L", is_figure=True),
        Column("thin", _("低于要求的月数"), is_figure=True),
        Column("plan", _("一厂一策")),
    )
    note = _("近 %(count)s 个月，按月均值判定") % {"count": _MONTHS}
    return Table("plants", _("污水处理厂"), columns, tuple(_row(request, each) for each in lines),
                 _("没有登记污水处理厂。"), note,
                 is_demo=any(each.plant.enterprise.region.is_fictional for each in lines))  # fmt: skip


def _row(request: HttpRequest, each: PlantLine) -> Row:
    plant, influent = each.plant, each.influent
    watched = {None: _("没有登记应测总磷"), True: _("✓ 近 7 日有数据"), False: _("✗ 近 7 日没有数据")}[each.phosphorus]
    lowest = influent.lowest if influent else None
    if influent is None:
        plan = _("没有登记进水监测点")
    elif influent.lowest is None:
        plan = _("没有进水数据")
    else:
        plan = _("需要") if influent.needs_plan else _("不需要")
    count = len(influent.months) if influent and influent.lowest is not None else None
    return Row(
        (
            text_cell(plant.name, href=link(request, "monitoring:register_row", "sewage-plants", plant.pk)),
            text_cell(plant.enterprise.name),
            text_cell(plant.grade),
            Cell(f"{plant.capacity_m3_d:f}", plant.capacity_m3_d),
            text_cell(watched),
            Cell(MISSING if lowest is None else rounded_figure(lowest), None if lowest is None else rounded(lowest, 2),
                 hint=_("低于 %(least)s 要一厂一策") % {"least": f"{each.least:f}"}, is_doubted=not each.is_verified),
            Cell(MISSING if count is None else str(count), count),
            text_cell(plan),
        )
    )  # fmt: skip
