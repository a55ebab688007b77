"""导入调度表: what would my file of this month's dispatch do?"""

from __future__ import annotations

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from shuangkong.core.finding import Message
from shuangkong.papers.tables import SheetRefused, read_sheet, write_form
from shuangkong.records.people.roles import Action
from shuangkong.records.refusal import Refused
from shuangkong.web.outlook.projects.sheet import Verdict, form_fields, take_months
from shuangkong.web.plans.tasks.framed import at_form
from shuangkong.web.site.access import acting_of, needs
from shuangkong.web.site.page import download, page
from shuangkong.web.site.scope import link
from shuangkong.web.site.tables import Cell, Column, Row, Table, text_cell
from shuangkong.web.site.words import spoken


@require_GET
@needs(Action.PROJECT_DISPATCH)
def template(request: HttpRequest) -> HttpResponse:
    """The empty sheet to fill in."""
    name = _("重点工程调度表")
    return download(write_form(name, form_fields()), f"{name}.xlsx")


@require_http_methods(["GET", "POST"])
@needs(Action.PROJECT_DISPATCH)
def load(request: HttpRequest) -> HttpResponse:
    """A file that is sent is tried first, then recorded."""
    if request.method == "GET":
        return _page(request)
    file = request.FILES.get("file")
    content = file.read() if isinstance(file, UploadedFile) else b""
    if not content:
        return _page(request, refusal=_("没有收到文件。请选择填好的 .xlsx 或 .csv，再点“试算”。"))
    is_dry_run = request.POST.get("act") != "record"
    try:
        sheet = read_sheet(content, file.name or "" if isinstance(file, UploadedFile) else "")
        verdicts = take_months(sheet.rows, acting_of(request), is_dry_run=is_dry_run)
    except SheetRefused as refusal:
        return _page(request, refusal=f"{refusal.code} {spoken(Message(refusal.zh, refusal.en))}")
    except Refused as refusal:
        shown = at_form(refusal)
        return _page(request, refusal=f"{shown.code} {spoken(shown.message)}")
    if is_dry_run or not verdicts or any(each.message is not None for each in verdicts):
        return _page(request, verdicts)
    messages.success(request, _("已记录 %(count)s 行调度。") % {"count": len(verdicts)})
    return redirect(link(request, "projects:list"))


def _page(request: HttpRequest, verdicts: tuple[Verdict, ...] | None = None, refusal: str = "") -> HttpResponse:
    context = {
        "is_tried": verdicts is not None,
        "may_record": bool(verdicts) and all(each.message is None for each in verdicts or ()),
        "refusal": refusal,
    }
    tables: dict[str, Table | tuple[Table, ...]] = {"verdicts_table": _verdicts(verdicts or ())}
    return page(request, "projects/load.html", context, tables, status=422 if refusal else 200)


def _verdicts(found: tuple[Verdict, ...]) -> Table:
    columns = (
        Column("row", _("行号"), is_figure=True),
        Column("project", _("工程")),
        Column("result", _("结果")),
        Column("said", _("说明")),
    )
    rows = tuple(
        Row(
            (
                Cell(str(each.row), each.row),
                text_cell(each.project),
                text_cell(_("不能记录") if each.message else _("可以记录")),
                text_cell(f"{each.code} {spoken(each.message)}" if each.message else ""),
            )
        )
        for each in found
    )
    return Table("verdicts", _("每一行会怎样"), columns, rows, _("文件里没有要记录的行。"))
