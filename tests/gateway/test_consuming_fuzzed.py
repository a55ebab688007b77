"""Mutated frames of a registered device through the consumer: none stops it, and none needs its fence."""

from __future__ import annotations

import json
import random
import re
from pathlib import Path

import pytest
from consuming_ground import Ground
from devices import MN, PASSWORD, frame

from mutation import Mutations, Reached, say, trials
from shuangkong.gateway.consuming.consumer import Consumer
from shuangkong.protocols.hj212.frame import wrap
from shuangkong.readings.evidence import Address

FRAMES = trials(3_000)
A_BATCH = 60
VECTORS = json.loads((Path(__file__).parents[1] / "protocols" / "hj212" / "vectors.json").read_text(encoding="utf-8"))
AREAS = (
    "DataTime=20240520210600;a21026-Avg=1.35,a21026-Flag=N;a19001-ZsAvg=3,a19001-Flag=D",
    "DataTime=20240520210600;a21026-Flag=N",
    "DataTime=20240520210600;w01018-SampleTime=20240520210000,w01018-Avg=12,w01018-Cou=3.4",
    "DataTime=20240520210000;SB1-RS=1;SB2-RS=0",
    "PolId=a21026;DataTime=20240520210000;i33400-Info=80",
)
TOKENS = (
    *(b"##", b"CP=&&", b"&&", b";", b",", b"-Rtd=", b"-Flag=N", b"-ZsAvg=", b"-Info=", b"DataTime=", b"CN=2011"),
    *(b"CN=2061", b"CN=2031", b"CN=3020", b"CN=2041", b"Flag=7;PNUM=2;PNO=1", b"PNO=2;PNUM=2", b"99999.99", b"1E308"),
    *(b"20240520210600", b"00000000000000", b"99991231235959"),
)


def ours(wire: bytes) -> bytes:
    """A published frame as the registered device would send it."""
    body = re.sub(rb"MN=[^;]*", b"MN=" + MN.encode(), wire[6:-6])
    return wrap(re.sub(rb"PW=[^;]*", b"PW=" + PASSWORD.encode(), body))


@pytest.mark.tried
def test_mutated_frames_are_filed_or_kept_apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def not_careful(_consumer: Consumer, fault: Exception, _end: Address) -> None:
        raise fault

    monkeypatch.setattr(Consumer, "_be_careful", not_careful)
    chance = random.Random() if FRAMES > 100_000 else random.Random(212)
    published = [each["wire"].encode() for each in VECTORS["published_good"]]
    corpus = [ours(wire) for wire in published] + [frame(at, area) for at, area in enumerate(AREAS)]
    mutations = Mutations(corpus, chance, TOKENS, lambda data: wrap(data[6:-6][:9999]))
    ground, batch, rows = Ground(tmp_path), list[bytes](), 0
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
            if number % 10_000 < A_BATCH:
                say(f"consumer: {number:,} frames, {rows:,} readings, {reached.found} places")
    assert rows > 0
    assert len(mutations.corpus) > len(corpus), "nothing new was ever reached"
    assert "unreadable" not in {why.sort for why, _ in ground.desk.told}
