"""What keeps readings from coming is told on the duty screen; what could not be taken is shown as it came."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import monitoring_site as site
import pytest
import store_at_hand
from django.conf import LazySettings
from django.utils import timezone, translation
from pytest_django import DjangoDbBlocker

from kept import kept
from shuangkong.protocols.hj212.frame import wrap
from shuangkong.readings.evidence import Kind as RecordKind
from shuangkong.readings.evidence import Log
from shuangkong.readings.evidence.record import pack
from shuangkong.readings.wire.client import StoreDown
from shuangkong.records.monitoring import quarantine
from shuangkong.records.monitoring.models import Quarantine
from shuangkong.records.monitoring.quarantine import QuarantineSort
from shuangkong.web.monitoring import data

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def county(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    with kept(django_db_blocker), translation.override("zh-hans"):
        site.settle()
        site.connected(site.outlet())
        yield


@pytest.fixture
def gateway(county: None, settings: LazySettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of a gateway on this machine."""
    store_at_hand.use(monkeypatch)
    settings.EVIDENCE_FOLDER = tmp_path / "evidence"
    return tmp_path


def tells(folder: Path, *, ago: int = 0, fault: str = "", **more: Any) -> None:
    """What gateway and consumer wrote so many seconds ago."""
    at = timezone.now().timestamp() - ago
    (folder / "status.json").write_text(json.dumps({"at": at, "refuses": "", "ended_lately": []} | more))
    told = {"at": at, "fault": fault, "position": [1, 10], "log_end": [1, 10]}
    (folder / "consumer.json").write_text(json.dumps(told))


def duty() -> str:
    return site.visitor("bureau").get("/monitoring/").content.decode()


def test_all_is_well_or_nothing_ever_ran_here(gateway: Path) -> None:
    for _ in range(2):
        assert "message-error" not in duty()
        assert "message-warning" not in duty()
        tells(gateway)


@pytest.mark.parametrize(
    ("told", "key", "words"),
    [
        ({"ago": 60}, "gateway-down", "采集网关没有在运行"),
        ({"refuses": "No space left on device"}, "log-full", "腾出磁盘空间"),
        ({"fault": "StoreDown: away"}, "consumer-waits", "报文都留着，恢复后自动补读"),
    ],
)
def test_what_is_wrong_is_told_in_plain_words(gateway: Path, told: dict[str, Any], key: str, words: str) -> None:
    tells(gateway, **told)
    shown = duty()
    assert f'id="{key}"' in shown
    assert words in shown


def test_reading_far_behind_is_told(gateway: Path) -> None:
    tells(gateway)
    told = json.loads((gateway / "consumer.json").read_text()) | {"log_end": [2, 200 << 20]}
    (gateway / "consumer.json").write_text(json.dumps(told))
    assert "200 MB" in duty()


def test_a_store_that_is_down_leaves_what_is_registered(gateway: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def away() -> None:
        raise StoreDown("away")

    monkeypatch.setattr(data, "store", away)
    shown = duty()
    assert 'id="store-down"' in shown
    assert "青石热电厂DA001" in shown


def test_the_screen_that_renews_itself_keeps_its_filter(gateway: Path) -> None:
    bureau, address = site.visitor("bureau"), "/monitoring/?standings-words=没有这一家"
    assert 'hx-get=""' in bureau.get(address).content.decode(), "it asks for its own address"
    news = bureau.get(address, headers={"HX-Request": "true", "HX-Target": "live-said"}).content.decode()
    assert "没有符合筛选的行" in news
    assert "<html" not in news


def test_garbage_is_shown_letter_by_letter_and_ended_connections_one_by_one(gateway: Path) -> None:
    log = Log(gateway / "evidence")
    raw = wrap(b"QN=1;ST=31;CN=2011;PW=secret;MN=1;Flag=5;CP=&&a=1&&")[:60]
    record = pack(RecordKind.NOISE, raw, int(timezone.now().timestamp() * 1e9), 1)
    end = log.write([record])
    log.close()
    seen = quarantine.Seen(
        "", QuarantineSort.BROKEN, "收到不成报文的内容\nno frame", timezone.now(), address="10.1.2.3",
        segment=end.segment, offset=end.offset - len(record),
    )  # fmt: skip
    quarantine.tell(seen)
    at = (timezone.now() - timedelta(minutes=1)).timestamp()
    one = {"at": at, "peer": "10.9.8.7", "listener": "tls", "mn": "", "why": "no handshake", "frames": 0}
    tells(gateway, ended_lately=[one])
    bureau = site.visitor("bureau")
    board = bureau.get("/monitoring/quarantine/").content.decode()
    assert "10.9.8.7" in board
    assert "加密握手失败" in board
    address = f"/monitoring/quarantine/{Quarantine.objects.get(mn='').pk}/"
    assert address in board
    shown = bureau.get(address).content.decode()
    assert "收到不成报文的内容" in shown
    assert "CN=2011" in shown
    # By which word a device is known is the administrator's to see.
    assert "secret" not in shown
    assert site.visitor("finance").get(address).status_code == 403
