"""手工监测结果: the registered results that tell of hours of an outlet."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime

from shuangkong.records.monitoring.models import ManualResult


def manual_results(outlet: int, first: datetime, last: datetime) -> Mapping[str, tuple[ManualResult, ...]]:
    """Factor → results that touch a time and were not withdrawn, in order; no two tell of one hour. 1 query."""
    rows = ManualResult.objects.filter(outlet=outlet, starts_at__lt=last, ends_at__gt=first, is_withdrawn=False)
    found: dict[str, list[ManualResult]] = defaultdict(list)
    for each in rows.order_by("starts_at"):
        found[each.factor].append(each)
    return {factor: tuple(own) for factor, own in found.items()}
