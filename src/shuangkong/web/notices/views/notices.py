"""通知: what must my body acknowledge, and who has read what was sent here?"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from shuangkong.records.notices import store
from shuangkong.records.notices.rows import KINDS, NoticeRow
from shuangkong.records.people.access import may
from shuangkong.records.people.roles import Action
from shuangkong.records.refusal import Refused
from shuangkong.web.notices.leading import thing_of
from shuangkong.web.notices.receipts import moment
from shuangkong.web.people.names import person_names
from shuangkong.web.site.access import acting_of, needs, reached
from shuangkong.web.site.page import page
from shuangkong.web.site.scope import link, scope_of
from shuangkong.web.site.tables import Cell, Column, Row, Table, text_cell
from shuangkong.web.site.words import spoken


@require_GET
@needs(Action.NOTICE_READ, shows_past=True)
def notices(request: HttpRequest) -> HttpResponse:
    acting, until = acting_of(request), scope_of(request).as_of
    rows = [store.seen_by(row, acting) for row in store.notices(store.readable(acting), until)]
    mine = sum(any(each.body in acting.bodies for each in row.waiting) for row in rows)
    others = sum(len(row.waiting) for row in rows)
    context = {"mine": mine, "others": others, "is_demo": any(row.is_demo for row in rows)}
    return page(request, "notices/list.html", context, {"notices_table": _listed(request, rows)})


@require_GET
@needs(Action.NOTICE_READ, shows_past=True)
def one(request: HttpRequest, notice_id: int) -> HttpResponse:
    return _one(request, _found(request, notice_id))


@require_POST
@needs(Action.NOTICE_ACKNOWLEDGE)
def acknowledge(request: HttpRequest, notice_id: int) -> HttpResponse:
    """The person's body has read it."""
    row = _found(request, notice_id)
    reached(request, row.where, Action.NOTICE_READ, Action.NOTICE_ACKNOWLEDGE)
    try:
        store.acknowledge(row.id, request.POST.get("text", ""), acting_of(request))
    except Refused as refusal:
        if refusal.code.startswith("PPL"):
            raise
        return _one(request, row, f"{refusal.code} {spoken(refusal.message)}")
    messages.success(request, _("已签收。"))
    return redirect(link(request, "notices:one", row.id))


def _found(request: HttpRequest, notice_id: int) -> NoticeRow:
    row = store.notice(notice_id, scope_of(request).as_of)
    if row is None:
        raise Http404
    reached(request, row.where, Action.NOTICE_READ)
    return store.seen_by(row, acting_of(request))


def _one(request: HttpRequest, row: NoticeRow, refusal: str = "") -> HttpResponse:
    acting = acting_of(request)
    mine = [each for each in row.bodies if each.body in acting.bodies]
    may_answer = not scope_of(request).as_of and may(acting, Action.NOTICE_ACKNOWLEDGE, row.where)
    context: dict[str, Any] = {
        "row": row, "kind": spoken(KINDS[row.kind]), "mine": mine, "refusal": refusal, "is_demo": row.is_demo,
        "may_acknowledge": may_answer and any(each.at is None for each in mine),
        "thing": thing_of(request, row), "waiting": len(row.waiting), "count": len(row.bodies),
        "author": person_names([row.author]).get(row.author, row.author),
    }  # fmt: skip
    tables: dict[str, Table | tuple[Table, ...]] = {"bodies_table": _bodies(row)}
    return page(request, "notices/one.html", context, tables, status=422 if refusal else 200)


def _listed(request: HttpRequest, rows: list[NoticeRow]) -> Table:
    bodies = acting_of(request).bodies
    columns = (
        Column("notice", _("通知")),
        Column("kind", _("种类")),
        Column("at", _("发出时间")),
        Column("mine", _("本单位")),
        Column("acknowledged", _("已签收")),
    )
    made = []
    for row in rows:
        own = [each for each in row.bodies if each.body in bodies]
        word = "" if not own else _("待签收") if any(each.at is None for each in own) else _("已签收")
        done = f"{len(row.bodies) - len(row.waiting)} / {len(row.bodies)}"
        made.append(
            Row(
                (
                    text_cell(row.title, href=link(request, "notices:one", row.id)),
                    text_cell(spoken(KINDS[row.kind])),
                    text_cell(moment(row.at)),
                    text_cell(word),
                    Cell(done, done),
                )
            )
        )
    empty = _("没有通知。晴雨表预警、预警调控、应急响应令和考核结果通知到单位时，在这里签收。")
    return Table("notices", _("各份通知"), columns, tuple(made), empty, is_demo=any(row.is_demo for row in rows))


def _bodies(row: NoticeRow) -> Table:
    named = person_names(each.author for each in row.bodies if each.author)
    columns = (
        Column("body", _("被通知单位")),
        Column("text", _("要做什么")),
        Column("at", _("签收时间")),
        Column("by", _("签收人")),
        Column("answer", _("回复")),
    )
    rows = tuple(
        Row(
            (
                text_cell(each.name),
                text_cell(each.text),
                text_cell(moment(each.at) if each.at else _("未签收")),
                text_cell(named.get(each.author, each.author)),
                text_cell(each.answer),
            )
        )
        for each in row.bodies
    )
    return Table("bodies", _("谁签收了"), columns, rows, is_demo=row.is_demo)
