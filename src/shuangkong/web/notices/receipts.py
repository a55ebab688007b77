"""谁签收了: who was told of a thing and who has read it, as the page of that thing shows it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from shuangkong.records.notices import store
from shuangkong.records.notices.rows import NoticeKind, NoticeRow
from shuangkong.web.people.names import person_names
from shuangkong.web.site.access import acting_of
from shuangkong.web.site.scope import link, scope_of
from shuangkong.web.site.tables import Cell, Column, Row, Table, text_cell


def moment(at: datetime) -> str:
    """A moment as pages print it."""
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M}"


def receipts_table(request: HttpRequest, rows: Sequence[NoticeRow], named: Mapping[str, str]) -> Table:
    """Who was told of which order, and who has read it."""
    columns = (
        Column("notice", _("通知")),
        Column("body", _("被通知单位")),
        Column("text", _("要做什么")),
        Column("at", _("签收时间")),
        Column("by", _("签收人")),
        Column("answer", _("回复")),
    )
    found = tuple(
        Row(
            (
                text_cell(row.title, href=link(request, "notices:one", row.id)),
                text_cell(each.name),
                text_cell(each.text),
                Cell(moment(each.at) if each.at else _("未签收"), moment(each.at) if each.at else None),
                text_cell(named.get(each.author, each.author)),
                text_cell(each.answer),
            )
        )
        for row in rows
        for each in row.bodies
    )
    empty = _("还没有通知任何单位。")
    return Table("receipts", _("谁签收了"), columns, found, empty, is_demo=any(each.is_demo for each in rows))


def told_of(request: HttpRequest, kind: NoticeKind, thing: int) -> Table:
    """Who was told of a thing, as far as the person may see it. 3 queries."""
    acting = acting_of(request)
    found = store.notices(store.about([kind], [thing]) & store.readable(acting), scope_of(request).as_of)
    rows = [store.seen_by(each, acting) for each in found]
    named = person_names(each.author for row in rows for each in row.bodies if each.author)
    return receipts_table(request, rows, named)
