"""均值比对: the device's own mean against ours. An hour or a day shows one official mean, the other beside it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from shuangkong.core.check import Check
from shuangkong.core.finding import Finding
from shuangkong.monitoring.findings import CONVERTED_DIFFER, DAY_MEAN_MISSING, MEANS_DIFFER, finding

_PER_CENT = Decimal(100)
_HALF = Decimal("0.5")


class Whose(StrEnum):
    """Whose mean is the official one."""

    DEVICE = "device"
    OWN = "own"


@dataclass(frozen=True, slots=True)
class Compared:
    """Two means of one period.

    Attributes:
        official: the one that counts: the device's where it came, else ours; None: neither.
        beside: the other, for the comparison line; None: there is none.
        gap: absolute difference; None where one is missing.
        allowed: by how much they may differ; ``differs``: they do by more.
    """

    official: Decimal | None
    whose: Whose | None
    beside: Decimal | None
    gap: Decimal | None
    allowed: Decimal | None
    differs: bool


def compared(device: Decimal | None, own: Decimal | None, tolerance_pct: Decimal) -> Compared:
    """Holds the device's mean against ours.

    They may differ by ``tolerance_pct`` of ours, and by half of the last digit that the device printed: it rounds.
    """
    if device is None or own is None:
        whose = Whose.DEVICE if device is not None else Whose.OWN if own is not None else None
        return Compared(device if device is not None else own, whose, None, None, None, differs=False)
    exponent = device.as_tuple().exponent
    last_digit = Decimal(1).scaleb(exponent) if isinstance(exponent, int) else Decimal(0)
    allowed = abs(own) * tolerance_pct / _PER_CENT + last_digit * _HALF
    gap = abs(device - own)
    return Compared(device, Whose.DEVICE, own, gap, allowed, differs=gap > allowed)


def differing(
    checks: Mapping[str, Check], place: str, at: str, found: Compared, *, reference_pct: Decimal | None = None,
    code: str = MEANS_DIFFER,
) -> Finding | None:  # fmt: skip
    """The finding where two means differ, or two totals by its ``code``; of converted ones with the reference oxygen
    that we used.
    """
    if not found.differs or found.official is None or found.beside is None:
        return None
    assert found.gap is not None
    assert found.allowed is not None
    words = {
        "name": place,
        "at": at,
        "device": f"{found.official:f}",
        "own": f"{_short(found.beside)}",
        "gap": f"{_short(found.gap)}",
        "tolerance": f"{_short(found.allowed)}",
    }
    if reference_pct is None:
        return finding(checks, code, place, **words)
    return finding(checks, CONVERTED_DIFFER, place, reference=f"{reference_pct:f}", **words)


def own_day_judged(checks: Mapping[str, Check], place: str, day: str, found: Compared) -> Finding | None:
    """The notice that a day was judged by our mean since the device's did not come."""
    if found.whose is not Whose.OWN or found.official is None:
        return None
    return finding(checks, DAY_MEAN_MISSING, place, name=place, day=day, own=f"{_short(found.official)}")


def _short(value: Decimal) -> str:
    """A figure for people: four digits behind the point at most."""
    return f"{value.quantize(Decimal('0.0001')).normalize():f}"
