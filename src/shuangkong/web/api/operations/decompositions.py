"""目标分解: shared out, compared, adopted, received."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Q
from django.http import Http404, HttpRequest
from django.utils import timezone

from shuangkong.core.fact import Subject
from shuangkong.records.people.access import may, require
from shuangkong.records.people.roles import Action
from shuangkong.records.plans import store as plans
from shuangkong.records.refusal import Refused
from shuangkong.records.targets import store as targets
from shuangkong.records.targets.decomposition import acts, opening, store
from shuangkong.records.targets.decomposition.given import annexes_of
from shuangkong.records.targets.decomposition.given_sectors import GivenSector, sectors_of
from shuangkong.records.targets.decomposition.left_out import awaited
from shuangkong.records.targets.decomposition.making import computed
from shuangkong.records.targets.decomposition.rows import (
    Asked,
    AssignedShare,
    DecompositionHead,
    Outcome,
    Said,
    Wanted,
)
from shuangkong.rulebook import open_rulebook
from shuangkong.targets.decomposition.task import CostSteps, Group, Receiver
from shuangkong.web.api.identity import caller
from shuangkong.web.api.operations.decomposition_shapes import (
    Decomposition,
    DecompositionActTold,
    DecompositionEvents,
    DecompositionOutcome,
    Decompositions,
    DecompositionScenario,
    DecompositionScenarios,
    DecompositionShare,
    DecompositionTold,
    GroupTold,
    PlanAnnex,
    PlanAnnexes,
    ReceivedTargets,
    ReceiverTold,
    ScenarioTold,
)
from shuangkong.web.api.room import Done, Made, Room
from shuangkong.web.api.values import Day, Number, figure
from shuangkong.web.targets.shared import home_code

room = Room(tags=["decompositions"])
#: So many receivers are a nation's counties and no more.
_MOST = 4_000
_FIGURES = ("base", "activity", "growth", "denominator", "benchmark", "given", "lock", "floor", "ceiling")


@room.reads("/decompositions", Action.DECOMPOSITION_READ, Decompositions)
def list_decompositions(request: HttpRequest, as_of: Day | None = None) -> Any:
    """目标分解；as_of 为过去某日。"""
    return {"items": [_head(each) for each in store.decompositions(store.readable(caller(request)), as_of)]}


@room.reads("/decompositions/{decomposition_id}", Action.DECOMPOSITION_READ, Decomposition)
def get_decomposition(request: HttpRequest, decomposition_id: Number, as_of: Day | None = None) -> Any:
    """一项分解。"""
    return _head(_found(request, decomposition_id, as_of))


@room.reads("/decompositions/{decomposition_id}/scenarios", Action.DECOMPOSITION_READ, DecompositionScenarios)
def list_decomposition_scenarios(request: HttpRequest, decomposition_id: Number, as_of: Day | None = None) -> Any:
    """一项分解的各方案：各单位的数、算式、年度目标，衔接和公平性。"""
    rows = store.scenarios(_found(request, decomposition_id, as_of).id, as_of)
    shares = store.shares(Q(scenario__in=[row.id for row in rows])) if rows else ()
    return {
        "items": [
            {
                "id": row.id, "number": row.number, "name": row.name, "rule": row.rule,
                "outcome": _outcome(row.outcome),
                "shares": [_share(each) for each in shares if each.scenario == row.id],
            }
            for row in rows
        ]
    }  # fmt: skip


@room.reads("/decompositions/{decomposition_id}/events", Action.DECOMPOSITION_READ, DecompositionEvents)
def list_decomposition_events(request: HttpRequest, decomposition_id: Number, as_of: Day | None = None) -> Any:
    """一项分解的经过。"""
    return {"items": store.events(_found(request, decomposition_id, as_of).id, as_of)}


@room.reads("/decomposition-shares/{share_id}", Action.DECOMPOSITION_READ, DecompositionShare)
def get_decomposition_share(request: HttpRequest, share_id: Number) -> Any:
    """一个单位分到的数、算式和年度目标。"""
    each = store.share(share_id)
    head = store.decomposition(each.decomposition) if each else None
    if each is None or head is None or not store.may_read_share(caller(request), head, each):
        raise Http404
    return _share(each)


@room.reads("/received-targets", Action.DECOMPOSITION_READ, ReceivedTargets)
def received_targets(request: HttpRequest, as_of: Day | None = None) -> Any:
    """上级分解下达的目标。"""
    return {
        "items": [
            {
                "decomposition": head.id, "share": each.id, "giver": head.region_name, "receiver": each.name,
                "indicator": head.indicator, "value": each.value, "unit": head.unit, "end_year": head.end_year,
            }
            for head, each in store.received(caller(request), as_of)
        ]
    }  # fmt: skip


@room.reads("/plans/{plan_id}/annexes", Action.PLAN_READ, PlanAnnexes)
def plan_annexes(request: HttpRequest, plan_id: Number) -> Any:
    """附表的分解意味着什么。"""
    plan = plans.plan(plan_id)
    if plan is None or not may(caller(request), Action.PLAN_READ, plan.where):
        raise Http404
    rows, book = targets.targets(plan.id), open_rulebook()
    found = annexes_of(rows, home_code(plan), book)
    labels = [line.name for each in found for line in each.annex.lines]
    names = [name for name in PlanAnnex.model_fields if name not in ("indicator", "unit", "receivers", "findings")]
    return {
        "items": [
            {name: getattr(each.implied, name) for name in names}
            | {
                "indicator": each.annex.indicator, "unit": each.annex.unit, "receivers": len(each.annex.lines),
                "findings": _findings(each.implied.findings),
            }
            for each in found
        ],
        "sectors": [_sector(each) for each in sectors_of(rows, home_code(plan), plans.measures(plan.id), book)],
        "left_out": awaited(plan.region, plan.id).left_out(labels) if plan.region else (),
    }  # fmt: skip


@room.does("/decompositions", Action.DECOMPOSITION_PREPARE, Made)
def open_decomposition(request: HttpRequest, told: DecompositionTold) -> Any:
    """开始分解：方案的目标、上级下达的目标或另行给定的目标。"""
    by = caller(request)
    if told.share is not None:
        return {"id": opening.open_of_share(told.share, by, told.ground)}
    if told.target is not None:
        return {"id": opening.open_of_target(told.target, by, told.ground)}
    value = figure(told.value)
    if told.kind is None or value is None or told.region is None:
        raise Refused("TGT-217", "请给出方案的目标，或给出地区、类型和目标值。", "Give a target, or place and value.")
    asked = Asked(
        region=told.region, indicator=told.indicator, kind=told.kind, value=value, unit=told.unit,
        base_year=told.base_year, end_year=told.end_year, ground=told.ground, base=figure(told.base),
        base_unit=told.base_unit, incentive=figure(told.incentive),
    )  # fmt: skip
    return {"id": opening.open_by_hand(asked, by)}


@room.does("/decompositions/{decomposition_id}/trials", Action.DECOMPOSITION_PREPARE, DecompositionScenario)
def try_scenario(request: HttpRequest, decomposition_id: Number, told: ScenarioTold) -> Any:
    """试算：不记录。"""
    head = _found(request, decomposition_id)
    require(caller(request), Action.DECOMPOSITION_PREPARE, head.where)
    found = computed(head, _wanted(told), timezone.localdate())
    shares = [
        {
            "id": None, "kind": each.receiver.subject.kind, "code": each.receiver.subject.code,
            "name": each.receiver.name, "base": each.receiver.base, "value": each.value,
            "is_locked": each.receiver.lock is not None,
            "years": [{"year": due.year, "due": due.due} for due in path.years], "steps": steps_told(each.steps),
        }
        for each, path in zip(found.scenario.made.shares, found.paths, strict=True)
    ]  # fmt: skip
    return {
        "id": None, "number": None, "name": told.name, "rule": told.rule, "outcome": _outcome(found.outcome),
        "shares": shares,
    }  # fmt: skip


@room.does("/decompositions/{decomposition_id}/scenarios", Action.DECOMPOSITION_PREPARE, Made)
def record_scenario(request: HttpRequest, decomposition_id: Number, told: ScenarioTold) -> Any:
    """记录方案。"""
    return {"id": acts.record_scenario(_found(request, decomposition_id).id, _wanted(told), caller(request))}


@room.does("/decompositions/{decomposition_id}/acts", Action.DECOMPOSITION_READ, Done)
def act_on_decomposition(request: HttpRequest, decomposition_id: Number, told: DecompositionActTold) -> Any:
    """采用方案（下达、暂定、调整），撤销分解。"""
    head, said = _found(request, decomposition_id), Said(told.text, told.document, told.on, told.is_provisional)
    if told.kind == "adopt":
        acts.adopt(head.id, told.scenario or 0, said, caller(request))
    else:
        acts.withdraw(head.id, said, caller(request))
    return Done()


def _found(request: HttpRequest, decomposition_id: int, as_of: date | None = None) -> DecompositionHead:
    """Raises Http404, also where the caller may not see it."""
    head = store.decomposition(decomposition_id, as_of)
    if head is None or not store.may_read(caller(request), head):
        raise Http404
    return head


def _sector(each: GivenSector) -> dict[str, Any]:
    line, told = each.line, each.implied
    return {
        "sector": line.sector, "name": line.name, "unit": line.unit, "target": each.target, "base": line.base,
        "level": told.level, "rate": told.rate, "difference": told.difference, "measure": each.measure,
        "leads": each.leads, "findings": _findings(told.findings),
    }  # fmt: skip


def _wanted(told: ScenarioTold) -> Wanted:
    if len(told.receivers) > _MOST:
        raise Refused("TGT-209", f"承担单位不超过 {_MOST} 个。", f"At most {_MOST} receivers.", "receivers")
    subjects = [Subject(each.kind, each.code) for each in told.receivers]
    pairs = list(zip(subjects, told.receivers, strict=True))
    return Wanted(
        name=told.name, rule=told.rule, receivers=tuple(_receiver(*pair) for pair in pairs),
        weights=_figures(told.weights), spread=figure(told.spread), reserve=Decimal(told.reserve),
        places=told.places, course=told.course, start_year=told.start_year,
        reached={each: Decimal(one.reached) for each, one in pairs if one.reached is not None},
        given_years={
            each: {year: Decimal(due) for year, due in one.years.items()} for each, one in pairs if one.years
        },
        groups=tuple(_group(each, subjects) for each in told.groups), excluded=tuple(told.excluded),
    )  # fmt: skip


def _group(told: GroupTold, subjects: list[Subject]) -> Group:
    """A code that is no receiver's is kept as one of a stranger: what computes the scenario refuses it."""
    known = {each.code: each for each in subjects}
    members = frozenset(known.get(code, Subject("unit", code)) for code in told.members)
    return Group(told.name, members, figure(told.floor), figure(told.ceiling))


def _receiver(subject: Subject, told: ReceiverTold) -> Receiver:
    figures: dict[str, Any] = {name: figure(getattr(told, name)) for name in _FIGURES}
    try:
        costs = tuple((Decimal(amount), Decimal(price)) for amount, price in told.costs)
        return Receiver(
            subject=subject, name=told.name, history=tuple(map(Decimal, told.history)),
            criteria=_figures(told.criteria), cost=CostSteps(costs) if costs else None,
            is_apart=told.is_apart, **figures,
        )  # fmt: skip
    except ValueError:
        zh = f"{told.name}：下限不能高于上限，成本的量应大于零、单价递增，单列的须锁定一个数。"
        en = f"{told.name}: floor ≤ ceiling; amounts above zero at rising prices; a line apart has a lock."
        raise Refused("TGT-205", zh, en, "receivers") from None


def _figures(told: dict[str, str]) -> dict[str, Decimal]:
    return {key: Decimal(value) for key, value in told.items()}


def _head(head: DecompositionHead) -> dict[str, Any]:
    columns = {name: getattr(head, name) for name in Decomposition.model_fields if hasattr(head, name)}
    now = head.standing
    return columns | {"state": now.state, "scenario": now.scenario, "since": now.since}


def _share(each: AssignedShare) -> dict[str, Any]:
    return {
        "id": each.id, "kind": each.subject.kind, "code": each.subject.code, "name": each.name, "base": each.base,
        "value": each.value, "is_locked": each.is_locked,
        "years": [{"year": due.year, "due": due.due} for due in each.years], "steps": steps_told(each.steps),
    }  # fmt: skip


def steps_told(steps: Any) -> list[dict[str, Any]]:
    """Steps of an explanation as calls give them."""
    return [
        {
            "zh": step.name.zh, "en": step.name.en, "formula": step.formula, "inputs": list(step.inputs),
            "value": step.value, "unit": step.unit,
        }
        for step in steps
    ]  # fmt: skip


def _outcome(outcome: Outcome) -> dict[str, Any]:
    plain = {name: getattr(outcome, name) for name in DecompositionOutcome.model_fields if name != "findings"}
    return plain | {"findings": _findings(outcome.findings)}


def _findings(found: Any) -> list[dict[str, str]]:
    return [
        {
            "code": each.code, "severity": each.severity.value, "place": each.place, "zh": each.message.zh,
            "en": each.message.en,
        }
        for each in found
    ]  # fmt: skip
