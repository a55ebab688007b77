"""从严取值: of all limits that hold for an outlet, the strictest of each basis; and what somebody has yet to decide."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from shuangkong.core.check import Check
from shuangkong.core.finding import Finding
from shuangkong.monitoring.findings import UNVERIFIED_LIMIT, finding
from shuangkong.monitoring.limits.limit import Basis, Discharge, Limit, holds_for
from shuangkong.monitoring.reading import Span


@dataclass(frozen=True, slots=True)
class Chosen:
    """The limits that count for a factor and a span.

    Attributes:
        upper: the strictest that bounds from above; ``lower``: from below (pH); None where there is none. A converted
            one bears the oxygen that it refers to.
        beside: the others that hold too, the strictest first; shown, never applied.
    """

    basis: Basis
    upper: Limit | None
    lower: Limit | None
    beside: tuple[Limit, ...]

    @property
    def limits(self) -> tuple[Limit, ...]:
        return tuple(dict.fromkeys(each for each in (self.upper, self.lower) if each is not None))

    @property
    def is_verified(self) -> bool:
        """Whether every limit that decides was compared with its document."""
        return all(each.ground.is_verified for each in self.limits)


def chosen(limits: Iterable[Limit], factor: str, span: Span, discharge: Discharge, day: date) -> Mapping[Basis, Chosen]:
    """What counts for a factor's means over a span on a day; without limits nothing does.

    A converted and a measured limit are two questions: each is asked by itself. Converted ones are compared at one
    oxygen: 50 of a permit that names none is stricter than 100 of the standard at 6 %, since it means 6 % too.

    Args:
        limits: those of policy (``MonitoringLaw.limits``) and of the registers (permit, local) together.
    """
    rules = tuple(limits)
    held = [each for each in rules if each.factor == factor and each.span is span and holds_for(each, discharge, day)]
    if any(_lacks_reference(each) for each in held):
        reference = reference_on(rules, factor, discharge, day)
        held = [replace(each, reference_o2_pct=reference) if _lacks_reference(each) else each for each in held]
    found: dict[Basis, Chosen] = {}
    for basis in Basis:
        own = sorted((each for each in held if each.basis is basis), key=lambda each: each.strictness)
        if own:
            upper = next((each for each in own if each.most is not None), None)
            lower = max((each for each in own if each.least is not None), key=_least, default=None)
            beside = tuple(each for each in own if each is not upper and each is not lower)
            found[basis] = Chosen(basis, upper, lower, beside)
    return found


def reference_on(limits: Iterable[Limit], factor: str, discharge: Discharge, day: date) -> Decimal | None:
    """基准氧含量: to which oxygen a factor is converted at an outlet where nothing else is said.

    That of the outlet's register; else of the standard of the factor that holds, of several the lowest, which is the
    strictest; else of its other factors; else of a registered limit. None where nobody says any.
    """
    if discharge.reference_o2_pct is not None:
        return discharge.reference_o2_pct
    told = [
        (not each.group, each.factor != factor, each.reference_o2_pct)
        for each in limits
        if each.reference_o2_pct is not None and holds_for(each, discharge, day)
    ]
    return min(told)[2] if told else None


def _lacks_reference(limit: Limit) -> bool:
    return limit.basis is Basis.CONVERTED and limit.reference_o2_pct is None


def _least(limit: Limit) -> Decimal:
    return limit.least if limit.least is not None else Decimal("-Infinity")


def undecided(limits: Iterable[Limit], discharge: Discharge, day: date) -> tuple[str, ...]:
    """Standards that hold for the industry and in the place, of whose groups the outlet was assigned to none.

    Somebody has to say which group it is (grade 1A or 1B): nothing of such a standard is applied until then.
    """
    anywhere = Discharge(
        discharge.industry, discharge.places, frozenset(f"{each.standard}/{each.group}" for each in limits)
    )
    open_ = {each.standard for each in limits if each.group and each.industries and holds_for(each, anywhere, day)}
    assigned = {group.partition("/")[0] for group in discharge.groups}
    return tuple(sorted(open_ - assigned))


def unverified(checks: Mapping[str, Check], place: str, found: Chosen) -> tuple[Finding, ...]:
    """A finding for each limit that decides and was never compared with its document."""
    return tuple(
        finding(
            checks,
            UNVERIFIED_LIMIT,
            place,
            name=place,
            limit=f"{each.most if each.most is not None else each.least} {each.unit}",
            document=each.ground.clause.words.zh,
            document_en=each.ground.clause.words.en,
        )
        for each in found.limits
        if not each.ground.is_verified
    )
