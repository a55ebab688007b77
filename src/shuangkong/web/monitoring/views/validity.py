"""数据有效性: which hours, days, months and quarters hold, what was lost to what, and which gaps does no rule fill?"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import partial

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from shuangkong.core.finding import Finding
from shuangkong.core.rounding import rounded
from shuangkong.monitoring.findings import INVALID_SPAN, finding
from shuangkong.monitoring.mark import Marks
from shuangkong.monitoring.reading import Reading, Span, ends_of, starts_of
from shuangkong.monitoring.slots import slots
from shuangkong.monitoring.validity.spans import Judged, verdicts
from shuangkong.monitoring.validity.stations import is_by_eight_hours, ozone_day
from shuangkong.monitoring.validity.verdict import Verdict, merged
from shuangkong.records.monitoring.marks import Origin
from shuangkong.records.monitoring.models import Outlet, Point
from shuangkong.records.monitoring.registers.words import OUTLET_KINDS
from shuangkong.records.people.roles import Action
from shuangkong.rulebook import open_rulebook
from shuangkong.web.monitoring.apart import all_apart
from shuangkong.web.monitoring.batches import batch_of
from shuangkong.web.monitoring.bringing import doubts
from shuangkong.web.monitoring.codes import factor_word
from shuangkong.web.monitoring.data import asked
from shuangkong.web.monitoring.hours import Told, points_of, told
from shuangkong.web.monitoring.live import outlets, readable
from shuangkong.web.monitoring.mean_differences import Difference
from shuangkong.web.monitoring.owing import Owing, owing
from shuangkong.web.monitoring.transmitting import every_of, is_due_verified
from shuangkong.web.monitoring.verdict_words import is_doubted, verdict_cell
from shuangkong.web.monitoring.views.duty import here
from shuangkong.web.monitoring.views.outlet import midnight
from shuangkong.web.monitoring.waiting_marks import waiting_marks
from shuangkong.web.monitoring.words import as_answered
from shuangkong.web.site.access import acting_of, needs
from shuangkong.web.site.page import page
from shuangkong.web.site.scope import link, near_month
from shuangkong.web.site.tables import Cell, Column, Row, Table, text_cell
from shuangkong.web.site.words import MISSING, rounded_figure, spoken

#: A hole that is told by itself, hours.
_TOLD_HOURS = 24


@dataclass(frozen=True, slots=True)
class Line:
    """One factor of one outlet: verdicts of its days and of the longer spans that are over, and its longest holes.

    Of the month: ``apart`` where the device's means differ from ours, ``own_hours`` told by our own means of minutes,
    ``off_hours`` that came off the hour and count as none, ``ruled_hours`` marked by rules, ``unbrought`` where figures
    came in a state of the gas that could not be undone.
    """

    outlet: Outlet
    point: Point
    judged: Judged
    gaps: tuple[tuple[datetime, datetime], ...]
    apart: tuple[Difference, ...] = ()
    own_hours: int = 0
    off_hours: int = 0
    ruled_hours: int = 0
    unbrought: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Hole:
    """A stretch without data at an outlet; ``factors`` in words, ``factor``: its code where it is only one."""

    outlet: Outlet
    starts: datetime
    ends: datetime
    factors: str
    factor: str

    @property
    def hours(self) -> int:
        return int((self.ends - self.starts).total_seconds() // 3600)


@require_GET
@needs(Action.MONITORING_READ)
def board(request: HttpRequest) -> HttpResponse:
    """A month of a place, or a quarter of one outlet."""
    acting = acting_of(request)
    asked_outlet = request.GET.get("outlet", "")
    condition = readable(acting) & here(request, "region__path")
    if asked_outlet.isdecimal() and len(asked_outlet) < 19:
        condition &= Q(pk=int(asked_outlet))
    first, last = month_of(request.GET.get("month", ""))
    start = starts_of(Span.QUARTER, first)
    found = outlets(condition, first, last)
    batch = batch_of(request, points_of(found, first=first, last=last))
    lines, is_up = asked(lambda: _lines(found, batch.some, start, last, first), tuple[Line, ...]())
    context = {
        "month": f"{first:%Y-%m}",
        "is_up": is_up,
        "batch": batch,
        "outlet": found[0] if asked_outlet and len(found) == 1 else None,
        "waiting": waiting_marks(request),
        "gaps": _holes(lines),
        "apart": _apart(lines) if asked_outlet else [],
        "invalid": [spoken(each.message) for each in _invalid(lines)] if asked_outlet else [],
        "unbrought": [f"{each.code} {spoken(each.message)}" for line in lines for each in line.unbrought],
        "clauses": _clauses(lines),
        "is_demo": any(each.region.is_fictional for each in found),
    }
    tables: dict[str, Table | tuple[Table, ...]] = {
        "board_table": as_answered(_table(request, lines, first, last), is_up=is_up)
    }
    if context["outlet"]:
        tables["days_table"] = _days(lines, first, last)
    return page(request, "monitoring/validity.html", context, tables)


def _apart(lines: Sequence[Line]) -> list[str]:
    """Where the device's means differ from ours, in words, the newest first."""
    found = sorted((each for line in lines for each in line.apart), key=lambda each: each.at, reverse=True)
    return [f"{said.code} {spoken(said.message)}" for each in found if (said := each.finding()) is not None]


def _invalid(lines: Sequence[Line]) -> Iterator[Finding]:
    """Months and quarters that are over and not valid, with what their hours were lost to."""
    law = open_rulebook().monitoring()
    names = {mark: meaning.name for mark, meaning in law.marks.meanings.items()}
    for line in lines:
        name = f"{line.outlet.name} {factor_word(line.point.factor)}"
        for each in (*line.judged.of(Span.MONTH), *line.judged.of(Span.QUARTER)):
            why = each.words(names)
            if each.is_valid is False and why is not None:
                words = {"period": _period(each), "reason": why.zh, "reason_en": why.en}
                yield finding(law.checks, INVALID_SPAN, name, name=name, **words)


def _period(each: Verdict) -> str:
    """A month or a quarter as periods are written."""
    if each.span is Span.MONTH:
        return f"{each.starts:%Y-%m}"
    return f"{each.starts:%Y}Q{(each.starts.month + 2) // 3}"


def _holes(lines: Sequence[Line]) -> list[Hole]:
    """The holes of each outlet, the newest first: what all its factors lack at a time is one."""
    found: dict[tuple[int, datetime, datetime], list[Line]] = defaultdict(list)
    owed = Counter(line.outlet.pk for line in lines)
    for line in lines:
        for start, end in line.gaps:
            found[line.outlet.pk, start, end].append(line)
    made = []
    for (number, start, end), own in found.items():
        codes = [each.point.factor for each in own]
        words = _("全部因子") if len(own) == owed[number] > 1 else _("、").join(map(factor_word, codes))
        made.append(Hole(own[0].outlet, start, end, words, codes[0] if len(codes) == 1 else ""))
    return sorted(made, key=lambda each: each.starts, reverse=True)


def month_of(text: str) -> tuple[date, date]:
    """First and last day of a month of an address; this month up to yesterday where none is told, or one far off."""
    today = timezone.localdate()
    first = near_month(text) or (today - timedelta(days=1)).replace(day=1)
    return first, min(ends_of(Span.MONTH, first), max(today - timedelta(days=1), first))


def _lines(found: Sequence[Outlet], points: Sequence[Point], first: date, last: date, month: date) -> tuple[Line, ...]:
    by = {each.pk: each for each in found}
    book = open_rulebook()
    meanings = book.monitoring().marks
    start, end = midnight(first), midnight(last + timedelta(days=1))
    held = told(points, start, end, meanings, stats=("avg",))
    since = midnight(month)
    apart: dict[int, list[Difference]] = defaultdict(list)
    for each in all_apart(held, since, end):
        apart[each.point.pk].append(each)
    off = Counter(each.point for each in held.off if each.at >= since)
    made, due = [], owing(list(by))
    for point in points:
        outlet = by[point.outlet_id or 0]
        law = book.monitoring(book.layer_of(outlet.region_id, last))
        readings = due.only(outlet, point, held.whole(point.pk, start, min(end, timezone.now())))
        every = every_of(outlet, law.rates(last))
        counted, owes = slots(readings, every, law.marks), partial(_due, due, outlet, point, every)
        is_ozone = is_by_eight_hours(outlet.kind, point.factor, law.air)
        by_windows = ozone_day(counted, law.marks, law.air) if is_ozone else None
        judged = verdicts(counted, law.marks, law.validity_of(outlet.kind), first, last, owes, by_windows)
        own = sum(each.is_own for at, each in held.values.get((point.pk, "avg"), {}).items() if at >= since)
        gaps = _gaps(readings, meanings)
        ruled = sum(_is_ruled(held, point, each.at) for each in readings if each.at >= since)
        key = (point.pk, "avg")
        unbrought = doubts({key: held.values.get(key, {})}, held.points, law, since)
        differs = tuple(apart[point.pk])
        made.append(Line(outlet, point, judged, gaps, differs, own, off[point.pk], ruled, tuple(unbrought)))
    return tuple(made)


def _due(due: Owing, outlet: Outlet, point: Point, every: int, day: date) -> int:
    """How many readings the outlet owed of the factor on a day: as the transmission rates count."""
    return due.readings(outlet, point, day, every)


def _is_ruled(held: Told, point: Point, at: datetime) -> bool:
    """Whether the mark of an hour is a rule's."""
    found = held.mark(point.pk, at)
    return found is not None and found.origin is Origin.AUTOMATIC


def _gaps(readings: Sequence[Reading], meanings: Marks) -> tuple[tuple[datetime, datetime], ...]:
    """Stretches of at least a day of hours that are lost, not stopped."""
    stopped, found = meanings.stopped, []
    begin: datetime | None = None
    last: datetime | None = None
    for each in readings:
        is_lost = each.value is None and each.mark not in stopped
        # Days on which nothing is due part two holes.
        if begin is not None and last is not None and each.at - last > timedelta(hours=1):
            found.append((begin, last + timedelta(hours=1)))
            begin = None
        last = each.at
        if is_lost and begin is None:
            begin = each.at
        if not is_lost and begin is not None:
            found.append((begin, each.at))
            begin = None
    if begin is not None and readings:
        found.append((begin, readings[-1].at + timedelta(hours=1)))
    return tuple(gap for gap in found if gap[1] - gap[0] >= timedelta(hours=_TOLD_HOURS))


def _clauses(lines: Sequence[Line]) -> list[tuple[str, bool]]:
    """The rules that the verdicts rest on, each once, and whether each was compared with its document."""
    every = (each for line in lines for span in (Span.DAY, Span.MONTH, Span.QUARTER) for each in line.judged.of(span))
    found = {spoken(each.clause.words): each.clause.is_verified for each in every if each.clause is not None}
    return sorted(found.items())


def _table(request: HttpRequest, lines: Sequence[Line], first: date, last: date) -> Table:
    columns = (
        Column("kind", _("类别")),
        Column("unit", _("企业")),
        Column("outlet", _("排放口或站点")),
        Column("factor", _("因子")),
        Column("due", _("应有"), _("小时"), is_figure=True),
        Column("measured", _("有效"), _("小时"), is_figure=True),
        Column("stopped", _("停运"), _("小时"), is_figure=True),
        Column("lost", _("无效"), _("小时"), is_figure=True),
        Column("ruled", _("其中系统自动标记"), _("小时"), is_figure=True),
        Column("own", _("其中按分钟自算"), _("小时"), is_figure=True),
        Column("off", _("不在整点，未计"), _("小时"), is_figure=True),
        Column("apart", _("与自算不符"), _("小时"), is_figure=True),
        Column("capture", _("捕集率"), "%", is_figure=True),
        Column("days", _("有效天数"), _("天"), is_figure=True),
        Column("month", _("本月")),
        Column("quarter", _("本季（到截止日）捕集率"), "%", is_figure=True),
    )
    rows = tuple(_row(request, line, first, last) for line in lines)
    empty = _("没有可判定的排放口：先登记排放口和应测因子。")
    caption = _("%(month)s 的数据有效性") % {"month": f"{first:%Y-%m}"}
    return Table("validity", caption, columns, rows, empty,
                 is_demo=any(line.outlet.region.is_fictional for line in lines))  # fmt: skip


def _row(request: HttpRequest, line: Line, first: date, last: date) -> Row:
    days = [each for each in line.judged.days if first <= each.starts <= last]
    month = merged(each.tally for each in days)
    quarter = merged(each.tally for each in line.judged.days)
    whole = next((each for each in line.judged.of(Span.MONTH) if each.starts == first), None)
    lost = sum(month.lost.values())
    valid = sum(bool(each.is_valid) for each in days)
    is_due_known = is_due_verified(line.outlet, last)
    return Row(
        (
            text_cell(spoken(OUTLET_KINDS[line.outlet.kind])),
            text_cell(line.outlet.enterprise.name if line.outlet.enterprise else ""),
            text_cell(line.outlet.name, href=link(request, "monitoring:validity", outlet=line.outlet.pk)),
            text_cell(factor_word(line.point.factor)),
            Cell(str(month.due), month.due, is_doubted=not is_due_known),
            *(Cell(str(each), each) for each in (month.measured, month.stopped, lost)),
            *(Cell(str(each), each) for each in (line.ruled_hours, line.own_hours, line.off_hours, len(line.apart))),
            _pct(month.capture_pct, is_doubted=not is_due_known),
            Cell(f"{valid}/{len(days)}", valid, is_doubted=any(map(is_doubted, days))),
            verdict_cell(whole) if whole else text_cell(_("未到月末")),
            _pct(quarter.capture_pct, is_doubted=not is_due_known),
        )
    )


def _pct(value: Decimal | None, *, is_doubted: bool) -> Cell:
    if value is None:
        return Cell(MISSING, None, hint=_("全时段停运，没有应有的小时"))
    return Cell(rounded_figure(value), rounded(value, 2), is_doubted=is_doubted)


def _days(lines: Sequence[Line], first: date, last: date) -> Table:
    columns = (Column("day", _("日期")), *(Column(each.point.factor, factor_word(each.point.factor)) for each in lines))
    count = (last - first).days + 1
    rows = []
    for number in range(count):
        day = first + timedelta(days=number)
        by = [next((each for each in line.judged.days if each.starts == day), None) for line in lines]
        rows.append(
            Row((Cell(day.isoformat(), day), *(verdict_cell(each) if each else text_cell(_("不应测")) for each in by)))
        )
    return Table("days", _("逐日判定"), columns, tuple(rows), _("没有应测因子。"))
