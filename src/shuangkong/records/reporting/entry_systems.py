"""能源管理体系覆盖: by place and sector how many units hold a valid certificate, key users and others apart."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from shuangkong.core.industry import full_code
from shuangkong.records.people.acting import Acting
from shuangkong.records.people.roles import Action
from shuangkong.records.reporting.entry_store import entries, readable
from shuangkong.records.reporting.listed import listed_units
from shuangkong.records.reporting.models import Reporter
from shuangkong.records.reporting.store import reporters_readable
from shuangkong.reporting.entry_kinds import EntryKind
from shuangkong.reporting.entry_life import EntryState
from shuangkong.rulebook import open_rulebook


@dataclass(frozen=True, slots=True)
class SystemCount:
    """Units of a place and sector: all of them, those with a valid certificate, those whose effect was evaluated last
    and with what result."""

    region: str
    sector: str
    units: int
    key: int
    others: int
    evaluated: int
    good: int


def system_counts(acting: Acting, day: date) -> tuple[SystemCount, ...]:
    """Of all units whose files a person may read. 12 queries."""
    asked = Q(kind__in=[EntryKind.SYSTEM.value, EntryKind.EVALUATION.value]) & ~Q(state=EntryState.STRUCK.value)
    certified, evaluated = set[int](), dict[int, tuple[str, int, str]]()
    for each in entries(readable(acting) & asked, "pk"):
        if each.kind is EntryKind.SYSTEM:
            if each.standing.state is EntryState.OPEN and each.told["starts_on"] <= f"{day}" <= each.told["due"]:
                certified.add(each.reporter.id)
        elif each.told["aspect"] == "system":
            newest = (each.told["on"], each.id, each.told["result"])
            evaluated[each.reporter.id] = max(evaluated.get(each.reporter.id, newest), newest)
    enterprises, codes = listed_units(day)
    counts: dict[tuple[str, str, str], Counter[str]] = defaultdict(Counter)
    rows = Reporter.objects.filter(reporters_readable(acting, Action.ENTRY_READ), kind="unit")
    for number, region, name, industry, enterprise, code in rows.values_list(
        "pk", "region", "region__name", "industry", "enterprise", "code"
    ):
        here = counts[region, name, _sector(industry)]
        here["units"] += 1
        if number in certified:
            here["key" if enterprise in enterprises or code in codes else "others"] += 1
        if number in evaluated:
            here["evaluated"] += 1
            here["good"] += evaluated[number][2] == "good"
    return tuple(
        SystemCount(name, sector, *(here[each] for each in ("units", "key", "others", "evaluated", "good")))
        for (_region, name, sector), here in sorted(counts.items())
    )


def _sector(industry: str) -> str:
    """The section and its name; "" for what has none."""
    known = open_rulebook().industries()
    found = known.get(industry)
    if found is None:
        return industry
    section = known.get(full_code(found, known)[:1])
    return f"{section.code} {section.name}" if section else industry
