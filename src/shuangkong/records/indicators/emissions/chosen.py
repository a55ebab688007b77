"""以哪个底数为准: which of the bases that stand beside each other counts."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from shuangkong.records.indicators.emissions.models import InventoryChoice
from shuangkong.records.past import known_by


def counting(regions: Iterable[str], until: date | None = None) -> dict[tuple[str, int], int]:
    """Region and year → the base that counts, as decided by the end of a day. 1 query."""
    found = InventoryChoice.objects.filter(known_by(until, "decided_at"), inventory__region__in=list(regions))
    rows = found.order_by("pk").values_list("inventory__region", "inventory__year", "inventory")
    return {(region, year): inventory for region, year, inventory in rows}
