"""调整表: targets before and after, which way each moved, and the tasks that it touches."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from django.http import HttpRequest
from django.utils.translation import gettext as _

from shuangkong.plans.cascade.moves import Change
from shuangkong.records.people.access import Where, may
from shuangkong.records.people.roles import Action
from shuangkong.records.plans.cascade.rows import AdjustmentRow, MovedTarget
from shuangkong.records.plans.tasks.naming import told_name
from shuangkong.records.plans.tasks.rows import TaskRow
from shuangkong.web.plans.cascade.promised import difference_cell, name_of, promise_cell
from shuangkong.web.plans.cascade.words import CHANGE_SIGNS, CHANGES, FIELDS, WAYS, reason_words, signed
from shuangkong.web.plans.tasks.words import GRADES, KINDS, day_words
from shuangkong.web.site.access import acting_of
from shuangkong.web.site.scope import link
from shuangkong.web.site.tables import Cell, Column, Row, Table, text_cell

_ORDER = tuple(CHANGES)


def counts_of(found: AdjustmentRow) -> Counter[Change]:
    """How many targets moved in which way."""
    return Counter(each.change for each in found.moves)


def move_table(request: HttpRequest, found: AdjustmentRow) -> Table:
    """One row a target, what moved above."""
    columns = (
        Column("change", _("变化")),
        Column("indicator", _("指标")),
        Column("before", _("调整前")),
        Column("after", _("调整后")),
        Column("difference", _("后减前"), is_figure=True),
        Column("way", _("松紧")),
        Column("fields", _("改了什么")),
        Column("tasks", _("受影响任务"), is_figure=True),
    )
    lines = sorted(found.moves, key=lambda each: _ORDER.index(each.change))
    rows = tuple(Row(_cells(request, each)) for each in lines)
    empty = _("两边都没有可对照的目标。")
    return Table("moves", _("调整前后"), columns, rows, empty, is_demo=found.before.is_demo or found.after.is_demo)


def _cells(request: HttpRequest, move: MovedTarget) -> tuple[Cell, ...]:
    name = name_of(move.before, move.after)
    why = "、".join(reason_words(move.reasons))
    fields = [str(FIELDS[each]) for each in move.fields]
    if move.is_by_name:
        fields.append(_("只是名称相近，请核对"))
    count = len(seen_tasks(request, move.tasks))
    return (
        text_cell(signed(CHANGE_SIGNS[move.change], CHANGES[move.change])),
        Cell(name, name),
        promise_cell(request, move.before, _("原来没有这个目标")),
        promise_cell(request, move.after, _("后来没有这个目标")),
        difference_cell(move.difference, move.after),
        text_cell(str(WAYS[move.verdict]), hint=why),
        text_cell("、".join(fields)),
        Cell(str(count), count),
    )


def task_table(request: HttpRequest, found: AdjustmentRow) -> Table:
    """Open tasks of the earlier plan that rest on what moved or was dropped, each once."""
    told: dict[int, tuple[TaskRow, list[str]]] = {}
    for move in found.moves:
        for task in seen_tasks(request, move.tasks):
            told.setdefault(task.id, (task, []))[1].append(name_of(move.before, move.after))
    columns = (
        Column("task", _("涉及的任务")),
        Column("kind", _("种类")),
        Column("bodies", _("责任单位")),
        Column("due", _("期限")),
        Column("grade", _("等次")),
        Column("targets", _("因为哪个目标")),
    )
    rows = tuple(Row(_task_cells(request, task, names)) for task, names in told.values())
    empty = _("没有未了结的任务受影响。原方案交办以后，被调整或取消的目标下的任务在这里列出。")
    return Table("tasks", _("受影响的任务"), columns, rows, empty, is_demo=found.before.is_demo)


def _task_cells(request: HttpRequest, task: TaskRow, names: list[str]) -> tuple[Cell, ...]:
    title = f"{task.number} {told_name(task)}".strip()
    return (
        Cell(title, title, href=link(request, "tasks:task", task.id)),
        text_cell(str(KINDS[task.kind])),
        text_cell("、".join(dict.fromkeys(part.name for part in task.parts))),
        Cell(day_words(task.standing.due), task.standing.due),
        text_cell(str(GRADES[task.standing.grade])),
        text_cell("、".join(dict.fromkeys(names))),
    )


def seen_tasks(request: HttpRequest, tasks: Sequence[TaskRow]) -> list[TaskRow]:
    """Those that the person may see."""
    acting = acting_of(request)
    return [
        task
        for task in tasks
        if may(acting, Action.TASK_READ, Where(task.path, frozenset(part.id for part in task.parts)))
    ]
