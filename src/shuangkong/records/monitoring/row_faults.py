"""没有办成的行: rows of which a work of the clock could not be done, kept until it could; the others never wait."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from django.db.models import Q
from django.utils import timezone

from shuangkong.records.monitoring.models import RowFault

_SAID, _NAME = 2_000, 200


class Work(StrEnum):
    """What the clock does row by row."""

    MARKING = "marking"  # 自动标记
    TELLING = "telling"  # 标记送读数库
    JUDGING = "judging"  # 报警判定
    LIFE = "life"  # 死灰复燃
    AMOUNTS = "amounts"  # 排放量月结
    METERS = "meters"  # 用能月结
    RATES = "rates"  # 传输率
    QUALITY = "quality"  # 环境质量评价
    UPLOADS = "uploads"  # 企业上传数据入库
    COMPLIANCE = "compliance"  # 达标排放率


@dataclass(frozen=True, slots=True)
class Row:
    """One row as its fault names it; ``region``: the code of its place, None for none."""

    number: int
    name: str
    region: str | None


def faulty(work: Work) -> set[int]:
    """Rows of which a work could not be done when it was tried last. 1 query."""
    return set(RowFault.objects.filter(work=work).values_list("row", flat=True))


def keep_fault(work: Work, row: Row, fault: Exception) -> bool:
    """Keeps that a work could not be done for a row; returns whether that is new. 2 queries."""
    said, now = f"{type(fault).__name__}: {fault}"[:_SAID].replace("\x00", ""), timezone.now()
    own, is_new = RowFault.objects.get_or_create(
        work=work, row=row.number,
        defaults={"name": row.name[:_NAME], "region_id": row.region, "said": said, "first_at": now, "last_at": now},
    )  # fmt: skip
    if not is_new:
        own.said, own.last_at, own.count = said, now, own.count + 1
        own.save(update_fields=("said", "last_at", "count"))
    return is_new


def are_done(work: Work, rows: Iterable[int]) -> None:
    """The work was done for these rows. 1 query."""
    RowFault.objects.filter(work=work, row__in=list(rows)).delete()


def faults(condition: Q) -> tuple[RowFault, ...]:
    """What stands of rows that fit, the newest first. 1 query."""
    return tuple(RowFault.objects.filter(condition).order_by("-last_at", "pk"))
