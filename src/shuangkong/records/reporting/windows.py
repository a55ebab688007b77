"""报送窗口: a form is opened for a period at a place; who owes it then and later. Locking it is in ``locking``."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from shuangkong.core.finding import Message
from shuangkong.core.period import Period
from shuangkong.records.journal import store as journal
from shuangkong.records.people.access import Where, require
from shuangkong.records.people.acting import Acting
from shuangkong.records.people.roles import Action
from shuangkong.records.refusal import Refused
from shuangkong.records.registry.models import Region
from shuangkong.records.reporting import pace
from shuangkong.records.reporting.chain import APPROVING, Chains
from shuangkong.records.reporting.forms import fits, form_at
from shuangkong.records.reporting.heirs import hand_on
from shuangkong.records.reporting.limits import entrant_days, require_begun
from shuangkong.records.reporting.models import Event, Reporter, Return, Window
from shuangkong.records.reporting.places import places_then
from shuangkong.records.reporting.raising import above, take_over, within
from shuangkong.records.reporting.reminding import CLOCK
from shuangkong.records.reporting.store import STANDING, keep_standing, standing_of
from shuangkong.records.reporting.whom import nobody, owing
from shuangkong.reporting.forms.due import last_day
from shuangkong.reporting.forms.model import Form
from shuangkong.reporting.life import OWED, EventKind, State
from shuangkong.reporting.life import Event as LifeEvent
from shuangkong.reporting.life_standing import after

_BATCH = 100
#: Windows that a tick sees to, and one in a rush: the rest have their turn at the next one.
_A_TICK, _IN_A_RUSH = 20, 1
_GONE, _BACK = "已不在填报范围", "重新列入填报范围"


@dataclass(frozen=True, slots=True)
class Opened:
    """A window as it was opened.

    Attributes:
        number: of the window.
        listed: how many returns stand in it, those ``raised`` and ``locked`` among them: of windows below it, taken
            over to be approved further up, or as they were locked there.
        elsewhere: how many owe it in a window of a higher place.
        nobody: whose members owe the form, where none was found.
    """

    number: int
    listed: int
    raised: int
    locked: int
    elsewhere: int
    nobody: Message | None = None


def open_window(
    form: str, period: str, region: str, by: Acting, due: date | None = None, *, is_demo: bool = False
) -> int:
    """As ``open_counted``; returns its number."""
    return open_counted(form, period, region, by, due, is_demo=is_demo).number


def open_counted(
    form: str, period: str, region: str, by: Acting, due: date | None = None, *, is_demo: bool = False
) -> Opened:
    """Opens a form for a period at a place and below it, with a return for each who owes it.

    What windows of places below it list is taken over as it stands, and approved up to this place. Without ``due`` the
    last day is that of the form. ~28 queries, and one per hundred units.

    Raises:
        Refused: no such place, form or period; the place approves nothing; it is open there already, or a place above
            has opened it for all who owe it; the period has not begun, or the last day lies within it.
        Forbidden: the person may open nothing there.
    """
    with transaction.atomic():
        place = Region.objects.filter(pk=region).first()
        if place is None:
            raise Refused("RPT-901", "没有这个地区。请填六位区划代码。", "There is no such region.", "region")
        if by is not CLOCK:  # a person who may has told it to
            require(by, Action.WINDOW_OPEN, Where(place.path))
        if place.level not in APPROVING:
            zh = f"{place.name}这一级不审批报表，窗口开了没有人能审批。请由县级或以上开，{place.name}的单位会列在里面。"
            en = f"Nobody approves returns at the level of {place.name}. Let the county open it: its units are listed."
            raise Refused("RPT-991", zh, en, "region")
        known, told = _sound(form, period, place.pk)
        require_begun(told)
        if Window.objects.filter(form=form, period=str(told), region=place).exists():
            zh = f"{known.name.zh} {told} 在{place.name}已经开了窗口。"
            raise Refused("RPT-903", zh, "That window is open already.", "period")
        last = due or last_day(known, told)
        if last <= told.last_day:
            raise Refused("RPT-904", "截止日应晚于报告期末。", "The last day is to lie after the period.", "due")
        made = Window.objects.create(
            form=form, period=str(told), first_month=told.first_month, region=place, path=place.path, due=last,
            opened_by=by.author, opened_at=timezone.now(), journal=journal.UNWRITTEN, is_demo=is_demo,
        )  # fmt: skip
        after = {"form": form, "period": str(told), "due": last}
        row = replace(by.act("window.open", f"window/{made.pk}", after=after), place=place.path)
        made.journal = journal.append(row)
        made.save(update_fields=["journal"])
        wanted = owing(known, told.last_day, place.path)
        raised = take_over(made, within(made), wanted, by)
        elsewhere = _require_some_here(made, known, wanted)
        _add(made, wanted, by.author)
        listed = Return.objects.filter(window=made).count()
    missing = None if wanted else nobody(known, place.name)
    return Opened(made.pk, listed, raised.goes_on, raised.locked, elsewhere, missing)


def _require_some_here(made: Window, form: Form, wanted: Collection[int]) -> int:
    """How many owe it in windows of higher places; refused where these list everybody. 1 query, or 2."""
    higher = above(made)
    if not higher:
        return 0
    there = Return.objects.filter(window__in=higher, reporter__in=wanted).count()
    if there == len(wanted):
        zh = (
            f"{higher[0].region.name}已经开了{form.name.zh} {made.period} 的窗口，{made.region.name}应报的 {there} 家"
            "都在里面，不用再开。请在“报送进度”里看那个窗口；名单不全的，请上级按现在的范围更新名单。"
        )
        en = f"{higher[0].region.name} has opened it; all {there} who owe it here are listed there. See that window."
        raise Refused("RPT-992", zh, en, "period")
    return there


def refresh(window: int, by: Acting) -> tuple[int, int]:
    """Who entered since owes it, who left no longer does, who moved is followed; returns how many came and went.

    What somebody has filed already stays. ~20 queries.

    Raises:
        Refused: there is no such window.
        Forbidden: the person may open nothing there.
    """
    with transaction.atomic():
        held = Window.objects.select_for_update().filter(pk=window).first()
        if held is None:
            raise Refused("RPT-905", f"没有编号为 {window} 的报送窗口。", f"There is no window {window}.")
        require(by, Action.WINDOW_OPEN, Where(held.path))
        return _refreshed(held, by)


def follow_windows(day: date) -> int:
    """The same by the clock, once a day, of windows in which something is still owed; returns how many were seen to.

    2 queries where none is left; a window whose form the policy has no more stays as it is. While returns come in a
    rush it waits, then goes on one by one (``pace``): it locks all that a window owes.
    """
    stale = Q(followed_on=None) | Q(followed_on__lt=day)
    owing_ = Q(due__gte=day) | Q(pk__in=Return.objects.filter(state__in=OWED).values("window"))
    waiting = list(Window.objects.filter(stale, owing_).order_by("pk").values_list("pk", flat=True)[: _A_TICK + 1])
    most = pace.share(pace.LISTS, timezone.now()).of(_A_TICK, _IN_A_RUSH) if waiting else 0
    for number in waiting[:most]:
        with transaction.atomic():
            held = Window.objects.select_for_update().get(pk=number)
            with suppress(Refused):
                _refreshed(held, CLOCK)
            held.followed_on = day
            held.save(update_fields=["followed_on"])
    if len(waiting) <= most:
        pace.done(pace.LISTS)
    return len(waiting[:most])


def _refreshed(held: Window, by: Acting) -> tuple[int, int]:
    period = Period.parse(held.period)
    there = owing(form_at(held.form, period, held.region_id), period.last_day, held.path)
    every = within(held)
    take_over(held, every, there, by)
    rows = [row for row in every if row.window_id == held.pk]
    gone = [row for row in rows if row.reporter_id not in there and State(row.state) in OWED]
    back = [row for row in rows if row.reporter_id in there and _was_let_go(row)]
    _end(gone, by)
    _owe_again(held, back, by)
    _follow(held, [row for row in rows if row.reporter_id in there], period.last_day)
    hand_on([row for row in rows if row.reporter_id in there and State(row.state) in OWED])
    came = len(back) + _add(held, there - {row.reporter_id for row in rows}, by.author, is_late=True)
    if came or gone or by is not CLOCK:
        act = by.act("window.refresh", f"window/{held.pk}", after={"came": came, "gone": len(gone)})
        journal.append(replace(act, place=held.path))
    return came, len(gone)


def _was_let_go(row: Return) -> bool:
    """Whether a list that was brought up to date let it go; what an office let go stays so. At most 1 query."""
    if State(row.state) is not State.CANCELLED:
        return False
    newest = Event.objects.filter(owned=row).order_by("-pk").first()
    return newest is not None and newest.kind == EventKind.CANCEL and newest.ground == _GONE


def _owe_again(window: Window, rows: list[Return], by: Acting) -> None:
    """Whoever is back on the list owes it again."""
    now, today, due = timezone.now(), timezone.localdate(), _due_late(window)
    for row in rows:
        number = journal.append(replace(by.act("return.require", f"return/{row.pk}", ground=_BACK), place=row.path))
        kinds: list[tuple[EventKind, date | None]] = [(EventKind.REQUIRE, None)]
        stands = after(standing_of(row), LifeEvent(EventKind.REQUIRE, today))
        last_day = stands.redo_by or stands.due  # of one that was returned the day for sending in again
        if last_day is None or last_day < due:
            stands = after(stands, LifeEvent(EventKind.EXTEND, today, due=due))
            kinds.append((EventKind.EXTEND, due))
        keep_standing(row, stands)
        row.save(update_fields=[*STANDING, "changed_at"])
        Event.objects.bulk_create(
            Event(owned=row, kind=kind, on=today, due=last, ground=_BACK, author=by.author, at=now, journal=number)
            for kind, last in kinds
        )


def _due_late(window: Window) -> date:
    """The last day of whoever is listed only now: nobody is late on the day of being listed."""
    today = timezone.localdate()
    return max(window.due, today + timedelta(days=entrant_days(window.region_id, today)))


def _sound(form: str, period: str, region: str) -> tuple[Form, Period]:
    try:
        told = Period.parse(period)
    except ValueError:
        zh = f"“{period[:20]}”不是报告期。应为 YYYY、YYYY-H1、YYYY-Q3 或 YYYY-07 这样的写法。"
        raise Refused("RPT-902", zh, "That is no period.", "period") from None
    known = form_at(form, told, region)
    if not fits(known, told):
        zh = f"“{known.name.zh}”不按这样的报告期报。"
        raise Refused("RPT-908", zh, "The form is not due for periods of that length.", "period")
    return known, told


def _add(window: Window, wanted: Iterable[int], author: str, *, is_late: bool = False) -> int:
    """A return for each; one that owes it in another window already owes it once. Returns how many.

    ``is_late``: the window has been open before.
    """
    owed = Return.objects.filter(form=window.form, period=window.period, reporter__in=list(wanted))
    there = set(owed.values_list("reporter", flat=True))
    fresh = list(Reporter.objects.filter(pk__in=set(wanted) - there).order_by("pk"))
    then, now = places_then(fresh, Period.parse(window.period).last_day), timezone.now()
    chains, due = Chains(window.path, then.values()), _due_late(window) if is_late else window.due
    made = [_owed(window, each, then[each.pk], chains.of(then[each.pk]), due) for each in fresh]
    for row in made:
        row.changed_at = now
    Return.objects.bulk_create(made, batch_size=_BATCH)
    today = timezone.localdate()
    Event.objects.bulk_create(
        [
            Event(owned=row, kind=EventKind.OPEN, on=today, due=row.due, author=author, at=now, journal=window.journal)
            for row in made
        ],
        batch_size=_BATCH,
    )
    return len(made)


def _owed(window: Window, each: Reporter, path: str, chain: tuple[str, ...], due: date) -> Return:
    return Return(
        window=window, reporter=each, form=window.form, period=window.period, first_month=window.first_month,
        path=path, chain=" ".join(chain), state=State.OPEN, due=due, levels=len(chain),
    )  # fmt: skip


def _end(gone: list[Return], by: Acting) -> None:
    """What nobody filed is owed no more by whoever left."""
    now, today = timezone.now(), timezone.localdate()
    ground = _GONE
    rows = [replace(by.act("return.cancel", f"return/{row.pk}", ground=ground), place=row.path) for row in gone]
    numbers = journal.append_all(rows) if rows else ()
    for row in gone:
        # What it told when it was in force is withdrawn by the clock (resumming): here no place is locked.
        row.state, row.in_force, row.changed_at = State.CANCELLED, None, now
    Return.objects.bulk_update(gone, ["state", "in_force", "changed_at"], batch_size=_BATCH)
    Event.objects.bulk_create(
        Event(owned=row, kind=EventKind.CANCEL, on=today, ground=ground, author=by.author, at=now, journal=number)
        for row, number in zip(gone, numbers, strict=True)
    )


def _follow(window: Window, rows: list[Return], day: date) -> None:
    """Whoever turns out to have been elsewhere on the last day of the period is counted and reviewed there, as long as
    nothing of it is approved."""
    then = places_then((row.reporter for row in rows), day)
    moved = [row for row in rows if row.path != then[row.reporter_id] and row.level == 0]
    chains = Chains(window.path, (then[row.reporter_id] for row in moved))
    for row in moved:
        path = then[row.reporter_id]
        chain = chains.of(path)
        row.path, row.chain, row.levels = path, " ".join(chain), len(chain)
    Return.objects.bulk_update(moved, ["path", "chain", "levels"], batch_size=_BATCH)
