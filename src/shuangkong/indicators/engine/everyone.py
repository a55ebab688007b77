"""全部对象: everyone that columns speak of, numbered, with who is part of whom."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from shuangkong.core.fact import Subject
from shuangkong.indicators.graph import Subjects, sector_of

type Rows = NDArray[np.int64]
type Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Groups:
    """Rows in groups one after the other; ``starts``: where each begins. No group is empty."""

    rows: Rows
    starts: Rows


@dataclass(frozen=True, slots=True, eq=False)
class Level:
    """Wholes none of which is part of another of them, and the parts of each, in their order."""

    wholes: Rows
    parts: Groups


@dataclass(frozen=True)
class Everyone:
    """``subjects`` by row; ``whole``: the row of what each is part of, −1 at the top; ``parts`` directly below each."""

    subjects: tuple[Subject, ...]
    whole: Rows
    parts: tuple[Rows, ...]

    @classmethod
    def of(cls, known: Iterable[Subject], subjects: Subjects) -> Everyone:
        """Those known with all that they are part of, and all parts of these."""
        found = dict.fromkeys(known)
        wholes: dict[Subject, Subject | None] = {}
        parts: dict[Subject, tuple[Subject, ...]] = {}
        waiting = list(found)
        while waiting:
            here = waiting.pop()
            whole, below = subjects.whole(here), tuple(subjects.parts(here))
            wholes[here], parts[here] = whole, below
            fresh = [each for each in (*below, *([whole] if whole else ())) if each not in found]
            found |= dict.fromkeys(fresh)
            waiting += fresh
        rows = {subject: row for row, subject in enumerate(sorted(found))}
        above = (wholes[subject] for subject in rows)
        return cls(
            tuple(rows),
            np.array([-1 if each is None else rows[each] for each in above], dtype=np.int64),
            tuple(np.array([rows[each] for each in parts[subject]], dtype=np.int64) for subject in rows),
        )

    def __len__(self) -> int:
        return len(self.subjects)

    @cached_property
    def rows(self) -> dict[Subject, int]:
        return {subject: row for row, subject in enumerate(self.subjects)}

    def sectors(self, code: str) -> Rows:
        """The row of one industry of each, −1 where nobody has heard of it."""
        if code not in self._sectors:
            wanted = (sector_of(subject, code) for subject in self.subjects)
            rows = [-1 if each is None else self.rows.get(each, -1) for each in wanted]
            self._sectors[code] = np.array(rows, dtype=np.int64)
        return self._sectors[code]

    @cached_property
    def _sectors(self) -> dict[str, Rows]:
        return {}

    @cached_property
    def levels(self) -> tuple[Level, ...]:
        """Those that have parts, from the lowest up: whoever is computed finds its parts computed."""
        heights: dict[int, int] = {}
        waiting = [row for row, below in enumerate(self.parts) if len(below)]
        while waiting:
            row = waiting[-1]
            below = [int(part) for part in self.parts[row] if len(self.parts[part])]
            lacking = [part for part in below if part not in heights]
            if lacking:
                waiting += lacking
                continue
            heights[row] = 1 + max((heights[part] for part in below), default=0)
            waiting.pop()
        by_height: dict[int, list[int]] = {}
        for row, height in sorted(heights.items()):
            by_height.setdefault(height, []).append(row)
        return tuple(self._level(rows) for _, rows in sorted(by_height.items()))

    def _level(self, rows: list[int]) -> Level:
        parts = [self.parts[row] for row in rows]
        starts = np.cumsum([0, *(len(below) for below in parts[:-1])])
        return Level(np.array(rows, dtype=np.int64), Groups(np.concatenate(parts), starts))

    def with_wholes(self, rows: Flags) -> Flags:
        """These and whatever they are part of."""
        reached = rows.copy()
        while True:
            above = self.whole[np.flatnonzero(reached)]
            above = above[above >= 0]
            if reached[above].all():
                return reached
            reached[above] = True
