"""锅炉普查: each boiler with what is told of it: certificate, tests, who runs it, whether watched, removed, seen."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Q, QuerySet
from django.utils import timezone

from shuangkong.monitoring.boilers import Efficiency, Fuel, days_of_use, fuel_of
from shuangkong.records.monitoring.equipment.models import (
    BoilerCertificate,
    BoilerInspection,
    BoilerRemoval,
    EquipmentTest,
    Operator,
)
from shuangkong.records.monitoring.models import Boiler, Connection, MeterClosing
from shuangkong.rulebook import Rulebook, open_rulebook

BOILER = "boiler"


@dataclass(frozen=True, slots=True)
class Staff:
    """Who runs the boilers of a unit: how many; of these, with a certificate in force; last trained."""

    people: int
    certified: int
    trained_on: date | None


@dataclass(frozen=True, slots=True)
class BoilerLine:
    """A boiler on a day.

    Attributes:
        certificate: in force.
        noted: what the boiler's own row calls its certificate, where no certificate of that number was ever registered:
            nobody asked whether it may be issued, so it certifies nothing; "" where there is none.
        removal: None where it stands.
        tests: sort → the newest; ``efficiency``: of the newest that told one.
        is_connected: a device speaks for its outlet; None: it has no outlet.
        inspection: the newest.
        is_shared: a boiler that stands uses its outlet, whose gas says nothing of this one then.
        days_of_use: on which its meter counted since the removal.
        is_counted: its meter was closed of some time since the removal.
    """

    boiler: Boiler
    certificate: BoilerCertificate | None
    noted: str
    removal: BoilerRemoval | None
    tests: Mapping[str, EquipmentTest]
    efficiency: Efficiency | None
    staff: Staff
    is_connected: bool | None
    inspection: BoilerInspection | None
    is_shared: bool
    days_of_use: tuple[date, ...]
    is_counted: bool

    @property
    def number(self) -> str:
        """Of the certificate in force; "" where there is none."""
        return "" if self.certificate is None else self.certificate.number

    @property
    def is_certified_though_removed(self) -> bool:
        """Its certificate is to be cancelled."""
        return self.removal is not None and self.certificate is not None


def boiler_numbers(condition: Q, day: date) -> list[int]:
    """Of boilers that meet a condition and stand on a day, or were removed by it; in the order of lines. 1 query."""
    return list(_rows(condition, day).values_list("pk", flat=True))


def boiler_lines(condition: Q, day: date) -> tuple[BoilerLine, ...]:
    """Boilers that meet a condition and stand on a day, or were removed by it; by place, unit and code. 9 queries.

    The condition bounds how many: what is told of each is asked for by their numbers.
    """
    boilers = list(_rows(condition, day).select_related("enterprise__region", "outlet"))
    numbers = [each.pk for each in boilers]
    removed = removals(Q(boiler__in=numbers), day)
    issued = _issued(numbers)
    tests, staff = _tests(numbers, day), _staff({each.enterprise_id for each in boilers}, day)
    connected, inspections = _connected(boilers), _inspections(numbers)
    shared, use = shared_outlets(removed.values(), day), _use(list(removed.values()))
    book = open_rulebook()
    return tuple(
        BoilerLine(
            each, _in_force(issued[each.pk], day), _noted(each, issued[each.pk]), removed.get(each.pk), tests[each.pk],
            _efficiency(each, tests[each.pk], day, book), staff.get(each.enterprise_id, Staff(0, 0, None)),
            each.outlet_id in connected if each.outlet_id else None, inspections.get(each.pk),
            each.outlet_id in shared, use.get(each.pk, ()), each.pk in use,
        )
        for each in boilers
    )  # fmt: skip


def _rows(condition: Q, day: date) -> QuerySet[Boiler]:
    removed_then = BoilerRemoval.objects.filter(_held(day)).values("boiler")
    stands = Q(ends_on=None) | Q(ends_on__gte=day) | Q(pk__in=removed_then)
    rows = Boiler.objects.filter(condition, stands, sort=BOILER, starts_on__lte=day)
    return rows.order_by("enterprise__region", "enterprise__name", "code", "pk")


def removals(condition: Q, day: date) -> dict[int, BoilerRemoval]:
    """Boiler → its removal, of those that hold on a day. 1 query."""
    rows = BoilerRemoval.objects.select_related("boiler__outlet", "boiler__enterprise__region", "meter")
    return {each.boiler_id: each for each in rows.filter(condition, _held(day)).order_by("starts_on")}


def _held(day: date) -> Q:
    return (Q(ends_on=None) | Q(ends_on__gte=day)) & Q(starts_on__lte=day)


def shared_outlets(removed: Iterable[BoilerRemoval], day: date) -> set[int]:
    """Those of their outlets that a boiler uses which stands. 1 query."""
    outlets = {each.boiler.outlet_id for each in removed if each.boiler.outlet_id is not None}
    gone = BoilerRemoval.objects.filter(_held(day)).values("boiler")
    stands = Boiler.objects.filter(Q(ends_on=None) | Q(ends_on__gte=day), outlet__in=outlets).exclude(pk__in=gone)
    return set(stands.values_list("outlet", flat=True))


def _issued(boilers: Collection[int]) -> Mapping[int, Sequence[BoilerCertificate]]:
    """Boiler → all its certificates, those that ended too, by their beginning."""
    found: dict[int, list[BoilerCertificate]] = defaultdict(list)
    for each in BoilerCertificate.objects.filter(boiler__in=boilers).order_by("starts_on", "pk"):
        found[each.boiler_id].append(each)
    return found


def _in_force(issued: Sequence[BoilerCertificate], day: date) -> BoilerCertificate | None:
    held = [each for each in issued if each.starts_on <= day and (each.ends_on is None or each.ends_on >= day)]
    return held[-1] if held else None


def _noted(boiler: Boiler, issued: Sequence[BoilerCertificate]) -> str:
    return "" if boiler.certificate in {each.number for each in issued} else boiler.certificate


def _tests(boilers: Collection[int], day: date) -> dict[int, dict[str, EquipmentTest]]:
    found: dict[int, dict[str, EquipmentTest]] = defaultdict(dict)
    for each in EquipmentTest.objects.filter(boiler__in=boilers, tested_on__lte=day).order_by("tested_on", "pk"):
        found[each.boiler_id or 0][each.sort] = each
    return found


def _efficiency(boiler: Boiler, tests: Mapping[str, EquipmentTest], day: date, book: Rulebook) -> Efficiency | None:
    told = [each for each in tests.values() if each.efficiency_pct is not None]
    newest = max(told, key=lambda each: (each.tested_on, each.pk), default=None)
    if newest is None or newest.efficiency_pct is None:
        return None
    layer = book.layer_of(boiler.enterprise.region_id, day)
    fuel = fuel_of(boiler.fuel, book.monitoring(layer).fuels)
    if fuel is Fuel.OTHER:
        return Efficiency(newest.efficiency_pct, None)
    values = book.parameter_over_time(f"monitoring/equipment/{fuel.value}", layer).values
    return Efficiency(newest.efficiency_pct, next((each for each in values if each.validity.holds_on(day)), None))


def _staff(units: Collection[int], day: date) -> dict[int, Staff]:
    held = Q(ends_on=None) | Q(ends_on__gte=day)
    rows = Operator.objects.filter(held, enterprise__in=units, sort=BOILER, starts_on__lte=day)
    own: dict[int, list[Operator]] = defaultdict(list)
    for each in rows:
        own[each.enterprise_id].append(each)
    return {
        unit: Staff(
            len(people),
            sum(each.certified_until is not None and each.certified_until >= day for each in people),
            max((each.trained_on for each in people if each.trained_on is not None), default=None),
        )
        for unit, people in own.items()
    }


def _connected(boilers: Sequence[Boiler]) -> set[int]:
    now, outlets = timezone.now(), [each.outlet_id for each in boilers if each.outlet_id]
    held = Connection.objects.filter(Q(ends_at=None) | Q(ends_at__gt=now), outlet__in=outlets, starts_at__lte=now)
    return set(held.values_list("outlet", flat=True))


def _inspections(boilers: Collection[int]) -> dict[int, BoilerInspection]:
    rows = BoilerInspection.objects.filter(boiler__in=boilers).order_by("inspected_on", "pk")
    return {each.boiler_id: each for each in rows}


def _use(removed: Sequence[BoilerRemoval]) -> dict[int, tuple[date, ...]]:
    """Boiler → days after its removal on which its meter counted, by the closings that hold. 1 query.

    Boilers of which no hour of a meter was closed since are left out; so are meters of another unit.
    """
    of_meter = {
        each.meter_id: each
        for each in removed
        if each.meter is not None and each.meter.enterprise_id == each.boiler.enterprise_id
    }
    first = min((each.starts_on for each in of_meter.values()), default=date.max)
    closings: dict[tuple[int, date], MeterClosing] = {}
    for row in MeterClosing.objects.filter(meter__in=list(of_meter), through__gt=first).order_by("pk"):
        if row.through > of_meter[row.meter_id].starts_on and row.open_hours < row.due_hours:
            closings[row.meter_id, row.month] = row
    days: dict[int, list[tuple[date, Decimal]]] = defaultdict(list)
    for (meter, _month), row in closings.items():
        told = json.loads(row.content)["days"]
        days[meter] += [(date.fromisoformat(each["day"]), Decimal(each["amount"])) for each in told]
    return {
        removal.boiler_id: days_of_use(days[meter], removal.starts_on)
        for meter, removal in of_meter.items()
        if meter in days
    }
