"""Rows ⇄ values of consequences. Access is the caller's condition, or ``may_read`` for one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from django.db.models import Q

from shuangkong.assessment.consequence import ActKind, ConsequenceRule
from shuangkong.assessment.enforcement import Event, EventKind, standing
from shuangkong.core.fact import Subject
from shuangkong.core.period import Period
from shuangkong.records.assessment.accountability.models import Consequence, ConsequenceEvent
from shuangkong.records.assessment.accountability.rows import ConsequenceRow, EventRow, Minutes
from shuangkong.records.past import known_by
from shuangkong.records.people.access import Where, may, visible
from shuangkong.records.people.acting import Acting
from shuangkong.records.people.roles import Action
from shuangkong.rulebook import open_rulebook


def consequence(consequence_id: int, until: date | None = None) -> ConsequenceRow | None:
    """One as known at the end of a day; None where there was none. 2 queries."""
    return next(iter(consequences(Q(pk=consequence_id), until)), None)


def consequences(condition: Q, until: date | None = None) -> tuple[ConsequenceRow, ...]:
    """Those that meet a condition, as known at the end of a day, the newest first. 2 queries."""
    found = list(
        Consequence.objects.select_related("assessment__region")
        .filter(condition, known_by(until, "proposed_at"))
        .order_by("-on", "assessment", "pk")
    )
    told: dict[int, list[ConsequenceEvent]] = defaultdict(list)
    for each in _events(Q(consequence__in=[row.pk for row in found]), until):
        told[each.consequence_id].append(each)
    return tuple(_row(row, told[row.pk]) for row in found)


def events(consequence_id: int, until: date | None = None) -> tuple[EventRow, ...]:
    """What happened to one, oldest first, as known at the end of a day. 1 query."""
    return tuple(map(_event, _events(Q(consequence=consequence_id), until)))


def suspensions(until: date | None = None) -> tuple[tuple[ConsequenceRow, tuple[EventRow, ...]], ...]:
    """Every suspension that was decided, wherever, with what happened to it. 3 queries."""
    rows = consequences(Q(act=ActKind.SUSPENSION.value), until)
    told: dict[int, list[EventRow]] = defaultdict(list)
    for row in _events(Q(consequence__in=[row.id for row in rows]), until):
        told[row.consequence_id].append(_event(row))
    return tuple((row, tuple(told[row.id])) for row in rows)


def readable(acting: Acting) -> Q:
    """The condition that a person may see one: of an assessor that she sees, or against her place or body."""
    here = visible(acting, Action.ASSESSMENT_READ, body="assessment__body")
    return here if not here else here | visible(acting, Action.ASSESSMENT_READ, "subject_path")


def may_read(acting: Acting, row: ConsequenceRow) -> bool:
    """Whether a person may see one; as ``readable``."""
    against = Where(row.subject_path, row.where_assessed.bodies)
    return may(acting, Action.ASSESSMENT_READ, row.where) or may(acting, Action.ASSESSMENT_READ, against)


def rules_of(layer: str) -> dict[str, ConsequenceRule]:
    """Id → rule of a layer."""
    return {rule.id: rule for rule in open_rulebook().assessment(layer).rules}


def _events(condition: Q, until: date | None) -> Iterable[ConsequenceEvent]:
    return ConsequenceEvent.objects.select_related("minutes").filter(condition, known_by(until, "at")).order_by("pk")


def _event(row: ConsequenceEvent) -> EventRow:
    return EventRow(
        EventKind(row.kind), row.on, row.document, row.due, row.text, row.author, row.at, row.journal, _minutes(row)
    )


def _minutes(row: ConsequenceEvent) -> Minutes | None:
    """Django keeps what is not there as an attribute that is missing."""
    told = getattr(row, "minutes", None)
    if told is None:
        return None
    return Minutes(told.venue, told.chair, tuple(told.attendants.splitlines()), told.problems, told.measures)


def _row(row: Consequence, told: Iterable[ConsequenceEvent]) -> ConsequenceRow:
    of, rule = row.assessment, rules_of(row.assessment.layer)[row.rule]
    happened = (Event(EventKind(each.kind), each.on, each.document, each.text, each.due) for each in told)
    return ConsequenceRow(
        id=row.pk,
        assessment=of.pk,
        region=of.region_id,
        layer=of.layer,
        path=row.path,
        subject=Subject(of.subject_kind, of.subject_code),
        subject_name=of.subject_name,
        subject_path=row.subject_path,
        body=of.body_id,
        period=Period.parse(of.period),
        rule=rule,
        act=rule.acts[row.ordinal],
        inputs=tuple(row.inputs.splitlines()),
        missed=frozenset(row.missed.split()),
        on=row.on,
        is_fictional=of.region.is_fictional,
        standing=standing(rule.acts[row.ordinal].kind, happened, row.due),
    )
