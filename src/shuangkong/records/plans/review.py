"""Review: what a person says of an entry is recorded beside it, never over it."""

from __future__ import annotations

import re
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from shuangkong.plans import reading as shapes
from shuangkong.plans.reading_json import decode
from shuangkong.records.plans.entries import entries, entry
from shuangkong.records.plans.models import Plan, ReadingEntry, ReviewDecision
from shuangkong.records.plans.rows import EntryKind, EntryRow, Status, Verdict

#: The value that a payload of each kind must make; a corrected payload that does not is refused when it is written.
SHAPES: dict[EntryKind, type] = {
    EntryKind.CHAPTER: shapes.Chapter,
    EntryKind.ITEM: shapes.Item,
    EntryKind.BODY: shapes.Body,
    EntryKind.TARGET: shapes.Target,
    EntryKind.ANNEX_TARGET: shapes.Target,
    EntryKind.THRESHOLD: shapes.Threshold,
    EntryKind.DUTY: shapes.Duty,
    EntryKind.TABLE: shapes.AnnexTable,
}


#: What a person may write as a corrected figure, and as a deadline.
_FIGURE = re.compile(r"-?[0-9]{1,15}(?:\.[0-9]{1,10})?")
_DEADLINE = re.compile(r"[0-9]{4}(?:-(?:0[1-9]|1[0-2]))?(?:-[0-9]{2})?")


def value_of(kind: EntryKind, payload: dict[str, Any]) -> Any:
    """The reading's own value that a payload means; raises ValueError naming what is wrong.

    Bodies are entries of their own.
    """
    try:
        return decode(SHAPES[kind], payload | {"doubts": [], "bodies": []})
    except (KeyError, TypeError, ValueError, ArithmeticError) as fault:
        raise ValueError(
            f"PLN-953 条目内容不完整或格式不对：{fault}。The entry lacks a field or has one of the wrong form."
        ) from fault


def decide(
    entry_id: int,
    verdict: Verdict,
    by: str,
    after: dict[str, Any] | None = None,
    reason: str = "",
    merged_into: int | None = None,
) -> EntryRow:
    """Records one decision and returns the entry as it then stands.

    Raises:
        ValueError: CORRECTED without a sound ``after``; MERGED without another entry of the same plan and kind;
            CORRECTED,
            MERGED or REJECTED without a reason; no such entry.
    """
    with transaction.atomic():
        before = entry(entry_id)
        if before is None:
            raise ValueError(f"PLN-954 没有编号为 {entry_id} 的条目。There is no entry {entry_id}.")
        _require_sound(before, verdict, after, reason, merged_into)
        ReviewDecision.objects.create(
            entry_id=entry_id,
            verdict=verdict,
            before=before.payload,
            after=after if verdict is Verdict.CORRECTED else before.payload,
            merged_into_id=merged_into if verdict is Verdict.MERGED else None,
            reason=reason,
            decided_by=by,
            decided_at=timezone.now(),
        )
        _open_review(before.plan)
    found = entry(entry_id)
    assert found is not None
    return found


def _require_sound(
    before: EntryRow, verdict: Verdict, after: dict[str, Any] | None, reason: str, merged_into: int | None
) -> None:
    if verdict in (Verdict.CORRECTED, Verdict.MERGED, Verdict.REJECTED) and not reason.strip():
        raise ValueError(
            "PLN-955 更正、合并、剔除须写明理由。Give the reason for a correction, a merger or a rejection."
        )
    if verdict is Verdict.CORRECTED:
        if after is None:
            raise ValueError("PLN-956 请给出更正后的内容。Give the corrected content.")
        if before.kind in SHAPES:
            value_of(before.kind, after)
        _require_usable(after)
    if verdict is Verdict.MERGED:
        other = entry(merged_into) if merged_into is not None else None
        is_kin = other is not None and (other.plan, other.kind) == (before.plan, before.kind) and other.id != before.id
        if other is None or not is_kin or other.is_dropped:
            raise ValueError(
                "PLN-957 请选择同一方案中同类、未剔除的另一条目。Merge into a standing entry of that kind."
            )


def _require_usable(after: dict[str, Any]) -> None:
    """Raises ValueError where a corrected figure, deadline or day is of a form that nothing later could work with."""
    for key in ("value", "base_value"):
        given = after.get(key)
        if given not in (None, "") and not _FIGURE.fullmatch(str(given)):
            raise ValueError(f"PLN-960 “{key}”应为十进制数，实为“{given}”。Expected a plain decimal, found “{given}”.")
    deadline = after.get("deadline")
    if deadline and not _DEADLINE.fullmatch(str(deadline)):
        raise ValueError(
            f"PLN-961 期限应为 四位年份或“年-月”，实为“{deadline}”。Expected a year or year-month, found “{deadline}”."
        )


def accept_certain(plan_id: int, by: str, reason: str = "") -> int:
    """Accepts every undecided entry without doubt, one recorded decision each; returns how many. 4 queries."""
    with transaction.atomic():
        certain = [each for each in entries(plan_id) if each.decision is None and not each.is_doubtful]
        now = timezone.now()
        ReviewDecision.objects.bulk_create(
            [
                ReviewDecision(
                    entry_id=each.id,
                    verdict=Verdict.ACCEPTED,
                    before=each.payload,
                    after=each.payload,
                    reason=reason,
                    decided_by=by,
                    decided_at=now,
                )
                for each in certain
            ]
        )
        _open_review(plan_id)
    return len(certain)


def add_entry(
    plan_id: int, kind: EntryKind, payload: dict[str, Any], by: str, reason: str, parent: int | None = None
) -> EntryRow:
    """Adds what the reader missed (verdict ADDED).

    Raises ValueError where the payload does not make a value of that kind.
    """
    if kind in SHAPES:
        value_of(kind, payload)
    with transaction.atomic():
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
            decided_by=by,
            decided_at=timezone.now(),
        )
        _open_review(plan_id)
    found = entry(made.pk)
    assert found is not None
    return found


def _open_review(plan_id: int) -> None:
    """A plan being decided on is in review; what was adopted stays in force (its version) until it is adopted again."""
    Plan.objects.filter(pk=plan_id).exclude(status=Status.IN_REVIEW).update(status=Status.IN_REVIEW)
