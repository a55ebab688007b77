"""一企一档事项的登记和办理: what is entered on a unit's file, and what happens to it.

Each act is an event, a row of the journal and the new standing, or nothing.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.db import transaction
from django.utils import timezone

from shuangkong.core.horizon import DECIDED_AHEAD, is_near
from shuangkong.records.journal import store as journal
from shuangkong.records.people.access import Forbidden, Where, may, require
from shuangkong.records.people.acting import Acting
from shuangkong.records.people.roles import Action
from shuangkong.records.plans.tasks.evidence import LIMIT_FILES, medium_of
from shuangkong.records.plans.tasks.models import TaskFile
from shuangkong.records.plans.tasks.rows import Handed
from shuangkong.records.refusal import Refused
from shuangkong.records.reporting.entry_metering import instruments
from shuangkong.records.reporting.entry_results import agreeing, comparable, result_of
from shuangkong.records.reporting.entry_store import EntryRow, entry, where_of
from shuangkong.records.reporting.entry_telling import tell_entry, title_of, words_of
from shuangkong.records.reporting.models import FileEntry, FileEntryEvent, FileEntryPaper
from shuangkong.records.reporting.rows import ReporterRow
from shuangkong.reporting.entry_kinds import FIELDS, EntryKind, Fault, Field, sound, together
from shuangkong.reporting.entry_life import (
    ENTERED_BY,
    EVENT_FIELDS,
    PAST,
    WAYS,
    EntryEvent,
    EntryStanding,
    Happened,
    Side,
    after,
    may_happen,
)

#: Events that say nothing without a ground.
_GROUNDED = frozenset(
    {EntryEvent.REFUSE, EntryEvent.SEND_BACK, EntryEvent.EXTEND, EntryEvent.RECTIFY, EntryEvent.STRIKE,
     EntryEvent.ANSWER, EntryEvent.KEEP, EntryEvent.BREAK, EntryEvent.END}
)  # fmt: skip
#: Days that are days to come: no nearer than today when they are said.
_AHEAD = frozenset({EntryEvent.SEND_BACK, EntryEvent.EXTEND, EntryEvent.FAULTY})
_LONGEST, _SOURCE = 4_000, 200
#: Under which name an event keeps the number of the return that it rests on.
OWNED = "return"


@dataclass(frozen=True, slots=True)
class ToTell:
    """What is said of an entry or event: ``told`` by the names of its fields, ``files`` that go with it."""

    told: Mapping[str, str]
    ground: str = ""
    files: Sequence[Handed] = ()


def may_enter(kind: EntryKind, reporter: ReporterRow, by: Acting) -> bool:
    """Whether a person may enter something of a kind for a unit. No query."""
    return _side(by, where_of(kind, reporter), ENTERED_BY[kind]) is not None


def events_for(row: EntryRow, by: Acting) -> tuple[EntryEvent, ...]:
    """What a person may do with an entry as it stands. No query."""
    ways = WAYS[row.kind]
    return tuple(
        each for each in may_happen(row.kind, row.standing.state) if _side(by, row.where, ways[each].side) is not None
    )


def _side(by: Acting, where: Where, side: Side) -> Side | None:
    """As which of the sides that may do it a person does it; None for neither. Nobody decides as the own unit's
    office."""
    is_own = bool(by.bodies & where.bodies)
    if side is not Side.OFFICE and is_own and may(by, Action.ENTRY_TELL, where):
        return Side.UNIT
    if side is not Side.UNIT and not is_own and may(by, Action.ENTRY_DECIDE, where):
        return Side.OFFICE
    return None


def enter(kind: EntryKind, reporter: ReporterRow, said: ToTell, by: Acting, *, is_demo: bool = False) -> int:
    """Enters something on a unit's file; returns its number. ~7 queries.

    Raises:
        Refused: what is said is not sound, or does not go together.
        Forbidden: the person may not enter it there.
    """
    where = where_of(kind, reporter)
    if _side(by, where, ENTERED_BY[kind]) is None:
        _refuse_side(by, where, ENTERED_BY[kind])
    told = _sound(FIELDS[kind], said.told)
    _require((*together(kind, told), *(comparable(told) if kind is EntryKind.UNDERTAKING else ())))
    if kind in (EntryKind.ADVICE, EntryKind.METERING):  # of an audit of last year the day may be past
        _require_near(told["due"], is_ahead=kind is EntryKind.METERING)
    with transaction.atomic():
        held = FileEntry(reporter_id=reporter.id, kind=kind.value, is_demo=is_demo, told=_json(told))
        _happens(held, reporter, kind, Happened(EntryEvent.ENTER, told), said, by, EntryStanding())
    return held.pk


def act(number: int, event: EntryEvent, said: ToTell, by: Acting) -> None:
    """Something happens to an entry. ~9 queries.

    Raises:
        Refused: there is no such entry; it cannot happen as it stands; what is said is not sound; no ground.
        Forbidden: the person may not do it.
    """
    _act(number, event, said, by, {})


def _act(number: int, event: EntryEvent, said: ToTell, by: Acting, known: Mapping[str, str]) -> None:
    """As ``act``; ``known`` is kept with it that nobody typed."""
    with transaction.atomic():
        held = FileEntry.objects.select_for_update().filter(pk=number).first()
        row = entry(number)
        if held is None or row is None:
            raise Refused("RPT-720", f"没有编号为 {number} 的事项。", f"There is no entry {number}.")
        way = WAYS[row.kind].get(event)
        if way is None or row.standing.state not in way.sources:
            zh = "这件事项现在不能这样办：它可能已经有了别的结果。请刷新页面，看它现在到了哪一步。"
            raise Refused("RPT-721", zh, "That cannot be done as the entry stands: load the page anew.", "event")
        if _side(by, row.where, way.side) is None:
            _refuse_side(by, row.where, way.side)
        told = _sound(EVENT_FIELDS.get(event, ()), said.told) | dict(known)
        if event in _GROUNDED and not said.ground.strip():
            raise Refused("RPT-722", "请写明理由或依据，留在记录里。", "Give the ground: it stays.", "ground")
        if event in _AHEAD:
            _require_near(told["due"], is_ahead=True)
        if event in (EntryEvent.KEEP, EntryEvent.BREAK):
            _require(agreeing(row.told, told.get("result", ""), is_kept_said=event is EntryEvent.KEEP))
        if event in (EntryEvent.SOUND, EntryEvent.FAULTY):
            told |= instruments(row.reporter, timezone.localdate(), by)
        _happens(held, row.reporter, row.kind, Happened(event, told), said, by, row.standing)


def judge(number: int, by: Acting) -> bool:
    """Records an undertaking as kept or not by the unit's accepted return; whether it is kept. ~16 queries.

    Raises:
        Refused: as ``act``, and as ``entry_results.result_of``.
        Forbidden: the person may not decide on it.
    """
    with transaction.atomic():
        row = entry(number)
        if row is None or row.kind is not EntryKind.UNDERTAKING:
            raise Refused("RPT-720", f"没有编号为 {number} 的承诺。", f"There is no undertaking {number}.")
        require(by, Action.ENTRY_DECIDE, row.where)
        found = result_of(row.reporter, row.told, by)
        told = {"result": format(found.value, "f"), "source": found.source[:_SOURCE]}
        ground = f"与已接收的报表（{found.source}）比较。"
        event = EntryEvent.KEEP if found.is_kept else EntryEvent.BREAK
        _act(number, event, ToTell(told, ground), by, {OWNED: f"{found.owned}"})
    return found.is_kept


def _happens(
    held: FileEntry, reporter: ReporterRow, kind: EntryKind, happened: Happened, said: ToTell, by: Acting,
    before: EntryStanding,
) -> None:  # fmt: skip
    """The event, its row of the journal, its papers and the new standing; in the caller's transaction."""
    if len(said.ground) > _LONGEST:
        raise Refused("RPT-723", f"理由最多 {_LONGEST} 字。", f"{_LONGEST} signs at most.", "ground")
    files = _kept(said.files)
    now = after(kind, before, happened)
    held.state, held.due, held.changed_at = now.state.value, now.due, timezone.now()
    if now.due != before.due:
        held.reminded = ""
    held.save()
    made = FileEntryEvent.objects.create(
        entry=held, kind=happened.event.value, told=_json(happened.told), ground=said.ground.strip(), author=by.author,
        at=held.changed_at, journal=journal.UNWRITTEN,
    )  # fmt: skip
    FileEntryPaper.objects.bulk_create(FileEntryPaper(event=made, file=file, name=name) for name, file in files)
    after_ = {"kind": kind.value, "state": now.state.value, **happened.told}
    if files:
        after_["papers"] = " ".join(file.sha256 for _, file in files)
    written = by.act(f"entry.{happened.event.value}", f"file_entry/{held.pk}", ground=said.ground.strip(), after=after_)
    made.journal = journal.append(replace(written, place=reporter.path))
    made.save(update_fields=["journal"])
    if said_of := words_of(kind, happened.event, is_own=bool(by.bodies & reporter.bodies)):
        title = f"{title_of(kind, json.loads(held.told))} {said_of.zh}"
        until = f"期限 {now.due}。" if now.due else ""
        text = f"{said.ground.strip()}\n{until}".strip()
        tell_entry(held.pk, reporter, title, text, by, is_demo=held.is_demo)


def _sound(fields: Iterable[Field], told: Mapping[str, str]) -> dict[str, str]:
    kept, faults = sound(fields, told)
    _require(faults)
    today = timezone.localdate().isoformat()
    for key in PAST & kept.keys():
        if kept[key] > today:
            zh = f"{kept[key]} 还没有到，这里写已经发生的日期。"
            raise Refused("RPT-729", zh, f"{kept[key]} is yet to come: a day that was is asked for.", key)
    return kept


def _require(faults: Sequence[Fault]) -> None:
    """Raises Refused, which names the first field and says all that is wrong."""
    if faults:
        zh, en = "".join(each.message.zh for each in faults), " ".join(each.message.en for each in faults)
        raise Refused("RPT-724", zh, en, faults[0].field)


def _require_near(told: str, *, is_ahead: bool) -> None:
    """Raises Refused for a last day too far off, and where it is to come for one that is past."""
    due, today = date.fromisoformat(told), timezone.localdate()
    if not is_near(due, today, DECIDED_AHEAD):
        zh = f"期限不能晚于今后 {DECIDED_AHEAD} 年，实为 {due}。请改。"
        raise Refused("RPT-725", zh, f"The last day: within {DECIDED_AHEAD} years, not {due}.", "due")
    if is_ahead and due < today:
        zh = f"期限应不早于今天，实为 {due}。请改。"
        raise Refused("RPT-725", zh, f"The last day: from today, not {due}.", "due")


def _refuse_side(by: Acting, where: Where, side: Side) -> None:
    """Raises Refused or Forbidden, which says who does it."""
    if side is not Side.UNIT and by.bodies & where.bodies and may(by, Action.ENTRY_DECIDE, where):
        zh = "这是您所在单位自己的事项，不能自己审查。请由同级另一部门或上一级办理。"
        raise Refused("RPT-726", zh, "This is your own body's: let another department or the level above do it.")
    require(by, Action.ENTRY_TELL if side is Side.UNIT else Action.ENTRY_DECIDE, where)
    zh = "这一步由单位自己办，机关可以退回或作废，不能代办。"
    raise Forbidden("RPT-727", zh, "The unit does that itself: an office may send back or strike, no more.")


def _kept(files: Sequence[Handed]) -> list[tuple[str, TaskFile]]:
    """The papers, each kept once. Raises Refused."""
    if len(files) > LIMIT_FILES:
        raise Refused("RPT-728", f"一次最多 {LIMIT_FILES} 个文件。", f"At most {LIMIT_FILES} files.", "files")
    found = []
    for handed in files:
        kept, _ = TaskFile.objects.get_or_create(
            sha256=hashlib.sha256(handed.content).hexdigest(),
            defaults={"medium": medium_of(handed), "size_bytes": len(handed.content), "content": handed.content},
        )
        found.append((handed.name, kept))
    return found


def _json(told: Mapping[str, str]) -> str:
    return json.dumps(dict(told), ensure_ascii=False, sort_keys=True)
