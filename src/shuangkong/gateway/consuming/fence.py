"""逐条读入: what is read one by one where a batch could not be read as a whole, so that one frame that we cannot read
never keeps the others from the store.

It is a fault of ours, not of the device: the frame is kept apart under its own sort, and read again when a consumer
begins.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from shuangkong.gateway.consuming.apart import Apart, Sort, Why
from shuangkong.gateway.consuming.device import Device
from shuangkong.gateway.consuming.frames import Frames, frames_of
from shuangkong.gateway.consuming.words import plain
from shuangkong.readings.evidence import Address, Damage, Record

_SAID = 200


@dataclass(frozen=True, slots=True)
class Fence:
    """Around whatever is done with one frame; faults of doors (``down``) get through."""

    apart: Apart
    down: tuple[type[Exception], ...]

    @contextmanager
    def around(self, record: Record | Damage, mn: str = "") -> Iterator[None]:
        """Nothing that the frame brings about leaves this."""
        try:
            yield
        except self.down:
            raise
        except Exception as fault:  # noqa: BLE001 - whatever it is, it stays with its frame
            keep_unreadable(self.apart, mn, record, fault)


def keep_unreadable(apart: Apart, mn: str, record: Record | Damage, fault: Exception) -> None:
    """A frame, or what it tells, brought about a fault that is ours."""
    said = plain(f"{type(fault).__name__}: {fault}", _SAID)
    apart.add(
        Why(mn, Sort.UNREADABLE), record,
        f"程序读这条报文时出错，没有入库，原样保留：{said}。不是设备的错；请报告，程序更正后自动读入。",
        f"A fault of this program on reading the frame; it is kept as it came: {said}. The device is not to"
        " blame: report it; the frame is read once the program is mended.",
    )  # fmt: skip


def frames_within(
    fence: Fence | None,
    records: Sequence[Record | Damage],
    devices: Mapping[str, Device],
    apart: Apart,
    only: Mapping[str, Address] | None = None,
) -> Frames:
    """As ``frames_of``; where there is a fence, each record by itself within it."""
    if fence is None:
        return frames_of(records, devices, apart, only)
    told = Frames()
    for record in records:
        with fence.around(record):
            told.take(frames_of((record,), devices, apart, only))
    return told
