"""底数: which bases are there, which of them counts, and what would my file do?"""

from __future__ import annotations

from decimal import Decimal

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from shuangkong.core.finding import Message
from shuangkong.indicators.emissions.book import Accounting
from shuangkong.papers.tables import FormField, SheetRefused, read_sheet, write_form
from shuangkong.records.indicators.emissions.bases import choose, inventories, load_inventory
from shuangkong.records.indicators.emissions.models import Inventory
from shuangkong.records.indicators.emissions.register import entries, register_source
from shuangkong.records.indicators.emissions.rows import (
    EntryRow,
    EntryTold,
    InventoryReport,
    InventoryRow,
    InventoryTold,
    SourceVerdict,
)
from shuangkong.records.indicators.emissions.rules import rules_at
from shuangkong.records.indicators.emissions.sheet import COLUMNS
from shuangkong.records.paths import below
from shuangkong.records.people.access import Where, may, visible
from shuangkong.records.people.roles import Action
from shuangkong.records.refusal import Refused
from shuangkong.records.registry.tree import path_of
from shuangkong.web.indicators.emissions.words import REGISTERS, labels, named, tonnes
from shuangkong.web.plans.tasks.framed import at_form
from shuangkong.web.site.access import acting_of, needs, reached
from shuangkong.web.site.page import download, page, workbook_of
from shuangkong.web.site.scope import link, scope_of, whole
from shuangkong.web.site.tables import PAGE_ROWS, Cell, Column, Row, Table, text_cell
from shuangkong.web.site.words import spoken


@require_GET
@needs(Action.EMISSION_LOAD)
def template(request: HttpRequest) -> HttpResponse:
    """The empty sheet to fill in."""
    law = rules_at(scope_of(request).place or acting_of(request).region).accounting
    choices = {
        "scope": tuple(each.zh for each in law.classes.scopes.values()),
        "pollutant": tuple(each.name.zh for each in law.pollutants.values()),
        "evidence": tuple(each.zh for each in law.classes.evidence.values()),
    }
    fields = [
        FormField(each.headings[0], each.takes.zh, each.is_required, choices.get(each.key, ())) for each in COLUMNS
    ]
    return download(write_form(_("污染源底数表"), fields), _("污染源底数表") + ".xlsx")


@require_http_methods(["GET", "POST"])
@needs(Action.EMISSION_READ, shows_past=True)
def bases(request: HttpRequest) -> HttpResponse:
    """The list; a file that is sent is tried first, then taken in."""
    if request.method == "GET":
        return _page(request)
    file, acting = request.FILES.get("file"), acting_of(request)
    told = InventoryTold(
        region=scope_of(request).place or acting.region,
        sort=request.POST.get("sort", ""),
        year=whole(request.POST.get("year", "")) or 0,
        title=request.POST.get("title", ""),
        document=request.POST.get("document", ""),
        excluded=request.POST.get("excluded", ""),
    )
    name = file.name or "" if isinstance(file, UploadedFile) else ""
    content = file.read() if isinstance(file, UploadedFile) else b""
    act = request.POST.get("act")
    try:
        sheet = read_sheet(content, name)
        report = load_inventory(
            sheet.rows if content else (), told, acting, name=name, digest=sheet.digest, is_dry_run=act != "record"
        )
    except SheetRefused as refusal:
        return _page(request, refusal=f"{refusal.code} {spoken(Message(refusal.zh, refusal.en))}")
    except Refused as refusal:
        shown = at_form(refusal)
        return _page(request, refusal=f"{shown.code} {spoken(shown.message)}")
    if not content:
        return _page(request, refusal=_("没有收到文件。请选择填好的 .xlsx 或 .csv，再点“试算”。"))
    if act == "export":
        return download(workbook_of(_verdicts(report)), _("试算结果") + ".xlsx")
    if report.inventory is None:
        return _page(request, report=report)
    messages.success(request, _("已录入，还不计数。核对后在下表里认定以它为准。"))
    return redirect(link(request, "emissions:bases"))


@require_POST
@needs(Action.EMISSION_READ)
def choose_base(request: HttpRequest, inventory_id: int) -> HttpResponse:
    """Decides that a base counts."""
    row = Inventory.objects.filter(pk=inventory_id).first()
    reached(request, Where(row.path if row else ""), Action.EMISSION_READ, Action.EMISSION_LOAD)
    try:
        choose(inventory_id, request.POST.get("ground", ""), acting_of(request))
    except Refused as refusal:
        shown = at_form(refusal)
        return _page(request, refusal=f"{shown.code} {spoken(shown.message)}")
    messages.success(request, _("已认定以它为准，基数已更新。"))
    return redirect(link(request, "emissions:bases"))


@require_POST
@needs(Action.EMISSION_REGISTER)
def register(request: HttpRequest) -> HttpResponse:
    """Registers a batch of vehicles, a plant or a herd at the place that one looks at, else at one's own."""
    acting, form = acting_of(request), request.POST
    place = scope_of(request).place or acting.region
    told = EntryTold(
        place, form.get("entry_sort", ""), form.get("code", ""), form.get("name", ""), form.get("outlet", ""),
        form.get("ground", ""), form.get("basin", ""),
    )  # fmt: skip
    try:
        register_source(told, acting)
    except Refused as refusal:
        shown = at_form(refusal)
        return _page(request, refusal=f"{shown.code} {spoken(shown.message)}")
    messages.success(request, _("已登记，可以自报减排了。"))
    return redirect(link(request, "emissions:bases"))


def _page(request: HttpRequest, report: InventoryReport | None = None, refusal: str = "") -> HttpResponse:
    scope, acting = scope_of(request), acting_of(request)
    law = rules_at(scope.place or acting.region).accounting
    condition = visible(acting, Action.EMISSION_READ)
    if scope.place:
        condition &= below(path_of(scope.place) or "/?/")
    rows, listed = inventories(condition, scope.as_of), entries(condition, scope.as_of)
    place = Where(path_of(scope.place or acting.region))
    context = {
        "rows": [
            (row, may(acting, Action.EMISSION_LOAD, row.where) and not row.counts and scope.as_of is None)
            for row in rows
        ],
        "counted": sum(row.counts for row in rows),
        "may_load": may(acting, Action.EMISSION_LOAD, place) and scope.as_of is None,
        "may_register": may(acting, Action.EMISSION_REGISTER, place) and scope.as_of is None,
        "columns": [(each.headings, each.is_required, spoken(each.takes)) for each in COLUMNS],
        "registers": [(each.value, label) for each, label in REGISTERS.items()],
        "sorts": [(key, spoken(each)) for key, each in law.classes.inventories.items()],
        "typed": request.POST,
        "refusal": refusal,
        "report": report,
    }
    if report is not None:
        table = _verdicts(report)
        context |= {
            "verdicts": table,
            "shown_rows": table.rows[:PAGE_ROWS],
            "has_more": len(table.rows) > PAGE_ROWS,
            "taken": len(report.verdicts) - report.refused,
            "may_record": bool(report.verdicts) and not report.refused,
            "sums": [(spoken(law.pollutants[key].name), tonnes(amount)) for key, amount in report.totals.items()],
        }
    tables: dict[str, Table | tuple[Table, ...]] = {"bases_table": _table(rows, law), "entries_table": _entries(listed)}
    return page(request, "emissions/bases.html", context, tables, status=422 if refusal else 200)


def _table(rows: tuple[InventoryRow, ...], law: Accounting) -> Table:
    columns = (
        Column("number", _("编号"), is_figure=True),
        Column("title", _("底数")),
        Column("counts", _("是否计数")),
        Column("label", _("说明")),
        Column("sort", _("种类")),
        Column("year", _("年份")),
        Column("region", _("地区")),
        Column("sources", _("污染源"), "个", is_figure=True),
        *(Column(key, spoken(each.name), "吨", is_figure=True) for key, each in law.pollutants.items()),
        Column("excluded", _("不含")),
        Column("document", _("出处")),
        Column("loaded", _("录入")),
    )
    made = tuple(Row(_cells(row, law)) for row in rows)
    empty = _("还没有底数。录入污染源普查、排放清单或环境统计的分源数据后列在这里；几种可以并存，认定一种为准。")
    return Table("bases", _("各种底数"), columns, made, empty, is_demo=any(row.is_demo for row in rows))


def _cells(row: InventoryRow, law: Accounting) -> tuple[Cell, ...]:
    return (
        Cell(str(row.id), row.id),
        text_cell(row.title),
        text_cell(_("✓ 以它为准") if row.counts else _("○ 只供对照")),
        text_cell(labels(row.is_demo, row.is_fictional)),
        text_cell(named(law.classes.inventories, row.sort)),
        Cell(str(row.year), row.year),
        text_cell(row.region_name),
        Cell(str(row.sources), row.sources),
        *(_total(row.totals.get(key), law) for key in law.pollutants),
        text_cell(row.excluded),
        text_cell(row.document),
        text_cell(f"{row.loaded_by} {row.loaded_at:%Y-%m-%d}"),
    )


def _total(amount: Decimal | None, law: Accounting) -> Cell:
    """A sum in which the surest way of knowing each outlet counts: which is surest is a rule."""
    return Cell(tonnes(amount), amount, is_doubted=amount is not None and not law.classes.is_verified)


def _entries(rows: tuple[EntryRow, ...]) -> Table:
    columns = (
        Column("number", _("编号"), is_figure=True),
        Column("name", _("名称")),
        Column("sort", _("种类")),
        Column("code", _("污染源代码")),
        Column("outlet", _("批次")),
        Column("basin", _("流域")),
        Column("label", _("说明")),
        Column("region", _("地区")),
        Column("ground", _("依据")),
        Column("registered", _("登记")),
    )
    made = tuple(
        Row(
            (
                Cell(str(row.id), row.id),
                text_cell(row.name),
                text_cell(str(REGISTERS[row.sort])),
                text_cell(row.code),
                text_cell(row.outlet),
                text_cell(row.basin or _("未注明流域")),
                text_cell(labels(False, row.is_fictional)),
                text_cell(row.region_name),
                text_cell(row.ground),
                text_cell(f"{row.registered_by} {row.registered_at:%Y-%m-%d}"),
            )
        )
        for row in rows
    )
    empty = _("还没有登记的批次、污水处理厂和养殖场。不在底数里的这几类源，登记后才能自报减排，同一个只登记一次。")
    is_demo = any(row.is_fictional for row in rows)
    return Table("entries", _("登记的批次、污水处理厂和养殖场"), columns, made, empty, is_demo=is_demo)


def _verdicts(report: InventoryReport) -> Table:
    columns = (
        Column("row", _("行号"), is_figure=True),
        Column("verdict", _("结果")),
        Column("what", _("内容")),
        Column("column", _("有误的列")),
        Column("message", _("说明")),
        Column("code", _("编号")),
    )
    ordered = sorted(report.verdicts, key=lambda each: (each.is_taken, each.row))
    return Table("verdicts", _("每一行会怎样"), columns, tuple(map(_verdict, ordered)), _("文件里没有数据行。"))


def _verdict(each: SourceVerdict) -> Row:
    word = _("可以录入") if each.is_taken else _("不能录入")
    said = (word, each.what, each.column, spoken(each.message), each.code)
    return Row((Cell(str(each.row), each.row), *map(text_cell, said)))
