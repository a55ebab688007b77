"""A relay that is killed at any moment: the platform above has every frame, and few of them twice."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

from devices import PATIENCE, body, until
from relay_ground import above, answer_to

from shuangkong.protocols.hj212.frame import wrap
from shuangkong.readings.evidence import Kind, Log
from shuangkong.readings.evidence.record import pack

KILLS, FRAMES = 2, 900
WINDOW = 32
_RELAY = """
import sys, time
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo
from shuangkong.gateway.consuming.device import Device, Spell
from shuangkong.gateway.relay.outbox import FOLLOWING, Outbox, Pass
from shuangkong.gateway.relay.plan import RelayPlan
from shuangkong.gateway.relay.sending import Sender
from shuangkong.gateway.relay.taking import Sorting, take
from shuangkong.monitoring.wire_codes import hj212_codes
from shuangkong.readings.evidence import Evidence
from shuangkong.readings.evidence.reading import START
from shuangkong.rulebook import open_rulebook

folder, mn = Path(sys.argv[1]), "010000A8900016F000169DC0"
codes, outbox, log = hj212_codes(open_rulebook().folder), Outbox(folder / "relay.db"), Evidence(folder / "evidence")
outbox.begin(Pass(FOLLOWING, START))
plan = RelayPlan("127.0.0.1", int(sys.argv[2]), frozenset({7}), per_minute=60_000)
sorting = Sorting({mn: Device(1, mn, spells=(Spell(7, 0),))}, {7: None}, codes, ZoneInfo("Asia/Shanghai"), ())
sender = Sender(outbox, codes, time.time)
while True:
    take(outbox, log, plan, sorting, date(2024, 5, 21))
    sender.work(plan, {}, 0.5)
    if not any(outbox.counts()):
        break
"""


def test_killed_in_the_middle_nothing_is_lost_and_little_goes_twice(tmp_path: Path) -> None:
    log = Log(tmp_path / "evidence")
    received = int(time.time() * 1e9)
    frames = [wrap(body(at, f"DataTime=20240520{at // 3600:02d}{at // 60 % 60:02d}{at % 60:02d};a21026-Avg=1"))
              for at in range(FRAMES)]  # fmt: skip
    log.write([pack(Kind.FRAME, each, received, 5, 1) for each in frames])
    with above(answer_to) as (port, came):
        for _ in range(KILLS):
            count, process = len(came) + random.randint(1, FRAMES // 6), _start(tmp_path, port)
            until(lambda count=count: len(came) >= count, 6 * PATIENCE)  # type: ignore[misc]
            process.kill()
            process.wait()
        assert _start(tmp_path, port).wait(6 * PATIENCE) == 0
    sent = Counter(each.body for each in came)
    assert {wrap(each) for each in sent} == set(frames)
    assert max(sent.values()) <= KILLS + 1
    assert sent.total() - FRAMES <= KILLS * WINDOW, "only what was not acknowledged goes again"


def _start(folder: Path, port: int) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-c", _RELAY, str(folder), str(port)], stdin=subprocess.DEVNULL)
