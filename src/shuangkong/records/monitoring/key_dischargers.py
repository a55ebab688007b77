"""重点排污单位名录的公布: that a year's list of a place was published, on which day and by which document."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from django.db import transaction
from django.utils import timezone

from shuangkong.core.horizon import is_near
from shuangkong.records.journal import store as journal
from shuangkong.records.monitoring.models import KeyDischarger, KeyDischargerList
from shuangkong.records.monitoring.registers.words import MEDIA
from shuangkong.records.people.access import Where, require
from shuangkong.records.people.acting import Acting
from shuangkong.records.people.roles import Action
from shuangkong.records.refusal import Refused
from shuangkong.records.registry.models import Region

__all__ = ["MEDIA", "publish"]


def publish(region: str, year: str, on: str, document: str, by: Acting) -> int:
    """Records a publication and returns its number; again where the list was changed since. ~6 queries.

    Raises:
        Refused: no such place, year or day; the list is empty; no document.
        Forbidden: the person publishes nothing there.
    """
    with transaction.atomic():
        place = Region.objects.filter(pk=region).first()
        if place is None:
            raise Refused("MON-200", "请选择地区。", "Choose the place.", "region")
        require(by, Action.MONITORING_PUBLISH, Where(place.path))
        day = _day(on)
        if not year.isdecimal() or not is_near(date(min(int(year[:4]), 9_999) or 1, 1, 1), timezone.localdate()):
            raise Refused("MON-201", "请写明年度。", "Give the year.", "year")
        if day is None or day > timezone.localdate():
            raise Refused(
                "MON-202", "公布日期应写成 YYYY-MM-DD，不晚于今天。", "Give the day as YYYY-MM-DD, not to come.", "on"
            )
        if not document.strip():
            raise Refused("MON-203", "请写明公布名录的文件。", "Name the document.", "document")
        count = KeyDischarger.objects.filter(region__path__startswith=place.path, year=int(year)).count()
        if not count:
            raise Refused(
                "MON-204",
                "这一年的名录还是空的。请先登记。",
                "That year's list is empty: register units first.",
                "year",
            )
        told = {"year": int(year), "on": day.isoformat(), "count": count}
        written = by.act(
            "monitoring.publish", f"key_dischargers/{region}-{year}", document=document.strip(), after=told
        )
        made = KeyDischargerList.objects.create(
            region=place, year=int(year), published_on=day, document=document.strip(), count=count, author=by.author,
            at=timezone.now(), journal=journal.append(replace(written, place=place.path)),
        )  # fmt: skip
    return int(made.pk)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        return None
