"""连段: stretches of consecutive readings that share something, as episodes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta
from decimal import Decimal

from shuangkong.core.finding import Message
from shuangkong.monitoring.alarms.found import Episode, Kind
from shuangkong.monitoring.reading import HOUR, Reading, Span

_LENGTHS = {Span.MINUTE: timedelta(minutes=1), Span.HOUR: HOUR, Span.DAY: timedelta(days=1)}


def length_of(span: Span) -> timedelta:
    """How long a period of a reading lasts; raises KeyError for spans of days that differ."""
    return _LENGTHS[span]


def runs(
    readings: Iterable[Reading], belongs: Callable[[Reading | None, Reading], bool], least: int
) -> Iterator[tuple[tuple[Reading, ...], bool]]:
    """Maximal runs of at least ``least`` readings, with whether something followed (the run is over).

    Args:
        belongs: whether a reading continues the run that ends with the one before it (None: whether it starts one).
    """
    run: list[Reading] = []
    for reading in readings:
        if belongs(run[-1] if run else None, reading):
            run.append(reading)
            continue
        if len(run) >= least:
            yield tuple(run), True
        run = [reading] if belongs(None, reading) else []
    if len(run) >= least:
        yield tuple(run), False


def episode(
    kind: Kind,
    factor: str,
    span: Span,
    run: tuple[Reading, ...],
    words: Message,
    *,
    is_over: bool,
    worst: Reading | None = None,
    rule: str = "",
) -> Episode:
    """An episode of a run; ``worst``: its reading furthest out, where one is."""
    peak: Decimal | None = worst.value if worst else None
    return Episode(
        kind=kind,
        factor=factor,
        span=span,
        starts_at=run[0].at,
        ends_at=run[-1].at + length_of(span) if is_over else None,
        count=len(run),
        words=words,
        peak=peak,
        worst_at=worst.at if worst else None,
        rule=rule,
        evidence=tuple(each.evidence for each in run if each.evidence is not None),
    )
