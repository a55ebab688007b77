"""数据标记: what a minute or an hour of data is marked as, and what each mark means for counting and judging."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from shuangkong.core.finding import Message
from shuangkong.core.trace import Clause

_HUNDRED = Decimal(100)


class Mark(StrEnum):
    """The letters that documents use. What each counts as is policy (``Marks``)."""

    NORMAL = "N"
    STOPPED = "F"  # 停运
    STARTING = "St"  # 启动
    SHUTTING = "Sd"  # 停止
    BANKED = "B"  # 闷炉
    CALIBRATION = "C"
    MAINTENANCE = "M"
    MISSING = "Md"  # 缺失
    OVER_RANGE = "T"
    FAULT = "D"
    MANUAL = "S"  # 手工输入


class Counts(StrEnum):
    """What data of a mark counts as: measured, of a source that stands still, or lost."""

    MEASURED = "measured"
    STOPPED = "stopped"
    LOST = "lost"


@dataclass(frozen=True, slots=True)
class Meaning:
    """Of one mark.

    Attributes:
        counts: whether it is valid data, a stop, or invalid.
        is_judged: whether such data is held against limits.
    """

    mark: Mark
    name: Message
    counts: Counts
    is_judged: bool


@dataclass(frozen=True, slots=True)
class RollUp:
    """How a device makes one flag of many: NORMAL where enough are; else ``otherwise``, or the most frequent."""

    least_share_pct: Decimal
    otherwise: Mark | None


@dataclass(frozen=True, slots=True)
class Marks:
    """All marks of a layer.

    Attributes:
        sent: flag as devices send it → mark.
        roll_up: by medium (``gas``, ``water``).
        services: sort of what is done at a device → the mark and the reason that rules set for its hours.
        causes: mark → the reason that rules give for it where data alone show it.
    """

    meanings: Mapping[Mark, Meaning]
    sent: Mapping[str, Mark]
    roll_up: Mapping[str, RollUp]
    clause: Clause
    services: Mapping[str, tuple[Mark, str]] = field(default_factory=dict)
    causes: Mapping[Mark, str] = field(default_factory=dict)

    def rolled(self, media: str, marks: Iterable[Mark]) -> Mark:
        """The flag that a device must give a minute, hour or day whose parts bear ``marks``; MISSING without any.

        What devices are held against; whether an hour counts, ``validity`` decides by its own rules.
        """
        told = Counter(marks)
        if not told:
            return Mark.MISSING
        rule = self.roll_up[media]
        if told[Mark.NORMAL] * _HUNDRED >= rule.least_share_pct * told.total():
            return Mark.NORMAL
        del told[Mark.NORMAL]
        order = list(Mark)
        return rule.otherwise or max(told, key=lambda mark: (told[mark], -order.index(mark)))

    def of_flag(self, flag: str) -> Mark:
        """The mark of a sent flag; of one that nobody knows, FAULT: unknown data counts for nothing. Empty: NORMAL."""
        return self.sent.get(flag, Mark.FAULT) if flag else Mark.NORMAL

    def counting(self, counts: Counts) -> frozenset[Mark]:
        """The marks that count as this."""
        return frozenset(mark for mark, meaning in self.meanings.items() if meaning.counts is counts)

    @property
    def measured(self) -> frozenset[Mark]:
        return self.counting(Counts.MEASURED)

    @property
    def stopped(self) -> frozenset[Mark]:
        return self.counting(Counts.STOPPED)

    @property
    def judged(self) -> frozenset[Mark]:
        """The marks whose data is held against limits."""
        return frozenset(mark for mark, meaning in self.meanings.items() if meaning.is_judged)
