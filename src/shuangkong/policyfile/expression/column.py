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
from math import inf

import numpy as np
from numpy.typing import NDArray

from shuangkong.core.fact import State
from shuangkong.core.rounding import WIDE
from shuangkong.policyfile.expression.bounded import ROUNDOFF, WHOLE_FLOATS, Floats, Lacks, Part
from shuangkong.policyfile.expression.given import LACKS, MOST_MAGNITUDE, STATES, Lack, Told, exact, plain, written
from shuangkong.policyfile.expression.magnitude import BeyondFloats, Magnitude

_LONGEST = 2**63
_UNIT = Fraction(1)


@dataclass(frozen=True, slots=True, eq=False)
class Decimals:
    """``wholes`` times ``pitch``.

    Attributes:
        wholes: whole numbers, as float64 where all are below 2⁵³, else as int64.
        pitch: in the column's unit.
        most: no whole number is greater.
        lacks: Lack of each row, 0 where there is a figure; None: there are figures everywhere.
        beyond: row → whole number that its array cannot hold.
    """

    wholes: NDArray[np.int64] | Floats
    pitch: Fraction
    most: float = float(WHOLE_FLOATS)
    lacks: Lacks | None = None
    beyond: Mapping[int, int] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.wholes)

    def part(self, rows: slice) -> Part:
        """The rows as bounded floats, whole ones where they are."""
        lacks = None if self.lacks is None else self.lacks[rows]
        wholes = self.wholes[rows]
        if wholes.dtype == np.float64 and not self.beyond:
            return Part(np.asarray(wholes, dtype=np.float64), self.pitch, self.most, 0.0, None, lacks)
        values = self._with_beyond(wholes.astype(np.float64), rows)
        bits = max((abs(whole).bit_length() for whole in self.beyond.values()), default=64)
        magnitude = Magnitude(0, 0, max(64, bits))
        return Part(values, self.pitch, inf, ROUNDOFF, None, lacks, magnitude)

    def _with_beyond(self, values: Floats, rows: slice) -> Floats:
        starts = rows.start or 0
        for row, whole in self.beyond.items():
            if starts <= row < starts + len(values):
                values[row - starts] = float(whole)
        return values

    def exactly(self, row: int) -> Fraction | Lack:
        if self.lacks is not None and self.lacks[row]:
            return Lack(int(self.lacks[row]))
        whole = self.beyond.get(row)
        return (int(self.wholes[row]) if whole is None else whole) * self.pitch


@dataclass(frozen=True, slots=True, eq=False)
class Floating:
    """Results that no rule rounds: ``values`` within a bound, and ``exactly`` each when asked.

    Attributes:
        magnitude: None: some are beyond floats.
        compute: the exact figure of a row.
        write: those of rows that have one, as the row evaluator writes them down: to 34 digits.
    """

    values: Floats
    relative: float
    absolute: Floats | None
    lacks: Lacks | None
    magnitude: Magnitude | None
    compute: Callable[[int], Fraction | Lack]
    write: Callable[[NDArray[np.int64]], Sequence[Decimal]]

    def __len__(self) -> int:
        return len(self.values)

    def part(self, rows: slice) -> Part:
        """The rows with their bounds; raises BeyondFloats."""
        if self.magnitude is None:
            raise BeyondFloats
        absolute = None if self.absolute is None else self.absolute[rows]
        lacks = None if self.lacks is None else self.lacks[rows]
        return Part(self.values[rows], _UNIT, inf, self.relative, absolute, lacks, self.magnitude)

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
            exponent = figure.normalize(WIDE).as_tuple().exponent
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
    most = _most(wholes)
    return Decimals(_shortest(wholes, most), Fraction(1, 10**places), most, lacks if lacks.any() else None, beyond)


def scaled(wholes: NDArray[np.int64], places: int, lacks: Lacks | None = None) -> Decimals:
    """Whole numbers of 10⁻ᵖˡᵃᶜᵉˢ, as tables and Parquet hold decimals; raises ValueError beyond all magnitudes."""
    if abs(places) > MOST_MAGNITUDE:
        raise ValueError(f"{places} places: expected at most {MOST_MAGNITUDE}")
    most = _most(wholes)
    return Decimals(_shortest(wholes, most), Fraction(10) ** -places, most, lacks)


def figures(column: Column) -> Iterator[Told]:
    """Every figure as the row evaluator writes it, or its state."""
    for row in range(len(column)):
        found = column.exactly(row)
        yield STATES[found] if isinstance(found, Lack) else plain(found)


def _most(wholes: NDArray[np.int64]) -> float:
    return float(max(abs(int(wholes.max())), abs(int(wholes.min())))) if len(wholes) else 0.0


def _shortest(wholes: NDArray[np.int64], most: float) -> NDArray[np.int64] | Floats:
    """As floats where that loses nothing: they are what is computed with."""
    return wholes.astype(np.float64) if most < WHOLE_FLOATS else wholes.astype(np.int64)
