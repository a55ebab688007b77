"""单位沿革: which names mean one body, and which body became another?"""

from __future__ import annotations

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_http_methods

from shuangkong.records.people.access import Where
from shuangkong.records.people.roles import Action
from shuangkong.records.refusal import Refused
from shuangkong.records.registry import store as registry
from shuangkong.records.registry.likeness import ChangeRow, changes, likely_same, record_distinct
from shuangkong.records.registry.succession import succeed_body
from shuangkong.records.registry.tree import Change, path_of
from shuangkong.web.plans.tasks.framed import at_form, day_of, framed, refused_status
from shuangkong.web.plans.tasks.then import is_past
from shuangkong.web.site.access import acting_of, needs, reached
from shuangkong.web.site.page import download, workbook_of
from shuangkong.web.site.scope import link, scope_of, whole
from shuangkong.web.site.tables import Cell, Column, Row, Table, exported, shown, text_cell

KINDS = {Change.RENAMED: lazy("更名"), Change.MERGED: lazy("并入"), Change.SPLIT: lazy("分出")}


@require_http_methods(["GET", "POST"])
@needs(Action.BODY_CONFIRM, shows_past=True)
def register(request: HttpRequest) -> HttpResponse:
    """POST confirms that two names are one body or two, or records what became of a body. What waits to be decided
    waits now: of a past day there is what had become of bodies.
    """
    acting, past, refusal = acting_of(request), is_past(request), None
    region = scope_of(request).place or acting.region or None
    reached(request, Where(path_of(region) if region else "/"), Action.BODY_READ, Action.BODY_CONFIRM)
    if request.method == "POST":
        try:
            _record(request, region)
        except Refused as found:
            refusal = at_form(found)
        else:
            messages.success(request, _("已记录。"))
            return redirect(link(request, "tasks:register"))
    table = _table(request, changes(region, past))
    wanted = exported(request, [table])
    if wanted is not None:
        return download(workbook_of(wanted), f"{table.caption}.xlsx")
    context = {
        "place": registry.region(region) if region else None,
        "likely": likely_same(region) if past is None else (),
        "bodies": registry.bodies(region) if past is None else (),
        "kinds": [(kind.value, label) for kind, label in KINDS.items()],
        "change_table": shown(request, table),
        "typed": request.POST,
        "short": whole(request.POST.get("short", "")),
        "refusal": refusal,
    }
    return framed(request, "tasks/register.html", context, refused_status(refusal))


def _record(request: HttpRequest, region: str | None) -> None:
    """Raises Refused and Forbidden."""
    form, acting = request.POST, acting_of(request)
    short = whole(form.get("short", ""))
    if short is not None and form.get("what") == "distinct":
        record_distinct(short, whole(form.get("full", "")) or 0, form.get("reason", "").strip(), acting)
        return
    if short is not None:
        registry.record_alias(short, whole(form.get("full", "")) or 0, form.get("reason", "").strip(), acting)
        return
    before, on = whole(form.get("before", "")) or 0, day_of(form.get("on", ""), "on") or timezone.localdate()
    kind = next((each for each in Change if each == form.get("kind")), Change.RENAMED)
    name = form.get("name", "").strip()
    with transaction.atomic():
        after = registry.name_bodies(region, [name])[name] if name else whole(form.get("after", "")) or 0
        if any((row.before, row.after) == (before, after) for row in changes(region)):
            raise Refused("REG-106", "这一变化已经记录。", "This change is on record already.", "after")
        succeed_body(before, after, kind, on, form.get("document", ""), acting)


def _table(request: HttpRequest, rows: tuple[ChangeRow, ...]) -> Table:
    columns = (
        Column("on", _("日期")),
        Column("before", _("原单位")),
        Column("kind", _("变化")),
        Column("after", _("现单位")),
        Column("document", _("批准文件")),
        Column("by", _("记录人")),
    )
    made = tuple(
        Row(
            (
                Cell(row.on.isoformat(), row.on),
                Cell(row.before_name, row.before_name, href=link(request, "tasks:body", row.before)),
                text_cell(str(KINDS[row.kind])),
                Cell(row.after_name, row.after_name, href=link(request, "tasks:body", row.after)),
                text_cell(row.document),
                text_cell(row.decided_by),
            )
        )
        for row in rows
    )
    return Table(
        "changes",
        _("沿革"),
        columns,
        made,
        _("还没有记录。单位更名、合并、分设后在这里记录，原有任务和历史随现单位走。"),
    )
