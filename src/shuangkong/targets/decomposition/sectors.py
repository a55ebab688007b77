"""行业、部门指标表: a table that gives each sector or department an indicator of its own, and what its figures imply.

A row prints some of a base, a level to be reached and a change; a change in brackets is a rate in per cent, a bare one
a difference in the unit of the row. Two of them give the third. Rows of different indicators are never added: each is
held against itself, by the digits that it is printed with.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from shuangkong.core.finding import Finding
from shuangkong.targets.decomposition.remarks import Remarks

HUNDRED, HALF = Decimal(100), Decimal("0.5")


@dataclass(frozen=True, slots=True)
class SectorLine:
    """One row; None where it prints nothing. A change below zero is a fall: ``rate`` in %, the rest in ``unit``."""

    sector: str
    name: str
    unit: str
    base: Decimal | None = None
    level: Decimal | None = None
    rate: Decimal | None = None
    difference: Decimal | None = None


@dataclass(frozen=True, slots=True)
class SectorImplied:
    """The same row with what follows from what is printed; None where that is too little."""

    level: Decimal | None
    rate: Decimal | None
    difference: Decimal | None
    findings: tuple[Finding, ...]


def sector_implied(line: SectorLine, remarks: Remarks) -> SectorImplied:
    """A printed level stands; else the base moved by the change. The changes are those from base to level."""
    level = _level(line)
    if line.base is None or level is None:
        return SectorImplied(level, line.rate, line.difference, tuple(_lacking(line, remarks)))
    difference = level - line.base
    rate = difference / line.base * HUNDRED if line.base else None
    return SectorImplied(level, rate, difference, tuple(_apart(line, rate, difference, remarks)))


def _level(line: SectorLine) -> Decimal | None:
    if line.level is not None or line.base is None:
        return line.level
    if line.difference is not None:
        return line.base + line.difference
    return None if line.rate is None else line.base * (1 + line.rate / HUNDRED)


def _lacking(line: SectorLine, remarks: Remarks) -> Iterator[Finding]:
    """A rate without a base can be followed, but no level can be formed."""
    if line.rate is not None and line.base is None:
        yield remarks.finding("TGT-017", line.name, sector=line.sector or "—", name=line.name, found=line.rate)


def _apart(line: SectorLine, rate: Decimal | None, difference: Decimal, remarks: Remarks) -> Iterator[Finding]:
    """A printed change that base and level do not bear out, beyond what the digits of all three can hide."""
    if line.level is None or line.base is None:
        return
    blur = _half_digit(line.level) + _half_digit(line.base)
    told = {"sector": line.sector or "—", "name": line.name, "base": line.base, "level": line.level}
    if line.difference is not None and abs(line.difference - difference) > blur + _half_digit(line.difference):
        yield remarks.finding("TGT-016", line.name, found=line.difference, expected=difference, unit=line.unit, **told)
    if line.rate is not None and rate is not None:
        hidden = blur / abs(line.base) * HUNDRED + _half_digit(line.rate)
        if abs(line.rate - rate) > hidden:
            yield remarks.finding("TGT-016", line.name, found=line.rate, expected=rate, unit="%", **told)


def _half_digit(printed: Decimal) -> Decimal:
    """Half a unit of the last digit printed."""
    return HALF.scaleb(int(printed.as_tuple().exponent))
