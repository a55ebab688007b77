"""Units that file by programme: each return at its moment, on a line of its own, whatever came of those before.

Nothing of the site is imported: a client has a processor's share of its own, and it should be small.
"""

from __future__ import annotations

import json
import resource
import socket
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from time import monotonic, sleep

#: Returns that one process has under way at most; more wait, and their time counts from their moment.
THREADS = 60
PATIENCE = 60.0
_HEAD = (
    "POST /api/v1/reporting/returns/{unit}/submit HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n"
    "Authorization: Bearer {token}\r\nContent-Type: application/json\r\nContent-Length: {size}\r\n\r\n"
)


def run(made: str, first: int, end: int, rate: float, share: tuple[int, int], port: int) -> Iterator[list[float]]:
    """(return, status, milliseconds) of each of its share, ``share`` being (which, of how many) processes."""
    told = json.loads(Path(made).read_text("utf-8"))
    which, processes = share
    mine = list(enumerate(told["units"][first:end]))[which::processes]
    body, begun = json.dumps({"cells": told["cells"]}).encode(), monotonic() + 0.5

    def send(at: float, unit: int, token: str) -> list[float]:
        status = _status(port, _HEAD.format(unit=unit, token=token, size=len(body)).encode() + body)
        return [unit, status, 1000 * (monotonic() - at)]

    with ThreadPoolExecutor(THREADS) as pool:
        sent = []
        for place, (unit, token) in mine:
            at = begun + place / rate
            sleep(max(0.0, at - monotonic()))
            sent.append(pool.submit(send, at, unit, token))
        for each in sent:
            yield each.result()


def _status(port: int, request: bytes) -> int:
    """0 where no whole answer came."""
    try:
        with socket.create_connection(("127.0.0.1", port), PATIENCE) as line:
            line.sendall(request)
            answer = b""
            while part := line.recv(65_536):
                answer += part
        head, found, body = answer.partition(b"\r\n\r\n")
        return int(head.split(b" ", 2)[1]) if found and body else 0
    except (OSError, ValueError, IndexError):
        return 0


def main(made: str, first: str, end: str, rate: str, which: str, processes: str, port: str) -> None:
    answers = list(run(made, int(first), int(end), float(rate), (int(which), int(processes)), int(port)))
    used = resource.getrusage(resource.RUSAGE_SELF)
    print(json.dumps({"answers": answers, "seconds": used.ru_utime + used.ru_stime}))


if __name__ == "__main__":
    main(*sys.argv[1:])
