"""列的合成: columns gathered, put side by side and added up, without losing a digit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from functools import cache, lru_cache
from math import gcd

import numpy as np
from numpy.typing import NDArray

from shuangkong.core.fact import State
from shuangkong.indicators.engine.everyone import Flags, Groups, Rows
from shuangkong.indicators.engine.parts import put_together
from shuangkong.indicators.formula import Aggregation
from shuangkong.policyfile.expression.bounded import ROUNDOFF, WHOLE_FLOATS, Floats, Lacks, Part, Values
from shuangkong.policyfile.expression.column import Column, Decimals, Floating, told
from shuangkong.policyfile.expression.given import STATES, Lack, Told, plain
from shuangkong.policyfile.expression.magnitude import BeyondFloats

type Wholes = NDArray[np.int64]

_MISSING = np.int8(Lack.MISSING)
#: Whole numbers below it are added and multiplied without a look at what 64 bits hold.
_SAFE = 2.0**62
_UNIT = Fraction(1)


@lru_cache(maxsize=8)
def nothing(size: int) -> Decimals:
    """A column in which every figure is missing: one for all that have none."""
    wholes, lacks = np.zeros(size), np.full(size, _MISSING)
    wholes.flags.writeable = lacks.flags.writeable = False
    return Decimals(wholes, _UNIT, 0.0, lacks)


def lacks_of(column: Column) -> Lacks:
    """Lack of each row, 0 where there is a figure."""
    return np.zeros(len(column), dtype=np.int8) if column.lacks is None else column.lacks


def told_at(column: Column, row: int) -> Told:
    """The figure of a row as the row evaluator takes it."""
    found = column.exactly(row)
    return STATES[found] if isinstance(found, Lack) else plain(found)


def written_at(column: Column, rows: Rows) -> Sequence[Decimal]:
    """The figures of rows that have one, as the row evaluator takes them."""
    if isinstance(column, Floating):
        return column.write(rows)
    exact = (column.exactly(row) for row in rows.tolist())
    return [plain(figure) for figure in exact if not isinstance(figure, Lack)]


def remembered(column: Column) -> Column:
    """The same, each figure that is asked for computed exactly but once: others rest on it, and others on these."""
    if isinstance(column, Decimals):
        return column
    known, is_known = np.full(len(column), None, dtype=np.object_), np.zeros(len(column), dtype=np.bool_)

    def write(rows: Rows) -> list[Decimal]:
        lacking = rows[~is_known[rows]]
        known[lacking], is_known[lacking] = column.write(lacking), True
        found: list[Decimal] = known[rows].tolist()
        return found

    return replace(column, compute=cache(column.compute), write=write)


def gathered(column: Column, rows: Rows) -> Column:
    """The figures of these rows, in their order; missing where a row is −1."""
    is_absent = rows < 0
    lacks = lacks_of(column)[rows]
    lacks = np.where(is_absent, _MISSING, lacks)
    if isinstance(column, Decimals):
        found = {}
        if column.beyond:
            found = {at: column.beyond[int(row)] for at, row in enumerate(rows) if int(row) in column.beyond}
        return Decimals(column.wholes[rows], column.pitch, column.most, _or_none(lacks), found)
    absolute = None if column.absolute is None else column.absolute[rows]

    def compute(row: int) -> Fraction | Lack:
        return Lack.MISSING if is_absent[row] else column.compute(int(rows[row]))

    def write(places: Rows) -> Sequence[Decimal]:
        return column.write(rows[places])

    return Floating(column.values[rows], column.relative, absolute, _or_none(lacks), column.magnitude, compute, write)


def either(is_first: Flags, first: Column, second: Column) -> Column:
    """Rows of ``first`` where it says so, of ``second`` elsewhere."""
    if first is second or is_first.all():
        return first
    if not is_first.any():
        return second
    lacks = np.where(is_first, lacks_of(first), lacks_of(second))
    if isinstance(first, Decimals) and isinstance(second, Decimals):
        one, other, pitch = _alike(first, is_first, second, ~is_first)
        if one is not None and other is not None:
            return _decimals(np.where(is_first, one, other), pitch, lacks)
        return told([told_at(first if flag else second, row) for row, flag in enumerate(is_first)])
    return _either_floating(is_first, first, second, lacks)


def _either_floating(is_first: Flags, first: Column, second: Column, lacks: Lacks) -> Floating:
    rows = slice(0, len(is_first))

    def compute(row: int) -> Fraction | Lack:
        return (first if is_first[row] else second).exactly(row)

    def write(rows: Rows) -> list[Decimal]:
        of_first = is_first[rows]
        one, other = iter(written_at(first, rows[of_first])), iter(written_at(second, rows[~of_first]))
        return [next(one if flag else other) for flag in of_first.tolist()]

    try:
        one, other = (_in_units(column.part(rows)) for column in (first, second))
    except BeyondFloats:
        return Floating(np.zeros(len(is_first)), 0.0, None, _or_none(lacks), None, compute, write)
    absolute: Floats | None = None
    if one.absolute is not None or other.absolute is not None:
        absolute = np.where(is_first, _or_zero(one.absolute), _or_zero(other.absolute))
    values = np.where(is_first, one.values, other.values)
    # What the rows of either are rounded to when they are written (34 digits) is far below a float's last digit.
    relative = max(one.relative, other.relative) + ROUNDOFF
    return Floating(values, relative, absolute, _or_none(lacks), one.magnitude.beside(other.magnitude), compute, write)


def _in_units(part: Part) -> Part:
    """The same numbers times one."""
    return part.scaled(part.unit)


def decimals(column: Column) -> Decimals:
    """The column as whole numbers of one pitch, which facts and their sums always are."""
    return column if isinstance(column, Decimals) else told([told_at(column, row) for row in range(len(column))])


def joined(columns: Sequence[Decimals]) -> Decimals:
    """One column below the other."""
    lacks = np.concatenate([lacks_of(column) for column in columns])
    pitch = _common([column.pitch for column in columns if _has_figures(column)])
    parts = [_at(column, pitch) for column in columns]
    sound = [part for part in parts if part is not None]
    if len(sound) == len(parts):
        return _decimals(np.concatenate(sound), pitch, lacks)
    return told([told_at(column, row) for column in columns for row in range(len(column))])


def put_together_in_groups(way: Aggregation, column: Decimals, groups: Groups) -> tuple[Decimals, int]:
    """The whole of each group of rows, as engine.parts.put_together has it, and how many were added one by one."""
    parts = gathered(column, groups.rows)
    lacks = lacks_of(parts)
    applies = lacks != Lack.NOT_APPLICABLE
    worst = np.maximum.reduceat(np.where(applies, lacks, np.int8(0)), groups.starts)
    is_applied = np.logical_or.reduceat(applies, groups.starts)
    found_lacks = np.where(is_applied, worst, np.int8(Lack.NOT_APPLICABLE))
    wholes = _at(column, column.pitch)
    if wholes is not None and way is not Aggregation.MEAN:
        counted = np.where(lacks == 0, wholes[groups.rows], 0)
        sizes = np.add.reduceat(np.abs(counted.astype(np.float64)), groups.starts)
        if sizes.max(initial=0.0) < _SAFE:
            return _decimals(np.add.reduceat(counted, groups.starts), column.pitch, found_lacks), 0
    return _one_by_one(way, column, groups, found_lacks)


def put_together_in_rows(way: Aggregation, columns: Sequence[Decimals]) -> Decimals | None:
    """The whole of each row over columns side by side; None where its figures are to be added one by one."""
    lacks = [lacks_of(column) for column in columns]
    applies = [each != Lack.NOT_APPLICABLE for each in lacks]
    worst = np.maximum.reduce([np.where(flags, each, np.int8(0)) for flags, each in zip(applies, lacks, strict=True)])
    found_lacks = np.where(np.logical_or.reduce(applies), worst, np.int8(Lack.NOT_APPLICABLE))
    counted = found_lacks == 0
    if not counted.any():
        return Decimals(np.zeros(len(found_lacks)), _UNIT, 0.0, found_lacks)
    if way is Aggregation.MEAN:
        return None
    pitch = _common([column.pitch for column in columns if _has_figures(column, counted)])
    wholes = [_at(column, pitch, counted) for column in columns]
    sound = [
        np.where(counted & (each == 0), one, 0) for one, each in zip(wholes, lacks, strict=True) if one is not None
    ]
    sizes = np.add.reduce([np.abs(each.astype(np.float64)) for each in sound])
    if len(sound) < len(wholes) or sizes.max(initial=0.0) >= _SAFE:
        return None
    return _decimals(np.add.reduce(sound), pitch, found_lacks)


def _one_by_one(way: Aggregation, column: Decimals, groups: Groups, lacks: Lacks) -> tuple[Decimals, int]:
    """Means, whose quotients are written with 34 digits, and sums beyond 64 bits."""
    ends = [*groups.starts[1:].tolist(), len(groups.rows)]
    made: list[Told] = []
    for start, end, lack in zip(groups.starts.tolist(), ends, lacks.tolist(), strict=True):
        if lack:
            made.append(STATES[Lack(lack)])
        else:
            made.append(put_together(way, tuple(told_at(column, int(row)) for row in groups.rows[start:end])))
    return told(made), int((lacks == 0).sum())


def _decimals(wholes: Wholes, pitch: Fraction, lacks: Lacks) -> Decimals:
    counted = np.where(lacks == 0, wholes, 0)
    most = float(max(abs(int(counted.max())), abs(int(counted.min())))) if len(counted) else 0.0
    kept = counted.astype(np.float64) if most < WHOLE_FLOATS else counted
    return Decimals(kept, pitch, most, _or_none(lacks))


def _alike(
    first: Decimals, of_first: Flags, second: Decimals, of_second: Flags
) -> tuple[Wholes | None, Wholes | None, Fraction]:
    """Both as whole numbers of one pitch, as far as their rows count; None where 64 bits do not hold them."""
    pitch = _common(
        [column.pitch for column, rows in ((first, of_first), (second, of_second)) if _has_figures(column, rows)]
    )
    return _at(first, pitch, of_first), _at(second, pitch, of_second), pitch


def _at(column: Decimals, pitch: Fraction, rows: Flags | None = None) -> Wholes | None:
    """Its whole numbers in a pitch that divides its own; None where 64 bits do not hold them."""
    has = lacks_of(column) == 0
    has = has if rows is None else has & rows
    if any(has[row] for row in column.beyond):
        return None
    wholes = np.where(has, column.wholes, 0)
    if not wholes.any():
        return np.zeros(len(column), dtype=np.int64)
    factor = column.pitch / pitch
    if factor >= _SAFE or float(np.abs(wholes.astype(np.float64)).max()) * float(factor) >= _SAFE:
        return None
    return wholes.astype(np.int64) * factor.numerator


def _has_figures(column: Decimals, rows: Flags | None = None) -> bool:
    has = lacks_of(column) == 0
    return bool((has if rows is None else has & rows).any())


def _common(pitches: Sequence[Fraction]) -> Fraction:
    """The greatest that divides them all."""
    found = Fraction(0)
    for pitch in pitches:
        numerator = gcd(found.numerator * pitch.denominator, pitch.numerator * found.denominator)
        found = Fraction(numerator, found.denominator * pitch.denominator)
    return found or _UNIT


def _or_none(lacks: Lacks) -> Lacks | None:
    return lacks if lacks.any() else None


def _or_zero(bound: Values | None) -> Values:
    return 0.0 if bound is None else bound


def of_one(value: Decimal | State, size: int) -> Column:
    """The same figure everywhere."""
    return gathered(told([value]), np.zeros(size, dtype=np.int64))
