"""发现: what rules find at a point, with the times of the measurement, and where the evidence lies."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from shuangkong.core.finding import Message
from shuangkong.monitoring.limits.limit import Limit
from shuangkong.monitoring.reading import Evidence, Span


class Kind(StrEnum):
    """What is out of order."""

    EXCEEDANCE = "exceedance"
    SILENCE = "silence"
    STUCK = "stuck"
    JUMP = "jump"
    OUT_OF_RANGE = "out_of_range"
    IMPOSSIBLE = "impossible"
    CLOCK_DRIFT = "clock_drift"
    REAPPEARANCE = "reappearance"


KINDS: Mapping[Kind, Message] = {
    Kind.EXCEEDANCE: Message("超标", "exceedance"),
    Kind.SILENCE: Message("数据中断", "silence"),
    Kind.STUCK: Message("数据恒定", "stuck value"),
    Kind.JUMP: Message("数据突变", "jump"),
    Kind.OUT_OF_RANGE: Message("超量程", "out of range"),
    Kind.IMPOSSIBLE: Message("数据矛盾", "impossible combination"),
    Kind.CLOCK_DRIFT: Message("时钟偏差", "clock drift"),
    Kind.REAPPEARANCE: Message("淘汰锅炉复燃", "a removed boiler back in use"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Episode:
    """One stretch of something being out of order at one point.

    Attributes:
        factor: code of the point's factor; of what several factors make together, the first of them.
        starts_at: start of the first period that was out of order, as measured.
        ends_at: end of the last such period; None: it lasts as far as the data goes.
        instants: of an exceedance the starts of the periods that exceeded, which need not follow one another.
        count: periods out of order in it; ``worst_at`` and ``peak``: start and value of the one furthest out.
        limit: what was exceeded; None for other kinds. ``multiple``: 超标倍数 of the peak, as ``Limit.multiple``.
        rule: of IMPOSSIBLE the id of the condition; else empty.
        evidence: frames of the periods in order, the first being where to look; empty where nothing came.
        words: what to tell people; is_verified of the limit decides whether it may lead to anything.
    """

    kind: Kind
    factor: str
    span: Span
    starts_at: datetime
    ends_at: datetime | None
    count: int
    words: Message
    peak: Decimal | None = None
    worst_at: datetime | None = None
    limit: Limit | None = None
    multiple: Decimal | None = None
    rule: str = ""
    evidence: tuple[Evidence, ...] = ()
    instants: tuple[datetime, ...] = ()

    @property
    def is_open(self) -> bool:
        return self.ends_at is None

    @property
    def key(self) -> str:
        """What makes it the same episode when it is found again: all but how long it lasts. Unique within a point."""
        basis = self.limit.basis.value if self.limit else ""
        parts = (self.kind.value, self.factor, self.span.value, basis, self.rule, self.starts_at.isoformat())
        return "/".join(part for part in parts if part)
