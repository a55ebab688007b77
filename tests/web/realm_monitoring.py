"""Online monitoring in the realm: at each place an outlet with device, alarm, order, mark and a quarantined thing."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils import timezone

from shuangkong.records.monitoring.models import (
    Alarm,
    AlarmEvent,
    Connection,
    Device,
    DeviceOrder,
    Mark,
    Meter,
    Outlet,
    Point,
    Quarantine,
)
from shuangkong.records.monitoring.uploads.models import AccessEnd, HigherPlatform
from shuangkong.records.registry.models import Enterprise

#: An hour that is over, as an address says it.
HOUR = (timezone.localtime() - timedelta(hours=3)).replace(minute=0, second=0, microsecond=0)


#: What belongs to a unit alone: no platform above does.
MINE = "mine"


def watched(region: str, enterprise: int | None, tag: str) -> dict[str, int | str]:
    """Numbers of one of each, of an enterprise's own where one is named."""
    unit = Enterprise.objects.get(pk=enterprise) if enterprise else None
    now, day = timezone.now(), timezone.localdate()
    outlet = Outlet.objects.create(
        region_id=region,
        enterprise=unit,
        kind="gas" if unit else "air",
        code=tag,
        name=f"{tag}排口",
        starts_on=day - timedelta(days=62),
    )
    point = Point.objects.create(outlet=outlet, factor="a21026")
    device = Device.objects.create(
        region_id=region, enterprise=unit, kind="logger", mn=f"MN{tag}", name="数采仪", edition="auto",
        check_value="any", encoding="auto", starts_on=day,
    )  # fmt: skip
    Connection.objects.create(device=device, outlet=outlet, starts_at=now - timedelta(days=1))
    alarm = Alarm.objects.create(
        outlet=outlet, factor="a21026", rule="silence", key=f"{tag}/silence", period="hour", level=1,
        starts_at=now - timedelta(hours=9), text="没有数据\nno data", state="open", found_at=now,
    )  # fmt: skip
    AlarmEvent.objects.create(alarm=alarm, kind="raise", author="rules", at=now - timedelta(hours=8))
    order = DeviceOrder.objects.create(
        device=device, outlet=outlet, command="1011", fields="{}", state="queued", author="rules", at=now, journal=1
    )
    return _access_end(unit, tag) | {
        "outlet_id": outlet.pk, "point_id": point.pk, "device_id": device.pk, "alarm_id": alarm.pk,
        "device_order_id": order.pk, "mark_id": _mark(outlet, now), "register": "outlets", "register_key": "outlets",
        "row": outlet.pk, "row_id": outlet.pk, "factor": "a21026",
        "service_register": "services", "limit_register": "limits", "moment": HOUR.isoformat(), "hour": "hour",
        "month": "2024-01",
        "moment_later": (HOUR + timedelta(hours=1)).isoformat(), "quarantine_id": _apart(device, now),
    } | ({} if tag == MINE else {"platform_id": _platform(region, tag)})  # fmt: skip


def _platform(region: str, tag: str) -> int:
    made = HigherPlatform.objects.create(
        region_id=region, name=f"上级{tag}", register_url="https://above.invalid/register", valid="true_is_valid",
        day_time="07:00:00", keep_days=200,
    )  # fmt: skip
    return int(made.pk)


def _access_end(unit: Enterprise | None, tag: str) -> dict[str, int | str]:
    """An access end that waits to be confirmed and a meter, where there is a unit to have one."""
    if unit is None:
        return {}
    meter = Meter.objects.create(
        enterprise=unit, item="1" * 16, name="总表", carrier="electricity", unit="kWh", level=1,
        starts_on=timezone.localdate(),
    )  # fmt: skip
    Point.objects.create(meter=meter, factor="")
    held = AccessEnd.objects.create(enterprise=unit, device=f"end{tag}", region="", asked_at=timezone.now())
    return {"access_id": held.pk, "meter_id": meter.pk}


def _mark(outlet: Outlet, now: datetime) -> int:
    made = Mark.objects.create(
        outlet=outlet, starts_at=HOUR, ends_at=HOUR + timedelta(hours=1), mark="M", origin="unit",
        reason="maintenance", author="rules", at=now,
    )  # fmt: skip
    return int(made.pk)


def _apart(device: Device, now: datetime) -> int:
    made = Quarantine.objects.create(mn=device.mn, sort="unit", factor="a21026", first_at=now, last_at=now, count=1)
    return int(made.pk)
