"""登录中的设备: the browsers in which a person is signed in, how many at once, and signing them out."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from importlib import import_module

from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.db import transaction
from django.utils import timezone

from shuangkong.records.people.models import Person, Visit
from shuangkong.records.people.sign_ins import Whence


def open_visit(person: Person, session: str, whence: Whence) -> None:
    """Registers a browser; the oldest ones beyond ``settings.VISITS_PER_PERSON`` are signed out."""
    now = timezone.now()
    made = {"person": person, "begun_at": now, "seen_at": now, "address": whence.address, "agent": whence.agent}
    with transaction.atomic():
        Visit.objects.update_or_create(session=session, defaults=made)
        _end(Visit.objects.filter(begun_at__lte=now - timedelta(seconds=settings.SIGNED_IN_SECONDS)))
        _end(visits(person)[settings.VISITS_PER_PERSON :])


def visits(person: Person) -> tuple[Visit, ...]:
    """The browsers in which a person is still signed in, the newest first. 1 query."""
    still = timezone.now() - timedelta(seconds=settings.IDLE_SECONDS)
    return tuple(Visit.objects.filter(person=person, seen_at__gt=still).order_by("-begun_at", "session"))


def see_visit(session: str, at: datetime) -> None:
    """Notes that a browser was used."""
    Visit.objects.filter(session=session).update(seen_at=at)


def end_visit(session: str) -> None:
    """Signs one browser out."""
    _end(Visit.objects.filter(session=session))


def end_visits(person: Person, but: str = "") -> int:
    """Signs a person out everywhere, except in the browser of session ``but``; returns how many browsers."""
    ended = list(Visit.objects.filter(person=person).exclude(session=but))
    _end(ended)
    return len(ended)


def _end(ended: Iterable[Visit]) -> None:
    """The session goes with the register: what it signed in is nobody from then on."""
    store: type[SessionBase] = import_module(settings.SESSION_ENGINE).SessionStore
    for visit in ended:
        store(visit.session).delete()
        visit.delete()
