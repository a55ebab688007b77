"""申请延期、停计时、停产、免报: a unit asks and takes back, the office answers, all on the page of the return."""

from __future__ import annotations

from urllib.parse import quote

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from shuangkong.records.people.roles import Action
from shuangkong.records.refusal import Refused
from shuangkong.records.reporting import petitions
from shuangkong.records.reporting.petitions import Answer, PetitionRow, ToAsk
from shuangkong.records.reporting.rows import ReturnRow
from shuangkong.reporting.petitions import KINDS
from shuangkong.web.indicators.emissions.forms import files_of
from shuangkong.web.plans.tasks.framed import at_form, day_of
from shuangkong.web.reporting.found import own_or_404, return_or_404
from shuangkong.web.reporting.petition_page import kind_of
from shuangkong.web.reporting.views.one import return_page
from shuangkong.web.site.access import acting_of, needs
from shuangkong.web.site.page import download
from shuangkong.web.site.scope import link
from shuangkong.web.site.words import spoken

_STREAM = "application/octet-stream"


@require_POST
@needs(Action.RETURN_FILE)
def ask(request: HttpRequest, return_id: int) -> HttpResponse:
    """The unit asks; what is refused comes back with what was typed."""
    row, form = own_or_404(request, return_id), request.POST
    kind = kind_of(form.get("kind", ""))
    if kind is None:
        raise Http404(form.get("kind", ""))
    try:
        told = ToAsk(kind, form.get("ground", ""), day_of(form.get("due", ""), "due"), files_of(request))
        petitions.ask(row.id, told, acting_of(request))
    except Refused as refusal:
        return return_page(request, row, at_form(refusal), is_asking=True)
    messages.success(
        request, _("已提出申请（%(kind)s），审核机关会看到。答复以前，截止日不变。") % {"kind": spoken(KINDS[kind])}
    )
    return _back(request, row)


@require_POST
@needs(Action.RETURN_FILE)
def withdraw(request: HttpRequest, petition_id: int) -> HttpResponse:
    """The unit takes back what it asked for."""
    row = own_or_404(request, _petition_or_404(petition_id).owned)
    try:
        petitions.withdraw(petition_id, acting_of(request))
    except Refused as refusal:
        return return_page(request, row, at_form(refusal))
    messages.success(request, _("申请已撤回。"))
    return _back(request, row)


@require_POST
@needs(Action.RETURN_REVIEW)
def answer(request: HttpRequest, petition_id: int) -> HttpResponse:
    """The office grants what was asked for, or not."""
    row, form = return_or_404(request, _petition_or_404(petition_id).owned), request.POST
    is_granted = form.get("answer") == "grant"
    if not is_granted and form.get("answer") != "refuse":
        raise Http404(form.get("answer", ""))
    try:
        due = day_of(form.get("due", ""), "due")
        told = Answer(is_granted, form.get("ground", ""), form.get("document", ""), due)
        petitions.answer(petition_id, told, acting_of(request))
    except Refused as refusal:
        return return_page(request, row, at_form(refusal), answering=petition_id)
    messages.success(request, _("已同意，已办理。") if is_granted else _("已答复不同意，填报单位会看到理由。"))
    return _back(request, row)


@require_GET
@needs(Action.RETURN_READ)
def file(request: HttpRequest, petition_id: int) -> HttpResponse:
    """The file beside a petition, to keep; never shown inside the site."""
    return_or_404(request, _petition_or_404(petition_id).owned)
    found = petitions.file_of(petition_id)
    if found is None:
        raise Http404(petition_id)
    name, content = found
    told = download(content, name, _STREAM)
    told["X-Content-Type-Options"] = "nosniff"
    told["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    return told


def _petition_or_404(number: int) -> PetitionRow:
    """Raises Http404; whether its return may be seen is asked of that."""
    found = petitions.petition(number)
    if found is None:
        raise Http404(number)
    return found


def _back(request: HttpRequest, row: ReturnRow) -> HttpResponse:
    return redirect(f"{link(request, 'reporting:return', row.id)}#petitions")
