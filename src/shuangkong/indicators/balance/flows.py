"""能流: a balance in coal equivalent as flows from where energy comes to where it goes (source → energy → use).

Every flow is an amount above zero. What a kind of conversion takes and does not yield goes to its loss; on the
equivalent basis it may yield more than it took, and the gain comes from the way of reckoning.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from graphlib import CycleError, TopologicalSorter

from shuangkong.indicators.balance.figures import Balance
from shuangkong.indicators.tables import Column, Part


class Stage(StrEnum):
    """What a node of the flows is."""

    SOURCE = "source"
    ENERGY = "energy"
    CONVERSION = "conversion"
    USE = "use"
    OUT = "out"
    LOSS = "loss"
    DIFFERENCE = "difference"


@dataclass(frozen=True, slots=True)
class Node:
    """``key`` is unique among nodes; ``zh``, ``en`` its name."""

    stage: Stage
    key: str
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Flow:
    """tce that go from one node to another."""

    whence: Node
    whither: Node
    amount: Decimal


CONVERSION_LOSS = Node(Stage.LOSS, "conversion_loss", "加工转换损失", "Conversion loss")
RECKONING = Node(Stage.SOURCE, "reckoning", "等价值折算差", "Gain by reckoning")
#: Figures in coal equivalent are written with 34 digits: what such a sum is off by is no difference of the balance.
_NOTHING = Decimal("1e-9")
UNEXPLAINED = Node(Stage.DIFFERENCE, "difference", "平衡差额", "Balance difference")


def flows(balance: Balance) -> tuple[Flow, ...]:
    """The flows of a balance in coal equivalent, in the order of the form; cells without a figure have none."""
    found = [flow for column in balance.table.columns for flow in _of_energy(balance, column)]
    return (*found, *_of_conversions(balance))


def is_drawable(found: tuple[Flow, ...]) -> bool:
    """Whether no energy comes back to where it was made of: only then can flows be drawn from left to right."""
    order: TopologicalSorter[str] = TopologicalSorter()
    for flow in found:
        order.add(flow.whither.key, flow.whence.key)
    try:
        order.prepare()
    except CycleError:
        return False
    return True


def _of_energy(balance: Balance, column: Column) -> Iterator[Flow]:
    """Supply to the energy; the energy to conversion, losses and use, or out of the place."""
    here = Node(Stage.ENERGY, f"energy:{column.id}", column.zh, column.en)
    for row in balance.table.rows:
        told = balance.figure(row.id, column.id)
        if row.within or not isinstance(told, Decimal) or not told:
            continue
        node = Node(_stage(row.part, row.weight), f"row:{row.id}", row.zh, row.en)
        amount = told * row.weight if row.part is Part.SUPPLY else told if row.part is Part.CONVERSION else -told
        yield Flow(node, here, amount) if amount > 0 else Flow(here, node, -amount)
    rest = balance.difference(column.id)
    if isinstance(rest, Decimal) and abs(rest) > _NOTHING:
        yield Flow(here, UNEXPLAINED, rest) if rest > 0 else Flow(UNEXPLAINED, here, -rest)


def _stage(part: Part, weight: int) -> Stage:
    match part:
        case Part.SUPPLY:
            return Stage.SOURCE if weight > 0 else Stage.OUT
        case Part.CONVERSION:
            return Stage.CONVERSION
        case Part.LOSS:
            return Stage.LOSS
        case Part.TERMINAL:
            return Stage.USE


def _of_conversions(balance: Balance) -> Iterator[Flow]:
    for row in balance.table.of(Part.CONVERSION):
        told = (balance.figure(row.id, column.id) for column in balance.table.columns)
        lost = -sum((each for each in told if isinstance(each, Decimal)), Decimal(0))
        node = Node(Stage.CONVERSION, f"row:{row.id}", row.zh, row.en)
        if lost > 0:
            yield Flow(node, CONVERSION_LOSS, lost)
        elif lost < 0:
            yield Flow(RECKONING, node, -lost)
