"""出后果通知和约谈纪要: an interview, a rectification or a suspension, to whom it is against; what was said in it."""

from __future__ import annotations

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_http_methods

from shuangkong.assessment.consequence import ActKind
from shuangkong.assessment.enforcement import State
from shuangkong.papers.assessment.consequence_notice import ConsequenceInput, consequence_notice_docx
from shuangkong.papers.assessment.interview_minutes import InterviewInput, interview_minutes_docx
from shuangkong.papers.official.paper import Basis, Issue
from shuangkong.records.assessment.accountability import store
from shuangkong.records.assessment.accountability.rows import ConsequenceRow
from shuangkong.records.people.access import require
from shuangkong.records.people.acting import Acting
from shuangkong.records.people.roles import Action
from shuangkong.records.refusal import Refused
from shuangkong.records.registry import store as registry
from shuangkong.web.assessment.accountability.found import consequence_or_404
from shuangkong.web.assessment.accountability.reach import Reach, reach_of
from shuangkong.web.assessment.accountability.words import ACTS, APPROVALS
from shuangkong.web.plans.papers.issuing import issue_fields
from shuangkong.web.plans.papers.making import Made, basis, made
from shuangkong.web.plans.papers.offering import Offer, answer
from shuangkong.web.site.access import acting_of, needs

#: Before its decision there is nothing to notify of, and what was waived or revoked is not notified.
_UNDECIDED = (State.PROPOSED, State.WAIVED, State.REVOKED)


@require_http_methods(["GET", "POST"])
@needs(Action.PAPER_MAKE)
def notice(request: HttpRequest, consequence_id: int) -> HttpResponse:
    row, acting, today = consequence_or_404(request, consequence_id), acting_of(request), timezone.localdate()
    require(acting, Action.ASSESSMENT_CONDUCT, row.where)
    region = registry.region(row.region)
    fields = issue_fields(acting.body_name or (region.name if region else ""), today, row.subject_name)
    offer = Offer(_("后果通知"), f"{row.subject_name}{ACTS[row.act.kind]}", fields)
    return answer(request, offer, lambda issue, form: make_notice(row, issue, acting, today))


@require_http_methods(["GET", "POST"])
@needs(Action.PAPER_MAKE)
def minutes(request: HttpRequest, consequence_id: int) -> HttpResponse:
    """The minutes of the interview, once it was held."""
    row, acting, today = consequence_or_404(request, consequence_id), acting_of(request), timezone.localdate()
    require(acting, Action.ASSESSMENT_CONDUCT, row.where)
    region = registry.region(row.region)
    fields = issue_fields(acting.body_name or (region.name if region else ""), today, row.subject_name)
    offer = Offer(_("约谈纪要"), row.subject_name, fields)
    return answer(request, offer, lambda issue, form: make_minutes(row, issue, acting, today))


def make_minutes(row: ConsequenceRow, issue: Issue, by: Acting, on: date) -> Made:
    """The minutes as a paper. ~4 queries.

    Raises:
        Forbidden: the person conducts no assessments there.
        Refused: ASM-552 no interview was held.
        TemplateRefused: a template of the office cannot be used.
    """
    require(by, Action.ASSESSMENT_CONDUCT, row.where)
    held = next((each for each in store.events(row.id) if each.minutes), None)
    if held is None or held.minutes is None:
        raise Refused("ASM-552", "还没有约谈，没有纪要。", "No interview was held: there are no minutes.")
    told = held.minutes
    given = InterviewInput(
        issue=issue, basis=_basis(row, on), name=row.subject_name, year=f"{row.period.year}年度", held_on=held.on,
        venue=told.venue, chair=told.chair, attendants=told.attendants, problems=told.problems.rstrip("。") + "。",
        measures=told.measures.rstrip("。") + "。", why=row.inputs, ground=row.rule.clause.words.zh,
        decided=row.standing.documents[0], due=held.due,
    )  # fmt: skip
    return made(
        given, f"paper/interview_minutes/{row.id}", row.path, by,
        lambda sealed, templates: (interview_minutes_docx(sealed, templates), None),
    )  # fmt: skip


def _basis(row: ConsequenceRow, on: date) -> Basis:
    return basis(on, (), is_demo=row.is_fictional, is_fictional=row.is_fictional)


def make_notice(row: ConsequenceRow, issue: Issue, by: Acting, on: date) -> Made:
    """The notice; papers are Chinese whatever the language of the page. ~6 queries.

    Raises:
        Forbidden: the person conducts no assessments there.
        Refused: it was not decided, or is not applied any more.
        TemplateRefused: a template of the office cannot be used.
    """
    require(by, Action.ASSESSMENT_CONDUCT, row.where)
    if row.standing.state in _UNDECIDED:
        zh = "还没有决定，或已不予适用，不能出通知。请先由领导决定。"
        raise Refused("ASM-551", zh, "Not decided, or not applied any more: it is decided first.")
    with override("zh-hans"):
        act, suspension = str(ACTS[row.act.kind]), row.act.suspension
        reach = reach_of(row, store.events(row.id))
        stopped = tuple(str(word) for each, word in APPROVALS.items() if suspension and each in suspension.approvals)
    given = ConsequenceInput(
        issue=issue,
        basis=_basis(row, on),
        name=row.subject_name,
        year=f"{row.period.year}年度",
        act=act,
        is_interview=row.act.kind is ActKind.INTERVIEW,
        why=row.inputs,
        ground=row.rule.clause.words.zh,
        executors=row.act.executors,
        evidence=row.act.evidence,
        decided=row.standing.documents[0] if row.standing.documents else "",
        due=row.standing.due,
        approvals=stopped,
        span=_span(reach) if reach else "",
        scope=reach.scope if reach else (),
        exempt=reach.exempt if reach else (),
        lifted=suspension.lifted_when.zh.rstrip("。") if suspension else "",
        against=row.act.object,
    )
    return made(
        given, f"paper/consequence_notice/{row.id}", row.path, by,
        lambda sealed, templates: (consequence_notice_docx(sealed, templates), None),
    )  # fmt: skip


def _span(reach: Reach) -> str:
    """From which day until which one a suspension holds, in words of a paper."""
    first = _written(reach.starts) if reach.starts else "执行之日"
    return f"自{first}起" + (f"至{_written(reach.until)}止" if reach.until else "")


def _written(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
