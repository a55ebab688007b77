"""我今天该办什么: what is late, due, returned, silent or waits for me, the most urgent first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from shuangkong.plans.tasks.events import ANSWERING, HELPING, EventKind, State
from shuangkong.plans.tasks.standing import Clock, Thresholds
from shuangkong.records.people.access import may
from shuangkong.records.people.acting import Acting
from shuangkong.records.people.roles import Action
from shuangkong.records.plans.tasks import matters, store
from shuangkong.records.plans.tasks.rows import TaskKind
from shuangkong.records.plans.tasks.thresholds import escalation, thresholds
from shuangkong.web.plans.tasks.framed import framed
from shuangkong.web.plans.tasks.lines import Line, labels, lines
from shuangkong.web.plans.tasks.listing import Listing
from shuangkong.web.site.access import acting_of, needs
from shuangkong.web.site.page import download

#: A sentence has no clock of its own: its measure is asked about it.
NO_SENTENCE = ~Q(kind=TaskKind.SENTENCE)
#: So many of each sort stand on the page; the rest is one click away.
SHOWN = 12


@dataclass(frozen=True, slots=True)
class Wish:
    """One sort of thing that waits: its key, what it is called, what to do with it, which tasks."""

    key: str
    label: str
    advice: str
    condition: Q


@dataclass(frozen=True, slots=True)
class Section:
    """A wish with its tasks."""

    wish: Wish
    count: int
    lines: list[Line]

    @property
    def more(self) -> int:
        return self.count - len(self.lines)


@require_GET
@needs(Action.TASK_READ)
def duties(request: HttpRequest) -> HttpResponse:
    acting, today = acting_of(request), timezone.localdate()
    days = thresholds(today, acting.paths)
    wishes = wishes_of(acting, today, days)
    every = Q(pk__in=())
    for wish in wishes:
        every |= wish.condition
    listing = Listing(request, "duties", _("今天该办"), every, today, days, tuple(acting.bodies))
    if listing.is_export:
        return download(listing.workbook(), f"{listing.caption}.xlsx")
    sections = [_section(request, wish, today, days) for wish in wishes]
    waiting = matters.waiting_for(acting) if may(acting, Action.MATTER_ACKNOWLEDGE) else ()
    context = {
        "sections": [each for each in sections if each.count],
        "matters": waiting,
        "count": sum(each.count for each in sections) + len(waiting),
        "export": "?xlsx=duties",
        "labels": labels(each for section in sections for each in section.lines),
    }
    return framed(request, "tasks/duties.html", context)


def _section(request: HttpRequest, wish: Wish, today: date, days: Thresholds) -> Section:
    """2 queries where nothing waits, else 5."""
    rows = store.tasks(wish.condition, count=SHOWN)
    count = len(rows) if len(rows) < SHOWN else store.count(wish.condition)
    return Section(wish, count, lines(request, rows, today, days))


def wishes_of(acting: Acting, today: date, days: Thresholds) -> list[Wish]:
    """What a person's own bodies owe, then what waits for the person's word: each half by right, one may have both."""
    reports = bool(acting.bodies) and may(acting, Action.TASK_REPORT)
    return [*(_own(acting, today, days) if reports else ()), *_offices(acting, today)]


def own_late(acting: Acting, today: date) -> int:
    """How many late tasks the person's own bodies owe; 0 for who reports nothing. At most 2 queries."""
    if not acting.bodies or not may(acting, Action.TASK_REPORT):
        return 0
    owing = store.of_bodies(acting.bodies, ANSWERING) & NO_SENTENCE
    return store.count(owing & store.is_late(today) & ~Q(state=State.REPORTED))


def _own(acting: Acting, today: date, days: Thresholds) -> list[Wish]:
    """Of a body that reports: its own late ones before all else."""
    owing = store.of_bodies(acting.bodies, ANSWERING) & NO_SENTENCE
    helping = store.of_bodies(acting.bodies, HELPING) & NO_SENTENCE
    late = store.is_late(today)
    returned = Q(state=State.RETURNED)
    confirmed = store.with_event(EventKind.CONFIRM, acting.bodies)
    live = store.is_live()
    return [
        Wish("late", _("逾期"), _("请马上报送进展，或申请延期。"), owing & late & ~Q(state=State.REPORTED)),
        Wish("returned", _("被退回"), _("请按退回的理由修改后再报。"), owing & returned & ~late),
        Wish("due_soon", _("临近到期"), _("请在到期前报送。"), owing & _clock(Clock.DUE_SOON, today, days)),
        Wish("silent", _("久无报送"), _("请报送一次进展。"), owing & _clock(Clock.SILENT, today, days)),
        Wish("confirm", _("待我确认"), _("请确认本单位配合的份额。"), helping & live & ~confirmed),
    ]


def _offices(acting: Acting, today: date) -> list[Wish]:
    """Of one that supervises: what waits for judgement, then the steps in their order: remind, circulate, list.

    What waits for its judgement is with the office: nobody is reminded of it. Nothing is circulated before a reminder.
    """
    here, steps = store.readable(acting) & NO_SENTENCE, escalation(today, acting.paths)
    remind_from, circulate_from = today - timedelta(days=steps.remind), today - timedelta(days=steps.circulate)
    late = here & store.is_late(today) & ~Q(state=State.REPORTED)
    found = (
        (Action.TASK_JUDGE, Wish("judge", _("待审核"), _("请接受或退回。"), here & Q(state=State.REPORTED))),
        (
            Action.TASK_EXTEND,
            Wish("asked", _("延期申请"), _("请批准或不同意。"), here & Q(asked_due__isnull=False) & store.is_live()),
        ),
        (
            Action.TASK_ESCALATE,
            Wish(
                "circulate",
                _("逾期待通报"),
                _("催办后仍未办结，已过通报的天数。"),
                late & Q(due__lt=circulate_from, circulars=0, reminders__gt=0),
            ),
        ),
        (
            Action.TASK_ESCALATE,
            Wish(
                "remind",
                _("逾期待催办"),
                _("已过催办的天数，尚未催办。"),
                late & Q(due__lt=remind_from, reminders=0),
            ),
        ),
        (
            Action.LISTING_SUPERVISE,
            Wish("listed", _("挂牌督办中"), _("请盯到摘牌。"), here & Q(is_listed=True) & store.is_live()),
        ),
    )
    return [wish for action, wish in found if may(acting, action)]


def _clock(clock: Clock, today: date, days: Thresholds) -> Q:
    """A clock of what is with the body: neither returned nor waiting for its judgement."""
    return store.clock_is(clock, today, days) & ~Q(state__in=(State.RETURNED, State.REPORTED))
