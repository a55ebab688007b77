"""审批限制: what may not be approved where today: bans of documents, and suspensions that were carried out."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from shuangkong.assessment.consequence import restriction_of
from shuangkong.assessment.enforcement import EventKind
from shuangkong.core.restriction import Answer, Approval, Lifting, Project, Restriction, lifted, may_be_approved
from shuangkong.records.assessment.accountability.exemptions import with_exemptions
from shuangkong.records.assessment.accountability.rows import ConsequenceRow, EventRow
from shuangkong.records.assessment.accountability.store import suspensions
from shuangkong.rulebook import open_rulebook


def restrictions(place: str, day: date, until: date | None = None) -> tuple[Restriction, ...]:
    """All restrictions that have a say at a place on a day, with its exemptions, as known at the end of ``until``.

    6 queries.
    """
    return with_exemptions(without_exemptions(place, day, until), place, until)


def without_exemptions(place: str, day: date, until: date | None = None) -> tuple[Restriction, ...]:
    """The restrictions themselves: bans of documents in force there, and suspensions wherever. 3 queries."""
    book = open_rulebook()
    standing = book.assessment(book.layer_of(place, day)).standing
    return (*standing, *laid_down(until))


def is_laid_down(restriction: Restriction) -> bool:
    """Whether it follows from a result, and an authority carried it out; else a document lays it down for everybody."""
    return bool(restriction.ground.occasion)


def laid_down(until: date | None = None) -> tuple[Restriction, ...]:
    """Suspensions that were carried out, wherever, lifted ones with their end. 3 queries."""
    found = (restriction_from(row, happened) for row, happened in suspensions(until))
    return tuple(each for each in found if each is not None)


def may_be_approved_here(act: Approval, project: Project, place: str, day: date) -> Answer:
    """Whether an act may be done for a project at a place on a day, and under which clauses it may not. 6 queries.

    The one question that every room which lets projects through asks first. ``project.id`` is the project's name, by
    which exemptions are recorded.
    """
    return may_be_approved(restrictions(place, day), act, project, day)


def restriction_from(row: ConsequenceRow, happened: Iterable[EventRow]) -> Restriction | None:
    """What a suspension stops from which day on; None while it was not carried out.

    A day that follows its revocation is free, as after its lifting.
    """
    told = tuple(happened)
    started = next((each for each in told if each.kind is EventKind.CARRY_OUT), None)
    if started is None or row.act.suspension is None:
        return None
    made = restriction_of(row.rule, row.act.suspension, row.subject, started.on, row.missed)
    ended = next((each for each in told if each.kind in (EventKind.LIFT, EventKind.REVOKE)), None)
    return lifted(made, Lifting(ended.on, ended.document, ended.text)) if ended else made
