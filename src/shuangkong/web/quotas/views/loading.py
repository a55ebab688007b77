"""整批入账: take the form, see what every row would do, then enter all of them or none."""

from __future__ import annotations

from collections.abc import Sequence

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from shuangkong.core.finding import Message
from shuangkong.papers.tables import FormField, SheetRefused, read_sheet, write_form
from shuangkong.records.people.roles import Action
from shuangkong.records.quotas.columns import COLUMNS, rows_told
from shuangkong.records.quotas.rows import LedgerReport, Verdict
from shuangkong.records.quotas.taking import take_entries
from shuangkong.records.refusal import Refused
from shuangkong.web.site.access import acting_of, needs
from shuangkong.web.site.page import download, page
from shuangkong.web.site.scope import link
from shuangkong.web.site.words import spoken


@require_GET
@needs(Action.CERTIFICATE_RECORD)
def template(request: HttpRequest) -> HttpResponse:
    """The empty sheet to fill in."""
    fields = [FormField(each.heading, each.takes, each.is_required, each.choices) for each in COLUMNS]
    return download(write_form(_("绿证台账录入表"), fields), _("绿证台账录入表") + ".xlsx")


@require_http_methods(["GET", "POST"])
@needs(Action.CERTIFICATE_RECORD)
def load(request: HttpRequest) -> HttpResponse:
    if request.method == "GET":
        return _form(request)
    file, source = request.FILES.get("file"), request.POST.get("source", "").strip()
    if not isinstance(file, UploadedFile):
        return _form(request, refusal=_("没有收到文件。请选择填好的 .xlsx 或 .csv，再点“试算”。"))
    try:
        sheet = read_sheet(file.read(), file.name or _("未命名"))
        rows = rows_told(sheet.rows)
    except SheetRefused as refusal:
        return _form(request, source=source, refusal=f"{refusal.code} {spoken(Message(refusal.zh, refusal.en))}")
    except Refused as refusal:
        return _form(request, source=source, refusal=f"{refusal.code} {spoken(refusal.message)}")
    is_dry_run = request.POST.get("act") != "record"
    report = take_entries(rows, acting_of(request), source=source, digest=sheet.digest, is_dry_run=is_dry_run)
    if report.journal is None:
        return _form(request, report=report, source=source)
    messages.success(request, _("已入账，日志第 %(number)d 行。") % {"number": report.journal})
    return redirect(link(request, "quotas:certificates"))


def _form(
    request: HttpRequest, report: LedgerReport | None = None, source: str = "", refusal: str = ""
) -> HttpResponse:
    context = {
        "columns": COLUMNS,
        "source": source,
        "refusal": refusal,
        "report": report,
        "may_record": report is not None and not report.refused and bool(report.verdicts),
        "verdicts": _rows(report.verdicts) if report else (),
    }
    return page(request, "quotas/load.html", context, status=422 if refusal else 200)


def _rows(verdicts: Sequence[Verdict]) -> list[Verdict]:
    """Those refused first: they are what is to be mended."""
    return sorted(verdicts, key=lambda each: (not each.is_refused, each.row))
