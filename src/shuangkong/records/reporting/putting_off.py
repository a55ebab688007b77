"""窗口整体顺延: the last day of a window is put off for all who owe it, as after an outage, by one act of an office.

The act is the window's: its new day, its ground, one row of the journal. The returns follow in portions, each whole and
by itself, so that nobody who hands in meanwhile waits for twenty thousand others; what is broken off the clock goes on
with. A day of its own that is later stays.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from shuangkong.core.horizon import DECIDED_AHEAD, is_near, years
from shuangkong.records.journal import store as journal
from shuangkong.records.notices.rows import Addressed, NoticeKind, ToSend
from shuangkong.records.notices.store import send
from shuangkong.records.people.access import Where, require
from shuangkong.records.people.acting import Acting
from shuangkong.records.people.roles import Action
from shuangkong.records.refusal import Refused
from shuangkong.records.reporting.models import Event, PutOff, Return, Window
from shuangkong.records.reporting.petition_settling import lapse_fulfilled
from shuangkong.records.reporting.raising import above
from shuangkong.records.reporting.reminding import name_of
from shuangkong.reporting.life import OWED, EventKind

#: Returns that have the new day in one transaction, portions that a tick goes on with, rows of one statement.
_PORTION, _A_TICK, _BATCH = 2_000, 20, 500
_LONGEST = 2_000


@dataclass(frozen=True, slots=True)
class PutOffTold:
    """What came of it: ``moved`` returns have the new day, ``further`` that are owed have a later one of their own."""

    moved: int
    further: int


@dataclass(frozen=True, slots=True)
class PutOffRow:
    """One time that a window was put off; ``is_done``: all its returns have the day."""

    before: date
    due: date
    ground: str
    document: str
    decided_by: str
    decided_at: datetime
    is_done: bool


def put_off(window: int, due: date | None, by: Acting, ground: str, document: str = "") -> PutOffTold:
    """Puts off the last day of a window; ~20 queries, and ~10 for every two thousand returns.

    What is owed by an earlier day is owed by the new one; what came, or is not owed, holds by the new one too.

    Raises:
        Refused: there is no such window; no ground; no day, or one that is past or no later than the one that is; all
            its returns stand in a window of a higher place.
        Forbidden: the person opens nothing there.
    """
    if not ground.strip() or len(ground) > _LONGEST:
        zh = f"请写明整体顺延的理由，不超过 {_LONGEST} 字，应报单位会看到。"
        raise Refused("RPT-711", zh, f"Give the ground, {_LONGEST} signs at most: the units read it.", "ground")
    with transaction.atomic():
        held = Window.objects.select_for_update().select_related("region").filter(pk=window).first()
        if held is None:
            raise Refused("RPT-905", f"没有编号为 {window} 的报送窗口。", f"There is no window {window}.")
        require(by, Action.WINDOW_OPEN, Where(held.path))
        _require_sound(held, due)
        assert due is not None
        made = PutOff.objects.create(
            window=held, before=held.due, due=due, ground=ground.strip(), document=document.strip(),
            decided_by=by.author, decided_at=timezone.now(), journal=journal.UNWRITTEN,
        )  # fmt: skip
        Window.objects.filter(pk=held.pk).update(due=due, counted_at=None)
        _tell(held, made, by)
        act = by.act(
            "window.put_off", f"window/{held.pk}", ground=made.ground, document=made.document,
            before={"due": made.before}, after={"due": due},
        )  # fmt: skip
        made.journal = journal.append(replace(act, place=held.path))
        made.save(update_fields=["journal"])
    moved = 0
    while count := _portion(made):
        moved += count
    further = Return.objects.filter(window=held, state__in=OWED).filter(
        Q(redo_by__gt=due) | Q(redo_by=None, due__gt=due)
    )
    return PutOffTold(moved, further.count())


def go_on() -> int:
    """By the clock: what was broken off goes on, the oldest first; returns of how many returns. 1 query where nothing
    is left."""
    moved, left = 0, _A_TICK
    for made in PutOff.objects.filter(done_at=None).order_by("pk"):
        while left and (count := _portion(made)):
            moved, left = moved + count, left - 1
    return moved


def put_offs(window: int) -> tuple[PutOffRow, ...]:
    """Every time that a window was put off, the newest first. 1 query."""
    return tuple(
        PutOffRow(
            row.before, row.due, row.ground, row.document, row.decided_by, row.decided_at, row.done_at is not None
        )
        for row in PutOff.objects.filter(window=window).order_by("-pk")
    )


def due_then(windows: Iterable[int], day: date) -> Mapping[int, date]:
    """Window → its last day as it was at the end of a day, of those that were put off since. 1 query."""
    found: dict[int, date] = {}
    for row in PutOff.objects.filter(window__in=list(windows)).order_by("-pk"):
        if timezone.localdate(row.decided_at) > day:
            found[row.window_id] = row.before
    return found


def _follows(due: date) -> Q:
    """The condition on returns that a new last day of their window concerns: owed by an earlier one; or not owed, with
    an earlier one: what came in time may be taken back, what is not due may be required again."""
    owed = Q(state__in=OWED) & (Q(redo_by=None, due__lt=due) | Q(redo_by__lt=due))
    return owed | (~Q(state__in=OWED) & (Q(due__lt=due) | Q(redo_by__lt=due)))


def _portion(made: PutOff) -> int:
    """Gives the new day to the next returns, locked in the order of all acts on many; says when none is left. Those
    that have it are found no more, so that done twice it does nothing twice."""
    with transaction.atomic():
        PutOff.objects.select_for_update().get(pk=made.pk)  # one at a time: who waited for rows would find them gone
        rows = Return.objects.select_for_update().filter(_follows(made.due), window=made.window_id).order_by("pk")
        numbers = list(rows.values_list("pk", flat=True)[:_PORTION])
        now, today = timezone.now(), timezone.localdate()
        if not numbers:
            PutOff.objects.filter(pk=made.pk).update(done_at=now)
            return 0
        for start in range(0, len(numbers), _BATCH):
            some = Return.objects.filter(pk__in=numbers[start : start + _BATCH])
            # As life_standing says of PUT_OFF, a column at a time: of each day the later one holds.
            some.filter(redo_by__lt=made.due).update(redo_by=made.due)
            some.filter(due__lt=made.due).update(due=made.due)
            some.update(changed_at=now)
            lapse_fulfilled(numbers[start : start + _BATCH], made.due, made.decided_by, made.journal)
        Event.objects.bulk_create(
            [
                Event(
                    owned_id=number, kind=EventKind.PUT_OFF, on=today, due=made.due, ground=made.ground,
                    document=made.document, author=made.decided_by, at=now, journal=made.journal,
                )
                for number in numbers
            ],
            batch_size=_BATCH,
        )  # fmt: skip
    return len(numbers)


def _require_sound(held: Window, due: date | None) -> None:
    today = timezone.localdate()
    if due is None or due <= held.due or due < today or not is_near(due, today, DECIDED_AHEAD):
        until = years(today, DECIDED_AHEAD)[1]
        zh = f"请写明新的截止日：晚于现在的 {held.due}，不早于今天，不晚于 {until} 年底。"
        raise Refused("RPT-712", zh, f"Give the new last day: after {held.due}, not past, by {until}.", "due")
    if not Return.objects.filter(window=held).exists() and (higher := above(held)):
        zh = f"这个窗口的报表都列在{higher[0].region.name}的窗口里，截止日由那里定。请联系{higher[0].region.name}顺延。"
        en = f"All its returns stand in the window of {higher[0].region.name}: its last day is set there."
        raise Refused("RPT-713", zh, en)


def _tell(held: Window, made: PutOff, by: Acting) -> None:
    """One notice to all who owe it and now owe it later. ~7 queries."""
    units: dict[int, list[str]] = defaultdict(list)
    owing = Return.objects.filter(_follows(made.due), window=held, state__in=OWED, reporter__body__isnull=False)
    for body, name in owing.order_by("pk").values_list("reporter__body", "reporter__name"):
        if body is not None:
            units[body].append(name)
    send(
        ToSend(
            kind=NoticeKind.WINDOW, thing=held.pk, title=f"{name_of(held)} {held.period} 截止日顺延到 {made.due}",
            text=made.ground, region=held.region_id, path=held.path,
            bodies=tuple(Addressed(body, "、".join(names)) for body, names in units.items()), is_demo=held.is_demo,
            is_fictional=held.region.is_fictional,
        ),
        by,
    )  # fmt: skip
