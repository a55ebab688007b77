"""办理: what is done about an assessment. Each act is an event and a row of the journal, together or not at all."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from shuangkong.assessment.results import FRAUD_CASES
from shuangkong.assessment.sheet import Sheet
from shuangkong.assessment.year import EVENT_WORDS, STATE_WORDS, Event, EventKind, Hindrance, State, hindrance
from shuangkong.records.assessment.accountability.following import unlisted
from shuangkong.records.assessment.telling import tell_result
from shuangkong.records.assessment.years.marking import may_answer
from shuangkong.records.assessment.years.models import (
    Assessment,
    AssessmentEvent,
    AssessmentEvidence,
    AssessmentSheet,
)
from shuangkong.records.assessment.years.rows import AssessmentRow, Said, Side
from shuangkong.records.assessment.years.sheets import sheet_of, sheet_text, table_of, version_of
from shuangkong.records.assessment.years.store import assessment
from shuangkong.records.journal import store as journal
from shuangkong.records.people.access import Forbidden, may
from shuangkong.records.people.acting import Acting
from shuangkong.records.people.roles import Action
from shuangkong.records.refusal import Refused
from shuangkong.records.reporting.verification.fraud import established
from shuangkong.rulebook import open_rulebook

#: What the assessor does, what the assessed does, and what whoever leads approves.
CONDUCTED = (
    EventKind.RETURN, EventKind.REVIEW, EventKind.CHECK, EventKind.PROPOSE, EventKind.DISMISS, EventKind.UPHOLD,
    EventKind.ANNOUNCE, EventKind.ARCHIVE, EventKind.CANCEL,
)  # fmt: skip
ANSWERED = (EventKind.SUBMIT, EventKind.OBJECT)
APPROVED = (EventKind.APPROVE, EventKind.CORRECT)
#: Acts that say nothing without a reason.
NEED_TEXT = frozenset(
    {EventKind.RETURN, EventKind.OBJECT, EventKind.DISMISS, EventKind.UPHOLD, EventKind.CORRECT, EventKind.CANCEL}
)
#: Acts that are a document of their own, and those that set a last day.
NEED_NUMBER = frozenset({EventKind.ANNOUNCE, EventKind.CORRECT})
NEED_UNTIL = frozenset({EventKind.PROPOSE})
ANSWERING = frozenset({EventKind.DISMISS, EventKind.UPHOLD})
#: Acts after which a result stands on a sheet of its own.
SCORED = frozenset({EventKind.PROPOSE, EventKind.CORRECT})
#: Acts that the assessed is told of.
TOLD = frozenset({EventKind.ANNOUNCE, EventKind.CORRECT})
_WHY: dict[Hindrance, tuple[str, str, str, str]] = {
    Hindrance.NO_DAY: ("423", "请写明最后一天。", "Say the last day.", "until"),
    Hindrance.NO_EVIDENCE: (
        "424",
        "还没有上传证据，不能报送自查报告。请先逐项填写自评并附材料。",
        "No evidence yet: fill in the self-check first.",
        "",
    ),
    Hindrance.NO_GRADE: ("425", "等级还定不下来，不能提出结果。", "The grade is not decided yet.", ""),
    Hindrance.TOO_LATE: ("426", "异议期已过。", "The days for objections are over.", ""),
    Hindrance.NOT_OPEN: ("427", "没有这条待答复的异议。请从列表里选。", "No such objection waits.", "answers"),
    Hindrance.UNANSWERED: ("428", "还有异议没有答复，不能批准。", "An objection waits for its answer.", ""),
    Hindrance.STILL_OPEN: ("429", "异议期未满，次日起可以批准。", "The days for objections are not over.", ""),
    Hindrance.NO_NUMBER: ("430", "请写明文号。", "Give the document number.", "number"),
}


#: Cases that a message names.
_CASES_NAMED = 5


def may_do(row: AssessmentRow, kind: EventKind, by: Acting) -> bool:
    """Whether a person does this to it, whatever state it is in."""
    if kind in ANSWERED:
        return may_answer(row, by)
    if kind in APPROVED:
        return may(by, Action.ASSESSMENT_APPROVE, row.where)
    return kind in CONDUCTED and may(by, Action.ASSESSMENT_CONDUCT, row.where)


def act(assessment_id: int, by: Acting, kind: EventKind, said: Said | None = None) -> int:
    """Records one act and returns the event's number. ~8 queries; a proposal computes its sheet and keeps it.

    Raises:
        Refused: ASM-421 there is none of that number, or no such act; ASM-422 … ASM-430 it cannot happen now;
            ASM-431 no reason; ASM-432 a day to come, or before what happened last; ASM-425 the grade is not decided;
            ASM-433 what its result calls for is not listed; ASM-434 established fraud is not counted in it.
        Forbidden: the person may not do this to it.
    """
    said = said or Said()
    with transaction.atomic():
        held = Assessment.objects.select_for_update(of=("self",)).filter(pk=assessment_id).first()
        row = assessment(assessment_id) if held else None
        if held is None or row is None or kind not in (*CONDUCTED, *ANSWERED, *APPROVED):
            raise Refused("ASM-421", "没有这项考核，或没有这种办法。", "No such assessment, or no such act.")
        if not may_do(row, kind, by):
            zh = "以当前身份不能办理此事：考核机关审核，考核对象自查和申辩，领导批准。"
            raise Forbidden("ASM-420", zh, "Not yours: the assessor, the assessed and the leader have their own acts.")
        _require_said(row, kind, said)
        if kind is EventKind.ARCHIVE:
            _require_listed(row)
        sheet = sheet_of(row) if kind in SCORED else None
        event = _event(row, kind, said, sheet)
        if sheet is not None:
            _require_fraud_counted(row, sheet)
        _require_possible(row, event, sheet)
        return _recorded(held, row, event, said, sheet, by)


def _event(row: AssessmentRow, kind: EventKind, said: Said, sheet: Sheet | None) -> Event:
    """The event as the state table takes it, before it has a number."""
    day, now = said.on or timezone.localdate(), row.standing
    proofs = 0
    if kind is EventKind.SUBMIT:
        ours = AssessmentEvidence.objects.filter(mark__assessment=row.id, mark__side=Side.SELF)
        proofs = ours.count() or int(not _asks(row))
    score: Decimal | None = now.score
    grade, version = now.grade, now.version
    if sheet is not None:
        score, grade = sheet.total, sheet.grade.id if sheet.grade else ""
        version = version_of(sheet_text(sheet))
    return Event(
        id=0, kind=kind, on=day, until=said.until, proofs=proofs, score=score, grade=grade, version=version,
        number=said.number.strip(), answers=said.answers if kind in ANSWERING else None,
    )  # fmt: skip


def _asks(row: AssessmentRow) -> bool:
    """Whether the table asks the assessed for anything: where all is figures, there is nothing to prove."""
    return next(table_of(row).points, None) is not None


def _require_said(row: AssessmentRow, kind: EventKind, said: Said) -> None:
    day = said.on or timezone.localdate()
    for holds, number, zh, en, key in (
        (kind not in NEED_TEXT or said.text.strip(), 431, "请写明情况或理由。", "Give the reason.", "text"),
        (day <= timezone.localdate(), 432, "日期不能晚于今天。", "The day cannot be in the future.", "on"),
        (day >= row.waits_since, 432, f"日期早于上一步（{row.waits_since}）。", "Before the step before.", "on"),
        (said.until is None or said.until >= day, 423, "最后一天不能早于当天。", "The last day is over.", "until"),
    ):  # fmt: skip
        if not holds:
            raise Refused(f"ASM-{number}", zh, en, key)


def _require_listed(row: AssessmentRow) -> None:
    """A missed result is not put away before what follows from it was written down."""
    count = unlisted(row)
    if count:
        zh = f"这个结果要求的后果还有 {count} 项没有列出，不能归档。先按规定列出后果；不予适用的逐项写明理由。"
        en = f"{count} consequences of the result are not listed: list them, and waive with a reason what is not due."
        raise Refused("ASM-433", zh, en)


def _require_possible(row: AssessmentRow, event: Event, sheet: Sheet | None) -> None:
    why = hindrance(row.standing, event)
    if why is None:
        return
    if why is Hindrance.STATE:
        state, kind = STATE_WORDS[row.standing.state], EVENT_WORDS[event.kind]
        zh = f"现在是“{state.zh}”，不能办理“{kind.zh}”。请刷新页面查看最新情况。"
        raise Refused("ASM-422", zh, f"It is “{state.en}”: cannot {kind.en} now. Reload the page.")
    number, zh, en, key = _WHY[why]
    if why is Hindrance.NO_GRADE and sheet is not None:
        lacking = [score for score in sheet.scores if score.marks is None]
        open_vetoes = [each.veto.name for each in sheet.vetoes if each.holds is None]
        names = [*(score.item.name for score in lacking), *open_vetoes]
        zh += f"还缺：{'、'.join(name.zh for name in names)}。"
        en += f" Missing: {', '.join(name.en for name in names)}."
    raise Refused(f"ASM-{number}", zh, en, key)


def _require_fraud_counted(row: AssessmentRow, sheet: Sheet) -> None:
    """No result is proposed that leaves out fraud that verification has established. 1 query where a table asks."""
    rule = sheet.table.figures.get(FRAUD_CASES)
    if rule is None or not rule.is_established:
        return
    found = established(row.subject, row.subject_path, row.period.year)
    given = sheet.answers.judged.get(FRAUD_CASES)
    told = given.marks if given is not None and given.marks is not None else Decimal(0)
    if told >= len(found):
        return
    cases = "、".join(f"{each.case}（{each.unit} {each.period}）" for each in found[:_CASES_NAMED])
    zh = (
        f"核查已查实造假 {len(found)} 起（案件 {cases}），“{rule.name.zh}”只计 {told} 起。"
        "请按处理决定补记后再提出结果；已被撤销的，先在核查案件里办理。"
    )
    en = f"{len(found)} cases of fraud are established (cases {cases}), {told} counted. Count them, then propose."
    raise Refused("ASM-434", zh, en)


def _recorded(held: Assessment, row: AssessmentRow, event: Event, said: Said, sheet: Sheet | None, by: Acting) -> int:
    kept = None
    if sheet is not None:
        kept = AssessmentSheet.objects.create(
            assessment=held, version=event.version, content=sheet_text(sheet), rulebook=open_rulebook().version,
            computed_at=timezone.now(),
        )  # fmt: skip
    elif event.version:
        kept = AssessmentSheet.objects.filter(assessment=held, version=event.version).order_by("-pk").first()
    told = {
        "kind": event.kind.value, "on": event.on, "until": event.until, "number": event.number, "grade": event.grade,
        "score": event.score, "sheet": event.version, "answers": event.answers,
    }  # fmt: skip
    written = by.act(
        f"assessment.{event.kind.value}", f"assessment/{held.pk}", ground=said.text.strip(),
        document=event.number or said.document.strip(), before={"state": row.standing.state.value}, after=told,
    )  # fmt: skip
    made = AssessmentEvent.objects.create(
        assessment=held, kind=event.kind, on=event.on, until=event.until, evidence=event.proofs, score=event.score,
        grade=event.grade, sheet=kept, number=event.number, document=said.document.strip(), answers_id=event.answers,
        text=said.text.strip(), author=by.author, at=timezone.now(),
        journal=journal.append(replace(written, place=held.path)),
    )  # fmt: skip
    if event.kind in TOLD:
        tell_result(row, EVENT_WORDS[event.kind].zh, event.number, by)
    return made.pk


def acts_allowed(row: AssessmentRow, by: Acting) -> list[EventKind]:
    """What the person may do about it today as it stands, its fields being filled in."""
    today, first = timezone.localdate(), min(row.standing.open, default=None)
    found = []
    for kind in (*ANSWERED, *CONDUCTED, *APPROVED):
        event = Event(
            id=0, kind=kind, on=today, until=date.max, proofs=1, grade="-", version="-", number="-",
            answers=first if kind in ANSWERING else None,
        )  # fmt: skip
        if may_do(row, kind, by) and hindrance(row.standing, event) is None:
            found.append(kind)
    return found


#: What is waited for in each state: for whom a thing waits, it is the first that he may do.
AWAITED: dict[State, EventKind] = {
    State.LAUNCHED: EventKind.SUBMIT,
    State.SUBMITTED: EventKind.REVIEW,
    State.ON_SITE: EventKind.CHECK,
    State.CHECKED: EventKind.PROPOSE,
    State.PROPOSED: EventKind.APPROVE,
    State.APPROVED: EventKind.ANNOUNCE,
    State.ANNOUNCED: EventKind.ARCHIVE,
}
