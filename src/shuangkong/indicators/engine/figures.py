"""一列数及其成色: a figure of every subject, and what must be known of each before it may count."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from shuangkong.core.fact import Maturity
from shuangkong.indicators.engine.everyone import Flags, Groups, Rows
from shuangkong.indicators.engine.values import decimals, either, gathered, joined, lacks_of, nothing
from shuangkong.policyfile.expression.column import Column
from shuangkong.policyfile.expression.given import Lack

MATURITIES = tuple(Maturity)
#: The maturity of a figure below which nothing was told: more settled than any.
UNTOLD = np.int8(len(MATURITIES))


def _for_all[T: np.generic](values: NDArray[T]) -> NDArray[T]:
    """The same array for many: nobody writes to it."""
    values.flags.writeable = False
    return values


@lru_cache(maxsize=8)
def none_of(size: int) -> Flags:
    """No row."""
    return _for_all(np.zeros(size, dtype=np.bool_))


@dataclass(frozen=True, slots=True, eq=False)
class Standing:
    """成色, of every row: what engine.leaves tells of one figure.

    Attributes:
        maturities: of the least settled fact below, as its place in MATURITIES; UNTOLD where nothing was told.
        is_demo: demonstration data count in it.
        has_doubts: something counts in it that is not verified, or stands in for something else.
    """

    maturities: NDArray[np.int8]
    is_demo: Flags
    has_doubts: Flags

    @classmethod
    @lru_cache(maxsize=8)
    def of_nothing(cls, size: int) -> Standing:
        return cls(_for_all(np.full(size, UNTOLD)), none_of(size), none_of(size))

    def below(self, other: Standing) -> Standing:
        """Of what rests on both."""
        return Standing(
            np.minimum(self.maturities, other.maturities),
            self.is_demo | other.is_demo,
            self.has_doubts | other.has_doubts,
        )

    def doubting(self, rows: Flags | bool) -> Standing:
        """With a doubt of its own in these rows."""
        return Standing(self.maturities, self.is_demo, self.has_doubts | rows)

    def gathered(self, rows: Rows) -> Standing:
        is_there = rows >= 0
        return Standing(
            np.where(is_there, self.maturities[rows], UNTOLD),
            self.is_demo[rows] & is_there,
            self.has_doubts[rows] & is_there,
        )

    def in_groups(self, groups: Groups) -> Standing:
        """Of the whole of each group of rows."""
        return Standing(
            np.minimum.reduceat(self.maturities[groups.rows], groups.starts),
            np.logical_or.reduceat(self.is_demo[groups.rows], groups.starts),
            np.logical_or.reduceat(self.has_doubts[groups.rows], groups.starts),
        )

    def with_rows(self, rows: Rows, found: Standing) -> Standing:
        """``found`` in these rows, in their order."""
        made = Standing(self.maturities.copy(), self.is_demo.copy(), self.has_doubts.copy())
        made.maturities[rows], made.is_demo[rows] = found.maturities, found.is_demo
        made.has_doubts[rows] = found.has_doubts
        return made

    def either(self, is_first: Flags, second: Standing) -> Standing:
        return Standing(
            np.where(is_first, self.maturities, second.maturities),
            np.where(is_first, self.is_demo, second.is_demo),
            np.where(is_first, self.has_doubts, second.has_doubts),
        )


@dataclass(frozen=True, slots=True, eq=False)
class Figures:
    """The figures of one indicator and period; ``is_told``: a fact is the figure itself."""

    column: Column
    standing: Standing
    is_told: Flags

    @classmethod
    @lru_cache(maxsize=8)
    def missing(cls, size: int) -> Figures:
        return cls(nothing(size), Standing.of_nothing(size), none_of(size))

    @property
    def is_missing(self) -> Flags:
        """Also where it is undefined, which is missing to whoever asks for it."""
        return lacks_of(self.column) >= Lack.MISSING

    def either(self, is_first: Flags, second: Figures) -> Figures:
        """Rows of this one where it says so, of ``second`` elsewhere."""
        if is_first.all():
            return self
        if not is_first.any():
            return second
        return Figures(
            either(is_first, self.column, second.column),
            self.standing.either(is_first, second.standing),
            np.where(is_first, self.is_told, second.is_told),
        )

    def gathered(self, rows: Rows) -> Figures:
        """The figures of these rows; missing where a row is −1."""
        return Figures(gathered(self.column, rows), self.standing.gathered(rows), self.is_told[rows] & (rows >= 0))

    def with_rows(self, rows: Rows, found: Figures) -> Figures:
        """``found`` in these rows, in their order."""
        if not len(rows):
            return self
        if self.is_missing.all() and found.is_missing.all():
            is_told = self.is_told.copy()
            is_told[rows] = found.is_told
            return Figures(nothing(len(self.column)), self.standing.with_rows(rows, found.standing), is_told)
        places = np.arange(len(self.column))
        places[rows] = len(self.column) + np.arange(len(rows))
        return stacked((self, found)).gathered(places)


def stacked(columns: Sequence[Figures]) -> Figures:
    """One below the other; their columns are decimals."""
    standing = Standing(
        np.concatenate([each.standing.maturities for each in columns]),
        np.concatenate([each.standing.is_demo for each in columns]),
        np.concatenate([each.standing.has_doubts for each in columns]),
    )
    values = joined([decimals(each.column) for each in columns])
    return Figures(values, standing, np.concatenate([each.is_told for each in columns]))


@dataclass(frozen=True, slots=True, eq=False)
class Told:
    """The facts of one indicator, period and measure.

    Attributes:
        figures: those told, their standing that of the fact alone.
        is_given: told, and not as missing: nothing is computed in its place.
        misfits: told in another unit than the indicator's; they do not count, and are in doubt.
        joined: rows whose figure is made of what was told of those that became them.
    """

    figures: Figures
    is_given: Flags
    misfits: Flags
    joined: Flags | None = None

    @property
    def is_said(self) -> Flags:
        """Where there is a word of it: a fact, or why facts do not join."""
        return self.figures.is_told if self.joined is None else self.figures.is_told | self.joined
