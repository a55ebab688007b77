"""Who calls: a token in the header, or a person signed in in a browser; and what the operation needs.

A browser's call that changes something carries the token of forms in X-CSRFToken, as every form of the site does.
"""

from __future__ import annotations

from functools import cache

from django.conf import settings
from django.http import Http404, HttpRequest
from ninja.security import APIKeyCookie, HttpBearer

from shuangkong.records.people.access import Forbidden, Where, may, require
from shuangkong.records.people.acting import PUBLIC, Acting
from shuangkong.records.people.roles import Action
from shuangkong.records.people.tokens import token_acting
from shuangkong.web.site.access import acting_of
from shuangkong.web.site.access import reached as reached_or_404


def caller(request: HttpRequest) -> Acting:
    """As whom the call acts."""
    return acting_of(request)


class Token(HttpBearer):
    """``Authorization: Bearer sk_…``"""

    def __init__(self, action: Action | None) -> None:
        super().__init__()
        self.action = action

    def authenticate(self, request: HttpRequest, token: str) -> Acting | None:
        found = token_acting(f"Bearer {token}")
        if found is None:
            return None
        request.acting = found  # type: ignore[attr-defined]
        return _allowed(found, self.action)


class Session(APIKeyCookie):
    """A person signed in in a browser; with a token in the header the cookie counts for nothing."""

    param_name = settings.SESSION_COOKIE_NAME

    def __init__(self, action: Action | None) -> None:
        super().__init__()
        self.action = action

    def __call__(self, request: HttpRequest) -> Acting | None:
        if "Authorization" in request.headers or not request.user.is_authenticated:
            return None
        found: Acting | None = super().__call__(request)
        return found

    def authenticate(self, request: HttpRequest, key: str | None) -> Acting | None:
        found = acting_of(request)
        if found is PUBLIC:
            raise Forbidden(
                "API-106", "您还没有任何授权。请管理员授权后再试。", "You hold no appointment: ask the administrator."
            )
        return _allowed(found, self.action)


def _allowed(found: Acting, action: Action | None) -> Acting:
    if action is None or may(found, action):
        return found
    raise Forbidden(
        "API-107",
        f"当前身份或令牌的权限不含“{action.value}”。请换用授权包含它的令牌。",
        f"The role or the token's scopes do not cover {action.value}. Use a token that does.",
    )


@cache
def needs(action: Action | None) -> list[Token | Session]:
    """The two ways in to an operation that is ``action``; None: whoever may come in at all."""
    return [Token(action), Session(action)]


def reached(request: HttpRequest, where: Where | None, read: Action, action: Action | None = None) -> Where:
    """Where a thing is, which the call may read, and do ``action`` with.

    Raises:
        Http404: there is no such thing (``where`` is None), or not for this caller.
        Forbidden: the caller may read it, but not do ``action``.
    """
    if where is None:
        raise Http404
    reached_or_404(request, where, read)
    if action is not None:
        require(caller(request), action, where)
    return where
