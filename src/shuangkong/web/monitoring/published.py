"""公布率一栏: units and results published of those due, each rate with its own numbers, both against the target."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from shuangkong.core.dated import DatedValue
from shuangkong.core.period import Period
from shuangkong.monitoring.law import MonitoringLaw
from shuangkong.monitoring.rates.book import Target
from shuangkong.monitoring.rates.publication import Counted, Publishing
from shuangkong.monitoring.rates.share import Share, meets
from shuangkong.records.monitoring.publications import OWN, SUPERVISORY, publication_book, publishing_of
from shuangkong.records.people.access import visible
from shuangkong.records.people.roles import Action
from shuangkong.records.registry.models import Enterprise
from shuangkong.web.monitoring.targets import target_of
from shuangkong.web.monitoring.views.duty import here
from shuangkong.web.site.access import acting_of
from shuangkong.web.site.tables import Cell, Column, Row, Table, text_cell
from shuangkong.web.site.words import MISSING, rounded_figure

_TARGETS = {OWN: Target.SELF_MONITORING, SUPERVISORY: Target.SUPERVISORY_MONITORING}


@dataclass(frozen=True, slots=True)
class Line:
    """One rate of one sort over one period; ``found`` says where its denominators come from."""

    word: str
    period: str
    counts: str
    share: Share
    found: Publishing
    target: DatedValue | None
    is_running: bool

    @property
    def meets(self) -> bool | None:
        """None: no target in force, or the period is not over: what it lacks may still be published."""
        return None if self.target is None or self.is_running else meets(self.share.pct, self.target)


@dataclass(frozen=True, slots=True)
class Published:
    """What the page shows: rates of the month, its quarter and its year, and the month's units one by one."""

    lines: tuple[Line, ...]
    units: tuple[tuple[str, Enterprise, Counted], ...]


def published(request: HttpRequest, law: MonitoringLaw, first: date, last: date) -> Published:
    """Of the units of a place that the person may see. 5 queries."""

    def seen(prefix: str) -> Q:
        own = visible(acting_of(request), Action.MONITORING_READ, f"{prefix}__region__path", f"{prefix}__body")
        return own & here(request, f"{prefix}__region__path")

    quarter = (first.month + 2) // 3
    spans = (Period(first.year, f"{first.month:02d}"), Period(first.year, f"Q{quarter}"), Period(first.year))
    lines, counted = list[Line](), list[tuple[str, int, Counted]]()
    for sort, word in _words().items():
        book = publication_book(sort, seen, [first.year])
        wanted = target_of(law, _TARGETS[sort], last)
        for period in spans:
            through = _through(period)
            found = publishing_of(book, sort, period, book.units(), through=through)
            told = ((_("按企业数"), found.units), (_("按结果数"), found.results))
            lines += [Line(word, str(period), name, share, found, wanted, through is not None) for name, share in told]
        counted += [
            (word, each.unit, each)
            for each in book.counted(spans[0], sorted(book.units()), through=_through(spans[0]))
            if each.due
        ]
    names = {each.pk: each for each in Enterprise.objects.filter(pk__in={unit for _word, unit, _each in counted})}
    return Published(tuple(lines), tuple((word, names[unit], each) for word, unit, each in counted))


def _words() -> Mapping[str, str]:
    return {OWN: _("企业自行监测结果公布率"), SUPERVISORY: _("污染源监督性监测结果公布率")}


def _through(period: Period) -> date | None:
    """Yesterday of a period that runs; None where it is over."""
    today = timezone.localdate()
    return today - timedelta(days=1) if period.last_day >= today else None


def rates_table(found: Published) -> Table:
    columns = (
        Column("rate", _("公布率")),
        Column("period", _("期间")),
        Column("counts", _("算法")),
        Column("due", _("应公布"), _("家或个"), is_figure=True),
        Column("done", _("已公布"), _("家或个"), is_figure=True),
        Column("pct", _("公布率"), "%", is_figure=True),
        Column("target", _("目标"), "%", is_figure=True),
        Column("verdict", _("结论")),
        Column("plan", _("按计划"), _("家"), is_figure=True),
        Column("hand", _("手工填报"), _("家"), is_figure=True),
        Column("silent", _("没有登记公布数"), _("家"), is_figure=True),
    )
    rows = tuple(Row(tuple(_cells(each))) for each in found.lines if each.found.results.whole)
    empty = _("没有登记应公布的结果：先登记监测和公布计划，或登记应公布和已公布数。")
    return Table("publications", _("监测结果公布率"), columns, rows, empty)


def _cells(each: Line) -> Iterator[Cell]:
    yield text_cell(each.word)
    yield text_cell(each.period + (_("（未结束）") if each.is_running else ""))
    apart = _("四个季度都监测的企业才计，%(count)s 家不计") % {"count": each.found.apart}
    by_units = each.share == each.found.units and each.found.apart
    yield Cell(each.counts, each.counts, hint=apart if by_units else "")
    yield Cell(str(each.share.whole), each.share.whole)
    yield Cell(str(each.share.part), each.share.part)
    pct = each.share.pct
    yield Cell(MISSING, None, hint=_("没有应公布的")) if pct is None else Cell(rounded_figure(pct), round(pct, 2))
    yield _target(each.target)
    verdict = {True: _("✓ 达到"), False: _("✗ 未达到"), None: MISSING}[each.meets]
    yield text_cell(verdict)
    yield from (Cell(str(count), count) for count in (each.found.by_plan, each.found.by_hand, each.found.silent))


def _target(target: DatedValue | None) -> Cell:
    if target is None:
        return Cell(MISSING, None, hint=_("当日没有生效的目标"))
    mark = "" if target.is_verified else " ※"
    return Cell(f"{target.number:f}{mark}", target.number, hint=_("目标尚未核对原文") if mark else "")


def units_table(found: Published) -> Table:
    """Of the month each unit: what its plan asks for, what was typed, what it published."""
    columns = (
        Column("unit", _("企业")),
        Column("sort", _("公布率")),
        Column("planned", _("计划应公布"), _("个"), is_figure=True),
        Column("typed", _("填报应公布"), _("个"), is_figure=True),
        Column("done", _("已公布"), _("个"), is_figure=True),
        Column("due", _("计入的应公布"), _("个"), is_figure=True),
        Column("verdict", _("全部公布")),
    )
    rows = tuple(
        Row(
            (
                text_cell(unit.name),
                text_cell(word),
                _count(each.planned, _("没有登记监测计划")),
                _count(each.typed, _("没有登记公布数")),
                Cell(str(each.published), each.published),
                Cell(str(each.due), each.due),
                text_cell(_("✓ 是") if each.is_whole else _("✗ 否")),
            )
        )
        for word, unit, each in found.units
    )
    return Table("publishing-units", _("本月各企业公布情况"), columns, rows, _("本月没有应公布的结果。"))


def _count(value: int | None, hint: str) -> Cell:
    return Cell(MISSING, None, hint=hint) if value is None else Cell(str(value), value)
