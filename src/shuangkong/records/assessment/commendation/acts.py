"""办理: what is done about a proposal. Each act is an event and a row of the journal, together or not at all."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone

from shuangkong.assessment.commendation import EventKind, Hindrance, State, hindrance
from shuangkong.records.assessment.commendation.models import Commendation, CommendationEvent
from shuangkong.records.assessment.commendation.rows import CommendationRow, Said
from shuangkong.records.assessment.commendation.store import commendation
from shuangkong.records.journal import store as journal
from shuangkong.records.people.access import may, require
from shuangkong.records.people.acting import Acting
from shuangkong.records.people.roles import Action
from shuangkong.records.refusal import Refused
from shuangkong.rulebook import open_rulebook

#: Which action of the table of access each act is.
NEEDS: dict[EventKind, Action] = {
    EventKind.PUBLICISE: Action.COMMENDATION_PUBLICISE,
    EventKind.OBJECT: Action.COMMENDATION_PUBLICISE,
    EventKind.DISMISS: Action.COMMENDATION_PUBLICISE,
    EventKind.UPHOLD: Action.COMMENDATION_PUBLICISE,
    EventKind.APPROVE: Action.COMMENDATION_APPROVE,
    EventKind.ANNOUNCE: Action.COMMENDATION_ANNOUNCE,
    EventKind.WITHDRAW: Action.COMMENDATION_PROPOSE,
    EventKind.REVOKE: Action.COMMENDATION_APPROVE,
}
#: Acts that somebody waits for; an objection or a withdrawal nobody does.
AWAITED = (EventKind.DISMISS, EventKind.PUBLICISE, EventKind.APPROVE, EventKind.ANNOUNCE)
#: Acts that say nothing without a reason.
NEED_TEXT = frozenset({EventKind.OBJECT, EventKind.DISMISS, EventKind.UPHOLD, EventKind.WITHDRAW, EventKind.REVOKE})
#: Acts that are a document of their own.
NEED_NUMBER = frozenset({EventKind.ANNOUNCE, EventKind.REVOKE})
#: Acts that answer an objection.
ANSWERING = frozenset({EventKind.DISMISS, EventKind.UPHOLD})
_WHY: dict[Hindrance, tuple[str, str, str, str]] = {
    Hindrance.NOT_OPEN: (
        "203",
        "没有这条待答复的异议。请从列表里选。",
        "No such objection waits: choose one.",
        "answers",
    ),
    Hindrance.UNANSWERED: ("204", "还有异议没有答复，不能批准。", "An objection waits for its answer.", ""),
    Hindrance.STILL_SHOWN: ("205", "公示期未满，不能批准。", "The days of publicity are not over.", ""),
}
#: How refusals say states and acts: the words of the pages.
_STATES: dict[State, str] = {
    State.PROPOSED: "待公示",
    State.PUBLICISED: "公示中",
    State.APPROVED: "已批准",
    State.ANNOUNCED: "已公布",
    State.WITHDRAWN: "未予表彰",
    State.REVOKED: "已撤销表彰",
}
_KINDS: dict[EventKind, str] = {
    EventKind.PROPOSE: "提出表彰",
    EventKind.PUBLICISE: "开始公示",
    EventKind.OBJECT: "记录异议",
    EventKind.DISMISS: "异议不成立",
    EventKind.UPHOLD: "异议成立",
    EventKind.APPROVE: "批准表彰",
    EventKind.ANNOUNCE: "公布表彰",
    EventKind.WITHDRAW: "不予表彰",
    EventKind.REVOKE: "撤销表彰",
}


def publicity_days(on: date) -> int:
    """Days that a publicity lasts at least, in force on a day."""
    return int(open_rulebook().parameter("assessment/commendation_publicity_days", on).numbers[0])


def act(commendation_id: int, by: Acting, kind: EventKind, said: Said | None = None) -> int:
    """Records one act and returns the event's number. ~8 queries.

    Raises:
        Refused: there is none of that number; it cannot happen now; a reason, a document number or a last day is
            missing; the publicity is too short; a day to come, or before what happened last.
        Forbidden: the person may not do this to it.
    """
    said = said or Said()
    with transaction.atomic():
        held = Commendation.objects.select_for_update(of=("self",)).filter(pk=commendation_id).first()
        row = commendation(commendation_id) if held else None
        if held is None or row is None or kind not in NEEDS:
            zh = f"没有编号为 {commendation_id} 的表彰，或没有这种办法。"
            raise Refused("ASM-201", zh, f"There is no commendation {commendation_id}, or no such act.")
        require(by, NEEDS[kind], row.where)
        day = said.on or timezone.localdate()
        _require_possible(row, kind, day, said)
        _require_said(row, kind, day, said)
        told = {
            "kind": kind.value, "on": day, "until": said.until, "number": said.number.strip(),
            "amount_cny": said.amount_cny, "answers": said.answers,
        }  # fmt: skip
        document = said.number.strip() or said.document.strip()
        written = by.act(
            f"commendation.{kind.value}", f"commendation/{commendation_id}", ground=said.text.strip(),
            document=document, before={"state": row.standing.state.value}, after=told,
        )  # fmt: skip
        made = CommendationEvent.objects.create(
            commendation=held, kind=kind, on=day, until=said.until, number=said.number.strip(),
            document=said.document.strip(), amount_cny=said.amount_cny, answers_id=said.answers,
            text=said.text.strip(), author=by.author, at=timezone.now(),
            journal=journal.append(replace(written, place=held.path)),
        )  # fmt: skip
    return made.pk


def _require_possible(row: CommendationRow, kind: EventKind, day: date, said: Said) -> None:
    why = hindrance(row.standing, kind, day, said.answers if kind in ANSWERING else None)
    if why is None:
        return
    if why is Hindrance.STATE:
        zh = f"现在是“{_STATES[row.standing.state]}”，不能办理“{_KINDS[kind]}”。请刷新页面查看最新情况。"
        en = f"It is {row.standing.state.value}: {kind.value} cannot happen now. Reload the page."
        raise Refused("ASM-202", zh, en)
    number, zh, en, field = _WHY[why]
    if why is Hindrance.STILL_SHOWN and row.standing.shown_until is not None:
        until = row.standing.shown_until.isoformat()
        zh, en = f"{zh}公示到 {until} 为止，次日起可以批准。", f"{en} Shown until {until}; approve from the day after."
    raise Refused(f"ASM-{number}", zh, en, field)


def _require_said(row: CommendationRow, kind: EventKind, day: date, said: Said) -> None:
    days = publicity_days(day)
    shown = kind is EventKind.PUBLICISE
    long_enough = said.until is not None and said.until >= day + timedelta(days=days - 1)
    pays = said.amount_cny is None or (kind is EventKind.APPROVE and said.amount_cny > 0 and row.funder is not None)
    first = timezone.localdate(row.proposed_at)
    for holds, number, zh, en, field in (
        (kind not in NEED_TEXT or said.text.strip(), 206, "请写明情况或理由。", "Give the reason.", "text"),
        (kind not in NEED_NUMBER or said.number.strip(), 207, "请写明文号。", "Give the document number.", "number"),
        (day <= timezone.localdate(), 208, "日期不能晚于今天。", "The day cannot be in the future.", "on"),
        (day >= max(first, row.standing.approved_on or first), 209, "日期早于上一步。",
         "The day is before the step before.", "on"),
        (not shown or long_enough, 210, f"公示不少于 {days} 天，首日计入。请改公示截止日。",
         f"At least {days} days, the first included: choose a later last day.", "until"),
        (pays, 211, "批准的金额应大于零，且须有出资单位；没有改动的不填。",
         "An approved reward must be above zero and have somebody who pays; leave it out where unchanged.", "amount"),
    ):  # fmt: skip
        if not holds:
            raise Refused(f"ASM-{number}", zh, en, field)


def acts_allowed(row: CommendationRow, by: Acting) -> list[EventKind]:
    """What the person may do about it today as it stands, in the order of NEEDS."""
    today, now = timezone.localdate(), row.standing
    first = min(now.open, default=None)
    return [kind for kind in NEEDS if hindrance(now, kind, today, first) is None and may(by, NEEDS[kind], row.where)]


def awaited_act(allowed: Iterable[EventKind]) -> EventKind | None:
    """Which of the acts that a person may do is waited for; None where none is."""
    every = set(allowed)
    return next((kind for kind in AWAITED if kind in every), None)
