"""分解方法: the ways of sharing out, looked up by the name that a policy file writes under ``method``."""

from __future__ import annotations

from collections.abc import Mapping

from shuangkong.targets.decomposition.methods import benchmark, by_hand, equal, history, least_cost, score
from shuangkong.targets.decomposition.methods.allotment import Allotment, Method

#: Every method by its name in policy; docs/methods/target-decomposition.md has a section for each.
METHODS: Mapping[str, Method] = {
    "benchmark": Method(benchmark.by_benchmark, benchmark.needs, benchmark.SUITS),
    "by_hand": Method(by_hand.by_hand, by_hand.needs),
    "equal_rate": Method(equal.equal_rate, equal.needs),
    "history": Method(history.by_history, history.needs),
    "least_cost": Method(least_cost.least_cost, least_cost.needs, least_cost.SUITS),
    "score": Method(score.by_score, score.needs),
}

__all__ = ["METHODS", "Allotment", "Method"]
