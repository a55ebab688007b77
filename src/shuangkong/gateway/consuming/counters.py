"""现场信息: what a logger tells as field information: counters of its meters, and the load of the production."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

from shuangkong.gateway.consuming.device import Device
from shuangkong.protocols.hj212.message import Message

#: Word of the command that tells it, and what stands behind the code of each field.
COMMAND, _FIELD = "field_information", "-Info"
_LONGEST = 24
#: 生产负荷, % (HJ 212-2017 B.10): not a factor of the outlet, but what its readings are held against.
LOADS = frozenset({"i33400"})


def counters(message: Message, device: Device) -> tuple[tuple[int, float], ...]:
    """(point, showing) of each meter whose counter a message tells; what is no figure is left out."""
    found = []
    for name, text in message.cp:
        point = device.meters.get(name.removesuffix(_FIELD)) if name.endswith(_FIELD) else None
        value = _figure(text) if point is not None else None
        if point is not None and value is not None:
            found.append((point, value))
    return tuple(found)


def loads(message: Message) -> dict[str, float]:
    """Code → per cent, of what a message tells of the load; what is no figure is left out."""
    told = {
        name.removesuffix(_FIELD).lower(): _figure(text) for name, text in message.cp if name.endswith(_FIELD)
    }  # fmt: skip
    return {code: value for code, value in told.items() if code in LOADS and value is not None}


def _figure(text: str) -> float | None:
    try:
        told = Decimal(text.strip()) if len(text) <= _LONGEST else Decimal("NaN")
    except InvalidOperation:
        return None
    return float(told) if told.is_finite() and told >= 0 else None
