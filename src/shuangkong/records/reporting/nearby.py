"""所凭之近: what was prepared for a return and what its unit's other returns stand at now, in one query."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple

from django.db.models import Case, F, QuerySet, When

from shuangkong.core.period import Period
from shuangkong.records.reporting.forms import before, ending_with
from shuangkong.records.reporting.models import Return
from shuangkong.records.reporting.rows import ReturnRow
from shuangkong.records.reporting.selling import STANDING_STATES
from shuangkong.records.statements import Ready
from shuangkong.reporting.checks.wanted import Wanted
from shuangkong.reporting.forms.model import Form

#: What came of other returns: (form, period) → (return, version that stands, version in force).
type Near = Mapping[tuple[str, str], tuple[int, int | None, int | None]]


class Kept(NamedTuple):
    """What was prepared for a return; ``told`` None where nothing was."""

    told: str | None
    rests_on: str | None
    is_stale: bool | None


def nearby(form: Form, period: Period, row: ReturnRow, wanted: Wanted) -> tuple[Near, Kept]:
    """The unit's returns that this one may be held against, itself apart, and what was prepared for it. 1 query."""
    start, end = months_near(form, period)
    alike = ending_with(period)
    asked = _query((form.id, *sorted(wanted.others)))
    near: dict[tuple[str, str], tuple[int, int | None, int | None]] = {}
    kept = Kept(None, None, None)
    for number, name, when, state, version, in_force, *prepared in asked.ask(
        reporter=row.reporter.id, start=start, end=end, own=row.id
    ):
        if number == row.id:
            kept = Kept(*prepared)
        elif when != str(period) if name == form.id else when in alike:
            near[name, when] = (number, version if state in STANDING_STATES else in_force, in_force)
    return near, kept


def months_near(form: Form, period: Period) -> tuple[int, int]:
    """The first months of the earliest and of the latest return that one of the period may be held against."""
    start = min(period.shifted(-1).first_month, before(form, period).first_month)
    return start, period.first_month + period.months - 1


@lru_cache(maxsize=512)
def _query(forms: tuple[str, ...]) -> Ready:
    """That of returns of these forms. What was prepared is read of the own one alone: it may be long."""

    def make(reporter: int, start: int, end: int, own: int) -> QuerySet[Return, tuple[object, ...]]:
        rows = Return.objects.filter(
            reporter=reporter, form__in=forms, first_month__gte=start, first_month__lte=end
        ).order_by("form", "first_month")  # fmt: skip
        prepared = (
            Case(When(pk=own, then=F(f"beside__{name}")), default=None) for name in ("told", "rests_on", "is_stale")
        )
        return rows.values_list("pk", "form", "period", "state", "version", "in_force", *prepared)

    return Ready(make, reporter=int, start=int, end=int, own=int)
