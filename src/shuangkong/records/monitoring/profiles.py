"""设备档案快照: what the gateway has to know of every device, in one value, and whether it has changed since.

Ask ``version`` as often as you like (1 query); take ``profiles`` when it differs (5 queries).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Max, Q
from django.utils import timezone

from shuangkong.records.monitoring.keys import Spare, spare_keys
from shuangkong.records.monitoring.models import Connection, Device, DeviceUnit, Point, RegisterEvent
from shuangkong.records.monitoring.secrets import opened


@dataclass(frozen=True, slots=True)
class Profile:
    """One device as it is now.

    ``edition``, ``check_value``, ``encoding`` are codes of registers.words (``auto``, ``any``: as sent); ``password``
    and ``key`` "" where none is registered: none is asked for then;
    ``spare``: keys beside it while it is renewed. ``outlet`` None while it speaks for none.
    ``units``: factor → unit in which it sends, where that is not the code table's. ``points``: factor → point.
    ``meters``: code under which it tells a meter's counter → the meter's point.
    """

    device: int
    mn: str
    kind: str
    edition: str
    system: str
    check_value: str
    encoding: str
    password: str = field(repr=False)
    key: str = field(repr=False)
    spare: Spare
    outlet: int | None
    region: str
    units: Mapping[str, str]
    points: Mapping[str, int]
    meters: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Every device in use, by its number, and the version that it is of."""

    version: str
    profiles: Mapping[str, Profile]


def version() -> str:
    """Another text whenever a register changed, a day began, or a connection began or ended. 2 queries."""
    now = timezone.now()
    newest = RegisterEvent.objects.aggregate(newest=Max("pk"))["newest"] or 0
    edges = Connection.objects.aggregate(
        begun=Max("starts_at", filter=Q(starts_at__lte=now)), ended=Max("ends_at", filter=Q(ends_at__lte=now))
    )
    last = max(filter(None, edges.values()), default=None)
    return f"{newest}.{timezone.localdate():%Y%m%d}.{int(last.timestamp()) if last else 0}"


def snapshot(at: datetime | None = None) -> Snapshot:
    """Of a moment; now where none is given. 6 queries."""
    now = at or timezone.now()
    day, seen = timezone.localtime(now).date(), version()
    held = Q(starts_on__lte=day) & (Q(ends_on=None) | Q(ends_on__gte=day))
    devices = list(Device.objects.filter(held))
    outlets = {
        each.device_id: each.outlet_id
        for each in Connection.objects.filter(Q(ends_at=None) | Q(ends_at__gt=now), starts_at__lte=now)
    }
    spares = spare_keys(now)
    units: dict[int, dict[str, str]] = defaultdict(dict)
    for each in DeviceUnit.objects.filter(held):
        units[each.device_id][each.factor] = each.unit
    points: dict[int, dict[str, int]] = defaultdict(dict)
    for point in Point.objects.exclude(outlet=None):
        points[point.outlet_id or 0][point.factor] = point.pk
    meters: dict[int, dict[str, int]] = defaultdict(dict)
    told = Point.objects.filter(
        Q(meter__ends_on=None) | Q(meter__ends_on__gte=day), meter__starts_on__lte=day, meter__device__isnull=False
    ).exclude(meter__code="")
    for number, code, device in told.values_list("pk", "meter__code", "meter__device"):
        meters[device][code] = number
    return Snapshot(
        seen,
        {
            each.mn: Profile(
                device=each.pk, mn=each.mn, kind=each.kind, edition=each.edition, system=each.system,
                check_value=each.check_value, encoding=each.encoding, password=opened(each.password),
                key=opened(each.key), spare=spares.get(each.pk, Spare()),
                outlet=outlets.get(each.pk), region=each.region_id, units=units.get(each.pk, {}),
                points=points.get(outlets.get(each.pk) or 0, {}), meters=meters.get(each.pk, {}),
            )
            for each in devices
        },
    )  # fmt: skip


def point_of(outlet: int, factor: str) -> int:
    """The point of an outlet's factor; made where there was none: what arrives has its place. 1–3 queries."""
    made, _is_new = Point.objects.get_or_create(outlet_id=outlet, factor=factor)
    return int(made.pk)
