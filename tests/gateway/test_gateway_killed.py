"""kill -9 of the gateway at random moments, and the power of its machine going: no frame that it acknowledged is
missing from the evidence log.
"""

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

from mutation import say

#: How often it is killed: `make soak` does it a thousand times.
KILLS = int(os.environ.get("SHUANGKONG_KILLS") or (1000 if os.environ.get("SHUANGKONG_SOAK") else 6))
DEVICES = 8
#: Within how many seconds of the first frame the gateway is killed.
MOMENTS = (0.0, 0.08)
#: The gateway notes how much of each segment the disk was made to keep, and asks for it late, so that there is more.
_NOTES_WHAT_IS_DURABLE = """
import os, random, time
def noting(sync, is_late):
    def synced(file):
        if is_late:
            time.sleep(random.choice((0, 0, 0.002, 0.01)))
        length = os.fstat(file).st_size
        sync(file)
        path = os.readlink(f"/proc/self/fd/{file}")
        if path.endswith(".log"):
            os.write(notes, f"{path} {length}\\n".encode())
    return synced
notes = os.open(os.environ["DURABLE_NOTES"], os.O_WRONLY | os.O_CREAT | os.O_APPEND)
os.fsync, os.fdatasync = noting(os.fsync, False), noting(os.fdatasync, True)
"""


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


def lose_power(folder: Path, notes: Path) -> int:
    """What the disk was not made to keep is gone, in part, or other bytes; how many bytes were at stake."""
    durable = dict(line.rsplit(" ", 1) for line in notes.read_text().splitlines())
    at_stake = 0
    for path in folder.glob("**/*.log"):
        kept_length, data = int(durable.get(str(path), 0)), path.read_bytes()
        rest = bytearray(data[kept_length:])
        at_stake += len(rest)
        del rest[random.randint(0, len(rest)) :]
        if rest and random.random() < 0.7:
            torn = random.randrange(len(rest))
            rest[torn:] = random.choice((bytes, random.randbytes))(len(rest) - torn)
        path.write_bytes(data[:kept_length] + rest)
    return at_stake


@pytest.mark.tried
@pytest.mark.parametrize("is_power_lost", [False, True], ids=["killed", "power"])
def test_no_acknowledged_frame_is_lost(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, is_power_lost: bool) -> None:
    (tmp_path / "profiles.json").write_text(json.dumps([profile()]))
    notes = tmp_path / "durable"
    monkeypatch.setenv("DURABLE_NOTES", str(notes))
    acknowledged: list[int] = []
    first = at_stake = 0
    for trial in range(KILLS):
        with gateway(tmp_path / "gateway", before=_NOTES_WHAT_IS_DURABLE if is_power_lost else "") as (process, port):
            after = random.uniform(*MOMENTS)
            first, answered = asyncio.run(send_until_killed(port, process, after, first))
            acknowledged += answered
        if is_power_lost:
            at_stake += lose_power(tmp_path / "gateway", notes)
        if trial % 100 == 99 or trial == KILLS - 1:
            held = {qn_of(each.payload) for each in kept(tmp_path / "gateway")}
            missing = sorted(set(acknowledged) - held)
            assert not missing, f"acknowledged and lost: {missing[:5]} of {len(acknowledged)}"
    say(f"{KILLS} trials: {len(held):,} frames in the log, {len(acknowledged):,} acknowledged, {at_stake:,} bytes lost")
    assert len(acknowledged) > KILLS, "too little was acknowledged to show anything"
    assert MN.encode() in kept(tmp_path / "gateway")[0].payload
