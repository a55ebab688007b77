"""延期、停计时、停产、免报的申请: units ask on a return that they owe, the office that reviews it answers.

Asking changes nothing of the return. To grant is the act of the office itself (``acts``), which keeps what was asked
for beside it; an answer that is no is kept here, and told.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from shuangkong.core.horizon import DECIDED_AHEAD, is_near, years
from shuangkong.records.journal import store as journal
from shuangkong.records.people.access import may, require
from shuangkong.records.people.acting import Acting
from shuangkong.records.people.roles import Action
from shuangkong.records.plans.tasks.evidence import medium_of
from shuangkong.records.plans.tasks.models import TaskFile
from shuangkong.records.plans.tasks.rows import Handed
from shuangkong.records.refusal import Refused
from shuangkong.records.reporting import telling
from shuangkong.records.reporting.acts import Said, act, require_another
from shuangkong.records.reporting.competence import decided_by
from shuangkong.records.reporting.models import Petition, Return
from shuangkong.records.reporting.petition_settling import WAITS, close, journal_row
from shuangkong.records.reporting.rows import ReturnRow
from shuangkong.records.reporting.store import of_others, one
from shuangkong.records.reporting.summing import lock_places
from shuangkong.reporting.life import OWED
from shuangkong.reporting.life_standing import may as may_stand
from shuangkong.reporting.petitions import (
    GRANTED_BY,
    KINDS,
    WISH_A_DAY,
    PetitionEvent,
    PetitionKind,
    PetitionState,
)

_LONGEST = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class PetitionRow:
    """What a unit asks for on a return, and how it ended; ``file_name`` "" where none is beside it.

    ``waits``: it is open, and the return is owed still.
    """

    id: int
    owned: int
    kind: PetitionKind
    state: PetitionState
    ground: str
    due: date | None
    file_name: str
    author: str
    at: datetime
    journal: int
    answer: str
    answered_by: str
    answered_at: datetime | None
    answered_in: int | None
    waits: bool


@dataclass(frozen=True, slots=True)
class ToAsk:
    """What is asked for; ``due``: the day wished for, of an extension; ``files``: at most one."""

    kind: PetitionKind
    ground: str
    due: date | None = None
    files: Sequence[Handed] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """What an office says; ``due``: the new last day of an extension, that wished for where none is said. Granted
    without a ground it rests on that of the unit."""

    is_granted: bool
    ground: str = ""
    document: str = ""
    due: date | None = None


def petitions(condition: Q, *order: str, count: int | None = None) -> tuple[PetitionRow, ...]:
    """Petitions that meet a condition, the newest first. 1 query."""
    found = Petition.objects.filter(condition).select_related("owned").order_by(*(order or ("-pk",)))[:count]
    return tuple(
        PetitionRow(
            id=row.pk, owned=row.owned_id, kind=PetitionKind(row.kind), state=PetitionState(row.state),
            ground=row.ground, due=row.due, file_name=row.name, author=row.author, at=row.at, journal=row.journal,
            answer=row.answer, answered_by=row.answered_by, answered_at=row.answered_at, answered_in=row.answered_in,
            waits=row.state == PetitionState.OPEN and row.owned.state in OWED,
        )
        for row in found
    )  # fmt: skip


def petition(number: int) -> PetitionRow | None:
    """One petition. 1 query."""
    return next(iter(petitions(Q(pk=number))), None)


def answerable(acting: Acting) -> Q:
    """The condition that a petition waits for an answer of a person: of a form and place that the person reviews, and
    neither of the own body nor one's own."""
    mine = of_others(acting)
    own = Q(owned__in=Return.objects.filter(~mine, petitions__state=PetitionState.OPEN)) if mine else Q(pk__in=())
    return WAITS & decided_by(acting, Action.RETURN_REVIEW, "owned") & ~own & ~Q(author=acting.author)


def may_answer(row: ReturnRow, told: PetitionRow, by: Acting) -> bool:
    """Whether a person may answer what was asked for on a return. No query."""
    is_own = bool(by.bodies & row.reporter.bodies) or by.author == told.author
    return told.waits and not is_own and may(by, Action.RETURN_REVIEW, row.where)


def count_of(condition: Q) -> int:
    """How many petitions meet a condition. 1 query."""
    return Petition.objects.filter(condition).count()


def ask(number: int, told: ToAsk, by: Acting) -> int:
    """A unit asks; returns the petition's number. ~8 queries.

    Raises:
        Refused: there is no such return; it cannot be asked for as it stands, or is asked for already; no ground; no
            day, or one that is no later than the last one; what is not taken as a file.
        Forbidden: the person does not file for the unit.
    """
    with transaction.atomic():
        held, row = _held(number)
        require(by, Action.RETURN_FILE, row.where)
        _require_sound(row, told)
        open_ = Petition.objects.filter(owned=held, kind=told.kind, state=PetitionState.OPEN)
        if open_.exists():
            zh = f"已经申请过{KINDS[told.kind].zh}，还没有答复，不能再提一件。要改的，先撤回那一件。"
            en = "That has been asked for and waits for an answer: take it back to ask anew."
            raise Refused("RPT-702", zh, en, "kind")
        file = _kept(told.files)
        made = Petition.objects.create(
            owned=held, kind=told.kind, state=PetitionState.OPEN, ground=told.ground.strip(), due=told.due,
            file=file, name=told.files[0].name if file else "", author=by.author, at=timezone.now(),
            journal=journal.UNWRITTEN,
        )  # fmt: skip
        written = journal_row(
            by, PetitionEvent.ASK, number, made.pk, told.kind, ground=told.ground, due=told.due,
            file=file.sha256 if file else None,
        )  # fmt: skip
        made.journal = journal.append(replace(written, place=held.path))
        made.save(update_fields=["journal"])
    return made.pk


def withdraw(number: int, by: Acting) -> None:
    """The unit takes back what it asked for. ~6 queries.

    Raises:
        Refused: there is no such petition, or it does not wait any more.
        Forbidden: the person does not file for the unit.
    """
    with transaction.atomic():
        found, held, row = _open(number)
        require(by, Action.RETURN_FILE, row.where)
        written = journal_row(by, PetitionEvent.WITHDRAW, held.pk, number, found.kind)
        close([number], PetitionEvent.WITHDRAW, by, journal.append(replace(written, place=held.path)))


def answer(number: int, told: Answer, by: Acting) -> None:
    """The office that reviews the return grants what was asked for, or not. ~20 queries.

    Raises:
        Refused: there is no such petition, or it does not wait any more; it is the own body's, or one's own; a refusal
            without a ground; an extension that ends no later than the return is due now; as ``acts.act`` for what is
            granted.
        Forbidden: the person does not review the return.
    """
    with transaction.atomic():
        found, held, row = _open(number)
        kind = PetitionKind(found.kind)
        require(by, Action.RETURN_REVIEW, row.where)
        require_another(row, by, GRANTED_BY[kind])
        if by.author == found.author:
            zh = "这是您本人提出的申请，换了身份也不能自己答复。请由别人办理。"
            raise Refused("RPT-705", zh, "You asked for this yourself: let another person answer.")
        if told.is_granted:
            ground = told.ground.strip() or found.ground
            due = (told.due or found.due) if kind in WISH_A_DAY else None
            _require_longer(row, due)
            act(held.pk, by, GRANTED_BY[kind], Said(ground, told.document, due))
            return
        if not told.ground.strip():
            raise Refused(
                "RPT-706", "请写明不同意的理由，填报单位会看到。", "Give the reason of the refusal.", "ground"
            )
        written = journal_row(
            by, PetitionEvent.REFUSE, held.pk, number, kind, ground=told.ground, document=told.document
        )
        close([number], PetitionEvent.REFUSE, by, journal.append(replace(written, place=held.path)), told.ground)
        telling.tell_refused(row, kind, told.ground, by)


def file_of(number: int) -> tuple[str, bytes] | None:
    """Name and bytes of the file beside a petition; who asks has been asked whether the return may be read. 1 query."""
    found = Petition.objects.select_related("file").filter(pk=number).first()
    return (found.name, bytes(found.file.content)) if found is not None and found.file is not None else None


def _held(number: int) -> tuple[Return, ReturnRow]:
    """A return, locked, and as it stands. Raises Refused."""
    held = Return.objects.select_for_update().filter(pk=number).first()
    row = one(number)
    if held is None or row is None:
        raise Refused("RPT-910", f"没有编号为 {number} 的报表。", f"There is no return {number}.")
    return held, row


def _open(number: int) -> tuple[Petition, Return, ReturnRow]:
    """A petition that waits, and its return, locked in the order of all acts on returns. Raises Refused."""
    owned = Petition.objects.filter(pk=number).values_list("owned", flat=True).first()
    if owned is None:
        raise Refused("RPT-703", f"没有编号为 {number} 的申请。", f"There is no petition {number}.")
    lock_places([owned])
    held, row = _held(owned)
    found = Petition.objects.get(pk=number)
    if found.state != PetitionState.OPEN or row.state not in OWED:
        zh = "这件申请已经答复、撤回，或报表已报、不再应报，不能再办。请刷新页面看结果。"
        raise Refused("RPT-704", zh, "It was answered or taken back, or the return came: nothing to do. Load anew.")
    return found, held, row


def _require_sound(row: ReturnRow, told: ToAsk) -> None:
    word, last = KINDS[told.kind], _last(row)
    if not may_stand(row.standing, GRANTED_BY[told.kind]):
        zh = f"这份报表现在不能申请{word.zh}：已经报了、不再应报，或计时已经停止。请刷新页面，看它现在到了哪一步。"
        raise Refused("RPT-701", zh, f"“{word.en}” cannot be asked for as the return stands. Load the page.", "kind")
    if not told.ground.strip() or len(told.ground) > _LONGEST:
        zh = f"请写明申请的理由，不超过 {_LONGEST} 字，审核机关据此答复。"
        raise Refused("RPT-707", zh, f"Give the ground, {_LONGEST} signs at most.", "ground")
    if told.kind not in WISH_A_DAY:
        if told.due is not None:
            zh = f"申请{word.zh}不用写日期，只有申请延期才写希望延到哪一天。请去掉日期。"
            raise Refused("RPT-709", zh, "Only an extension is asked for with a day: leave it out.", "due")
        return
    today = timezone.localdate()
    is_past = told.due is None or told.due < today or (last is not None and told.due <= last)
    if is_past or (told.due is not None and not is_near(told.due, today, DECIDED_AHEAD)):
        until = years(today, DECIDED_AHEAD)[1]
        zh = f"请写希望延到哪一天：不早于今天，晚于现在的截止日 {last or '—'}，不晚于 {until} 年底。"
        raise Refused("RPT-708", zh, f"Name the day wished for: not past, after {last or '—'}, by {until}.", "due")


def _last(row: ReturnRow) -> date | None:
    """The last day that a return has, also while its clock stands."""
    return row.standing.redo_by or row.standing.due


def _require_longer(row: ReturnRow, due: date | None) -> None:
    """Nobody has fewer days for having asked for more: what was wished for may be past by what happened since."""
    last = _last(row)
    if due is not None and last is not None and due <= last:
        zh = f"这份报表的截止日现在是 {last}，同意延期要写更晚的一天。不再延的，请答复不同意，写明截止日已经更晚。"
        raise Refused("RPT-715", zh, f"It is due on {last} now: grant a later day, or refuse and say so.", "due")


def _kept(files: Sequence[Handed]) -> TaskFile | None:
    """The file, kept once. Raises Refused."""
    if not files:
        return None
    if len(files) > 1:
        raise Refused("RPT-710", "一件申请附一个文件。多个的请打成 zip。", "One file at most: pack several.", "files")
    medium, content = medium_of(files[0]), files[0].content
    kept, _ = TaskFile.objects.get_or_create(
        sha256=hashlib.sha256(content).hexdigest(),
        defaults={"medium": medium, "size_bytes": len(content), "content": content},
    )
    return kept
