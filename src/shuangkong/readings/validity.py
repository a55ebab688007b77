"""有效: which flags and marks let a reading count, handed in from policy; a mark decides over the flag."""

from __future__ import annotations

from dataclasses import dataclass

from shuangkong.monitoring.mark import Marks
from shuangkong.readings.columns import FLAGS, MARKS


@dataclass(frozen=True, slots=True)
class Validity:
    """Words of ``columns.FLAGS`` and ``columns.MARKS``; what is in neither set of its kind counts as lost."""

    valid_flags: frozenset[str]
    stopped_flags: frozenset[str]
    valid_marks: frozenset[str]
    stopped_marks: frozenset[str]

    def __post_init__(self) -> None:
        for words, known in (
            (self.valid_flags | self.stopped_flags, FLAGS),
            (self.valid_marks | self.stopped_marks, MARKS),
        ):
            if unknown := words - set(known):
                raise ValueError(f"{', '.join(sorted(unknown))}: expected some of {', '.join(known)}")


def validity_of(marks: Marks) -> Validity:
    """What the law says of marks, for those that the store has numbers for, and for what devices send."""
    measured, stopped = marks.measured, marks.stopped
    return Validity(
        valid_flags=frozenset(flag for flag in FLAGS if marks.of_flag(flag) in measured),
        stopped_flags=frozenset(flag for flag in FLAGS if marks.of_flag(flag) in stopped),
        valid_marks=frozenset(map(str, measured)),
        stopped_marks=frozenset(map(str, stopped)),
    )


#: Where no law is at hand: normal data, and data without a flag, count; stopped is told apart from lost.
PLAIN = Validity(
    valid_flags=frozenset({"", "N"}),
    stopped_flags=frozenset({"F"}),
    valid_marks=frozenset({"N"}),
    stopped_marks=frozenset({"F", "St", "Sd", "B"}),
)
