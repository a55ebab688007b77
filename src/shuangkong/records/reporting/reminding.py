"""报送提醒: reporters told by the clock what is soon due, due today or late, once for each; urged by a person in bulk.

One notice a window and occasion, with what is for each body alone; the messenger and the inbox take it from there. What
was told and is done since waits for nobody's acknowledgement any more.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from shuangkong.core.period import Period
from shuangkong.records.journal import store as journal
from shuangkong.records.notices.rows import Addressed, NoticeKind, ToSend
from shuangkong.records.notices.store import lapse, send, waiting
from shuangkong.records.people.access import may
from shuangkong.records.people.acting import Acting
from shuangkong.records.people.roles import Action, Role
from shuangkong.records.refusal import Refused
from shuangkong.records.reporting.forms import form_at
from shuangkong.records.reporting.limits import again_days, soon_days
from shuangkong.records.reporting.models import Event, Reminded, Return, Window
from shuangkong.records.reporting.rows import ReturnRow
from shuangkong.records.reporting.store import returns, standing_of
from shuangkong.reporting.life import OWED, EventKind
from shuangkong.reporting.life_standing import may as may_stand
from shuangkong.reporting.reminders import Occasion, Stage, occasion

#: Who acts where a clock does.
CLOCK = Acting("system", Role.ADMINISTRATOR, paths=("/",))
_BATCH = 500
#: No form is soon due earlier than so many days before its last one.
_FARTHEST = timedelta(days=400)


def remind_reporters(day: date) -> int:
    """Tells everybody who owes something what there is to tell on a day; returns of how many returns. Done twice it
    tells nothing twice. 2 queries where nothing is to be told."""
    told = sum(_tell(window, what, rows, day) for (window, what), rows in _due(day).items())
    lapse(_over())
    return told


def _due(day: date) -> Mapping[tuple[int, Occasion], list[int]]:
    """(window, occasion) → numbers of the returns that it was not told of yet; nobody is told for whom nobody acts: the
    occasion waits. 2 queries."""
    near = Q(redo_by=None, due__lte=day + _FARTHEST) | Q(redo_by__lte=day + _FARTHEST)
    rows = (
        Return.objects.select_related("reporter")
        .filter(near, state__in=OWED, held_on=None, reporter__body__isnull=False)
        .order_by("pk")
    )
    found: dict[int, tuple[int, Occasion]] = {}
    for row in rows:
        region = row.reporter.region_id
        soon, again = soon_days(row.form, row.period, region, day), again_days(region, day)
        what = occasion(standing_of(row), day, soon, again)
        if what is not None:
            found[row.pk] = (row.window_id, what)
    there = set(Reminded.objects.filter(owned__state__in=OWED).values_list("owned", "stage", "last", "step"))
    groups: dict[tuple[int, Occasion], list[int]] = defaultdict(list)
    for number, (window, what) in found.items():
        if (number, what.stage.value, what.last, what.step) not in there:
            groups[window, what].append(number)
    return groups


def _tell(window: int, what: Occasion, numbers: list[int], day: date) -> int:
    """One notice about returns of a window, and the row of each that says so, together or not. ~8 queries."""
    with transaction.atomic():
        held = Window.objects.select_related("region").get(pk=window)
        rows = returns(Q(pk__in=numbers, state__in=OWED), "pk")
        notice = _send(held, rows, _title(held, what), "", CLOCK)
        _keep(rows, what, day, CLOCK, notice)
    return len(rows)


def _title(held: Window, what: Occasion) -> str:
    named = f"{name_of(held)} {held.period}"
    match what.stage:
        case Stage.DUE_SOON:
            return f"{named} 将于 {what.last} 截止，还没有报"
        case Stage.DUE_TODAY:
            return f"{named} 今天（{what.last}）截止，还没有报"
    return f"{named} 已于 {what.last} 截止，逾期未报"


def name_of(held: Window) -> str:
    """What the form of a window is called there; its id where the policy has it no more."""
    try:
        return form_at(held.form, Period.parse(held.period), held.region_id).name.zh
    except Refused:
        return held.form


def _send(held: Window, rows: Iterable[ReturnRow], title: str, text: str, by: Acting) -> int | None:
    """None where nobody acts for any of them yet."""
    units: dict[int, list[str]] = defaultdict(list)
    for row in rows:
        if row.reporter.body is not None:
            units[row.reporter.body].append(row.reporter.name)
    return send(
        ToSend(
            kind=NoticeKind.WINDOW, thing=held.pk, title=title, text=text, region=held.region_id, path=held.path,
            bodies=tuple(Addressed(body, "、".join(names)) for body, names in units.items()), is_demo=held.is_demo,
            is_fictional=held.region.is_fictional,
        ),
        by,
    )  # fmt: skip


def _keep(rows: Iterable[ReturnRow], what: Occasion, day: date, by: Acting, notice: int | None) -> None:
    now = timezone.now()
    Reminded.objects.bulk_create(
        [
            Reminded(
                owned_id=row.id, stage=what.stage.value, last=what.last, step=what.step, on=day, at=now,
                author=by.author, notice=notice,
            )
            for row in rows
            if row.reporter.body is not None
        ],
        batch_size=_BATCH,
    )  # fmt: skip


def _over() -> list[int]:
    """Addressings of reminders that ask for what is done, or that a newer one tells anew. 2 queries."""
    there = waiting(NoticeKind.WINDOW)
    owing = Return.objects.filter(window__in={thing for _, thing, _ in there}, state__in=OWED)
    owed = set(owing.values_list("window", "reporter__body")) if there else set()
    seen: set[tuple[int, int]] = set()
    over = []
    for number, window, body in there:
        if (window, body) not in owed or (window, body) in seen:
            over.append(number)
        seen.add((window, body))
    return over


def urge(window: int, condition: Q, by: Acting, ground: str) -> tuple[int, int, int]:
    """Urges everybody of a window who owes its return, meets a condition and is reviewed by the person; (how many were,
    how many had been today already, for how many nobody acts). Nobody whose clock is stopped. ~15 queries whatever
    their number.

    Raises:
        Refused: there is no such window.
    """
    today = timezone.localdate()
    with transaction.atomic():
        held = Window.objects.select_related("region").filter(pk=window).first()
        if held is None:
            raise Refused("RPT-905", f"没有编号为 {window} 的报送窗口。", f"There is no window {window}.")
        wanted = Q(condition, window=held.pk, state__in=OWED, held_on=None)
        list(Return.objects.select_for_update().filter(wanted).order_by("pk"))
        owing = returns(wanted, "pk")
        rows = [
            row
            for row in owing
            if may(by, Action.RETURN_REVIEW, row.where) and may_stand(row.standing, EventKind.REMIND)
        ]
        done = set(
            Reminded.objects.filter(owned__window=held, stage=Stage.URGED, on=today).values_list("owned", flat=True)
        )
        reached = [row for row in rows if row.reporter.body is not None]
        fresh = [row for row in reached if row.id not in done]
        if fresh:
            last = f"截止日 {held.due}。"
            notice = _send(held, fresh, f"{name_of(held)} {held.period} 催报", f"{ground.strip()}\n{last}".strip(), by)
            _record(held, fresh, by, ground.strip())
            _keep(fresh, Occasion(Stage.URGED, today), today, by, notice)
    return len(fresh), len(reached) - len(fresh), len(rows) - len(reached)


def note_urged(row: ReturnRow, by: Acting) -> None:
    """Keeps that one return was urged by an act of its own. 1 query."""
    today = timezone.localdate()
    if not Reminded.objects.filter(owned=row.id, stage=Stage.URGED, last=today).exists():
        _keep([row], Occasion(Stage.URGED, today), today, by, None)


def _record(held: Window, rows: list[ReturnRow], by: Acting, ground: str) -> None:
    """An event and a row of the journal each."""
    now, today = timezone.now(), timezone.localdate()
    acts = [replace(by.act("return.remind", f"return/{row.id}", ground=ground), place=row.path) for row in rows]
    Event.objects.bulk_create(
        [
            Event(owned_id=row.id, kind=EventKind.REMIND, on=today, ground=ground, author=by.author, at=now, journal=at)
            for row, at in zip(rows, journal.append_all(acts), strict=True)
        ],
        batch_size=_BATCH,
    )
    some = [Return(pk=row.id, reminders=row.standing.reminders + 1, changed_at=now) for row in rows]
    Return.objects.bulk_update(some, ["reminders", "changed_at"], batch_size=_BATCH)


def reminded(numbers: Iterable[int]) -> Mapping[int, tuple[tuple[Stage, date, str], ...]]:
    """Return → (occasion, day, who) of every reminder, the newest first. 1 query a 500."""
    found: dict[int, list[tuple[Stage, date, str]]] = defaultdict(list)
    wanted = list(numbers)
    for start in range(0, len(wanted), _BATCH):
        rows = Reminded.objects.filter(owned__in=wanted[start : start + _BATCH]).order_by("-at", "-pk")
        for owned, stage, on, author in rows.values_list("owned", "stage", "on", "author"):
            found[owned].append((Stage(stage), on, author))
    return {number: tuple(rows) for number, rows in found.items()}
