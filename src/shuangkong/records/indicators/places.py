"""有数的地区: regions of which anything was told or computed."""

from __future__ import annotations

from django.db.models import Q

from shuangkong.records.facts.models import Subject
from shuangkong.records.indicators.territory import REGION
from shuangkong.records.registry.models import Region


def places_told_of(seen: Q) -> tuple[tuple[str, str], ...]:
    """Code and name of those that the person may see, by code. 1 query."""
    told = Subject.objects.filter(kind=REGION).values("code")
    return tuple(Region.objects.filter(seen, pk__in=told).order_by("pk").values_list("pk", "name"))
