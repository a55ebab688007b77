"""断面水质类别: each factor's class by its limits, the section's the worst of them (单因子评价法)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from shuangkong.core.finding import Message
from shuangkong.monitoring.ground import Ground
from shuangkong.monitoring.rates.share import Share

#: Classes are numbered I = 1 to V = 5; 6 is worse than V (劣Ⅴ类).
WORSE = 6
#: Up to class III a section is good.
_GOOD = 3


@dataclass(frozen=True, slots=True)
class FactorClasses:
    """Limits of one factor: ``most`` or ``least`` of each class, I first; both of one length (pH)."""

    factor: str
    name: Message
    unit: str
    most: tuple[Decimal, ...]
    least: tuple[Decimal, ...]

    def class_of(self, value: Decimal) -> int:
        """The best class whose limits it keeps; 6 where it keeps none."""
        for n in range(max(len(self.most), len(self.least))):
            if (not self.most or value <= self.most[n]) and (not self.least or value >= self.least[n]):
                return n + 1
        return WORSE

    def multiple(self, value: Decimal, target: int) -> Decimal | None:
        """超标倍数 against the limit of a class; None where it keeps it, or is bounded from below alone."""
        if not 1 <= target <= len(self.most):
            return None
        bound = self.most[target - 1]
        return value / bound - 1 if value > bound > 0 else None


@dataclass(frozen=True, slots=True)
class RiverClasses:
    """The rule; ``names``: of the classes, I first, then of what is worse. Factors of ``excluded`` do not count.

    ``basic``: factors without which a class is the best it can be and no more; ``month_readings``: so many at least
    make a mean of a month; ``basic_ground``: what these two rest on.
    """

    factors: Mapping[str, FactorClasses]
    excluded: frozenset[str]
    names: tuple[Message, ...]
    ground: Ground
    basic: tuple[str, ...]
    month_readings: int
    basic_ground: Ground


@dataclass(frozen=True, slots=True)
class Section:
    """A section in a month or a year.

    Attributes:
        quality: 1 to 6; None: no factor was told.
        by: factor → its class. ``deciding``: the factors that stand at it.
        missing: factors of the rule that were not told: the class is the best it can be. ``lacking``: basic ones.
        meets: against the target; None without either. ``exceeding``: factor → multiple against the target's limit,
            the worst first; None for those bounded from below (dissolved oxygen, pH).
    """

    quality: int | None
    by: Mapping[str, int]
    deciding: tuple[str, ...]
    missing: tuple[str, ...]
    target: int | None
    meets: bool | None
    exceeding: Mapping[str, Decimal | None]
    lacking: tuple[str, ...] = ()

    def is_certainly(self, most: int) -> bool | None:
        """Whether its class is ``most`` or better; None where what lacks may still make it worse."""
        if self.quality is None:
            return None
        if self.quality > most:
            return False
        return None if self.lacking else True


def section(rule: RiverClasses, means: Mapping[str, Decimal | None], target: int | None = None) -> Section:
    """Judges a section.

    Args:
        means: factor → mean in the unit of the rule; what is not told is missing.
        target: the class it must keep, 1 to 5; None: none is set.
    """
    told = {
        factor: value
        for factor in rule.factors
        if factor not in rule.excluded and (value := means.get(factor)) is not None
    }
    by = {factor: rule.factors[factor].class_of(value) for factor, value in told.items()}
    quality = max(by.values(), default=None)
    beyond = {factor: each for factor, each in by.items() if target is not None and each > target}
    multiples = {factor: rule.factors[factor].multiple(told[factor], target or 0) for factor in beyond}
    worst = sorted(multiples, key=lambda factor: (-(multiples[factor] or Decimal(0)), factor))
    return Section(
        quality=quality,
        by=by,
        deciding=tuple(factor for factor, each in by.items() if each == quality),
        missing=tuple(factor for factor in rule.factors if factor not in rule.excluded and factor not in told),
        target=target,
        meets=None if quality is None or target is None else quality <= target,
        exceeding={factor: multiples[factor] for factor in worst},
        lacking=tuple(factor for factor in rule.basic if factor not in told),
    )


def mean_of(months: Iterable[Mapping[str, Decimal | None]]) -> dict[str, Decimal | None]:
    """Factor → arithmetic mean of the months (or days) that tell it; None where none does."""
    told: dict[str, list[Decimal]] = {}
    for month in months:
        for factor, value in month.items():
            told.setdefault(factor, [])
            if value is not None:
                told[factor].append(value)
    return {factor: sum(values, Decimal(0)) / len(values) if values else None for factor, values in told.items()}


@dataclass(frozen=True, slots=True)
class Sections:
    """Of many sections: how many are good (I to III), worse than V, keep their target.

    ``doubtful``: shares that what lacks may still move, by their names; such a share is no figure.
    """

    good: Share
    worse: Share
    meeting: Share
    doubtful: frozenset[str] = frozenset()


def sections(judged: Iterable[Section]) -> Sections:
    """Shares of the sections that have a class; of those with a target for the last."""
    told = [each for each in judged if each.quality is not None]
    aimed = [each for each in told if each.meets is not None]
    return Sections(
        Share(sum(each.quality is not None and each.quality <= _GOOD for each in told), len(told)),
        Share(sum(each.quality == WORSE for each in told), len(told)),
        Share(sum(bool(each.meets) for each in aimed), len(aimed)),
        frozenset(_doubtful(told, aimed)),
    )


def _doubtful(told: Iterable[Section], aimed: Iterable[Section]) -> Iterator[str]:
    every = tuple(told)
    if any(each.is_certainly(_GOOD) is None for each in every):
        yield "good"
    if any(each.is_certainly(WORSE - 1) is None for each in every):
        yield "worse"
    if any(each.is_certainly(each.target or 0) is None for each in aimed):
        yield "meeting"
