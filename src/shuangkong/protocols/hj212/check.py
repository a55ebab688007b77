"""The check value of HJ 212 annex A, computed on words instead of bytes, and what devices send in its stead.

The printed loop starts each byte with ``reg >> 8``, so eight bits of state pass from byte to byte, and the map
without input has order eight: bytes that stand eight places apart act alike and may be XORed together first. Only 256
values exist; any single changed byte is found, two changed at random pass with one chance in 256: a right value is no
proof of a whole frame.
"""

from __future__ import annotations

import binascii

EMPTY = 0xFFFF
"""Check value of no bytes at all."""


def _table() -> tuple[int, ...]:
    rows = []
    for byte in range(256):
        reg = byte
        for _ in range(8):
            reg = (reg >> 1) ^ 0xA001 if reg & 1 else reg >> 1
        rows.append(reg)
    return tuple(rows)


_STEP = _table()
_HIGH = bytes(value >> 8 for value in _STEP)
_START = tuple(0xFF << (8 * place) for place in range(8))
_FOLDS = tuple((bits, (1 << bits) - 1) for bits in (65536, 32768, 16384, 8192, 4096, 2_048, 1024, 512, 256, 128, 64))

VALUES = frozenset(_STEP)
"""The 256 values that a right sender can print."""


def check_value(body: bytes) -> int:
    """Returns the check value over ``body`` (HJ 212-2017 annex A; the same in all editions), at most 16 KiB long."""
    size = len(body)
    if not size:
        return EMPTY
    word = int.from_bytes(body)
    bits = size << 3
    for half, mask in _FOLDS:
        if bits > half:
            word = (word >> half) ^ (word & mask)
    a, b, c, d, e, f, g, h = (word ^ _START[(size - 1) & 7]).to_bytes(8)
    high = _HIGH
    return _STEP[high[high[high[high[high[high[high[a] ^ b] ^ c] ^ d] ^ e] ^ f] ^ g] ^ h]


def check_value_printed(body: bytes) -> int:
    """Returns the check value by the loop as annex A prints it, a hundred times slower: what ``check_value`` is held
    against.
    """
    reg = EMPTY
    for byte in body:
        reg = (reg >> 8) ^ byte
        for _ in range(8):
            reg = (reg >> 1) ^ 0xA001 if reg & 1 else reg >> 1
    return reg


def modbus_value(body: bytes) -> int:
    """Returns the Modbus CRC-16 over ``body``, which some devices send in place of the standard's."""
    reg = EMPTY
    step = _STEP
    for byte in body:
        reg = (reg >> 8) ^ step[(reg ^ byte) & 0xFF]
    return reg


def value_by(variant: str, body: bytes) -> frozenset[int]:
    """Returns the values over ``body`` that a rule of ``VARIANTS`` gives (CRC-CCITT is met with two starts)."""
    match variant:
        case "hj212":
            return frozenset((check_value(body),))
        case "modbus":
            return frozenset((modbus_value(body),))
        case "modbus_swapped":
            value = modbus_value(body)
            return frozenset(((value >> 8) | ((value & 0xFF) << 8),))
        case "ccitt":
            return frozenset((binascii.crc_hqx(body, 0xFFFF), binascii.crc_hqx(body, 0)))
    raise ValueError(f"{variant}: expected one of {', '.join(VARIANTS)}")


def variant_of(body: bytes, sent: int) -> str:
    """Returns the first rule of ``VARIANTS`` that gives ``sent`` over ``body``, or nothing. Several may give it by
    chance.
    """
    return next((variant for variant in VARIANTS if sent in value_by(variant, body)), "")


VARIANTS = ("hj212", "modbus", "modbus_swapped", "ccitt")
"""Rules that a device's profile may name."""
