"""One way to answer with a page: a template, its rows, and its tables as workbooks when they are asked for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from shuangkong.papers.tables import SheetColumn, write_xlsx
from shuangkong.web.site.scope import near_day, near_month, scope_of
from shuangkong.web.site.tables import Table, doubtful_columns, exported, shown

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def download(content: bytes, name: str, content_type: str = XLSX) -> HttpResponse:
    """A file to keep."""
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}"}
    return HttpResponse(content, content_type=content_type, headers=headers)


#: Of what an address asks, as a page repeats it.
_MOST_SIGNS = 20
#: Under which key a page names what its tables are about; the first that is there tells the workbook's labels.
_SUBJECTS = ("plan", "target", "measure")


def workbook_of(table: Table, about: object = None) -> bytes:
    """The table as .xlsx, rows as they stand on the page, with plan, place, day and labels: it leaves the site."""
    is_fictional = getattr(about, "is_fictional", False)
    made_on = timezone.localdate()
    told = [getattr(about, name, "") for name in ("title", "doc_no", "region_name")]
    return write_xlsx(
        table.caption,
        [SheetColumn(column.label, column.unit, column.is_figure) for column in table.columns],
        [[cell.out for cell in row.cells] for row in table.rows],
        [*filter(None, (table.note, _doubts(table)))],
        is_demo=table.is_demo or getattr(about, "is_demo", False),
        is_fictional=is_fictional,
        about=[*filter(None, told), _("截至 %(day)s") % {"day": f"{made_on:%Y-%m-%d}"}],
        made_on=made_on,
    )


def _doubts(table: Table) -> str:
    """What the foot of the table says of its doubtful figures, with the columns that they stand in."""
    columns = _("、").join(doubtful_columns(table))
    said = {"columns": columns}
    return _("%(columns)s：待核对，所依据的规定尚未与文件原文核对，或所用的数还未定") % said if columns else ""


def page(
    request: HttpRequest,
    template: str,
    context: dict[str, Any],
    tables: Mapping[str, Table | tuple[Table, ...]] | None = None,
    status: int = 200,
) -> HttpResponse:
    """Renders ``template``; each table (or row of tables) is there under its key, as the address asks for it."""
    every = tables or {}
    flat = [table for each in every.values() for table in (each if isinstance(each, tuple) else (each,))]
    asked = exported(request, flat)
    if asked is not None:
        about = next((context[key] for key in _SUBJECTS if context.get(key) is not None), None)
        return download(workbook_of(asked, about), f"{asked.caption}.xlsx")
    ready = {
        key: [shown(request, table) for table in each] if isinstance(each, tuple) else shown(request, each)
        for key, each in every.items()
    }
    return render(request, template, context | ready | _not_said(request, context), status=status)


def _not_said(request: HttpRequest, context: dict[str, Any]) -> dict[str, str]:
    """What the address asks for that the page does not show: it must say so."""
    period = request.GET.get("period", "")
    is_shown = not period or bool(scope_of(request).period)
    day, month = request.GET.get("as_of", ""), request.GET.get("month", "")
    return {
        "plan_not_shown": _not_shown(request, context),
        "period_not_shown": "" if is_shown else period[:_MOST_SIGNS],
        "month_not_shown": month[:_MOST_SIGNS] if month and near_month(month) is None else "",
        "day_not_shown": day[:_MOST_SIGNS] if day and near_day(day) is None else "",
    }


def _not_shown(request: HttpRequest, context: dict[str, Any]) -> str:
    """The plan that the address asks for, where the page shows another or none."""
    asked, plan = request.GET.get("plan", ""), context.get("plan")
    return asked[:_MOST_SIGNS] if asked and (plan is None or str(plan.id) != asked) else ""
