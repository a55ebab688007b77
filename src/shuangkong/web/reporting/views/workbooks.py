"""表格文件: a template to fill in offline, the same as CSV, what comes back, and the sealed copy of record."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from shuangkong.core.finding import Finding, Message, Severity
from shuangkong.core.period import Period
from shuangkong.papers.reporting.csv_file import read_csv, write_csv
from shuangkong.papers.reporting.filled import read_template
from shuangkong.papers.reporting.kinds import megabytes
from shuangkong.papers.reporting.layout import About
from shuangkong.papers.reporting.sealed import Signed, write_sealed
from shuangkong.papers.reporting.template import write_template
from shuangkong.records.people.roles import Action
from shuangkong.records.reporting.drafting import ToSave, draft_content, save
from shuangkong.records.reporting.forms import edition_of, form_at
from shuangkong.records.reporting.models import Draft
from shuangkong.records.reporting.rows import ReturnRow, VersionRow
from shuangkong.reporting.content import Content, read_canonical
from shuangkong.reporting.forms.model import Form
from shuangkong.reporting.refusals import FormFileRefused, refuse
from shuangkong.reporting.taking import Taken
from shuangkong.rulebook import open_rulebook
from shuangkong.web.people.names import person_names
from shuangkong.web.reporting.found import own_or_404, return_or_404, version_or_404
from shuangkong.web.reporting.words import form_word, place_word
from shuangkong.web.site.access import acting_of, needs
from shuangkong.web.site.page import download, page
from shuangkong.web.site.scope import link
from shuangkong.web.site.words import spoken

_CSV = "text/csv; charset=utf-8"
_MOST_BYTES = 8 * 1024**2


@require_GET
@needs(Action.RETURN_FILE)
def template(request: HttpRequest, return_id: int) -> HttpResponse:
    """The form as a workbook, with what has been filled in so far; ``form=csv``: the same as CSV."""
    row = own_or_404(request, return_id)
    form, content = _form(row), _content(row)
    name = f"{form_word(row)} {row.period} {row.reporter.code}"
    if request.GET.get("form") == "csv":
        return download(write_csv(form, about_of(row), content), f"{name}.csv", _CSV)
    made = write_template(form, about_of(row), content, made_on=timezone.localdate())
    return download(made, f"{name}.xlsx")


@require_POST
@needs(Action.RETURN_FILE)
def upload(request: HttpRequest, return_id: int) -> HttpResponse:
    """Takes a filled template or a CSV into the draft, cell by cell; says what of it was not taken."""
    row, file = own_or_404(request, return_id), request.FILES.get("file")
    if file is None:
        return _unread(request, row, no_file())
    name = str(file.name)
    if (file.size or 0) > _MOST_BYTES:
        size, most = megabytes(file.size or 0), megabytes(_MOST_BYTES)
        return _unread(request, row, refuse("RPT-620", name, name=name, found=size, expected=most))
    try:
        taken = _read(row, name, file.read())
    except FormFileRefused as refused:
        return _unread(request, row, refused.finding)
    # What comes back as it went out stays what it was: a coefficient that was offered puts no row to use.
    stood = _content(row)
    changed = {address: entry for address, entry in taken.changes.items() if stood[address][:2] != entry[:2]}
    save(row.id, acting_of(request), ToSave(entries=changed))
    count = len(changed)
    messages.success(request, ngettext("已读入 %(n)s 格。", "已读入 %(n)s 格。", count) % {"n": count})
    if not taken.findings:
        return redirect(link(request, "reporting:form", row.id))
    form = _form(row)
    context = {
        "row": row, "name": form_word(row),
        "findings": [(each.code, place_word(form, each.place), spoken(each.message)) for each in taken.findings],
    }  # fmt: skip
    return page(request, "reporting/uploaded.html", context)


def _unread(request: HttpRequest, row: ReturnRow, found: Finding) -> HttpResponse:
    """A file of which nothing was taken: why, and the way on from here."""
    context = {"row": row, "name": form_word(row), "unread": (found.code, found.place, spoken(found.message))}
    return page(request, "reporting/uploaded.html", context, status=422)


def no_file() -> Finding:
    """Nothing was chosen before it was sent."""
    zh, en = (
        "没有选文件。请先选一个填好的 .xlsx 或 .csv，再上传。",
        "No file was chosen: choose a filled .xlsx or .csv.",
    )
    return Finding("RPT-948", Severity.MUST_FIX, "", Message(zh, en))


@require_GET
@needs(Action.RETURN_READ)
def sealed(request: HttpRequest, return_id: int, which: int) -> HttpResponse:
    """The copy of record of a version as a workbook; the same version is the same file."""
    row = return_or_404(request, return_id)
    told = version_or_404(row, which)
    form, signed = edition_of(row.form, told.edition, Period.parse(row.period), row.reporter.region), signed_of(told)
    name = _("%(form)s 第 %(number)s 版") % {"form": f"{form_word(row)} {row.period}", "number": told.number}
    return download(write_sealed(form, about_of(row), read_canonical(told.content), signed), f"{name}.xlsx")


def _read(row: ReturnRow, name: str, data: bytes) -> Taken:
    form, content, units = _form(row), _content(row), open_rulebook().units()
    read = read_csv if name.lower().endswith((".csv", ".txt")) else read_template
    return read(form, name, data, units, content, unit=row.reporter.code, period=row.period)


def signed_of(told: VersionRow) -> Signed:
    """How a version was signed, as its copy says it. 1 query."""
    named = person_names([told.signed_by]).get(told.signed_by, told.signed_by)
    return Signed(told.number, named, timezone.localtime(told.signed_at), open_rulebook().version)


def about_of(row: ReturnRow) -> About:
    """Whose return of when it is."""
    return About(
        row.reporter.code, row.reporter.name, Period.parse(row.period), is_demo=row.is_demo,
        is_fictional=row.reporter.is_fictional,
    )  # fmt: skip


def _form(row: ReturnRow) -> Form:
    return form_at(row.form, Period.parse(row.period), row.reporter.region)


def _content(row: ReturnRow) -> Content:
    return draft_content(row, Draft.objects.filter(owned=row.id).first())
