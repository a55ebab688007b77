"""任务总览: how many tasks stand where, and which are the most urgent of each sort? And the same as one list."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from shuangkong.plans.tasks.standing import Clock, Thresholds
from shuangkong.records.people.roles import Action
from shuangkong.records.plans.tasks import store
from shuangkong.records.plans.tasks.rows import TaskKind, TaskRow
from shuangkong.records.plans.tasks.thresholds import thresholds
from shuangkong.web.plans.papers.offering import bulletin_place
from shuangkong.web.plans.tasks.framed import framed
from shuangkong.web.plans.tasks.lines import Line, labels, lines
from shuangkong.web.plans.tasks.listing import Listing
from shuangkong.web.plans.tasks.picks import picked, picks
from shuangkong.web.plans.tasks.then import by_clock, day_looked_at, is_past, picked_then
from shuangkong.web.plans.tasks.words import CLOCKS, LEVELS, SIGNS
from shuangkong.web.site.access import acting_of, needs
from shuangkong.web.site.page import download

#: Cards in one column; the list has them all.
CARDS = 8


@dataclass(frozen=True, slots=True)
class Lane:
    """One column of the board, with how many tasks it has and its first cards. A task stands in one only."""

    key: str
    label: object
    sign: str
    level: str
    count: int
    lines: list[Line]


#: Columns from the most to the least urgent: one a clock, so that the list and the papers count the same.
_ORDER = (Clock.LATE, Clock.DUE_SOON, Clock.WAITING, Clock.SILENT, Clock.CALM, Clock.STOPPED, Clock.OVER)


@require_GET
@needs(Action.TASK_READ, shows_past=True)
def board(request: HttpRequest) -> HttpResponse:
    day = day_looked_at(request)
    days = thresholds(day, acting_of(request).paths)
    counts, firsts = _now(request, day, days) if is_past(request) is None else _then(request, day, days)
    lanes = [
        Lane(each, CLOCKS[each], SIGNS[each], LEVELS[each], counts[each], lines(request, firsts[each], day, days))
        for each in _ORDER
    ]
    shown = [line for lane in lanes for line in lane.lines]
    return framed(
        request,
        "tasks/board.html",
        {
            "picked": picks(request),
            "lanes": lanes,
            "total": sum(counts.values()),
            "labels": labels(shown),
            "bulletin_of": bulletin_place(request),
        },
    )


type _Cards = tuple[Mapping[Clock, int], Mapping[Clock, Sequence[TaskRow]]]


def _now(request: HttpRequest, day: date, days: Thresholds) -> _Cards:
    """How many tasks each column has, and its first. 11 queries, and those of what the address asks for."""
    condition, clocks = picked(request, days), {each: store.clock_is(each, day, days) for each in _ORDER}
    counts = store.counts(condition, {each.value: clocks[each] for each in _ORDER})
    firsts = {each: store.first_ids(condition & clocks[each], CARDS) for each in _ORDER}
    rows = {row.id: row for row in store.tasks(Q(pk__in=[pk for ids in firsts.values() for pk in ids]))}
    return {each: counts[each.value] for each in _ORDER}, {each: [rows[pk] for pk in firsts[each]] for each in _ORDER}


def _then(request: HttpRequest, day: date, days: Thresholds) -> _Cards:
    """The same as it was on a past day."""
    found = by_clock(picked_then(request, day, days), day, days)
    return {each: len(rows) for each, rows in found.items()}, {each: rows[:CARDS] for each, rows in found.items()}


@require_GET
@needs(Action.TASK_READ, shows_past=True)
def task_list(request: HttpRequest) -> HttpResponse:
    return _listed(request, "tasks/list.html", _("任务列表"), _Sort(), {}, shows_picks=True)


@require_GET
@needs(Action.TASK_READ, shows_past=True)
def listed(request: HttpRequest) -> HttpResponse:
    empty = _("没有挂牌督办的任务。在任务页选“挂牌督办”后列在这里，直到摘牌。")
    said = {"question": _("哪些任务正在挂牌督办？"), "add": ""}
    sort = _Sort(Q(is_listed=True), lambda row: row.standing.is_listed, empty)
    return _listed(request, "tasks/sort.html", _("挂牌督办"), sort, said)


@require_GET
@needs(Action.TASK_READ, shows_past=True)
def rectification(request: HttpRequest) -> HttpResponse:
    empty = _("没有限期整治的企业。交办限期整治后，企业、期限和责任单位列在这里。")
    said = {"question": _("哪些企业在限期整治，到期没有？"), "add": TaskKind.RECTIFY.value}
    sort = _Sort(Q(kind=TaskKind.RECTIFY), lambda row: row.kind is TaskKind.RECTIFY, empty)
    return _listed(request, "tasks/sort.html", _("限期整治"), sort, said)


@dataclass(frozen=True, slots=True)
class _Sort:
    """One sort of tasks: how the database knows it now, how it was known on a past day, what is said of none."""

    condition: Q = field(default_factory=Q)
    was: Callable[[TaskRow], bool] = lambda row: True
    empty: str = ""


def _listed(
    request: HttpRequest, template: str, caption: str, sort: _Sort, said: Mapping[str, object],
    shows_picks: bool = False,
) -> HttpResponse:  # fmt: skip
    day, past = day_looked_at(request), is_past(request)
    days = thresholds(day, acting_of(request).paths)
    then = [row for row in picked_then(request, past, days) if sort.was(row)] if past else None
    condition = picked(request, days) & sort.condition if past is None else Q()
    listing = Listing(request, "tasks", caption, condition, day, days, empty=sort.empty, then=then)
    if listing.is_export:
        return download(listing.workbook(), f"{caption}.xlsx")
    form = {"picked": picks(request)} if shows_picks else {}
    return framed(request, template, {**said, **form, "task_table": listing.shown()})
