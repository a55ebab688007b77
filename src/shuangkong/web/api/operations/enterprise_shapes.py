"""What calls about enterprises send and are answered."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

from ninja import Schema
from pydantic import Field

from shuangkong.records.registry.enterprises.acts import Succession
from shuangkong.records.registry.enterprises.rows import EnterpriseEventKind, System
from shuangkong.web.api.values import Code, Day, Line, Text, listed

MOST_ITEMS, USUAL_ITEMS = 500, 100
#: A source code; what is none is not there.
Source = Annotated[str, Field(max_length=40, pattern=r"^[^\x00]*$")]


class Identifier(Schema):
    """By which number another system knows the enterprise; ``record`` is the source code of what bears it."""

    id: int
    record: str
    system: System
    value: str
    ground: str
    decided_by: str
    decided_at: datetime


class Enterprise(Schema):
    """One enterprise. ``same_as`` is the source code of the record that it means, its own where it means itself."""

    source: str
    name: str
    credit_code: str
    region: str
    region_name: str
    industry: str
    body: int | None
    is_open: bool
    is_fictional: bool
    same_as: str
    identifiers: list[Identifier]


class Enterprises(Schema):
    """One page. ``next`` is to be sent as ``after`` for the following page; null on the last."""

    items: list[Enterprise]
    next: int | None


class EnterpriseEvent(Schema):
    """What an enterprise is from a day on; ``changed`` are the particulars that moved."""

    record: str
    kind: Annotated[EnterpriseEventKind, listed(EnterpriseEventKind)]
    on: date
    name: str
    credit_code: str
    region: str
    region_name: str
    industry: str
    body: int | None
    changed: list[str]
    ground: str
    document: str
    author: str
    at: datetime
    journal: int


class EnterpriseSuccession(Schema):
    """One enterprise that was merged into another, or of which the other was split off."""

    before: str
    before_name: str
    after: str
    after_name: str
    kind: str
    on: date
    document: str
    decided_by: str


class EnterpriseHistory(Schema):
    """All that happened, in the order of its days; former names, and what it became or came from."""

    events: list[EnterpriseEvent]
    former_names: list[str]
    successions: list[EnterpriseSuccession]


class EnterprisePicked(Schema):
    """Which enterprises: every word that is sent narrows the list. ``region`` takes in all below it."""

    region: Code | None = None
    words: Line = ""
    system: System | None = None
    open: bool | None = None
    after: int = Field(0, ge=0, lt=2**63)
    limit: int = Field(USUAL_ITEMS, ge=1, le=MOST_ITEMS)


class LikelyPair(Schema):
    """Two records that may be of one enterprise; the first is the one that would stay."""

    one: str
    one_name: str
    other: str
    other_name: str


class LikelyPairs(Schema):
    """For a person to decide."""

    items: list[LikelyPair]


class EnterpriseTold(Schema):
    """What an enterprise is from a day on (today where none is given)."""

    name: Line
    region: Code
    credit_code: Line = ""
    industry: Line = ""
    on: Day | None = None
    ground: Text
    document: Line = ""


class OpenTold(Schema):
    """Whether it works from a day on."""

    is_open: bool
    on: Day | None = None
    ground: Text
    document: Line = ""


class IdentifierTold(Schema):
    """A number of another system."""

    system: System
    value: Line
    ground: Text


class GroundTold(Schema):
    """Why."""

    ground: Text


class SameTold(Schema):
    """Which record it means; null withdraws the decision before."""

    same_as: Source | None
    reason: Text


class NotSameTold(Schema):
    """Which record it does not mean."""

    not_same_as: Source
    reason: Text


class SuccessionTold(Schema):
    """What it became, by which document."""

    after: Source
    kind: Succession
    on: Day | None = None
    document: Line
