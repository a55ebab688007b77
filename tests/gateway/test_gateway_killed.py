"""kill -9 of the gateway at random moments: no frame that it acknowledged is missing from the evidence log."""

from __future__ import annotations

import asyncio
import json
import os
import random
import signal
from contextlib import suppress
from pathlib import Path
from subprocess import Popen

import pytest
from devices import MN, frame, gateway, kept, profile, qn_of

#: How often it is killed: `make soak` does it a thousand times.
KILLS = int(os.environ.get("SHUANGKONG_KILLS") or (1000 if os.environ.get("SHUANGKONG_SOAK") else 6))
DEVICES = 8
#: Within how many seconds of the first frame the gateway is killed.
MOMENTS = (0.0, 0.08)


async def send_until_killed(port: int, process: Popen[str], after: float, first: int) -> tuple[int, list[int]]:
    """Devices send frames, more when the last are answered; the next number to send, and the numbers answered."""
    answered: list[int] = []
    numbers = iter(range(first, first + 10_000_000))
    last = first

    async def device() -> None:
        nonlocal last
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            while True:
                sent = [next(numbers) for _ in range(random.choice((1, 1, 1, 5)))]
                last = max(last, *sent)
                writer.write(b"".join(frame(number) for number in sent))
                for _ in sent:
                    answered.append(qn_of(await reader.readuntil(b"\r\n")))

    lines = [asyncio.create_task(device()) for _ in range(DEVICES)]
    await asyncio.sleep(after)
    process.send_signal(signal.SIGKILL)
    await asyncio.wait(lines, timeout=10)
    return last + 1, answered


@pytest.mark.tried
def test_no_acknowledged_frame_is_lost(tmp_path: Path) -> None:
    (tmp_path / "profiles.json").write_text(json.dumps([profile()]))
    acknowledged: list[int] = []
    first = 0
    for trial in range(KILLS):
        with gateway(tmp_path / "gateway") as (process, port):
            after = random.uniform(*MOMENTS)
            first, answered = asyncio.run(send_until_killed(port, process, after, first))
            acknowledged += answered
        if trial % 100 == 99 or trial == KILLS - 1:
            held = {qn_of(each.payload) for each in kept(tmp_path / "gateway")}
            missing = sorted(set(acknowledged) - held)
            assert not missing, f"acknowledged and lost: {missing[:5]} of {len(acknowledged)}"
    assert len(acknowledged) > KILLS, "too little was acknowledged to show anything"
    assert MN.encode() in kept(tmp_path / "gateway")[0].payload
