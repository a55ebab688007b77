"""What an event says as it is kept: JSON, every digit as told."""

from __future__ import annotations

import json
from typing import Any, cast

from shuangkong.outlook.projects.told import CONTENTS, Content, EventKind
from shuangkong.plans.reading_json import decode, encode


def plain(content: Content) -> dict[str, Any]:
    """As plain values, for the journal and the interface."""
    return cast(dict[str, Any], encode(content))


def as_text(content: Content) -> str:
    return json.dumps(plain(content), ensure_ascii=False, sort_keys=True)


def from_text(kind: EventKind, text: str) -> Content:
    """The way back. Raises KeyError or ValueError for what was never written."""
    return cast(Content, decode(CONTENTS[kind], json.loads(text)))
