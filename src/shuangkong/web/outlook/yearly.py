"""进度跟踪与年度考核: the levels that were published of a subject in the year that it is assessed for."""

from __future__ import annotations

from datetime import date

from django.http import HttpRequest
from django.utils.translation import gettext as _

from shuangkong.core.fact import Subject
from shuangkong.records.outlook.barometer import store
from shuangkong.records.people.acting import Acting
from shuangkong.web.indicators.periods import period_word
from shuangkong.web.outlook.tables import name_of
from shuangkong.web.outlook.words import level_cell, move_cell, reason_of
from shuangkong.web.site.scope import link
from shuangkong.web.site.tables import Column, Row, Table, text_cell


def levels_of_year(
    request: HttpRequest, region: str, subject: Subject, year: int, by: Acting, as_of: date | None
) -> Table:
    """What the barometers of a place printed of a subject in a year, the latest period first, to who may read them and

    sees the subject assessed. 2 queries.
    """
    issues = (each for each in store.standing_issues(region, as_of) if each.content.period.year == year)
    seen = (each for each in issues if store.may_read(each, by))
    columns = (
        Column("period", _("晴雨表")),
        Column("indicator", _("指标")),
        Column("level", _("预警等级")),
        Column("move", _("比上期")),
        Column("said", _("情况")),
    )
    rows = tuple(
        Row(
            (
                text_cell(period_word(each.content.period), href=link(request, "outlook:issue", each.id)),
                text_cell(name_of(part)),
                level_cell(line),
                move_cell(line),
                text_cell(reason_of(line)),
            )
        )
        for each in seen
        for part in each.content.parts
        for line in part.lines
        if line.subject == subject
    )
    empty = _("这一年还没有公布过它的晴雨表。")
    return Table("levels", _("当年各期晴雨表的等级"), columns, rows, empty)
