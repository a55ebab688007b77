"""对照表: two plans side by side as tables, what stands first in them, and what one may leave out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.translation import gettext as _

from shuangkong.plans.cascade.alignment import Match
from shuangkong.plans.cascade.strictness import Verdict
from shuangkong.records.people.access import may
from shuangkong.records.people.roles import Action
from shuangkong.records.plans.cascade.rows import ComparedMeasure, ComparedTarget, ComparisonRow
from shuangkong.records.plans.rows import MeasureRow, PlanRow
from shuangkong.web.plans.cascade.promised import difference_cell, name_of, promise_cell
from shuangkong.web.plans.cascade.words import (
    MATCH_SIGNS,
    MATCHES,
    VERDICT_SIGNS,
    VERDICTS,
    reason_words,
    signed,
)
from shuangkong.web.site.access import acting_of
from shuangkong.web.site.scope import link, scope_of
from shuangkong.web.site.tables import Cell, Column, Row, Table, text_cell
from shuangkong.web.site.words import MISSING

#: What is chosen by the address: only those of one verdict, or one of these.
GAPS, DOUBTS = "gaps", "doubts"


@dataclass(frozen=True, slots=True)
class Choice:
    """One way of leaving lines out, with how many stay."""

    label: str
    href: str
    count: int
    is_chosen: bool


def rank(line: ComparedTarget) -> tuple[int, bool]:
    """What a person must see first stands first: looser, owed, unclear, then the rest; a doubt is unclear."""
    order = (Verdict.LOOSER, Verdict.MISSING, Verdict.NOT_COMPARABLE, Verdict.EQUAL, Verdict.STRICTER, Verdict.EXTRA)
    at = order.index(Verdict.NOT_COMPARABLE if line.is_doubtful else line.verdict)
    return (3 if line.verdict is Verdict.MISSING and not line.is_gap else at if at < 3 else at + 1, not line.is_main)


def target_choices(request: HttpRequest, found: ComparisonRow) -> list[Choice]:
    """All, the gaps, what waits for a person's word, and each verdict that occurs."""
    counts = Counter(line.verdict for line in found.targets if not line.is_doubtful)
    gaps, waiting = sum(row.is_gap for row in found.targets), sum(row.is_doubtful for row in found.targets)
    words = [
        (GAPS, _("差距"), gaps),
        (DOUBTS, _("待认定"), waiting),
        *((each, str(VERDICTS[each]), counts[each]) for each in VERDICTS),
    ]
    return _choices(request, "targets", words, len(found.targets))


def measure_choices(request: HttpRequest, found: ComparisonRow) -> list[Choice]:
    """All, and each way of answering that occurs."""
    counts = Counter(line.match for line in found.measures)
    return _choices(
        request, "measures", [(each, str(MATCHES[each]), counts[each]) for each in MATCHES], len(found.measures)
    )


def _choices(request: HttpRequest, key: str, words: Iterable[tuple[str, str, int]], count: int) -> list[Choice]:
    chosen, get = request.GET.get(key, ""), request.GET.copy()
    get.pop("xlsx", None)
    made = []
    for value, label, number in [("", _("全部"), count), *(each for each in words if each[2])]:
        get[key] = value
        made.append(Choice(label, f"?{get.urlencode()}#{key}", number, chosen == value))
    return made


def target_table(request: HttpRequest, found: ComparisonRow) -> Table:
    """One row a target: what is asked, what is promised, how they stand and why."""
    chosen = request.GET.get("targets", "")
    lines = sorted(found.targets, key=rank)
    columns = (
        Column("verdict", _("判定")),
        Column("indicator", _("指标")),
        Column("parent", _("上级要求")),
        Column("child", _("本级承诺")),
        Column("difference", _("本级减上级"), is_figure=True),
        Column("reasons", _("为什么")),
        Column("main", _("主要目标")),
        Column("task", _("差距任务")),
    )
    rows = tuple(Row(_target_cells(request, found.child, line)) for line in lines if _is_chosen(line, chosen))
    empty = _("没有可对照的目标。")
    return Table("targets", _("目标对照"), columns, rows, empty, is_demo=_is_demo(found))


def _is_chosen(line: ComparedTarget, chosen: str) -> bool:
    if chosen == DOUBTS:
        return line.is_doubtful
    return not chosen or (line.is_gap if chosen == GAPS else not line.is_doubtful and line.verdict == chosen)


def _is_demo(found: ComparisonRow) -> bool:
    return found.child.is_demo or found.parent.is_demo


def _target_cells(request: HttpRequest, child: PlanRow, line: ComparedTarget) -> tuple[Cell, ...]:
    name = name_of(line.parent, line.child)
    return (
        text_cell(
            signed("?", _("待认定"))
            if line.is_doubtful
            else signed(VERDICT_SIGNS[line.verdict], VERDICTS[line.verdict])
        ),
        Cell(name, name),
        promise_cell(request, line.parent, _("上级没有这个目标")),
        promise_cell(request, line.child, _("本级没有这个目标")),
        difference_cell(line.difference, line.child),
        _why(request, line),
        text_cell(_("是") if line.is_main else ""),
        _task_cell(request, child, line.is_gap, line.task),
    )


def _why(request: HttpRequest, line: ComparedTarget) -> Cell:
    told = reason_words(line.reasons)
    if line.awaited is not None:
        return Cell(_("数值由上级下达"), _("数值由上级下达"), href=link(request, "cascade:entry", line.awaited))
    if line.verdict is Verdict.MISSING:
        told.append(_("对本级有约束") if line.is_gap else _("上级数值没有分解到本级"))
    if line.is_assigned:
        told.append(_("上级附表给本级的数"))
    if line.is_doubtful:
        told = [_("只是名称相近，请认定")]
    elif line.is_decided:
        told.append(_("由人认定对应"))
    return text_cell("、".join(told))


def _task_cell(request: HttpRequest, child: PlanRow, is_gap: bool, task: int | None) -> Cell:
    """The gap's task; who only sees the tasks of a body is told that there is one."""
    if task is None:
        return text_cell(_("还没有") if is_gap else "")
    may_open = scope_of(request).as_of is None and may(acting_of(request), Action.TASK_READ, child.where)
    words = _("第 %(number)s 号") % {"number": task}
    return Cell(words, words, href=link(request, "tasks:task", task) if may_open else "")


def measure_table(request: HttpRequest, found: ComparisonRow) -> Table:
    """One row a measure of the parent in its order, then what only the child has."""
    chosen = request.GET.get("measures", "")
    columns = (
        Column("match", _("对应情况")),
        Column("parent_no", _("上级编号")),
        Column("parent", _("上级措施")),
        Column("child_no", _("本级编号")),
        Column("child", _("本级措施")),
        Column("score", _("标题相近程度"), "%", is_figure=True),
        Column("task", _("差距任务")),
    )
    rows = tuple(
        Row(_measure_cells(request, found.child, line)) for line in found.measures if not chosen or line.match == chosen
    )
    note = _("按标题的意思对应，不按编号；相近程度供核对，不是结论。")
    return Table("measures", _("措施对照"), columns, rows, _("没有可对照的措施。"), note, _is_demo(found))


def _measure_cells(request: HttpRequest, child: PlanRow, line: ComparedMeasure) -> tuple[Cell, ...]:
    return (
        text_cell(signed(MATCH_SIGNS[line.match], MATCHES[line.match])),
        *_measure(request, line.parent, _("上级没有这项措施")),
        *_measure(request, line.child, _("本级没有这项措施")),
        _likeness(line),
        _task_cell(request, child, line.is_gap, line.task),
    )


def _likeness(line: ComparedMeasure) -> Cell:
    if line.parent is None or line.child is None:
        return Cell(MISSING, hint=_("只有一边"))
    score = round(line.score * 100)
    return Cell(str(score), score, hint=_("由人认定对应") if line.is_decided else "")


def _measure(request: HttpRequest, row: MeasureRow | None, absent: str) -> tuple[Cell, Cell]:
    if row is None:
        return Cell(MISSING), Cell(MISSING, hint=absent)
    return Cell(row.no, row.ordinal), Cell(row.title, row.title, href=link(request, "plans:measure", row.id))


def matches_of(measures: Sequence[ComparedMeasure]) -> Counter[Match]:
    """How many measures answer in which way."""
    return Counter(line.match for line in measures)
