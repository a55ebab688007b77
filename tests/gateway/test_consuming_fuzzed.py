"""Mutated frames of a registered device through the consumer: none stops it, and none needs its fence."""

from __future__ import annotations

import json
import random
import re
from pathlib import Path

import pytest
from consuming_ground import DEVICE, OUTLET, Ground
from devices import MN, PASSWORD, frame

from mutation import Mutations, Reached, say, trials
from shuangkong.gateway.consuming.apart import Kept, Why
from shuangkong.gateway.consuming.consumer import Consumer
from shuangkong.gateway.registered import RegisteredMessages, RegisteredQuarantine
from shuangkong.protocols.hj212.frame import wrap
from shuangkong.readings.evidence import Address
from shuangkong.records.monitoring.models import Device, DeviceMessage, Outlet
from shuangkong.records.registry.models import Region

FRAMES = trials(3_000)
A_BATCH = 60
VECTORS = json.loads((Path(__file__).parents[1] / "protocols" / "hj212" / "vectors.json").read_text(encoding="utf-8"))
AREAS = (
    "DataTime=20240520210600;a21026-Avg=1.35,a21026-Flag=N;a19001-ZsAvg=3,a19001-Flag=D",
    "DataTime=20240520210600;a21026-Flag=N",
    "DataTime=20240520210600;w01018-SampleTime=20240520210000,w01018-Avg=12,w01018-Cou=3.4",
    "DataTime=20240520210000;SB1-RS=1;SB2-RS=0",
    "PolId=a21026;DataTime=20240520210000;i33400-Info=80",
    "PolId=a21026;DataTime=20240520210000;i13006-Info=20240519030000;i11001-Info=//ok//",
    "DataTime=20240520210000;a21026-SampleRd=49.2,a21026-StandardValue=50,a21026-ResultType=1",
    "PolId=a21026;CstartTime=000000;Ctime=2",
)
TOKENS = (
    *(b"##", b"CP=&&", b"&&", b";", b",", b"-Rtd=", b"-Flag=N", b"-ZsAvg=", b"-Info=", b"DataTime=", b"CN=2011"),
    *(b"CN=2061", b"CN=2031", b"CN=3020", b"CN=2041", b"Flag=7;PNUM=2;PNO=1", b"PNO=2;PNUM=2", b"99999.99", b"1E308"),
    *(b"20240520210600", b"00000000000000", b"99991231235959", b"00010101000000", b"\0", b"i13006-Info=", b"CN=2062"),
)


def ours(wire: bytes) -> bytes:
    """A published frame as the registered device would send it."""
    body = re.sub(rb"MN=[^;]*", b"MN=" + MN.encode(), wire[6:-6])
    return wrap(re.sub(rb"PW=[^;]*", b"PW=" + PASSWORD.encode(), body))


#: Commands of the areas above, where it is not that of readings.
COMMANDS = {"i33400": "3020", "i13006": "3020", "SampleRd": "2062", "Ctime": "3017"}


def sent(number: int, area: str) -> bytes:
    command = next((command for word, command in COMMANDS.items() if word in area), "")
    return frame(number, area, CN=command) if command else frame(number, area)


@pytest.fixture
def ground(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Ground:
    """One whose desks are those of the database."""
    region = Region.objects.create(code="999999", name="虚构县", path="/999999/", level="county")
    Outlet.objects.create(pk=OUTLET, region=region, kind="gas", code="DA001", name="排口", starts_on="2020-01-01")
    Device.objects.create(
        pk=DEVICE.id, region=region, kind="logger", mn=MN, name="数采仪", edition="v2025", check_value="any",
        encoding="auto", starts_on="2020-01-01",
    )  # fmt: skip
    made, tell = Ground(tmp_path), RegisteredQuarantine().tell

    def told(why: Why, kept: Kept) -> None:
        made.desk.told.append((why, kept))
        tell(why, kept)

    monkeypatch.setattr(made.desk, "tell", told, raising=False)
    monkeypatch.setattr(made.messages, "keep", RegisteredMessages().keep)
    return made


@pytest.mark.tried
@pytest.mark.django_db
def test_mutated_frames_are_filed_or_kept_apart(ground: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    def not_careful(_consumer: Consumer, fault: Exception, _end: Address) -> None:
        raise fault

    def not_told(fault: Exception) -> None:
        raise fault

    monkeypatch.setattr(Consumer, "_be_careful", not_careful)
    monkeypatch.setattr("shuangkong.gateway.consuming.hearing.traceback.print_exception", not_told)
    chance = random.Random() if FRAMES > 100_000 else random.Random(212)
    published = [each["wire"].encode() for each in VECTORS["published_good"]]
    corpus = [ours(wire) for wire in published] + [sent(at, area) for at, area in enumerate(AREAS)]
    mutations = Mutations(corpus, chance, TOKENS, lambda data: wrap(data[6:-6][:9999]))
    batch, rows, kept = list[bytes](), 0, 0
    with Reached("gateway/consuming") as reached:
        for number, stream in enumerate(mutations.streams(FRAMES, reached), start=1):
            batch += [stream, *corpus[number % len(corpus) :][:1]]
            if len(batch) < A_BATCH and number < FRAMES:
                continue
            ground.receive(*batch)
            batch.clear()
            ground.read()
            rows += sum(table.num_rows for table in ground.store.tables)
            ground.store.tables.clear()
            kept += DeviceMessage.objects.count()
            DeviceMessage.objects.all().delete()
            if number % 10_000 < A_BATCH:
                say(f"consumer: {number:,} frames, {rows:,} readings, {reached.found} places")
    assert rows > 0
    assert kept > 0
    assert len(mutations.corpus) > len(corpus), "nothing new was ever reached"
    assert "unreadable" not in {why.sort for why, _ in ground.desk.told}
