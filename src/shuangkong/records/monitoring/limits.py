"""一个排放口的限值: those of standards and those of the registers together, as the pure room chooses among them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils import timezone

from shuangkong.core.dated import Validity
from shuangkong.core.finding import Message
from shuangkong.core.trace import Clause
from shuangkong.monitoring.alarms.quantities import AMOUNT_SPANS, AMOUNT_UNIT
from shuangkong.monitoring.ground import Ground
from shuangkong.monitoring.limits.areas import of_groups
from shuangkong.monitoring.limits.choice import reference_on
from shuangkong.monitoring.limits.limit import Basis, Discharge, Limit, Rank
from shuangkong.monitoring.reading import Media, Span
from shuangkong.monitoring.wire_codes import hj212_codes
from shuangkong.records.monitoring.models import Limit as LimitRow
from shuangkong.records.monitoring.models import Outlet, OutletStandard, ReferenceOxygen
from shuangkong.rulebook import Rulebook, open_rulebook


@dataclass(frozen=True, slots=True)
class Assigned:
    """To which groups of standards an outlet was assigned, and which oxygen its figures refer to, on whichever day.

    ``oxygens``: those of a time; on other days the outlet's own holds.
    """

    outlet: Outlet
    rows: Sequence[OutletStandard]
    oxygens: Sequence[ReferenceOxygen] = ()

    def on(self, day: date) -> Discharge:
        """What must be known of the outlet to choose its limits on a day."""
        outlet, groups = self.outlet, frozenset(each.standard for each in self.rows if _holds(each, day))
        return Discharge(
            outlet.industry or (outlet.enterprise.industry if outlet.enterprise else ""),
            (*open_rulebook().upwards(outlet.region_id, day), *of_groups(groups)),
            groups,
            self._oxygen(day) if outlet.kind == Media.GAS else None,
        )

    def _oxygen(self, day: date) -> Decimal | None:
        held = [each.reference_o2_pct for each in self.oxygens if _holds(each, day)]
        return held[-1] if held else self.outlet.reference_oxygen_pct


def discharge_of(outlet: Outlet, day: date) -> Discharge:
    """What must be known of an outlet to choose its limits on a day. 2 queries."""
    return assigned([outlet])[outlet.pk].on(day)


def assigned(outlets: Sequence[Outlet]) -> dict[int, Assigned]:
    """By the number of the outlet. 2 queries."""
    numbers = [each.pk for each in outlets]
    held: dict[int, list[OutletStandard]] = defaultdict(list)
    for each in OutletStandard.objects.filter(outlet__in=numbers).order_by("pk"):
        held[each.outlet_id].append(each)
    oxygens: dict[int, list[ReferenceOxygen]] = defaultdict(list)
    for row in ReferenceOxygen.objects.filter(outlet__in=numbers).order_by("starts_on", "pk"):
        oxygens[row.outlet_id].append(row)
    return {each.pk: Assigned(each, tuple(held[each.pk]), tuple(oxygens[each.pk])) for each in outlets}


def limits_of(outlet: Outlet) -> tuple[Limit, ...]:
    """Of all days: of policy as the outlet's place has it, and of the registers in the factor's own unit. 1 query.

    A registered limit whose unit cannot become the factor's is left out; ``unfit`` names it.
    """
    return limits_of_each([outlet])[outlet.pk]


def limits_of_each(outlets: Sequence[Outlet]) -> dict[int, tuple[Limit, ...]]:
    """``limits_of`` by the number of the outlet. 1 query."""
    book, today = open_rulebook(), timezone.localdate()
    own: dict[int, list[Limit]] = defaultdict(list)
    for row in LimitRow.objects.filter(outlet__in=[each.pk for each in outlets]).order_by("pk"):
        made = _limit(row, book)
        if made is not None:
            own[row.outlet_id].append(made)
    return {
        each.pk: (*book.monitoring(book.layer_of(each.region_id, today)).limits, *own.get(each.pk, ()))
        for each in outlets
    }


def reference_o2(outlet: Outlet, rules: Sequence[Limit], discharge: Discharge, day: date) -> Decimal | None:
    """Reference oxygen, in percent: of the register, else of a converted limit that holds; None where it is no gas."""
    return reference_on(rules, "", discharge, day) if outlet.kind == Media.GAS else None


def unfit(outlet: Outlet) -> tuple[LimitRow, ...]:
    """Registered limits that cannot be compared with readings, for their unit. 1 query."""
    book = open_rulebook()
    return tuple(row for row in LimitRow.objects.filter(outlet=outlet) if _limit(row, book) is None)


def _holds(row: OutletStandard | ReferenceOxygen, day: date) -> bool:
    return row.starts_on <= day and (row.ends_on is None or day <= row.ends_on)


def _limit(row: LimitRow, book: Rulebook) -> Limit | None:
    factor = hj212_codes(book.folder).factors.get(row.factor)
    unit = AMOUNT_UNIT if _SPANS[row.period] in AMOUNT_SPANS else factor.unit if factor else row.unit
    ratio = ratio_of(row.unit, unit, book)
    if ratio is None:
        return None
    words = Message(row.document, row.document)
    ends = row.ends_on if row.ends_on is None or row.ends_on >= row.starts_on else row.starts_on
    return Limit(
        factor=row.factor, span=_SPANS[row.period], most=None if row.high is None else row.high * ratio,
        least=None if row.low is None else row.low * ratio, unit=unit,
        basis=Basis.CONVERTED if row.is_converted else Basis.MEASURED, rank=Rank(row.sort), standard=row.document,
        group="", name=words,
        ground=Ground(Validity(row.starts_on, ends), Clause(words, is_verified=True), "", "", f"limits/{row.pk}"),
        reference_o2_pct=row.reference_o2_pct if row.is_converted else None,
    )  # fmt: skip


def ratio_of(told: str, wanted: str, book: Rulebook) -> Decimal | None:
    """By what a figure in one printed unit becomes one in another; None where it cannot."""
    if told == wanted or {told, wanted} <= {"-", "", "无量纲"}:
        return Decimal(1)
    units = book.units()
    one, other = units.get(told), units.get(wanted)
    if one is None or other is None or one.unit.id != other.unit.id:
        return None
    return one.factor / other.factor


#: Period of a registered limit → span of means, of months and years that of amounts.
_SPANS = {
    "rtd": Span.MINUTE, "minute": Span.MINUTE, "hour": Span.HOUR, "day": Span.DAY, "month": Span.MONTH,
    "year": Span.YEAR,
}  # fmt: skip
