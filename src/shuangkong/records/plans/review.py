"""Review: what a person says of an entry is recorded beside it, never over it."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from shuangkong.records.people.acting import Acting
from shuangkong.records.people.roles import Action
from shuangkong.records.plans.authority import held, write
from shuangkong.records.plans.entries import entries, entry
from shuangkong.records.plans.models import Plan, ReadingEntry, ReviewDecision
from shuangkong.records.plans.rows import EntryKind, EntryRow, Status, Verdict
from shuangkong.records.plans.soundness import SHAPES, emptied, require_head, sound, value_of
from shuangkong.records.refusal import Refused
from shuangkong.rulebook import open_rulebook


def decide(
    entry_id: int,
    verdict: Verdict,
    by: Acting,
    after: dict[str, Any] | None = None,
    reason: str = "",
    merged_into: int | None = None,
    is_unit_meant: bool = False,
) -> EntryRow:
    """Records one decision and returns the entry as it then stands.

    ``is_unit_meant``: a corrected unit stands although the policy files do not know it.

    Raises:
        Refused: CORRECTED without a sound ``after``; MERGED without another entry of the same plan and kind, or of a
            head field; CORRECTED, MERGED or REJECTED without a reason; a plan left without a title; no such entry.
        Forbidden: the person may not review that plan.
    """
    with transaction.atomic():
        before = entry(entry_id)
        if before is None:
            raise Refused("PLN-954", f"没有编号为 {entry_id} 的条目。", f"There is no entry {entry_id}.")
        plan = held(before.plan, by, Action.PLAN_REVIEW)
        if verdict in (Verdict.CORRECTED, Verdict.MERGED, Verdict.REJECTED) and not reason.strip():
            zh, en = "改正、合并、剔除须写明理由。", "Give the reason for a correction, a merger or a rejection."
            raise Refused("PLN-955", zh, en, "reason")
        if verdict is Verdict.MERGED:
            _require_kin(before, merged_into)
        now = _corrected(before, after, is_unit_meant) if verdict is Verdict.CORRECTED else before.payload
        if before.kind is EntryKind.HEAD_FIELD:
            value = emptied(now["value"]) if verdict is Verdict.REJECTED else now["value"]
            require_head(entries(before.plan, EntryKind.HEAD_FIELD), before.payload["field"], value)
        ReviewDecision.objects.create(
            entry_id=entry_id,
            verdict=verdict,
            before=before.payload,
            after=now,
            merged_into_id=merged_into if verdict is Verdict.MERGED else None,
            reason=reason,
            decided_by=by.author,
            decided_at=timezone.now(),
        )
        _open_review(plan)
        into = {"merged_into": merged_into} if verdict is Verdict.MERGED else {}
        was = {"verdict": before.decision.verdict if before.decision else None} | _differing(before.payload, now)
        said = {"verdict": verdict} | into | _differing(now, before.payload)
        write(plan, by, "plan.review", f"entry/{entry_id}", ground=reason, before=was, after=said)
    found = entry(entry_id)
    assert found is not None
    return found


def _differing(one: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in one.items() if other.get(key) != value}


def _corrected(before: EntryRow, after: dict[str, Any] | None, is_unit_meant: bool) -> dict[str, Any]:
    if after is None:
        raise Refused("PLN-956", "请给出改正后的内容。", "Give the corrected content.")
    tidy = sound(before.kind, before.payload, after, open_rulebook().units(), is_unit_meant)
    if before.kind in SHAPES:
        value_of(before.kind, tidy)
    return tidy


def _require_kin(before: EntryRow, merged_into: int | None) -> None:
    """A merger needs a standing entry of that plan and kind; a head has one field of each name."""
    other = entry(merged_into) if merged_into is not None else None
    is_kin = other is not None and (other.plan, other.kind) == (before.plan, before.kind) and other.id != before.id
    if other is None or not is_kin or other.is_dropped or before.kind is EntryKind.HEAD_FIELD:
        raise Refused(
            "PLN-957",
            "请选择同一方案中同类、未剔除的另一条目；文头各项不能合并。",
            "Merge into a standing entry of that kind; fields of the head are not merged.",
            "merged_into",
        )


def accept_certain(plan_id: int, by: Acting, reason: str = "") -> int:
    """Accepts every undecided entry without doubt, one recorded decision each; returns how many.

    ~8 queries. The journal has one row for all of them.

    Raises:
        Refused: there is no such plan.
        Forbidden: the person may not review it.
    """
    with transaction.atomic():
        plan = held(plan_id, by, Action.PLAN_REVIEW)
        count = accept_held(plan, by, reason)
        _open_review(plan)
    return count


def accept_held(plan: Plan, by: Acting, reason: str) -> int:
    """The same for a plan that is held already and on whose state somebody else decides."""
    certain = [each for each in entries(plan.pk) if each.decision is None and not each.is_doubtful]
    now = timezone.now()
    ReviewDecision.objects.bulk_create(
        [
            ReviewDecision(
                entry_id=each.id,
                verdict=Verdict.ACCEPTED,
                before=each.payload,
                after=each.payload,
                reason=reason,
                decided_by=by.author,
                decided_at=now,
            )
            for each in certain
        ]
    )
    if certain:
        kinds = Counter(each.kind.value for each in certain)
        write(plan, by, "plan.review", ground=reason, after={"verdict": Verdict.ACCEPTED, "entries": dict(kinds)})
    return len(certain)


def add_entry(
    plan_id: int,
    kind: EntryKind,
    payload: dict[str, Any],
    by: Acting,
    reason: str,
    parent: int | None = None,
    is_unit_meant: bool = False,
) -> EntryRow:
    """Adds what the reader missed (verdict ADDED).

    Raises:
        Refused: there is no such plan, no reason, or the payload does not make a sound value of that kind.
        Forbidden: the person may not review that plan.
    """
    if not reason.strip():
        raise Refused("PLN-955", "补入须写明理由。", "Give the reason for an addition.", "reason")
    payload = sound(kind, {}, payload, open_rulebook().units(), is_unit_meant)
    if kind in SHAPES:
        value_of(kind, payload)
    with transaction.atomic():
        plan = held(plan_id, by, Action.PLAN_REVIEW)
        last = ReadingEntry.objects.filter(plan=plan_id, kind=kind).aggregate(last=Max("ordinal"))["last"]
        span = payload.get("span") or (None, None)
        made = ReadingEntry.objects.create(
            plan_id=plan_id,
            parent_id=parent,
            kind=kind,
            ordinal=0 if last is None else last + 1,
            payload=payload,
            span_start=span[0],
            span_end=span[1],
            confidence=1.0,
        )
        ReviewDecision.objects.create(
            entry=made,
            verdict=Verdict.ADDED,
            before={},
            after=payload,
            reason=reason,
            decided_by=by.author,
            decided_at=timezone.now(),
        )
        _open_review(plan)
        write(plan, by, "plan.add", f"entry/{made.pk}", ground=reason, after={"kind": kind} | payload)
    found = entry(made.pk)
    assert found is not None
    return found


def _open_review(plan: Plan) -> None:
    """A plan being decided on is in review; what was adopted stays in force (its version) until it is adopted again."""
    if plan.status != Status.IN_REVIEW:
        plan.status = Status.IN_REVIEW
        plan.save(update_fields=["status"])
