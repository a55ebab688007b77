"""单位当时在哪: where a reporter was on the last day of a period, and whether it still worked then.

A return is counted and reviewed where the unit was in the period that it tells of, wherever it has moved since.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from shuangkong.records.paths import below
from shuangkong.records.registry.models import EnterpriseEvent
from shuangkong.records.reporting.models import Reporter


@dataclass(frozen=True, slots=True)
class Then:
    """Where an enterprise was on a day; ``is_open``: it had not been closed by then."""

    path: str
    is_open: bool


def enterprises_then(numbers: Iterable[int], day: date) -> Mapping[int, Then]:
    """Enterprise → where it was on a day, by what is known now; before its first entry it was where that says. 1
    query."""
    found: dict[int, Then] = {}
    rows = EnterpriseEvent.objects.filter(enterprise__in=list(numbers)).order_by("enterprise", "on", "pk")
    for number, path, is_open, on in rows.values_list("enterprise", "region__path", "is_open", "on"):
        if on <= day or number not in found:
            found[number] = Then(path, is_open)
    return found


def places_then(reporters: Iterable[Reporter], day: date) -> dict[int, str]:
    """Reporter → its path on a day. 1 query."""
    rows = list(reporters)
    then = enterprises_then({row.enterprise_id for row in rows if row.enterprise_id is not None}, day)
    there = ((row, then.get(row.enterprise_id) if row.enterprise_id is not None else None) for row in rows)
    return {row.pk: found.path if found is not None else row.path for row, found in there}


def ever_below(path: str) -> frozenset[int]:
    """Enterprises that are or were at a place or below it. 1 query."""
    found = EnterpriseEvent.objects.filter(below(path, "region__path")).order_by()
    return frozenset(found.values_list("enterprise", flat=True).distinct())
