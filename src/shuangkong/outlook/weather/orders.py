"""预警响应的启动、调整和解除: which level is in force where and when, and whom the neighbours' orders concern."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum, StrEnum

from shuangkong.core.finding import Message


class AlertLevel(IntEnum):
    """Grades of the response; the smaller the graver."""

    RED = 1
    ORANGE = 2
    YELLOW = 3


class OrderKind(StrEnum):
    """What an order does."""

    START = "start"
    CHANGE = "change"
    END = "end"


ORDERS: dict[OrderKind, Message] = {
    OrderKind.START: Message("启动应急响应", "Response started"),
    OrderKind.CHANGE: Message("调整响应级别", "Level of the response changed"),
    OrderKind.END: Message("解除应急响应", "Response ended"),
}


@dataclass(frozen=True, slots=True)
class Order:
    """One order of a region.

    Attributes:
        at: the instant from which it holds, with its time zone.
        level: of START and CHANGE; None of END.
    """

    region: str
    kind: OrderKind
    at: datetime
    document: str
    level: AlertLevel | None = None

    def __post_init__(self) -> None:
        if self.at.tzinfo is None:
            raise ValueError(f"{self.region}: {self.at}: expected an instant with its time zone")
        if (self.level is None) != (self.kind is OrderKind.END):
            raise ValueError(
                f"{self.region}: {self.kind.value} with level {self.level}: an end has none, others have one"
            )


@dataclass(frozen=True, slots=True)
class Spell:
    """One stretch at one level; ``ends`` None: still in force. The end itself is no longer part of it."""

    region: str
    level: AlertLevel
    starts: datetime
    ends: datetime | None
    document: str

    def holds_at(self, at: datetime) -> bool:
        return self.starts <= at and (self.ends is None or at < self.ends)


class OutOfOrder(ValueError):
    """An order that does not follow from the one before it."""


def spells(orders: Iterable[Order]) -> tuple[Spell, ...]:
    """Stretches of every region, by region and time.

    Raises:
        OutOfOrder: a start while one is in force, a change or end without one, a change to the same level, or two at
            one instant.
    """
    held: dict[str, list[Order]] = {}
    for each in sorted(orders, key=lambda order: (order.region, order.at)):
        held.setdefault(each.region, []).append(each)
    return tuple(spell for region in sorted(held) for spell in _of_region(held[region]))


def in_force(found: Iterable[Spell], within: Iterable[str], at: datetime) -> Spell | None:
    """The gravest that holds at an instant in any of the regions that somebody lies in; None where none does."""
    codes = frozenset(within)
    holding = [each for each in found if each.region in codes and each.holds_at(at)]
    return min(holding, key=lambda each: (each.level, each.starts), default=None)


@dataclass(frozen=True, slots=True)
class Notice:
    """An order that a neighbour is told of."""

    receiver: str
    order: Order


def notices(orders: Iterable[Order], neighbours: Mapping[str, Iterable[str]]) -> tuple[Notice, ...]:
    """Every order to each neighbour of its region; ``neighbours`` as the joint mechanism lists them."""
    return tuple(
        Notice(receiver, order)
        for order in orders
        for receiver in sorted(set(neighbours.get(order.region, ())) - {order.region})
    )


def _of_region(orders: list[Order]) -> Iterable[Spell]:
    running: Order | None = None
    for order in orders:
        _check_following(running, order)
        if running is not None and running.level is not None:
            yield Spell(running.region, running.level, running.at, order.at, running.document)
        running = None if order.kind is OrderKind.END else order
    if running is not None and running.level is not None:
        yield Spell(running.region, running.level, running.at, None, running.document)


def _check_following(running: Order | None, order: Order) -> None:
    is_start = order.kind is OrderKind.START
    if (running is None) != is_start:
        state = "none" if running is None else f"level {running.level}"
        raise OutOfOrder(f"{order.region}: {order.kind.value} at {order.at} while {state} is in force")
    if running is not None and (running.at == order.at or running.level == order.level):
        raise OutOfOrder(
            f"{order.region}: {order.kind.value} at {order.at} follows {running.kind.value} at {running.at}"
        )
