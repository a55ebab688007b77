"""告诉单位: what an office did on a unit's file, and what is due there; a notice to whom the unit's people act for."""

from __future__ import annotations

from collections.abc import Mapping

from shuangkong.core.finding import Message
from shuangkong.records.notices.rows import Addressed, NoticeKind, ToSend
from shuangkong.records.notices.store import send
from shuangkong.records.people.acting import Acting
from shuangkong.records.reporting.rows import ReporterRow
from shuangkong.reporting.entry_kinds import KINDS, EntryKind
from shuangkong.reporting.entry_life import EVENTS, EntryEvent

#: What an office does that its unit is told of at once.
_TOLD = frozenset(
    {EntryEvent.SEND_BACK, EntryEvent.EXTEND, EntryEvent.FAULTY, EntryEvent.BREAK, EntryEvent.STRIKE}
)  # fmt: skip
#: What an entry is called in a notice: the field that says what it is about.
_ABOUT: Mapping[EntryKind, str] = {
    EntryKind.UNDERTAKING: "text", EntryKind.ADVICE: "measure", EntryKind.METERING: "period",
    EntryKind.SYSTEM: "number", EntryKind.EVALUATION: "period",
}  # fmt: skip
_BRIEF = 40


def title_of(kind: EntryKind, told: Mapping[str, str]) -> str:
    """What an entry is called where its unit is told of it."""
    return f"{KINDS[kind].zh}“{told.get(_ABOUT[kind], '')[:_BRIEF]}”"


def tell_entry(
    number: int, reporter: ReporterRow, title: str, text: str, by: Acting, *, is_demo: bool
) -> int | None:  # fmt: skip
    """None where nobody acts for the unit yet. ~6 queries."""
    if reporter.body is None:
        return None
    return send(
        ToSend(
            kind=NoticeKind.ENTRY, thing=number, title=title, text=text, region=reporter.region, path=reporter.path,
            bodies=(Addressed(reporter.body),), is_demo=is_demo, is_fictional=reporter.is_fictional,
        ),
        by,
    )  # fmt: skip


def words_of(kind: EntryKind, event: EntryEvent, *, is_own: bool) -> Message | None:
    """What is said of an event to the unit; None where it need not be told: its own doing, or nothing that moves it."""
    is_new = event is EntryEvent.ENTER and kind in (EntryKind.METERING, EntryKind.EVALUATION)
    return EVENTS[event] if not is_own and (event in _TOLD or is_new) else None
