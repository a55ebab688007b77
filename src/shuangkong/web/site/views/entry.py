"""The language of the pages, and the sign of life. Coming in is in web.people."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET
from django.views.i18n import set_language

language = login_not_required(set_language)


@login_not_required
@require_GET
def health(request: HttpRequest) -> HttpResponse:
    """Answers while the server lives; asks nothing of the database."""
    return HttpResponse("ok\n", content_type="text/plain")
