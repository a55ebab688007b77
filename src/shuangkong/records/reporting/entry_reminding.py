"""事项提醒: units told by the clock of what on their file is soon due, due today or late; once for each occasion."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import transaction
from django.db.models import Q

from shuangkong.records.notices.rows import NoticeKind
from shuangkong.records.notices.store import lapse, waiting
from shuangkong.records.reporting.entry_store import EntryRow, entries
from shuangkong.records.reporting.entry_telling import tell_entry, title_of
from shuangkong.records.reporting.limits import again_days, place_soon_days
from shuangkong.records.reporting.models import FileEntry
from shuangkong.records.reporting.reminding import CLOCK
from shuangkong.reporting.entry_kinds import EntryKind
from shuangkong.reporting.entry_life import EntryState, is_units_turn
from shuangkong.reporting.reminders import Occasion, Stage, occasion_of

_FARTHEST = timedelta(days=400)
_RUNNING = [EntryState.OPEN.value, EntryState.WORK.value]


def remind_of_entries(day: date) -> int:
    """Tells each unit of what it has to do by a last day that is near or past; of how many entries. Done twice it tells
    nothing twice. 3 queries where nothing is to be told."""
    near = Q(state__in=_RUNNING, due__lte=day + _FARTHEST, reporter__body__isnull=False)
    kept = dict(FileEntry.objects.filter(near).values_list("pk", "reminded"))
    count = 0
    for row in entries(near, "pk") if kept else ():
        what = _occasion(row, day)
        if what is not None and _mark(what) != kept[row.id]:
            _tell(row, what)
            count += 1
    lapse(_over())
    return count


def _occasion(row: EntryRow, day: date) -> Occasion | None:
    if row.standing.due is None or not is_units_turn(row.kind, row.standing.state):
        return None
    region = row.reporter.region
    found = occasion_of(row.standing.due, day, place_soon_days(region, day), again_days(region, day))
    if found is not None and row.kind is EntryKind.SYSTEM and found.step:
        return Occasion(found.stage, found.last)  # that a certificate has run out is told once
    return found


def _mark(what: Occasion) -> str:
    return f"{what.stage.value} {what.last} {what.step}"


def _tell(row: EntryRow, what: Occasion) -> None:
    """~8 queries."""
    said = {
        Stage.DUE_SOON: f"将于 {what.last} 到期", Stage.DUE_TODAY: f"今天（{what.last}）到期",
    }.get(what.stage, f"已于 {what.last} 到期，还没有办结")  # fmt: skip
    with transaction.atomic():
        tell_entry(row.id, row.reporter, f"{title_of(row.kind, row.told)}{said}", "", CLOCK, is_demo=row.is_demo)
        FileEntry.objects.filter(pk=row.id).update(reminded=_mark(what))


def _over() -> list[int]:
    """Addressings of the clock's own reminders of what is done, or that a newer one tells anew. What an office did is
    told until it is acknowledged. 2 queries."""
    there = waiting(NoticeKind.ENTRY, CLOCK.author)
    rows = entries(Q(pk__in={thing for _, thing, _ in there})) if there else ()
    live = {row.id for row in rows if is_units_turn(row.kind, row.standing.state)}
    seen: set[int] = set()
    over = []
    for number, thing, _body in there:
        if thing not in live or thing in seen:
            over.append(number)
        seen.add(thing)
    return over
