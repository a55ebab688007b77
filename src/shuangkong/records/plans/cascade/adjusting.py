"""调整: what an amendment, a plan in another's place or a new version moves, and which tasks it touches."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from django.db.models import Q

from shuangkong.plans.cascade.moves import Change, Move, moves
from shuangkong.plans.tasks.events import State
from shuangkong.records.plans.cascade.comparison import version_at
from shuangkong.records.plans.cascade.links import link, links
from shuangkong.records.plans.cascade.promises import own_promises, unit_table
from shuangkong.records.plans.cascade.rows import AdjustmentRow, MovedTarget, Relation
from shuangkong.records.plans.library import plan
from shuangkong.records.plans.models import Measure
from shuangkong.records.plans.rows import PlanRow
from shuangkong.records.plans.tasks import store as tasks
from shuangkong.records.plans.tasks.models import Task
from shuangkong.records.plans.tasks.rows import TaskRow
from shuangkong.records.refusal import Refused
from shuangkong.records.targets import store as targets
from shuangkong.records.targets.rows import TargetRow

_OVER = (State.DONE, State.CANCELLED)


def adjustment(link_id: int, until: date | None = None) -> AdjustmentRow:
    """What a plan moves that amends or replaces another, as known at the end of a day: before → after. ~13 queries.

    An amendment that does not name a target leaves it; a plan in another's place drops it.

    Raises:
        Refused: there is no such link, or the other document is not in the database.
    """
    found = link(link_id)
    if found is None or found.other is None or found.relation is Relation.FOLLOWS:
        zh = f"没有编号为 {link_id} 的调整或代替关联，或原方案尚未读入。"
        raise Refused("CAS-301", zh, f"There is no link {link_id} that amends or replaces a plan read in.")
    before, after = _plan(found.other, until), _plan(found.plan, until)
    versions = (version_at(before.id, until), version_at(after.id, until))
    return _adjusted(before, after, versions, found.relation is Relation.AMENDS, until)


def revision(plan_id: int, before: int, after: int, until: date | None = None) -> AdjustmentRow:
    """What a later version of one plan moved (中期调整), as known at the end of a day: before → after. ~10 queries.

    Raises:
        Refused: there is no such plan.
    """
    found = _plan(plan_id, until)
    return _adjusted(found, found, (before, after), False, until)


def _plan(plan_id: int, until: date | None) -> PlanRow:
    found = plan(plan_id, until)
    if found is None:
        raise Refused("CAS-101", f"没有编号为 {plan_id} 的方案。", f"There is no plan {plan_id}.")
    return found


def _adjusted(
    before: PlanRow, after: PlanRow, versions: tuple[int, int], is_partial: bool, until: date | None
) -> AdjustmentRow:
    old, new = (targets.targets(row.id, no, until) for row, no in zip((before, after), versions, strict=True))
    rows = {row.id: row for row in (*old, *new)}
    told = moves(own_promises(before, old), own_promises(after, new), unit_table(), is_partial)
    touched = _touched(before.id, [rows[each.before.key] for each in told if each.before and _is_change(each)], until)
    followers = tuple(
        each for each in links(before.id, until) if each.other == before.id and each.relation is Relation.FOLLOWS
    )
    return AdjustmentRow(before, after, versions, tuple(_moved(each, rows, touched) for each in told), followers)


def _is_change(move: Move) -> bool:
    return move.change in (Change.MOVED, Change.DROPPED)


def _moved(move: Move, rows: Mapping[int, TargetRow], touched: Mapping[int, tuple[TaskRow, ...]]) -> MovedTarget:
    before = rows[move.before.key] if move.before else None
    return MovedTarget(
        change=move.change,
        fields=move.fields,
        verdict=move.comparison.verdict,
        reasons=move.comparison.reasons,
        before=before,
        after=rows[move.after.key] if move.after else None,
        difference=move.comparison.difference,
        is_by_name=move.is_by_name,
        tasks=touched.get(before.id, ()) if before else (),
    )


def _touched(plan_id: int, changed: Sequence[TargetRow], until: date | None) -> Mapping[int, tuple[TaskRow, ...]]:
    """Target → tasks open on that day that rest on it: its own, and the measure that it stands in with its parts.

    5 queries, 7 for a past day.
    """
    measures = {row.measure for row in changed if row.measure is not None}
    items = dict(Measure.objects.filter(pk__in=measures).values_list("pk", "entry_id"))
    asked = {row.id: {row.entry, items.get(row.measure or 0, row.entry)} for row in changed}
    every = set().union(*asked.values())
    of_entry: dict[int, list[int]] = defaultdict(list)
    found = Task.objects.filter(plan=plan_id, entry__in=every).order_by("pk")
    if until is None:
        found = found.exclude(state__in=_OVER)
    for entry, pk in found.values_list("entry_id", "pk"):
        of_entry[entry or 0].append(pk)
    touched = Q(pk__in=[pk for each in of_entry.values() for pk in each])
    told = tasks.tasks(touched, ("pk",)) if until is None else tasks.tasks_then(touched, until)
    rows = {row.id: row for row in told if row.standing.state not in _OVER}
    return {target: _in_order(entries, of_entry, rows) for target, entries in asked.items()}


def _in_order(
    entries: Iterable[int], of_entry: Mapping[int, list[int]], rows: Mapping[int, TaskRow]
) -> tuple[TaskRow, ...]:
    return tuple(rows[pk] for pk in sorted(pk for entry in entries for pk in of_entry.get(entry, ())) if pk in rows)
