"""接口令牌: which programmes act for me, and within which scopes?"""

from __future__ import annotations

from datetime import date, timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from shuangkong.records.people.access import may
from shuangkong.records.people.roles import Action
from shuangkong.records.people.tokens import MOST_DAYS, TokenRow, make_token, revoke_token, tokens_of
from shuangkong.records.refusal import Refused
from shuangkong.web.people.own import person_of
from shuangkong.web.people.words import ACTIONS, ROLES, acting_words
from shuangkong.web.site.access import acting_of, needs
from shuangkong.web.site.page import page

#: How long a token holds where nobody says otherwise.
USUAL_DAYS = 90


@needs(Action.TOKEN_HOLD)
@require_http_methods(["GET", "POST"])
def tokens(request: HttpRequest) -> HttpResponse:
    """The tokens of a person, and a form for another; a new one is shown once, in the answer to the form."""
    acting, told, refusal = acting_of(request), "", None
    if request.method == "POST":
        scopes = [action for action in Action if action in request.POST.getlist("scopes")]
        try:
            told = make_token(acting, request.POST.get("name", ""), scopes, _day(request.POST.get("ends_on", "")))
        except Refused as refused:
            refusal = refused
    context = {
        "told": told,
        "refusal": refusal,
        "who": acting_words(acting),
        "scopes": [(action, word) for action, word in ACTIONS.items() if may(acting, action)],
        "chosen": request.POST.getlist("scopes") if refusal else [],
        "name": request.POST.get("name", "") if refusal else "",
        "ends_on": timezone.localdate() + timedelta(days=USUAL_DAYS),
        "latest": timezone.localdate() + timedelta(days=MOST_DAYS),
        "tokens": [_shown(row) for row in tokens_of(person_of(request))],
    }
    return page(request, "people/tokens.html", context, status=422 if refusal else 200)


def _shown(row: TokenRow) -> dict[str, object]:
    return {
        "row": row,
        "who": " · ".join(filter(None, (str(ROLES[row.role]), row.body_name, row.region_name))),
        "scopes": [ACTIONS[each] for each in row.scopes],
        "is_in_force": row.revoked_at is None and row.ends_on >= timezone.localdate(),
    }


@needs(Action.TOKEN_HOLD)
@require_POST
def revoke(request: HttpRequest, token_id: int) -> HttpResponse:
    """Ends a token at once."""
    try:
        revoke_token(token_id, acting_of(request))
    except Refused as refused:
        messages.error(request, f"{refused.code} {refused.message.zh}")
    else:
        messages.success(request, _("令牌已作废。"))
    return redirect("people:tokens")


def _day(text: str) -> date:
    """The day of a form; the first of all days, which is refused as past, where it is none."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return date.min
