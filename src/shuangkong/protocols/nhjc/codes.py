"""The 16 digits that say what is measured: process, process unit, equipment, class, type, use (NECC-NHJC-02)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import IntEnum

_DIGITS = re.compile(r"[0-9]{16}")


class Scope(IntEnum):
    """What a figure is about (采集范围)."""

    PLANT = 1
    PROCESS = 2
    PROCESS_UNIT = 3
    EQUIPMENT = 4


@dataclass(frozen=True, slots=True, order=True)
class ItemCode:
    """A code, part by part; digits as text, because 00 means "of the whole".

    Attributes:
        process: 生产工序, two digits.
        process_unit: 工序单元, two digits.
        equipment: type and number of key equipment, four digits.
        data_class: 采集数据类型, two digits: 01 primary, 02 secondary, 03 working medium, 04 product …
        item: energy type or other item, four digits.
        use: 用途, two digits: 10 purchase, 30 output …
    """

    process: str
    process_unit: str
    equipment: str
    data_class: str
    item: str
    use: str

    def __str__(self) -> str:
        return self.dashed

    @property
    def plain(self) -> str:
        """Sixteen digits."""
        return f"{self.process}{self.process_unit}{self.equipment}{self.data_class}{self.item}{self.use}"

    @property
    def dashed(self) -> str:
        """As the specification prints it: ``00-00-0000-010104-10``."""
        return f"{self.process}-{self.process_unit}-{self.equipment}-{self.data_class}{self.item}-{self.use}"

    @property
    def scope(self) -> Scope:
        """What the code itself is about, by its last part that is not of the whole."""
        if self.equipment != "0000":
            return Scope.EQUIPMENT
        if self.process_unit != "00":
            return Scope.PROCESS_UNIT
        return Scope.PROCESS if self.process != "00" else Scope.PLANT


def read_code(text: str) -> ItemCode | None:
    """The code that is written with dashes or without, however they are set; None where there are not 16 digits."""
    digits = text.replace("-", "").strip()
    if not _DIGITS.fullmatch(digits):
        return None
    return ItemCode(digits[:2], digits[2:4], digits[4:8], digits[8:10], digits[10:14], digits[14:])
