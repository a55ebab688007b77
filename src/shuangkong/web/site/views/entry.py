"""Coming in and going out: log-in, log-out, language, and the sign of life."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import LoginView
from django.http import HttpRequest, HttpResponse
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_GET
from django.views.i18n import set_language


@method_decorator(login_not_required, name="dispatch")
class LogIn(LoginView):
    """The one page that everybody may see."""

    template_name = "site/login.html"
    redirect_authenticated_user = True


language = login_not_required(set_language)


@login_not_required
@require_GET
def health(request: HttpRequest) -> HttpResponse:
    """Answers while the server lives; asks nothing of the database."""
    return HttpResponse("ok\n", content_type="text/plain")
