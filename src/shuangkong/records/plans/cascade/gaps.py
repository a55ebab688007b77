"""差距: what a plan owes against the plan it follows becomes tasks of the plan office at its place, each once."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from django.db import transaction

from shuangkong.plans.cascade.strictness import Verdict
from shuangkong.plans.promise_name import promise_name
from shuangkong.plans.reading import Kind, Op
from shuangkong.records.people.acting import Acting
from shuangkong.records.people.roles import Action
from shuangkong.records.plans.authority import held, write
from shuangkong.records.plans.cascade.comparison import comparison, require_followed
from shuangkong.records.plans.cascade.rows import ComparedMeasure, ComparedTarget
from shuangkong.records.plans.cascade.tasking import NewTask, make_tasks
from shuangkong.records.plans.tasks.rows import TaskKind
from shuangkong.records.refusal import Refused
from shuangkong.records.targets.rows import TargetRow
from shuangkong.rulebook import open_rulebook

type Gap = ComparedTarget | ComparedMeasure

#: Signs of relations, as a person writes them.
_SIGNS = {Op.LE: "≤", Op.GE: "≥", Op.ABOUT: "约", Op.EQ: ""}


def assign_gaps(
    link_id: int, by: Acting, due: date | None = None, keys: Collection[int] | None = None, owner: int | None = None,
    ground: str = "",
) -> tuple[int, ...]:  # fmt: skip
    """Makes a task of every gap that has none yet, or of the chosen ones; returns their numbers. ~25 queries.

    ``keys`` are those of the compared lines. ``owner`` is the body that is to close them; without one they are the plan
    office's own: whoever holds that office at the plan's place sees and judges them. ``ground`` is why these are to be
    closed (a meeting, a reply from above); "" where the plan above is ground enough, which the journal then names.

    Raises:
        Refused: no such link; the parent is not read in; a chosen line is no gap.
        Forbidden: the person may not assign at the plan's place.
    """
    with transaction.atomic():
        plan = held(require_followed(link_id).plan, by, Action.TASK_ASSIGN)
        found = comparison(link_id)
        gaps: dict[int, Gap] = {each.key: each for each in found.gaps if each.key is not None}
        if keys is not None and not set(keys) <= set(gaps):
            zh = "所选条目中有的已不是差距。请刷新对照页面后重新选择。"
            raise Refused("CAS-203", zh, "A chosen line is no gap. Reload the comparison and choose again.", "keys")
        chosen = [gap for key, gap in gaps.items() if gap.task is None and (keys is None or key in keys)]
        if not chosen:
            return ()
        said = {"parent": found.parent.id, "gaps": [gap.key for gap in chosen], "due": due}
        told, above = ground.strip(), found.parent
        number = write(
            plan, by, "cascade.gap", "gaps", ground=told or f"《{above.title}》", document=above.doc_no, after=said
        )
        new = [NewTask(_title(gap), gap.key, number=_number(gap), due=due, owner=owner) for gap in chosen]
        return make_tasks(plan, TaskKind.GAP, new, by.author, number, told)


def _title(gap: Gap) -> str:
    if isinstance(gap, ComparedMeasure):
        title = gap.parent.title if gap.parent else ""
        return f"上级措施“{title}”：本级方案没有对应措施"
    parent = gap.parent
    if parent is None:
        return ""
    asked = f"{_name(parent)}：上级要求{_figure(parent)}"
    if gap.verdict is Verdict.MISSING or gap.child is None:
        return f"{asked}，本级方案未列"
    return f"{asked}，本级为{_figure(gap.child)}"


def _number(gap: Gap) -> str:
    if isinstance(gap, ComparedMeasure):
        return gap.parent.no if gap.parent else ""
    return gap.parent.item_no if gap.parent else ""


def _name(row: TargetRow) -> str:
    known = open_rulebook().indicators().get(row.indicator.partition("@")[0])
    return promise_name(row.indicator_name, Kind(row.kind), known).zh


def _figure(row: TargetRow) -> str:
    """The figure as a person writes it: ≤18万吨标准煤（2025）."""
    return f"{_SIGNS.get(Op(row.op), row.op)}{row.value:f}{row.unit}" + (f"（{row.deadline}）" if row.deadline else "")
