"""批量导出: which tables can I take along? Tasks, what happened to them, bodies, within what I may see."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from shuangkong.papers.streams import MEDIA, Form, stream
from shuangkong.records.people.roles import Action
from shuangkong.records.plans.exchange.out import HEADINGS, Export, rows
from shuangkong.web.plans.exchange.words import EXPORTS
from shuangkong.web.site.access import acting_of, needs


@require_GET
@needs(Action.EXCHANGE_EXPORT)
def taken_out(request: HttpRequest) -> HttpResponse:
    tables = [(export.value, label, HEADINGS[export]) for export, label in EXPORTS.items()]
    return render(request, "exchange/out.html", {"tables": tables, "forms": [form.value for form in Form]})


@require_GET
@needs(Action.EXCHANGE_EXPORT)
def table(request: HttpRequest, export: str, form: str) -> Any:
    """A table as a file; nothing of it waits in memory."""
    if export not in set(Export) or form not in set(Form):
        raise Http404(f"{export}.{form}")
    return streamed(request, Export(export), Form(form))


def streamed(request: HttpRequest, export: Export, form: Form) -> StreamingHttpResponse:
    """The file of a table, for whoever asks."""
    found = stream(form, HEADINGS[export], rows(export, acting_of(request)))
    name = quote(f"{export}-{timezone.localdate():%Y-%m-%d}.{form}")
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{name}"}
    return StreamingHttpResponse(found, content_type=MEDIA[form], headers=headers)
