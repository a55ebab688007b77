"""附件: files beside a return; to keep, never shown inside the site."""

from __future__ import annotations

from urllib.parse import quote

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from shuangkong.records.people.roles import Action
from shuangkong.records.reporting.attaching import attach, content_of, detach, take_back
from shuangkong.web.indicators.emissions.forms import files_of
from shuangkong.web.reporting.found import is_own, own_or_404, return_or_404
from shuangkong.web.site.access import acting_of, needs
from shuangkong.web.site.page import download
from shuangkong.web.site.scope import link

_STREAM = "application/octet-stream"


@require_POST
@needs(Action.RETURN_FILE)
def add(request: HttpRequest, return_id: int) -> HttpResponse:
    """Files to the draft."""
    row = own_or_404(request, return_id)
    attach(row.id, files_of(request), acting_of(request))
    messages.success(request, _("附件已存，提交时一并报上。"))
    return redirect(link(request, "reporting:form", row.id))


@require_POST
@needs(Action.RETURN_FILE)
def remove(request: HttpRequest, return_id: int, return_file_id: int) -> HttpResponse:
    """Takes a file from the draft; the next version leaves out one that was signed, or with ``keep`` bears it still."""
    row = own_or_404(request, return_id)
    act = take_back if request.POST.get("keep") else detach
    act(row.id, return_file_id, acting_of(request))
    return redirect(link(request, "reporting:form", row.id))


@require_GET
@needs(Action.RETURN_READ)
def file(request: HttpRequest, return_id: int, return_file_id: int) -> HttpResponse:
    row = return_or_404(request, return_id)
    found = content_of(row.id, return_file_id, with_draft=is_own(row, acting_of(request)))
    if found is None:
        raise Http404(return_file_id)
    name, content = found
    answer = download(content, name, _STREAM)
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    return answer
