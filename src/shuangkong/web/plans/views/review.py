"""审阅: the document beside the structure, span by span; a person accepts, corrects, merges or rejects, then adopts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from shuangkong.records.people.roles import Action
from shuangkong.records.plans import store
from shuangkong.records.plans.rows import AdoptionRefused, EntryKind, EntryRow, PlanRow, Verdict
from shuangkong.records.refusal import Refused
from shuangkong.web.plans.detail import Told, detail, place
from shuangkong.web.plans.entries import corrected, summary
from shuangkong.web.plans.found import plan_or_404
from shuangkong.web.plans.marked import blocks, marks, paragraphs, state_of
from shuangkong.web.site.access import acting_of, needs
from shuangkong.web.site.scope import link, scope_of, whole
from shuangkong.web.site.words import entry_word, spoken

#: What the list may show: the address word, and which entries it takes.
OPEN, ALL = "open", "all"


@dataclass(frozen=True, slots=True)
class Line:
    """One entry as the list shows it."""

    id: int
    kind: str
    words: str
    state: str
    place: int


@require_GET
@needs(Action.PLAN_READ, shows_past=True)
def review(request: HttpRequest, plan_id: int) -> HttpResponse:
    row, entries = plan_or_404(request, plan_id), store.entries(plan_id, until=scope_of(request).as_of)
    return _page(request, row, entries, _chosen(request, entries))


def _page(
    request: HttpRequest,
    row: PlanRow,
    entries: tuple[EntryRow, ...],
    chosen: EntryRow | None,
    told: Told | None = None,
) -> HttpResponse:
    """The whole page; ``told`` is what was sent with a decision that could not be recorded."""
    show = _shown_kind(request.POST if told else request.GET, entries)
    listed = sorted((entry for entry in entries if _is_listed(entry, show)), key=place)
    context = {
        "plan": row,
        "blocks": blocks(paragraphs(store.plan_text(row.id) if row.has_text else "", marks(entries))),
        "lines": [_line(entry) for entry in listed],
        "show": show,
        "filters": _filters(entries),
    }
    first = next(iter(listed), None)
    context |= _tally(entries) | detail(chosen or first, entries, told)
    return render(request, "plans/review.html", context, status=422 if told else 200)


@require_GET
@needs(Action.PLAN_READ, shows_past=True)
def entry(request: HttpRequest, plan_id: int, entry_id: int) -> HttpResponse:
    """The one entry, for the right-hand side."""
    row, entries = plan_or_404(request, plan_id), store.entries(plan_id, until=scope_of(request).as_of)
    chosen = _entry_or_404(entries, entry_id)
    context = {"plan": row, "show": request.GET.get("show", "")}
    return render(request, "plans/entry.html", context | detail(chosen, entries))


@require_POST
@needs(Action.PLAN_REVIEW)
def decide(request: HttpRequest, plan_id: int, entry_id: int) -> HttpResponse:
    """Records one decision; answers with the entry, its line and the tally, or goes back to the page.

    A refused one comes back with everything that was typed.
    """
    row = plan_or_404(request, plan_id, Action.PLAN_REVIEW)
    before = _entry_or_404(store.entries(plan_id), entry_id)
    told = None
    try:
        _record(request, before)
    except Refused as refusal:
        told = Told(refusal, request.POST)
    is_part = getattr(request, "htmx", False)
    if told is None and not is_part:
        return redirect(link(request, "plans:review", plan_id, entry=entry_id, show=request.POST.get("show", "")))
    entries = store.entries(plan_id)
    now = _entry_or_404(entries, entry_id)
    if not is_part:
        return _page(request, row, entries, now, told)
    context = {"plan": row, "line": _line(now), "is_swapped": True, "show": request.POST.get("show", "")}
    return render(request, "plans/decided.html", context | _tally(entries) | detail(now, entries, told))


@require_POST
@needs(Action.PLAN_REVIEW)
def accept_certain(request: HttpRequest, plan_id: int) -> HttpResponse:
    """An explicit act: everything without doubt is accepted, one recorded decision each."""
    plan_or_404(request, plan_id, Action.PLAN_REVIEW)
    count = store.accept_certain(plan_id, acting_of(request), request.POST.get("reason", ""))
    done = ngettext("已接受 %(count)d 条没有疑问的条目。", "已接受 %(count)d 条没有疑问的条目。", count) % {
        "count": count
    }
    messages.success(request, done)
    return redirect(link(request, "plans:review", plan_id))


@require_http_methods(["GET", "POST"])
@needs(Action.PLAN_ADOPT)
def adopt(request: HttpRequest, plan_id: int) -> HttpResponse:
    """Says what is undecided and what will follow; then, signed, makes it so."""
    row, entries = plan_or_404(request, plan_id, Action.PLAN_ADOPT), store.entries(plan_id)
    if request.method == "POST":
        try:
            made = store.adopt(plan_id, acting_of(request))
        except AdoptionRefused as refusal:
            messages.error(request, f"{refusal.finding.code} {spoken(refusal.finding.message)}")
        else:
            counts = {"version": made.version, "measures": made.measures, "targets": made.targets}
            messages.success(
                request, _("已采用第 %(version)d 版：%(measures)d 项任务、%(targets)d 个目标生效。") % counts
            )
            return redirect(link(request, "home", plan=plan_id, place=row.region or "", period=""))
    standing = [each for each in entries if not each.is_dropped]
    context = {
        "plan": row,
        "waiting": [_line(each) for each in entries if each.is_open],
        "follow": [(entry_word(kind), count) for kind in EntryKind if (count := sum(e.kind is kind for e in standing))],
        "dropped": len(entries) - len(standing),
    }
    return render(request, "plans/adopt.html", context | _tally(entries))


def _record(request: HttpRequest, before: EntryRow) -> None:
    said = request.POST.get("verdict", "")
    if said not in (Verdict.ACCEPTED, Verdict.CORRECTED, Verdict.MERGED, Verdict.REJECTED):
        words = _("请选择接受、改正、合并或剔除。")
        raise Refused("PLN-969", words, words)
    verdict = Verdict(said)
    store.decide(
        before.id,
        verdict,
        acting_of(request),
        corrected(before, request.POST) if verdict is Verdict.CORRECTED else None,
        request.POST.get("reason", ""),
        whole(request.POST.get("merged_into", "")) if verdict is Verdict.MERGED else None,
        is_unit_meant="unit_meant" in request.POST,
    )


def _entry_or_404(entries: tuple[EntryRow, ...], entry_id: int) -> EntryRow:
    found = next((each for each in entries if each.id == entry_id), None)
    if found is None:
        raise Http404(entry_id)
    return found


def _shown_kind(said: Mapping[str, str], entries: tuple[EntryRow, ...]) -> str:
    asked = said.get("show", "")
    if asked in (OPEN, ALL) or asked in set(EntryKind):
        return asked
    return OPEN if any(entry.is_open for entry in entries) else EntryKind.TARGET


def _is_listed(entry: EntryRow, show: str) -> bool:
    if show == OPEN:
        return entry.is_open
    return show == ALL or entry.kind == show


def _chosen(request: HttpRequest, entries: tuple[EntryRow, ...]) -> EntryRow | None:
    """The entry that the address names, or the innermost one at the place it names."""
    asked, at = whole(request.GET.get("entry", "")), whole(request.GET.get("at", ""))
    if asked is not None:
        return next((entry for entry in entries if entry.id == asked), None)
    over = [entry for entry in entries if at is not None and entry.span and entry.span.start <= at < entry.span.end]
    return min(over, key=lambda entry: entry.span.end - entry.span.start if entry.span else 0, default=None)


def _line(entry: EntryRow) -> Line:
    return Line(entry.id, entry.kind, summary(entry), state_of(entry), place(entry))


def _filters(entries: tuple[EntryRow, ...]) -> list[tuple[str, str, int]]:
    kinds = [(kind.value, entry_word(kind), sum(entry.kind is kind for entry in entries)) for kind in EntryKind]
    waiting = sum(entry.is_open for entry in entries)
    return [(OPEN, _("有疑问"), waiting), *(each for each in kinds if each[2]), (ALL, _("全部"), len(entries))]


def _tally(entries: tuple[EntryRow, ...]) -> dict[str, int]:
    return {
        "open_count": sum(entry.is_open for entry in entries),
        "certain_count": sum(entry.decision is None and not entry.is_doubtful for entry in entries),
        "decided_count": sum(entry.decision is not None for entry in entries),
        "entry_count": len(entries),
    }
