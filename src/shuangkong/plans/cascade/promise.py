"""承诺: one target as the comparison of two plans sees it, and which way it is strict."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from shuangkong.plans.lexicon import UnitName
from shuangkong.plans.reading import Kind, Nature, Op, Strength


class Family(StrEnum):
    """Kinds that say the same sort of thing, so that their figures may be held against each other."""

    FALL = "fall"  # 比基年下降
    GROWTH = "growth"  # 增长
    LEVEL = "level"  # the indicator's own value at the end: 总量、水平、比重、全部
    INCREMENT = "increment"  # 增量
    POINTS = "points"  # 提高、降低几个百分点
    AMOUNT = "amount"  # 减排量
    COUNT = "count"  # 建成几个
    STAGE = "stage"  # 类别、阶段


FAMILIES: dict[Kind, Family] = {
    Kind.REDUCTION_RATE: Family.FALL,
    Kind.GROWTH: Family.GROWTH,
    Kind.CAP_TOTAL: Family.LEVEL,
    Kind.LEVEL_FLOOR: Family.LEVEL,
    Kind.LEVEL_CAP: Family.LEVEL,
    Kind.SHARE: Family.LEVEL,
    Kind.COMPLETION: Family.LEVEL,
    Kind.CAP_INCREMENT: Family.INCREMENT,
    Kind.POINT_GAIN: Family.POINTS,
    Kind.REDUCTION_AMOUNT: Family.AMOUNT,
    Kind.COUNT: Family.COUNT,
    Kind.STAGE: Family.STAGE,
}
#: Families whose figure means nothing without the year it is counted from.
FROM_BASE = frozenset({Family.FALL, Family.GROWTH, Family.INCREMENT, Family.POINTS})
#: Families whose figure only grows: what is reached early stays reached.
GATHERED = frozenset({Family.AMOUNT, Family.COUNT})
#: Kinds whose figure counts a fall or a gain: more of it is stricter, whatever the indicator.
_MORE = frozenset({Kind.REDUCTION_RATE, Kind.REDUCTION_AMOUNT, Kind.POINT_GAIN})
_LESS = frozenset({Kind.CAP_TOTAL, Kind.CAP_INCREMENT, Kind.LEVEL_CAP})
#: Kinds that a bare number does not turn by itself: only the indicator's direction tells.
_TURNED = frozenset({Kind.SHARE, Kind.STAGE})
#: What does not add up over the parts of a region: shares, classes, days, marks, and anything per something.
_UNSHARED_UNIT = re.compile(r"[%％‰/]|百分点|^(?:天|类|级|分|度|℃|倍)?$")
_MEASURED = frozenset({Family.LEVEL, Family.INCREMENT, Family.AMOUNT, Family.COUNT})
_YEARLY = re.compile(r"年均|年平均|每年|逐年|年度")
_FALLS = re.compile("下降|降低|减少")
_RISES = re.compile("提高|提升|增加|上升|增长")


@dataclass(frozen=True, slots=True)
class Promise:
    """One target of a plan for one region as a whole.

    Attributes:
        key: the caller's own number of it.
        indicator: id of the policy files, or the printed name where they know none.
        is_known: whether the policy files know it.
        name: the indicator's official or printed name.
        printed: the name as printed (年均下降率).
        kind, op, value, unit: as in plans.reading.Target.
        base_year: its own or the plan's; None where neither is known.
        deadline: ``2025``, ``2025-06`` or "": the plan's end year where it prints none.
        scope: the nested scope (县城) that is part of what is promised; "" for the whole.
        denominator: "" where none is printed.
        is_lower_better: the indicator's own direction; None where nobody knows it.
        is_headline: whether it is one of the plan's main targets.
        is_assigned: whether it binds exactly the region it is held against: a row of the annex, or the same region.
    """

    key: int
    indicator: str
    is_known: bool
    name: str
    printed: str
    kind: Kind
    op: Op
    value: Decimal
    unit: str
    base_year: int | None
    deadline: str
    scope: str
    denominator: str
    strength: Strength
    nature: Nature | None
    is_lower_better: bool | None
    is_headline: bool = False
    is_assigned: bool = True

    @property
    def family(self) -> Family:
        return FAMILIES[self.kind]

    @property
    def is_yearly(self) -> bool:
        """Whether it is promised for each single year (年均下降3%) and not for the period."""
        return _YEARLY.search(self.printed + self.name) is not None

    @property
    def wants_less(self) -> bool | None:
        """Whether a smaller figure is stricter, as ``targets.goal.Goal.wants_less`` has it; None where nobody knows."""
        if self.kind in _MORE:
            return False
        if self.op in (Op.LE, Op.LT) or self.kind in _LESS:
            return True
        if self.op in (Op.GE, Op.GT) or self.kind is Kind.GROWTH:
            return False
        return None if self.is_lower_better is None and self.kind in _TURNED else bool(self.is_lower_better)

    @property
    def falls(self) -> bool | None:
        """Whether percentage points go down, as the name says, else as the indicator is wanted."""
        said = self.printed + self.name
        if _FALLS.search(said) or _RISES.search(said):
            return _FALLS.search(said) is not None
        return self.is_lower_better

    @property
    def adds_up(self) -> bool:
        """Whether the figure of a region is made of those of its parts (tonnes, projects), unlike a rate or a share."""
        return self.family in _MEASURED and not (
            self.kind in (Kind.SHARE, Kind.COMPLETION) or _UNSHARED_UNIT.search(self.unit)
        )


class UnitTable:
    """Printed units with their factors, for holding two figures against each other."""

    def __init__(self, names: Iterable[UnitName]) -> None:
        self._by_word = {each.printed: each for each in names}

    def ratio(self, printed: str, wanted: str) -> Decimal | None:
        """What one ``printed`` is in ``wanted``; None where they do not measure the same."""
        if printed == wanted:
            return Decimal(1)
        a, b = self._by_word.get(printed), self._by_word.get(wanted)
        return Decimal(a.factor) / Decimal(b.factor) if a and b and a.id == b.id else None


def distinct(promises: Iterable[Promise]) -> tuple[Promise, ...]:
    """Promises without those that say again, in an annex or a later item, what one before has said.

    15% 以上 in the text and a bare 15 in a column of the annex are one promise.
    """
    said: dict[tuple[object, ...], Promise] = {}
    for each in promises:
        what = (each.indicator, each.family, each.value, each.unit, each.deadline, each.base_year, each.scope)
        said.setdefault((*what, each.wants_less, each.op is Op.ABOUT, each.strength, each.is_yearly), each)
    return tuple(said.values())


def binding_here(promises: Sequence[Promise]) -> tuple[Promise, ...]:
    """A parent's promises as they bind one region below: where its annex gives that region a figure of its own, the
    figure of the whole is left out."""
    assigned = {(each.indicator, each.family) for each in promises if each.is_assigned}
    return tuple(each for each in promises if each.is_assigned or (each.indicator, each.family) not in assigned)
