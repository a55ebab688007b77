"""不符: where what devices made of their own data, means and totals, is further from ours than the rule allows."""

from __future__ import annotations

from datetime import datetime

from shuangkong.web.monitoring.hours import Told
from shuangkong.web.monitoring.mean_differences import Difference, differences
from shuangkong.web.monitoring.total_differences import totals_apart


def all_apart(held: Told, first: datetime, last: datetime) -> list[Difference]:
    """By point, span and time. See both for what it costs, and for what ``held`` must hold; raises as they do."""
    found = [*differences(held, first, last), *totals_apart(held, first, last)]
    return sorted(found, key=lambda each: (each.point.pk, each.span, each.at))
