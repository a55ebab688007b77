"""Tables of targets."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from shuangkong.core.fact import State
from shuangkong.records.facts.rows import ObservationRow
from shuangkong.targets.progress import Point
from shuangkong.targets.status import Standing
from shuangkong.web.site.scope import link
from shuangkong.web.site.tables import Cell, Column, Row, Table, text_cell
from shuangkong.web.site.words import (
    MISSING,
    deadline_word,
    figure,
    indicator_word,
    kind_of_word,
    maturity_word,
    nature_word,
    op_sign,
    rounded_figure,
    standing_word,
    state_word,
    strength_word,
    unit_word,
)
from shuangkong.web.targets.course import Course
from shuangkong.web.targets.sentences import reached_words


def reason(course: Course) -> str:
    """Why there is no actual figure: not to be read, not told, told to be absent, or in a unit that does not fit."""
    if course.is_hidden:
        return _("当前身份看不到这个对象的实际值")
    absent = [row for row in course.told if row.state is not State.VALUE]
    if absent:
        row = absent[-1]
        return f"{row.period}：{state_word(row.state)}" + (f"（{row.note}）" if row.note else "")
    if course.unfit:
        return _("已录入的单位“%(unit)s”与目标不合") % {"unit": unit_word(course.unfit[-1].unit)}
    if course.progress is None:
        return _("方案没有给出可以计算的基期和期限")
    return _("还没有录入足以计算的实际值")


def actual_cell(course: Course, why: str = "") -> Cell:
    """The newest figure; "—" with its reason, "不适用" where it does not apply; zero is 0."""
    point = course.latest
    if point is not None and point.reached is not None:
        return reached_cell(course, point, why)
    if course.told and all(row.state is State.NOT_APPLICABLE for row in course.told):
        return Cell(state_word("not_applicable"), hint=reason(course))
    return Cell(MISSING, hint=reason(course))


def reached_cell(course: Course, point: Point, why: str = "") -> Cell:
    """A figure that was reached; one below zero is told in words too: a fall of −1.6 % is a rise."""
    is_reversed = point.reached is not None and point.reached < 0
    return Cell(
        rounded_figure(point.reached), point.reached, why=why, hint=reached_words(course, point) if is_reversed else ""
    )


def due_cell(course: Course) -> Cell:
    """What the schedule asks by the year of the newest figure."""
    point = course.latest
    if point is None:
        return Cell(MISSING, hint=_("有了实际值，才知道和哪一年的进度比"))
    if point.due is None:
        return Cell(MISSING, hint=_("不知道基期数值，算不出分年进度"))
    return Cell(rounded_figure(point.due), point.due)


def standing_cell(standing: Standing) -> Cell:
    """A level; one that cannot be told says why."""
    hint = _("有实际值，但不知道基期数值：到期以前不能判断") if standing is Standing.UNJUDGED else ""
    return Cell(standing_word(standing), standing_word(standing), level=standing.value, hint=hint)


def told_cells(told: ObservationRow | None) -> tuple[Cell, Cell]:
    """How settled a figure is, and the day on which it was known."""
    if told is None:
        return text_cell(""), text_cell("")
    known_on = timezone.localdate(told.recorded_at)
    return text_cell(maturity_word(told.maturity)), Cell(f"{known_on:%Y-%m-%d}", known_on)


def headline_table(request: HttpRequest, found: Sequence[Course]) -> Table:
    """The data of the bullet charts."""
    return _table(request, "headline", _("主要目标数据"), found)


def target_table(request: HttpRequest, id_: str, caption: str, found: Sequence[Course], empty: str = "") -> Table:
    """Targets with their progress, for the list, the plan and the measure."""
    return _table(request, id_, caption, found, empty)


def _table(request: HttpRequest, id_: str, caption: str, found: Sequence[Course], empty: str = "") -> Table:
    columns = (
        Column("item", _("任务")),
        Column("indicator", _("指标")),
        Column("level", _("进展")),
        Column("subject", _("对象")),
        Column("kind", _("类型")),
        Column("op", _("关系")),
        Column("value", _("目标值"), is_figure=True),
        Column("unit", _("单位")),
        Column("deadline", _("期限")),
        Column("nature", _("性质")),
        Column("due", _("应达到"), is_figure=True),
        Column("actual", _("实际"), is_figure=True),
        Column("period", _("数据年份")),
        Column("maturity", _("数据状态")),
        Column("known", _("录入日期")),
    )
    return Table(id_, caption, columns, tuple(_row(request, course) for course in found), empty)


def _row(request: HttpRequest, course: Course) -> Row:
    target, newest = course.target, course.newest
    name = indicator_word(target.indicator, target.indicator_name, target.kind)
    kind = kind_of_word(target.kind, target.indicator, target.indicator_name)
    href = link(request, "targets:target", target.id)
    return Row(
        (
            Cell(target.item_no or MISSING, target.item_no or None),
            Cell(name, name, href=href),
            standing_cell(course.standing),
            text_cell(target.subject_name),
            Cell(kind, kind),
            Cell(op_sign(target.op), op_sign(target.op)),
            Cell(figure(target.value), target.value),
            text_cell(unit_word(target.unit)),
            Cell(deadline_word(target.deadline), target.deadline or None),
            text_cell(
                nature_word(target.nature) or ("" if target.strength == "firm" else strength_word(target.strength))
            ),
            due_cell(course),
            actual_cell(course, f"{href}#why"),
            text_cell(str(course.latest.year) if course.latest else ""),
            *told_cells(newest),
        )
    )
