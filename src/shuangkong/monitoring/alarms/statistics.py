"""报警统计: how many of which kind, how long, how soon they were settled; by unit, place or whatever is asked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from shuangkong.monitoring.alarms.found import Episode, Kind
from shuangkong.monitoring.alarms.life import Standing, State

_PER_CENT = Decimal(100)


@dataclass(frozen=True, slots=True)
class Case:
    """An episode and how its case stands; ``closed_at``: None while it is not."""

    episode: Episode
    standing: Standing
    closed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Statistics:
    """Of the alarms of one unit.

    Attributes:
        kinds: kind → episodes; ``open``: not closed; ``reopened``: closed and opened again at least once.
        exceeded: periods (hours, days) that exceeded, of ``judged`` that were held against limits.
        worst: the greatest multiple; None where none exceeded from above.
        mean_days: from raised to closed, of those closed; None where none is.
    """

    kinds: Mapping[Kind, int]
    open: int
    reopened: int
    handed_over: int
    exceeded: int
    judged: int
    worst: Decimal | None
    mean_days: Decimal | None

    @property
    def compliance_pct(self) -> Decimal | None:
        """达标率: judged periods that kept the limits, in %; None where none was judged."""
        return (self.judged - self.exceeded) * _PER_CENT / self.judged if self.judged else None


def statistics(cases: Iterable[Case], judged: int) -> Statistics:
    """Counts.

    Args:
        judged: periods that were held against limits altogether; the denominator is kept, never guessed.

    Raises:
        ValueError: more periods exceeded than were judged.
    """
    told = tuple(cases)
    exceeded = sum(case.episode.count for case in told if case.episode.kind is Kind.EXCEEDANCE)
    if exceeded > judged:
        raise ValueError(f"{exceeded} exceeded of {judged} judged: expected at most as many")
    spans = [case.closed_at - case.standing.raised_at for case in told if case.closed_at is not None]
    multiples = [case.episode.multiple for case in told if case.episode.multiple is not None]
    return Statistics(
        kinds=Counter(case.episode.kind for case in told),
        open=sum(case.standing.state is not State.CLOSED for case in told),
        reopened=sum(case.standing.reopened > 0 for case in told),
        handed_over=sum(case.standing.is_handed_over for case in told),
        exceeded=exceeded,
        judged=judged,
        worst=max(multiples, default=None),
        mean_days=_mean_days(spans),
    )


def by_unit[K: Hashable](cases: Iterable[tuple[K, Case]], judged: Mapping[K, int]) -> dict[K, Statistics]:
    """Statistics of each unit (or place) that was judged or has alarms, in the order first met."""
    held: dict[K, list[Case]] = {key: [] for key in judged}
    for key, case in cases:
        held.setdefault(key, []).append(case)
    return {key: statistics(each, judged.get(key, 0)) for key, each in held.items()}


def _mean_days(spans: list[timedelta]) -> Decimal | None:
    if not spans:
        return None
    seconds = sum((span // timedelta(seconds=1) for span in spans), 0)
    return Decimal(seconds) / len(spans) / _DAY_SECONDS


_DAY_SECONDS = 86_400
