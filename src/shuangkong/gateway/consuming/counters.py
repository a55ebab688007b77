"""计量示数: what a logger tells of the counters of its meters, as field information under the codes of the register."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

from shuangkong.gateway.consuming.device import Device
from shuangkong.protocols.hj212.message import Message

#: Word of the command that tells it, and what stands behind the code of each field.
COMMAND, _FIELD = "field_information", "-Info"
_LONGEST = 24


def counters(message: Message, device: Device) -> tuple[tuple[int, float], ...]:
    """(point, showing) of each meter whose counter a message tells; what is no figure is left out."""
    found = []
    for name, text in message.cp:
        point = device.meters.get(name.removesuffix(_FIELD)) if name.endswith(_FIELD) else None
        value = _figure(text) if point is not None else None
        if point is not None and value is not None:
            found.append((point, value))
    return tuple(found)


def _figure(text: str) -> float | None:
    try:
        told = Decimal(text.strip()) if len(text) <= _LONGEST else Decimal("NaN")
    except InvalidOperation:
        return None
    return float(told) if told.is_finite() and told >= 0 else None
