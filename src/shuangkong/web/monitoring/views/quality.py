"""空气和水质评价: how good are the air stations and river sections this month and year, against their targets?"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from shuangkong.core.finding import Finding, Message
from shuangkong.core.rounding import rounded
from shuangkong.monitoring.air.evaluation import Statistic, good_days, month_of, too_few, year_of
from shuangkong.monitoring.air.index import AirDay, air_day
from shuangkong.monitoring.law import MonitoringLaw
from shuangkong.monitoring.rivers.section import Section, sections
from shuangkong.monitoring.validity.stations import AIR, SECTION
from shuangkong.records.monitoring.models import Outlet
from shuangkong.records.monitoring.registers.words import SECTION_LEVELS
from shuangkong.records.monitoring.section_targets import targets_of
from shuangkong.records.people.access import visible
from shuangkong.records.people.roles import Action
from shuangkong.rulebook import open_rulebook
from shuangkong.web.monitoring.batches import batch_of
from shuangkong.web.monitoring.codes import factor_word
from shuangkong.web.monitoring.data import asked
from shuangkong.web.monitoring.evaluating import air_days, held_of, section_of
from shuangkong.web.monitoring.live import outlets, readable
from shuangkong.web.monitoring.views.duty import here
from shuangkong.web.monitoring.words import as_answered
from shuangkong.web.monitoring.zones import zones, zones_table
from shuangkong.web.site.access import acting_of, needs
from shuangkong.web.site.page import page
from shuangkong.web.site.scope import link, scope_of
from shuangkong.web.site.tables import Cell, Column, Row, Table, text_cell
from shuangkong.web.site.words import MISSING, rounded_figure, spoken

#: Stations and sections whose year one page judges.
_MOST = 60
_KINDS = (AIR, SECTION)


def _by_kind(each: Outlet) -> int:
    return _KINDS.index(each.kind)


@require_GET
@needs(Action.MONITORING_READ)
def board(request: HttpRequest) -> HttpResponse:
    """A year, up to yesterday, of the stations and sections of a place; on its first day, the year before."""
    yesterday = timezone.localdate() - timedelta(days=1)
    year = scope_of(request).year or yesterday.year
    first, last = date(year, 1, 1), min(date(year, 12, 31), yesterday)
    every = outlets(readable(acting_of(request)) & here(request, "region__path"), first, last)
    # Stations first, then sections; what stands above the tables is of the batch that is looked at.
    batch = batch_of(request, sorted((each for each in every if each.kind in _KINDS), key=_by_kind), _MOST)
    stations, rivers = ([each for each in batch.some if each.kind == kind] for kind in _KINDS)
    law = open_rulebook().monitoring()
    air, is_up = asked(lambda: _air(stations, law, first, last), tuple[AirLine, ...]())
    water, is_known = asked(lambda: _rivers(rivers, law, first, last), tuple[tuple[Outlet, Section], ...]())
    judged = sections(each for _outlet, each in water)
    context = {
        "year": year,
        "is_up": is_up and is_known,
        "batch": batch,
        "stations": len(stations),
        "sections": judged,
        "section_count": len(rivers),
        "doubtful": sum(bool(each.lacking) for _outlet, each in water),
        "few": [spoken(each.message) for each in _few(air, law, year)],
        "grounds": [law.air.ground, law.rivers.ground, law.rivers.basic_ground],
        "is_demo": any(each.region.is_fictional for each in (*stations, *rivers)),
    }
    seen = visible(acting_of(request), Action.MONITORING_READ, "region__path", None)
    held = zones(seen & here(request, "region__path"), last)
    tables = {
        "air_table": as_answered(_air_table(request, air, law), is_up=is_up),
        "river_table": as_answered(_river_table(request, water, law), is_up=is_known),
        "zones_table": zones_table(held, water, law.rivers.names),
    }
    return page(request, "monitoring/quality.html", context, tables)


type AirLine = tuple[Outlet, tuple[AirDay, ...], dict[str, Statistic], dict[str, Statistic]]


def _air(found: Sequence[Outlet], law: MonitoringLaw, first: date, last: date) -> tuple[AirLine, ...]:
    """Each station with the index of its days, the year's statistics and those of the last month."""
    held, by = held_of(found, law, first, last)
    every = air_days([each.pk for each in found], held, by, law, first, last)
    made = []
    for outlet in found:
        days = every[outlet.pk]
        span = [first + timedelta(days=number) for number in range((last - first).days + 1)]
        indices = tuple(
            air_day(law.air_index, {factor: each.get(day) for factor, each in days.items()}) for day in span
        )
        month = last.replace(day=1)
        year = {factor: year_of(law.air, factor, each) for factor, each in days.items()}
        recent = {
            factor: month_of(law.air, factor, {day: value for day, value in each.items() if day >= month})
            for factor, each in days.items()
        }
        made.append((outlet, indices, year, recent))
    return tuple(made)


def _few(lines: Sequence[AirLine], law: MonitoringLaw, year: int) -> list[Finding]:
    """A finding for each factor of a station that has too few valid days to be evaluated."""
    found = (
        too_few(law.checks, f"{outlet.name} {spoken(law.air.pollutants[factor].name)}", str(year), each)
        for outlet, _days, own, _recent in lines
        for factor, each in own.items()
    )
    return [each for each in found if each is not None]


def _rivers(found: Sequence[Outlet], law: MonitoringLaw, first: date, last: date) -> tuple[tuple[Outlet, Section], ...]:
    """Each section by the means of its months."""
    held, by = held_of(found, law, first, last)
    targets = targets_of(found, last.year)
    return tuple((outlet, section_of(held, by.get(outlet.pk, ()), law, targets[outlet.pk])) for outlet in found)


def _air_table(request: HttpRequest, lines: Sequence[AirLine], law: MonitoringLaw) -> Table:
    factors = list(law.air.pollutants)
    columns = (
        Column("station", _("空气站")),
        Column("region", _("地区")),
        Column("good", _("优良天数"), _("天"), is_figure=True),
        Column("judged", _("有效天数"), _("天"), is_figure=True),
        Column("share", _("优良天数比例"), "%", is_figure=True),
        *(
            Column(each, spoken(law.air.pollutants[each].name), law.air.pollutants[each].unit, is_figure=True)
            for each in factors
        ),
        Column("enough", _("评价")),
    )
    rows = []
    for outlet, days, year, recent in lines:
        count = good_days(days)
        cells = [_statistic(year.get(each), recent.get(each), law, each) for each in factors]
        enough = all(each.is_enough for each in year.values()) and bool(year)
        rows.append(
            Row(
                (
                    text_cell(outlet.name, href=link(request, "monitoring:outlet", outlet.pk)),
                    text_cell(outlet.region.name),
                    Cell(str(count.good), count.good),
                    Cell(str(count.judged), count.judged),
                    _pct(count.share.pct),
                    *cells,
                    text_cell(_meets(year) if enough else _("有效天数不够，只列数值，不评价达标")),
                )
            )
        )
    plain = _("臭氧为日最大八小时均值的百分位数，其余为均值；▲ 表示超过年评价限值。")
    note = plain + _("登记了日评价的日子用公布值，其余由小时自算。")
    return Table("air", _("空气站评价"), columns, tuple(rows), _("没有登记环境空气站。"), note,
                 is_demo=any(line[0].region.is_fictional for line in lines))  # fmt: skip


def _pct(value: Decimal | None) -> Cell:
    return Cell(MISSING, None) if value is None else Cell(rounded_figure(value), rounded(value, 2))


def _statistic(year: Statistic | None, recent: Statistic | None, law: MonitoringLaw, factor: str) -> Cell:
    if year is None:
        return Cell(MISSING, None, hint=_("没有这项数据"))
    value = year.percentile if law.air.pollutants[factor].yearly is None else year.mean
    own = recent.percentile if recent and law.air.pollutants[factor].yearly is None else recent.mean if recent else None
    hint = _("最近一个月 %(value)s") % {"value": rounded_figure(own)} if own is not None else ""
    return Cell(f"{rounded_figure(value)}{' ▲' if year.worst_multiple else ''}", value, hint=hint)


def _meets(year: dict[str, Statistic]) -> str:
    return _("达标") if all(each.meets is not False for each in year.values()) else _("不达标")


def _river_table(request: HttpRequest, lines: Sequence[tuple[Outlet, Section]], law: MonitoringLaw) -> Table:
    columns = (
        Column("section", _("断面")),
        Column("region", _("地区")),
        Column("level", _("考核级别")),
        Column("quality", _("水质类别")),
        Column("target", _("目标")),
        Column("meets", _("是否达到目标")),
        Column("deciding", _("决定因子")),
        Column("exceeding", _("超目标因子（倍数）")),
        Column("missing", _("缺测因子"), is_figure=True),
    )
    rows = []
    for outlet, each in lines:
        over = [f"{factor_word(factor)} {'' if times is None else rounded_figure(times)}".strip()
                for factor, times in each.exceeding.items()]  # fmt: skip
        rows.append(
            Row(
                (
                    text_cell(outlet.name, href=link(request, "monitoring:outlet", outlet.pk)),
                    text_cell(outlet.region.name),
                    text_cell(spoken(SECTION_LEVELS[outlet.section_level]) if outlet.section_level else MISSING),
                    _quality(law, each),
                    text_cell(_class(law, each.target)),
                    text_cell(_meeting(each)),
                    text_cell(_("、").join(map(factor_word, each.deciding))),
                    text_cell(_("、").join(over)),
                    Cell(str(len(each.missing)), len(each.missing)),
                )
            )
        )
    return Table("rivers", _("断面评价"), columns, tuple(rows), _("没有登记水质断面。"), _("按各月均值的平均评价"),
                 is_demo=any(outlet.region.is_fictional for outlet, _each in lines))  # fmt: skip


def _quality(law: MonitoringLaw, each: Section) -> Cell:
    """The class; doubtful where basic factors lack: it is the best it can be."""
    hint = _("缺基本因子：%(names)s，类别只是最好可能") % {"names": _("、").join(map(factor_word, each.lacking))}
    is_doubted = bool(each.lacking) and each.quality is not None
    text = _class(law, each.quality)
    return Cell(text, text, hint=hint if is_doubted else "", is_doubted=is_doubted)


def _meeting(each: Section) -> str:
    if each.target is None or each.quality is None:
        return ""
    found = each.is_certainly(each.target)
    return {True: _("✓ 达到"), False: _("✗ 未达到"), None: _("不定：缺基本因子")}[found]


def _class(law: MonitoringLaw, number: int | None) -> str:
    names: tuple[Message, ...] = law.rivers.names
    return "" if number is None or not 1 <= number <= len(names) else spoken(names[number - 1])
