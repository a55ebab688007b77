"""审核发现: what does not fit in this plan, and by which arithmetic?"""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from shuangkong.core.finding import Finding, Message, Severity
from shuangkong.plans.document import DocumentRefused
from shuangkong.records.people.roles import Action
from shuangkong.records.plans import store
from shuangkong.web.plans.found import plan_or_404
from shuangkong.web.plans.studied import study
from shuangkong.web.site.access import acting_of, needs
from shuangkong.web.site.page import page
from shuangkong.web.site.scope import link, scope_of
from shuangkong.web.site.tables import Cell, Column, Row, Table, text_cell
from shuangkong.web.site.words import severity_word, spoken

#: More than a few places, each shortened, would hide the finding.
QUOTES, QUOTE_LENGTH = 3, 120


@dataclass(frozen=True, slots=True)
class Numbered:
    """A finding with its number on the page and the first places it speaks of; ``more`` counts the rest."""

    number: int
    finding: Finding
    quotes: tuple[tuple[int, str], ...]
    more: int


@require_GET
@needs(Action.PLAN_READ, shows_past=True)
def audit(request: HttpRequest, plan_id: int) -> HttpResponse:
    row, until = plan_or_404(request, plan_id), scope_of(request).as_of
    text = store.plan_text(plan_id) if row.has_text else ""
    found = [_numbered(number, finding, text) for number, finding in enumerate(store.findings(plan_id, until), 1)]
    groups = [(level, [each for each in found if each.finding.severity is level]) for level in Severity]
    return page(
        request,
        "plans/audit.html",
        {
            "plan": row,
            "groups": [(level, members) for level, members in groups if members],
            "count": len(found),
            "audited_at": store.audited_at(plan_id, until),
        },
        {"finding_table": _table(found)},
    )


@require_POST
@needs(Action.PLAN_REVIEW)
def audit_again(request: HttpRequest, plan_id: int) -> HttpResponse:
    """Reads the kept document again and checks it by the rules of today; entries and decisions stay as they are."""
    row, file = plan_or_404(request, plan_id, Action.PLAN_REVIEW), store.plan_file(plan_id)
    if file is None:
        messages.error(request, _("系统里没有这份方案的原文，不能重新审核。请先读入原文件。"))
        return redirect(link(request, "plans:audit", plan_id))
    try:
        studied = study(*file)
    except DocumentRefused as refusal:
        messages.error(request, f"{refusal.code} {spoken(Message(refusal.zh, refusal.en))}")
        return redirect(link(request, "plans:audit", plan_id))
    store.record_audit(row.id, studied.findings, acting_of(request))
    messages.success(request, _("已按今天的规则重新审核：%(count)d 处发现。") % {"count": len(studied.findings)})
    return redirect(link(request, "plans:audit", plan_id))


def _numbered(number: int, finding: Finding, text: str) -> Numbered:
    spans = finding.spans if text else ()
    quotes = tuple((span.start, _shortened(span.of(text))) for span in spans[:QUOTES])
    return Numbered(number, finding, quotes, max(0, len(spans) - QUOTES))


def _shortened(quote: str) -> str:
    line = " ".join(quote.split())
    return line if len(line) <= QUOTE_LENGTH else line[: QUOTE_LENGTH - 1] + "…"


def _table(found: list[Numbered]) -> Table:
    columns = (
        Column("number", _("序号")),
        Column("severity", _("轻重")),
        Column("code", _("检查")),
        Column("place", _("位置")),
        Column("message", _("发现")),
        Column("ground", _("算式或依据")),
    )
    rows = tuple(
        Row(
            (
                Cell(str(each.number), each.number),
                text_cell(severity_word(each.finding.severity)),
                text_cell(each.finding.code),
                text_cell(each.finding.place),
                text_cell(spoken(each.finding.message)),
                text_cell(spoken(each.finding.ground)),
            )
        )
        for each in found
    )
    return Table("findings", _("审核发现"), columns, rows)
