"""一企一档: what one unit has filed, period by period and form by form; who is in charge there, who files for it."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from shuangkong.records.people.roles import Action
from shuangkong.records.refusal import Refused
from shuangkong.records.registry.models import Body
from shuangkong.records.reporting import setting_aside, store
from shuangkong.records.reporting.register import (
    StaffKind,
    ToName,
    agents,
    appoint_agent,
    end_agent,
    name_staff,
)
from shuangkong.records.reporting.register import cover as cover_unit
from shuangkong.records.reporting.rows import ReporterRow
from shuangkong.rulebook import open_rulebook
from shuangkong.web.plans.tasks.framed import at_form, day_of, refused_status
from shuangkong.web.reporting.unit_page import unit_file
from shuangkong.web.site.access import acting_of, needs, reached
from shuangkong.web.site.page import page
from shuangkong.web.site.scope import link, whole
from shuangkong.web.site.tables import Column, Row, Table, text_cell


@require_GET
@needs(Action.RETURN_READ)
def units(request: HttpRequest) -> HttpResponse:
    """Every unit that the person sees."""
    rows = store.reporters(store.reporters_readable(acting_of(request)))
    columns = (
        Column("name", _("填报单位")),
        Column("code", _("代码")),
        Column("region", _("地区")),
        Column("industry", _("行业")),
    )
    told = tuple(
        Row(
            (
                text_cell(row.name, href=link(request, "reporting:unit", row.id)), text_cell(row.code),
                text_cell(row.region_name), text_cell(row.industry),
            )
        )
        for row in rows
    )  # fmt: skip
    table = Table(
        "units", _("填报单位"), columns, told, empty=_("还没有填报单位。开报送窗口时，范围内的单位会列进来。")
    )
    return page(request, "reporting/units.html", {"count": len(rows)}, {"units_table": table})


@require_GET
@needs(Action.RETURN_READ)
def unit(request: HttpRequest, reporter_id: int) -> HttpResponse:
    return _page(request, _reporter_or_404(request, reporter_id))


@require_POST
@needs(Action.STAFF_RECORD)
def name(request: HttpRequest, reporter_id: int) -> HttpResponse:
    """Puts somebody in charge."""

    def does(row: ReporterRow) -> None:
        form = request.POST
        kind = next((each for each in StaffKind if each == form.get("kind")), None)
        if kind is None:
            raise Refused("RPT-945", "请选择岗位。", "Choose what the person is in charge of.", "kind")
        told = ToName(
            kind=kind, name=form.get("name", ""), post=form.get("post", ""), certificate=form.get("certificate", ""),
            telephone=form.get("telephone", ""), starts_on=day_of(form.get("starts_on", ""), "starts_on"),
        )  # fmt: skip
        name_staff(row.id, told, acting_of(request))

    return _did(request, reporter_id, Action.STAFF_RECORD, does)


@require_POST
@needs(Action.AGENT_APPOINT)
def entrust(request: HttpRequest, reporter_id: int) -> HttpResponse:
    """Somebody files for the unit, by the name of a body that is registered."""

    def does(row: ReporterRow) -> None:
        form = request.POST
        found = Body.objects.filter(name=form.get("body", "").strip()).order_by("pk").values_list("pk", flat=True)
        until = day_of(form.get("until", ""), "until")
        appoint_agent(
            row.id, found.first() or 0, acting_of(request), form.get("ground", ""), until,
            may_sign=form.get("may_sign") == "yes",
        )  # fmt: skip

    return _did(request, reporter_id, Action.AGENT_APPOINT, does)


@require_POST
@needs(Action.AGENT_APPOINT)
def end(request: HttpRequest, reporter_id: int) -> HttpResponse:
    """An agreement ends."""

    def does(row: ReporterRow) -> None:
        asked = whole(request.POST.get("agent", "")) or 0
        if asked not in {each.id for each in agents(row.id)}:
            raise Refused("RPT-956", "没有这项委托，或已结束。", "There is no such agreement in force.")
        end_agent(asked, acting_of(request), request.POST.get("ground", ""))

    return _did(request, reporter_id, Action.AGENT_APPOINT, does)


@require_POST
@needs(Action.RETURN_REVIEW)
def set_aside(request: HttpRequest, reporter_id: int) -> HttpResponse:
    """A check is not applied to the unit for a time."""

    def does(row: ReporterRow) -> None:
        form = request.POST
        until = day_of(form.get("until", ""), "until")
        setting_aside.begin(
            row.id, form.get("code", ""), until, acting_of(request), form.get("ground", ""), form.get("document", "")
        )

    return _did(request, reporter_id, Action.RETURN_REVIEW, does)


@require_POST
@needs(Action.RETURN_REVIEW)
def apply_again(request: HttpRequest, reporter_id: int) -> HttpResponse:
    """It is applied again."""

    def does(row: ReporterRow) -> None:
        asked = whole(request.POST.get("aside", "")) or 0
        if asked not in {each.id for each in setting_aside.set_aside(row.id)}:
            raise Refused("RPT-985", "没有这项停用，或已到期。", "Nothing of that number is set aside now.")
        setting_aside.end(asked, acting_of(request), request.POST.get("ground", ""))

    return _did(request, reporter_id, Action.RETURN_REVIEW, does)


@require_POST
@needs(Action.WINDOW_OPEN)
def cover(request: HttpRequest, reporter_id: int) -> HttpResponse:
    """The unit owes a form beside its scopes, or does not though they say so."""

    def does(row: ReporterRow) -> None:
        form = request.POST
        starts = day_of(form.get("starts_on", ""), "starts_on") or timezone.localdate()
        known = {each.id for each in open_rulebook().forms_on(timezone.localdate(), row.region)}
        if form.get("form", "") not in known:
            raise Refused("RPT-946", "请从报表目录里选一张报表。", "Choose a form of the catalogue.", "form")
        cover_unit(
            row.id, form.get("form", ""), acting_of(request), form.get("ground", ""), starts,
            day_of(form.get("ends_on", ""), "ends_on"), is_owing=form.get("is_owing") != "no",
        )  # fmt: skip

    return _did(request, reporter_id, Action.WINDOW_OPEN, does)


def _did(request: HttpRequest, reporter_id: int, action: Action, does: Callable[[ReporterRow], None]) -> HttpResponse:
    row = _reporter_or_404(request, reporter_id)
    reached(request, row.where, Action.RETURN_READ, action)
    try:
        does(row)
    except Refused as refusal:
        return _page(request, row, at_form(refusal))
    messages.success(request, _("已登记。"))
    return redirect(link(request, "reporting:unit", row.id))


def _reporter_or_404(request: HttpRequest, reporter_id: int) -> ReporterRow:
    found = next(iter(store.reporters(Q(pk=reporter_id))), None)
    if found is None:
        raise Http404(reporter_id)
    reached(request, found.where, Action.RETURN_READ)
    return found


def _page(request: HttpRequest, row: ReporterRow, refusal: Refused | None = None) -> HttpResponse:
    context, tables = unit_file(request, row)
    context |= {"refusal": refusal, "typed": request.POST}
    return page(request, "reporting/unit.html", context, tables, refused_status(refusal))
