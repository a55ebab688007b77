"""The calendar feed (RFC 5545): one all-day event for each due day; the same thing keeps its UID as its day moves."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from django.urls import reverse
from django.utils.crypto import salted_hmac
from icalendar import Calendar, Event

from shuangkong.records.plans.reminders.calendar import Entry
from shuangkong.web.plans.tasks.words import STATES

#: How often a programme may come back.
REFRESH = timedelta(hours=6)
_DAY = timedelta(days=1)
_UID = 32


def feed_of(entries: Iterable[Entry], base: str) -> bytes:
    """The whole feed; ``base`` is where the site is reached."""
    calendar = Calendar()
    calendar.add("prodid", "-//Shuangkong//shuangkong//ZH")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", "双控任务期限")
    calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", REFRESH)
    for each in entries:
        calendar.add_component(_event(each, base))
    found: bytes = calendar.to_ical()
    return found


def _event(entry: Entry, base: str) -> Event:
    kind, _slash, number = entry.about.partition("/")
    is_task = kind == "task"
    event = Event()
    event.add("uid", f"{uid(entry.about)}@shuangkong")
    event.add("sequence", entry.version)
    event.add("dtstamp", entry.changed_at)
    event.add("last-modified", entry.changed_at)
    event.add("dtstart", entry.day)
    event.add("dtend", entry.day + _DAY)
    event.add("summary", f"{'到期' if is_task else '签收重大情况'}：{entry.title}")
    told = [entry.plan_title, str(STATES[entry.state]) if entry.state else "", "演示数据" if entry.is_demo else ""]
    event.add("description", "\n".join(filter(None, told)))
    event.add("url", base + (reverse("tasks:task", args=[number]) if is_task else reverse("tasks:matters")))
    event.add("transp", "TRANSPARENT")
    return event


def uid(about: str) -> str:
    """The same for the same thing in this installation, and of no other."""
    return salted_hmac("shuangkong.calendar", about, algorithm="sha256").hexdigest()[:_UID]
