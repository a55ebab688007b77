"""结转: what was answered on another table of the year, carried to the superior's points that ask for the same."""

from __future__ import annotations

from dataclasses import replace

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from shuangkong.assessment.answers import Answers
from shuangkong.assessment.binder import carried_over
from shuangkong.records.assessment.years.marking import OPEN, require_answer
from shuangkong.records.assessment.years.models import Assessment, AssessmentEvidence, AssessmentMark
from shuangkong.records.assessment.years.rows import AssessmentRow, MarkRow, Side, judged_of
from shuangkong.records.assessment.years.sheets import table_of
from shuangkong.records.assessment.years.store import assessment, assessments, marks
from shuangkong.records.journal import store as journal
from shuangkong.records.people.acting import Acting
from shuangkong.records.refusal import Refused


def sources_of(row: AssessmentRow) -> tuple[AssessmentRow, ...]:
    """Assessments that have something to carry to this one: of its place and year, on a table that asks for the same.

    2 queries.
    """
    wanted = {point.same_as.split("/")[0] for point in table_of(row).points if point.same_as}
    if not wanted:
        return ()
    same = Q(path=row.subject_path, period=str(row.period), score_table__in=wanted) & ~Q(pk=row.id)
    return assessments(same)


def carry_over(source_id: int, target_id: int, by: Acting) -> int:
    """Carries marks and evidence to the points that ask for the same; returns how many. ~10 queries, 2 an entry.

    Raises:
        Refused: ASM-461 no such pair; ASM-463 the self-check is handed in already; ASM-462 nothing to carry.
        Forbidden: the person does not answer for the assessed.
    """
    with transaction.atomic():
        held = Assessment.objects.select_for_update(of=("self",)).filter(pk=target_id).first()
        row = assessment(target_id) if held else None
        if held is None or row is None:
            raise Refused("ASM-461", "没有这项考核。", "No such assessment.")
        require_answer(row, by)
        source = next((each for each in sources_of(row) if each.id == source_id), None)
        if source is None:
            raise Refused("ASM-461", "没有可以结转的考核。请从列表里选。", "Nothing of that kind to carry.", "source")
        if row.standing.state not in OPEN[Side.SELF]:
            raise Refused("ASM-463", "自查已经报送，不能再结转。", "The self-check is handed in already.")
        entries = marks(Q(assessment=source.id)).get(source.id, ())
        answers = Answers({}, judged_of(entries, Side.REVIEW))
        own, superior = table_of(source), table_of(row)
        found = carried_over(answers, own, superior).judged
        carried = {
            point.code: (point.same_as.split("/")[1], found[point.code])
            for point in superior.points
            if point.same_as.startswith(f"{own.id}/") and point.code in found
        }
        if not carried:
            zh = "那张表里还没有可以结转的自评或审核。"
            raise Refused("ASM-462", zh, "Nothing was answered there that could be carried.", "source")
        for code, (before, judged) in carried.items():
            told = {"side": Side.SELF.value, "code": code, "marks": judged.marks, "from": f"{source.id}/{before}"}
            act = by.act("assessment.carry_over", f"assessment/{row.id}", ground=own.name.zh, after=told)
            made = AssessmentMark.objects.create(
                assessment=held, side=Side.SELF, code=code, marks=judged.marks,
                is_inapplicable=judged.is_inapplicable, text=f"结转自{own.name.zh}{before}", author=by.author,
                at=timezone.now(), journal=journal.append(replace(act, place=row.path)),
            )  # fmt: skip
            AssessmentEvidence.objects.bulk_create(_copied(made, before, entries))
    return len(carried)


def _copied(mark: AssessmentMark, code: str, entries: tuple[MarkRow, ...]) -> list[AssessmentEvidence]:
    """The evidence of a point, both sides' newest, as evidence of another mark."""
    newest = {entry.side: entry for entry in entries if entry.code == code and not entry.is_empty}
    kept = [each.id for entry in newest.values() for each in entry.evidence]
    return [
        AssessmentEvidence(mark=mark, title=each.title, number=each.number, file_id=each.file_id)
        for each in AssessmentEvidence.objects.filter(pk__in=kept).order_by("pk")
    ]
