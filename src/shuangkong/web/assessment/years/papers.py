"""考核的公文: score sheet, self-check report and notice of results, filled from the records."""

from __future__ import annotations

from datetime import date

from django.db.models import Q

from shuangkong.assessment.binder import report
from shuangkong.assessment.sheet import scored
from shuangkong.papers.assessment.assessment_notice import (
    NoticeInput,
    Result,
    assessment_notice_docx,
    assessment_notice_xlsx,
)
from shuangkong.papers.assessment.binder import BinderInput, BoundProof, binder_zip
from shuangkong.papers.assessment.score_sheet import ScoreSheetInput, score_sheet_docx
from shuangkong.papers.assessment.self_check import SelfCheckInput, self_check_docx
from shuangkong.papers.official.paper import Basis, Issue
from shuangkong.records.assessment.years import store
from shuangkong.records.assessment.years.marking import require_answer
from shuangkong.records.assessment.years.rows import AssessmentRow
from shuangkong.records.assessment.years.sheets import checks_of, kept_sheets, sides_of, table_of
from shuangkong.records.people.access import require
from shuangkong.records.people.acting import Acting
from shuangkong.records.people.roles import Action
from shuangkong.records.refusal import Refused
from shuangkong.web.assessment.years.aims import aim_said, aims_of
from shuangkong.web.plans.papers.making import Made, basis, made

#: Papers are Chinese whatever the language of the page.
_DRAFT = "（讨论稿）"


def make_score_sheet(row: AssessmentRow, issue: Issue, by: Acting, on: date) -> Made:
    """The score sheet: as announced, else as it stands now and labelled a draft. ~12 queries.

    Raises:
        Forbidden: the person conducts no assessments there.
        TemplateRefused: a template of the office cannot be used.
    """
    require(by, Action.ASSESSMENT_CONDUCT, row.where)
    now = row.standing
    kept = kept_sheets(Q(assessment=row.id)).get(now.version) if now.announced_on else None
    if kept is None:
        sheet = sides_of(row)[1]
    else:
        sheet = scored(table_of(row), row.subject, row.period, kept.answers, checks_of(row))
    given = ScoreSheetInput(
        issue=issue, basis=_basis(row, on), place=row.region_name, name=row.subject_name, year=_year(row), sheet=sheet,
        standing="" if kept else _DRAFT, number=now.numbers[-1] if now.numbers else "",
        aims={name: each.zh for name, each in aims_of(row, sheet).items()},
    )  # fmt: skip
    return made(
        given, f"paper/score_sheet/{row.id}", row.path, by,
        lambda sealed, templates: (score_sheet_docx(sealed, templates), None),
    )  # fmt: skip


def make_self_check(row: AssessmentRow, issue: Issue, by: Acting, on: date) -> Made:
    """The self-check of the assessed, in the order of the superior's table. ~12 queries.

    Raises:
        Forbidden: the person does not answer for the assessed.
        TemplateRefused: a template of the office cannot be used.
    """
    require_answer(row, by)
    own, _reviewed = sides_of(row)
    given = SelfCheckInput(issue=issue, basis=_basis(row, on), name=row.subject_name, year=_year(row), sheet=own)
    return made(
        given, f"paper/self_check/{row.id}", row.subject_path, by,
        lambda sealed, templates: (self_check_docx(sealed, templates), None),
    )  # fmt: skip


def make_binder(row: AssessmentRow, issue: Issue, by: Acting, on: date) -> bytes:
    """The self-check report with its evidence numbered by item and an index, as one ZIP file. ~13 queries.

    Raises:
        Forbidden: the person does not answer for the assessed.
        TemplateRefused: a template of the office cannot be used.
    """
    paper = make_self_check(row, issue, by, on)
    lines = report(sides_of(row)[0])
    held = store.contents_of(proof.place for line in lines for proof in line.proofs)
    proofs = tuple(
        BoundProof(line.number, line.name.zh, proof.title, proof.number, *held.get(proof.place, ("", None)))
        for line in lines
        for proof in line.proofs
    )
    about = f"{row.subject_name}{_year(row)}"
    return binder_zip(BinderInput(about, paper.docx, proofs, on, row.is_fictional))


def make_notice(first: AssessmentRow, issue: Issue, by: Acting, on: date) -> Made:
    """The results as they were announced of the round that an assessment belongs to. ~8 queries.

    Raises:
        Forbidden: the person conducts no assessments there.
        Refused: nothing of the round has been announced.
        TemplateRefused: a template of the office cannot be used.
    """
    require(by, Action.ASSESSMENT_CONDUCT, first.where)
    same = Q(region=first.region, duty=first.duty, period=str(first.period))
    rows = tuple(row for row in store.assessments(same) if row.standing.announced_on)
    if not rows:
        zh = "这一轮考核还没有公布结果，不能出通报。请先公布文号。"
        raise Refused("ASM-451", zh, "Nothing of the round was announced: announce it first.")
    kept = kept_sheets(Q(assessment__in=[row.id for row in rows]))
    table = table_of(first)
    results = tuple(
        Result(
            name=row.subject_name,
            grade=table.grade(row.standing.grade).name.zh,
            sheet=scored(table, row.subject, row.period, kept[row.standing.version].answers, checks_of(row)),
            number=row.standing.numbers[-1],
        )
        for row in rows
    )
    aims = {
        name: each for row, told in zip(rows, results, strict=True) for name, each in aims_of(row, told.sheet).items()
    }
    given = NoticeInput(
        issue=issue, basis=_basis(first, on), place=first.region_name, year=_year(first),
        ground=table.clause.words.zh, results=results, aim=aim_said(aims),
    )  # fmt: skip
    return made(
        given, f"paper/assessment_notice/{first.region}-{first.duty}-{first.period}", first.path, by,
        lambda sealed, templates: (assessment_notice_docx(sealed, templates), assessment_notice_xlsx(sealed)),
    )  # fmt: skip


def _basis(row: AssessmentRow, on: date) -> Basis:
    return basis(on, (), is_demo=row.is_fictional, is_fictional=row.is_fictional)


def _year(row: AssessmentRow) -> str:
    return f"{row.period.year}年度"
