"""可加性: what targets of parts may be added, what only weighted, and what must hold of each part by itself.

Whatever the law, closing is one linear equation ``Σ wᵢ·vᵢ = W`` over the printed values vᵢ (balance); only the
weights differ.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from shuangkong.plans.reading import Kind
from shuangkong.targets.target import Extent, Target


class Law(StrEnum):
    """How parts make a whole."""

    ADDED = "added"  # V = Σ v
    BASE_WEIGHTED = "base_weighted"  # V = Σ E₀·v ÷ Σ E₀: the rate at which an amount falls or grows
    GROWTH_WEIGHTED = "growth_weighted"  # D = 1 − [Σ E₀(1+g)(1−D) ÷ Σ E₀] ÷ [Σ Y₀(1+g) ÷ Σ Y₀]: of an intensity
    DENOMINATOR_WEIGHTED = "denominator_weighted"  # V = Σ N·v ÷ Σ N: a share or level, over its denominator
    EACH = "each"  # every part by itself: nothing is added


#: (kind, nature of the indicator) → law. What does not stand here is no target that can be shared out.
LAWS: Mapping[tuple[Kind, Extent], Law] = {
    (Kind.CAP_TOTAL, Extent.AMOUNT): Law.ADDED,
    (Kind.CAP_INCREMENT, Extent.AMOUNT): Law.ADDED,
    (Kind.REDUCTION_AMOUNT, Extent.AMOUNT): Law.ADDED,
    (Kind.COUNT, Extent.AMOUNT): Law.ADDED,
    (Kind.LEVEL_FLOOR, Extent.AMOUNT): Law.ADDED,
    (Kind.REDUCTION_RATE, Extent.AMOUNT): Law.BASE_WEIGHTED,
    (Kind.GROWTH, Extent.AMOUNT): Law.BASE_WEIGHTED,
    (Kind.REDUCTION_RATE, Extent.RATIO): Law.GROWTH_WEIGHTED,
    (Kind.SHARE, Extent.RATIO): Law.DENOMINATOR_WEIGHTED,
    (Kind.LEVEL_FLOOR, Extent.RATIO): Law.DENOMINATOR_WEIGHTED,
    (Kind.LEVEL_CAP, Extent.RATIO): Law.DENOMINATOR_WEIGHTED,
    (Kind.POINT_GAIN, Extent.RATIO): Law.DENOMINATOR_WEIGHTED,
    (Kind.COMPLETION, Extent.RATIO): Law.EACH,
    (Kind.STAGE, Extent.RATIO): Law.EACH,
}
#: What a receiver must have under each law, by the names of task.Receiver.
NEEDS: Mapping[Law, tuple[str, ...]] = {
    Law.ADDED: (),
    Law.BASE_WEIGHTED: ("base",),
    Law.GROWTH_WEIGHTED: ("base", "activity", "growth"),
    Law.DENOMINATOR_WEIGHTED: ("denominator",),
    Law.EACH: (),
}


def law_of(target: Target) -> Law | None:
    """How parts of the target make it up; None where its kind and the nature of its indicator exclude each other."""
    return LAWS.get((target.kind, target.extent))


def may_be_added(kind: Kind, extent: Extent) -> bool:
    """Whether figures of parts may simply be added up."""
    return LAWS.get((kind, extent)) is Law.ADDED
