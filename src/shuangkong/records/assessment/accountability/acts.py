"""落实: what is done about a consequence. Each act is an event and a row of the journal, together or not at all."""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone

from shuangkong.assessment.consequence import ActKind
from shuangkong.assessment.enforcement import Event, EventKind, Hindrance, hindrance
from shuangkong.records.assessment.accountability.models import Consequence, ConsequenceEvent, InterviewMinutes
from shuangkong.records.assessment.accountability.rows import ConsequenceRow, Minutes, Said
from shuangkong.records.assessment.accountability.store import consequence
from shuangkong.records.assessment.telling import tell_consequence
from shuangkong.records.journal import store as journal
from shuangkong.records.people.access import Forbidden, may
from shuangkong.records.people.acting import Acting
from shuangkong.records.people.roles import Action
from shuangkong.records.refusal import Refused
from shuangkong.rulebook import open_rulebook

#: What whoever leads decides; what the assessor carries out; what the one it is against answers.
DECIDED = frozenset({EventKind.DECIDE, EventKind.WAIVE, EventKind.LIFT, EventKind.REVOKE})
ANSWERED = frozenset({EventKind.ANSWER})
_WHY: dict[Hindrance, tuple[str, str, str, str]] = {
    Hindrance.STATE: ("512", "现在不能这样办。请刷新页面查看最新情况。", "Not now: reload the page.", ""),
    Hindrance.NO_DOCUMENT: (
        "513",
        "请写明依据的文件（决定、纪要、通知、验收意见）。",
        "Name its document.",
        "document",
    ),
    Hindrance.NO_REASON: ("514", "请写明理由。", "Give the reason.", "text"),
    Hindrance.NOT_THIS_ACT: ("515", "这项后果不是这样了结的。", "This consequence does not end so.", ""),
    Hindrance.NOT_HELD: ("518", "还没有约谈，不能报送整改。", "The interview was not held yet.", ""),
    Hindrance.STILL_OWED: (
        "519",
        "约谈定了整改期限，整改验收合格后才算办结。",
        "It set a day for the rectification: that is accepted first.",
        "",
    ),
}


def may_do(row: ConsequenceRow, kind: EventKind, by: Acting) -> bool:
    """Whether a person does this to it, whatever state it is in."""
    if kind in DECIDED:
        return may(by, Action.ASSESSMENT_APPROVE, row.where)
    if kind in ANSWERED and may(by, Action.ASSESSMENT_ANSWER, row.where_assessed):
        return True
    return may(by, Action.ASSESSMENT_CONDUCT, row.where)


def act(consequence_id: int, by: Acting, kind: EventKind, said: Said | None = None) -> int:
    """Records one act and returns the event's number. ~6 queries.

    Raises:
        Refused: ASM-511 there is none of that number; ASM-512 … ASM-515, ASM-518, ASM-519 it cannot happen now;
            ASM-516 a day to come, or before what happened last, or a last day before the act; ASM-517 an interview was
            held without minutes.
        Forbidden: the person may not do this to it.
    """
    said = said or Said()
    with transaction.atomic():
        held = Consequence.objects.select_for_update(of=("self",)).filter(pk=consequence_id).first()
        row = consequence(consequence_id) if held else None
        if held is None or row is None:
            raise Refused("ASM-511", "没有这项后果。", "No such consequence.")
        if not may_do(row, kind, by):
            zh = "以当前身份不能办理此事：领导决定和解除，考核机关落实，被考核的报送整改。"
            raise Forbidden("ASM-510", zh, "Not yours: the leader decides and lifts, the assessor carries out.")
        day, now = said.on or timezone.localdate(), row.standing
        if not max(row.on, now.since or row.on) <= day <= timezone.localdate():
            zh = "日期不能晚于今天，也不能早于上一步。"
            raise Refused("ASM-516", zh, "Not in the future, nor before the step before.", "on")
        if said.due is not None and said.due < day:
            raise Refused("ASM-516", "期限不能早于当天。", "The last day lies before the act.", "due")
        event = Event(kind, day, said.document.strip(), said.text.strip(), said.due)
        why = hindrance(now, event)
        if why is not None:
            number, zh, en, key = _WHY[why]
            raise Refused(f"ASM-{number}", zh, en, key)
        minutes = _minutes_of(row, kind, said.minutes)
        return _recorded(held, row, event, by, minutes)


def takes_minutes(row: ConsequenceRow, kind: EventKind) -> bool:
    """Whether the act is the holding of an interview, of which minutes are kept."""
    return row.act.kind is ActKind.INTERVIEW and kind is EventKind.CARRY_OUT


def proposed_due(row: ConsequenceRow, on: date) -> date:
    """The last day of the rectification plan after an interview, as the policy of the place counts it."""
    days = open_rulebook().parameter("assessment/assessment_rectification_days", on, row.layer).number
    return on + timedelta(days=int(days))


def _minutes_of(row: ConsequenceRow, kind: EventKind, told: Minutes | None) -> Minutes | None:
    if not takes_minutes(row, kind):
        return None
    if told is None or not all((told.venue, told.chair, told.attendants, told.problems, told.measures)):
        zh = "约谈须留纪要：请写明地点、主持人、参加人、指出的问题和整改承诺。"
        raise Refused("ASM-517", zh, "Give the minutes: venue, chair, who came, the problems, the promises.", "minutes")
    return told


def _recorded(held: Consequence, row: ConsequenceRow, event: Event, by: Acting, minutes: Minutes | None) -> int:
    told: dict[str, object] = {"kind": event.kind.value, "on": event.on, "due": event.due}
    told |= {"minutes": asdict(minutes)} if minutes else {}
    written = by.act(
        f"consequence.{event.kind.value}", f"consequence/{held.pk}", ground=event.reason, document=event.document,
        before={"state": row.standing.state.value}, after=told,
    )  # fmt: skip
    made = ConsequenceEvent.objects.create(
        consequence=held, kind=event.kind, on=event.on, document=event.document, due=event.due, text=event.reason,
        author=by.author, at=timezone.now(), journal=journal.append(replace(written, place=held.path)),
    )  # fmt: skip
    if event.kind is EventKind.DECIDE:
        tell_consequence(row, event.document, event.due, by)
    if minutes is not None:
        InterviewMinutes.objects.create(
            event=made, venue=minutes.venue, chair=minutes.chair, attendants="\n".join(minutes.attendants),
            problems=minutes.problems, measures=minutes.measures,
        )  # fmt: skip
    return made.pk


def acts_allowed(row: ConsequenceRow, by: Acting) -> list[EventKind]:
    """What the person may do about it today as it stands, its fields being filled in."""
    today = timezone.localdate()
    return [
        kind
        for kind in EventKind
        if may_do(row, kind, by) and hindrance(row.standing, Event(kind, today, "-", "-", date.max)) is None
    ]
