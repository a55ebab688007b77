"""访问记录: who called what, when, and how it ended: one line a call in a file a day, never in the database.

A call that only reads must not wait for the database's writer; appending a line costs microseconds. One write of one
line to a file opened for appending is whole, whichever worker writes. Where the disk takes none, the line goes to the
log of the server instead: what was done was done, and whoever asked for it is told so.
"""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from time import perf_counter
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone

from shuangkong.records.people.access import Where, may
from shuangkong.records.people.acting import PUBLIC, Acting
from shuangkong.records.people.roles import Action
from shuangkong.web.people.whence import whence_of

#: What stands under this address is the interface.
ROOT = "/api/"
_ENDING = "jsonl"
_LOG = logging.getLogger(__name__)


class CallLog:
    """Notes every call of the interface once it is answered; the query is not noted, the path is."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not request.path.startswith(ROOT):
            return self.get_response(request)
        start = perf_counter()
        answer = self.get_response(request)
        _write(request, answer.status_code, perf_counter() - start)
        return answer


def calls_of(day: date, acting: Acting, count: int) -> list[dict[str, Any]]:
    """The newest calls of a day that were made for places where ``acting`` may read the journal."""
    found: list[dict[str, Any]] = []
    for told in _lines(_file(day)):
        call = json.loads(told)
        if may(acting, Action.JOURNAL_READ, Where(call["place"])):
            found.append(call)
            if len(found) == count:
                break
    return found


def _write(request: HttpRequest, status: int, seconds: float) -> None:
    acting: Acting = getattr(request, "acting", PUBLIC)
    now = timezone.now()
    told = {
        "at": now.isoformat(timespec="milliseconds"),
        "author": acting.author,
        "role": acting.role.value,
        "token": getattr(acting, "token", None),
        "body": acting.body,
        "place": acting.paths[0] if acting.paths else "",
        "address": whence_of(request).address,
        "method": request.method or "",
        "path": request.path[:200],
        "status": status,
        "milliseconds": round(1000 * seconds),
    }
    line = json.dumps(told, ensure_ascii=True, separators=(",", ":")) + "\n"
    try:
        _append(_file(timezone.localdate(now)), line)
    except OSError as fault:
        _LOG.error("calls: %s: %s", fault, line.rstrip())


def _append(path: Path, line: str) -> None:
    way = os.O_WRONLY | os.O_APPEND | os.O_CREAT
    try:
        handle = os.open(path, way, 0o600)
    except FileNotFoundError:  # the first call of all
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, way, 0o600)
    try:
        os.write(handle, line.encode("ascii"))
    finally:
        os.close(handle)


def _file(day: date) -> Path:
    return Path(settings.VAR) / "calls" / f"{day.isoformat()}.{_ENDING}"


def _lines(path: Path, block: int = 2**16) -> Iterator[bytes]:
    """Lines of a file, the last first, read from its end."""
    if not path.is_file():
        return
    with path.open("rb") as file:
        at, rest = file.seek(0, os.SEEK_END), b""
        while at:
            step = min(block, at)
            at -= step
            file.seek(at)
            first, *whole = (file.read(step) + rest).split(b"\n")
            yield from (line for line in reversed(whole) if line)
            rest = first
        if rest:
            yield rest
