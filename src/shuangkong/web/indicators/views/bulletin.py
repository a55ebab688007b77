"""统计公报: what did we publish, what waits to be signed off, and does it still say what we know?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_GET, require_POST

from shuangkong.core.fact import Subject
from shuangkong.core.period import Period
from shuangkong.papers.indicators.bulletin import BulletinTable, bulletin_docx, bulletin_xlsx
from shuangkong.papers.official.templates import read_templates
from shuangkong.records.bulletins import store
from shuangkong.records.bulletins.store import BulletinRow
from shuangkong.records.editions.rows import EventKind, Prepared, State
from shuangkong.records.indicators.readable import Readable
from shuangkong.records.indicators.territory import REGION
from shuangkong.records.people.access import may
from shuangkong.records.people.roles import Action
from shuangkong.records.refusal import Refused
from shuangkong.records.registry import store as registry
from shuangkong.web.indicators.asked import name_of
from shuangkong.web.indicators.bulletins import (
    OFFERED,
    USUAL,
    as_text,
    bulletin_table,
    from_text,
    is_demo,
    paper_of,
    version,
)
from shuangkong.web.indicators.comparing import comparable
from shuangkong.web.indicators.periods import by_time, period_word
from shuangkong.web.indicators.place import Place, place_asked, place_of_code
from shuangkong.web.people.names import person_names
from shuangkong.web.site.access import acting_of, needs, reached, seen
from shuangkong.web.site.page import download, page
from shuangkong.web.site.scope import link, scope_of
from shuangkong.web.site.tables import Cell as TableCell
from shuangkong.web.site.tables import Column, Row, Table, text_cell
from shuangkong.web.site.words import figure, maturity_word, spoken

STATES = {
    State.DRAFT: lazy("待批准"),
    State.APPROVED: lazy("已批准，待公布"),
    State.PUBLISHED: lazy("已公布"),
    State.RETURNED: lazy("已退回"),
    State.WITHDRAWN: lazy("已撤回"),
}
EVENTS = {
    EventKind.APPROVE: lazy("批准"),
    EventKind.RETURN: lazy("退回"),
    EventKind.PUBLISH: lazy("公布"),
    EventKind.WITHDRAW: lazy("撤回"),
}
_DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@dataclass(frozen=True, slots=True)
class Act:
    """One act offered below a bulletin: what it is, and which fields it asks for."""

    kind: EventKind
    label: str
    needs_number: bool
    needs_text: bool


@require_GET
@needs(Action.ACTUAL_READ, shows_past=True)
def bulletins(request: HttpRequest) -> HttpResponse:
    return _list(request)


@require_POST
@needs(Action.BULLETIN_PREPARE)
def prepare(request: HttpRequest) -> HttpResponse:
    """Keeps a draft of what is known now; what is refused comes back with what was chosen."""
    place = place_of_code(request, request.POST.get("place", ""))
    reached(request, place.where, Action.ACTUAL_READ, Action.BULLETIN_PREPARE)
    chosen = [each for each in OFFERED if each in request.POST.getlist("indicators")]
    try:
        period = _period(request.POST.get("of", ""))
        if not chosen:
            raise Refused("IND-308", "请至少选一项指标。", "Choose at least one indicator.", "indicators")
        made = store.prepare(
            Prepared(
                region=place.region.code, period=str(period), issuer=request.POST.get("issuer", ""),
                content=as_text(bulletin_table(place.region, period, chosen)), as_of=timezone.localdate(),
                rulebook=version(), is_demo=is_demo(place.region, period, chosen),
                is_fictional=place.region.is_fictional,
            ),
            acting_of(request),
        )  # fmt: skip
    except Refused as refusal:
        return _list(request, place, f"{refusal.code} {spoken(refusal.message)}")
    messages.success(request, _("已起草。请核对后送批。"))
    return redirect(link(request, "indicators:bulletin", made))


def _period(text: str) -> Period:
    try:
        return Period.parse(text)
    except ValueError as fault:
        raise Refused("IND-103", "请选时期。", "Choose a period.", "of") from fault


def _list(request: HttpRequest, place: Place | None = None, refusal: str = "") -> HttpResponse:
    scope, acting = scope_of(request), acting_of(request)
    place = place or place_asked(request)
    rows = store.bulletins(seen(request, Action.ACTUAL_READ, "path"), scope.as_of)
    readable = [each for each in rows if store.may_read(each, acting)]
    shown = [each for each in readable if place is None or not scope.place or each.region == place.region.code]
    may_prepare = place is not None and not scope.as_of and may(acting, Action.BULLETIN_PREPARE, place.where)
    context: dict[str, Any] = {
        "place": place,
        "region": place.region if place else None,
        "waiting": sum(each.state in (State.DRAFT, State.APPROVED) for each in shown),
        "published": sum(each.state is State.PUBLISHED for each in shown),
        "refusal": refusal,
        "form": _form(request, place) if place is not None and may_prepare else None,
    }
    return page(
        request, "indicators/bulletins.html", context, {"bulletins_table": _listed(request, shown)},
        status=422 if refusal else 200,
    )  # fmt: skip


def _form(request: HttpRequest, place: Place) -> dict[str, Any]:
    """What can be chosen: periods of which the areas have any figure of a bulletin."""
    areas = [Subject(REGION, each.code) for each in registry.children(place.region.code) if each.ends_on is None]
    offered = comparable([place.subject, *areas])
    telling = (*OFFERED, "total_consumption", "electricity_consumption")
    periods = {each for indicator in telling for each in offered.get(indicator, ()) if not each.is_plan}
    ordered = sorted(periods, key=by_time, reverse=True)
    chosen = request.POST.getlist("indicators") or USUAL
    return {
        "periods": [(str(each), period_word(each)) for each in ordered],
        "of": request.POST.get("of") or next(map(str, offered.get(USUAL[0], ())), ""),
        "indicators": [(each, name_of(each), each in chosen) for each in OFFERED],
        "issuer": request.POST.get("issuer", acting_of(request).body_name),
    }


def _listed(request: HttpRequest, rows: list[BulletinRow]) -> Table:
    columns = (
        Column("bulletin", _("公报")),
        Column("edition", _("版次"), is_figure=True),
        Column("state", _("状态")),
        Column("number", _("文号")),
        Column("as_of", _("数据截至")),
        Column("prepared", _("起草")),
        Column("on", _("公布日期")),
    )
    named = person_names([each.prepared_by for each in rows])
    made = tuple(
        Row(
            (
                text_cell(_title(each), href=link(request, "indicators:bulletin", each.id)),
                TableCell(str(each.edition), each.edition),
                text_cell(str(STATES[each.state])),
                text_cell(each.published.number if each.published else ""),
                TableCell(each.as_of.isoformat(), each.as_of),
                text_cell(named.get(each.prepared_by, each.prepared_by)),
                TableCell(each.published.on.isoformat(), each.published.on) if each.published else TableCell("—"),
            )
        )
        for each in rows
    )
    empty = _("还没有公报。起草后在这里列出，批准、公布后冻结；以后更正出新的一版。")
    return Table("bulletins", _("历次公报"), columns, made, empty, is_demo=any(each.is_demo for each in rows))


def _title(row: BulletinRow) -> str:
    return _("%(place)s%(period)s单位地区生产总值能耗等指标公报") % {
        "place": row.region_name,
        "period": period_word(Period.parse(row.period)),
    }


@require_GET
@needs(Action.ACTUAL_READ, shows_past=True)
def bulletin(request: HttpRequest, bulletin_id: int) -> HttpResponse:
    return _one(request, _found(request, bulletin_id))


@require_POST
@needs(Action.ACTUAL_READ)
def act_on(request: HttpRequest, bulletin_id: int) -> HttpResponse:
    """Approves, returns, publishes or withdraws; what is refused comes back with its reason."""
    row = _found(request, bulletin_id)
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
    return redirect(link(request, "indicators:bulletin", row.id))


@require_GET
@needs(Action.ACTUAL_READ)
def bulletin_file(request: HttpRequest, bulletin_id: int, form: str) -> HttpResponse:
    """The paper or its workbook, the same each time until something is done to the bulletin."""
    row = _found(request, bulletin_id)
    corrected = store.bulletin(row.corrects) if row.corrects else None
    given = paper_of(row, from_text(row.content), corrected)
    name = f"{row.region_name}{period_word(Period.parse(row.period))}公报-第{row.edition}版"
    if form == "xlsx":
        return download(bulletin_xlsx(given), f"{name}.xlsx")
    return download(bulletin_docx(given, read_templates(settings.VAR / "papers")), f"{name}.docx", _DOCX)


def _found(request: HttpRequest, bulletin_id: int) -> BulletinRow:
    row = store.bulletin(bulletin_id, scope_of(request).as_of)
    if row is None or not store.may_read(row, acting_of(request)):
        raise Http404
    return row


def _one(request: HttpRequest, row: BulletinRow, refusal: str = "") -> HttpResponse:
    scope, acting = scope_of(request), acting_of(request)
    table = from_text(row.content)
    region = registry.region(row.region)
    assert region is not None
    now = bulletin_table(region, Period.parse(row.period), [each.indicator for each in table.columns], scope.as_of)
    allowed = [] if scope.as_of else store.acts_allowed(row, acting)
    later = _later(table, now, Readable(acting, row.path))
    named = person_names([row.prepared_by, *(each.author for each in row.events)])
    return page(
        request,
        "indicators/bulletin.html",
        {
            "row": row,
            "region": region,
            "is_demo": row.is_demo,
            "title": _title(row),
            "state": STATES[row.state],
            "notes": table.notes,
            "acts": [act_offered(kind) for kind in allowed],
            "events": [(EVENTS[each.kind], named.get(each.author, each.author), each) for each in reversed(row.events)],
            "prepared_by": named.get(row.prepared_by, row.prepared_by),
            "refusal": refusal,
            "changed": len(later.rows),
            "is_open": row.state in (State.DRAFT, State.APPROVED),
            "is_published": row.state is State.PUBLISHED,
        },
        {"content_table": _content(row, table), "later_table": later},
        status=422 if refusal else 200,
    )


def act_offered(kind: EventKind) -> Act:
    return Act(kind, str(EVENTS[kind]), kind is EventKind.PUBLISH, kind in (EventKind.RETURN, EventKind.WITHDRAW))


def _content(row: BulletinRow, table: BulletinTable) -> Table:
    columns = (
        Column("area", _("地区")),
        *(Column(each.indicator, name_of(each.indicator), each.unit, is_figure=True) for each in table.columns),
    )
    rows = tuple(
        Row(
            (
                text_cell(line.name),
                *(
                    TableCell(
                        cell.text.replace("-", "−"), cell.value,
                        hint=maturity_word(cell.maturity) if cell.maturity else "", is_doubted=cell.is_doubted,
                    )
                    for cell in line.cells
                ),
            )
        )
        for line in table.lines
    )  # fmt: skip
    caption = _("第 %(edition)d 版所印的数") % {"edition": row.edition}
    return Table("content", caption, columns, rows, is_demo=row.is_demo)


def _later(then: BulletinTable, now: BulletinTable, readable: Readable) -> Table:
    """Figures that are others now than they were printed, of the areas that the person may read."""
    columns = (
        Column("area", _("地区")),
        Column("indicator", _("指标")),
        Column("printed", _("公报所印"), is_figure=True),
        Column("known", _("现在的数"), is_figure=True),
    )
    current = {line.code: line.cells for line in now.lines}
    rows = tuple(
        Row(
            (
                text_cell(line.name),
                text_cell(name_of(column.indicator)),
                TableCell(figure(printed.value), printed.value),
                TableCell(figure(found.value), found.value),
            )
        )
        for line in then.lines
        for column, printed, found in zip(then.columns, line.cells, current.get(line.code, line.cells), strict=True)
        if printed.value != found.value and readable.has(Subject(REGION, line.code))
    )
    return Table("later", _("公布后变了的数"), columns, rows, _("所印的数和现在的数相同。"))
