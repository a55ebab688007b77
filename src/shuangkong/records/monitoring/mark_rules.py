"""标记的规定: under which marks a unit sets by itself, and until when hours are marked in time."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.utils import timezone

from shuangkong.core.dated import DatedValue, NotInForce
from shuangkong.monitoring.validity.marking import due_by, rules_for
from shuangkong.records.monitoring.models import Outlet
from shuangkong.rulebook import open_rulebook

#: The day of the next month by which hours are marked and evidenced.
_EVIDENCE_DAY = "monitoring/rates/evidence_day"
_SECOND = timedelta(seconds=1)


def has_rules(place: Outlet, first: datetime, last: datetime) -> bool:
    """Whether rules of marking cover the unit's industry on the days from ``first`` on, before ``last``.

    Where none do a unit's mark waits for the authority's agreement.
    """
    industry = place.industry or (place.enterprise.industry if place.enterprise else "")
    book = open_rulebook()
    days = {timezone.localtime(each).date() for each in (first, last - _SECOND)}
    return all(rules_for(book.monitoring(book.layer_of(place.region_id, day)).marking, industry, day) for day in days)


def evidence_day(day: date) -> DatedValue:
    """The day of the month after by which hours of a day are marked, and whether it was compared with its document."""
    return open_rulebook().parameter(_EVIDENCE_DAY, day)


def is_late(starts_at: datetime, set_at: datetime) -> bool:
    """Whether hours were marked later than policy gives for the first of them; of days without a rule nothing is."""
    day, when = timezone.localtime(starts_at).date(), timezone.localtime(set_at).date()
    try:
        last = evidence_day(day)
    except NotInForce:
        return False
    return when > due_by(day, int(last.number))
