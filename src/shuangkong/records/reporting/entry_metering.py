"""计量审查所看的: what registers and accepted returns hold of a unit's instruments on the day of a review.

How many are due is what the unit tells in its ledger: the rates that the standard asks for are not in the policy.
"""

from __future__ import annotations

from datetime import date

from django.db.models import F, Q

from shuangkong.records.monitoring.models import Meter
from shuangkong.records.people.access import may
from shuangkong.records.people.acting import Acting
from shuangkong.records.people.roles import Action
from shuangkong.records.reporting.models import Version
from shuangkong.records.reporting.rows import ReporterRow
from shuangkong.records.reporting.store import readable, returns
from shuangkong.reporting.content import read_canonical
from shuangkong.reporting.entry_life import LEDGER, LEDGER_ROWS


def instruments(row: ReporterRow, day: date, by: Acting) -> dict[str, str]:
    """What a review rests on, by the names of reporting.entry_life.INSTRUMENTS; what the person may not see or nobody
    told is left out. 4 queries."""
    found: dict[str, str] = {}
    if row.enterprise is not None and may(by, Action.MONITORING_READ, row.where):
        still = Q(ends_on=None) | Q(ends_on__gte=day)
        held = list(
            Meter.objects.filter(still, enterprise=row.enterprise, starts_on__lte=day).values_list(
                "calibrated_until", flat=True
            )
        )
        found["meters"] = str(len(held))
        found["run_out"] = str(sum(until is not None and until < day for until in held))
        found["unsaid"] = str(sum(until is None for until in held))
    asked = readable(by) & Q(reporter=row.id, form=LEDGER, in_force__isnull=False)
    for owned in returns(asked, "-first_month", count=1):
        text = Version.objects.filter(owned=owned.id, number=F("owned__in_force")).values_list("content", flat=True)
        content = read_canonical(text.get())
        found["ledger"] = owned.period
        for level in LEDGER_ROWS:
            due, actual = (content.number(f"provision.{level}.{column}") for column in ("due", "actual"))
            if due is not None and actual is not None:
                found[f"provision_{level}"] = f"{actual}/{due}"
    return found
