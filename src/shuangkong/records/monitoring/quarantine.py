"""隔离: what arrived of devices that nobody registered, or in units that cannot be converted, and what was decided."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from shuangkong.records.journal import store as journal
from shuangkong.records.monitoring.models import Device, Quarantine
from shuangkong.records.people.access import Where, require
from shuangkong.records.people.acting import Acting
from shuangkong.records.people.roles import Action
from shuangkong.records.refusal import Refused


class QuarantineSort(StrEnum):
    """Why it is kept apart."""

    DEVICE = "device"  # 未登记的设备
    PASSWORD = "password"  # 口令不对
    UNIT = "unit"  # 单位不能换算
    FACTOR = "factor"  # 未知因子
    CHECK = "check"  # 校验不符
    CLOCK = "clock"  # 时间在将来
    BROKEN = "broken"  # 读不懂
    UNREADABLE = "unreadable"  # 程序读出错


class Decision(StrEnum):
    """What was decided of it."""

    KEPT = "kept"  # 不予接收
    SETTLED = "settled"  # 已登记或改正，今后接收


@dataclass(frozen=True, slots=True)
class Seen:
    """What the gateway tells of one thing that it kept apart; ``segment`` and ``offset`` are the frame's address."""

    mn: str
    sort: QuarantineSort
    text: str
    at: datetime
    factor: str = ""
    address: str = ""
    segment: int | None = None
    offset: int | None = None
    count: int = 1


def tell(seen: Seen) -> None:
    """Adds to what is known of it. What was settled and comes again is open again. ~2 queries."""
    made, is_new = Quarantine.objects.get_or_create(
        mn=seen.mn[:40], sort=seen.sort, factor=seen.factor,
        defaults={
            "text": seen.text, "address": seen.address, "first_at": seen.at, "last_at": seen.at, "count": seen.count,
            "segment": seen.segment, "offset": seen.offset,
        },
    )  # fmt: skip
    if not is_new:
        is_settled = made.decision == Decision.SETTLED
        Quarantine.objects.filter(pk=made.pk).update(
            text=seen.text, last_at=seen.at, address=seen.address or made.address, count=F("count") + seen.count,
            segment=seen.segment, offset=seen.offset, decision="" if is_settled else made.decision,
        )  # fmt: skip


def where_of(row: Quarantine) -> Where:
    """That of the device of that number; of one that nobody registered no place: any competent body decides."""
    device = Device.objects.select_related("region").filter(mn=row.mn).order_by("-pk").first()
    return Where(device.region.path if device else "")


def decide(number: int, decision: Decision, by: Acting, ground: str) -> None:
    """Records what was decided. ~5 queries.

    Raises:
        Refused: there is none of that number, or no ground is given.
        Forbidden: the person sifts nothing there.
    """
    with transaction.atomic():
        row = Quarantine.objects.select_for_update().filter(pk=number).first()
        if row is None:
            raise Refused("MON-150", f"没有第 {number} 号隔离记录。", f"There is no quarantined thing {number}.")
        where = where_of(row)
        require(by, Action.MONITORING_SIFT, where if where.path else None)
        if not ground.strip():
            raise Refused("MON-151", "请写明理由。", "Give the reason.", "ground")
        written = by.act(
            "monitoring.sift", f"quarantine/{number}", ground=ground.strip(), after={"decision": decision.value}
        )
        row.decision, row.decided_by, row.decided_at, row.ground = decision, by.author, timezone.now(), ground.strip()
        row.journal = journal.append(replace(written, place=where.path or written.place))
        row.save()
