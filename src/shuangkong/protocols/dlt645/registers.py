"""Data items of a meter: which identifier holds which quantity, how its BCD is read (2007 annex A; 1997 annex A).

Only what an energy ledger needs stands here: energies, demand, instantaneous voltage, current, power, power factor.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from shuangkong.protocols.dlt645.frame import Control, Frame, wrap


class Edition(StrEnum):
    """Which edition a meter speaks, told by its data identifiers: four bytes (2007) or two (1997)."""

    FOUR_BYTES = "four_bytes"
    TWO_BYTES = "two_bytes"


@dataclass(frozen=True, slots=True)
class Register:
    """One data item.

    Attributes:
        name: code name of the quantity.
        identifier: eight (2007) or four (1997) hexadecimal digits, highest byte first.
        size: bytes of the value.
        places: digits after the point.
        unit: id of the unit as policy/units.yaml prints it.
        is_signed: the highest bit tells the sign (2007 only: power that flows back).
        is_cumulative: the value is a counter.
    """

    name: str
    identifier: str
    size: int
    places: int
    unit: str
    is_signed: bool = False
    is_cumulative: bool = False


def _counter(name: str, identifier: str) -> Register:
    return Register(name, identifier, 4, 2, "kWh", is_cumulative=True)


_LONG = (
    Register("combined_active_energy", "00000000", 4, 2, "kWh", is_signed=True, is_cumulative=True),
    _counter("forward_active_energy", "00010000"),
    _counter("reverse_active_energy", "00020000"),
    Register("forward_reactive_energy", "00030000", 4, 2, "kvarh", is_cumulative=True),
    Register("forward_active_demand", "01010000", 3, 4, "kW"),
    *(Register(f"voltage_{phase}", f"0201{at:02X}00", 2, 1, "V") for at, phase in enumerate("abc", 1)),
    *(Register(f"current_{phase}", f"0202{at:02X}00", 3, 3, "A", is_signed=True) for at, phase in enumerate("abc", 1)),
    Register("active_power", "02030000", 3, 4, "kW", is_signed=True),
    Register("reactive_power", "02040000", 3, 4, "kvar", is_signed=True),
    Register("power_factor", "02060000", 2, 3, "1", is_signed=True),
)
_SHORT = (
    _counter("forward_active_energy", "9010"),
    _counter("reverse_active_energy", "9020"),
    Register("forward_reactive_energy", "9110", 4, 2, "kvarh", is_cumulative=True),
    *(Register(f"voltage_{phase}", f"B61{at}", 2, 0, "V") for at, phase in enumerate("abc", 1)),
    *(Register(f"current_{phase}", f"B62{at}", 2, 2, "A") for at, phase in enumerate("abc", 1)),
    Register("active_power", "B630", 3, 4, "kW"),
)
#: Edition → name → data item.
REGISTERS = {
    Edition.FOUR_BYTES: {each.name: each for each in _LONG},
    Edition.TWO_BYTES: {each.name: each for each in _SHORT},
}
_BY_IDENTIFIER = {
    edition: {each.identifier: each for each in registers.values()} for edition, registers in REGISTERS.items()
}
#: Bits of the error byte that a refusal carries (2007, 5.2.4.2).
_ERRORS = (
    "其他错误 other error",
    "无请求数据 no such data",
    "密码错或未授权 password wrong or not authorised",
    "通信速率不能更改 baud rate cannot be changed",
    "年时区数超 too many annual time zones",
    "日时段数超 too many daily periods",
    "费率数超 too many tariffs",
)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a meter told: the data item and its value in the item's unit."""

    address: str
    register: Register
    value: Decimal


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a frame gives no value: the meter's own errors, or what of it could not be read."""

    address: str
    reasons: tuple[str, ...]


def ask(address: str, name: str, edition: Edition = Edition.FOUR_BYTES) -> bytes:
    """Returns the bytes that ask the meter at ``address`` for the quantity ``name``.

    Raises:
        KeyError: the edition has no such quantity.
        ValueError: the address is not twelve digits.
    """
    identifier = bytes.fromhex(REGISTERS[edition][name].identifier)[::-1]
    control = Control.READ if edition is Edition.FOUR_BYTES else Control.READ_TWO_BYTES
    return wrap(address, control, identifier)


def read(frame: Frame, edition: Edition = Edition.FOUR_BYTES) -> Answer | Refusal:
    """What a meter's frame says."""
    if frame.is_refusal:
        told = frame.data[0] if frame.data else 0
        named = tuple(words for bit, words in enumerate(_ERRORS) if told >> bit & 1)
        return Refusal(frame.address, named or ("未说明原因 no reason given",))
    width = 4 if edition is Edition.FOUR_BYTES else 2
    asked = Control.READ if edition is Edition.FOUR_BYTES else Control.READ_TWO_BYTES
    if not frame.is_answer or frame.function != asked:
        return Refusal(frame.address, (f"不是读数据的应答 no answer to reading: control {frame.control:02X}",))
    identifier = frame.data[:width][::-1].hex().upper()
    register = _BY_IDENTIFIER[edition].get(identifier)
    if register is None:
        return Refusal(frame.address, (f"数据标识未收录 data identifier not listed: {identifier}",))
    value = _value(frame.data[width:], register)
    if value is None:
        found = frame.data[width:][::-1].hex().upper()
        words = f"{register.name}：应为 {register.size} 字节 BCD expected BCD bytes，实为 found {found or '—'}"
        return Refusal(frame.address, (words,))
    return Answer(frame.address, register, value)


def _value(data: bytes, register: Register) -> Decimal | None:
    """The number in BCD, lowest byte first; None where it is no BCD of that size."""
    if len(data) != register.size:
        return None
    digits = data[::-1]
    is_negative = register.is_signed and bool(digits[0] & 0x80)
    if is_negative:
        digits = bytes([digits[0] & 0x7F]) + digits[1:]
    told = digits.hex()
    if not told.isdigit():
        return None
    value = Decimal(told).scaleb(-register.places)
    return -value if is_negative else value
