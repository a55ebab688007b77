"""转报情况: how each unit stands with a platform above, as the passing on tells it and a page asks for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from django.db.models import Count, Max, Min, Q, Sum
from django.utils import timezone

from shuangkong.records.monitoring.uploads.higher_fields import Kind
from shuangkong.records.monitoring.uploads.models import HigherPlatform, PassingState, ResendOrder

#: Rows of a page.
MOST = 2_000


@dataclass(frozen=True, slots=True)
class Seen:
    """A unit and a platform; columns as ``PassingState`` says. ``refused`` is JSON."""

    step: str
    accepted: int
    owed: int
    aside: int
    reason: str
    refused: str
    next_at: datetime | None


@dataclass(frozen=True, slots=True)
class Totals:
    """A platform's units together; ``refusing``: of how many it takes nothing at present."""

    units: int
    accepted: int
    owed: int
    aside: int
    refusing: int
    next_at: datetime | None
    accepted_at: datetime | None
    seen_at: datetime | None


def platforms_on(kind: Kind = Kind.FIGURES) -> tuple[HigherPlatform, ...]:
    """Those of a kind that are started. 1 query."""
    rows = HigherPlatform.objects.select_related("region").filter(kind=kind, is_on=True, ended_at=None)
    return tuple(rows.order_by("pk"))


def platform_on(number: int, kind: Kind = Kind.FIGURES) -> HigherPlatform | None:
    """That one, where it is of that kind and started. 1 query."""
    rows = HigherPlatform.objects.select_related("region").filter(pk=number, kind=kind, is_on=True, ended_at=None)
    return rows.first()


def keep_state(platform: int, unit: int, seen: Seen) -> None:
    """Keeps how a unit stands; what has not changed is not written again. 1–2 queries."""
    now, row = timezone.now(), PassingState.objects.filter(platform=platform, enterprise=unit).first()
    told = asdict(seen)
    if row is None:
        accepted_at = now if seen.accepted else None
        PassingState.objects.create(
            platform_id=platform, enterprise_id=unit, seen_at=now, accepted_at=accepted_at, **told
        )
        return
    if all(getattr(row, name) == value for name, value in told.items()):
        return
    if seen.accepted > row.accepted:
        row.accepted_at = now
    for name, value in told.items():
        setattr(row, name, value)
    row.seen_at = now
    row.save()


def waiting_orders(platform: int) -> Sequence[ResendOrder]:
    """Orders to send anew that nobody has taken up, the oldest first. 1 query."""
    rows = ResendOrder.objects.select_related("enterprise").filter(platform=platform, done_at=None)
    return tuple(rows.order_by("pk"))


def set_done(order: ResendOrder, figures: int) -> None:
    """Says that an order was taken up, and how many figures it owes anew. 1 query."""
    ResendOrder.objects.filter(pk=order.pk, done_at=None).update(done_at=timezone.now(), figures=figures)


def states(platform: int) -> tuple[PassingState, ...]:
    """Those who are refused first, then those who owe most. 1 query."""
    rows = PassingState.objects.select_related("enterprise").filter(platform=platform)
    return tuple(rows.order_by("-aside", "-owed", "enterprise__name", "pk")[:MOST])


def orders(platform: int, most: int = 20) -> tuple[ResendOrder, ...]:
    """The newest orders to send anew. 1 query."""
    rows = ResendOrder.objects.select_related("enterprise").filter(platform=platform)
    return tuple(rows.order_by("-pk")[:most])


def totals(platforms: Sequence[int]) -> dict[int, Totals]:
    """Platform → its units together; every one that is asked for is in it. 1 query."""
    rows = (
        PassingState.objects.filter(platform__in=platforms)
        .values("platform")
        .annotate(
            units=Count("pk"), accepted=Sum("accepted"), owed=Sum("owed"), aside=Sum("aside"),
            refusing=Count("pk", filter=~Q(reason="")), next_at=Min("next_at"), accepted_at=Max("accepted_at"),
            seen_at=Max("seen_at"),
        )
    )  # fmt: skip
    found = {
        row["platform"]: Totals(
            row["units"], row["accepted"], row["owed"], row["aside"], row["refusing"], row["next_at"],
            row["accepted_at"], row["seen_at"],
        )
        for row in rows
    }  # fmt: skip
    return {each: found.get(each, Totals(0, 0, 0, 0, 0, None, None, None)) for each in platforms}
