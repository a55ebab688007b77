"""年度步子: the yearly values of one indicator (2026年、2027年分别下降3%、4%): each of its year, or since the base."""

from __future__ import annotations

from dataclasses import replace

from shuangkong.core.finding import Message
from shuangkong.plans.reading import Doubt, Kind, Target

_CHANGES = frozenset({Kind.REDUCTION_RATE, Kind.GROWTH})
ONE_YEAR = Doubt(
    "one_year",
    0.3,
    Message(
        "各年度数值没有逐年累加，按与上一年相比读取，请确认基年。",
        "The yearly values do not add up; read as compared with the year before: please confirm the base year.",
    ),
)


def of_one_year(targets: list[Target]) -> list[Target]:
    """``targets`` of rising deadlines, each measured from the year before where they cannot be meant since the base.

    A change since the base grows with the years; where the values hardly do, each is the change of its own year. A base
    year that the clause prints holds.
    """
    if not _is_stepwise(targets):
        return targets
    return [
        replace(
            target,
            base_year=int(str(target.deadline)[:4]) - 1,
            inherited=target.inherited | {"base_year"},
            doubts=(*target.doubts, ONE_YEAR),
        )
        for target in targets
    ]


def _is_stepwise(targets: list[Target]) -> bool:
    first, last = targets[0], targets[-1]
    base, opens, ends = (first.base_year, *(int(str(target.deadline)[:4]) for target in (first, last)))
    if base is None or "base_year" not in first.inherited or not base < opens < ends:
        return False
    if any(target.kind not in _CHANGES or target.indicator != first.indicator for target in targets):
        return False
    # The pace after the first year listed, against half of that up to it.
    return (last.value - first.value) * (opens - base) * 2 < first.value * (ends - opens)
