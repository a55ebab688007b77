"""标记: whose mark of an hour counts.

That of the authority outweighs that of the unit, that the rules', that the device's; of one origin the newest.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from shuangkong.core.finding import Message
from shuangkong.monitoring.ground import Ground
from shuangkong.monitoring.mark import Mark
from shuangkong.monitoring.reading import Span, ends_of


class Origin(StrEnum):
    """Who set a mark, the weakest first: the device, a rule, the unit itself, the authority. Manual marks win."""

    SENT = "sent"
    AUTOMATIC = "automatic"
    UNIT = "unit"
    AUTHORITY = "authority"

    @property
    def weight(self) -> int:
        """The greater outweighs."""
        return list(Origin).index(self)


@dataclass(frozen=True, slots=True)
class Marking:
    """One mark of one hour of a point.

    Attributes:
        reason: id of a reason of the rules (``MarkingRule.reasons``), or empty for what a device sent.
        set_at: when it was set; of two of one origin the newer counts.
        by: who set it; empty for devices and rules.
    """

    mark: Mark
    origin: Origin
    set_at: datetime
    reason: str = ""
    by: str = ""


@dataclass(frozen=True, slots=True)
class MarkReason:
    """Why somebody may mark data: its name and the mark that it leads to."""

    id: str
    name: Message
    mark: Mark


@dataclass(frozen=True, slots=True)
class MarkingRule:
    """Rules for marking automatic data, for some industries, from a day on.

    Attributes:
        industries: codes of GB/T 4754 as they begin; empty: all.
        reasons: by id, in the order of the file.
        excuses: whether data marked as abnormal production or lost under these rules is kept from judging.
    """

    id: str
    name: Message
    industries: tuple[str, ...]
    reasons: Mapping[str, MarkReason]
    excuses: bool
    ground: Ground

    def covers(self, industry: str, day: date) -> bool:
        """Whether it holds for an industry (``D4411`` and ``4411`` are one) on a day."""
        digits = industry.lstrip("ABCDEFGHIJKLMNOPQRST")
        named = not self.industries or any(digits.startswith(code) for code in self.industries)
        return named and self.ground.validity.holds_on(day)


def decided(markings: Iterable[Marking]) -> Marking | None:
    """The marking that counts; None where there is none: nothing came."""
    return max(markings, key=lambda each: (each.origin.weight, each.set_at), default=None)


def rules_for(rules: Iterable[MarkingRule], industry: str, day: date) -> tuple[MarkingRule, ...]:
    """The rules under which a unit of an industry marks its data on a day."""
    return tuple(rule for rule in rules if rule.covers(industry, day))


def due_by(day: date, last_day: int) -> date:
    """The last day on which hours of a day may be marked in time: so many days into the month after.

    Args:
        last_day: the day of that month (``rates/evidence_day``); the month's last where it has no such day.
    """
    after = ends_of(Span.MONTH, day) + timedelta(days=1)
    return min(after + timedelta(days=last_day - 1), ends_of(Span.MONTH, after))


def is_judged(mark: Mark, judged: frozenset[Mark], rules: Iterable[MarkingRule], *, is_ruled: bool) -> bool:
    """Whether data of a mark is held against limits.

    Args:
        judged: marks that are judged anyway (``Marks.judged``).
        rules: those in force for the unit (``rules_for``).
        is_ruled: whether the mark was set under those rules (by any origin but SENT); a device's own letter keeps
            only lost and stopped data from judging, never starting up, shutting down or a banked fire.
    """
    if mark in judged:
        return True
    if mark not in (Mark.STARTING, Mark.SHUTTING, Mark.BANKED):
        return False
    return not (is_ruled and any(rule.excuses for rule in rules))
