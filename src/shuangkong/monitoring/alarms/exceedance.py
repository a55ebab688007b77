"""超标: values of a point held against what counts on each day, gathered into episodes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal

from shuangkong.core.finding import Message
from shuangkong.monitoring.alarms.found import Episode, Kind
from shuangkong.monitoring.limits.choice import Chosen
from shuangkong.monitoring.limits.limit import Basis, Limit
from shuangkong.monitoring.reading import Evidence, Reading, Span

_DAY, _HOUR = timedelta(days=1), timedelta(hours=1)
#: Digits of a multiple that people read.
_PLACES = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class EpisodeRule:
    """How single exceedances make an episode.

    Attributes:
        open_after: consecutive periods out of order that open one (1: each does).
        close_after: consecutive periods in order that end one. Periods that are not judged (invalid, exempt, missing)
            neither open nor end one and count as neither.
    """

    open_after: int = 1
    close_after: int = 1


@dataclass(slots=True)
class _Run:
    """An episode in the making."""

    out: list[tuple[Reading, Limit]] = field(default_factory=list)
    clean: int = 0


def episodes(
    readings: Iterable[Reading],
    factor: str,
    span: Span,
    limit_on: Callable[[datetime], Chosen | None],
    is_judged: Callable[[Reading], bool],
    rule: EpisodeRule = EpisodeRule(),
) -> Iterator[Episode]:
    """The exceedances of one point, in order of time; the last may be open.

    Args:
        readings: means of one point over ``span`` in order of time, of the basis that the limits are of: for CONVERTED
            the converted concentrations, recomputed or told by the device (never a mix in one series).
        limit_on: what counts for a period that starts at an instant; None: nothing does. A change of the limit does
            not end an episode; the peak is that of the greatest multiple, each period against its own limit.
        is_judged: whether a period is held against limits (``validity.marking.is_judged``); one without value is not.
    """
    run = _Run()
    for reading in readings:
        found = limit_on(reading.at) if reading.value is not None and is_judged(reading) else None
        if found is None or reading.value is None:
            continue
        exceeded = next((each for each in found.limits if each.is_exceeded_by(reading.value)), None)
        if exceeded is not None:
            run.out.append((reading, exceeded))
            run.clean = 0
        elif run.out:
            run.clean += 1
            if run.clean >= rule.close_after or len(run.out) < rule.open_after:
                if len(run.out) >= rule.open_after:
                    yield _episode(run.out, factor, span, is_over=True)
                run = _Run()
    if len(run.out) >= rule.open_after:
        yield _episode(run.out, factor, span, is_over=False)


def _episode(out: list[tuple[Reading, Limit]], factor: str, span: Span, *, is_over: bool) -> Episode:
    worst, limit = max(out, key=lambda each: _distance(*each))
    peak = worst.value
    assert peak is not None
    multiple = limit.multiple(peak)
    evidence: tuple[Evidence, ...] = tuple(each.evidence for each, _ in out if each.evidence is not None)
    length = _DAY if span is Span.DAY else _HOUR
    return Episode(
        kind=Kind.EXCEEDANCE,
        factor=factor,
        span=span,
        starts_at=out[0][0].at,
        ends_at=out[-1][0].at + length if is_over else None,
        count=len(out),
        words=_words(peak, limit, multiple, len(out), span),
        peak=peak,
        worst_at=worst.at,
        limit=limit,
        multiple=multiple,
        evidence=evidence,
        instants=tuple(each.at for each, _ in out),
    )


def _distance(reading: Reading, limit: Limit) -> Decimal:
    """How far out a value is, in shares of its limit; below a lower bound likewise."""
    assert reading.value is not None
    bound = limit.most if limit.most is not None and reading.value > limit.most else limit.least
    assert bound is not None
    return abs(reading.value - bound) / bound if bound else abs(reading.value)


def _words(peak: Decimal, limit: Limit, multiple: Decimal | None, count: int, span: Span) -> Message:
    bound = limit.most if limit.most is not None and peak > limit.most else limit.least
    unit = "" if limit.unit == "-" else f" {limit.unit}"
    at = Message("", "")
    if limit.basis is Basis.CONVERTED and limit.reference_o2_pct is not None:
        at = Message(f"，按 {limit.reference_o2_pct:f}% 氧折算", f", at {limit.reference_o2_pct:f} % oxygen")
    zh = f"{_SPANS[span].zh}超标 {count} 次，最高 {peak:f}{unit}，限值 {bound:f}{unit}（{limit.name.zh}{at.zh}）"
    en = f"{count} {_SPANS[span].en} out of limits, worst {peak:f}{unit}, limit {bound:f}{unit}"
    en = f"{en} ({limit.name.en}{at.en})"
    if multiple is not None:
        rounded = multiple.quantize(_PLACES)
        zh, en = f"{zh}，超标 {rounded} 倍", f"{en}, {rounded} times the limit above it"
    return Message(zh, en)


_SPANS = {
    Span.HOUR: Message("小时均值", "hourly means"),
    Span.DAY: Message("日均值", "daily means"),
    Span.MINUTE: Message("分钟值", "minute values"),
}
