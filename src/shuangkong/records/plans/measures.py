"""Measures of adopted plans: with their bodies, sub-tasks and duties."""

from __future__ import annotations

from collections import defaultdict
from datetime import date

from django.db.models import Exists, OuterRef, Q

from shuangkong.core.span import Span
from shuangkong.records.past import known_by
from shuangkong.records.plans.authority import EVERY
from shuangkong.records.plans.earlier import version_at
from shuangkong.records.plans.models import Adoption, Measure, MeasureBody, PlanDuty, SubTask
from shuangkong.records.plans.rows import DutyRow, MeasureRow, PartRow
from shuangkong.records.registry import store as registry


def measures(plan_id: int, version: int | None = None, until: date | None = None) -> tuple[MeasureRow, ...]:
    """Measures of the version in force (or of an earlier one) with bodies and sub-tasks. 4 queries.

    ``until``: of the version in force at the end of that day, bodies named as was then decided.
    """
    wanted = version_at(until) if version is None else version
    found = list(Measure.objects.filter(plan=plan_id, version=wanted).order_by("ordinal"))
    return _with_children(found, until)


def measure(measure_id: int, until: date | None = None) -> MeasureRow | None:
    """One measure; None too where its version was adopted after ``until``. 4 queries."""
    rows = _with_children(list(Measure.objects.filter(_adopted_by(until), pk=measure_id)), until)
    return rows[0] if rows else None


def duties(plan_id: int, measure_id: int | None = None, until: date | None = None) -> tuple[DutyRow, ...]:
    """Duties of the version in force, of one measure where given. 1 query."""
    found = PlanDuty.objects.select_related("entry").filter(plan=plan_id, version=version_at(until)).order_by("pk")
    if measure_id is not None:
        found = found.filter(measure=measure_id)
    return tuple(map(_duty_row, found))


def parts(
    plan_id: int | None = None, body_id: int | None = None, until: date | None = None, seen: Q = EVERY
) -> tuple[PartRow, ...]:
    """Bodies' parts in the versions in force: of a plan, or of one body (its aliases included) across plans.

    ``seen`` is a condition on the plan's place (``plan__region__path``). 2 queries.
    """
    means = registry.meanings(until)
    found = MeasureBody.objects.select_related("measure").filter(seen, version=version_at(until))
    if plan_id is not None:
        found = found.filter(plan=plan_id)
    if body_id is not None:
        end = means.get(body_id, body_id)
        found = found.filter(body__in=[end, *(each for each, to in means.items() if to == end)])
    return tuple(_part_row(each, means) for each in found.order_by("plan", "measure__ordinal", "ordinal"))


def named_bodies(until: date) -> frozenset[int]:
    """Bodies that some version adopted by the end of that day names. 1 query."""
    return frozenset(MeasureBody.objects.filter(_adopted_by(until)).values_list("body", flat=True).distinct())


def _adopted_by(until: date | None) -> Q:
    """The condition that the version of a row had been adopted by the end of a day."""
    if until is None:
        return Q()
    return Q(
        Exists(
            Adoption.objects.filter(known_by(until, "adopted_at"), plan=OuterRef("plan"), version=OuterRef("version"))
        )
    )


def _with_children(found: list[Measure], until: date | None) -> tuple[MeasureRow, ...]:
    if not found:
        return ()
    means = registry.meanings(until)
    plan_id, version = found[0].plan_id, found[0].version
    bodies: dict[int, list[PartRow]] = defaultdict(list)
    asked = MeasureBody.objects.select_related("measure").filter(plan=plan_id, version=version, measure__isnull=False)
    tasks = SubTask.objects.filter(measure__plan=plan_id, measure__version=version).order_by("ordinal")
    if len(found) == 1:
        asked, tasks = asked.filter(measure=found[0]), tasks.filter(measure=found[0])
    for part in asked.order_by("ordinal"):
        if part.measure_id is not None:
            bodies[part.measure_id].append(_part_row(part, means))
    spans: dict[int, list[Span]] = defaultdict(list)
    for task in tasks:
        spans[task.measure_id].append(Span(task.span_start, task.span_end))
    return tuple(_measure_row(each, tuple(bodies[each.pk]), tuple(spans[each.pk])) for each in found)


def _measure_row(found: Measure, bodies: tuple[PartRow, ...], sub_tasks: tuple[Span, ...]) -> MeasureRow:
    return MeasureRow(
        id=found.pk,
        plan=found.plan_id,
        version=found.version,
        ordinal=found.ordinal,
        no=found.no,
        path=tuple(found.path),
        title=found.title,
        chapter_no=found.chapter_no,
        chapter_title=found.chapter_title,
        open_ended=found.open_ended,
        span=Span(found.span_start, found.span_end),
        title_span=Span(found.title_start, found.title_end),
        bodies=bodies,
        sub_tasks=sub_tasks,
    )


def _part_row(found: MeasureBody, means: dict[int, int]) -> PartRow:
    ends = (found.span_start, found.span_end)
    return PartRow(
        body=means.get(found.body_id, found.body_id),
        name=found.name,
        role=found.role,
        measure=found.measure_id,
        measure_no=found.measure.no if found.measure else "",
        measure_title=found.measure.title if found.measure else "",
        plan=found.plan_id,
        ordinal=found.ordinal,
        span=None if ends[0] is None or ends[1] is None else Span(ends[0], ends[1]),
    )


def _duty_row(found: PlanDuty) -> DutyRow:
    start, end = found.entry.span_start, found.entry.span_end
    return DutyRow(
        id=found.pk,
        plan=found.plan_id,
        measure=found.measure_id,
        what=found.what,
        extent=found.extent,
        deadline=found.deadline,
        recurrence=found.recurrence,
        strength=found.strength,
        span=None if start is None or end is None else Span(start, end),
    )
