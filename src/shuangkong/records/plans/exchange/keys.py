"""What tells a row from every other, so that the same row is never taken in twice."""

from __future__ import annotations

import json
from collections.abc import Mapping
from hashlib import sha256

from shuangkong.records.people.acting import Acting
from shuangkong.records.plans.exchange.rows import Sort


def key_of(sort: Sort, by: Acting, ref: str) -> str:
    """Of a row that bears a number of its own; two places may use the same numbers."""
    return _digest([sort.value, by.region, ref])


def content_of(sort: Sort, by: Acting, cells: Mapping[str, str]) -> str:
    """Of all that a row says."""
    return _digest([sort.value, by.region, {name: text for name, text in cells.items() if text}])


def _digest(value: object) -> str:
    return sha256(json.dumps(value, ensure_ascii=False, sort_keys=True).encode()).hexdigest()
