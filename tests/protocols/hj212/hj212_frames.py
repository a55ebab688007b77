"""The published frames, and frames of our own for what no published one shows."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from shuangkong.monitoring.wire_codes import hj212_codes
from shuangkong.protocols.hj212.frame import Finder, Found, wrap
from shuangkong.rulebook import open_rulebook

CODES = hj212_codes(open_rulebook().folder)
VECTORS: dict[str, Any] = json.loads((Path(__file__).parent / "vectors.json").read_text(encoding="utf-8"))
GOOD: list[str] = [vector["wire"] for vector in VECTORS["published_good"]]
BAD: list[dict[str, str]] = VECTORS["published_bad"]
EXCHANGES: list[dict[str, Any]] = VECTORS["annexC_2017"]
STEPS: list[str] = [step["wire"] for exchange in EXCHANGES for step in exchange["exchange"]]
WIRES: list[bytes] = [wire.encode() for wire in (*GOOD, *(vector["wire"] for vector in BAD), *STEPS)]

HEAD = "QN=20160801085857223;ST=32;CN=2051;PW=123456;MN=010000A8900016F000169DC0;Flag=5;"


def body(area: str, head: str = HEAD) -> bytes:
    return f"{head}CP=&&{area}&&".encode()


def framed(area: str, head: str = HEAD) -> bytes:
    return wrap(body(area, head))


def only(data: bytes) -> Found:
    """The one frame in ``data``."""
    (found,) = Finder().feed(data)
    assert isinstance(found, Found)
    return found
