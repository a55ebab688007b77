"""Rows ⇄ values of key projects. Access is the caller's condition, ``readable``, or ``require`` for one."""

from __future__ import annotations

from collections import defaultdict
from datetime import date

from django.db.models import Q

from shuangkong.outlook.projects.told import Event, EventKind, held
from shuangkong.records.outlook.projects.kept import from_text
from shuangkong.records.outlook.projects.models import KeyProject, KeyProjectEvent, KeyProjectEvidence
from shuangkong.records.outlook.projects.rows import FileRow, Happened, KeyProjectRow
from shuangkong.records.past import known_by
from shuangkong.records.people.access import visible
from shuangkong.records.people.acting import Acting
from shuangkong.records.people.roles import Action
from shuangkong.records.registry.names import NamesThen, names_then


def readable(acting: Acting) -> Q:
    """The condition that a person may see a project: of a place that she sees, or of her own body."""
    return visible(acting, Action.PROJECT_READ, body="body")


def project(project_id: int, until: date | None = None) -> KeyProjectRow | None:
    """One project as known at the end of a day; None where there was none. 2 queries, 3 for a past day."""
    return next(iter(projects(Q(pk=project_id), until)), None)


def projects(condition: Q, until: date | None = None) -> tuple[KeyProjectRow, ...]:
    """Those that meet a condition, as known at the end of a day, the newest first. 2 queries, 3 for a past day."""
    found = list(
        KeyProject.objects.select_related("region").filter(condition, known_by(until, "registered_at")).order_by("-pk")
    )
    happened: dict[int, list[Happened]] = defaultdict(list)
    events = KeyProjectEvent.objects.filter(known_by(until, "at"), project__in=[row.pk for row in found])
    for each in events.order_by("pk"):
        happened[each.project_id].append(_happened(each))
    names = names_then(until)
    return tuple(made for row in found if (made := _row(row, tuple(happened[row.pk]), names)) is not None)


def linked_to(reduction: int) -> tuple[KeyProjectRow, ...]:
    """Projects whose own the reduction is. 3 queries."""
    ever = KeyProjectEvent.objects.filter(reduction=reduction).values_list("project", flat=True)
    return tuple(row for row in projects(Q(pk__in=sorted(set(ever)))) if reduction in row.held.reductions)


def files(project_id: int, until: date | None = None) -> tuple[FileRow, ...]:
    """Files handed in with events of a project, as known at the end of a day, without their bytes. 1 query."""
    found = KeyProjectEvidence.objects.filter(known_by(until, "event__at"), event__project=project_id)
    rows = found.defer("file__content").select_related("file").order_by("pk")
    return tuple(FileRow(each.pk, each.event_id, each.name, each.file.size_bytes) for each in rows)


def file_content(evidence_id: int) -> tuple[str, bytes, int] | None:
    """Name and bytes of a file and the project it belongs to; None where there is none. 1 query."""
    found = KeyProjectEvidence.objects.select_related("file", "event").filter(pk=evidence_id).first()
    return (found.name, bytes(found.file.content), found.event.project_id) if found else None


def _happened(row: KeyProjectEvent) -> Happened:
    kind = EventKind(row.kind)
    event = Event(kind, row.on, from_text(kind, row.told))
    return Happened(row.pk, event, row.text, row.document, row.author, row.at, row.journal)


def _row(row: KeyProject, happened: tuple[Happened, ...], names: NamesThen) -> KeyProjectRow | None:
    now = held(each.event for each in happened)
    if now is None:
        return None
    return KeyProjectRow(
        id=row.pk, region=row.region_id, region_name=names.region(row.region_id, row.region.name), path=row.path,
        body=row.body_id, owner=row.owner, is_fictional=row.region.is_fictional, registered_by=row.registered_by,
        happened=happened, held=now,
    )  # fmt: skip
