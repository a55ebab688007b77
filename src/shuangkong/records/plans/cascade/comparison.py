"""上下级对照: a plan beside the plan it follows, target by target and measure by measure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from django.db.models import Q

from shuangkong.plans.audit.subjects import same_subject
from shuangkong.plans.cascade.alignment import Match, MeasureLine, align
from shuangkong.plans.cascade.headings import Heading
from shuangkong.plans.cascade.pairing import Line, compare_targets
from shuangkong.plans.cascade.themes import HeadingWords
from shuangkong.records.past import known_by
from shuangkong.records.plans import measures as measure_rows
from shuangkong.records.plans.cascade.links import link
from shuangkong.records.plans.cascade.pairs import decided, pair_decisions, standing_pairs
from shuangkong.records.plans.cascade.promises import own_promises, promises_for, unit_table
from shuangkong.records.plans.cascade.registered import registered
from shuangkong.records.plans.cascade.rows import (
    ComparedMeasure,
    ComparedTarget,
    ComparisonRow,
    EntryKind,
    EventKind,
    LinkRow,
    PairRow,
    RegisterRow,
    Relation,
)
from shuangkong.records.plans.library import plan
from shuangkong.records.plans.models import Adoption, Measure
from shuangkong.records.plans.rows import MeasureRow, PlanRow
from shuangkong.records.plans.tasks.models import Task
from shuangkong.records.plans.tasks.rows import TaskKind
from shuangkong.records.refusal import Refused
from shuangkong.records.targets import store as targets
from shuangkong.records.targets.rows import TargetRow
from shuangkong.rulebook import open_rulebook

type Pairs = Mapping[tuple[int, int], PairRow]


def comparison(link_id: int, until: date | None = None) -> ComparisonRow:
    """A plan beside the plan it follows, in the versions that were in force at the end of a day. 19 queries.

    What persons have decided of pairs by then outranks every likeness.

    Raises:
        Refused: there is no such link, its other document is not in the database as a plan, or one of the two was not
            adopted by then.
    """
    found = require_followed(link_id)
    child, parent = _plan(found.plan), _plan(found.other)
    versions = (version_at(child.id, until), version_at(parent.id, until))
    for row, version in zip((child, parent), versions, strict=True):
        if not version:
            zh = f"《{row.title}》当时尚未采用，无法对照。请先审阅并采用。"
            raise Refused("CAS-204", zh, "One of the two plans was not adopted: review and adopt it first.")
    tasks = _gap_tasks(child.id)
    awaited = registered(Q(plan=child.id, kind=EntryKind.AWAITED), until)
    decisions = pair_decisions(child.id, parent.id, until)
    pairs = standing_pairs(decisions)
    return ComparisonRow(
        found,
        child,
        parent,
        versions,
        _targets(child, parent, versions, tasks, awaited, pairs),
        _measures(child, parent, versions, tasks, pairs),
        decisions,
    )


def require_followed(link_id: int) -> LinkRow:
    """The link of a plan to the plan it follows. 1 query."""
    found = link(link_id)
    if found is None or found.relation is not Relation.FOLLOWS:
        raise Refused("CAS-201", f"没有编号为 {link_id} 的上级方案关联。", f"There is no link {link_id} to a parent.")
    if found.other is None:
        zh = f"上级方案《{found.title}》尚未读入，无法对照。请先读入该方案，再在关联中选择它。"
        raise Refused("CAS-202", zh, "The parent has not been read in. Upload it, then choose it in the link.")
    return found


def _plan(plan_id: int | None) -> PlanRow:
    found = plan(plan_id) if plan_id is not None else None
    if found is None:
        raise Refused("CAS-101", f"没有编号为 {plan_id} 的方案。", f"There is no plan {plan_id}.")
    return found


def version_at(plan_id: int, until: date | None) -> int:
    """The version in force at the end of a day, now where none is given; 0 before the first adoption. 1 query."""
    adopted = Adoption.objects.filter(known_by(until, "adopted_at"), plan=plan_id)
    return adopted.order_by("-version").values_list("version", flat=True).first() or 0


def _gap_tasks(plan_id: int) -> dict[int, int]:
    """Entry of the parent → task. 1 query."""
    found = Task.objects.filter(plan=plan_id, kind=TaskKind.GAP, entry__isnull=False)
    return {entry: pk for entry, pk in found.values_list("entry_id", "pk") if entry is not None}


def _targets(
    child: PlanRow,
    parent: PlanRow,
    versions: tuple[int, int],
    tasks: Mapping[int, int],
    awaited: Sequence[RegisterRow],
    pairs: Pairs,
) -> tuple[ComparedTarget, ...]:
    ours, theirs = targets.targets(child.id, versions[0]), targets.targets(parent.id, versions[1])
    rows = {row.id: row for row in (*ours, *theirs)}
    said = decided(pairs, {row.entry: row.id for row in theirs}, {row.entry: row.id for row in ours})
    lines = compare_targets(promises_for(parent, child, theirs), own_promises(child, ours), unit_table(), said)
    return tuple(_target(line, rows, tasks, awaited) for line in lines)


def _target(
    line: Line, rows: Mapping[int, TargetRow], tasks: Mapping[int, int], awaited: Sequence[RegisterRow]
) -> ComparedTarget:
    parent = rows[line.parent.key] if line.parent else None
    child = rows[line.child.key] if line.child else None
    key = parent.entry if parent else None
    waiting = _waiting(parent, awaited) if parent and line.child is None else None
    return ComparedTarget(
        verdict=line.comparison.verdict,
        reasons=line.comparison.reasons,
        parent=parent,
        child=child,
        difference=line.comparison.difference,
        is_assigned=line.parent.is_assigned if line.parent else False,
        is_gap=line.is_gap and waiting is None,
        is_by_name=line.is_by_name,
        key=key,
        task=tasks.get(key) if key is not None else None,
        awaited=waiting,
        below=child.entry if child else None,
        is_doubtful=line.is_doubtful,
        is_decided=line.is_decided,
    )


def _waiting(parent: TargetRow, awaited: Sequence[RegisterRow]) -> int | None:
    """The entry of the register by which the child takes this target's value from above."""
    held = (each for each in awaited if each.state in (EventKind.REGISTER, EventKind.ARRIVED))
    return next((each.id for each in held if same_subject(each.title, parent.indicator_name)), None)


def heading_words() -> HeadingWords:
    """What the policy files know of headings."""
    return HeadingWords(open_rulebook().word_lists("plans/lexicon_measures"))


def _measures(
    child: PlanRow, parent: PlanRow, versions: tuple[int, int], tasks: Mapping[int, int], pairs: Pairs
) -> tuple[ComparedMeasure, ...]:
    ours, theirs = measure_rows.measures(child.id, versions[0]), measure_rows.measures(parent.id, versions[1])
    rows = {row.id: row for row in (*ours, *theirs)}
    entries = dict(Measure.objects.filter(pk__in=rows).values_list("pk", "entry_id"))
    said = decided(pairs, {entries[row.id]: row.id for row in theirs}, {entries[row.id]: row.id for row in ours})
    above, below = (tuple(Heading(row.id, row.title, row.chapter_title) for row in each) for each in (theirs, ours))
    return tuple(_measure(line, rows, entries, tasks) for line in align(above, below, heading_words(), said))


def _measure(
    line: MeasureLine, rows: Mapping[int, MeasureRow], entries: Mapping[int, int], tasks: Mapping[int, int]
) -> ComparedMeasure:
    key = entries[line.parent.key] if line.parent else None
    return ComparedMeasure(
        match=line.match,
        score=line.score,
        parent=rows[line.parent.key] if line.parent else None,
        child=rows[line.child.key] if line.child else None,
        is_gap=line.match is Match.MISSING,
        key=key,
        task=tasks.get(key) if key is not None else None,
        below=entries[line.child.key] if line.child else None,
        is_decided=line.is_decided,
    )
