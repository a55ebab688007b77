"""办理: a way of sharing out is recorded, adopted or withdrawn. Each act is an event and a row of the journal."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from django.db import transaction
from django.utils import timezone

from shuangkong.records.journal import store as journal
from shuangkong.records.people.access import may, require
from shuangkong.records.people.acting import Acting
from shuangkong.records.people.roles import Action
from shuangkong.records.refusal import Refused
from shuangkong.records.registry import store as registry
from shuangkong.records.targets.decomposition import store
from shuangkong.records.targets.decomposition.kept import outcome_text, steps_text, wanted_text
from shuangkong.records.targets.decomposition.making import Computed, computed
from shuangkong.records.targets.decomposition.models import (
    Decomposition,
    DecompositionEvent,
    DecompositionScenario,
    DecompositionShare,
    DecompositionYear,
)
from shuangkong.records.targets.decomposition.rows import DecompositionHead, Said, Wanted
from shuangkong.rulebook import open_rulebook
from shuangkong.targets.decomposition.standing import EventKind, settled_as

#: Which action of the table of access each act is.
NEEDS = {
    EventKind.RECORD: Action.DECOMPOSITION_PREPARE,
    EventKind.ADOPT: Action.DECOMPOSITION_ADOPT,
    EventKind.WITHDRAW: Action.DECOMPOSITION_ADOPT,
}


def record_scenario(decomposition_id: int, wanted: Wanted, by: Acting) -> int:
    """Computes a scenario and keeps it with its shares; returns its number. ~10 queries, however many receivers.

    Raises:
        Refused: there is no such decomposition; no name; what ``making.computed`` refuses.
        Forbidden: the person shares out no targets of that place.
    """
    with transaction.atomic():
        held, head = _held(decomposition_id)
        require(by, NEEDS[EventKind.RECORD], head.where)
        if not wanted.name.strip():
            raise Refused("TGT-221", "请给方案起个名字。", "Give the scenario a name.", "name")
        found = computed(head, wanted, timezone.localdate())
        now = timezone.now()
        made = DecompositionScenario.objects.create(
            decomposition=held, number=head.recorded + 1, name=wanted.name.strip(), rule=wanted.rule,
            given=wanted_text(wanted), outcome=outcome_text(found.outcome), rulebook=open_rulebook().version,
            recorded_by=by.author, recorded_at=now,
        )  # fmt: skip
        _keep_shares(made, found)
        told = {"scenario": made.number, "name": made.name, "rule": made.rule, "closes": found.outcome.is_closed}
        act = by.act("decomposition.record", f"decomposition/{held.pk}", after=told)
        DecompositionEvent.objects.create(
            decomposition=held, kind=EventKind.RECORD, scenario=made, on=timezone.localdate(), author=by.author,
            at=now, journal=journal.append(replace(act, place=held.path)),
        )  # fmt: skip
    return made.pk


def adopt(decomposition_id: int, scenario_id: int, said: Said, by: Acting) -> int:
    """Adopts one of the scenarios: its shares are the receivers' targets from now on. Returns the event's number.

    Raises:
        Refused: no such decomposition or scenario; somebody has no value; it does not close, or takes the place of
            one assigned before, and nothing is said about it; no document where it is assigned; a day to come, or
            before what happened last.
        Forbidden: the person adopts no decompositions of that place.
    """
    with transaction.atomic():
        held, head = _held(decomposition_id)
        require(by, NEEDS[EventKind.ADOPT], head.where)
        scenario = next((each for each in store.scenarios(head.id) if each.id == scenario_id), None)
        if scenario is None:
            raise Refused("TGT-222", "没有这个方案。请从列表里选。", "No such scenario: choose one.", "scenario")
        if scenario.id == head.standing.scenario and said.is_provisional:
            raise Refused("TGT-223", "这个方案已经采用。", "It is adopted already.", "scenario")
        day = said.on or timezone.localdate()
        settled = settled_as(head.standing, is_provisional=said.is_provisional)
        lacks = DecompositionShare.objects.filter(scenario=scenario.id, value=None).exists()
        explained = bool(said.text.strip())
        for holds, number, zh, en, field in (
            (not lacks, 224, "有单位没有分到数，不能采用。请补齐数据，重新试算。",
             "Somebody has no value: supply what is lacking, and compute anew.", "scenario"),
            (scenario.outcome.is_closed or explained, 225, "各单位合计与总目标不衔接，采用须写明理由。",
             "The parts do not come to the whole: say why it is adopted all the same.", "text"),
            (not head.standing.was_assigned or explained, 226, "已经下达过，调整须写明理由。",
             "It was assigned before: say why it is adjusted.", "text"),
            (said.is_provisional or said.document.strip(), 227, "下达或调整须写明文号；没有文号的先暂定。",
             "Give the document; without one, adopt it provisionally.", "document"),
            *_days(head, day),
        ):  # fmt: skip
            if not holds:
                raise Refused(f"TGT-{number}", zh, en, field)
        before = {"state": head.standing.state.value, "scenario": head.standing.scenario}
        after = {"settled": settled.value, "scenario": scenario.number, "on": day}
        return _event(held, EventKind.ADOPT, said, day, by, before, after, scenario=scenario.id, settled=settled.value)


def withdraw(decomposition_id: int, said: Said, by: Acting) -> int:
    """What was adopted does not hold any more. Returns the event's number.

    Raises:
        Refused: nothing is adopted; no reason; a day to come, or before what happened last.
        Forbidden: the person adopts no decompositions of that place.
    """
    with transaction.atomic():
        held, head = _held(decomposition_id)
        require(by, NEEDS[EventKind.WITHDRAW], head.where)
        day = said.on or timezone.localdate()
        for holds, number, zh, en, field in (
            (head.standing.scenario is not None, 228, "没有采用的方案，不用撤销。", "Nothing is adopted.", ""),
            (said.text.strip(), 229, "请写明撤销的理由。", "Give the reason.", "text"),
            *_days(head, day),
        ):
            if not holds:
                raise Refused(f"TGT-{number}", zh, en, field)
        before = {"state": head.standing.state.value, "scenario": head.standing.scenario}
        return _event(held, EventKind.WITHDRAW, said, day, by, before, {"on": day})


def acts_allowed(head: DecompositionHead, by: Acting) -> list[EventKind]:
    """What the person may do about it as it stands."""
    now = {
        EventKind.RECORD: True,
        EventKind.ADOPT: head.recorded > 0,
        EventKind.WITHDRAW: head.standing.scenario is not None,
    }
    return [kind for kind, action in NEEDS.items() if now[kind] and may(by, action, head.where)]


def _held(decomposition_id: int) -> tuple[Decomposition, DecompositionHead]:
    """The row, locked until the transaction ends, and how it stands."""
    held = Decomposition.objects.select_for_update(of=("self",)).filter(pk=decomposition_id).first()
    head = store.decomposition(decomposition_id) if held else None
    if held is None or head is None:
        zh = f"没有编号为 {decomposition_id} 的分解。"
        raise Refused("TGT-220", zh, f"There is no decomposition {decomposition_id}.")
    return held, head


def _days(head: DecompositionHead, day: date) -> Iterator[tuple[bool, int, str, str, str]]:
    first = head.standing.since or timezone.localdate(head.opened_at)
    yield day <= timezone.localdate(), 230, "日期不能晚于今天。", "The day cannot be in the future.", "on"
    yield day >= first, 231, "日期早于上一步。", "The day is before the step before.", "on"


def _keep_shares(made: DecompositionScenario, found: Computed) -> None:
    shares = found.scenario.made.shares
    codes = [each.receiver.subject.code for each in shares if each.receiver.subject.kind == "region"]
    paths = registry.paths(codes)
    kept = DecompositionShare.objects.bulk_create(
        DecompositionShare(
            scenario=made,
            ordinal=at,
            subject_kind=each.receiver.subject.kind,
            subject_code=each.receiver.subject.code,
            subject_name=each.receiver.name,
            path=paths.get(each.receiver.subject.code, "") if each.receiver.subject.kind == "region" else "",
            value=each.value,
            base=each.receiver.base,
            is_locked=each.receiver.lock is not None,
            steps=steps_text(each.steps),
        )
        for at, each in enumerate(shares)
    )
    DecompositionYear.objects.bulk_create(
        DecompositionYear(share=share, year=each.year, due=each.due, formula=each.step.formula)
        for share, path in zip(kept, found.paths, strict=True)
        for each in path.years
    )


def _event(
    held: Decomposition, kind: EventKind, said: Said, day: date, by: Acting, before: object, after: object,
    scenario: int | None = None, settled: str = "",
) -> int:  # fmt: skip
    act = by.act(
        f"decomposition.{kind.value}", f"decomposition/{held.pk}", ground=said.text.strip(),
        document=said.document.strip(), before=before, after=after,
    )  # fmt: skip
    made = DecompositionEvent.objects.create(
        decomposition=held, kind=kind, scenario_id=scenario, settled=settled, on=day, document=said.document.strip(),
        text=said.text.strip(), author=by.author, at=timezone.now(),
        journal=journal.append(replace(act, place=held.path)),
    )  # fmt: skip
    return made.pk
