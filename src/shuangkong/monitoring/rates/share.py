"""比率: a numerator, a denominator, and the target of the day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from shuangkong.core.check import Check
from shuangkong.core.dated import DatedValue
from shuangkong.core.finding import Finding, Message
from shuangkong.monitoring.findings import LOW_RATE, finding

_HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class Share:
    """``part`` of ``whole``; both are kept, and shown with the rate."""

    part: int
    whole: int

    @property
    def pct(self) -> Decimal | None:
        """In %; None where nothing was due."""
        return self.part * _HUNDRED / self.whole if self.whole else None

    def __str__(self) -> str:
        return f"{self.part}/{self.whole}"


def together(shares: Iterable[Share]) -> Share:
    """Of all together: numerators and denominators added, never rates averaged."""
    told = tuple(shares)
    return Share(sum(each.part for each in told), sum(each.whole for each in told))


def meets(pct: Decimal | None, target: DatedValue) -> bool | None:
    """Whether a rate reaches its target; None where nothing was due."""
    return None if pct is None else pct >= target.number


def low_rate(
    checks: Mapping[str, Check], place: str, rate: Message, pct: Decimal | None, counted: str, target: DatedValue
) -> Finding | None:
    """The finding where a rate misses its target; ``counted``: the numbers that it is of."""
    if pct is None or pct >= target.number:
        return None
    words = {"found": f"{pct.quantize(Decimal('0.01')):f}", "counted": counted, "target": f"{target.number:f}"}
    return finding(checks, LOW_RATE, place, name=place, rate=rate.zh, rate_en=rate.en, **words)
