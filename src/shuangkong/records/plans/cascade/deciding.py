"""对应认定: a person says which target or measure of a plan answers which of the plan above it, and which does not."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from shuangkong.plans.cascade.decided import Pairing
from shuangkong.records.people.acting import Acting
from shuangkong.records.people.roles import Action
from shuangkong.records.plans.authority import held, write
from shuangkong.records.plans.cascade.comparison import require_followed
from shuangkong.records.plans.cascade.models import PairDecision
from shuangkong.records.plans.cascade.pairs import TARGETS
from shuangkong.records.plans.models import ReadingEntry
from shuangkong.records.plans.rows import EntryKind
from shuangkong.records.refusal import Refused

#: What may answer each sort of entry.
_SORTS = {EntryKind.TARGET: TARGETS, EntryKind.ANNEX_TARGET: TARGETS, EntryKind.ITEM: frozenset({EntryKind.ITEM})}


def decide_pair(
    link_id: int, by: Acting, above: int, below: int, verdict: Pairing, ground: str, document: str = ""
) -> int:
    """Decides that an entry of a plan answers one of the plan that it follows, or does not; returns the decision's
    number. ~9 queries.

    A new decision on the same pair takes the place of the one before; both stay on record. Two targets that are laid
    together answer no other: an earlier decision that laid one of them to a third holds no more.

    Raises:
        Refused: no such link; no ground; the two are not a target or measure of either plan, or not of one sort.
        Forbidden: the person may not review the plan.
    """
    with transaction.atomic():
        link = require_followed(link_id)
        plan = held(link.plan, by, Action.PLAN_REVIEW)
        if not ground.strip():
            raise Refused("CAS-210", "请写明认定的理由。", "Give the reason of the decision.", "ground")
        _require_pair(link.other or 0, plan.pk, above, below)
        said = {"above": above, "below": below, "verdict": verdict.value}
        number = write(plan, by, "cascade.pair", "pairs", ground=ground, document=document, after=said)
        made = PairDecision.objects.create(
            plan=plan, above_id=above, below_id=below, verdict=verdict, ground=ground, document=document,
            decided_by=by.author, decided_at=timezone.now(), journal=number,
        )  # fmt: skip
    return made.pk


def _require_pair(parent: int, child: int, above: int, below: int) -> None:
    rows = {row.pk: row for row in ReadingEntry.objects.filter(pk__in=(above, below)).only("plan_id", "kind")}
    upper, lower = rows.get(above), rows.get(below)
    if upper is None or lower is None or (upper.plan_id, lower.plan_id) != (parent, child):
        zh = "要认定的两项须一项出自上级方案、一项出自本方案。请刷新页面后重新选择。"
        raise Refused("CAS-211", zh, "Choose one entry of the plan above and one of this plan.", "below")
    if lower.kind not in _SORTS.get(EntryKind(upper.kind), frozenset()):
        zh = "只有目标与目标、措施与措施可以对应。"
        raise Refused("CAS-212", zh, "Only two targets or two measures can answer each other.", "below")
