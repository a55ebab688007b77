"""Rows ⇄ values of reductions. Access is the caller's condition, ``readable``, or ``require`` for one."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal

from django.db.models import Q

from shuangkong.indicators.emissions.formulas import Months
from shuangkong.indicators.emissions.standing import Event, EventKind, standing
from shuangkong.records.indicators.emissions.models import Reduction, ReductionEvent, ReductionEvidence
from shuangkong.records.indicators.emissions.rows import FileRow, ReductionEventRow, ReductionRow
from shuangkong.records.past import known_by
from shuangkong.records.people.access import visible
from shuangkong.records.people.acting import Acting
from shuangkong.records.people.roles import Action
from shuangkong.records.registry.names import NamesThen, names_then

_TELLING = frozenset({EventKind.REPORT, EventKind.CORRECT})


def readable(acting: Acting) -> Q:
    """The condition that a person may see a reduction: of a place that she sees, or reported by her body."""
    return visible(acting, Action.EMISSION_READ, body="body")


def reduction(reduction_id: int, until: date | None = None) -> ReductionRow | None:
    """One reduction as known at the end of a day; None where there was none. 2 queries, 3 for a past day."""
    return next(iter(reductions(Q(pk=reduction_id), until)), None)


def reductions(condition: Q, until: date | None = None) -> tuple[ReductionRow, ...]:
    """Those that meet a condition, as known at the end of a day, the newest first. 2 queries, 3 for a past day."""
    found = list(
        Reduction.objects.select_related("region").filter(condition, known_by(until, "reported_at")).order_by("-pk")
    )
    happened: dict[int, list[ReductionEvent]] = defaultdict(list)
    for each in _events(Q(reduction__in=[row.pk for row in found]), until):
        happened[each.reduction_id].append(each)
    names = names_then(until)
    return tuple(_row(row, happened[row.pk], names) for row in found if happened[row.pk])


def events(reduction_id: int, until: date | None = None) -> tuple[ReductionEventRow, ...]:
    """What happened to one, oldest first, with its files, as known at the end of a day. 2 queries."""
    files: dict[int, list[FileRow]] = defaultdict(list)
    for each in (
        ReductionEvidence.objects.filter(event__reduction=reduction_id).defer("file__content").select_related("file")
    ):
        files[each.event_id].append(FileRow(each.pk, each.name, each.file.medium, each.file.size_bytes))
    return tuple(
        ReductionEventRow(
            id=row.pk,
            kind=EventKind(row.kind),
            on=row.on,
            amount_t=row.amount_t,
            text=row.text,
            document=row.document,
            author=row.author,
            at=row.at,
            journal=row.journal,
            files=tuple(files[row.pk]),
        )
        for row in _events(Q(reduction=reduction_id), until)
    )


def file_content(evidence_id: int) -> tuple[FileRow, bytes, int] | None:
    """A file with its bytes and the reduction it belongs to; None where there is none. 1 query."""
    found = ReductionEvidence.objects.select_related("file", "event").filter(pk=evidence_id).first()
    if found is None:
        return None
    row = FileRow(found.pk, found.name, found.file.medium, found.file.size_bytes)
    return row, bytes(found.file.content), found.event.reduction_id


def written_inputs(inputs: Mapping[str, Decimal]) -> str:
    """Figures as they are kept: every digit as told."""
    return json.dumps({name: format(value, "f") for name, value in inputs.items()}, sort_keys=True)


def _events(condition: Q, until: date | None) -> Iterable[ReductionEvent]:
    return ReductionEvent.objects.filter(condition, known_by(until, "at")).order_by("pk")


def _event(row: ReductionEvent) -> Event:
    return Event(row.pk, EventKind(row.kind), row.on, row.amount_t, row.author)


def _row(row: Reduction, happened: list[ReductionEvent], names: NamesThen) -> ReductionRow:
    told = next(each for each in reversed(happened) if EventKind(each.kind) in _TELLING)
    recognised = next((each for each in reversed(happened) if each.kind == EventKind.RECOGNISE), None)
    inputs = {name: Decimal(text) for name, text in json.loads(told.inputs or "{}").items()}
    return ReductionRow(
        id=row.pk,
        region=row.region_id,
        region_name=names.region(row.region_id, row.region.name),
        path=row.path,
        title=row.title,
        body=row.body_id,
        body_name=row.body_name,
        source_code=row.source_code,
        source_name=row.source_name,
        is_registered=row.enterprise_id is not None,
        outlet=row.outlet,
        scope=row.scope,
        pollutant=row.pollutant,
        formula=row.formula,
        measure=row.measure,
        months=Months(row.months),
        is_key=row.is_key,
        assigned_t=row.assigned_t,
        note=row.note,
        inputs=inputs,
        starts=told.starts or 0,
        after_t=told.after_t or Decimal(0),
        credited_after_t=recognised.after_t if recognised is not None else None,
        rulebook=told.rulebook,
        reported_by=row.reported_by,
        reported_at=row.reported_at,
        is_fictional=row.region.is_fictional,
        standing=standing(map(_event, happened)),
    )
