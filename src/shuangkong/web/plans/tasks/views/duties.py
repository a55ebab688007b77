"""我今天该办什么: what is late, due, returned, silent or waits for me, the most urgent first."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from shuangkong.plans.tasks.events import ANSWERING, HELPING, EventKind, State
from shuangkong.plans.tasks.standing import Clock, Thresholds, is_late
from shuangkong.plans.tasks.standing import clock as clock_of
from shuangkong.records.people.access import may
from shuangkong.records.people.acting import Acting
from shuangkong.records.people.roles import Action
from shuangkong.records.plans.tasks import matters, store
from shuangkong.records.plans.tasks.rows import MatterRow, TaskRow
from shuangkong.records.plans.tasks.stood import stood
from shuangkong.records.plans.tasks.thresholds import escalation, thresholds
from shuangkong.web.plans.tasks.framed import framed
from shuangkong.web.plans.tasks.lines import Line, labels, lines
from shuangkong.web.plans.tasks.listing import Listing
from shuangkong.web.plans.tasks.picks import at_place
from shuangkong.web.plans.tasks.then import day_looked_at, due_first, is_past
from shuangkong.web.site.access import acting_of, needs
from shuangkong.web.site.page import download

#: A sentence has no clock of its own: its measure is asked about it.
#: So many of each sort stand on the page; the rest is one click away.
SHOWN = 12


@dataclass(frozen=True, slots=True)
class Wish:
    """One sort of thing that waits: its key, what it is called, what to do with it, and which of the tasks concerned:
    as the columns know it now, and as it is known of a task as it stood on a past day.
    """

    key: str
    label: str
    advice: str
    now: Q
    was: Callable[[TaskRow], bool]


@dataclass(frozen=True, slots=True)
class Concern:
    """Tasks that concern somebody (what the own bodies owe, what the office supervises), with what waits of them."""

    tasks: Q
    wishes: tuple[Wish, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """A wish with its tasks."""

    wish: Wish
    count: int
    lines: list[Line]

    @property
    def more(self) -> int:
        return self.count - len(self.lines)


type _Waiting = list[tuple[Wish, int, Sequence[TaskRow]]]


@require_GET
@needs(Action.TASK_READ, shows_past=True)
def duties(request: HttpRequest) -> HttpResponse:
    acting, day, past = acting_of(request), day_looked_at(request), is_past(request)
    days = thresholds(day, acting.paths)
    concerns = concerns_of(acting, day, days, past)
    then = None if past is None else _then(request, concerns, past)
    every = {row.id: row for _wish, rows in then or () for row in rows}
    listing = Listing(
        request, "duties", _("今天该办"), _any_of(concerns), day, days, tuple(acting.bodies),
        then=None if then is None else every.values(),
    )  # fmt: skip
    if listing.is_export:
        return download(listing.workbook(), f"{listing.caption}.xlsx")
    found = _now(concerns) if then is None else [(wish, len(rows), rows[:SHOWN]) for wish, rows in then]
    sections = [Section(wish, count, lines(request, rows, day, days)) for wish, count, rows in found if count]
    waiting = _matters(acting, past)
    context = {
        "sections": sections,
        "matters": waiting,
        "count": sum(each.count for each in sections) + len(waiting),
        "export": listing.export,
        "labels": labels(each for section in sections for each in section.lines),
        "today": day,
    }
    return framed(request, "tasks/duties.html", context)


def _now(concerns: Sequence[Concern]) -> _Waiting:
    """2 queries a wish where nothing waits, else 5."""
    return [(wish, *_first(concern.tasks & wish.now)) for concern in concerns for wish in concern.wishes]


def _first(condition: Q) -> tuple[int, Sequence[TaskRow]]:
    """How many tasks, and those due first."""
    rows = store.tasks(condition, count=SHOWN)
    return len(rows) if len(rows) < SHOWN else store.count(condition), rows


def _then(request: HttpRequest, concerns: Sequence[Concern], past: date) -> list[tuple[Wish, list[TaskRow]]]:
    """What waited on a past day, at the place that the address names. 6 queries a concern. Raises Refused."""
    told = []
    for concern in concerns:
        rows = sorted(stood(concern.tasks & at_place(request), past), key=due_first)
        told += [(wish, [row for row in rows if wish.was(row)]) for wish in concern.wishes]
    return told


def _any_of(concerns: Sequence[Concern]) -> Q:
    every = Q(pk__in=())
    for concern in concerns:
        for wish in concern.wishes:
            every |= concern.tasks & wish.now
    return every


def _matters(acting: Acting, past: date | None) -> tuple[MatterRow, ...]:
    return matters.waiting_for(acting, past) if may(acting, Action.MATTER_ACKNOWLEDGE) else ()


def concerns_of(acting: Acting, day: date, days: Thresholds, past: date | None = None) -> list[Concern]:
    """What a person's own bodies owe, then what waits for the person's word: each half by right, one may have both.
    ``past`` is the day where it is not today.
    """
    reports = bool(acting.bodies) and may(acting, Action.TASK_REPORT)
    found = [*(_own(acting, day, days, past) if reports else ()), _office(acting, day, days)]
    return [each for each in found if each.wishes]


def own_late(acting: Acting, today: date) -> int:
    """How many late tasks the person's own bodies owe; 0 for who reports nothing. At most 2 queries."""
    if not acting.bodies or not may(acting, Action.TASK_REPORT):
        return 0
    owing = store.of_bodies(acting.bodies, ANSWERING) & store.OWED
    return store.count(owing & store.is_late(today) & ~Q(state=State.REPORTED))


def _own(acting: Acting, day: date, days: Thresholds, past: date | None) -> list[Concern]:
    """Of a body that reports: its own late ones before all else."""
    owing = store.of_bodies(acting.bodies, ANSWERING, past) & store.OWED
    helping = store.of_bodies(acting.bodies, HELPING, past) & store.OWED
    late, returned = store.is_late(day) & ~Q(state=State.REPORTED), Q(state=State.RETURNED)
    unconfirmed = ~store.with_event(EventKind.CONFIRM, acting.bodies, past)
    return [
        Concern(
            owing,
            (
                Wish("late", _("逾期"), _("请马上报送进展，或申请延期。"), late, _was_late(day)),
                Wish(
                    "returned", _("被退回"), _("请按退回的理由修改后再报。"), returned & ~store.is_late(day),
                    lambda row: row.standing.state is State.RETURNED and not _was_late(day)(row),
                ),
                _clocked("due_soon", _("临近到期"), _("请在到期前报送。"), Clock.DUE_SOON, day, days),
                _clocked("silent", _("久无报送"), _("请报送一次进展。"), Clock.SILENT, day, days),
            ),
        ),
        Concern(
            helping & unconfirmed,
            (Wish("confirm", _("待我确认"), _("请确认本单位配合的份额。"), store.is_live(), _was_live(day, days)),),
        ),
    ]  # fmt: skip


def _office(acting: Acting, day: date, days: Thresholds) -> Concern:
    """Of one that supervises: what waits for judgement, then the steps in their order: remind, circulate, list.

    What waits for its judgement is with the office: nobody is reminded of it. Nothing is circulated before a reminder.
    """
    found = (
        (
            Action.TASK_JUDGE,
            Wish("judge", _("待审核"), _("请接受或退回。"), Q(state=State.REPORTED),
                 lambda row: row.standing.state is State.REPORTED),
        ),
        (
            Action.TASK_EXTEND,
            Wish("asked", _("延期申请"), _("请批准或不同意。"), Q(asked_due__isnull=False) & store.is_live(),
                 lambda row: row.standing.asked_due is not None and _was_live(day, days)(row)),
        ),
        *((Action.TASK_ESCALATE, wish) for wish in _steps(acting, day)),
        (
            Action.LISTING_SUPERVISE,
            Wish("listed", _("挂牌督办中"), _("请盯到摘牌。"), Q(is_listed=True) & store.is_live(),
                 lambda row: row.standing.is_listed and _was_live(day, days)(row)),
        ),
    )  # fmt: skip
    wishes = tuple(wish for action, wish in found if may(acting, action))
    return Concern(store.readable(acting) & store.OWED, wishes)


def _steps(acting: Acting, day: date) -> tuple[Wish, Wish]:
    """What is late and to be circulated, what is late and to be reminded of."""
    steps = escalation(day, acting.paths)
    remind_from, circulate_from = day - timedelta(days=steps.remind), day - timedelta(days=steps.circulate)
    late, was_late = store.is_late(day) & ~Q(state=State.REPORTED), _was_late(day)

    def to_circulate(row: TaskRow) -> bool:
        now = row.standing
        return was_late(row) and _before(now.due, circulate_from) and now.circulars == 0 and now.reminders > 0

    def to_remind(row: TaskRow) -> bool:
        return was_late(row) and _before(row.standing.due, remind_from) and row.standing.reminders == 0

    return (
        Wish("circulate", _("逾期待通报"), _("催办后仍未办结，已过通报的天数。"),
             late & Q(due__lt=circulate_from, circulars=0, reminders__gt=0), to_circulate),
        Wish("remind", _("逾期待催办"), _("已过催办的天数，尚未催办。"),
             late & Q(due__lt=remind_from, reminders=0), to_remind),
    )  # fmt: skip


def _clocked(key: str, label: str, advice: str, clock: Clock, day: date, days: Thresholds) -> Wish:
    """By a clock of what is with the body: neither returned nor waiting for its judgement."""
    elsewhere = (State.RETURNED, State.REPORTED)
    return Wish(
        key, label, advice, store.clock_is(clock, day, days) & ~Q(state__in=elsewhere),
        lambda row: clock_of(row.standing, day, days) is clock and row.standing.state not in elsewhere,
    )  # fmt: skip


def _was_late(day: date) -> Callable[[TaskRow], bool]:
    """Late and with the body."""

    def was(row: TaskRow) -> bool:
        now = row.standing
        return is_late(now.state, now.due, now.waits_from, day) and now.state is not State.REPORTED

    return was


def _was_live(day: date, days: Thresholds) -> Callable[[TaskRow], bool]:
    """As ``store.is_live``."""
    return lambda row: clock_of(row.standing, day, days) not in (Clock.OVER, Clock.STOPPED)


def _before(due: date | None, day: date) -> bool:
    return due is not None and due < day
