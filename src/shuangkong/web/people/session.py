"""What a session keeps of who is signed in."""

from __future__ import annotations

from collections.abc import Mapping

from django.http import HttpRequest
from django.utils import timezone

from shuangkong.records.people.models import Person
from shuangkong.records.people.passwords import must_change
from shuangkong.records.people.second_factor import has_factor, must_have_factor
from shuangkong.records.people.visits import end_visit, open_visit
from shuangkong.web.people.whence import whence_of

#: Keys: when the person signed in, when it was last seen, what it must do first.
BEGUN, SEEN, OWED = "begun", "seen", "owed"
#: What may be owed → the page for it.
PASSWORD, FACTOR = "password", "factor"
PAGES: Mapping[str, str] = {PASSWORD: "people:password", FACTOR: "people:factor"}


def begin(request: HttpRequest, person: Person) -> None:
    """Dates the session and registers the browser."""
    if request.session.session_key is None:
        request.session.save()
    request.session[BEGUN] = request.session[SEEN] = timezone.now().isoformat()
    open_visit(person, str(request.session.session_key), whence_of(request))


def end(request: HttpRequest) -> None:
    """Forgets the browser, before its session goes."""
    if request.session.session_key is not None:
        end_visit(request.session.session_key)


def owe(request: HttpRequest, person: Person, by_password: bool) -> None:
    """Notes what the person must do before anything else."""
    today = timezone.localdate()
    owed = [PASSWORD] if by_password and must_change(person, today) else []
    if must_have_factor(person, today) and not has_factor(person):
        owed.append(FACTOR)
    request.session[OWED] = owed


def settle(request: HttpRequest, done: str) -> None:
    """Notes that one thing owed is done."""
    request.session[OWED] = [each for each in request.session.get(OWED, ()) if each != done]
