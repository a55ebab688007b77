"""谁看得到名单里的谁: published levels are for who may read the place, those of units for who may see the register."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from shuangkong.core.fact import Subject
from shuangkong.outlook.barometer.issue import Content, Line
from shuangkong.outlook.barometer.listing import Listing
from shuangkong.records.indicators.readable import Readable
from shuangkong.records.indicators.territory import Territory
from shuangkong.records.outlook.barometer.rows import IssueRow
from shuangkong.records.people.access import Where, may
from shuangkong.records.people.acting import Acting
from shuangkong.records.people.roles import Action
from shuangkong.records.registry import store as registry


def as_seen(row: IssueRow, by: Acting) -> tuple[IssueRow, int]:
    """The issue as a person may see it, and how many lines of it that leaves out.

    Regions are published to everybody who reads the place. Industries are named to who may read their figures, units to
    who may see them in the register of enterprises. No query for who may read all that lies below, else at most 8.
    """
    readable = Readable(by, row.path)
    if readable.is_whole:
        return row, 0
    lines = [line for part in row.content.parts for line in part.lines]
    units = _units_seen((line.subject for line in lines if line.listing is Listing.UNITS), by)

    def is_seen(line: Line) -> bool:
        if line.listing is Listing.UNITS:
            return line.subject in units
        return line.listing is Listing.REGIONS or readable.has(line.subject)

    parts = (replace(part, lines=tuple(filter(is_seen, part.lines))) for part in row.content.parts)
    content = replace(row.content, parts=tuple(part for part in parts if part.lines))
    return replace(row, content=content), len(lines) - _count(content)


def _units_seen(units: Iterable[Subject], by: Acting) -> frozenset[Subject]:
    """Those that lie where the person may see enterprises; one whose place is not known is nobody's to see."""
    territory = Territory()
    places = {each: whole.code for each in units if (whole := territory.whole(each)) is not None}
    paths = registry.paths(set(places.values())) if places else {}
    return frozenset(
        unit for unit, code in places.items() if may(by, Action.ENTERPRISE_READ, Where(paths.get(code, "")))
    )


def _count(content: Content) -> int:
    return sum(len(part.lines) for part in content.parts)
