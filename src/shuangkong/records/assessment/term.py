"""离任审计表的数: figures of a region at the start and end of a term, and whether its announced targets were met."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django.db.models import Q
from django.utils import timezone

from shuangkong.assessment.results import TARGET_MISSED
from shuangkong.assessment.term import Term, TermForm, TermRow, term_sheet
from shuangkong.core.fact import Cell
from shuangkong.core.horizon import is_near, years
from shuangkong.core.period import Period
from shuangkong.core.trace import Figure
from shuangkong.records.assessment.accountability.announced import announced_rounds
from shuangkong.records.indicators.gathering import engine_for
from shuangkong.records.indicators.layered import Laws
from shuangkong.records.indicators.territory import Territory
from shuangkong.records.refusal import Refused
from shuangkong.rulebook import open_rulebook


def require_term(starts: date, until: date) -> None:
    """Raises Refused ASM-621 where the days are no term: ending before it starts or after today, or begun too early."""
    today = timezone.localdate()
    if until < starts:
        raise Refused("ASM-621", "任期的最后一天不能早于第一天。", "A term ends after it starts.", "until")
    if not is_near(starts, today):
        first, _last = years(today)
        zh = f"任期的第一天应不早于 {first} 年，实为 {starts}。请改正。"
        raise Refused("ASM-621", zh, f"A term starts in {first} or later; found {starts}.", "starts")
    if until > today:
        zh = f"任期的最后一天应不晚于今天（{today}），实为 {until}。任期未满的，填到今天为止。"
        raise Refused(
            "ASM-621", zh, f"A term ends by today ({today}); found {until}. Of one that runs, tell today.", "until"
        )


def form_of(term: Term) -> TermForm:
    """What an official of the region answers for, by the rules of the last day of the term."""
    book = open_rulebook()
    return book.assessment(book.layer_of(term.region.code, term.until)).term_form


def sheet_of_term(term: Term, as_of: date | None = None) -> tuple[TermRow, ...]:
    """The rows of the sheet, as known at the end of a day. ~20 queries, however many indicators there are."""
    form, laws = form_of(term), Laws(Territory())
    cells = {
        Cell(term.region, each.indicator, year) for each in form.indicators if each.indicator for year in _years(term)
    }
    figures: dict[tuple[str, Period], Figure] = {}
    for layer, under in laws.by_layer(cells).items():
        engine = engine_for(under, laws.territory, laws.law(layer), as_of)
        figures |= {(cell.indicator, cell.period): engine.figure(cell) for cell in under}
    return term_sheet(form, term, figures, _met(term))


def _years(term: Term) -> frozenset[Period]:
    return frozenset({term.base, term.last})


def _met(term: Term) -> dict[str, bool]:
    """Indicator → whether its target was met, by the newest result announced over a year of the term."""
    subject = Q(subject_kind=term.region.kind, subject_code=term.region.code)
    rounds = announced_rounds(subject & Q(period__gte=str(term.starts.year), period__lte=str(term.last.year)))
    found: dict[str, bool] = {}
    for each in sorted(rounds.values(), key=lambda told: told.period.year):
        answer = each.results.get(TARGET_MISSED)
        if each.indicator and isinstance(answer, Decimal):
            found[each.indicator] = answer == 0
    return found
