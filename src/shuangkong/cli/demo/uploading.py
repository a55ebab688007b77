"""演示的上传: an invented unit whose access end uploads its coal, and a platform above that stands still."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal

from django.utils import timezone

from shuangkong.cli.demo.cast import COUNTY, Cast
from shuangkong.monitoring.simulated.noise import one, seed_of
from shuangkong.protocols.nhjc import Configuration, Item, Meant, Upload, read_code
from shuangkong.protocols.nhjc.messages import Every, Source
from shuangkong.records.monitoring.uploads import higher
from shuangkong.records.monitoring.uploads.connecting import ask, confirm
from shuangkong.records.monitoring.uploads.models import AccessEnd, HigherPlatform
from shuangkong.records.monitoring.uploads.taking import take_configuration, take_data

#: 澄湖湖滨纸业, whose coal no meter of the demo counts.
UNIT, REGION = "91999901MA00T00213", "999901006"
_CODE, _NAME = "00-00-0000-010104-10", "烟煤购进（虚构）"
_OFFICE, _GROUND = "office", "虚构·演示：接入确认"
_FROM = "127.0.0.1"
_LOST = frozenset({4, 17})
_PLATFORM = {
    "name": "市级平台（虚构）", "register_url": "https://above.invalid/register", "auth": "none",
    "valid": "true_is_valid", "is_dashed": "on", "day_time": "07:00:00", "units": "", "with_fictional": "on",
    "keep_days": "200",
}  # fmt: skip


def take_uploads(cast: Cast, since: date) -> None:
    """Connects the unit, takes its days since then, and names a platform above, once. ~60 queries."""
    office = cast.named(_OFFICE)
    if not HigherPlatform.objects.filter(region=COUNTY).exists():
        higher.set_platform(None, COUNTY, _PLATFORM, office, _GROUND)
    if AccessEnd.objects.filter(enterprise__credit_code=UNIT).exists():
        return
    ask(UNIT, REGION, _FROM, with_key=False)
    confirm(AccessEnd.objects.get(enterprise__credit_code=UNIT).pk, office, _GROUND)
    ask(UNIT, REGION, _FROM, with_key=False)
    held, code = AccessEnd.objects.select_related("enterprise").get(enterprise__credit_code=UNIT), read_code(_CODE)
    if code is None:  # pragma: no cover - the code stands above
        raise ValueError(_CODE)
    meant = Meant(code, _NAME, Every.DAY, Source.MANAGEMENT, Decimal(0), Decimal(60))
    take_configuration(held, Configuration(held.device, UNIT, (meant,), {}, ()), b"demo configuration")
    AccessEnd.objects.get(pk=held.pk).items.update(since=_midnight(since))
    days = [since + timedelta(days=number) for number in range((cast.today - since).days)]
    items = [
        Item(code, _used(day), Every.DAY, datetime.combine(day, time()), Source.MANAGEMENT, code.scope, True)
        for day in days
        if day.day not in _LOST
    ]
    take_data(held, Upload(held.device, UNIT, tuple(items), ()), b"demo data")


def _used(day: date) -> Decimal:
    """Tonnes of a day."""
    return Decimal(f"{28 + 8 * one(seed_of(COUNTY, UNIT), day.isoformat()):.1f}")


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))
