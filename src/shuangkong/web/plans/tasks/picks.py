"""Which tasks a page looks at: plan, body, kind and place from the address, within what the person may see."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q
from django.http import HttpRequest
from django.utils import timezone

from shuangkong.plans.tasks.standing import Clock, Thresholds
from shuangkong.records.paths import below
from shuangkong.records.plans.tasks import store
from shuangkong.records.plans.tasks.rows import TaskKind
from shuangkong.records.registry.collectives import answered_for_body
from shuangkong.records.registry.tree import path_of
from shuangkong.web.plans.tasks.words import CLOCKS, KINDS
from shuangkong.web.site.access import acting_of
from shuangkong.web.site.choosing import Choice, body_choice, plan_choice
from shuangkong.web.site.scope import scope_of, whole


@dataclass(frozen=True, slots=True)
class Picks:
    """What a form offers to pick, and what was."""

    plans: Choice
    bodies: Choice
    kind: str
    clock: str
    kinds: list[tuple[str, object]]
    clocks: list[tuple[str, object]]


def picks(request: HttpRequest) -> Picks:
    """For the pages that show the form. 4 queries, 1 fewer without a place."""
    return Picks(
        plan_choice(request),
        body_choice(request),
        request.GET.get("kind", ""),
        request.GET.get("clock", ""),
        [(each.value, label) for each, label in KINDS.items()],
        [(each.value, label) for each, label in CLOCKS.items()],
    )


def at_place(request: HttpRequest) -> Q:
    """The condition that a task is of the place that the address names. At most 1 query."""
    place = scope_of(request).place
    return below(path_of(place) or "/?/") if place else Q()


def picked(request: HttpRequest, days: Thresholds) -> Q:
    """The condition on tasks that the address makes, within what the person may see: a government has what any name
    that means it has. At most 9 queries.

    On a past day that of ``then.picked_then``: the clock of that day stands in no column.
    """
    acting, scope = acting_of(request), scope_of(request)
    plan, body = whole(request.GET.get("plan", "")), whole(request.GET.get("body", ""))
    kind, clock = request.GET.get("kind", ""), request.GET.get("clock", "")
    today = timezone.localdate()
    condition = store.readable(acting) & at_place(request)
    if plan is not None:
        condition &= Q(plan=plan)
    if body is not None:
        condition &= store.of_bodies(answered_for_body(body, scope.as_of or today), until=scope.as_of)
    condition &= Q(kind=kind) if kind in set(TaskKind) else ~Q(kind=TaskKind.SENTENCE)
    if clock in set(Clock) and scope.as_of is None:
        condition &= store.clock_is(Clock(clock), today, days)
    return condition
