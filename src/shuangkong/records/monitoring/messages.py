"""设备消息登记: what devices tell beside readings, and the service records that follow from it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from shuangkong.core.finding import Message
from shuangkong.records.journal import store as journal
from shuangkong.records.journal.rows import Act
from shuangkong.records.monitoring.models import Device, DeviceMessage, Outlet, RegisterEvent, ServiceRecord
from shuangkong.rulebook import open_rulebook

#: Who registers where a device does; a clock of the journal.
BY_DEVICE, _CLOCK = "设备自动报送", "system"
_REGISTER, _ROWS = "services", 500
#: The parameter of an analyser that tells when it was calibrated last, and how the protocol writes a time.
_CALIBRATED, _TIME = "i13006", "%Y%m%d%H%M%S"
#: How long a check took is told by nobody: of the hour no more is taken than that it was.
_LEAST = timedelta(minutes=1)
#: Days for which the listed sorts are kept, and frames; how many are forgotten at a time.
_DAYS, _FRAMES, MOST = "monitoring/evidence/message_days", "monitoring/evidence/keep_days", 5000
#: Device, sort, factor and begin: what makes a work the same as another.
type _Work = tuple[int, str, str, datetime]


class Sort(StrEnum):
    """What is told."""

    SAMPLE = "sample"
    SERIAL = "serial"
    RESTART = "restart"
    CHECK = "check"
    LOG = "log"
    STATE = "state"
    PARAMETER = "parameter"
    HEARTBEAT = "heartbeat"


SORTS: Mapping[Sort, Message] = {
    Sort.SAMPLE: Message("超标留样", "sample kept"),
    Sort.SERIAL: Message("仪器编号", "serial number"),
    Sort.RESTART: Message("数采仪重启", "restart of the logger"),
    Sort.CHECK: Message("标样核查", "standard check"),
    Sort.LOG: Message("现场机日志", "log"),
    Sort.STATE: Message("现场机状态", "state"),
    Sort.PARAMETER: Message("现场机参数", "parameter"),
    Sort.HEARTBEAT: Message("心跳", "heartbeat"),
}


#: Sort of a service record → on what ground it is entered.
_GROUNDS: Mapping[str, Message] = {"standard": SORTS[Sort.CHECK], "calibration": SORTS[Sort.PARAMETER]}


_BRIEF = (Sort.LOG, Sort.STATE, Sort.PARAMETER, Sort.HEARTBEAT)


@dataclass(frozen=True, slots=True)
class MessageRow:
    """One thing that a device told; see ``DeviceMessage``."""

    device: int
    outlet: int | None
    sort: Sort
    factor: str
    name: str
    text: str
    told_at: datetime
    received_at: datetime
    key: str
    segment: int
    offset: int
    count: int = 1


def keep_messages(rows: Iterable[MessageRow]) -> int:
    """Keeps what was told; returns how many are new. Of a key that is known only its count and newest time change.

    ~4 queries, and ~7 for all service records that follow. Devices and outlets that are no more are left out.
    """
    told = {each.key: each for each in rows}
    devices = set(Device.objects.filter(pk__in={each.device for each in told.values()}).values_list("pk", flat=True))
    outlets = set(Outlet.objects.filter(pk__in={each.outlet for each in told.values()}).values_list("pk", flat=True))
    with transaction.atomic():
        held = {each.key: each for each in DeviceMessage.objects.select_for_update().filter(key__in=told)}
        for key, known in held.items():
            if told[key].received_at > known.last_at:
                known.count, known.last_at = known.count + told[key].count, told[key].received_at
        DeviceMessage.objects.bulk_update(held.values(), ("count", "last_at"), batch_size=_ROWS)
        made = [
            _made(each, outlets) for key, each in told.items() if key not in held and each.device in devices
        ]  # fmt: skip
        DeviceMessage.objects.bulk_create(made, batch_size=_ROWS)
        _serve(made)
    return len(made)


def _made(each: MessageRow, outlets: set[int]) -> DeviceMessage:
    return DeviceMessage(
        device_id=each.device, outlet_id=each.outlet if each.outlet in outlets else None, sort=each.sort,
        factor=each.factor, name=each.name, text=each.text, told_at=each.told_at, received_at=each.received_at,
        count=each.count, last_at=each.received_at, key=each.key, segment=each.segment, offset=each.offset,
    )  # fmt: skip


def _serve(rows: Iterable[DeviceMessage]) -> None:
    """Service records of checks against a standard sample, and of calibrations that analysers tell of.

    Whether one was passed a person says: what the device calls its result is kept in words and decides nothing. All
    acts go to the journal in one go and last: its lock is held no longer than that.
    """
    due = [(row, *told) for row in rows if (told := _work(row)) is not None]
    if not due:
        return
    held = ServiceRecord.objects.filter(
        device__in={row.device_id for row, _sort, _at in due},
        sort__in={sort for _row, sort, _at in due},
        starts_at__in={at for _row, _sort, at in due},
    )
    known = {(each.device_id, each.sort, each.factor, each.starts_at): each for each in held}
    fresh: dict[_Work, ServiceRecord] = {}
    for row, sort, at in due:
        work = row.device_id, sort, row.factor, at
        if work not in known:
            known[work] = fresh[work] = ServiceRecord(
                device_id=row.device_id, outlet_id=row.outlet_id, sort=sort, factor=row.factor, starts_at=at,
                ends_at=at + _LEAST, result=f"{row.name} {row.text}".strip()[:300], person=BY_DEVICE,
            )  # fmt: skip
    ServiceRecord.objects.bulk_create(fresh.values(), batch_size=_ROWS)
    for row, sort, at in due:
        row.service = known[row.device_id, sort, row.factor, at]
    DeviceMessage.objects.bulk_update([row for row, _sort, _at in due], ("service",), batch_size=_ROWS)
    _enter(fresh.values())


def forget_messages(now: datetime) -> int:
    """Forgets what is older than the policy of today keeps it; returns how many, ``MOST`` at most: the rest next time.

    Logs, states, parameters and heartbeats that led to no record of work have days of their own; the others go with
    their frames. 4 queries.
    """
    book, day = open_rulebook(), timezone.localtime(now).date()
    brief, long = (now - timedelta(days=int(book.parameter(each, day).number)) for each in (_DAYS, _FRAMES))
    due = DeviceMessage.objects.filter(
        Q(last_at__lt=long) | Q(last_at__lt=brief, sort__in=_BRIEF, service=None)
    ).order_by("last_at")  # fmt: skip
    count, _by_model = DeviceMessage.objects.filter(pk__in=list(due.values_list("pk", flat=True)[:MOST])).delete()
    return count


def _work(row: DeviceMessage) -> tuple[str, datetime] | None:
    """The sort of the work that a message tells of, and when it was done; None: of none."""
    if row.sort == Sort.CHECK:
        return "standard", row.told_at
    if row.sort == Sort.PARAMETER and row.name == _CALIBRATED:
        told = _time(row.text)
        if told is not None and told <= row.received_at:
            return "calibration", told
    return None


def _enter(made: Iterable[ServiceRecord]) -> None:
    """Enters records in the journal and in the history of their register."""
    rows = list(made)
    if not rows:
        return
    devices = Device.objects.select_related("region").in_bulk({row.device_id for row in rows})
    afters = [
        {
            "device": devices[row.device_id].mn, "sort": row.sort, "factor": row.factor,
            "starts_at": row.starts_at.isoformat(), "person": BY_DEVICE,
        }
        for row in rows
    ]  # fmt: skip
    acts = [
        Act(_CLOCK, "monitoring.register", f"{_REGISTER}/{row.pk}", place=devices[row.device_id].region.path,
            after=after)
        for row, after in zip(rows, afters, strict=True)
    ]  # fmt: skip
    now, numbers = timezone.now(), journal.append_all(acts)
    RegisterEvent.objects.bulk_create(
        (
            RegisterEvent(
                register=_REGISTER, row=row.pk, kind="register", before="",
                after=json.dumps(after, ensure_ascii=False), ground=_GROUNDS[row.sort].zh, author=_CLOCK, at=now,
                journal=number,
            )
            for row, after, number in zip(rows, afters, numbers, strict=True)
        ),
        batch_size=_ROWS,
    )  # fmt: skip


def _time(text: str) -> datetime | None:
    """As devices write it; an analyser that was never calibrated says year 1, which is none."""
    try:
        told = timezone.make_aware(datetime.strptime(text.strip(), _TIME))  # noqa: DTZ007 - made aware here
    except (ValueError, OverflowError):
        return None
    return told if told.timestamp() >= 0 else None


def messages_of(outlet: int, sorts: Sequence[str] = (), most: int = 500) -> tuple[DeviceMessage, ...]:
    """Of an outlet, the newest first; of some sorts, else of all but heartbeats. 1 query."""
    rows = DeviceMessage.objects.select_related("device").filter(outlet=outlet)
    rows = rows.filter(sort__in=sorts) if sorts else rows.exclude(sort=Sort.HEARTBEAT)
    return tuple(rows.order_by("-last_at", "-pk")[:most])


def last_heartbeat(outlet: int) -> datetime | None:
    """When a device of an outlet was heard of last by its heartbeat. 1 query."""
    row = DeviceMessage.objects.filter(outlet=outlet, sort=Sort.HEARTBEAT).order_by("-last_at").first()
    return row.last_at if row else None
