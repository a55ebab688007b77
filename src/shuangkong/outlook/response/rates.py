"""误报和漏报: how often a rule warned of what did not come, and did not warn of what did."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from shuangkong.outlook.barometer.level import Level
from shuangkong.policyfile.expression.given import exact, written

_PER_CENT = 100


@dataclass(frozen=True, slots=True)
class Trial:
    """One level that was given, and how the promise ended; None: not judged, or not over yet."""

    rule: str
    level: Level | None
    is_missed: bool | None


@dataclass(frozen=True, slots=True)
class Tally:
    """How often a rule was right and wrong; ``undecided``: no level, or no end yet.

    Attributes:
        hits: warned and missed; false_alarms: warned and kept; misses: not warned and missed; calms: neither.
    """

    hits: int
    false_alarms: int
    misses: int
    calms: int
    undecided: int

    @property
    def false_alarm_pct(self) -> Decimal | None:
        """误报率: of the warnings, those that nothing came of; None where nobody was warned."""
        return _share(self.false_alarms, self.hits + self.false_alarms)

    @property
    def miss_pct(self) -> Decimal | None:
        """漏报率: of the missed promises, those that nobody was warned of; None where none was missed."""
        return _share(self.misses, self.hits + self.misses)


def tally(trials: Iterable[Trial], warning: Level = Level.YELLOW) -> Tally:
    """Counts; a level as grave as ``warning`` or graver is a warning."""
    counts = {(is_warned, is_missed): 0 for is_warned in (True, False) for is_missed in (True, False)}
    undecided = 0
    for each in trials:
        if each.level is None or each.is_missed is None:
            undecided += 1
        else:
            counts[each.level <= warning, each.is_missed] += 1
    return Tally(counts[True, True], counts[True, False], counts[False, True], counts[False, False], undecided)


def by_rule(trials: Iterable[Trial], warning: Level = Level.YELLOW) -> Mapping[str, Tally]:
    """Rule → its tally, by id."""
    held: dict[str, list[Trial]] = {}
    for each in trials:
        held.setdefault(each.rule, []).append(each)
    return {rule: tally(held[rule], warning) for rule in sorted(held)}


def _share(part: int, whole: int) -> Decimal | None:
    return written(exact(Decimal(part)) * _PER_CENT / whole) if whole else None
