"""Which tasks a page looks at: plan, body, kind and place from the address, within what the person may see."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q
from django.http import HttpRequest
from django.utils import timezone

from shuangkong.plans.tasks.standing import Clock, Thresholds
from shuangkong.records.paths import below
from shuangkong.records.plans import store as plans
from shuangkong.records.plans.tasks import store
from shuangkong.records.plans.tasks.rows import TaskKind
from shuangkong.records.registry import store as registry
from shuangkong.records.registry.tree import bodies_answered_for, path_of
from shuangkong.web.plans.tasks.words import CLOCKS, KINDS
from shuangkong.web.site.access import acting_of
from shuangkong.web.site.scope import scope_of, whole


@dataclass(frozen=True, slots=True)
class Picks:
    """What was picked, the condition it makes, and what can be picked."""

    plan: int | None
    body: int | None
    kind: str
    clock: str
    condition: Q
    plans: list[tuple[int, str]]
    bodies: list[tuple[int, str]]
    kinds: list[tuple[str, object]]
    clocks: list[tuple[str, object]]


def picks(request: HttpRequest, days: Thresholds) -> Picks:
    """At most 8 queries."""
    acting, place = acting_of(request), scope_of(request).place
    plan, body = whole(request.GET.get("plan", "")), whole(request.GET.get("body", ""))
    kind, clock = request.GET.get("kind", ""), request.GET.get("clock", "")
    today = timezone.localdate()
    condition = store.readable(acting)
    if place:
        condition &= below(path_of(place) or "/?/")
    if plan is not None:
        condition &= Q(plan=plan)
    if body is not None:
        condition &= store.of_bodies(bodies_answered_for(body, today))
    if kind in set(TaskKind):
        condition &= Q(kind=kind)
    else:
        condition &= ~Q(kind=TaskKind.SENTENCE)
    if clock in set(Clock):
        condition &= store.clock_is(Clock(clock), today, days)
    return Picks(
        plan, body, kind, clock, condition,
        [(each.id, each.title) for each in plans.plans(region=place or None) if each.version],
        [(each.id, each.name) for each in registry.bodies(place or acting.region or None) if each.id == each.same_as],
        [(each.value, label) for each, label in KINDS.items()],
        [(each.value, label) for each, label in CLOCKS.items()],
    )  # fmt: skip
