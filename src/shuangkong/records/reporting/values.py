"""全表的数: what a return says and what the form computes from it, place by place, in printed units."""

from __future__ import annotations

from decimal import Decimal

from shuangkong.core.fact import State
from shuangkong.reporting.content import Content
from shuangkong.reporting.derive import derive
from shuangkong.reporting.forms.model import Form

type Value = Decimal | str | State


def values(form: Form, content: Content) -> dict[str, Value]:
    """Address → value, of what is told and of what is derived; a place that is not there is blank."""
    found: dict[str, Value] = {
        address: entry.value if entry.value is not None else entry.state for address, entry in content.entries.items()
    }
    return found | derive(form, content)
