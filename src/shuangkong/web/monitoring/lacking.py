"""缺数: which hours of which outlet have not come, how often its device was asked for them, and when that ended."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from django.db.models import Q
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from shuangkong.monitoring.reading import HOUR
from shuangkong.monitoring.supplement import SupplementRule
from shuangkong.readings.columns import Base, Span
from shuangkong.records.monitoring.models import Connection, Device, Outlet, Point
from shuangkong.records.monitoring.orders import OPEN, OrderRow, orders
from shuangkong.rulebook import open_rulebook
from shuangkong.web.monitoring import data
from shuangkong.web.monitoring.codes import codes
from shuangkong.web.monitoring.hours import Told, points_of, told
from shuangkong.web.monitoring.owing import owing, whole_hour
from shuangkong.web.monitoring.register_tables import moment
from shuangkong.web.monitoring.transmitting import every_of
from shuangkong.web.monitoring.views.outlet import midnight
from shuangkong.web.monitoring.words import ORDER_STATES, as_answered, both
from shuangkong.web.site.scope import link
from shuangkong.web.site.tables import Cell, Column, Row, Table, text_cell

#: Outlets that a page looks at.
MOST = 40
_WIRE = "%Y%m%d%H%M%S"
#: How far back is looked for anything that came before those days.
_YEARS_BACK = 2


@dataclass(frozen=True, slots=True)
class Lack:
    """Consecutive hours of which nothing of an outlet came, ``ends`` not included; ``asked``: orders for any of it.

    ``is_begun``: something came before; what never told anything is not asked by rule.
    """

    outlet: Outlet
    device: Device | None
    starts: datetime
    ends: datetime
    asked: tuple[OrderRow, ...]
    rule: SupplementRule
    is_begun: bool = True

    @property
    def hours(self) -> int:
        return int((self.ends - self.starts) / HOUR)

    @property
    def last(self) -> OrderRow | None:
        return max(self.asked, key=lambda each: each.at, default=None)

    @property
    def tries(self) -> int:
        """Orders by rule for the hour that was asked for least: the rule asks for a long gap in pieces, each by itself.

        What a person orders beside them is no try of the rule.
        """
        return min(self._tries(), default=0)

    @property
    def hours_given_up(self) -> int:
        return sum(count >= self.rule.tries for count in self._tries())

    @property
    def is_given_up(self) -> bool:
        return self.tries >= self.rule.tries and not any(each.state in OPEN for each in self.asked)

    def _tries(self) -> list[int]:
        """Of each hour."""
        spans = [_span(each) for each in self.asked if each.is_automatic]
        hours = (self.starts + number * HOUR for number in range(self.hours))
        return [sum(span is not None and span[0] <= at <= span[1] for span in spans) for at in hours]


def lacks(outlets: Sequence[Outlet]) -> list[Lack]:
    """Of outlets, over the days of which supplements are asked for; the newest first.

    What was marked as stopped is not lacking, nor what lies before the first that ever came; where nothing ever did,
    what lies before the device. ~8 queries, three of the store, and two more where an outlet begins within those days
    or was silent all the time.

    Raises:
        StoreDown, StoreRefused: see data.asked.
    """
    book, now = open_rulebook(), timezone.localtime()
    rule = book.monitoring().supplement(now.date())
    first = (now - rule.reach).replace(minute=0, second=0, microsecond=0)
    last = (now - rule.grace).replace(minute=0, second=0, microsecond=0)
    points = points_of(outlets, first=first.date(), last=last.date())
    # The whole first day: where it has nothing, days before it are looked at.
    held = told(points, midnight(first.date()), last, book.monitoring().marks, stats=("avg",), is_as_told=True)
    begins = _begins(held, points, first)
    due, devices = owing([each.pk for each in outlets]), _devices(outlets)
    ordered = _ordered([each.pk for each in devices.values()], first)
    made = []
    for outlet in outlets:
        own = [each.pk for each in points if each.outlet_id == outlet.pk]
        owed = [due.of(outlet, each) for each in points if each.outlet_id == outlet.pk]
        linked, _taken = due.links.get(outlet.pk, (None, None))
        is_begun, since = outlet.pk in begins, begins.get(outlet.pk, linked)
        every = every_of(outlet, book.monitoring(book.layer_of(outlet.region_id, now.date())).rates(now.date()))
        lacking = () if since is None else _lacking(held, own, max(first, whole_hour(since)), last, every)
        hours = [at for at in lacking if any(holds(at) for holds in owed)]
        device = devices.get(outlet.pk)
        for starts, ends in _runs(hours):
            asked = tuple(_overlapping(ordered.get(device.pk, ()) if device else (), starts, ends))
            made.append(Lack(outlet, device, starts, ends, asked, rule, is_begun))
    return sorted(made, key=lambda each: (each.starts, each.outlet.pk), reverse=True)


def _begins(held: Told, points: Sequence[Point], first: datetime) -> dict[int, datetime]:
    """Outlet → from when on what does not come lacks: the first that came, ``first`` where anything came before."""
    found: dict[int, datetime] = {}
    for point in points:
        for at in held.values.get((point.pk, "avg"), {}):
            found[point.outlet_id or 0] = min(found.get(point.outlet_id or 0, at), at)
    known = {outlet for outlet, at in found.items() if at <= first}
    unknown = {each.pk: each.outlet_id or 0 for each in points if each.outlet_id not in known}
    return found | {unknown[number]: first for number in _came_before(list(unknown), first)}


def _came_before(points: Sequence[int], first: datetime) -> set[int]:
    """Points of which any hour came before a day; no hours are fetched, but how many there were."""
    if not points:
        return set()
    day = midnight(first.date())
    month, years = day.replace(day=1), day.replace(year=day.year - _YEARS_BACK, month=1, day=1)
    spans = ((Span.MONTH, years, month), (Span.DAY, month, day))
    tables = (data.store().rollup(list(points), span, "avg", start, end, base=Base.HOUR)
              for span, start, end in spans if start < end)  # fmt: skip
    return {number for table in tables for number in table.column("point").to_pylist()}


def _lacking(held: Told, points: Sequence[int], first: datetime, last: datetime, every: int) -> Iterator[datetime]:
    """Hours from ``first`` on of which no point has anything, nor any of its span of ``every`` hours of the day.

    A span that is not over lacks nothing yet.
    """
    came = {_span_of(at, every) for number in points for at in held.values.get((number, "avg"), {})}
    at = first
    while at + (every - at.hour % every) * HOUR <= last:
        marks = [held.mark(number, at) for number in points]
        is_stopped = any(each is not None and each.mark in held.meanings.stopped for each in marks)
        if _span_of(at, every) not in came and not is_stopped:
            yield at
        at += HOUR


def _span_of(at: datetime, every: int) -> tuple[date, int]:
    """Which span of a day an hour lies in."""
    return at.date(), at.hour // every


def _runs(hours: Sequence[datetime]) -> Iterator[tuple[datetime, datetime]]:
    for _key, group in groupby(enumerate(hours), key=lambda pair: pair[1] - pair[0] * HOUR):
        own = [at for _number, at in group]
        yield own[0], own[-1] + HOUR


def _devices(outlets: Iterable[Outlet]) -> Mapping[int, Device]:
    """Outlet → the device that speaks for it now. 1 query."""
    now = timezone.now()
    rows = Connection.objects.select_related("device").filter(
        Q(ends_at=None) | Q(ends_at__gt=now), outlet__in=[each.pk for each in outlets], starts_at__lte=now
    )
    return {each.outlet_id: each.device for each in rows.order_by("starts_at")}


def _ordered(devices: Sequence[int], since: datetime) -> Mapping[int, Sequence[OrderRow]]:
    """Device → orders for hours. 2 queries."""
    found: dict[int, list[OrderRow]] = defaultdict(list)
    for each in orders(Q(device__in=devices, command=hour_command(), at__gte=since), 2_000):
        found[each.device].append(each)
    return found


def hour_command() -> str:
    """The command that asks for hours."""
    return next(cn for cn, period in codes().periods().items() if period == "hour")


def _overlapping(rows: Iterable[OrderRow], starts: datetime, ends: datetime) -> Iterator[OrderRow]:
    for each in rows:
        span = _span(each)
        if span is not None and span[0] < ends and span[1] >= starts:
            yield each


def _span(order: OrderRow) -> tuple[datetime, datetime] | None:
    """The first and the last hour that an order asks for."""
    begin, end = (_time(order.fields.get(key, "")) for key in ("BeginTime", "EndTime"))
    return None if begin is None or end is None else (begin, end)


def _time(text: str) -> datetime | None:
    try:
        return timezone.make_aware(datetime.strptime(text, _WIRE))  # noqa: DTZ007 - made aware here
    except ValueError:
        return None


def lacks_table(request: HttpRequest, rows: Sequence[Lack], *, is_up: bool) -> Table:
    """``is_up``: the store answered: only then it is known that none lacks."""
    columns = (
        Column("outlet", _("排放口或站点")),
        Column("device", _("设备")),
        Column("starts", _("自")),
        Column("ends", _("至")),
        Column("hours", _("缺"), _("小时"), is_figure=True),
        Column("tries", _("自动要过"), _("次"), is_figure=True),
        Column("asked", _("最近一次")),
        Column("answer", _("结果")),
        Column("state", _("状态")),
    )
    made = tuple(
        Row(
            (
                text_cell(each.outlet.name, href=link(request, "monitoring:outlet", each.outlet.pk)),
                _device(request, each),
                text_cell(moment(each.starts)),
                text_cell(moment(each.ends)),
                Cell(str(each.hours), each.hours),
                Cell(str(each.tries), each.tries),
                text_cell(moment(each.last.at) if each.last else ""),
                text_cell(f"{ORDER_STATES[each.last.state]} {both(each.last.answer)}".strip() if each.last else ""),
                text_cell(state_word(each)),
            )
        )
        for each in rows
    )
    note = _("点设备可以按这段时间下补传命令；要满次数仍没有的，不再自动要。")
    if any(not each.rule.is_verified for each in rows):
        note += " " + _("要几次、隔多久没有文件规定，由本项目拟定，未核实 ※。")
    return as_answered(Table("lacking", _("还缺哪些小时"), columns, made, _("没有缺的小时。"), note), is_up=is_up)


def _device(request: HttpRequest, each: Lack) -> Cell:
    if each.device is None:
        return text_cell(_("没有接入设备"))
    told = {"command": hour_command(), "BeginTime": f"{each.starts:%Y-%m-%dT%H:%M}",
            "EndTime": f"{each.ends - HOUR:%Y-%m-%dT%H:%M}"}  # fmt: skip
    return text_cell(each.device.mn, href=link(request, "monitoring:order_new", each.device.pk, **told))


def state_word(each: Lack) -> str:
    """How the gap stands with the rule that asks for it."""
    if each.device is None:
        return _("✕ 没有设备可问")
    last = each.last
    if each.is_given_up and last is not None:
        return _("✕ 已放弃（%(at)s 要满 %(count)s 次）") % {"at": moment(last.at), "count": each.tries}
    if any(one.state in OPEN for one in each.asked):
        return _("… 正在要")
    if not each.is_begun:
        return _("设备还没有报过小时数：不自动要，请核实设备")
    if not each.asked:
        return _("还没有要：设备在线后自动要")
    then, over = moment(last.at + each.rule.wait) if last else "", each.hours_given_up
    if over:
        words = {"at": then, "hours": over, "count": each.rule.tries}
        return _("%(at)s 以后再要；其中 %(hours)s 小时已要满 %(count)s 次，不再要") % words
    return _("%(at)s 以后再要") % {"at": then}
