"""演示的上传: an invented unit whose access end uploads its coal, and platforms above that stand still.

澄湖湖滨纸业, whose coal no meter of the demo counts. Facts of both stand in files.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from django.utils import timezone

from shuangkong.cli.demo.cast import COUNTY, Cast, lines
from shuangkong.monitoring.simulated.noise import one, seed_of
from shuangkong.protocols.nhjc import Configuration, Item, Meant, Upload, read_code
from shuangkong.protocols.nhjc.messages import Every, Source
from shuangkong.records.monitoring.uploads import higher
from shuangkong.records.monitoring.uploads.connecting import ask, confirm
from shuangkong.records.monitoring.uploads.higher_fields import Kind
from shuangkong.records.monitoring.uploads.models import AccessEnd, HigherPlatform
from shuangkong.records.monitoring.uploads.taking import take_configuration, take_data
from shuangkong.records.people.acting import Acting

_OFFICE, _GROUND = "office", "虚构·演示：接入确认"
_FROM = "127.0.0.1"
#: Files of the demo: one line a unit that uploads one item; platforms above, by what goes to them.
_UNITS = "uploads.csv"
_PLATFORMS = {Kind.FIGURES: "platforms-above.csv", Kind.FRAMES: "relays-above.csv"}


def take_uploads(cast: Cast, since: date) -> None:
    """Connects the units, takes their days since then, and names platforms above, once. ~60 queries a unit."""
    office, folder = cast.named(_OFFICE), cast.folder / "monitoring"
    if not HigherPlatform.objects.filter(region=COUNTY).exists():
        for kind, file in _PLATFORMS.items():
            for platform in lines(folder / file):
                higher.set_platform(None, COUNTY, platform, office, _GROUND, kind)
    for line in lines(folder / _UNITS):
        if not AccessEnd.objects.filter(enterprise__credit_code=line["credit_code"]).exists():
            _take(line, [since + timedelta(days=number) for number in range((cast.today - since).days)], office)


def _take(line: Mapping[str, str], days: Sequence[date], office: Acting) -> None:
    """One unit: which item it tells, between what a day lies, and on which days of a month nothing comes."""
    unit, code = line["credit_code"], read_code(line["item"])
    if code is None:  # pragma: no cover - a fault of the demo's file
        raise ValueError(line["item"])
    ask(unit, line["region"], _FROM, with_key=False)
    confirm(AccessEnd.objects.get(enterprise__credit_code=unit).pk, office, _GROUND)
    ask(unit, line["region"], _FROM, with_key=False)
    held = AccessEnd.objects.select_related("enterprise").get(enterprise__credit_code=unit)
    bounds = Decimal(line["least"]), Decimal(line["most"])
    meant = Meant(code, line["name"], Every.DAY, Source.MANAGEMENT, *bounds)
    take_configuration(held, Configuration(held.device, unit, (meant,), {}, ()), b"demo configuration")
    if days:
        AccessEnd.objects.get(pk=held.pk).items.update(since=timezone.make_aware(datetime.combine(days[0], time())))
    lost = set(map(int, line["lost_days"].split()))
    items = [
        Item(code, _used(line, day), Every.DAY, datetime.combine(day, time()), Source.MANAGEMENT, code.scope, True)
        for day in days
        if day.day not in lost
    ]
    take_data(held, Upload(held.device, unit, tuple(items), ()), b"demo data")


def _used(line: Mapping[str, str], day: date) -> Decimal:
    """Tonnes of a day."""
    low, high = float(line["from"]), float(line["to"])
    return Decimal(f"{low + (high - low) * one(seed_of(COUNTY, line['credit_code']), day.isoformat()):.1f}")
