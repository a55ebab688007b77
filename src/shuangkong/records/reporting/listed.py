"""名录上的单位: whom published lists make members of a scope (facts/scopes ``registers``), beside those entered singly.

The list of key energy users says from when to when each stands in it; that of key dischargers is of a year, and until a
place has one of the year that of the year before holds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date

from django.db.models import Q

from shuangkong.core.source_code import source_code
from shuangkong.records.assessment.key_units.store import key_units
from shuangkong.records.assessment.key_units.taking import LISTINGS
from shuangkong.records.facts.models import Subject
from shuangkong.records.facts.rows import SubjectRow
from shuangkong.records.facts.scopes import Membership, members
from shuangkong.records.monitoring.models import KeyDischarger
from shuangkong.records.registry.enterprises.rows import System
from shuangkong.records.registry.models import Enterprise, EnterpriseIdentifier
from shuangkong.records.reporting.models import Reporter

_UNIT = "unit"


def _key_units(listing: str) -> Callable[[date], set[int]]:
    return lambda day: {row.enterprise for row in key_units(Q(listing=listing)) if row.holds_on(day)}


def _key_dischargers(day: date) -> set[int]:
    """By the newest list of each place, of the year or of the one before. 1 query."""
    rows = list(
        KeyDischarger.objects.filter(year__in=(day.year, day.year - 1)).values_list("region", "year", "enterprise")
    )
    newest = {region: max(year for there, year, _ in rows if there == region) for region in {row[0] for row in rows}}
    return {enterprise for region, year, enterprise in rows if year == newest[region]}


#: Register → numbers of the enterprises that it lists on a day. 1 query each.
REGISTERS: Mapping[str, Callable[[date], set[int]]] = {
    **{listing: _key_units(listing) for listing in LISTINGS.values()},
    "key_discharger": _key_dischargers,
}


#: The scope of key energy users: whom its registers list need not be told that they belong there.
KEY_SCOPE = "key_energy_unit"


def listed_units(day: date) -> tuple[set[int], set[str]]:
    """Who is a key energy user on a day: numbers of enterprises by published lists, codes of units that were entered
    singly. 5 queries."""
    numbers = set[int]().union(*(_key_units(listing)(day) for listing in LISTINGS.values()))
    return numbers, {row.code for row in members(KEY_SCOPE, day) if row.kind == _UNIT}


def listed(scope: str, registers: Iterable[str], day: date) -> tuple[Membership, ...]:
    """Whom registers list on a day, as members of a scope. 4 queries, and one a register; none without registers."""
    wanted = [REGISTERS[each] for each in registers]
    numbers = set[int]().union(*(of(day) for of in wanted))
    if not numbers:
        return ()
    codes = _codes(numbers)
    rows = Enterprise.objects.filter(pk__in=numbers).order_by("pk")
    subjects = (SubjectRow(_UNIT, codes.get(row.pk, source_code(row.pk)), row.name, row.region_id) for row in rows)
    return tuple(Membership(each, scope, day, day) for each in subjects)


def _codes(enterprises: set[int]) -> dict[int, str]:
    """Under which code an enterprise reports or tells facts already. 3 queries."""
    held = EnterpriseIdentifier.objects.filter(
        system__in=(System.STATISTICS, System.ENERGY), enterprise__in=enterprises, ended_at=None
    )
    named = dict(held.order_by("-pk").values_list("value", "enterprise"))
    known = Subject.objects.filter(kind=_UNIT, code__in=named, withdrawals=None).values_list("code", flat=True)
    found = {named[code]: code for code in known}
    there = Reporter.objects.filter(kind=_UNIT, enterprise__in=enterprises).order_by("-pk")
    return found | {number: code for number, code in there.values_list("enterprise", "code") if number is not None}
