"""填表: the form as a page; every change is kept at once, and nothing typed is lost by a broken line."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from shuangkong.core.period import Period
from shuangkong.records.people.roles import Action
from shuangkong.records.refusal import Refused
from shuangkong.records.reporting import store
from shuangkong.records.reporting.checking import checked
from shuangkong.records.reporting.drafting import ToSave, discard, draft_content, said_so_far, save
from shuangkong.records.reporting.earlier import earlier
from shuangkong.records.reporting.forms import before, edition_of
from shuangkong.records.reporting.models import Draft
from shuangkong.records.reporting.rows import ReturnRow, finding_key
from shuangkong.records.reporting.taking_over import returns_beside
from shuangkong.reporting.checks.run import Found
from shuangkong.reporting.content import Content
from shuangkong.reporting.forms.first import Prefill
from shuangkong.reporting.forms.model import Form
from shuangkong.reporting.life import IN_FORCE, OWED
from shuangkong.reporting.typed import typed
from shuangkong.rulebook import open_rulebook
from shuangkong.web.reporting.formulas import formulas
from shuangkong.web.reporting.found import own_or_404
from shuangkong.web.reporting.sheet import Filled, cells_by_address, sheet
from shuangkong.web.reporting.words import KINDS, SEVERITIES, STATES, form_word, period_word
from shuangkong.web.site.access import acting_of, needs
from shuangkong.web.site.page import page
from shuangkong.web.site.scope import link
from shuangkong.web.site.words import spoken

#: Forms that a unit owes at once, of which one turns from one to the next.
_MOST_OWED = 60


@require_http_methods(["GET", "POST"])
@needs(Action.RETURN_FILE)
def form(request: HttpRequest, return_id: int) -> HttpResponse:
    """The form; sent whole where no script runs."""
    row = own_or_404(request, return_id)
    if request.method == "POST":
        return _sent_whole(request, row)
    if row.state not in (*OWED, *IN_FORCE):
        messages.info(request, _("已提交的报表在审核，不能改；要改请先撤回。"))
        return redirect(link(request, "reporting:return", row.id))
    return _page(request, row)


@require_GET
@needs(Action.RETURN_FILE)
def check(request: HttpRequest, return_id: int) -> HttpResponse:
    """The panel of findings of the draft as it is kept."""
    row = own_or_404(request, return_id)
    kept = Draft.objects.filter(owned=row.id).first()
    context = panel(row, _form(row), draft_content(row, kept), said_so_far(row, kept))
    return page(request, "reporting/panel.html", {"row": row, **context})


@require_POST
@needs(Action.RETURN_FILE)
def start_over(request: HttpRequest, return_id: int) -> HttpResponse:
    """Throws the draft away."""
    row = own_or_404(request, return_id)
    discard(row.id, acting_of(request))
    messages.success(request, _("草稿已清除。"))
    return redirect(link(request, "reporting:return", row.id))


def panel(row: ReturnRow, form_: Form, content: Content, explained: Mapping[str, str]) -> dict[str, Any]:
    """What the checks find, gravest first, each with what is said to it. At most 3 queries."""
    judged = checked(form_, content, row)
    names = dict(cells_by_address(sheet(Filled.of(form_, content, None))))
    found = [_finding(each, explained, names) for each in judged.findings]
    return {
        "findings": found,
        "must_fix": sum(each["severity"] == "must_fix" for each in found),
        "unexplained": sum(each["severity"] == "must_explain" and not each["text"] for each in found),
        "unjudged": [(each.code, spoken(each.because)) for each in judged.unjudged],
        "passed": len(judged.passed),
    }


def _finding(each: Found, explained: Mapping[str, str], names: Mapping[str, str]) -> dict[str, Any]:
    key = finding_key(each.code, each.place)
    return {
        "key": key, "code": each.code, "severity": each.severity.value, "word": SEVERITIES[each.severity],
        "address": each.place, "where": spoken(each.where) or names.get(each.place, ""),
        "message": spoken(each.message), "ground": spoken(each.ground), "text": explained.get(key, ""),
        "needs_text": each.severity == "must_explain",
    }  # fmt: skip


def _page(request: HttpRequest, row: ReturnRow, refusal: Refused | None = None) -> HttpResponse:
    kept = Draft.objects.filter(owned=row.id).first()
    content, form_ = draft_content(row, kept), _form(row)
    if content.edition != form_.edition:
        return redirect(link(request, "reporting:edition", row.id))
    period = Period.parse(row.period)
    last = earlier(row.reporter.id, form_, period).last
    context = {
        "row": row, "form": form_, "name": form_word(row), "period": period_word(row.period),
        "last_period": period_word(str(before(form_, period))), "kind": KINDS[form_.kind.value],
        "tables": sheet(Filled.of(form_, content, last)), "has_last": last is not None,
        "is_correction": row.state in IN_FORCE, "kept": kept, "refusal": refusal,
        **_beside(row, form_, content if kept else None), "formulas": formulas(form_),
        "author": acting_of(request).author,
        "files": [each for each in store.files(row.id, with_draft=True) if not each.left_out], **_turning(row),
        **panel(row, form_, content, said_so_far(row, kept)),
    }  # fmt: skip
    return page(request, "reporting/form.html", context, status=422 if refusal else 200)


def _beside(row: ReturnRow, form_: Form, draft: Content | None) -> dict[str, list[tuple[str, str, str]]]:
    """(form, period, how it stands) of returns that this one would begin with: ``lacking`` had they been accepted,
    ``since`` had the draft been begun after they were. At most 1 query.

    Nothing of what the unit does not owe, nor for who corrects what stands: that begins with the version in force.
    """
    beside = () if row.state in IN_FORCE else returns_beside(form_, row)
    # What was signed once begins anew with that.
    taken = {entry.source for entry in draft.entries.values()} if draft is not None and not row.versions else None
    lacking, since = [], []
    for each in beside:
        if each.state is None:
            continue
        told = (spoken(each.form.name), period_word(str(each.period)), str(STATES[each.state]))
        if each.in_force is None:
            lacking.append(told)
        elif taken is not None and f"{Prefill.RETURNS}:{each.form.id} {each.period}" not in taken:
            since.append(told)
    return {"lacking": lacking, "since": since}


def _turning(row: ReturnRow) -> dict[str, tuple[int, str] | None]:
    """(number, name) of the forms before and after this one that the unit owes, by their last days. 2 queries."""
    rows = store.returns(Q(reporter=row.reporter.id, state__in=OWED), "due", "form", "pk", count=_MOST_OWED)
    numbers = [each.id for each in rows]
    at = numbers.index(row.id) if row.id in numbers else None
    told = [(each.id, f"{form_word(each)} {period_word(each.period)}") for each in rows]
    if at is None:
        return {"previous": None, "following": told[0] if told else None}
    return {"previous": told[at - 1] if at else None, "following": told[at + 1] if at + 1 < len(told) else None}


def _content(row: ReturnRow) -> Content:
    return draft_content(row, Draft.objects.filter(owned=row.id).first())


def _form(row: ReturnRow) -> Form:
    return edition_of(row.form, "", Period.parse(row.period), row.reporter.region)


def _sent_whole(request: HttpRequest, row: ReturnRow) -> HttpResponse:
    """All cells at once: what has not changed keeps its origin."""
    form_, stood = _form(row), _content(row)
    told = ((address, str(text)) for address, text in request.POST.items() if form_.field(address) is not None)
    read = typed(form_, told, open_rulebook().units(), rows=stood.keys)
    changed = {address: entry for address, entry in read.entries.items() if stood[address][:2] != entry[:2]}
    explained = {
        key.removeprefix("explain:"): str(text) for key, text in request.POST.items() if key.startswith("explain:")
    }
    try:
        save(row.id, acting_of(request), ToSave(entries=changed, explained=explained))
    except Refused as refusal:
        return _page(request, row, refusal)
    leads = "reporting:sign" if "sign" in request.POST else "reporting:form"
    return redirect(link(request, leads, row.id))
