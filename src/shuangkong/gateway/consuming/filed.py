"""归档的结果: what comes of a batch, and what is known of each of its frames and senders on the way."""

from __future__ import annotations

from dataclasses import dataclass, field

from shuangkong.gateway.consuming.arrivals import Arrived
from shuangkong.gateway.consuming.device import Device
from shuangkong.gateway.consuming.keeping import Mark
from shuangkong.gateway.consuming.plan import Plan
from shuangkong.gateway.consuming.rows import Rows
from shuangkong.gateway.consuming.told import DeviceTold
from shuangkong.readings.evidence import Record


@dataclass(frozen=True, slots=True)
class Trace:
    """What one packet of a split message was."""

    record: Record
    device: Device
    mark: Mark


@dataclass(slots=True)
class Way:
    """Where frames of one sender go while its device speaks for one outlet.

    Attributes:
        place: among the ways of a block.
        begins, ends: from when to when (not included) it does, seconds since the epoch.
        plan: what becomes of its columns.
        kind: place of what it sends among the kinds.
        late: the outlet that is told where they come late; NOWHERE: none is.
        is_noted: whether each frame is to be looked at: for the device's clock, or for faults.
        heard: where starts of its periods go.
    """

    place: int
    begins: int
    ends: int
    plan: Plan
    kind: int
    late: int
    is_noted: bool
    heard: list[int] = field(default_factory=list)


@dataclass(slots=True)
class Filed:
    """What came of a batch: readings, which periods came, what arrivals and messages tell, marks of frames done."""

    rows: Rows = field(default_factory=Rows)
    arrived: Arrived = field(default_factory=Arrived)
    heard: dict[tuple[str, str], list[int]] = field(default_factory=dict)
    told: list[DeviceTold] = field(default_factory=list)
    done: list[Mark] = field(default_factory=list)
