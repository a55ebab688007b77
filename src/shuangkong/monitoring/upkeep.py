"""政策文件 → 运维到期的提醒: how many days before it is due upkeep is told."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from shuangkong.core.dated import DatedValue
from shuangkong.monitoring.ground import ROOM
from shuangkong.policyfile import books
from shuangkong.policyfile.folder import PolicyFolder
from shuangkong.policyfile.layers import chain, names_in_force

UPKEEP = "upkeep"


class Soon(StrEnum):
    """Of what; the value is the id of the file."""

    UPKEEP = "soon_days"  # 运维到期页：设备的运维、计量器具的检定
    CALIBRATION = "calibration_soon_days"  # 计量器具页


def soon(folder: PolicyFolder, layer: str, of: Soon, day: date) -> DatedValue:
    """Days, on a day; raises NotInForce where none are laid down."""
    names = names_in_force(folder, chain(folder, layer), f"{ROOM}/{UPKEEP}")
    return books.parameter(folder, names[of.value]).on(day)
