"""列入上级窗口: a window of a higher place takes over what windows below it list, and approval goes up to that place.

Who opens first does not fix how far up a return is approved. What is locked is done below and stays as it is; it is
counted in the higher window all the same, and once it is unlocked it goes up, too.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import batched

from django.db.models import Q
from django.utils import timezone

from shuangkong.records.journal import store as journal
from shuangkong.records.paths import below, is_below
from shuangkong.records.people.acting import Acting
from shuangkong.records.reporting.chain import Chains
from shuangkong.records.reporting.models import Event, Return, Window
from shuangkong.records.reporting.store import STANDING, keep_standing, standing_of
from shuangkong.reporting.life import Event as LifeEvent
from shuangkong.reporting.life import EventKind, State
from shuangkong.reporting.life_standing import after

_BATCH = 500
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Raised:
    """``goes_on``: how many returns are approved further up than before; ``locked``: how many are locked below."""

    goes_on: int = 0
    locked: int = 0


def above(held: Window) -> tuple[Window, ...]:
    """Windows of the same form and period of places above one. 1 query."""
    same = Window.objects.select_related("region").filter(form=held.form, period=held.period).exclude(path=held.path)
    return tuple(each for each in same.order_by("path") if is_below(held.path, each.path))


def within(held: Window) -> list[Return]:
    """The returns of a window and of those below it, locked before they are read, the lowest number first: what is
    signed meanwhile is not overwritten, but waits. 1 query."""
    same = Q(window__form=held.form, window__period=held.period) & below(held.path, "window__path")
    locked = Return.objects.select_related("reporter").select_for_update(of=("self",))
    return list(locked.filter(same).order_by("pk"))


def take_over(held: Window, rows: Iterable[Return], wanted: Collection[int], by: Acting) -> Raised:
    """Of returns ``within`` takes over those that windows below list; and lengthens what has too short a chain.

    No query where there is nothing to do, else ~5 and 3 per five hundred.

    Args:
        wanted: numbers of the reporters that owe the form here.
    """
    here = [row for row in rows if row.window_id == held.pk or row.reporter_id in wanted]
    fresh, left = [row for row in here if row.window_id != held.pk], {row.window_id for row in here} - {held.pk}
    open_ = [row for row in here if row.state != State.LOCKED]
    chains = Chains(held.path, (row.path for row in open_))
    short = [row for row in open_ if _is_short(row, chains.of(row.path))]
    _go_on(held, short, chains, by)
    _count_here(held, fresh, left)
    return Raised(len(short), sum(row.state == State.LOCKED for row in fresh))


def _is_short(row: Return, chain: tuple[str, ...]) -> bool:
    """Whether the places that approve it are fewer than are to, or one that approves nothing; what places outside the
    chain have approved stays as it is."""
    now = tuple(row.chain.split())
    return now != chain and len(now) <= len(chain) and (now == chain[: len(now)] or not row.level)


def _go_on(held: Window, rows: list[Return], chains: Chains, by: Acting) -> None:
    """Each keeps its state and the levels that have approved it; more follow."""
    if not rows:
        return
    now, today = timezone.now(), timezone.localdate()
    ground = f"{held.region.name}开了同一窗口"
    acts, events = [], []
    for row in rows:
        before, chain = {"window": row.window_id, "chain": row.chain}, chains.of(row.path)
        event = LifeEvent(EventKind.RAISE, today, level=len(chain))
        events.append(Event(owned=row, kind=event.kind, on=today, level=row.levels, region=held.region_id,
                            ground=ground, author=by.author, at=now))  # fmt: skip
        keep_standing(row, after(standing_of(row), event))
        row.chain, row.window = " ".join(chain), held
        written = by.act("return.raise", f"return/{row.pk}", ground=ground, before=before,
                         after={"window": held.pk, "chain": row.chain})  # fmt: skip
        acts.append(replace(written, place=row.path))
    for each, number in zip(events, journal.append_all(acts), strict=True):
        each.journal = number
    Return.objects.bulk_update(rows, [*STANDING, "chain", "window", "changed_at"], batch_size=_BATCH)
    Event.objects.bulk_create(events, batch_size=_BATCH)


def _count_here(held: Window, rows: list[Return], left: Collection[int]) -> None:
    """From today they are counted in this window; what is kept of days that are over stays where it was counted."""
    if not rows:
        return
    for some in batched([row.pk for row in rows], _BATCH):
        Return.objects.filter(pk__in=some).update(window=held)
    for row in rows:
        row.window = held
    Window.objects.filter(pk__in=left).update(counted_at=None)
    if held.kept_until is None:
        held.kept_until = timezone.localdate() - _DAY
        held.save(update_fields=["kept_until"])
