"""Looking things up in the journal, newest first, a page at a time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from django.db.models import Q
from django.utils import timezone

from shuangkong.records.journal.models import JournalRow
from shuangkong.records.journal.rows import Written
from shuangkong.records.journal.store import written
from shuangkong.records.past import end_of
from shuangkong.records.paths import below


@dataclass(frozen=True, slots=True)
class Asked:
    """What is looked for; what is empty or None leaves nothing out.

    Attributes:
        place: path of a region; rows of all below it are meant too.
        subject: a thing with all its parts: ``plan/3`` means ``plan/3/entry/17`` too.
        author: a user name.
        act: an act, or the first part of several: ``plan.adopt``, ``plan``.
        day: the day of the act, in the site's time zone.
        until: rows known at the end of that day.
        before: rows with smaller numbers, for the next page.
    """

    place: str = ""
    subject: str = ""
    author: str = ""
    act: str = ""
    day: date | None = None
    until: date | None = None
    before: int | None = None


def rows(asked: Asked, seen: Q, count: int) -> tuple[Written, ...]:
    """At most ``count`` rows that are asked for and may be ``seen`` (a condition on ``place``). 1 query."""
    found = JournalRow.objects.filter(seen, below(asked.place, "place"))
    if asked.subject:
        found = found.filter(Q(subject=asked.subject) | Q(subject__startswith=asked.subject.rstrip("/") + "/"))
    if asked.author:
        found = found.filter(author=asked.author)
    if asked.act:
        found = found.filter(Q(act=asked.act) | Q(act__startswith=asked.act.rstrip(".") + "."))
    if asked.day is not None:
        start = timezone.make_aware(datetime.combine(asked.day, time.min))
        found = found.filter(at__gte=_said(start), at__lt=_said(end_of(asked.day)))
    if asked.until is not None:
        found = found.filter(at__lt=_said(end_of(asked.until)))
    if asked.before is not None:
        found = found.filter(sequence__lt=asked.before)
    return written(found.order_by("-sequence")[:count])


def _said(moment: datetime) -> str:
    """Moments stand in the journal in UTC in one form, so that their texts compare like the moments."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")
