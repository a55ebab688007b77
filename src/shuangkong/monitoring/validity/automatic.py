"""自动标记: what rules mark an hour as by its minutes and by the records of what was done at the device (HJ 75).

An hour that a person marked is hers: rules weigh less. An hour that rules leave alone bears what the device sent.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from shuangkong.monitoring.mark import Mark, Marks
from shuangkong.monitoring.reading import HOUR, MINUTES_AN_HOUR, Span
from shuangkong.monitoring.validity.rule import ValidityRules
from shuangkong.monitoring.validity.spans import hour_mark, least_minutes

_A_MINUTE = 60


@dataclass(frozen=True, slots=True)
class Work:
    """Something done at a device: ``sort`` as ``Marks.services`` names it, ``number`` that of its record."""

    number: int
    sort: str
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class Automatic:
    """What rules mark an hour as.

    Attributes:
        minutes: of it that are so.
        work: number of the record that says so; None: its minutes say so.
    """

    mark: Mark
    reason: str
    minutes: int
    work: int | None


def automatic(
    at: datetime, sent: Mark, minutes: Mapping[Mark, int], works: Iterable[Work], marks: Marks, rules: ValidityRules
) -> Automatic | None:
    """What rules mark an hour as; None where they leave it alone.

    An hour is lost to calibration, maintenance or a fault when these leave too few minutes for a valid one, and is
    stopped when as many minutes stood still: an hour of 60 whose least is 45 is lost to more than 15. Minutes that did
    not come prove nothing: counted as normal they must still be too few. Where the device said so itself nothing is
    marked.

    Args:
        at: its start.
        sent: what the device sent for the hour; MISSING where nothing came.
        minutes: by mark, 60 at most, each minute datum standing for as many minutes as it is long; empty: none came.
        works: what was done at the device about that time.
    """
    if rules.on(Span.HOUR, at.date()) is None:
        return None
    by_work = _covered(at, works, marks)
    counts = Counter(minutes or {sent if sent is not Mark.MISSING else Mark.NORMAL: MINUTES_AN_HOUR})
    counts[Mark.NORMAL] += MINUTES_AN_HOUR - counts.total()
    for (mark, _number), count in by_work.items():
        taken = min(count, counts[Mark.NORMAL])
        counts[Mark.NORMAL] -= taken
        counts[mark] += taken
    found = hour_mark({mark: count for mark, count in counts.items() if count}, marks, rules, at.date()).mark
    if (
        found is None
        or found in (Mark.NORMAL, Mark.MISSING, sent)
        or counts[Mark.NORMAL] >= least_minutes(rules, at.date())
    ):
        return None
    number = next((number for mark, number in by_work if mark is found), None)
    reason = next(
        (marks.services[each.sort][1] for each in works if each.number == number), marks.causes.get(found, "")
    )
    return Automatic(found, reason, counts[found], number) if reason else None


def _covered(at: datetime, works: Iterable[Work], marks: Marks) -> dict[tuple[Mark, int], int]:
    """(mark, number of the record) → whole minutes of the hour."""
    found: dict[tuple[Mark, int], int] = {}
    for each in works:
        told = marks.services.get(each.sort)
        seconds = (min(each.ends_at, at + HOUR) - max(each.starts_at, at)).total_seconds()
        if told is not None and seconds >= _A_MINUTE:
            found[told[0], each.number] = int(seconds // _A_MINUTE)
    return found
