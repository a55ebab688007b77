"""等同意的标记: marks of units that no rule of marking covers, which the authority has yet to agree to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q
from django.http import HttpRequest

from shuangkong.records.monitoring import marks
from shuangkong.records.monitoring.mark_rules import is_late
from shuangkong.records.monitoring.models import Outlet
from shuangkong.web.monitoring.live import readable
from shuangkong.web.monitoring.views.duty import here
from shuangkong.web.site.access import acting_of

#: So many are told on a page, the oldest hours first; how many there are is counted.
_MOST = 50


@dataclass(frozen=True, slots=True)
class Waiting:
    """One mark that waits, and whether it was set too late."""

    outlet: Outlet
    starts_at: datetime
    ends_at: datetime
    factor: str
    mark: str
    is_late: bool


@dataclass(frozen=True, slots=True)
class AllWaiting:
    """Those of a place: how many, and the first of them."""

    count: int
    some: tuple[Waiting, ...]


def waiting_marks(request: HttpRequest) -> AllWaiting:
    """Of the outlets of a place that the visitor sees. 1 query; 2 where there are more than a page tells."""
    seen = readable(acting_of(request)) & here(request, "region__path")
    rows = marks.waiting(Q(outlet__in=Outlet.objects.filter(seen).values("pk")))
    some = tuple(
        Waiting(each.outlet, each.starts_at, each.ends_at, each.factor, each.mark, is_late(each.starts_at, each.at))
        for each in rows[: _MOST + 1]
    )
    return AllWaiting(len(some) if len(some) <= _MOST else rows.count(), some[:_MOST])
