"""任务总览: how many tasks stand where, and which are the most urgent of each sort? And the same as one list."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from shuangkong.plans.tasks.standing import Clock, Thresholds
from shuangkong.records.people.roles import Action
from shuangkong.records.plans.tasks import store
from shuangkong.records.plans.tasks.rows import TaskKind
from shuangkong.records.plans.tasks.thresholds import thresholds
from shuangkong.web.plans.tasks.framed import framed
from shuangkong.web.plans.tasks.lines import Line, labels, lines
from shuangkong.web.plans.tasks.listing import Listing
from shuangkong.web.plans.tasks.picks import picked, picks
from shuangkong.web.plans.tasks.words import CLOCKS, LEVELS, SIGNS
from shuangkong.web.site.access import needs
from shuangkong.web.site.page import download

#: Cards in one column; the list has them all.
CARDS = 8


@dataclass(frozen=True, slots=True)
class Lane:
    """One column of the board. A task stands in one only."""

    key: str
    label: object
    sign: str
    level: str
    condition: Q


@dataclass(frozen=True, slots=True)
class Filled:
    """A column with how many tasks it has and its first cards."""

    lane: Lane
    count: int
    lines: list[Line]


@require_GET
@needs(Action.TASK_READ)
def board(request: HttpRequest) -> HttpResponse:
    today = timezone.localdate()
    days = thresholds(today)
    condition, lanes = picked(request, days), _lanes(days)
    counts = store.counts(condition, {lane.key: lane.condition for lane in lanes})
    firsts = {lane.key: store.first_ids(condition & lane.condition, CARDS) for lane in lanes}
    wanted = [pk for ids in firsts.values() for pk in ids]
    by_id = {each.row.id: each for each in lines(request, store.tasks(Q(pk__in=wanted)), today, days)}
    filled = [Filled(lane, counts[lane.key], [by_id[pk] for pk in firsts[lane.key]]) for lane in lanes]
    return framed(
        request,
        "tasks/board.html",
        {"picked": picks(request), "lanes": filled, "total": sum(counts.values()), "labels": labels(by_id.values())},
    )


@require_GET
@needs(Action.TASK_READ)
def task_list(request: HttpRequest) -> HttpResponse:
    days = thresholds(timezone.localdate())
    return _listed(request, "tasks/list.html", _("任务列表"), picked(request, days), days, {}, shows_picks=True)


@require_GET
@needs(Action.TASK_READ)
def listed(request: HttpRequest) -> HttpResponse:
    days = thresholds(timezone.localdate())
    condition = picked(request, days) & Q(is_listed=True)
    empty = _("没有挂牌督办的任务。在任务页选“挂牌督办”后列在这里，直到摘牌。")
    said = {"question": _("哪些任务正在挂牌督办？"), "add": ""}
    return _listed(request, "tasks/sort.html", _("挂牌督办"), condition, days, said, empty)


@require_GET
@needs(Action.TASK_READ)
def rectification(request: HttpRequest) -> HttpResponse:
    days = thresholds(timezone.localdate())
    condition = picked(request, days) & Q(kind=TaskKind.RECTIFY)
    empty = _("没有限期整治的企业。交办限期整治后，企业、期限和责任单位列在这里。")
    said = {"question": _("哪些企业在限期整治，到期没有？"), "add": TaskKind.RECTIFY.value}
    return _listed(request, "tasks/sort.html", _("限期整治"), condition, days, said, empty)


def _listed(
    request: HttpRequest, template: str, caption: str, condition: Q, days: Thresholds, said: Mapping[str, object],
    empty: str = "", shows_picks: bool = False,
) -> HttpResponse:  # fmt: skip
    listing = Listing(request, "tasks", caption, condition, timezone.localdate(), days, empty=empty)
    if listing.is_export:
        return download(listing.workbook(), f"{caption}.xlsx")
    form = {"picked": picks(request)} if shows_picks else {}
    return framed(request, template, {**said, **form, "task_table": listing.shown()})


def _lanes(days: Thresholds) -> list[Lane]:
    """Columns from the most to the least urgent: one a clock, so that the list and the papers count the same."""
    today = timezone.localdate()
    order = (Clock.LATE, Clock.DUE_SOON, Clock.WAITING, Clock.SILENT, Clock.CALM, Clock.STOPPED, Clock.OVER)
    return [
        Lane(clock, CLOCKS[clock], SIGNS[clock], LEVELS[clock], store.clock_is(clock, today, days)) for clock in order
    ]
