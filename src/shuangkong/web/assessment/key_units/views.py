"""重点用能单位名单: who stands in which list from when until when, and who assesses it by that; lists come by file."""

from __future__ import annotations

from collections import Counter

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_GET, require_POST

from shuangkong.core.dated import Validity
from shuangkong.core.finding import Message
from shuangkong.papers.tables import FormField, SheetRefused, read_sheet, write_form
from shuangkong.records.assessment.key_units.store import KeyUnitRow, key_units, readable
from shuangkong.records.assessment.key_units.taking import COLUMNS, LISTINGS, ListReport, take_list
from shuangkong.records.paths import below
from shuangkong.records.people.access import Where, may
from shuangkong.records.people.roles import Action
from shuangkong.records.refusal import Refused
from shuangkong.records.registry.tree import path_of
from shuangkong.rulebook import open_rulebook
from shuangkong.web.assessment.key_units.above import unlisted_table
from shuangkong.web.site.access import acting_of, needs
from shuangkong.web.site.page import download, page
from shuangkong.web.site.scope import link, scope_of
from shuangkong.web.site.tables import Cell, Column, Row, Table, text_cell
from shuangkong.web.site.words import spoken

LISTS = {
    "hundred": lazy("百家"),
    "thousand": lazy("千家"),
    "ten_thousand": lazy("万家"),
    "key_energy_unit": lazy("重点用能单位"),
}


@require_GET
@needs(Action.ASSESSMENT_READ, shows_past=True)
def every(request: HttpRequest) -> HttpResponse:
    return _page(request)


@require_GET
@needs(Action.ASSESSMENT_CONDUCT)
def template(request: HttpRequest) -> HttpResponse:
    """The empty sheet to fill in; its headings are Chinese whatever the language of the page."""
    takes = {"企业": "源代码、统一社会信用代码或全称", "名单": "、".join(LISTINGS), "公布文件": "文号"}
    choices = {"名单": tuple(LISTINGS)}
    fields = [
        FormField(heading, takes.get(heading, "YYYY-MM-DD"), is_required, choices.get(heading, ()))
        for heading, is_required in COLUMNS
    ]
    return download(write_form("重点用能单位名单导入表", fields), "重点用能单位名单导入表.xlsx")


@require_POST
@needs(Action.ASSESSMENT_CONDUCT)
def load(request: HttpRequest) -> HttpResponse:
    """Tries a list, or takes it: all its rows, or none."""
    file = request.FILES.get("file")
    if not isinstance(file, UploadedFile):
        return _page(request, refusal=_("没有收到文件。请选择填好的 .xlsx 或 .csv。"))
    try:
        sheet, acting = read_sheet(file.read(), file.name or "list"), acting_of(request)
        is_dry_run = request.POST.get("act") != "record"
        report = take_list(sheet.rows, acting.region, acting, digest=sheet.digest, is_dry_run=is_dry_run)
    except SheetRefused as refusal:
        return _page(request, refusal=f"{refusal.code} {spoken(Message(refusal.zh, refusal.en))}")
    except Refused as refusal:
        return _page(request, refusal=f"{refusal.code} {spoken(refusal.message)}")
    if report.journal is None:
        return _page(request, report)
    messages.success(request, _("名单已导入，日志第 %(number)d 行。") % {"number": report.journal})
    return redirect(link(request, "key_units:list"))


def _page(request: HttpRequest, report: ListReport | None = None, refusal: str = "") -> HttpResponse:
    scope, acting = scope_of(request), acting_of(request)
    condition = readable(acting)
    if scope.place:
        condition &= below(path_of(scope.place) or "/?/", "enterprise__region__path")
    rows, day = key_units(condition, scope.as_of), scope.as_of or timezone.localdate()
    now = Counter(row.listing for row in rows if row.holds_on(day))
    context = {
        "counts": [(label, now[word]) for word, label in LISTS.items()],
        "may_load": scope.as_of is None
        and bool(acting.region)
        and may(acting, Action.ASSESSMENT_CONDUCT, Where(path_of(acting.region))),
        "report": report,
        "refusal": refusal,
    }  # fmt: skip
    status = 422 if refusal or (report is not None and not report.is_sound) else 200
    tables = {"list_table": _table(rows)}
    if above := unlisted_table(request, day):
        tables["unlisted_table"] = above
    context["has_unlisted"] = above is not None
    return page(request, "key_units/list.html", context, tables, status=status)


def _table(rows: tuple[KeyUnitRow, ...]) -> Table:
    columns = (
        Column("unit", _("用能单位")),
        Column("source", _("源代码")),
        Column("region", _("地区")),
        Column("listing", _("名单")),
        Column("starts", _("从")),
        Column("until", _("到")),
        Column("assessed_by", _("谁来考核")),
        Column("document", _("公布文件")),
        Column("label", _("说明")),
    )
    made = tuple(Row(_cells(row)) for row in rows)
    empty = _("还没有名单。考核机关按公布的名单导入：百家、千家、万家或重点用能单位，写明起止日期和公布文件。")
    return Table(
        "key_units", _("重点用能单位名单"), columns, made, empty, is_demo=any(row.is_fictional for row in rows)
    )


def _cells(row: KeyUnitRow) -> tuple[Cell, ...]:
    return (
        text_cell(row.name),
        text_cell(row.source),
        text_cell(row.region_name),
        text_cell(str(LISTS.get(row.listing, row.listing))),
        Cell(row.starts.isoformat(), row.starts),
        Cell(row.until.isoformat(), row.until) if row.until else text_cell(""),
        text_cell(_assessed_by(row)),
        text_cell(row.document),
        text_cell(_("演示数据、虚构") if row.is_fictional else ""),
    )


def _assessed_by(row: KeyUnitRow) -> str:
    """By which duties, of those in force on some day of the entry."""
    book, span = open_rulebook(), Validity(row.starts, row.until)
    duties = book.assessment(book.layer_of(row.region, row.starts)).duties
    return _("；").join(
        spoken(duty.name) for duty in duties if duty.register == row.listing and duty.validity.overlaps(span)
    )
