"""Every way of signing in and out passes here: the browser is registered, and forgotten."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.http import HttpRequest

from shuangkong.records.people.models import Person
from shuangkong.web.people import session


def connect() -> None:
    user_logged_in.connect(_signed_in, dispatch_uid="people.signed_in")
    user_logged_out.connect(_signed_out, dispatch_uid="people.signed_out")


def _signed_in(sender: object, request: HttpRequest, user: Person, **_: Any) -> None:
    session.begin(request, user)


def _signed_out(sender: object, request: HttpRequest, **_: Any) -> None:
    session.end(request)
