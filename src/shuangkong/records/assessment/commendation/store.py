"""Rows ⇄ values of commendations. Access is the caller's condition, or ``may_read`` for one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from django.db.models import Q

from shuangkong.assessment.commendation import Event, EventKind, Honoured, standing
from shuangkong.core.source_code import source_code
from shuangkong.records.assessment.commendation.models import Commendation, CommendationEvent
from shuangkong.records.assessment.commendation.rows import CommendationRow, EventRow
from shuangkong.records.past import known_by
from shuangkong.records.people.access import Where, may, visible
from shuangkong.records.people.acting import Acting
from shuangkong.records.people.roles import Action
from shuangkong.records.registry.names import NamesThen, names_then


def commendation(commendation_id: int, until: date | None = None) -> CommendationRow | None:
    """One commendation as known at the end of a day; None where there was none. 2 queries, 3 for a past day."""
    return next(iter(commendations(Q(pk=commendation_id), until)), None)


def commendations(condition: Q, until: date | None = None) -> tuple[CommendationRow, ...]:
    """Those that meet a condition, as known at the end of a day, the newest first. 2 queries, 3 for a past day."""
    found = list(
        Commendation.objects.select_related("region", "plan", "honoured_region")
        .filter(condition, known_by(until, "proposed_at"))
        .order_by("-pk")
    )
    told: dict[int, list[Event]] = defaultdict(list)
    for each in _events(Q(commendation__in=[row.pk for row in found]), until):
        told[each.commendation_id].append(_event(each))
    names = names_then(until)
    return tuple(_row(row, told[row.pk], names) for row in found)


def events(commendation_id: int, until: date | None = None) -> tuple[EventRow, ...]:
    """What happened to one, oldest first, as known at the end of a day. 1 query."""
    return tuple(
        EventRow(
            id=row.pk,
            kind=EventKind(row.kind),
            on=row.on,
            until=row.until,
            number=row.number,
            document=row.document,
            amount_cny=row.amount_cny,
            answers=row.answers_id,
            text=row.text,
            author=row.author,
            at=row.at,
            journal=row.journal,
        )
        for row in _events(Q(commendation=commendation_id), until)
    )


def readable(acting: Acting) -> Q:
    """The condition that a person may see one: of a place that she sees, of one commended, or of her body."""
    here = visible(acting, Action.COMMENDATION_READ, body=_of_bodies)
    return here if not here else here | visible(acting, Action.COMMENDATION_READ, "honoured_region__path")


def _of_bodies(bodies: frozenset[int]) -> Q:
    return Q(proposer__in=bodies) | Q(funder__in=bodies) | Q(honoured_body__in=bodies)


def may_read(acting: Acting, row: CommendationRow) -> bool:
    """Whether a person may see one; as ``readable``."""
    is_honoured = bool(row.honoured_path) and may(acting, Action.COMMENDATION_READ, Where(row.honoured_path))
    return is_honoured or may(acting, Action.COMMENDATION_READ, row.where)


def _events(condition: Q, until: date | None) -> Iterable[CommendationEvent]:
    return CommendationEvent.objects.filter(condition, known_by(until, "at")).order_by("pk")


def _event(row: CommendationEvent) -> Event:
    return Event(row.pk, EventKind(row.kind), row.on, row.until, row.number, row.amount_cny, row.answers_id)


def _row(row: Commendation, told: list[Event], names: NamesThen) -> CommendationRow:
    is_invented = row.region.is_fictional  # what is done at an invented place is for show
    return CommendationRow(
        id=row.pk,
        kind=Honoured(row.kind),
        name=row.name,
        honoured_region=row.honoured_region_id,
        honoured_path=row.honoured_region.path if row.honoured_region else "",
        honoured_body=row.honoured_body_id,
        honoured_enterprise=source_code(row.honoured_enterprise_id) if row.honoured_enterprise_id else "",
        workplace=row.workplace,
        award=row.award,
        period=row.period,
        merit=row.merit,
        region=row.region_id,
        region_name=names.region(row.region_id, row.region.name),
        path=row.path,
        plan=row.plan_id,
        plan_title=row.plan.title if row.plan else "",
        item=row.item_id,
        clause=row.clause,
        ground=row.ground,
        proposer=row.proposer_id,
        proposer_name=row.proposer_name,
        funder=row.funder_id,
        funder_name=row.funder_name,
        proposed_by=row.proposed_by,
        proposed_at=row.proposed_at,
        is_demo=is_invented or bool(row.plan and row.plan.is_demo),
        is_fictional=is_invented or bool(row.plan and row.plan.is_fictional),
        standing=standing(told),
    )
