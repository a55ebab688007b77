"""谁来承担: what a workbench begins with: the decomposition of the annex, else the regions directly below."""

from __future__ import annotations

from decimal import Decimal

from shuangkong.core.fact import Subject
from shuangkong.records.registry import store as registry
from shuangkong.records.targets import store as targets
from shuangkong.records.targets.decomposition import store
from shuangkong.records.targets.decomposition.rows import DecompositionHead, Wanted
from shuangkong.records.targets.rows import TargetRow
from shuangkong.rulebook import open_rulebook
from shuangkong.targets.decomposition.task import Receiver
from shuangkong.targets.naming import Units

#: How an annex is begun with, and what each way needs of every row: as printed, and by equal rates beside it.
_ANNEX_WAYS = (("by_hand", "given"), ("equal_rate", "base"))


def proposed(head: DecompositionHead) -> tuple[Wanted, ...]:
    """What the form begins with: the newest scenario as it was given; else the annex as it is printed, with what it
    leaves over and out; else the regions below, shared out by equal rate. At most 7 queries.
    """
    known = store.scenarios(head.id)
    if known:
        return (known[-1].wanted,)
    printed = of_annex(head)
    if not printed:
        return (Wanted(name="", rule="equal_rate", receivers=below(head)),)
    ways = [rule for rule, needed in _ANNEX_WAYS if all(getattr(each, needed) is not None for each in printed)]
    reserve, excluded = _apart(head)
    return tuple(
        Wanted(name="", rule=rule, receivers=printed, reserve=reserve, excluded=excluded)
        for rule in ways or ("equal_rate",)
    )


def of_annex(head: DecompositionHead) -> tuple[Receiver, ...]:
    """The rows of the annex that shares the target out, with their bases and the values that it gives. 2 queries."""
    if head.target is None or head.plan is None:
        return ()
    children = [each.child for each in targets.shares(head.target) if each.child is not None]
    rows = {each.id: each for each in targets.targets(head.plan)} if children else {}
    return tuple(_receiver(rows[child], head) for child in children if child in rows)


def _apart(head: DecompositionHead) -> tuple[Decimal, tuple[str, ...]]:
    """What the annex leaves to nobody, a reserve of the whole, and what its notes take out. 1 query."""
    lines = targets.shares(head.target) if head.target is not None else ()
    left = next((each.value for each in lines if each.kind == "reserve" and each.value is not None), Decimal(0))
    keeps = left > 0 and head.promise().wants_less
    return left if keeps else Decimal(0), tuple(each.name for each in lines if each.kind == "excluded")


def below(head: DecompositionHead) -> tuple[Receiver, ...]:
    """The regions directly below, without figures. 1 query."""
    found = registry.children(head.region)
    return tuple(Receiver(subject=Subject("region", each.code), name=each.name) for each in found if not each.ends_on)


def _receiver(row: TargetRow, head: DecompositionHead) -> Receiver:
    units = Units(open_rulebook().lexicon().units)
    ratio, scale = units.ratio(row.base_unit, head.base_unit), units.ratio(row.unit, head.unit)
    return Receiver(
        subject=Subject(row.subject_kind, row.subject_code),
        name=row.subject_name,
        base=None if row.base_value is None or ratio is None else _times(row.base_value, ratio),
        given=None if scale is None else _times(row.value, scale),
    )


def _times(value: Decimal, ratio: Decimal) -> Decimal:
    """Every printed digit is kept where the unit is the same."""
    return value if ratio == 1 else value * ratio
