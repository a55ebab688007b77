"""许可量的汇集: what the permits of a unit's outlets allow in a year, of the register that monitoring keeps."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

from django.db.models import Q

from shuangkong.core.finding import Message
from shuangkong.monitoring.alarms.quantities import AMOUNT_UNIT
from shuangkong.monitoring.limits.limit import Rank
from shuangkong.monitoring.reading import Span
from shuangkong.records.monitoring.equipment.models import Machine
from shuangkong.records.monitoring.limits import ratio_of
from shuangkong.records.monitoring.models import FactorDue, Limit, Outlet, RegisterEvent
from shuangkong.records.reporting.models import Return
from shuangkong.reporting.checks.context import Evidenced
from shuangkong.reporting.evidence import Item
from shuangkong.rulebook import Rulebook, open_rulebook

_SHOWN = 3
#: Registers that what is permitted rests on.
_LIMITS, _FACTORS, _OUTLETS = "limits", "factors", "outlets"
#: The one that capacities rest on.
_MACHINES = "machines"


def permitted(
    rows: Sequence[Return], known: Mapping[str, tuple[Item, int]]
) -> dict[tuple[int, str], Evidenced | Message]:
    """(return, id) → tonnes that the permits of all the unit's outlets allow in a year, or why they cannot be told.

    What permits of its outlets say nothing of is left out. An outlet that has to send the factor and has no permitted
    amount makes the sum no sum. 3 queries, none where nothing is asked.

    Args:
        known: id → what is asked, and of which year.
    """
    units = {row.reporter.enterprise_id for row in rows} - {None}
    if not units or not known:
        return {}
    years = {year for _, year in known.values()}
    factors = {factor for item, _ in known.values() for factor in item.permit}
    first, last = date(min(years), 1, 1), date(max(years), 12, 31)
    held = Q(starts_on__lte=last) & (Q(ends_on=None) | Q(ends_on__gte=first))
    outlets = {each.pk: each for each in Outlet.objects.filter(held, enterprise__in=units)}
    limits: dict[tuple[int, str], list[Limit]] = defaultdict(list)
    for row in Limit.objects.filter(
        held, outlet__in=list(outlets), factor__in=factors, sort=Rank.PERMIT.value, period=Span.YEAR.value
    ).order_by("starts_on", "pk"):
        limits[row.outlet_id, row.factor].append(row)
    due = FactorDue.objects.filter(held, outlet__in=list(outlets), factor__in=factors)
    owed = {(each.outlet_id, each.factor): each for each in due.order_by("starts_on", "pk")}
    book, found = open_rulebook(), dict[tuple[int, str], Evidenced | Message]()
    for each in rows:
        own = [outlet for outlet in outlets.values() if outlet.enterprise_id == each.reporter.enterprise_id]
        for id, (item, year) in known.items():  # noqa: A001 - the word of the field
            told = _of_unit(own, limits, owed, item, year, book)
            if told is not None:
                found[each.pk, id] = told
    return found


def changed_since(event: int) -> tuple[int, frozenset[int]]:
    """The number of the newest event of the registers, and units of whose permits or machines any since it tells.

    5 queries; 1 where there is nothing new.
    """
    events = RegisterEvent.objects.filter(pk__gt=event)
    newest = events.order_by("-pk").values_list("pk", flat=True).first()
    if newest is None:
        return event, frozenset()
    rows: dict[str, set[int]] = defaultdict(set)
    for register, row in events.filter(register__in=(_LIMITS, _FACTORS, _OUTLETS, _MACHINES)).values_list(
        "register", "row"
    ):
        rows[register].add(row)
    outlets = {
        *rows[_OUTLETS],
        *Limit.objects.filter(pk__in=rows[_LIMITS], sort=Rank.PERMIT.value).values_list("outlet", flat=True),
        *FactorDue.objects.filter(pk__in=rows[_FACTORS]).values_list("outlet", flat=True),
    }
    units = Outlet.objects.filter(pk__in=outlets, enterprise__isnull=False).values_list("enterprise", flat=True)
    owners = Machine.objects.filter(pk__in=rows[_MACHINES]).values_list("enterprise", flat=True)
    return newest, frozenset((*units, *owners))


def _of_unit(
    outlets: Sequence[Outlet], limits: Mapping[tuple[int, str], Sequence[Limit]],
    owed: Mapping[tuple[int, str], FactorDue], item: Item, year: int, book: Rulebook,
) -> Evidenced | Message | None:  # fmt: skip
    """The sum over outlets; None where no permit of any says anything."""
    amounts: list[Decimal] = []
    lacking: list[str] = []
    documents: dict[str, None] = {}
    for outlet in (each for each in outlets if _held(each, year)):
        for factor in item.permit:
            row = next((each for each in reversed(limits.get((outlet.pk, factor), ())) if _held(each, year)), None)
            ratio = ratio_of(row.unit, AMOUNT_UNIT, book) if row is not None else None
            if row is not None and row.high is not None and ratio is not None:
                amounts.append(row.high * ratio)
                documents[row.document] = None
            elif (outlet.pk, factor) in owed and _held(owed[outlet.pk, factor], year):
                lacking.append(outlet.name)
    if not amounts:
        return None
    if lacking:
        shown = "、".join(lacking[:_SHOWN]) + ("…" if len(lacking) > _SHOWN else "")
        return Message(
            f"{item.name.zh}不全：{len(lacking)} 个排放口没有登记年许可量（{shown}）",
            f"{item.name.en} incomplete: {len(lacking)} outlets have no permitted amount of the year ({shown})",
        )
    ground = "；".join([f"{len(amounts)} 个排放口的年许可量之和", *list(documents)[:_SHOWN]])
    return Evidenced(sum(amounts, Decimal(0)), Message(f"{item.name.zh}（{ground}）", item.name.en))


def _held(row: Outlet | Limit | FactorDue, year: int) -> bool:
    """Whether it held at the year's end; what ended within the year is the permit's of then no more."""
    last = date(year, 12, 31)
    return row.starts_on <= last and (row.ends_on is None or row.ends_on >= last)
