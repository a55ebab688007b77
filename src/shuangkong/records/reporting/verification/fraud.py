"""查实的造假: cases of verification that ended in fraud, as the assessment of places and units counts them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from shuangkong.core.fact import Subject
from shuangkong.records.paths import below
from shuangkong.records.reporting.verification.models import CaseEvent
from shuangkong.reporting.verification.standing import EventKind


@dataclass(frozen=True, slots=True)
class Fraud:
    """``case`` on the return of a unit; ``on`` the day it was established, by ``document``."""

    case: int
    unit: str
    form: str
    period: str
    on: date
    document: str


def established(subject: Subject, path: str, year: int) -> tuple[Fraud, ...]:
    """Fraud in returns of a year: of a unit in its own, of a region in those at and below ``path``. 1 query.

    A case counts by the year of the figures that were false, whenever that was found out. Of others there is none.
    """
    match subject.kind:
        case "region":
            where = below(path, "case__path")
        case "unit":
            where = Q(case__owned__reporter__kind=subject.kind, case__owned__reporter__code=subject.code)
        case _:
            return ()
    months = Q(case__owned__first_month__gte=year * 12, case__owned__first_month__lt=(year + 1) * 12)
    rows = CaseEvent.objects.filter(where, months, kind=EventKind.CONVICT).order_by("case", "pk").values_list(
        "case", "case__owned__reporter__code", "case__owned__form", "case__owned__period", "on", "document"
    )  # fmt: skip
    return tuple(Fraud(*row) for row in rows)
