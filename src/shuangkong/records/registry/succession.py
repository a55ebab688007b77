"""沿革: recording what became of regions and bodies. Whoever answers for the new one answers for the old one too."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from django.db import transaction
from django.utils import timezone

from shuangkong.records.journal import store as journal
from shuangkong.records.people.access import Where, require
from shuangkong.records.people.acting import Acting
from shuangkong.records.people.roles import Action
from shuangkong.records.refusal import Refused
from shuangkong.records.registry.models import Body, BodyChange, Region, RegionChange
from shuangkong.records.registry.rows import RegionChangeRow
from shuangkong.records.registry.store import WHOLE
from shuangkong.records.registry.tree import Change, successors, with_heirs


def region_changes() -> tuple[RegionChangeRow, ...]:
    """What became of regions, the newest first. 1 query."""
    found = RegionChange.objects.select_related("before", "after").order_by("-on", "-pk")
    return tuple(
        RegionChangeRow(
            row.before_id, row.before.name, row.after_id, row.after.name, row.on, row.document, row.decided_by
        )
        for row in found
    )


def succeed_region(before: str, after: str, on: date, document: str, by: Acting) -> None:
    """Records that a region became another on a day.

    Raises:
        Forbidden: the person may not change the registry at both places.
        Refused: no document is named, a region is unknown, it is on record already, or the two would follow one
            another in a circle.
    """
    places = dict(Region.objects.filter(pk__in=(before, after)).values_list("pk", "path"))
    for code in (before, after):
        _require(code in places, "REG-102", f"没有代码为 {code} 的地区。", f"There is no region {code}.")
        require(by, Action.REGISTRY_CHANGE, Where(places[code]))
    _require_document(document)
    with transaction.atomic():
        circle = before == after or before in successors(after, date.max)
        _require(not circle, "REG-103", f"{after} 已是 {before} 的前身。", f"{after} became {before} already.")
        is_told = RegionChange.objects.filter(before=before, after=after).exists()
        _require(not is_told, "REG-117", "这一变化已经记录。", "This change is on record already.")
        RegionChange.objects.create(
            before_id=before, after_id=after, on=on, document=document, decided_by=by.author, decided_at=timezone.now()
        )
        told = {"after": after, "on": on}
        _journal(
            by, "region.succeed", f"region/{before}", document, told, {before: places[before], after: places[after]}
        )


def succeed_body(before: int, after: int, kind: Change, on: date, document: str, by: Acting) -> None:
    """Records that a body was renamed, merged or split into another on a day.

    Raises:
        Forbidden: the person may not confirm bodies at the places of both; or they are of two regions, which only who
            confirms them everywhere may join.
        Refused: as ``succeed_region``.
    """
    found = {row.pk: row for row in Body.objects.select_related("region").filter(pk__in=(before, after))}
    places = {number: row.region.path if row.region else WHOLE for number, row in found.items()}
    for each in (before, after):
        _require(each in found, "REG-104", f"没有编号为 {each} 的单位。", f"There is no body {each}.")
        require(by, Action.BODY_CONFIRM, Where(places[each]))
    if places[before] != places[after]:
        require(by, Action.BODY_CONFIRM, Where(WHOLE))
    _require_document(document)
    with transaction.atomic():
        circle = before == after or before in with_heirs([after], date.max)
        _require(not circle, "REG-105", "两个单位互为前后身。", "Each would have become the other.")
        BodyChange.objects.create(
            before_id=before, after_id=after, kind=kind, on=on, document=document, decided_by=by.author,
            decided_at=timezone.now(),
        )  # fmt: skip
        told = {"after": after, "kind": kind.value, "on": on}
        _journal(by, "body.succeed", f"body/{before}", document, told, places)


def _journal[T](by: Acting, act: str, subject: str, document: str, told: object, places: Mapping[T, str]) -> None:
    """A row at every place concerned: each finds in its own journal what was taken from it and what it was given."""
    row = by.act(act, subject, document=document, after=told)
    journal.append_all(replace(row, place=place) for place in dict.fromkeys(places.values()))


def _require_document(document: str) -> None:
    _require(bool(document.strip()), "REG-101", "请写明批准文件。", "Name the document that orders the change.")


def _require(holds: bool, code: str, zh: str, en: str) -> None:
    if not holds:
        raise Refused(code, zh, en)
