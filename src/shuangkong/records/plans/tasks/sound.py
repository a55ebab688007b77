"""办理规矩: what must hold of an act on a task before it is recorded."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from shuangkong.plans.tasks.events import ANSWERING, HELPING, EventKind, Grade, Part, State, may_happen
from shuangkong.plans.tasks.standing import Standing, is_late
from shuangkong.records.plans.tasks.rows import Handed
from shuangkong.records.plans.tasks.spoken import EVENTS, STATES
from shuangkong.records.refusal import Refused

#: Which parts a body must have to speak for itself.
SPEAKERS: dict[EventKind, tuple[Part, ...]] = {
    EventKind.REPORT: ANSWERING,
    EventKind.ASK: ANSWERING,
    EventKind.CONFIRM: HELPING,
}
#: Acts that say nothing without a reason: all but these.
WITHOUT_TEXT = frozenset({EventKind.ACCEPT, EventKind.CONFIRM})
#: Acts that may tell of a day before today: none that sets or stops a clock or ends a task.
PAST = frozenset(
    {
        EventKind.REPORT, EventKind.CONFIRM, EventKind.ACCEPT, EventKind.RETURN, EventKind.REMIND, EventKind.CIRCULATE,
        EventKind.LIST, EventKind.DELIST,
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody says of a task.

    Attributes:
        kind, text, grade, percent, due: see plans.tasks.events.Event.
        on: the day it speaks of.
        files: what proves it.
        key: of the form or call that says it; the same key again is the same act. "" for none.
    """

    kind: EventKind
    on: date
    text: str = ""
    grade: Grade | None = None
    percent: Decimal | None = None
    due: date | None = None
    files: Sequence[Handed] = ()
    key: str = ""


#: Whether it holds; number, Chinese and English of the refusal where it does not, and the field that it is about.
type Rule = tuple[object, int, str, str, str]


def require_sound(said: Said, now: Standing, newest: date, today: date) -> None:
    """Raises Refused where an act cannot be; ``newest`` is the day of the task's newest event."""
    if not may_happen(now.state, said.kind):
        raise Refused(
            "TSK-102",
            f"任务现在是“{STATES[now.state]}”，不能办理“{EVENTS[said.kind]}”。请刷新页面查看最新情况。",
            f"The task is {now.state.value}: {said.kind.value} cannot happen now. Reload the page.",
        )
    for holds, number, zh, en, field in (*_words(said), *_days(said, newest, today), *_steps(said, now, today)):
        if not holds:
            raise Refused(f"TSK-{number}", zh, en, field)


def _words(said: Said) -> Iterator[Rule]:
    percent, is_done = said.percent, said.grade is Grade.DONE
    yield (said.kind in WITHOUT_TEXT or said.text.strip(), 103, "请写明情况或理由。",
           "Say what was done, or give the reason.", "text")  # fmt: skip
    yield (said.kind is not EventKind.REPORT or said.grade, 104, "请选择进展等次。", "Choose how well it is going.",
           "grade")  # fmt: skip
    yield (percent is None or 0 <= percent <= 100, 105, f"完成比例应在 0 到 100 之间，实为 {percent}。",
           f"0 to 100, found {percent}.", "percent")  # fmt: skip
    yield (not is_done or percent in (None, 100), 111, f"报“已完成”的，完成比例应为 100，实为 {percent}。",
           f"What is done is done to 100 %, found {percent}.", "percent")  # fmt: skip


def _days(said: Said, newest: date, today: date) -> Iterator[Rule]:
    yield said.on <= today, 107, "日期不能晚于今天。", "The day cannot be in the future.", "on"
    yield (said.on == today or said.kind in PAST, 112, "这件事从今天起算，不能填过去的日期。",
           "This counts from today: it cannot be dated back.", "on")  # fmt: skip
    yield (said.on >= newest, 113, f"日期不能早于最近一次办理的 {newest}。",
           f"The day cannot be before the newest entry, {newest}.", "on")  # fmt: skip


def _steps(said: Said, now: Standing, today: date) -> Iterator[Rule]:
    kind, due = said.kind, said.due
    if kind in (EventKind.EXTEND, EventKind.ASK):
        later = due is not None and due >= today and (now.due is None or due > now.due)
        yield (later, 106, "新期限应晚于现期限，也不能是过去的日期。",
               "The new due day must be later than the present one, and not be over.", "due")  # fmt: skip
        yield (kind is EventKind.EXTEND or now.due, 114, "这项任务没有期限，不须申请延期。",
               "The task has no due day: there is nothing to extend.", "due")  # fmt: skip
    if kind is EventKind.DECLINE:
        yield now.asked_due, 115, "没有等待答复的延期申请。", "No request for extension waits.", ""
    if kind is EventKind.CIRCULATE:
        late = is_late(now.state, now.due, now.waits_from, today)
        yield late, 116, "任务没有逾期，不能通报。", "The task is not late: it cannot be circulated.", ""
        yield (
            now.reminders,
            117,
            "先催办，催办后仍未办结的才通报。",
            "Remind first; circulate what then stays late.",
            "",
        )
    if kind in (EventKind.LIST, EventKind.DELIST):
        fits = now.is_listed is (kind is EventKind.DELIST)
        zh, en = (
            ("已经挂牌督办。", "It is listed already.") if now.is_listed else ("没有挂牌督办。", "It is not listed.")
        )
        yield fits, 118, zh, en, ""


def may_speak(kind: EventKind, parts: Sequence[Part]) -> bool:
    """Whether a body of these parts may say that of a task: who owes it reports, who helps confirms its share."""
    return kind not in SPEAKERS or any(part in SPEAKERS[kind] for part in parts)


def fits(kind: EventKind, now: Standing, parts: Sequence[Part], today: date) -> bool:
    """Whether an act may be offered: the state allows it, its turn has come, and the body's part is the right one.

    ``parts`` are those of the person's own bodies.
    """
    if not may_happen(now.state, kind) or not may_speak(kind, parts):
        return False
    if kind is EventKind.CONFIRM:
        return now.state is not State.DONE
    if kind is EventKind.ASK:
        return now.due is not None
    steps = _steps(Said(kind, today, due=date.max), now, today)
    return all(holds for holds, *_ in steps)
