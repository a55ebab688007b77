"""有什么要提醒我？ The unread first, by kind; one's own only, and only what one may still see."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from shuangkong.core.finding import Message
from shuangkong.records.plans.reminders import inbox
from shuangkong.records.plans.reminders.grounds import ReminderKind
from shuangkong.records.plans.reminders.inbox import ReminderRow
from shuangkong.records.plans.reminders.wording import ADVICE, KINDS
from shuangkong.web.people.own import own, person_of
from shuangkong.web.people.signing import leads_to
from shuangkong.web.people.words import acting_words
from shuangkong.web.plans.reminders.ways import ways_of
from shuangkong.web.site.access import acting_of
from shuangkong.web.site.page import page
from shuangkong.web.site.scope import link, whole

#: So many of a kind stand on the page; ``kind`` in the address shows one kind in pages of that many.
SHOWN, LONG = 10, 100


@dataclass(frozen=True, slots=True)
class Section:
    """Reminders of one kind; ``rows`` with their address, and as what one must act to open it ("" as one does now)."""

    kind: ReminderKind
    label: Message
    advice: Message
    count: int
    unread: int
    rows: list[tuple[ReminderRow, str, str]]

    @property
    def more(self) -> int:
        return self.count - len(self.rows)


@own
@require_GET
def reminders(request: HttpRequest) -> HttpResponse:
    """1 query, 1 a kind that is there, and those of the ways of acting."""
    person = person_of(request)
    seen = inbox.open_to(person, ways_of(request))
    counts = inbox.counts(seen)
    asked = next((kind for kind in ReminderKind if kind.value == request.GET.get("kind")), None)
    number = max(whole(request.GET.get("page", "1")) or 1, 1)
    sections = [
        _section(request, kind, counts[kind], inbox.rows(seen, kind, *_cut(asked, number)))
        for kind in ReminderKind
        if kind in counts and asked in (None, kind)
    ]
    context = {
        "sections": sections,
        "unread": sum(new for _every, new in counts.values()),
        "count": sum(every for every, _new in counts.values()),
        "asked": asked,
        "number": number,
        "has_next": asked is not None and asked in counts and counts[asked][0] > number * LONG,
    }
    return page(request, "reminders/list.html", context)


def _cut(asked: ReminderKind | None, number: int) -> tuple[int, int]:
    """The first row and how many."""
    return ((number - 1) * LONG, LONG) if asked else (0, SHOWN)


def _section(
    request: HttpRequest, kind: ReminderKind, counts: tuple[int, int], rows: tuple[ReminderRow, ...]
) -> Section:
    now = acting_of(request).appointment
    ways = {each.appointment: acting_words(each) for each in ways_of(request)}
    lines = [
        (row, _address(request, row), "" if row.appointment == now else ways.get(row.appointment, "")) for row in rows
    ]
    return Section(kind, KINDS[kind], ADVICE[kind], *counts, lines)


def _address(request: HttpRequest, row: ReminderRow) -> str:
    if row.task is not None:
        return link(request, "tasks:task", row.task)
    if row.notice is not None:
        return link(request, "notices:one", row.notice)
    if row.alarm is not None:
        return link(request, "monitoring:alarm", row.alarm)
    return f"{link(request, 'tasks:matters')}#matter-{row.matter}"


@own
@require_GET
def bell(request: HttpRequest) -> HttpResponse:
    """The bell in the frame, fetched by the page itself: no page waits for it."""
    count = inbox.unread(inbox.open_to(person_of(request)))
    return render(request, "reminders/bell.html", {"count": count})


@own
@require_POST
def read(request: HttpRequest) -> HttpResponse:
    """Marks the reminders named in the form read; all of them where it says ``all``."""
    named = [number for number in map(whole, request.POST.getlist("reminder")) if number is not None]
    seen = inbox.open_to(person_of(request))
    count = inbox.mark_read(seen, None if request.POST.get("all") else named)
    told = ngettext("%(count)d 条已标为已读。", "%(count)d 条已标为已读。", count) % {"count": count}
    messages.success(request, told)
    return redirect(leads_to(request) if request.POST.get("next") else "reminders:list")
