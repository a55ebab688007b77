"""同形的报文: data areas of one shape, gathered and matched many at a time; their figures and times as columns."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pyarrow as pa

#: So many data areas are matched in one step; one that does not fit sends all of them the slow way.
_TOGETHER = 128


@dataclass(slots=True)
class Gathered[Sender]:
    """Rows of one shape while the bodies are gone through; the lists go together."""

    frames: list[int] = field(default_factory=list)
    senders: list[Sender] = field(default_factory=list)
    areas: list[bytes] = field(default_factory=list)
    figures: list[tuple[bytes, ...]] = field(default_factory=list)

    def add(self, at: int, sender: Sender, figures: tuple[bytes, ...]) -> None:
        """One more that is matched already."""
        self.frames.append(at)
        self.senders.append(sender)
        self.figures.append(figures)

    def match(self, pattern: re.Pattern[bytes], lines: re.Pattern[bytes]) -> list[int]:
        """Takes the figures out of all areas; those that are not of the shape are taken away and told."""
        strange = list[int]()
        for start in range(0, len(self.areas), _TOGETHER):
            areas = self.areas[start : start + _TOGETHER]
            told = b"\n".join((*areas, b""))
            # An area that holds a line's end would count for two.
            found = lines.findall(told) if told.count(b"\n") == len(areas) else ()
            if len(found) == len(areas):
                # Of a shape with its time alone they are told bare.
                self.figures += found if pattern.groups > 1 else [(each,) for each in found]
                continue
            for row, area in enumerate(areas, start):
                one = pattern.fullmatch(area)
                if one is None:
                    strange.append(row)
                else:
                    self.figures.append(one.groups())
        self.areas.clear()
        if not strange:
            return []
        told_strange = [self.frames[row] for row in strange]
        others = sorted({*range(len(self.frames))} - {*strange})
        self.frames = [self.frames[row] for row in others]
        self.senders = [self.senders[row] for row in others]
        return told_strange


def floats(figures: list[bytes]) -> npt.NDArray[np.float64]:
    """The nearest number of each figure."""
    try:
        told = pa.array(figures, pa.binary()).cast(pa.string()).cast(pa.float64())
    except pa.ArrowInvalid:
        # A form that it does not know, such as one with a plus.
        return np.fromiter(map(float, figures), np.float64, len(figures))
    return np.array(told.to_numpy())


def times(digits: npt.NDArray[np.int64]) -> tuple[npt.NDArray[np.datetime64], npt.NDArray[np.bool_]]:
    """Fourteen digits as times, and which of them are times."""
    clock, calendar = digits % 1_000_000, digits // 1_000_000
    year, month, day = calendar // 10_000, calendar // 100 % 100, calendar % 100
    hour, minute, second = clock // 10_000, clock // 100 % 100, clock % 100
    is_time = (year >= 1) & (month >= 1) & (month <= 12) & (hour <= 23) & (minute <= 59) & (second <= 59)
    months = ((year - 1_970) * 12 + np.clip(month, 1, 12) - 1).astype("datetime64[M]")
    days = months.astype("datetime64[D]") + (day - 1)
    is_time &= (day >= 1) & (days.astype("datetime64[M]") == months)
    seconds = (hour * 3600 + minute * 60 + second).astype("timedelta64[s]")
    return days.astype("datetime64[s]") + seconds, is_time
