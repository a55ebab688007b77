"""批量导入: what would every row of my table do, and how do I take it in?"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from shuangkong.core.finding import Message
from shuangkong.papers.tables import FormField, SheetRefused, read_sheet, write_form
from shuangkong.records.people.roles import Action
from shuangkong.records.plans.exchange.columns import COLUMNS
from shuangkong.records.plans.exchange.rows import LoadReport, Mode, RowVerdict, Sort, Verdict
from shuangkong.records.plans.exchange.store import load_rows
from shuangkong.records.refusal import Refused
from shuangkong.web.plans.exchange.words import MODES, SORTS, VERDICTS
from shuangkong.web.site.access import acting_of, needs
from shuangkong.web.site.page import download, workbook_of
from shuangkong.web.site.scope import link
from shuangkong.web.site.tables import PAGE_ROWS, Cell, Column, Row, Table, text_cell
from shuangkong.web.site.words import spoken


@require_GET
@needs(Action.EXCHANGE_IMPORT)
def template(request: HttpRequest, sort: str) -> HttpResponse:
    """The empty table to fill in."""
    if sort not in set(Sort):
        raise Http404(sort)
    fields = [FormField(each.heading, each.takes, each.is_required, each.choices) for each in COLUMNS[Sort(sort)]]
    caption = str(SORTS[Sort(sort)])
    return download(write_form(caption, fields), f"{caption}.xlsx")


@require_http_methods(["GET", "POST"])
@needs(Action.EXCHANGE_IMPORT)
def taken_in(request: HttpRequest) -> HttpResponse:
    sort = _one(Sort, request.POST.get("sort") or request.GET.get("sort"), Sort.TASKS)
    mode = _one(Mode, request.POST.get("mode"), Mode.WHOLE)
    if request.method == "GET":
        return _page(request, sort, mode)
    file = request.FILES.get("file")
    if not isinstance(file, UploadedFile):
        return _page(request, sort, mode, refusal=_("没有收到文件。请选择填好的 .xlsx 或 .csv，再点“试算”。"))
    act = request.POST.get("act")
    try:
        sheet = read_sheet(file.read(), file.name or "")
        report = load_rows(
            sort, sheet.rows, acting_of(request), name=file.name or "", digest=sheet.digest, mode=mode,
            is_dry_run=act != "record",
        )  # fmt: skip
    except SheetRefused as refusal:
        return _page(request, sort, mode, refusal=f"{refusal.code} {spoken(Message(refusal.zh, refusal.en))}")
    except Refused as refusal:
        return _page(request, sort, mode, refusal=f"{refusal.code} {spoken(refusal.message)}")
    if act == "export":
        return download(workbook_of(_table(report)), _("试算结果") + ".xlsx")
    if report.load is None:
        return _page(request, sort, mode, report=report)
    count = report.count(Verdict.NEW)
    messages.success(request, ngettext("已录入 %(count)d 行。", "已录入 %(count)d 行。", count) % {"count": count})
    return redirect(link(request, "exchange:in", sort=sort.value))


def _one[E: (Sort, Mode)](words: type[E], said: str | None, usual: E) -> E:
    return next((each for each in words if each.value == said), usual)


def _page(
    request: HttpRequest, sort: Sort, mode: Mode, report: LoadReport | None = None, refusal: str = ""
) -> HttpResponse:
    context: dict[str, Any] = {
        "sort": sort.value,
        "mode": mode.value,
        "sorts": [(each.value, label) for each, label in SORTS.items()],
        "modes": [(each.value, label) for each, label in MODES.items()],
        "columns": COLUMNS[sort],
        "refusal": refusal,
        "report": report,
    }
    if report is not None:
        refused = report.count(Verdict.REFUSED)
        table = _table(report)
        context |= {
            "counts": [(label, report.count(verdict)) for verdict, label in VERDICTS.items()],
            "may_record": bool(report.count(Verdict.NEW)) and (not refused or mode is Mode.ACCEPTED),
            "verdicts": table,
            "shown_rows": table.rows[:PAGE_ROWS],
            "has_more": len(table.rows) > PAGE_ROWS,
        }
    return render(request, "exchange/in.html", context, status=422 if refusal else 200)


def _table(report: LoadReport) -> Table:
    columns = (
        Column("row", _("行号"), is_figure=True),
        Column("verdict", _("结果")),
        Column("what", _("内容")),
        Column("column", _("有误的列")),
        Column("expected", _("应当是")),
        Column("found", _("填的是")),
        Column("next", _("怎么办")),
        Column("code", _("编号")),
    )
    order = list(VERDICTS)
    ordered = sorted(report.verdicts, key=lambda each: (order.index(each.verdict), each.row))
    return Table("verdicts", _("每一行会怎样"), columns, tuple(map(_row, ordered)), _("文件里没有数据行。"))


def _row(each: RowVerdict) -> Row:
    words = (
        str(VERDICTS[each.verdict]), each.what, each.column, spoken(each.expected), each.found, spoken(each.next),
        each.code,
    )  # fmt: skip
    return Row((Cell(str(each.row), each.row), *map(text_cell, words)))
