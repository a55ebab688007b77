"""合计重算: sums of what units tell of their region are told anew where they are not what the returns in force come to.

For what was summed by a rule that was wrong, or by hand. What stands rightly is left as it is.
"""

from __future__ import annotations

from collections.abc import Iterator

from django.db import transaction

from shuangkong.core.period import Period
from shuangkong.records.people.acting import Acting
from shuangkong.records.reporting.flowing import flow
from shuangkong.records.reporting.forms import form_at
from shuangkong.records.reporting.models import Return
from shuangkong.records.reporting.store import one
from shuangkong.records.reporting.summing import lock_places


def resum(by: Acting) -> tuple[int, int]:
    """(returns looked at, returns of which something was told anew). ~25 queries a return of forms that are summed up.

    Each in a transaction of its own: what is done stays where it is broken off, and doing it again changes nothing.
    """
    looked = healed = 0
    for number in _summed():
        with transaction.atomic():
            lock_places([number])
            held, row = Return.objects.select_for_update().get(pk=number), one(number)
            if held.in_force is not None and row is not None:
                looked += 1
                healed += flow(held, row, by) is not None
    return looked, healed


def _summed() -> Iterator[int]:
    """Returns in force of forms by which units tell of their region. 1 query."""
    rows = Return.objects.filter(in_force__isnull=False).exclude(reporter__kind="region").order_by("pk")
    known: dict[tuple[str, str, str], bool] = {}
    for number, form, period, region in rows.values_list("pk", "form", "period", "reporter__region").iterator():
        key = form, period, region
        if key not in known:
            fields = form_at(form, Period.parse(period), region).fields.values()
            known[key] = any(each.fact is not None and each.fact.subject == "region" for each in fields)
        if known[key]:
            yield number
