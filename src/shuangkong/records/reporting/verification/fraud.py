"""查实的造假: cases of verification that ended in fraud, as the assessment of places and units counts them; and whom
each was handed over to, as whoever keeps the credit of units reads it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from django.db.models import Q, QuerySet

from shuangkong.core.fact import Subject
from shuangkong.records.paths import below
from shuangkong.records.reporting.store import returns
from shuangkong.records.reporting.verification.models import CaseEvent, VerificationCase
from shuangkong.reporting.verification.standing import EventKind


@dataclass(frozen=True, slots=True)
class Fraud:
    """``case`` on the return of a unit; ``on`` the day it was established, by ``document``."""

    case: int
    unit: str
    form: str
    period: str
    on: date
    document: str


def established(subject: Subject, path: str, year: int) -> tuple[Fraud, ...]:
    """Fraud in returns of a year: of a unit in its own, of a region in those at and below ``path``. 1 query.

    A case counts by the year of the figures that were false, whenever that was found out. Of others there is none.
    """
    match subject.kind:
        case "region":
            where = below(path, "case__path")
        case "unit":
            where = Q(case__owned__reporter__kind=subject.kind, case__owned__reporter__code=subject.code)
        case _:
            return ()
    months = Q(case__owned__first_month__gte=year * 12, case__owned__first_month__lt=(year + 1) * 12)
    rows = CaseEvent.objects.filter(where, months, kind=EventKind.CONVICT).order_by("case", "pk").values_list(
        "case", "case__owned__reporter__code", "case__owned__form", "case__owned__period", "on", "document"
    )  # fmt: skip
    return tuple(Fraud(*row) for row in rows)


@dataclass(frozen=True, slots=True)
class Handing:
    """One document about a fraud: of the hand-over ``told`` is why and ``to`` whom, of its outcome what was decided."""

    on: date
    document: str
    told: str
    to: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FraudRecord:
    """A fraud with all that a register of credit needs: whose it is, in what, on which word, and what came of it.

    Attributes:
        unit, name: code and name of the unit, as they are now. ``codes``: the checks that led to it.
        handed, outcomes: in their order; none yet: it waits to be handed over, or for its outcome.
        answered: days on which the unit answered or objected since it was established.
    """

    case: int
    owned: int
    unit: str
    name: str
    region: str
    form: str
    period: str
    on: date
    document: str
    ground: str
    is_demo: bool
    codes: tuple[str, ...] = ()
    handed: tuple[Handing, ...] = ()
    outcomes: tuple[Handing, ...] = ()
    answered: tuple[date, ...] = ()


def fraud_records(condition: Q, after: int = 0, most: int = 100) -> tuple[tuple[FraudRecord, ...], int | None]:
    """``most`` of the established frauds of cases that meet a condition, the newest case first, of those opened before
    case ``after`` (0: from the first); and the case to go on after, None at the end. 4 queries.

    Access is the caller's condition on VerificationCase.
    """
    earlier = Q(pk__lt=after) if after else Q()
    asked = _convicted(condition).filter(earlier).order_by("-pk").prefetch_related("events")
    cases = list(asked[: most + 1])
    found = cases[:most]
    rows = {row.id: row for row in returns(Q(pk__in={case.owned_id for case in found}))}
    told = []
    for case in found:
        row, events = rows[case.owned_id], sorted(case.events.all(), key=lambda each: each.pk)
        at = next(at for at, each in enumerate(events) if each.kind == EventKind.CONVICT)
        made = FraudRecord(
            case.pk, row.id, row.reporter.code, row.reporter.name, row.reporter.region_name, row.form, row.period,
            events[at].on, events[at].document, events[at].ground, row.is_demo,
            tuple(dict.fromkeys(code for each in events for code in filter(None, each.codes.split("\n")))),
        )  # fmt: skip
        told.append(_followed(made, events[at + 1 :]))
    return tuple(told), told[-1].case if len(cases) > most else None


def count_frauds(condition: Q) -> tuple[int, int]:
    """How many there are, and how many of them nobody was handed yet. 2 queries."""
    all_of_them = _convicted(condition)
    handed = CaseEvent.objects.filter(kind=EventKind.HAND_OVER).values("case")
    return all_of_them.count(), all_of_them.exclude(pk__in=handed).count()


def _convicted(condition: Q) -> QuerySet[VerificationCase]:
    convicted = CaseEvent.objects.filter(kind=EventKind.CONVICT).values("case")
    return VerificationCase.objects.filter(condition, pk__in=convicted)


def _followed(made: FraudRecord, events: Iterable[CaseEvent]) -> FraudRecord:
    """The record with what happened since the fraud was established."""
    for each in events:
        handing = Handing(each.on, each.document, each.ground, tuple(filter(None, each.people.split("\n"))))
        match EventKind(each.kind):
            case EventKind.HAND_OVER:
                made = replace(made, handed=(*made.handed, handing))
            case EventKind.OUTCOME:
                made = replace(made, outcomes=(*made.outcomes, handing))
            case EventKind.ANSWER:
                made = replace(made, answered=(*made.answered, each.on))
    return made
