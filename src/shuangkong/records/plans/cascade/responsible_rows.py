"""Who answers for what, as pages and papers see it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class Rank(StrEnum):
    """In what a person answers."""

    FIRST = "first"  # 第一责任人
    CHARGE = "charge"  # 分管负责人
    POST = "post"  # 岗位责任人


@dataclass(frozen=True, slots=True)
class ResponsibleRow:
    """One person who answers; ``subject`` names the region or the firm."""

    id: int
    region: str | None
    body: int | None
    subject: str
    path: str
    plan: int | None
    rank: Rank
    duty: str
    post: str
    person: str
    starts_on: date
    ends_on: date | None
    ground: str
    document: str
    decided_by: str
    decided_at: datetime
    journal: int


@dataclass(frozen=True, slots=True)
class LevelAnswered:
    """分级负责: of the places of one level on record, for how many somebody answers first on a day."""

    level: str
    places: int
    answered: int

    @property
    def vacant(self) -> int:
        return self.places - self.answered


@dataclass(frozen=True, slots=True)
class Vacancy:
    """A place or state firm without a first responsible person on a day."""

    region: str | None
    body: int | None
    subject: str
