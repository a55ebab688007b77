"""待认定的对应: pairs on which a person has still to decide, what can be laid together, and what was decided."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _

from shuangkong.plans.cascade.decided import Pairing
from shuangkong.records.plans.cascade.rows import ComparedMeasure, ComparedTarget, ComparisonRow, PairRow
from shuangkong.web.plans.cascade.promised import name_of, promise_words
from shuangkong.web.plans.cascade.words import PAIRINGS, signed
from shuangkong.web.site.tables import Cell, Column, Row, Table, text_cell

type Compared = ComparedTarget | ComparedMeasure


@dataclass(frozen=True, slots=True)
class Doubt:
    """A pair to be decided: the entries of both sides, what each says, and why a person is asked."""

    above: int
    below: int
    parent: str
    child: str
    why: str


@dataclass(frozen=True, slots=True)
class Sort:
    """Targets or measures: what of either side can be laid together."""

    label: str
    parents: list[tuple[int, str]]
    children: list[tuple[int, str]]


def doubts(found: ComparisonRow) -> list[Doubt]:
    """Pairs that wait, targets first."""
    return [
        Doubt(line.key, line.below, said_above(line), said_below(line), _why(line))
        for line in found.doubts
        if line.key is not None and line.below is not None
    ]


def sorts(found: ComparisonRow) -> list[Sort]:
    """Everything that is compared, as a person chooses it."""
    return [_sort(_("目标"), found.targets), _sort(_("措施"), found.measures)]


def _sort(label: str, lines: Iterable[Compared]) -> Sort:
    every = list(lines)
    above = {line.key: said_above(line) for line in every if line.key is not None}
    below = {line.below: said_below(line) for line in every if line.below is not None}
    return Sort(label, list(above.items()), list(below.items()))


def said_above(line: Compared) -> str:
    """The side of the plan above in one line; "" where it has none."""
    if isinstance(line, ComparedMeasure):
        return f"{line.parent.no} {line.parent.title}".strip() if line.parent else ""
    return f"{name_of(line.parent, None)} {promise_words(line.parent)}" if line.parent else ""


def said_below(line: Compared) -> str:
    """The side of the plan in one line; "" where it has none."""
    if isinstance(line, ComparedMeasure):
        return f"{line.child.no} {line.child.title}".strip() if line.child else ""
    return f"{name_of(line.child, None)} {promise_words(line.child)}" if line.child else ""


def _why(line: Compared) -> str:
    if isinstance(line, ComparedMeasure):
        return _("标题相近程度 %(score)s%%") % {"score": round(line.score * 100)}
    return _("只是名称相近")


def decision_table(found: ComparisonRow) -> Table:
    """Every decision, the newest above; what is compared no more is told by its entry's number."""
    names = {key: name for sort in sorts(found) for key, name in (*sort.parents, *sort.children)}
    columns = (
        Column("at", _("时间")),
        Column("by", _("谁")),
        Column("verdict", _("决定")),
        Column("parent", _("上级方案的")),
        Column("child", _("本级方案的")),
        Column("ground", _("理由")),
        Column("journal", _("日志号"), is_figure=True),
    )
    rows = tuple(_decision(row, names) for row in reversed(found.decisions))
    empty = _("还没有认定。每次认定和撤销都记在这里，不能改写。")
    return Table(
        "decisions", _("认定的记录"), columns, rows, empty, is_demo=found.child.is_demo or found.parent.is_demo
    )


def _decision(row: PairRow, names: dict[int, str]) -> Row:
    at = timezone.localtime(row.decided_at)
    sign, word = PAIRINGS[row.verdict]
    return Row(
        (
            Cell(f"{at:%Y-%m-%d %H:%M}", f"{at:%Y-%m-%d %H:%M:%S}"),
            text_cell(row.decided_by),
            text_cell(signed(sign, word)),
            text_cell(names.get(row.above, _("第 %(number)s 条") % {"number": row.above})),
            text_cell(names.get(row.below, _("第 %(number)s 条") % {"number": row.below})),
            text_cell(row.ground),
            Cell(str(row.journal), row.journal),
        )
    )


def verdict_of(said: str) -> Pairing | None:
    """What a form says; None for anything else."""
    return next((each for each in Pairing if each == said), None)
