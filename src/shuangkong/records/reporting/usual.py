"""常数: what a unit's figures usually are, made by the clock of accepted returns, read in one query while filing."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from decimal import Decimal

from django.db.models import F, Max
from django.utils import timezone

from shuangkong.core.period import Period
from shuangkong.records.refusal import Refused
from shuangkong.records.reporting.forms import before, form_at
from shuangkong.records.reporting.models import Beside, UsualFigures, Version
from shuangkong.records.reporting.values import judged_values
from shuangkong.reporting.checks import Norm, Sheet
from shuangkong.reporting.checks.norms import norms_of
from shuangkong.reporting.content import read_canonical
from shuangkong.reporting.forms.model import Every, Form

#: Years that are looked back on, and how many units a tick sees to: the rest have their turn at the next one.
_YEARS, _A_TICK = 4, 200
#: Address → norm.
type Norms = Mapping[str, Norm]
_MONTHS = {Every.MONTH: 1, Every.QUARTER: 3, Every.HALF: 6, Every.YEAR: 12}


def usual(reporter: int, form: str, period: Period) -> Norms | None:
    """Address → norm for a period; None where none is made for it yet. 1 query."""
    return usual_of([reporter], form, period).get(reporter)


def usual_of(reporters: Iterable[int], form: str, period: Period) -> dict[int, Norms]:
    """Reporter → its norms for a period, of those that have them. 1 query."""
    told = UsualFigures.objects.filter(reporter__in=list(reporters), form=form, period=str(period))
    return {
        reporter: {address: _norm(row) for address, row in json.loads(text).items()}
        for reporter, text in told.values_list("reporter", "told")
    }


def keep_usual() -> int:
    """Makes anew what rests on returns accepted since; returns for how many units and forms. ~5 queries each."""
    stale = _stale()[:_A_TICK]
    for reporter, form, newest in stale:
        _make(reporter, form, newest)
    return len(stale)


def _stale() -> list[tuple[int, str, int]]:
    """(reporter, form, newest version in force) of those whose mart rests on another. 2 queries."""
    made = {(row, form): newest for row, form, newest in UsualFigures.objects.values_list("reporter", "form", "newest")}
    rows = (
        Version.objects.filter(number=F("owned__in_force"))
        .values("owned__reporter", "owned__form")
        .annotate(newest=Max("pk"))
        .order_by("owned__reporter", "owned__form")
        .values_list("owned__reporter", "owned__form", "newest")
    )
    return [(reporter, form, newest) for reporter, form, newest in rows if made.get((reporter, form)) != newest]


def _make(reporter: int, form: str, newest: int) -> None:
    rows = list(
        Version.objects.filter(number=F("owned__in_force"), owned__reporter=reporter, owned__form=form)
        .order_by("-owned__first_month")
        .values_list("owned__period", "owned__reporter__region", "edition", "content")
    )
    last = Period.parse(rows[0][0])
    try:
        law = form_at(form, last, rows[0][1])
    except Refused:  # the policy has it no more: nothing is judged by it, and it holds up no other
        nothing = {"period": str(last), "told": "{}", "newest": newest, "made_at": timezone.now()}
        UsualFigures.objects.update_or_create(reporter_id=reporter, form=form, defaults=nothing)
        return
    asked = following(law, last)
    history = [
        (period, Sheet(judged_values(law, read_canonical(content))))
        for period, content in ((Period.parse(row[0]), row[3]) for row in rows)
        if period.first_month > last.first_month - 12 * _YEARS
    ]
    told = {address: _row(norm) for address, norm in norms_of(history, asked).items()}
    values = {"period": str(asked), "told": json.dumps(told), "newest": newest, "made_at": timezone.now()}
    UsualFigures.objects.update_or_create(reporter_id=reporter, form=form, defaults=values)
    Beside.objects.filter(owned__reporter=reporter, owned__form=form, owned__period=str(asked)).update(is_stale=True)


def following(form: Form, period: Period) -> Period:
    """The period of the form after this one."""
    months = _MONTHS[form.every]
    year, month = divmod(period.first_month + 2 * months, 12)
    after = {Every.MONTH: f"{month + 1:02d}", Every.QUARTER: f"Q{month // 3 + 1}", Every.HALF: f"H{month // 6 + 1}"}
    return before(form, Period(year, after.get(form.every, "")))


def _row(norm: Norm) -> list[str | int | None]:
    seasonal = None if norm.seasonal is None else str(norm.seasonal)
    return [str(norm.median), str(norm.spread), norm.count, seasonal, norm.seasons]


def _norm(row: list[str | int | None]) -> Norm:
    median, spread, count, seasonal, seasons = row
    known = None if seasonal is None else Decimal(str(seasonal))
    return Norm(Decimal(str(median)), Decimal(str(spread)), int(count or 0), known, int(seasons or 0))
