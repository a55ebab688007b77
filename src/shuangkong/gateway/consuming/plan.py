"""归档方案: for one device, at one outlet, and one shape of frames: which column goes to which point, times what."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from shuangkong.gateway.consuming.apart import Sort
from shuangkong.gateway.consuming.device import Device, Registers
from shuangkong.gateway.consuming.units import Units
from shuangkong.protocols.hj212.codes import OWN_NAMES, Codes
from shuangkong.protocols.hj212.columns import Column
from shuangkong.readings.columns import STATS

#: What the protocol calls otherwise than the store. Counts and standards of checks are not kept: the frame has them.
_STATS: Mapping[str, str] = {"state": "rs", "hours": "rt"}
STAT_WORDS = tuple(STATS)
_STAT_PLACES = {word: place for place, word in enumerate(STAT_WORDS)}
#: Place of a column that is not kept.
NOWHERE = -1


@dataclass(frozen=True, slots=True)
class Fault:
    """A column that cannot be taken."""

    sort: Sort
    factor: str
    zh: str
    en: str


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """What becomes of k columns.

    Attributes:
        points: (k,) point of each, 0 where it is not kept.
        ratios: (k,) by which its values are multiplied.
        is_kept: (k,) whether it is kept.
        faults: why others are not.
    """

    points: npt.NDArray[np.uint32]
    ratios: npt.NDArray[np.float64]
    is_kept: npt.NDArray[np.bool_]
    faults: tuple[Fault, ...]


def stat_place(stat: str) -> int:
    """Place of a statistic among ``STAT_WORDS``; NOWHERE for what is not kept."""
    return _STAT_PLACES.get(_STATS.get(stat, stat), NOWHERE)


class Planner:
    """Makes plans; keeps the points that it has asked for."""

    def __init__(self, codes: Codes, units: Units, registers: Registers) -> None:
        self._codes, self._units, self._registers = codes, units, registers
        self._points: dict[tuple[int, str], int] = {}

    def plan(self, device: Device, outlet: int | None, columns: Sequence[Column], units: Mapping[str, str]) -> Plan:
        """What becomes of the columns of a device's frames while it speaks for an outlet; None: for none.

        ``units``: in which it sent then, where not in those of the code table.
        """
        width = len(columns)
        points, ratios = np.zeros(width, np.uint32), np.ones(width, np.float64)
        is_kept, faults = np.zeros(width, np.bool_), dict[tuple[Sort, str], Fault]()
        if outlet is None:
            return Plan(points, ratios, is_kept, (_homeless(device),))
        wanted = {column.code: place for place, column in enumerate(columns)}
        held = self.points_of(outlet, [code for code in wanted if self._is_known(code, columns[wanted[code]], units)])
        for place, column in enumerate(columns):
            if stat_place(column.stat) == NOWHERE:
                continue
            point = held.get(column.code)
            if point is None:
                faults.setdefault((Sort.FACTOR, column.code), _unknown(column))
                continue
            own = units.get(column.code, "")
            ratio = self._units.factor(column.code, column.field, column.unit, own)
            if ratio is None:
                wanted_unit = self._units.canonical(column.code, column.field)
                fault = _unmeasured if self._units.is_by_volume(own) else _unconverted
                faults.setdefault((Sort.UNIT, column.code), fault(column, own or column.unit, wanted_unit))
                continue
            points[place], ratios[place], is_kept[place] = point, float(ratio), True
        return Plan(points, ratios, is_kept, tuple(faults.values()))

    def _is_known(self, code: str, column: Column, units: Mapping[str, str]) -> bool:
        return code in self._codes.factors or column.field in OWN_NAMES or code in units

    def points_of(self, outlet: int, codes: Sequence[str]) -> dict[str, int]:
        """Code → its point at an outlet; made where there is none."""
        lacking = [(outlet, code) for code in codes if (outlet, code) not in self._points]
        if lacking:
            self._points.update(self._registers.points(lacking))
        return {code: self._points[outlet, code] for code in codes}


def _homeless(device: Device) -> Fault:
    return Fault(
        Sort.DEVICE,
        "",
        "数据的时间里设备没有接入任何点位，报文原样保留。登记接入的点位后自动读入。",
        "At the time of these data the device speaks for no outlet; they are kept raw, and read once it does.",
    )


def _unknown(column: Column) -> Fault:
    return Fault(
        Sort.FACTOR,
        column.code,
        f"因子代码“{column.sent_code}”不在代码表中，数值没有入库。请核对代码，或在设备登记中写明该因子的单位。",
        f"The code tables do not have factor {column.sent_code}; its values are not stored."
        " See to the code, or give the factor's unit in the device's entry.",
    )


def _unconverted(column: Column, sent: str, wanted: str) -> Fault:
    return Fault(
        Sort.UNIT,
        column.code,
        f"因子“{column.code}”的单位“{sent or '未知'}”不能换算为“{wanted or '未知'}”，数值没有入库。"
        "请在设备登记中写明单位。",
        f"The unit {sent or 'unknown'} of factor {column.code} cannot be converted to {wanted or 'unknown'}; its values"
        " are not stored. Give the unit in the device's entry.",
    )


def _unmeasured(column: Column, sent: str, wanted: str) -> Fault:
    return Fault(
        Sort.UNIT,
        column.code,
        f"因子“{column.code}”的单位“{sent}”是体积浓度，换算为“{wanted or '未知'}”要用摩尔质量，"
        "政策库没有这个因子的摩尔质量，数值没有入库。请让设备改传质量浓度并改正登记的单位，或在政策库中补上摩尔质量。",
        f"The unit {sent} of factor {column.code} is a share of the volume; {wanted or 'unknown'} follows from it by"
        " the molar mass, which the policy does not give for this factor. Its values are not stored. Let the device"
        " send a mass concentration and correct its entry, or add the molar mass to the policy.",
    )
