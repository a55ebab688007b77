"""收数: what an access end sends is kept as it came, and its figures beside it; the same twice is once.

A figure that cannot be used is told to the sender, the others of its message are kept. ~8 queries a message of data,
however many figures it holds.
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from shuangkong.protocols.nhjc import Configuration, Item, Upload, Wrong
from shuangkong.protocols.nhjc.messages import Every
from shuangkong.records.monitoring.uploads.freezing import frozen_months
from shuangkong.records.monitoring.uploads.models import AccessEnd, UploadBody, UploadFigure, UploadItem

#: A period that begins later than this from now has not been: the sender's clock is wrong.
AHEAD = timedelta(minutes=10)
#: Larger than what any unit uses, and than what readings are kept of.
TOO_LARGE = Decimal(10) ** 12 - 1
#: The readings store counts its seconds from here.
_EARLIEST = datetime.fromtimestamp(0, UTC)
_BATCH = 400
_FROZEN = "%(month)s 已冻结，月值只读：要改请主管部门解冻 no change of a month that is frozen: have it opened"


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a message: figures new, of a later version, told before; and what was wrong."""

    new: int
    changed: int
    same: int
    wrong: tuple[Wrong, ...]


def access_of(device: str, credit_code: str) -> AccessEnd | None:
    """The access end of that number and unit, where it may upload. 1 query."""
    held = (
        AccessEnd.objects.select_related("enterprise__region")
        .filter(device=device, ended_at=None)
        .exclude(picked_at=None)
        .first()
    )
    return held if held is not None and held.enterprise.credit_code == credit_code else None


def take_configuration(held: AccessEnd, told: Configuration, content: bytes) -> tuple[Wrong, ...]:
    """What it will send from now on; nothing changes where something of it cannot be read."""
    now = timezone.now()
    with transaction.atomic():
        _keep(held, "configure", content, told.wrong)
        if told.wrong:
            return told.wrong
        items = {each.code.plain: each for each in told.items}
        known = {each.code: each for each in UploadItem.objects.select_for_update().filter(access=held)}
        UploadItem.objects.filter(access=held, ended_at=None).exclude(code__in=list(items)).update(ended_at=now)
        fresh = [
            UploadItem(
                access=held, code=code, name=each.name[:120], low=each.lowest, high=each.highest, since=now
            )
            for code, each in items.items()
            if code not in known
        ]  # fmt: skip
        UploadItem.objects.bulk_create(fresh, batch_size=_BATCH)
        kept = [known[code] for code in items if code in known]
        for row in kept:
            each = items[row.code]
            row.name, row.low, row.high, row.ended_at = each.name[:120], each.lowest, each.highest, None
        UploadItem.objects.bulk_update(kept, ("name", "low", "high", "ended_at"), batch_size=_BATCH)
    return ()


def take_data(held: AccessEnd, told: Upload, content: bytes) -> Taken:
    """Keeps the figures of a message."""
    now = timezone.now()
    with transaction.atomic():
        # One message of an end at a time: two that overlap would each see the other's figures as missing.
        AccessEnd.objects.select_for_update().filter(pk=held.pk).update(seen_at=now)
        items = {each.code: each.pk for each in UploadItem.objects.filter(access=held, ended_at=None)}
        good, unusable = _sorted(told.items, items, now)
        good, fixed = _open(held, good, items)
        wrong = (*told.wrong, *unusable, *fixed)
        body = _keep(held, "data", content, wrong)
        return _keep_figures(good, items, body, wrong)


def _sorted(told: Iterable[Item], items: dict[str, int], now: datetime) -> tuple[list[Item], list[Wrong]]:
    """Figures that can be kept; the last of two of one period in one message counts."""
    good: dict[tuple[str, int, datetime], Item] = {}
    wrong: list[Wrong] = []
    earliest, latest = timezone.make_naive(_EARLIEST), timezone.make_naive(now + AHEAD)
    for each in told:
        if each.code.plain not in items:
            wrong.append(Wrong(each.code.dashed, "采集配置里的编码 a code of the configuration", each.code.dashed))
        elif each.starts > latest:
            wrong.append(Wrong(each.code.dashed, "已开始的时段 a period that has begun", str(each.starts)))
        elif each.starts < earliest:
            said = f"{earliest:%Y-%m-%d} 以后的时段 a period after it"
            wrong.append(Wrong(each.code.dashed, said, each.starts.isoformat(" ")))
        elif abs(each.value) >= TOO_LARGE:
            wrong.append(Wrong(each.code.dashed, f"小于 below {TOO_LARGE}", f"{each.value:f}"[:60]))
        else:
            good[each.code.plain, int(each.every), each.starts] = each
    return list(good.values()), wrong


def _open(held: AccessEnd, good: list[Item], items: dict[str, int]) -> tuple[list[Item], list[Wrong]]:
    """Figures that may be kept, and why others may not: of a frozen month none changes. At most 2 queries."""
    months = frozen_months(held.pk)
    if not any(_frozen(each, months) for each in good):
        return good, []
    rows = UploadFigure.objects.filter(item__in=set(items.values()), every=int(Every.MONTH), is_newest=True)
    standing = {(row.item_id, timezone.localdate(row.starts)): (row.value, row.is_valid) for row in rows}
    kept, wrong = list[Item](), list[Wrong]()
    for each in good:
        at = items[each.code.plain], each.starts.date()
        if _frozen(each, months) and standing.get(at) != (each.value, each.is_valid):
            wrong.append(Wrong(each.code.dashed, _FROZEN % {"month": f"{each.starts:%Y-%m}"}, f"{each.value:f}"))
        else:
            kept.append(each)
    return kept, wrong


def _frozen(each: Item, months: frozenset[date]) -> bool:
    return each.every is Every.MONTH and each.starts.date().replace(day=1) in months


def _keep(held: AccessEnd, step: str, content: bytes, wrong: Iterable[Wrong]) -> UploadBody:
    refused = "\n".join(str(each) for each in list(wrong)[:20])
    digest = hashlib.sha256(content).hexdigest()
    kept, _ = UploadBody.objects.get_or_create(
        access=held, step=step, digest=digest,
        defaults={"at": timezone.now(), "content": zlib.compress(content), "refused": refused},
    )  # fmt: skip
    return kept


def _keep_figures(good: list[Item], items: dict[str, int], body: UploadBody, wrong: tuple[Wrong, ...]) -> Taken:
    if not good:
        return Taken(0, 0, 0, wrong)
    moments = [timezone.make_aware(each.starts) for each in good]
    standing = {
        (row.item_id, row.every, row.starts): row
        for row in UploadFigure.objects.filter(
            item__in={items[each.code.plain] for each in good}, starts__gte=min(moments), starts__lte=max(moments),
            is_newest=True,
        )
    }  # fmt: skip
    fresh, gone, same = [], [], 0
    for each, starts in zip(good, moments, strict=True):
        row = standing.get((items[each.code.plain], int(each.every), starts))
        if row is not None and (row.value, row.is_valid) == (each.value, each.is_valid):
            same += 1
            continue
        if row is not None:
            gone.append(row.pk)
        fresh.append(
            UploadFigure(
                item_id=items[each.code.plain], every=int(each.every), starts=starts, value=each.value,
                is_valid=each.is_valid, source=int(each.source), body=body,
            )
        )  # fmt: skip
    for at in range(0, len(gone), _BATCH):
        UploadFigure.objects.filter(pk__in=gone[at : at + _BATCH]).update(is_newest=False)
    UploadFigure.objects.bulk_create(fresh, batch_size=_BATCH)
    return Taken(len(fresh) - len(gone), len(gone), same, wrong)
