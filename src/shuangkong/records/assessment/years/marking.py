"""打分: what the assessed and the assessor give for points and established figures, each with its evidence.

Figures that the system has are refused here: whoever finds them wrong corrects the fact or the target below.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace

from django.db import transaction
from django.utils import timezone

from shuangkong.assessment.table import ScoreTable
from shuangkong.assessment.year import State
from shuangkong.records.assessment.years.models import Assessment, AssessmentEvidence, AssessmentMark
from shuangkong.records.assessment.years.rows import AssessmentRow, Given, Side
from shuangkong.records.assessment.years.sheets import table_of
from shuangkong.records.assessment.years.store import assessment
from shuangkong.records.journal import store as journal
from shuangkong.records.people.access import Forbidden, may
from shuangkong.records.people.acting import Acting
from shuangkong.records.people.roles import Action
from shuangkong.records.plans.tasks.evidence import medium_of
from shuangkong.records.plans.tasks.models import TaskFile
from shuangkong.records.plans.tasks.rows import Handed
from shuangkong.records.refusal import Refused

#: While it stands there, a side may give marks.
OPEN: dict[Side, frozenset[State]] = {
    Side.SELF: frozenset({State.LAUNCHED}),
    Side.REVIEW: frozenset({State.SUBMITTED, State.ON_SITE, State.CHECKED}),
}
_MOST = 200


def may_answer(row: AssessmentRow, by: Acting) -> bool:
    """Whether a person answers for the assessed; for one whom nobody answers for, the assessor writes it down."""
    if row.subject.kind != "region" and row.body is None:
        return may(by, Action.ASSESSMENT_CONDUCT, row.where)
    return may(by, Action.ASSESSMENT_ANSWER, row.where_assessed)


def require_answer(row: AssessmentRow, by: Acting) -> None:
    """Raises Forbidden where the person does not answer for the assessed."""
    if not may_answer(row, by):
        zh = "以当前身份不能替考核对象自查。请由考核对象办理。"
        raise Forbidden("ASM-409", zh, "You do not answer for the assessed.")


def may_mark(row: AssessmentRow, side: Side, by: Acting) -> bool:
    """Whether a person gives marks for a side, whatever state it is in."""
    return may_answer(row, by) if side is Side.SELF else may(by, Action.ASSESSMENT_CONDUCT, row.where)


def markable(table: ScoreTable, side: Side) -> tuple[str, ...]:
    """What a side gives: points; the assessor also figures that persons establish."""
    established = [name for name, rule in table.figures.items() if rule.is_established]
    return (*(point.code for point in table.points), *(established if side is Side.REVIEW else ()))


def give(assessment_id: int, side: Side, given: Sequence[Given], by: Acting) -> tuple[int, ...]:
    """Records entries and returns their numbers: all of them or none. ~4 queries and 3 an entry.

    Raises:
        Refused: ASM-411 there is none of that number, or too many entries; ASM-412 the table does not ask for it of
            this side; ASM-413 not while it stands so; ASM-414 beyond what the point is worth; ASM-415 no evidence;
            TSK-20x a file that is not taken.
        Forbidden: the person gives no marks for that side.
    """
    with transaction.atomic():
        held = Assessment.objects.select_for_update(of=("self",)).filter(pk=assessment_id).first()
        row = assessment(assessment_id) if held else None
        if held is None or row is None or not 0 < len(given) <= _MOST:
            zh = "没有这项考核，或没有填内容。"
            raise Refused("ASM-411", zh, "No such assessment, or nothing was given.")
        _require_side(row, side, by)
        table = table_of(row)
        for each in given:
            _require_sound(table, side, each)
        return tuple(_kept(held, side, each, by) for each in given)


def _require_side(row: AssessmentRow, side: Side, by: Acting) -> None:
    if not may_mark(row, side, by):
        zh = "以当前身份不能给这一方打分：自评由考核对象填，审核由考核机关填。"
        raise Forbidden("ASM-410", zh, "You give no marks for this side: the assessed and the assessor give their own.")
    if row.standing.state not in OPEN[side]:
        zh = "现在不能打分：自评在报送之前填，审核在报送之后、提出结果之前填。请刷新页面。"
        en = "Not now: the assessed gives marks before it submits, the assessor between that and the proposal."
        raise Refused("ASM-413", zh, en)


def _require_sound(table: ScoreTable, side: Side, given: Given) -> None:
    if given.code not in markable(table, side):
        zh = f"“{given.code}”不能人工填写：定量数据由系统按目标和统计数据取得，数有误的请更正原始数据。"
        en = f"{given.code} cannot be typed: figures come from targets and statistics; correct the fact below."
        raise Refused("ASM-412", zh, en, given.code)
    points = {point.code: point for point in table.points}
    point = points.get(given.code)
    most = point.marks if point else None
    if given.marks is not None and (given.marks < 0 or (most is not None and given.marks > most)):
        top = "" if most is None else f"至 {most:f} "
        zh = f"“{given.code}”应在 0 {top}之间，实为 {given.marks:f}。"
        en = f"{given.code}: expected 0{'' if most is None else f' to {most:f}'}, found {given.marks:f}."
        raise Refused("ASM-414", zh, en, given.code)
    is_said = given.marks is not None or given.is_inapplicable
    is_proven = given.file is not None or (side is Side.REVIEW and bool(given.title.strip()))
    if (is_said and side is Side.SELF and not is_proven) or (is_said and not given.title.strip()):
        zh = f"“{given.code}”没有附证据：请写明材料名称，自评还须上传文件。没有证据的不计分。"
        en = f"{given.code} comes without evidence: name it; a self-check also hands in the file."
        raise Refused("ASM-415", zh, en, given.code)


def _kept(held: Assessment, side: Side, given: Given, by: Acting) -> int:
    media = medium_of(given.file) if given.file else ""
    told = {
        "side": side.value, "code": given.code, "marks": given.marks, "inapplicable": given.is_inapplicable,
        "title": given.title.strip(), "number": given.number.strip(), "file": _digest(given.file),
    }  # fmt: skip
    act = by.act(
        "assessment.mark", f"assessment/{held.pk}", ground=given.text.strip() or given.title.strip(),
        document=given.number.strip(), after=told,
    )  # fmt: skip
    made = AssessmentMark.objects.create(
        assessment=held, side=side, code=given.code, marks=given.marks, is_inapplicable=given.is_inapplicable,
        text=given.text.strip(), author=by.author, at=timezone.now(),
        journal=journal.append(replace(act, place=held.path)),
    )  # fmt: skip
    if given.title.strip():
        file = _file(given.file, media) if given.file else None
        title, number = given.title.strip(), given.number.strip()
        AssessmentEvidence.objects.create(mark=made, title=title, number=number, file=file)
    return made.pk


def _digest(file: Handed | None) -> str:
    return hashlib.sha256(file.content).hexdigest() if file else ""


def _file(file: Handed, medium: str) -> TaskFile:
    """The bytes, once however often they are handed in."""
    kept, _ = TaskFile.objects.get_or_create(
        sha256=_digest(file),
        defaults={"medium": medium, "size_bytes": len(file.content), "content": file.content},
    )
    return kept
