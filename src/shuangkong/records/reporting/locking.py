"""整窗口锁定: everything of a window that every level has approved is locked at once, each with its own row of the
journal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import batched

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from shuangkong.records.journal import store as journal
from shuangkong.records.paths import below, is_below
from shuangkong.records.people.access import Where, require
from shuangkong.records.people.acting import Acting
from shuangkong.records.people.roles import Action
from shuangkong.records.refusal import Refused
from shuangkong.records.registry.tree import path_of
from shuangkong.records.reporting.models import Event, Return, Window
from shuangkong.reporting.life import NOT_DUE, EventKind, State

_BATCH = 500
#: Approved by every level, and nothing of it waits.
LOCKABLE = Q(state=State.APPROVED.value, level__gte=F("levels"))
#: Of these nothing is left to be locked.
_DONE = (State.LOCKED, *NOT_DUE)


def lock_window(window: int, by: Acting, region: str = "", ground: str = "") -> tuple[int, int]:
    """Locks what is approved by every level; returns how many, and how many returns there are left unlocked.

    ``region``: a place of the window, all that lies in and below it; without it the whole window. What is not approved
    yet is left as it is and may be locked later. ~8 queries and three per five hundred returns, all or nothing.

    Raises:
        Refused: there is no such window, or no such place in it; nothing is approved by every level.
        Forbidden: the person may lock nothing there.
    """
    with transaction.atomic():
        held = Window.objects.select_for_update().filter(pk=window).first()
        if held is None:
            raise Refused("RPT-905", f"没有编号为 {window} 的报送窗口。", f"There is no window {window}.")
        require(by, Action.WINDOW_OPEN, Where(held.path))
        here = Q(window=held) & below(_place(held, region))
        # Locked in the order of all acts on many returns, so that two of them never wait for one another.
        ready = Return.objects.select_for_update().filter(here & LOCKABLE).order_by("pk")
        rows = list(ready.only("pk", "path", "version", "in_force"))
        if not rows:
            zh = "这里没有各级都已审批通过、可以锁定的报表。请先完成逐级审批。"
            raise Refused("RPT-906", zh, "Nothing here is approved by every level yet: approve first, then lock.")
        _lock(rows, held, by, ground.strip())
        left = Return.objects.filter(here).exclude(state__in=[State(each).value for each in _DONE]).count()
    return len(rows), left


def lockable(condition: Q) -> int:
    """How many returns that meet a condition could be locked now. 1 query."""
    return Return.objects.filter(condition & LOCKABLE).count()


def _place(held: Window, region: str) -> str:
    """The path of what is to be locked. Raises Refused."""
    path = path_of(region) if region else held.path
    if path and is_below(held.path, path):
        return held.path  # of all that lies in a higher place the window is the part that is asked for
    if not path or not is_below(path, held.path):
        zh = f"{region} 不在这个窗口的范围里。请填窗口所在地区或它下面的地区。"
        raise Refused("RPT-907", zh, f"{region} is no place of this window: name one in it.", "region")
    return path


def _lock(rows: Sequence[Return], held: Window, by: Acting, ground: str) -> None:
    now, today = timezone.now(), timezone.localdate()
    numbers = [row.pk for row in rows]
    for some in batched(numbers, _BATCH):
        Return.objects.filter(pk__in=some).update(state=State.LOCKED, changed_at=now)
    before, after = {"state": State.APPROVED.value}, {"state": State.LOCKED.value, "window": held.pk}
    acts = [
        replace(
            by.act("return.lock", f"return/{row.pk}", ground=ground, before=before,
                   after={**after, "version": row.version}),
            place=row.path,
        )
        for row in rows
    ]  # fmt: skip
    written = journal.append_all(acts)
    Event.objects.bulk_create(
        [
            Event(
                owned=row, kind=EventKind.LOCK, on=today, version=row.version, ground=ground, author=by.author, at=now,
                journal=number,
            )
            for row, number in zip(rows, written, strict=True)
        ],
        batch_size=_BATCH,
    )  # fmt: skip
