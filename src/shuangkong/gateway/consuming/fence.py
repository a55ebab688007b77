"""逐条读入: what is read one by one where a batch could not be read as a whole, so that one frame that we cannot read
never keeps the others from the store.

It is a fault of ours, not of the device: the frame is kept apart under its own sort, and read again when a consumer
begins, by the device's number. One in which no number can be found is kept only.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from shuangkong.gateway.consuming.apart import Apart, Sort, Why
from shuangkong.gateway.consuming.device import Device
from shuangkong.gateway.consuming.frames import Frames, frames_of
from shuangkong.gateway.consuming.words import plain
from shuangkong.readings.evidence import Address, Damage, Record

_SAID = 200
_MN = re.compile(rb"MN *= *([^;,=]{1,64})")


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
    zh, en = (
        ("程序更正后自动读入", "the frame is read once the program is mended")
        if mn
        else ("报文里找不到设备标识，不会自动读入", "it names no device and is not read again")
    )
    apart.add(
        Why(mn, Sort.UNREADABLE), record,
        f"程序读这条报文时出错，没有入库，原样保留：{said}。不是设备的错；请报告，{zh}。",
        f"A fault of this program on reading the frame; it is kept as it came: {said}. The device is not to"
        f" blame: report it; {en}.",
    )  # fmt: skip


def _number(record: Record | Damage) -> str:
    """The device's number as it stands in a frame, whatever of the frame cannot be read; "" for none."""
    found = _MN.search(record.payload) if isinstance(record, Record) else None
    return found[1].strip().decode("utf-8", "replace") if found else ""


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
        with fence.around(record, _number(record)):
            told.take(frames_of((record,), devices, apart, only))
    return told
