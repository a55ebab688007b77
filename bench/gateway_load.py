"""Load for the gateway, and the server that is its ceiling; run by ``bench.gateway`` in processes of their own."""

from __future__ import annotations

import asyncio
import json
import os
import resource
import sys
from pathlib import Path
from time import perf_counter, process_time

import uvloop

from shuangkong.protocols.hj212.frame import wrap

FRAME_BYTES = 360
_HEAD = b"QN=20240520210700000;ST=31;CN=2051;PW=123456;MN=%b;Flag=5;CP=&&DataTime=20240520210600"
_FIELDS = b";a%05d-Min=12.10,a%05d-Avg=13.%02d,a%05d-Max=15.90,a%05d-Flag=N"
#: How many different frames a device sends in turn.
VARIETY = 8
WARM_SECONDS = 1.0


def number(device: int) -> str:
    """The number of an invented device."""
    return f"010000A8900016F0{device:08X}"


def profiles(count: int) -> list[dict[str, str]]:
    return [{"mn": number(device), "password": "123456"} for device in range(count)]


def frames(device: int) -> list[bytes]:
    """Frames of exactly FRAME_BYTES."""
    made = []
    for turn in range(VARIETY):
        body = _HEAD % number(device).encode()
        for factor in (21002, 21026, 34013):
            body += _FIELDS % (factor, factor, (device + turn) % 100, factor, factor)
        left = FRAME_BYTES - len(b"##0000") - len(b"0000\r\n") - len(body) - len(b"&&")
        body += b";a19001-Avg=".ljust(left, b"1") + b"&&"
        made.append(wrap(body))
        assert len(made[-1]) == FRAME_BYTES
    return made


class Device(asyncio.Protocol):
    """Sends frames and takes answers; what was sent and is not answered waits in ``sent``, times of sending."""

    def __init__(self, load: Load, device: int) -> None:
        self.load, self.frames, self.turn = load, frames(device), device
        self.sent: list[float] = []
        self.transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport) or hasattr(transport, "write")
        self.transport = transport  # type: ignore[assignment]

    def send(self) -> None:
        assert self.transport is not None
        self.turn += 1
        self.sent.append(perf_counter())
        self.transport.write(self.frames[self.turn % VARIETY])

    def data_received(self, data: bytes) -> None:
        now = perf_counter()
        load = self.load
        for _ in range(data.count(b"\n")):
            took = now - self.sent.pop(0)
            if load.is_counting:
                load.frames += 1
                load.times.append(took)
            if load.is_closed_loop and load.is_running:
                self.send()

    def connection_lost(self, exc: Exception | None) -> None:
        if self.load.is_running:
            self.load.lost += 1


class Load:
    def __init__(self) -> None:
        self.frames = self.lost = 0
        self.times: list[float] = []
        self.is_running, self.is_counting, self.is_closed_loop = True, False, False

    async def connect(self, port: int, count: int) -> list[Device]:
        loop = asyncio.get_running_loop()
        devices: list[Device] = []
        for start in range(0, count, 100):
            made = [
                loop.create_connection(lambda at=at: Device(self, at), "127.0.0.1", port)  # type: ignore[misc]
                for at in range(start, min(count, start + 100))
            ]
            devices += [device for _, device in await asyncio.gather(*made)]
        return devices


async def closed(port: int, count: int, seconds: float) -> dict[str, float]:
    load = Load()
    load.is_closed_loop = True
    devices = await load.connect(port, count)
    began, used = perf_counter(), process_time()
    for device in devices:
        device.send()
    await asyncio.sleep(WARM_SECONDS)
    load.is_counting, start = True, perf_counter()
    await asyncio.sleep(seconds)
    load.is_counting = False
    told = result(load, perf_counter() - start)
    load.is_running = False
    return told | {"processor": process_time() - used, "whole": perf_counter() - began}


async def open_loop(port: int, count: int, seconds: float, rate: float) -> dict[str, float]:
    """Frames leave at a given rate whatever is answered; a late start counts as waiting."""
    load = Load()
    devices = await load.connect(port, count)
    load.is_counting, start = True, perf_counter()
    total, sent = int(rate * seconds), 0
    while sent < total:
        due = min(total, int((perf_counter() - start) * rate))
        while sent < due:
            devices[sent % count].send()
            devices[sent % count].sent[-1] = start + sent / rate
            sent += 1
        await asyncio.sleep(0.0005)
    while load.frames < total and perf_counter() - start < seconds + 10:
        await asyncio.sleep(0.01)
    load.is_running = False
    return result(load, perf_counter() - start)


async def idle(port: int, count: int, seconds: float, pid: int) -> dict[str, float]:
    """Connections of devices that have each sent one frame, and the memory of the server then."""
    load = Load()
    devices = await load.connect(port, count)
    for device in devices:
        device.send()
    await asyncio.sleep(seconds)
    status = Path(f"/proc/{pid}/status").read_text("ascii")
    load.is_running = False
    return {
        "connections": len(devices) - load.lost,
        "megabytes": int(status.split("VmRSS:")[1].split()[0]) / 1024,
    }


def result(load: Load, seconds: float) -> dict[str, float]:
    times = sorted(load.times)
    at = {name: times[int(len(times) * share)] * 1000 for name, share in (("p50", 0.5), ("p99", 0.99))} if times else {}
    return {"frames": load.frames, "seconds": seconds, "lost": load.lost, **at}


class Ceiling(asyncio.Protocol):
    """Answers every read with as many answers as there are line ends in it."""

    ANSWER = wrap(b"QN=20240520210700000;ST=91;CN=9014;PW=123456;MN=010000A8900016F000000000;Flag=4;CP=&&&&")

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport: asyncio.Transport = transport  # type: ignore[assignment]

    def data_received(self, data: bytes) -> None:
        self.transport.write(self.ANSWER * data.count(b"\n"))


async def ceiling() -> None:
    server = await asyncio.get_running_loop().create_server(Ceiling, "127.0.0.1", 0, backlog=4096)
    print(f"ceiling on :{server.sockets[0].getsockname()[1]}", flush=True)
    await server.serve_forever()


def main(words: list[str]) -> None:
    files = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (files[1], files[1]))
    if words == ["ceiling"]:
        uvloop.run(ceiling())
        return
    port, kind, count, seconds = int(words[0]), words[1], int(words[2]), float(words[3])
    if kind == "closed":
        told = uvloop.run(closed(port, count, seconds))
    elif kind == "open":
        told = uvloop.run(open_loop(port, count, seconds, float(words[4])))
    else:
        told = uvloop.run(idle(port, count, seconds, int(words[4])))
    print(json.dumps(told))


if __name__ == "__main__":
    os.environ.pop("PYTHONASYNCIODEBUG", None)
    main(sys.argv[1:])
