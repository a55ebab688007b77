"""批量填报: one file for the returns of many units: tried first, then kept as drafts, then signed one by one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from shuangkong.core.digest import sm3
from shuangkong.core.finding import Finding, Severity
from shuangkong.papers.reporting.bulk import Bulk, read_bulk, write_bulk
from shuangkong.papers.reporting.bulk_csv import read_bulk_csv, write_bulk_csv
from shuangkong.papers.reporting.bulk_words import ToExplain
from shuangkong.papers.reporting.kinds import megabytes
from shuangkong.records.people.access import may
from shuangkong.records.people.roles import Action
from shuangkong.records.refusal import Refused
from shuangkong.records.reporting import bulk
from shuangkong.records.reporting.rows import ReturnRow
from shuangkong.reporting.forms.model import Form
from shuangkong.reporting.life import IN_FORCE, OWED
from shuangkong.reporting.refusals import FormFileRefused, refuse
from shuangkong.rulebook import open_rulebook
from shuangkong.web.plans.tasks.framed import at_form, refused_status
from shuangkong.web.reporting.views.workbooks import no_file
from shuangkong.web.reporting.words import SEVERITIES, STATES, form_name, period_word, place_word
from shuangkong.web.site.access import acting_of, needs
from shuangkong.web.site.page import download, page
from shuangkong.web.site.scope import link
from shuangkong.web.site.tables import Cell, Column, Row, Table, text_cell
from shuangkong.web.site.words import spoken

_CSV = "text/csv; charset=utf-8"
_MOST_BYTES = 20 * 1024**2
#: Findings of the checks that are listed of one unit; the rest stand on its page.
_SHOWN = 12


@require_GET
@needs(Action.RETURN_FILE)
def many(request: HttpRequest) -> HttpResponse:
    """What the person may file for many units; ``of=form/period``: the units, the template and the file."""
    if "of" in request.GET:
        return _page(request, _asked(request))
    acting = acting_of(request)
    accepted, is_cut = bulk.correctable(acting)
    context = {
        "owing": [_listed(*each) for each in bulk.owing(acting)], "accepted": [_listed(*each) for each in accepted],
        "is_cut": is_cut,
    }  # fmt: skip
    return page(request, "reporting/many.html", context)


def _listed(form: str, period: str, count: int, corrected: int) -> dict[str, Any]:
    return {
        "of": f"{form}/{period}", "form": form_name(form, period), "period": period_word(period), "count": count,
        "corrected": corrected,
    }  # fmt: skip


@require_GET
@needs(Action.RETURN_FILE)
def many_template(request: HttpRequest) -> HttpResponse:
    """The workbook with a row for every unit, ``words=1`` with what is to be explained; ``form=csv``: as lines."""
    what = _asked(request)
    name = f"{what.form.name.zh} {what.period}"
    if request.GET.get("form") == "csv":
        return download(write_bulk_csv(what.form, what.period, what.names), f"{name}.csv", _CSV)
    asked = [
        ToExplain(row.reporter.code, row.reporter.name, found.code, found.place, spoken(found.message))
        for row, found in (bulk.to_explain(what) if request.GET.get("words") else ())
    ]
    made = write_bulk(what.form, what.period, what.names, made_on=timezone.localdate(), asked=asked)
    return download(made, f"{name}.xlsx")


@require_POST
@needs(Action.RETURN_FILE)
def many_load(request: HttpRequest) -> HttpResponse:
    """A file: tried, or kept as drafts; all of it or nothing."""
    what, file = _asked(request), request.FILES.get("file")
    if file is None:
        return _page(request, what, refusal=_as_refused(no_file()))
    if (file.size or 0) > _MOST_BYTES:
        size, most, name = megabytes(file.size or 0), megabytes(_MOST_BYTES), str(file.name)
        return _page(request, what, refusal=_as_refused(refuse("RPT-620", name, name=name, found=size, expected=most)))
    data = file.read()
    try:
        read = _read(what, str(file.name), data)
        if request.POST.get("act") != "keep" or read.findings or not read.returns:
            return _page(request, what, _Tried(read.findings, bulk.tried(what, read.returns, read.words)))
        count = bulk.kept(what, read.returns, acting_of(request), sm3(data), read.words)
    except FormFileRefused as refused:
        return _page(request, what, refusal=_as_refused(refused.finding))
    except Refused as refusal:
        return _page(request, what, _Tried(read.findings, bulk.tried(what, read.returns, read.words)), at_form(refusal))
    told = ngettext("已存 %(n)s 家的草稿。", "已存 %(n)s 家的草稿。", count) % {"n": count}
    messages.success(request, told)
    return redirect(link(request, "reporting:many", of=f"{what.form.id}/{what.period}"))


def _as_refused(found: Finding) -> Refused:
    return Refused(found.code, found.message.zh, found.message.en, "file")


@dataclass(frozen=True, slots=True)
class _Tried:
    """``findings``: of the file; ``verdicts``: of its units."""

    findings: Sequence[Finding]
    verdicts: Sequence[bulk.Verdict]

    @property
    def may_be_kept(self) -> bool:
        return bool(self.verdicts) and not self.findings and not any(each.faults for each in self.verdicts)


def _of(request: HttpRequest) -> tuple[str, str]:
    told = request.POST.get("of", "") or request.GET.get("of", "")
    form, _slash, period = told.partition("/")
    return form, period


def _asked(request: HttpRequest) -> bulk.ToFile:
    """Raises Refused, also where the person may file nothing of it."""
    return bulk.to_file(acting_of(request), *_of(request))


def _read(what: bulk.ToFile, name: str, data: bytes) -> Bulk:
    units, period = open_rulebook().units(), str(what.period)
    read = read_bulk_csv if name.lower().endswith((".csv", ".txt")) else read_bulk
    return read(what.form, name, data, units, what.names, period=period)


def _page(
    request: HttpRequest,
    what: bulk.ToFile,
    tried: _Tried | None = None,
    refusal: Refused | None = None,
) -> HttpResponse:
    acting = acting_of(request)
    waiting = bulk.waiting(what)
    context = {
        "of": f"{what.form.id}/{what.period}", "name": spoken(what.form.name), "period": period_word(str(what.period)),
        "units": sum(row.state in OWED for row in what.rows),
        "corrected": sum(row.state in IN_FORCE for row in what.rows),
        "drafts": sum(has for _, has in waiting), "apart": what.apart, "tried": tried,
        "ready": sum(each.is_ready for each in tried.verdicts) if tried else 0,
        "may_sign": may(acting, Action.RETURN_SIGN) and any(
            has and may(acting, Action.RETURN_SIGN, row.where_signed) for row, has in waiting
        ),
        "refusal": refusal, "is_demo": any(row.is_demo for row in what.rows),
    }  # fmt: skip
    table = _verdicts(request, what.form, tried) if tried else _units(request, waiting)
    return page(request, "reporting/many_one.html", context, {"table": table}, refused_status(refusal))


def _units(request: HttpRequest, waiting: Sequence[tuple[ReturnRow, bool]]) -> Table:
    columns = (Column("code", _("单位代码")), Column("name", _("单位")), Column("state", _("办理情况")))
    rows = tuple(
        Row(
            (
                text_cell(row.reporter.code),
                text_cell(row.reporter.name, href=link(request, "reporting:form", row.id)),
                Cell(str(STATES[row.state]), str(STATES[row.state])),
            )
        )
        for row, _has in waiting
    )
    return Table("units", _("归您填报的单位"), columns, rows, is_demo=any(row.is_demo for row, _has in waiting))


def _verdicts(request: HttpRequest, form: Form, tried: _Tried) -> Table:
    columns = (
        Column("code", _("单位代码")), Column("name", _("单位")), Column("verdict", _("结论")),
        Column("place", _("位置")), Column("what", _("说明")),
    )  # fmt: skip
    rows = [_row("", "", _("不能采用"), place_word(form, each.place), spoken(each.message)) for each in tried.findings]
    for each in tried.verdicts:
        rows.extend(_of_unit(request, form, each))
    return Table("verdicts", _("逐单位、逐行的试算结果"), columns, tuple(rows), empty=_("文件里没有填数。"))


def _of_unit(request: HttpRequest, form: Form, each: bulk.Verdict) -> Iterator[Row]:
    code, name, href = each.row.reporter.code, each.row.reporter.name, link(request, "reporting:form", each.row.id)
    for fault in each.faults:
        yield _row(code, name, _("不能采用"), place_word(form, fault.place), spoken(fault.message), href)
    said = [found for found in each.found if found.severity is not Severity.NOTICE]
    for found in said[:_SHOWN]:
        where = spoken(found.where) if found.where else found.place
        yield _row(code, name, str(SEVERITIES[found.severity]), where, spoken(found.message), href)
    if len(said) > _SHOWN:
        yield _row(code, name, _("还有"), "", _("另有 %(n)s 处，见该单位填表页。") % {"n": len(said) - _SHOWN}, href)
    if not each.faults and not each.is_checked:
        yield _row(code, name, _("可以采用"), "", _("填了 %(n)s 格，签报时逐项审核。") % {"n": each.cells}, href)
    elif not each.faults and not said:
        words = _("改动 %(n)s 格，可以签报。") if each.cells else _("与已填的相同，可以签报。")
        yield _row(code, name, _("可以采用"), "", words % {"n": each.cells}, href)


def _row(code: str, name: str, verdict: str, place: str, what: str, href: str = "") -> Row:
    return Row((text_cell(code), text_cell(name, href=href), text_cell(verdict), text_cell(place), text_cell(what)))
