"""Values of the response to heavy-pollution weather, as pages and other stores see them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.utils import timezone

from shuangkong.outlook.weather.measures import UnitMeasure
from shuangkong.outlook.weather.orders import AlertLevel, Order, OrderKind, Spell, spells
from shuangkong.policyfile.expression.given import Told
from shuangkong.records.people.access import Where

#: What parts the number of an enterprise and the name of its line in the name of a unit.
_BETWEEN = ":"


def unit_of(enterprise: int, process: str) -> str:
    """A process line of an enterprise, as the arithmetic names it."""
    return f"{enterprise}{_BETWEEN}{process}"


@dataclass(frozen=True, slots=True)
class MeasureRow:
    """What a line of an enterprise does at a level; ``name`` as the list prints it, ``cuts`` in tonnes a day.

    ``body`` is whom the people of the enterprise act for; None: nobody can be told.
    """

    enterprise: int
    name: str
    process: str
    level: AlertLevel
    action: str
    cuts: Mapping[str, Decimal]
    verification: str
    body: int | None = None

    @property
    def unit(self) -> str:
        return unit_of(self.enterprise, self.process)


@dataclass(frozen=True, slots=True, kw_only=True)
class ListRow:
    """One version of a list; ``measures`` in the order of the file."""

    id: int
    region: str
    path: str
    year: int
    document: str
    emitted: Mapping[str, Told]
    source: str
    is_demo: bool
    is_fictional: bool
    author: str
    at: datetime
    journal: int
    measures: tuple[MeasureRow, ...]

    @property
    def where(self) -> Where:
        return Where(self.path)

    def at_level(self, level: AlertLevel) -> tuple[MeasureRow, ...]:
        return tuple(each for each in self.measures if each.level is level)

    @property
    def unit_measures(self) -> tuple[UnitMeasure, ...]:
        """As the arithmetic takes them."""
        within = (self.region,)
        return tuple(UnitMeasure(each.unit, within, each.level, each.action, each.cuts) for each in self.measures)


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderRow:
    """One order; ``starts_at`` the instant from which it holds, ``at`` when it was entered."""

    id: int
    kind: OrderKind
    level: AlertLevel | None
    starts_at: datetime
    document: str
    ground: str
    signed_by: str
    list: int | None
    notice: int | None
    joint_notice: int | None
    author: str
    at: datetime
    journal: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertRow:
    """One response with its orders, the first first."""

    id: int
    region: str
    region_name: str
    path: str
    neighbours: tuple[str, ...]
    is_demo: bool
    is_fictional: bool
    orders: tuple[OrderRow, ...]

    @property
    def where(self) -> Where:
        return Where(self.path)

    @property
    def spells(self) -> tuple[Spell, ...]:
        return spells(orders_of(self.region, self.orders))

    @property
    def level(self) -> AlertLevel | None:
        """That of the last order; None where it ended the response."""
        return self.orders[-1].level

    @property
    def gravest(self) -> AlertLevel:
        return min(each.level for each in self.orders if each.level is not None)

    @property
    def is_over(self) -> bool:
        return self.orders[-1].kind is OrderKind.END

    @property
    def starts_at(self) -> datetime:
        return self.orders[0].starts_at

    @property
    def list(self) -> int | None:
        """The list whose measures are called for: that of the newest order which had one."""
        return next((each.list for each in reversed(self.orders) if each.list is not None), None)


def orders_of(region: str, rows: Iterable[OrderRow]) -> tuple[Order, ...]:
    """As the arithmetic takes them, in the site's time."""
    return tuple(
        Order(region, each.kind, timezone.localtime(each.starts_at), each.document, each.level) for each in rows
    )


@dataclass(frozen=True, slots=True)
class EmissionRow:
    """What a line emitted on a day."""

    enterprise: int
    name: str
    process: str
    pollutant: str
    day: date
    amount_t: Decimal
    source: str

    @property
    def unit(self) -> str:
        return unit_of(self.enterprise, self.process)
