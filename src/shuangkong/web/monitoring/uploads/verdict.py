"""收数的结果: what became of an upload, part by part, and what was left out of it with why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from shuangkong.core.finding import Message

#: A period that begins later than this from now has not been: the sender's clock is wrong.
AHEAD = timedelta(minutes=10)
#: Said of at most so many outlets and factors.
MOST_NAMED = 100
AHEAD_CODE = "MON-224"
AHEAD_SAID = Message(
    f"时间晚于现在 {AHEAD.seconds // 60} 分钟以上，没有入库。请校准时钟后重报。",
    f"More than {AHEAD.seconds // 60} minutes after now: not stored. Set the clock and send them again.",
)


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Readings of one outlet and factor, as named, that were not taken, and why.

    ``place``: where the first of them stands, in a file that names its places; else "".
    """

    outlet: str
    factor: str
    rows: int
    code: str
    message: Message
    place: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """A batch of the upload: the first of its rows, from 1 on, how many they are, how many were kept."""

    row: int
    rows: int
    kept: int


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of an upload; ``times`` sent, ``parts`` in their order, the first ``MOST_NAMED`` left out."""

    number: int
    digest: str
    times: int
    parts: tuple[Part, ...]
    left_out: tuple[LeftOut, ...]

    @property
    def rows(self) -> int:
        return sum(each.rows for each in self.parts)

    @property
    def kept(self) -> int:
        return sum(each.kept for each in self.parts)
