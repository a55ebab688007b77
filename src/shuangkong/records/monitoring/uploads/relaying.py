"""转发报文: of which outlets frames go to a platform above, and how each device and the line stand with it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from django.db.models import Count, Max, Q, Sum
from django.utils import timezone

from shuangkong.records.monitoring.models import Outlet
from shuangkong.records.monitoring.uploads.models import HigherPlatform, RelayStanding, RelayState
from shuangkong.records.paths import below

#: Rows of a page.
MOST = 2_000


@dataclass(frozen=True, slots=True)
class DeviceSeen:
    """A device and a platform; columns as ``RelayState`` says. ``refused`` is JSON."""

    mn: str
    device: int
    accepted: int
    owed: int
    aside: int
    refused: str
    accepted_at: datetime | None


@dataclass(frozen=True, slots=True)
class LineSeen:
    """The line; columns as ``RelayStanding`` says."""

    is_connected: bool
    reason: str
    read_at: datetime | None
    behind: int


@dataclass(frozen=True, slots=True)
class RelayTotals:
    """A platform's devices together."""

    devices: int
    accepted: int
    owed: int
    aside: int
    accepted_at: datetime | None


def relayed_outlets(platform: HigherPlatform) -> dict[int, int | None]:
    """Outlets whose devices' frames go → their unit. 1 query.

    Those in its place, of the units named where any is; those of nobody (stations, sections) where none is.
    """
    rows = Outlet.objects.filter(below(platform.region.path, "region__path"))
    codes = platform.units.split()
    if codes:
        rows = rows.filter(enterprise__credit_code__in=codes)
    if not platform.with_fictional:
        rows = rows.filter(Q(enterprise=None) | Q(enterprise__is_fictional=False), region__is_fictional=False)
    return dict(rows.values_list("pk", "enterprise"))


def keep_relay_states(platform: int, seen: Iterable[DeviceSeen]) -> None:
    """Keeps how devices stand. 1 query a device."""
    for each in seen:
        told = asdict(each)
        mn, device = told.pop("mn"), told.pop("device")
        RelayState.objects.update_or_create(platform_id=platform, mn=mn, defaults=told | {"device_id": device})


def keep_line(platform: int, seen: LineSeen) -> None:
    """Keeps how the line stands. 1 query."""
    RelayStanding.objects.update_or_create(platform_id=platform, defaults=asdict(seen) | {"seen_at": timezone.now()})


def relay_states(platform: int) -> tuple[RelayState, ...]:
    """Those of which something was put aside first, then those that wait most. 1 query."""
    rows = RelayState.objects.select_related("device").filter(platform=platform)
    return tuple(rows.order_by("-aside", "-owed", "mn")[:MOST])


def line_standing(platform: int) -> RelayStanding | None:
    """How the line stands; None: nothing was tried yet. 1 query."""
    return RelayStanding.objects.filter(platform=platform).first()


def relay_totals(platforms: Sequence[int]) -> dict[int, RelayTotals]:
    """Platform → its devices together, for those that have any. 1 query."""
    rows = (
        RelayState.objects.filter(platform__in=platforms)
        .values("platform")
        .annotate(
            devices=Count("pk"), accepted=Sum("accepted"), owed=Sum("owed"), aside=Sum("aside"), at=Max("accepted_at")
        )
    )
    return {
        row["platform"]: RelayTotals(row["devices"], row["accepted"], row["owed"], row["aside"], row["at"])
        for row in rows
    }
