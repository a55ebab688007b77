"""从日志到待报: frames of the log that may be read, of devices that speak for the outlets that are relayed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import NamedTuple
from zoneinfo import ZoneInfo

from shuangkong.gateway.consuming.apart import Apart
from shuangkong.gateway.consuming.device import Device
from shuangkong.gateway.consuming.fence import Fence, frames_within
from shuangkong.gateway.consuming.frames import Frames
from shuangkong.gateway.relay.envelope import Letter, letter_of
from shuangkong.gateway.relay.outbox import FOLLOWING, Outbox, Pass
from shuangkong.gateway.relay.plan import RelayPlan
from shuangkong.protocols.hj212.codes import Codes
from shuangkong.readings.evidence import Address, Evidence, Record
from shuangkong.readings.evidence.files import segment_numbers, segment_path
from shuangkong.readings.evidence.reading import START

#: Bytes of the log that one step reads.
STEP_BYTES = 256 << 10
#: So many frames wait at the most, and so many that were put aside: the rest waits in the log.
MOST_OWED, MOST_ASIDE = 2_000, 20_000


class Through(NamedTuple):
    """An order to send anew that has been read through, and how many frames it brought."""

    order: int
    frames: int


@dataclass(frozen=True, slots=True)
class Sorting:
    """By what frames are chosen: the devices as they are registered now, and of which unit each outlet is."""

    devices: Mapping[str, Device]
    units: Mapping[int, int | None]
    codes: Codes
    zone: ZoneInfo
    down: tuple[type[Exception], ...]


def begin(outbox: Outbox, evidence: Evidence) -> None:
    """The log is followed from its present end on: what came before goes where somebody orders it."""
    if not any(each.id == FOLLOWING for each in outbox.passes()):
        end = evidence.end()
        outbox.begin(Pass(FOLLOWING, end if end > START else START))


def order_again(outbox: Outbox, order: int, since: int, enterprise: int | None) -> None:
    """Data since a second (since the epoch) are to go anew, of a unit or (None) of all; ``order``: its number, > 0."""
    [following] = [each for each in outbox.passes() if each.id == FOLLOWING]
    outbox.begin(Pass(order, START, end=following.place, since=since, enterprise=enterprise))


def take(outbox: Outbox, evidence: Evidence, plan: RelayPlan, sorting: Sorting, today: date) -> tuple[Through, ...]:
    """Reads on until enough waits or the log ends; which orders are through.

    The caller tells whoever ordered, and only then ends the pass.
    """
    ended = []
    for each in outbox.passes():
        now: Pass | None = each
        while now is not None and _has_room(outbox):
            now = _step(outbox, evidence, now, plan, sorting, today)
        if now is None and each.id > FOLLOWING:
            [through] = [one for one in outbox.passes() if one.id == each.id]
            ended.append(Through(each.id, through.count))
        elif now is None and each.id < FOLLOWING:
            outbox.end_pass(each.id)
    return tuple(ended)


def behind(outbox: Outbox, evidence: Evidence) -> tuple[int, int]:
    """Bytes of the log that are still to be read, and when the newest that was read came (nanoseconds UTC, 0: none)."""
    following = next((each for each in outbox.passes() if each.id == FOLLOWING), None)
    if following is None:
        return 0, 0
    end, place = evidence.end(), following.place
    if end.segment == place.segment:
        return max(end.offset - place.offset, 0), following.received
    sizes = {
        number: segment_path(evidence.folder, number).stat().st_size
        for number in segment_numbers(evidence.folder)
        if place.segment <= number < end.segment
    }
    passed = place.offset if place.segment in sizes else 0
    return max(sum(sizes.values()) - passed, 0) + end.offset, following.received


def _has_room(outbox: Outbox) -> bool:
    owed, aside = outbox.counts()
    return owed - aside < MOST_OWED and aside < MOST_ASIDE


def _step(outbox: Outbox, evidence: Evidence, at: Pass, plan: RelayPlan, sorting: Sorting, today: date) -> Pass | None:
    """One reading; the pass behind it, None where there is nothing more to read now."""
    found, place = evidence.batch(at.place, STEP_BYTES)
    if at.end is not None:
        found, place = [each for each in found if each.address < at.end], min(place, at.end)
    if not found:
        return None
    apart, only = Apart(), {at.mn: at.place} if at.mn else None
    fence = Fence(apart, sorting.down)
    frames = frames_within(fence, found, sorting.devices, apart, only)
    letters = _letters(frames, at, plan, sorting, fence)
    # Of an order nothing is held: the pass that follows the log has seen it.
    held = dict[str, Address]() if at.id > FOLLOWING else _held(apart)
    received = max((each.received for each in found if isinstance(each, Record)), default=at.received)
    after = replace(at, place=place, received=received)
    outbox.take(after, letters, held, today.toordinal())
    return after


def _letters(
    frames: Frames, at: Pass, plan: RelayPlan, sorting: Sorting, fence: Fence
) -> list[tuple[Address, bytes, Letter]]:
    outlets = plan.outlets
    if at.enterprise is not None:
        outlets = frozenset(each for each in outlets if sorting.units.get(each) == at.enterprise)
    told = []
    for body, record, device, mark in zip(frames.bodies, frames.records, frames.devices, frames.marks, strict=True):
        with fence.around(record, device.mn):
            letter = letter_of(body, record, device, outlets, sorting.codes, sorting.zone, at.since)
            if letter is not None:
                told.append((record.address, mark.key, letter))
    return told


def _held(apart: Apart) -> dict[str, Address]:
    told: dict[str, Address] = {}
    for mn, first in apart.mendable():
        told[mn] = min(first, told.get(mn, first))
    return told
