"""列: the figures of one name for all subjects, exact, and quick to compute with.

A column of decimals is whole numbers times one pitch: 123.45 and 6.7 are 12345 and 670 of 0.01. Whatever rounds by a
rule is such a column again. Only a result that no rule rounds is kept as floats with a bound, and knows how to compute
any one of its figures exactly when it is asked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from math import log2

import numpy as np
from numpy.typing import NDArray

from shuangkong.core.fact import State
from shuangkong.policyfile.expression.bounded import ROUNDOFF, Floats, Lacks, Part
from shuangkong.policyfile.expression.given import LACKS, MOST_MAGNITUDE, STATES, Lack, Told, exact, plain, written
from shuangkong.policyfile.expression.magnitude import Magnitude

#: Up to here every whole number is a float.
_WHOLE_FLOATS = 2**53
_LONGEST = 2**63


@dataclass(frozen=True, slots=True, eq=False)
class Decimals:
    """``wholes`` times ``pitch``.

    Attributes:
        wholes: whole numbers, as float64 where all are of at most 2⁵³, else as int64.
        pitch: in the column's unit.
        lacks: Lack of each row, 0 where there is a figure; None: there are figures everywhere.
        beyond: row → whole number that its array cannot hold.
    """

    wholes: NDArray[np.int64] | Floats
    pitch: Fraction
    lacks: Lacks | None = None
    beyond: Mapping[int, int] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.wholes)

    @property
    def magnitude(self) -> Magnitude:
        step = power_of_two(self.pitch)
        most = max(map(abs, self.beyond.values()), default=1)
        return Magnitude.between(step - 1, step + max(64.0, log2(most) + 1))

    def part(self, rows: slice) -> Part:
        wholes = self.wholes[rows]
        lacks = None if self.lacks is None else self.lacks[rows]
        values: Floats = np.asarray(wholes, dtype=np.float64)  # never written to: every operation makes its own
        relative = 0.0 if wholes.dtype == np.float64 else ROUNDOFF
        if self.beyond:
            values = self._with_beyond(values, rows)
            relative = ROUNDOFF
        if self.pitch != 1:
            values = values * float(self.pitch)
            relative += 2 * ROUNDOFF
        return Part(values, relative, None, lacks)

    def _with_beyond(self, values: Floats, rows: slice) -> Floats:
        found = values.copy()
        starts = rows.start or 0
        for row, whole in self.beyond.items():
            if starts <= row < starts + len(found):
                found[row - starts] = float(whole)
        return found

    def exactly(self, row: int) -> Fraction | Lack:
        if self.lacks is not None and self.lacks[row]:
            return Lack(int(self.lacks[row]))
        whole = self.beyond.get(row)
        return (int(self.wholes[row]) if whole is None else whole) * self.pitch


@dataclass(frozen=True, slots=True, eq=False)
class Floating:
    """Results that no rule rounds: ``values`` within a bound, and ``exactly`` each when asked."""

    values: Floats
    relative: float
    absolute: Floats | None
    lacks: Lacks | None
    magnitude: Magnitude
    compute: Callable[[int], Fraction | Lack]

    def __len__(self) -> int:
        return len(self.values)

    def part(self, rows: slice) -> Part:
        absolute = None if self.absolute is None else self.absolute[rows]
        lacks = None if self.lacks is None else self.lacks[rows]
        return Part(self.values[rows], self.relative, absolute, lacks)

    def exactly(self, row: int) -> Fraction | Lack:
        """As the row evaluator writes it down: to 34 digits."""
        found = self.compute(row)
        return found if isinstance(found, Lack) else Fraction(written(found))


type Column = Decimals | Floating


def told(figures: Sequence[Told]) -> Decimals:
    """A column of told figures; raises ValueError where one is not finite."""
    places = 0
    for figure in figures:
        if isinstance(figure, Decimal) and figure:
            exact(figure)
            exponent = figure.normalize().as_tuple().exponent
            places = max(places, -exponent if isinstance(exponent, int) else 0)
    wholes = np.zeros(len(figures), dtype=np.int64)
    lacks = np.zeros(len(figures), dtype=np.int8)
    beyond: dict[int, int] = {}
    for row, figure in enumerate(figures):
        if isinstance(figure, State):
            lacks[row] = LACKS[figure]
            continue
        whole = int(exact(figure) * 10**places)
        if -_LONGEST <= whole < _LONGEST:
            wholes[row] = whole
        else:
            beyond[row] = whole
    return Decimals(_shortest(wholes), Fraction(1, 10**places), lacks if lacks.any() else None, beyond)


def scaled(wholes: NDArray[np.int64], places: int, lacks: Lacks | None = None) -> Decimals:
    """Whole numbers of 10⁻ᵖˡᵃᶜᵉˢ, as tables and Parquet hold decimals; raises ValueError beyond all magnitudes."""
    if abs(places) > MOST_MAGNITUDE:
        raise ValueError(f"{places} places: expected at most {MOST_MAGNITUDE}")
    return Decimals(_shortest(wholes), Fraction(10) ** -places, lacks)


def figures(column: Column) -> Iterator[Told]:
    """Every figure as the row evaluator writes it, or its state."""
    for row in range(len(column)):
        found = column.exactly(row)
        yield STATES[found] if isinstance(found, Lack) else plain(found)


def constant(value: Fraction) -> Part:
    """One number for all rows."""
    near = float(value)
    return Part(near, 0.0 if Fraction(near) == value else ROUNDOFF)


def _shortest(wholes: NDArray[np.int64]) -> NDArray[np.int64] | Floats:
    """As floats where that loses nothing: they are what is computed with."""
    is_long = len(wholes) and (wholes.max() > _WHOLE_FLOATS or wholes.min() < -_WHOLE_FLOATS)
    return wholes.astype(np.int64) if is_long else wholes.astype(np.float64)


def power_of_two(value: Fraction) -> float:
    """log₂ of a positive fraction of any size."""
    return _log2(value.numerator) - _log2(value.denominator)


def _log2(value: int) -> float:
    shift = max(0, value.bit_length() - 64)
    return log2(value >> shift) + shift
