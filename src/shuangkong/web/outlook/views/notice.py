"""出预警通知: to who stands at a level in a published barometer."""

from __future__ import annotations

from datetime import date

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_http_methods

from shuangkong.outlook.barometer.issue import Line, Part
from shuangkong.papers.official.paper import Issue
from shuangkong.papers.outlook.warning_notice import WarningNoticeInput, warning_notice_docx
from shuangkong.records.editions.rows import State
from shuangkong.records.outlook.barometer.rows import IssueRow
from shuangkong.records.people.access import require
from shuangkong.records.people.acting import Acting
from shuangkong.records.people.roles import Action
from shuangkong.records.refusal import Refused
from shuangkong.rulebook import open_rulebook
from shuangkong.web.indicators.periods import period_word
from shuangkong.web.outlook.views.issue import found_or_404
from shuangkong.web.plans.papers.issuing import issue_fields
from shuangkong.web.plans.papers.making import Made, basis, made
from shuangkong.web.plans.papers.offering import Offer, answer
from shuangkong.web.site.access import acting_of, needs


@require_http_methods(["GET", "POST"])
@needs(Action.PAPER_MAKE)
def notice(request: HttpRequest, issue_id: int, target_id: int) -> HttpResponse:
    row, acting, today = found_or_404(request, issue_id), acting_of(request), timezone.localdate()
    require(acting, Action.BAROMETER_PUBLISH, row.where)
    found = row.content.line(target_id)
    if found is None:
        raise Http404
    part, line = found
    fields = issue_fields(row.issuer, today, line.name)
    about = f"{line.name}{part.name}"
    return answer(
        request,
        Offer(_("预警通知"), about, fields),
        lambda issue, form: make_notice(row, part, line, issue, acting, today),
    )


def make_notice(row: IssueRow, part: Part, line: Line, issue: Issue, by: Acting, on: date) -> Made:
    """The notice about one line; ``on`` is today. ~4 queries.

    Raises:
        Forbidden: the person publishes no barometer there.
        Refused: it has not been published, or the line stands at no level that anything follows from.
        TemplateRefused: a template of the office cannot be used.
    """
    require(by, Action.BAROMETER_PUBLISH, row.where)
    if row.state is not State.PUBLISHED or row.published is None or not line.is_warned:
        zh = "这一期还没有公布，或该对象没有预警，不能出预警通知。"
        raise Refused("OUT-311", zh, "Not published, or the subject is not warned: no notice.")
    with override("zh-hans"):
        given = WarningNoticeInput(
            issue=issue,
            basis=basis(on, row.content.sources, is_demo=row.is_demo, is_fictional=row.is_fictional),
            place=row.content.place,
            period=period_word(row.content.period),
            part=part,
            line=line,
            number=row.published.number,
            rule=_clause(line),
            duties=_duties(row, line, on),
        )
    return made(
        given, f"paper/warning/{row.id}/{line.target}", row.path, by,
        lambda sealed, templates: (warning_notice_docx(sealed, templates), None),
    )  # fmt: skip


def _clause(line: Line) -> str:
    """The provision by which the level was found."""
    return next((step.clause.words.zh for step in reversed(line.steps) if step.clause), "")


def _duties(row: IssueRow, line: Line, on: date) -> tuple[str, ...]:
    """What the response plans in force start at that level: what, and who."""
    book = open_rulebook()
    law = book.outlook(book.layer_of(row.region, on))
    level = line.level
    if level is None:
        return ()
    every = {duty.id: duty for plan in law.started_by(line.rule, on) for duty in plan.duties(level)}
    return tuple(f"{duty.name.zh}（{duty.executors}）。" for duty in every.values())
