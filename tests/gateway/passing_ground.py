"""A county whose units uploaded to the site, for those who pass that on."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

from django.utils import timezone

from shuangkong.protocols.nhjc import Configuration, Item, Upload, read_code
from shuangkong.protocols.nhjc.codes import ItemCode
from shuangkong.protocols.nhjc.messages import Every, Meant, Source
from shuangkong.records.monitoring.uploads.connecting import ask
from shuangkong.records.monitoring.uploads.models import AccessEnd
from shuangkong.records.monitoring.uploads.taking import take_configuration, take_data
from shuangkong.records.registry import store as registry
from shuangkong.records.registry.models import Enterprise
from shuangkong.records.registry.rows import RegionRow

MIDNIGHT = datetime(2026, 3, 2)  # noqa: DTZ001 - messages carry local times
NOON = MIDNIGHT + timedelta(days=30, hours=12)
CODES = ("91990000000000001X", "91990000000000002X")
POWER, STEAM = "0000000002330010", "0000000002400010"


def code_of(text: str) -> ItemCode:
    found = read_code(text)
    assert found is not None
    return found


def names(held: AccessEnd, *codes: str) -> None:
    """The unit says what it sends."""
    items = tuple(Meant(code_of(each), f"项 {each[8:]}", None, None, Decimal(1), None) for each in codes)
    told = Configuration(held.device, held.enterprise.credit_code, items, {}, ())
    take_configuration(held, told, repr(codes).encode())


def uploads(held: AccessEnd, *values: int, code: str = POWER, source: Source = Source.METER) -> None:
    """The unit's days from that midnight on."""
    items = tuple(
        Item(code_of(code), Decimal(value), Every.DAY, MIDNIGHT + timedelta(days=at), source, code_of(code).scope, True)
        for at, value in enumerate(values)
    )
    taken = take_data(held, Upload(held.device, held.enterprise.credit_code, items, ()), repr((code, values)).encode())
    assert not taken.wrong


def connected(credit_code: str) -> AccessEnd:
    """An access end of a unit of an invented county that may upload."""
    registry.save_regions([RegionRow("990000", "青原市", "city"), RegionRow("990100", "云桥县", "county", "990000")])
    told = {"name": f"单位{credit_code[-2]}", "region_id": "990100"}
    Enterprise.objects.get_or_create(credit_code=credit_code, defaults=told)
    ask(credit_code, "990100", "127.0.0.1", with_key=False)
    AccessEnd.objects.filter(enterprise__credit_code=credit_code).update(confirmed_at=timezone.now())
    assert ask(credit_code, "990100", "127.0.0.1", with_key=False)
    return AccessEnd.objects.get(enterprise__credit_code=credit_code, ended_at=None)
