"""家数太少的行业: sectors whose figure would be that of one enterprise, or let it be reckoned."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator
from datetime import date

from shuangkong.core.fact import Subject
from shuangkong.core.industry import full_code
from shuangkong.records.facts.models import Subject as SubjectTable
from shuangkong.records.indicators.territory import REGION, Territory
from shuangkong.records.paths import SEPARATOR, below
from shuangkong.records.people.access import visible
from shuangkong.records.people.acting import Acting
from shuangkong.records.people.roles import Action
from shuangkong.records.registry.enterprises.store import meanings
from shuangkong.records.registry.models import Enterprise, Region
from shuangkong.rulebook import open_rulebook

SECTOR = "sector"
#: Policy: of how many a figure stands for at least, lest it give one of them away.
LEAST = "indicators/methods/least_merged_parts"
_WITHIN = "/"


def closed_sectors(path: str, readable: Collection[str], territory: Territory, least: int) -> frozenset[Subject]:
    """Sectors of the place at ``path`` and below it that a person who reads these regions alone is not shown.

    Those of fewer than ``least`` enterprises of the register, one of which lies elsewhere; and where fewer than
    ``least`` sectors of a region are closed so, as many more, the smallest first: the whole less those shown would
    give them away. A sector of which the register knows no enterprise is not known to be small. 3 queries.
    """
    told = _told(path)
    counts, closed = Counter[Subject](), set[Subject]()
    for region, industry in _enterprises(path):
        for sector in _sectors_of(region, industry, told, territory):
            counts[sector] += 1
            if region not in readable:
                closed.add(sector)
    small = {each for each in closed if counts[each] < least}
    found = set(small)
    for sectors in told.values():
        if small.intersection(sectors):
            found.update(
                sorted(sectors, key=lambda each: (each not in small, not counts[each], counts[each], each))[:least]
            )
    return frozenset(found)


def closed_to(by: Acting, territory: Territory, day: date, path: str = SEPARATOR) -> frozenset[Subject]:
    """Of the place at ``path`` to one person; the least number is that of the nation's policy on a day. 4 queries."""
    regions = Region.objects.filter(visible(by, Action.ACTUAL_READ)).values_list("pk", flat=True)
    return closed_sectors(path, frozenset(regions), territory, least_on(day))


def least_on(day: date) -> int:
    """How many enterprises a sector has at least whose figure betrays none of them."""
    return int(open_rulebook().parameter(LEAST, day).number)


def _told(path: str) -> dict[str, list[Subject]]:
    """Region → the sectors of it of which anything was told."""
    inside = Region.objects.filter(below(path)).values("code")
    found: dict[str, list[Subject]] = defaultdict(list)
    for code in SubjectTable.objects.filter(kind=SECTOR, region__in=inside).values_list("code", flat=True).distinct():
        found[code.partition(_WITHIN)[0]].append(Subject(SECTOR, code))
    return dict(found)


def _enterprises(path: str) -> Iterator[tuple[str, str]]:
    """Region and industry, as forms print its code, of every enterprise that is open; of several records one."""
    industries, same = open_rulebook().industries(), meanings()
    rows = Enterprise.objects.filter(below(path, "region__path"), is_open=True).exclude(industry="")
    seen: set[int] = set()
    for number, region, code in rows.order_by("pk").values_list("pk", "region_id", "industry"):
        one = same.get(number, number)
        if one not in seen and code in industries:
            seen.add(one)
            yield region, full_code(industries[code], industries)


def _sectors_of(region: str, industry: str, told: dict[str, list[Subject]], territory: Territory) -> Iterable[Subject]:
    """The sectors that an enterprise counts in, of its region and of all that it lies in."""
    here: Subject | None = Subject(REGION, region)
    while here is not None:
        yield from (each for each in told.get(here.code, ()) if industry.startswith(each.code.partition(_WITHIN)[2]))
        here = territory.whole(here)
