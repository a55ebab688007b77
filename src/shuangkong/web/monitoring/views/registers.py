"""登记册: what is registered, and can I add, revise or end a row, one by one or by a file?"""

from __future__ import annotations

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from shuangkong.core.finding import Message
from shuangkong.papers.tables import FormField, SheetRefused, read_sheet, write_form
from shuangkong.records.monitoring.registers import acts, store
from shuangkong.records.monitoring.registers.field import NO, YES, Field, Sort
from shuangkong.records.monitoring.registers.register import Register
from shuangkong.records.monitoring.registers.store import RegisterRow
from shuangkong.records.monitoring.registers.table import REGISTERS
from shuangkong.records.monitoring.registers.taking import Verdict, take
from shuangkong.records.paths import below
from shuangkong.records.people.access import may, require
from shuangkong.records.people.roles import Action
from shuangkong.records.refusal import Refused
from shuangkong.records.registry.tree import path_of
from shuangkong.web.monitoring.inputs import inputs
from shuangkong.web.monitoring.register_tables import history_table, rows_table, verdicts_table
from shuangkong.web.plans.tasks.framed import at_form, refused_status
from shuangkong.web.site.access import acting_of, needs, reached
from shuangkong.web.site.page import download, page
from shuangkong.web.site.scope import link, scope_of
from shuangkong.web.site.tables import Table
from shuangkong.web.site.words import spoken


@require_GET
@needs(Action.MONITORING_READ)
def every(request: HttpRequest) -> HttpResponse:
    """All registers, and how many rows of each the person sees."""
    acting = acting_of(request)
    found = [
        (
            each,
            spoken(each.name),
            spoken(each.question),
            each.model._default_manager.filter(_seen(request, each)).count(),
        )
        for each in REGISTERS.values()
    ]
    may_change = [each.key for each in REGISTERS.values() if may(acting, each.action)]
    return page(request, "monitoring/registers.html", {"registers": found, "may_change": may_change})


@require_GET
@needs(Action.MONITORING_READ)
def one(request: HttpRequest, register: str) -> HttpResponse:
    """The rows of a register: of a place, and of an outlet where the address names one."""
    held = _register(register)
    condition = _seen(request, held)
    outlet = request.GET.get("outlet", "")
    if outlet.isdecimal() and len(outlet) < 19 and any(each.key == "outlet" for each in held.fields):
        condition &= Q(outlet=int(outlet))
    day = None if request.GET.get("ended") else timezone.localdate()
    rows = store.rows(held, condition, day)
    told = store.tallies(held, condition, acting_of(request))
    context = {
        "register": held,
        "name": spoken(held.name),
        "question": spoken(held.question),
        "count": len(rows),
        "tallies": [(spoken(each.words), each.is_bad, each.is_doubted) for each in told],
        "may_change": may(acting_of(request), held.action),
        "shows_ended": day is None,
        "has_ends": held.can_end,
        "is_demo": any(row.is_fictional for row in rows),
    }
    return page(request, "monitoring/register.html", context, {"rows_table": rows_table(request, held, rows)})


@require_http_methods(["GET", "POST"])
@needs(Action.MONITORING_READ)
def new(request: HttpRequest, register: str) -> HttpResponse:
    """A form for a row; a GET may bring what is known (``outlet=17``)."""
    held, acting, refusal = _register(register), acting_of(request), None
    reached_register(request, held)
    typed = (
        request.POST.dict()
        or {"region": acting.region, "starts_on": timezone.localdate().isoformat()} | request.GET.dict()
    )
    if request.method == "POST":
        try:
            made = acts.register_row(held, typed, acting, typed.get("ground", ""))
        except Refused as found:
            refusal = at_form(found)
        else:
            messages.success(request, _("已登记，第 %(number)s 号。") % {"number": made})
            return redirect(link(request, "monitoring:register", held.key))
    context = {
        "register": held,
        "name": spoken(held.name),
        "inputs": inputs(held, acting, typed, refusal.field if refusal else ""),
        "refusal": refusal,
        "ground": typed.get("ground", ""),
    }
    return page(request, "monitoring/register_new.html", context, status=refused_status(refusal))


@require_GET
@needs(Action.MONITORING_READ)
def row(request: HttpRequest, register: str, row: int) -> HttpResponse:
    """One row, what happened to it, and how to change it."""
    held = _register(register)
    return _row_page(request, held, _row(request, held, row), None)


@require_POST
@needs(Action.MONITORING_READ)
def act_on(request: HttpRequest, register: str, row: int) -> HttpResponse:
    """Revises or ends a row; what is refused comes back with what was typed."""
    held = _register(register)
    found, typed, acting = _row(request, held, row), request.POST.dict(), acting_of(request)
    reached(request, found.where, Action.MONITORING_READ, held.action)
    ground = str(typed.get("ground", ""))
    try:
        if typed.get("act") == "end":
            acts.end_row(held, row, str(typed.get(held.until, "")), acting, ground)
        else:
            acts.revise_row(held, row, {key: str(text) for key, text in typed.items()}, acting, ground)
    except Refused as refusal:
        return _row_page(request, held, found, at_form(refusal))
    messages.success(request, _("已修改。"))
    return redirect(link(request, "monitoring:register_row", held.key, row))


@require_GET
@needs(Action.MONITORING_READ)
def template(request: HttpRequest, register: str) -> HttpResponse:
    """The empty sheet to fill in."""
    held = _register(register)
    return download(write_form(held.name.zh, [_form_field(each) for each in held.fields]), f"{held.name.zh}.xlsx")


@require_http_methods(["GET", "POST"])
@needs(Action.MONITORING_READ)
def load(request: HttpRequest, register: str) -> HttpResponse:
    """A file that is sent is tried first, then recorded: all rows or none."""
    held = _register(register)
    reached_register(request, held)
    if request.method == "GET":
        return _load_page(request, held)
    file = request.FILES.get("file")
    content = file.read() if isinstance(file, UploadedFile) else b""
    if not content:
        return _load_page(request, held, refusal=_("没有收到文件。请选择填好的 .xlsx 或 .csv，再点“试算”。"))
    is_dry_run = request.POST.get("act") != "record"
    try:
        sheet = read_sheet(content, file.name or "" if isinstance(file, UploadedFile) else "")
        verdicts = take(held, sheet.rows, acting_of(request), request.POST.get("ground", ""), is_dry_run=is_dry_run)
    except SheetRefused as refused:
        return _load_page(request, held, refusal=f"{refused.code} {spoken(Message(refused.zh, refused.en))}")
    except Refused as refusal:
        shown = at_form(refusal)
        return _load_page(request, held, refusal=f"{shown.code} {spoken(shown.message)}")
    if is_dry_run or not verdicts or any(each.message is not None for each in verdicts):
        return _load_page(request, held, verdicts)
    messages.success(request, _("已登记 %(count)s 行。") % {"count": len(verdicts)})
    return redirect(link(request, "monitoring:register", held.key))


def reached_register(request: HttpRequest, held: Register) -> None:
    """Who may not change a register anywhere is told so. Raises Forbidden."""
    require(acting_of(request), held.action)


def _register(key: str) -> Register:
    if key not in REGISTERS:
        raise Http404(key)
    return REGISTERS[key]


def _seen(request: HttpRequest, held: Register) -> Q:
    place = scope_of(request).place
    here = below(path_of(place) or "/?/", held.path) if place else Q()
    return store.readable(held, acting_of(request)) & here


def _row(request: HttpRequest, held: Register, number: int) -> RegisterRow:
    """Raises Http404, also where the person may not see it."""
    found = store.row(held, number)
    if found is None:
        raise Http404(number)
    reached(request, found.where, Action.MONITORING_READ)
    return found


def _row_page(request: HttpRequest, held: Register, found: RegisterRow, refusal: Refused | None) -> HttpResponse:
    acting = acting_of(request)
    is_ending = request.POST.get("act") == "end"
    typed = dict(found.told) | (
        {key: str(text) for key, text in request.POST.items()} if refusal and not is_ending else {}
    )
    may_change = may(acting, held.action, found.where)
    context = {
        "register": held,
        "name": spoken(held.name),
        "row": found,
        "facts": [(spoken(each.name), _fact(each, found), each.unit) for each in held.fields],
        "may_change": may_change,
        "inputs": inputs(held, acting, typed, refusal.field if refusal else "") if may_change else (),
        "until": spoken(held.field(held.until).name) if held.can_end else "",
        "until_sort": "datetime-local" if held.can_end and held.field(held.until).sort is Sort.MOMENT else "date",
        "refusal": refusal,
        "is_revising": refusal is not None and not is_ending,
        "is_ending": refusal is not None and is_ending,
        "ground": request.POST.get("ground", ""),
        "plate": held.key == "devices",
        "outlet": found.id if held.key == "outlets" else getattr(found.values.get("outlet"), "pk", None),
    }
    past = store.history(held, found.id)
    tables: dict[str, Table | tuple[Table, ...]] = {"history_table": history_table(held, past)}
    return page(request, "monitoring/register_row.html", context, tables, refused_status(refusal))


def _fact(field: Field, found: RegisterRow) -> str:
    text = found.words[field.key]
    if field.untold is not None and not text:
        return spoken(field.untold)
    return spoken(field.choices[text]) if text in field.choices else text


def _load_page(
    request: HttpRequest, held: Register, verdicts: tuple[Verdict, ...] | None = None, refusal: str = ""
) -> HttpResponse:
    context = {
        "register": held,
        "name": spoken(held.name),
        "is_tried": verdicts is not None,
        "may_record": bool(verdicts) and all(each.message is None for each in verdicts or ()),
        "refusal": refusal,
        "ground": request.POST.get("ground", ""),
    }
    tables: dict[str, Table | tuple[Table, ...]] = {"verdicts_table": verdicts_table(held, verdicts or ())}
    return page(request, "monitoring/register_load.html", context, tables, status=422 if refusal else 200)


_TAKES = {
    Sort.DAY: "YYYY-MM-DD", Sort.MOMENT: "YYYY-MM-DD HH:MM", Sort.FIGURE: "数",
    Sort.WHOLE: "整数",
    Sort.FACTOR: "因子编码，如 a21026",
    Sort.OUTLET: "编号，或“企业名称/排放口编号”",
    Sort.DEVICE: "设备编号（MN）",
    Sort.ENTERPRISE: "企业名称、统一社会信用代码或源代码",
    Sort.REGION: "地区名称或代码", Sort.METER: "编号或数据项编码",
    Sort.BOILER: "编号，或“企业名称/锅炉编号”", Sort.MACHINE: "编号，或“企业名称/设备编号”",
    Sort.PLANT: "编号，或“企业名称/厂的编号”",
    Sort.VILLAGE: "村的名称或编号；重名的写“地区/名称”",
    Sort.DUMP: "堆放点的编号或名称；重名的写“地区/名称”",
    Sort.WASTE_FACILITY: "设施的编号或名称；重名的写“地区/名称”",
    Sort.FILING: "备案号",
}  # fmt: skip


def _form_field(field: Field) -> FormField:
    choices = tuple(each.zh for each in field.choices.values())
    if field.sort is Sort.FLAG:
        choices = (YES.zh, NO.zh)
    return FormField(field.heading, _TAKES.get(field.sort, ""), field.is_needed, choices)
