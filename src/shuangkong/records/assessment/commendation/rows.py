"""Values of commendations, as pages and papers see them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from shuangkong.assessment.commendation import EventKind, Honoured, Standing
from shuangkong.records.people.access import Where


@dataclass(frozen=True, slots=True)
class Wanted:
    """A commendation to be proposed.

    Attributes:
        kind: who is commended.
        name: as printed; taken from the registry for a region, a department, or an enterprise that it knows.
        award: what it is called (通报表扬, 先进单位).
        merit: what for.
        region: code of the place that commends.
        honoured_region, honoured_body: the region or department that is commended; None for the others.
        honoured_enterprise: source or credit code of the enterprise; "" where its name says which it is, or the
            registry does not know it.
        workplace: where a person works.
        period: the year or years that it is for.
        plan, measure: the plan and the number of its measure that it rests on.
        ground: another ground, or more of it, in words.
        funder: the body that pays the reward.
        amount_cny: the reward in yuan; None where there is none.
        document: number or name of the paper that it rests on.
    """

    kind: Honoured
    name: str
    award: str
    merit: str
    region: str
    honoured_region: str | None = None
    honoured_body: int | None = None
    honoured_enterprise: str = ""
    workplace: str = ""
    period: str = ""
    plan: int | None = None
    measure: int | None = None
    ground: str = ""
    funder: int | None = None
    amount_cny: Decimal | None = None
    document: str = ""


@dataclass(frozen=True, slots=True)
class Said:
    """What an act says; see assessment.commendation.Event. ``on`` None is today."""

    text: str = ""
    on: date | None = None
    until: date | None = None
    number: str = ""
    document: str = ""
    amount_cny: Decimal | None = None
    answers: int | None = None


@dataclass(frozen=True, slots=True)
class CommendationRow:
    """One commendation and how it stands; see the columns.

    ``honoured_path`` is that of the region commended, "" for any other; ``honoured_enterprise`` the source code of the
    enterprise, "" where it is none that the registry knows.
    """

    id: int
    kind: Honoured
    name: str
    honoured_region: str | None
    honoured_path: str
    honoured_body: int | None
    honoured_enterprise: str
    workplace: str
    award: str
    period: str
    merit: str
    region: str
    region_name: str
    path: str
    plan: int | None
    plan_title: str
    item: int | None
    clause: str
    ground: str
    proposer: int | None
    proposer_name: str
    funder: int | None
    funder_name: str
    proposed_by: str
    proposed_at: datetime
    is_demo: bool
    is_fictional: bool
    standing: Standing

    @property
    def bodies(self) -> frozenset[int]:
        return frozenset(each for each in (self.proposer, self.funder, self.honoured_body) if each is not None)

    @property
    def where(self) -> Where:
        """Where it is, for the access functions."""
        return Where(self.path, self.bodies)


@dataclass(frozen=True, slots=True)
class EventRow:
    """One thing that happened."""

    id: int
    kind: EventKind
    on: date
    until: date | None
    number: str
    document: str
    amount_cny: Decimal | None
    answers: int | None
    text: str
    author: str
    at: datetime
    journal: int
