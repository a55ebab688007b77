"""Raw frames on pages: enciphered ones are shown in clear beside their bytes, long lists are told and paged."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import monitoring_site as site
import pytest
import store_at_hand
from django.conf import LazySettings
from django.utils import timezone, translation
from pytest_django import DjangoDbBlocker
from store_at_hand import StoreAtHand

from kept import kept
from shuangkong.protocols.hj212.frame import wrap
from shuangkong.protocols.hj212.sm4 import CipherForm, Key, wrap_enciphered
from shuangkong.readings.columns import Kind
from shuangkong.readings.evidence import Kind as RecordKind
from shuangkong.readings.evidence import Log
from shuangkong.readings.evidence.record import pack
from shuangkong.records.monitoring.key_models import KeyRenewal
from shuangkong.records.monitoring.models import Device
from shuangkong.records.monitoring.secrets import sealed
from shuangkong.web.monitoring import frames as frames_module
from shuangkong.web.monitoring.views import frames as frames_view

pytestmark = pytest.mark.django_db
ZONE = ZoneInfo("Asia/Shanghai")
OWN, MADE, STRANGE = "0123456789abcdef", "7F3C" * 8, "55AA" * 8


@pytest.fixture(scope="module")
def outlet(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[int]:
    with kept(django_db_blocker), translation.override("zh-hans"):
        site.settle()
        place = site.outlet()
        device = site.connected(place)
        Device.objects.filter(pk=device).update(edition="v2025", key=sealed(MADE))
        KeyRenewal.objects.create(
            device_id=device, key=sealed(MADE), before=sealed(OWN),
            made_at=datetime(2024, 5, 20, 10, tzinfo=ZONE),
            confirmed_at=datetime(2024, 5, 20, 10, 5, tzinfo=ZONE),
        )  # fmt: skip
        yield place


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch, settings: LazySettings, tmp_path: Path) -> StoreAtHand:
    settings.EVIDENCE_FOLDER = tmp_path / "evidence"
    return store_at_hand.use(monkeypatch)


def receive(folder: Path, *frames: bytes) -> list[tuple[int, int]]:
    log, told = Log(folder), []
    for frame in frames:
        record = pack(RecordKind.FRAME, frame, int(timezone.now().timestamp() * 1e9), 1)
        end = log.write([record])
        told.append((end.segment, end.offset - len(record)))
    log.close()
    return told


def body(at: datetime, value: object = 12.5) -> bytes:
    area = f"DataTime={at:%Y%m%d%H%M%S};a21026-Rtd={value},a21026-Flag=N"
    return f"QN={at:%Y%m%d%H%M%S}000;ST=31;CN=2011;PW=123456;MN={site.MN};Flag=9;CP=&&{area}&&".encode()


@pytest.mark.parametrize(
    ("key", "form", "said"),
    [
        (OWN.encode(), CipherForm.RAW, "设备登记的密钥"),
        (bytes.fromhex(MADE), CipherForm.RAW, "2024-05-20 10:00 生成、2024-05-20 10:05 起启用的密钥"),
        (bytes.fromhex(MADE), CipherForm.HEX, "2024-05-20 10:00 生成、2024-05-20 10:05 起启用的密钥"),
    ],
)
def test_an_enciphered_frame_is_shown_in_clear_and_by_which_key(
    outlet: int, store: StoreAtHand, settings: LazySettings, key: bytes, form: CipherForm, said: str
) -> None:
    at = store_at_hand.last_hours(1)[0]
    (place,) = receive(settings.EVIDENCE_FOLDER, wrap_enciphered(body(at), Key(key), form))
    store.put(site.point(outlet), Kind.RTD, at, "rtd", "12.5", place=place)
    unit, frames = site.visitor("unit"), f"/monitoring/outlets/{outlet}/frames/"
    listed = unit.get(frames, {"at": at.isoformat(), "kind": "hour"}).content.decode()
    assert "二氧化硫 12.5" in listed
    assert "已解密，相符" in listed
    for name in ("unit", "admin"):
        shown = site.visitor(name).get(f"{frames}{place[0]}/{place[1]}/").content.decode()
        assert f"用{said}解开" in shown
        assert f"DataTime={at:%Y%m%d%H%M%S};a21026-Rtd=12.5,a21026-Flag=N" in shown
        assert MADE not in shown.upper()
        assert OWN not in shown
    assert "PW=123456" not in unit.get(f"{frames}{place[0]}/{place[1]}/").content.decode()
    other = site.outlet(site.UNITS[1], "DW001", "water")
    assert site.visitor("other").get(f"/monitoring/outlets/{other}/frames/{place[0]}/{place[1]}/").status_code == 404


def test_what_no_key_opens_is_said(outlet: int, store: StoreAtHand, settings: LazySettings) -> None:
    at = store_at_hand.last_hours(1)[0]
    strange = wrap_enciphered(body(at), Key(bytes.fromhex(STRANGE)))
    (place,) = receive(settings.EVIDENCE_FOLDER, strange)
    held = frames_module.frame_at(*place)
    assert (held.is_enciphered, held.is_sound, held.clear, held.key) == (True, False, "", "")
    Device.objects.filter(mn=site.MN).update(key=sealed(STRANGE))
    assert frames_module.frame_at(*place).clear.startswith("DataTime=")


def test_the_words_of_a_key_order_show_no_key(outlet: int) -> None:
    request = site.visitor("admin").get("/").wsgi_request
    assert frames_view.shown_text(request, f"PW=1;CP=&&NewSK={MADE}&&") == "PW=1;CP=&&NewSK=……&&"


def test_more_frames_than_a_page_holds_are_told_and_paged(
    outlet: int, store: StoreAtHand, settings: LazySettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(frames_view, "PAGE_FRAMES", 10)
    at = store_at_hand.last_hours(1)[0]
    moments = [at + timedelta(seconds=30 * number) for number in range(23)]
    sent = [wrap(body(moment, number)) for number, moment in enumerate(moments)]
    for number, place in enumerate(receive(settings.EVIDENCE_FOLDER, *sent)):
        store.put(site.point(outlet), Kind.RTD, moments[number], "rtd", number, place=place)
    unit, frames = site.visitor("unit"), f"/monitoring/outlets/{outlet}/frames/"
    asked = {"at": at.isoformat(), "kind": "hour"}
    first = unit.get(frames, asked).content.decode()
    assert "<strong>23</strong> 份报文" in first
    assert "第 1 到 10 份" in first
    assert "二氧化硫 9 mg/m3" in first
    assert "二氧化硫 10 mg/m3" not in first
    last = unit.get(frames, asked | {"sheet": "3"}).content.decode()
    assert "第 21 到 23 份" in last
    assert "二氧化硫 22 mg/m3" in last
    assert "第 21 到 23 份" in unit.get(frames, asked | {"sheet": "99"}).content.decode()
