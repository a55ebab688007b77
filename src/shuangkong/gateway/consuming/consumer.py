"""读入的循环: a batch of the log, its readings into the store, then the bookmark; again until stopped.

Who dies anywhere in between begins at the bookmark and gives the store the same again, which keeps it once. A store,
or a database, that is down is waited for; the log meanwhile grows, and nothing is lost. While the store takes one batch
the next is read: their bookmarks are written in their order, each after its own.
"""

from __future__ import annotations

import gc
import json
import traceback
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Event

from shuangkong.gateway.consuming.apart import Apart, Desk
from shuangkong.gateway.consuming.arrivals import Notes
from shuangkong.gateway.consuming.batch import Batch, Store, stored_in
from shuangkong.gateway.consuming.device import Device, Registers
from shuangkong.gateway.consuming.fence import Fence, frames_within
from shuangkong.gateway.consuming.filed import Filed
from shuangkong.gateway.consuming.filing import Filing
from shuangkong.gateway.consuming.frames import once
from shuangkong.gateway.consuming.hearing import Hearing
from shuangkong.gateway.consuming.keeping import Keeping
from shuangkong.gateway.consuming.supplement import Orders, Supplement
from shuangkong.gateway.consuming.told import MessageDesk
from shuangkong.readings.evidence import Address, Damage, Evidence, Kind, Record, expire

#: How often the registers are looked at, gaps are asked for and old keys forgotten, seconds.
LOOK_SECONDS, ASK_SECONDS, FORGET_SECONDS = 2.0, 60.0, 3600.0
#: How long to rest where nothing is to be read, and where something is down.
REST_SECONDS, DOWN_SECONDS = 0.1, 1.0
#: Bytes of the log that one batch takes.
BATCH_BYTES = 16 << 20
_PEERS = 100_000
_STATUS = "consumer.json"
_DAY = 86_400
_EPOCH = 719_163


@dataclass(frozen=True, slots=True)
class Doors:
    """What the consumer speaks to.

    ``down`` are the faults of store and registers that pass; anything else ends the consumer. ``notes``: where it is
    told how clocks go and what came late; ``messages``: where what devices tell beside readings is kept; None: nobody
    asks.
    """

    store: Store
    registers: Registers
    desk: Desk
    orders: Orders | None
    down: tuple[type[Exception], ...]
    notes: Notes | None = None
    messages: MessageDesk | None = None


class Consumer:
    """Reads one gateway's log.

    Attributes:
        position: how far it has read.
        rows: how many readings it gave to the store.
        fault: what is down; "" where nothing is.
    """

    def __init__(
        self, folder: Path, filing: Filing, supplement: Callable[[Keeping], Supplement], doors: Doors,
        clock: Callable[[], float], remember_days: int, keep_days: int,
    ) -> None:  # fmt: skip
        """
        Args:
            folder: the gateway's.
            supplement: made with what this consumer keeps.
            clock: seconds since the epoch.
            remember_days: for how long a frame is known again when it is sent again, and what ran in an hour.
            keep_days: for how long frames are kept as they came.
        """
        self.folder, self._filing, self._doors, self._clock = folder, filing, doors, clock
        self._evidence = Evidence(folder / "evidence")
        self.keeping = Keeping(folder / "consumer.sqlite3")
        self._supplement = supplement(self.keeping)
        self._hearing = Hearing(doors.desk, doors.notes, doors.messages, doors.down)
        self.position, self.rows, self.fault = self.keeping.bookmark(), 0, ""
        self._remember_days, self._keep_days = remember_days, keep_days
        filing.running.keep_in(self.keeping)
        filing.running.forget_before(clock() - remember_days * _DAY)
        self._storing = ThreadPoolExecutor(1, "storing")
        self._under_way: Batch | None = None
        self._careful_to = self.position
        self._stamp: object = self
        self._devices: Mapping[str, Device] = {}
        self._peers: OrderedDict[int, str] = OrderedDict()
        self._looked = self._asked = self._forgot = self._told = 0.0

    def run(self, stopped: Event) -> None:
        """Reads until it is stopped."""
        while not stopped.is_set():
            try:
                has_read = self.step()
            except self._doors.down as fault:
                self.fault = f"{type(fault).__name__}: {fault}"
                self.begin_again()
                stopped.wait(DOWN_SECONDS)
            else:
                self.fault = ""
                if not has_read:
                    stopped.wait(REST_SECONDS)
            self._tell()
        with suppress(*self._doors.down):
            self.settle()
            self._hearing.see_to(self._clock(), is_last=True)

    def begin_again(self) -> None:
        """Goes back to the bookmark: what was read since may not have reached the store."""
        if self._under_way is not None:
            wait([self._under_way.stored])
            self._under_way = None
        self.position = self.keeping.bookmark()
        self._filing.begin_again()

    def step(self) -> bool:
        """One batch; whether there was one. Where the log goes on behind it, it is settled by the next step.

        What a fault of a door interrupts is begun again by ``begin_again`` and the next step.
        """
        now = self._clock()
        if now - self._looked >= LOOK_SECONDS:
            self._look()
            self._looked = now
        with _without_collector():
            records, end = self._evidence.batch(self.position, BATCH_BYTES)
            self._remember_peers(records)
            try:
                taken = self._take(records, end, now) if records or self._filing.waiting() is not None else None
            except self._doors.down:
                raise
            except Exception as fault:  # noqa: BLE001 - raised again where it comes twice
                self._be_careful(fault, end)
                return True
            self.settle()
            if taken is not None:
                self._under_way = self._begin(*taken)
        self.position = end
        if self._evidence.end() <= end:
            self.settle()
        self._see_to(now)
        return bool(records)

    @property
    def _is_careful(self) -> bool:
        return self.position < self._careful_to

    def _be_careful(self, fault: Exception, end: Address) -> None:
        """A batch brought about a fault that is no door's: it is read again frame by frame, once."""
        if self._is_careful:
            raise fault
        traceback.print_exception(fault)
        self.settle()
        self._careful_to = end
        self.begin_again()

    def _take(self, records: list[Record | Damage], end: Address, now: float) -> tuple[Filed, Apart, Address]:
        """Files a batch, while the one before may still be on its way to the store."""
        apart = Apart()
        fence = Fence(apart, self._doors.down) if self._is_careful else None
        frames = frames_within(fence, records, self._devices, apart)
        taken = self.keeping.taken(frames.marks)
        under_way = set[bytes]() if self._under_way is None else self._under_way.keys
        filed = self._filing.file(once(frames, taken, under_way), apart, now, fence)
        return filed, apart, self._filing.waiting() or end

    def _begin(self, filed: Filed, apart: Apart, place: Address) -> Batch:
        keys = {mark.key for mark in filed.done}
        return Batch(filed, apart, place, keys, self._storing.submit(stored_in, self._doors.store, filed.rows))

    def settle(self) -> None:
        """Waits until the store has what was read, and writes the bookmark behind it.

        Raises what the doors raise: then nothing of the batch is written, see ``begin_again``.
        """
        batch = self._under_way
        if batch is None:
            return
        now, stored = self._clock(), batch.stored.result()
        self._hear(batch.filed, batch.apart, stored)
        self._supplement.hear(batch.filed.heard, now)
        changed = self._supplement.changed()
        self.keeping.commit(batch.place, batch.filed.done, self._today(), batch.apart.mendable(), changed)
        self._under_way = None

    def _hear(self, filed: Filed, apart: Apart, stored: int) -> None:
        """The store has the readings of a batch: the rest of what came of it is told."""
        self._hearing.hear(filed, apart, self._peers, self._clock())
        self.rows += stored

    def _look(self) -> None:
        """Takes the registers anew where they have changed, and reads again what may be taken now."""
        stamp = self._doors.registers.stamp()
        if stamp == self._stamp:
            return
        self.settle()
        before, now = self._devices, self._doors.registers.devices()
        self._filing.forget()
        is_first = self._stamp is self
        again = {
            mn: start
            for mn, start in self.keeping.held().items()
            if mn in now and (is_first or now[mn] != before.get(mn))
        }
        if again:
            try:
                self._read_again(again, now)
            except self._doors.down:
                raise
            except Exception:  # noqa: BLE001 - read frame by frame instead, each within the fence
                traceback.print_exc()
                self.begin_again()
                self._read_again(again, now, is_careful=True)
        # Last: what a fault interrupts before is read again from its beginning.
        self._devices, self._stamp = now, stamp

    def _read_again(
        self, again: Mapping[str, Address], devices: Mapping[str, Device], *, is_careful: bool = False
    ) -> None:
        """Reads the log once more to where the reading has come: frames of each device from its address on.

        Only when the store has them all is forgotten that they were kept apart.
        """
        place, seen, held = min(again.values()), set[bytes](), dict[str, Address]()
        while place < self.position:
            records, place = self._evidence.batch(place, BATCH_BYTES)
            if not records:
                break
            records = [each for each in records if each.address < self.position]
            apart = Apart()
            fence = Fence(apart, self._doors.down) if is_careful else None
            frames = once(frames_within(fence, records, devices, apart, again), set(), seen)
            filed = self._filing.file(frames, apart, self._clock(), fence)
            self._hear(filed, apart, self._storing.submit(stored_in, self._doors.store, filed.rows).result())
            self.keeping.commit(None, filed.done, self._today(), (), {})
            for mn, first in apart.mendable():
                held[mn] = min(first, held.get(mn, first))
        self.keeping.release(again, held, self._filing.waiting())

    def _today(self) -> int:
        return _EPOCH + int(self._clock()) // _DAY

    def _remember_peers(self, records: list[Record | Damage]) -> None:
        for record in records:
            if isinstance(record, Record) and record.kind == Kind.OPENED:
                with suppress(ValueError, AttributeError):
                    self._peers[record.connection] = str(json.loads(record.payload).get("peer", ""))
        while len(self._peers) > _PEERS:
            self._peers.popitem(last=False)

    def _see_to(self, now: float) -> None:
        """What is done now and then."""
        self._hearing.see_to(now)
        if self._doors.orders is not None and now - self._asked >= ASK_SECONDS:
            # What is under way does not lack.
            self.settle()
            self._supplement.ask(self._devices, self._doors.orders, now)
            self._asked = now
        if now - self._forgot >= FORGET_SECONDS:
            self.keeping.forget_before(self._today() - self._remember_days)
            self.keeping.forget_ran(self._filing.running.forget_before(now - self._remember_days * _DAY))
            before = int(now - self._keep_days * _DAY) * 1_000_000_000
            expire(self.folder / "evidence", before, self.keeping.bookmark().segment)
            self._forgot = now

    def status(self) -> dict[str, object]:
        """How the reading is, for pages and the operator."""
        return {
            "at": self._clock(),
            "position": list(self.position),
            "log_end": list(self._evidence.end()),
            "rows": self.rows,
            "held": len(self.keeping.held()),
            "fault": self.fault,
        }

    def _tell(self) -> None:
        now = self._clock()
        if now - self._told < LOOK_SECONDS:
            return
        self._told = now
        path = self.folder / _STATUS
        beside = path.with_suffix(".new")
        with suppress(OSError):
            beside.write_text(json.dumps(self.status(), ensure_ascii=False), encoding="utf-8")
            beside.replace(path)

    def close(self) -> None:
        """Closes files; what was read and not committed is read again."""
        self._storing.shutdown(cancel_futures=True)
        self._evidence.close()
        self.keeping.close()


@contextmanager
def _without_collector() -> Iterator[None]:
    """A batch makes a million tuples and not one cycle: to look for cycles among them costs a third of its time."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
