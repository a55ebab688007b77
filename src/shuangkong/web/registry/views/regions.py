"""区划沿革: which regions became another, and what that would move, before it is on record?"""

from __future__ import annotations

from collections.abc import Iterable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from shuangkong.records.people.roles import Action
from shuangkong.records.plans.tasks import succession
from shuangkong.records.refusal import Refused
from shuangkong.records.registry.rows import RegionChangeRow
from shuangkong.records.registry.succession import region_changes, succeed_region
from shuangkong.web.plans.tasks.framed import at_form, day_of, refused_status
from shuangkong.web.site.access import acting_of, needs
from shuangkong.web.site.page import page
from shuangkong.web.site.scope import link
from shuangkong.web.site.tables import Cell, Column, Row, Table, text_cell


@require_http_methods(["GET", "POST"])
@needs(Action.REGISTRY_CHANGE)
def regions(request: HttpRequest) -> HttpResponse:
    """POST looks at what a change would move, or records it."""
    form, refusal, moved = request.POST, None, None
    before, after = form.get("before", "").strip(), form.get("after", "").strip()
    if request.method == "POST":
        try:
            moved = succession.moved_with(before, after)
            if form.get("what") == "record":
                on = day_of(form.get("on", ""), "on") or timezone.localdate()
                succeed_region(before, after, on, form.get("document", "").strip(), acting_of(request))
                told = {"before": moved.before, "after": moved.after}
                messages.success(request, _("已记录：%(before)s → %(after)s。") % told)
                return redirect(link(request, "enterprises:regions"))
        except Refused as found:
            refusal = at_form(found)
    context = {"typed": form, "today": timezone.localdate(), "moved": moved, "refusal": refusal}
    tables: dict[str, Table | tuple[Table, ...]] = {"change_table": _table(region_changes())}
    return page(request, "enterprises/regions.html", context, tables, refused_status(refusal))


def _table(rows: Iterable[RegionChangeRow]) -> Table:
    columns = (
        Column("on", _("日期")),
        Column("before", _("原地区")),
        Column("after", _("现地区")),
        Column("document", _("批准文件")),
        Column("by", _("记录人")),
    )
    made = tuple(
        Row((
            Cell(row.on.isoformat(), row.on),
            text_cell(f"{row.before_name}（{row.before}）"),
            text_cell(f"{row.after_name}（{row.after}）"),
            text_cell(row.document),
            text_cell(row.decided_by),
        ))
        for row in rows
    )  # fmt: skip
    empty = _("还没有记录。县（市、区）撤并、分设后在这里登记：现地区的人员看得到原地区的方案和任务，历史不变。")
    return Table("changes", _("区划沿革"), columns, made, empty)
