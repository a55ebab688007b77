"""绕回自身的指标: those whose figure in a period may rest on that of the same indicator about another subject."""

from __future__ import annotations

from shuangkong.indicators.formula import Shift, Span
from shuangkong.indicators.graph import Graph

_OF_THIS_PERIOD = frozenset({Shift.SAME, Shift.SINCE_BASE})


def circling(graph: Graph) -> frozenset[str]:
    """A share of the whole's own share, and the like: one column of them cannot be computed before itself."""
    taken: dict[str, set[str]] = {}
    for edge in graph.edges:
        if edge.input.shift in _OF_THIS_PERIOD:
            taken.setdefault(edge.indicator, set()).add(edge.input.indicator)
    found: set[str] = set()
    for edge in graph.edges:
        if edge.input.shift in _OF_THIS_PERIOD and edge.input.span is not Span.SAME:
            below = _below(edge.input.indicator, taken) | {edge.input.indicator}
            found |= (
                {each for each in below if edge.indicator in _below(each, taken)} if edge.indicator in below else set()
            )
    return frozenset(found)


def _below(start: str, taken: dict[str, set[str]]) -> set[str]:
    """All that it rests on."""
    found: set[str] = set()
    waiting = list(taken.get(start, ()))
    while waiting:
        here = waiting.pop()
        if here not in found:
            found.add(here)
            waiting.extend(taken.get(here, ()))
    return found
