"""申请的了结: what an act on a return makes of what its unit asked for, at once; the clock for the rest.

Handing in settles nothing by itself: it touches its own rows alone. What was asked for before lapses by the clock.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from shuangkong.records.journal import store as journal
from shuangkong.records.journal.rows import Act
from shuangkong.records.people.acting import Acting
from shuangkong.records.reporting.models import Event, Petition, Return
from shuangkong.reporting.life import OWED, EventKind
from shuangkong.reporting.life_standing import Standing
from shuangkong.reporting.petitions import TRANSITIONS, PetitionEvent, PetitionKind, PetitionState, settled_by

#: Petitions that a tick lets lapse at most; the rest have their turn at the next one.
_A_TICK = 500
#: The condition that a petition waits for an answer: its return is owed still.
WAITS = Q(state=PetitionState.OPEN, owned__state__in=OWED)

#: How petitions end → number and kind of each.
type Settled = Mapping[PetitionEvent, tuple[tuple[int, PetitionKind], ...]]


def settled(number: int, before: Standing, act: EventKind, now: Standing) -> Settled:
    """What an act makes of the open petitions of a return that is locked. 1 query; none where nothing is owed before
    and after: of that the clock lets lapse what waits."""
    if before.state not in OWED and now.state not in OWED:
        return {}
    found: dict[PetitionEvent, list[tuple[int, PetitionKind]]] = {}
    rows = Petition.objects.filter(owned=number, state=PetitionState.OPEN).order_by("pk")
    for each, kind in rows.values_list("pk", "kind"):
        event = settled_by(PetitionKind(kind), before, act, now)
        if event is not None:
            found.setdefault(event, []).append((each, PetitionKind(kind)))
    return {event: tuple(rows) for event, rows in found.items()}


def settle(what: Settled, by: Acting, event: Event, answer: str) -> None:
    """Keeps it, with the act that did it. 1 query for each kind of end."""
    for end, rows in what.items():
        is_granted = end is PetitionEvent.GRANT
        close(
            [number for number, _ in rows], end, by, event.journal, answer if is_granted else "",
            event if is_granted else None,
        )  # fmt: skip


def close(
    numbers: Iterable[int], end: PetitionEvent, by: Acting, written: int, answer: str = "", event: Event | None = None
) -> int:
    """Petitions that are open still end; returns how many did. 1 query."""
    return Petition.objects.filter(pk__in=list(numbers), state=PetitionState.OPEN).update(
        state=TRANSITIONS[PetitionState.OPEN, end], answer=answer.strip(), answered_by=by.author,
        answered_at=timezone.now(), answered_in=written, event=event,
    )  # fmt: skip


def lapse_fulfilled(owned: Iterable[int], due: date, author: str, written: int) -> None:
    """Extensions asked for on returns that have the day wished for, or a later one, without it lapse. 1 query."""
    open_ = Petition.objects.filter(owned__in=list(owned), kind=PetitionKind.EXTEND, state=PetitionState.OPEN)
    open_.filter(due__lte=due).update(
        state=TRANSITIONS[PetitionState.OPEN, PetitionEvent.LAPSE], answered_by=author, answered_at=timezone.now(),
        answered_in=written,
    )  # fmt: skip


def lapse_petitions(by: Acting) -> int:
    """By the clock: what was asked for on returns that came since or are owed no more lapses, each with its row of the
    journal; returns how many did. 1 query where none is."""
    stale = Petition.objects.filter(state=PetitionState.OPEN).exclude(owned__state__in=OWED)
    owned = sorted(set(stale.order_by("pk").values_list("owned", flat=True)[:_A_TICK]))
    if not owned:
        return 0
    with transaction.atomic():
        # The returns first, as every act has them, so that nobody answers meanwhile what lapses here.
        paths = dict(
            Return.objects.select_for_update().filter(pk__in=owned).exclude(state__in=OWED).order_by("pk")
            .values_list("pk", "path")
        )  # fmt: skip
        rows = list(stale.filter(owned__in=paths).order_by("pk").values_list("pk", "owned", "kind"))
        acts = [
            replace(journal_row(by, PetitionEvent.LAPSE, owned, number, kind), place=paths[owned])
            for number, owned, kind in rows
        ]
        for (number, _, _), written in zip(rows, journal.append_all(acts) if acts else (), strict=True):
            close([number], PetitionEvent.LAPSE, by, written)
    return len(rows)


def journal_row(by: Acting, event: PetitionEvent, owned: int, number: int, kind: str, **more: object) -> Act:
    """What stands in the journal of something that happens to a petition; the place is left to the caller."""
    ground, document = str(more.pop("ground", "")), str(more.pop("document", ""))
    told = {name: value for name, value in more.items() if value is not None}
    return by.act(
        f"petition.{event.value}", f"return/{owned}", ground=ground.strip(), document=document.strip(),
        after={"petition": number, "kind": kind, **told},
    )  # fmt: skip
