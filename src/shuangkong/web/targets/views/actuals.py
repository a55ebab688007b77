"""录入实际值: take the form, see what every row would do, then take it in."""

from __future__ import annotations

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from shuangkong.core.finding import Message
from shuangkong.papers.tables import FormField, SheetRefused, read_sheet, write_form
from shuangkong.records.facts import store
from shuangkong.records.facts.columns import CHOICES, COLUMNS
from shuangkong.records.facts.rows import LoadReport, RowVerdict
from shuangkong.records.people.roles import Action
from shuangkong.rulebook import open_rulebook
from shuangkong.web.plans.tasks.derived import derive_loaded
from shuangkong.web.site.access import acting_of, needs
from shuangkong.web.site.page import download, page, workbook_of
from shuangkong.web.site.scope import link
from shuangkong.web.site.tables import PAGE_ROWS, Cell, Column, Row, Table, text_cell
from shuangkong.web.site.words import indicator_word, spoken

#: What each column takes, in the language of the page.
_TAKES = {
    "indicator": lazy("指标名称、别名或代码"),
    "subject": lazy("地区、行业、单位或机构的名称或代码；地区内的行业写“地区代码/行业代码”"),
    "period": lazy("年、半年（H1）、季度（Q3）、月（07）、1—10 月（C10）或五年，如 YYYY、YYYY-H1"),
    "value": lazy("数字（0 是数值）、缺失、不适用或不公布"),
    "unit": lazy("与指标相符的计量单位；变化率写 %"),
    "measure": lazy("水平（默认；减排量为基年以来累计数）、比上年变化、比基年变化或当年量"),
    "maturity": lazy("数据的成熟程度：快报、初步、最终或核定（“缺失”写在数值列）"),
    "origin": lazy("上报（默认）、本级测算或反馈核定"),
    "evidence": lazy("统计（默认）或行政；只有行政数据能用于对单位的处理"),
    "subject_kind": lazy("地区、行业、单位、机构或部门；空着则按对象名称判断"),
    "source": lazy("此数的出处；空着则用整个文件的来源"),
    "note": lazy("任意说明"),
}
_VERDICT_ORDER = ("refused", "changed", "new", "same")


@require_GET
@needs(Action.ACTUAL_LOAD)
def template(request: HttpRequest) -> HttpResponse:
    """The empty sheet to fill in."""
    fields = [FormField(each.headings[0], each.takes, each.is_required, CHOICES.get(each.name, ())) for each in COLUMNS]
    return download(write_form(_("实际值录入表"), fields), _("实际值录入表") + ".xlsx")


@require_http_methods(["GET", "POST"])
@needs(Action.ACTUAL_LOAD)
def actuals(request: HttpRequest) -> HttpResponse:
    if request.method == "GET":
        return _form(request)
    file, source = request.FILES.get("file"), request.POST.get("source", "").strip()
    if not isinstance(file, UploadedFile):
        return _form(request, source=source, refusal=_("没有收到文件。请选择填好的 .xlsx 或 .csv，再点“试算”。"))
    name = file.name or _("未命名")
    act = request.POST.get("act")
    try:
        sheet = read_sheet(file.read(), name)
    except SheetRefused as refusal:
        words = f"{refusal.code} {spoken(Message(refusal.zh, refusal.en))}"
        return _form(request, source=source, refusal=words)
    report = store.load_rows(
        sheet.rows,
        name=name,
        digest=sheet.digest,
        source=source,
        by=acting_of(request),
        is_dry_run=act != "record",
    )
    if act == "export":
        return download(workbook_of(_verdict_table(report)), _("试算结果") + ".xlsx")
    if not report.is_written:
        return _form(request, report=report, source=source)
    if report.load is not None:
        derive_loaded(report.load)
    count = report.count("new") + report.count("changed")
    done = ngettext(
        "已录入 %(count)d 个数。首页和目标页已经更新。", "已录入 %(count)d 个数。首页和目标页已经更新。", count
    )
    messages.success(request, done % {"count": count})
    return redirect(link(request, "targets:actuals"))


def _form(request: HttpRequest, report: LoadReport | None = None, source: str = "", refusal: str = "") -> HttpResponse:
    context: dict[str, object] = {
        "columns": [(each.headings, each.is_required, _TAKES[each.name]) for each in COLUMNS],
        "source": source,
        "refusal": refusal,
        "report": report,
        "counts": [(_verdict_word(word), report.count(word)) for word in _VERDICT_ORDER] if report else [],
        "may_record": report is not None and not report.count("refused") and bool(report.verdicts),
    }
    context |= _trial(report) if report else {}
    return page(request, "targets/actuals.html", context, status=422 if refusal else 200)


def _trial(report: LoadReport) -> dict[str, object]:
    """The verdicts for the page. They answer a POST: no address shows them again, so nothing there sorts or filters."""
    table = _verdict_table(report)
    return {"verdicts": table, "shown_rows": table.rows[:PAGE_ROWS], "has_more": len(table.rows) > PAGE_ROWS}


def _verdict_word(verdict: str) -> str:
    words = {"new": _("新增"), "changed": _("更正"), "same": _("没有变化"), "refused": _("不能录入")}
    return words[verdict]


def _verdict_table(report: LoadReport) -> Table:
    columns = (
        Column("row", _("行号"), is_figure=True),
        Column("verdict", _("结果")),
        Column("indicator", _("指标")),
        Column("what", _("内容")),
        Column("told", _("文件中的数")),
        Column("before", _("已录入的数")),
        Column("column", _("有误的列")),
        Column("expected", _("应当是")),
        Column("found", _("填的是")),
        Column("message", _("说明")),
    )
    ordered = sorted(report.verdicts, key=lambda row: (_VERDICT_ORDER.index(row.verdict), row.row))
    return Table(
        "verdicts", _("每一行会怎样"), columns, tuple(_verdict_row(row) for row in ordered), _("文件里没有数据行。")
    )


def _indicator_name(key: str) -> str:
    """The indicator as the policy files name it; a name that only a plan prints is its own key."""
    plain, _at, scope = key.partition("@")
    known = open_rulebook().indicators().get(plain)
    return indicator_word(key, f"{known.zh}（{scope}）" if scope else known.zh) if known else key


def _verdict_row(row: RowVerdict) -> Row:
    return Row(
        (
            Cell(str(row.row), row.row),
            text_cell(_verdict_word(row.verdict)),
            text_cell(_indicator_name(row.indicator)),
            text_cell(row.what),
            text_cell(row.told),
            text_cell(row.before),
            text_cell(row.column),
            text_cell(spoken(row.expected)),
            text_cell(row.found),
            text_cell(spoken(row.message)),
        )
    )
