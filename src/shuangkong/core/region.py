"""行政区划: regions as the code lists have them, over time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

#: Last words of a region's name that people leave out (辽宁, 沈阳, 永川).
_LAST_WORDS = ("省", "市", "县", "区")
_SHORTEST_SHORT_NAME = 2


@dataclass(frozen=True, slots=True)
class Region:
    """One code with one name and one parent, for as long as the lists agree.

    Attributes:
        code: six digits of GB/T 2260.
        name: full name without the names above it (永川区).
        level: ``province``, ``city`` or ``county``.
        parent: code of the region above; empty for a province.
        first_listed: day of the first list that holds it (it may be older than that).
        last_listed: day of the last list that holds it.
        gone_by: day of the next list, which no longer holds it; None while the newest list does.
    """

    code: str
    name: str
    level: str
    parent: str
    first_listed: date
    last_listed: date
    gone_by: date | None

    def is_listed_on(self, day: date) -> bool:
        """Whether the newest list not after ``day`` holds it."""
        return self.first_listed <= day and (self.gone_by is None or day < self.gone_by)

    def is_certain_on(self, day: date) -> bool:
        """False between two lists of which only the earlier holds it: on which day it went is not known from them."""
        return self.first_listed <= day and (self.gone_by is None or day <= self.last_listed)


class RegionBook:
    """All regions of all lists. ``short_names`` are those that cutting the last word does not give: code → name."""

    def __init__(self, regions: Iterable[Region], first_list: date, short_names: Mapping[str, str]) -> None:
        self.regions = tuple(regions)
        self.first_list = first_list
        self.short_names = short_names

    @property
    def names(self) -> frozenset[str]:
        """Every full name that any list holds."""
        return frozenset(region.name for region in self.regions)

    def on(self, day: date) -> dict[str, Region]:
        """Code → region as the newest list not after ``day`` has it; before the first list, as the first has it."""
        asked = max(day, self.first_list)
        return {region.code: region for region in self.regions if region.is_listed_on(asked)}

    def named(self, name: str, day: date) -> tuple[Region, ...]:
        """Regions that bear ``name`` on a day: in full, with names above in front, or short.

        Full names outrank short ones.
        """
        listed = self.on(day)
        wanted = "".join(name.split())
        full = tuple(region for region in listed.values() if _bears(region, wanted, listed))
        return full or tuple(region for region in listed.values() if self._short(region) == wanted)

    def _short(self, region: Region) -> str:
        if region.code in self.short_names:
            return self.short_names[region.code]
        if region.name.endswith(_LAST_WORDS) and len(region.name) > _SHORTEST_SHORT_NAME:
            return region.name[:-1]
        return region.name


def _bears(region: Region, wanted: str, listed: Mapping[str, Region]) -> bool:
    """Whether ``wanted`` is the region's name, with any of the names above it in front, in order."""
    if not wanted.endswith(region.name):
        return False
    rest = wanted.removesuffix(region.name)
    above = listed.get(region.parent)
    while above is not None:
        rest = rest.removesuffix(above.name)
        above = listed.get(above.parent)
    return not rest
