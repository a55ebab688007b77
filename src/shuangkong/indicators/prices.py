"""可比价衔接: one series at the prices of one year, out of pieces that each plan told at its own base year's prices.

A piece at old prices is brought to new ones by the ratio of both in the year in which they meet: the newer base year,
which the old plan tells last and the new one first (国民经济核算: 不变价基期每五年更换，以新基期年的两种价格衔接).
Growth from year to year stays that of the piece that told it. Arithmetic is exact: fractions, no rounding.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise


@dataclass(frozen=True, slots=True)
class Piece:
    """Amounts by year at the prices of the year ``base``, in one unit."""

    base: int
    amounts: Mapping[int, Decimal]


@dataclass(frozen=True, slots=True)
class Link:
    """Two pieces meet in ``year``: what one of the ``older`` is worth at prices of the ``newer``."""

    older: int
    newer: int
    year: int
    ratio: Fraction


@dataclass(frozen=True, slots=True)
class Chained:
    """One series at the prices of ``base``.

    Attributes:
        amounts: by year, exact.
        links: those it rests on, the oldest first.
        apart: bases of pieces that could not be joined: nothing was told of the year in which they would meet.
    """

    base: int
    amounts: Mapping[int, Fraction]
    links: tuple[Link, ...] = ()
    apart: tuple[int, ...] = ()

    def growth(self, year: int) -> Fraction | None:
        """The amount of a year over that of the year before; None where one of the two is not known or none."""
        now, before = self.amounts.get(year), self.amounts.get(year - 1)
        return now / before if now is not None and before else None


def chained(pieces: Iterable[Piece], base: int) -> Chained:
    """Every year of the pieces at the prices of ``base``, as far as they can be joined.

    A year told at the wanted prices is taken as told. Of others the piece whose base lies nearest to the wanted one
    tells first, and within the reach of two the one of the plan that the year belongs to: the older up to and with the
    newer's base year.
    """
    known = {piece.base: piece for piece in pieces if piece.amounts}
    amounts = {year: Fraction(amount) for year, amount in known[base].amounts.items()} if base in known else {}
    back = sorted((each for each in known if each < base), reverse=True)
    forth = sorted(each for each in known if each > base)
    links: list[Link] = []
    for bases in (back, forth):
        worth = Fraction(1)
        for here, there in pairwise([base, *bases]):
            link = _link(known, min(here, there), max(here, there))
            if link is None:
                break
            links.append(link)
            worth *= link.ratio if there < here else 1 / link.ratio
            for year, amount in known[there].amounts.items():
                amounts.setdefault(year, Fraction(amount) * worth)
    joined = {base} | {each for link in links for each in (link.older, link.newer)}
    return Chained(
        base,
        dict(sorted(amounts.items())),
        tuple(sorted(links, key=lambda link: link.older)),
        tuple(sorted(known.keys() - joined)),
    )


def _link(known: Mapping[int, Piece], older: int, newer: int) -> Link | None:
    """None where not both were told of the newer base year, or one told none."""
    if older not in known or newer not in known:
        return None
    before, after = known[older].amounts.get(newer), known[newer].amounts.get(newer)
    return Link(older, newer, newer, Fraction(after) / Fraction(before)) if before and after else None
