"""分流域、分行业: what a total of sources falls into. No tonne is lost: what nobody told a name of stands apart."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from shuangkong.indicators.emissions.codes import bare
from shuangkong.policyfile.expression.given import exact, plain

#: The name of what nobody told a basin of.
UNTOLD = ""


@dataclass(frozen=True, slots=True)
class SourceAmount:
    """What one source has in the base, or what one reduction took from it; tonnes.

    Attributes:
        source, name: code and name of the source.
        outlet: "" for the source as a whole.
        scope: its class; ``basin``: the basin it lies in, UNTOLD where nobody said.
        reduction: number of the reduction; None for an amount of the base.
    """

    source: str
    name: str
    outlet: str
    scope: str
    basin: str
    base_t: Decimal = Decimal(0)
    recognised_t: Decimal = Decimal(0)
    reduction: int | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """The amounts that share a key."""

    key: str
    amounts: tuple[SourceAmount, ...]

    @property
    def base_t(self) -> Decimal:
        return _sum(each.base_t for each in self.amounts)

    @property
    def recognised_t(self) -> Decimal:
        return _sum(each.recognised_t for each in self.amounts)

    @property
    def level_t(self) -> Decimal:
        """What is left of the base; what was added since is told of no source, and is not in it."""
        return plain(exact(self.base_t) - exact(self.recognised_t))

    @property
    def sources(self) -> tuple[Part, ...]:
        """The same by source."""
        return parts(self.amounts, lambda each: each.source)

    @property
    def reductions(self) -> tuple[int, ...]:
        """Numbers of the reductions, ascending."""
        return tuple(sorted({each.reduction for each in self.amounts if each.reduction is not None}))


def parts(amounts: Iterable[SourceAmount], key: Callable[[SourceAmount], str]) -> tuple[Part, ...]:
    """The amounts by key, in the order of their first; what has none comes last.

    Two spellings of one key are one: it is shown as it was spelled first.
    """
    found: dict[str, tuple[str, list[SourceAmount]]] = {}
    for each in amounts:
        name = key(each)
        found.setdefault(bare(name), (name, []))[1].append(each)
    made = [Part(name, tuple(of_key)) for name, of_key in found.values()]
    return tuple(sorted(made, key=lambda part: not part.key))


def _sum(amounts: Iterable[Decimal]) -> Decimal:
    return plain(sum(map(exact, amounts), Fraction(0)))
