"""事项提醒: units told by the clock of what on their file is soon due, due today or late; once for each occasion."""

from __future__ import annotations

import logging
from datetime import date, timedelta
from functools import reduce
from operator import or_

from django.db import OperationalError, transaction
from django.db.models import Q

from shuangkong.records.notices.rows import NoticeKind
from shuangkong.records.notices.store import lapse, waiting
from shuangkong.records.reporting.entry_store import EntryRow, entries
from shuangkong.records.reporting.entry_telling import tell_entry, title_of
from shuangkong.records.reporting.limits import again_days, place_soon_days
from shuangkong.records.reporting.models import FileEntry
from shuangkong.records.reporting.reminding import CLOCK
from shuangkong.reporting.entry_kinds import EntryKind
from shuangkong.reporting.entry_life import UNITS_TURN
from shuangkong.reporting.reminders import Occasion, Stage, occasion_of

_FARTHEST = timedelta(days=400)
_TURN = reduce(or_, (Q(kind=kind.value, state=state.value) for kind, state in UNITS_TURN))
_LOG = logging.getLogger(__name__)


def remind_of_entries(day: date) -> int:
    """Tells each unit of what it has to do by a last day that is near or past; of how many entries. Done twice it tells
    nothing twice. 2 queries where nothing is to be told.

    What cannot be told of one holds up no other.
    """
    near = _TURN & Q(due__lte=day + _FARTHEST, reporter__body__isnull=False)
    near &= ~Q(kind=EntryKind.SYSTEM.value, due__lt=day, reminded__startswith=Stage.LATE.value)  # told of once
    columns = ("pk", "kind", "due", "reporter__region", "reminded")
    days: dict[str, tuple[int, int]] = {}
    told: dict[int, Occasion] = {}
    for number, kind, due, region, reminded in FileEntry.objects.filter(near).order_by("pk").values_list(*columns):
        if region not in days:
            days[region] = place_soon_days(region, day), again_days(region, day)
        what = _occasion(EntryKind(kind), due, day, *days[region])
        if what is not None and _mark(what) != reminded:
            told[number] = what
    rows = entries(Q(pk__in=told), "pk") if told else ()
    count = sum(_is_told(row, told[row.id]) for row in rows)
    lapse(_over())
    return count


def _occasion(kind: EntryKind, due: date, day: date, soon: int, again: int) -> Occasion | None:
    found = occasion_of(due, day, soon, again)
    if found is not None and kind is EntryKind.SYSTEM and found.step:
        return Occasion(found.stage, found.last)  # that a certificate has run out is told once
    return found


def _is_told(row: EntryRow, what: Occasion) -> bool:
    """Raises OperationalError where the database is gone."""
    try:
        _tell(row, what)
    except OperationalError:
        raise
    except Exception:  # noqa: BLE001 - whatever it is, it stays with its entry
        _LOG.exception("RPT-742 file entry %s is not told of", row.id)
        return False
    return True


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
    """Addressings of the clock's own reminders of what is done, whose last day was changed, or that a newer one tells
    anew. What an office did is told until it is acknowledged. 2 queries."""
    there = waiting(NoticeKind.ENTRY, CLOCK.author)
    asked = _TURN & ~Q(reminded="") & Q(pk__in={thing for _, thing, _ in there})
    live = set(FileEntry.objects.filter(asked).values_list("pk", flat=True)) if there else set()
    seen: set[int] = set()
    over = []
    for number, thing, _body in there:
        if thing not in live or thing in seen:
            over.append(number)
        seen.add(thing)
    return over
