"""一期晴雨表: prepared, signed off, published; does what it says still follow from what is known?"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from shuangkong.outlook.barometer.issue import Content
from shuangkong.papers.official.templates import read_templates
from shuangkong.papers.outlook.barometer import barometer_docx, barometer_xlsx
from shuangkong.records.editions.rows import OPEN, EventKind, State
from shuangkong.records.notices.rows import NoticeKind
from shuangkong.records.outlook.barometer import store
from shuangkong.records.outlook.barometer.rows import IssueRow
from shuangkong.records.outlook.barometer.seeing import as_seen
from shuangkong.records.people.access import may
from shuangkong.records.people.roles import Action
from shuangkong.records.refusal import Refused
from shuangkong.web.indicators.place import place_of_code
from shuangkong.web.indicators.views.bulletin import EVENTS, STATES, act_offered
from shuangkong.web.notices.receipts import told_of
from shuangkong.web.outlook.making import again, judged, paper_of, prepared
from shuangkong.web.outlook.tables import compared_with, name_of, tables_of
from shuangkong.web.outlook.views.barometer import charts_of, explained, periods_of, shown
from shuangkong.web.outlook.words import level_word, title_of
from shuangkong.web.people.names import person_names
from shuangkong.web.site.access import acting_of, needs, reached, seen
from shuangkong.web.site.page import download, page
from shuangkong.web.site.scope import link, scope_of
from shuangkong.web.site.tables import Column, Row, Table, text_cell
from shuangkong.web.site.words import spoken

_DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
#: What stands in an address for the target of a line.
_ANY_TARGET = 0


@require_POST
@needs(Action.BAROMETER_PREPARE)
def prepare(request: HttpRequest) -> HttpResponse:
    """Keeps a draft of what is known now; what is refused comes back with what was chosen."""
    place = place_of_code(request, request.POST.get("place", ""))
    reached(request, place.where, Action.ACTUAL_READ, Action.BAROMETER_PREPARE)
    try:
        period = next((each for each in periods_of(place) if str(each) == request.POST.get("of", "")), None)
        if period is None:
            raise Refused("OUT-309", "请选时期。", "Choose a period.", "of")
        found = judged(place, period, seen(request, Action.PLAN_READ), request.POST.getlist("parts"))
        if found is None:
            zh = "没有覆盖这一期的有效方案，不能判定。请先读入并采用方案。"
            raise Refused("OUT-310", zh, "No plan in force covers the period: adopt one first.", "of")
        made = store.prepare(prepared(place, found, request.POST.get("issuer", "")), acting_of(request))
    except Refused as refusal:
        if refusal.code.startswith("PPL"):
            raise
        return shown(request, place, f"{refusal.code} {spoken(refusal.message)}")
    messages.success(request, _("已起草。请核对后送批。"))
    return redirect(link(request, "outlook:issue", made))


@require_GET
@needs(Action.ACTUAL_READ, shows_past=True)
def issue(request: HttpRequest, issue_id: int) -> HttpResponse:
    return _one(request, found_or_404(request, issue_id))


@require_POST
@needs(Action.ACTUAL_READ)
def act_on(request: HttpRequest, issue_id: int) -> HttpResponse:
    """Approves, returns, publishes or withdraws; what is refused comes back with its reason."""
    row = found_or_404(request, issue_id)
    kind = next((each for each in EventKind if each == request.POST.get("kind")), None)
    if kind is None:
        raise Http404
    said = {key: request.POST.get(key, "") for key in ("number", "text")}
    try:
        store.act(row.id, kind, acting_of(request), **said)
    except Refused as refusal:
        if refusal.code.startswith("PPL"):
            raise
        return _one(request, row, f"{refusal.code} {spoken(refusal.message)}")
    messages.success(request, _("已记录：%(act)s。") % {"act": EVENTS[kind]})
    return redirect(link(request, "outlook:issue", row.id))


@require_GET
@needs(Action.ACTUAL_READ)
def issue_file(request: HttpRequest, issue_id: int, form: str) -> HttpResponse:
    """The paper or its workbook, the same each time until something is done to the issue."""
    row, _hidden = as_seen(found_or_404(request, issue_id), acting_of(request))
    given = paper_of(row, store.issue(row.corrects) if row.corrects else None)
    name = f"{given.content.place}{given.period}晴雨表-第{row.edition}版"
    if form == "xlsx":
        return download(barometer_xlsx(given), f"{name}.xlsx")
    return download(barometer_docx(given, read_templates(settings.VAR / "papers")), f"{name}.docx", _DOCX)


def found_or_404(request: HttpRequest, issue_id: int) -> IssueRow:
    row = store.issue(issue_id, scope_of(request).as_of)
    if row is None or not store.may_read(row, acting_of(request)):
        raise Http404
    return row


def _one(request: HttpRequest, whole: IssueRow, refusal: str = "") -> HttpResponse:
    scope, acting = scope_of(request), acting_of(request)
    row, hidden = as_seen(whole, acting)
    place = place_of_code(request, row.region)
    later = _later(row, again(row, seen(request, Action.PLAN_READ), place, scope.as_of))
    named = person_names([row.prepared_by, *(each.author for each in row.events)])
    allowed = [] if scope.as_of else store.acts_allowed(row, acting)
    levels = tables_of(request, row.content, is_demo=row.is_demo, notice=_notice(request, row))
    tables: dict[str, Table | tuple[Table, ...]] = {
        "part_tables": tuple(each.table for each in levels),
        "later_table": later,
        "receipts_table": told_of(request, NoticeKind.BAROMETER, row.id),
    }
    context: dict[str, Any] = {
        "row": row,
        "region": place.region,
        "is_demo": row.is_demo,
        "title": title_of(row.content.place, row.content.period),
        "state": STATES[row.state],
        "charts": charts_of(request, row.content, levels, row.region),
        "hidden": hidden,
        "compared": compared_with(row.content),
        "explained": explained(row.content.parts),
        "acts": [act_offered(kind) for kind in allowed],
        "events": [(EVENTS[each.kind], named.get(each.author, each.author), each) for each in reversed(row.events)],
        "prepared_by": named.get(row.prepared_by, row.prepared_by),
        "warned": _warned(request, row),
        "refusal": refusal,
        "changed": len(later.rows),
        "is_open": row.state in OPEN,
        "is_published": row.state is State.PUBLISHED,
    }
    return page(request, "outlook/issue.html", context, tables, status=422 if refusal else 200)


def _warned(request: HttpRequest, row: IssueRow) -> list[tuple[int, str]]:
    """Who is warned and may be answered with a response: number of the target and name."""
    may_decide = not scope_of(request).as_of and may(acting_of(request), Action.RESPONSE_DECIDE, row.where)
    if row.state is not State.PUBLISHED or not may_decide:
        return []
    return [(line.target, f"{line.name} · {name_of(part)} · {level_word(line.level)}")
            for part, line in row.content.warned]  # fmt: skip


def _notice(request: HttpRequest, row: IssueRow) -> str:
    """Where the notice of a line is made, with {target} in it; "" where the person makes none, or it is too early."""
    may_make = not scope_of(request).as_of and may(acting_of(request), Action.PAPER_MAKE, row.where)
    if (
        row.state is not State.PUBLISHED
        or not may_make
        or not may(acting_of(request), Action.BAROMETER_PUBLISH, row.where)
    ):
        return ""
    return reverse("outlook:notice", args=(row.id, _ANY_TARGET)).replace(f"/{_ANY_TARGET}/", "/{target}/")


def _later(row: IssueRow, now: Content | None) -> Table:
    """Levels that are others now than they were printed."""
    columns = (
        Column("subject", _("对象")),
        Column("indicator", _("指标")),
        Column("printed", _("晴雨表所印")),
        Column("known", _("按现在的数")),
    )
    known = {line.target: line.level for part in now.parts for line in part.lines} if now else {}
    rows = tuple(
        Row(
            (
                text_cell(line.name),
                text_cell(name_of(part)),
                text_cell(level_word(line.level)),
                text_cell(level_word(known[line.target])),
            )
        )
        for part in row.content.parts
        for line in part.lines
        if line.target in known and known[line.target] is not line.level
    )
    return Table("later", _("起草后变了的等级"), columns, rows, _("所印的等级和按现在的数判定的相同。"))
