"""责任人的样子: who answers, as tables; places and firms that nobody answers for; what a form names."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q
from django.http import HttpRequest, QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _

from shuangkong.records.plans.cascade.responsible_rows import LevelAnswered, Rank, ResponsibleRow, Vacancy
from shuangkong.records.plans.cascade.store import Naming
from shuangkong.web.plans.cascade.words import PLACES, RANKS
from shuangkong.web.plans.tasks.framed import day_of
from shuangkong.web.site.scope import link, whole
from shuangkong.web.site.tables import Cell, Column, Row, Table, text_cell
from shuangkong.web.site.words import MISSING

type Subject = tuple[str, str]  # value of a form, name


def under(region: str) -> Q:
    """The condition on rows that leaves a region itself, the places directly below it and its firms."""
    return Q(region=region) | Q(region__parent=region) | Q(body__region=region)


def subjects(region: str, name: str, missing: Iterable[Vacancy], rows: Iterable[ResponsibleRow]) -> list[Subject]:
    """Whom somebody can be named for: the place itself, the places below it and its firms."""
    every = [(f"region-{region}", name)]
    every += [(_value(each.region, each.body), each.subject) for each in missing]
    every += [(_value(each.region, each.body), each.subject) for each in rows]
    return list(dict.fromkeys(every))


def _value(region: str | None, body: int | None) -> str:
    return f"region-{region}" if region else f"body-{body}"


def naming_of(form: QueryDict) -> Naming:
    """What a form says; the store refuses what is missing. Raises Refused for a day that is none."""
    kind, _dash, number = form.get("subject", "").partition("-")
    return Naming(
        rank=next((each for each in Rank if each == form.get("rank")), Rank.FIRST),
        person=form.get("person", "").strip(),
        post=form.get("post", "").strip(),
        region=number or None if kind == "region" else None,
        body=whole(number) if kind == "body" else None,
        duty=form.get("duty", "").strip(),
        starts_on=day_of(form.get("starts_on", ""), "starts_on"),
        ends_on=day_of(form.get("ends_on", ""), "ends_on"),
        plan=whole(form.get("plan", "")),
    )


def subject_href(request: HttpRequest, region: str | None, body: int | None) -> str:
    """The page of a place or a firm."""
    return link(request, "cascade:of_region", region) if region else link(request, "cascade:of_body", body)


def responsible_table(request: HttpRequest, rows: Iterable[ResponsibleRow], *, is_demo: bool) -> Table:
    """Who answers on the day, by place and rank."""
    columns = (
        Column("subject", _("乡镇或企业")),
        Column("rank", _("责任")),
        Column("duty", _("岗位")),
        Column("person", _("姓名")),
        Column("post", _("职务")),
        Column("starts", _("自")),
        Column("ends", _("至")),
        Column("ground", _("依据")),
        Column("document", _("文件")),
    )
    made = tuple(
        Row(
            (
                Cell(row.subject, row.subject, href=subject_href(request, row.region, row.body)),
                *_person_cells(row),
                text_cell(row.ground),
                text_cell(row.document),
            )
        )
        for row in rows
    )
    empty = _("还没有责任人。各乡镇、国有企业的第一责任人、分管负责人和岗位责任人记在这里，到期或换人后历史保留。")
    return Table("responsible", _("现任责任人"), columns, made, empty, is_demo=is_demo)


def levels_table(levels: Iterable[LevelAnswered], *, is_demo: bool) -> Table:
    """Level by level: places on record, those for which somebody answers first, those for which nobody does."""
    columns = (
        Column("level", _("层级")),
        Column("places", _("在册"), is_figure=True),
        Column("answered", _("有第一责任人"), is_figure=True),
        Column("vacant", _("空缺"), is_figure=True),
    )
    made = tuple(
        Row((
            text_cell(str(PLACES[each.level])),
            *(Cell(str(number), number) for number in (each.places, each.answered, each.vacant)),
        ))
        for each in levels
    )  # fmt: skip
    return Table("levels", _("分级负责"), columns, made, _("还没有登记任何地区。"), is_demo=is_demo)


def past_table(rows: Iterable[ResponsibleRow], *, is_demo: bool) -> Table:
    """Everything that was recorded of one place or firm, the newest above."""
    columns = (
        Column("at", _("记录时间")),
        Column("by", _("谁")),
        Column("rank", _("责任")),
        Column("duty", _("岗位")),
        Column("person", _("姓名")),
        Column("post", _("职务")),
        Column("starts", _("自")),
        Column("ends", _("至")),
        Column("ground", _("依据")),
        Column("document", _("文件")),
        Column("journal", _("日志号"), is_figure=True),
    )
    made = tuple(
        Row(
            (
                _moment(row),
                text_cell(row.decided_by),
                *_person_cells(row),
                text_cell(row.ground),
                text_cell(row.document),
                Cell(str(row.journal), row.journal),
            )
        )
        for row in rows
    )
    return Table("past", _("历次记录"), columns, made, _("还没有记录。"), is_demo=is_demo)


def _moment(row: ResponsibleRow) -> Cell:
    at = timezone.localtime(row.decided_at)
    return Cell(f"{at:%Y-%m-%d %H:%M}", f"{at:%Y-%m-%d %H:%M:%S}")


def _person_cells(row: ResponsibleRow) -> tuple[Cell, ...]:
    ends = row.ends_on
    return (
        text_cell(str(RANKS[row.rank])),
        text_cell(row.duty),
        text_cell(row.person),
        text_cell(row.post),
        Cell(row.starts_on.isoformat(), row.starts_on),
        Cell(ends.isoformat(), ends) if ends else Cell(MISSING, hint=_("没有写明，到另任他人为止")),
    )
