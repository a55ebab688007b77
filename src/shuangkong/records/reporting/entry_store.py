"""一企一档事项的读: what stands on the files of units, for whoever may see it.

Nobody sees another unit's: a unit its own, an office what is its business where it is.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q
from django.utils import timezone

from shuangkong.records.people.access import Where, may, visible
from shuangkong.records.people.acting import Acting
from shuangkong.records.people.roles import Action, Matter
from shuangkong.records.reporting.models import Agent, FileEntry, FileEntryEvent, FileEntryPaper, Reporter
from shuangkong.records.reporting.rows import ReporterRow
from shuangkong.records.reporting.store import agents_of, agents_on, reporter_row
from shuangkong.reporting.entry_kinds import EntryKind
from shuangkong.reporting.entry_life import EntryEvent, EntryStanding, EntryState, is_late

#: Whose business a kind is: words of competences.csv.
MATTERS: Mapping[EntryKind, Matter] = {
    EntryKind.UNDERTAKING: Matter(("发展改革", "工业和信息化")),
    EntryKind.ADVICE: Matter(("发展改革", "工业和信息化")),
    EntryKind.METERING: Matter(("市场监管",)),
    EntryKind.SYSTEM: Matter(("发展改革", "工业和信息化", "市场监管", "商务", "机关事务")),
    EntryKind.EVALUATION: Matter(("发展改革", "工业和信息化", "市场监管", "机关事务")),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryRow:
    """An entry with its unit; ``told`` as its fields name it (reporting.entry_kinds)."""

    id: int
    kind: EntryKind
    reporter: ReporterRow
    standing: EntryStanding
    told: Mapping[str, str]
    changed_at: datetime
    is_demo: bool

    @property
    def where(self) -> Where:
        return where_of(self.kind, self.reporter)

    def is_late(self, day: date) -> bool:
        return is_late(self.kind, self.standing, day)


@dataclass(frozen=True, slots=True)
class EventRow:
    """One thing that happened to an entry, with the papers (number, name) that came with it."""

    event: EntryEvent
    told: Mapping[str, str]
    ground: str
    author: str
    at: datetime
    journal: int
    papers: tuple[tuple[int, str], ...] = ()


def where_of(kind: EntryKind, reporter: ReporterRow) -> Where:
    """Where entries of a kind are, for whoever asks what may be done."""
    return Where(reporter.path, reporter.bodies, MATTERS[kind])


def readable(acting: Acting, action: Action = Action.ENTRY_READ) -> Q:
    """The condition on entries that a person may see: by place and kind, as the unit, or as whoever files for it."""
    by_kind: dict[Matter, Q] = {}
    for kind, matter in MATTERS.items():
        by_kind[matter] = by_kind.get(matter, Q(pk__in=())) | Q(kind=kind.value)
    return visible(acting, action, "reporter__path", _taking_part, by_kind)


_EVERY = Q(pk__isnull=False)


def units_readable(acting: Acting, kind: EntryKind) -> Q:
    """The condition on reporters whose entries of a kind a person may see, whether they have any or not."""
    return visible(acting, Action.ENTRY_READ, "path", _own_units, {MATTERS[kind]: _EVERY})


def _own_units(bodies: frozenset[int]) -> Q:
    filed_for = Agent.objects.filter(agents_on(timezone.localdate()), body__in=bodies).values("reporter")
    return Q(body__in=bodies) | Q(pk__in=filed_for)


def kinds_readable(acting: Acting) -> tuple[EntryKind, ...]:
    """Kinds of which a person may see those of some unit or place; of others an empty list would say that there are
    none. 1 query where somebody sees the own units alone."""
    near = frozenset(kind for kind in EntryKind if _is_near(acting, kind))
    if len(near) < len(EntryKind) and Reporter.objects.filter(_own_units(acting.bodies)).exists():
        own = (kind for kind in EntryKind if may(acting, Action.ENTRY_READ, Where("", acting.bodies, MATTERS[kind])))
        near |= frozenset(own)
    return tuple(kind for kind in EntryKind if kind in near)


def kinds_of_unit(acting: Acting, reporter: ReporterRow) -> tuple[EntryKind, ...]:
    """Kinds of which a person may see those of a unit. No query."""
    return tuple(kind for kind in EntryKind if may(acting, Action.ENTRY_READ, where_of(kind, reporter)))


def decides(acting: Acting, kind: EntryKind) -> bool:
    """Whether a person decides on entries of a kind anywhere. No query."""
    return any(may(acting, Action.ENTRY_DECIDE, Where(path, matter=MATTERS[kind])) for path in acting.paths)


def _is_near(acting: Acting, kind: EntryKind) -> bool:
    """Whether a person sees a kind of other bodies than the own ones."""
    return any(may(acting, Action.ENTRY_READ, Where(path, matter=MATTERS[kind])) for path in (*acting.paths, ""))


def _taking_part(bodies: frozenset[int]) -> Q:
    filed_for = Agent.objects.filter(agents_on(timezone.localdate()), body__in=bodies).values("reporter")
    return Q(reporter__body__in=bodies) | Q(reporter__in=filed_for)


def entries(condition: Q, *order: str, count: int | None = None) -> tuple[EntryRow, ...]:
    """Entries that meet a condition, those last changed first. 2 queries."""
    found = FileEntry.objects.select_related("reporter__region").filter(condition)
    rows = list(found.order_by(*(order or ("-changed_at", "-pk")))[:count])
    agents = agents_of({row.reporter_id for row in rows})
    return tuple(
        EntryRow(
            id=row.pk, kind=EntryKind(row.kind), reporter=reporter_row(row.reporter, agents.get(row.reporter_id, {})),
            standing=EntryStanding(EntryState(row.state), row.due), told=json.loads(row.told),
            changed_at=row.changed_at, is_demo=row.is_demo,
        )
        for row in rows
    )  # fmt: skip


def entry(number: int) -> EntryRow | None:
    """One entry. 2 queries."""
    return next(iter(entries(Q(pk=number))), None)


def count_of(condition: Q) -> int:
    """How many entries meet a condition. 1 query."""
    return FileEntry.objects.filter(condition).count()


def history(number: int) -> tuple[EventRow, ...]:
    """All that happened to an entry, the oldest first. 2 queries."""
    papers: dict[int, tuple[tuple[int, str], ...]] = {}
    found = FileEntryPaper.objects.filter(event__entry=number).order_by("pk").values_list("pk", "event", "name")
    for pk, event, name in found:
        papers[event] = (*papers.get(event, ()), (pk, name))
    return tuple(
        EventRow(
            EntryEvent(each.kind), json.loads(each.told), each.ground, each.author, each.at, each.journal,
            papers.get(each.pk, ()),
        )
        for each in FileEntryEvent.objects.filter(entry=number).order_by("pk")
    )  # fmt: skip


def paper_of(number: int, paper: int) -> tuple[str, bytes] | None:
    """Name and bytes of a paper of an entry; who asks has been asked whether the entry may be read. 1 query."""
    found = FileEntryPaper.objects.select_related("file").filter(event__entry=number, pk=paper).first()
    return (found.name, bytes(found.file.content)) if found else None
