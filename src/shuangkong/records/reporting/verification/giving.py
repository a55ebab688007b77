"""委托给谁: which live cases lie with which bodies' people today, and what takes them away again.

A case is given to a body of the register by whoever has it in hand; the register says for which body of ``people`` its
persons act. What stands against the body now, by the same rules as when it was chosen, closes it to them: it is
suspended, its qualification has run out, it has a share in the unit, or a conflict came out that nobody explained.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache

from django.db.models import Q
from django.utils import timezone

from shuangkong.core.finding import Finding, Severity
from shuangkong.core.industry import full_code
from shuangkong.core.period import Period
from shuangkong.records.reporting.verification.known import Known, body_of
from shuangkong.records.reporting.verification.models import BodyEvent, CaseEvent, VerificationBody, VerificationCase
from shuangkong.reporting.verification.bodies import Assignment, Body, Recheck, check_assignment
from shuangkong.reporting.verification.standing import EventKind, State
from shuangkong.rulebook import open_rulebook


@dataclass(frozen=True, slots=True)
class Commissioned:
    """A live case that bodies were given, on a return of a reporter; ``bars``: what closes it to them, () nothing."""

    case: int
    owned: int
    reporter: int
    bars: tuple[Finding, ...] = ()


def commissions(bodies: frozenset[int]) -> tuple[Commissioned, ...]:
    """What lies with the people of some bodies today, the oldest first. 3 queries, 2 a body of the register and 2 more
    for a case that something stands against.

    Who links the register's body with other people does not hand them what was given: that takes a new ASSIGN.
    """
    today = timezone.localdate()
    rows = list(
        VerificationCase.objects.filter(
            _on(today, "given_from", "given_until"), whose_people(bodies, today, "given_to__")
        )
        .exclude(state=State.CLOSED).select_related("owned__reporter", "given_to").order_by("pk")
    )  # fmt: skip
    given = CaseEvent.objects.filter(case__in=[row.pk for row in rows], kind=EventKind.ASSIGN) if rows else ()
    newest = {each.case_id: each for each in sorted(given, key=lambda each: each.pk)}
    links = _links({row.given_to_id for row in rows})
    ask = cache(body_of)
    return tuple(
        Commissioned(row.pk, row.owned_id, row.owned.reporter_id, tuple(_bars(row, newest[row.pk], today, ask)))
        for row in rows
        if row.pk in newest and _is_still_theirs(row, newest[row.pk], links)
    )


def _links(bodies: Iterable[int | None]) -> Mapping[int, list[tuple[int, str]]]:
    """Body of the register → the row of the journal and the body of people of each link that was entered, in order. 1
    query, none for no body."""
    found: dict[int, list[tuple[int, str]]] = {}
    asked = list(filter(None, bodies))
    for row in BodyEvent.objects.filter(body__in=asked, kind=Known.ACTING).order_by("pk") if asked else ():
        found.setdefault(row.body_id, []).append((row.journal, f"{json.loads(row.told).get('number', '')}"))
    return found


def _is_still_theirs(case: VerificationCase, given: CaseEvent, links: Mapping[int, list[tuple[int, str]]]) -> bool:
    """Whether the people that act for the body now are those who did when it was given the case; those of the first
    link where there was none then."""
    entered = links.get(case.given_to_id or 0, [])
    before = [people for journal, people in entered if journal < given.journal]
    theirs = before[-1] if before else entered[0][1] if entered else ""
    return not theirs or (case.given_to is not None and theirs == f"{case.given_to.acts_for_id}")


#: Reads a body of the register: its number, and before which row of the journal; what ``body_of`` says.
type _Ask = Callable[..., tuple[Body, tuple[Recheck, ...]]]


def _bars(case: VerificationCase, given: CaseEvent, today: date, ask: _Ask) -> Iterable[Finding]:
    """What stands against the body now: what forbids, and what calls for an explanation and was not known when it was
    given, so that nobody explained it."""
    who, people = case.owned.reporter, tuple(filter(None, given.people.split("\n")))
    asked = to_be_done(who.code, who.industry, case.owned.period, today, people)
    checks = {check.code: check for check in open_rulebook().checks("reporting/verification")}
    number = case.given_to_id or 0
    found = check_assignment(ask(number)[0], asked, checks)
    explained = check_assignment(ask(number, given.journal)[0], asked, checks) if found else ()
    return [each for each in found if each.severity is Severity.MUST_FIX or each not in explained]


def to_be_done(unit: str, industry: str, period: str, day: date, people: tuple[str, ...]) -> Assignment:
    """The verification of a unit's return as the rules on bodies see it."""
    known = open_rulebook().industries()
    found = known.get(industry)
    code = full_code(found, known) if found is not None else industry
    return Assignment(unit, code, Period.parse(period).year, day, people)


def _open(bodies: frozenset[int]) -> tuple[Commissioned, ...]:
    return tuple(each for each in commissions(bodies) if not each.bars)


def cases_given(bodies: frozenset[int]) -> list[int]:
    """Numbers of the cases that are open to the people of some bodies."""
    return [each.case for each in _open(bodies)]


def returns_given(bodies: frozenset[int]) -> list[int]:
    """Numbers of the returns that they are on."""
    return [each.owned for each in _open(bodies)]


def reporters_given(bodies: frozenset[int]) -> list[int]:
    """Numbers of those whose returns they are."""
    return [each.reporter for each in _open(bodies)]


def is_case_given(case: int, bodies: frozenset[int]) -> bool:
    return case in cases_given(bodies)


def is_return_given(owned: int, bodies: frozenset[int]) -> bool:
    return owned in returns_given(bodies)


def is_reporter_given(reporter: int, bodies: frozenset[int]) -> bool:
    return reporter in reporters_given(bodies)


def is_registered_for(number: int, bodies: frozenset[int]) -> bool:
    """Whether the people of some bodies act for a body of the register today. 1 query."""
    return VerificationBody.objects.filter(whose_people_now(bodies), pk=number).exists()


def whose_people_now(bodies: frozenset[int]) -> Q:
    """The condition on bodies of the register that the people of some bodies act for them today."""
    return whose_people(bodies, timezone.localdate())


def whose_people(bodies: frozenset[int], day: date, through: str = "") -> Q:
    """The condition on bodies of the register that the people of some bodies act for them on a day."""
    return _on(day, f"{through}acts_from", f"{through}acts_until") & Q(**{f"{through}acts_for__in": sorted(bodies)})


def _on(day: date, begins: str, ends: str) -> Q:
    return Q(**{f"{begins}__lte": day}) & (Q(**{ends: None}) | Q(**{f"{ends}__gte": day}))
