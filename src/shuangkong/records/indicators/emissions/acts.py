"""办理: check, review, recognise, return, refuse, reverse. Each act is an event and a row of the journal."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from shuangkong.indicators.emissions.standing import EventKind, Hindrance, State, hindrance
from shuangkong.records.indicators.emissions.crediting import level_credited
from shuangkong.records.indicators.emissions.models import Reduction, ReductionEvent
from shuangkong.records.indicators.emissions.publishing import publish
from shuangkong.records.indicators.emissions.reporting import keep, month_of, reckoned
from shuangkong.records.indicators.emissions.rows import ReductionRow, Said
from shuangkong.records.indicators.emissions.rules import rules_of
from shuangkong.records.indicators.emissions.store import reduction, written_inputs
from shuangkong.records.journal import store as journal
from shuangkong.records.paths import SEPARATOR
from shuangkong.records.people.access import may, require
from shuangkong.records.people.acting import Acting
from shuangkong.records.people.roles import Action
from shuangkong.records.refusal import Refused
from shuangkong.records.registry.models import Enterprise, Region
from shuangkong.rulebook import open_rulebook

#: Which action of the table of access each act is; a return or refusal is that of the step that waits.
NEEDS: Mapping[EventKind, Action] = {
    EventKind.CHECK: Action.EMISSION_CHECK,
    EventKind.REVIEW: Action.EMISSION_REVIEW,
    EventKind.RECOGNISE: Action.EMISSION_RECOGNISE,
    EventKind.RETURN: Action.EMISSION_CHECK,
    EventKind.REFUSE: Action.EMISSION_CHECK,
    EventKind.CORRECT: Action.EMISSION_REPORT,
    EventKind.REVERSE: Action.EMISSION_RECOGNISE,
}
_BY_STATE: Mapping[State, Action] = {
    State.REPORTED: Action.EMISSION_CHECK,
    State.CHECKED: Action.EMISSION_REVIEW,
    State.REVIEWED: Action.EMISSION_RECOGNISE,
}
#: Acts that say nothing without a reason.
NEED_TEXT = frozenset({EventKind.RETURN, EventKind.REFUSE, EventKind.REVERSE})
#: Acts that may put another amount in the place of the one before, never a higher one.
SETS_AMOUNT = frozenset({EventKind.CHECK, EventKind.REVIEW, EventKind.RECOGNISE})
#: Acts that somebody waits for.
AWAITED = (EventKind.CHECK, EventKind.REVIEW, EventKind.RECOGNISE, EventKind.CORRECT)


def needed(row: ReductionRow, kind: EventKind) -> Action:
    """The action that an act is, as the reduction stands."""
    if kind in (EventKind.RETURN, EventKind.REFUSE):
        return _BY_STATE.get(row.standing.state, NEEDS[kind])
    return NEEDS[kind]


def act(reduction_id: int, by: Acting, kind: EventKind, said: Said | None = None) -> int:
    """Records one act and returns the event's number. ~25 queries.

    Raises:
        Refused: there is none of that number; it cannot happen now, or not by this person; a reason is missing; an
            amount higher than the step before; a recognition that would count something twice, or more than the base.
        Forbidden: the person may not do this to it.
    """
    said = said or Said()
    with transaction.atomic():
        held = Reduction.objects.filter(pk=reduction_id).first()
        if held is None or kind not in NEEDS:
            zh = f"没有编号为 {reduction_id} 的减排项目，或没有这种办法。"
            raise Refused("IND-341", zh, f"There is no reduction {reduction_id}, or no such act.")
        # What is recognised is held against what is recognised already, at a place and those above: one at a time.
        line = Region.objects.select_for_update().filter(pk__in=held.path.strip(SEPARATOR).split(SEPARATOR))
        place = {each.pk: each for each in line.order_by("pk")}[held.region_id]
        if held.enterprise_id is not None:
            Enterprise.objects.select_for_update().get(pk=held.enterprise_id)
        row = reduction(reduction_id)
        assert row is not None
        require(by, needed(row, kind), row.where)
        day = said.on or timezone.localdate()
        _require_possible(row, kind, by)
        _require_said(row, kind, day, said)
        amount, after = _amount(row, kind, said)
        event = _record(row, held, by, kind, day, said, amount, after)
        keep(event, said.files)
        publish(place, row.pollutant, by)
    return event.pk


def _record(
    row: ReductionRow,
    held: Reduction,
    by: Acting,
    kind: EventKind,
    day: date,
    said: Said,
    amount: Decimal | None,
    after: Decimal | None,
) -> ReductionEvent:
    is_told = kind is EventKind.CORRECT
    starts = month_of(said.starts) if is_told and said.starts else row.starts
    inputs = said.inputs if said.inputs is not None else row.inputs
    written = by.act(
        f"emission.{kind.value}", f"reduction/{row.id}", ground=said.text.strip(), document=said.document.strip(),
        before={"state": row.standing.state.value, "amount_t": row.standing.amount_t},
        after={"on": day, "amount_t": amount} | ({"starts": starts} if is_told else {}),
    )  # fmt: skip
    return ReductionEvent.objects.create(
        reduction=held, kind=kind, on=day, amount_t=amount, after_t=after,
        inputs=written_inputs(inputs) if is_told else "", starts=starts if is_told else None,
        rulebook=open_rulebook().version if is_told else "",
        text=said.text.strip(), document=said.document.strip(), author=by.author, at=timezone.now(),
        journal=journal.append(replace(written, place=row.path)),
    )  # fmt: skip


def _amount(row: ReductionRow, kind: EventKind, said: Said) -> tuple[Decimal | None, Decimal | None]:
    """The amount that the act has and the level that it leaves the source at; of a correction reckoned anew."""
    if kind is EventKind.CORRECT:
        inputs = said.inputs if said.inputs is not None else row.inputs
        rules = rules_of(row.region, month_of(said.starts) if said.starts else row.starts)
        return reckoned(rules.accounting.formulas[row.formula], inputs, rules)
    if kind not in SETS_AMOUNT:
        return None, None
    amount = said.amount_t if said.amount_t is not None else row.standing.amount_t
    if kind is not EventKind.RECOGNISE:
        return amount, None
    assert amount is not None
    return amount, level_credited(row, amount, is_answered=bool(said.text.strip()))


def _require_possible(row: ReductionRow, kind: EventKind, by: Acting) -> None:
    why = hindrance(row.standing, kind, by.author)
    if why is Hindrance.SAME_PERSON:
        zh = "自报、核查、审核、核定须由不同的人办理，您已办过其中一步。请由他人办理。"
        raise Refused("IND-342", zh, "Each step is taken by another person, and you took one of them.")
    if why is not None:
        state = row.standing.state.value
        zh = f"目前的状态（{state}）不能办理此事（{kind.value}）。请刷新页面查看最新情况。"
        raise Refused("IND-343", zh, f"It is {state}: {kind.value} cannot happen now. Reload the page.")


def _require_said(row: ReductionRow, kind: EventKind, day: date, said: Said) -> None:
    before, last = row.standing.amount_t, row.standing.last_on
    is_lower = said.amount_t is None or (said.amount_t > 0 and before is not None and said.amount_t <= before)
    shown = f"{before.normalize():f}" if before is not None else "—"
    for holds, number, zh, en, field in (
        (kind not in NEED_TEXT or said.text.strip(), 344, "请写明理由。", "Give the reason.", "text"),
        (day <= timezone.localdate(), 345, "日期不能晚于今天。", "The day cannot be in the future.", "on"),
        (last is None or day >= last, 346, "日期早于上一步。", "The day is before the step before.", "on"),
        (kind not in SETS_AMOUNT or is_lower, 347, f"认定的量应大于零，且不超过上一步的 {shown} 吨；相同的不填。",
         f"The amount is above zero and not above the {shown} t of the step before.", "amount_t"),
    ):  # fmt: skip
        if not holds:
            raise Refused(f"IND-{number}", zh, en, field)


def acts_allowed(row: ReductionRow, by: Acting) -> list[EventKind]:
    """What the person may do about it as it stands, in the order of NEEDS."""
    return [
        kind
        for kind in NEEDS
        if hindrance(row.standing, kind, by.author) is None and may(by, needed(row, kind), row.where)
    ]


def awaited_act(allowed: Iterable[EventKind]) -> EventKind | None:
    """Which of the acts that a person may do is waited for; None where none is."""
    every = set(allowed)
    return next((kind for kind in AWAITED if kind in every), None)
