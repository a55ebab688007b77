"""当时的名称: what regions were called at the end of a past day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True, slots=True)
class NamesThen:
    """Names of the regions that are called otherwise now, by code."""

    regions: Mapping[str, str] = field(default_factory=dict)

    def region(self, code: str | None, now: str) -> str:
        """What a region was called; ``now`` is its name today."""
        return self.regions.get(code or "", now)


def names_then(until: date | None) -> NamesThen:
    """The names known at the end of a day; those of today where no day is given. 1 query for a past day."""
    return NamesThen()
