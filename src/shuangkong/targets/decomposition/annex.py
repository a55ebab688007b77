"""附表: the decomposition that a document prints, and what it implies without saying so.

A table gives some of base, rate, increment and project tonnage for each receiver. Held against the whole it tells what
is under nobody (sources left out, an increment not shared out), what the sources left out must then do, whether
projects alone bring what the rate asks, and which growth the pair of an intensity and a total allows.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from shuangkong.core.finding import Finding
from shuangkong.policyfile.expression.given import exact, written
from shuangkong.targets.decomposition.remarks import Remarks
from shuangkong.targets.trajectory import implied_growth

ZERO, ONE, HUNDRED = Decimal(0), Decimal(1), Decimal(100)


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a table; None where it prints nothing. Rates in per cent, the rest in the table's unit."""

    name: str
    base: Decimal | None = None
    rate: Decimal | None = None
    cap: Decimal | None = None
    increment: Decimal | None = None
    projects: Decimal | None = None
    intensity: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Annex:
    """A table: ``whole`` is its total row, or what the text promises.

    A figure knows how exactly it is printed: 101.1 万吨 is ``1.011E+6`` t.
    """

    indicator: str
    unit: str
    whole: Line
    lines: tuple[Line, ...]
    base_year: int
    end_year: int

    @property
    def years(self) -> int:
        return self.end_year - self.base_year


@dataclass(frozen=True, slots=True)
class Implied:
    """What follows from a table; None where it does not print what is needed.

    Attributes:
        base: of the whole: printed, or reckoned back from its cap and rate.
        apart: what of the base is under no receiver; ``apart_rate``: by what per cent that must fall.
        rate: what the receivers' rates come to over their bases, in per cent.
        undistributed: of the increment (cap) or project tonnage, by its name.
        needed: what the rate asks of the whole, an amount; ``room``: what projects bring beyond that (negative: lack).
        growth: yearly growth of the economy, per cent, at which intensity and total bind alike.
    """

    base: Decimal | None
    apart: Decimal | None
    apart_rate: Decimal | None
    rate: Decimal | None
    undistributed: dict[str, Decimal]
    needed: Decimal | None
    room: Decimal | None
    growth: Decimal | None
    findings: tuple[Finding, ...]


def implied(annex: Annex, remarks: Remarks) -> Implied:
    """Reads a table as the given decomposition that it is."""
    whole, base = annex.whole, _base(annex.whole)
    own = _sum(line.base for line in annex.lines)
    rate = _weighted(annex.lines)
    apart = None if base is None or own is None else base - own
    # Less than rounding can tell is no gap, and no more can be under nobody than there is.
    is_gap = apart is not None and apart > _grain(whole)
    needed = None if base is None or whole.rate is None else base * whole.rate / HUNDRED
    left = {
        name: promised - shared
        for name in ("increment", "projects")
        if (promised := getattr(whole, name)) is not None
        and (shared := _sum(getattr(line, name) for line in annex.lines)) is not None
    }
    room = None if needed is None or whole.projects is None else whole.projects - needed
    growth = _growth(annex, base)
    told = Implied(
        base=base,
        apart=apart,
        apart_rate=_apart_rate(apart, needed, own, rate) if is_gap else None,
        rate=rate,
        undistributed=left,
        needed=needed,
        room=room,
        growth=growth,
        findings=(),
    )
    findings = (*_of_base(annex, told, own, remarks), *_of_sums(annex, told, remarks), *_of_pair(annex, told, remarks))
    return Implied(**{name: getattr(told, name) for name in told.__slots__} | {"findings": findings})


def _base(whole: Line) -> Decimal | None:
    """Printed; else ``cap ÷ (1 − rate)``."""
    if whole.base is not None or whole.cap is None or whole.rate is None:
        return whole.base
    return written(exact(whole.cap) / (1 - exact(whole.rate) / 100))


def _grain(whole: Line) -> Decimal:
    """How exactly the base is known: half a unit of the last digit printed, of what it is reckoned from."""
    if whole.base is not None or whole.cap is None:
        return _half_digit(whole.base)
    return _half_digit(whole.cap) / (ONE - (whole.rate or ZERO) / HUNDRED)


def _half_digit(printed: Decimal | None) -> Decimal:
    return ZERO if printed is None else Decimal("0.5").scaleb(int(printed.as_tuple().exponent))


def _weighted(lines: Iterable[Line]) -> Decimal | None:
    """``Σ E₀·r ÷ Σ E₀``; None where a row lacks one of the two."""
    pairs = [(line.base, line.rate) for line in lines]
    told = [(exact(base), exact(rate)) for base, rate in pairs if base is not None and rate is not None]
    if len(told) < len(pairs) or not sum(base for base, _ in told):
        return None
    whole = sum((base for base, _ in told), Fraction(0))
    return written(sum((base * rate for base, rate in told), Fraction(0)) / whole)


def _apart_rate(
    apart: Decimal | None, needed: Decimal | None, own: Decimal | None, rate: Decimal | None
) -> Decimal | None:
    """By what per cent the rest must fall: ``(R − Σ E₀·r) ÷ (E₀ − Σ E₀)``."""
    if apart is None or needed is None or own is None or rate is None:
        return None
    return (needed - own * rate / HUNDRED) / apart * HUNDRED


def _growth(annex: Annex, base: Decimal | None) -> Decimal | None:
    whole = annex.whole
    total = whole.cap if whole.cap is not None else _added(base, whole.increment)
    if whole.intensity is None or base is None or total is None:
        return None
    return implied_growth(base, total, whole.intensity / HUNDRED, annex.years) * HUNDRED


def _of_base(annex: Annex, told: Implied, own: Decimal | None, remarks: Remarks) -> Iterator[Finding]:
    if told.apart is not None and told.base is not None and own is not None and abs(told.apart) > _grain(annex.whole):
        words = {"found": own, "expected": told.base, "over": abs(told.apart), "unit": annex.unit}
        yield remarks.finding("TGT-009", annex.indicator, **words)
    elif told.rate is not None and annex.whole.rate is not None:
        over = told.rate - annex.whole.rate
        if over:  # a promised rate is exact as printed
            words = {"found": told.rate, "expected": annex.whole.rate, "over": abs(over), "unit": "%"}
            yield remarks.finding("TGT-006" if over < 0 else "TGT-008", annex.indicator, **words)
    if told.base is None and annex.whole.increment is not None:
        words = {"found": annex.whole.increment, "unit": annex.unit, "year": annex.base_year}
        yield remarks.finding("TGT-011", annex.indicator, **words)


def _of_sums(annex: Annex, told: Implied, remarks: Remarks) -> Iterator[Finding]:
    """An increment is a cap: too much shared out is laxer. Of projects too little is."""
    for name, left in told.undistributed.items():
        promised = getattr(annex.whole, name)
        words = {"found": promised - left, "expected": promised, "over": abs(left), "unit": annex.unit}
        if left > 0:
            yield remarks.finding("TGT-010", annex.indicator, **words)
        elif left < 0:
            yield remarks.finding("TGT-006" if name == "increment" else "TGT-008", annex.indicator, **words)
    if told.room is not None and told.room < 0 and told.needed is not None and annex.whole.projects is not None:
        words = {"found": annex.whole.projects, "expected": told.needed, "over": -told.room, "unit": annex.unit}
        yield remarks.finding("TGT-013", annex.indicator, **words)


def _of_pair(annex: Annex, told: Implied, remarks: Remarks) -> Iterator[Finding]:
    if told.growth is not None:
        yield remarks.finding("TGT-014", annex.indicator, found=round(told.growth, 2), years=annex.years)


def _sum(values: Iterable[Decimal | None]) -> Decimal | None:
    """None where one is not printed."""
    told = tuple(values)
    known = [value for value in told if value is not None]
    return sum(known, ZERO) if known and len(known) == len(told) else None


def _added(base: Decimal | None, increment: Decimal | None) -> Decimal | None:
    return None if base is None or increment is None else base + increment
