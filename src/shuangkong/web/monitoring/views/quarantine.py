"""隔离的数据: what arrived that could not be taken, from whom, and what becomes of it?"""

from __future__ import annotations

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from shuangkong.records.monitoring import quarantine
from shuangkong.records.monitoring.models import Device, Quarantine
from shuangkong.records.monitoring.quarantine import Decision, QuarantineSort
from shuangkong.records.people.access import may, visible
from shuangkong.records.people.acting import Acting
from shuangkong.records.people.roles import Action
from shuangkong.records.refusal import Refused
from shuangkong.web.monitoring.codes import factor_word
from shuangkong.web.monitoring.frames import frame_at
from shuangkong.web.monitoring.receiving import ended_lately, ended_word
from shuangkong.web.monitoring.register_tables import moment
from shuangkong.web.monitoring.views.frames import shown_text
from shuangkong.web.monitoring.words import DECISIONS, QUARANTINED, both
from shuangkong.web.plans.tasks.framed import at_form
from shuangkong.web.site.access import acting_of, needs, reached
from shuangkong.web.site.page import page
from shuangkong.web.site.scope import link
from shuangkong.web.site.tables import Cell, Column, Row, Table, text_cell
from shuangkong.web.site.words import spoken

_MOST = 2_000


@require_GET
@needs(Action.MONITORING_SIFT)
def board(request: HttpRequest) -> HttpResponse:
    """What is undecided first; numbers that nobody registered are shown to every body that sifts."""
    acting, every = acting_of(request), request.GET.get("every")
    rows = list(seen_by(acting).order_by("decision", "-last_at")[:_MOST])
    open_ = [row for row in rows if not row.decision]
    context = {
        "open": len(open_),
        "every": every,
        "decisions": [(each.value, word) for each, word in DECISIONS.items()],
        "rows": [
            (
                row,
                QUARANTINED.get(QuarantineSort(row.sort), row.sort),
                both(row.text),
                moment(row.last_at),
                _next(request, row),
            )
            for row in open_[:100]
        ],
    }
    tables: dict[str, Table | tuple[Table, ...]] = {
        "quarantine_table": _table(rows if every else open_),
        "ended_table": _ended(),
    }
    return page(request, "monitoring/quarantine.html", context, tables)


@require_GET
@needs(Action.MONITORING_SIFT)
def bytes_of(request: HttpRequest, quarantine_id: int) -> HttpResponse:
    """What came, letter by letter: the newest of a kind that is kept apart."""
    row = seen_by(acting_of(request)).filter(pk=quarantine_id).first()
    if row is None:
        raise Http404(quarantine_id)
    held = None if row.segment is None or row.offset is None else frame_at(row.segment, row.offset)
    context = {
        "row": row,
        "sort": QUARANTINED.get(QuarantineSort(row.sort), row.sort),
        "said": both(row.text),
        "text": shown_text(request, held.text) if held else "",
        "received": moment(held.received_at if held else row.last_at),
        "gone": held.gone if held else _("没有留下原文。"),
    }
    return page(request, "monitoring/kept_apart.html", context)


@require_POST
@needs(Action.MONITORING_SIFT)
def decide(request: HttpRequest, quarantine_id: int) -> HttpResponse:
    """Records what is decided of one."""
    row = Quarantine.objects.filter(pk=quarantine_id).first()
    if row is None:
        raise Http404(quarantine_id)
    where = quarantine.where_of(row)
    if where.path:
        reached(request, where, Action.MONITORING_SIFT)
    decision = next((each for each in Decision if each == request.POST.get("decision")), None)
    try:
        if decision is None:
            raise Refused("MON-152", "请选择怎么处置。", "Choose what becomes of it.", "decision")
        quarantine.decide(row.pk, decision, acting_of(request), request.POST.get("ground", ""))
    except Refused as refusal:
        shown = at_form(refusal)
        messages.error(request, f"{shown.code} {spoken(shown.message)}")
    else:
        messages.success(request, _("已处置。"))
    return redirect(link(request, "monitoring:quarantine"))


def seen_by(by: Acting) -> QuerySet[Quarantine]:
    """Those of devices of the person's places, and those of nobody's."""
    known = Device.objects.filter(visible(by, Action.MONITORING_SIFT, "region__path"))
    return Quarantine.objects.filter(Q(mn__in=known.values("mn")) | ~Q(mn__in=Device.objects.values("mn")))


def _ended() -> Table:
    """Connections that the gateway ended lately: slow ones, silent ones, such as never got through the door."""
    columns = (
        Column("at", _("时间")),
        Column("address", _("来自")),
        Column("listener", _("监听")),
        Column("mn", _("设备编号（MN）")),
        Column("why", _("为什么断开")),
        Column("frames", _("收到的报文"), is_figure=True),
    )
    rows = tuple(
        Row(
            (
                Cell(moment(each.at), each.at.isoformat()),
                text_cell(each.peer, hint="" if each.peer else _("握手以前不知道对方")),
                text_cell(each.listener),
                text_cell(each.mn),
                text_cell(ended_word(each.why)),
                Cell(str(each.frames), each.frames),
            )
        )
        for each in ended_lately()
    )
    return Table("ended", _("网关断开的连接"), columns, rows, _("网关启动以来没有断开过连接。"), page_rows=20)


def _frame(row: Quarantine) -> str:
    return "" if row.segment is None else reverse("monitoring:quarantine_bytes", args=(row.pk,))


def _next(request: HttpRequest, row: Quarantine) -> str:
    """Where that which is lacking is registered."""
    if row.sort == QuarantineSort.DEVICE and may(acting_of(request), Action.MONITORING_REGISTER):
        return link(request, "monitoring:register_new", "devices", mn=row.mn)
    if row.sort in (QuarantineSort.UNIT, QuarantineSort.FACTOR):
        return link(request, "monitoring:register_new", "device-units", device=row.mn, factor=row.factor)
    return ""


def _table(rows: list[Quarantine]) -> Table:
    columns = (
        Column("number", _("编号"), is_figure=True),
        Column("mn", _("设备编号（MN）")),
        Column("sort", _("为什么隔离")),
        Column("factor", _("因子")),
        Column("said", _("说明")),
        Column("address", _("来自")),
        Column("count", _("收到次数"), is_figure=True),
        Column("first", _("首次")),
        Column("last", _("最近")),
        Column("decision", _("处置")),
        Column("ground", _("理由")),
    )
    words = {each.value: str(word) for each, word in DECISIONS.items()}
    made = tuple(
        Row(
            (
                Cell(str(each.pk), each.pk),
                text_cell(each.mn),
                text_cell(str(QUARANTINED.get(QuarantineSort(each.sort), each.sort))),
                text_cell(factor_word(each.factor) if each.factor else ""),
                text_cell(both(each.text), href=_frame(each)),
                text_cell(each.address),
                Cell(str(each.count), each.count),
                text_cell(moment(each.first_at)),
                text_cell(moment(each.last_at)),
                text_cell(words.get(each.decision, "")),
                text_cell(each.ground),
            )
        )
        for each in rows
    )
    return Table(
        "quarantine", _("隔离的数据"), columns, made, _("没有隔离的数据：收到的都有登记的设备，单位都能换算。")
    )
