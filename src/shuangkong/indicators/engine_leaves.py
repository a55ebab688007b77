"""数的来历: what a figure rests on in the end, and how settled that makes it."""

from __future__ import annotations

from collections.abc import Iterator

from shuangkong.core.fact import Cell, Fact, Maturity
from shuangkong.core.trace import Figure

_BY_WEIGHT = tuple(Maturity)


def told_facts(figure: Figure) -> Iterator[Fact]:
    """Every told fact below a figure, each once."""
    # By identity: the figure of a cell and what was put together in its place may both count in one tree.
    seen: set[int] = set()
    told: set[Cell] = set()
    waiting = [figure]
    while waiting:
        here = waiting.pop()
        if id(here) not in seen:
            seen.add(id(here))
            if here.fact is not None and here.cell not in told:
                told.add(here.cell)
                yield here.fact
            waiting.extend(each for _, each in reversed(here.inputs))


def maturity_of(figure: Figure) -> Maturity | None:
    """That of the least settled fact below it; None where nothing was told."""
    return min((fact.maturity for fact in told_facts(figure)), key=_BY_WEIGHT.index, default=None)


def is_demo(figure: Figure) -> bool:
    """Whether demonstration data count in it."""
    return any(fact.is_demo for fact in told_facts(figure))
