"""Values of the registry, as pages and other stores see them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

#: Levels of the tree of regions, the highest first (省、市、县、乡、村).
LEVELS = ("province", "city", "county", "town", "village")


@dataclass(frozen=True, slots=True)
class RegionRow:
    """One administrative division. ``level`` is one of LEVELS; ``parent`` a code."""

    code: str
    name: str
    level: str
    parent: str | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    is_fictional: bool = False


@dataclass(frozen=True, slots=True)
class RegionChangeRow:
    """One region that became another on a day."""

    before: str
    before_name: str
    after: str
    after_name: str
    on: date
    document: str
    decided_by: str


@dataclass(frozen=True, slots=True)
class BodyRow:
    """A responsible body; ``same_as`` is the body it stands for after the newest alias decision, itself included."""

    id: int
    region: str | None
    name: str
    same_as: int


@dataclass(frozen=True, slots=True)
class AliasRow:
    """One alias decision; ``same_as`` None withdraws the one before."""

    body: int
    same_as: int | None
    reason: str
    decided_by: str
    decided_at: datetime
