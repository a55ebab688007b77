"""误报率: of what each check found, how much was nothing; noisy checks are worse than none and must show.

A finding is real where the return was corrected for it or a site visit confirmed it, false where an accepted
explanation or a visit cleared it, and open until then. What was only noted, never answered, says nothing either way.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from shuangkong.core.rounding import WIDE, rounded

#: 95 % of a bell curve lies within so many deviations; squared.
_WIDTH = Decimal("1.96")


class Fate(StrEnum):
    """What became of a finding."""

    CORRECTED = "corrected"  # 更正
    CONFIRMED = "confirmed"  # 核查属实
    EXPLAINED = "explained"  # 说明成立
    CLEARED = "cleared"  # 核查无误
    SUPPRESSED = "suppressed"  # 审核人停用
    OPEN = "open"


REAL = frozenset({Fate.CORRECTED, Fate.CONFIRMED})
FALSE = frozenset({Fate.EXPLAINED, Fate.CLEARED, Fate.SUPPRESSED})


@dataclass(frozen=True, slots=True)
class Alarms:
    """What came of one check.

    Attributes:
        fired: findings in all; ``real``, ``false`` and ``open`` add up to it.
    """

    code: str
    fired: int
    real: int
    false: int

    @property
    def open(self) -> int:
        return self.fired - self.real - self.false

    @property
    def settled(self) -> int:
        return self.real + self.false

    @property
    def false_pct(self) -> Decimal | None:
        """Of what was settled; None where nothing was."""
        return rounded(WIDE.divide(Decimal(100 * self.false), Decimal(self.settled)), 1) if self.settled else None

    @property
    def at_least_pct(self) -> Decimal | None:
        """What the false share certainly exceeds (Wilson's lower bound at 95 %): few findings prove little."""
        count = Decimal(self.settled)
        if not count:
            return None
        share = WIDE.divide(Decimal(self.false), count)
        square = _WIDTH * _WIDTH
        middle = share + square / (2 * count)
        spread = _WIDTH * (share * (1 - share) / count + square / (4 * count * count)).sqrt()
        return max(Decimal(0), rounded((middle - spread) / (1 + square / count) * 100, 1))

    def is_noisy(self, most_pct: Decimal) -> bool:
        """Whether the false share is surely above ``most_pct``."""
        bound = self.at_least_pct
        return bound is not None and bound > most_pct


def alarms(fates: Iterable[tuple[str, Fate]]) -> tuple[Alarms, ...]:
    """(code, fate) of every finding → what came of each check; the noisiest first, then by code."""
    fired: Counter[str] = Counter()
    real: Counter[str] = Counter()
    false: Counter[str] = Counter()
    for code, fate in fates:
        fired[code] += 1
        real[code] += fate in REAL
        false[code] += fate in FALSE
    found = (Alarms(code, fired[code], real[code], false[code]) for code in fired)
    return tuple(sorted(found, key=lambda each: (-(each.at_least_pct or Decimal(0)), each.code)))
