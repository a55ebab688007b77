"""表彰通报: a commendation that was announced, filled from the records."""

from __future__ import annotations

from datetime import date

from shuangkong.assessment.commendation import Honoured, State
from shuangkong.papers.assessment.commendation import CommendationInput, commendation_docx
from shuangkong.papers.official.paper import Issue
from shuangkong.records.assessment.commendation.rows import CommendationRow
from shuangkong.records.people.access import require
from shuangkong.records.people.acting import Acting
from shuangkong.records.people.roles import Action
from shuangkong.records.refusal import Refused
from shuangkong.web.plans.papers.making import Made, basis, made

#: Papers are Chinese whatever the language of the page.
_KINDS = {
    Honoured.REGION: "地区",
    Honoured.DEPARTMENT: "部门",
    Honoured.UNIT: "单位",
    Honoured.ENTERPRISE: "企业",
    Honoured.PERSON: "个人",
}


def make_notice(row: CommendationRow, issue: Issue, by: Acting, on: date) -> Made:
    """The notice of a commendation; ``on`` is today. ~5 queries.

    Raises:
        Forbidden: the person announces no commendations there.
        Refused: it has not been announced, or was revoked.
        TemplateRefused: a template of the office cannot be used.
    """
    require(by, Action.COMMENDATION_ANNOUNCE, row.where)
    if row.standing.state is not State.ANNOUNCED:
        zh = "尚未公布或已撤销，不能出表彰通报。请先公布文号。"
        raise Refused("ASM-301", zh, "Not announced, or revoked: announce it first.")
    titles = (row.plan_title,) if row.plan_title else ()
    given = CommendationInput(
        issue=issue,
        basis=basis(on, titles, is_demo=row.is_demo, is_fictional=row.is_fictional),
        region=row.region_name,
        name=row.name,
        kind=_KINDS[row.kind],
        workplace=row.workplace,
        award=row.award,
        period=row.period,
        merits=tuple(filter(None, map(str.strip, row.merit.splitlines()))),
        plan=row.plan_title,
        clause=row.clause,
        ground=row.ground,
        amount_cny=row.standing.amount_cny,
        funder=row.funder_name,
    )
    return made(
        given, f"paper/commendation/{row.id}", row.path, by,
        lambda sealed, templates: (commendation_docx(sealed, templates), None),
    )  # fmt: skip
