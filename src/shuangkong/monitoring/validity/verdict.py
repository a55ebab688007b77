"""有效性判定: whether a span of data is valid, how many parts were due, and why it is not."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum

from shuangkong.core.finding import Message
from shuangkong.core.trace import Clause
from shuangkong.monitoring.mark import Counts, Mark, Marks
from shuangkong.monitoring.reading import Span
from shuangkong.monitoring.validity.rule import ValidityRule

_HUNDRED = Decimal(100)


class Why(StrEnum):
    """Why a span is not valid, or was not judged."""

    NOTHING = "nothing"  # not a single datum came
    TOO_FEW = "too_few"
    STOPPED = "stopped"  # the source stood still all the time: nothing was due
    NO_RULE = "no_rule"
    WINDOWS = "windows"  # of ozone: too few of its means of eight hours hold
    PART = "part"  # it was on the register in a part of the span only: too little of it to be judged


WHYS: Mapping[Why, Message] = {
    Why.NOTHING: Message("没有收到数据", "No data came"),
    Why.TOO_FEW: Message("有效数据不足", "Too little valid data"),
    Why.STOPPED: Message("全时段停运，不应有数据", "Stopped all the time: nothing was due"),
    Why.NO_RULE: Message("该日没有生效的有效性规定", "No rule of validity in force"),
    Why.WINDOWS: Message("有效的8小时平均不足", "Too few valid means of eight hours"),
    Why.PART: Message("当日只登记了一部分，不判", "Registered for a part of the day: not judged"),
}


@dataclass(frozen=True, slots=True)
class Tally:
    """Parts of a span by what they count as.

    Attributes:
        due: all that the calendar has (60 minutes, 24 hours, the days of a month), stopped ones included.
        lost: mark → how many; what did not come at all counts as MISSING. ``due`` is the sum of all.
    """

    due: int
    measured: int
    stopped: int
    lost: Mapping[Mark, int] = field(default_factory=dict)

    @property
    def running(self) -> int:
        """Due while the source ran: the denominator of the capture rate."""
        return self.due - self.stopped

    @property
    def capture_pct(self) -> Decimal | None:
        """有效数据捕集率: measured of those due while it ran, in %; None where it stood still all the time."""
        return self.measured * _HUNDRED / self.running if self.running > 0 else None


@dataclass(frozen=True, slots=True)
class Verdict:
    """Of one span of one point.

    Attributes:
        is_valid: None: not judged (STOPPED, NO_RULE, PART).
        mark: of an hour or a day the mark that it bears as a whole; None for longer spans.
        clause: the rule; None where there is none.
    """

    span: Span
    starts: date
    tally: Tally
    is_valid: bool | None
    why: Why | None
    clause: Clause | None
    mark: Mark | None = None

    def words(self, names: Mapping[Mark, Message]) -> Message | None:
        """Why it is not valid, with what was lost to what; None where it is valid."""
        if self.why is None:
            return None
        parts = [(names[mark], count) for mark, count in self.tally.lost.items() if count]
        parts += [(names[Mark.STOPPED], self.tally.stopped)] if self.tally.stopped else []
        zh = "、".join(f"{name.zh} {count}" for name, count in parts)
        en = ", ".join(f"{name.en} {count}" for name, count in parts)
        counted = f"{self.tally.measured}/{self.tally.running}"
        what = WHYS[self.why]
        return Message(
            f"{what.zh}：有效 {counted}" + (f"（{zh}）" if zh else ""),
            f"{what.en}: valid {counted}" + (f" ({en})" if en else ""),
        )


def tally(counts: Mapping[Mark, int], due: int, marks: Marks) -> Tally:
    """Gathers counts by mark; what of ``due`` is not among them is missing.

    Raises:
        ValueError: more were counted than are due, or a count is below zero.
    """
    told = sum(counts.values())
    if told > due or any(count < 0 for count in counts.values()):
        raise ValueError(f"{dict(counts)}: expected counts that add up to at most {due}")
    by = {each: sum(counts.get(mark, 0) for mark in marks.counting(each)) for each in Counts}
    lost = {mark: counts.get(mark, 0) for mark in Mark if mark in marks.counting(Counts.LOST)}
    lost[Mark.MISSING] = lost.get(Mark.MISSING, 0) + due - told
    return Tally(due, by[Counts.MEASURED], by[Counts.STOPPED], {mark: n for mark, n in lost.items() if n})


def judged(span: Span, starts: date, found: Tally, rule: ValidityRule | None, mark: Mark | None = None) -> Verdict:
    """Holds a tally against the rule in force."""
    is_valid, why = _outcome(found, rule)
    return Verdict(span, starts, found, is_valid, why, rule.ground.clause if rule else None, mark)


def _outcome(found: Tally, rule: ValidityRule | None) -> tuple[bool | None, Why | None]:
    if rule is None:
        return None, Why.NO_RULE
    if found.running <= 0:
        return None, Why.STOPPED
    if rule.least is not None and found.due < rule.least:
        return None, Why.PART
    if is_enough(found, rule):
        return True, None
    is_silent = not found.measured and set(found.lost) <= {Mark.MISSING}
    return False, Why.NOTHING if is_silent else Why.TOO_FEW


def is_enough(found: Tally, rule: ValidityRule) -> bool:
    """Whether a tally satisfies a rule; nothing due is not enough."""
    if rule.least is not None:
        return found.measured >= rule.least
    share = rule.least_share_pct
    return share is not None and found.running > 0 and found.measured * _HUNDRED >= share * found.running


def merged(tallies: Iterable[Tally]) -> Tally:
    """The parts of several spans together (the hours of the days of a quarter)."""
    due = measured = stopped = 0
    lost: dict[Mark, int] = {}
    for each in tallies:
        due, measured, stopped = due + each.due, measured + each.measured, stopped + each.stopped
        for mark, count in each.lost.items():
            lost[mark] = lost.get(mark, 0) + count
    return Tally(due, measured, stopped, lost)
