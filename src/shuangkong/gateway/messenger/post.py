"""JSON by HTTP POST, with an exact word on whether the peer can have got it."""

from __future__ import annotations

import json
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from urllib.parse import urlsplit

from shuangkong.records.plans.reminders.letters import Outcome, Receipt

#: Seconds for each step: connecting, sending, waiting for the answer.
PATIENCE = 15
#: What is read of an answer.
_ANSWER_BYTES = 64 * 1024
#: Answers by which the peer says that it did nothing yet and may be asked again (RFC 9110, RFC 6585).
_LATER = frozenset({408, 425, 429, 500, 503})
#: Answers of one in between who does not know what the peer did (RFC 9110).
_UNKNOWN = frozenset({502, 504})


@dataclass(frozen=True, slots=True)
class Answer:
    """What the peer answered with 2xx."""

    body: bytes

    def json(self) -> object:
        """The answer as JSON; None where it is none."""
        try:
            return json.loads(self.body)
        except ValueError:
            return None


def post_json(url: str, content: object, headers: Mapping[str, str] | None = None) -> Answer | Receipt:
    """Sends ``content``; an Answer where the peer took it, else the Receipt to give back. Follows nobody elsewhere."""
    parts = urlsplit(url)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    host = parts.hostname or ""
    connection = (
        HTTPSConnection(host, parts.port, timeout=PATIENCE, context=ssl.create_default_context())
        if parts.scheme == "https"
        else HTTPConnection(host, parts.port, timeout=PATIENCE)
    )
    body = json.dumps(content, ensure_ascii=False).encode()
    told = {"Content-Type": "application/json; charset=utf-8"} | dict(headers or {})
    try:
        try:
            connection.connect()
        except OSError as fault:
            return Receipt(Outcome.WAITING, f"连接不上 Not reached: {_said(fault)}")
        try:
            connection.request("POST", path, body, told)
            response = connection.getresponse()
            answer = response.read(_ANSWER_BYTES)
        except (OSError, HTTPException) as fault:
            return Receipt(Outcome.DOUBTFUL, f"没有等到答复 No answer: {_said(fault)}")
    finally:
        connection.close()
    return _judged(response.status, answer)


def _judged(status: int, answer: bytes) -> Answer | Receipt:
    if 200 <= status < 300:
        return Answer(answer)
    said = f"HTTP {status} {answer[:120].decode(errors='replace')}"
    if status in _LATER:
        return Receipt(Outcome.WAITING, said)
    return Receipt(Outcome.DOUBTFUL if status in _UNKNOWN else Outcome.REFUSED, said)


def _said(fault: Exception) -> str:
    """The kind of fault and its words; never the address, which holds credentials."""
    return f"{type(fault).__name__} {fault}"[:120]
