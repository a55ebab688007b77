"""承诺、审计建议、计量审查、认证和评价: what stands on the files of units, and what is done about it."""

from __future__ import annotations

from urllib.parse import quote

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from shuangkong.records.people.access import may
from shuangkong.records.people.roles import Action
from shuangkong.records.refusal import Refused
from shuangkong.records.registry.tree import path_of
from shuangkong.records.reporting import entry_store, file_entries, store
from shuangkong.records.reporting.entry_planning import plan_reviews
from shuangkong.records.reporting.entry_store import EntryRow
from shuangkong.records.reporting.entry_systems import system_counts
from shuangkong.records.reporting.file_entries import ToTell
from shuangkong.records.reporting.rows import ReporterRow
from shuangkong.reporting.entry_kinds import FIELDS, KINDS, EntryKind
from shuangkong.reporting.entry_life import ENTERED_BY, EVENT_FIELDS, EVENTS, EntryEvent, EntryState, Side, state_word
from shuangkong.web.indicators.emissions.forms import files_of
from shuangkong.web.people.names import person_names
from shuangkong.web.plans.tasks.framed import at_form, refused_status
from shuangkong.web.reporting.entry_page import (
    Asked,
    act_forms,
    entries_table,
    happened,
    inputs,
    late,
    shown,
    systems_table,
)
from shuangkong.web.site.access import acting_of, needs, place_of, reached
from shuangkong.web.site.page import download, page
from shuangkong.web.site.scope import link, whole
from shuangkong.web.site.words import spoken

_STREAM = "application/octet-stream"


@require_GET
@needs(Action.ENTRY_READ)
def entries(request: HttpRequest) -> HttpResponse:
    """A kind of entries where the person reads them, of one unit where the address names it. ~8 queries."""
    get = request.GET
    acting, seen = acting_of(request), entry_store.readable(acting_of(request))
    number = whole(get.get("unit", ""))
    of_unit = {"unit": number} if number is not None else {}
    unit = next(iter(store.reporters(store.reporters_readable(acting) & Q(pk=number))), None) if of_unit else None
    read = entry_store.kinds_of_unit(acting, unit) if unit else entry_store.kinds_readable(acting)
    kind = next((each for each in EntryKind if each == get.get("kind")), next(iter(read), EntryKind.UNDERTAKING))
    asked = Asked(kind, number, get.get("late") == "yes")
    tables = {"entries_table": entries_table(request, asked, seen, is_read=kind in read)}
    if kind is EntryKind.SYSTEM and kind in read and number is None:
        tables["systems_table"] = systems_table(system_counts(acting, timezone.localdate()))
    context = {
        "kinds": [
            (spoken(word), link(request, "reporting:entries", kind=each.value, **of_unit), each is kind)
            for each, word in KINDS.items() if each in read
        ],
        "is_read": kind in read, "kind": spoken(KINDS[kind]), "unit": unit, "is_late": asked.is_late,
        "count": entry_store.count_of(seen & Asked(kind, asked.unit).condition),
        "late": entry_store.count_of(seen & Asked(kind, asked.unit, is_late=True).condition),
        "all_late": entry_store.count_of(seen & late()),
        "late_link": link(request, "reporting:entries", kind=kind.value, late="yes", **of_unit),
        "all_link": link(request, "reporting:entries", kind=kind.value, **of_unit),
        "may_plan": kind is EntryKind.METERING and entry_store.decides(acting, kind),
        "has_systems": "systems_table" in tables,
    }  # fmt: skip
    return page(request, "reporting/entries.html", context, tables)


@require_http_methods(["GET", "POST"])
@needs(Action.ENTRY_READ)
def new(request: HttpRequest, reporter_id: int, entry_kind: str) -> HttpResponse:
    """Enters something on the file of a unit."""
    row, kind = _reporter_or_404(request, reporter_id), _kind_or_404(entry_kind)
    if not file_entries.may_enter(kind, row, acting_of(request)):
        takes = Action.ENTRY_DECIDE if ENTERED_BY[kind] is Side.OFFICE else Action.ENTRY_TELL
        reached(request, entry_store.where_of(kind, row), Action.ENTRY_READ, takes)
    refusal = None
    if request.method == "POST":
        try:
            said = ToTell(_told(request), request.POST.get("ground", ""), files_of(request))
            number = file_entries.enter(kind, row, said, acting_of(request), is_demo=row.is_fictional)
        except Refused as found:
            refusal = at_form(found)
        else:
            messages.success(request, _("已登记。"))
            return redirect(link(request, "reporting:entry", number))
    context = {
        "row": row, "kind": spoken(KINDS[kind]), "value": kind.value, "refusal": refusal,
        "fields": inputs(FIELDS[kind], request.POST, "new", refusal.field if refusal else ""),
        "ground": request.POST.get("ground", ""),
    }  # fmt: skip
    return page(request, "reporting/newentry.html", context, status=refused_status(refusal))


@require_GET
@needs(Action.ENTRY_READ)
def entry(request: HttpRequest, file_entry_id: int) -> HttpResponse:
    return _page(request, _entry_or_404(request, file_entry_id))


@require_POST
@needs(Action.ENTRY_READ)
def act(request: HttpRequest, file_entry_id: int) -> HttpResponse:
    """Something happens to an entry; who may do it is asked by what is done."""
    row, form = _entry_or_404(request, file_entry_id), request.POST
    event = next((each for each in EntryEvent if each == form.get("event")), None)
    if event is None or event is EntryEvent.ENTER:
        raise Http404(form.get("event", ""))
    try:
        told = {each.id: form.get(each.id, "") for each in EVENT_FIELDS.get(event, ())}
        file_entries.act(row.id, event, ToTell(told, form.get("ground", ""), files_of(request)), acting_of(request))
    except Refused as refusal:
        return _page(request, row, at_form(refusal), event.value)
    messages.success(request, _("已记录（%(event)s）。") % {"event": spoken(EVENTS[event])})
    return redirect(link(request, "reporting:entry", row.id))


@require_POST
@needs(Action.ENTRY_DECIDE)
def judge(request: HttpRequest, file_entry_id: int) -> HttpResponse:
    """An undertaking is held against the accepted return."""
    row = _entry_or_404(request, file_entry_id)
    reached(request, row.where, Action.ENTRY_READ, Action.ENTRY_DECIDE)
    try:
        is_kept = file_entries.judge(row.id, acting_of(request))
    except Refused as refusal:
        return _page(request, row, at_form(refusal))
    messages.success(request, _("按已接收的报表：已兑现。") if is_kept else _("按已接收的报表：未兑现。"))
    return redirect(link(request, "reporting:entry", row.id))


@require_http_methods(["GET", "POST"])
@needs(Action.ENTRY_DECIDE)
def plan(request: HttpRequest) -> HttpResponse:
    """Puts many units on the plan of a year for a review of their metering."""
    refusal, kind, form = None, EntryKind.METERING, request.POST
    if request.method == "POST":
        try:
            path = path_of(place_of(request, Action.ENTRY_DECIDE))
            codes = form.get("codes", "").replace("，", " ").replace(",", " ").split()
            if not codes and form.get("whom") != "key":
                raise Refused(
                    "RPT-739", "请写单位代码，或选全部重点用能单位。", "Name units, or all key users.", "codes"
                )
            made = plan_reviews(path, codes, ToTell(_told(request)), acting_of(request))
        except Refused as found:
            refusal = at_form(found)
        else:
            said = {"count": len(made.made), "there": made.there}
            messages.success(request, _("列入 %(count)d 家；%(there)d 家当年已在计划里，没有重复列。") % said)
            return redirect(link(request, "reporting:entries", kind=kind.value))
    context = {
        "refusal": refusal, "fields": inputs(FIELDS[kind], form, "plan", refusal.field if refusal else ""),
        "codes": form.get("codes", ""), "is_key": form.get("whom") == "key",
    }  # fmt: skip
    return page(request, "reporting/planreviews.html", context, status=refused_status(refusal))


@require_GET
@needs(Action.ENTRY_READ)
def paper(request: HttpRequest, file_entry_id: int, file_entry_paper_id: int) -> HttpResponse:
    """A paper of an entry, to keep; never shown inside the site."""
    found = entry_store.paper_of(_entry_or_404(request, file_entry_id).id, file_entry_paper_id)
    if found is None:
        raise Http404(file_entry_paper_id)
    name, content = found
    told = download(content, name, _STREAM)
    told["X-Content-Type-Options"] = "nosniff"
    told["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    return told


def _told(request: HttpRequest) -> dict[str, str]:
    beside = {"csrfmiddlewaretoken", "ground", "codes", "whom", "files"}
    return {key: request.POST.get(key, "") for key in request.POST if key not in beside}


def _kind_or_404(text: str) -> EntryKind:
    found = next((each for each in EntryKind if each == text), None)
    if found is None:
        raise Http404(text)
    return found


def _reporter_or_404(request: HttpRequest, number: int) -> ReporterRow:
    found = next(iter(store.reporters(Q(pk=number))), None)
    if found is None:
        raise Http404(number)
    reached(request, found.where, Action.ENTRY_READ)
    return found


def _entry_or_404(request: HttpRequest, number: int) -> EntryRow:
    found = entry_store.entry(number)
    if found is None:
        raise Http404(number)
    reached(request, found.where, Action.ENTRY_READ)
    return found


def _page(request: HttpRequest, row: EntryRow, refusal: Refused | None = None, chosen: str = "") -> HttpResponse:
    acting, events = acting_of(request), entry_store.history(row.id)
    names = person_names(each.author for each in events)
    forms = act_forms(row, acting, chosen, request.POST, refusal.field if refusal else "")
    is_promise = row.kind is EntryKind.UNDERTAKING and row.standing.state is not EntryState.STRUCK
    context = {
        "row": row, "kind": spoken(KINDS[row.kind]), "value": row.kind.value, "refusal": refusal,
        "state": spoken(state_word(row.kind, row.standing.state)), "is_late": row.is_late(timezone.localdate()),
        "said": shown(row), "history": happened(events, names, store.readable(acting)), "forms": forms,
        "may_judge": is_promise and bool(row.told.get("indicator"))
        and any(each["event"] == EntryEvent.BREAK or each["event"] == EntryEvent.KEEP for each in forms),
        "may_see_unit": may(acting, Action.RETURN_READ, row.reporter.where),
        "is_demo": row.is_demo or row.reporter.is_fictional,
    }  # fmt: skip
    return page(request, "reporting/entry.html", context, status=refused_status(refusal))
