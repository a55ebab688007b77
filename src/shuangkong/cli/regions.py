"""行政区划: the regions of the policy files brought to the register of a site."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from shuangkong.core.region import Region
from shuangkong.records.registry.rows import RegionRow
from shuangkong.rulebook import open_rulebook


def listed_regions() -> Iterator[RegionRow]:
    """Every code of the first and of the newest list, under its newest name: plans of both times find their regions."""
    book = open_rulebook()
    newest: dict[str, Region] = book.regions(date.min) | book.regions(date.max)
    for region in newest.values():
        yield RegionRow(
            code=region.code,
            name=region.name,
            level=region.level,
            parent=region.parent or None,
            starts_on=region.first_listed,
            ends_on=region.last_listed if region.gone_by else None,
        )
