"""离任审计表: figures of a place before a term of office and at its end, and which of its targets were met."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import Http404, HttpRequest
from ninja import Schema

from shuangkong.assessment.term import Term
from shuangkong.assessment.term import TermRow as Row
from shuangkong.core.fact import Subject
from shuangkong.records.assessment.term import require_term, sheet_of_term
from shuangkong.records.people.access import Where, may
from shuangkong.records.people.roles import Action
from shuangkong.records.refusal import Refused
from shuangkong.records.registry import store as registry
from shuangkong.records.registry.tree import path_of
from shuangkong.web.api.identity import caller
from shuangkong.web.api.room import Room
from shuangkong.web.api.values import Code, Day, Figure

room = Room(tags=["assessments"])


class TermRow(Schema):
    """One indicator of the audit; null where nobody told, or the system does not hold it (``indicator`` empty)."""

    indicator: str
    zh: str
    en: str
    resource: str
    unit: str
    found: Figure | None
    left: Figure | None
    change: Figure | None
    is_met: bool | None


class TermSheet(Schema):
    """What became of resources and targets: the last year before the term against the last whole one of it."""

    region: str
    starts: date
    until: date
    base: str
    last: str
    items: list[TermRow]


@room.reads("/term-sheets/{code}", Action.ASSESSMENT_READ, TermSheet)
def get_term_sheet(
    request: HttpRequest, code: Code, starts: Day | None = None, until: Day | None = None, as_of: Day | None = None
) -> Any:
    """离任审计指标表：任职前一年对比任期内最后一个完整年度。"""
    if registry.region(code) is None or not may(caller(request), Action.ASSESSMENT_READ, Where(path_of(code))):
        raise Http404
    if starts is None or until is None:
        zh = "请给出任期的第一天 starts 和最后一天 until。"
        raise Refused("ASM-622", zh, "Tell the first day (starts) and the last day (until) of the term.", "starts")
    require_term(starts, until)
    term = Term("", Subject("region", code), starts, until)
    return {
        "region": code, "starts": starts, "until": until, "base": str(term.base), "last": str(term.last),
        "items": [_told(row) for row in sheet_of_term(term, as_of)],
    }  # fmt: skip


def _told(row: Row) -> dict[str, Any]:
    known = next((each for each in (row.left, row.found) if each is not None and each.value is not None), None)
    return {
        "indicator": row.indicator.indicator, "zh": row.indicator.name.zh, "en": row.indicator.name.en,
        "resource": row.indicator.resource, "unit": known.unit if known else "",
        "found": row.found.value if row.found else None, "left": row.left.value if row.left else None,
        "change": row.change, "is_met": row.is_met,
    }  # fmt: skip
