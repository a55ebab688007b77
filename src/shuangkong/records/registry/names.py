"""当时的名称: what regions were called at the end of a past day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import batched

from django.utils import timezone

from shuangkong.records.past import end_of
from shuangkong.records.registry.models import Region, RegionName

_BATCH = 500


@dataclass(frozen=True, slots=True)
class NamesThen:
    """Names of the regions that are called otherwise now, by code."""

    regions: Mapping[str, str] = field(default_factory=dict)

    def region(self, code: str | None, now: str) -> str:
        """What a region was called; ``now`` is its name today."""
        return self.regions.get(code or "", now)


def names_then(until: date | None) -> NamesThen:
    """The names known at the end of a day; those of today where no day is given. 1 query for a past day."""
    if until is None:
        return NamesThen()
    later = RegionName.objects.filter(until__gte=end_of(until)).order_by("-pk")
    # The first that was given up after that day held on it: it comes last here.
    return NamesThen(dict(later.values_list("region_id", "name")))


def keep_names(wanted: Mapping[str, str]) -> None:
    """Keeps what regions are called so far, where a list is about to call them otherwise. 2 queries a 500 codes."""
    now = timezone.now()
    for codes in batched(wanted, _BATCH):
        known = Region.objects.filter(pk__in=codes).values_list("pk", "name")
        given_up = [RegionName(region_id=code, name=name, until=now) for code, name in known if name != wanted[code]]
        RegionName.objects.bulk_create(given_up)
