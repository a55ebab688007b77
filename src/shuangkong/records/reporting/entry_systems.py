"""能源管理体系覆盖: by place and sector how many units hold a valid certificate, key users and others apart."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from shuangkong.core.industry import full_code
from shuangkong.records.people.acting import Acting
from shuangkong.records.reporting.entry_store import entries, readable, units_readable
from shuangkong.records.reporting.listed import listed_units
from shuangkong.records.reporting.models import Reporter
from shuangkong.reporting.entry_kinds import EntryKind
from shuangkong.reporting.entry_life import EntryState
from shuangkong.rulebook import open_rulebook


@dataclass(frozen=True, slots=True)
class SystemCount:
    """Units of a place and sector: all of them, those with a valid certificate, those whose effect was evaluated last
    and with what result; None of evaluations where those of some are not for the person who asks."""

    region: str
    sector: str
    units: int
    key: int
    others: int
    evaluated: int | None
    good: int | None


def system_counts(acting: Acting, day: date) -> tuple[SystemCount, ...]:
    """Of all units whose certificates a person may read: none for who may not. 13 queries."""
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
    rows = Reporter.objects.filter(units_readable(acting, EntryKind.SYSTEM), kind="unit")
    told = set(rows.filter(units_readable(acting, EntryKind.EVALUATION)).values_list("pk", flat=True))
    untold = set[tuple[str, str, str]]()
    for number, region, name, industry, enterprise, code in rows.values_list(
        "pk", "region", "region__name", "industry", "enterprise", "code"
    ):
        place = region, name, _sector(industry)
        here = counts[place]
        here["units"] += 1
        if number not in told:
            untold.add(place)
        if number in certified:
            here["key" if enterprise in enterprises or code in codes else "others"] += 1
        if number in evaluated:
            here["evaluated"] += 1
            here["good"] += evaluated[number][2] == "good"
    return tuple(
        SystemCount(
            place[1], place[2], here["units"], here["key"], here["others"],
            None if place in untold else here["evaluated"], None if place in untold else here["good"],
        )
        for place, here in sorted(counts.items())
    )  # fmt: skip


def _sector(industry: str) -> str:
    """The section and its name; "" for what has none."""
    known = open_rulebook().industries()
    found = known.get(industry)
    if found is None:
        return industry
    section = known.get(full_code(found, known)[:1])
    return f"{section.code} {section.name}" if section else industry
