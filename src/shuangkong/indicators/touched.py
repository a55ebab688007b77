"""牵动: which indicators may move when one set of rules takes the place of another."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace

from shuangkong.indicators.formula import Indicator
from shuangkong.indicators.graph import Graph


def touched(
    before: Mapping[str, Indicator], after: Mapping[str, Indicator], parameters: Collection[str]
) -> frozenset[str]:
    """Ids of indicators that are computed otherwise, and of all that rest on them under either set of rules.

    Args:
        parameters: ids of parameters of which some value is another.
    """
    found = {id for id in before.keys() | after.keys() if _rule(before.get(id)) != _rule(after.get(id))}  # noqa: A001
    graphs = Graph(before), Graph(after)
    for graph in graphs:
        found |= {key for key, rule in graph.indicators.items() if _uses(rule, parameters)}
    waiting = list(found)
    while waiting:
        key = waiting.pop()
        takers = {edge.indicator for graph in graphs for edge in graph.takers(key)} - found
        found |= takers
        waiting.extend(takers)
    return frozenset(found)


def resting_on(indicators: Mapping[str, Indicator], wanted: Collection[str]) -> frozenset[str]:
    """The wanted ids and those of all that they rest on."""
    found = set(wanted)
    waiting = list(found)
    while waiting:
        rule = indicators.get(waiting.pop())
        taken = {each.indicator for formula in rule.formulas for each in formula.inputs.values()} if rule else set()
        waiting.extend(taken - found)
        found |= taken
    return frozenset(found)


def _uses(rule: Indicator, parameters: Collection[str]) -> bool:
    return any(key in parameters for formula in rule.formulas for key in formula.parameters.values())


def _rule(indicator: Indicator | None) -> Indicator | None:
    """Without where its formulas are written: a line further down is no other rule."""
    if indicator is None:
        return None
    return replace(indicator, formulas=tuple(replace(each, place="") for each in indicator.formulas))
