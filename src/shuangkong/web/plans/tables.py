"""Tables of measures and of bodies' parts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.http import HttpRequest
from django.utils.translation import gettext as _

from shuangkong.plans.reading import Role
from shuangkong.records.plans.rows import DutyRow, MeasureRow, PartRow
from shuangkong.web.site.scope import link
from shuangkong.web.site.tables import Cell, Column, Row, Table, text_cell
from shuangkong.web.site.words import MISSING, deadline_word, role_word
from shuangkong.web.targets.course import Course


def measure_table(request: HttpRequest, measures: Sequence[MeasureRow], found: Iterable[Course]) -> Table:
    """One row a measure: number, heading, bodies by role, how many sub-tasks and targets it has."""
    counts: dict[int | None, int] = {}
    for course in found:
        counts[course.target.measure] = counts.get(course.target.measure, 0) + 1
    columns = (
        Column("no", _("编号")),
        Column("title", _("任务")),
        Column("lead", _("牵头")),
        Column("others", _("参加、分工")),
        Column("tasks", _("事项"), is_figure=True),
        Column("targets", _("目标数"), is_figure=True),
    )
    rows = tuple(_measure_row(request, measure, counts.get(measure.id, 0)) for measure in measures)
    return Table("measures", _("任务一览"), columns, rows, _("采用方案后，任务在这里列出。请先审阅。"))


def _measure_row(request: HttpRequest, measure: MeasureRow, target_count: int) -> Row:
    lead = "、".join(body.name for body in measure.bodies if body.role == Role.LEAD)
    others = "、".join(body.name for body in measure.bodies if body.role != Role.LEAD)
    return Row(
        (
            Cell(measure.no, measure.ordinal),
            Cell(measure.title, measure.title, href=link(request, "plans:measure", measure.id)),
            text_cell(lead),
            text_cell(others + (_("等") if measure.open_ended and others else "")),
            Cell(str(len(measure.sub_tasks)), len(measure.sub_tasks)),
            Cell(str(target_count), target_count),
        )
    )


def duty_table(request: HttpRequest, measure: MeasureRow, duties: Iterable[DutyRow], text: str) -> Table:
    """One row a duty without a number. Where its words are not here, its measure, its kind and its place tell it."""
    columns = (
        Column("what", _("事项")),
        Column("extent", _("范围")),
        Column("deadline", _("期限")),
        Column("recurrence", _("周期")),
        Column("place", _("原文第几字"), is_figure=True),
    )
    rows = tuple(_duty_row(request, measure, number, duty, text) for number, duty in enumerate(duties, 1))
    return Table("duties", _("限期事项"), columns, rows)


def _duty_row(request: HttpRequest, measure: MeasureRow, number: int, duty: DutyRow, text: str) -> Row:
    words = duty.what or (duty.span.of(text) if duty.span and text else "")
    title = _("%(measure)s（第%(number)d项）") % {"measure": measure.title, "number": number}
    span = duty.span
    return Row(
        (
            text_cell(words or title),
            text_cell(duty.extent),
            Cell(deadline_word(duty.deadline), duty.deadline) if duty.deadline else text_cell(""),
            text_cell(duty.recurrence),
            Cell(
                f"{span.start + 1}—{span.end}" if span else MISSING,
                span.start + 1 if span else None,
                href=link(request, "plans:review", duty.plan, at=span.start) if span else "",
            ),
        )
    )


def part_table(request: HttpRequest, parts: Sequence[PartRow], titles: dict[int, str], caption: str) -> Table:
    """What one body does: one row a measure, with its role there."""
    columns = (
        Column("role", _("角色")),
        Column("no", _("编号")),
        Column("measure", _("任务")),
        Column("plan", _("方案")),
        Column("printed", _("印发名称")),
    )
    rows = tuple(
        Row(
            (
                Cell(role_word(part.role), role_word(part.role)),
                text_cell(part.measure_no),
                Cell(
                    part.measure_title or _("方案全部任务"),
                    part.measure_title or None,
                    href=link(request, "plans:measure", part.measure) if part.measure else "",
                ),
                Cell(titles.get(part.plan, ""), titles.get(part.plan, ""), href=link(request, "plans:plan", part.plan)),
                text_cell(part.name),
            )
        )
        for part in parts
    )
    return Table("parts", caption, columns, rows, _("在已采用的方案里还没有它的任务。"))
