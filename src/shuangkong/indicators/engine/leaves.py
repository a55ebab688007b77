"""数的来历: what a figure rests on in the end, and how settled that makes it."""

from __future__ import annotations

from collections.abc import Iterator

from shuangkong.core.fact import Cell, Fact, Maturity, State
from shuangkong.core.finding import Message
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


def is_doubted(figure: Figure) -> bool:
    """Whether it was computed by a rule that nobody has compared with its document, or from what may yet change.

    A told figure says for itself how settled it is and whence it comes.
    """
    return figure.fact is None and figure.state is not State.MISSING and bool(figure.doubts)


def unverified(figure: Figure) -> tuple[Message, ...]:
    """The rules below a figure that nobody has compared with their documents, each once, in words."""
    seen: set[int] = set()
    found: dict[Message, None] = {}
    waiting = [figure]
    while waiting:
        here = waiting.pop()
        if id(here) not in seen and here.doubts:
            seen.add(id(here))
            clauses = (step.clause for step in here.steps)
            found |= dict.fromkeys(each.words for each in clauses if each is not None and not each.is_verified)
            waiting.extend(each for _, each in reversed(here.inputs))
    return tuple(found)
