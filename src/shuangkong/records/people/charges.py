"""归口登记: which body is in charge of a matter at a place, as somebody decided it; it goes before what names say.

Where nobody is named the name rule holds (competences.csv): a department whose name holds the word is competent.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from shuangkong.records.people.models import Competence
from shuangkong.records.people.roles import Charges, same_matter

#: The kind of a body that is a department; firms are of others, in charge of nothing.
OFFICE = "department"


@dataclass(frozen=True, slots=True)
class ChargeRow:
    """A body named for a matter at a place; ``until`` None: until another is."""

    region: str
    matter: str
    body: int
    body_name: str
    since: date
    until: date | None
    ground: str
    decided_by: str

    def holds_on(self, day: date) -> bool:
        return self.since <= day and (self.until is None or day <= self.until)


def history_of(region: str) -> tuple[ChargeRow, ...]:
    """All that was decided at a place, the newest first. 1 query."""
    rows = Competence.objects.select_related("body").filter(region=region).order_by("-pk")
    return tuple(map(_row, rows))


def in_charge(regions: Iterable[str], day: date, matter: str | None = None) -> Mapping[tuple[str, str], int]:
    """(place, matter) → the body named for it on a day; a ``matter`` alone where one is asked for. 1 query."""
    rows = Competence.objects.filter(region__in=list(regions), starts_on__lte=day).order_by("pk")
    if matter is not None:
        rows = rows.filter(matter__in=same_matter(matter))
    newest = {(row.region_id, row.matter): row for row in rows}
    return {key: row.body_id for key, row in newest.items() if row.ends_on is None or day <= row.ends_on}


def named_once(regions: Iterable[str], day: date, matter: str) -> Mapping[str, frozenset[int]]:
    """Place → every body that was named for a matter there by a day, whether it is still. 1 query."""
    rows = Competence.objects.filter(
        region__in=list(regions), starts_on__lte=day, matter__in=same_matter(matter)
    ).values_list("region", "body")
    found: dict[str, frozenset[int]] = {}
    for region, body in rows:
        found[region] = found.get(region, frozenset()) | {body}
    return found


def charges_of(region: str, bodies: Collection[int], day: date) -> Charges:
    """What the register says of whoever acts for some bodies at a place on a day. 1 query."""
    named = {matter: body for (_, matter), body in in_charge([region], day).items()}
    held = (word for matter, body in named.items() if body in bodies for word in same_matter(matter))
    others = (word for matter, body in named.items() if body not in bodies for word in same_matter(matter))
    return Charges(frozenset(held), frozenset(others))


@dataclass(frozen=True, slots=True)
class ToCharge:
    """Who is to be in charge of a matter at a place, from when to when, and on which ground."""

    region: str
    matter: str
    body: int
    since: date
    until: date | None
    ground: str


def _row(each: Competence) -> ChargeRow:
    return ChargeRow(
        each.region_id, each.matter, each.body_id, each.body.name, each.starts_on, each.ends_on, each.ground,
        each.decided_by,
    )  # fmt: skip
