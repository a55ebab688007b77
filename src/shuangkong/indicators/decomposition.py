"""因素分解 (LMDI): what moved energy consumption: how much was made, of what it was made, how efficiently.

``E = Σ Y · Si · Ii`` (activity, structure, efficiency). A factor x of a part moves ``L(E1, E0) · ln(x1 / x0)`` with the
logarithmic mean ``L(a, b) = (a − b) / ln(a / b)``; the effects add up to the change without a residual (B. W. Ang,
additive LMDI-I). A part that appears or goes away takes the limit: all it brings is structure, or efficiency where it
was active without energy. Logarithms are taken with 50 digits.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Context, Decimal

#: Digits of the logarithms; what is left over at the end is below the 40th.
_PRECISE = Context(prec=50)
_NONE = Decimal(0)


class NotDecomposable(ValueError):
    """Figures that no logarithm can be taken of."""


@dataclass(frozen=True, slots=True)
class Share:
    """A sector or unit in two periods: energy, and activity (value added at constant prices, output).

    Without an activity (households, and what no activity is known of) its change is not attributed to a factor.
    """

    code: str
    energy: tuple[Decimal, Decimal]
    activity: tuple[Decimal, Decimal] | None

    @property
    def change(self) -> Decimal:
        return _PRECISE.subtract(self.energy[1], self.energy[0])


@dataclass(frozen=True, slots=True)
class Effects:
    """What moved one part, in its unit of energy; ``unattributed``: the change of a part without activity."""

    code: str
    activity: Decimal = _NONE
    structure: Decimal = _NONE
    efficiency: Decimal = _NONE
    unattributed: Decimal = _NONE

    @property
    def total(self) -> Decimal:
        return _sum((self.activity, self.structure, self.efficiency, self.unattributed))


@dataclass(frozen=True, slots=True)
class Decomposition:
    """``parts`` in the order given; ``whole``: their sums; ``change``: what they must come to."""

    parts: tuple[Effects, ...]
    whole: Effects
    change: Decimal

    @property
    def residual(self) -> Decimal:
        """Nothing but the rounding of the logarithms."""
        return _PRECISE.subtract(self.change, self.whole.total)


def decomposed(shares: Iterable[Share]) -> Decomposition:
    """What moved the energy of the whole.

    Raises:
        NotDecomposable: an energy or activity is negative, or the whole has energy and activity but one activity is 0.
    """
    shares = tuple(shares)
    _check(shares)
    active = [share.activity for share in shares if share.activity is not None]
    whole = (_sum(each[0] for each in active), _sum(each[1] for each in active))
    if bool(whole[0]) != bool(whole[1]):
        raise NotDecomposable(f"activity of the whole: expected both above zero, found {whole[0]} and {whole[1]}")
    parts = tuple(_effects(share, whole) for share in shares)
    names = ("activity", "structure", "efficiency", "unattributed")
    total = Effects("", *(_sum(getattr(part, name) for part in parts) for name in names))
    return Decomposition(parts, total, _sum(share.change for share in shares))


def intensity_decomposed(shares: Iterable[Share]) -> Decomposition:
    """What moved the energy intensity of the whole, in energy per unit of activity: structure and efficiency.

    Energy without activity is spread over the activity of the whole and stays unattributed.
    """
    shares = tuple(shares)
    active = [share.activity for share in shares if share.activity is not None]
    whole = (_sum(each[0] for each in active), _sum(each[1] for each in active))
    if not all(whole):
        raise NotDecomposable(f"activity of the whole: expected above zero, found {whole[0]} and {whole[1]}")
    return decomposed(
        Share(share.code, _over(share.energy, whole), None if share.activity is None else _over(share.activity, whole))
        for share in shares
    )


def _check(shares: Iterable[Share]) -> None:
    for share in shares:
        for figure in (*share.energy, *(share.activity or ())):
            if not figure.is_finite() or figure < 0:
                raise NotDecomposable(f"{share.code}: expected a figure not below zero, found {figure}")


def _effects(share: Share, whole: tuple[Decimal, Decimal]) -> Effects:
    (energy0, energy1), activity = share.energy, share.activity
    if activity is None or not any(activity):
        return Effects(share.code, unattributed=share.change)
    if energy0 == 0 and energy1 == 0:
        return Effects(share.code)
    if energy0 == 0 or energy1 == 0:
        # The limit: the factor that goes to zero takes the whole change. Activity without energy is an efficiency.
        was_active = activity[0] > 0 and activity[1] > 0
        return (
            Effects(share.code, efficiency=share.change) if was_active else Effects(share.code, structure=share.change)
        )
    if activity[0] == 0 or activity[1] == 0:
        # Energy without activity on one side: the intensity is not defined there, the structure takes what there is.
        return Effects(share.code, structure=share.change)
    weight = logarithmic_mean(energy1, energy0)
    grown = _log_ratio(whole[1], whole[0])
    own = _log_ratio(activity[1], activity[0])
    used = _log_ratio(energy1, energy0)
    return Effects(
        share.code,
        activity=_PRECISE.multiply(weight, grown),
        structure=_PRECISE.multiply(weight, _PRECISE.subtract(own, grown)),
        efficiency=_PRECISE.multiply(weight, _PRECISE.subtract(used, own)),
    )


def logarithmic_mean(first: Decimal, second: Decimal) -> Decimal:
    """``(a − b) / ln(a / b)``; a where both are equal; of figures above zero."""
    if first == second:
        return first
    return _PRECISE.divide(_PRECISE.subtract(first, second), _log_ratio(first, second))


def _log_ratio(first: Decimal, second: Decimal) -> Decimal:
    return _PRECISE.ln(_PRECISE.divide(first, second))


def _over(figures: tuple[Decimal, Decimal], whole: tuple[Decimal, Decimal]) -> tuple[Decimal, Decimal]:
    return _PRECISE.divide(figures[0], whole[0]), _PRECISE.divide(figures[1], whole[1])


def _sum(figures: Iterable[Decimal]) -> Decimal:
    total = _NONE
    for figure in figures:
        total = _PRECISE.add(total, figure)
    return total
