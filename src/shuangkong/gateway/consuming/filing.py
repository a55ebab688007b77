"""归档: frames of a batch → readings of points as a table of the store; split ones are put together on the way."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import nullcontext
from datetime import datetime
from operator import itemgetter
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt

from shuangkong.gateway.consuming.apart import Apart, Sort, Why
from shuangkong.gateway.consuming.arrivals import HOUR, Arrived, Sampler
from shuangkong.gateway.consuming.counters import COMMAND, counters, loads
from shuangkong.gateway.consuming.device import Device
from shuangkong.gateway.consuming.fence import Fence
from shuangkong.gateway.consuming.filed import Filed, Trace, Way
from shuangkong.gateway.consuming.frames import Frames
from shuangkong.gateway.consuming.plan import NOWHERE, Plan, Planner
from shuangkong.gateway.consuming.rows import KIND_PLACES
from shuangkong.gateway.consuming.running import Running
from shuangkong.gateway.consuming.times import utc_seconds
from shuangkong.gateway.consuming.told import Reader
from shuangkong.monitoring.wire_codes import TREATMENT
from shuangkong.protocols.hj212.codes import Codes
from shuangkong.protocols.hj212.columns import Block, BulkReader, Column, Sender
from shuangkong.protocols.hj212.message import Message, read
from shuangkong.protocols.hj212.packets import Assembler, Whole
from shuangkong.readings.columns import TOO_LARGE, Kind
from shuangkong.readings.evidence import Address, Record

#: A period that begins so much later than its frame was received is no time, seconds.
AHEAD = 600
_SECOND, _LAST_SECOND = 1_000_000_000, 1 << 32
_RECEIVED = itemgetter(1)
#: Hours since the epoch of a moment that fits in the store take no more.
_HOUR_BITS = 24
_RTD = Kind.RTD.value
#: Commands that tell of treatment devices: no readings of factors to the protocol, but kept like them.
_OF_DEVICES = {"device_state": Kind.RTD, "device_hours": Kind.DAY}


class Filing:
    """Files frames; keeps what it learned of devices until ``forget``."""

    def __init__(self, codes: Codes, planner: Planner, zone: ZoneInfo) -> None:
        self._planner, self._zone = planner, zone
        self._reader = BulkReader(codes)
        self._codes = codes
        self._information = codes.cn(COMMAND)
        self._states = codes.cn("device_state")
        self._periods = {codes.cn(word): kind.value for word, kind in _OF_DEVICES.items()}
        self._assembler: Assembler[Trace] = Assembler(codes)
        self._plans: dict[tuple[int, str, int], tuple[object, Plan]] = {}
        self._now = 0.0
        self._today = 0
        self._sampler = Sampler()
        self._messages, self.running = Reader(codes, zone), Running()

    def forget(self) -> None:
        """The registers have changed: plans are made anew."""
        self._plans.clear()

    def begin_again(self) -> None:
        """Packets that wait are forgotten: who reads begins before the first of them."""
        self._assembler = Assembler(self._codes)

    def waiting(self) -> Address | None:
        """Where the first packet lies that waits for the others of its message."""
        return min((trace.record.address for trace in self._assembler.waiting()), default=None)

    def file(self, frames: Frames, apart: Apart, now: float, fence: Fence | None = None) -> Filed:
        """Files frames.

        Args:
            now: seconds; split messages that waited too long then are given up.
            fence: given where frames are to be read one by one, each within it.
        """
        filed, split = Filed(), set[int]()
        self._now = max(self._now, now)
        self._today = _midnight(self._now, self._zone)
        self._file_wholes(self._assembler.expire(self._now), apart, filed, fence)
        if fence is None:
            bulk = self._reader.read(frames.bodies)
            for block in bulk.blocks:
                self._file_block(block, frames, apart, filed)
            for frame, message in bulk.rest:
                self._file_single(frame, message, frames, apart, filed, split)
        else:
            for frame, body in enumerate(frames.bodies):
                with fence.around(frames.records[frame], frames.devices[frame].mn):
                    self._file_single(frame, read(body, self._codes), frames, apart, filed, split)
        filed.done += [mark for frame, mark in enumerate(frames.marks) if frame not in split]
        return filed

    def _file_single(
        self, frame: int, message: Message, frames: Frames, apart: Apart, filed: Filed, split: set[int]
    ) -> None:
        trace = Trace(frames.records[frame], frames.devices[frame], frames.marks[frame])
        if message.pnum is not None and message.pnum > 1:
            split.add(frame)
            self._file_wholes(self._assembler.add(message, trace, self._now), apart, filed)
        else:
            self._sample(message, frames.bodies[frame], trace, filed)
            self._file_message(message, (trace,), apart, filed)

    def _file_wholes(
        self, wholes: Iterable[Whole[Trace]], apart: Apart, filed: Filed, fence: Fence | None = None
    ) -> None:
        for whole in wholes:
            filed.done += [trace.mark for trace in whole.traces]
            last = whole.traces[-1]
            with fence.around(last.record, last.device.mn) if fence else nullcontext():
                self._file_message(whole.message, whole.traces, apart, filed)

    def _plan(self, device: Device, start: int, columns: tuple[Column, ...], shape: object) -> Plan:
        """By where it stood and what it sent at a moment."""
        outlet, begins, _ends = device.stay_then(start)
        key = (id(shape), device.mn, begins)
        found = self._plans.get(key)
        if found is None or found[0] is not shape:
            # The shape is kept beside its plan: its identity is not given to another one meanwhile.
            plan = self._planner.plan(device, outlet, columns, device.units_then(start))
            found = self._plans[key] = (shape, plan)
        return found[1]

    def _file_block(self, block: Block, frames: Frames, apart: Apart, filed: Filed) -> None:
        """n frames of one shape: every array here has n rows, or k columns, or both."""
        at = utc_seconds(block.at, self._zone)
        records = [frames.records[frame] for frame in block.frames.tolist()]
        is_sound = self._sound_times(at, block, records, apart)
        ways: list[Way] = []
        # One look-up a row: its sender says which way it goes, for as long as the device speaks for one outlet.
        known: dict[Sender, Way] = {}
        chosen: list[int] = []
        rows = zip(block.frames.tolist(), at.tolist(), is_sound.tolist(), block.senders, records, strict=True)
        for frame, start, is_good, sender, record in rows:
            way = known.get(sender)
            if way is None or not way.begins <= start < way.ends:
                device = frames.devices[frame]
                way = known[sender] = self._way(len(ways), device, start, sender, block)
                way.heard = filed.heard.setdefault((device.mn, sender.cn), [])
                ways.append(way)
            chosen.append(way.place)
            if is_good:
                way.heard.append(start)
            if way.is_noted:
                device = frames.devices[frame]
                if sender.period == _RTD:
                    self._sampler.take(device.id, frames.bodies[frame], start, record, filed.arrived)
                for fault in way.plan.faults:
                    apart.add(Why(device.mn, fault.sort, fault.factor), record, fault.zh, fault.en)
        way_of = np.array(chosen, np.int64)
        self._hear_late(ways, way_of, at, is_sound, filed.arrived)
        values = block.values * np.stack([way.plan.ratios for way in ways])[way_of]
        is_kept = np.stack([way.plan.is_kept for way in ways])[way_of] & is_sound[:, None]
        is_large = np.abs(values) >= TOO_LARGE
        if is_large.any():
            for row in np.flatnonzero((is_large & is_kept).any(axis=1)).tolist():
                _keep_large(apart, frames.devices[block.frames[row]].mn, records[row])
            is_kept &= ~is_large
        points = np.stack([way.plan.points for way in ways])[way_of]
        kinds = np.array([way.kind for way in ways], np.int8)[way_of]
        filed.rows.add_block(block.shape.columns, records, kinds, at, points, values, is_kept)

    def _way(self, place: int, device: Device, start: int, sender: Sender, block: Block) -> Way:
        outlet, begins, ends = device.stay_then(start)
        plan = self._plan(device, start, block.shape.columns, block.shape)
        is_rtd = sender.period == _RTD
        return Way(
            place, begins, ends, plan, KIND_PLACES[Kind(sender.period)],
            late=NOWHERE if outlet is None or is_rtd else outlet, is_noted=is_rtd or bool(plan.faults),
        )  # fmt: skip

    def _hear_late(
        self,
        ways: list[Way],
        way_of: npt.NDArray[np.int64],
        at: npt.NDArray[np.int64],
        is_sound: npt.NDArray[np.bool_],
        arrived: Arrived,
    ) -> None:
        is_late = is_sound & (at < self._today)
        if is_late.any():
            outlets = np.array([way.late for way in ways], np.int64)[way_of[is_late]]
            # Both in one number, so that each pair is found once quickly.
            told = np.unique((outlets << _HOUR_BITS | at[is_late] // HOUR)[outlets != NOWHERE])
            arrived.late.update((each >> _HOUR_BITS, each & (1 << _HOUR_BITS) - 1) for each in told.tolist())

    def _sound_times(
        self, at: npt.NDArray[np.int64], block: Block, records: list[Record], apart: Apart
    ) -> npt.NDArray[np.bool_]:
        received = np.fromiter(map(_RECEIVED, records), np.int64, len(records)) // _SECOND
        is_sound = (at >= 0) & (at < _LAST_SECOND) & (at <= received + AHEAD)
        if not is_sound.all():
            for row in np.flatnonzero(~is_sound).tolist():
                _keep_time(apart, block.senders[row].mn, records[row])
        return np.asarray(is_sound)

    def _sample(self, message: Message, body: bytes, trace: Trace, filed: Filed) -> None:
        """Of one frame that was read singly, what its arrival tells of the clock."""
        if message.period == _RTD and message.data_time is not None:
            at = int(utc_seconds(np.array([message.data_time], "datetime64[s]"), self._zone)[0])
            self._sampler.take(trace.device.id, body, at, trace.record, filed.arrived)

    def _file_message(self, message: Message, traces: tuple[Trace, ...], apart: Apart, filed: Filed) -> None:
        """One message that was read singly; its readings bear the address of its last packet."""
        period = message.period or self._periods.get(message.cn, "")
        last = max(traces, key=lambda trace: trace.record.address)
        record, device = last.record, last.device
        is_information = message.cn == self._information
        at = self._moment(message)
        # As in a block: what no time can be is none.
        is_sound = at is not None and 0 <= at <= min(record.received // _SECOND + AHEAD, _LAST_SECOND - 1)
        filed.told += self._messages.read(message, device, at if is_sound else None, record)
        shown = counters(message, device) if is_information and device.meters else ()
        load = loads(message) if is_information else {}
        if not shown and not load and (not period or not message.readings):
            return
        if message.data_time is None:
            zh, en = "数据没有可用的时间，报文原样保留。", "The data have no time that can be used; they are kept raw."
            apart.add(Why(device.mn, Sort.BROKEN), record, zh, en)
            return
        columns = tuple(
            Column(each.code, each.sent_code, each.field, each.stat, each.unit, each.flag) for each in message.readings
        )
        if at is None or not is_sound:
            _keep_time(apart, device.mn, record)
            return
        if message.cn == self._states:
            load |= self._ran(message, device, at)
        if load:
            self._file_load(load, device, at, record, filed)
        if shown:
            filed.rows.add_counters(shown, at, record)
            if at < self._today:
                filed.arrived.late_points.update((point, at // HOUR) for point, _value in shown)
        if is_information:
            return
        outlet = device.outlet_then(at)
        if outlet is not None and at < self._today and period != _RTD:
            filed.arrived.late.add((outlet, at // HOUR))
        plan = self._planner.plan(device, outlet, columns, device.units_then(at))
        for fault in plan.faults:
            why = Why(device.mn, fault.sort, fault.factor)
            apart.add(why, record, fault.zh, fault.en)
        sent = np.array([float("nan") if each.value is None else float(each.value) for each in message.readings])
        values = sent * plan.ratios
        # A word where a figure should be is no reading; no figure at all is one without a value.
        is_kept = plan.is_kept & np.array([each.value is not None or not each.text for each in message.readings])
        is_large = np.abs(values) >= TOO_LARGE
        if (is_large & is_kept).any():
            _keep_large(apart, device.mn, record)
            is_kept &= ~is_large
        filed.rows.add_message(columns, KIND_PLACES[Kind(period)], at, plan.points, values, is_kept, record)
        filed.heard.setdefault((device.mn, message.cn), []).append(at)

    def _moment(self, message: Message) -> int | None:
        """The time that a message tells, seconds since the epoch; None: none that can be used."""
        if message.data_time is None:
            return None
        return int(utc_seconds(np.array([message.data_time], "datetime64[s]"), self._zone)[0])

    def _ran(self, message: Message, device: Device, at: int) -> dict[str, float]:
        outlet = device.outlet_then(at)
        count = self.running.count(message, outlet, at) if outlet is not None else None
        return {} if count is None else {TREATMENT: float(count)}

    def _file_load(self, load: Mapping[str, float], device: Device, at: int, record: Record, filed: Filed) -> None:
        """What the readings of an hour are held against; of a device that speaks for no outlet it says nothing."""
        outlet = device.outlet_then(at)
        if outlet is None:
            return
        points = self._planner.points_of(outlet, sorted(load))
        filed.rows.add_loads([(points[code], value) for code, value in load.items()], at - at % HOUR, record)
        if at < self._today:
            filed.arrived.late.add((outlet, at // HOUR))


def _midnight(now: float, zone: ZoneInfo) -> int:
    """The begin of the day of the offices, seconds since the epoch."""
    return int(datetime.fromtimestamp(now, zone).replace(hour=0, minute=0, second=0, microsecond=0).timestamp())


def _keep_time(apart: Apart, mn: str, record: Record) -> None:
    zh = f"数据时间晚于收到的时间 {AHEAD // 60} 分钟以上，或不成立，没有入库。请校准设备的时钟。"
    en = f"The data are from more than {AHEAD // 60} minutes after they came: not stored. Set the device's clock."
    apart.add(Why(mn, Sort.CLOCK), record, zh, en)


def _keep_large(apart: Apart, mn: str, record: Record) -> None:
    zh = "数值大得不可能，没有入库；报文原样保留。请核对设备。"
    en = "A value larger than can be: not stored; the frame is kept as it came. See to the device."
    apart.add(Why(mn, Sort.BROKEN), record, zh, en)
