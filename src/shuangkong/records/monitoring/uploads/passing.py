"""转报: what units told, as a site passes it on to a platform above it: units, their items, figures since a mark.

Figures of one access end get their numbers in the order in which they are committed (its messages are taken one at a
time), so whoever has read an end's figures up to a number has missed none below it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from shuangkong.protocols.nhjc.codes import ItemCode, read_code
from shuangkong.protocols.nhjc.messages import Every, Source
from shuangkong.records.monitoring.models import Meter
from shuangkong.records.monitoring.uploads.models import AccessEnd, UploadFigure, UploadItem
from shuangkong.records.paths import below
from shuangkong.records.registry.models import Enterprise

_EPOCH = datetime.fromtimestamp(0, UTC)


@dataclass(frozen=True, slots=True)
class PassedUnit:
    """A unit that uploaded, or has meters.

    Attributes:
        ends: numbers of its access ends, the newest last, each with when it was last heard, in microseconds: told anew
            with every message, so where it stands still nothing came.
    """

    enterprise: int
    name: str
    credit_code: str
    region: str
    ends: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class PassedItem:
    """An item of a unit; ``is_current``: its newest configuration still names it."""

    code: ItemCode
    name: str
    low: Decimal | None
    high: Decimal | None
    is_current: bool


@dataclass(frozen=True, slots=True)
class PassedFigure:
    """A figure as it counts now; ``starts`` is local time without a zone, as messages carry it."""

    id: int
    code: str
    every: Every
    starts: datetime
    value: Decimal
    is_valid: bool
    source: Source


def passed_units(
    credit_codes: Collection[str] = (), *, with_fictional: bool, place: str = ""
) -> tuple[PassedUnit, ...]:
    """Units with a credit code that have meters, or access ends that were heard; of those codes, or all. 2 queries.

    Args:
        place: the path of a region that they lie in; "": anywhere.
    """
    heard = AccessEnd.objects.exclude(seen_at=None)
    own = Q(Exists(heard.filter(enterprise=OuterRef("pk")))) | Exists(Meter.objects.filter(enterprise=OuterRef("pk")))
    units = Enterprise.objects.filter(own, below(place, "region__path")).exclude(credit_code="")
    if credit_codes:
        units = units.filter(credit_code__in=set(credit_codes))
    if not with_fictional:
        units = units.filter(is_fictional=False)
    of_unit: dict[int, list[AccessEnd]] = defaultdict(list)
    for each in heard.filter(enterprise__in=units).order_by("pk"):
        of_unit[each.enterprise_id].append(each)
    return tuple(
        PassedUnit(
            unit.pk, unit.name, unit.credit_code, unit.region_id,
            tuple((each.pk, _microseconds(each.seen_at)) for each in of_unit[unit.pk]),
        )
        for unit in units.order_by("pk")
    )  # fmt: skip


def passed_items(enterprise: int) -> tuple[PassedItem, ...]:
    """Items that the unit's access ends have ever named, by code; of several of one code the newest. 1 query."""
    rows = UploadItem.objects.select_related("access").filter(access__enterprise=enterprise).order_by("access", "pk")
    found: dict[str, PassedItem] = {}
    for row in rows:
        code = read_code(row.code)
        if code is not None:
            is_current = row.ended_at is None and row.access.ended_at is None
            found[row.code] = PassedItem(code, row.name, row.low, row.high, is_current)
    return tuple(found[code] for code in sorted(found))


def has_figure(end: int, number: int) -> bool:
    """Whether the access end has a figure of that number, counting or not. 1 query."""
    return UploadFigure.objects.filter(pk=number, item__access=end).exists()


def figures_after(end: int, number: int, most: int) -> tuple[PassedFigure, ...]:
    """The oldest figures of an access end that came after that one and count now. 1 query."""
    rows = UploadFigure.objects.filter(item__access=end, pk__gt=number, is_newest=True).order_by("pk")
    told = rows.values_list("pk", "item__code", "every", "starts", "value", "is_valid", "source")[:most]
    return tuple(
        PassedFigure(
            number, code, Every(every), timezone.localtime(starts).replace(tzinfo=None), value, is_valid,
            Source(source),
        )
        for number, code, every, starts, value, is_valid, source in told
    )  # fmt: skip


def _microseconds(at: datetime | None) -> int:
    return (at - _EPOCH) // timedelta(microseconds=1) if at is not None else 0
