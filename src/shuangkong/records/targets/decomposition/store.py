"""Rows ⇄ values of decompositions. Access is the caller's condition, or ``may_read`` for one."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import date

from django.db.models import Q

from shuangkong.core.fact import Subject
from shuangkong.plans.reading import Kind, Op
from shuangkong.records.past import known_by
from shuangkong.records.people.access import Where, may, visible
from shuangkong.records.people.acting import Acting
from shuangkong.records.people.roles import Action
from shuangkong.records.registry.names import NamesThen, names_then
from shuangkong.records.targets.decomposition.kept import outcome_of, steps_of, wanted_of
from shuangkong.records.targets.decomposition.models import (
    Decomposition,
    DecompositionEvent,
    DecompositionScenario,
    DecompositionShare,
)
from shuangkong.records.targets.decomposition.rows import (
    AssignedShare,
    DecompositionHead,
    EventRow,
    ScenarioRow,
    YearDue,
)
from shuangkong.targets.decomposition.standing import Event, EventKind, standing
from shuangkong.targets.target import Extent, Settled


def decomposition(decomposition_id: int, until: date | None = None) -> DecompositionHead | None:
    """One as known at the end of a day; None where there was none. 2 queries, 3 for a past day."""
    return next(iter(decompositions(Q(pk=decomposition_id), until)), None)


def decompositions(condition: Q, until: date | None = None) -> tuple[DecompositionHead, ...]:
    """Those that meet a condition, as known at the end of a day, the newest first. 2 queries, 3 for a past day."""
    found = list(
        Decomposition.objects.select_related("region", "plan")
        .filter(condition, known_by(until, "opened_at"))
        .order_by("-pk")
    )
    told: dict[int, list[Event]] = defaultdict(list)
    for each in _events(Q(decomposition__in=[row.pk for row in found]), until):
        settled = Settled(each.settled) if each.settled else None
        told[each.decomposition_id].append(Event(EventKind(each.kind), each.on, each.scenario_id, settled))
    names = names_then(until)
    return tuple(_head(row, told[row.pk], names) for row in found)


def events(decomposition_id: int, until: date | None = None) -> tuple[EventRow, ...]:
    """What happened to one, oldest first, as known at the end of a day. 1 query."""
    return tuple(
        EventRow(
            id=row.pk,
            kind=EventKind(row.kind),
            scenario=row.scenario_id,
            settled=Settled(row.settled) if row.settled else None,
            on=row.on,
            document=row.document,
            text=row.text,
            author=row.author,
            at=row.at,
            journal=row.journal,
        )
        for row in _events(Q(decomposition=decomposition_id), until)
    )


def scenarios(decomposition_id: int, until: date | None = None) -> tuple[ScenarioRow, ...]:
    """The ways that were recorded by the end of a day, oldest first. 1 query."""
    found = DecompositionScenario.objects.filter(known_by(until, "recorded_at"), decomposition=decomposition_id)
    return tuple(
        ScenarioRow(
            id=row.pk,
            decomposition=row.decomposition_id,
            number=row.number,
            name=row.name,
            rule=row.rule,
            wanted=wanted_of(row.given),
            outcome=outcome_of(row.outcome),
            rulebook=row.rulebook,
            recorded_by=row.recorded_by,
            recorded_at=row.recorded_at,
        )
        for row in found.order_by("number")
    )


def shares(condition: Q) -> tuple[AssignedShare, ...]:
    """Shares of scenarios that meet a condition, in the order of their tables, with their years. 2 queries."""
    found = (
        DecompositionShare.objects.select_related("scenario")
        .filter(condition)
        .prefetch_related("years")
        .order_by("scenario", "ordinal")
    )
    return tuple(map(_share, found))


def share(share_id: int) -> AssignedShare | None:
    """One share, of whatever scenario. 2 queries."""
    return next(iter(shares(Q(pk=share_id))), None)


def shares_in_force(heads: Iterable[DecompositionHead], condition: Q | None = None) -> tuple[AssignedShare, ...]:
    """Those of the adopted scenarios of some decompositions, as these stand. 2 queries."""
    adopted = [head.standing.scenario for head in heads if head.standing.scenario is not None]
    return shares(Q(scenario__in=adopted) & (condition or Q())) if adopted else ()


def readable(acting: Acting) -> Q:
    """The condition that a person may see a decomposition as a whole: of a place that she sees."""
    return visible(acting, Action.DECOMPOSITION_READ)


def may_read(acting: Acting, head: DecompositionHead) -> bool:
    """Whether a person may see one as a whole; as ``readable``."""
    return may(acting, Action.DECOMPOSITION_READ, head.where)


def received(acting: Acting, until: date | None = None) -> tuple[tuple[DecompositionHead, AssignedShare], ...]:
    """What was assigned to the places that a person sees, by decompositions of places above them. 5 queries."""
    whole = visible(acting, Action.DECOMPOSITION_READ, "scenario__decomposition__path")
    mine = visible(acting, Action.DECOMPOSITION_READ) & ~Q(path="")
    if not whole:  # whoever sees everything receives nothing
        return ()
    asked = DecompositionShare.objects.filter(mine).exclude(whole)
    found = asked.values_list("scenario__decomposition", flat=True)
    heads = {head.id: head for head in decompositions(Q(pk__in=set(found)), until)}
    kept = shares_in_force(heads.values(), mine)
    return tuple((heads[each.decomposition], each) for each in kept)


def may_read_share(acting: Acting, head: DecompositionHead, each: AssignedShare) -> bool:
    """Whoever sees the whole; and the receiver, once it is adopted: before that nothing has been assigned."""
    is_in_force = head.standing.scenario == each.scenario
    own = is_in_force and each.path != "" and may(acting, Action.DECOMPOSITION_READ, Where(each.path))
    return own or may_read(acting, head)


def _events(condition: Q, until: date | None) -> Iterable[DecompositionEvent]:
    return DecompositionEvent.objects.filter(condition, known_by(until, "at")).order_by("pk")


def _head(row: Decomposition, told: list[Event], names: NamesThen) -> DecompositionHead:
    is_invented = row.region.is_fictional  # what is done at an invented place is for show
    counted = Counter(each.kind for each in told)
    return DecompositionHead(
        id=row.pk,
        region=row.region_id,
        region_name=names.region(row.region_id, row.region.name),
        path=row.path,
        plan=row.plan_id,
        plan_title=row.plan.title if row.plan else "",
        target=row.target_id,
        share=row.share_id,
        indicator=row.indicator,
        indicator_name=row.indicator_name,
        kind=Kind(row.kind),
        extent=Extent(row.extent),
        op=Op(row.op),
        value=row.value,
        unit=row.unit,
        base=row.base,
        base_unit=row.base_unit,
        incentive=row.incentive,
        base_year=row.base_year,
        end_year=row.end_year,
        nature=row.nature,
        ground=row.ground,
        opened_by=row.opened_by,
        opened_at=row.opened_at,
        is_demo=is_invented or bool(row.plan and row.plan.is_demo),
        is_fictional=is_invented or bool(row.plan and row.plan.is_fictional),
        standing=standing(told),
        recorded=counted[EventKind.RECORD],
    )


def _share(row: DecompositionShare) -> AssignedShare:
    years = sorted(row.years.all(), key=lambda each: each.year)
    return AssignedShare(
        id=row.pk,
        decomposition=row.scenario.decomposition_id,
        scenario=row.scenario_id,
        subject=Subject(row.subject_kind, row.subject_code),
        name=row.subject_name,
        path=row.path,
        value=row.value,
        base=row.base,
        is_locked=row.is_locked,
        steps=steps_of(row.steps),
        years=tuple(YearDue(each.year, each.due, each.formula) for each in years),
    )
